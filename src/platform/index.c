/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "index.h"

#include <string.h>

#include "base/memory.h"

#define PLACES_MOST (UINT64_C(1) << 31)

enum status index_init(struct index *self, struct shards shards)
{
    *self = (struct index){.shards = shards};
    self->begin = memory_alloc(CLUSTERS_MAX + 1, sizeof(*self->begin));
    self->size = memory_alloc(CLUSTERS_MAX, sizeof(*self->size));
    self->mean = memory_alloc(CLUSTERS_MAX, sizeof(*self->mean));
    self->hot = memory_alloc(TRENDING_MAX, sizeof(*self->hot));
    self->trending = memory_alloc(TRENDING_MAX, sizeof(*self->trending));
    self->position = memory_alloc(shards.count, sizeof(*self->position));
    self->position_rows = memory_alloc(shards.count, sizeof(*self->position_rows));
    if (self->begin && self->size && self->mean && self->hot && self->trending &&
        self->position && self->position_rows)
        return STATUS_OK;
    index_free(self);
    return STATUS_NO_MEMORY;
}

void index_free(struct index *self)
{
    memory_free(self->item);
    memory_free(self->learned);
    memory_free(self->block);
    memory_free(self->begin);
    memory_free(self->size);
    memory_free(self->mean);
    memory_free(self->hot);
    memory_free(self->trending);
    for (uint32_t s = 0; self->position && s < self->shards.count; s++)
        memory_free(self->position[s]);
    memory_free(self->position);
    memory_free(self->position_rows);
    *self = (struct index){0};
}

enum status index_reserve(struct index *self, uint32_t shard, size_t rows)
{
    size_t old = self->position_rows[shard];
    enum status status = memory_grow(&self->position[shard], &self->position_rows[shard], rows,
                                     sizeof(uint32_t));
    for (size_t row = old; row < self->position_rows[shard]; row++)
        self->position[shard][row] = ENTITY_NONE;
    return status;
}

static uint32_t *block_of(const struct index *self, size_t place)
{
    return self->block + place * self->block_words;
}

static size_t block_size(const struct index *self)
{
    return self->block_words * sizeof(*self->block);
}

/* Empty places hold nothing of what was there, so that state does not depend on history. */
static void clear_place(struct index *self, size_t place)
{
    self->item[place] = (struct item){.video = ENTITY_NONE};
    self->learned[place] = 0;
    if (self->block_words) memset(block_of(self, place), 0, block_size(self));
}

/* New places are marked empty: a zeroed item would be video 0. */
static enum status reserve_places(struct index *self, size_t need)
{
    size_t old = self->places, a = old, b = old, c = old;
    enum status status = memory_grow(&self->item, &a, need, sizeof(*self->item));
    if (!status) status = memory_grow(&self->learned, &b, need, sizeof(*self->learned));
    if (!status && self->block_words)
        status = memory_grow(&self->block, &c, need, block_size(self));
    if (status) return status;
    self->places = a;
    for (size_t i = old; i < self->places; i++) self->item[i].video = ENTITY_NONE;
    return STATUS_OK;
}

static uint32_t *position_of(struct index *self, uint32_t video)
{
    return &self->position[entity_shard(self->shards, video)][entity_row(self->shards, video)];
}

static uint32_t room_for(uint32_t items) { return items + items / 4 + 8; }

enum status index_layout(struct index *self, uint32_t clusters, const uint32_t *count)
{
    require(clusters >= 1 && clusters <= CLUSTERS_MAX);
    uint64_t extent = 0;
    for (uint32_t i = 0; i < self->extent; i++)
        if (self->item[i].video != ENTITY_NONE)
            *position_of(self, self->item[i].video) = ENTITY_NONE;
    for (uint32_t c = 0; c < clusters; c++) extent += room_for(count[c]);
    require(extent < PLACES_MOST);
    enum status status = reserve_places(self, extent);
    if (status) return status;
    for (size_t i = 0; i < self->places; i++) clear_place(self, i);
    extent = 0;
    for (uint32_t c = 0; c < clusters; c++) {
        self->begin[c] = (uint32_t)extent;
        self->size[c] = 0;
        extent += room_for(count[c]);
    }
    self->begin[clusters] = self->extent = (uint32_t)extent;
    self->clusters = clusters;
    self->count = self->trending_count = 0;
    self->generation++;
    return STATUS_OK;
}

static void move_item(struct index *self, uint32_t from, uint32_t to)
{
    self->item[to] = self->item[from];
    self->learned[to] = self->learned[from];
    if (self->block_words) memcpy(block_of(self, to), block_of(self, from), block_size(self));
    *position_of(self, self->item[to].video) = to;
}

