/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text that is written packed (zstd, RFC 8878) while a run goes on, in frames of one MiB of
 * text each. Where a frame ends depends on nothing but the text, so a run that was interrupted
 * and resumed ends with the same bytes: text that fills no frame yet is kept with the
 * checkpoint. Every frame has a checksum; the file as a whole is one for any zstd reader.
 */
#ifndef IO_PACKED_H
#define IO_PACKED_H

#include <stdio.h>

#include <zstd.h>

#include "base/visit.h"

struct packed {
    FILE *to;    /* borrowed; set by the owner before a frame is full */
    char *text;  /* owned; [used) fill no frame yet */
    char *frame; /* owned */
    size_t used, room, frame_room;
    ZSTD_CCtx *zstd; /* owned */
};

/* Works on a zeroed object. STATUS_NO_MEMORY. */
enum status packed_open(struct packed *self) MUST_CHECK;
void packed_close(struct packed *self);
/* Adds text and writes the frames that it fills; STATUS_IO with errno set. */
enum status packed_write(struct packed *self, const char *text, size_t size) MUST_CHECK;
/* The rest as a last, shorter frame. */
enum status packed_finish(struct packed *self) MUST_CHECK;
/* The text that waits. */
void packed_visit(struct packed *self, struct visitor *v);

#endif
