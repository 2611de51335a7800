/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * AI tools and AR/VR: what a video is made with changes how far an hour goes, how good it gets
 * and how surely, and costs money. Who cannot pay makes it the usual way.
 */
#include "parts.h"
#include "technology_rows.h"

#define AT(member) .offset = offsetof(struct technology_parameters, member)
#define SPEED                                                                                  \
    .path = "speed", .type = SCHEMA_FLOAT, .unit = "1", .low = 0.05, .high = 50,               \
    .when = SCHEMA_WINDOW, .moves = "videos.quality", .sign = 1, .from = "0.2", .to = "5",     \
    AT(speed)
#define QUALITY                                                                                \
    .path = "quality", .type = SCHEMA_FLOAT, .unit = "1", .low = 0, .high = 10,                \
    .when = SCHEMA_WINDOW, .moves = "videos.quality", .sign = 1, .from = "0.5", .to = "1.5",   \
    AT(quality)
#define SPREAD                                                                                 \
    .path = "spread", .type = SCHEMA_FLOAT, .unit = "1", .low = 0, .high = 10,                 \
    .when = SCHEMA_WINDOW, .moves = "sd videos.quality", .sign = 1, .from = "0", .to = "2",    \
    AT(spread)
#define COST                                                                                   \
    .path = "cost", .type = SCHEMA_FLOAT, .unit = "currency/video", .low = 0, .high = 1e6,     \
    .when = SCHEMA_WINDOW, .moves = "cohorts.costs", .sign = 1, .from = "0", .to = "5",        \
    AT(cost)
#define RICH                                                                                   \
    " revenue.ads.cpm=1000.0 revenue.ads.min_followers=0 revenue.ads.min_views=0 "             \
    "creators.life.living=0 creators.boost=0 creators.videos_per_week=20"
#define AI "creators.production.ai_share=0.9"
#define AR "creators.production.ar_share=0.9 creators.production.ar.cost=0.0"

static const struct schema_row ai_rows[] = {
    {SPEED, .initial = "2", .meaning = "hours that an hour with AI tools is worth",
     .source = "A", .plausible_low = 1.2, .plausible_high = 4, .needs = AI},
    {QUALITY, .initial = "1",
     .meaning = "factor of AI tools on the quality that comes of the hours", .source = "A",
     .plausible_low = 0.8, .plausible_high = 1.2, .needs = AI},
    {SPREAD, .initial = "1", .meaning = "factor of AI tools on the spread of quality",
     .source = "A", .plausible_low = 0.7, .plausible_high = 1.5, .needs = AI},
    {COST, .initial = "0",
     .meaning = "what AI tools cost a video; who has no money does without", .source = "A",
     .plausible_low = 0, .plausible_high = 10, .needs = AI RICH},
};

static const struct schema_row ar_rows[] = {
    {SPEED, .initial = "0.5", .meaning = "hours that an hour of AR/VR work is worth",
     .source = "A", .plausible_low = 0.2, .plausible_high = 1, .needs = AR},
    {QUALITY, .initial = "1.1",
     .meaning = "factor of AR/VR on the quality that comes of the hours", .source = "A",
     .plausible_low = 0.9, .plausible_high = 1.4, .needs = AR},
    {SPREAD, .initial = "1.5", .meaning = "factor of AR/VR on the spread of quality",
     .source = "A", .plausible_low = 1, .plausible_high = 2, .needs = AR},
    {COST, .initial = "20",
     .meaning = "what AR/VR costs a video; who has no money does without", .source = "A",
     .plausible_low = 5, .plausible_high = 200,
     .needs = "creators.production.ar_share=0.9" RICH},
};

const struct schema_table technology_ai_table = {.prefix = "creators.production.ai",
                                                 .size = sizeof(struct technology_parameters),
                                                 SCHEMA_ROWS(ai_rows)};
const struct schema_table technology_ar_table = {.prefix = "creators.production.ar",
                                                 .size = sizeof(struct technology_parameters),
                                                 SCHEMA_ROWS(ar_rows)};

/* False when the budget does not pay for it. */
static bool take_up(const struct technology_parameters *p, int64_t budget,
                    struct technology *made)
{
    int64_t cost = (int64_t)(p->cost * (double)MICRO);

    if (cost > 0 && cost > budget - made->cost) return false;
    made->speed *= p->speed;
    made->quality *= p->quality;
    made->spread *= p->spread;
    made->cost += cost;
    return true;
}

struct technology technology_draw(const struct creators *self, const struct video *video,
                                  int64_t budget, struct stream *draw)
{
    struct technology made = {.speed = 1, .quality = 1, .spread = 1};
    int32_t use = self->cohort[video->cohort].technology;
    bool ai = use == TECHNOLOGY_ALL || use == TECHNOLOGY_AI;
    bool ar = use == TECHNOLOGY_ALL || use == TECHNOLOGY_AR;
    double ar_share = ar ? self->production->ar_share : 0;

    if (stream_bernoulli(draw, self->production->ai_share) && ai)
        made.ai = take_up(self->ai, budget, &made);
    if (ar_share > 0) { /* an occasion of its own: no other draw of the video moves */
        struct stream own = stream_open(self->make, video->name, 1);
        if (stream_bernoulli(&own, ar_share)) made.ar = take_up(self->ar, budget, &made);
    }
    return made;
}
