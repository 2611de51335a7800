/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Arms: an experiment inside a run. A share of the viewers, or of the creators, lives under
 * other values of some parameters (arm B); everybody else under the scenario's own (arm A).
 *
 *     experiment : { split = "viewer"; share = 0.5;
 *                    changes = ( { set = "platform.ads.load"; value = "0.15"; } ); };
 *
 * Who is in arm B is a function of its birth name, the seed and the salt: the same in every
 * world and whatever else a scenario says. There are two blocks of values, one an arm; who
 * reads a row that may be split asks for the block of the viewer's or creator's arm. Counters
 * and money are common to both, and so is what the platform learns unless separate_models.
 */
#ifndef WORLD_ARMS_H
#define WORLD_ARMS_H

#include "base/parameters.h"
#include "engine/stream.h"

enum arm { ARM_A, ARM_B, ARMS };

struct experiment_parameters { /* "experiment" */
    int32_t split;             /* enum schema_split */
    double share;
    int64_t salt;
    bool separate_models;
};

struct arms {
    enum schema_split by;                  /* NONE = there is one arm, A */
    const struct experiment_parameters *p; /* borrowed; NULL unless there are two */
    struct stream_key key;
    uint32_t salt;
    struct parameters other; /* owned: all values as arm B has them */
};

extern const struct schema_table arms_table, arms_change_table;

/* A zeroed `self` has one arm. STATUS_BAD_INPUT, with a line in errors each, when a change is
 * not one that may be split in this way, or its value is none of the row's. */
enum status arms_init(struct arms *self, const struct parameters *parameters, struct seed seed,
                      struct errors *errors) MUST_CHECK;
void arms_free(struct arms *self);
/* Does the experiment set this path? */
bool arms_change(const struct parameters *parameters, const char *path);
/* A dated change holds in arm B too. Nothing to do while there is one arm. */
enum status arms_set(struct arms *self, const char *path, const char *value, const char *where,
                     struct errors *errors) MUST_CHECK;

/* Where a name falls, uniform in (0, 1): below the share is arm B. */
static inline double arms_uniform(const struct arms *self, uint64_t name)
{
    struct stream_words words = stream_block(self->key, name, self->salt, 0);
    return words_uniform(words.word[0], words.word[1]);
}

/* Arm of the viewer or creator of that birth name; A unless the run is split by these. */
static inline enum arm arms_of(const struct arms *self, enum schema_split by, uint64_t name)
{
    return self->by == by && arms_uniform(self, name) < self->p->share ? ARM_B : ARM_A;
}

/* The values of a table in arm B; the table's own while there is one arm. */
static inline const void *arms_block(const struct arms *self,
                                     const struct parameters *parameters, const char *prefix)
{
    return parameters_block(self->by ? &self->other : parameters, prefix);
}

#endif
