/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "revenue/revenue.h"

#include "auction.h"
#include "base/memory.h"
#include "parts.h"

#define AT(type, member) .offset = offsetof(struct type, member)

static const struct schema_row revenue_rows_schema[] = {
    {.path = "streams",
     .type = SCHEMA_NAMES,
     .unit = "1",
     .initial = "[\"ads\", \"tips\"]",
     .choices = "stream",
     .meaning = "revenue streams in use",
     .source = "A",
     .when = SCHEMA_START,
     .moves = "creator_income",
     .sign = 1,
     .from = "[]",
     .to = "[\"ads\", \"tips\"]",
     .needs = "revenue.ads.min_followers=0 revenue.ads.min_views=0",
     AT(revenue_parameters, streams)},
    {.path = "store_fee",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.3",
     .meaning = "share of a payment on iOS that the app store keeps",
     .source = "M (30 %, 15 % for small developers)",
     .plausible_low = 0.15,
     .plausible_high = 0.3,
     .when = SCHEMA_WINDOW,
     .moves = "creator_income",
     .sign = -1,
     .from = "0.0",
     .to = "0.9",
     .needs = "revenue.streams=[\"tips\"] revenue.tips.rate=0.01 revenue.tips.sigma=0.5",
     AT(revenue_parameters, store_fee)},
};
static const struct schema_table revenue_table = {.prefix = "revenue",
                                                  .size = sizeof(struct revenue_parameters),
                                                  SCHEMA_ROWS(revenue_rows_schema)};

static const struct schema_row serving_rows[] = {
    {.path = "per_mille",
     .type = SCHEMA_FLOAT,
     .unit = "currency/1000",
     .low = 0,
     .high = 1e6,
     .initial = "0.05",
     .meaning = "what the platform pays to serve 1000 impressions",
     .source = "A (half of bandwidth and servers: .06 RMB a DAU-day)",
     .plausible_low = 0.01,
     .plausible_high = 0.2,
     .when = SCHEMA_WINDOW,
     .moves = "platform_profit",
     .sign = -1,
     .from = "0.0",
     .to = "0.2",
     AT(serving_parameters, per_mille)},
    {.path = "hour",
     .type = SCHEMA_FLOAT,
     .unit = "currency/h",
     .low = 0,
     .high = 1e6,
     .initial = "0.02",
     .meaning = "what the platform pays to stream an hour of video",
     .source = "A (half of bandwidth and servers: .06 RMB a DAU-day)",
     .plausible_low = 0.005,
     .plausible_high = 0.1,
     .when = SCHEMA_WINDOW,
     .moves = "platform_profit",
     .sign = -1,
     .from = "0.0",
     .to = "0.1",
     AT(serving_parameters, hour)},
};
static const struct schema_table serving_table = {.prefix = "revenue.serving",
                                                  .size = sizeof(struct serving_parameters),
                                                  SCHEMA_ROWS(serving_rows)};

const struct schema_table *const revenue_tables[] = {&revenue_table, &serving_table,
                                                     &auction_table, NULL};

enum status revenue_init(struct revenue **out, struct world *world, struct errors *errors)
{
    struct revenue *self = memory_alloc(1, sizeof(*self));
    if (!self) return STATUS_NO_MEMORY;
    self->world = world;
    self->parameters = parameters_block(world->parameters, "revenue");
    self->serving = parameters_block(world->parameters, "revenue.serving");
    self->tills = memory_alloc(world->shards.count, sizeof(*self->tills));
    enum status status = self->tills ? streams_open(self, errors) : STATUS_NO_MEMORY;
    if (!status) status = streams_cohorts(self, errors);
    if (status) {
        revenue_free(self);
        return status;
    }
    *out = self;
    return STATUS_OK;
}

void revenue_free(struct revenue *self)
{
    if (!self) return;
    streams_close(self);
    for (uint32_t s = 0; self->tills && s < self->world->shards.count; s++) {
        memory_free(self->tills[s].gates);
        memory_free(self->tills[s].views);
    }
    memory_free(self->tills);
    memory_free(self);
}

enum status revenue_populate(struct revenue *self)
{
    enum status status = tills_grow(self);
    if (!status) tills_day(self);
    return status;
}

/* --------------------------------------------------------------------------- inside a window
 */

void revenue_paid(void *revenue, struct moment *moment)
{
    struct revenue *self = revenue;
    uint16_t uses = self->uses[moment->video->cohort];
    for (size_t i = 0; i < self->count; i++)
        if (self->stream[i]->offer && (uses >> i & 1))
            self->stream[i]->offer(streams_desk(self, i, moment->scope->shard), moment);
}

void revenue_on_due(struct revenue *self, struct scope *scope, const struct event *event)
{
    const struct world *w = self->world;
    uint32_t planner = event->data >> RELATION_OTHER_BITS;
    uint32_t creator = event->data & RELATION_OTHER_LAST;
    uint32_t row = entity_row(w->shards, scope->entity);
    /* An event of a file may say anything. */
    if (planner >= self->planners || row >= w->viewers[scope->shard].count ||
        entity_row(w->shards, creator) >= w->creators[entity_shard(w->shards, creator)].count)
        return;
    const struct video none = {.creator = creator};
    struct moment moment = {.scope = scope,
                            .viewer = &w->viewers[scope->shard].row[row],
                            .viewer_number = scope->entity,
                            .video = &none,
                            .video_number = ENTITY_NONE,
                            .at = scope->now,
                            .came_from = ENTITY_NONE};
    moment.name = viewer_name(moment.viewer);
    size_t stream = self->planner[planner];
    self->stream[stream]->due(streams_desk(self, stream, scope->shard), &moment);
}

