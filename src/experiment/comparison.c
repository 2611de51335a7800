/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/comparison.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

enum status comparison_init(struct comparison *self, const char *const *arm, size_t arms,
                            const char *const *metric, size_t metrics)
{
    require(arms > 0 && arms <= PAIRED_ARMS);
    *self = (struct comparison){.arms = arms, .metrics = metrics};
    self->arm = memory_alloc(arms, sizeof *self->arm);
    self->metric = memory_alloc(metrics, sizeof *self->metric);
    self->cell = memory_alloc(metrics * arms, sizeof *self->cell);
    self->order = memory_alloc(metrics * arms, sizeof *self->order);
    self->wins = memory_alloc(arms, sizeof *self->wins);
    if (!self->arm || !self->metric || !self->cell || !self->order || !self->wins)
        return STATUS_NO_MEMORY;
    for (size_t a = 0; a < arms; a++) snprintf(self->arm[a], COMPARISON_NAME, "%s", arm[a]);
    for (size_t m = 0; m < metrics; m++)
        snprintf(self->metric[m], COMPARISON_NAME, "%s", metric[m]);
    return STATUS_OK;
}

void comparison_free(struct comparison *self)
{
    memory_free(self->arm);
    memory_free(self->metric);
    memory_free(self->value);
    memory_free(self->cell);
    memory_free(self->order);
    memory_free(self->wins);
    *self = (struct comparison){0};
}

enum status comparison_grow(struct comparison *self, size_t replications)
{
    size_t columns = self->metrics * self->arms, before = self->replications;
    if (replications <= before) return STATUS_OK;
    double *value = memory_alloc(columns * replications, sizeof *value);
    if (!value) return STATUS_NO_MEMORY;
    for (size_t c = 0; c < columns; c++)
        for (size_t r = 0; r < replications; r++)
            value[c * replications + r] = r < before ? self->value[c * before + r] : NAN;
    memory_free(self->value);
    self->value = value;
    self->replications = replications;
    return STATUS_OK;
}

double *comparison_value(const struct comparison *self, size_t metric, size_t arm)
{
    return self->value + (metric * self->arms + arm) * self->replications;
}

struct comparison_cell *comparison_cell(const struct comparison *self, size_t metric,
                                        size_t arm)
{
    return &self->cell[metric * self->arms + arm];
}

/* ---------------------------------------------------------------------------------- analysis
 */

/* Mean and sd of the replications that an arm has. */
static enum status estimate_cell(const double *value, size_t n, struct estimate *out)
{
    double *known = memory_alloc(n + 1, sizeof *known);
    size_t count = 0;
    if (!known) return STATUS_NO_MEMORY;
    for (size_t r = 0; r < n; r++)
        if (isfinite(value[r])) known[count++] = value[r];
    *out = paired_estimate(known, count);
    memory_free(known);
    return STATUS_OK;
}

static enum status estimate_all(struct comparison *self)
{
    enum status status = STATUS_OK;
    size_t n = self->replications;
    for (size_t m = 0; m < self->metrics; m++)
        for (size_t a = 0; a < self->arms && !status; a++) {
            struct comparison_cell *cell = comparison_cell(self, m, a);
            const double *value = comparison_value(self, m, a);
            status = estimate_cell(value, n, &cell->mean);
            if (!status)
                status = paired_compare(value, comparison_value(self, m, self->baseline), n,
                                        &cell->against);
        }
    return status;
}

static enum status adjust_all(struct comparison *self)
{
    size_t cells = self->metrics * self->arms;
    double *p = memory_alloc(cells, sizeof *p);
    if (!p) return STATUS_NO_MEMORY;
    for (size_t c = 0; c < cells; c++)
        p[c] = c % self->arms == self->baseline ? NAN : self->cell[c].against.p;
    enum status status = paired_holm(p, cells);
    for (size_t c = 0; c < cells; c++) self->cell[c].p_adjusted = p[c];
    memory_free(p);
    return status;
}

/* Highest mean first, arms without one last, equal ones as they were given. */
static void order_arms(struct comparison *self, size_t metric)
{
    uint32_t *order = self->order + metric * self->arms;
    for (uint32_t a = 0; a < self->arms; a++) {
        double mean = comparison_cell(self, metric, a)->mean.mean;
        uint32_t at = a;
        for (; at > 0; at--) {
            double before = comparison_cell(self, metric, order[at - 1])->mean.mean;
            if (!(mean > before) && !(isnan(before) && !isnan(mean))) break;
            order[at] = order[at - 1];
        }
        order[at] = a;
    }
}

