/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What moderation takes down, whom it bars, and how much of what is watched breaks the rules
 * all the same. Which videos do is the truth, which no platform knows.
 */
#include "measure/metric.h"

static const struct column columns[] = {
    {"removed_videos", "videos",
     "videos taken down by moderation, before or after they came out"},
    {"removed_wrongly", "videos", "of those: they broke no rule"},
    {"reinstated_videos", "videos", "videos brought back by an appeal"},
    {"suspended_creators", "1", "creators suspended for strikes, at the end"},
    {"closed_accounts", "1", "creators whose account is closed for strikes, at the end"},
    {"violating_share", "1", "share of the impressions that broke the rules"},
};

struct moderation_state {
    uint64_t violating; /* impressions of the interval in this shard */
    struct moderation_figures
        had; /* when the last interval ended; in the first shard's state */
};

static void rows(void *state, const struct metric_view *view, uint32_t shard,
                 const struct impression *rows, size_t n)
{
    struct moderation_state *self = state;
    const struct video *video = view->world->videos[shard].row;
    uint32_t bits = view->world->shards.bits;
    for (size_t i = 0; i < n; i++)
        self->violating += (video[rows[i].video >> bits].flags & VIDEO_VIOLATING) != 0;
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    struct moderation_state *all = states;
    const struct moderation_figures *now = &view->sums->queues.moderated;
    double shown = (double)view->sums->impressions;
    uint64_t violating = 0;
    for (uint32_t s = 0; s < view->world->shards.count; s++) {
        violating += all[s].violating;
        all[s].violating = 0;
    }
    cells[0] = cell_int((int64_t)(now->removed - all->had.removed));
    cells[1] = cell_int((int64_t)(now->wrong - all->had.wrong));
    cells[2] = cell_int((int64_t)(now->reinstated - all->had.reinstated));
    cells[3] = cell_int((int64_t)now->suspended);
    cells[4] = cell_int((int64_t)now->closed);
    cells[5] = shown > 0 ? cell_float((double)violating / shown) : cell_empty();
    all->had = *now;
}

static void visit(void *states, uint32_t shards, struct visitor *v)
{
    struct moderation_state *all = states;
    VISIT_FIELD(v, "metric.moderation.violating", all, shards, violating);
    VISIT_VALUE(v, "metric.moderation.removed", all->had.removed);
    VISIT_VALUE(v, "metric.moderation.wrong", all->had.wrong);
    VISIT_VALUE(v, "metric.moderation.reinstated", all->had.reinstated);
}

const struct metric metric_moderation = {
    .about = {.name = "moderation",
              .doc = "removals, right and wrong, appeals, barred creators, what gets past",
              .reference = "none",
              .state_size = sizeof(struct moderation_state)},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .rows = rows,
    .sample = sample,
    .visit = visit,
};
