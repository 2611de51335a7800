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

#include "world/member.h"

struct registry {
    const char *kind;             /* "ranker" */
    const struct member **member; /* owned array of borrowed members */
    size_t count;
};

struct registries {
    struct registry *kind; /* owned */
    size_t count;
};

/* NULL when there is no such kind or name. */
const struct member *registry_find(const struct registries *self, const char *kind,
                                   const char *name);
/* Position of the member within its kind, or -1. */
int32_t registry_index(const struct registries *self, const char *kind, const char *name);

#endif
