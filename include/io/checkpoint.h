/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checkpoints: the whole state of a simulation in one file, by named columns.
 *
 * Layout: magic and version (16 bytes), then a record a column: name length, width, count,
 * name, elements, XXH3-64 of all that; then a record of length 0. Numbers are little-endian. A
 * file is written beside its name and renamed when it is on the disk. Loading asks for each
 * column by name, width and count, so bytes that were damaged or made up end in an error, never
 * in the state.
 */
#ifndef IO_CHECKPOINT_H
#define IO_CHECKPOINT_H

#include "base/visit.h"

typedef void (*checkpoint_visit)(void *context, struct visitor *v);

/* STATUS_IO with a line that names the file and the reason. */
enum status checkpoint_save(const char *path, checkpoint_visit visit, void *context,
                            struct errors *errors) MUST_CHECK;
/* STATUS_BAD_INPUT when the file is damaged, cut off, of another version or of another
 * scenario. What `visit` filled until then is good for nothing but freeing. */
enum status checkpoint_load(const char *path, checkpoint_visit visit, void *context,
                            struct errors *errors) MUST_CHECK;

#endif
