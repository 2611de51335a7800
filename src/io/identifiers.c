/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/identifiers.h"

#include <string.h>

#include <xxhash.h>

#include "base/memory.h"

#define SLOTS_LEAST ((size_t)64)

void identifiers_free(struct identifiers *self)
{
    memory_free(self->slot);
    memory_free(self->text);
    memory_free(self->end);
    *self = (struct identifiers){0};
}

const char *identifiers_name(const struct identifiers *self, uint32_t number, size_t *length)
{
    uint32_t start = number ? self->end[number - 1] : 0;
    require(number < self->count);
    *length = self->end[number] - start;
    return self->text + start;
}

/* Where a name stands, or the empty slot where it would. There is always an empty one. */
static uint64_t *seek(const struct identifiers *self, uint64_t hash, const char *name,
                      size_t length)
{
    size_t mask = self->slots - 1, at = (size_t)hash & mask;
    for (; self->slot[at]; at = (at + 1) & mask) {
        size_t found;
        if (self->slot[at] >> 32 != hash >> 32) continue;
        const char *text = identifiers_name(self, (uint32_t)self->slot[at] - 1, &found);
        if (found == length && memcmp(text, name, length) == 0) break;
    }
    return &self->slot[at];
}

static enum status widen(struct identifiers *self)
{
    struct identifiers wider = *self;
    wider.slots = self->slots ? self->slots * 2 : SLOTS_LEAST;
    wider.slot = memory_alloc(wider.slots, sizeof *wider.slot);
    if (!wider.slot) return STATUS_NO_MEMORY;
    for (uint32_t number = 0; number < self->count; number++) {
        size_t length;
        const char *name = identifiers_name(self, number, &length);
        uint64_t hash = XXH3_64bits(name, length);
        size_t at = (size_t)hash & (wider.slots - 1);
        while (wider.slot[at]) at = (at + 1) & (wider.slots - 1);
        wider.slot[at] = (hash >> 32 << 32) | (number + 1);
    }
    memory_free(self->slot);
    *self = wider;
    return STATUS_OK;
}

bool identifiers_find(const struct identifiers *self, const char *name, size_t length,
                      uint32_t *number)
{
    if (!self->slots) return false;
    uint64_t slot = *seek(self, XXH3_64bits(name, length), name, length);
    if (slot) *number = (uint32_t)slot - 1;
    return slot != 0;
}

enum status identifiers_add(struct identifiers *self, const char *name, size_t length,
                            uint32_t *number)
{
    if (2 * ((size_t)self->count + 1) > self->slots && widen(self)) return STATUS_NO_MEMORY;
    uint64_t hash = XXH3_64bits(name, length), *slot = seek(self, hash, name, length);
    if (!*slot) {
        size_t used = self->count ? self->end[self->count - 1] : 0;
        if (length > UINT32_MAX - used || self->count == UINT32_MAX - 1 ||
            memory_grow(&self->text, &self->text_room, used + length + 1, 1) ||
            memory_grow(&self->end, &self->end_room, self->count + (size_t)1,
                        sizeof *self->end))
            return STATUS_NO_MEMORY;
        memcpy(self->text + used, name, length);
        self->end[self->count++] = (uint32_t)(used + length);
        *slot = (hash >> 32 << 32) | self->count;
    }
    *number = (uint32_t)*slot - 1;
    return STATUS_OK;
}
