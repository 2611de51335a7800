/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looking at the recommender from outside of sessions: scores of given videos for measure/, and
 * what a viewer would be shown now, with the reasons.
 */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "look.h"

/* ------------------------------------------------------------------------------- scores */

/* A request as a viewer's would be, from its row at rest. */
static void open_outside(struct platform *self, struct making *m, uint32_t viewer)
{
    struct request *r = &m->request;
    uint32_t s = entity_shard(self->world->shards, viewer);
    uint32_t row = entity_row(self->world->shards, viewer);
    m->rules = slate_rules(self, truth_name(self, viewer));
    const struct scheme *scheme = m->rules->scheme;
    m->draw = stream_open(self->slate_key, truth_name(self, viewer), UINT32_MAX);
    *r = (struct request){.snapshot = &self->snapshot[m->rules->model],
                          .kernels = self->world->kernels,
                          .topics = &self->world->topics,
                          .query = &m->session->query,
                          .truth = scheme->ranker->omniscient ? &self->truth : NULL,
                          .viewer = viewer,
                          .common = scheme->common,
                          .draw = &m->draw};
    if (scheme->ranker->omniscient) {
        self->truth.taste(self->truth.self, viewer, &m->session->query);
        r->personal = true;
    } else if (scheme->learner && row < self->shard[s].viewers) {
        session_unfold(scheme, rows_viewer(self, s, row), m->learned);
        r->session = m->learned;
        r->personal = slate_query(scheme, m->learned, &m->session->query);
        r->feature_space = scheme->learner->feature_space;
    }
    m->weight = slate_weight(m);
}

void platform_score(void *platform, uint32_t viewer, const uint32_t *video, size_t n,
                    float *score)
{
    struct platform *self = platform;
    struct making making;
    struct session session = {0};
    float learned[LEARNER_SESSION_MAX] = {0};
    uint32_t place[CANDIDATES_MAX], asked[CANDIDATES_MAX];
    float found[CANDIDATES_MAX];
    making.session = &session;
    making.learned = learned;
    open_outside(self, &making, viewer);
    for (size_t from = 0; from < n; from += CANDIDATES_MAX) {
        size_t m = n - from < CANDIDATES_MAX ? n - from : CANDIDATES_MAX, known = 0;
        for (size_t i = 0; i < m; i++) {
            score[from + i] = SCORE_NEVER;
            asked[known] = (uint32_t)i;
            place[known] = snapshot_place(&self->snapshot[0], video[from + i]);
            known += place[known] != ENTITY_NONE;
        }
        slate_score(&making, place, known, found);
        for (size_t i = 0; i < known; i++) score[from + asked[i]] = found[i];
    }
}

uint64_t platform_rank(void *platform, uint32_t viewer, uint32_t slates)
{
    struct platform *self = platform;
    const struct feed nobody = {0};
    struct making making;
    struct session session = {0};
    float learned[LEARNER_SESSION_MAX] = {0}, score[CANDIDATES_MAX];
    uint32_t place[CANDIDATES_MAX], tag[CANDIDATES_MAX];
    uint64_t sum = 0;
    if (self->retrievers == 0 || self->snapshot[0].count == 0) return 0;
    making.session = &session;
    making.learned = learned;
    open_outside(self, &making, viewer);
    struct request anybody = making.request;
    anybody.personal = false;
    anybody.feed = &nobody;
    const struct quota *quota = making.rules->retriever[0];
    for (uint32_t i = 0; i < slates; i++) {
        uint32_t n = self->retriever[0]->retrieve(quota, &anybody, place, tag,
                                                  (uint32_t)quota->candidates);
        if (n) slate_score(&making, place, n, score);
        sum += n;
    }
    return sum;
}

uint64_t platform_look(uint32_t n, uint32_t slates)
{
    struct pool pool = {.count = n};
    struct stream draw = stream_open((struct stream_key){{1, 2}}, n, 0);
    struct seen_view seen = {{0}, {0}};
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++)
        pool.word[i] = stream_below(&draw, SEEN_BITS) << 16 | stream_below(&draw, SEEN_BITS)
                                                                  << 24;
    for (uint32_t i = 0; i < slates; i++) {
        seen.young[i % (SEEN_BITS / 32)] ^= UINT32_C(1) << i % 32;
        look_open(&pool, &seen);
        sum += pool.open[i % n] <= SCORE_NEVER;
    }
    return sum;
}

