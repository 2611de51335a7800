/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A slate: candidates are gathered, screened and ranked; reserved sources take their places;
 * the rest goes to the best of the ranking, one by one, under the rules of the rerankers.
 */
#include <string.h>

#include "base/memory.h"
#include "core.h"

#define LOOKED_UP_EVERY 4 /* requests for which a session's nearest clusters serve */
#define SPARE 6           /* ranked items beyond the slate, for rerankers to choose from */

/* One slate in the making: a thread's scratch. */
struct making {
    struct request request;
    struct stream draw;
    struct session *session;
    struct seen_view seen;
    uint32_t size;             /* entries wanted */
    uint32_t count;            /* taken so far */
    uint32_t reserved;         /* of those, by reserved sources: they come first */
    uint32_t taken[SLATE_MAX]; /* places */
    uint16_t propensity[SLATE_MAX];
    uint8_t source[SLATE_MAX];
    uint32_t slots[STAGES_MAX]; /* reserved, by retriever */
    struct shortlist list;
    uint8_t list_origin[SHORTLIST_MAX]; /* retriever of each */
    uint32_t best[CANDIDATES_MAX + 1];
    struct shortlist few; /* of a reserved source */
    uint8_t mark[SEEN_BITS];
    uint8_t origin[CANDIDATES_MAX];
    struct candidate candidate[CANDIDATES_MAX];
    uint32_t place[CANDIDATES_MAX];
    uint32_t asked[CANDIDATES_MAX]; /* places that are looked at more closely */
    int32_t dot[CANDIDATES_MAX];
    float bias[CLUSTERS_MAX]; /* of places, or of clusters */
    float score[CLUSTERS_MAX];
    float sorted[CLUSTERS_MAX]; /* destroyed by the search for the best */
    int32_t near[CLUSTERS_MAX];
};

enum status slate_init(struct platform *self)
{
    self->making = memory_alloc(self->world->team->threads, sizeof(*self->making));
    return self->making ? STATUS_OK : STATUS_NO_MEMORY;
}

void slate_free(struct platform *self)
{
    memory_free(self->making);
    self->making = NULL;
}

static const struct quota *quota_of(const struct platform *self, uint32_t r)
{
    return self->retriever_parameters[r];
}

/* ------------------------------------------------------------------------------- request */

/* Eight bits to eight bytes of 0 or 1, the lowest first. */
static uint64_t spread_bits(uint8_t bits)
{
    uint64_t one_each = bits * UINT64_C(0x0101010101010101) & UINT64_C(0x8040201008040201);
    return (one_each + UINT64_C(0x7f7f7f7f7f7f7f7f)) >> 7 & UINT64_C(0x0101010101010101);
}

/* Every bit becomes a byte, so that looking an item up is two loads. */
static void unfold_seen(const uint16_t *row, uint8_t *mark)
{
    uint8_t young[SEEN_BITS / 8], old[SEEN_BITS / 8];
    memcpy(young, row, sizeof(young));
    memcpy(old, row + SEEN_WORDS, sizeof(old));
    for (int i = 0; i < SEEN_BITS / 8; i++) {
        uint64_t bytes = spread_bits(young[i]) | spread_bits(old[i]) << 1;
        memcpy(mark + 8 * i, &bytes, sizeof(bytes));
    }
}

static void forget_older(uint16_t *row)
{
    for (size_t i = 0; i < SEEN_WORDS; i++) row[SEEN_WORDS + i] = row[i];
    memset(row, 0, SEEN_WORDS * sizeof(*row));
}

static void open_seen(struct platform *self, struct making *m, const struct feed *feed)
{
    uint16_t *row = rows_viewer(self, feed->shard, feed->row);
    uint64_t word[SEEN_WORDS / 4];
    int bits = 0;
    memcpy(word, row, sizeof(word));
    for (int i = 0; i < SEEN_WORDS / 4; i++) bits += __builtin_popcountll(word[i]);
    if (bits >= SEEN_FULL) forget_older(row);
    unfold_seen(row, m->mark);
    m->seen.mark = m->mark;
}

