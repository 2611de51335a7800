/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Real creators: the authors of an audience file with their videos, which were first seen when
 * the log says, the log's end being the start of the run.
 */
#include "base/memory.h"
#include "parts.h"

/* The videos of author k are video[first[k]] .. video[first[k + 1] - 1], in the file's order.
 */
struct works {
    const struct audience *from;
    uint32_t *first, *video; /* owned; [creators + 1], [videos] */
};

static enum status sort_works(struct works *self)
{
    const struct audience *a = self->from;

    self->first = memory_alloc((size_t)a->creators + 2, sizeof *self->first);
    self->video = memory_alloc(a->videos, sizeof *self->video);
    if (!self->first || !self->video) return STATUS_NO_MEMORY;
    for (uint32_t i = 0; i < a->videos; i++) self->first[a->video[i].creator + 2]++;
    for (uint32_t k = 1; k < a->creators; k++) self->first[k + 1] += self->first[k];
    for (uint32_t i = 0; i < a->videos; i++)
        self->video[self->first[a->video[i].creator + 1]++] = i;
    return STATUS_OK;
}

/* At home where its videos lie. */
static void place_author(const struct creators *self, const struct works *works, uint32_t k,
                         struct creator *c)
{
    float x[VECTOR_DIM];

    for (uint32_t i = works->first[k]; i < works->first[k + 1]; i++) {
        vector_unpack(x, &works->from->video[works->video[i]].content);
        vector_add(c->expertise, 1.0f, x);
    }
    vector_normalise(c->expertise);
    c->topic = topics_nearest(&self->world->topics, c->expertise);
}

static sim_time seen_at(const struct audience *from, const struct audience_video *video)
{
    return -(sim_time)(from->span_s - video->first_s) * TIME_SECOND;
}

static enum status add_author(struct creators *self, const struct works *works, uint32_t k)
{
    struct world *w = self->world;
    uint64_t name = name_of("authors", k);
    uint32_t shard = entity_home(w->shards, name);
    struct creator *c = birth_add(self, 0, name, 0);

    if (!c) return STATUS_NO_MEMORY;
    uint32_t row = (uint32_t)w->creators[shard].count - 1;
    place_author(self, works, k, c);
    birth_person(self, c, false);
    for (uint32_t i = works->first[k]; i < works->first[k + 1]; i++) {
        const struct audience_video *real = &works->from->video[works->video[i]];
        if (production_take(self, shard, row, real, seen_at(works->from, real)) == ENTITY_NONE)
            return STATUS_NO_MEMORY;
    }
    return birth_plan(self, shard, row, 0, 0);
}

enum status authors_populate(struct creators *self)
{
    struct works works = {.from = self->world->audience};
    enum status status = sort_works(&works);

    for (uint32_t k = 0; k < works.from->creators && !status; k++)
        status = add_author(self, &works, k);
    memory_free(works.first);
    memory_free(works.video);
    return status;
}
