/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a run will take, from four short runs of the same scenario made small. Three are on one
 * shard: some viewers with creators in proportion, twice the viewers, twice the creators. What
 * the second and third need more than the first is the memory of a viewer and of a video, at
 * the density of a large world. The fourth is on all shards, as large as the scenario up to
 * 20,000 viewers, for a day (a small world as long as the others): what it needs beside its
 * viewers and videos is what shards need between each other, which hardly grows from there, and
 * what it takes beside its impressions is what every window takes, however few are in it: of a
 * small world the larger part. Each runs in a process of its own, on one thread, without huge
 * pages, which would hide differences of this size.
 */
#ifndef EXPERIMENT_FORECAST_H
#define EXPERIMENT_FORECAST_H

#include "sim/model.h"

struct forecast {
    uint64_t small_viewers; /* of the first short run */
    double days;            /* that the short runs lasted */
    double viewer_bytes, video_bytes, fixed_bytes, total_bytes;
    double viewers, videos;        /* at the end of the whole run; videos = active ones */
    double wire_bytes;             /* an impression: log, payments, shares, follows */
    double impressions_viewer_day; /* a viewer at the start and day */
    double impressions;            /* of the whole run */
    /* Of one core. */
    double ns_impression; /* with tables that fit its cache */
    double day_s;         /* a day beside its impressions: shards, what passes between them */
    double populate_s;    /* a viewer at the start, before the first window */
};

/* STATUS_FAULT when a short run fails, with its reason. */
enum status forecast_make(struct forecast *self, const struct model *model,
                          struct errors *errors) MUST_CHECK;
/* Seconds of one core that a run with so many viewers at the start and so many days takes. */
double forecast_seconds(const struct forecast *self, double viewers, double days);

#endif
