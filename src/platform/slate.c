/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A slate: candidates are gathered, screened and ranked; reserved sources take their places;
 * the rest goes to the best of the ranking, one by one, under the rules of the rerankers.
 */
#include <string.h>

#include "base/memory.h"
#include "look.h"

#define LOOKED_UP_EVERY 4 /* requests for which a session's nearest clusters serve */

enum status slate_init(struct platform *self)
{
    self->making = memory_alloc(self->world->team->threads, sizeof(*self->making));
    self->lanes = memory_alloc(1, sizeof(*self->lanes));
    if (self->lanes) look_lanes_make(self->lanes);
    return self->making && self->lanes ? STATUS_OK : STATUS_NO_MEMORY;
}

void slate_free(struct platform *self)
{
    memory_free(self->making);
    memory_free(self->lanes);
    self->making = NULL;
    self->lanes = NULL;
}

static const struct quota *quota_of(const struct making *m, uint32_t r)
{
    return m->rules->retriever[r];
}

const struct rules *slate_rules(const struct platform *self, uint64_t name)
{
    return &self->rules[arms_of(&self->world->arms, SCHEMA_SPLIT_VIEWER, name)];
}

/* ------------------------------------------------------------------------------- request */

static void forget_older(uint16_t *row)
{
    for (size_t i = 0; i < SEEN_WORDS; i++) row[SEEN_WORDS + i] = row[i];
    memset(row, 0, SEEN_WORDS * sizeof(*row));
}

void slate_open_seen(struct platform *self, struct making *m, const struct feed *feed)
{
    uint16_t *row = rows_viewer(self, feed->shard, feed->row);
    if (m->session->seen >= SEEN_FULL) {
        forget_older(row);
        m->session->seen = 0;
    }
    memcpy(m->request.seen.young, row, SEEN_WORDS * sizeof(*row));
    memcpy(m->request.seen.old, row + SEEN_WORDS, SEEN_WORDS * sizeof(*row));
}

static void find_nearest(struct platform *self, struct making *m)
{
    const struct snapshot *snapshot = &self->snapshot[m->rules->model];
    uint32_t clusters = snapshot->clusters, best[SLOTS_NEAREST];
    uint32_t k = clusters < SLOTS_NEAREST ? clusters : SLOTS_NEAREST, n = 0;
    const struct kernels *kernels = self->world->kernels;
    for (uint32_t c = 0; c < clusters; c++) m->bias[c] = snapshot->size[c] ? 0.0f : SCORE_NEVER;
    kernels->dot_rows(&m->session->query, snapshot->mean, clusters, m->near);
    kernels->scale_add(m->near, 0x1p-28f, m->bias, clusters, m->score);
    kernels->top_k(m->score, clusters, best, k);
    for (uint32_t i = 0; i < k; i++)
        if (snapshot->size[best[i]]) m->session->nearest[n++] = (uint16_t)best[i];
    m->session->nearest_count = (uint8_t)n;
    m->session->generation = self->served[0]->generation;
}

bool slate_query(const struct scheme *scheme, const float *learned, struct packed16 *query)
{
    float vector[VECTOR_DIM];
    memcpy(vector, learned, sizeof(vector));
    if (scheme->learner->feature_space) vector_normalise(vector);
    vector_pack(query, vector);
    return scheme->learner->known(scheme->learner_parameters, learned);
}

/* May the feed be made for this viewer in person? */
static bool may_be_known(const struct feed *feed)
{
    return (feed->flags & VIEWER_CONSENT) && !(feed->flags & VIEWER_FEED_OPTOUT);
}

