/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * D1, D7, D30: of those who joined exactly so many days before the interval's days, the share
 * that came back on that day. The same figures as retention.csv, cohort by cohort in time.
 */
#include "measure/metric.h"

static const struct column columns[] = {
    {"retention_d1", "1", "share of newcomers with a session one day after they joined"},
    {"retention_d7", "1", "share of newcomers with a session seven days after they joined"},
    {"retention_d30", "1", "share of newcomers with a session thirty days after they joined"},
};

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    static const int32_t ages[] = {1, 7, 30};
    const struct retention *r = &view->retention;
    int32_t from = (int32_t)((view->from + TIME_DAY - 1) / TIME_DAY), to = r->days;
    (void)states;
    for (size_t a = 0; a < sizeof ages / sizeof ages[0]; a++) {
        uint64_t joined = 0, returned = 0;
        for (int32_t day = from; day < to; day++) {
            if (day < ages[a]) continue;
            joined += retention_joined(r, day - ages[a]);
            returned += retention_returned(r, day - ages[a], ages[a]);
        }
        cells[a] = joined ? cell_float((double)returned / (double)joined) : cell_empty();
    }
}

const struct metric metric_retention = {
    .about = {.name = "retention",
              .doc = "D1, D7 and D30 retention of newcomers",
              .reference = "Fader & Hardie 2007"},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .sample = sample,
};
