/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random streams: the block function against Random123 and its known answers, addresses that do
 * not run into each other, and every sampler against GSL's distribution functions at fixed
 * seeds (Kolmogorov-Smirnov and chi-square). A gsl_rng_type over our stream feeds GSL's own
 * samplers, so that both sides are tried on the same words.
 */
#include "engine/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

/* Random123's own warnings are not ours. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include <Random123/philox.h>
#pragma GCC diagnostic pop

#define DRAWS 20000
#define SIGMAS 4.5

static const struct purpose luck = {"test.luck", PURPOSE_LUCK};
static const struct purpose people = {"test.people", PURPOSE_POPULATION};

static struct stream open_stream(uint32_t seed)
{
    return stream_open(stream_key((struct seed){seed, 0, 0}, &luck), name_of("test", 1), 0);
}

/* ------------------------------------------------------------------------------------- blocks
 */

static struct stream_words block(const uint32_t counter[4], const uint32_t key[2])
{
    return stream_block((struct stream_key){{key[0], key[1]}},
                        (uint64_t)counter[1] << 32 | counter[0], counter[2], counter[3]);
}

/* kat_vectors of Random123 1.14, "philox4x32 10". */
static void known_answers(void **state)
{
    static const struct {
        uint32_t counter[4], key[2], answer[4];
    } known[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct stream_words got = block(known[i].counter, known[i].key);
        assert_memory_equal(got.word, known[i].answer, sizeof got.word);
    }
}

static void equals_random123(void **state)
{
    (void)state;
    srand48(1);
    for (int i = 0; i < 20000; i++) {
        philox4x32_ctr_t counter;
        philox4x32_key_t key;
        for (int k = 0; k < 4; k++) counter.v[k] = (uint32_t)mrand48();
        for (int k = 0; k < 2; k++) key.v[k] = (uint32_t)mrand48();
        philox4x32_ctr_t wanted = philox4x32(counter, key);
        struct stream_words got = block(counter.v, key.v);
        assert_memory_equal(got.word, wanted.v, sizeof got.word);
    }
}

static void stream_gives_the_blocks_in_order(void **state)
{
    struct stream s = open_stream(3);
    (void)state;
    for (uint32_t sub = 0; sub < 50; sub++) {
        struct stream_words b = stream_block(s.key, s.name, s.occasion, sub);
        for (int i = 0; i < 4; i++) assert_int_equal(stream_word(&s), b.word[i]);
    }
}

/* Both ends open, all odd multiples of 2^-24 and 2^-53. */
static void ends_of_the_uniforms(void **state)
{
    (void)state;
    assert_true(word_uniformf(0) == 0x1p-24f);
    assert_true(word_uniformf(UINT32_MAX) == 1 - 0x1p-24f);
    assert_true(word_uniformf(0x7fffffff) + word_uniformf(0x80000000) == 1.0f);
    assert_true(words_uniform(0, 0) == 0x1p-53);
    assert_true(words_uniform(UINT32_MAX, UINT32_MAX) == 1 - 0x1p-53);
    assert_true(words_uniform(0x7fffffff, UINT32_MAX) + words_uniform(0x80000000, 0) == 1.0);
}

/* ----------------------------------------------------------------------------------- addresses
 */

static uint64_t key_of(uint32_t seed, uint32_t replicate, uint32_t world,
                       const struct purpose *purpose)
{
    struct stream_key key = stream_key((struct seed){seed, replicate, world}, purpose);
    return (uint64_t)key.word[1] << 32 | key.word[0];
}

