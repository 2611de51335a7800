/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/slab.h"

#include "base/memory.h"

#define SLAB_LEAST ((size_t)16 << 10)
#define SLAB_MOST ((size_t)8 << 20)

static enum status slab_add(struct slabs *self, size_t least)
{
    size_t bytes = self->bytes / 8 / SLAB_LEAST * SLAB_LEAST;
    if (bytes < SLAB_LEAST) bytes = SLAB_LEAST;
    if (bytes > SLAB_MOST) bytes = SLAB_MOST;
    if (bytes < least) bytes = least;
    if (memory_grow(&self->slab, &self->room, self->count + 1, sizeof *self->slab) != STATUS_OK)
        return STATUS_NO_MEMORY;
    char *slab = memory_alloc(1, bytes);
    if (!slab) return STATUS_NO_MEMORY;
    self->slab[self->count++] = slab;
    self->next = slab;
    self->end = slab + bytes;
    self->bytes += bytes;
    return STATUS_OK;
}

void *slabs_take(struct slabs *self, size_t bytes)
{
    if ((size_t)(self->end - self->next) < bytes && slab_add(self, bytes) != STATUS_OK)
        return NULL;
    char *block = self->next;
    self->next += bytes;
    return block;
}

void slabs_free(struct slabs *self)
{
    for (size_t i = 0; i < self->count; i++) memory_free(self->slab[i]);
    memory_free(self->slab);
    *self = (struct slabs){0};
}
