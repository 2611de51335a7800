/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The next snapshot. At each close videos that left are taken out; at a refresh new ones come
 * in, those that were shown get their new bias and vector, and the trending list is made. All
 * of it is work in proportion to what changed, not to the catalogue.
 */
#include <string.h>

#include "base/memory.h"
#include "core.h"

#define HOTTEST (TRENDING_MAX / 4) /* candidates a shard for the trending list */

float refresh_heat(const struct platform *self, const struct video_counters *c, sim_time at)
{
    return c->heat * maths_expf((float)(-self->heat_rate * (double)(at - c->heated)));
}

/* ---------------------------------------------------------------------------------- items */

static void set_vector(struct platform *self, uint32_t model, uint32_t s, uint32_t row,
                       uint32_t place)
{
    const struct video_shard *videos = &self->world->videos[s];
    const struct scheme *scheme = &self->scheme[model];
    const struct learner *learner = scheme->learner;
    struct index *index = &self->index[model];
    index->learned[place] = 0;
    if (scheme->ranker->omniscient)
        self->truth.content(self->truth.self, entity_number(self->world->shards, row, s),
                            &index->item[place].vector);
    else if (learner && learner->publish)
        learner->publish(scheme->learner_parameters, scheme->common,
                         rows_learned(self, model, s, row), &index->item[place].vector,
                         &index->learned[place]);
    if (index->block_words)
        learner->block(scheme->learner_parameters, rows_learned(self, model, s, row),
                       index->block + (size_t)place * index->block_words);
    if (!scheme->ranker->omniscient &&
        (!learner || learner->feature_space || !learner->video_floats))
        index->item[place].vector = videos->feature[row];
}

static void set_bias(struct platform *self, uint32_t model, uint32_t s, uint32_t row,
                     uint32_t place)
{
    const struct scheme *scheme = &self->scheme[model];
    struct index *index = &self->index[model];
    const struct video_shard *videos = &self->world->videos[s];
    const struct video *video = &videos->row[row];
    struct item_facts facts = {.counters = &videos->counter[row],
                               .feature = &videos->feature[row],
                               .learned = index->learned[place],
                               .name = video->name,
                               .duration_ms = video->duration_ms,
                               .topic = video->topic,
                               .flags = (uint8_t)(video->flags & ~VIDEO_VIOLATING),
                               .heat_rate = self->heat_rate,
                               .common = scheme->common};
    const struct ranker *ranker = scheme->ranker;
    index->item[place].bias = ranker->bias ? ranker->bias(scheme->ranker_parameters, &facts)
                                           : 0.0f;
    if (ranker->extra) index->learned[place] = ranker->extra(scheme->ranker_parameters, &facts);
}

static void fill(struct platform *self, uint32_t s, uint32_t row, uint32_t place)
{
    const struct video *video = &self->world->videos[s].row[row];
    for (uint32_t m = 0; m < self->models; m++) {
        struct item *item = &self->index[m].item[place];
        item->video = entity_number(self->world->shards, row, s);
        item->creator = video->creator;
        item->topic = video->topic;
        item->flags = video->flags & VIDEO_EXCLUSIVE ? ITEM_EXCLUSIVE : 0;
        features_mark(video->name, item->mark);
        set_vector(self, m, s, row, place);
        set_bias(self, m, s, row, place);
    }
}

/* ---------------------------------------------------------------------------- from scratch */

static void fill_shard(void *context, uint32_t s, uint32_t thread)
{
    struct platform *self = context;
    struct platform_shard *shard = &self->shard[s];
    const struct video_shard *videos = &self->world->videos[s];
    (void)thread;
    shard->waiting.count = 0;
    for (uint32_t row = 0; row < videos->count; row++) {
        uint32_t place = self->index[0].position[s][row];
        if (place != ENTITY_NONE) fill(self, s, row, place);
    }
}

static void make_means(struct platform *self);

/* In the index of every model; all have the same places. */
static enum status insert(struct platform *self, uint32_t s, uint32_t row, uint32_t *place)
{
    enum status status = STATUS_OK;
    for (uint32_t m = 0; m < self->models && !status; m++)
        status = index_insert(&self->index[m], entity_number(self->world->shards, row, s),
                              self->shard[s].cluster[row], place);
    return status;
}

static enum status place_all(struct platform *self)
{
    uint32_t place;
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        const struct video_shard *videos = &self->world->videos[s];
        for (uint32_t row = 0; row < videos->count; row++) {
            if (videos->counter[row].state != VIDEO_ACTIVE) continue;
            enum status status = insert(self, s, row, &place);
            if (status) return status;
        }
    }
    return STATUS_OK;
}

