/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/moments.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_multifit.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_qrng.h>

#include "base/memory.h"

#define TERMS_MOST ((MOMENTS_PARAMETERS + 1) * (MOMENTS_PARAMETERS + 2) / 2)
#define ROUNDS 2
#define BETTER 4.0 /* of the distance: more than its noise */

struct search {
    const struct moments_problem *problem;
    double *u;     /* owned; [room * parameters], all points so far */
    double *value; /* owned; [room * replications * targets] */
    double *mean;  /* owned; [room * targets], over all of a whole point's replications, the
                      first few of another's; NaN where one failed */
    double *early; /* owned; [room * targets], over the first few of all: to compare points */
    size_t *runs;  /* owned; [room], replications so far: `few`, or all */
    size_t points, room, few;
    double covariance[MOMENTS_TARGETS * MOMENTS_TARGETS]; /* of a replication, near the best */
    double noise[MOMENTS_TARGETS];                        /* variance of target less mean */
    enum status status;                                   /* of a point within the simplex */
};

struct box {
    double centre[MOMENTS_PARAMETERS], half;
    size_t skip; /* points of the Sobol sequence that another box had */
};

/* Figures near a centre as polynomials of (u - centre) / half. */
struct surface {
    struct box box;
    size_t terms; /* 0 = none */
    double of[MOMENTS_TARGETS][TERMS_MOST];
    double error[MOMENTS_TARGETS][TERMS_MOST * TERMS_MOST]; /* covariance of these */
};

/* ----------------------------------------------------------------------------------- points
 */

static void average_of(const struct search *self, size_t point, size_t runs, double *mean)
{
    const struct moments_problem *p = self->problem;
    const double *v = self->value + point * p->replications * p->targets;
    for (size_t m = 0; m < p->targets; m++) {
        double sum = 0;
        for (size_t r = 0; r < runs; r++) sum += v[r * p->targets + m];
        mean[point * p->targets + m] = sum / (double)runs;
    }
}

static bool is_whole(const struct search *self, size_t point)
{
    return self->runs[point] == self->problem->replications;
}

/* Replications `first` to `end` of n points that stand one after another. */
static enum status run_points(struct search *self, size_t point, size_t n, size_t first,
                              size_t end)
{
    const struct moments_problem *p = self->problem;
    size_t row = (end - first) * p->targets;
    double *out = memory_alloc(n * row, sizeof *out);
    const struct moments_runs ask = {self->u + point * p->parameters, n, first, end - first,
                                     out};
    enum status status = out ? p->simulate(p->context, &ask) : STATUS_NO_MEMORY;
    for (size_t i = 0; i < n && !status; i++) {
        double *to = self->value + (point + i) * p->replications * p->targets;
        memcpy(to + first * p->targets, out + i * row, row * sizeof *out);
        self->runs[point + i] = end;
        average_of(self, point + i, end, self->mean);
        average_of(self, point + i, self->few, self->early);
    }
    memory_free(out);
    return status;
}

/* Simulates n more, u[n * parameters]. */
static enum status add_points(struct search *self, const double *u, size_t n, size_t runs)
{
    size_t d = self->problem->parameters;
    require(self->points + n <= self->room);
    memcpy(self->u + self->points * d, u, n * d * sizeof *u);
    enum status status = run_points(self, self->points, n, 0, runs);
    if (!status) self->points += n;
    return status;
}

static enum status complete(struct search *self, size_t point)
{
    if (is_whole(self, point)) return STATUS_OK;
    return run_points(self, point, 1, self->runs[point], self->problem->replications);
}

static double distance_of(const struct search *self, const double *mean)
{
    const struct moments_problem *p = self->problem;
    double sum = 0;
    for (size_t m = 0; m < p->targets; m++) {
        double miss = p->target[m] - mean[m];
        sum += p->weight[m] * miss * miss / self->noise[m];
    }
    return isfinite(sum) ? sum : HUGE_VAL;
}

/* By the first few replications, which all points have: luck is the same. */
static double distance_at(const struct search *self, size_t point)
{
    return distance_of(self, self->early + point * self->problem->targets);
}

