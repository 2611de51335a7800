/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Arms, metrics and replications in one table, and what they say about each other.
 *
 * Figures against the baseline and the ranking are two families of tests: the first is
 * corrected over arms x metrics (Holm), the second over all pairs of arms x metrics, so that
 * with three arms or more the groups are a little slower to part than the adjusted p.
 */
#ifndef EXPERIMENT_COMPARISON_H
#define EXPERIMENT_COMPARISON_H

#include <stdio.h>

#include "experiment/assumptions.h"
#include "experiment/paired.h"

#define COMPARISON_NAME 96
#define COMPARISON_LEVEL 0.05 /* an adjusted p below it tells two arms apart */
#define COMPARISON_GROUPS 26  /* letters */

#define COMPARISON_UNIT 64

struct comparison_cell {
    struct estimate mean;               /* of the arm */
    struct paired against;              /* the baseline */
    double p_adjusted;                  /* NaN for the baseline itself */
    char groups[COMPARISON_GROUPS + 1]; /* letters; arms that share one cannot be told apart */
};

struct comparison {
    char (*arm)[COMPARISON_NAME];    /* owned */
    char (*metric)[COMPARISON_NAME]; /* owned; the first is the one the answer is about */
    size_t arms, metrics, replications;
    size_t baseline;
    char unit[COMPARISON_UNIT]; /* of the first metric; "" = none, or not known */
    double since;  /* day on which the arms part from one past; 0 = they share none */
    double *value; /* owned; comparison_value: NaN where a replication failed */

    /* made by comparison_analyse */
    struct comparison_cell *cell; /* owned; [metric][arm] */
    uint32_t *order;              /* owned; [metric][rank]: arms by mean, the highest first */
    double *wins; /* owned; [arm]: share of replications in which its first metric is highest */
    size_t failed;      /* replications that some arm lacks */
    size_t level;       /* of the others, those that several arms share as the highest */
    struct paired lead; /* of the first metric: the highest arm minus the second */
};

/* Copies the names; all values NaN. 1..PAIRED_ARMS arms. STATUS_NO_MEMORY. */
enum status comparison_init(struct comparison *self, const char *const *arm, size_t arms,
                            const char *const *metric, size_t metrics) MUST_CHECK;
void comparison_free(struct comparison *self);
/* Room for so many replications; those that were there stay. */
enum status comparison_grow(struct comparison *self, size_t replications) MUST_CHECK;
/* The replications of one arm's metric. */
double *comparison_value(const struct comparison *self, size_t metric, size_t arm);
enum status comparison_analyse(struct comparison *self) MUST_CHECK;
struct comparison_cell *comparison_cell(const struct comparison *self, size_t metric,
                                        size_t arm);

/* Sequential stopping: is the first metric's difference to the baseline, of every arm, known to
 * `gamma` of the baseline's mean (of one arm alone: its mean)? Over the first n replications.
 */
bool comparison_precise(const struct comparison *self, size_t n, double gamma);

/* comparison_text.c. The answer in a sentence or two, from the first metric. */
void comparison_answer(const struct comparison *self, FILE *to);
/* What its intervals are about: luck, or the assumptions too. */
void comparison_scope(const struct comparison *self, const struct assumptions *assumptions,
                      FILE *to);
void comparison_print(const struct comparison *self, FILE *to);
void comparison_csv(const struct comparison *self, FILE *to);
/* A list of objects: metric, arm, baseline, mean, difference, ci_low, ci_high, p_adjusted,
 * replications, variance_reduction and more; what is not known is null. */
void comparison_json(const struct comparison *self, FILE *to);
/* Every value: a row a metric, arm and replication. */
void comparison_values_csv(const struct comparison *self, FILE *to);

#endif
