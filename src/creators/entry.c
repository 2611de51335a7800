/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Entry: people start to publish when those like them do well. Each cohort is an arrival
 * process of its own: its rate looks at its own members who posted lately, so cohorts that
 * never publish draw nobody in, here or elsewhere.
 */
#include <stdio.h>

#include "parts.h"

#define LATELY (28 * TIME_DAY)
#define UNIT 1e6 /* of contentment, so that the sum is exact in any order */

struct market {
    uint64_t posting;
    uint64_t content;
};

static void look_around(const struct creators *self, struct market *market)
{
    const struct world *w = self->world;

    for (uint32_t s = 0; s < w->shards.count; s++) {
        for (size_t r = 0; r < w->creators[s].count; r++) {
            const struct creator *c = &w->creators[s].row[r];
            if (c->left != TIME_NEVER || !c->posts || w->close - c->posted > LATELY) continue;
            market[c->cohort].posting++;
            market[c->cohort].content += (uint64_t)(UNIT * life_content(self, c) + 0.5);
        }
    }
}

static enum status enter(struct creators *self, int32_t cohort, uint64_t n)
{
    struct world *w = self->world;
    char origin[SCHEMA_TEXT_SIZE + 8];
    enum status status = STATUS_OK;

    snprintf(origin, sizeof origin, "entry/%s", self->cohort[cohort].name);
    for (uint64_t i = 0; i < n && !status; i++) {
        uint64_t name = name_of(origin, ++self->entrants[cohort]);
        uint32_t shard = entity_home(w->shards, name);
        if (!birth_add(self, cohort, name, w->close)) return STATUS_NO_MEMORY;
        w->creators[shard].day.joined++;
        status = birth_grow_up(self, shard, (uint32_t)w->creators[shard].count - 1, true);
    }
    return status;
}

/* Arrivals a day: a share of those who post, times how content they are, to a power. */
static double daily_mean(const struct creators *self, const struct market *market)
{
    if (!market->posting) return 0;
    double content = (double)market->content / UNIT / (double)market->posting;
    double pull = maths_pow(content + 1e-3, self->life->entry_elasticity);
    double mean = self->life->entry_rate / 30 * (double)market->posting * pull;
    return mean < 1e6 ? mean : 1e6;
}

enum status entry_close(struct creators *self)
{
    const struct world *w = self->world;
    struct market market[COHORTS_MOST] = {{0, 0}};
    enum status status = STATUS_OK;

    if (w->close / TIME_DAY == w->now / TIME_DAY) return STATUS_OK;
    look_around(self, market);
    for (int32_t k = 0; k < self->cohort_count && !status; k++) {
        uint64_t process = name_of(self->cohort[k].name, UINT64_MAX);
        struct stream draw = stream_open(self->entry, process, (uint32_t)(w->now / TIME_DAY));
        status = enter(self, k, stream_poisson(&draw, daily_mean(self, &market[k])));
    }
    return status;
}
