/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log comes to the videos it is about: counters, pool scores, heat, the learner's video
 * side.
 */
#include <string.h>

#include "core.h"

enum status platform_deliver(struct platform *self)
{
    if (!self->learner || !self->learner->side_lanes) return STATUS_OK;
    enum status status = exchange_deliver(&self->side);
    if (status) return status;
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        self->shard[s].side = exchange_read(&self->side, s);
        self->shard[s].side_left = 0;
    }
    return STATUS_OK;
}

/* Side records come in the order of their rows; one that is not this row's waits for its own.
 */
static const int16_t *side_of(const struct platform *self, struct platform_shard *shard,
                              const struct impression *row)
{
    const int16_t *side;
    if (shard->side_left == 0) {
        if (!shard->side.exchange) return NULL; /* nothing has been delivered yet */
        shard->side_row = exchange_next(&shard->side, &shard->side_left);
        if (!shard->side_row) {
            shard->side_left = 0;
            return NULL;
        }
    }
    side = shard->side_row;
    if (memcmp(side, &row->viewer, sizeof(row->viewer)) != 0 ||
        memcmp(side + 2, &row->at, sizeof(row->at)) != 0)
        return NULL;
    shard->side_row += 4 + self->learner->side_lanes;
    shard->side_left--;
    return side + 4;
}

static void count_acts(struct video_counters *c, const struct impression *r)
{
    uint32_t acts = r->acts;
    c->impressions++;
    c->watch_ms += r->watch_ms;
    c->plays_7s += (acts & ACT_PLAY_7S) != 0;
    c->plays_18s += (acts & ACT_PLAY_18S) != 0;
    c->completions += (acts & ACT_COMPLETE) != 0;
    c->likes += (acts & ACT_LIKE) != 0;
    c->comments += (acts & ACT_COMMENT) != 0;
    c->shares += (acts & ACT_SHARE) != 0;
    c->follows += (acts & ACT_FOLLOW) != 0;
    c->hides += (acts & ACT_HIDE) != 0;
    c->reports += (acts & ACT_REPORT) != 0;
}

static void score_acts(const struct platform *self, struct video_counters *c,
                       const struct impression *r)
{
    bool paid = r->source == SOURCE_PROMOTED;
    c->pool_impressions++;
    c->paid_impressions += paid;
    c->pool_paid += paid;
    if (!paid && c->guaranteed) c->guaranteed--;
    if (!(r->acts & (ACT_COMPLETE | ACT_LIKE | ACT_COMMENT | ACT_SHARE | ACT_FOLLOW))) return;
    float weight = pools_weight(self->pools, r->acts);
    c->pool_score += paid ? weight * (float)self->pools->paid_weight : weight;
    if (c->heated != self->world->close) {
        c->heat = refresh_heat(self, c, self->world->close);
        c->heated = self->world->close;
    }
    c->heat += weight;
}

/* The end of the first pool's guarantee: how long it took is what queues cost. */
static void note_guarantee(const struct platform *self, struct platform_shard *shard,
                           const struct video_counters *c)
{
    shard->guarantees_done++;
    shard->guarantee_hours += (double)(self->world->close - c->pooled) / (double)TIME_HOUR;
}

void platform_rows(struct platform *self, uint32_t s, uint32_t thread,
                   const struct impression *rows, size_t n)
{
    struct platform_shard *shard = &self->shard[s];
    struct video_counters *counters = self->world->videos[s].counter;
    const struct learner *learner = self->learner;
    (void)thread;
    for (size_t i = 0; i < n; i++) {
        const struct impression *r = &rows[i];
        uint32_t row = entity_row(self->world->shards, r->video);
        struct video_counters *c = &counters[row];
        uint32_t owed = c->guaranteed;
        if (i + 8 < n)
            __builtin_prefetch(&counters[entity_row(self->world->shards, r[8].video)], 1);
        count_acts(c, r);
        score_acts(self, c, r);
        if (owed && !c->guaranteed && c->pool == 0) note_guarantee(self, shard, c);
        if (!(c->marks & VIDEO_TOUCHED)) {
            c->marks |= VIDEO_TOUCHED;
            rows_add(shard, &shard->touched, row);
        }
        if (!learner || !learner->video_floats || !(r->acts & ACT_CONSENT)) continue;
        const int16_t *side = learner->side_lanes ? side_of(self, shard, r) : NULL;
        if ((side || !learner->side_lanes) && row < shard->rows)
            learner->learn(self->learner_parameters, rows_learned(self, s, row), r, side);
    }
}
