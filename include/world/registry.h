/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Registries: for each kind of plug-in its built-in members and those a scenario loads.
 *
 * A folder lists its built-in members in one const table (one X-macro line a member) and finds
 * the ones a scenario asks for by name here; the member's struct starts with struct member, so
 * the folder casts back. sim/ builds the instance: built-ins first, loaded ones behind them.
 */
#ifndef WORLD_REGISTRY_H
#define WORLD_REGISTRY_H

#include "base/member.h"
#include "base/parameters.h"
#include "base/status.h"

struct registry {
    const char *kind;             /* "ranker" */
    const struct member **member; /* owned array of borrowed members */
    size_t count;
};

struct registries {
    struct registry *kind; /* owned */
    size_t count;
};

/* NULL when there is no such kind. */
struct registry *registry_kind(const struct registries *self, const char *kind);
/* NULL when there is no such kind or name. */
const struct member *registry_find(const struct registries *self, const char *kind,
                                   const char *name);
/* All of `names` are members; else STATUS_BAD_INPUT, the first that is not in errors under the
 * parameter `path`. */
enum status registry_known(const struct registries *self, const char *kind,
                           const struct name_list *names, const char *path,
                           struct errors *errors) MUST_CHECK;

/* A row of creators' cohorts that names those members in use which they use themselves:
 * `creators.streams` of `revenue.streams`. */
struct registry_users {
    const char *row, *list;  /* "streams", "revenue.streams" */
    const char *const *name; /* in use, by number */
    size_t count;            /* at most 16 */
};
/* By cohort: bit i of uses[k] = cohort k uses name i; one that names nothing uses all. So do
 * all where the schema knows no cohorts. `uses` has SCHEMA_NAMES_MAX places. A name that is not
 * in use: STATUS_BAD_INPUT with a line in errors. */
enum status registry_uses(const struct parameters *parameters,
                          const struct registry_users *users, uint16_t *uses,
                          struct errors *errors) MUST_CHECK;

#endif
