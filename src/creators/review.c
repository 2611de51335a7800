/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The week's work: the next video, and the review of the strategy.
 */
#include "parts.h"
#include "world/event_kinds.h"

static struct creator *creator_at(const struct creators *self, const struct scope *scope)
{
    const struct world *w = self->world;
    return &w->creators[scope->shard].row[entity_row(w->shards, scope->entity)];
}

static void plan_next_video(struct creators *self, struct scope *scope, struct creator *c)
{
    sim_time gap = production_gap(self, c);

    c->flags = (uint8_t)(c->flags & ~CREATOR_PLANNED);
    if (gap == TIME_NEVER) return;
    c->flags |= CREATOR_PLANNED;
    scope_send(scope, scope->entity, scope->now + gap, EVENT_PUBLISH, 0);
}

void creators_on_publish(struct creators *self, struct scope *scope, const struct event *event)
{
    struct world *w = self->world;
    struct creator *c = creator_at(self, scope);
    uint32_t row = entity_row(w->shards, scope->entity);

    (void)event;
    if (c->left != TIME_NEVER) return;
    if (ban_on(self->ban)) { /* as long again, then it is tried once more */
        plan_next_video(self, scope, c);
        return;
    }
    if (production_publish(self, scope->shard, row, w->close) == ENTITY_NONE) {
        self->fault[scope->shard] = STATUS_NO_MEMORY;
        return;
    }
    double rate = production_rate(c), hours = rate > 0 ? production_hours(c) / rate : 0;
    if (hours > (double)c->plan.effort) hours = (double)c->plan.effort;
    c->period.hours += (float)hours;
    c->worked += hours;
    c->period.posts++;
    c->posted = w->close;
    w->creators[scope->shard].day.posts++;
    plan_next_video(self, scope, c);
}

/* A count under that error, as far as its type goes. */
static double noised(double truth, double error, double most)
{
    double seen = truth * error + 0.5;

    return seen < most ? seen : most;
}

/* Feedback as the creator sees it: reach under one lognormal error of mean 1, money exact. */
static struct creator_period seen_period(const struct creators *self, const struct creator *c,
                                         struct stream *draw)
{
    struct creator_period seen = c->period;
    const double *noise = self->transparency[world_creator_arm(self->world, c)];
    double sigma = noise ? *noise : 0;
    double error = maths_exp(sigma * stream_normal(draw) - 0.5 * sigma * sigma);

    seen.impressions = (uint64_t)noised((double)seen.impressions, error, 0x1p63);
    seen.watch_ms = (uint64_t)noised((double)seen.watch_ms, error, 0x1p63);
    seen.likes = (uint32_t)noised((double)seen.likes, error, UINT32_MAX);
    seen.follows = (uint32_t)noised((double)seen.follows, error, UINT32_MAX);
    return seen;
}

/* Whatever a strategy writes, NaN included, the plan stays one that can be carried out. */
static float bounded(float x, float low, float high)
{
    return x >= low ? (x <= high ? x : high) : low;
}

static void bound_plan(struct creator *c, int32_t topics)
{
    c->plan.videos_per_week = bounded(c->plan.videos_per_week, 0, 40);
    c->plan.effort = bounded(c->plan.effort, 0.05f, 40);
    c->plan.commercial = bounded(c->plan.commercial, 0, 1);
    c->plan.exclusive = bounded(c->plan.exclusive, 0, 1);
    c->plan.boost = bounded(c->plan.boost, 0, 1);
    c->plan.live = bounded(c->plan.live, 0, c->hours);
    if (c->plan.topic >= topics) c->plan.topic = c->topic;
}

/* The parts of the view that only some strategies ask for. */
static void look_around(struct creators *self, uint32_t shard, const struct creator *c,
                        int64_t *income, struct strategy_view *view)
{
    uint32_t needs = self->strategy[c->cohort]->needs;

    if (needs & STRATEGY_CHARTS && self->charts->at != TIME_NEVER) view->charts = self->charts;
    if (!(needs & STRATEGY_STREAMS)) return;
    charts_income(self, shard, c, income);
    view->income = income;
}

