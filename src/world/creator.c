/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/creator.h"

#include "base/memory.h"
#include "world/entity.h"

#define CREATOR_ROWS_MAX (UINT64_C(1) << 31)

void creator_shard_free(struct creator_shard *self)
{
    memory_free(self->row);
    *self = (struct creator_shard){0};
}

struct creator *creator_add(struct creator_shard *self)
{
    if (memory_grow(&self->row, &self->capacity, self->count + 1, sizeof *self->row))
        return NULL;
    struct creator *c = &self->row[self->count++];
    *c = (struct creator){.left = TIME_NEVER};
    for (int i = 0; i < 4; i++) c->videos[i] = ENTITY_NONE;
    self->active++;
    return c;
}

static void visit_person(struct creator *rows, size_t n, struct visitor *v)
{
    VISIT_FIELD(v, "creators.name", rows, n, name);
    VISIT_FIELD(v, "creators.joined", rows, n, joined);
    VISIT_FIELD(v, "creators.left", rows, n, left);
    VISIT_FIELD(v, "creators.expertise", rows, n, expertise);
    VISIT_FIELD(v, "creators.skill", rows, n, skill);
    VISIT_FIELD(v, "creators.hours", rows, n, hours);
    VISIT_FIELD(v, "creators.aspiration", rows, n, aspiration);
    VISIT_FIELD(v, "creators.morale", rows, n, morale);
    VISIT_FIELD(v, "creators.elasticity", rows, n, elasticity);
    VISIT_FIELD(v, "creators.drive", rows, n, drive);
    VISIT_FIELD(v, "creators.attention_mean", rows, n, attention_mean);
    VISIT_FIELD(v, "creators.income_mean", rows, n, income_mean);
    VISIT_FIELD(v, "creators.income_slow", rows, n, income_slow);
    VISIT_FIELD(v, "creators.reach_mean", rows, n, reach_mean);
    VISIT_FIELD(v, "creators.followers_base", rows, n, followers_base);
    VISIT_FIELD(v, "creators.cohort", rows, n, cohort);
    VISIT_FIELD(v, "creators.topic", rows, n, topic);
    VISIT_FIELD(v, "creators.strategy", rows, n, strategy);
    VISIT_FIELD(v, "creators.flags", rows, n, flags);
    VISIT_FIELD(v, "creators.strikes", rows, n, strikes);
    VISIT_FIELD(v, "creators.memory", rows, n, memory);
}

static bool all_finite(const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (x[i] - x[i] != 0) return false;
    return true;
}

/* Whatever a file says, a plan can be carried out and the other figures are numbers. */
static bool is_share(float x) { return x >= 0 && x <= 1; }

static bool person_sound(const struct creator *c)
{
    const float figures[] = {c->skill,      c->hours,          c->aspiration,   c->morale,
                             c->elasticity, c->drive,          c->income_mean,  c->income_slow,
                             c->reach_mean, c->attention_mean, c->period.hours, c->last.hours};

    return all_finite(figures, sizeof figures / sizeof *figures) &&
           all_finite(c->expertise, sizeof c->expertise / sizeof *c->expertise) &&
           c->worked - c->worked == 0;
}

static bool plan_sound(const struct creator_plan *plan)
{
    const float amounts[] = {plan->videos_per_week, plan->effort};

    return all_finite(amounts, 2) && plan->videos_per_week >= 0 && plan->effort >= 0 &&
           is_share(plan->commercial) && is_share(plan->exclusive) && is_share(plan->boost);
}

static void visit_plan(struct creator *rows, size_t n, struct visitor *v)
{
    VISIT_FIELD(v, "creators.plan.videos_per_week", rows, n, plan.videos_per_week);
    VISIT_FIELD(v, "creators.plan.effort", rows, n, plan.effort);
    VISIT_FIELD(v, "creators.plan.commercial", rows, n, plan.commercial);
    VISIT_FIELD(v, "creators.plan.exclusive", rows, n, plan.exclusive);
    VISIT_FIELD(v, "creators.plan.boost", rows, n, plan.boost);
    VISIT_FIELD(v, "creators.plan.topic", rows, n, plan.topic);
    for (size_t r = 0; visit_loading(v) && !v->status && r < n; r++)
        if (!plan_sound(&rows[r].plan)) v->status = STATUS_BAD_INPUT;
}

