/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hours become videos: q = skill (1 - exp(-effort / e0)), with the spread of luck.
 */
#include "parts.h"

double production_quality(double skill, double effort, double scale)
{
    return skill * (1 - maths_exp(-effort / scale));
}

static double clip(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

/* Near the plan's topic, on the creator's own side of it. */
static void draw_content(const struct creators *self, const struct creator *creator,
                         uint8_t topic, struct stream *draw, struct packed16 *out)
{
    float x[VECTOR_DIM];
    float sd = (float)(self->production->spread / 4.0); /* sqrt(16) dimensions */
    for (int j = 0; j < VECTOR_DIM; j++)
        x[j] = self->world->topics.topic[topic].vector[j] + sd * (float)stream_normal(draw);
    vector_add(x, 0.25f, creator->expertise);
    vector_normalise(x);
    vector_pack(out, x);
}

/* One creator's videos all lie within its cohort's and its own choices; the rest is luck. */
static void fill_video(struct creators *self, const struct creator *creator, struct stream *draw,
                       struct video *video)
{
    const struct production_parameters *p = self->production;
    const struct topic *topic = &self->world->topics.topic[creator->plan.topic];
    bool ai = stream_bernoulli(draw, p->ai_share);
    double effort = (double)creator->plan.effort * (ai ? 2.0 : 1.0);
    double quality = production_quality((double)creator->skill, effort, p->effort_scale) +
                     p->quality_sd * stream_normal(draw);
    double seconds = p->duration_median * maths_exp(p->duration_sigma * stream_normal(draw));
    video->topic = creator->plan.topic;
    video->cohort = creator->cohort;
    video->quality = (float)clip(quality, 0.01, 0.99);
    video->duration_ms = (uint32_t)(clip(seconds, 3, 3600) * 1000);
    video->hook = (float)clip(stream_normal(draw), -3, 3);
    video->commercial =
        (float)clip((double)creator->plan.commercial + 0.1 * stream_normal(draw), 0, 1);
    video->flags = (uint8_t)((ai ? VIDEO_AI : 0) |
                             (stream_bernoulli(draw, p->violations * topic->risk) ? VIDEO_VIOLATING
                                                                                   : 0) |
                             (stream_bernoulli(draw, (double)creator->plan.exclusive)
                                  ? VIDEO_EXCLUSIVE
                                  : 0));
    draw_content(self, creator, video->topic, draw, &video->content);
}

/* Newest first; those that have left the catalogue make room. */
static void remember(const struct world *w, struct creator *creator, uint32_t shard,
                     uint32_t number)
{
    uint32_t kept[4] = {number, ENTITY_NONE, ENTITY_NONE, ENTITY_NONE};
    int n = 1;
    for (int i = 0; i < 4 && n < 4; i++) {
        uint32_t old = creator->videos[i];
        if (old == ENTITY_NONE || old == number) continue;
        uint32_t row = entity_row(w->shards, old);
        uint8_t state = w->videos[shard].counter[row].state;
        if (state != VIDEO_ACTIVE && state != VIDEO_PENDING) continue;
        kept[n++] = old;
    }
    for (int i = 0; i < 4; i++) creator->videos[i] = kept[i];
}

uint32_t production_make(struct creators *self, uint32_t shard, uint32_t row, sim_time when)
{
    struct world *w = self->world;
    struct creator *creator = &w->creators[shard].row[row];
    uint32_t at = video_add(&w->videos[shard]);
    if (at == ENTITY_NONE) return at;
    struct video *video = &w->videos[shard].row[at];
    struct video_counters *counter = &w->videos[shard].counter[at];
    video->name = name_child(creator->name, creator->next_video++);
    video->creator = entity_number(w->shards, row, shard);
    struct stream draw = stream_open(self->make, video->name, 0);
    fill_video(self, creator, &draw, video);
    counter->published = when;
    creator->posts++;
    creator->period.posts++;
    creator->period.hours += creator->plan.effort;
    w->creators[shard].day.posts++;
    remember(w, creator, shard, entity_number(w->shards, at, shard));
    self->services.upload.uploaded(self->services.upload.self, shard, at);
    return at;
}

/* Gamma(2) gaps: less regular than a calendar, less bursty than a Poisson process. */
sim_time production_gap(const struct creators *self, const struct creator *creator)
{
    double rate = (double)creator->plan.videos_per_week;
    if (rate <= 0) return TIME_NEVER;
    struct stream draw = stream_open(self->gap, creator->name, creator->next_video);
    double days = 7.0 / rate * stream_gamma(&draw, 2.0) / 2.0;
    sim_time gap = (sim_time)(days * (double)TIME_DAY);
    return gap < TIME_MINUTE ? TIME_MINUTE : gap;
}
