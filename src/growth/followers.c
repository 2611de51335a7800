/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "followers.h"

#include "base/memory.h"

void followers_free(struct followers *self)
{
    memory_free(self->base);
    memory_free(self->first);
    memory_free(self->viewer);
    *self = (struct followers){0};
}

size_t followers_bytes(const struct followers *self)
{
    return (self->shards_room + self->known_room + self->room) * sizeof(uint32_t);
}

/* Where the list of a creator stands; `known` = it came later. */
static uint64_t place(const struct followers *self, struct shards shards, uint32_t creator)
{
    uint32_t shard = entity_shard(shards, creator), row = entity_row(shards, creator);
    if (shard >= self->shards) return self->known; /* nothing has been read yet */
    uint64_t at = (uint64_t)self->base[shard] + row;
    return at < self->base[shard + 1] ? at : self->known;
}

static enum status make_room(struct followers *self)
{
    enum status status = memory_grow(&self->first, &self->known_room, self->known + 2,
                                     sizeof(*self->first));
    if (status) return status;
    return memory_grow(&self->viewer, &self->room, self->count, sizeof(*self->viewer));
}

static enum status know(struct followers *self, const struct world *w)
{
    enum status status = memory_grow(&self->base, &self->shards_room, w->shards.count + 1,
                                     sizeof(*self->base));
    if (status) return status;
    self->shards = w->shards.count;
    for (uint32_t s = 0; s < w->shards.count; s++)
        self->base[s + 1] = self->base[s] + (uint32_t)w->creators[s].count;
    self->known = self->base[self->shards];
    return STATUS_OK;
}

/* Counting sort by creator: `pass` 0 counts into first[creator + 2], pass 1 fills the lists and
 * moves first[creator + 1] from the list's beginning to its end. */
static void walk(struct followers *self, const struct world *w, uint32_t shard, int pass)
{
    const struct viewer_shard *viewers = &w->viewers[shard];
    for (uint32_t i = 0; i < viewers->count; i++) {
        const struct relation_list *list = &viewers->row[i].relations;
        const struct relation *row = relation_rows(&viewers->relations, list);
        for (uint32_t k = 0; k < list->count; k++) {
            if (relation_kind(row[k]) != RELATION_FOLLOW) continue;
            uint64_t at = place(self, w->shards, relation_other(row[k]));
            if (pass)
                self->viewer[self->first[at + 1]++] = i;
            else
                self->first[at + 2]++, self->count++;
        }
    }
}

enum status followers_build(struct followers *self, const struct world *w, uint32_t shard)
{
    enum status status = know(self, w);
    self->count = 0;
    if (!status) status = make_room(self);
    if (status) return status;
    for (uint64_t i = 0; i < self->known + 2; i++) self->first[i] = 0;
    walk(self, w, shard, 0);
    status = make_room(self);
    if (status) return status;
    for (uint64_t i = 1; i < self->known + 2; i++) self->first[i] += self->first[i - 1];
    walk(self, w, shard, 1);
    return STATUS_OK;
}

const uint32_t *followers_of(const struct followers *self, struct shards shards,
                             uint32_t creator, uint32_t *count)
{
    uint64_t at = place(self, shards, creator);
    *count = at < self->known ? self->first[at + 1] - self->first[at] : 0;
    return *count ? self->viewer + self->first[at] : NULL;
}

struct follower_tie follower_tie(const struct viewer_shard *viewers,
                                 const struct viewer *viewer, uint32_t creator)
{
    const struct relation_list *list = &viewer->relations;
    const struct relation *row = relation_rows(&viewers->relations, list);
    struct follower_tie tie = {.subscribes = relation_subscribed(row, list->count, creator)};
    for (uint32_t i = 0; i < list->count && !tie.follows; i++)
        tie.follows = row[i].word == relation_make(RELATION_FOLLOW, creator).word;
    return tie;
}

/* Lists that lie within the viewers, of creators that are there. */
static bool is_sound(const struct followers *self, const struct world *w, uint32_t shard)
{
    uint64_t known = self->known;
    for (uint32_t s = 0; s < self->shards; s++)
        if (self->base[s] > self->base[s + 1] ||
            self->base[s + 1] - self->base[s] > w->creators[s].count)
            return false;
    if (self->base[0] != 0 || self->base[self->shards] != known) return false;
    if (self->first[0] != 0 || self->first[known] != self->count) return false;
    for (uint64_t i = 0; i < known; i++)
        if (self->first[i] > self->first[i + 1]) return false;
    for (uint64_t i = 0; i < self->count; i++)
        if (self->viewer[i] >= w->viewers[shard].count) return false;
    return true;
}

void followers_visit(struct followers *self, const struct world *w, uint32_t shard,
                     struct visitor *v)
{
    uint64_t known = self->known, count = self->count;
    visit_count(v, "followers.known", &known, (uint64_t)w->shards.count << 29);
    visit_count(v, "followers.count", &count, UINT32_MAX);
    if (visit_loading(v) && !v->status) {
        v->status = know(self, w);
        if (!v->status && known > self->known) v->status = STATUS_BAD_INPUT;
        self->known = known;
        self->count = count;
        if (!v->status) v->status = make_room(self);
    }
    if (v->status) return;
    VISIT_ARRAY(v, "followers.base", self->base, self->shards + 1);
    VISIT_ARRAY(v, "followers.first", self->first, known + 1);
    VISIT_ARRAY(v, "followers.viewer", self->viewer, count);
    if (visit_loading(v) && !v->status && !is_sound(self, w, shard))
        v->status = STATUS_BAD_INPUT;
}
