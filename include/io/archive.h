/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many small files in one: a tar (POSIX ustar) packed with zstd, which `tar --zstd -xf`
 * unpacks. The same files give the same bytes: no times, no owners. One file at a time is in
 * memory.
 */
#ifndef IO_ARCHIVE_H
#define IO_ARCHIVE_H

#include <stdio.h>

#include "base/status.h"

#define ARCHIVE_NAME_SIZE 100
#define ARCHIVE_FILE_MOST ((size_t)1 << 30)

struct archive_writer;
struct archive_reader;

/* Writes to `to`, which is borrowed. NULL without memory. */
struct archive_writer *archive_begin(FILE *to);
/* A regular file; `name` is relative and shorter than ARCHIVE_NAME_SIZE. STATUS_IO. */
enum status archive_add(struct archive_writer *self, const char *name, const void *bytes,
                        size_t size) MUST_CHECK;
/* Writes the end; frees self whatever comes. */
enum status archive_end(struct archive_writer *self) MUST_CHECK;

/* STATUS_BAD_INPUT when it cannot be opened. *self is NULL then. `path` must outlive it. */
enum status archive_open(struct archive_reader **self, const char *path,
                         struct errors *errors) MUST_CHECK;
/* The next file: its name is in the reader until the next call, its bytes (ended by a NUL that
 * *size does not count) are owned by the caller. *name is NULL behind the last one.
 * STATUS_BAD_INPUT when the archive is damaged. */
enum status archive_next(struct archive_reader *self, const char **name, char **bytes,
                         size_t *size, struct errors *errors) MUST_CHECK;
void archive_close(struct archive_reader *self); /* NULL is fine */

#endif
