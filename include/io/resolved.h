/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The resolved scenario: every parameter with its value, as the lines of a JSON object.
 *
 * It is taken before the run, because policy changes write parameters while it goes on. The
 * manifest shows it, and a checkpoint carries it, so that a run is resumed under the scenario
 * that it was begun with and no other.
 */
#ifndef IO_RESOLVED_H
#define IO_RESOLVED_H

#include "base/parameters.h"
#include "base/visit.h"
#include "engine/time.h"

/* `"viewers.count": 20000,` and so on, a line a parameter in the order of the schema, the last
 * one without comma and newline. Owned by the caller; NULL without memory. */
char *resolved_text(const struct parameters *parameters);

/* How every state begins: the scenario, and the instant. */
struct resolved {
    char *text;
    sim_time now;
};

/* What was saved, its text owned by the caller: for those who have no scenario of their own.
 * v->status says why when text is NULL. */
struct resolved resolved_load(struct visitor *v);
/* Sets what the text says of a path, or of all paths when `path` is NULL, as the command line
 * would. STATUS_BAD_INPUT with a line in errors, beginning with `where`, for each setting that
 * will not do. */
enum status resolved_apply(const char *text, const char *path, struct parameters *parameters,
                           const char *where, struct errors *errors) MUST_CHECK;

/* Line by line as long as both texts speak of the same settings: a line in errors, beginning
 * with `where`, for each of the first dozen that differ. Returns how many do. */
size_t resolved_compare(const char *then, const char *now, const char *where,
                        struct errors *errors);

/* Saves both, or compares the text with the one that was saved: where they differ v->status is
 * STATUS_BAD_INPUT and `errors` has a line for each setting, beginning with `where`. */
void resolved_visit(const struct resolved *self, struct visitor *v, const char *where,
                    struct errors *errors);

#endif
