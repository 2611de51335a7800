/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists of places beside the index, for the sources that ask for them: by region, the best of
 * each topic, and what lately pleased the viewers of a group.
 *
 * The first two are functions of the snapshot and the counters, made anew at every close. A
 * group is the viewers to whose vectors a cluster is the nearest. It remembers LIKED_MAX
 * videos: each consented act that pleased (more than a usual reward) counts 1, counts halve
 * with time, and a video that has no place takes over the lowest one's with its count (Space
 * Saving: Metwally, Agrawal & El Abbadi 2005), so that a count is at most that much too high.
 * When clusters are made anew groups start from nothing.
 */
#include <string.h>

#include "base/memory.h"
#include "core.h"

#define ANSWERS_MAX 128 /* videos that answer a query for a topic */

void lists_want(struct platform *self, uint32_t r)
{
    struct lists *lists = &self->lists;
    unsigned wanted = self->retriever[r]->lists;
    lists->wanted |= wanted;
    if (wanted & PLACES_OF_GROUP && !lists->group_quota)
        lists->group_quota = self->retriever_parameters[r];
    if (wanted & PLACES_OF_TOPIC && !lists->topic_quota)
        lists->topic_quota = self->retriever_parameters[r];
}

static enum status table_init(struct list_table *table, size_t count, size_t room)
{
    table->begin = memory_alloc(count + 1, sizeof(*table->begin));
    if (!table->begin) return STATUS_NO_MEMORY;
    return memory_grow(&table->place, &table->room, room, sizeof(*table->place));
}

/* What the growth channel `search` sells, where it is in use. */
static const double *titles_of(const struct platform *self)
{
    struct parameter channels, gain;
    if (!parameters_find(self->world->parameters, "growth.channels", &channels) ||
        name_list_find(channels.value, "search") < 0 ||
        !parameters_find(self->world->parameters, "growth.search.gain", &gain))
        return NULL;
    return gain.value;
}

enum status lists_init(struct platform *self)
{
    struct lists *lists = &self->lists;
    size_t topics = (size_t)self->world->topics.count, liked = CLUSTERS_MAX * LIKED_MAX;
    enum status status = STATUS_OK;
    if (lists->wanted & PLACES_OF_REGION) status = table_init(&lists->region, REGIONS_MAX, 1);
    if (!status && lists->wanted & PLACES_OF_TOPIC) {
        lists->title_gain = titles_of(self);
        status = table_init(&lists->topic, topics, topics * ANSWERS_MAX);
    }
    if (status || !(lists->wanted & PLACES_OF_GROUP)) return status;
    lists->liked = memory_alloc(liked, sizeof(*lists->liked));
    if (!lists->liked) return STATUS_NO_MEMORY;
    for (size_t i = 0; i < liked; i++) lists->liked[i].video = ENTITY_NONE;
    return table_init(&lists->group, CLUSTERS_MAX, liked);
}

void lists_free(struct platform *self)
{
    struct list_table *table[] = {&self->lists.region, &self->lists.topic, &self->lists.group};
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        memory_free(table[i]->place);
        memory_free(table[i]->begin);
    }
    memory_free(self->lists.liked);
    self->lists = (struct lists){0};
}

/* -------------------------------------------------------------------------------- regions */

/* Regions of creators who came since the last time. */
static enum status note_regions(struct platform *self, uint32_t s)
{
    struct platform_shard *shard = &self->shard[s];
    const struct creator_shard *creators = &self->world->creators[s];
    enum status status = memory_grow(&shard->region, &shard->region_room, creators->count,
                                     sizeof(*shard->region));
    for (; !status && shard->regions < creators->count; shard->regions++)
        shard->region[shard->regions] = (uint8_t)regions_of(&self->world->regions,
                                                            creators->row[shard->regions].name);
    return status;
}

static uint32_t region_of(const struct platform *self, const struct item *item)
{
    return self->shard[entity_shard(self->world->shards, item->creator)]
        .region[entity_row(self->world->shards, item->creator)];
}

/* Counting sort. */
static enum status make_regions(struct platform *self)
{
    const struct snapshot *snapshot = &self->snapshot[0];
    struct list_table *table = &self->lists.region;
    uint32_t regions = self->world->regions.count, at[REGIONS_MAX] = {0}, sum = 0;
    enum status status = memory_grow(&table->place, &table->room, snapshot->count,
                                     sizeof(*table->place));
    for (uint32_t s = 0; s < self->world->shards.count && !status; s++)
        status = note_regions(self, s);
    if (status) return status;
    for (uint32_t i = 0; i < snapshot->extent; i++)
        if (snapshot->item[i].video != ENTITY_NONE) at[region_of(self, &snapshot->item[i])]++;
    for (uint32_t k = 0; k < regions; k++) {
        table->begin[k] = sum;
        sum += at[k];
        at[k] = table->begin[k];
    }
    table->begin[regions] = sum;
    for (uint32_t i = 0; i < snapshot->extent; i++)
        if (snapshot->item[i].video != ENTITY_NONE)
            table->place[at[region_of(self, &snapshot->item[i])]++] = i;
    return STATUS_OK;
}

