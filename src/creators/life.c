/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happens to creators: the next video, the review of the strategy, morale and leaving.
 */
#include "world/event_kinds.h"
#include "parts.h"

static struct creator *creator_at(const struct creators *self, const struct scope *scope)
{
    const struct world *w = self->world;
    return &w->creators[scope->shard].row[entity_row(w->shards, scope->entity)];
}

void creators_on_publish(struct creators *self, struct scope *scope, const struct event *event)
{
    (void)event;
    struct creator *c = creator_at(self, scope);
    if (c->left != TIME_NEVER) return;
    production_make(self, scope->shard, entity_row(self->world->shards, scope->entity),
                    self->world->close);
    c = creator_at(self, scope);
    sim_time gap = production_gap(self, c);
    if (gap != TIME_NEVER)
        scope_send(scope, scope->entity, scope->now + gap, EVENT_PUBLISH, 0);
}

static float bound(float x, float low, float high) { return x < low ? low : x > high ? high : x; }

/* Feedback as the creator sees it: counts and money times lognormal noise. */
static struct creator_period seen_period(const struct creators *self, const struct creator *c,
                                         struct stream *draw)
{
    struct creator_period seen = c->period;
    double sigma = *self->transparency;
    double noise = maths_exp(sigma * stream_normal(draw) - 0.5 * sigma * sigma);
    seen.impressions = (uint64_t)((double)seen.impressions * noise);
    seen.watch_ms = (uint64_t)((double)seen.watch_ms * noise);
    seen.likes = (uint32_t)((double)seen.likes * noise);
    return seen;
}

/* Output follows attention for those who care, within the week's hours. */
static void respond(struct creator *c)
{
    double before = (double)c->last.impressions + 10, now = (double)c->period.impressions + 10;
    double change = maths_pow(now / before, (double)c->elasticity);
    change = change < 0.7 ? 0.7 : change > 1.4 ? 1.4 : change;
    c->plan.videos_per_week = bound(c->plan.videos_per_week * (float)change, 0.1f, 40);
    c->plan.effort = bound(c->hours / c->plan.videos_per_week, 0.25f, 40);
}

static void spend_on_reach(struct creators *self, const struct scope *scope, struct creator *c)
{
    int64_t budget = (int64_t)((double)c->period.income * (double)c->plan.boost);
    if (budget > c->balance) budget = c->balance;
    if (budget <= 0 || !self->services.promotion.promote) return;
    c->period.spent += self->services.promotion.promote(
        self->services.promotion.self, scope->shard,
        entity_row(self->world->shards, scope->entity), budget);
}

static void use_strategy(struct creators *self, struct creator *c, struct stream *draw)
{
    float closeness[TOPICS_MAX];
    const struct topics *topics = &self->world->topics;
    struct creator_period seen = seen_period(self, c, draw);
    for (int32_t k = 0; k < topics->count; k++)
        closeness[k] = vector_dot(c->expertise, topics->topic[k].vector);
    const struct strategy_view view = {
        .creator = c, .period = &seen, .topics = topics, .closeness = closeness,
        .hours_worked = c->period.hours > 0.1f ? (double)c->period.hours : 0.1,
        .attention_value = self->life->attention_value};
    self->strategy[c->cohort]->review(self->strategy_parameters[c->cohort], &view, c->memory, draw,
                                      &c->plan);
    c->plan.commercial = bound(c->plan.commercial, 0, 1);
    c->plan.exclusive = bound(c->plan.exclusive, 0, 1);
    c->plan.boost = bound(c->plan.boost, 0, 1);
    if (c->plan.topic >= topics->count) c->plan.topic = c->topic;
}

void creators_on_review(struct creators *self, struct scope *scope, const struct event *event)
{
    (void)event;
    struct creator *c = creator_at(self, scope);
    if (c->left != TIME_NEVER) return;
    sim_time now = self->world->close;
    if (c->plan.videos_per_week > 0) {
        struct stream draw = stream_open(self->review, c->name, (uint32_t)(now / TIME_HOUR));
        use_strategy(self, c, &draw);
        respond(c);
    }
    spend_on_reach(self, scope, c);
    double weeks = (double)(now - c->period.since) / (double)(7 * TIME_DAY);
    double weekly = weeks > 0 ? (double)c->period.income / (double)MICRO / weeks : 0;
    c->income_mean += 0.3f * ((float)weekly - c->income_mean);
    c->last = c->period;
    c->period = (struct creator_period){.since = now};
    sim_time next = (sim_time)(self->p->review_days * (double)TIME_DAY);
    scope_send(scope, scope->entity, scope->now + next, EVENT_REVIEW, 0);
}

/* Reward of the last finished period a week: money, and what attention is worth. */
static double weekly_reward(const struct creators *self, const struct creator *c)
{
    double weeks = (double)(c->period.since - c->last.since) / (double)(7 * TIME_DAY);
    if (weeks < 0.1) return (double)c->aspiration;
    double money = (double)c->last.income / (double)MICRO;
    double attention = (double)c->last.impressions * self->life->attention_value / 1000.0;
    return (money + attention) / weeks;
}

static double exit_hazard(const struct creators *self, const struct creator *c, sim_time now)
{
    const struct life_parameters *p = self->life;
    double age = (double)(now - c->joined) / (double)TIME_DAY;
    /* The initial creators are established. */
    bool fresh = c->joined > 0 && age < p->established_days;
    double monthly = fresh ? p->exit_new : p->exit_established;
    double weekly = (double)c->last.income / (double)MICRO;
    if (weekly < 0.5 * (double)c->income_mean) monthly *= p->fall_factor;
    if ((double)c->morale < p->burnout) monthly *= 3;
    return monthly > 1 ? 1 : monthly;
}

static void leave(const struct creators *self, const struct scope *scope, struct creator *c)
{
    struct creator_shard *shard = &self->world->creators[scope->shard];
    c->left = self->world->close;
    shard->active--;
    shard->day.left++;
}

void creators_on_life(struct creators *self, struct scope *scope, const struct event *event)
{
    (void)event;
    struct creator *c = creator_at(self, scope);
    sim_time now = self->world->close;
    if (c->left != TIME_NEVER) return;
    double goal = weekly_reward(self, c) / (double)c->aspiration;
    goal = goal > 2 ? 2 : goal;
    c->morale += (float)(self->life->morale_gain / 7.0 * (goal - (double)c->morale));
    struct stream draw = stream_open(self->exit, c->name, (uint32_t)(now / TIME_DAY));
    /* A day's chance from a month's. */
    double hazard = exit_hazard(self, c, now);
    double daily = hazard >= 1 ? 1 : 1 - maths_pow(1 - hazard, 1.0 / 30);
    if (stream_bernoulli(&draw, daily)) leave(self, scope, c);
    else scope_send(scope, scope->entity, scope->now + TIME_DAY, EVENT_LIFE, 0);
}
