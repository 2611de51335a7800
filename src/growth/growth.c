/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "growth/growth.h"

#include "base/memory.h"
#include "parts.h"

static const struct schema_row growth_rows_schema[] = {
    {.path = "channels",
     .type = SCHEMA_NAMES,
     .unit = "1",
     .initial = "[\"social_share\", \"paid_boost\"]",
     .choices = "channel",
     .meaning = "growth channels in use",
     .source = "A",
     .when = SCHEMA_START,
     .moves = "impressions_shared",
     .sign = 1,
     .from = "[]",
     .to = "[\"social_share\"]",
     .offset = offsetof(struct growth_parameters, channels)},
};
static const struct schema_table growth_table = {.prefix = "growth",
                                                 .size = sizeof(struct growth_parameters),
                                                 SCHEMA_ROWS(growth_rows_schema)};

static const struct schema_row cascade_rows[] = {
    {.path = "silence",
     .type = SCHEMA_FLOAT,
     .unit = "d",
     .low = 0,
     .high = 3650,
     .initial = "3.0",
     .meaning = "days without a share after which a cascade is finished",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 14,
     .when = SCHEMA_WINDOW,
     .moves = "cascades.size",
     .sign = 1,
     .from = "0.1",
     .to = "3.0",
     .needs = "growth.channels=[\"social_share\"] viewers.weibull.share=0.02 run.days=3 "
              "growth.cascades.least=1",
     .offset = offsetof(struct cascade_parameters, silence)},
    {.path = "least",
     .type = SCHEMA_INT,
     .unit = "sharers",
     .low = 1,
     .high = 1e9,
     .initial = "2",
     .meaning = "size from which a cascade has a row in cascades.csv",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 10,
     .when = SCHEMA_WINDOW,
     .moves = "cascades.size",
     .sign = 1,
     .from = "1",
     .to = "2",
     .needs = "growth.channels=[\"social_share\"] viewers.weibull.share=0.02",
     .offset = offsetof(struct cascade_parameters, least)},
};
static const struct schema_table cascade_table = {.prefix = "growth.cascades",
                                                  .size = sizeof(struct cascade_parameters),
                                                  SCHEMA_ROWS(cascade_rows)};

const struct schema_table *const growth_tables[] = {&growth_table, &cascade_table, NULL};

#define ROOM_LEAST 256 /* shares a shard and window that never wait for memory */

enum status growth_init(struct growth **out, struct world *world,
                        const struct growth_services *services, struct errors *errors)
{
    struct growth *self = memory_alloc(1, sizeof(*self));
    if (!self) return STATUS_NO_MEMORY;
    self->world = world;
    self->services = *services;
    self->parameters = parameters_block(world->parameters, "growth");
    self->cascades = parameters_block(world->parameters, "growth.cascades");
    self->shards = memory_alloc(world->shards.count, sizeof(*self->shards));
    enum status status = self->shards ? channels_open(self, errors) : STATUS_NO_MEMORY;
    if (status) {
        growth_free(self);
        return status;
    }
    *out = self;
    return STATUS_OK;
}

void growth_free(struct growth *self)
{
    if (!self) return;
    channels_close(self);
    for (uint32_t s = 0; self->shards && s < self->world->shards.count; s++)
        cascades_free(&self->shards[s].cascades), followers_free(&self->shards[s].followers);
    memory_free(self->shards);
    memory_free(self);
}

/* Room for a window four times as busy as the busiest so far. */
static enum status reserve(struct growth *self)
{
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        struct growth_shard *shard = &self->shards[s];
        enum status status = cascades_reserve(&shard->cascades,
                                              4 * shard->busiest + ROOM_LEAST);
        if (status) return status;
    }
    return STATUS_OK;
}

static enum status first_fault(const struct growth *self)
{
    for (uint32_t s = 0; s < self->world->shards.count; s++)
        if (self->shards[s].fault) return self->shards[s].fault;
    return STATUS_OK;
}

static void follow_task(void *context, uint32_t shard, uint32_t thread)
{
    struct growth *self = context;
    struct growth_shard *mine = &self->shards[shard];
    (void)thread;
    if (self->world->viewers[shard].elsewhere) return;
    if (!mine->fault) mine->fault = followers_build(&mine->followers, self->world, shard);
}

