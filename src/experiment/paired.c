/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/paired.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>

#include "base/memory.h"
#include "engine/stream.h"

static const struct purpose purpose_bootstrap = {"experiment.bootstrap", PURPOSE_LUCK};

struct estimate paired_estimate(const double *value, size_t n)
{
    struct estimate e = {n, NAN, NAN, NAN, NAN};
    if (n < 1) return e;
    e.mean = gsl_stats_mean(value, 1, n);
    if (n < 2) return e;
    e.sd = gsl_stats_sd_m(value, 1, n, e.mean);
    double t = gsl_cdf_tdist_Pinv(1 - (1 - PAIRED_LEVEL) / 2, (double)n - 1);
    double half = t * e.sd / sqrt((double)n);
    e.low = e.mean - half;
    e.high = e.mean + half;
    return e;
}

/* ------------------------------------------------------------------------------------- pairs
 */

/* Whole pairs, packed: arm, baseline and their differences, n each. */
struct pairs {
    double *arm, *base, *difference; /* owned by `arm` */
    size_t n;
};

static enum status gather(const double *arm, const double *base, size_t n, struct pairs *out)
{
    out->n = 0;
    out->arm = memory_alloc(3 * n + 1, sizeof *out->arm);
    if (!out->arm) return STATUS_NO_MEMORY;
    out->base = out->arm + n;
    out->difference = out->base + n;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(arm[i]) || !isfinite(base[i])) continue;
        out->arm[out->n] = arm[i];
        out->base[out->n] = base[i];
        out->difference[out->n++] = arm[i] - base[i];
    }
    return STATUS_OK;
}

static double p_of(const struct estimate *difference)
{
    double n = (double)difference->n;
    if (difference->n < 2) return NAN;
    if (!(difference->sd > 0)) return difference->mean == 0 ? 1 : 0;
    double t = fabs(difference->mean) / (difference->sd / sqrt(n));
    return fmin(1, 2 * gsl_cdf_tdist_Q(t, n - 1));
}

static double variance(const double *value, size_t n)
{
    return n < 2 ? NAN : gsl_stats_variance(value, 1, n);
}

enum status paired_compare(const double *arm, const double *base, size_t n, struct paired *out)
{
    struct pairs pairs = {0};
    enum status status = gather(arm, base, n, &pairs);
    *out = (struct paired){.p = NAN, .boot_low = NAN, .boot_high = NAN, .reduction = NAN};
    double interval[2] = {NAN, NAN};
    if (!status) status = paired_bootstrap(pairs.difference, pairs.n, interval);
    if (!status) {
        out->difference = paired_estimate(pairs.difference, pairs.n);
        out->p = p_of(&out->difference);
        out->boot_low = interval[0];
        out->boot_high = interval[1];
        double apart = variance(pairs.arm, pairs.n) + variance(pairs.base, pairs.n);
        double together = out->difference.sd * out->difference.sd;
        out->reduction = together > 0 ? apart / together : pairs.n < 2 ? NAN : INFINITY;
    }
    memory_free(pairs.arm);
    return status;
}

double paired_p(const double *arm, const double *base, size_t n)
{
    struct estimate e = {0};
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        double difference = arm[i] - base[i];
        if (!isfinite(difference)) continue;
        e.n++;
        sum += difference;
    }
    e.mean = sum / (double)e.n;
    for (size_t i = 0; i < n; i++) {
        double off = arm[i] - base[i] - e.mean;
        if (isfinite(off)) squares += off * off;
    }
    e.sd = sqrt(squares / ((double)e.n - 1));
    return p_of(&e);
}

/* --------------------------------------------------------------------------------- bootstrap
 */

double paired_quantile(const double *sorted, size_t n, double share)
{
    return n ? gsl_stats_quantile_from_sorted_data(sorted, 1, n, share) : NAN;
}

enum status paired_bootstrap(const double *value, size_t n, double interval[2])
{
    interval[0] = interval[1] = NAN;
    if (n < 2) return STATUS_OK;
    double *mean = memory_alloc(PAIRED_RESAMPLES, sizeof *mean);
    if (!mean) return STATUS_NO_MEMORY;
    struct stream_key key = stream_key((struct seed){.seed = 1}, &purpose_bootstrap);
    for (uint32_t r = 0; r < PAIRED_RESAMPLES; r++) {
        struct stream stream = stream_open(key, r, 0);
        double sum = 0;
        for (size_t i = 0; i < n; i++) sum += value[stream_below(&stream, (uint32_t)n)];
        mean[r] = sum / (double)n;
    }
    gsl_sort(mean, 1, PAIRED_RESAMPLES);
    double t = gsl_cdf_tdist_Pinv(1 - (1 - PAIRED_LEVEL) / 2, (double)n - 1);
    double tail = gsl_cdf_ugaussian_P(-sqrt((double)n / ((double)n - 1)) * t);
    interval[0] = paired_quantile(mean, PAIRED_RESAMPLES, tail);
    interval[1] = paired_quantile(mean, PAIRED_RESAMPLES, 1 - tail);
    memory_free(mean);
    return STATUS_OK;
}

/* ------------------------------------------------------------------------------ many at once
 */