static int by_value(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* A bijection has no two equal values: over a square of seeds and replicates, and over such as
 * have the same sum, or swap their roles. */
static void keys_of_a_purpose_differ(void **state)
{
    static uint64_t keys[256 * 256];
    const struct purpose *const purposes[] = {&luck, &people};
    (void)state;
    for (int p = 0; p < 2; p++) {
        size_t n = 0;
        for (uint32_t seed = 0; seed < 256; seed++)
            for (uint32_t replicate = 0; replicate < 256; replicate++)
                keys[n++] = key_of(seed * (seed % 2 ? 1 : 16777259), replicate, 5, purposes[p]);
        qsort(keys, n, sizeof *keys, by_value);
        for (size_t i = 1; i < n; i++) assert_true(keys[i] != keys[i - 1]);
    }
    assert_true(key_of(100, 1, 0, &luck) != key_of(101, 0, 0, &luck));
}

static void only_luck_sees_the_world(void **state)
{
    (void)state;
    for (uint32_t world = 1; world < 1000; world++) {
        assert_true(key_of(7, 2, world, &people) == key_of(7, 2, 0, &people));
        assert_true(key_of(7, 2, world, &luck) != key_of(7, 2, 0, &luck));
    }
}

/* The name is what counts, neither the mark's place nor that of the text. */
static void purposes_differ_by_name(void **state)
{
    char copy[] = "test.luck";
    const struct purpose same = {copy, PURPOSE_LUCK}, other = {"test.lucky", PURPOSE_LUCK};
    (void)state;
    assert_true(key_of(1, 2, 3, &same) == key_of(1, 2, 3, &luck));
    assert_true(key_of(1, 2, 3, &other) != key_of(1, 2, 3, &luck));
}

static void names_differ(void **state)
{
    static uint64_t names[3 * 20000];
    size_t n = 0;
    (void)state;
    for (uint64_t i = 0; i < 20000; i++) {
        names[n++] = name_of("cohort", i);
        names[n++] = name_of("cohort2", i);
        names[n++] = name_child(name_of("cohort", i % 100), i / 100);
    }
    qsort(names, n, sizeof *names, by_value);
    for (size_t i = 1; i < n; i++) assert_true(names[i] != names[i - 1]);
}

/* ------------------------------------------------------------------------------- independence
 */

/* Correlation of the uniforms of two addresses, times sqrt(n): a standard normal when the two
 * know nothing of each other. */
typedef void (*pair_of)(uint32_t i, struct stream *a, struct stream *b);

static void check_unrelated(pair_of pair, const char *what)
{
    double both = 0;
    int n = 0, same_bits = 0;
    for (uint32_t i = 0; i < DRAWS; i++) {
        struct stream a, b;
        pair(i, &a, &b);
        for (int k = 0; k < 4; k++, n++) {
            uint32_t x = stream_word(&a), y = stream_word(&b);
            both += 12 * ((double)word_uniformf(x) - 0.5) * ((double)word_uniformf(y) - 0.5);
            same_bits += 32 - __builtin_popcount(x ^ y);
        }
    }
    double z = both / sqrt(n), bits = (same_bits - 16.0 * n) / sqrt(8.0 * n);
    if (fabs(z) > SIGMAS || fabs(bits) > SIGMAS)
        fail_msg("%s: correlation %g, equal bits %g standard deviations", what, z, bits);
}

static struct stream at(uint32_t seed, uint32_t replicate, uint32_t world, uint64_t name,
                        uint32_t occasion)
{
    return stream_open(stream_key((struct seed){seed, replicate, world}, &luck), name,
                       occasion);
}

static void next_seeds(uint32_t i, struct stream *a, struct stream *b)
{
    *a = at(i, 0, 0, 5, 0);
    *b = at(i + 1, 0, 0, 5, 0);
}
static void next_replicates(uint32_t i, struct stream *a, struct stream *b)
{
    *a = at(1, i, 0, 5, 0);
    *b = at(1, i + 1, 0, 5, 0);
}
static void seed_or_replicate(uint32_t i, struct stream *a, struct stream *b)
{
    *a = at(i, 1, 0, 5, 0);
    *b = at(i + 1, 0, 0, 5, 0);
}
static void next_worlds(uint32_t i, struct stream *a, struct stream *b)
{
    *a = at(1, 0, i, 5, 0);
    *b = at(1, 0, i + 1, 5, 0);
}
static void next_names(uint32_t i, struct stream *a, struct stream *b)
{
    *a = at(1, 0, 0, i, 0);
    *b = at(1, 0, 0, i + 1, 0);
}
static void next_ordinals(uint32_t i, struct stream *a, struct stream *b)
{
    *a = at(1, 0, 0, name_of("viewers", i), 0);
    *b = at(1, 0, 0, name_of("viewers", i + 1), 0);
}
static void next_occasions(uint32_t i, struct stream *a, struct stream *b)
{
    *a = at(1, 0, 0, 5, i);
    *b = at(1, 0, 0, 5, i + 1);
}
static void name_or_occasion(uint32_t i, struct stream *a, struct stream *b)
{
    *a = at(1, 0, 0, i, 7);
    *b = at(1, 0, 0, 7, i);
}

static void neighbours_are_unrelated(void **state)
{
    (void)state;
    check_unrelated(next_seeds, "seeds");
    check_unrelated(next_replicates, "replicates");
    check_unrelated(seed_or_replicate, "seed or replicate");
    check_unrelated(next_worlds, "worlds");
    check_unrelated(next_names, "names");
    check_unrelated(next_ordinals, "ordinals");
    check_unrelated(next_occasions, "occasions");
    check_unrelated(name_or_occasion, "name or occasion");
}

/* ---------------------------------------------------------------------------------- samplers
 */

typedef double (*sampler)(struct stream *s, const double p[2]);
typedef double (*distribution)(double x, const double p[2]);

static int by_number(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Kolmogorov-Smirnov: sqrt(n) D exceeds 2.4 with chance 2e-5 (2 exp(-2 x^2)). */
static double smirnov(sampler draw, distribution below, const double p[2], uint32_t seed)
{
    static double x[DRAWS];
    struct stream s = open_stream(seed);
    double most = 0;
    for (int i = 0; i < DRAWS; i++) x[i] = draw(&s, p);
    qsort(x, DRAWS, sizeof *x, by_number);
    for (int i = 0; i < DRAWS; i++) {
        double f = below(x[i], p);
        most = fmax(most, fmax(f - (double)i / DRAWS, (i + 1.0) / DRAWS - f));
    }
    return sqrt(DRAWS) * most;
}

/* Chi-square over 100 cells of equal probability, as (X^2 - 99) / sqrt(198). */
static double chi_square(sampler draw, distribution below, const double p[2], uint32_t seed)
{
    int count[100] = {0};
    struct stream s = open_stream(seed);
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
        int cell = (int)(below(draw(&s, p), p) * 100);
        count[cell < 0 ? 0 : cell > 99 ? 99 : cell]++;
    }
    for (int c = 0; c < 100; c++) {
        double off = count[c] - DRAWS / 100.0;
        sum += off * off / (DRAWS / 100.0);
    }
    return (sum - 99) / sqrt(198);
}

static void check_continuous(const char *what, sampler draw, distribution below, double p0,
                             double p1)
{
    const double p[2] = {p0, p1};
    for (uint32_t seed = 1; seed <= 3; seed++) {
        double ks = smirnov(draw, below, p, seed), chi = chi_square(draw, below, p, seed + 10);
        if (!(ks <= 2.4) || !(fabs(chi) <= 5))
            fail_msg("%s(%g, %g): sqrt(n) D = %g, chi-square %g sigmas off", what, p0, p1, ks,
                     chi);
    }
}

static double d_uniform(struct stream *s, const double p[2])
{
    return (void)p, stream_uniform(s);
}
static double f_uniform(double x, const double p[2]) { return (void)p, x; }
static double d_word(struct stream *s, const double p[2])
{
    (void)p;
    return (double)word_uniformf(stream_word(s));
}
static double d_exponential(struct stream *s, const double p[2])
{
    (void)p;
    return stream_exponential(s);
}
static double f_exponential(double x, const double p[2])
{
    (void)p;
    return gsl_cdf_exponential_P(x, 1);
}
static double d_normal(struct stream *s, const double p[2])
{
    return (void)p, stream_normal(s);
}
static double f_normal(double x, const double p[2]) { return (void)p, gsl_cdf_ugaussian_P(x); }
static double d_lognormal(struct stream *s, const double p[2])
{
    return stream_lognormal(s, p[0], p[1]);
}
static double f_lognormal(double x, const double p[2])
{
    return gsl_cdf_lognormal_P(x, p[0], p[1]);
}
static double d_weibull(struct stream *s, const double p[2])
{
    return stream_weibull(s, p[0], p[1]);
}
static double f_weibull(double x, const double p[2])
{
    return gsl_cdf_weibull_P(x, p[1], p[0]);
}
static double d_gamma(struct stream *s, const double p[2]) { return stream_gamma(s, p[0]); }
static double f_gamma(double x, const double p[2]) { return gsl_cdf_gamma_P(x, p[0], 1); }
static double d_beta(struct stream *s, const double p[2]) { return stream_beta(s, p[0], p[1]); }
static double f_beta(double x, const double p[2]) { return gsl_cdf_beta_P(x, p[0], p[1]); }

/* With both shapes 0.1 one draw in eighty lies within 2^-53 of 1 and is rounded to it: only
 * below 1/2 can doubles tell the draws apart. */
static double d_lower_beta(struct stream *s, const double p[2])
{
    double x = 1;
    while (x > 0.5) x = stream_beta(s, p[0], p[1]);
    return x;
}
static double f_lower_beta(double x, const double p[2])
{
    return f_beta(x, p) / f_beta(0.5, p);
}

static void continuous_samplers(void **state)
{
    (void)state;
    check_continuous("uniform", d_uniform, f_uniform, 0, 0);
    check_continuous("word uniform", d_word, f_uniform, 0, 0);
    check_continuous("exponential", d_exponential, f_exponential, 0, 0);
    check_continuous("normal", d_normal, f_normal, 0, 0);
    check_continuous("lognormal", d_lognormal, f_lognormal, -1, 1.5);
    const double shapes[] = {0.1, 0.4, 1, 1.7, 6, 40};
    for (int i = 0; i < 6; i++) {
        check_continuous("weibull", d_weibull, f_weibull, shapes[i], 3);
        check_continuous("gamma", d_gamma, f_gamma, shapes[i], 0);
        for (int k = 1; k < 6; k++)
            check_continuous("beta", d_beta, f_beta, shapes[i], shapes[k]);
    }
    check_continuous("lower half of beta", d_lower_beta, f_lower_beta, 0.1, 0.1);
    check_continuous("gamma", d_gamma, f_gamma, 1e4, 0);
}

/* --- counts */

typedef uint64_t (*counter)(struct stream *s, const double p[2], const void *more);
typedef double (*mass)(uint64_t k, const double p[2], const void *more);

/* Chi-square over single values where 8 or more are expected, the rest together; as a normal
 * deviate (Wilson & Hilferty 1931). */
static double count_deviate(counter draw, mass probability, const double p[2], const void *more,
                            uint32_t seed)
{
    static uint32_t count[4096];
    struct stream s = open_stream(seed);
    double sum = 0, rest = DRAWS, seen = DRAWS;
    int cells = 0;
    memset(count, 0, sizeof count);
    for (int i = 0; i < DRAWS; i++) {
        uint64_t k = draw(&s, p, more);
        if (k < 4096) count[k]++;
    }
    for (uint64_t k = 0; k < 4096; k++) {
        double expected = DRAWS * probability(k, p, more);
        if (expected < 8) continue;
        sum += (count[k] - expected) * (count[k] - expected) / expected;
        rest -= expected;
        seen -= count[k];
        cells++;
    }
    if (rest > 8) {
        sum += (seen - rest) * (seen - rest) / rest;
        cells++;
    }
    double free_cells = cells - 1, part = 2 / (9 * free_cells);
    return (cbrt(sum / free_cells) - (1 - part)) / sqrt(part);
}

static void check_count(const char *what, counter draw, mass probability, const double p[2],
                        const void *more)
{
    for (uint32_t seed = 1; seed <= 3; seed++) {
        double z = count_deviate(draw, probability, p, more, seed);
        if (!(fabs(z) <= SIGMAS))
            fail_msg("%s(%g, %g): chi-square is %g sigmas off", what, p[0], p[1], z);
    }
}

static uint64_t d_poisson(struct stream *s, const double p[2], const void *more)
{
    (void)more;
    return stream_poisson(s, p[0]);
}
static double m_poisson(uint64_t k, const double p[2], const void *more)
{
    (void)more;
    return gsl_ran_poisson_pdf((unsigned)k, p[0]);
}
static uint64_t d_below(struct stream *s, const double p[2], const void *more)
{
    (void)more;
    return stream_below(s, (uint32_t)p[0]);
}
static double m_below(uint64_t k, const double p[2], const void *more)
{
    (void)more;
    return (double)k < p[0] ? 1 / p[0] : 0;
}
static uint64_t d_bernoulli(struct stream *s, const double p[2], const void *more)
{
    (void)more;
    return stream_bernoulli(s, p[0]);
}
static double m_bernoulli(uint64_t k, const double p[2], const void *more)
{
    (void)more;
    return gsl_ran_bernoulli_pdf((unsigned)k, p[0]);
}
static uint64_t d_zipf(struct stream *s, const double p[2], const void *more)
{
    (void)more;
    return stream_zipf(s, p[0], (uint64_t)p[1]);
}
static double m_zipf(uint64_t k, const double p[2], const void *total)
{
    return k >= 1 && (double)k <= p[1] ? pow((double)k, -p[0]) / *(const double *)total : 0;
}
static uint64_t d_categorical(struct stream *s, const double p[2], const void *table)
{
    (void)p;
    return categorical_draw(table, s);
}

static void discrete_samplers(void **state)
{
    const double means[] = {0.01, 0.7, 3, 9.9, 10, 10.1, 35, 400};
    const double exponents[] = {0.3, 0.8, 1, 1.0001, 1.5, 3};
    const double shares[] = {0.01, 0.3, 0.5, 0.97};
    const double ends[] = {2, 3, 7, 1000};
    (void)state;
    for (int i = 0; i < 8; i++)
        check_count("poisson", d_poisson, m_poisson, (const double[2]){means[i], 0}, NULL);
    for (int i = 0; i < 4; i++) {
        check_count("bernoulli", d_bernoulli, m_bernoulli, (const double[2]){shares[i], 0},
                    NULL);
        check_count("below", d_below, m_below, (const double[2]){ends[i], 0}, NULL);
        for (int k = 0; k < 6; k++) {
            double total = 0;
            for (double x = ends[i]; x >= 1; x--) total += pow(x, -exponents[k]);
            check_count("zipf", d_zipf, m_zipf, (const double[2]){exponents[k], ends[i]},
                        &total);
        }
    }
}

/* Means and variances where single values have no mass worth a cell. */
static void large_poisson_means(void **state)
{
    const double means[] = {1e4, 1e6, 1e9};
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct stream s = open_stream(77);
        double sum = 0, squares = 0, n = DRAWS;
        for (int k = 0; k < DRAWS; k++) {
            double z = ((double)stream_poisson(&s, means[i]) - means[i]) / sqrt(means[i]);
            sum += z;
            squares += z * z;
        }
        assert_true(fabs(sum / sqrt(n)) < SIGMAS);
        assert_true(fabs((squares - n) / sqrt(2 * n)) < SIGMAS);
    }
}

