/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table that grows a piece at a time: rows never move, nothing is copied, no old copy leaves
 * a hole, and less than a piece stands empty. For tables whose size nobody foresees: open
 * sessions, events of the far future. Rows are new (zero) until they are written.
 */
#ifndef BASE_PIECES_H
#define BASE_PIECES_H

#include <stddef.h>

#include "base/status.h"

#define PIECE_ROWS ((size_t)64)

struct pieces {
    char **piece; /* owned, and each of them */
    size_t count, room;
};

/* A row of `size` bytes, the same for all rows of a table. */
static inline void *pieces_at(const struct pieces *self, size_t row, size_t size)
{
    return self->piece[row / PIECE_ROWS] + row % PIECE_ROWS * size;
}
static inline size_t pieces_rows(const struct pieces *self) { return self->count * PIECE_ROWS; }
/* Room for `rows` rows in all; STATUS_NO_MEMORY leaves what there is. */
enum status pieces_reserve(struct pieces *self, size_t rows, size_t size) MUST_CHECK;
void pieces_free(struct pieces *self);
/* The first n rows side by side in memory of their own (memory_free), for a walk by columns;
 * NULL when there is none. */
void *pieces_gather(const struct pieces *self, size_t n, size_t size);
/* And back into the table, which has room for them. */
void pieces_scatter(struct pieces *self, const void *rows, size_t n, size_t size);
/* Memory held, in bytes. */
size_t pieces_bytes(const struct pieces *self, size_t size);

#endif
