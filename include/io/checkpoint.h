/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checkpoints: the whole state of a simulation in one file, by named columns.
 *
 * Layout: magic, program version and byte order (40 bytes), then a record a column: name
 * length, width, count, name, elements, XXH3-64 of all that; then a head of zeros and the
 * digest, XXH3-64 of the records' sums. Numbers are little-endian. Nothing larger than a 64 KiB
 * buffer is held beside the state. A file is written beside its name and renamed when it is on
 * the disk.
 *
 * Loading asks for each column by name, width and count, and looks at its sum before anybody
 * makes use of it, and at the digest in the end: a file that was cut off, damaged, made by
 * another version or for another scenario is refused, and what it filled is thrown away.
 */
#ifndef IO_CHECKPOINT_H
#define IO_CHECKPOINT_H

#include "base/visit.h"

typedef void (*checkpoint_visit)(void *context, struct visitor *v);

/* STATUS_IO with a line that names the file and the reason; what stood at `path` before is then
 * untouched. A status that `visit` sets is handed on. */
enum status checkpoint_save(const char *path, checkpoint_visit visit, void *context,
                            struct errors *errors) MUST_CHECK;
/* STATUS_BAD_INPUT when the file is damaged, cut off, of another version or of another
 * scenario; a reason that `visit` added itself stands alone. What `visit` filled until then is
 * good for nothing but freeing. */
enum status checkpoint_load(const char *path, checkpoint_visit visit, void *context,
                            struct errors *errors) MUST_CHECK;

/* The same of what a checkpoint begins with only; the rest is not looked at. */
enum status checkpoint_peek(const char *path, checkpoint_visit visit, void *context,
                            struct errors *errors) MUST_CHECK;

/* Other files of the same layout: what they begin with (at most 15 characters), the number of
 * their layout (NULL = the program's version), what errors call them, and what one can do about
 * a file of another version. */
struct checkpoint_kind {
    const char *magic, *layout, *name, *hint;
};
enum status checkpoint_save_as(const struct checkpoint_kind *kind, const char *path,
                               checkpoint_visit visit, void *context,
                               struct errors *errors) MUST_CHECK;
enum status checkpoint_load_as(const struct checkpoint_kind *kind, const char *path,
                               checkpoint_visit visit, void *context,
                               struct errors *errors) MUST_CHECK;

/* The digest at the end of a file, unchecked: it tells two checkpoints apart. 0 when there is
 * no such file. */
uint64_t checkpoint_digest(const char *path);

#endif