static void find_nearest(struct platform *self, struct making *m)
{
    const struct snapshot *snapshot = &self->snapshot;
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
    m->session->generation = self->served->generation;
}

/* The vector that products are taken with: follows the acts, or stands still for the window. */
static void make_query(struct platform *self, struct making *m, const struct feed *feed)
{
    struct session *session = m->session;
    bool first = session->window != session_window(self);
    if (!first && !self->parameters->profile_live && feed->request % LOOKED_UP_EVERY) return;
    if (first || self->parameters->profile_live) {
        if (self->ranker->omniscient) {
            self->truth.taste(self->truth.self, m->request.viewer, &session->query);
            session->known = 1;
        } else if (self->learner) {
            vector_pack(&session->query, session->learned);
            session->known = self->learner->known(self->learner_parameters, session->learned);
        }
    }
    bool allowed = self->ranker->omniscient ||
                   ((feed->flags & VIEWER_CONSENT) && !(feed->flags & VIEWER_FEED_OPTOUT));
    session->known = session->known && allowed;
    if (session->known &&
        (first || feed->request % LOOKED_UP_EVERY == 0 || !session->nearest_count ||
         session->generation != self->served->generation))
        find_nearest(self, m);
}

static void open_request(struct platform *self, struct making *m, const struct feed *feed)
{
    struct platform_shard *shard = &self->shard[feed->shard];
    struct request *r = &m->request;
    m->draw = stream_open(self->slate_key, feed->name, feed->occasion);
    m->draw.sub = feed->request << 12;
    r->snapshot = &self->snapshot;
    r->kernels = self->world->kernels;
    r->topics = &self->world->topics;
    r->feed = feed;
    r->viewer = entity_number(self->world->shards, feed->row, feed->shard);
    r->truth = self->ranker->omniscient ? &self->truth : NULL;
    r->draw = &m->draw;
    session_give_back(self, feed->shard, m->session);
    make_query(self, m, feed);
    m->session->window = session_window(self);
    r->session = self->learner ? m->session->learned : NULL;
    r->query = &m->session->query;
    r->personal = m->session->known;
    r->feature_space = self->learner && self->learner->feature_space;
    r->nearest = r->personal ? m->session->nearest : NULL;
    r->nearest_count = r->personal ? m->session->nearest_count : 0;
    r->cold_start = shard->allowance[0].row;
    r->cold_start_count = (uint32_t)shard->allowance[0].count;
    r->promoted = shard->allowance[1].row;
    r->promoted_count = (uint32_t)shard->allowance[1].count;
}

/* ------------------------------------------------------------------------------- ranking */

static void score_places(struct platform *self, struct making *m, const uint32_t *place,
                         size_t n, float *score)
{
    const struct request *request = &m->request;
    const float *bias = request->snapshot->bias;
    if (self->ranker->score) {
        self->ranker->score(self->ranker_parameters, request, place, n, score);
        return;
    }
    if (!request->personal) {
        for (size_t i = 0; i < n; i++) score[i] = bias[place[i]];
        return;
    }
    request->kernels->dot_gather(request->query, request->snapshot->vector, place, n, m->dot);
    for (size_t i = 0; i < n; i++) m->bias[i] = bias[place[i]];
    request->kernels->scale_add(m->dot, self->weight * 0x1p-28f, m->bias, n, score);
}

static void screen(struct platform *self, struct making *m, const uint32_t *place, size_t n,
                   float *score)
{
    if (self->pasts) /* an old snapshot: what was taken down since is still in it */
        for (size_t i = 0; i < n; i++)
            if (self->snapshot.item[place[i]].flags & ITEM_GONE) score[i] = SCORE_NEVER;
    for (uint32_t k = 0; k < self->rerankers; k++)
        if (self->reranker[k]->screen)
            self->reranker[k]->screen(self->reranker_parameters[k], &m->request, &m->seen,
                                      place, n, score);
}