/* By all that a point has: no number when one of its runs failed. */
static double distance_whole(const struct search *self, size_t point)
{
    return distance_of(self, self->mean + point * self->problem->targets);
}

static bool is_sound(const struct search *self, size_t point)
{
    return isfinite(distance_whole(self, point)) != 0;
}

static size_t best_point(const struct search *self)
{
    size_t best = 0;
    for (size_t i = 1; i < self->points; i++)
        if (distance_at(self, i) < distance_at(self, best)) best = i;
    return best;
}

/* In a box of +-half around a centre, cut at the cube. */
static enum status add_design(struct search *self, const struct box *box, size_t n, size_t runs)
{
    size_t d = self->problem->parameters;
    double *u = memory_alloc(n * d, sizeof *u);
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)d);
    enum status status = u && sequence ? STATUS_OK : STATUS_NO_MEMORY;
    for (size_t i = 0; i < box->skip && !status; i++) gsl_qrng_get(sequence, u);
    for (size_t i = 0; i < n && !status; i++) {
        gsl_qrng_get(sequence, u + i * d);
        for (size_t k = 0; k < d; k++) {
            double low = fmax(0, box->centre[k] - box->half);
            double high = fmin(1, box->centre[k] + box->half);
            u[i * d + k] = low + (high - low) * u[i * d + k];
        }
    }
    if (!status) status = add_points(self, u, n, runs);
    if (sequence) gsl_qrng_free(sequence);
    memory_free(u);
    return status;
}

/* ------------------------------------------------------------------------------------- noise
 */

/* Sums of products; returns their degrees of freedom. */
static double add_products(struct search *self, size_t point)
{
    const struct moments_problem *p = self->problem;
    size_t M = p->targets, R = self->runs[point];
    const double *v = self->value + point * p->replications * M, *mean = self->mean + point * M;
    for (size_t a = 0; a < M; a++)
        for (size_t b = 0; b < M; b++)
            for (size_t r = 0; r < R; r++)
                self->covariance[a * M + b] += (v[r * M + a] - mean[a]) *
                                               (v[r * M + b] - mean[b]);
    return (double)(R - 1);
}

/* The variance of target less mean, whose covariances the sandwich takes besides. */
static double noise_of(const struct search *self, size_t m)
{
    const struct moments_problem *p = self->problem;
    double own = self->covariance[m * p->targets + m], error = p->error[m];
    double variance = (isfinite(error) ? error * error : own) + own / (double)p->replications;
    double least = 1e-6 * (fabs(p->target[m]) + 1e-6);
    return fmax(variance, least * least);
}

static bool is_taken(const size_t *taken, size_t n, size_t point)
{
    for (size_t k = 0; k < n; k++)
        if (taken[k] == point) return true;
    return false;
}

/* Noise from the `wanted` points with the least distance by the noise so far: whole ones, when
 * there are any. */
static void look_at_noise(struct search *self, size_t wanted)
{
    size_t M = self->problem->targets, taken[64] = {0}, n = 0;
    bool whole = false;
    double degrees = 0;
    for (size_t i = 0; i < self->points; i++) whole |= is_whole(self, i) && is_sound(self, i);
    for (; n < wanted && n < sizeof taken / sizeof taken[0]; n++) {
        size_t best = SIZE_MAX;
        for (size_t i = 0; i < self->points; i++) {
            bool fits = is_sound(self, i) && (is_whole(self, i) || !whole);
            if (!fits || is_taken(taken, n, i)) continue;
            if (best == SIZE_MAX || distance_at(self, i) < distance_at(self, best)) best = i;
        }
        if (best == SIZE_MAX) break;
        taken[n] = best;
    }
    memset(self->covariance, 0, sizeof self->covariance);
    for (size_t k = 0; k < n; k++) degrees += add_products(self, taken[k]);
    for (size_t i = 0; i < M * M && degrees > 0; i++) self->covariance[i] /= degrees;
    for (size_t m = 0; m < M; m++) self->noise[m] = noise_of(self, m);
}

/* ----------------------------------------------------------------------------------- simplex
 */

