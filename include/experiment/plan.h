/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The folder of a sweep:
 *
 *     DIR/design.csv                   point,AXIS,AXIS,...: what number a point has
 *     DIR/scenario.json                the scenario that it began with (io/pinned.h)
 *     DIR/sweep.json                   version, digests, how many points and replications
 *     DIR/trials/000/012/12345-2       point 12345, replication 2 (experiment/trial.h)
 *     DIR/trials/000/012.tar.zst       those of a thousand points, packed (experiment/kept.h)
 *     DIR/table.csv, DIR/failed.csv    when all trials have ended (experiment/gather.h)
 *
 * A folder of each level of trials/ holds at most a thousand.
 *
 * A walk goes through the trials, replication by replication of point by point. Memory does not
 * depend on their number.
 */
#ifndef EXPERIMENT_PLAN_H
#define EXPERIMENT_PLAN_H

#include "experiment/sweep.h"
#include "experiment/trial.h"
#include "io/csv.h"

#define PLAN_BUCKET 1000 /* trials that share a folder */

struct plan {
    char *folder; /* owned */
    char *pinned; /* owned; the file of the scenario that it began with */
    uint64_t points, replications;
};

struct plan_options {
    const char *folder;
    const char *settings; /* the scenario with all that the command line set: pinned_text */
    bool force;           /* removes another sweep that is there */
    bool begun;           /* whatever its file says now: its points are those that are there */
    /* For those who read the folder later: the command, its figures, the seed of the runs. */
    const char *command, *figures; /* NULL = "" */
    int64_t seed;
    /* Points of the caller's own in place of the design of the file: places in the unit cube,
     * [point_count * axes], and what they are ("morris 10"); NULL = the file's. */
    const double *points;
    uint64_t point_count;
    const char *points_name;
};

/* Writes design and description, or, when they are there, makes sure that they are the same
 * sweep's. STATUS_BAD_INPUT, STATUS_IO. Free it whatever comes. */
enum status plan_make(struct plan *self, const struct sweep *sweep,
                      const struct plan_options *options, struct errors *errors) MUST_CHECK;
/* One that is there. */
enum status plan_open(struct plan *self, const char *folder, struct errors *errors) MUST_CHECK;
void plan_free(struct plan *self);
/* A line of the description (sweep.json): "version", "git", "command", "figures", "seed",
 * "points_of"; "" when it is not there. */
enum status plan_describe(const struct plan *self, const char *key, char *out, size_t size,
                          struct errors *errors) MUST_CHECK;

static inline uint64_t plan_trials(const struct plan *self)
{
    return self->points * self->replications;
}
/* Folder of a trial, of those that stand together, and the name of these when packed. */
char *plan_folder_of(const struct plan *self, uint64_t point, uint64_t replicate);
char *plan_bucket(const struct plan *self, uint64_t bucket, bool packed);
static inline uint64_t plan_buckets(const struct plan *self)
{
    return (plan_trials(self) + PLAN_BUCKET - 1) / PLAN_BUCKET;
}

struct plan_walk {
    const struct plan *plan; /* borrowed */
    struct csv design;
    uint64_t point, replicate, number; /* of the trial; number = its ordinal in all */
    char *folder;                      /* owned; of the trial */
    char *place;                       /* owned; of its bucket */
    bool begun, there, packed;         /* is the bucket there, is it packed? */
};

enum status plan_begin(struct plan_walk *self, const struct plan *plan,
                       struct errors *errors) MUST_CHECK;
/* The next trial; *more is false behind the last one. */
enum status plan_next(struct plan_walk *self, bool *more, struct errors *errors) MUST_CHECK;
void plan_end(struct plan_walk *self);
static inline size_t plan_axes(const struct plan_walk *self)
{
    return self->design.columns - 1;
}
/* Axis and its value at this trial; borrowed until plan_next. */
const char *plan_axis(const struct plan_walk *self, size_t axis);
const char *plan_value(const struct plan_walk *self, size_t axis);
/* From the folders. Of a packed trial: TRIAL_DONE, what it was is in the pack. */
enum trial_state plan_state(const struct plan_walk *self);

/* A text as a field of a CSV. */
void plan_field(FILE *to, const char *text);

#endif
