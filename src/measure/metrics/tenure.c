/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Time and attention by tenure: what newcomers of the run watch in a day on which they come,
 * and what share of it attentively (seven seconds or in full), in their first week, in the
 * three weeks after it, and later. Zannettou et al. 2024 find that time grows with tenure while
 * attention stays.
 */
#include "base/memory.h"
#include "measure/metric.h"

#define TERMS 3

static const struct column columns[] = {
    {"minutes_tenure_week_1", "min",
     "watched by an active newcomer within its first 7 days; for intervals of a day"},
    {"minutes_tenure_weeks_2_4", "min", "the same, from its 8th to its 28th day"},
    {"minutes_tenure_later", "min", "the same, from its 29th day on"},
    {"attention_tenure_week_1", "1",
     "share of impressions watched for 7 s or in full, of newcomers within their first 7 days"},
    {"attention_tenure_weeks_2_4", "1", "the same, from their 8th to their 28th day"},
    {"attention_tenure_later", "1", "the same, from their 29th day on"},
};

struct terms {
    uint64_t watch_ms[TERMS], impressions[TERMS], attentive[TERMS];
};

static int term_of(const struct viewer *viewer, int32_t day)
{
    int32_t age = day - viewer->joined_day;
    return age < 7 ? 0 : age < 28 ? 1 : 2;
}

static void rows(void *state, const struct metric_view *view, uint32_t shard,
                 const struct impression *impressions, size_t n)
{
    struct terms *t = state;
    const struct world *w = view->world;
    int32_t day = (int32_t)(w->now / TIME_DAY);
    (void)shard;
    for (size_t i = 0; i < n; i++) {
        const struct impression *r = &impressions[i];
        const struct viewer *viewer = world_viewer(w, r->viewer);
        if (i + 8 < n) __builtin_prefetch(world_viewer(w, r[8].viewer));
        if (!(viewer->flags & VIEWER_NEWCOMER)) continue;
        int term = term_of(viewer, day);
        t->watch_ms[term] += r->watch_ms;
        t->impressions[term]++;
        t->attentive[term] += (r->acts & ACT_PLAY_7S) != 0;
    }
}

static void count_active(const struct world *w, uint64_t *active)
{
    int32_t day = (int32_t)(w->now / TIME_DAY);
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->viewers[s].count; r++) {
            const struct viewer *viewer = &w->viewers[s].row[r];
            if ((viewer->flags & VIEWER_NEWCOMER) && viewer->last_day == day)
                active[term_of(viewer, day)]++;
        }
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    struct terms *all = states, sum = {{0}, {0}, {0}};
    uint64_t active[TERMS] = {0};
    for (uint32_t s = 0; s < view->world->shards.count; s++) {
        for (int k = 0; k < TERMS; k++) {
            sum.watch_ms[k] += all[s].watch_ms[k];
            sum.impressions[k] += all[s].impressions[k];
            sum.attentive[k] += all[s].attentive[k];
        }
        all[s] = (struct terms){{0}, {0}, {0}};
    }
    count_active(view->world, active);
    for (int k = 0; k < TERMS; k++) {
        double minutes = (double)sum.watch_ms[k] / (double)TIME_MINUTE;
        cells[k] = active[k] ? cell_float(minutes / (double)active[k]) : cell_empty();
        cells[TERMS + k] = sum.impressions[k] ? cell_float((double)sum.attentive[k] /
                                                           (double)sum.impressions[k])
                                              : cell_empty();
    }
}

static void visit(void *states, uint32_t shards, struct visitor *v)
{
    struct terms *all = states;
    VISIT_ARRAY(v, "metric.tenure", all[0].watch_ms, (size_t)shards * 3 * TERMS);
}

const struct metric metric_tenure = {
    .about = {.name = "tenure",
              .doc = "newcomers' time a day and attention by tenure",
              .reference = "Zannettou et al. 2024, CHI; arXiv 2301.04945",
              .state_size = sizeof(struct terms)},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .rows = rows,
    .sample = sample,
    .visit = visit,
};