/* The nearest place in the cube; returns the square of how far that is. */
static double into_cube(const gsl_vector *x, double *u)
{
    double off = 0;
    for (size_t k = 0; k < x->size; k++) {
        double place = gsl_vector_get(x, k);
        u[k] = fmin(1, fmax(0, place));
        off += (place - u[k]) * (place - u[k]);
    }
    return off;
}

/* One that was simulated; else that of the next. */
static size_t find_point(const struct search *self, const double *u)
{
    size_t d = self->problem->parameters, at = 0;
    while (at < self->points && memcmp(self->u + at * d, u, d * sizeof *u) != 0) at++;
    return at;
}

static double simulated(const gsl_vector *x, void *context)
{
    struct search *self = context;
    double u[MOMENTS_PARAMETERS], off = into_cube(x, u);
    if (self->status || self->points == self->room) return HUGE_VAL;
    size_t at = find_point(self, u);
    if (at == self->points) self->status = add_points(self, u, 1, self->few);
    if (self->status) return HUGE_VAL;
    return distance_at(self, at) * (1 + 10 * off) + 100 * off;
}

/* Minimises from u, in place, until `evaluations` of f or a size of 1e-4. */
static enum status simplex(double (*f)(const gsl_vector *, void *), void *context, double *u,
                           size_t d, const double step_and_most[2])
{
    gsl_multimin_function function = {f, d, context};
    gsl_multimin_fminimizer *m = gsl_multimin_fminimizer_alloc(
        gsl_multimin_fminimizer_nmsimplex2, d);
    gsl_vector *x = gsl_vector_alloc(d), *step = gsl_vector_alloc(d);
    bool ready = m && x && step;
    for (size_t k = 0; ready && k < d; k++) {
        gsl_vector_set(x, k, u[k]);
        gsl_vector_set(step, k, u[k] > 0.5 ? -step_and_most[0] : step_and_most[0]);
    }
    if (ready && gsl_multimin_fminimizer_set(m, &function, x, step) == GSL_SUCCESS) {
        for (double i = 0; i < step_and_most[1]; i++)
            if (gsl_multimin_fminimizer_iterate(m) || m->size < 1e-4) break;
        (void)into_cube(m->x, u);
    }
    if (m) gsl_multimin_fminimizer_free(m);
    if (x) gsl_vector_free(x);
    if (step) gsl_vector_free(step);
    return ready ? STATUS_OK : STATUS_NO_MEMORY;
}

/* As many points as `most` says: the room ends there. */
static enum status search_by_simplex(struct search *self, size_t most)
{
    size_t d = self->problem->parameters, whole = self->room;
    double u[MOMENTS_PARAMETERS];
    memcpy(u, self->u + best_point(self) * d, d * sizeof *u);
    self->room = self->points + most;
    self->status = STATUS_OK;
    double how[2] = {0.12, (double)most};
    enum status status = simplex(simulated, self, u, d, how);
    self->room = whole;
    return status ? status : self->status;
}

/* ----------------------------------------------------------------------------------- surface
 */

static void fill_terms(const struct surface *self, size_t d, const double *u, double *to)
{
    double x[MOMENTS_PARAMETERS];
    size_t t = 0;
    to[t++] = 1;
    for (size_t k = 0; k < d; k++)
        to[t++] = x[k] = (u[k] - self->box.centre[k]) / self->box.half;
    for (size_t k = 0; k < d && t < self->terms; k++)
        for (size_t j = 0; j <= k; j++) to[t++] = x[k] * x[j];
}

static bool is_near(const struct search *self, const struct surface *surface, size_t point)
{
    size_t d = self->problem->parameters;
    for (size_t k = 0; k < d; k++)
        if (fabs(self->u[point * d + k] - surface->box.centre[k]) > 1.0001 * surface->box.half)
            return false;
    return is_sound(self, point);
}

/* Rows of a regression: the means of a point's first few replications and of its others. Those
 * differ by luck that all points share, which has a column, so that a surface through both
 * kinds of points is that of the mean over all replications. Weights are numbers of runs. */
struct regression {
    gsl_matrix *X, *error; /* owned, as all of this */
    gsl_vector *y, *weight, *c;
    gsl_multifit_linear_workspace *work;
    size_t rows, columns;
};

