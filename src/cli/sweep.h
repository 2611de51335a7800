/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the parts of `reelsim sweep` share: a sweep that was read, with its scenario.
 */
#ifndef CLI_SWEEP_H
#define CLI_SWEEP_H

#include "command.h"
#include "sweep_source.h"

struct sweeping {
    const struct arguments *arguments;
    struct arguments run; /* with the settings of the sweep's file before its own */
    char set[SCHEMA_NAMES_MAX][SCHEMA_NAME_SIZE];
    struct sweep sweep;
    struct model model;
    struct plan plan;
    char *settings; /* owned; the scenario as it is now (io/pinned.h) */
    char *folder;   /* owned; of the results */
    char *pin;      /* owned; what the scenario was when it began; NULL = as it is now */
    char *command;  /* owned; that makes it again */
    char *figures;  /* owned; of the page: "a,b"; "" = the usual ones */
    struct sweep_only only;
    bool ranges;    /* values anywhere between from and to, whatever the file's design */
    double stale_s; /* claims that were not touched for so long are dead ones' */
};

/* sweep_cost.c. The scenario where the axes make its world largest: most viewers, days and
 * creators. With a point: its own values for all else, creators too. */
enum status sweep_largest(const struct sweeping *sweeping, const struct sweep_point *point,
                          struct model *model, struct errors *errors) MUST_CHECK;

/* What the trials of one replication take, of the points that are asked for. */
struct sweep_cost {
    uint64_t points;
    double core_s;          /* of one core, all of them */
    double least_s, most_s; /* the shortest and the longest of them */
    double bytes;           /* of the largest */
    uint32_t tried;         /* points that short runs were made of */
};
enum status sweep_cost_make(struct sweep_cost *self, const struct sweeping *sweeping,
                            struct errors *errors) MUST_CHECK;

struct crew_options;
/* experiment_crew for these trials, the largest of which decides how many run at a time. */
enum status sweep_crew(const struct sweeping *self, struct crew_options *crew, uint64_t trials,
                       struct errors *errors) MUST_CHECK;

/* Points of the design, which need not have been written down; with `only` those of them. */
enum status sweep_count_points(const struct sweep *sweep, const struct sweep_only *only,
                               uint64_t *points, struct errors *errors) MUST_CHECK;

/* One array of tasks for Slurm that share the trials that `source` still has to do. With `dry`
 * its script is printed, of all trials, and nothing is written or submitted. */
enum status sweep_slurm(struct sweeping *self, struct sweep_source *source, bool dry,
                        struct errors *errors) MUST_CHECK;

#endif
