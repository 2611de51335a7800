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

/* Saves the text, or compares it with the one that was saved: where they differ v->status is
 * STATUS_BAD_INPUT and `errors` has a line for each setting, beginning with `where`. */
void resolved_visit(const char *text, struct visitor *v, const char *where,
                    struct errors *errors);

#endif