enum status refresh_build(struct platform *self)
{
    uint32_t count[CLUSTERS_MAX] = {0};
    enum status status = clusters_make(self);
    if (status) return status;
    for (uint32_t s = 0; s < self->world->shards.count; s++)
        for (uint32_t row = 0; row < self->world->videos[s].count; row++)
            if (self->world->videos[s].counter[row].state == VIDEO_ACTIVE)
                count[self->shard[s].cluster[row]]++;
    for (uint32_t m = 0; m < self->models && !status; m++)
        status = index_layout(&self->index[m], self->clusters_wanted, count);
    if (!status) status = place_all(self);
    if (status) return status;
    for (uint32_t m = 0; m < self->models; m++)
        memcpy(self->index[m].mean, self->centroid,
               self->index[m].clusters * sizeof(*self->centroid));
    team_run(self->world->team, self->world->shards.count, fill_shard, self);
    make_means(self);
    return STATUS_OK;
}

/* --------------------------------------------------------------------------------- changes */

/* Keeps the shard's hottest, hottest first; a later equal one stays behind. */
static void keep_hot(struct platform_shard *shard, uint32_t video, float heat)
{
    uint32_t n = shard->hottest_count;
    if (n == HOTTEST && heat <= shard->hottest_heat[n - 1]) return;
    if (n < HOTTEST) shard->hottest_count = ++n;
    uint32_t at = n - 1;
    for (; at > 0 && shard->hottest_heat[at - 1] < heat; at--) {
        shard->hottest_heat[at] = shard->hottest_heat[at - 1];
        shard->hottest[at] = shard->hottest[at - 1];
    }
    shard->hottest_heat[at] = heat;
    shard->hottest[at] = video;
}

#define AHEAD 12 /* rows between asking the cache and using */

/* Asks the cache for what update_shard will want of a video. */
static void fetch_video(const struct platform *self, uint32_t s, uint32_t row)
{
    uint32_t place = self->index[0].position[s][row];
    memory_prefetch(&self->world->videos[s].counter[row], 1);
    memory_prefetch(&self->world->videos[s].row[row], 1);
    if (place == ENTITY_NONE) return;
    memory_prefetch(&self->index[0].item[place].bias, 1);
    memory_prefetch(&self->index[0].learned[place], 1);
}

/* A video that was shown: what is known of it settles, then comes into the indices. */
static void update_video(struct platform *self, uint32_t s, uint32_t row, uint32_t place)
{
    for (uint32_t m = 0; m < self->learnt; m++) {
        const struct scheme *scheme = &self->scheme[m];
        const struct learner *learner = scheme->learner;
        if (learner && learner->video_floats && learner->settle)
            learner->settle(scheme->learner_parameters, scheme->common,
                            rows_learned(self, m, s, row));
    }
    for (uint32_t m = 0; m < self->models; m++) {
        const struct learner *learner = self->scheme[m].learner;
        if (learner && learner->video_floats) set_vector(self, m, s, row, place);
        set_bias(self, m, s, row, place);
    }
}

static void update_shard(void *context, uint32_t s, uint32_t thread)
{
    struct platform *self = context;
    struct platform_shard *shard = &self->shard[s];
    struct video_shard *videos = &self->world->videos[s];
    (void)thread;
    shard->hottest_count = 0;
    for (size_t i = 0; i < shard->touched.count; i++) {
        uint32_t row = shard->touched.row[i], place = self->index[0].position[s][row];
        struct video_counters *c = &videos->counter[row];
        if (i + AHEAD < shard->touched.count)
            fetch_video(self, s, shard->touched.row[i + AHEAD]);
        c->marks &= (uint8_t)~VIDEO_TOUCHED;
        if (c->state != VIDEO_ACTIVE || place == ENTITY_NONE) continue;
        update_video(self, s, row, place);
        if (c->pool >= 1)
            keep_hot(shard, entity_number(self->world->shards, row, s),
                     refresh_heat(self, c, self->world->close));
    }
    shard->touched.count = 0;
}

struct hot {
    uint32_t video;
    float heat;
};

static void hot_insert(struct hot *list, uint32_t *count, struct hot new)
{
    uint32_t n = *count;
    if (n == TRENDING_MAX && new.heat <= list[n - 1].heat) return;
    if (n < TRENDING_MAX) *count = ++n;
    uint32_t at = n - 1;
    for (; at > 0 && list[at - 1].heat < new.heat; at--) list[at] = list[at - 1];
    list[at] = new;
}

