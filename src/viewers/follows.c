/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Follows: the initial ones, drawn by taste and attractiveness; those made and given up while
 * watching. A change travels to the creator's shard as a row of world->follows.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "population.h"
#include "turn.h"

static const struct schema_row rows[] = {
    {.path = "mean",
     .type = SCHEMA_FLOAT,
     .unit = "creators",
     .low = 0,
     .high = 500,
     .initial = "6",
     .meaning = "mean number of creators that an initial viewer follows",
     .source = "A",
     .plausible_low = 2,
     .plausible_high = 50,
     .when = SCHEMA_START,
     .moves = "impressions_follow",
     .sign = 1,
     .from = "0.5",
     .to = "12",
     VIEWERS_AT(follows_parameters, mean)},
    {.path = "sigma",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 4,
     .initial = "1",
     .meaning = "spread of ln(number of creators followed)",
     .source = "A",
     .plausible_low = 0.5,
     .plausible_high = 2,
     .when = SCHEMA_START,
     .moves = "creators.followers",
     .sign = -1,
     .from = "0",
     .to = "2",
     VIEWERS_AT(follows_parameters, sigma)},
    {.path = "within",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.8",
     .meaning = "share of initial follows within the viewer's own topics",
     .source = "A",
     .plausible_low = 0.5,
     .plausible_high = 1,
     .when = SCHEMA_START,
     .moves = "sd creators.followers",
     .sign = -1,
     .from = "0",
     .to = "1",
     VIEWERS_AT(follows_parameters, within)},
    {.path = "most",
     .type = SCHEMA_INT,
     .unit = "creators",
     .low = 1,
     .high = FOLLOWS_MOST,
     .initial = "64",
     .meaning = "creators that a viewer keeps following; the oldest goes",
     .source = "A",
     .plausible_low = 32,
     .plausible_high = 256,
     .when = SCHEMA_WINDOW,
     .moves = "creators.followers",
     .sign = 1,
     .from = "2",
     .to = "64",
     VIEWERS_AT(follows_parameters, most)},
    {.path = "unfollow",
     .type = SCHEMA_FLOAT,
     .unit = "1/30d",
     .low = 0,
     .high = 30,
     .initial = "0.02",
     .meaning = "hazard of giving up a creator",
     .source = "V SUBD",
     .when = SCHEMA_WINDOW,
     .moves = "impressions_follow",
     .sign = -1,
     .from = "0",
     .to = "20",
     VIEWERS_AT(follows_parameters, unfollow)},
};
const struct schema_table follows_table = {
    .prefix = "viewers.follows", .size = sizeof(struct follows_parameters), SCHEMA_ROWS(rows)};

/* ---------------------------------------------------------------------------- while watching
 */

static void tell_creator(struct turn *t, uint32_t creator, int32_t change)
{
    struct world *w = t->self->world;
    struct follow_change *row = exchange_append(&w->follows, t->scope->shard,
                                                entity_shard(w->shards, creator));

    if (row)
        *row = (struct follow_change){creator, change};
    else
        turn_fault(t, STATUS_NO_MEMORY);
}

void follow_creator(struct turn *t, uint32_t creator)
{
    struct relation what = relation_make(RELATION_FOLLOW, creator);
    uint32_t dropped, most = (uint32_t)t->self->follows->most;
    enum status status = relation_add(&t->shard->relations, &t->viewer->relations, what, most,
                                      &dropped);

    if (status != STATUS_OK) {
        turn_fault(t, status);
        return;
    }
    turn_follow_note(t, creator);
    tell_creator(t, creator, 1);
    if (dropped != ENTITY_NONE) tell_creator(t, dropped, -1);
}

void unfollow_creator(struct turn *t, uint32_t creator)
{
    if (relation_remove(&t->shard->relations, &t->viewer->relations,
                        relation_make(RELATION_FOLLOW, creator)))
        tell_creator(t, creator, -1);
}

/* At most one a session: sessions are short against 1 / hazard. */
void follows_fade(struct turn *t, double days, const struct stream_words *words)
{
    const struct relation_list *list = &t->viewer->relations;
    uint32_t follows = relation_count(&t->shard->relations, list, RELATION_FOLLOW);
    double p = t->self->follows->unfollow / 30 * days * follows;

    if (follows == 0 || words_uniform(words->word[0], words->word[1]) >= p) return;
    const struct relation *row = relation_rows(&t->shard->relations, list);
    uint32_t which = (uint32_t)((uint64_t)words->word[2] * follows >> 32);
    for (; relation_kind(*row) != RELATION_FOLLOW || which-- > 0;) row++;
    unfollow_creator(t, relation_other(*row));
}

/* ------------------------------------------------------------------------------ at the start
 */

struct candidate {
    uint64_t name;
    uint32_t number, weight;
    uint8_t topic;
};

struct following {
    struct candidate *row; /* owned; by topic, then by birth name */
    uint32_t *number; /* owned; of the rows: all that drawing looks at, to stay in the cache */
    size_t count;
    size_t first[TOPICS_MAX + 1];
    struct categorical by_weight[TOPICS_MAX]; /* within a topic; n = 0: nobody */
    struct categorical topics;                /* by total weight; n = 0: nobody at all */
};

static int compare_candidates(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;

    if (x->topic != y->topic) return x->topic < y->topic ? -1 : 1;
    return x->name < y->name ? -1 : x->name > y->name;
}

/* Those who are there, publish and have a reason to be followed; who never publishes must not
 * shift a draw. */
static enum status collect(struct following *self, const struct world *w)
{
    size_t room = 0;

