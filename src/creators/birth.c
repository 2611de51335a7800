/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * New creators: the initial ones of each cohort, and those who enter later. Who somebody is
 * follows from its name alone.
 */
#include "parts.h"
#include "world/event_kinds.h"

/* Occasions of a birth: each part has its own, so that one that draws more shifts no other. */
enum occasion { OCCASION_TOPIC, OCCASION_PERSON, OCCASION_CALENDAR };

/* A home topic by audience, or the cohort's; expertise tilted from it towards a second one. */
static void draw_topics(const struct creators *self, struct creator *c)
{
    const struct topics *topics = &self->world->topics;
    struct stream draw = stream_open(self->birth, c->name, OCCASION_TOPIC);
    int32_t fixed = self->topic[c->cohort];
    uint32_t second = stream_below(&draw, (uint32_t)topics->count);
    float tilt = (float)(self->p->breadth * stream_uniform(&draw));

    c->topic = fixed >= 0 ? (uint8_t)fixed
                          : (uint8_t)categorical_draw(&topics->by_audience, &draw);
    vector_add(c->expertise, 1.0f, topics->topic[c->topic].vector);
    vector_add(c->expertise, tilt, topics->topic[second].vector);
    vector_normalise(c->expertise);
}

/* Lognormal with this mean. */
static double around(double mean, double sigma, double z)
{
    return mean * maths_exp(sigma * z - 0.5 * sigma * sigma);
}

/* Those who have more followers post more (FACTS 4: elasticity .2); the cohort's mean stays. */
static double draw_rate(const struct creators *self, const struct cohort *k, double z_rate,
                        double z_followers)
{
    double tilt = self->p->follower_elasticity * k->followers_sigma;

    return around(k->videos_per_week, k->videos_sigma, z_rate) *
           maths_exp(parts_clip(tilt * z_followers - 0.5 * tilt * tilt, -50, 50));
}

static void draw_plan(const struct cohort *k, struct creator *c, double rate, double commercial)
{
    c->plan = (struct creator_plan){.videos_per_week = (float)parts_clip(rate, 0, 40),
                                    .commercial = (float)parts_clip(commercial, 0, 1),
                                    .exclusive = (float)k->exclusive,
                                    .boost = (float)k->boost,
                                    .topic = c->topic};
    /* All hours go into videos: many quick ones or few good ones. */
    c->plan.effort = rate > 0 ? (float)parts_clip((double)c->hours / rate, 0.25, 40) : 1;
}

void birth_person(const struct creators *self, struct creator *c, bool entrant)
{
    const struct cohort *k = &self->cohort[c->cohort];
    struct stream draw = stream_open(self->birth, c->name, OCCASION_PERSON);
    double z_followers = stream_normal(&draw), z_rate = stream_normal(&draw);
    double fans = k->followers * maths_exp(k->followers_sigma * z_followers);

    c->skill = (float)parts_clip(k->skill + k->skill_sd * stream_normal(&draw), 0.02, 0.98);
    c->hours = (float)(k->hours * maths_exp(k->hours_sigma * stream_normal(&draw)));
    c->aspiration = (float)(k->aspiration * maths_exp(0.5 * stream_normal(&draw)));
    c->elasticity = (float)(stream_bernoulli(&draw, self->response->share)
                                ? self->response->strong
                                : self->response->weak);
    double commercial = k->commercial + self->production->commercial_sd * stream_normal(&draw);
    draw_plan(k, c, draw_rate(self, k, z_rate, z_followers),
              k->commercial > 0 ? commercial : 0);
    c->followers = entrant ? 0 : (uint32_t)parts_clip(fans, 0, 1e8);
    c->morale = 1;
    c->drive = 1;
}

/* Nobody reviews or lives at the same hour as everybody. The first video falls somewhere in a
 * gap, `backlog` before `when` for those who have been at it for long. */
enum status birth_plan(struct creators *self, uint32_t shard, uint32_t row, sim_time when,
                       sim_time backlog)
{
    struct world *w = self->world;
    struct creator *c = &w->creators[shard].row[row];
    uint32_t entity = parts_entity(w, row, shard);
    struct stream draw = stream_open(self->birth, c->name, OCCASION_CALENDAR);
    double day = stream_uniform(&draw), review = stream_uniform(&draw);
    double first = stream_uniform(&draw);
    sim_time week = (sim_time)(self->p->review_days * (double)TIME_DAY);
    sim_time gap = production_gap(self, c), at = when - backlog;

    if (gap != TIME_NEVER) {
        for (at += (sim_time)((double)gap * first); at < when; at += production_gap(self, c)) {
            if (production_make(self, shard, row, at) == ENTITY_NONE) return STATUS_NO_MEMORY;
            c->posted = at;
        }
        c->flags |= CREATOR_PLANNED;
        enum status status = engine_plan(w->engine, entity, at, EVENT_PUBLISH, 0);
        if (status) return status;
    }
    enum status status = engine_plan(w->engine, entity,
                                     when + (sim_time)(review * (double)week), EVENT_REVIEW, 0);
    if (status) return status;
    return engine_plan(w->engine, entity, when + (sim_time)(day * (double)TIME_DAY), EVENT_LIFE,
                       0);
}

struct creator *birth_add(struct creators *self, int32_t cohort, uint64_t name, sim_time when)
{
    struct world *w = self->world;
    uint32_t shard = entity_home(w->shards, name);

    size_t count = w->creators[shard].count + 1;
    if (charts_room(self, shard, count) || levers_room(self, shard, count)) return NULL;
    struct creator *c = creator_add(&w->creators[shard]);
    if (!c) return NULL;
    c->name = name;
    c->cohort = (uint8_t)cohort;
    c->joined = c->period.since = c->last.since = when;
    return c;
}

enum status birth_grow_up(struct creators *self, uint32_t shard, uint32_t row, bool entrant)
{
    struct creator *c = &self->world->creators[shard].row[row];
    sim_time backlog = entrant ? 0 : (sim_time)(self->p->backlog_days * (double)TIME_DAY);

    draw_topics(self, c);
    birth_person(self, c, entrant);
    return birth_plan(self, shard, row, c->joined, backlog);
}