/* The query follows the acts, or stands still for the window. */
static void make_query(struct platform *self, struct making *m, const struct feed *feed)
{
    struct session *session = m->session;
    const struct scheme *scheme = m->rules->scheme;
    bool first = session->window != session_window(self);
    bool look_up = feed->request % LOOKED_UP_EVERY == 0;
    if (!first && !m->rules->platform->profile_live && !look_up) return;
    if (first || m->rules->platform->profile_live) {
        if (scheme->ranker->omniscient) {
            self->truth.taste(self->truth.self, m->request.viewer, &session->query);
            session->known = 1;
        } else {
            session->known = scheme->learner &&
                             slate_query(scheme, m->learned, &session->query);
        }
    }
    bool allowed = scheme->ranker->omniscient || may_be_known(feed);
    session->known = session->known && allowed;
    if (session->known && (look_up || !session->nearest_count ||
                           session->generation != self->served[0]->generation))
        find_nearest(self, m);
}

/* What pleased in an open session; requests from outside of one have none. */
static const struct recent *recent_of(const struct platform *self, const struct feed *feed)
{
    const struct platform_shard *shard = &self->shard[feed->shard];
    if (!self->recent || !may_be_known(feed) || feed->slot >= shard->session_count) return NULL;
    return session_row(shard, feed->slot)->open ? session_recent(self, feed->shard, feed->slot)
                                                : NULL;
}

static bool subscribes(const struct feed *feed)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < feed->follow_count; i++)
        n += relation_subscribes(relation_kind(feed->follows[i]));
    return n > 0;
}

void slate_open(struct platform *self, struct making *m, const struct feed *feed)
{
    struct platform_shard *shard = &self->shard[feed->shard];
    const struct scheme *scheme = m->rules->scheme;
    struct request *r = &m->request;
    m->draw = stream_open(self->slate_key, feed->name, feed->occasion);
    m->draw.sub = feed->request << 12;
    r->snapshot = &self->snapshot[m->rules->model];
    r->kernels = self->world->kernels;
    r->topics = &self->world->topics;
    r->feed = feed;
    r->size = m->size;
    r->viewer = entity_number(self->world->shards, feed->row, feed->shard);
    r->region = self->lists.wanted & PLACES_OF_REGION
                    ? regions_of(&self->world->regions, feed->name)
                    : 0;
    r->truth = scheme->ranker->omniscient ? &self->truth : NULL;
    r->draw = &m->draw;
    session_give_back(self, feed->shard, m->session);
    make_query(self, m, feed);
    m->session->window = session_window(self);
    r->session = m->learned;
    r->common = scheme->common;
    r->query = &m->session->query;
    r->personal = m->session->known;
    m->weight = slate_weight(m);
    r->feature_space = scheme->learner && scheme->learner->feature_space;
    r->nearest = r->personal ? m->session->nearest : NULL;
    r->nearest_count = r->personal ? m->session->nearest_count : 0;
    r->recent = recent_of(self, feed);
    r->cold_start = shard->allowance[0].row;
    r->cold_start_count = (uint32_t)shard->allowance[0].count;
    r->promoted = shard->allowance[1].row;
    r->promoted_count = (uint32_t)shard->allowance[1].count;
    m->subscribes = self->exclusives && subscribes(feed);
}

/* ------------------------------------------------------------------------------- ranking */

float slate_weight(const struct making *m)
{
    const struct ranker *ranker = m->rules->scheme->ranker;
    return ranker->weight ? ranker->weight(m->rules->ranker, m->request.common) : 1.0f;
}

void slate_score(const struct making *m, const uint32_t *place, size_t n, float *score)
{
    const struct ranker *ranker = m->rules->scheme->ranker;
    const struct request *request = &m->request;
    const struct snapshot *snapshot = request->snapshot;
    if (ranker->score) {
        ranker->score(m->rules->ranker, request, place, n, score);
    } else if (request->personal) {
        const struct score_terms terms = {request->query, &snapshot->item->vector,
                                          &snapshot->item->bias, sizeof(*snapshot->item),
                                          m->weight * 0x1p-28f};
        request->kernels->score_gather(&terms, place, n, score);
    } else {
        for (size_t i = 0; i < n; i++) score[i] = snapshot->item[place[i]].bias;
    }
}

static inline float eight_sum(const vector8 *from)
{
    vector_four x = vector8_half(from, 0) + vector8_half(from, 1);
    return (x[0] + x[2]) + (x[1] + x[3]);
}

