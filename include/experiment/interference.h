/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an experiment inside a run gets wrong because its arms meet each other: the difference
 * that the split shows less the difference between a world that is all B and its twin that is
 * all A, replication by replication (docs/ODD.md, 7.10).
 */
#ifndef EXPERIMENT_INTERFERENCE_H
#define EXPERIMENT_INTERFERENCE_H

#include <stdio.h>

#include "experiment/replications.h"

/* Arms of the replications that are read, in this order. */
enum interference_world {
    INTERFERENCE_SPLIT,
    INTERFERENCE_ALL_A,
    INTERFERENCE_ALL_B,
    INTERFERENCE_WORLDS
};

/* A column of arms.csv a viewer (or creator) and interval, after the warm-up; NaN and n = 0
 * where no replication has it in all worlds. */
struct interference_figure {
    char name[COMPARISON_NAME];
    struct estimate split, whole, interference; /* b - a; all b - all a; their difference */
};

struct interference {
    struct interference_figure *figure; /* owned */
    size_t count, replications;         /* replications: done in all worlds */
    bool of_creators;                   /* figures are a creator, else a viewer */
};

/* From the first `count` replications of `run`. Those that a world lacks are left out. Free it
 * whatever comes. STATUS_BAD_INPUT for tables of other columns. */
enum status interference_read(const struct replications *run, size_t count,
                              struct interference *out, struct errors *errors) MUST_CHECK;
void interference_free(struct interference *self);
void interference_print(const struct interference *self, FILE *to);
/* Rows and objects: metric, split, whole, interference, ci_low, ci_high, sd, replications. */
void interference_csv(const struct interference *self, FILE *to);
void interference_json(const struct interference *self, FILE *to);
/* FOLDER/interference.csv and .json. */
enum status interference_write(const struct interference *self, const char *folder,
                               struct errors *errors) MUST_CHECK;

#endif
