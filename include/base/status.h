/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Status codes and error texts.
 *
 * A function that can fail returns `enum status`. What a person must read about the failure is
 * added to a `struct errors`: where, what, the value, what is allowed, a suggestion. A reader
 * adds as many lines as it finds and goes on, so that all errors of a file are reported in one
 * go. Bugs are not statuses: `require()` stops the process, in every build.
 */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include <stdbool.h>
#include <stddef.h>

/* name, exit code of the process, text */
#define STATUS_LIST(X)                                                                         \
    X(STATUS_OK, 0, "done")                                                                    \
    X(STATUS_NO_MEMORY, 1, "out of memory")                                                    \
    X(STATUS_IO, 1, "a file could not be read or written")                                     \
    X(STATUS_FAULT, 1, "the run failed")                                                       \
    X(STATUS_UNBALANCED, 1, "the books do not balance")                                        \
    X(STATUS_BAD_INPUT, 2, "bad input")                                                        \
    X(STATUS_USAGE, 2, "usage")                                                                \
    X(STATUS_INTERRUPTED, 3, "interrupted, resumable")

enum status {
#define STATUS_ENUM(name, code, text) name,
    STATUS_LIST(STATUS_ENUM)
#undef STATUS_ENUM
};

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

/* The exit code and the one-line text of a status. */
int status_exit_code(enum status status);
const char *status_text(enum status status);

/* Error lines, in the order they were found. A zeroed struct is empty and valid. */
struct errors {
    char *text;    /* lines, each ended by '\n'; owned; NULL when empty */
    size_t length; /* bytes in text, without the final NUL */
    size_t count;  /* lines added, also those past the cap of 200, which are only counted */
};

/* Adds one line and returns `status`, so that a caller can `return errors_add(...)`. */
enum status errors_add(struct errors *self, enum status status, const char *format, ...)
    PRINTF_LIKE(3, 4);
void errors_free(struct errors *self);

/* Always on, for cheap preconditions: prints file, line and condition, then aborts. */
#define require(condition)                                                                     \
    ((condition) ? (void)0 : require_failed(__FILE__, __LINE__, #condition))
_Noreturn void require_failed(const char *file, int line, const char *condition);

#endif