/* Counts qualified views (seven seconds or in full) and what was served. */
static void count_rows(struct revenue *self, uint32_t shard, const struct impression *rows,
                       size_t n)
{
    struct shards shards = self->world->shards;
    const struct video *videos = self->world->videos[shard].row;
    struct till *till = &self->tills[shard];
    uint64_t watch_ms = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t creator = entity_row(shards,
                                      videos[entity_row(shards, rows[i].video)].creator);
        watch_ms += rows[i].watch_ms;
        if (creator < till->creators) till->views[creator] += (rows[i].acts & ACT_PLAY_7S) != 0;
    }
    till->impressions += n;
    till->watch_ms += watch_ms;
}

void revenue_rows(struct revenue *self, uint32_t shard, uint32_t thread,
                  const struct impression *rows, size_t n)
{
    (void)thread;
    count_rows(self, shard, rows, n);
    book_act(&self->world->creators[shard].book, money_act(MONEY_SHOWN, self->world->close));
    for (size_t i = 0; i < self->count; i++)
        if (self->stream[i]->earn) self->stream[i]->earn(streams_desk(self, i, shard), rows, n);
}

/* Who paid, whom, for what and when. */
static void act_of_payment(const struct world *world, uint32_t shard,
                           const struct payment *paid)
{
    struct book *book = &world->creators[shard].book;
    struct money_act act = money_act(MONEY_PAID, world->now + paid->at);
    if (!book->journal) return;
    uint32_t row = entity_row(world->shards, paid->video);
    act.creator = paid->creator;
    act.viewer = paid->viewer;
    if (paid->video != ENTITY_NONE && row < world->videos[shard].count)
        act.video = video_id(world->shards, shard, world->videos[shard].counter[row].ordinal);
    book_act(book, act);
}

void revenue_payments(struct revenue *self, uint32_t shard)
{
    struct exchange_cursor cursor = exchange_read(&self->world->payments, shard);
    const struct payment *payments;
    size_t n;
    while ((payments = exchange_next(&cursor, &n)))
        for (size_t i = 0; i < n; i++) {
            size_t stream = payments[i].stream;
            require(stream < self->count && self->stream[stream]->payment);
            act_of_payment(self->world, shard, &payments[i]);
            desk_spent(streams_desk(self, stream, shard), payments[i].viewer,
                       payments[i].amount);
            self->stream[stream]->payment(streams_desk(self, stream, shard), &payments[i]);
        }
    tills_serve(self, shard);
}

void revenue_post(struct revenue *self, struct post *post)
{
    for (uint32_t s = 0; s < self->world->shards.count; s++)
        post_bytes(post, s, &self->tills[s].purses, sizeof(self->tills[s].purses));
}

/* -------------------------------------------------------------------------------- the close */

static enum status first_fault(struct revenue *self)
{
    for (uint32_t s = 0; s < self->world->shards.count; s++)
        if (self->tills[s].fault) return self->tills[s].fault;
    return STATUS_OK;
}

static void act_everywhere(const struct world *world, enum money_act_kind kind)
{
    for (uint32_t s = 0; s < world->shards.count; s++)
        book_act(&world->creators[s].book, money_act(kind, world->close));
}

enum status revenue_close(struct revenue *self, struct errors *errors)
{
    const struct world *world = self->world;
    bool day_ends = world->close / TIME_DAY > world->now / TIME_DAY;
    enum status status = first_fault(self);
    if (status) return status;
    for (size_t i = 0; i < self->count; i++) {
        act_everywhere(world, MONEY_SETTLED);
        if (self->stream[i]->settle)
            self->stream[i]->settle(self->desks[i], world->shards.count);
    }
    for (size_t i = 0; i < self->count && day_ends; i++) {
        act_everywhere(world, MONEY_DAY);
        if (self->stream[i]->day) self->stream[i]->day(self->desks[i], world->shards.count);
    }
    status = first_fault(self);
    if (!status) status = tills_grow(self);
    if (status) return status;
    if (day_ends) tills_day(self);
    return revenue_check(self, day_ends, errors);
}

const char *const *revenue_names(const struct revenue *self, size_t *count)
{
    *count = self->count;
    return self->name;
}

bool revenue_priced(const struct revenue *self)
{
    bool priced = false;
    for (size_t i = 0; i < self->count; i++) priced |= self->stream[i]->priced;
    return priced;
}

static void visit_postings(struct visitor *v, const char *name, struct postings *postings)
{
    visit_money(v, name, postings->amount, sizeof(int64_t), sizeof(int64_t),
                sizeof(postings->amount) / sizeof(int64_t));
    const int64_t *amount = &postings->amount[0][0][0];
    for (size_t i = 0; visit_loading(v) && i < sizeof(postings->amount) / sizeof *amount; i++)
        if (amount[i] < 0) v->status = v->status ? v->status : STATUS_BAD_INPUT;
}

void revenue_visit(struct revenue *self, struct visitor *v)
{
    tills_visit(self, v);
    visit_postings(v, "revenue.day", &self->day);
    visit_postings(v, "revenue.interval", &self->interval);
    for (size_t i = 0; i < self->count; i++)
        for (uint32_t s = 0; self->stream[i]->visit && s < self->world->shards.count; s++)
            self->stream[i]->visit(streams_desk(self, i, s), v);
}