/* p of every pair of arms under every metric, corrected together: [metric][arm][arm]. */
static enum status pair_all(const struct comparison *self, double *p)
{
    size_t arms = self->arms, n = self->replications;
    for (size_t m = 0; m < self->metrics; m++)
        for (size_t a = 0; a < arms; a++)
            for (size_t b = 0; b < arms; b++)
                p[(m * arms + a) * arms + b] = b < a ? paired_p(comparison_value(self, m, a),
                                                                comparison_value(self, m, b), n)
                                                     : NAN;
    return paired_holm(p, self->metrics * arms * arms);
}

static void letter(struct comparison *self, size_t metric, const double *p, bool *apart)
{
    size_t arms = self->arms;
    uint64_t group[COMPARISON_GROUPS];
    for (size_t a = 0; a < arms; a++)
        for (size_t b = 0; b < arms; b++) {
            double of_pair = p[a > b ? a * arms + b : b * arms + a];
            apart[a * arms + b] = a != b && of_pair < COMPARISON_LEVEL;
        }
    size_t groups = paired_groups(apart, self->order + metric * arms, (uint32_t)arms, group,
                                  COMPARISON_GROUPS);
    for (size_t a = 0; a < arms; a++) {
        char *to = comparison_cell(self, metric, a)->groups;
        for (size_t g = 0; g < groups; g++)
            if (group[g] >> a & 1) *to++ = (char)('a' + g);
        *to = 0;
    }
}

static enum status rank_all(struct comparison *self)
{
    size_t arms = self->arms, pairs = arms * arms;
    double *p = memory_alloc(self->metrics * pairs, sizeof *p);
    bool *apart = memory_alloc(pairs, sizeof *apart);
    enum status status = p && apart ? pair_all(self, p) : STATUS_NO_MEMORY;
    for (size_t m = 0; m < self->metrics && !status; m++) {
        order_arms(self, m);
        letter(self, m, p + m * pairs, apart);
    }
    memory_free(apart);
    memory_free(p);
    return status;
}

/* Who has the most of the first metric, a replication at a time; equal ones share it. */
static void count_wins(struct comparison *self)
{
    size_t whole = 0;
    self->failed = self->level = 0;
    for (size_t a = 0; a < self->arms; a++) self->wins[a] = 0;
    for (size_t r = 0; r < self->replications; r++) {
        double most = -INFINITY;
        size_t first = 0;
        bool lacks = false;
        for (size_t a = 0; a < self->arms; a++) {
            double value = comparison_value(self, 0, a)[r];
            lacks = lacks || !isfinite(value);
            first = value > most ? 1 : first + (value == most);
            most = fmax(most, value);
        }
        self->failed += lacks;
        whole += !lacks;
        self->level += !lacks && first > 1;
        for (size_t a = 0; a < self->arms && !lacks; a++)
            if (comparison_value(self, 0, a)[r] == most) self->wins[a] += 1 / (double)first;
    }
    for (size_t a = 0; a < self->arms; a++)
        self->wins[a] = whole ? self->wins[a] / (double)whole : NAN;
}

enum status comparison_analyse(struct comparison *self)
{
    enum status status = estimate_all(self);
    if (!status) status = adjust_all(self);
    if (!status) status = rank_all(self);
    if (status) return status;
    count_wins(self);
    size_t second = self->arms > 1 ? 1 : 0;
    return paired_compare(comparison_value(self, 0, self->order[0]),
                          comparison_value(self, 0, self->order[second]), self->replications,
                          &self->lead);
}

bool comparison_precise(const struct comparison *self, size_t n, double gamma)
{
    struct paired pair = {0};
    struct estimate base = {0};
    const double *from = comparison_value(self, 0, self->baseline);
    if (n > self->replications || estimate_cell(from, n, &base)) return false;
    if (self->arms == 1) return paired_precise(&base, base.mean, gamma);
    for (size_t a = 0; a < self->arms; a++) {
        if (a == self->baseline) continue;
        if (paired_compare(comparison_value(self, 0, a), from, n, &pair)) return false;
        if (!paired_precise(&pair.difference, base.mean, gamma)) return false;
    }
    return true;
}
