/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guard before libconfig: checks the whole grammar of a scenario file first.
 *
 * libconfig stops at its first error and says "syntax error"; it takes quadratic time in the
 * settings of a group, recurses into brackets, and refuses `[1, 2.5]`. The guard names what was
 * expected and what stands there, keeps every size within bounds, without recursion, and
 * rewrites the text in place so that libconfig reads what was meant: comments and includes
 * become blanks, an array becomes a list (whose elements may be of several types). Lines stay
 * where they are.
 *
 * A word that is wrong in itself (`12x`, `yes`, a dotted name) is replaced by what no scenario
 * can say otherwise, so that the settings around it are still looked at: a value becomes an
 * empty array, a name begins with GUARD_WRONG_NAME.
 */
#ifndef IO_GUARD_H
#define IO_GUARD_H

#include <stddef.h>

#include "base/status.h"

#define GUARD_DEPTH_MOST 64    /* brackets inside brackets */
#define GUARD_NAMES_MOST 256   /* settings in one group */
#define GUARD_INCLUDES_MOST 32 /* @include lines of one file */
#define GUARD_WRONG_NAME '*'   /* begins a name that was complained of */

struct guard_include {
    char *name; /* owned; as written */
    int line;
};

struct guard {
    struct guard_include includes[GUARD_INCLUDES_MOST];
    int include_count;
    bool readable; /* libconfig can read the text, wrong as some of its words were */
};

/* Scans `length` bytes of `text` (text[length] is a NUL), which came from `file`. Every error
 * is added with its line, but after the first error of grammar (not of a single word) the rest
 * is read for wrong words only. STATUS_BAD_INPUT when there was one, STATUS_NO_MEMORY. */
enum status guard_scan(struct guard *self, const char *file, char *text, size_t length,
                       struct errors *errors) MUST_CHECK;
void guard_free(struct guard *self);

#endif
