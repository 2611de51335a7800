/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lines.h"

#include <string.h>

#include "base/memory.h"

#define BUFFER_ROOM ((size_t)1 << 18)

enum status lines_open(struct lines *self, const char *path, struct errors *errors)
{
    *self = (struct lines){0};
    enum status status = unpacked_open(&self->from, path, errors);
    if (status) return status;
    self->buffer = memory_alloc(BUFFER_ROOM, 1);
    return self->buffer ? STATUS_OK : STATUS_NO_MEMORY;
}

void lines_close(struct lines *self)
{
    unpacked_close(&self->from);
    memory_free(self->buffer);
}

static enum status lines_more(struct lines *self, struct errors *errors)
{
    size_t got;
    memmove(self->buffer, self->buffer + self->at, self->end - self->at);
    self->end -= self->at;
    self->at = 0;
    enum status status = unpacked_read(&self->from, self->buffer + self->end,
                                       BUFFER_ROOM - self->end, &got, errors);
    if (!status && got == 0) self->finished = true;
    if (!status) self->end += got;
    return status;
}

enum status lines_next(struct lines *self, struct field *line, bool *whole,
                       struct errors *errors)
{
    const char *end = NULL;
    size_t looked = 0;
    enum status status = STATUS_OK;
    bool skipping = false;
    *line = (struct field){0};
    for (;;) {
        size_t there = self->end - self->at;
        if (there > looked)
            end = memchr(self->buffer + self->at + looked, '\n', there - looked);
        if (end || self->finished) break;
        looked = there;
        if (there >= LINE_MOST && self->number == 0 &&
            memchr(self->buffer + self->at, 0, there))
            break; /* no text at all: its first line may have no end, as /dev/zero's */
        if (there >= LINE_MOST) { /* keep nothing of it but its start */
            skipping = true;
            self->end = self->at + LINE_MOST;
            looked = LINE_MOST;
        }
        status = lines_more(self, errors);
        if (status) return status;
    }
    if (!end && self->at == self->end) return STATUS_OK;
    line->text = self->buffer + self->at;
    line->length = end ? (size_t)(end - line->text) : self->end - self->at;
    self->at += line->length + (end ? 1 : 0);
    self->number++;
    *whole = !skipping && line->length <= LINE_MOST;
    if (line->length > LINE_MOST) line->length = LINE_MOST;
    if (line->length && line->text[line->length - 1] == '\r') line->length--;
    return STATUS_OK;
}
