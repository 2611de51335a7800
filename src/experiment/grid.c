/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "grid.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/memory.h"
#include "experiment/digits.h"

enum status grid_init(struct grid *self, size_t room)
{
    self->text = memory_alloc(room, sizeof *self->text);
    self->cell = memory_alloc(room, sizeof *self->cell);
    self->room = room;
    return self->text && self->cell ? STATUS_OK : STATUS_NO_MEMORY;
}

void grid_free(struct grid *self)
{
    memory_free(self->text);
    memory_free(self->cell);
}

void grid_put(struct grid *self, const char *format, ...)
{
    va_list list;
    require(self->count < self->room);
    va_start(list, format);
    vsnprintf(self->text[self->count], GRID_CELL, format, list);
    va_end(list);
    self->cell[self->count] = self->text[self->count];
    self->count++;
}

void grid_number(struct grid *self, double value, bool sign)
{
    char text[DIGITS_TEXT];
    digits_text(value, sign ? 4 : 3, text);
    grid_put(self, "%s%s", sign && value >= 0 ? "+" : "", text);
}

void grid_heads(struct grid *self, const char *const *head, size_t n)
{
    for (size_t i = 0; i < n; i++) grid_put(self, "%s", head[i]);
}

void grid_interval(struct grid *self, double low, double high, int digits)
{
    char text[DIGITS_INTERVAL];
    grid_put(self, "%s", digits_interval(low, high, digits, text));
}