/* --------------------------------------------------------------------------------- topics */

struct answers {
    uint32_t count, place[ANSWERS_MAX];
    float score[ANSWERS_MAX];
};

/* Keeps the best, best first; a later equal one stays behind. */
static void answer(struct answers *list, uint32_t place, float score)
{
    uint32_t n = list->count;
    if (n == ANSWERS_MAX && score <= list->score[n - 1]) return;
    if (n < ANSWERS_MAX) list->count = ++n;
    uint32_t at = n - 1;
    for (; at > 0 && list->score[at - 1] < score; at--) {
        list->score[at] = list->score[at - 1];
        list->place[at] = list->place[at - 1];
    }
    list->score[at] = score;
    list->place[at] = place;
}

/* Relevance and popularity of an item as an answer to a query for its topic. A title made for
 * search brings it nearer to that topic. */
static float worth(const struct platform *self, uint32_t place, const struct packed16 *topic)
{
    const struct snapshot *snapshot = &self->snapshot[0];
    uint32_t video = snapshot->item[place].video;
    const struct packed16 *feature = &self->world->videos[entity_shard(snapshot->shards, video)]
                                          .feature[entity_row(snapshot->shards, video)];
    float views = (float)snapshot_counters(snapshot, place)->plays_18s;
    float cosine = (float)packed_dot(topic, feature) * 0x1p-28f;
    if (self->lists.title_gain && world_video(self->world, video)->flags & VIDEO_TITLED)
        cosine += (float)*self->lists.title_gain * (1.0f - cosine);
    return cosine + (float)self->lists.topic_quota->popularity * maths_logf(1.0f + views);
}

#define AHEAD 16 /* places between asking the cache and using */

/* Asks the cache for what `worth` will read. */
static void fetch_item(const struct platform *self, uint32_t place)
{
    const struct snapshot *snapshot = &self->snapshot[0];
    uint32_t video = place < snapshot->extent ? snapshot->item[place].video : ENTITY_NONE;
    if (video == ENTITY_NONE) return;
    const struct video_shard *videos = &self->world
                                            ->videos[entity_shard(snapshot->shards, video)];
    uint32_t row = entity_row(snapshot->shards, video);
    memory_prefetch(&videos->feature[row], 1);
    memory_prefetch(&videos->counter[row], 1);
}

static enum status make_topics(struct platform *self)
{
    const struct snapshot *snapshot = &self->snapshot[0];
    const struct topics *topics = &self->world->topics;
    struct list_table *table = &self->lists.topic;
    struct packed16 vector[TOPICS_MAX];
    struct answers *list = memory_alloc((size_t)topics->count, sizeof(*list));
    uint32_t sum = 0;
    if (!list) return STATUS_NO_MEMORY;
    for (int32_t k = 0; k < topics->count; k++)
        vector_pack(&vector[k], topics->topic[k].vector);
    for (uint32_t i = 0; i < snapshot->extent; i++) {
        const struct item *item = &snapshot->item[i];
        fetch_item(self, i + AHEAD);
        if (item->video == ENTITY_NONE) continue;
        answer(&list[item->topic], i, worth(self, i, &vector[item->topic]));
    }
    for (int32_t k = 0; k < topics->count; k++) {
        table->begin[k] = sum;
        memcpy(table->place + sum, list[k].place, list[k].count * sizeof(*table->place));
        sum += list[k].count;
    }
    table->begin[topics->count] = sum;
    memory_free(list);
    return STATUS_OK;
}

/* --------------------------------------------------------------------------------- groups */

void lists_note(struct platform *self, uint32_t s, const struct session *session,
                const struct impression *act)
{
    struct platform_shard *shard = &self->shard[s];
    struct pleased_list *list = &shard->pleased;
    if (!session->known || !session->nearest_count ||
        session->nearest[0] >= self->snapshot[0].clusters ||
        session->generation != self->lists.generation ||
        learner_reward(act) <= LEARNER_REWARD_MEAN)
        return;
    enum status status = memory_grow(&list->row, &list->capacity, list->count + 1,
                                     sizeof(*list->row));
    if (status) {
        rows_keep(shard, status);
        return;
    }
    list->row[list->count++] = (struct pleased){session->nearest[0], act->video};
}

static struct liked *group_of(const struct platform *self, uint32_t group)
{
    return self->lists.liked + (size_t)group * LIKED_MAX;
}

/* Counts of long ago weigh less; what has left the index makes room, long before another video
 * is in its row. */
static void age_group(struct platform *self, struct liked *group, float keep)
{
    for (uint32_t i = 0; i < LIKED_MAX; i++) {
        uint32_t video = group[i].video;
        group[i].score *= keep;
        if (video == ENTITY_NONE) continue;
        uint32_t s = entity_shard(self->world->shards, video);
        if (self->index[0].position[s][entity_row(self->world->shards, video)] == ENTITY_NONE)
            group[i] = (struct liked){ENTITY_NONE, 0};
    }
}

