/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much of their day those who are there spend, and how often they come.
 */
#include "measure/metric.h"

static const struct column columns[] = {
    {"sessions_per_dau", "1/d", "sessions a viewer-day with a session"},
    {"impressions_per_session", "1", "impressions a session"},
    {"minutes_per_dau", "min/d", "time watched a viewer-day with a session"},
    {"dau_mau", "1", "dau over mau, the stickiness; empty before day 30"},
    {"churn_rate", "1/d", "viewers who gave up a day, of those who had not"},
};

static struct cell ratio(double above, double below)
{
    return below > 0 ? cell_float(above / below) : cell_empty();
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    const struct interval *sums = view->sums;
    double sessions = (double)sums->viewers.sessions, viewer_days = sums->dau * sums->days;
    double churned = (double)sums->viewers.churned;
    double here = (double)sums->viewers_ever - (double)sums->viewers_lost + churned;
    bool month = (view->to - 1) / TIME_DAY >= 30;
    (void)states;
    cells[0] = ratio(sessions, viewer_days);
    cells[1] = ratio((double)sums->impressions, sessions);
    cells[2] = ratio((double)sums->watch_ms / (double)TIME_MINUTE, viewer_days);
    cells[3] = month ? ratio(sums->dau, (double)sums->mau) : cell_empty();
    cells[4] = ratio(churned, here * sums->days);
}

const struct metric metric_activity = {
    .about = {.name = "activity",
              .doc = "sessions and minutes a viewer-day, stickiness, churn",
              .reference = "none"},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .sample = sample,
};
