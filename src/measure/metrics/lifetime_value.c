/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a viewer is worth: gross revenue a day, and over the whole of the time that it stays if
 * the interval's revenue and churn go on as they are,
 *     LTV = m (1 + i) / (1 + i - r)
 * with m = gross revenue a day and viewer who has not given up, r = 1 - churn a day, i =
 * discount rate a day (Gupta & Lehmann 2003, J. Interactive Marketing 17(1), at 10 % a year).
 */
#include "measure/metric.h"

#define DISCOUNT (0.10 / 365) /* a day; their range is 8 to 16 % a year */

static const struct column columns[] = {
    {"arpdau", "currency", "gross revenue a viewer-day with a session"},
    {"ltv", "currency", "lifetime value of a viewer at the interval's revenue and churn"},
};

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    const struct interval *sums = view->sums;
    double gross = (double)interval_gross(sums) / (double)MICRO;
    double churned = (double)sums->viewers.churned, viewer_days = sums->dau * sums->days;
    double here = (double)sums->viewers_ever - (double)sums->viewers_lost + churned;
    (void)states;
    cells[0] = viewer_days > 0 ? cell_float(gross / viewer_days) : cell_empty();
    cells[1] = cell_empty();
    if (!(here > 0) || !(sums->days > 0)) return;
    double margin = gross / (here * sums->days), churn = churned / (here * sums->days);
    cells[1] = cell_float(margin * (1 + DISCOUNT) / (DISCOUNT + churn));
}

const struct metric metric_lifetime_value = {
    .about = {.name = "lifetime_value",
              .doc = "revenue a viewer-day and lifetime value of a viewer",
              .reference = "Gupta & Lehmann 2003"},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .sample = sample,
};
