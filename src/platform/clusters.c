/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Clusters of the content index: spherical k-means on a sample, sums in integers and in fixed
 * order.
 */
#include <string.h>

#include "base/memory.h"
#include "core.h"

#define SAMPLE_MAX 16384
#define ROUNDS 5
#define ITEMS_EACH 32 /* a cluster should hold at least so many */
#define LIFE (7 * TIME_DAY)

struct sample {
    struct packed16 *feature; /* [count] */
    uint32_t count;
};

static uint64_t active_videos(const struct platform *self)
{
    uint64_t n = 0;
    for (uint32_t s = 0; s < self->world->shards.count; s++) n += self->world->videos[s].active;
    return n;
}

static uint32_t clusters_wanted(const struct platform *self, uint64_t items)
{
    uint64_t wanted = items / ITEMS_EACH;
    if (wanted > (uint64_t)self->parameters->clusters)
        wanted = (uint64_t)self->parameters->clusters;
    return wanted ? (uint32_t)wanted : 1;
}

bool clusters_due(const struct platform *self)
{
    uint64_t items = active_videos(self);
    if (self->world->close - self->clusters_made >= LIFE) return true;
    return clusters_wanted(self, items) != self->index[0].clusters &&
           (items > 2 * (uint64_t)self->clusters_for || items < self->clusters_for / 4);
}

/* Every step-th active video in (shard, row) order. */
static void take_sample(const struct platform *self, uint64_t items, struct sample *sample)
{
    uint64_t step = items / SAMPLE_MAX + 1, i = 0;
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        const struct video_shard *videos = &self->world->videos[s];
        for (size_t row = 0; row < videos->count; row++)
            if (videos->counter[row].state == VIDEO_ACTIVE && i++ % step == 0 &&
                sample->count < SAMPLE_MAX)
                sample->feature[sample->count++] = videos->feature[row];
    }
}

static uint32_t nearest(const struct kernels *kernels, const struct packed16 *centroid,
                        uint32_t clusters, const struct packed16 *feature)
{
    int32_t dot[CLUSTERS_MAX];
    uint32_t best = 0;
    kernels->dot_rows(feature, centroid, clusters, dot);
    for (uint32_t c = 1; c < clusters; c++)
        if (dot[c] > dot[best]) best = c;
    return best;
}

uint16_t clusters_nearest(const struct platform *self, const struct packed16 *feature)
{
    if (self->index[0].clusters == 0) return 0; /* the first build gives every video its own */
    return (uint16_t)nearest(self->world->kernels, self->centroid, self->index[0].clusters,
                             feature);
}

/* A cluster that nobody is nearest to keeps its centroid. */
static void move_centroid(struct packed16 *centroid, const int64_t sum[VECTOR_DIM])
{
    float x[VECTOR_DIM], square;
    for (int i = 0; i < VECTOR_DIM; i++) x[i] = (float)sum[i];
    square = vector_dot(x, x);
    if (square <= 0) return;
    vector_normalise(x);
    vector_pack(centroid, x);
}

static void lloyd(const struct platform *self, const struct sample *sample, uint32_t clusters,
                  int64_t (*sum)[VECTOR_DIM])
{
    memset(sum, 0, clusters * sizeof(*sum));
    for (uint32_t i = 0; i < sample->count; i++) {
        const struct packed16 *x = &sample->feature[i];
        uint32_t c = nearest(self->world->kernels, self->centroid, clusters, x);
        for (int k = 0; k < VECTOR_DIM; k++) sum[c][k] += x->lane[k];
    }
    for (uint32_t c = 0; c < clusters; c++) move_centroid(&self->centroid[c], sum[c]);
}

static void assign(void *context, uint32_t s, uint32_t thread)
{
    struct platform *self = context;
    struct platform_shard *shard = &self->shard[s];
    const struct video_shard *videos = &self->world->videos[s];
    (void)thread;
    for (size_t row = 0; row < videos->count; row++)
        if (videos->counter[row].state == VIDEO_ACTIVE)
            shard->cluster[row] = (uint16_t)nearest(self->world->kernels, self->centroid,
                                                    self->clusters_wanted,
                                                    &videos->feature[row]);
}

enum status clusters_make(struct platform *self)
{
    uint64_t items = active_videos(self);
    uint32_t clusters = clusters_wanted(self, items);
    struct sample sample = {.feature = memory_alloc(SAMPLE_MAX, sizeof(*sample.feature))};
    int64_t(*sum)[VECTOR_DIM] = memory_alloc(clusters, sizeof(*sum));
    enum status status = sample.feature && sum ? STATUS_OK : STATUS_NO_MEMORY;
    if (status) goto out;
    take_sample(self, items, &sample);
    for (uint32_t c = 0; c < clusters; c++)
        self->centroid[c] = sample.count ? sample.feature[(uint64_t)c * sample.count / clusters]
                                         : (struct packed16){{VECTOR_ONE}};
    for (int round = 0; round < ROUNDS && clusters > 1; round++)
        lloyd(self, &sample, clusters, sum);
    self->clusters_wanted = clusters;
    self->clusters_for = (uint32_t)items;
    self->clusters_made = self->world->close;
    team_run(self->world->team, self->world->shards.count, assign, self);
out:
    memory_free(sample.feature);
    memory_free(sum);
    return status;
}