/* ------------------------------------------------------------------------------ reasons */

/* A session as it goes on, or one that opens now. `learned` has LEARNER_SESSION_MAX floats, for
 * the learner of the scheme. */
static void join_session(const struct platform *self, const struct scheme *scheme,
                         const struct feed *feed, struct session *session, float *learned)
{
    const struct platform_shard *shard = &self->shard[feed->shard];
    const struct learner *learner = scheme->learner;
    if (feed->slot < shard->session_count && session_row(shard, feed->slot)->open) {
        *session = *session_row(shard, feed->slot);
        if (learner)
            memcpy(learned, session_of(self, scheme, feed->shard, feed->slot),
                   learner->session_floats * sizeof(*learned));
    } else {
        session->seen = session_seen(rows_viewer(self, feed->shard, feed->row));
        session->window = UINT32_MAX;
    }
    if (!session->open && learner)
        session_unfold(scheme, rows_viewer(self, feed->shard, feed->row), learned);
    session->nearest_count = 0;
}

static struct score_parts parts_of(const struct making *m, uint32_t i)
{
    const struct ranker *ranker = m->rules->scheme->ranker;
    uint32_t place = m->picks.place[i];
    struct score_parts parts = {.popularity = m->request.snapshot->item[place].bias};
    float rest = m->given[i] - parts.popularity;
    if (ranker->uncertain)
        parts.exploration = ranker->uncertain(m->rules->ranker, &m->request, place,
                                              m->given[i]);
    else if (ranker->score && !ranker->learner && !ranker->omniscient)
        parts.exploration = rest;
    parts.similarity = rest - parts.exploration;
    return parts;
}

static uint32_t rank_of(const struct pool *pool, float rank)
{
    uint32_t n = 1;
    for (uint32_t i = 0; i < pool->count; i++) n += pool->rank[i] > rank;
    return n;
}

static void write_reasons(const struct platform *self, struct making *m, struct explained *out)
{
    uint8_t order[SLATE_MAX];
    slate_arrange(m, order);
    for (uint32_t at = 0; at < m->picks.count; at++) {
        uint32_t i = order[at];
        out[at] = (struct explained){.video = self->snapshot[0].item[m->picks.place[i]].video,
                                     .source = (enum source)m->source[i],
                                     .reserved = i < m->reserved,
                                     .rank = i < m->reserved ? 0
                                                             : rank_of(&m->ranked, m->given[i]),
                                     .score = m->given[i],
                                     .part = parts_of(m, i),
                                     .moved = m->picked[i] - m->given[i]};
    }
}

/* Promises use up allowances: they get lists of their own meanwhile. */
static enum status lend_allowances(struct allowance_list *list, struct allowance_list *kept)
{
    for (int k = 0; k < 2; k++) {
        kept[k] = list[k];
        list[k].row = memory_alloc(list[k].count + list[k].room + 1, sizeof(*list[k].row));
        if (!list[k].row) {
            list[k] = kept[k];
            if (k == 1) {
                memory_free(list[0].row);
                list[0] = kept[0];
            }
            return STATUS_NO_MEMORY;
        }
        memcpy(list[k].row, kept[k].row, kept[k].count * sizeof(*kept[k].row));
    }
    return STATUS_OK;
}

static void return_allowances(struct allowance_list *list, const struct allowance_list *kept)
{
    for (int k = 0; k < 2; k++) {
        memory_free(list[k].row);
        list[k] = kept[k];
    }
}

