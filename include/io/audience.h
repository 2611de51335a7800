/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Audience files: struct audience on the disk.
 *
 * The layout is a checkpoint's (io/checkpoint.h): magic "reelsim people 1", the number of the
 * layout, then a record a column with its sum. Every program of the same layout reads them.
 */
#ifndef IO_AUDIENCE_H
#define IO_AUDIENCE_H

#include "world/audience.h"

/* STATUS_IO with a line; what stood at `path` before is then untouched. */
enum status audience_save(struct audience *self, const char *path,
                          struct errors *errors) MUST_CHECK;
/* Into a zeroed object, with the file's digest. STATUS_BAD_INPUT with a line for a file that is
 * not there, cut off, damaged, no audience, or holds what cannot be. */
enum status audience_load(struct audience *self, const char *path,
                          struct errors *errors) MUST_CHECK;

#endif