/* Mean and standard deviation of n >= 1 ranks, eight lanes at a time: sums in a fixed order.
 * The first is subtracted, so that nothing cancels; ranks are filled up with it. */
static void pool_moments(struct pool *pool, size_t n)
{
    float *rank = pool->rank;
    const vector8 first = (vector8){0} + rank[0];
    vector8 sum = {0}, square = {0}, x;
    for (size_t i = n; i % 8; i++) rank[i] = rank[0];
    for (size_t i = 0; i < n; i += 8) {
        memcpy(&x, rank + i, sizeof x);
        x -= first;
        sum += x;
        square += x * x;
    }
    float mean = eight_sum(&sum) / (float)n;
    float variance = eight_sum(&square) / (float)n - mean * mean;
    pool->mean = mean + rank[0];
    pool->list.spread = variance > 0 ? sqrtf(variance) : 0;
}

/* Videos for subscribers are shown to nobody else. Few viewers subscribe to anyone. */
static void hide_exclusives(const struct making *m, struct shortlist *list, uint32_t first)
{
    const struct feed *feed = m->request.feed;
    const struct item *restrict item = m->request.snapshot->item;
    for (uint32_t i = first; i < list->count; i++) {
        bool hidden = item[list->place[i]].flags & ITEM_EXCLUSIVE;
        if (m->subscribes && hidden)
            hidden = !relation_subscribed(feed->follows, feed->follow_count, list->creator[i]);
        list->score[i] = hidden ? SCORE_NEVER : list->score[i];
    }
}

/* The list's items from `first` on: those kept out score SCORE_NEVER. */
static void screen(const struct platform *self, const struct making *m, struct shortlist *list,
                   uint32_t first)
{
    const uint32_t *place = list->place + first;
    float *score = list->score + first;
    size_t n = list->count - first;
    if (self->pasts) /* an old snapshot: what was taken down since is still in it */
        for (size_t i = 0; i < n; i++)
            if (self->snapshot[0].item[place[i]].flags & ITEM_GONE) score[i] = SCORE_NEVER;
    if (self->exclusives) hide_exclusives(m, list, first);
    for (uint32_t k = 0; k < self->rerankers; k++)
        if (self->reranker[k]->screen)
            self->reranker[k]->screen(m->rules->reranker[k], &m->request, place, n, score);
}

/* Moves those of the items from `kept` on that were not kept out together; returns how many the
 * list has then. */
static uint32_t list_keep(struct shortlist *list, uint32_t kept)
{
    for (uint32_t i = kept; i < list->count; i++) {
        float now = list->score[i];
        list->index[kept] = list->index[i];
        list->place[kept] = list->place[i];
        list->rank[kept] = list->score[kept] = now;
        list->creator[kept] = list->creator[i];
        list->topic[kept] = list->topic[i];
        kept += now > SCORE_NEVER;
    }
    return kept;
}

/* The rerankers that hear of each pick hear of those from number `told` on. */
static void tell(const struct platform *self, const struct making *m, uint32_t told,
                 struct shortlist *list)
{
    for (uint32_t i = told; i < m->picks.count; i++)
        for (uint32_t k = 0; k < self->rerankers; k++)
            if (m->hearing >> k & 1)
                self->reranker[k]->chosen(m->rules->reranker[k], &m->request, &m->picks, i,
                                          list);
}

/* The picks from number `told` on lower what is on the list from `first` on. */
static inline void announce(const struct platform *self, const struct making *m,
                            struct pool *pool, uint32_t first, uint32_t told)
{
    const uint32_t n = m->picks.count - told;
    float cost = m->limits.topic_cost * pool->list.spread;
    float most = shortlist_lower(&pool->list, first, m->rule + told, n, cost);
    if (first == 0 || most > pool->most) pool->most = most;
    pool->told = m->picks.count;
    if (!m->hearing) return;
    tell(self, m, told, &pool->list);
    pool->most = shortlist_highest(&pool->list);
}