/* One column a member of a period; the name says which of the two it is. */
#define VISIT_PERIOD(v, rows, n, which)                                                        \
    do {                                                                                       \
        VISIT_FIELD(v, "creators." #which ".since", rows, n, which.since);                     \
        VISIT_FIELD(v, "creators." #which ".impressions", rows, n, which.impressions);         \
        VISIT_FIELD(v, "creators." #which ".watch_ms", rows, n, which.watch_ms);               \
        VISIT_FIELD(v, "creators." #which ".likes", rows, n, which.likes);                     \
        VISIT_FIELD(v, "creators." #which ".follows", rows, n, which.follows);                 \
        VISIT_FIELD(v, "creators." #which ".posts", rows, n, which.posts);                     \
        VISIT_MONEY(v, "creators." #which ".income", rows, n, which.income);                   \
        VISIT_MONEY(v, "creators." #which ".spent", rows, n, which.spent);                     \
        VISIT_FIELD(v, "creators." #which ".hours", rows, n, which.hours);                     \
    } while (0)

static void visit_totals(struct creator *rows, size_t n, struct visitor *v)
{
    VISIT_FIELD(v, "creators.impressions", rows, n, impressions);
    VISIT_FIELD(v, "creators.watch_ms", rows, n, watch_ms);
    VISIT_FIELD(v, "creators.followers", rows, n, followers);
    VISIT_FIELD(v, "creators.posts", rows, n, posts);
    VISIT_FIELD(v, "creators.unfollows", rows, n, unfollows);
    VISIT_FIELD(v, "creators.worked", rows, n, worked);
    VISIT_FIELD(v, "creators.next_video", rows, n, next_video);
    VISIT_FIELD(v, "creators.videos", rows, n, videos);
    VISIT_MONEY(v, "creators.balance", rows, n, balance);
    VISIT_MONEY(v, "creators.saved", rows, n, saved);
    VISIT_MONEY(v, "creators.income", rows, n, income);
    VISIT_MONEY(v, "creators.spend", rows, n, spend);
    VISIT_MONEY(v, "creators.produced", rows, n, produced);
    VISIT_FIELD(v, "creators.views_30d", rows, n, views_30d);
    VISIT_FIELD(v, "creators.posted", rows, n, posted);
    VISIT_FIELD(v, "creators.impressions_seen", rows, n, impressions_seen);
    VISIT_MONEY(v, "creators.income_seen", rows, n, income_seen);
}

/* Sizes first; a loading visitor then finds room for the columns. */
static void visit_sizes(struct creator_shard *self, struct visitor *v)
{
    uint64_t count = self->count, active = self->active;

    visit_count(v, "creators.count", &count, CREATOR_ROWS_MAX);
    visit_count(v, "creators.active", &active, count);
    if (v->status || !visit_loading(v)) return;
    v->status = memory_grow(&self->row, &self->capacity, count, sizeof *self->row);
    if (v->status) return;
    self->count = count;
    self->active = active;
}

void creator_shard_visit(struct creator_shard *self, struct visitor *v)
{
    visit_sizes(self, v);
    if (v->status) return;
    visit_person(self->row, self->count, v);
    visit_plan(self->row, self->count, v);
    VISIT_PERIOD(v, self->row, self->count, period);
    VISIT_PERIOD(v, self->row, self->count, last);
    visit_totals(self->row, self->count, v);
    for (size_t r = 0; visit_loading(v) && !v->status && r < self->count; r++)
        if (!person_sound(&self->row[r])) v->status = STATUS_BAD_INPUT;
    VISIT_ARRAY(v, "creators.day", &self->day.posts, sizeof self->day / sizeof(uint64_t));
    book_visit(&self->book, v);
}
