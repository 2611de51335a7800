/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/pieces.h"

#include <string.h>

#include "base/memory.h"

enum status pieces_reserve(struct pieces *self, size_t rows, size_t size)
{
    while (pieces_rows(self) < rows) {
        enum status status = memory_grow(&self->piece, &self->room, self->count + 1,
                                         sizeof *self->piece);
        if (status != STATUS_OK) return status;
        char *piece = memory_alloc(PIECE_ROWS, size);
        if (!piece) return STATUS_NO_MEMORY;
        self->piece[self->count++] = piece;
    }
    return STATUS_OK;
}

void pieces_free(struct pieces *self)
{
    for (size_t i = 0; i < self->count; i++) memory_free(self->piece[i]);
    memory_free(self->piece);
    *self = (struct pieces){0};
}

/* Rows of the piece that row `at` begins, of n in all. */
static size_t rows_here(size_t at, size_t n)
{
    return n - at < PIECE_ROWS ? n - at : PIECE_ROWS;
}

void *pieces_gather(const struct pieces *self, size_t n, size_t size)
{
    char *rows = memory_alloc(n, size);
    for (size_t at = 0; rows && at < n; at += PIECE_ROWS)
        memcpy(rows + at * size, self->piece[at / PIECE_ROWS], rows_here(at, n) * size);
    return rows;
}

void pieces_scatter(struct pieces *self, const void *rows, size_t n, size_t size)
{
    for (size_t at = 0; at < n; at += PIECE_ROWS)
        memcpy(self->piece[at / PIECE_ROWS], (const char *)rows + at * size,
               rows_here(at, n) * size);
}

size_t pieces_bytes(const struct pieces *self, size_t size)
{
    return pieces_rows(self) * size + self->room * sizeof *self->piece;
}
