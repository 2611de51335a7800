/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Means over folds and users, and their bootstrap. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "engine/stream.h"
#include "measure/evaluation.h"

static const struct purpose purpose_bootstrap = {"evaluate.bootstrap", PURPOSE_LUCK};

#define BEFORE_LISTS EVALUATION_COVERAGE /* metrics that have an interval */

/* The users of all folds together, and each resample's means. */
struct bootstrap {
    const struct evaluation *fold;
    size_t folds, depths;
    uint32_t *user; /* owned; [users] who are in some fold's test */
    uint32_t users, ids;
    uint32_t *times; /* owned; [threads][ids] how often a user was drawn */
    double *mean;    /* owned; [resamples][depths][BEFORE_LISTS] */
    struct stream_key key;
};

/* Sums over the users of one fold, each as often as `times` says (NULL = once). */
static void means_of_fold(const struct evaluation *fold, const uint32_t *times, double *out)
{
    size_t cells = fold->depths * EVALUATION_USER_METRICS;
    double square = 0, absolute = 0, rows = 0, judged = 0;
    double sum[EVALUATION_DEPTHS * EVALUATION_USER_METRICS] = {0};
    for (size_t u = 0; u < fold->testing; u++) {
        double weight = times ? times[fold->user[u]] : 1;
        const float *value = fold->of_user + u * cells;
        if (!(weight > 0)) continue;
        if (fold->square) {
            square += weight * fold->square[u];
            absolute += weight * fold->absolute[u];
            rows += weight * fold->rows[u];
        }
        if (isnan(value[0])) continue;
        judged += weight;
        for (size_t c = 0; c < cells; c++) sum[c] += weight * (double)value[c];
    }
    for (size_t d = 0; d < fold->depths; d++) {
        double *row = out + d * BEFORE_LISTS;
        row[EVALUATION_RMSE] += sqrt(square / rows); /* NaN without ratings */
        row[EVALUATION_MAE] += absolute / rows;
        for (size_t m = 0; m < EVALUATION_USER_METRICS; m++)
            row[EVALUATION_OF_USERS + m] += sum[d * EVALUATION_USER_METRICS + m] / judged;
    }
}

static void means(const struct bootstrap *self, const uint32_t *times, double *out)
{
    size_t cells = self->depths * BEFORE_LISTS;
    for (size_t c = 0; c < cells; c++) out[c] = 0;
    for (size_t f = 0; f < self->folds; f++) means_of_fold(&self->fold[f], times, out);
    for (size_t c = 0; c < cells; c++) out[c] /= (double)self->folds;
}

static void resample(void *context, uint32_t sample, uint32_t thread)
{
    struct bootstrap *self = context;
    uint32_t *times = self->times + (size_t)thread * self->ids;
    struct stream stream = stream_open(self->key, sample, 0);
    memset(times, 0, self->ids * sizeof *times);
    for (uint32_t i = 0; i < self->users; i++)
        times[self->user[stream_below(&stream, self->users)]]++;
    means(self, times, self->mean + sample * self->depths * BEFORE_LISTS);
}

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The value below which a share of n sorted values lies, between two of them in proportion. */
static double quantile(const double *sorted, size_t n, double share)
{
    double at = share * (double)(n - 1);
    size_t low = (size_t)at;
    double rest = at - (double)low;
    return low + 1 < n ? sorted[low] * (1 - rest) + sorted[low + 1] * rest : sorted[low];
}

/* The 2.5 and 97.5 % points of the resamples; samples without a number (no user judged) are
 * left out. */
static void interval(const struct bootstrap *self, uint32_t resamples, size_t cell,
                     double *scratch, struct estimate *out)
{
    size_t n = 0;
    for (uint32_t s = 0; s < resamples; s++) {
        double mean = self->mean[s * self->depths * BEFORE_LISTS + cell];
        if (!isnan(mean)) scratch[n++] = mean;
    }
    if (n < 2 || isnan(out->value)) return;
    qsort(scratch, n, sizeof *scratch, ascending);
    out->low = quantile(scratch, n, 0.025);
    out->high = quantile(scratch, n, 0.975);
}

static enum status gather_users(struct bootstrap *self, uint32_t threads)
{
    for (size_t f = 0; f < self->folds; f++)
        for (size_t u = 0; u < self->fold[f].testing; u++)
            if (self->fold[f].user[u] >= self->ids) self->ids = self->fold[f].user[u] + 1;
    self->user = memory_alloc(self->ids, sizeof *self->user);
    self->times = memory_alloc((size_t)self->ids * threads, sizeof *self->times);
    if (!self->user || !self->times) return STATUS_NO_MEMORY;
    for (size_t f = 0; f < self->folds; f++)
        for (size_t u = 0; u < self->fold[f].testing; u++)
            self->times[self->fold[f].user[u]] = 1;
    for (uint32_t id = 0; id < self->ids; id++)
        if (self->times[id]) self->user[self->users++] = id;
    return STATUS_OK;
}

static void fill(const struct bootstrap *self, const double *mean,
                 struct estimate (*out)[EVALUATION_METRICS])
{
    for (size_t d = 0; d < self->depths; d++) {
        for (int m = 0; m < EVALUATION_METRICS; m++)
            out[d][m] = (struct estimate){NAN, NAN, NAN};
        for (int m = 0; m < BEFORE_LISTS; m++)
            out[d][m].value = mean[d * BEFORE_LISTS + (size_t)m];
        for (int m = 0; m < 2; m++) {
            double sum = 0;
            for (size_t f = 0; f < self->folds; f++) sum += self->fold[f].of_lists[d][m];
            out[d][EVALUATION_COVERAGE + m].value = sum / (double)self->folds;
        }
    }
}

enum status evaluation_estimate(const struct evaluation *fold, size_t folds, uint32_t resamples,
                                struct team *team, struct estimate (*out)[EVALUATION_METRICS])
{
    struct bootstrap self = {.fold = fold, .folds = folds, .depths = fold[0].depths};
    size_t cells = self.depths * BEFORE_LISTS;
    double whole[EVALUATION_DEPTHS * BEFORE_LISTS], *scratch = NULL;
    means(&self, NULL, whole);
    fill(&self, whole, out);
    if (resamples == 0) return STATUS_OK;
    self.key = stream_key((struct seed){0}, &purpose_bootstrap);
    enum status status = gather_users(&self, team->threads);
    if (status || self.users == 0) goto out;
    self.mean = memory_alloc(resamples * cells, sizeof *self.mean);
    scratch = memory_alloc(resamples, sizeof *scratch);
    status = self.mean && scratch ? STATUS_OK : STATUS_NO_MEMORY;
    if (status) goto out;
    team_run(team, resamples, resample, &self);
    for (size_t c = 0; c < cells; c++)
        interval(&self, resamples, c, scratch, &out[c / BEFORE_LISTS][c % BEFORE_LISTS]);
out:
    memory_free(self.user);
    memory_free(self.times);
    memory_free(self.mean);
    memory_free(scratch);
    return status;
}
