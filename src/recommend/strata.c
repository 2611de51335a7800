/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "strata.h"

#include <string.h>

#include "base/memory.h"
#include "shuffle.h"

#define BLOCKS_FEW 8        /* where there are entities enough */
#define ENTITIES_A_BLOCK 32 /* at least, of both sides: a random item has to have a choice */
#define BLOCKS_MOST 256
#define WORTH_THREADS (1 << 15)         /* rows of a stratum: with fewer, threads mostly wait */
#define CACHE_BYTES (UINT64_C(1) << 19) /* of a cell's users and items together */

static uint32_t blocks_for(const struct interactions *log, size_t bytes)
{
    uint64_t all = ((uint64_t)log->users + log->items) * bytes;
    uint32_t fewer = log->users < log->items ? log->users : log->items;
    uint32_t blocks = BLOCKS_FEW;

    while (blocks > 1 && fewer / blocks < ENTITIES_A_BLOCK) blocks /= 2;
    while (blocks < BLOCKS_MOST && all / blocks > CACHE_BYTES &&
           fewer / blocks >= 2 * ENTITIES_A_BLOCK)
        blocks *= 2;
    return blocks;
}

enum status strata_init(struct strata *self, const struct interactions *log,
                        struct stream_key key, size_t bytes)
{
    size_t rows, cells;

    *self = (struct strata){.log = log, .key = key, .blocks = blocks_for(log, bytes)};
    self->chunks = (uint32_t)(log->count / STRATA_CHUNK + 1);
    rows = log->count / self->chunks + 1;
    cells = (size_t)self->blocks * self->blocks + 2;
    self->user_order = memory_alloc(log->users, sizeof(*self->user_order));
    self->item_order = memory_alloc(log->items, sizeof(*self->item_order));
    self->user_block = memory_alloc(log->users, sizeof(*self->user_block));
    self->item_block = memory_alloc(log->items, sizeof(*self->item_block));
    self->row = memory_alloc(rows, sizeof(*self->row));
    self->last = memory_alloc(self->chunks > 1 ? 0 : rows, sizeof(*self->last));
    self->cell = memory_alloc(cells, sizeof(*self->cell));
    if (!self->user_order || !self->item_order || !self->user_block || !self->item_block ||
        !self->row || !self->last || !self->cell) {
        strata_free(self);
        return STATUS_NO_MEMORY;
    }
    for (uint32_t u = 0; u < log->users; u++) self->user_order[u] = u;
    for (uint32_t i = 0; i < log->items; i++) self->item_order[i] = i;
    return STATUS_OK;
}

void strata_free(struct strata *self)
{
    memory_free(self->user_order);
    memory_free(self->item_order);
    memory_free(self->user_block);
    memory_free(self->item_block);
    memory_free(self->row);
    memory_free(self->last);
    memory_free(self->cell);
    *self = (struct strata){0};
}

/* Where block b of n entities begins in their order. */
static uint32_t block_start(const struct strata *self, uint32_t b, uint32_t n)
{
    return (uint32_t)((uint64_t)b * n / self->blocks);
}

static void deal_blocks(const struct strata *self, struct stream *s, uint32_t *order,
                        uint16_t *block, uint32_t n)
{
    shuffle_order(s, order, n);
    for (uint32_t b = 0; b < self->blocks; b++)
        for (uint32_t k = block_start(self, b, n); k < block_start(self, b + 1, n); k++)
            block[order[k]] = (uint16_t)b;
}

static size_t cell_of(const struct strata *self, uint32_t user, uint32_t item)
{
    return (size_t)self->user_block[user] * self->blocks + self->item_block[item];
}

/* Row r of what is dealt: the deal before (then what was neighbours there comes apart here), or
 * the log, whose chunk it is. */
static struct stratum_row row_to_deal(const struct strata *self, bool again, size_t r)
{
    const struct interactions *log = self->log;

    return again ? self->last[r]
                 : (struct stratum_row){log->user[r], log->item[r], log->value[r]};
}

/* A counting sort into cells. */
static void deal_rows(struct strata *self, uint32_t chunk, bool again)
{
    size_t cells = (size_t)self->blocks * self->blocks, *next = self->cell + 1;
    size_t first = again ? 0 : chunk, step = again ? 1 : self->chunks;
    size_t end = again ? self->cell[cells] : self->log->count;

    if (again) {
        struct stratum_row *swap = self->last;
        self->last = self->row;
        self->row = swap;
    }
    memset(self->cell, 0, (cells + 2) * sizeof(*self->cell));
    for (size_t r = first; r < end; r += step) {
        struct stratum_row row = row_to_deal(self, again, r);
        self->cell[cell_of(self, row.user, row.item) + 2]++;
    }
    for (size_t c = 0; c < cells; c++) self->cell[c + 2] += self->cell[c + 1];
    for (size_t r = first; r < end; r += step) {
        struct stratum_row row = row_to_deal(self, again, r);
        self->row[next[cell_of(self, row.user, row.item)]++] = row;
    }
}

struct stratum {
    const struct strata *strata;
    strata_visit visit;
    void *context;
    uint32_t shift;
};

static void visit_cell(void *context, uint32_t block, uint32_t thread)
{
    const struct stratum *s = context;
    const struct strata *self = s->strata;
    uint32_t other = (block + s->shift) % self->blocks, items = self->log->items;
    size_t c = (size_t)block * self->blocks + other;
    struct stratum_cell cell = {.row = self->row + self->cell[c],
                                .count = self->cell[c + 1] - self->cell[c],
                                .items = self->item_order + block_start(self, other, items),
                                .item_count = block_start(self, other + 1, items) -
                                              block_start(self, other, items),
                                .occasion = self->visited + block};

    (void)thread;
    if (cell.count) s->visit(s->context, &cell);
}

void strata_sweep(struct strata *self, struct team *team, uint32_t epoch, strata_visit visit,
                  void *context)
{
    struct stream s = stream_open(self->key, 0, epoch);
    struct stratum stratum = {self, visit, context, 0};
    struct team alone = {.threads = 1};
    uint32_t turn;

    if (self->log->count / self->chunks / self->blocks < WORTH_THREADS) team = &alone;
    deal_blocks(self, &s, self->user_order, self->user_block, self->log->users);
    deal_blocks(self, &s, self->item_order, self->item_block, self->log->items);
    turn = stream_below(&s, self->blocks);
    for (uint32_t chunk = 0; chunk < self->chunks; chunk++) {
        deal_rows(self, chunk, epoch > 0 && self->chunks == 1);
        for (uint32_t b = 0; b < self->blocks; b++) {
            stratum.shift = (turn + b) % self->blocks;
            team_run(team, self->blocks, visit_cell, &stratum);
            self->visited += self->blocks;
        }
    }
}

enum status strata_run(const struct strata_plan *plan, const struct interactions *log,
                       void *context)
{
    struct strata strata;
    struct team team;
    enum status status = strata_init(&strata, log, plan->key, plan->bytes);
    double rate = plan->rate;

    if (status) return status;
    team_init(&team, plan->threads);
    for (uint32_t epoch = 0; epoch < plan->epochs; epoch++, rate *= plan->decay) {
        plan->begin(context, rate);
        strata_sweep(&strata, &team, epoch, plan->visit, context);
    }
    team_free(&team);
    strata_free(&strata);
    return STATUS_OK;
}
