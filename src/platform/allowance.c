/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Allowances: what is guaranteed or paid for is cut at the close into whole impressions for
 * viewer shards. What sessions have promised and not shown yet is held back, so that an
 * impression owed once is never dealt twice.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "core.h"

static enum status list_reserve(struct allowance_list *list, size_t need)
{
    return memory_grow(&list->row, &list->capacity, need, sizeof(*list->row));
}

/* From the highest row down: the last row takes the place of one that goes. */
void allowance_use(struct allowance_list *list, uint32_t *tag, uint32_t n)
{
    for (; n > 0; n--) {
        uint32_t high = 0;
        for (uint32_t i = 1; i < n; i++)
            if (tag[i] > tag[high]) high = i;
        if (list->row[tag[high]].left == 0) list->row[tag[high]] = list->row[--list->count];
        tag[high] = tag[n - 1];
    }
}

/* A list has room for what may come back; what finds none returns at the close anyway. */
void allowance_return(struct platform *self, uint32_t shard, struct promise promise)
{
    struct allowance_list *list = &self->shard[shard].allowance[promise.uses - 1];
    uint32_t place = snapshot_place(&self->snapshot[0], promise.video);
    if (place == ENTITY_NONE || list->count == list->room) return;
    list->row[list->count++] = (struct allowance){place, 1, (uint32_t)promise.topic};
}

/* ------------------------------------------------------------------------------ promises */

static void collect(void *context, uint32_t s, uint32_t thread)
{
    struct platform *self = context;
    struct platform_shard *shard = &self->shard[s];
    struct promise_list *list = &shard->promised;
    (void)thread;
    list->count = 0;
    for (uint32_t i = 0; i < shard->session_count; i++) {
        const struct session *session = session_row(shard, i);
        if (!session->open) continue;
        enum status status = memory_grow(&list->row, &list->capacity,
                                         list->count + session->promises, sizeof(*list->row));
        if (status) {
            rows_keep(shard, status);
            return;
        }
        for (uint32_t k = 0; k < session->promises; k++)
            list->row[list->count++] = session->promise[k];
    }
}

void allowance_collect(struct platform *self)
{
    team_run(self->world->team, self->world->shards.count, collect, self);
}

static uint16_t *owed_of(struct platform *self, const struct promise *promise)
{
    struct shards shards = self->world->shards;
    struct platform_shard *shard = &self->shard[entity_shard(shards, promise->video)];
    return &shard->owed[promise->uses - 1][entity_row(shards, promise->video)];
}

static void count_promises(struct platform *self, bool clear)
{
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        const struct promise_list *list = &self->shard[s].promised;
        for (size_t i = 0; i < list->count; i++) {
            uint16_t *owed = owed_of(self, &list->row[i]);
            *owed = clear ? 0 : *owed < UINT16_MAX ? (uint16_t)(*owed + 1) : UINT16_MAX;
        }
    }
}

/* ------------------------------------------------------------------------------- dealing */

struct dealer {
    struct platform *platform;
    uint32_t *shard; /* those that have viewers */
    uint32_t shards;
    uint32_t window; /* ordinal of the next */
};

/* `amount` impressions in whole lots, as even as they go, the rest to shards that follow a
 * first one given by name and window. */
static void deal(struct dealer *d, enum allowance_kind kind, struct allowance what,
                 uint64_t name)
{
    uint32_t amount = what.left, base = amount / d->shards, rest = amount % d->shards;
    uint32_t mix = (name_fold(name) + d->window * UINT32_C(0x9E3779B1)) * UINT32_C(0x85EBCA6B);
    uint32_t first = (uint32_t)(((uint64_t)mix * d->shards) >> 32);
    uint32_t lots = base ? d->shards : rest;
    for (uint32_t i = 0; i < lots; i++) {
        uint32_t at = first + i < d->shards ? first + i : first + i - d->shards;
        struct platform_shard *shard = &d->platform->shard[d->shard[at]];
        struct allowance_list *list = &shard->allowance[kind - 1];
        enum status status = list_reserve(list, list->count + 1);
        if (status) {
            rows_keep(shard, status);
            return;
        }
        what.left = base + (i < rest);
        list->row[list->count++] = what;
    }
}

#define CATCH_UP 4.0 /* a guarantee behind its pace is dealt at most so many times as fast */

/* What of a guarantee is due by the end of the next window: its pace, less what has been shown.
 */
static uint32_t due_of(const struct platform *self, const struct video_counters *c)
{
    double total = pools_guarantee(self, c);
    double pace = self->pools->hours * (double)TIME_HOUR;
    double elapsed = (double)(self->world->close + self->world->window - c->pooled);
    double target = total * (elapsed < pace ? elapsed / pace : 1.0);
    double shown = total - (double)c->guaranteed;
    double due = floor(target - shown) + 1.0;
    double most = CATCH_UP * total * (double)self->world->window / pace + 1.0;
    if (due < 0) due = 0;
    if (due > most) due = floor(most);
    return due < c->guaranteed ? (uint32_t)due : c->guaranteed;
}

#define AHEAD 8 /* rows between asking the cache and using */

static void fetch_owing(const struct dealer *d, uint32_t s, uint32_t row)
{
    const struct platform *self = d->platform;
    const struct video_counters *c = &self->world->videos[s].counter[row];
    memory_prefetch(c, sizeof *c);
    memory_prefetch(&self->world->videos[s].row[row], 1);
    memory_prefetch(&self->snapshot[0].position[s][row], 1);
    memory_prefetch(&self->shard[s].owed[ALLOWANCE_COLD_START - 1][row], 1);
}

