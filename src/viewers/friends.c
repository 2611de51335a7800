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
     .moves = "hash",
     .from = "0",
     .to = "1.5",
     .needs = "growth.channels=[\"social_share\"]",
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
     .moves = "hash",
     .from = "0",
     .to = "1",
     .needs = "growth.channels=[\"social_share\"]",
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
     .moves = "hash",
     .from = "2",
     .to = "64",
     .needs = "growth.channels=[\"social_share\"]",
     VIEWERS_AT(friends_parameters, most)},
};
const struct schema_table friends_table = {
    .prefix = "viewers.friends", .size = sizeof(struct friends_parameters), SCHEMA_ROWS(rows)};

#define POTS (TOPICS_MAX + 1) /* one a topic, and the common one */

struct half_edge {
    uint32_t row;   /* of the viewer in its shard */
    uint32_t other; /* the friend's number */
};

struct graph {
    struct viewers *self;
    const uint32_t *number; /* borrowed; by ordinal */
    size_t viewers;
    uint16_t *degree; /* owned; half-edges of each, by ordinal */
    uint32_t *end; /* owned; numbers, pot after pot, within a pot by ordinal until shuffled */
    size_t start[POTS + 1];
    struct half_edge *half; /* owned; shard after shard */
    size_t *first;          /* owned; [shards + 1] */
};

/* How many half-edges each viewer has. */
static void draw_degrees(struct graph *g)
{
    const struct friends_parameters *p = g->self->friends;
    double sigma = p->sigma;
    double mu = p->mean > 0 ? maths_log(p->mean) - 0.5 * sigma * sigma : 0;

    for (size_t i = 0; i < g->viewers && p->mean > 0; i++) {
        const struct viewer *viewer = world_viewer(g->self->world, g->number[i]);
        struct stream s = stream_open(g->self->keys.friends, viewer->name, 0);
        double n = stream_lognormal(&s, mu, sigma) + stream_uniform(&s);
        g->degree[i] = (uint16_t)(n < (double)p->most ? n : (double)p->most);
    }
}

static uint32_t draw_pot(const struct graph *g, const struct viewer *viewer, struct stream *s)
{
    return word_uniformf(stream_word(s)) < (float)g->self->friends->homophily ? viewer->topic
                                                                              : TOPICS_MAX;
}

/* The pot of every half-edge, by ordinal, and how many each pot holds. */
static void draw_pots(const struct graph *g, uint8_t *pot, size_t *count)
{
    for (size_t i = 0; i < g->viewers; i++) {
        const struct viewer *viewer = world_viewer(g->self->world, g->number[i]);
        struct stream s = stream_open(g->self->keys.friends, viewer->name, 1);
        for (uint32_t k = 0; k < g->degree[i]; k++) {
            *pot = (uint8_t)draw_pot(g, viewer, &s);
            count[*pot++]++;
        }
    }
}

static void deal_ends(struct graph *g, const uint8_t *pot, size_t *at)
{
    for (size_t i = 0; i < g->viewers; i++)
        for (uint32_t k = 0; k < g->degree[i]; k++) g->end[at[*pot++]++] = g->number[i];
}

static enum status make_ends(struct graph *g)
{
    size_t at[POTS] = {0}, total = 0;
    enum status status = STATUS_NO_MEMORY;
    uint8_t *pot;

    g->degree = memory_alloc(g->viewers, sizeof *g->degree);
    if (!g->degree) return STATUS_NO_MEMORY;
    draw_degrees(g);
    for (size_t i = 0; i < g->viewers; i++) total += g->degree[i];
    g->end = memory_alloc(total, sizeof *g->end);
    pot = memory_alloc(total, sizeof *pot);
    if (g->end && pot) {
        draw_pots(g, pot, at);
        for (size_t p = 0, first = 0; p < POTS; p++) {
            size_t count = at[p];
            g->start[p] = at[p] = first;
            first += count;
        }
        g->start[POTS] = total;
        deal_ends(g, pot, at);
        status = STATUS_OK;
    }
    memory_free(pot);
    return status;
}

