/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files that appear whole or not at all, and small files read at once.
 *
 * A `struct file` is written beside its final name and takes that name only in file_commit,
 * after its bytes are on the disk: a reader, a crash or a full disk never meets half a file
 * under the final name. Long tables that grow while a run goes on are io/table's business.
 */
#ifndef IO_FILE_H
#define IO_FILE_H

#include <stdint.h>
#include <stdio.h>

#include "base/status.h"

struct file {
    char *path;      /* owned; the final name */
    char *temporary; /* owned; path + ".new", in the same folder so that rename is atomic */
    FILE *stream;    /* owned; write to it with stdio, file_commit looks at its error flag */
};

/* Opens path + ".new", emptied. STATUS_IO with the system's reason. */
enum status file_create(struct file *self, const char *path, struct errors *errors) MUST_CHECK;
/* Flushes, syncs, renames, syncs the folder; self is zeroed. On failure (STATUS_IO) the
 * temporary is removed and what stood under the final name before is untouched. */
enum status file_commit(struct file *self, struct errors *errors) MUST_CHECK;
/* Closes and removes the temporary. Works on a zeroed or committed file. */
void file_discard(struct file *self);

/* Writes all `size` bytes, carrying on after short writes and signals; false with errno set. */
bool file_write_all(int descriptor, const void *data, size_t size);
/* Makes a rename or creation of `path` durable; false with errno set. File systems that cannot
 * sync a folder (EINVAL) count as done. */
bool file_sync_folder_of(const char *path);
/* `folder` and `name` joined by one slash; an absolute name stands alone. NULL without memory.
 */
char *file_join(const char *folder, const char *name);
/* The part of `path` before its last slash, "." when there is none; NULL without memory. */
char *file_folder_of(const char *path);

/* Is there anything of that name, were it a link to nothing? */
bool file_exists(const char *path);
/* Is the open file still the one of that name? A lock on one that was removed guards nothing.
 */
bool file_is_at(int descriptor, const char *path);
/* Calls `each` for every entry of a folder, in no order, until it returns false; false with
 * errno set at the first failure. */
bool file_each(const char *folder, bool (*each)(const char *path, void *context),
               void *context);
/* Removes a file, a link (never what it points at), or a folder and all in it; false with errno
 * set. */
bool file_remove(const char *path);
/* Every entry of a folder on the disk; false with errno set. */
bool file_sync_all(const char *folder);

/* mkdir -p: the folder, and those that it stands in. STATUS_IO with a line. */
enum status file_make_folder(const char *path, struct errors *errors) MUST_CHECK;
/* The same of the folder that a file stands in. */
enum status file_make_folder_of(const char *path, struct errors *errors) MUST_CHECK;

/* Reads a whole regular file of at most `most` bytes. *text is owned by the caller and ended by
 * a NUL that *length does not count. A folder, a pipe or a larger file is refused by its stat,
 * before a byte is read. Errors (STATUS_BAD_INPUT) name `path` and the reason. */
enum status file_read(const char *path, size_t most, char **text, size_t *length,
                      struct errors *errors) MUST_CHECK;

#endif
