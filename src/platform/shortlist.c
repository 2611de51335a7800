/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shortlist.h"

/* A number in every lane: not 0 + x, which waits for an addition. */
static inline void spread(float x, vector8 *wide) { *wide = (vector8){x, x, x, x, x, x, x, x}; }

/* A rule in every lane. */
struct wide_rule {
    vector8_bits place, creator, topic;
};

static inline void widen(const struct pick_rule *rule, struct wide_rule *wide)
{
    wide->place = (vector8_bits){0} + (int32_t)rule->place;
    wide->creator = (vector8_bits){0} + (int32_t)rule->creator;
    wide->topic = (vector8_bits){0} + (int32_t)rule->topic;
}

/* Eight items of a list. */
struct group {
    vector8_bits place, creator, topic;
    vector8 rank, score;
};

static inline void load_group(const struct shortlist *list, size_t at, struct group *group)
{
    memcpy(&group->place, list->place + at, sizeof group->place);
    memcpy(&group->creator, list->creator + at, sizeof group->creator);
    memcpy(&group->topic, list->topic + at, sizeof group->topic);
    memcpy(&group->rank, list->rank + at, sizeof group->rank);
    memcpy(&group->score, list->score + at, sizeof group->score);
}

static inline void lower_group(struct group *group, const struct wide_rule *rule,
                               const vector8 *cost)
{
    const vector8 never = (vector8){0} + SCORE_NEVER;
    vector8_bits out = (group->place == rule->place) | (group->creator == rule->creator);
    vector8 lowered = group->rank -
                      (vector8)((vector8_bits)*cost & (group->topic == rule->topic));
    vector8_least(&lowered, &group->score);
    vector8_where(&out, &never, &group->score);
}

static inline float highest_lane(const vector8 *from)
{
    vector_four low = vector8_half(from, 0), high = vector8_half(from, 1);
    vector_four x = vector_where(high > low, high, low);
    float even = x[0] > x[2] ? x[0] : x[2], odd = x[1] > x[3] ? x[1] : x[3];
    return even > odd ? even : odd;
}

/* One rule: it stays in registers. */
static inline float lower_by_one(struct shortlist *list, const struct wide_rule *rule,
                                 float cost)
{
    vector8 costs, highest = (vector8){0} + SCORE_NEVER;
    struct group group;
    const size_t count = list->count;
    spread(cost, &costs);
    for (size_t i = 0; i < count; i += LIST_LANES) {
        load_group(list, i, &group);
        lower_group(&group, rule, &costs);
        memcpy(list->score + i, &group.score, sizeof group.score);
        vector8_most(&group.score, &highest);
    }
    return highest_lane(&highest);
}

/* What the pick is comes straight from the list: a pick waits for the one before it. */
float shortlist_pick(struct shortlist *list, uint32_t at, bool creator, float cost)
{
    const uint32_t nobody = ENTITY_NONE;
    const struct pick_rule rule = {list->place[at], creator ? list->creator[at] : nobody,
                                   list->topic[at]};
    struct wide_rule wide;
    widen(&rule, &wide);
    return lower_by_one(list, &wide, cost);
}

float shortlist_lower(struct shortlist *list, uint32_t first, const struct pick_rule *rule,
                      uint32_t n, float cost)
{
    vector8 costs, highest = (vector8){0} + SCORE_NEVER;
    struct group group;
    spread(cost, &costs);
    const size_t count = list->count;
    for (size_t i = first - first % LIST_LANES; i < count; i += LIST_LANES) {
        load_group(list, i, &group);
        for (uint32_t k = 0; k < n; k++) {
            struct wide_rule wide;
            widen(&rule[k], &wide);
            lower_group(&group, &wide, &costs);
        }
        memcpy(list->score + i, &group.score, sizeof group.score);
        vector8_most(&group.score, &highest);
    }
    return highest_lane(&highest);
}

float shortlist_highest(const struct shortlist *list)
{
    vector8 score, highest = (vector8){0} + SCORE_NEVER;
    for (uint32_t i = 0; i < list->count; i += LIST_LANES) {
        memcpy(&score, list->score + i, sizeof score);
        vector8_most(&score, &highest);
    }
    return highest_lane(&highest);
}

#define FOUND_AT_ONCE 64u

uint32_t shortlist_find(const struct shortlist *list, float score)
{
    vector8 wanted;
    const size_t count = list->count;
    spread(score, &wanted);
    for (size_t from = 0; from < count; from += FOUND_AT_ONCE) {
        const size_t left = count - from, n = left < FOUND_AT_ONCE ? left : FOUND_AT_ONCE;
        uint64_t found = 0;
        for (size_t i = 0; i < n; i += LIST_LANES) {
            vector8 eight;
            memcpy(&eight, list->score + from + i, sizeof eight);
            vector8_bits same = eight == wanted;
            found |= (uint64_t)vector8_mask(&same) << i;
        }
        if (found) return (uint32_t)from + (uint32_t)__builtin_ctzll(found);
    }
    return UINT32_MAX;
}