/* Who follows whom is looked up anew, where somebody wants to know. */
static enum status follow_all(struct growth *self)
{
    if (self->follows)
        team_run(self->world->team, self->world->shards.count, follow_task, self);
    return first_fault(self);
}

enum status growth_populate(struct growth *self)
{
    enum status status = follow_all(self);
    if (!status) status = channels_settle(self);
    return status ? status : reserve(self);
}

/* --------------------------------------------------------------------------- inside a window
 */

void growth_shared(void *growth, struct moment *moment)
{
    struct growth *self = growth;
    const struct world *world = self->world;
    uint32_t shard = moment->scope->shard;
    struct share_node *node = (struct share_node *)exchange_append(
        &self->world->shares, shard, entity_shard(world->shards, moment->video_number));
    if (!node) {
        self->shards[shard].fault = STATUS_NO_MEMORY;
        return;
    }
    *node = (struct share_node){moment->video_number, moment->viewer_number, moment->came_from};
    for (size_t i = 0; i < self->count; i++)
        if (self->channel[i]->shared) self->channel[i]->shared(&self->desks[i][shard], moment);
}

void growth_rows(struct growth *self, uint32_t shard, uint32_t thread,
                 const struct impression *rows, size_t n)
{
    (void)thread;
    book_act(&self->world->creators[shard].book, money_act(MONEY_SHOWN, self->world->close));
    for (size_t i = 0; i < self->count; i++)
        if (self->channel[i]->rows) self->channel[i]->rows(&self->desks[i][shard], rows, n);
}

void growth_shares(struct growth *self, uint32_t shard)
{
    const struct world *world = self->world;
    struct growth_shard *mine = &self->shards[shard];
    struct exchange_cursor cursor = exchange_read(&world->shares, shard);
    size_t n, most = (size_t)exchange_count(&world->shares, shard);
    const struct share_node *nodes;
    if (most > mine->busiest) mine->busiest = most;
    enum status status = cascades_reserve(&mine->cascades, most);
    if (status) {
        mine->fault = status;
        return;
    }
    const struct video_counters *videos = world->videos[shard].counter;
    while ((nodes = exchange_next(&cursor, &n)))
        for (size_t i = 0; i < n; i++) {
            uint32_t ordinal = videos[entity_row(world->shards, nodes[i].video)].ordinal;
            cascades_add(&mine->cascades, &nodes[i], ordinal, world->close);
        }
}

static int64_t promote(void *growth, uint32_t shard, uint32_t creator, int64_t budget)
{
    struct growth *self = growth;
    const struct creator *row = &self->world->creators[shard].row[creator];
    int64_t spent = 0;
    book_act(&self->world->creators[shard].book, money_act(MONEY_BOUGHT, self->world->close));
    for (size_t i = 0; i < self->count; i++) {
        int64_t left = budget - spent < row->balance ? budget - spent : row->balance;
        if (left <= 0) break;
        if (self->channel[i]->promote && desk_used(&self->desks[i][shard], row))
            spent += self->channel[i]->promote(&self->desks[i][shard], creator, left);
    }
    return spent;
}

static int64_t promote_at(void *growth, uint32_t shard, uint32_t creator, uint32_t place,
                          int64_t budget)
{
    struct growth *self = growth;
    const struct creator *row = &self->world->creators[shard].row[creator];
    if (budget > row->balance) budget = row->balance;
    book_act(&self->world->creators[shard].book, money_act(MONEY_BOUGHT, self->world->close));
    for (size_t i = 0; i < self->count && budget > 0; i++)
        if (self->channel[i]->promote && place-- == 0 && desk_used(&self->desks[i][shard], row))
            return self->channel[i]->promote(&self->desks[i][shard], creator, budget);
    return 0;
}

static uint32_t used_places(void *growth, uint32_t shard, uint32_t creator)
{
    const struct growth *self = growth;
    const struct creator *row = &self->world->creators[shard].row[creator];
    uint32_t used = 0, place = 0;
    for (size_t i = 0; i < self->count; i++)
        if (self->channel[i]->promote)
            used |= (uint32_t)desk_used(&self->desks[i][shard], row) << place++;
    return used;
}

static double live_hours(void *growth, uint32_t shard, uint32_t creator, double *most)
{
    struct growth *self = growth;
    for (size_t i = 0; i < self->count; i++)
        if (self->channel[i]->hours)
            return self->channel[i]->hours(&self->desks[i][shard], creator, most);
    *most = 0;
    return 0;
}