/* Some screens go by all that come on the list together: then it is they who look at what was
 * seen. */
static bool screens(const struct platform *self) { return self->screens || self->pasts; }

/* What ranks above `bar` comes on the list, but for what is screened out. */
static void pool_list(const struct platform *self, struct making *m, struct pool *pool,
                      float bar)
{
    struct shortlist *list = &pool->list;
    uint32_t first = list->count;
    look_list(pool, self->lanes, bar);
    m->request.spread = list->spread;
    if (screens(self))
        screen(self, m, list, first);
    else if (self->exclusives)
        hide_exclusives(m, list, first);
    if (screens(self) || self->exclusives) list->count = list_keep(list, first);
    shortlist_fill_up(list);
    pool->bar = bar;
    announce(self, m, pool, first, 0);
}

#define LIST_WHOLE 32 /* so few candidates are listed at once */

/* The bar falls in steps: two in five candidates whose ranks are normal, then three in five,
 * then four, then all. */
static void pool_fall(const struct platform *self, struct making *m, struct pool *pool)
{
    static const float step[] = {-0.9f, -0.3f, 0.25f};
    float next = SCORE_NEVER;
    for (size_t i = 0; i < sizeof step / sizeof *step; i++) {
        float bar = pool->mean + step[i] * pool->list.spread;
        if (bar < pool->bar) next = bar;
    }
    pool_list(self, m, pool, pool->count <= LIST_WHOLE ? SCORE_NEVER : next);
}

static void pool_rank(const struct platform *self, struct making *m, struct pool *pool)
{
    const struct ranker *ranker = m->rules->scheme->ranker;
    uint32_t n = pool->count;
    pool->list.count = 0;
    pool->bar = -SCORE_NEVER;
    pool->told = m->picks.count;
    pool->latest = ENTITY_NONE;
    pool->most = SCORE_NEVER;
    if (n == 0) return;
    if (ranker->score) {
        ranker->score(m->rules->ranker, &m->request, pool->place, n, pool->rank);
        look_facts(pool, m->request.snapshot->item);
    } else {
        look_score(pool, &m->request, m->weight);
    }
    pool_moments(pool, n);
    look_open(pool, self->unseen && !screens(self) ? &m->request.seen : NULL);
    pool_fall(self, m, pool);
}

/* The list hears of the picks that it has not heard of: most often of the one that comes from
 * it. */
static inline void catch_up(const struct platform *self, const struct making *m,
                            struct pool *pool)
{
    const uint32_t more = m->picks.count - pool->told;
    if (more == 0) return;
    if (more > 1 || m->hearing || pool->latest == ENTITY_NONE) {
        announce(self, m, pool, 0, pool->told);
        return;
    }
    float cost = m->limits.topic_cost * pool->list.spread;
    pool->most = shortlist_pick(&pool->list, pool->latest, m->full, cost);
    pool->told = m->picks.count;
}

/* Where on the list the candidate stands that is best now, of equal ones the first; UINT32_MAX
 * when nothing is left. */
static uint32_t pool_best(const struct platform *self, struct making *m, struct pool *pool)
{
    catch_up(self, m, pool);
    while (!(pool->most > pool->bar)) { /* one that is not listed could be better */
        if (pool->count == 0 || pool->bar <= SCORE_NEVER) return UINT32_MAX;
        pool_fall(self, m, pool);
    }
    return shortlist_find(&pool->list, pool->most);
}

/* What is guaranteed, paid for or drawn at random has places of its own or none. */
static bool competes(const struct platform *self, const struct making *m, uint32_t r)
{
    const struct retriever *retriever = self->retriever[r];
    return !(quota_of(m, r)->share > 0) && !retriever->uses && !retriever->propensity;
}

