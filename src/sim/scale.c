/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scale of the match: M = (raw - offset) * scale, so that a random video has mean 0 and a
 * typical personalised one mean 1 (docs/ODD.md 7.2).
 *
 * Derived once, from the population and the catalogue as they are at the start, under the
 * reference of a content ranker: for each of a sample of viewers the reference takes the best
 * REACH of POOL random videos by the product of true taste and noised features. The noise is
 * the scenario's platform.extraction_noise: an arm on it has a scale of its own. No ranker or
 * later change moves the scale.
 *
 * What creators sell at the start, by their parameters, more or less than USUAL_SELLING is
 * taken out of the offset: in a world where all sell more everybody likes the feed less.
 */
#include "base/memory.h"
#include "parts.h"

#define SCALE_VIEWERS 2000
#define POOL 128          /* candidates of a content ranker: 4 clusters of 32 */
#define REACH 8           /* one slate */
#define USUAL_SELLING 0.2 /* commercial intensity; creators.commercial by default */

static const struct purpose scale_purpose = {"sim.scale", PURPOSE_POPULATION};

struct sample {
    const struct world *world;
    uint32_t *video; /* numbers of all videos, in (shard, row) order; owned */
    size_t videos;
    struct viewer *viewer; /* copies; owned */
    size_t viewers;
};

static enum status list_videos(struct sample *self)
{
    const struct world *w = self->world;
    size_t n = 0;
    for (uint32_t s = 0; s < w->shards.count; s++) n += w->videos[s].count;
    self->video = memory_alloc(n, sizeof *self->video);
    if (!self->video) return STATUS_NO_MEMORY;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->videos[s].count; r++)
            if (w->videos[s].counter[r].state != VIDEO_FREE)
                self->video[self->videos++] = entity_number(w->shards, (uint32_t)r, s);
    return STATUS_OK;
}

/* Shards hold viewers by the hash of their names: the first rows are a random choice. */
static enum status list_viewers(struct sample *self)
{
    const struct world *w = self->world;
    size_t quota = SCALE_VIEWERS / w->shards.count + 1;
    self->viewer = memory_alloc(SCALE_VIEWERS, sizeof *self->viewer);
    if (!self->viewer) return STATUS_NO_MEMORY;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->viewers[s].count && r < quota; r++) {
            if (self->viewers == SCALE_VIEWERS) break;
            if (!w->viewers[s].elsewhere) self->viewer[self->viewers] = w->viewers[s].row[r];
            self->viewers++;
        }
    while (post_turn(w->post))
        for (uint32_t s = 0, i = 0; s < w->shards.count; s++)
            for (size_t r = 0; r < w->viewers[s].count && r < quota; r++) {
                if (i == self->viewers) break;
                post_bytes(w->post, s, &self->viewer[i++], sizeof *self->viewer);
            }
    return w->post ? w->post->status : STATUS_OK;
}

/* The reference ranker's view: features as extracted, with the scenario's noise. */
static int32_t reference_score(const struct world *w, const struct viewer *viewer,
                               uint32_t video)
{
    const struct packed16 *feature = &w->videos[entity_shard(w->shards, video)]
                                          .feature[entity_row(w->shards, video)];
    return packed_dot(&viewer->taste, feature);
}

struct means {
    double random, personal;
    uint64_t randoms, personals;
};

static void look_at(const struct sim *self, const struct sample *sample,
                    const struct viewer *viewer, struct stream *draw, struct means *means)
{
    uint32_t best[REACH] = {0};
    int32_t score[REACH] = {0};
    size_t kept = 0;
    for (size_t i = 0; i < POOL; i++) {
        uint32_t video = sample->video[stream_below(draw, (uint32_t)sample->videos)];
        int32_t value = reference_score(sample->world, viewer, video);
        means->random += (double)viewers_raw_match(self->viewers, viewer,
                                                   world_video(sample->world, video));
        means->randoms++;
        size_t at = kept;
        while (at > 0 && score[at - 1] < value) at--;
        if (at >= REACH) continue;
        if (kept < REACH) kept++;
        for (size_t k = kept - 1; k > at; k--) best[k] = best[k - 1], score[k] = score[k - 1];
        best[at] = video;
        score[at] = value;
    }
    for (size_t k = 0; k < kept; k++, means->personals++)
        means->personal += (double)viewers_raw_match(self->viewers, viewer,
                                                     world_video(sample->world, best[k]));
}

/* Of cohort k; without cohorts, of all creators. */
static double of_cohort(const struct parameters *parameters, int32_t k, const char *row)
{
    struct parameter at = parameters_inherited(parameters, "creators.cohorts", k, row);
    return at.row->type == SCHEMA_INT ? (double)*(const int64_t *)at.value
                                      : *(const double *)at.value;
}

/* What the commercial intensity beyond the usual one, weighted with the cohorts' videos a week,
 * costs the raw match of a random video; exactly 0 when all cohorts sell as usual. */
static double cost_of_selling(const struct world *w, const struct sample *sample)
{
    const int32_t cohorts = parameters_count(w->parameters, "creators.cohorts");
    double all = 0, more = 0, intolerance = 0;
    struct parameter dislike;
    for (int32_t k = 0; k < (cohorts ? cohorts : 1); k++) {
        double videos = of_cohort(w->parameters, k, "count") *
                        of_cohort(w->parameters, k, "videos_per_week");
        all += videos;
        more += videos * (of_cohort(w->parameters, k, "commercial") - USUAL_SELLING);
    }
    if (!(all > 0) || !sample->viewers) return 0;
    for (size_t i = 0; i < sample->viewers; i++)
        intolerance += 1 - sample->viewer[i].tolerance / 255.0;
    require(parameters_find(w->parameters, "viewers.match.commercial", &dislike));
    return *(const double *)dislike.value * intolerance / (double)sample->viewers * more / all;
}

enum status scale_derive(struct sim *self)
{
    struct world *w = &self->world;
    struct sample sample = {.world = w};
    struct means means = {0, 0, 0, 0};
    enum status status = list_videos(&sample);
    w->match = (struct match_scale){0, 1};
    struct stream_key key = stream_key(w->seed, &scale_purpose);
    if (!status) status = list_viewers(&sample);
    for (size_t i = 0; i < sample.viewers && !status && sample.videos; i++) {
        struct stream draw = stream_open(key, viewer_name(&sample.viewer[i]), 0);
        look_at(self, &sample, &sample.viewer[i], &draw, &means);
    }
    const double selling = status ? 0 : cost_of_selling(w, &sample);
    memory_free(sample.viewer);
    memory_free(sample.video);
    if (status || !means.randoms) return status;
    double random = means.random / (double)means.randoms;
    double personal = means.personal / (double)means.personals;
    double gap = personal - random;
    w->match.offset = (float)(random + selling);
    w->match.scale = gap > 1e-6 ? (float)(1 / gap) : 1.0f;
    return STATUS_OK;
}
