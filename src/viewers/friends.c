/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Friendships among the initial viewers: a configuration model (Bollobas 1980; Newman 2003)
 * with homophily. Everybody draws a number of half-edges; each goes into the pot of the
 * viewer's strongest topic or into the common one; a pot is shuffled and its half-edges are
 * joined two by two. Loops and doubles are left out, so degrees come out a little smaller.
 */
#include "base/memory.h"
#include "population.h"

static const struct schema_row rows[] = {
    {.path = "mean",
     .type = SCHEMA_FLOAT,
     .unit = "friends",
     .low = 0,
     .high = 200,
     .initial = "5",
     .meaning = "mean number of friends whom a viewer sends videos",
     .source = "A",
     .plausible_low = 2,
     .plausible_high = 20,
     .when = SCHEMA_START,
     .moves = "impressions_shared",
     .sign = 1,
     .from = "1",
     .to = "12",
     .needs = "growth.channels=[\"social_share\"] viewers.weibull.share=0.004 "
              "growth.social_share.reach=10.0",
     VIEWERS_AT(friends_parameters, mean)},
    {.path = "sigma",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 3,
     .initial = "1",
     .meaning = "spread of ln(number of friends): the tail of the graph",
     .source = "A",
     .plausible_low = 0.5,
     .plausible_high = 1.5,
     .when = SCHEMA_START,
     .moves = "dau",
     .sign = -1,
     .from = "0",
     .to = "1.5",
     .needs = "growth.channels=[\"social_share\"] viewers.weibull.share=0.02 "
              "growth.social_share.reach=10.0",
     VIEWERS_AT(friends_parameters, sigma)},
    {.path = "homophily",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.5",
     .meaning = "share of friendships within one's strongest topic",
     .source = "A",
     .plausible_low = 0.2,
     .plausible_high = 0.8,
     .when = SCHEMA_START,
     .moves = "dau",
     .sign = -1,
     .from = "0",
     .to = "1",
     .needs = "growth.channels=[\"social_share\"] viewers.weibull.share=0.02 "
              "growth.social_share.reach=10.0",
     VIEWERS_AT(friends_parameters, homophily)},
    {.path = "open",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.3",
     .meaning = "probability that a friend's video is opened",
     .source = "A",
     .plausible_low = 0.1,
     .plausible_high = 0.6,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_shared",
     .sign = 1,
     .from = "0.05",
     .to = "0.9",
     .needs = "growth.channels=[\"social_share\"]",
     VIEWERS_AT(friends_parameters, open)},
    {.path = "most",
     .type = SCHEMA_INT,
     .unit = "friends",
     .low = 1,
     .high = 256,
     .initial = "64",
     .meaning = "nobody has more friends than this",
     .source = "A",
     .plausible_low = 16,
     .plausible_high = 128,
     .when = SCHEMA_START,
     .moves = "dau",
     .sign = 1,
     .from = "2",
     .to = "64",
     .needs = "growth.channels=[\"social_share\"] viewers.weibull.share=0.02 "
              "growth.social_share.reach=10.0",
     VIEWERS_AT(friends_parameters, most)},
};
const struct schema_table friends_table = {
    .prefix = "viewers.friends", .size = sizeof(struct friends_parameters), SCHEMA_ROWS(rows)};

#define POTS (TOPICS_MAX + 1) /* one a topic, and the common one */

/* What a viewer puts into its topic's pot and into the common one. */
struct wish {
    uint16_t own, common;
    uint8_t topic;
};

struct half_edge {
    uint32_t row;   /* of the viewer in its shard */
    uint32_t other; /* the friend's number */
};

struct friending {
    struct viewers *viewers;
    struct wish *wish; /* owned; by viewer's number */
    uint32_t *end; /* owned; numbers, pot after pot, within a pot by ordinal until shuffled */
    size_t start[POTS + 1];
    struct half_edge *half; /* owned; shard after shard */
    size_t *first;          /* owned; [shards + 1] */
};

enum status friending_init(struct friending **out, struct viewers *viewers)
{
    struct friending *self = memory_alloc(1, sizeof *self);
    const struct world *w = viewers->world;
    size_t most = 0;

    *out = self;
    if (!self) return STATUS_NO_MEMORY;
    self->viewers = viewers;
    for (uint32_t s = 0; s < w->shards.count; s++)
        most = w->viewers[s].count > most ? w->viewers[s].count : most;
    self->wish = memory_alloc(most * w->shards.count, sizeof *self->wish);
    return self->wish ? STATUS_OK : STATUS_NO_MEMORY;
}

void friending_free(struct friending *self)
{
    if (!self) return;
    memory_free(self->wish);
    memory_free(self->end);
    memory_free(self->half);
    memory_free(self->first);
    memory_free(self);
}

uint32_t friending_draw(struct friending *self, const struct viewer *viewer, uint32_t number)
{
    const struct friends_parameters *p = self->viewers->friends;
    struct wish *wish = &self->wish[number];
    double sigma = p->sigma;

    *wish = (struct wish){.topic = viewer->topic};
    if (p->mean <= 0) return 0;
    struct stream s = stream_open(self->viewers->keys.friends, viewer_name(viewer), 0);
    double n = stream_lognormal(&s, maths_log(p->mean) - 0.5 * sigma * sigma, sigma) +
               stream_uniform(&s);
    uint32_t degree = (uint32_t)(n < (double)p->most ? n : (double)p->most);
    for (uint32_t k = 0; k < degree; k++)
        wish->own = (uint16_t)(wish->own +
                               (word_uniformf(stream_word(&s)) < (float)p->homophily));
    wish->common = (uint16_t)(degree - wish->own);
    return degree;
}

