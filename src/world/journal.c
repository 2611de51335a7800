/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/journal.h"

#include <string.h>

#include "base/memory.h"
#include "engine/post.h"

#define SLOTS_LEAST 256
#define KEPT_MOST 8192 /* rows for which room is kept; all purses filled at once are more */

void journal_free(struct journal *self)
{
    memory_free(self->row);
    memory_free(self->slot);
    *self = (struct journal){0};
}

static uint64_t key_of(const struct posting *p)
{
    uint32_t kind = (uint32_t)p->stream << 24 | (uint32_t)p->debit << 16 |
                    (uint32_t)p->credit << 8 | p->act.channel;
    return (uint64_t)kind << 32 | p->act.creator;
}

/* Where a key's slot is, or would be: multiplicative hashing (Knuth, TAOCP 3, 6.4), the next
 * free slot. There is always one. */
static size_t find(const struct journal *self, uint64_t key)
{
    size_t at = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (self->slots - 1);
    while (self->slot[at] && key_of(&self->row[self->slot[at] - 1]) != key)
        at = (at + 1) & (self->slots - 1);
    return at;
}

/* At most half of the slots are taken. */
static enum status widen(struct journal *self)
{
    size_t slots = self->slots ? 2 * self->slots : SLOTS_LEAST;
    uint32_t *old = self->slot, *slot = memory_alloc(slots, sizeof *slot);
    if (!slot) return STATUS_NO_MEMORY;
    size_t before = self->slots;
    self->slot = slot;
    self->slots = slots;
    for (size_t i = 0; i < before; i++)
        if (old[i]) self->slot[find(self, key_of(&self->row[old[i] - 1]))] = old[i];
    memory_free(old);
    return STATUS_OK;
}

static enum status append(struct journal *self, const struct posting *posting)
{
    enum status status = memory_grow(&self->row, &self->room, self->count + 1,
                                     sizeof *self->row);
    if (!status && self->count == UINT32_MAX - 1) status = STATUS_NO_MEMORY;
    if (!status) self->row[self->count++] = *posting;
    return status;
}

static enum status add_up(struct journal *self, struct posting *posting)
{
    enum status status = 2 * (self->sums + 1) > self->slots ? widen(self) : STATUS_OK;
    if (status) return status;
    posting->act.viewer = ENTITY_NONE;
    posting->act.video = JOURNAL_NO_VIDEO;
    size_t at = find(self, key_of(posting));
    if (self->slot[at]) {
        struct posting *sum = &self->row[self->slot[at] - 1];
        sum->amount = (int64_t)((uint64_t)sum->amount + (uint64_t)posting->amount);
        sum->count++;
        return STATUS_OK;
    }
    status = append(self, posting);
    if (status) return status;
    self->slot[at] = (uint32_t)self->count;
    self->sums++;
    return STATUS_OK;
}

void journal_add(struct journal *self, int stream, int debit, int credit, int64_t amount)
{
    struct posting posting = {.act = self->act,
                              .amount = amount,
                              .count = 1,
                              .stream = (uint8_t)stream,
                              .debit = (uint8_t)debit,
                              .credit = (uint8_t)credit};
    if (amount == 0) return;
    enum status status = posting.act.kind == MONEY_SHOWN ? add_up(self, &posting)
                                                         : append(self, &posting);
    if (status && !self->fault) self->fault = status;
}

void journal_clear(struct journal *self, sim_time at)
{
    if (self->sums) memset(self->slot, 0, self->slots * sizeof *self->slot);
    self->sums = self->count = 0;
    if (self->room > KEPT_MOST) {
        memory_free(self->row);
        self->row = NULL;
        self->room = 0;
    }
    self->act = money_act(MONEY_OTHER, at);
}

void journal_tell(struct journal *self, enum money_act_kind kind, uint32_t shard,
                  struct post *post)
{
    uint64_t n = 0;
    if (post_owns(post, shard) != post->packing) return;
    while (n < self->count && self->row[self->count - 1 - n].act.kind == kind) n++;
    n = post_count(post, shard, n, sizeof *self->row);
    if (post->reading && !post->status &&
        memory_grow(&self->row, &self->room, self->count + (size_t)n, sizeof *self->row))
        post->status = STATUS_NO_MEMORY;
    if (post->status) return;
    struct posting *first = self->row ? self->row + self->count - (post->packing ? n : 0)
                                      : NULL;
    post_bytes(post, shard, first, (size_t)n * sizeof *first);
    if (post->reading) self->count += (size_t)n;
}

const char *money_act_name(enum money_act_kind kind)
{
    static const char *const names[MONEY_ACTS] = {
#define MONEY_ACT_TEXT(id, text, what) text,
        MONEY_ACT_LIST(MONEY_ACT_TEXT)
#undef MONEY_ACT_TEXT
    };
    require((int)kind >= 0 && kind < MONEY_ACTS);
    return names[kind];
}