enum status paired_holm(double *p, size_t n)
{
    size_t *order = memory_alloc(n + 1, sizeof *order), tests = 0;
    double *known = memory_alloc(n + 1, sizeof *known);
    size_t *place = memory_alloc(n + 1, sizeof *place);
    enum status status = order && known && place ? STATUS_OK : STATUS_NO_MEMORY;
    for (size_t i = 0; i < n && !status; i++) {
        if (isnan(p[i])) continue;
        known[tests] = p[i];
        place[tests++] = i;
    }
    if (!status && tests) gsl_sort_index(order, known, 1, tests);
    double least = 0;
    for (size_t k = 0; k < tests; k++) {
        least = fmax(least, fmin(1, (double)(tests - k) * known[order[k]]));
        p[place[order[k]]] = least;
    }
    memory_free(place);
    memory_free(known);
    memory_free(order);
    return status;
}

bool paired_precise(const struct estimate *estimate, double scale, double gamma)
{
    if (estimate->n < PAIRED_LEAST) return false;
    return (estimate->high - estimate->low) / 2 <= gamma / (1 + gamma) * fabs(scale);
}

/* ------------------------------------------------------------------------------------ groups
 */

/* Takes away sets that lie within another. */
static size_t absorb(uint64_t *set, size_t count)
{
    size_t kept = 0;
    for (size_t s = 0; s < count; s++) {
        bool within = false;
        for (size_t o = 0; o < count && !within; o++)
            within = o != s && (set[s] & ~set[o]) == 0 && (set[s] != set[o] || o < s);
        if (!within) set[kept++] = set[s];
    }
    return kept;
}

/* Sets that hold both arms of a pair that is told apart become two, one without each. */
static size_t split(uint64_t *set, size_t count, uint64_t pair[2], size_t most)
{
    size_t all = count;
    for (size_t s = 0; s < count; s++) {
        if (!(set[s] & pair[0]) || !(set[s] & pair[1])) continue;
        if (all == most) return 0;
        set[all++] = set[s] & ~pair[0];
        set[s] &= ~pair[1];
    }
    return all;
}

static uint32_t first_place(uint64_t set, const uint32_t *order, uint32_t arms)
{
    uint32_t place = 0;
    while (place < arms && !(set & UINT64_C(1) << order[place])) place++;
    return place;
}

size_t paired_groups(const bool *apart, const uint32_t *order, uint32_t arms, uint64_t *group,
                     size_t most)
{
    size_t count = 1;
    if (!arms || arms > PAIRED_ARMS || !most) return 0;
    group[0] = arms == 64 ? UINT64_MAX : (UINT64_C(1) << arms) - 1;
    for (uint32_t a = 0; a < arms; a++)
        for (uint32_t b = 0; b < a; b++) {
            if (!apart[a * arms + b]) continue;
            uint64_t pair[2] = {UINT64_C(1) << a, UINT64_C(1) << b};
            count = split(group, count, pair, most);
            if (!count) return 0;
            /* what lies within another now would only be split again */
            count = absorb(group, count);
        }
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && first_place(group[j], order, arms) <
                                        first_place(group[j - 1], order, arms);
             j--) {
            uint64_t swap = group[j];
            group[j] = group[j - 1];
            group[j - 1] = swap;
        }
    return count;
}

/* ------------------------------------------------------------------------------------- ranks
 */

/* Mean ranks, from 1. */
static void rank(const double *value, size_t n, size_t *order, double *out)
{
    gsl_sort_index(order, value, 1, n);
    for (size_t i = 0, j = 0; i < n; i = j) {
        while (j < n && value[order[j]] == value[order[i]]) j++;
        for (size_t k = i; k < j; k++) out[order[k]] = 1 + (double)(i + j - 1) / 2;
    }
}

enum status paired_rank_correlation(const double *x, const double *y, size_t n, double *rho)
{
    double *ranks = memory_alloc(2 * n + 1, sizeof *ranks);
    size_t *order = memory_alloc(n + 1, sizeof *order);
    enum status status = ranks && order ? STATUS_OK : STATUS_NO_MEMORY;
    *rho = NAN;
    if (!status && n > 1) {
        rank(x, n, order, ranks);
        rank(y, n, order, ranks + n);
        if (variance(ranks, n) > 0 && variance(ranks + n, n) > 0)
            *rho = gsl_stats_correlation(ranks, 1, ranks + n, 1, n);
    }
    memory_free(order);
    memory_free(ranks);
    return status;
}

double paired_rank_p(double rho, size_t n)
{
    if (n < 4 || isnan(rho)) return NAN;
    double rest = 1 - rho * rho;
    if (!(rest > 0)) return 0;
    return fmin(1,
                2 * gsl_cdf_tdist_Q(fabs(rho) * sqrt(((double)n - 2) / rest), (double)n - 2));
}

double paired_rank_strongest(size_t m, size_t n)
{
    if (n < 4) return 1;
    double p = 1 - pow(0.5, 1 / (double)m), degrees = (double)n - 2;
    double t = gsl_cdf_tdist_Qinv(p / 2, degrees);
    return t / sqrt(degrees + t * t);
}
