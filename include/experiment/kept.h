/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What trials left, wherever it is: in their folders, or packed. To be asked in the order of
 * the walk: packed trials are read one after another.
 */
#ifndef EXPERIMENT_KEPT_H
#define EXPERIMENT_KEPT_H

#include "experiment/figures.h"
#include "experiment/plan.h"

struct archive_reader;

struct kept {
    enum trial_state state;
    char *manifest, *cohorts, *failed; /* owned texts; NULL = there is none */
    struct archive_reader *archive;    /* owned; the pack that is being read */
    char *path;                        /* owned; its name */
    uint64_t bucket;
    char *ahead_name, *ahead; /* owned; the file that was read and not yet used */
};

/* State and texts of the trial that the walk stands on. STATUS_BAD_INPUT when a pack is
 * damaged.
 */
enum status kept_read(struct kept *self, const struct plan_walk *walk,
                      struct errors *errors) MUST_CHECK;
/* The figures of one that is done; free them whatever comes. */
enum status kept_figures(const struct kept *self, const struct plan_walk *walk,
                         struct figures *out, struct errors *errors) MUST_CHECK;
void kept_free(struct kept *self); /* works on a zeroed one */

/* Packs every bucket of a sweep whose trials have all ended. STATUS_BAD_INPUT when some have
 * not, STATUS_IO. Killed anywhere, the next call goes on. */
enum status kept_pack(const struct plan *plan, struct errors *errors) MUST_CHECK;

#endif