/* As slate_make does. Afterwards the viewer's row is as it was. */
static void fill_outside(struct platform *self, struct making *m, const struct feed *feed)
{
    uint16_t *row = rows_viewer(self, feed->shard, feed->row), kept[2 * SEEN_WORDS];
    memcpy(kept, row, sizeof(kept));
    slate_open(self, m, feed); /* what an open session was promised comes back first */
    slate_open_seen(self, m, feed);
    for (int attempt = 0; !slate_fill(self, m) && attempt < 2; attempt++) {
        m->session->seen = SEEN_FULL;
        slate_open_seen(self, m, feed);
    }
    memcpy(row, kept, sizeof(kept));
}

enum status platform_explain(struct platform *self, const struct feed *feed, uint32_t want,
                             struct explanation *out)
{
    struct platform_shard *shard = &self->shard[feed->shard];
    struct session session = {0};
    float learned[LEARNER_SESSION_MAX] = {0};
    struct allowance_list kept[2];
    *out = (struct explanation){0};
    if (feed->row >= shard->viewers || self->snapshot[0].count == 0) return STATUS_OK;
    struct making *m = memory_alloc(1, sizeof(*m));
    enum status status = m ? lend_allowances(shard->allowance, kept) : STATUS_NO_MEMORY;
    if (!status) {
        m->rules = slate_rules(self, feed->name);
        join_session(self, m->rules->scheme, feed, &session, learned);
        m->session = &session;
        m->learned = m->rules->scheme->learner ? learned : NULL;
        m->size = want < SLATE_MAX ? want : SLATE_MAX;
        fill_outside(self, m, feed);
        write_reasons(self, m, out->item);
        out->count = m->picks.count;
        out->candidates = m->ranked.count;
        out->personal = m->request.personal;
        return_allowances(shard->allowance, kept);
    }
    memory_free(m);
    return status;
}

/* ------------------------------------------------------------------------------- belief */

#define BELIEF_SAMPLE 64 /* items of a topic */

enum status platform_belief(struct platform *self, uint32_t viewer, float *mean,
                            uint32_t *count)
{
    uint32_t topics = (uint32_t)self->world->topics.count;
    struct session session = {0};
    float learned[LEARNER_SESSION_MAX] = {0};
    struct making *m = memory_alloc(1, sizeof(*m));
    if (!m) return STATUS_NO_MEMORY;
    m->session = &session;
    m->learned = learned;
    open_outside(self, m, viewer);
    const struct snapshot *snapshot = m->request.snapshot;
    for (uint32_t k = 0; k < topics; k++) mean[k] = 0, count[k] = 0;
    for (uint32_t place = 0; place < snapshot->extent; place++) {
        const struct item *item = &snapshot->item[place];
        if (item->video == ENTITY_NONE || count[item->topic] == BELIEF_SAMPLE) continue;
        float score;
        slate_score(m, &place, 1, &score);
        mean[item->topic] += score - item->bias;
        count[item->topic]++;
    }
    for (uint32_t k = 0; k < topics; k++)
        if (count[k]) mean[k] /= (float)count[k];
    memory_free(m);
    return STATUS_OK;
}

/* ------------------------------------------------------------------------------- videos */

struct video_standing platform_standing(const struct platform *self, uint32_t video)
{
    const struct snapshot *snapshot = &self->snapshot[0];
    const struct video_counters *c = &self->world
                                          ->videos[entity_shard(self->world->shards, video)]
                                          .counter[entity_row(self->world->shards, video)];
    uint32_t place = snapshot_place(snapshot, video);
    struct video_standing at = {.pool_size = pools_size(self, c),
                                .pool_bar = pools_bar(self, c->pool),
                                .heat = (double)refresh_heat(self, c, self->world->now),
                                .bias = {NAN, NAN}};
    if (place == ENTITY_NONE) return at;
    at.bias[ARM_A] = (double)snapshot->item[place].bias;
    at.bias[ARM_B] = (double)self->snapshot[self->models - 1].item[place].bias;
    for (uint32_t i = 0; i < snapshot->trending_count && !at.trending; i++)
        if (snapshot->trending[i] == place) at.trending = i + 1;
    return at;
}

const char *platform_ranker(const struct platform *self, uint32_t viewer)
{
    return slate_rules(self, truth_name(self, viewer))->scheme->ranker->about.name;
}