/* Mean and standard deviation of the scores that are in. */
struct moments {
    float mean, spread;
    uint32_t count;
};

/* Lane by lane, four at a time; sums of lanes in a fixed order. `score` has room for three
 * more. */
static struct moments moments_of(float *score, size_t n)
{
    const vector_four never = {SCORE_NEVER, SCORE_NEVER, SCORE_NEVER, SCORE_NEVER};
    const vector_four one = {1, 1, 1, 1};
    vector_four sum = {0}, square = {0}, count = {0}, first;
    size_t in = 0;
    while (in < n && score[in] <= SCORE_NEVER) in++;
    if (in == n) return (struct moments){0};
    first = one * score[in]; /* subtracted, so that nothing cancels */
    for (size_t i = n; i % 4; i++) score[i] = SCORE_NEVER;
    for (size_t i = in & ~(size_t)3; i < n; i += 4) {
        vector_four x = vector_load_four(score + i);
        vector_four_bits is_in = (vector_four_bits)(x > never);
        x = (vector_four)((vector_four_bits)(x - first) & is_in);
        sum += x;
        square += x * x;
        count += (vector_four)((vector_four_bits)one & is_in);
    }
    float items = (count[0] + count[2]) + (count[1] + count[3]);
    float mean = ((sum[0] + sum[2]) + (sum[1] + sum[3])) / items;
    float variance = ((square[0] + square[2]) + (square[1] + square[3])) / items - mean * mean;
    return (struct moments){score[in] + mean, variance > 0 ? sqrtf(variance) : 0,
                            (uint32_t)items};
}

static void list_add(struct shortlist *list, const struct item *item, uint32_t place,
                     float score)
{
    uint32_t i = list->count++;
    list->place[i] = place;
    list->score[i] = list->rank[i] = score;
    list->creator[i] = item[place].creator;
    list->topic[i] = item[place].topic;
}

static void list_pad(struct shortlist *list)
{
    for (uint32_t i = list->count; i % 4; i++) list->score[i] = SCORE_NEVER;
}

static uint32_t gather(struct platform *self, struct making *m)
{
    uint32_t n = 0;
    for (uint32_t r = 0; r < self->retrievers; r++) {
        const struct quota *quota = quota_of(self, r);
        uint32_t most = (uint32_t)quota->candidates;
        if (quota->share > 0 || self->retriever[r]->uses) continue;
        if (most > CANDIDATES_MAX - n) most = CANDIDATES_MAX - n;
        if (!most) break;
        uint32_t got = self->retriever[r]->retrieve(self->retriever_parameters[r], &m->request,
                                                    m->candidate + n, most);
        memset(m->origin + n, (int)r, got);
        n += got;
    }
    for (uint32_t i = 0; i < n; i++) m->place[i] = m->candidate[i].place;
    return n;
}

/* Puts the first n of m->best (indices of candidates) on the list, but for those screened out.
 */
static void list_fill(struct platform *self, struct making *m, uint32_t n)
{
    struct shortlist *list = &m->list;
    const struct item *item = self->snapshot.item;
    uint32_t *place = m->asked;
    for (uint32_t i = 0; i < n; i++) {
        place[i] = m->place[m->best[i]];
        m->sorted[i] = m->score[m->best[i]];
    }
    screen(self, m, place, n, m->sorted);
    list->count = 0;
    for (uint32_t i = 0; i < n && list->count < SHORTLIST_MAX; i++) {
        if (m->sorted[i] <= SCORE_NEVER) continue;
        m->list_origin[list->count] = m->origin[m->best[i]];
        list_add(list, item, place[i], m->sorted[i]);
    }
}

/* Only candidates above a bar, which lets about a third through, are looked at more closely.
 * When too few of them get by, all candidates are screened and the best are searched for. */
