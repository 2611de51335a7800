/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lines of a text file, plain or packed, one after another, in half a megabyte whatever the
 * file holds.
 */
#ifndef IO_LINES_H
#define IO_LINES_H

#include "unpacked.h"

#define LINE_MOST ((size_t)1 << 16) /* bytes of a line that are given */

/* A piece of a line. */
struct field {
    const char *text; /* borrowed; not ended by a NUL */
    size_t length;
};

struct lines {
    struct unpacked from;
    char *buffer; /* owned; [at, end) is not yet used */
    size_t at, end;
    uint64_t number; /* of the line last given, from 1 */
    bool finished;
};

/* As unpacked_open; STATUS_NO_MEMORY. */
enum status lines_open(struct lines *self, const char *path, struct errors *errors) MUST_CHECK;
/* Works on a zeroed object. */
void lines_close(struct lines *self);
/* The next line without its end; line->text = NULL at the end of the file. Of a line that is
 * too long its first LINE_MOST bytes, and *whole is false. Damaged packing is STATUS_BAD_INPUT.
 */
enum status lines_next(struct lines *self, struct field *line, bool *whole,
                       struct errors *errors) MUST_CHECK;

#endif