static void gather(const struct platform *self, struct making *m)
{
    struct pool *pool = &m->ranked;
    pool->count = 0;
    for (uint32_t r = 0; r < self->retrievers; r++) {
        const struct quota *quota = quota_of(m, r);
        uint32_t n = pool->count, most = (uint32_t)quota->candidates;
        if (!competes(self, m, r)) continue;
        if (self->retriever[r]->queried && !m->request.feed->query) continue;
        if (most > CANDIDATES_MAX - n) most = CANDIDATES_MAX - n;
        if (!most) break;
        uint32_t got = self->retriever[r]->retrieve(m->rules->retriever[r], &m->request,
                                                    pool->place + n, pool->tag + n, most);
        memset(pool->origin + n, (int)r, got);
        pool->count += got;
    }
}

/* What the order for a paid candidate bids; 0 = advertisers bid as much for this viewer. */
static int64_t winning_bid(const struct platform *self, const struct making *m, uint32_t at)
{
    const struct world *w = self->world;
    uint32_t number = self->snapshot[0].item[at].video;
    const struct video *video = world_video(w, number);
    const struct ad_place place = {.viewer = m->request.feed->name,
                                   .video = video->name,
                                   .topic = video->topic,
                                   .factor = w->topics.topic[video->topic].cpm_factor};
    int64_t bid = allowance_bid(self, number);
    return (double)bid > ad_market_rival(&w->market, &place) ? bid : 0;
}

/* Of the paid ones, those whose orders outbid all advertisers for this viewer; and of these as
 * many of the highest bids as there are places, with those that bid the same as the last. */
static void keep_winners(const struct platform *self, const struct making *m, uint32_t places,
                         struct found *found)
{
    int64_t bid[CANDIDATES_MAX];
    uint32_t kept = 0;
    for (uint32_t i = 0; i < found->count; i++) bid[i] = winning_bid(self, m, found->place[i]);
    for (uint32_t i = 0; i < found->count; i++) {
        uint32_t higher = 0;
        for (uint32_t k = 0; k < found->count; k++) higher += bid[k] > bid[i];
        if (bid[i] == 0 || higher >= places) continue;
        found->place[kept] = found->place[i];
        found->tag[kept++] = found->tag[i];
    }
    found->count = kept;
}

/* Candidates of the reserved sources: what the index holds of them is fetched while others are
 * ranked. */
static void gather_reserved(const struct platform *self, struct making *m)
{
    const struct snapshot *snapshot = &self->snapshot[0];
    for (uint32_t r = 0; r < self->retrievers; r++) {
        struct found *found = &m->found[r];
        uint32_t most = (uint32_t)quota_of(m, r)->candidates;
        if (m->slots[r] == 0) continue;
        if (most < m->slots[r]) most = m->slots[r];
        if (most > CANDIDATES_MAX) most = CANDIDATES_MAX;
        found->count = self->retriever[r]->retrieve(m->rules->retriever[r], &m->request,
                                                    found->place, found->tag, most);
        if (self->retriever[r]->uses == ALLOWANCE_PROMOTED &&
            ad_market_shared(&self->world->market))
            keep_winners(self, m, m->slots[r], found);
        for (uint32_t i = 0; i < found->count; i++)
            memory_prefetch(snapshot->item + found->place[i], sizeof(*snapshot->item));
    }
}

/* --------------------------------------------------------------------------------- picks */

/* How many of the picks are the creator's. */
static uint32_t times(const struct picks *picks, uint32_t creator)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < SLATE_MAX; i++) /* all, as one vector: no branch to guess */
        count += (picks->creator[i] == creator) & (i < picks->count);
    return count;
}

/* Number `at` of a pool's list goes to the slate, through retriever r. */
static void take(const struct platform *self, struct making *m, struct pool *pool, uint32_t at,
                 uint32_t r)
{
    const struct shortlist *list = &pool->list;
    const uint32_t place = list->place[at], creator = list->creator[at], n = m->picks.count++;
    m->given[n] = pool->rank[list->index[at]];
    m->picked[n] = list->score[at];
    m->picks.place[n] = place;
    m->picks.creator[n] = creator;
    m->picks.topic[n] = list->topic[at];
    m->source[n] = (uint8_t)self->retriever[r]->source;
    m->propensity[n] = 0;
    const uint32_t most = m->limits.creator_most;
    pool->latest = at;
    m->full = most == 1 || times(&m->picks, creator) >= most;
    m->rule[n] = (struct pick_rule){place, m->full ? creator : ENTITY_NONE, list->topic[at]};
}