/* Makes room in a full cluster by moving those behind it up, the last one first. */
static enum status widen(struct index *self, uint32_t cluster)
{
    uint32_t by = room_for(self->size[cluster]) - self->size[cluster];
    enum status status = reserve_places(self, (size_t)self->extent + by);
    if (status) return status;
    for (uint32_t c = self->clusters; c-- > cluster + 1;) {
        for (uint32_t i = self->size[c]; i-- > 0;)
            move_item(self, self->begin[c] + i, self->begin[c] + i + by);
        self->begin[c] += by;
    }
    self->begin[self->clusters] = self->extent += by;
    /* what was vacated below the moved clusters' new begins is empty now */
    for (uint32_t c = cluster; c < self->clusters; c++)
        for (uint32_t i = self->begin[c] + self->size[c]; i < self->begin[c + 1]; i++)
            clear_place(self, i);
    return STATUS_OK;
}

enum status index_insert(struct index *self, uint32_t video, uint32_t cluster, uint32_t *place)
{
    require(cluster < self->clusters);
    uint32_t *position = position_of(self, video);
    if (*position != ENTITY_NONE) {
        *place = *position;
        return STATUS_OK;
    }
    if (self->begin[cluster] + self->size[cluster] == self->begin[cluster + 1]) {
        enum status status = widen(self, cluster);
        if (status) return status;
    }
    *place = self->begin[cluster] + self->size[cluster]++;
    self->item[*place] = (struct item){.video = video};
    *position = *place;
    self->count++;
    return STATUS_OK;
}

