/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/topics.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

/* What a topic is worth, relative to the mean of all (factors) or in currency. The order is
 * that of the audience. No public source gives these by topic: they follow the ranking of
 * advertisers' bids by subject (finance and software dear, pets and music cheap) and are tagged
 * A. */
struct economics {
    const char *name;
    double cpm, gift, basket, course, risk;
};

static const struct economics builtin[] = {
    {"cooking", 0.9, 0.8, 70, 49, 0.4},       {"fitness", 1.0, 1.0, 110, 99, 0.9},
    {"language", 1.1, 0.8, 60, 199, 0.3},     {"finance", 2.6, 0.7, 90, 399, 2.5},
    {"programming", 1.8, 0.6, 120, 299, 0.4}, {"health", 1.5, 0.8, 130, 129, 2.8},
    {"parenting", 1.2, 0.9, 140, 129, 0.7},   {"history", 0.7, 1.0, 50, 69, 1.0},
    {"psychology", 1.0, 1.2, 60, 149, 1.1},   {"beauty", 1.4, 1.3, 120, 99, 1.2},
    {"science", 0.8, 0.9, 60, 79, 0.6},       {"travel", 1.2, 0.9, 150, 59, 0.5},
    {"music", 0.6, 2.2, 80, 129, 0.9},        {"career", 1.7, 0.8, 60, 249, 0.8},
    {"pets", 0.7, 1.3, 90, 39, 0.4},          {"crafts", 0.8, 0.9, 60, 59, 0.3},
    {"photography", 1.0, 0.8, 220, 149, 0.4}, {"gardening", 0.8, 0.8, 70, 49, 0.2},
    {"literature", 0.6, 1.1, 50, 69, 0.7},    {"law", 2.2, 0.5, 60, 299, 1.6},
    {"mathematics", 0.9, 0.6, 50, 149, 0.2},  {"repair", 1.1, 0.6, 130, 79, 0.8},
    {"drawing", 0.7, 1.4, 70, 129, 0.5},      {"astronomy", 0.7, 0.9, 160, 69, 0.3},
};
#define BUILTIN_COUNT ((int32_t)(sizeof builtin / sizeof *builtin))
static const struct economics ordinary = {"", 1.0, 1.0, 90, 99, 1.0};

#define TOPICS_AT(member) .offset = offsetof(struct topics_parameters, member)
static const struct schema_row rows[] = {
    {.path = "count",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 1,
     .high = TOPICS_MAX,
     .initial = "24",
     .meaning = "topics of the platform, the most popular first",
     .source = "A",
     .plausible_low = 8,
     .plausible_high = 48,
     .when = SCHEMA_START,
     .moves = "topic_entropy",
     .sign = -1,
     .from = "8",
     .to = "24",
     TOPICS_AT(count)},
    {.path = "names",
     .type = SCHEMA_NAMES,
     .unit = "1",
     .initial = "[]",
     .meaning = "their names, the most popular first; empty = the built-in ones",
     .source = "scenario",
     .when = SCHEMA_START,
     .moves = "topic_entropy",
     .sign = 1,
     .from = "[]",
     .to = "[\"law\", \"music\", \"pets\"]",
     TOPICS_AT(names)},
    {.path = "zipf",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 5,
     .initial = "0.7",
     .meaning = "audience of topics: weight of the k-th is k to minus this",
     .source = "A",
     .plausible_low = 0.4,
     .plausible_high = 1.2,
     .when = SCHEMA_START,
     .moves = "topic_entropy",
     .sign = -1,
     .from = "0.1",
     .to = "3",
     TOPICS_AT(zipf)},
    {.path = "spread",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 3,
     .initial = "1",
     .meaning = "how far topics differ in CPM, gifts, baskets, prices and risk; 0 = not at all",
     .source = "A",
     .plausible_low = 0.5,
     .plausible_high = 1.5,
     .when = SCHEMA_START,
     .moves = "sd creators.income_ads",
     .sign = 1,
     .from = "0",
     .to = "3",
     .needs = "revenue.ads.cpm=1000.0 revenue.ads.min_followers=0 revenue.ads.min_views=0",
     TOPICS_AT(spread)},
};
const struct schema_table topics_table = {
    .prefix = "topics", .size = sizeof(struct topics_parameters), SCHEMA_ROWS(rows)};

static const struct purpose vectors_purpose = {"topics.vectors", PURPOSE_POPULATION};

static void name_topic(struct topic *topic, const struct topics_parameters *p, int32_t k)
{
    if (p->names.count > 0)
        snprintf(topic->name, sizeof topic->name, "%s", p->names.name[k]);
    else if (k < BUILTIN_COUNT)
        snprintf(topic->name, sizeof topic->name, "%s", builtin[k].name);
    else
        snprintf(topic->name, sizeof topic->name, "topic_%d", (int)k + 1);
}

