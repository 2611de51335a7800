/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "creators/creators.h"

#include <string.h>

#include "base/memory.h"
#include "parts.h"

#define STRATEGY_LIST(X)                                                                      \
    X(strategy_static)                                                                        \
    X(strategy_explore_exploit)

#define STRATEGY_DECLARE(name) extern const struct strategy name;
STRATEGY_LIST(STRATEGY_DECLARE)
#define STRATEGY_MEMBER(name) &name.about,
const struct member *const creators_strategies[] = {STRATEGY_LIST(STRATEGY_MEMBER) NULL};

static const struct purpose purposes[] = {
    {"creators.birth", PURPOSE_POPULATION}, {"creators.make", PURPOSE_LUCK},
    {"creators.gap", PURPOSE_LUCK},         {"creators.review", PURPOSE_LUCK},
    {"creators.exit", PURPOSE_LUCK},        {"creators.entry", PURPOSE_LUCK},
};

static enum status find_cohort(struct creators *self, int32_t k, struct errors *errors)
{
    const struct cohort_parameters cohort = cohort_of(self, k);
    const struct world *w = self->world;
    self->strategy[k] =
        (const struct strategy *)registry_find(w->registries, "strategy", cohort.strategy);
    require(self->strategy[k] != NULL);
    const struct schema_table *table = self->strategy[k]->about.parameters;
    self->strategy_parameters[k] = table ? parameters_block(w->parameters, table->prefix) : NULL;
    self->cohort_topic[k] = topics_find(&w->topics, cohort.topic);
    if (self->cohort_topic[k] < 0 && strcmp(cohort.topic, "any") != 0)
        return errors_add(errors, STATUS_BAD_INPUT,
                          "creators.cohorts[%d].topic = \"%s\": there is no such topic (of the %d "
                          "in use); \"any\" takes all",
                          (int)k, cohort.topic, (int)w->topics.count);
    return STATUS_OK;
}

enum status creators_init(struct creators **out, struct world *world,
                          const struct creators_services *services, struct errors *errors)
{
    struct creators *self = memory_alloc(1, sizeof *self);
    enum status status = STATUS_OK;
    if (!self) return STATUS_NO_MEMORY;
    self->world = world;
    self->services = *services;
    self->p = parameters_block(world->parameters, "creators");
    self->production = parameters_block(world->parameters, "creators.production");
    self->life = parameters_block(world->parameters, "creators.life");
    self->transparency = parameters_block(world->parameters, "policy");
    self->cohort_count = parameters_count(world->parameters, "creators.cohorts");
    if (self->cohort_count) self->cohorts = parameters_block(world->parameters, "creators.cohorts");
    else self->cohort_count = 1;
    struct stream_key *keys[] = {&self->birth, &self->make, &self->gap,
                                 &self->review, &self->exit, &self->entry};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        *keys[i] = stream_key(world->seed, &purposes[i]);
    for (int32_t k = 0; k < self->cohort_count; k++) {
        enum status found = find_cohort(self, k, errors);
        if (found) status = found;
    }
    for (int32_t k = self->cohort_count - 1; k >= 0; k--)
        if (cohort_of(self, k).videos_per_week > 0) self->entry_cohort = k;
    if (status) creators_free(self);
    else *out = self;
    return status;
}

void creators_free(struct creators *self) { memory_free(self); }