static bool list_above(struct platform *self, struct making *m, uint32_t n)
{
    struct moments moments = moments_of(m->score, n);
    float bar = moments.mean + 0.4f * moments.spread;
    uint32_t above = 0;
    for (uint32_t i = 0; i < n; i++) {
        m->best[above] = i;
        above += m->score[i] > bar;
    }
    m->list.spread = moments.spread;
    if (above < m->size + SPARE) return false;
    list_fill(self, m, above);
    return m->list.count >= m->size + SPARE && m->list.count < SHORTLIST_MAX;
}

static void rank_candidates(struct platform *self, struct making *m)
{
    uint32_t n = gather(self, m), k = SHORTLIST_MAX / 2;
    m->list.count = 0;
    if (n == 0) return;
    score_places(self, m, m->place, n, m->score);
    if (!list_above(self, m, n)) {
        screen(self, m, m->place, n, m->score);
        memcpy(m->sorted, m->score, n * sizeof(*m->score));
        if (k > n) k = n;
        self->world->kernels->top_k(m->sorted, n, m->best, k);
        list_fill(self, m, k);
    }
    list_pad(&m->list);
}

/* --------------------------------------------------------------------------------- picks */

static void announce(struct platform *self, struct making *m, size_t n, struct shortlist *list)
{
    uint32_t place = m->taken[n - 1];
    for (uint32_t i = 0; i < list->count; i++)
        list->score[i] = list->place[i] == place ? SCORE_NEVER : list->score[i];
    for (uint32_t k = 0; k < self->rerankers; k++)
        if (self->reranker[k]->chosen)
            self->reranker[k]->chosen(self->reranker_parameters[k], &m->request, m->taken, n,
                                      list);
}

/* Four lanes at a time: the highest score first, then the first item that has it. */
static uint32_t best_of(const struct shortlist *list)
{
    vector_four most = {SCORE_NEVER, SCORE_NEVER, SCORE_NEVER, SCORE_NEVER};
    for (uint32_t i = 0; i < list->count; i += 4) {
        vector_four four = vector_load_four(list->score + i);
        vector_four_bits more = (vector_four_bits)(four > most);
        most = (vector_four)(((vector_four_bits)four & more) |
                             ((vector_four_bits)most & ~more));
    }
    float best = most[0];
    for (int k = 1; k < 4; k++) best = most[k] > best ? most[k] : best;
    if (!(best > SCORE_NEVER)) return UINT32_MAX;
    uint32_t at = 0;
    while (list->score[at] != best) at++;
    return at;
}

static void take(struct making *m, uint32_t place, uint8_t source)
{
    m->taken[m->count] = place;
    m->source[m->count] = source;
    m->propensity[m->count] = 0;
    m->count++;
}

/* A place is reserved with the fraction of its probability: shares hold on average. */
static void plan_slots(struct platform *self, struct making *m)
{
    uint32_t left = m->size;
    for (uint32_t r = 0; r < self->retrievers; r++) {
        const struct quota *quota = quota_of(self, r);
        m->slots[r] = 0;
        if (!(quota->share > 0)) continue;
        float want = (float)quota->share * (float)m->size;
        m->slots[r] = (uint32_t)(want + word_uniformf(stream_word(&m->draw)));
        if (m->slots[r] > left) m->slots[r] = left;
        left -= m->slots[r];
    }
}

/* Candidates of one reserved source, scored and screened, as a list that knows the picks so
 * far. */
static void open_few(struct platform *self, struct making *m, uint32_t r)
{
    struct shortlist *few = &m->few;
    uint32_t most = (uint32_t)quota_of(self, r)->candidates;
    if (most < m->slots[r]) most = m->slots[r];
    if (most > SHORTLIST_MAX) most = SHORTLIST_MAX;
    uint32_t n = self->retriever[r]->retrieve(self->retriever_parameters[r], &m->request,
                                              m->candidate, most);
    few->count = 0;
    if (n == 0) return;
    for (uint32_t i = 0; i < n; i++) m->place[i] = m->candidate[i].place;
    score_places(self, m, m->place, n, m->score);
    screen(self, m, m->place, n, m->score);
    few->spread = moments_of(m->score, n).spread;
    for (uint32_t i = 0; i < n; i++)
        list_add(few, self->snapshot.item, m->place[i], m->score[i]);
    list_pad(few);
    for (uint32_t i = 1; i <= m->count; i++) announce(self, m, i, few);
}