struct weights {
    struct categorical table;
    double weight[300], sum;
};

static double m_weights(uint64_t k, const double p[2], const void *table)
{
    const struct weights *w = table;
    (void)p;
    return k < w->table.n ? w->weight[k] / w->sum : 0;
}

static void categorical(void **state)
{
    const uint32_t sizes[] = {2, 3, 17, 300};
    const double p[2] = {0, 0};
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct weights w = {.sum = 0};
        for (uint32_t k = 0; k < sizes[i]; k++) {
            w.weight[k] = k % 5 == 3 ? 0 : 1e3 / (1 + k * k % 23);
            w.sum += w.weight[k];
        }
        assert_int_equal(categorical_init(&w.table, w.weight, sizes[i]), STATUS_OK);
        check_count("categorical", d_categorical, m_weights, p, &w);
        struct stream s = open_stream(4); /* weight 0 is never drawn */
        for (int k = 0; k < DRAWS; k++)
            assert_true(w.weight[categorical_draw(&w.table, &s)] > 0);
        categorical_free(&w.table);
        categorical_free(&w.table);
    }
}

static void categorical_refuses_bad_weights(void **state)
{
    const double bad[][2] = {{0, 0}, {1, -1}, {1, NAN}, {INFINITY, 1}, {1e308, 1e308}};
    struct categorical table;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(categorical_init(&table, bad[i], 2), STATUS_BAD_INPUT);
    assert_int_equal(categorical_init(&table, (const double[]){0, 5}, 2), STATUS_OK);
    categorical_free(&table);
}