/* The hottest of all. `old` = last time's, each with its heat now, those shown since left out.
 */
static void rank_hot(struct platform *self, const struct hot *old, uint32_t old_count)
{
    struct hot list[TRENDING_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < old_count; i++) hot_insert(list, &count, old[i]);
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        const struct platform_shard *shard = &self->shard[s];
        for (uint32_t i = 0; i < shard->hottest_count; i++)
            hot_insert(list, &count, (struct hot){shard->hottest[i], shard->hottest_heat[i]});
    }
    for (uint32_t m = 0; m < self->models; m++) {
        for (uint32_t i = 0; i < count; i++) self->index[m].hot[i] = list[i].video;
        self->index[m].hot_count = count;
    }
}

static uint32_t still_hot(struct platform *self, struct hot *old)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < self->index[0].hot_count; i++) {
        uint32_t video = self->index[0].hot[i], s = entity_shard(self->world->shards, video);
        const struct video_counters *c = &self->world->videos[s]
                                              .counter[entity_row(self->world->shards, video)];
        if (c->state != VIDEO_ACTIVE || c->pool < 1 || c->marks & VIDEO_TOUCHED) continue;
        old[n++] = (struct hot){video, refresh_heat(self, c, self->world->close)};
    }
    return n;
}

/* Where vectors are features, the means of the clusters are their centroids and stay. */
static bool means_move(const struct platform *self, uint32_t model)
{
    const struct scheme *scheme = &self->scheme[model];
    return scheme->ranker->omniscient || (scheme->learner && !scheme->learner->feature_space);
}

static void mean_of(void *context, uint32_t at, uint32_t thread)
{
    struct platform *self = context;
    struct index *index = &self->index[at % self->models];
    uint32_t c = at / self->models;
    int64_t sum[VECTOR_DIM] = {0};
    (void)thread;
    if (index->size[c] == 0 || !means_move(self, at % self->models)) return;
    for (uint32_t i = index->begin[c]; i < index->begin[c] + index->size[c]; i++)
        for (int k = 0; k < VECTOR_DIM; k++) sum[k] += index->item[i].vector.lane[k];
    for (int k = 0; k < VECTOR_DIM; k++)
        index->mean[c].lane[k] = (int16_t)(sum[k] / (int64_t)index->size[c]);
}

static void make_means(struct platform *self)
{
    if (means_move(self, 0) || means_move(self, self->models - 1))
        team_run(self->world->team, self->models * self->index[0].clusters, mean_of, self);
}

static enum status insert_waiting(struct platform *self)
{
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        struct platform_shard *shard = &self->shard[s];
        for (size_t i = 0; i < shard->waiting.count; i++) {
            uint32_t row = shard->waiting.row[i], place;
            if (self->world->videos[s].counter[row].state != VIDEO_ACTIVE) continue;
            enum status status = insert(self, s, row, &place);
            if (status) return status;
            fill(self, s, row, place);
        }
        shard->waiting.count = 0;
    }
    return STATUS_OK;
}

static void mark_gone(struct index *past, uint32_t s, uint32_t row)
{
    if (row < past->position_rows[s] && past->position[s][row] != ENTITY_NONE)
        past->item[past->position[s][row]].flags |= ITEM_GONE;
}

void refresh_remove(struct platform *self, uint32_t video)
{
    uint32_t s = entity_shard(self->world->shards, video);
    uint32_t row = entity_row(self->world->shards, video);
    for (uint32_t m = 0; m < self->models; m++) {
        index_remove(&self->index[m], video);
        for (uint32_t i = 0; i < self->past_count; i++) mark_gone(&self->past[m][i], s, row);
    }
}

static uint64_t count_impressions(const struct platform *self)
{
    uint64_t sum = 0;
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        const struct video_shard *videos = &self->world->videos[s];
        for (size_t row = 0; row < videos->count; row++)
            if (videos->counter[row].state == VIDEO_ACTIVE)
                sum += videos->counter[row].impressions;
    }
    return sum;
}