static void promise(struct platform *self, struct making *m, uint32_t r, uint32_t tag)
{
    enum allowance_kind uses = self->retriever[r]->uses;
    struct session *session = m->session;
    uint32_t shard = m->request.feed->shard;
    struct allowance_list *list = &self->shard[shard].allowance[uses - 1];
    uint32_t video = self->snapshot.item[list->row[tag].place].video;
    session->promise[session->promises++] = (struct promise){video, uses};
    list->row[tag]
        .left--; /* rows are taken out when the source is done with: tags stay valid */
}

static uint16_t propensity(struct platform *self, struct making *m, uint32_t r, uint32_t place)
{
    const struct retriever *retriever = self->retriever[r];
    if (!retriever->propensity) return 0;
    double slots = quota_of(self, r)->share * (double)m->size;
    float p = retriever->propensity(self->retriever_parameters[r], &m->request, place, slots);
    return (uint16_t)(p >= 1 ? 65535 : p * 65535.0f + 0.5f);
}

static void fill_reserved(struct platform *self, struct making *m, uint32_t r)
{
    const struct retriever *retriever = self->retriever[r];
    uint32_t used[SLATE_MAX], uses = 0;
    open_few(self, m, r);
    for (uint32_t i = 0; i < m->slots[r]; i++) {
        uint32_t best = best_of(&m->few);
        if (best == UINT32_MAX) break;
        if (retriever->uses && m->session->promises == PROMISES_MAX) break;
        take(m, m->few.place[best], (uint8_t)retriever->source);
        m->propensity[m->count - 1] = propensity(self, m, r, m->few.place[best]);
        if (retriever->uses) {
            promise(self, m, r, m->candidate[best].tag);
            used[uses++] = m->candidate[best].tag;
        }
        announce(self, m, m->count, &m->few);
        announce(self, m, m->count, &m->list);
    }
    if (uses)
        allowance_use(&self->shard[m->request.feed->shard].allowance[retriever->uses - 1], used,
                      uses);
    m->request
        .cold_start_count = (uint32_t)self->shard[m->request.feed->shard].allowance[0].count;
    m->request
        .promoted_count = (uint32_t)self->shard[m->request.feed->shard].allowance[1].count;
}

static void fill_ranked(struct platform *self, struct making *m)
{
    while (m->count < m->size) {
        uint32_t best = best_of(&m->list);
        if (best == UINT32_MAX) return;
        take(m, m->list.place[best], (uint8_t)self->retriever[m->list_origin[best]]->source);
        if (m->count < m->size) announce(self, m, m->count, &m->list);
    }
}

/* ---------------------------------------------------------------------------------- slate */

static bool make(struct platform *self, struct making *m)
{
    m->count = 0;
    plan_slots(self, m);
    rank_candidates(self, m);
    for (uint32_t r = 0; r < self->retrievers; r++)
        if (m->slots[r]) fill_reserved(self, m, r);
    m->reserved = m->count;
    fill_ranked(self, m);
    return m->count > 0;
}

/* Where in the slate each pick goes: reserved ones anywhere, the ranked ones in order between.
 */
static void arrange(struct making *m, uint8_t *order)
{
    bool used[SLATE_MAX] = {false};
    for (uint32_t i = 0; i < m->reserved; i++) {
        uint32_t at = stream_below(&m->draw, m->count);
        while (used[at]) at = at + 1 < m->count ? at + 1 : 0;
        used[at] = true;
        order[at] = (uint8_t)i;
    }
    for (uint32_t at = 0, i = m->reserved; at < m->count; at++)
        if (!used[at]) order[at] = (uint8_t)i++;
}

