/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What viewers do with what they are shown: acts an impression, the watch funnel.
 */
#include "measure/metric.h"

static const struct column columns[] = {
    {"mean_watch_s", "s", "mean time watched an impression"},
    {"play_7s_rate", "1", "plays_7s an impression"},
    {"completion_rate", "1", "completions an impression"},
    {"like_rate", "1", "likes an impression"},
    {"comment_rate", "1", "comments an impression"},
    {"share_rate", "1", "shares an impression"},
    {"follow_rate", "1", "follows an impression"},
    {"hide_rate", "1", "hides an impression"},
};

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    static const enum act acts[] = {ACT_PLAY_7S, ACT_COMPLETE, ACT_LIKE, ACT_COMMENT,
                                    ACT_SHARE,   ACT_FOLLOW,   ACT_HIDE};
    const struct interval *sums = view->sums;
    double shown = (double)sums->impressions;
    (void)states;
    cells[0] = shown > 0 ? cell_float((double)sums->watch_ms / 1000 / shown) : cell_empty();
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
        cells[i + 1] = shown > 0 ? cell_float((double)interval_acts(sums, acts[i]) / shown)
                                 : cell_empty();
}

const struct metric metric_act_rates = {
    .about = {.name = "act_rates",
              .doc = "watch time and acts an impression",
              .reference = "Covington, Adams & Sargin 2016"},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .sample = sample,
};
