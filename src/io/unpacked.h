/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bytes of a file, whatever it is packed with: plain, gzip (RFC 1952) or zstd (RFC 8878),
 * recognised by its first bytes, several members or frames one after another. Streaming, in a
 * few hundred KiB and, for zstd, the window that the frame asks for (at most 128 MiB).
 */
#ifndef IO_UNPACKED_H
#define IO_UNPACKED_H

#include <stddef.h>
#include <stdint.h>

#include <zlib.h>
#include <zstd.h>

#include "base/status.h"

struct unpacked {
    const char *path;     /* borrowed */
    int descriptor;       /* owned; 0 = none */
    uint64_t taken, size; /* packed bytes used so far; all of them, 0 = not known (a pipe) */
    char *packed;         /* owned; what was read and not yet used: [at, end) */
    size_t at, end;
    bool finished;   /* the file holds no more */
    bool inside;     /* a member or frame has begun and not ended */
    bool gzip_ready; /* inflateInit2 was done */
    z_stream gzip;
    ZSTD_DStream *zstd; /* owned; NULL unless it is zstd */
};

/* A folder or a file that cannot be opened is STATUS_BAD_INPUT. `path` must outlive self. */
enum status unpacked_open(struct unpacked *self, const char *path,
                          struct errors *errors) MUST_CHECK;
/* The next 1 to `room` bytes; *got = 0 at the end. Damaged or cut packing is STATUS_BAD_INPUT.
 */
enum status unpacked_read(struct unpacked *self, char *out, size_t room, size_t *got,
                          struct errors *errors) MUST_CHECK;
/* Works on a zeroed object. */
void unpacked_close(struct unpacked *self);

#endif
