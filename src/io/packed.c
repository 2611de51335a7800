/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "packed.h"

#include <string.h>

#include "base/memory.h"

#define FRAME_TEXT ((size_t)1 << 20)
#define LEVEL 1 /* half as fast again as 3 and a seventh larger */

enum status packed_open(struct packed *self)
{
    *self = (struct packed){.room = FRAME_TEXT, .frame_room = ZSTD_compressBound(FRAME_TEXT)};
    self->text = memory_alloc(self->room, 1);
    self->frame = memory_alloc(self->frame_room, 1);
    self->zstd = ZSTD_createCCtx();
    if (!self->text || !self->frame || !self->zstd) return STATUS_NO_MEMORY;
    if (ZSTD_isError(ZSTD_CCtx_setParameter(self->zstd, ZSTD_c_compressionLevel, LEVEL)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(self->zstd, ZSTD_c_checksumFlag, 1)))
        return STATUS_FAULT;
    return STATUS_OK;
}

void packed_close(struct packed *self)
{
    memory_free(self->text);
    memory_free(self->frame);
    ZSTD_freeCCtx(self->zstd);
    *self = (struct packed){0};
}

static enum status write_frame(struct packed *self)
{
    size_t size = ZSTD_compress2(self->zstd, self->frame, self->frame_room, self->text,
                                 self->used);
    if (ZSTD_isError(size)) return STATUS_NO_MEMORY;
    self->used = 0;
    return fwrite(self->frame, 1, size, self->to) == size ? STATUS_OK : STATUS_IO;
}

enum status packed_write(struct packed *self, const char *text, size_t size)
{
    enum status status = STATUS_OK;
    while (size > 0 && !status) {
        size_t n = self->room - self->used;
        if (n > size) n = size;
        memcpy(self->text + self->used, text, n);
        self->used += n;
        text += n;
        size -= n;
        if (self->used == self->room) status = write_frame(self);
    }
    return status;
}

enum status packed_finish(struct packed *self)
{
    return self->used ? write_frame(self) : STATUS_OK;
}

void packed_visit(struct packed *self, struct visitor *v)
{
    uint64_t used = self->used;
    visit_count(v, "packed.used", &used, FRAME_TEXT - 1);
    if (v->status) return;
    self->used = (size_t)used;
    visit_column(v, "packed.text", self->text, 1, 1, self->used);
}
