/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/sensitivity.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_qrng.h>
#include <gsl/gsl_sort_double.h>

#include "base/memory.h"
#include "engine/stream.h"
#include "experiment/paired.h"

#define STEP (2.0 / (MORRIS_LEVELS - 1))

static const struct purpose purpose_trajectory = {"experiment.morris", PURPOSE_LUCK};
static const struct purpose purpose_bootstrap = {"experiment.sensitivity", PURPOSE_LUCK};

void sensitivity_design_free(struct sensitivity_design *self)
{
    memory_free(self->u);
    self->u = NULL;
}

/* ----------------------------------------------------------------------------------- Morris
 */

/* One trajectory, points * inputs: from a random place in the lower half of the grid, each
 * input in a random order, up or down. */
static void draw_trajectory(struct stream_key key, uint32_t number, size_t inputs, double *u)
{
    struct stream s = stream_open(key, name_of("trajectory", 0), number);
    double *at = u;
    uint32_t order[SENSITIVITY_INPUTS_MOST];
    bool down[SENSITIVITY_INPUTS_MOST];
    for (size_t i = 0; i < inputs; i++) {
        order[i] = (uint32_t)i;
        down[i] = stream_bernoulli(&s, 0.5);
        at[i] = stream_below(&s, MORRIS_LEVELS / 2) / (MORRIS_LEVELS - 1.0);
        if (down[i]) at[i] += STEP;
    }
    for (size_t i = inputs; i-- > 1;) {
        uint32_t other = stream_below(&s, (uint32_t)i + 1), kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
    for (size_t step = 0; step < inputs; step++) {
        double *next = at + inputs;
        memcpy(next, at, inputs * sizeof *at);
        next[order[step]] += down[order[step]] ? -STEP : STEP;
        at = next;
    }
}

/* Sum of the distances between all points of one and all of the other. */
static double distance(const double *a, const double *b, size_t inputs)
{
    double sum = 0;
    for (size_t i = 0; i <= inputs; i++)
        for (size_t j = 0; j <= inputs; j++) {
            double square = 0;
            for (size_t k = 0; k < inputs; k++) {
                double d = a[i * inputs + k] - b[j * inputs + k];
                square += d * d;
            }
            sum += sqrt(square);
        }
    return sum;
}

/* Moves the chosen ones to the front: the first, then always the one that is farthest from all
 * that are chosen (sum of squared distances). */
static enum status choose_trajectories(const struct sensitivity_design *self, double *all,
                                       size_t count)
{
    size_t size = self->block * self->inputs;
    double *far = memory_alloc(count, sizeof *far), *spare = memory_alloc(size, sizeof *spare);
    enum status status = far && spare ? STATUS_OK : STATUS_NO_MEMORY;
    for (size_t chosen = 1; chosen < self->rows && !status; chosen++) {
        size_t best = chosen;
        for (size_t c = chosen; c < count; c++) {
            double d = distance(all + (chosen - 1) * size, all + c * size, self->inputs);
            far[c] += d * d;
            if (far[c] > far[best]) best = c;
        }
        memcpy(spare, all + chosen * size, size * sizeof *all);
        memcpy(all + chosen * size, all + best * size, size * sizeof *all);
        memcpy(all + best * size, spare, size * sizeof *all);
        far[best] = far[chosen];
    }
    memory_free(far);
    memory_free(spare);
    return status;
}

static enum status make_trajectories(struct sensitivity_design *self, uint32_t seed)
{
    struct stream_key key = stream_key((struct seed){.seed = seed}, &purpose_trajectory);
    size_t size = self->block * self->inputs;
    size_t count = 4 * self->rows <= MORRIS_CANDIDATES ? 4 * self->rows : self->rows;
    double *all = memory_alloc(count * size, sizeof *all);
    if (!all) return STATUS_NO_MEMORY;
    for (size_t c = 0; c < count; c++)
        draw_trajectory(key, (uint32_t)c, self->inputs, all + c * size);
    enum status status = count > self->rows ? choose_trajectories(self, all, count) : STATUS_OK;
    memcpy(self->u, all, self->rows * size * sizeof *all);
    memory_free(all);
    return status;
}

/* ------------------------------------------------------------------------------------- Sobol
 */

/* A row: A, B, then A with input j from B, for each j. */
static enum status make_base(struct sensitivity_design *self)
{
    size_t k = self->inputs;
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)(2 * k));
    if (!sequence) return STATUS_NO_MEMORY;
    for (size_t row = 0; row < self->rows; row++) {
        double pair[2 * SENSITIVITY_INPUTS_MOST];
        double *u = self->u + row * self->block * k;
        gsl_qrng_get(sequence, pair);
        memcpy(u, pair, 2 * k * sizeof *u);
        for (size_t j = 0; j < k; j++) {
            double *mixed = u + (2 + j) * k;
            memcpy(mixed, pair, k * sizeof *u);
            mixed[j] = pair[k + j];
        }
    }
    gsl_qrng_free(sequence);
    return STATUS_OK;
}