static void use_strategy(struct creators *self, uint32_t shard, struct creator *c,
                         const struct creator_period *seen, struct stream *draw)
{
    const struct topics *topics = &self->world->topics;
    double days = (double)(self->world->close - c->period.since) / (double)TIME_DAY;
    float closeness[TOPICS_MAX];
    int64_t income[LEDGER_STREAMS_MAX];

    for (int32_t k = 0; k < topics->count; k++)
        closeness[k] = vector_dot(c->expertise, topics->topic[k].vector);
    struct strategy_view view = {.period = seen,
                                 .last = &c->last,
                                 .topics = topics,
                                 .closeness = closeness,
                                 .hours_week = (double)c->hours,
                                 .hours_worked = (double)c->period.hours,
                                 .aspiration = (double)c->aspiration,
                                 .attention_value = self->life->attention_value,
                                 .days = days > 0.01 ? days : 0.01,
                                 .name = c->name};
    look_around(self, shard, c, income, &view);
    levers_look(self, shard, c, &view);
    self->strategy[c->cohort]->review(self->strategy_parameters[c->cohort], &view, c->memory,
                                      draw, &c->plan);
    levers_review(self, shard, c, &view, draw);
    bound_plan(c, topics->count);
}

/* Output follows attention a video against what one has come to expect of it (Lindström et al.
 * 2021: average-reward learning), and grows with the following. */
static void respond(struct creators *self, struct creator *c, const struct creator_period *seen)
{
    float got = (float)seen->impressions / (float)(seen->posts ? seen->posts : 1);

    if (c->attention_mean <= 0) {
        c->attention_mean = got;
        c->followers_base = c->followers;
    }
    double surprise = parts_clip(((double)got + 10) / ((double)c->attention_mean + 10), 0.1,
                                 10);
    double growth = ((double)c->followers + 100) / ((double)c->followers_base + 100);
    c->drive = (float)(maths_pow(surprise, (double)c->elasticity) *
                       maths_pow(growth, self->p->follower_elasticity));
    c->attention_mean += (float)self->response->alpha * (got - c->attention_mean);
}

/* A share of income is saved until it buys something: the smallest order may cost more than one
 * period brings. */
static void buy_reach(struct creators *self, const struct scope *scope, struct creator *c)
{
    const struct promotion_service *promotion = &self->services.promotion;

    c->saved += (int64_t)((double)c->period.income * (double)c->plan.boost);
    if (c->plan.boost <= 0) c->saved = 0; /* whoever gives it up has the money again */
    if (c->saved > c->balance) c->saved = c->balance;
    if (levers_buy(self, scope->shard, c) || c->saved <= 0 || !promotion->promote) return;
    int64_t spent = promotion->promote(promotion->self, scope->shard,
                                       entity_row(self->world->shards, scope->entity),
                                       c->saved);
    c->saved -= spent;
    c->period.spent += spent;
}

void creators_on_review(struct creators *self, struct scope *scope, const struct event *event)
{
    struct creator *c = creator_at(self, scope);
    sim_time now = self->world->close;

    (void)event;
    if (c->left != TIME_NEVER) return;
    struct stream draw = stream_open(self->review, c->name,
                                     (uint32_t)(now / self->world->window));
    struct creator_period seen = seen_period(self, c, &draw);
    use_strategy(self, scope->shard, c, &seen, &draw);
    if (seen.posts > 0) respond(self, c, &seen);
    buy_reach(self, scope, c);
    seen.spent = c->period.spent;
    c->last = seen;
    c->period = (struct creator_period){.since = now};
    if (!(c->flags & CREATOR_PLANNED)) plan_next_video(self, scope, c);
    scope_send(scope, scope->entity,
               scope->now + (sim_time)(self->p->review_days * (double)TIME_DAY), EVENT_REVIEW,
               0);
}
