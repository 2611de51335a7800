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

/* `"viewers.count": 20000,` and so on, a line a parameter in the order of the schema, the last
 * one without comma and newline. Owned by the caller; NULL without memory. */
char *resolved_text(const struct parameters *parameters);

/* The text that was saved, owned by the caller, instead: for those who have no scenario of
 * their own. NULL when v->status says why. */
char *resolved_load(struct visitor *v);
/* Sets what the text says of a path, or of all paths when `path` is NULL, as the command line
 * would. STATUS_BAD_INPUT with a line in errors, beginning with `where`, for each setting that
 * will not do. */
enum status resolved_apply(const char *text, const char *path, struct parameters *parameters,
                           const char *where, struct errors *errors) MUST_CHECK;

/* Saves the text, or compares it with the one that was saved: where they differ v->status is
 * STATUS_BAD_INPUT and `errors` has a line for each setting, beginning with `where`. */
void resolved_visit(const char *text, struct visitor *v, const char *where,
                    struct errors *errors);

#endif
