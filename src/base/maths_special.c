/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log-gamma function and the normal distribution. */
#include "base/maths.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static double polynomial(const double *c, int n, double x)
{
    double sum = c[n - 1];

    for (int i = n - 2; i >= 0; i--) sum = sum * x + c[i];
    return sum;
}

/* ln(Gamma(2 + z)) for |z| <= 1/2: z (1 - gamma + sum over k >= 2 of (zeta(k) - 1) (-1)^k
 * z^(k-1) / k) (Abramowitz & Stegun 6.1.33); the zero at 2 is exact. */
static double lgamma_at_two(double z)
{
    static const double c[] = {
        0.42278433509846713939,    0.32246703342411321824,    -0.067352301053198095133,
        0.020580808427784547879,   -0.0073855510286739852663, 0.0028905103307415232858,
        -0.0011927539117032609771, 5.0966952474304242234e-4,  -2.2315475845357937976e-4,
        9.9457512781808533715e-5,  -4.49262367381331417e-5,   2.0507212775670691553e-5,
        -9.439488275268395904e-6,  4.3748667899074878042e-6,  -2.0392157538013662368e-6,
        9.5514121304074198329e-7,  -4.4924691987645660433e-7, 2.1207184805554665869e-7,
        -1.0043224823968099609e-7, 4.7698101693639805658e-8,  -2.271109460894316491e-8,
        1.0838659214896954091e-8,  -5.1834750419700466551e-9, 2.4836745438024783172e-9,
        -1.1921401405860912074e-9, 5.7313672416788620133e-10, -2.7595228851242331452e-10};

    return z * polynomial(c, COUNT(c), z);
}

/* Stirling's series with the Bernoulli terms (Abramowitz & Stegun 6.1.40), x >= 10. */
static double lgamma_far(double x)
{
    static const double c[] = {1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                               1.0 / 1188, -691.0 / 360360, 1.0 / 156,  -3617.0 / 122400};
    double inverse = 1.0 / x;

    return (x - 0.5) * maths_log(x) - x + 0.91893853320467274178 +
           inverse * polynomial(c, COUNT(c), inverse * inverse);
}

/* Gamma(x + 1) = x Gamma(x) brings every x below 10 next to 2. */
double maths_lgamma(double x)
{
    double product = 1.0;

    if (x >= 10.0) return lgamma_far(x);
    if (x < 0.5) return lgamma_at_two(x) - maths_log(x * (1.0 + x));
    if (x < 1.5) return lgamma_at_two(x - 1.0) - maths_log(x);
    if (x < 2.5) return lgamma_at_two(x - 2.0);
    for (; x >= 2.5; x -= 1.0) product *= x - 1.0;
    return maths_log(product) + lgamma_at_two(x - 2.0);
}

/* The three rational functions of PPND16: in the middle, in the tail, far out. */
static double quantile_middle(double r)
{
    static const double a[] = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                               1.9715909503065514427e+3, 1.3731693765509461125e+4,
                               4.5921953931549871457e+4, 6.7265770927008700853e+4,
                               3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static const double b[] = {1.0,
                               4.2313330701600911252e+1,
                               6.8718700749205790830e+2,
                               5.3941960214247511077e+3,
                               2.1213794301586595867e+4,
                               3.9307895800092710610e+4,
                               2.8729085735721942674e+4,
                               5.2264952788528545610e+3};

    return polynomial(a, 8, r) / polynomial(b, 8, r);
}

static double quantile_tail(double r)
{
    static const double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                               5.76949722146069140550e0,  3.64784832476320460504e0,
                               1.27045825245236838258e0,  2.41780725177450611770e-1,
                               2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[] = {1.0,
                               2.05319162663775882187e0,
                               1.67638483018380384940e0,
                               6.89767334985100004550e-1,
                               1.48103976427480074590e-1,
                               1.51986665636164571966e-2,
                               5.47593808499534494600e-4,
                               1.05075007164441684324e-9};

    return polynomial(c, 8, r - 1.6) / polynomial(d, 8, r - 1.6);
}

static double quantile_far(double r)
{
    static const double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                               1.78482653991729133580e0,  2.96560571828504891230e-1,
                               2.65321895265761230930e-2, 1.24266094738807843860e-3,
                               2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[] = {1.0,
                               5.99832206555887937690e-1,
                               1.36929880922735805310e-1,
                               1.48753612908506148525e-2,
                               7.86869131145613259100e-4,
                               1.84631831751005468180e-5,
                               1.42151175831644588870e-7,
                               2.04426310338993978564e-15};

    return polynomial(e, 8, r - 5.0) / polynomial(f, 8, r - 5.0);
}

double maths_normal_quantile(double p)
{
    double q = p - 0.5, r, z;

    if (fabs(q) <= 0.425) return q * quantile_middle(0.180625 - q * q);
    r = __builtin_sqrt(-maths_log(q < 0.0 ? p : 1.0 - p));
    z = r <= 5.0 ? quantile_tail(r) : quantile_far(r);
    return q < 0.0 ? -z : z;
}

/* P(Z <= x) - 1/2 for |x| <= 0.67448975 */
static double cdf_middle(double x)
{
    static const double a[] = {18154.981253343561249, 1067.6894854603709582,
                               161.02823106855587881, 2.2352520354606839287,
                               0.065682337918207449113};
    static const double b[] = {45507.789335026729956, 10260.932208618978205,
                               976.09855173777669322, 47.20258190468824187, 1.0};

    return x * polynomial(a, 5, x * x) / polynomial(b, 5, x * x);
}

/* P(Z > y) e^(y^2/2) for 0.67448975 < y <= sqrt(32), and beyond. */
static double cdf_tail(double y)
{
    static const double c[] = {
        9842.7148383839780218, 11602.651437647350124,  6848.1904505362823326,
        2494.5375852903726711, 597.27027639480026226,  93.506656132177855979,
        8.8831497943883759412, 0.39894151208813466764, 1.0765576773720192317e-8};
    static const double d[] = {
        19685.429676859990727, 38912.003286093271411, 34900.952721145977266,
        18615.571640885098091, 6485.558298266760755,  1519.377599407554805,
        235.38790178262499861, 22.266688044328115691, 1.0};

    return polynomial(c, 9, y) / polynomial(d, 9, y);
}

static double cdf_far(double y)
{
    static const double p[] = {2.9112874951168792e-5, 0.001421619193227893466,
                               0.022235277870649807,  0.1274011611602473639,
                               0.21589853405795699,   0.02307344176494017303};
    static const double q[] = {7.29751555083966205e-5, 0.00378239633202758244,
                               0.0659881378689285515,  0.468238212480865118,
                               1.28426009614491121,    1.0};
    double s = 1.0 / (y * y);

    return (0.398942280401432677939946 - s * polynomial(p, 6, s) / polynomial(q, 6, s)) / y;
}

/* e^(-y^2/2) with y^2 split so that its rounding does not grow in the exponential. */
double maths_normal_cdf(double x)
{
    double y = fabs(x), coarse, tail;

    if (y <= 0.67448975) return 0.5 + cdf_middle(x);
    coarse = floor(y * 16.0) / 16.0;
    tail = y <= 5.656854249492380195 ? cdf_tail(y) : cdf_far(y);
    tail *= maths_exp(-0.5 * coarse * coarse) * maths_exp(-0.5 * (y - coarse) * (y + coarse));
    return x < 0.0 ? tail : 1.0 - tail;
}
