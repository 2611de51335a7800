/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small worlds under the same seeds that differ in one setting, the arms, and figures of each:
 * an arm is above another by the mean of the paired differences. More seeds are taken only
 * while a claim is open.
 */
#ifndef TESTS_SIM_PAIRS_H
#define TESTS_SIM_PAIRS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gsl/gsl_cdf.h>

#include "engine/team.h"
#include "lab.h"

#define PAIRS_MOST 24
#define PAIRS_ARMS 24
#define PAIRS_FIGURES 4
#define PAIRS_TAIL 0.0013498980316300946 /* of a normal beyond 3 */

struct pairs {
    const char *world, *base; /* settings of all, over lab_tiny; may be NULL */
    const char *const *arm;   /* settings of each */
    uint32_t arms, done;      /* done: seeds */
    bool (*read)(struct lab *lab, const char *figure, double *value); /* NULL = lab_figure */
    const char *figure[PAIRS_FIGURES];
    double value[PAIRS_FIGURES][PAIRS_ARMS][PAIRS_MOST];
    enum status status[PAIRS_ARMS * PAIRS_MOST];
};

/* A figure is above in arm `high`. */
struct pairs_claim {
    uint32_t figure, low, high;
};

/* Mean of n differences, and that in standard errors; HUGE_VAL when all are the same and not 0.
 */
static inline double pairs_t(const double *x, uint32_t n, double *mean)
{
    double sum = 0, squares = 0;
    for (uint32_t i = 0; i < n; i++) sum += x[i];
    *mean = sum / n;
    for (uint32_t i = 0; i < n; i++) squares += (x[i] - *mean) * (x[i] - *mean);
    double error = sqrt(squares / (n - 1) / n);
    if (error > 0) return *mean / error;
    return *mean == 0 || isnan(*mean) ? 0 : copysign(HUGE_VAL, *mean);
}

/* Student's t of n pairs that is exceeded as rarely as 3 sigma of a normal. */
static inline double pairs_needed(uint32_t n) { return gsl_cdf_tdist_Qinv(PAIRS_TAIL, n - 1); }

static inline void pairs_run(void *context, uint32_t item, uint32_t thread)
{
    struct pairs *self = context;
    const uint32_t arm = item % self->arms, seed = self->done + item / self->arms;
    struct lab lab;
    char text[32];
    (void)thread;
    snprintf(text, sizeof text, "run.seed=%u", seed + 1);
    enum status status = lab_init(&lab, lab_tiny, NULL);
    if (!status) status = lab_set(&lab, text);
    if (!status) status = lab_needs(&lab, self->world);
    if (!status) status = lab_needs(&lab, self->base);
    if (!status) status = lab_needs(&lab, self->arm[arm]);
    if (!status) status = lab_begin(&lab, NULL);
    if (!status) status = lab_run(&lab);
    for (int f = 0; f < PAIRS_FIGURES && self->figure[f] && !status; f++) {
        double *value = &self->value[f][arm][seed];
        if (self->read ? !self->read(&lab, self->figure[f], value)
                       : !lab_figure(&lab, self->figure[f], value))
            status = STATUS_USAGE;
    }
    self->status[item] = status;
    lab_free(&lab);
}

static inline void pairs_more(struct pairs *self, uint32_t until)
{
    const uint32_t items = (until - self->done) * self->arms;
    struct team team;
    team_init(&team, 2);
    team_run(&team, items, pairs_run, self);
    team_free(&team);
    for (uint32_t i = 0; i < items; i++) assert_int_equal(self->status[i], STATUS_OK);
    self->done = until;
}

/* By how many standard errors an arm is above another. */
static inline double pairs_above(const struct pairs *self, const struct pairs_claim *claim,
                                 double *mean)
{
    double difference[PAIRS_MOST];
    for (uint32_t i = 0; i < self->done; i++)
        difference[i] = self->value[claim->figure][claim->high][i] -
                        self->value[claim->figure][claim->low][i];
    return pairs_t(difference, self->done, mean);
}

static inline double pairs_mean(const struct pairs *self, uint32_t figure, uint32_t arm)
{
    double sum = 0;
    for (uint32_t i = 0; i < self->done; i++) sum += self->value[figure][arm][i];
    return sum / self->done;
}

static inline bool pairs_all(const struct pairs *self, const struct pairs_claim *claim,
                             size_t claims, double errors, bool print)
{
    bool good = true;
    for (size_t i = 0; i < claims; i++) {
        double mean, t = pairs_above(self, &claim[i], &mean);
        bool holds = t > (errors > 0 ? errors : pairs_needed(self->done));
        good = good && holds;
        if (!print) continue;
        print_message("%s %s: %.4f under %s, %.4f under %s: %+.4f, %.1f standard errors\n",
                      holds ? " " : "!", self->figure[claim[i].figure],
                      pairs_mean(self, claim[i].figure, claim[i].low), self->arm[claim[i].low],
                      pairs_mean(self, claim[i].figure, claim[i].high),
                      self->arm[claim[i].high], mean, t);
    }
    return good;
}

/* Do all claims hold, by so many standard errors (0 = 3 sigma), with `first` to `most` seeds?
 */
static inline bool pairs_hold(struct pairs *self, const struct pairs_claim *claim,
                              size_t claims, double errors, uint32_t first, uint32_t most)
{
    for (uint32_t until = first; self->done < most; until += (until + 1) / 2) {
        pairs_more(self, until < most ? until : most);
        if (pairs_all(self, claim, claims, errors, false)) break;
    }
    return pairs_all(self, claim, claims, errors, true);
}

#endif