static bool regression_open(struct regression *self, size_t rows, size_t columns)
{
    *self = (struct regression){.X = gsl_matrix_alloc(rows, columns),
                                .error = gsl_matrix_alloc(columns, columns),
                                .y = gsl_vector_alloc(rows),
                                .weight = gsl_vector_alloc(rows),
                                .c = gsl_vector_alloc(columns),
                                .work = gsl_multifit_linear_alloc(rows, columns),
                                .columns = columns};
    return self->X && self->error && self->y && self->weight && self->c && self->work;
}

static void regression_close(struct regression *self)
{
    if (self->X) gsl_matrix_free(self->X);
    if (self->error) gsl_matrix_free(self->error);
    if (self->y) gsl_vector_free(self->y);
    if (self->weight) gsl_vector_free(self->weight);
    if (self->c) gsl_vector_free(self->c);
    if (self->work) gsl_multifit_linear_free(self->work);
}

static void add_row(struct regression *self, const double *terms, double y, double weight)
{
    for (size_t t = 0; t < self->columns; t++) gsl_matrix_set(self->X, self->rows, t, terms[t]);
    gsl_vector_set(self->y, self->rows, y);
    gsl_vector_set(self->weight, self->rows++, weight);
}

static void add_rows(struct regression *self, const struct search *search,
                     const struct surface *surface, size_t point, size_t m)
{
    const struct moments_problem *p = search->problem;
    size_t place = point * p->targets + m, T = surface->terms;
    double terms[TERMS_MOST + 1], all = (double)p->replications, few = (double)search->few;
    double early = search->early[place], rest = all - few;
    fill_terms(surface, p->parameters, search->u + point * p->parameters, terms);
    terms[T] = rest / all;
    add_row(self, terms, early, few);
    if (!is_whole(search, point) || search->few == p->replications) return;
    terms[T] = -few / all;
    add_row(self, terms, (all * search->mean[place] - few * early) / rest, rest);
}

static enum status fit_target(const struct search *self, struct surface *surface, size_t m,
                              size_t rows)
{
    struct regression r;
    size_t T = surface->terms;
    double left = 0;
    bool apart = self->few < self->problem->replications;
    bool ready = regression_open(&r, rows, T + apart);
    for (size_t i = 0; ready && i < self->points; i++)
        if (is_near(self, surface, i)) add_rows(&r, self, surface, i, m);
    if (ready &&
        gsl_multifit_wlinear(r.X, r.weight, r.y, r.c, r.error, &left, r.work) == GSL_SUCCESS) {
        double scale = left / (double)(rows - r.columns);
        for (size_t t = 0; t < T; t++) {
            surface->of[m][t] = gsl_vector_get(r.c, t);
            for (size_t s = 0; s < T; s++)
                surface->error[m][t * T + s] = scale * gsl_matrix_get(r.error, t, s);
        }
    }
    regression_close(&r);
    return ready ? STATUS_OK : STATUS_NO_MEMORY;
}

/* Without a whole point near nothing tells the luck of the first few from that of all. */
static enum status fit_surface(const struct search *self, struct surface *surface)
{
    size_t d = self->problem->parameters, n = 0, rows = 0, quadratic = (d + 1) * (d + 2) / 2;
    bool apart = self->few < self->problem->replications;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < self->points; i++) {
        if (!is_near(self, surface, i)) continue;
        n++;
        rows += apart && is_whole(self, i) ? 2 : 1;
    }
    surface->terms = n >= quadratic + 2 ? quadratic : n >= d + 3 ? d + 1 : 0;
    if (apart && rows == n) surface->terms = 0;
    for (size_t m = 0; m < self->problem->targets && surface->terms && !status; m++)
        status = fit_target(self, surface, m, rows);
    return status;
}

/* Figures at u; `variance` (may be NULL): of the surface itself there. */
static void surface_at(const struct search *self, const struct surface *surface,
                       const double *u, double *mean, double *variance)
{
    double terms[TERMS_MOST];
    size_t T = surface->terms;
    fill_terms(surface, self->problem->parameters, u, terms);
    for (size_t m = 0; m < self->problem->targets; m++) {
        mean[m] = 0;
        for (size_t t = 0; t < T; t++) mean[m] += surface->of[m][t] * terms[t];
        if (!variance) continue;
        variance[m] = 0;
        for (size_t t = 0; t < T; t++)
            for (size_t s = 0; s < T; s++)
                variance[m] += terms[t] * terms[s] * surface->error[m][t * T + s];
    }
}