enum status sensitivity_design_make(struct sensitivity_design *self, uint32_t seed)
{
    bool morris = self->method == SENSITIVITY_MORRIS;
    require(self->inputs >= 1 && self->inputs <= SENSITIVITY_INPUTS_MOST && self->rows >= 1);
    self->block = self->inputs + (morris ? 1 : 2);
    self->u = memory_alloc(self->rows * self->block * self->inputs, sizeof *self->u);
    if (!self->u) return STATUS_NO_MEMORY;
    return morris ? make_trajectories(self, seed) : make_base(self);
}

/* -------------------------------------------------------------------------------- estimates
 */

/* What is summed over rows: for each input three terms, and two of the row itself. A resample
 * is then a sum over other rows. */
struct terms {
    double *of; /* owned; [rows * width] */
    size_t rows, inputs, width;
};

static void morris_terms(const struct sensitivity_design *design, size_t row, const double *y,
                         double *out)
{
    size_t k = design->inputs;
    const double *u = design->u + row * design->block * k;
    for (size_t step = 0; step < k; step++, u += k)
        for (size_t i = 0; i < k; i++) {
            double moved = u[k + i] - u[i];
            if (!(fabs(moved) > 0)) continue;
            double effect = (y[step + 1] - y[step]) / moved;
            out[3 * i] = effect;
            out[3 * i + 1] = fabs(effect);
            out[3 * i + 2] = effect * effect;
        }
}

static void sobol_terms(size_t k, double mean, const double *y, double *out)
{
    double a = y[0] - mean, b = y[1] - mean;
    for (size_t i = 0; i < k; i++) {
        double mixed = y[2 + i] - mean;
        out[3 * i] = b * (mixed - a);
        out[3 * i + 1] = (a - mixed) * (a - mixed) / 2;
    }
    out[3 * k] = (a + b) / 2;
    out[3 * k + 1] = (a * a + b * b) / 2;
}

static bool is_whole(const double *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(y[i])) return false;
    return true;
}

static enum status gather_terms(const struct sensitivity_design *design, const double *output,
                                struct terms *out)
{
    double mean = 0;
    size_t n = 0;
    *out = (struct terms){.inputs = design->inputs, .width = 3 * design->inputs + 2};
    out->of = memory_alloc(design->rows * out->width, sizeof *out->of);
    if (!out->of) return STATUS_NO_MEMORY;
    for (size_t row = 0; row < design->rows; row++) {
        const double *y = output + row * design->block;
        if (!is_whole(y, design->block)) continue;
        n += 2;
        mean += (y[0] + y[1] - 2 * mean) / (double)n;
    }
    for (size_t row = 0; row < design->rows; row++) {
        const double *y = output + row * design->block;
        if (!is_whole(y, design->block)) continue;
        double *to = out->of + out->rows++ * out->width;
        if (design->method == SENSITIVITY_MORRIS)
            morris_terms(design, row, y, to);
        else
            sobol_terms(design->inputs, mean, y, to);
    }
    return STATUS_OK;
}