struct promotion_service growth_promotion(struct growth *self)
{
    struct promotion_service service = {
        .self = self, .promote = promote, .promote_at = promote_at, .used = used_places};
    for (size_t i = 0; i < self->count; i++) {
        service.places += self->channel[i]->promote != NULL;
        if (self->channel[i]->hours) service.hours = live_hours;
    }
    return service;
}

/* --------------------------------------------------------------------------------- the close
 */

static void sweep_task(void *context, uint32_t shard, uint32_t thread)
{
    struct growth *self = context;
    struct growth_shard *mine = &self->shards[shard];
    struct sweep sweep = {self->world, self->before, (uint64_t)self->cascades->least};
    (void)thread;
    if (!mine->fault) mine->fault = cascades_sweep(&mine->cascades, &sweep);
}

/* Finished cascades go out in shard order. */
static void hand_out(struct growth *self)
{
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        struct cascades *cascades = &self->shards[s].cascades;
        for (size_t i = 0; i < cascades->closed_count && self->services.cascade; i++)
            self->services.cascade(self->services.sink, &cascades->closed[i]);
        cascades->closed_count = 0;
    }
}

static enum status sweep_all(struct growth *self, sim_time before)
{
    self->before = before;
    team_run(self->world->team, self->world->shards.count, sweep_task, self);
    hand_out(self);
    return first_fault(self);
}

enum status growth_close(struct growth *self)
{
    const struct world *world = self->world;
    bool day_ends = world->close / TIME_DAY > world->now / TIME_DAY;
    enum status status = day_ends ? follow_all(self) : first_fault(self);
    if (!status) status = channels_settle(self);
    if (!status && day_ends) {
        sim_time silence = (sim_time)(self->cascades->silence * (double)TIME_DAY);
        status = sweep_all(self, world->close - silence);
    }
    return status ? status : reserve(self);
}

enum status growth_finish(struct growth *self) { return sweep_all(self, TIME_NEVER); }

const char *const *growth_names(const struct growth *self, size_t *count)
{
    *count = self->count;
    return self->name;
}

struct growth_figures growth_figures(const struct growth *self)
{
    struct growth_figures f = {0};
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        f.shares += self->shards[s].cascades.shares;
        f.cascades += self->shards[s].cascades.finished;
    }
    return f;
}

size_t growth_bytes(const struct growth *self)
{
    size_t bytes = 0;
    for (uint32_t s = 0; s < self->world->shards.count; s++)
        bytes += cascades_bytes(&self->shards[s].cascades) +
                 followers_bytes(&self->shards[s].followers);
    return bytes;
}

/* Are the videos of the shard's trees there? */
static bool trees_known(const struct growth *self, uint32_t shard)
{
    const struct world *world = self->world;
    const struct cascades *cascades = &self->shards[shard].cascades;
    for (size_t i = 0; i < cascades->nodes; i++) {
        uint32_t video = node_at(cascades, i)->video;
        if (entity_shard(world->shards, video) != shard ||
            entity_row(world->shards, video) >= world->videos[shard].count)
            return false;
    }
    return true;
}

static void visit_followers(void *context, uint32_t s, struct visitor *v)
{
    struct growth *self = context;
    followers_visit(&self->shards[s].followers, self->world, s, v);
    if (visit_loading(v) && self->world->viewers[s].elsewhere)
        followers_free(&self->shards[s].followers);
}

void growth_visit(struct growth *self, struct visitor *v)
{
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        struct growth_shard *shard = &self->shards[s];
        uint64_t busiest = shard->busiest;
        cascades_visit(&shard->cascades, v);
        if (visit_loading(v) && !v->status && !trees_known(self, s))
            v->status = STATUS_BAD_INPUT;
        visit_count(v, "growth.busiest", &busiest, UINT32_MAX);
        shard->busiest = (size_t)busiest;
        if (self->follows) post_visit(self->world->post, s, v, visit_followers, self);
    }
    for (size_t i = 0; i < self->count; i++)
        for (uint32_t s = 0; self->channel[i]->visit && s < self->world->shards.count; s++)
            self->channel[i]->visit(&self->desks[i][s], v);
    if (visit_loading(v) && !v->status) v->status = reserve(self);
}