/* Every half-edge goes into its pot. */
static enum status make_ends(struct friending *self, const uint32_t *number, size_t n)
{
    size_t at[POTS] = {0}, total = 0;

    for (size_t i = 0; i < n; i++) {
        const struct wish *wish = &self->wish[number[i]];
        at[wish->topic] += wish->own;
        at[TOPICS_MAX] += wish->common;
    }
    for (size_t p = 0; p < POTS; p++) {
        size_t count = at[p];
        self->start[p] = at[p] = total;
        total += count;
    }
    self->start[POTS] = total;
    self->end = memory_alloc(total, sizeof *self->end);
    if (!self->end) return STATUS_NO_MEMORY;
    for (size_t i = 0; i < n; i++) {
        const struct wish *wish = &self->wish[number[i]];
        for (uint32_t k = 0; k < wish->own; k++) self->end[at[wish->topic]++] = number[i];
        for (uint32_t k = 0; k < wish->common; k++) self->end[at[TOPICS_MAX]++] = number[i];
    }
    return STATUS_OK;
}

/* Fisher-Yates; each pot is shuffled by a name of its own. */
static void shuffle_task(void *context, uint32_t pot, uint32_t thread)
{
    struct friending *self = context;
    uint32_t *end = self->end + self->start[pot];
    size_t all = self->start[pot + 1] - self->start[pot];
    struct stream s = stream_open(self->viewers->keys.friends, name_of("friends", pot), 0);

    (void)thread;
    require(all <= UINT32_MAX);
    for (uint32_t n = (uint32_t)all; n > 1; n--) {
        uint32_t k = stream_below(&s, n), last = end[n - 1];
        end[n - 1] = end[k];
        end[k] = last;
    }
}

/* Goes over every pair of joined half-edges; counts them by shard, or fills. */
static void join_pairs(struct friending *self, size_t *at, bool fill)
{
    struct shards shards = self->viewers->world->shards;

    for (uint32_t pot = 0; pot < POTS; pot++) {
        for (size_t i = self->start[pot]; i + 1 < self->start[pot + 1]; i += 2) {
            uint32_t pair[2] = {self->end[i], self->end[i + 1]};
            if (pair[0] == pair[1]) continue;
            for (int k = 0; k < 2; k++) {
                size_t *place = &at[entity_shard(shards, pair[k])];
                if (fill)
                    self->half[*place] = (struct half_edge){entity_row(shards, pair[k]),
                                                            pair[1 - k]};
                ++*place;
            }
        }
    }
}

static enum status make_halves(struct friending *self)
{
    uint32_t shards = self->viewers->world->shards.count;
    enum status status = STATUS_NO_MEMORY;
    size_t total = 0, *at = memory_alloc(shards, sizeof *at);

    self->first = memory_alloc(shards + 1, sizeof *self->first);
    if (!at || !self->first) goto out;
    join_pairs(self, at, false);
    for (uint32_t s = 0; s < shards; s++) {
        self->first[s] = total;
        total += at[s];
        at[s] = self->first[s];
    }
    self->first[shards] = total;
    self->half = memory_alloc(total, sizeof *self->half);
    if (!self->half) goto out;
    join_pairs(self, at, true);
    status = STATUS_OK;
out:
    memory_free(at);
    return status;
}

static void befriend_task(void *context, uint32_t shard, uint32_t thread)
{
    const struct friending *self = context;
    struct viewer_shard *v = &self->viewers->world->viewers[shard];
    struct session_pool *pool = &self->viewers->pools[shard];
    uint32_t most = (uint32_t)self->viewers->friends->most;

    (void)thread;
    if (v->elsewhere) return;
    for (size_t i = self->first[shard]; i < self->first[shard + 1] && pool->fault == STATUS_OK;
         i++)
        pool->fault = relation_add(&v->relations, &v->row[self->half[i].row].relations,
                                   relation_make(RELATION_FRIEND, self->half[i].other), most,
                                   NULL);
}

/* Everybody knows what everybody wishes. */
static enum status tell_wishes(struct friending *self)
{
    const struct world *w = self->viewers->world;

    while (post_turn(w->post))
        for (uint32_t s = 0; s < w->shards.count; s++)
            for (uint32_t r = 0; r < w->viewers[s].count; r++)
                post_bytes(w->post, s, &self->wish[viewer_number(self->viewers, r, s)],
                           sizeof *self->wish);
    return w->post ? w->post->status : STATUS_OK;
}

enum status friending_join(struct friending *self, const uint32_t *number, size_t n)
{
    struct world *w = self->viewers->world;
    enum status status = tell_wishes(self);

    if (status == STATUS_OK) status = make_ends(self, number, n);
    if (status != STATUS_OK) return status;
    team_run(w->team, POTS, shuffle_task, self);
    status = make_halves(self);
    if (status != STATUS_OK) return status;
    team_run(w->team, w->shards.count, befriend_task, self);
    for (uint32_t s = 0; s < w->shards.count && status == STATUS_OK; s++)
        status = self->viewers->pools[s].fault;
    return status;
}