static void deal_guarantees(struct dealer *d, uint32_t s)
{
    struct platform *self = d->platform;
    struct platform_shard *shard = &self->shard[s];
    const struct video_shard *videos = &self->world->videos[s];
    size_t kept = 0;
    for (size_t i = 0; i < shard->owing.count; i++) {
        uint32_t row = shard->owing.row[i];
        struct video_counters *c = &videos->counter[row];
        if (i + AHEAD < shard->owing.count) fetch_owing(d, s, shard->owing.row[i + AHEAD]);
        if (c->state != VIDEO_ACTIVE || c->guaranteed == 0) {
            c->marks &= (uint8_t)~VIDEO_OWING;
            continue;
        }
        shard->owing.row[kept++] = row;
        uint32_t place = self->snapshot[0].position[s][row], due = due_of(self, c);
        uint32_t held = shard->owed[ALLOWANCE_COLD_START - 1][row];
        if (place == ENTITY_NONE || due <= held) continue;
        deal(d, ALLOWANCE_COLD_START, (struct allowance){place, due - held, UINT32_MAX},
             videos->row[row].name);
    }
    shard->owing.count = kept;
}

/* An order is spread over the windows it has left, a little faster than evenly. */
static uint32_t boost_due(const struct platform *self, const struct boost *boost)
{
    double left = (double)(boost->ends - self->world->close);
    double share = 1.25 * (double)self->world->window / (left > 1 ? left : 1);
    double due = ceil((double)boost->left * (share < 1 ? share : 1));
    return due < boost->left ? (uint32_t)due : boost->left;
}

static void deal_boosts(struct dealer *d, uint32_t s)
{
    struct platform *self = d->platform;
    const struct boost_shard *boosts = &self->world->boosts[s];
    for (size_t i = 0; i < boosts->count; i++) {
        const struct boost *boost = &boosts->row[i];
        if (boost->left == 0 || boost->ends <= self->world->close) continue;
        uint32_t vs = entity_shard(self->world->shards, boost->video);
        uint32_t row = entity_row(self->world->shards, boost->video);
        uint32_t place = snapshot_place(&self->snapshot[0], boost->video);
        uint16_t *owed = &self->shard[vs].owed[ALLOWANCE_PROMOTED - 1][row];
        uint32_t free = boost->left, due = boost_due(self, boost);
        uint32_t held = *owed < free ? *owed
                                     : free; /* promises count against the first order */
        *owed = (uint16_t)(*owed - held);
        free -= held;
        if (due > free) due = free;
        if (place == ENTITY_NONE || due == 0 ||
            self->world->videos[vs].counter[row].state != VIDEO_ACTIVE)
            continue;
        deal(d, ALLOWANCE_PROMOTED, (struct allowance){place, due, boost->topic}, boost->name);
    }
}

/* ------------------------------------------------------------------------------- bidding */

static int by_video(const void *a, const void *b)
{
    const struct paid_bid *x = a, *y = b;
    return (x->video > y->video) - (x->video < y->video);
}

enum status allowance_list_bids(struct platform *self)
{
    const struct world *w = self->world;
    self->bids = 0;
    for (uint32_t s = 0; ad_market_shared(&w->market) && s < w->shards.count; s++) {
        const struct boost_shard *boosts = &w->boosts[s];
        enum status status = memory_grow(&self->bid, &self->bid_room,
                                         self->bids + boosts->count, sizeof(*self->bid));
        if (status) return status;
        for (size_t i = 0; i < boosts->count; i++)
            self->bid[self->bids++] = (struct paid_bid){boosts->row[i].video,
                                                        boosts->row[i].price};
    }
    if (self->bids) qsort(self->bid, self->bids, sizeof(*self->bid), by_video);
    return STATUS_OK;
}

int64_t allowance_bid(const struct platform *self, uint32_t video)
{
    const struct paid_bid key = {.video = video}, *found = NULL;
    if (self->bids) found = bsearch(&key, self->bid, self->bids, sizeof(*self->bid), by_video);
    return found ? found->bid : 0;
}

/* Room for promises that come back within the window. */
static enum status reserve_returns(struct platform *self)
{
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        for (int k = 0; k < 2; k++) {
            struct allowance_list *list = &self->shard[s].allowance[k];
            list->room = list->count + list->count / 2 + 16;
            enum status status = list_reserve(list, list->room);
            if (status) return status;
        }
    }
    return STATUS_OK;
}

enum status allowance_deal(struct platform *self)
{
    const struct world *world = self->world;
    uint32_t shards = world->shards.count;
    struct dealer d = {.platform = self,
                       .shard = memory_alloc(shards, sizeof(*d.shard)),
                       .window = (uint32_t)(world->close / world->window)};
    if (!d.shard) return STATUS_NO_MEMORY;
    for (uint32_t s = 0; s < shards; s++) {
        if (world->viewers[s].count) d.shard[d.shards++] = s;
        self->shard[s].allowance[0].count = self->shard[s].allowance[1].count = 0;
    }
    if (!world->post) allowance_collect(self); /* else they have been told (platform_post) */
    count_promises(self, false);
    for (uint32_t s = 0; s < shards && d.shards; s++) deal_guarantees(&d, s);
    for (uint32_t s = 0; s < shards && d.shards; s++) deal_boosts(&d, s);
    count_promises(self, true);
    memory_free(d.shard);
    enum status status = allowance_list_bids(self);
    return status ? status : reserve_returns(self);
}