uint32_t index_cluster(const struct index *self, uint32_t place)
{
    uint32_t low = 0, high = self->clusters;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (self->begin[middle] <= place)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void index_remove(struct index *self, uint32_t video)
{
    uint32_t place = *position_of(self, video);
    if (place == ENTITY_NONE) return;
    uint32_t cluster = index_cluster(self, place);
    uint32_t last = self->begin[cluster] + --self->size[cluster];
    *position_of(self, video) = ENTITY_NONE;
    if (last != place) move_item(self, last, place);
    clear_place(self, last);
    self->count--;
}

void index_resolve(struct index *self)
{
    self->trending_count = 0;
    for (uint32_t i = 0; i < self->hot_count; i++) {
        uint32_t s = entity_shard(self->shards, self->hot[i]);
        uint32_t row = entity_row(self->shards, self->hot[i]);
        uint32_t place = row < self->position_rows[s] ? self->position[s][row] : ENTITY_NONE;
        if (place != ENTITY_NONE) self->trending[self->trending_count++] = place;
    }
}

enum status index_copy(struct index *self, const struct index *from)
{
    enum status status = reserve_places(self, from->extent);
    for (uint32_t s = 0; s < from->shards.count && !status; s++)
        status = index_reserve(self, s, from->position_rows[s]);
    if (status) return status;
    for (uint32_t s = 0; s < from->shards.count; s++)
        for (size_t i = 0; i < self->position_rows[s]; i++)
            self->position[s][i] = i < from->position_rows[s] ? from->position[s][i]
                                                              : ENTITY_NONE;
    memcpy(self->item, from->item, from->extent * sizeof(*self->item));
    memcpy(self->learned, from->learned, from->extent * sizeof(*self->learned));
    if (self->block_words) memcpy(self->block, from->block, from->extent * block_size(from));
    memcpy(self->begin, from->begin, (from->clusters + 1) * sizeof(*self->begin));
    memcpy(self->size, from->size, from->clusters * sizeof(*self->size));
    memcpy(self->mean, from->mean, from->clusters * sizeof(*self->mean));
    memcpy(self->hot, from->hot, from->hot_count * sizeof(*self->hot));
    self->clusters = from->clusters;
    self->extent = from->extent;
    self->count = from->count;
    self->generation = from->generation;
    self->hot_count = from->hot_count;
    self->built = from->built;
    self->impressions = from->impressions;
    index_resolve(self);
    return STATUS_OK;
}

struct snapshot index_view(const struct index *self)
{
    return (struct snapshot){
        .item = self->item,
        .learned = self->learned,
        .block = self->block,
        .block_words = self->block_words,
        .extent = self->extent,
        .count = self->count,
        .impressions = self->impressions,
        .clusters = self->clusters,
        .mean = self->mean,
        .begin = self->begin,
        .size = self->size,
        .trending = self->trending,
        .trending_count = self->trending_count,
        .position = (const uint32_t *const *)self->position,
        .rows = self->position_rows,
        .shards = self->shards,
        .built = self->built,
    };
}

void index_check(const struct index *self)
{
    uint32_t count = 0;
    for (uint32_t c = 0; c < self->clusters; c++) {
        require(self->begin[c] + self->size[c] <= self->begin[c + 1]);
        count += self->size[c];
        for (uint32_t i = self->begin[c]; i < self->begin[c + 1]; i++) {
            bool used = i < self->begin[c] + self->size[c];
            uint32_t video = self->item[i].video;
            require(used == (video != ENTITY_NONE));
            require(!used || self->position[entity_shard(self->shards, video)]
                                           [entity_row(self->shards, video)] == i);
        }
    }
    require(count == self->count);
    require(self->extent <= self->places);
    for (uint32_t i = 0; i < self->trending_count; i++) {
        require(self->trending[i] < self->extent);
        require(self->item[self->trending[i]].video != ENTITY_NONE);
    }
}

static void visit_sizes(struct index *self, struct visitor *v)
{
    uint64_t clusters = self->clusters, extent = self->extent, count = self->count;
    uint64_t hot = self->hot_count;
    visit_count(v, "platform.index.clusters", &clusters, CLUSTERS_MAX);
    visit_count(v, "platform.index.extent", &extent, PLACES_MOST);
    visit_count(v, "platform.index.count", &count, extent);
    visit_count(v, "platform.index.hot_count", &hot, TRENDING_MAX);
    VISIT_VALUE(v, "platform.index.generation", self->generation);
    VISIT_VALUE(v, "platform.index.built", self->built);
    if (v->status || !visit_loading(v)) return;
    v->status = reserve_places(self, extent);
    self->clusters = (uint32_t)clusters;
    self->extent = (uint32_t)extent;
    self->count = (uint32_t)count;
    self->hot_count = (uint32_t)hot;
}

/* Clusters follow one another, items stand at their fronts: what index_check asks for. */
static bool layout_valid(const struct index *self)
{
    uint64_t count = 0;
    if (self->clusters == 0) return self->extent == 0 && self->count == 0;
    if (self->begin[0] != 0 || self->begin[self->clusters] != self->extent) return false;
    for (uint32_t c = 0; c < self->clusters; c++) {
        uint64_t begin = self->begin[c], end = self->begin[c + 1];
        if (end > self->extent || begin + self->size[c] > end) return false;
        for (uint64_t i = begin; i < end; i++)
            if ((self->item[i].video != ENTITY_NONE) != (i < begin + self->size[c]))
                return false;
        count += self->size[c];
    }
    return count == self->count;
}

/* Positions follow from the items; hostile bytes must not point outside the tables. */
static void restore_positions(struct index *self, struct visitor *v)
{
    for (uint32_t s = 0; s < self->shards.count; s++)
        for (size_t i = 0; i < self->position_rows[s]; i++) self->position[s][i] = ENTITY_NONE;
    for (uint32_t i = 0; i < self->extent && !v->status; i++) {
        uint32_t video = self->item[i].video;
        if (video == ENTITY_NONE) continue;
        uint32_t shard = entity_shard(self->shards, video);
        if (video & ENTITY_CREATOR)
            v->status = STATUS_BAD_INPUT;
        else
            v->status = index_reserve(self, shard, entity_row(self->shards, video) + 1);
        if (!v->status) *position_of(self, video) = i;
    }
}

void index_visit(struct index *self, struct visitor *v)
{
    visit_sizes(self, v);
    if (v->status) return;
    uint32_t n = self->extent;
    VISIT_FIELD(v, "platform.index.vector", self->item, n, vector);
    VISIT_FIELD(v, "platform.index.video", self->item, n, video);
    VISIT_FIELD(v, "platform.index.creator", self->item, n, creator);
    VISIT_FIELD(v, "platform.index.topic", self->item, n, topic);
    VISIT_FIELD(v, "platform.index.flags", self->item, n, flags);
    VISIT_FIELD(v, "platform.index.mark", self->item, n, mark);
    VISIT_FIELD(v, "platform.index.bias", self->item, n, bias);
    VISIT_ARRAY(v, "platform.index.learned", self->learned, n);
    if (self->block_words)
        VISIT_ARRAY(v, "platform.index.block", self->block, (size_t)n * self->block_words);
    VISIT_ARRAY(v, "platform.index.begin", self->begin,
                self->clusters ? self->clusters + 1 : 0);
    VISIT_ARRAY(v, "platform.index.size", self->size, self->clusters);
    VISIT_FIELD(v, "platform.index.mean", self->mean, self->clusters, lane);
    VISIT_ARRAY(v, "platform.index.hot", self->hot, self->hot_count);
    if (!visit_loading(v) || v->status) return;
    if (!layout_valid(self)) v->status = STATUS_BAD_INPUT;
    if (!v->status) restore_positions(self, v);
    if (!v->status) index_resolve(self);
}

size_t index_bytes(const struct index *self)
{
    size_t bytes = self->places *
                   (sizeof(*self->item) + sizeof(*self->learned) + block_size(self));
    for (uint32_t s = 0; s < self->shards.count; s++)
        bytes += self->position_rows[s] * sizeof(uint32_t);
    return bytes;
}
