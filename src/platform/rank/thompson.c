/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Thompson sampling: for every request each candidate's share of long views is drawn from what
 * is known of it among the viewer's group, and the highest draw wins. A video is shown as often
 * as it is likely to be the best. Draws are normal with the mean and the standard deviation of
 * the Beta distribution that the group has of the video.
 */
#include "arm.h"

struct thompson_parameters {
    double scale, prior;
};

static const struct schema_row rows[] = {
    {.path = "scale",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 100,
     .initial = "1",
     .meaning = "of the draws' standard deviation; below 1 explores less than is honest",
     .source = "A (Chapelle & Li 2011: 0.5 and 1)",
     .plausible_low = 0.25,
     .plausible_high = 2,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "gini_views",
     .sign = -1,
     .from = "0",
     .to = "4",
     .needs = "platform.ranker=thompson",
     .offset = offsetof(struct thompson_parameters, scale)},
    {.path = "prior",
     .type = SCHEMA_FLOAT,
     .unit = "impressions",
     .low = 0.1,
     .high = 1e6,
     .initial = "3",
     .meaning = "impressions with the usual share of long views that every video begins with",
     .source = "A (3.3 = a uniform distribution's deviation)",
     .plausible_low = 1,
     .plausible_high = 30,
     .when = SCHEMA_START,
     .moves = "gini_views",
     .sign = -1,
     .needs = "platform.ranker=thompson",
     .offset = offsetof(struct thompson_parameters, prior)},
};
static const struct schema_table table = {.prefix = "platform.rank.thompson",
                                          .size = sizeof(struct thompson_parameters),
                                          SCHEMA_ROWS(rows)};

static float bias(const void *parameters, const struct item_facts *facts)
{
    const struct thompson_parameters *p = parameters;
    return arm_mean(facts->counters, (float)p->prior);
}

static float spread(const void *parameters, const struct item_facts *facts)
{
    const struct thompson_parameters *p = parameters;
    return arm_deviation(facts->counters, (float)p->prior);
}

/* Nearly a standard normal from one word: the sum of its four bytes, each uniform on 0..255
 * with variance (256^2 - 1) / 12. Kurtosis 2.7, ends at 3.45. */
static inline float word_normal(uint32_t word)
{
    uint32_t pairs = (word & 0x00ff00ff) + (word >> 8 & 0x00ff00ff);
    return ((float)((pairs & 0xffff) + (pairs >> 16)) - 510.0f) * 0.0067658f;
}

static void score(const void *parameters, const struct request *request, const uint32_t *place,
                  size_t n, float *out)
{
    const struct thompson_parameters *p = parameters;
    const struct snapshot *snapshot = request->snapshot;
    const float scale = (float)p->scale, prior = (float)p->prior;
    const int group = arms_group(request);
    for (size_t i = 0; i < n; i++) {
        float mean = snapshot->item[place[i]].bias, deviation = snapshot->learned[place[i]];
        if (group != ARMS_NONE) {
            struct arms_count own = arms_count(snapshot, place[i], group);
            mean = arm_group_mean(own, mean, prior);
            deviation = arm_spread(mean, own.shown + prior);
        }
        out[i] = mean + scale * deviation * word_normal(stream_word(request->draw));
    }
}

static float uncertain(const void *parameters, const struct request *request, uint32_t place,
                       float given)
{
    const struct thompson_parameters *p = parameters;
    return given - arm_mean_at(request->snapshot, place, arms_group(request), (float)p->prior);
}

const struct ranker rank_thompson = {
    .about =
        {.name = "thompson",
         .doc =
             "Thompson sampling: draws each video's share of long views in the viewer's group",
         .reference = "Thompson 1933; Chapelle & Li 2011 (NIPS)",
         .parameters = &table},
    .learner = "arms",
    .bias = bias,
    .extra = spread,
    .score = score,
    .uncertain = uncertain,
};