/* Videos of the days before the start: as many as its rate makes, at even random times. */
static enum status make_backlog(struct creators *self, uint32_t shard, uint32_t row)
{
    struct creator *c = &self->world->creators[shard].row[row];
    struct stream draw = stream_open(self->birth, c->name, 2);
    double mean = (double)c->plan.videos_per_week * self->p->backlog_days / 7.0;
    uint64_t n = stream_poisson(&draw, mean);
    for (uint64_t i = 0; i < n; i++) {
        double ago = self->p->backlog_days * (double)(n - i) / (double)(n + 1);
        if (production_make(self, shard, row, -(sim_time)(ago * (double)TIME_DAY)) == ENTITY_NONE)
            return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

enum status creators_populate(struct creators *self)
{
    struct world *w = self->world;
    enum status status = STATUS_OK;
    for (int32_t k = 0; k < self->cohort_count; k++) {
        const struct cohort_parameters cohort = cohort_of(self, k);
        for (int64_t i = 0; i < cohort.count && !status; i++)
            status = creators_birth(self, k, name_of(cohort.name, (uint64_t)i), 0);
    }
    for (uint32_t s = 0; s < w->shards.count && !status; s++)
        for (uint32_t r = 0; r < w->creators[s].count && !status; r++)
            status = make_backlog(self, s, r);
    for (uint32_t s = 0; s < w->shards.count; s++)
        w->creators[s].day = (struct creator_day){0, 0, 0}; /* nobody joined today */
    return status;
}

void creators_rows(struct creators *self, uint32_t shard, uint32_t thread,
                   const struct impression *rows, size_t n)
{
    (void)thread;
    struct world *w = self->world;
    const struct video *videos = w->videos[shard].row;
    struct creator *creators = w->creators[shard].row;
    for (size_t i = 0; i < n; i++) {
        const struct video *video = &videos[entity_row(w->shards, rows[i].video)];
        struct creator *c = &creators[entity_row(w->shards, video->creator)];
        c->impressions++;
        c->watch_ms += rows[i].watch_ms;
        c->period.impressions++;
        c->period.watch_ms += rows[i].watch_ms;
        c->period.likes += (rows[i].acts & ACT_LIKE) != 0;
        c->period.follows += (rows[i].acts & ACT_FOLLOW) != 0;
    }
}

void creators_follows(struct creators *self, uint32_t shard)
{
    struct world *w = self->world;
    struct exchange_cursor cursor = exchange_read(&w->follows, shard);
    const struct follow_change *rows;
    size_t n;
    while ((rows = exchange_next(&cursor, &n)))
        for (size_t i = 0; i < n; i++)
            w->creators[shard].row[entity_row(w->shards, rows[i].creator)].followers +=
                (uint32_t)rows[i].change;
}

/* ------------------------------------------------------------------------------------- entry */

/* Those who published lately: how many, and what they earn against what they hope for. Sums in
 * integers, so that the order of rows, and those who never publish, do not matter. */
struct market {
    uint64_t publishing;
    int64_t reward, hope; /* milli-currency */
};

static struct market look_at_market(const struct creators *self)
{
    const struct world *w = self->world;
    struct market m = {0, 0, 0};
    for (uint32_t s = 0; s < w->shards.count; s++) {
        for (size_t r = 0; r < w->creators[s].count; r++) {
            const struct creator *c = &w->creators[s].row[r];
            if (c->left != TIME_NEVER || c->plan.videos_per_week <= 0) continue;
            double attention = (double)c->last.impressions * self->life->attention_value / 1000.0;
            m.publishing++;
            m.reward += (int64_t)(1000.0 * ((double)c->income_mean + attention));
            m.hope += (int64_t)(1000.0 * (double)c->aspiration);
        }
    }
    return m;
}

enum status creators_close(struct creators *self)
{
    const struct world *w = self->world;
    if (w->close / TIME_DAY == w->now / TIME_DAY) return STATUS_OK; /* once a day */
    struct market m = look_at_market(self);
    if (!m.publishing || m.hope <= 0) return STATUS_OK;
    double ratio = ((double)m.reward + 1) / (double)m.hope;
    ratio = ratio < 0.01 ? 0.01 : ratio > 100 ? 100 : ratio;
    double mean = self->life->entry_rate / 30.0 * (double)m.publishing *
                  maths_pow(ratio, self->life->entry_elasticity);
    uint32_t day = (uint32_t)(w->now / TIME_DAY);
    struct stream draw = stream_open(self->entry, name_of("entry", day), 0);
    uint64_t n = stream_poisson(&draw, mean < 1e6 ? mean : 1e6);
    enum status status = STATUS_OK;
    for (uint64_t i = 0; i < n && !status; i++) {
        uint64_t name = name_of("entry", self->entrants++ + (UINT64_C(1) << 32));
        status = creators_birth(self, self->entry_cohort, name, w->close);
    }
    return status;
}

void creators_visit(struct creators *self, struct visitor *v)
{
    VISIT_VALUE(v, "creators.entrants", self->entrants);
}