struct on_surface {
    const struct search *search;
    const struct surface *surface;
};

static double surface_distance(const gsl_vector *x, void *context)
{
    const struct on_surface *on = context;
    double u[MOMENTS_PARAMETERS], mean[MOMENTS_TARGETS], off = into_cube(x, u);
    for (size_t k = 0; k < x->size; k++) {
        double beyond = fabs(u[k] - on->surface->box.centre[k]) - on->surface->box.half;
        if (beyond > 0) off += beyond * beyond;
    }
    surface_at(on->search, on->surface, u, mean, NULL);
    return distance_of(on->search, mean) + 1e6 * off;
}

/* --------------------------------------------------------------------------------- intervals
 */

/* d figure / d u, [targets * parameters]. */
static void slopes(const struct search *self, const struct surface *surface, const double *u,
                   double *out)
{
    size_t d = self->problem->parameters, M = self->problem->targets;
    double h = 1e-4 * surface->box.half, up[MOMENTS_TARGETS], down[MOMENTS_TARGETS];
    for (size_t k = 0; k < d; k++) {
        double moved[MOMENTS_PARAMETERS];
        memcpy(moved, u, d * sizeof *u);
        moved[k] = u[k] + h;
        surface_at(self, surface, moved, up, NULL);
        moved[k] = u[k] - h;
        surface_at(self, surface, moved, down, NULL);
        for (size_t m = 0; m < M; m++) out[m * d + k] = (up[m] - down[m]) / (2 * h);
    }
}

/* Covariance of target less figure, of a pair of targets. */
static double joint_noise(const struct search *self, size_t a, size_t b)
{
    const struct moments_problem *p = self->problem;
    double own = self->covariance[a * p->targets + b];
    bool known = isfinite(p->error[a]) || isfinite(p->error[b]);
    double of_mean = own / (double)p->replications;
    return a == b ? self->noise[a] : known ? of_mean : own + of_mean;
}

/* sd of every parameter: H = (J'WJ)^-1 J'W, covariance = H noise H'. False when J'WJ has no
 * inverse. */
static bool sandwich(const struct search *self, const double *slope, const double *extra,
                     double *sd)
{
    const struct moments_problem *p = self->problem;
    size_t d = p->parameters, M = p->targets;
    double bread[MOMENTS_PARAMETERS * MOMENTS_PARAMETERS] = {0};
    double H[MOMENTS_PARAMETERS][MOMENTS_TARGETS] = {{0}};
    for (size_t m = 0; m < M; m++)
        for (size_t j = 0; j < d; j++)
            for (size_t k = 0; k < d; k++)
                bread[j * d + k] += slope[m * d + j] * slope[m * d + k] * p->weight[m] /
                                    self->noise[m];
    gsl_matrix_view A = gsl_matrix_view_array(bread, d, d);
    if (gsl_linalg_cholesky_decomp1(&A.matrix) || gsl_linalg_cholesky_invert(&A.matrix))
        return false;
    for (size_t j = 0; j < d; j++)
        for (size_t m = 0; m < M; m++)
            for (size_t k = 0; k < d; k++)
                H[j][m] += bread[j * d + k] * slope[m * d + k] * p->weight[m] / self->noise[m];
    for (size_t j = 0; j < d; j++) {
        double variance = 0;
        for (size_t a = 0; a < M; a++) {
            variance += H[j][a] * H[j][a] * extra[a];
            for (size_t b = 0; b < M; b++)
                variance += H[j][a] * H[j][b] * joint_noise(self, a, b);
        }
        sd[j] = sqrt(variance);
    }
    return true;
}