static void like(struct liked *group, uint32_t video)
{
    uint32_t least = 0;
    for (uint32_t i = 0; i < LIKED_MAX; i++) {
        if (group[i].video == video) {
            group[i].score += 1;
            return;
        }
        if (group[i].score < group[least].score) least = i;
    }
    group[least] = (struct liked){video, group[least].score + 1};
}

void lists_absorb(struct platform *self)
{
    struct lists *lists = &self->lists;
    if (!lists->liked) return;
    double rate = 0.69314718055994531 / (lists->group_quota->half_life * (double)TIME_HOUR);
    float keep = maths_expf((float)(-rate * (double)self->world->window));
    for (uint32_t c = 0; c < CLUSTERS_MAX; c++) age_group(self, group_of(self, c), keep);
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        struct pleased_list *list = &self->shard[s].pleased;
        for (size_t i = 0; i < list->count; i++)
            like(group_of(self, list->row[i].group), list->row[i].video);
        list->count = 0;
    }
}

/* Places of what a group likes and the snapshot has, best first, of equal ones the first. */
static uint32_t list_group(const struct platform *self, const struct liked *group,
                           uint32_t *place)
{
    float score[LIKED_MAX];
    uint32_t n = 0;
    for (uint32_t i = 0; i < LIKED_MAX; i++) {
        if (group[i].video == ENTITY_NONE) continue;
        uint32_t where = snapshot_place(&self->snapshot[0], group[i].video), at = n;
        if (where == ENTITY_NONE) continue;
        for (; at > 0 && score[at - 1] < group[i].score; at--) {
            score[at] = score[at - 1];
            place[at] = place[at - 1];
        }
        score[at] = group[i].score;
        place[at] = where;
        n++;
    }
    return n;
}

static void make_groups(struct platform *self)
{
    struct lists *lists = &self->lists;
    uint32_t clusters = self->snapshot[0].clusters, sum = 0;
    if (lists->generation != self->served[0]->generation) {
        for (size_t i = 0; i < CLUSTERS_MAX * LIKED_MAX; i++)
            lists->liked[i] = (struct liked){ENTITY_NONE, 0};
        lists->generation = self->served[0]->generation;
    }
    for (uint32_t c = 0; c < clusters; c++) {
        lists->group.begin[c] = sum;
        sum += list_group(self, group_of(self, c), lists->group.place + sum);
    }
    lists->group.begin[clusters] = sum;
}

/* ------------------------------------------------------------------------------------ all */

static struct place_lists view(const struct list_table *table, uint32_t count)
{
    return (struct place_lists){table->place, table->begin, table->begin ? count : 0};
}

enum status lists_make(struct platform *self)
{
    struct lists *lists = &self->lists;
    enum status status = STATUS_OK;
    if (lists->wanted & PLACES_OF_REGION) status = make_regions(self);
    if (!status && lists->wanted & PLACES_OF_TOPIC) status = make_topics(self);
    if (status) return status;
    if (lists->wanted & PLACES_OF_GROUP) make_groups(self);
    for (uint32_t m = 0; m < self->models; m++) {
        struct snapshot *snapshot = &self->snapshot[m];
        snapshot->region = view(&lists->region, self->world->regions.count);
        snapshot->topic = view(&lists->topic, (uint32_t)self->world->topics.count);
        snapshot->group = view(&lists->group, snapshot->clusters);
    }
    return STATUS_OK;
}

/* What a file says of videos is looked at before it is used. */
static bool liked_valid(const struct platform *self, const struct liked *liked)
{
    uint32_t video = liked->video, s = entity_shard(self->world->shards, video);
    if (!(liked->score >= 0)) return false;
    return video == ENTITY_NONE ||
           (!(video & ENTITY_CREATOR) &&
            entity_row(self->world->shards, video) < self->world->videos[s].count);
}

void lists_visit(struct platform *self, struct visitor *v)
{
    size_t n = CLUSTERS_MAX * LIKED_MAX;
    VISIT_VALUE(v, "platform.group.generation", self->lists.generation);
    VISIT_FIELD(v, "platform.group.video", self->lists.liked, n, video);
    VISIT_FIELD(v, "platform.group.score", self->lists.liked, n, score);
    for (size_t i = 0; visit_loading(v) && !v->status && i < n; i++)
        if (!liked_valid(self, &self->lists.liked[i])) v->status = STATUS_BAD_INPUT;
}

size_t lists_bytes(const struct platform *self)
{
    const struct lists *l = &self->lists;
    size_t places = l->region.room + l->topic.room + l->group.room, regions = 0, acts = 0;
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        regions += self->shard[s].region_room;
        acts += self->shard[s].pleased.capacity;
    }
    return places * sizeof(uint32_t) + regions + acts * sizeof(struct pleased) +
           (l->liked ? CLUSTERS_MAX * LIKED_MAX * sizeof(struct liked) : 0);
}
