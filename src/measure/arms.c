/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of arms.csv: what the viewers or the creators of each arm of a split run did. A run that
 * is not split has no such table and pays for nothing here.
 */
#include <string.h>

#include "base/memory.h"
#include "parts.h"

/* What one pass over a shard's entities finds of one arm. */
struct standing {
    uint64_t viewers, lost, today;
    uint64_t creators, posts, followers;
    int64_t income[LEDGER_STREAMS_MAX];
};

enum status arms_open(struct measure *self)
{
    if (!self->world->arms.by) return STATUS_OK;
    self->arms = memory_alloc(1, sizeof *self->arms);
    if (!self->arms) return STATUS_NO_MEMORY;
    self->arms->tally = memory_alloc(self->world->shards.count, sizeof *self->arms->tally);
    return self->arms->tally ? STATUS_OK : STATUS_NO_MEMORY;
}

void arms_close(struct measure *self)
{
    if (self->arms) memory_free(self->arms->tally);
    memory_free(self->arms);
}

/* -------------------------------------------------------------------------------- counting */

/* The arm that an impression counts for: its viewer's, or that of the video's creator. */
static enum arm arm_of_row(const struct world *w, uint32_t shard, const struct impression *r)
{
    if (w->arms.by == SCHEMA_SPLIT_VIEWER) return world_viewer_arm(w, r->viewer);
    const struct video *video = &w->videos[shard].row[entity_row(w->shards, r->video)];
    return world_creator_arm(w, world_creator(w, video->creator));
}

void arms_rows(struct measure *self, uint32_t shard, const struct impression *rows, size_t n)
{
    const struct world *w = self->world;
    for (size_t i = 0; i < n; i++) {
        const struct impression *r = &rows[i];
        struct arm_tally *t = &self->arms->tally[shard].arm[arm_of_row(w, shard, r)];
        t->impressions++;
        t->watch_ms += r->watch_ms;
        for (size_t bit = 0; bit < INTERVAL_ACTS; bit++) t->act[bit] += r->acts >> bit & 1;
    }
}

static void count_viewers(const struct measure *self, int32_t day, struct standing *all)
{
    const struct world *w = self->world;
    uint32_t sum[ARMS][3] = {{0}}; /* viewers, lost, today */
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; !w->viewers[s].elsewhere && r < w->viewers[s].count; r++) {
            const struct viewer *v = &w->viewers[s].row[r];
            uint32_t *arm = sum[arms_of(&w->arms, SCHEMA_SPLIT_VIEWER, viewer_name(v))];
            arm[0]++;
            arm[1] += (v->flags & VIEWER_CHURNED) != 0;
            arm[2] += v->last_day == day;
        }
    post_sum(w->post, sum[0], sizeof sum / sizeof sum[0][0]);
    for (int a = 0; a < ARMS; a++) {
        all[a].viewers = sum[a][0];
        all[a].lost = sum[a][1];
        all[a].today = sum[a][2];
    }
}

static void count_creators(const struct measure *self, struct standing *all)
{
    const struct world *w = self->world;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->creators[s].count; r++) {
            const struct creator *c = &w->creators[s].row[r];
            struct standing *arm = &all[world_creator_arm(w, c)];
            arm->creators += c->left == TIME_NEVER;
            arm->posts += c->posts;
            arm->followers += c->followers;
            for (size_t i = 0; i < LEDGER_STREAMS_MAX; i++) arm->income[i] += c->income[i];
        }
}

static void count(const struct measure *self, int32_t day, struct standing *all)
{
    memset(all, 0, ARMS * sizeof *all);
    if (self->world->arms.by == SCHEMA_SPLIT_VIEWER)
        count_viewers(self, day, all);
    else
        count_creators(self, all);
}

static void remember(struct arms_seen *seen, const struct standing *all)
{
    for (int a = 0; a < ARMS; a++) {
        seen->posts[a] = all[a].posts;
        memcpy(seen->income[a], all[a].income, sizeof seen->income[a]);
    }
}

void arms_begin(struct measure *self)
{
    struct standing all[ARMS];
    count(self, -1, all);
    remember(self->arms, all);
}

void arms_day(struct measure *self, int32_t day)
{
    struct standing all[ARMS];
    if (self->world->arms.by != SCHEMA_SPLIT_VIEWER) return;
    count(self, day, all);
    for (int a = 0; a < ARMS; a++) self->arms->dau[a] += all[a].today;
    self->arms->days++;
}

