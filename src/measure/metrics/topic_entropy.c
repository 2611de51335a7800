/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How widely the interval's impressions spread over topics: Shannon entropy, as a share of what
 * it is when all K topics are alike.
 */
#include "base/maths.h"
#include "measure/entropy.h"
#include "measure/metric.h"

static const struct column columns[] = {
    {"topic_entropy", "1",
     "entropy of the interval's impressions over topics, divided by ln K"},
};

struct counts {
    uint64_t topic[TOPICS_MAX];
};

static void rows(void *state, const struct metric_view *view, uint32_t shard,
                 const struct impression *impressions, size_t n)
{
    struct counts *counts = state;
    const struct video *videos = view->world->videos[shard].row;
    for (size_t i = 0; i < n; i++)
        counts->topic[videos[entity_row(view->world->shards, impressions[i].video)].topic]++;
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    const int32_t topics = view->world->topics.count;
    struct counts *all = states;
    double shown[TOPICS_MAX] = {0};
    for (uint32_t s = 0; s < view->world->shards.count; s++) {
        for (int k = 0; k < TOPICS_MAX; k++) shown[k] += (double)all[s].topic[k];
        all[s] = (struct counts){{0}};
    }
    double most = topics > 1 ? maths_log((double)topics) : 1;
    cells[0] = cell_float(entropy_of(shown, (size_t)topics) / most);
}

static void visit(void *states, uint32_t shards, struct visitor *v)
{
    struct counts *all = states;
    VISIT_ARRAY(v, "metric.topic_entropy", all[0].topic, (size_t)shards * TOPICS_MAX);
}

const struct metric metric_topic_entropy = {
    .about = {.name = "topic_entropy",
              .doc = "entropy of exposure over topics",
              .reference = "Shannon 1948",
              .state_size = sizeof(struct counts)},
    .columns = columns,
    .column_count = 1,
    .rows = rows,
    .sample = sample,
    .visit = visit,
};
