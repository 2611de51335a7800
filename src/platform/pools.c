/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Traffic pools: a ladder of audiences. A video that has had its pool's impressions is judged
 * by its score an impression against the last videos that finished the same pool; the best
 * share goes on. What a pool gives: guaranteed impressions, and from the second on a place
 * among the trending. (A model from creators' lore, not any platform's published rule: FACTS
 * section 9.)
 */
#include <math.h>

#include "core.h"

#define AUDIENCE_SHARE                                                                         \
    0.2 /* a pool above this share of all viewers is merged with the one below */

uint32_t platform_tiers(const struct parameters *parameters, uint64_t viewers)
{
    const struct pools_parameters *p = parameters_block(parameters, "platform.pools");
    uint32_t n = 1;
    while (n < (uint32_t)p->tiers.count && n < TIERS_MAX &&
           p->tiers.value[n] <= AUDIENCE_SHARE * (double)viewers &&
           p->tiers.value[n] > p->tiers.value[n - 1])
        n++;
    return n;
}

/* A set's score is that of the set without its last act, and that act's weight. */
void pools_scores(const struct pools_parameters *pools, float score[POOL_ACT_SETS])
{
    score[0] = 0;
    for (unsigned last = 0; 1u << last < POOL_ACT_SETS; last++) {
        float weight = (int32_t)last < pools->weights.count ? (float)pools->weights.value[last]
                                                            : 0.0f;
        for (unsigned set = 0; set < 1u << last; set++)
            score[set | 1u << last] = score[set] + weight;
    }
}

double pools_size(const struct platform *self, const struct video_counters *c)
{
    double size = self->pools->tiers.value[c->pool < self->tiers ? c->pool : self->tiers - 1];
    double graded = size * grades_factor(self, c);
    if (c->pool > 0) return size;
    return graded < 1 ? 1 : graded;
}

double pools_guarantee(const struct platform *self, const struct video_counters *c)
{
    double size = pools_size(self, c);
    return c->pool == 0 ? size : size * self->pools->guarantee;
}

void pools_enter(const struct platform *self, struct video_counters *c, sim_time at)
{
    c->pooled = at;
    c->pool_impressions = c->pool_paid = 0;
    c->pool_score = 0;
    c->guaranteed = (uint32_t)pools_guarantee(self, c);
}

void pools_owe(struct platform *self, uint32_t shard, uint32_t row)
{
    struct video_counters *c = &self->world->videos[shard].counter[row];
    /* Most of those who are owed a place are subscribers of nobody. */
    if (self->world->videos[shard].row[row].flags & VIDEO_EXCLUSIVE) c->guaranteed = 0;
    if (c->guaranteed == 0 || c->marks & VIDEO_OWING) return;
    c->marks |= VIDEO_OWING;
    rows_add(&self->shard[shard], &self->shard[shard].owing, row);
}

static double effective(const struct platform *self, const struct video_counters *c)
{
    return (double)c->pool_impressions -
           (1.0 - self->pools->paid_weight) * (double)c->pool_paid;
}

bool pools_finished(const struct platform *self, const struct video_counters *c)
{
    return c->state == VIDEO_ACTIVE && !(c->marks & (VIDEO_POOLS_DONE | VIDEO_HELD)) &&
           c->pool < self->tiers && effective(self, c) >= pools_size(self, c);
}

/* Is the score among the best `share` of those remembered, itself included? Ties count half. */
static bool among_best(const struct pool_memory *pool, float score, double share)
{
    uint64_t n = pool->finished < POOL_MEMORY ? pool->finished : POOL_MEMORY;
    double above = 0;
    for (uint64_t i = 0; i < n; i++)
        above += pool->score[i] > score ? 1.0 : pool->score[i] == score ? 0.5 : 0.0;
    return above - 0.5 < share * (double)n; /* 0.5: itself */
}

/* Share of a pool's videos that go on. */
static double pass_share(const struct platform *self, uint32_t pool)
{
    const struct float_list *pass = &self->pools->pass;
    uint32_t last = (uint32_t)pass->count - 1;
    return pass->count ? pass->value[pool < last ? pool : last] : 0.0;
}

double pools_bar(const struct platform *self, uint32_t pool)
{
    if (pool >= self->tiers) return 0;
    const struct pool_memory *memory = &self->pool[pool];
    double share = pass_share(self, pool), bar = INFINITY;
    uint64_t n = memory->finished < POOL_MEMORY ? memory->finished : POOL_MEMORY;
    for (uint64_t i = 0; i < n; i++)
        if ((double)memory->score[i] < bar && among_best(memory, memory->score[i], share))
            bar = (double)memory->score[i];
    return n ? bar : 0;
}

void pools_judge(struct platform *self, uint32_t shard, uint32_t row)
{
    struct video_counters *c = &self->world->videos[shard].counter[row];
    struct pool_memory *pool = &self->pool[c->pool];
    double share = pass_share(self, c->pool);
    float score = c->pool_score / (float)effective(self, c);
    pool->score[pool->finished++ % POOL_MEMORY] = score;
    const struct pool_verdict verdict = {shard, row, score, among_best(pool, score, share)};
    const struct video_sink *sink = &self->services.sink;
    if (sink->judged) sink->judged(sink->self, &verdict);
    c->guaranteed = 0;
    if (!verdict.passed) {
        c->marks |= VIDEO_POOLS_DONE;
        return;
    }
    pool->passed++;
    if (moderation_passes(self, shard, row)) pools_promote(self, shard, row);
}

void pools_promote(struct platform *self, uint32_t shard, uint32_t row)
{
    struct video_counters *c = &self->world->videos[shard].counter[row];
    if (++c->pool == self->tiers) {
        c->marks |= VIDEO_POOLS_DONE;
        return;
    }
    pools_enter(self, c, self->world->close);
    pools_owe(self, shard, row);
}
