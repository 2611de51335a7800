/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The trials of a sweep that are asked for, one after another: all, those of some points
 * (--only 17,40-60), those that failed (--failed). Packed ones have ended and are passed over.
 */
#ifndef CLI_SWEEP_SOURCE_H
#define CLI_SWEEP_SOURCE_H

#include "experiment/plan.h"

struct sweep_range {
    uint64_t first, last;
};

/* The points of --only 17,40-60; none = all. */
struct sweep_only {
    struct sweep_range *range; /* owned */
    size_t ranges, room;
};
/* `text` NULL = all. STATUS_USAGE when it is no list of points below `points`. */
enum status sweep_only_read(struct sweep_only *self, const char *text, uint64_t points,
                            struct errors *errors) MUST_CHECK;
bool sweep_only_has(const struct sweep_only *self, uint64_t point);
void sweep_only_free(struct sweep_only *self); /* works on a zeroed one */

struct sweep_source {
    const struct plan *plan;
    const struct sweep *sweep;
    const char *const *set; /* of all points */
    int set_count;
    int64_t seed;   /* run.seed, where it is no axis */
    bool failed;    /* only those that failed */
    bool listed;    /* makes no folders */
    uint64_t first; /* the trial to begin with; those before it come last */
    bool wrapped;
    struct errors *errors;
    struct plan_walk walk;
    const struct sweep_only *only; /* NULL = all points */
    const char **words;            /* owned; settings of the trial */
    char *axes;                    /* owned; texts of those of the axes */
};

enum status sweep_source_begin(struct sweep_source *self);
/* For crew_source: context is the source. Makes the folder that the trial's stands in. */
enum status sweep_source_next(void *context, struct trial *trial);
/* For crew_source, too: from `first` once more. */
enum status sweep_source_again(void *context);
/* How many trials it names; 0 = not known. */
uint64_t sweep_source_total(const struct sweep_source *self);
void sweep_source_end(struct sweep_source *self); /* works on one that was not begun */

#endif