/* Measures of all inputs, [3 * inputs], from the sums over n rows. */
static void measure(enum sensitivity_method method, const struct terms *terms,
                    const double *sum, double *out)
{
    double n = (double)terms->rows;
    const double *own = sum + 3 * terms->inputs;
    double variance = own[1] / n - own[0] / n * (own[0] / n);
    for (size_t i = 0; i < terms->inputs; i++) {
        const double *s = sum + 3 * i;
        double *to = out + 3 * i;
        if (method == SENSITIVITY_MORRIS) {
            double mean = s[0] / n;
            to[MORRIS_MU] = mean;
            to[MORRIS_MU_STAR] = s[1] / n;
            to[MORRIS_SIGMA] = n < 2 ? NAN : sqrt(fmax(0, (s[2] - n * mean * mean) / (n - 1)));
        } else {
            to[SOBOL_FIRST] = variance > 0 ? s[0] / n / variance : NAN;
            to[SOBOL_TOTAL] = variance > 0 ? s[1] / n / variance : NAN;
            to[2] = NAN;
        }
    }
}

static void add_row(const struct terms *terms, size_t row, double *sum)
{
    const double *of = terms->of + row * terms->width;
    for (size_t i = 0; i < terms->width; i++) sum[i] += of[i];
}

/* resampled: [measures][SENSITIVITY_RESAMPLES] */
static void resample(enum sensitivity_method method, const struct terms *terms, double *sum,
                     double *resampled)
{
    struct stream_key key = stream_key((struct seed){0}, &purpose_bootstrap);
    double got[3 * SENSITIVITY_INPUTS_MOST];
    for (uint32_t b = 0; b < SENSITIVITY_RESAMPLES; b++) {
        struct stream s = stream_open(key, name_of("resample", 0), b);
        memset(sum, 0, terms->width * sizeof *sum);
        for (size_t i = 0; i < terms->rows; i++)
            add_row(terms, stream_below(&s, (uint32_t)terms->rows), sum);
        measure(method, terms, sum, got);
        for (size_t m = 0; m < 3 * terms->inputs; m++)
            resampled[m * SENSITIVITY_RESAMPLES + b] = got[m];
    }
}

static void fill(const struct terms *terms, const double *value, double *resampled,
                 struct sensitivity_input *out)
{
    for (size_t m = 0; m < 3 * terms->inputs; m++) {
        double *sorted = resampled + m * SENSITIVITY_RESAMPLES;
        size_t n = 0;
        for (size_t b = 0; b < SENSITIVITY_RESAMPLES; b++)
            if (isfinite(sorted[b])) sorted[n++] = sorted[b];
        gsl_sort(sorted, 1, n);
        bool sure = terms->rows >= 2 && n == SENSITIVITY_RESAMPLES;
        out[m / 3].measure[m % 3] = (struct sensitivity_measure){
            value[m], sure ? paired_quantile(sorted, n, (1 - SENSITIVITY_LEVEL) / 2) : NAN,
            sure ? paired_quantile(sorted, n, (1 + SENSITIVITY_LEVEL) / 2) : NAN};
    }
}

enum status sensitivity_estimate(const struct sensitivity_design *design, const double *output,
                                 struct sensitivity_input *out, size_t *whole)
{
    struct terms terms = {0};
    double value[3 * SENSITIVITY_INPUTS_MOST];
    enum status status = gather_terms(design, output, &terms);
    double *sum = memory_alloc(terms.width, sizeof *sum);
    double *resampled = memory_alloc(3 * terms.inputs * SENSITIVITY_RESAMPLES,
                                     sizeof *resampled);
    *whole = terms.rows;
    if (!sum || !resampled) status = STATUS_NO_MEMORY;
    for (size_t m = 0; m < 3 * design->inputs; m++) value[m] = NAN;
    if (!status && terms.rows) {
        for (size_t row = 0; row < terms.rows; row++) add_row(&terms, row, sum);
        measure(design->method, &terms, sum, value);
        resample(design->method, &terms, sum, resampled);
    }
    if (!status) fill(&terms, value, resampled, out);
    memory_free(sum);
    memory_free(resampled);
    memory_free(terms.of);
    return status;
}
