/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * New creators: the initial ones of each cohort, and those who enter later.
 */
#include "world/event_kinds.h"
#include "parts.h"

static double clip(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static uint8_t draw_topic(const struct creators *self, int32_t cohort, struct stream *draw)
{
    int32_t fixed = self->cohort_topic[cohort];
    return (uint8_t)(fixed >= 0 ? (uint32_t)fixed
                                : categorical_draw(&self->world->topics.by_audience, draw));
}

/* On its home topic, tilted towards a second one. */
static void draw_expertise(const struct creators *self, struct creator *c, struct stream *draw)
{
    const struct topics *topics = &self->world->topics;
    uint32_t second = stream_below(draw, (uint32_t)topics->count);
    for (int j = 0; j < VECTOR_DIM; j++) c->expertise[j] = topics->topic[c->topic].vector[j];
    vector_add(c->expertise, 0.5f * (float)stream_uniform(draw), topics->topic[second].vector);
    vector_normalise(c->expertise);
}

static void draw_person(const struct creators *self, int32_t cohort, struct creator *c)
{
    const struct cohort_parameters k = cohort_of(self, cohort);
    struct stream draw = stream_open(self->birth, c->name, 0);
    c->topic = draw_topic(self, cohort, &draw);
    draw_expertise(self, c, &draw);
    c->skill = (float)clip(k.skill + self->p->skill_sd * stream_normal(&draw), 0.05, 0.98);
    c->hours = (float)(k.hours * maths_exp(self->p->hours_sigma * stream_normal(&draw)));
    double fans = k.followers * maths_exp(self->p->followers_sigma * stream_normal(&draw));
    /* FACTS 4: a fifth of creators respond to attention, the rest hardly. */
    c->elasticity = stream_bernoulli(&draw, 0.2) ? 0.3f : 0.02f;
    c->aspiration = (float)(k.aspiration * maths_exp(0.5 * stream_normal(&draw)));
    c->effort_cost = 1;
    c->morale = 1;
    double sigma = self->p->videos_sigma, drawn = stream_normal(&draw);
    double rate = k.videos_per_week * maths_exp(sigma * drawn - 0.5 * sigma * sigma);
    double relative = (fans + 1) / (k.followers + 1);
    rate *= maths_pow(clip(relative, 1e-3, 1e3), self->p->follower_elasticity);
    c->plan = (struct creator_plan){
        .videos_per_week = (float)clip(rate, 0, 40), .boost = (float)k.boost, .topic = c->topic};
    c->plan.commercial = (float)clip(k.commercial + 0.1 * stream_normal(&draw), 0, 1);
    c->plan.effort = rate > 0 ? (float)clip((double)c->hours / rate, 0.25, 40) : 1;
    c->followers = (uint32_t)clip(fans, 0, 1e8); /* sought; viewers/ turns it into follows */
}

static enum status plan_life(struct creators *self, const struct creator *c, uint32_t entity,
                             sim_time when)
{
    struct engine *engine = self->world->engine;
    struct stream draw = stream_open(self->birth, c->name, 1);
    sim_time review = (sim_time)(self->p->review_days * (double)TIME_DAY);
    sim_time day = (sim_time)(stream_uniform(&draw) * (double)TIME_DAY);
    sim_time first = (sim_time)(stream_uniform(&draw) * (double)review);
    enum status status = STATUS_OK;
    if (c->plan.videos_per_week > 0) {
        sim_time gap = (sim_time)((double)production_gap(self, c) * stream_uniform(&draw));
        status = engine_plan(engine, entity, when + gap, EVENT_PUBLISH, 0);
    }
    if (!status) status = engine_plan(engine, entity, when + first, EVENT_REVIEW, 0);
    return status ? status : engine_plan(engine, entity, when + day, EVENT_LIFE, 0);
}

enum status creators_birth(struct creators *self, int32_t cohort, uint64_t name, sim_time when)
{
    struct world *w = self->world;
    uint32_t shard = entity_home(w->shards, name);
    struct creator *c = creator_add(&w->creators[shard]);
    if (!c) return STATUS_NO_MEMORY;
    c->name = name;
    c->cohort = (uint8_t)cohort;
    c->joined = when;
    c->period.since = when;
    c->last.since = when;
    draw_person(self, cohort, c);
    w->creators[shard].day.joined++;
    uint32_t row = (uint32_t)(w->creators[shard].count - 1);
    return plan_life(self, c, creator_entity(w, row, shard), when);
}