/* A place is reserved with the fraction of its probability: shares hold on average. */
static void plan_slots(struct platform *self, struct making *m)
{
    uint32_t left = m->size;
    for (uint32_t r = 0; r < self->retrievers; r++) {
        const struct quota *quota = quota_of(m, r);
        m->slots[r] = 0;
        if (!(quota->share > 0)) continue;
        if (self->retriever[r]->queried && !m->request.feed->query) continue;
        float want = (float)quota->share * (float)m->size;
        m->slots[r] = (uint32_t)(want + word_uniformf(stream_word(&m->draw)));
        if (m->slots[r] > left) m->slots[r] = left;
        left -= m->slots[r];
    }
}

static void promise(struct platform *self, struct making *m, uint32_t r, uint32_t tag)
{
    enum allowance_kind uses = self->retriever[r]->uses;
    struct session *session = m->session;
    uint32_t shard = m->request.feed->shard;
    struct allowance *row = &self->shard[shard].allowance[uses - 1].row[tag];
    uint32_t video = self->snapshot[0].item[row->place].video;
    session->promise[session->promises++] = (struct promise){video, (uint16_t)uses,
                                                             (int16_t)row->topic};
    row->left--; /* rows are taken out when the source is done with: tags stay valid */
}

static uint16_t propensity(struct platform *self, struct making *m, uint32_t r, uint32_t place)
{
    const struct retriever *retriever = self->retriever[r];
    if (!retriever->propensity) return 0;
    double slots = quota_of(m, r)->share * (double)m->size;
    float p = retriever->propensity(m->rules->retriever[r], &m->request, place, slots);
    return propensity_encode(p);
}

/* Candidates of one reserved source. */
static void open_few(struct platform *self, struct making *m, uint32_t r)
{
    const struct found *found = &m->found[r];
    m->few.count = found->count;
    memcpy(m->few.place, found->place, found->count * sizeof(*found->place));
    memcpy(m->few.tag, found->tag, found->count * sizeof(*found->tag));
    pool_rank(self, m, &m->few);
}

static void fill_reserved(struct platform *self, struct making *m, uint32_t r)
{
    const struct retriever *retriever = self->retriever[r];
    struct platform_shard *shard = &self->shard[m->request.feed->shard];
    uint32_t used[SLATE_MAX], uses = 0;
    open_few(self, m, r);
    for (uint32_t i = 0; i < m->slots[r]; i++) {
        if (retriever->uses && m->session->promises == PROMISES_MAX) break;
        uint32_t at = pool_best(self, m, &m->few);
        if (at == UINT32_MAX) break;
        uint32_t best = m->few.list.index[at];
        take(self, m, &m->few, at, r);
        m->propensity[m->picks.count - 1] = propensity(self, m, r, m->few.place[best]);
        if (!retriever->uses) continue;
        promise(self, m, r, m->few.tag[best]);
        used[uses++] = m->few.tag[best];
    }
    if (uses) allowance_use(&shard->allowance[retriever->uses - 1], used, uses);
    m->request.cold_start_count = (uint32_t)shard->allowance[0].count;
    m->request.promoted_count = (uint32_t)shard->allowance[1].count;
}

static void fill_ranked(struct platform *self, struct making *m)
{
    while (m->picks.count < m->size) {
        uint32_t at = pool_best(self, m, &m->ranked);
        if (at == UINT32_MAX) return;
        take(self, m, &m->ranked, at, m->ranked.origin[m->ranked.list.index[at]]);
    }
}

/* ---------------------------------------------------------------------------------- slate */