/* Fisher-Yates; each pot is shuffled by a name of its own. */
static void shuffle_task(void *context, uint32_t pot, uint32_t thread)
{
    struct graph *g = context;
    uint32_t *end = g->end + g->start[pot];
    uint32_t n = (uint32_t)(g->start[pot + 1] - g->start[pot]);
    struct stream s = stream_open(g->self->keys.friends, name_of("friends", pot), 0);

    (void)thread;
    for (; n > 1; n--) {
        uint32_t k = stream_below(&s, n), last = end[n - 1];
        end[n - 1] = end[k];
        end[k] = last;
    }
}

/* Calls for every pair of joined half-edges; counts or fills by shard. */
static void join_pairs(struct graph *g, size_t *at, bool fill)
{
    struct shards shards = g->self->world->shards;

    for (uint32_t pot = 0; pot < POTS; pot++) {
        for (size_t i = g->start[pot]; i + 1 < g->start[pot + 1]; i += 2) {
            uint32_t pair[2] = {g->end[i], g->end[i + 1]};
            if (pair[0] == pair[1]) continue;
            for (int k = 0; k < 2; k++) {
                size_t *place = &at[entity_shard(shards, pair[k])];
                if (fill)
                    g->half[*place] = (struct half_edge){entity_row(shards, pair[k]),
                                                         pair[1 - k]};
                ++*place;
            }
        }
    }
}

static enum status make_halves(struct graph *g)
{
    uint32_t shards = g->self->world->shards.count;
    enum status status = STATUS_NO_MEMORY;
    size_t total = 0, *at = memory_alloc(shards, sizeof *at);

    g->first = memory_alloc(shards + 1, sizeof *g->first);
    if (!at || !g->first) goto out;
    join_pairs(g, at, false);
    for (uint32_t s = 0; s < shards; s++) {
        g->first[s] = total;
        total += at[s];
        at[s] = g->first[s];
    }
    g->first[shards] = total;
    g->half = memory_alloc(total, sizeof *g->half);
    if (!g->half) goto out;
    join_pairs(g, at, true);
    status = STATUS_OK;
out:
    memory_free(at);
    return status;
}

/* Lists are made to measure before they are filled. */
static void befriend_task(void *context, uint32_t shard, uint32_t thread)
{
    struct graph *g = context;
    struct viewer_shard *v = &g->self->world->viewers[shard];
    struct session_pool *pool = &g->self->pools[shard];
    uint32_t most = (uint32_t)g->self->friends->most;

    (void)thread;
    for (size_t i = 0; i < g->viewers && pool->fault == STATUS_OK; i++) {
        if (entity_shard(g->self->world->shards, g->number[i]) != shard) continue;
        struct viewer *viewer = &v->row[entity_row(g->self->world->shards, g->number[i])];
        uint32_t need = viewer->relations.count + (uint32_t)g->degree[i];
        pool->fault = relation_list_reserve(&v->relations, &viewer->relations, need);
    }
    for (size_t i = g->first[shard]; i < g->first[shard + 1] && pool->fault == STATUS_OK; i++) {
        struct relation what = relation_make(RELATION_FRIEND, g->half[i].other);
        pool->fault = relation_add(&v->relations, &v->row[g->half[i].row].relations, what, most,
                                   NULL);
    }
}

enum status friends_populate(struct viewers *self, const uint32_t *number, size_t n)
{
    struct graph g = {.self = self, .number = number, .viewers = n};
    struct team *team = self->world->team;
    enum status status = make_ends(&g);

    if (status != STATUS_OK) goto out;
    team_run(team, POTS, shuffle_task, &g);
    status = make_halves(&g);
    if (status != STATUS_OK) goto out;
    team_run(team, self->world->shards.count, befriend_task, &g);
    for (uint32_t s = 0; s < self->world->shards.count && status == STATUS_OK; s++)
        status = self->pools[s].fault;
out:
    memory_free(g.degree);
    memory_free(g.end);
    memory_free(g.half);
    memory_free(g.first);
    return status;
}