static enum status refresh(struct platform *self)
{
    struct hot old[TRENDING_MAX];
    uint32_t old_count = still_hot(self, old);
    enum status status = clusters_due(self) ? refresh_build(self) : insert_waiting(self);
    if (status) return status;
    team_run(self->world->team, self->world->shards.count, update_shard, self);
    rank_hot(self, old, old_count);
    make_means(self);
    bool counts = self->scheme[0].ranker->extra || self->scheme[self->models - 1].ranker->extra;
    uint64_t impressions = counts ? count_impressions(self) : 0;
    self->refreshed = self->world->close;
    for (uint32_t m = 0; m < self->models; m++) {
        if (self->scheme[m].ranker->extra) self->index[m].impressions = impressions;
        self->index[m].built = self->world->close;
        index_resolve(&self->index[m]);
    }
    if (self->pasts == 0) return STATUS_OK;
    for (uint32_t m = 0; m < self->models && !status; m++)
        status = index_copy(&self->past[m][self->past_next], &self->index[m]);
    self->past_next = (self->past_next + 1) % self->pasts;
    if (self->past_count < self->pasts) self->past_count++;
    return status;
}

enum status refresh_close(struct platform *self)
{
    double since = (double)(self->world->close - self->refreshed);
    double every = self->parameters->refresh * (double)TIME_MINUTE;
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        struct platform_shard *shard = &self->shard[s];
        for (size_t i = 0; i < shard->leaving.count; i++)
            refresh_remove(self, entity_number(self->world->shards, shard->leaving.row[i], s));
        shard->leaving.count = 0;
    }
    if (since + 0.5 * (double)self->world->window >= every) return refresh(self);
    for (uint32_t m = 0; m < self->models; m++) index_resolve(&self->index[m]);
    return STATUS_OK;
}

/* What a video without heat weighs: nobody is beyond reach. */
#define HEAT_LEAST 0.01

static double pull_exponent(const struct platform *self)
{
    double exponent = 0;
    for (uint32_t r = 0; r < self->retrievers; r++)
        if (self->retriever[r]->pull)
            exponent = self->retriever[r]->pull(self->retriever_parameters[r]);
    return exponent;
}

/* Of what is served, by the heat at the close that it is made at: a function of the state. */
static enum status make_pull(struct platform *self)
{
    const struct snapshot *snapshot = &self->snapshot[0];
    double exponent = pull_exponent(self), sum = 0;
    if (!(exponent > 0)) return STATUS_OK;
    enum status status = memory_grow(&self->pull, &self->pull_room, snapshot->extent,
                                     sizeof *self->pull);
    for (uint32_t i = 0; !status && i < snapshot->extent; i++) {
        const struct item *item = &snapshot->item[i];
        if (item->video != ENTITY_NONE && !(item->flags & ITEM_GONE)) {
            const struct video_counters *c = snapshot_counters(snapshot, i);
            double heat = HEAT_LEAST + (double)refresh_heat(self, c, self->served_at);
            sum += exponent == 1 ? heat : maths_pow(heat, exponent);
        }
        self->pull[i] = sum;
    }
    for (uint32_t m = 0; m < self->models && !status; m++) self->snapshot[m].pull = self->pull;
    return status;
}

/* The newest copy that is old enough; while the run is young, the oldest there is. NULL = the
 * index itself. */
static struct index *ripe_copy(const struct platform *self, uint32_t model)
{
    double age = self->parameters->staleness * (double)TIME_MINUTE;
    struct index *served = NULL;
    for (uint32_t i = 0; i < self->past_count; i++) {
        struct index *past = &self->past[model][i];
        bool ripe = (double)(self->served_at - past->built) >= age;
        bool served_ripe = served && (double)(self->served_at - served->built) >= age;
        if (!served || (ripe && (!served_ripe || past->built > served->built)) ||
            (!ripe && !served_ripe && past->built < served->built))
            served = past;
    }
    return served;
}

static enum status serve_model(struct platform *self, uint32_t model)
{
    struct index *copy = ripe_copy(self, model);
    struct snapshot *snapshot = &self->snapshot[model];
    self->served[model] = copy ? copy : &self->index[model];
    for (uint32_t s = 0; copy && s < self->world->shards.count; s++) {
        enum status status = index_reserve(copy, s, self->shard[s].rows);
        if (status) return status;
    }
    *snapshot = index_view(self->served[model]);
    const struct learner *learner = self->scheme[model].learner;
    snapshot->neighbours = learner ? learner->neighbours : 0;
    snapshot->newest = self->newest;
    snapshot->videos = self->world->videos;
    return STATUS_OK;
}

enum status refresh_serve(struct platform *self)
{
    enum status status = STATUS_OK;
    for (uint32_t m = 0; m < self->models && !status; m++) status = serve_model(self, m);
    if (!status) status = make_pull(self);
    return !status && self->lists.wanted ? lists_make(self) : status;
}
