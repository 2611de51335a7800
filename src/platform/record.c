/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log comes to the videos it is about: counters, pool scores, heat, the learner's video
 * side.
 */
#include <string.h>

#include "core.h"

void platform_deliver(struct platform *self)
{
    if (!self->wide.side) return;
    exchange_deliver(&self->side);
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        self->shard[s].side = exchange_read(&self->side, s);
        self->shard[s].side_left = 0;
    }
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
    uint32_t header[2] = {row->viewer, row->at};
    if (memcmp(side, header, sizeof(header)) != 0) return NULL;
    shard->side_row += 4 + self->wide.side;
    shard->side_left--;
    return side + 4;
}

#define ACTS_SELDOM (ACT_COMMENT | ACT_SHARE | ACT_FOLLOW | ACT_HIDE | ACT_REPORT)
static void count_acts(struct video_counters *c, const struct impression *r)
{
    uint32_t acts = r->acts;
    c->impressions++;
    c->watch_ms += r->watch_ms;
    c->plays_7s += (acts & ACT_PLAY_7S) != 0;
    c->plays_18s += (acts & ACT_PLAY_18S) != 0;
    c->completions += (acts & ACT_COMPLETE) != 0;
    c->likes += (acts & ACT_LIKE) != 0;
    if (!(acts & ACTS_SELDOM)) return;
    c->comments += (acts & ACT_COMMENT) != 0;
    c->shares += (acts & ACT_SHARE) != 0;
    c->follows += (acts & ACT_FOLLOW) != 0;
    c->hides += (acts & ACT_HIDE) != 0;
    c->reports += (acts & ACT_REPORT) != 0;
}

/* Of each set of acts, organic and paid. */
struct scores {
    float organic[POOL_ACT_SETS], paid[POOL_ACT_SETS];
};

static void make_scores(const struct pools_parameters *pools, struct scores *out)
{
    pools_scores(pools, out->organic);
    for (unsigned set = 0; set < POOL_ACT_SETS; set++)
        out->paid[set] = out->organic[set] * (float)pools->paid_weight;
}

static void score_acts(const struct platform *self, const struct scores *scores,
                       struct video_counters *c, const struct impression *r)
{
    bool paid = r->source == SOURCE_PROMOTED;
    unsigned set = pools_act_set(r->acts);
    float weight = scores->organic[set];
    c->pool_impressions++;
    c->guaranteed -= !paid && c->guaranteed;
    c->pool_score += paid ? scores->paid[set] : weight;
    if (paid) {
        c->paid_impressions++;
        c->pool_paid++;
    }
    if (set && c->heated != self->world->close) {
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

static void learn_row(struct platform *self, uint32_t s, uint32_t row,
                      const struct impression *r)
{
    struct platform_shard *shard = &self->shard[s];
    const int16_t *side = self->wide.side ? side_of(self, shard, r) : NULL;
    struct impression room;
    uint32_t model = self->apart ? common_model(self, truth_name(self, r->viewer)) : 0;
    if (privacy_active(self)) r = privacy_blur(self, truth_name(self, r->viewer), r, &room);
    if (!r || row >= shard->rows) return;
    for (uint32_t m = 0; m < self->learnt; m++) {
        const struct scheme *scheme = &self->scheme[m];
        const struct learner *learner = scheme->learner;
        if (!learner || !learner->video_floats || (self->apart && m != model)) continue;
        if (!learner->side_lanes)
            learner->learn(scheme->learner_parameters, scheme->common,
                           rows_learned(self, m, s, row), r, NULL);
        else if (side)
            learner->learn(scheme->learner_parameters, scheme->common,
                           rows_learned(self, m, s, row), r, side + scheme->side_at);
    }
}

void platform_rows(struct platform *self, uint32_t s, uint32_t thread,
                   const struct impression *rows, size_t n)
{
    struct platform_shard *shard = &self->shard[s];
    struct video_counters *counters = self->world->videos[s].counter;
    bool learns = self->wide.video > 0;
    struct scores scores;
    (void)thread;
    make_scores(self->pools, &scores);
    for (size_t i = 0; i < n; i++) {
        const struct impression *r = &rows[i];
        uint32_t row = entity_row(self->world->shards, r->video);
        struct video_counters *c = &counters[row];
        uint32_t owed = c->guaranteed;
        count_acts(c, r);
        score_acts(self, &scores, c, r);
        if (owed && !c->guaranteed && c->pool == 0) note_guarantee(self, shard, c);
        if (!(c->marks & VIDEO_TOUCHED)) {
            c->marks |= VIDEO_TOUCHED;
            rows_add(shard, &shard->touched, row);
        }
        if (learns && r->acts & ACT_CONSENT) learn_row(self, s, row, r);
    }
}
