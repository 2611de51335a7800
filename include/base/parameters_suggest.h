/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far a misspelt word is from one that exists: what "did you mean" is decided by, for
 * settings, choices and columns of a table alike.
 */
#ifndef BASE_PARAMETERS_SUGGEST_H
#define BASE_PARAMETERS_SUGGEST_H

/* How many letters must be added, removed, changed or swapped with their neighbour to turn a
 * into b (Damerau-Levenshtein, optimal string alignment); texts of 256 bytes or more are 999
 * apart. */
int parameters_suggest_distance(const char *a, const char *b);
/* `other`, if it is nearer to `name` than *best, which becomes its distance; else `near`. The
 * nearest of many: from NULL and the first distance that is too far on. */
const char *parameters_suggest_nearer(const char *name, const char *other, int *best,
                                      const char *near);

#endif
