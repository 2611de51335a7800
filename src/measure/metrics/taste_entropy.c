/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How widely true taste spreads over topics: of all panel viewers together, and of each by
 * itself. Held against topic_entropy it says whether the feed narrows what people want.
 */
#include <math.h>

#include "base/maths.h"
#include "measure/entropy.h"
#include "measure/metric.h"
#include "measure/tastes.h"

static const struct column columns[] = {
    {"taste_entropy", "1", "entropy of the panel's summed taste over topics, divided by ln K"},
    {"viewer_taste_entropy", "1",
     "mean entropy of a panel viewer's taste over topics, divided by ln K"},
};

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    const size_t topics = (size_t)view->world->topics.count;
    double all[TOPICS_MAX] = {0}, own[TOPICS_MAX], sum = 0;
    double most = topics > 1 ? maths_log((double)topics) : 1;
    size_t n = 0;
    (void)states;
    for (size_t p = 0; p < view->panel.count; p++) {
        tastes_by_topic(view->world, &view->panel.taste[p], own);
        double entropy = entropy_of(own, topics);
        if (isnan(entropy)) continue;
        sum += entropy;
        n++;
        for (size_t k = 0; k < topics; k++) all[k] += own[k];
    }
    cells[0] = cell_float(entropy_of(all, topics) / most);
    cells[1] = n ? cell_float(sum / (double)n / most) : cell_empty();
}

const struct metric metric_taste_entropy = {
    .about = {.name = "taste_entropy",
              .doc = "entropy of true taste over topics",
              .reference = "Shannon 1948"},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .sample = sample,
};