static double spread_out(double value, double typical, double spread)
{
    return typical * maths_pow(value / typical, spread);
}

static void price_topic(struct topic *topic, double spread)
{
    const struct economics *e = &ordinary;

    for (int32_t i = 0; i < BUILTIN_COUNT; i++)
        if (strcmp(builtin[i].name, topic->name) == 0) e = &builtin[i];
    topic->cpm_factor = spread_out(e->cpm, 1, spread);
    topic->gift_factor = spread_out(e->gift, 1, spread);
    topic->basket = spread_out(e->basket, ordinary.basket, spread);
    topic->course_price = spread_out(e->course, ordinary.course, spread);
    topic->risk = spread_out(e->risk, 1, spread);
}

static void weigh_topics(struct topics *self, double zipf)
{
    double sum = 0;

    for (int32_t k = 0; k < self->count; k++) {
        self->topic[k].weight = maths_pow((double)(k + 1), -zipf);
        sum += self->topic[k].weight;
    }
    for (int32_t k = 0; k < self->count; k++) self->topic[k].weight /= sum;
}

/* Factors get a mean of 1 over the audience, so that spread does not change totals. */
static void centre_factors(struct topics *self)
{
    double cpm = 0, gift = 0, risk = 0;

    for (int32_t k = 0; k < self->count; k++) {
        const struct topic *t = &self->topic[k];
        cpm += t->weight * t->cpm_factor;
        gift += t->weight * t->gift_factor;
        risk += t->weight * t->risk;
    }
    for (int32_t k = 0; k < self->count; k++) {
        self->topic[k].cpm_factor /= cpm;
        self->topic[k].gift_factor /= gift;
        self->topic[k].risk /= risk;
    }
}

static void draw_vector(struct topic *topic, struct stream_key key)
{
    struct stream s = stream_open(key, name_of(topic->name, 0), 0);

    for (int i = 0; i < VECTOR_DIM; i++) topic->vector[i] = (float)stream_normal(&s);
    vector_normalise(topic->vector);
}

/* Each vector steps down the gradient of the sum of cos^4 to the others: random ones end close
 * to the best that so many lines in so many dimensions allow (Welch 1974). */
static void push_apart(struct topics *self)
{
    for (int round = 0; round < 200; round++) {
        for (int32_t a = 0; a < self->count; a++) {
            float step[VECTOR_DIM] = {0};
            for (int32_t b = 0; b < self->count; b++) {
                if (a == b) continue;
                float cosine = vector_dot(self->topic[a].vector, self->topic[b].vector);
                vector_add(step, -cosine * cosine * cosine, self->topic[b].vector);
            }
            vector_add(self->topic[a].vector, 1.0f, step);
            vector_normalise(self->topic[a].vector);
        }
    }
}

static bool names_differ(const struct topics *self)
{
    for (int32_t k = 0; k < self->count; k++)
        if (topics_find(self, self->topic[k].name) != k) return false;
    return true;
}

enum status topics_init(struct topics *self, const struct parameters *parameters,
                        struct seed seed)
{
    const struct topics_parameters *p = parameters_block(parameters, "topics");
    double weight[TOPICS_MAX];

    *self = (struct topics){.count = p->names.count > 0 ? p->names.count : (int32_t)p->count};
    require(self->count >= 1 && self->count <= TOPICS_MAX);
    self->topic = memory_alloc((size_t)self->count, sizeof *self->topic);
    if (!self->topic) return STATUS_NO_MEMORY;
    for (int32_t k = 0; k < self->count; k++) {
        name_topic(&self->topic[k], p, k);
        price_topic(&self->topic[k], p->spread);
        draw_vector(&self->topic[k], stream_key(seed, &vectors_purpose));
    }
    weigh_topics(self, p->zipf);
    centre_factors(self);
    push_apart(self);
    for (int32_t k = 0; k < self->count; k++) weight[k] = self->topic[k].weight;
    enum status status = names_differ(self) ? STATUS_OK : STATUS_BAD_INPUT;
    if (!status) status = categorical_init(&self->by_audience, weight, (uint32_t)self->count);
    if (status) topics_free(self);
    return status;
}

void topics_free(struct topics *self)
{
    memory_free(self->topic);
    categorical_free(&self->by_audience);
    *self = (struct topics){0};
}

int32_t topics_find(const struct topics *self, const char *name)
{
    for (int32_t k = 0; k < self->count; k++)
        if (strcmp(self->topic[k].name, name) == 0) return k;
    return -1;
}

uint8_t topics_nearest(const struct topics *self, const float *x)
{
    int32_t best = 0;

    for (int32_t k = 1; k < self->count; k++)
        if (vector_dot(x, self->topic[k].vector) > vector_dot(x, self->topic[best].vector))
            best = k;
    return (uint8_t)best;
}