static void edges(void **state)
{
    struct stream s = open_stream(8);
    (void)state;
    for (int i = 0; i < 1000; i++) {
        assert_false(stream_bernoulli(&s, 0));
        assert_false(stream_bernoulli(&s, -1));
        assert_true(stream_bernoulli(&s, 1));
        assert_int_equal(stream_below(&s, 1), 0);
        assert_int_equal(stream_poisson(&s, 0), 0);
        assert_int_equal(stream_zipf(&s, 2, 1), 1);
        double tiny = stream_beta(&s, 1e-3, 1e-3);
        assert_true(tiny >= 0 && tiny <= 1);
        assert_true(stream_gamma(&s, 1e-3) >= 0);
        assert_true(stream_zipf(&s, 0.5, UINT32_MAX) <= UINT32_MAX);
    }
}

/* ------------------------------------------------------------------- GSL's samplers on our
 * words */

static void rng_set(void *state, unsigned long seed)
{
    *(struct stream *)state = open_stream((uint32_t)seed);
}
static unsigned long rng_get(void *state) { return stream_word(state); }
static double rng_double(void *state) { return stream_uniform(state); }

static const gsl_rng_type stream_type = {"stream", UINT32_MAX, 0,         sizeof(struct stream),
                                         rng_set,  rng_get,    rng_double};

