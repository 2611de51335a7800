/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Money acts: the journals of all shards, taken at the close of every window, a row each of
 * money.csv.zst; and what every purse holds at the end, which the audit compares.
 */
#include "base/memory.h"
#include "parts.h"

enum status money_init(struct measure *self)
{
    struct world *w = self->world;
    if (!self->p->money) return STATUS_OK;
    self->journal = memory_alloc(w->shards.count, sizeof *self->journal);
    if (!self->journal) return STATUS_NO_MEMORY;
    for (uint32_t s = 0; s < w->shards.count; s++) {
        journal_clear(&self->journal[s], 0);
        w->creators[s].book.journal = &self->journal[s];
    }
    return STATUS_OK;
}

void money_free(struct measure *self)
{
    struct world *w = self->world;
    for (uint32_t s = 0; self->journal && s < w->shards.count; s++) {
        if (w->creators) w->creators[s].book.journal = NULL;
        journal_free(&self->journal[s]);
    }
    memory_free(self->journal);
    self->journal = NULL;
}

static struct cell number_or_empty(uint32_t number)
{
    return number == ENTITY_NONE ? cell_empty() : cell_int(number);
}

static enum status emit_posting(struct measure *self, const struct posting *p)
{
    const struct world *w = self->world;
    const struct measure_services *s = &self->services;
    bool channel = p->act.channel < s->channel_count;
    const struct cell cells[] = {
        cell_int(w->now),
        cell_int(p->act.at),
        cell_text(measure_stream(self, p->stream)),
        cell_text(ledger_account_name((enum ledger_account)p->debit)),
        cell_text(ledger_account_name((enum ledger_account)p->credit)),
        cell_int(p->amount),
        cell_int(p->count),
        cell_text(money_act_name((enum money_act_kind)p->act.kind)),
        channel ? cell_text(s->channel_names[p->act.channel]) : cell_empty(),
        number_or_empty(p->act.creator),
        p->act.viewer == ENTITY_NONE ? cell_empty()
                                     : cell_int(trace_viewer(self, p->act.viewer)),
        p->act.video == JOURNAL_NO_VIDEO ? cell_empty() : cell_int(p->act.video),
    };
    return measure_emit(self, TABLE_MONEY, cells, sizeof cells / sizeof cells[0]);
}

enum status money_emit(struct measure *self)
{
    const struct world *w = self->world;
    enum status status = STATUS_OK;
    for (uint32_t s = 0; self->journal && s < w->shards.count && !status; s++) {
        struct journal *journal = &self->journal[s];
        status = journal->fault;
        for (size_t i = 0; i < journal->count && !status; i++)
            status = emit_posting(self, &journal->row[i]);
        journal_clear(journal, w->close);
    }
    return status;
}

/* What was there before the first window happened at its start. */
enum status money_begin(struct measure *self)
{
    for (uint32_t s = 0; self->journal && s < self->world->shards.count; s++)
        for (size_t i = 0; i < self->journal[s].count; i++)
            self->journal[s].row[i].act.at = self->world->now;
    return money_emit(self);
}

/* What the viewers of a shard have, in row order; the caller's, NULL = no memory. Rank 0 has it
 * of every shard. */
static int64_t *purses_of(const struct measure *self, uint32_t shard)
{
    const struct world *w = self->world;
    const struct viewer_shard *viewers = &w->viewers[shard];
    int64_t *purse = memory_alloc(viewers->count, sizeof *purse);
    for (size_t r = 0; purse && !viewers->elsewhere && r < viewers->count; r++)
        purse[r] = viewers->row[r].purse;
    while (post_turn_first(w->post))
        if (purse) post_bytes(w->post, shard, purse, viewers->count * sizeof *purse);
    return purse;
}

static enum status emit_purses(struct measure *self, uint32_t shard)
{
    const struct world *w = self->world;
    int64_t *purse = purses_of(self, shard);
    enum status status = purse ? STATUS_OK : STATUS_NO_MEMORY;
    for (size_t r = 0; r < w->viewers[shard].count && !status; r++) {
        uint32_t number = entity_number(w->shards, (uint32_t)r, shard);
        const struct cell cells[] = {cell_int(trace_viewer(self, number)), cell_int(purse[r])};
        status = measure_emit(self, TABLE_PURSES, cells, 2);
    }
    memory_free(purse);
    return status;
}

enum status money_emit_purses(struct measure *self)
{
    const struct world *w = self->world;
    enum status status = STATUS_OK;
    for (uint32_t s = 0; self->journal && s < w->shards.count && !status; s++)
        status = emit_purses(self, s);
    return status;
}
