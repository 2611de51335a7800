/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "taste.h"

#include <string.h>

static const struct schema_row rows[] = {
    {.path = "topics",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 1,
     .high = 32,
     .initial = "8",
     .meaning = "topics that make up a viewer's taste",
     .source = "V->D KR-A",
     .when = SCHEMA_START,
     .moves = "viewer_taste_entropy",
     .sign = 1,
     .needs = "measure.metrics=[\"taste_entropy\"]",
     .from = "1",
     .to = "8",
     VIEWERS_AT(taste_parameters, topics)},
    {.path = "zipf",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "0.9",
     .meaning = "exponent of the shares of a taste's topics",
     .source = "V->D KR-A",
     .when = SCHEMA_START,
     .moves = "viewer_taste_entropy",
     .sign = -1,
     .needs = "measure.metrics=[\"taste_entropy\"]",
     .from = "0.2",
     .to = "2",
     VIEWERS_AT(taste_parameters, zipf)},
    {.path = "pull",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 0.5,
     .initial = "0.0002",
     .meaning = "step of taste toward a video watched long (half of it away from one skipped)",
     .source = "A (no drift has been measured)",
     .plausible_low = 0.00005,
     .plausible_high = 0.001,
     .when = SCHEMA_WINDOW,
     .moves = "taste_drift",
     .sign = 1,
     .needs = "measure.metrics=[\"taste_drift\"]",
     .from = "0",
     .to = "0.02",
     VIEWERS_AT(taste_parameters, pull)},
    {.path = "half_life",
     .type = SCHEMA_FLOAT,
     .unit = "d",
     .low = 0.1,
     .high = 1e6,
     .initial = "45",
     .meaning = "days after which chance has halved the cosine of old and new "
                "taste",
     .source = "A",
     .plausible_low = 30,
     .plausible_high = 60,
     .when = SCHEMA_WINDOW,
     .moves = "taste_drift",
     .sign = -1,
     .needs = "measure.metrics=[\"taste_drift\"]",
     .from = "1",
     .to = "1000",
     VIEWERS_AT(taste_parameters, half_life)},
};
const struct schema_table taste_table = {
    .prefix = "viewers.taste", .size = sizeof(struct taste_parameters), SCHEMA_ROWS(rows)};

/* Brownian motion on the sphere in d dimensions: E cos = exp(-(d - 1) v / 2) after a variance
 * of v a lane. Lanes step by a uniform of that variance; many sessions make it normal. */
void taste_wander(const struct viewers *self, float *theta, uint64_t name, uint32_t occasion,
                  double days)
{
    double lives = days / self->taste->half_life;
    double variance = 2 * 0.6931471805599453 / (VECTOR_DIM - 1) * (lives < 4 ? lives : 4);
    float width = (float)sqrt(12 * variance), step[VECTOR_DIM];

    for (uint32_t block = 0; block < VECTOR_DIM / 4; block++) {
        struct stream_words w = stream_block(self->keys.drift, name, occasion, block);
        for (uint32_t i = 0; i < 4; i++) step[4 * block + i] = word_uniformf(w.word[i]) - 0.5f;
    }
    vector_add(theta, width, step);
    vector_normalise(theta);
}

/* A topic that is not in `seen` yet: by audience, or the next free one when luck takes too
 * long. */
static uint32_t other_topic(const struct topics *topics, struct stream *s, uint64_t seen)
{
    uint32_t topic = 0;

    for (int attempt = 0; attempt < 32; attempt++) {
        topic = categorical_draw(&topics->by_audience, s);
        if (!(seen >> topic & 1)) return topic;
    }
    while (seen >> topic & 1) topic = (topic + 1) % (uint32_t)topics->count;
    return topic;
}

/* How many topics, and their shares; which ones is open. */
static void share_out(const struct viewers *self, struct interests *interests)
{
    int64_t all = self->world->topics.count;
    float sum = 0;

    interests->count = (uint32_t)(self->taste->topics < all ? self->taste->topics : all);
    for (uint32_t i = 0; i < interests->count; i++) sum += self->topic_share[i];
    for (uint32_t i = 0; i < interests->count; i++)
        interests->share[i] = self->topic_share[i] / sum;
}

void taste_interests(const struct viewers *self, const struct packed16 *taste,
                     struct interests *interests)
{
    const struct topics *topics = &self->world->topics;
    float theta[VECTOR_DIM], cosine[TOPICS_MAX];

    share_out(self, interests);
    vector_unpack(theta, taste);
    for (int32_t k = 0; k < topics->count; k++)
        cosine[k] = vector_dot(theta, topics->topic[k].vector);
    for (uint32_t i = 0; i < interests->count; i++) {
        int32_t best = 0;
        for (int32_t k = 1; k < topics->count; k++)
            if (cosine[k] > cosine[best]) best = k;
        interests->topic[i] = (uint8_t)best;
        cosine[best] = -2; /* below any */
    }
}

void taste_birth(const struct viewers *self, struct stream *s, float *theta,
                 struct interests *interests)
{
    const struct topics *topics = &self->world->topics;
    uint64_t seen = 0;

    share_out(self, interests);
    memset(theta, 0, VECTOR_DIM * sizeof *theta);
    for (uint32_t i = 0; i < interests->count; i++) {
        uint32_t k = other_topic(topics, s, seen);
        seen |= UINT64_C(1) << k;
        interests->topic[i] = (uint8_t)k;
        vector_add(theta, interests->share[i], topics->topic[k].vector);
    }
    vector_normalise(theta);
}