    for (uint32_t s = 0; s < w->shards.count; s++) room += w->creators[s].count;
    self->row = memory_alloc(room, sizeof *self->row);
    if (!self->row) return STATUS_NO_MEMORY;
    for (uint32_t s = 0; s < w->shards.count; s++) {
        for (uint32_t r = 0; r < w->creators[s].count; r++) {
            const struct creator *c = &w->creators[s].row[r];
            if (c->followers == 0 || c->left != TIME_NEVER || !(c->plan.videos_per_week > 0))
                continue;
            self->row[self->count++] = (struct candidate){
                c->name, entity_number(w->shards, r, s), c->followers,
                c->topic < TOPICS_MAX ? c->topic : 0};
        }
    }
    qsort(self->row, self->count, sizeof *self->row, compare_candidates);
    self->number = memory_alloc(self->count, sizeof *self->number);
    if (!self->number) return STATUS_NO_MEMORY;
    for (size_t i = 0; i < self->count; i++) self->number[i] = self->row[i].number;
    return STATUS_OK;
}

static enum status make_tables(struct following *self, double *weight)
{
    double total[TOPICS_MAX] = {0};
    size_t at = 0;

    for (uint32_t k = 0; k < TOPICS_MAX; k++) {
        self->first[k] = at;
        for (; at < self->count && self->row[at].topic == k; at++) {
            weight[at - self->first[k]] = self->row[at].weight;
            total[k] += self->row[at].weight;
        }
        if (at == self->first[k]) continue;
        enum status status = categorical_init(&self->by_weight[k], weight,
                                              (uint32_t)(at - self->first[k]));
        if (status != STATUS_OK) return status;
    }
    self->first[TOPICS_MAX] = at;
    return at ? categorical_init(&self->topics, total, TOPICS_MAX) : STATUS_OK;
}

enum status following_init(struct following **out, const struct world *world)
{
    struct following *self = memory_alloc(1, sizeof *self);
    double *weight = NULL;
    enum status status = self ? collect(self, world) : STATUS_NO_MEMORY;

    if (status != STATUS_OK) goto out;
    weight = memory_alloc(self->count, sizeof *weight);
    status = weight ? make_tables(self, weight) : STATUS_NO_MEMORY;
out:
    memory_free(weight);
    if (status != STATUS_OK) {
        following_free(self);
        self = NULL;
    }
    *out = self;
    return status;
}

void following_free(struct following *self)
{
    if (!self) return;
    for (uint32_t k = 0; k < TOPICS_MAX; k++) categorical_free(&self->by_weight[k]);
    categorical_free(&self->topics);
    memory_free(self->number);
    memory_free(self->row);
    memory_free(self);
}

/* A topic of the viewer's own by share, or any by attractiveness. */
static uint32_t draw_topic(const struct following *self, const struct interests *interests,
                           double within, struct stream *s)
{
    float u = word_uniformf(stream_word(s)), own = (float)within;

    if (u >= own) return categorical_draw(&self->topics, s);
    u /= own;
    for (uint32_t i = 0; i < interests->count; i++) {
        u -= interests->share[i];
        if (u < 0) return interests->topic[i];
    }
    return interests->topic[0];
}

uint32_t following_draw(const struct following *self, const struct viewers *viewers,
                        uint64_t name, const struct interests *interests, struct relation *out)
{
    const struct follows_parameters *p = viewers->follows;
    struct stream s = stream_open(viewers->keys.follows, name, 0);
    double sigma = p->sigma;
    uint32_t count = 0;

    if (self->topics.n == 0 || p->mean <= 0) return 0;
    double number = stream_lognormal(&s, maths_log(p->mean) - 0.5 * sigma * sigma, sigma) +
                    stream_uniform(&s);
    uint32_t n = number < (double)p->most ? (uint32_t)number : (uint32_t)p->most;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t topic = draw_topic(self, interests, p->within, &s), k = 0;
        if (self->by_weight[topic].n == 0) continue; /* nobody makes that */
        size_t at = self->first[topic] + categorical_draw(&self->by_weight[topic], &s);
        out[count] = relation_make(RELATION_FOLLOW, self->number[at]);
        while (out[k].word != out[count].word) k++; /* nobody twice */
        count += k == count;
    }
    return count;
}

static void count_shard(const struct viewer_shard *v, struct shards shards, const size_t *base,
                        uint32_t *followers)
{
    for (size_t i = 0; i < v->count; i++) {
        const struct relation_list *list = &v->row[i].relations;
        const struct relation *row = relation_rows(&v->relations, list);
        for (uint32_t k = 0; k < list->count; k++) {
            uint32_t creator = relation_other(row[k]);
            if (relation_kind(row[k]) != RELATION_FOLLOW) continue;
            followers[base[entity_shard(shards, creator)] + entity_row(shards, creator)]++;
        }
    }
}

enum status following_count(struct world *w)
{
    enum status status = STATUS_NO_MEMORY;
    uint32_t *followers = NULL;
    size_t total = 0, *base = memory_alloc(w->shards.count, sizeof *base);

    if (!base) goto out;
    for (uint32_t s = 0; s < w->shards.count; s++) {
        base[s] = total;
        total += w->creators[s].count;
    }
    followers = memory_alloc(total, sizeof *followers);
    if (!followers) goto out;
    for (uint32_t s = 0; s < w->shards.count; s++)
        if (!w->viewers[s].elsewhere) count_shard(&w->viewers[s], w->shards, base, followers);
    post_sum(w->post, followers, total);
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->creators[s].count; r++)
            w->creators[s].row[r].followers = followers[base[s] + r];
    status = STATUS_OK;
out:
    memory_free(followers);
    memory_free(base);
    return status;
}
