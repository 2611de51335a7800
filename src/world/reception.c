/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/reception.h"

#include <string.h>

#include "base/memory.h"

uint32_t reception_shift(size_t cohorts)
{
    uint32_t shift = 0;
    require(cohorts <= RECEPTION_COHORTS);
    while ((size_t)1 << shift < cohorts) shift++;
    return shift;
}

static size_t words(const struct reception *self, size_t viewers)
{
    return ((viewers << self->shift) + 63) / 64;
}

enum status reception_reserve(struct reception *self, size_t viewers)
{
    size_t need = words(self, viewers);
    enum status status = memory_grow(&self->now, &self->now_room, need, sizeof *self->now);
    if (status) return status;
    return memory_grow(&self->before, &self->before_room, need, sizeof *self->before);
}

void reception_free(struct reception *self)
{
    memory_free(self->now);
    memory_free(self->before);
    *self = (struct reception){.shift = self->shift};
}

/* The places of one cohort in a word: every 2^shift-th bit from the cohort's on. */
static uint64_t places(const struct reception *self, uint32_t cohort)
{
    uint64_t mask = 0;
    for (uint32_t bit = cohort; bit < 64; bit += UINT32_C(1) << self->shift)
        mask |= UINT64_C(1) << bit;
    return mask;
}

struct reception_count reception_count(const struct reception *self, uint32_t cohort)
{
    const uint64_t mask = places(self, cohort);
    size_t most = self->now_room < self->before_room ? self->now_room : self->before_room;
    struct reception_count n = {0};
    for (size_t i = 0; i < most; i++) {
        uint64_t now = self->now[i] & mask, before = self->before[i] & mask;
        if (!(now | before)) continue;
        n.now += (uint32_t)__builtin_popcountll(now);
        n.before += (uint32_t)__builtin_popcountll(before);
        n.again += (uint32_t)__builtin_popcountll(now & before);
    }
    return n;
}

void reception_turn(struct reception *self)
{
    uint64_t *past = self->before;
    size_t room = self->before_room;
    memset(self->pleasure, 0, sizeof self->pleasure);
    self->before = self->now;
    self->before_room = self->now_room;
    self->now = past;
    self->now_room = room;
    if (room) memset(past, 0, room * sizeof *past);
}

void reception_visit(struct reception *self, size_t viewers, struct visitor *v)
{
    size_t n = words(self, viewers);
    if (visit_loading(v)) {
        reception_free(self);
        if (v->status == STATUS_OK) v->status = reception_reserve(self, viewers);
    }
    if (v->status != STATUS_OK) return;
    VISIT_ARRAY(v, "viewers.pleasure", self->pleasure, RECEPTION_COHORTS);
    VISIT_ARRAY(v, "viewers.watched", self->now, n);
    VISIT_ARRAY(v, "viewers.watched_before", self->before, n);
}