static void find_intervals(const struct search *self, const struct surface *surface,
                           struct moments_fit *out)
{
    const struct moments_problem *p = self->problem;
    double slope[MOMENTS_TARGETS * MOMENTS_PARAMETERS], mean[MOMENTS_TARGETS],
        extra[MOMENTS_TARGETS];
    double t = gsl_cdf_tdist_Pinv((1 + MOMENTS_LEVEL) / 2, (double)p->replications - 1);
    bool sure = surface->terms > 0;
    if (sure) {
        surface_at(self, surface, out->u, mean, extra);
        slopes(self, surface, out->u, slope);
        sure = sandwich(self, slope, extra, out->sd);
    }
    for (size_t k = 0; k < p->parameters; k++) {
        if (!sure || !isfinite(out->sd[k])) out->sd[k] = NAN;
        out->low[k] = out->u[k] - t * out->sd[k];
        out->high[k] = out->u[k] + t * out->sd[k];
    }
}

/* -------------------------------------------------------------------------------- the search
 */

/* Something near has to be whole. */
static enum status have_whole(struct search *self, const struct surface *surface)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < self->points; i++) {
        if (!is_near(self, surface, i)) continue;
        if (is_whole(self, i)) return STATUS_OK;
        if (best == SIZE_MAX || distance_at(self, i) < distance_at(self, best)) best = i;
    }
    return best == SIZE_MAX ? STATUS_OK : complete(self, best);
}

/* The surface through all points near, and its minimum. */
static enum status minimise(struct search *self, struct surface *surface,
                            struct moments_fit *out)
{
    struct on_surface on = {self, surface};
    size_t d = self->problem->parameters;
    double how[2] = {0.3 * surface->box.half, 2000};
    look_at_noise(self, 2 + self->points / 4);
    enum status status = fit_surface(self, surface);
    out->surface = surface->terms > 0;
    for (int again = 0; again < 2 && out->surface && !status; again++)
        status = simplex(surface_distance, &on, out->u, d, how);
    if (!out->surface) memcpy(out->u, self->u + best_point(self) * d, d * sizeof *out->u);
    if (!status) find_intervals(self, surface, out);
    return status;
}

/* One round: a design near the best so far, the surface there and its minimum. */
static enum status refine(struct search *self, struct surface *surface, size_t n,
                          struct moments_fit *out)
{
    memcpy(surface->box.centre, out->u, self->problem->parameters * sizeof *out->u);
    enum status status = add_design(self, &surface->box, n, self->few);
    if (!status) status = have_whole(self, surface);
    return status ? status : minimise(self, surface, out);
}

/* The next round is about as wide as the interval. */
static double next_half(const struct search *self, const struct moments_fit *fit, double half)
{
    double widest = 0;
    for (size_t k = 0; k < self->problem->parameters; k++)
        if (isfinite(fit->sd[k])) widest = fmax(widest, 2 * fit->sd[k]);
    return widest > 0 ? fmin(0.3, fmax(0.1, widest)) : half;
}

/* The minimum is run whole: the surface with it has the answer, or a point that is better by
 * more than noise. */
static enum status choose(struct search *self, struct surface *surface, struct moments_fit *out,
                          size_t *at)
{
    size_t d = self->problem->parameters;
    *at = self->points;
    enum status status = add_points(self, out->u, 1, self->problem->replications);
    if (!status) status = minimise(self, surface, out);
    size_t best = best_point(self);
    if (status || distance_at(self, best) + BETTER >= distance_at(self, *at)) return status;
    status = complete(self, best);
    if (status || !(distance_whole(self, best) + BETTER < distance_whole(self, *at)))
        return status;
    *at = best;
    memcpy(out->u, self->u + best * d, d * sizeof *out->u);
    out->surface = false;
    find_intervals(self, surface, out);
    return STATUS_OK;
}

static enum status check(struct search *self, struct surface *surface, struct moments_fit *out)
{
    const struct moments_problem *p = self->problem;
    double extra[MOMENTS_TARGETS] = {0};
    size_t at;
    enum status status = choose(self, surface, out, &at);
    if (status) return status;
    double t = gsl_cdf_tdist_Pinv((1 + MOMENTS_LEVEL) / 2, (double)p->replications - 1);
    memcpy(out->figure, self->mean + at * p->targets, p->targets * sizeof *out->figure);
    if (out->surface) surface_at(self, surface, out->u, out->figure, extra);
    for (size_t m = 0; m < p->targets; m++) {
        double own = self->covariance[m * p->targets + m] / (double)p->replications;
        out->figure_low[m] = out->figure[m] - t * sqrt(own + extra[m]);
        out->figure_high[m] = out->figure[m] + t * sqrt(own + extra[m]);
        out->noise[m] = sqrt(self->noise[m]);
    }
    out->distance = distance_of(self, out->figure);
    out->expected = (double)p->targets - (double)p->parameters;
    return STATUS_OK;
}