/* -------------------------------------------------------------------------------- the rows */

static struct arm_tally fold(const struct measure *self, int arm)
{
    struct arm_tally sum = {0};
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        struct arm_tally *t = &self->arms->tally[s].arm[arm];
        sum.impressions += t->impressions;
        sum.watch_ms += t->watch_ms;
        for (size_t bit = 0; bit < INTERVAL_ACTS; bit++) sum.act[bit] += t->act[bit];
        *t = (struct arm_tally){0};
    }
    return sum;
}

static struct cell only(bool here, uint64_t n)
{
    return here ? cell_int((int64_t)n) : cell_empty();
}

static size_t put_acts(const struct arm_tally *t, struct cell *cells)
{
    static const enum act acts[] = {ACT_COMPLETE, ACT_LIKE, ACT_COMMENT, ACT_SHARE,
                                    ACT_FOLLOW,   ACT_HIDE, ACT_AD};
    size_t n = 0;
    cells[n++] = cell_int((int64_t)t->impressions);
    cells[n++] = cell_float(measure_hours(t->watch_ms));
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
        cells[n++] = cell_int((int64_t)t->act[__builtin_ctz((unsigned)acts[i])]);
    return n;
}

static enum status emit_one(struct measure *self, int arm, const struct standing *now,
                            const int64_t *spent)
{
    const struct arms_seen *seen = self->arms;
    bool viewers = self->world->arms.by == SCHEMA_SPLIT_VIEWER;
    const struct arm_tally tally = fold(self, arm);
    struct cell cells[MEASURE_COLUMNS_MAX];
    int64_t income = 0;
    size_t n = 0;
    for (size_t i = 0; i < self->services.stream_count; i++)
        income += now->income[i] - seen->income[arm][i];
    cells[n++] = cell_float((double)self->from / (double)TIME_DAY);
    cells[n++] = cell_text(arm == ARM_B ? "b" : "a");
    cells[n++] = only(viewers, now->viewers);
    cells[n++] = !viewers     ? cell_empty()
                 : seen->days ? cell_float((double)seen->dau[arm] / (double)seen->days)
                              : cell_int((int64_t)now->today);
    cells[n++] = only(viewers, now->lost);
    cells[n++] = only(!viewers, now->creators);
    cells[n++] = only(!viewers, now->posts - seen->posts[arm]);
    cells[n++] = only(!viewers, now->followers);
    n += put_acts(&tally, cells + n);
    cells[n++] = viewers ? cell_empty() : cell_money(income);
    for (size_t i = 0; i < self->services.stream_count; i++)
        cells[n++] = viewers ? cell_money(spent[i]) : cell_empty();
    for (size_t i = 0; i < self->services.stream_count; i++)
        cells[n++] = viewers ? cell_empty() : cell_money(now->income[i] - seen->income[arm][i]);
    require(n == self->arms_count);
    return measure_emit(self, TABLE_ARMS, cells, n);
}

enum status arms_emit(struct measure *self)
{
    struct standing now[ARMS];
    int64_t spent[ARMS][LEDGER_STREAMS_MAX] = {{0}};
    enum status status = STATUS_OK;
    count(self, (int32_t)((self->world->close - 1) / TIME_DAY), now);
    if (self->services.spent) self->services.spent(self->services.revenue, spent);
    for (int a = 0; a < ARMS && !status; a++) status = emit_one(self, a, &now[a], spent[a]);
    remember(self->arms, now);
    memset(self->arms->dau, 0, sizeof self->arms->dau);
    self->arms->days = 0;
    return status;
}

void arms_visit(struct measure *self, struct visitor *v)
{
    struct arms_seen *seen = self->arms;
    uint32_t shards = self->world->shards.count;
    for (int a = 0; a < ARMS; a++) {
        VISIT_FIELD(v, "measure.arm_impressions", seen->tally, shards, arm[a].impressions);
        VISIT_FIELD(v, "measure.arm_watch_ms", seen->tally, shards, arm[a].watch_ms);
        VISIT_FIELD(v, "measure.arm_acts", seen->tally, shards, arm[a].act);
        VISIT_ARRAY(v, "measure.arm_income", seen->income[a], LEDGER_STREAMS_MAX);
    }
    VISIT_ARRAY(v, "measure.arm_posts", seen->posts, ARMS);
    VISIT_ARRAY(v, "measure.arm_dau", seen->dau, ARMS);
    VISIT_VALUE(v, "measure.arm_days", seen->days);
}
