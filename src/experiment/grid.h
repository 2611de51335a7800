/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of a table of a report page, cell after cell, in one block. */
#ifndef EXPERIMENT_GRID_H
#define EXPERIMENT_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

#define GRID_CELL 128
struct grid {
    char (*text)[GRID_CELL]; /* owned */
    const char **cell;       /* owned; points into text */
    size_t count, room;
};

/* Room for so many cells. STATUS_NO_MEMORY. */
enum status grid_init(struct grid *self, size_t room) MUST_CHECK;
void grid_free(struct grid *self); /* works on a zeroed one */
void grid_put(struct grid *self, const char *format, ...) PRINTF_LIKE(2, 3);
/* With `sign` "+1.234", else "1.23"; a dash when it is not finite. */
void grid_number(struct grid *self, double value, bool sign);
void grid_heads(struct grid *self, const char *const *head, size_t n);
/* With so many digits; a dash when there is none. */
void grid_interval(struct grid *self, double low, double high, int digits);

#endif