/* The best of the design is run whole: noise is better known then. */
static enum status start(struct search *self, struct errors *errors)
{
    const struct moments_problem *p = self->problem;
    struct box box = {.half = 0.5};
    size_t sound = 0, first = p->points / 2;
    for (size_t k = 0; k < p->parameters; k++) box.centre[k] = 0.5;
    for (size_t m = 0; m < p->targets; m++) self->noise[m] = 1;
    enum status status = add_design(self, &box, first, self->few);
    if (status) return status;
    for (size_t i = 0; i < self->points; i++) sound += is_sound(self, i);
    if (sound < p->parameters + 3)
        return errors_add(errors, STATUS_FAULT,
                          "only %zu of %zu points gave all figures that are targets", sound,
                          self->points);
    look_at_noise(self, self->points);
    look_at_noise(self, 2 + self->points / 4);
    status = complete(self, best_point(self));
    if (!status) look_at_noise(self, 2 + self->points / 4);
    return status;
}

static enum status open_search(struct search *self, const struct moments_problem *p)
{
    size_t part = p->replications / 8;
    *self = (struct search){.problem = p, .room = p->points, .few = part > 2 ? part : 2};
    self->u = memory_alloc(p->points * p->parameters, sizeof *self->u);
    self->value = memory_alloc(p->points * p->replications * p->targets, sizeof *self->value);
    self->mean = memory_alloc(p->points * p->targets, sizeof *self->mean);
    self->early = memory_alloc(p->points * p->targets, sizeof *self->early);
    self->runs = memory_alloc(p->points, sizeof *self->runs);
    bool ready = self->u && self->value && self->mean && self->early && self->runs;
    return ready ? STATUS_OK : STATUS_NO_MEMORY;
}

static void close_search(struct search *self)
{
    memory_free(self->u);
    memory_free(self->value);
    memory_free(self->mean);
    memory_free(self->early);
    memory_free(self->runs);
}

static enum status search_all(struct search *self, struct surface *surface,
                              struct moments_fit *out, struct errors *errors)
{
    const struct moments_problem *p = self->problem;
    size_t quarter = p->points / 4, each = (p->points - p->points / 2 - quarter - 1) / ROUNDS;
    enum status status = start(self, errors);
    if (!status) status = search_by_simplex(self, quarter);
    if (status) return status;
    surface->box.half = 0.2;
    memcpy(out->u, self->u + best_point(self) * p->parameters, p->parameters * sizeof *out->u);
    for (int round = 0; round < ROUNDS && !status; round++) {
        if (round) surface->box.half = next_half(self, out, surface->box.half);
        surface->box.skip = (size_t)round * each;
        status = refine(self, surface, each, out);
    }
    return status ? status : check(self, surface, out);
}

enum status moments_fit(const struct moments_problem *problem, struct moments_fit *out,
                        struct errors *errors)
{
    const struct moments_problem *p = problem;
    struct search *self = memory_alloc(1, sizeof *self);
    struct surface *surface = memory_alloc(1, sizeof *surface);
    *out = (struct moments_fit){0};
    require(p->replications >= 2 && p->parameters >= 1 && p->parameters <= MOMENTS_PARAMETERS &&
            p->targets <= MOMENTS_TARGETS && p->points >= MOMENTS_POINTS_LEAST(p->parameters));
    enum status status = self && surface ? open_search(self, p) : STATUS_NO_MEMORY;
    if (!status) status = search_all(self, surface, out, errors);
    if (!status) {
        out->points = self->points;
        out->surface_curved = surface->terms > p->parameters + 1;
        for (size_t i = 0; i < self->points; i++) {
            out->runs += self->runs[i];
            out->failed += !is_sound(self, i);
        }
    }
    if (self) close_search(self);
    memory_free(self);
    memory_free(surface);
    return status;
}