static void ask_limits(const struct platform *self, struct making *m)
{
    m->limits = (struct pick_limits){.creator_most = SLATE_MAX + 1};
    m->hearing = 0;
    for (uint32_t k = 0; k < self->rerankers; k++) {
        const struct reranker *reranker = self->reranker[k];
        bool all = reranker->limit && reranker->limit(m->rules->reranker[k], &m->limits);
        if (reranker->chosen && !all) m->hearing |= UINT32_C(1) << k;
    }
}

bool slate_fill(struct platform *self, struct making *m)
{
    m->picks.count = 0;
    ask_limits(self, m);
    plan_slots(self, m);
    gather(self, m);
    gather_reserved(self, m);
    pool_rank(self, m, &m->ranked);
    for (uint32_t r = 0; r < self->retrievers; r++)
        if (m->slots[r]) fill_reserved(self, m, r);
    m->reserved = m->picks.count;
    fill_ranked(self, m);
    return m->picks.count > 0;
}

/* Where in the slate each pick goes: reserved ones anywhere, the ranked ones in order between.
 */
void slate_arrange(struct making *m, uint8_t *order)
{
    bool used[SLATE_MAX] = {false};
    for (uint32_t i = 0; i < m->reserved; i++) {
        uint32_t at = stream_below(&m->draw, m->picks.count);
        while (used[at]) at = at + 1 < m->picks.count ? at + 1 : 0;
        used[at] = true;
        order[at] = (uint8_t)i;
    }
    for (uint32_t at = 0, i = m->reserved; at < m->picks.count; at++)
        if (!used[at]) order[at] = (uint8_t)i++;
}

/* `bought` = the place of an ad that an order has: there are as many fewer ads. */
static uint8_t ad_here(const struct rules *rules, struct session *session, bool bought)
{
    session->ad_carry += (float)rules->slots->load;
    bool ad = session->ad_carry >= 1.0f || bought;
    if (ad) session->ad_carry -= 1.0f;
    return ad && !bought;
}

static void write_out(struct platform *self, struct making *m, struct slate_entry *out)
{
    const bool shared = ad_market_shared(&self->world->market);
    uint8_t order[SLATE_MAX];
    /* They will be watched. All at once: each waits for its address, and those waits overlap.
     */
    for (uint32_t i = 0; i < m->picks.count; i++)
        memory_prefetch(
            world_video(self->world, self->snapshot[0].item[m->picks.place[i]].video), 1);
    slate_arrange(m, order);
    for (uint32_t at = 0; at < m->picks.count; at++) {
        uint32_t i = order[at], place = m->picks.place[i];
        uint32_t video = self->snapshot[0].item[place].video;
        out[at] = (struct slate_entry){
            .video = video,
            .item = place,
            .propensity = m->propensity[i],
            .source = m->source[i],
            .ad = ad_here(m->rules, m->session, shared && m->source[i] == SOURCE_PROMOTED)};
    }
}

uint32_t slate_make(void *platform, const struct feed *feed, struct slate_entry *out)
{
    struct platform *self = platform;
    struct making *m = &self->making[feed->thread];
    struct platform_shard *shard = &self->shard[feed->shard];
    if (feed->slot >= shard->session_count || !session_row(shard, feed->slot)->open ||
        feed->row >= shard->viewers || self->snapshot[0].count == 0)
        return 0;
    m->session = session_row(shard, feed->slot);
    m->rules = slate_rules(self, feed->name);
    m->learned = m->rules->scheme->learner
                     ? session_of(self, m->rules->scheme, feed->shard, feed->slot)
                     : NULL;
    m->size = (uint32_t)m->rules->platform->slate;
    slate_open(self, m, feed);
    slate_open_seen(self, m, feed);
    for (int attempt = 0; !slate_fill(self, m); attempt++) {
        if (attempt == 2) return 0;
        m->session->seen = SEEN_FULL; /* has seen everything: two generations are forgotten */
        slate_open_seen(self, m, feed);
    }
    write_out(self, m, out);
    return m->picks.count;
}