/* Two samples of one distribution: (mean - mean') over its standard error, the same for squares
 * about a common middle. */
static void check_same(const char *what, const double *ours, const double *theirs)
{
    double sums[2] = {0}, squares[2] = {0}, fourth[2] = {0};
    for (int i = 0; i < DRAWS; i++) {
        double d = ours[i] - theirs[i], q = ours[i] * ours[i] - theirs[i] * theirs[i];
        sums[0] += d;
        squares[0] += d * d;
        sums[1] += q;
        fourth[1] += q * q;
    }
    double z1 = sums[0] / sqrt(squares[0]), z2 = sums[1] / sqrt(fourth[1]);
    if (!(fabs(z1) <= SIGMAS) || !(fabs(z2) <= SIGMAS))
        fail_msg("%s: means %g, squares %g standard errors apart", what, z1, z2);
}

static void as_gsl_samples(void **state)
{
    static double ours[DRAWS], theirs[DRAWS];
    struct stream words, s = open_stream(50);
    gsl_rng rng = {&stream_type, &words};
    (void)state;
    gsl_rng_set(&rng, 51);
    assert_int_equal(gsl_rng_max(&rng), UINT32_MAX);
#define COMPARE(what, our, their)                                                              \
    for (int i = 0; i < DRAWS; i++) {                                                          \
        ours[i] = (double)(our);                                                               \
        theirs[i] = (double)(their);                                                           \
    }                                                                                          \
    check_same(what, ours, theirs)
    COMPARE("uniform", stream_uniform(&s), gsl_rng_uniform(&rng));
    COMPARE("exponential", stream_exponential(&s), gsl_ran_exponential(&rng, 1));
    COMPARE("normal", stream_normal(&s), gsl_ran_gaussian_ziggurat(&rng, 1));
    COMPARE("weibull", stream_weibull(&s, 1.4, 2), gsl_ran_weibull(&rng, 2, 1.4));
    COMPARE("gamma", stream_gamma(&s, 0.6), gsl_ran_gamma(&rng, 0.6, 1));
    COMPARE("gamma", stream_gamma(&s, 4.5), gsl_ran_gamma_mt(&rng, 4.5, 1));
    COMPARE("beta", stream_beta(&s, 2, 3), gsl_ran_beta(&rng, 2, 3));
    COMPARE("bernoulli", stream_bernoulli(&s, 0.2), gsl_ran_bernoulli(&rng, 0.2));
    COMPARE("poisson", stream_poisson(&s, 4), gsl_ran_poisson(&rng, 4));
    COMPARE("poisson", stream_poisson(&s, 60), gsl_ran_poisson(&rng, 60));
#undef COMPARE
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(equals_random123),
        cmocka_unit_test(stream_gives_the_blocks_in_order),
        cmocka_unit_test(ends_of_the_uniforms),
        cmocka_unit_test(keys_of_a_purpose_differ),
        cmocka_unit_test(only_luck_sees_the_world),
        cmocka_unit_test(purposes_differ_by_name),
        cmocka_unit_test(names_differ),
        cmocka_unit_test(neighbours_are_unrelated),
        cmocka_unit_test(continuous_samplers),
        cmocka_unit_test(discrete_samplers),
        cmocka_unit_test(large_poisson_means),
        cmocka_unit_test(categorical),
        cmocka_unit_test(categorical_refuses_bad_weights),
        cmocka_unit_test(edges),
        cmocka_unit_test(as_gsl_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