static uint8_t ad_here(struct platform *self, struct session *session)
{
    session->ad_carry += (float)self->slots->load;
    bool ad = session->ad_carry >= 1.0f;
    if (ad) session->ad_carry -= 1.0f;
    return ad;
}

static void write_out(struct platform *self, struct making *m, struct slate_entry *out)
{
    uint8_t order[SLATE_MAX];
    arrange(m, order);
    for (uint32_t at = 0; at < m->count; at++) {
        uint32_t i = order[at], place = m->taken[i];
        uint32_t video = self->snapshot.item[place].video;
        out[at] = (struct slate_entry){.video = video,
                                       .item = place,
                                       .propensity = m->propensity[i],
                                       .source = m->source[i],
                                       .ad = ad_here(self, m->session)};
    }
}

uint32_t slate_make(void *platform, const struct feed *feed, struct slate_entry *out)
{
    struct platform *self = platform;
    struct making *m = &self->making[feed->thread];
    struct platform_shard *shard = &self->shard[feed->shard];
    if (feed->slot >= shard->session_count || !shard->session[feed->slot].open ||
        feed->row >= shard->viewers || self->snapshot.count == 0)
        return 0;
    m->session = &shard->session[feed->slot];
    m->size = (uint32_t)self->parameters->slate;
    open_request(self, m, feed);
    open_seen(self, m, feed);
    for (int attempt = 0; !make(self, m); attempt++) {
        if (attempt == 2) return 0;
        forget_older(rows_viewer(self, feed->shard, feed->row)); /* has seen everything */
        open_seen(self, m, feed);
    }
    write_out(self, m, out);
    return m->count;
}

/* ------------------------------------------------------------------------ outside sessions */

/* A request as a viewer's would be, from its row at rest. */
static void open_outside(struct platform *self, struct making *m, uint32_t viewer)
{
    struct request *r = &m->request;
    uint32_t s = entity_shard(self->world->shards, viewer);
    uint32_t row = entity_row(self->world->shards, viewer);
    m->draw = stream_open(self->slate_key, truth_name(self, viewer), UINT32_MAX);
    *r = (struct request){.snapshot = &self->snapshot,
                          .kernels = self->world->kernels,
                          .topics = &self->world->topics,
                          .query = &m->session->query,
                          .truth = self->ranker->omniscient ? &self->truth : NULL,
                          .viewer = viewer,
                          .draw = &m->draw};
    if (self->ranker->omniscient) {
        self->truth.taste(self->truth.self, viewer, &m->session->query);
        r->personal = true;
    } else if (self->learner && row < self->shard[s].viewers) {
        int16_t lanes[LEARNER_SESSION_MAX];
        memcpy(lanes, rows_viewer(self, s, row) + 2 * SEEN_WORDS,
               self->learner->viewer_lanes * sizeof(*lanes));
        self->learner->open(self->learner_parameters, lanes, m->session->learned);
        vector_pack(&m->session->query, m->session->learned);
        r->session = m->session->learned;
        r->personal = self->learner->known(self->learner_parameters, m->session->learned);
        r->feature_space = self->learner->feature_space;
    }
}

void platform_score(void *platform, uint32_t viewer, const uint32_t *video, size_t n,
                    float *score)
{
    struct platform *self = platform;
    struct making making;
    struct session session = {0};
    making.session = &session;
    open_outside(self, &making, viewer);
    for (size_t from = 0; from < n; from += CANDIDATES_MAX) {
        size_t m = n - from < CANDIDATES_MAX ? n - from : CANDIDATES_MAX, known = 0;
        for (size_t i = 0; i < m; i++) {
            uint32_t place = snapshot_place(&self->snapshot, video[from + i]);
            score[from + i] = SCORE_NEVER;
            making.asked[known] = (uint32_t)i;
            making.place[known] = place;
            known += place != ENTITY_NONE;
        }
        score_places(self, &making, making.place, known, making.score);
        for (size_t i = 0; i < known; i++) score[from + making.asked[i]] = making.score[i];
    }
}
