/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "creators/creators.h"

#include <string.h>

#include "base/memory.h"
#include "base/parameters_suggest.h"
#include "parts.h"

/* One line a built-in strategy. */
#define STRATEGY_LIST(X)                                                                       \
    X(strategy_static)                                                                         \
    X(strategy_explore_exploit)                                                                \
    X(strategy_imitate_top)                                                                    \
    X(strategy_best_response)                                                                  \
    X(strategy_balanced)                                                                       \
    X(strategy_diversify)

#define STRATEGY_DECLARE(name) extern const struct strategy name;
STRATEGY_LIST(STRATEGY_DECLARE)
#define STRATEGY_MEMBER(name) &name.about,
const struct member *const creators_strategies[] = {STRATEGY_LIST(STRATEGY_MEMBER) NULL};

static const struct purpose birth_purpose = {"creators.birth", PURPOSE_POPULATION};
static const struct purpose make_purpose = {"creators.make", PURPOSE_LUCK};
static const struct purpose gap_purpose = {"creators.gap", PURPOSE_LUCK};
static const struct purpose review_purpose = {"creators.review", PURPOSE_LUCK};
static const struct purpose exit_purpose = {"creators.exit", PURPOSE_LUCK};
static const struct purpose entry_purpose = {"creators.entry", PURPOSE_LUCK};

/* -------------------------------------------------------------------------------- beginning */

/* The topic whose name is nearest to a misspelt one; NULL when none is near. */
static const char *near_topic(const struct topics *topics, const char *name)
{
    const char *near = NULL;
    int best = (int)strlen(name) / 3 + 1;
    for (int32_t k = 0; k < topics->count; k++)
        near = parameters_suggest_nearer(name, topics->topic[k].name, &best, near);
    return near;
}

static enum status check_cohort(struct creators *self, int32_t k, struct errors *errors)
{
    const struct cohort *cohort = &self->cohort[k];
    enum status status = STATUS_OK;

    self->topic[k] = topics_find(&self->world->topics, cohort->topic);
    if (self->topic[k] < 0 && strcmp(cohort->topic, "any") != 0) {
        const char *near = near_topic(&self->world->topics, cohort->topic);
        status = errors_add(errors, STATUS_BAD_INPUT,
                            "creators: cohort \"%s\" has the topic \"%s\", must be \"any\" or "
                            "one of the %d topics in use%s%s%s",
                            cohort->name, cohort->topic, (int)self->world->topics.count,
                            near ? ", did you mean \"" : "", near ? near : "",
                            near ? "\"?" : "");
    }
    for (int32_t i = 0; i < k; i++)
        if (strcmp(self->cohort[i].name, cohort->name) == 0)
            status = errors_add(errors, STATUS_BAD_INPUT,
                                "creators.cohorts[%d].name = \"%s\": cohort %d has that name",
                                (int)k, cohort->name, (int)i);
    return status;
}

static enum status hire_strategy(struct creators *self, int32_t k, struct errors *errors)
{
    const struct world *w = self->world;
    const struct cohort *cohort = &self->cohort[k];
    const struct member *member = registry_find(w->registries, "strategy", cohort->strategy);

    if (!member)
        return errors_add(errors, STATUS_BAD_INPUT, "creators: there is no strategy \"%s\"",
                          cohort->strategy);
    self->strategy[k] = (const struct strategy *)member;
    if (member->parameters)
        self->strategy_parameters[k] = parameters_block(w->parameters,
                                                        member->parameters->prefix);
    return STATUS_OK;
}

static void find_parameters(struct creators *self)
{
    const struct world *world = self->world;
    const struct parameters *parameters = world->parameters;
    struct seed seed = world->seed;
    struct parameter transparency, streams;

    self->p = parameters_block(parameters, "creators");
    self->production = parameters_block(parameters, "creators.production");
    self->ai = parameters_block(parameters, technology_ai_table.prefix);
    self->ar = parameters_block(parameters, technology_ar_table.prefix);
    self->response = parameters_block(parameters, "creators.response");
    self->life = parameters_block(parameters, "creators.life");
    self->ban = ban_find(parameters);
    if (parameters_find(parameters, "policy.transparency", &transparency))
        self->transparency[ARM_A] = self->transparency[ARM_B] = transparency.value;
    if (world->arms.by &&
        parameters_find(&world->arms.other, "policy.transparency", &transparency))
        self->transparency[ARM_B] = transparency.value;
    if (parameters_find(parameters, "revenue.streams", &streams))
        self->subscriptions = name_list_find(streams.value, "subscription") >= 0;
    self->birth = stream_key(seed, &birth_purpose);
    self->make = stream_key(seed, &make_purpose);
    self->gap = stream_key(seed, &gap_purpose);
    self->review = stream_key(seed, &review_purpose);
    self->exit = stream_key(seed, &exit_purpose);
    self->entry = stream_key(seed, &entry_purpose);
}

enum status creators_init(struct creators **out, struct world *world,
                          const struct creators_services *services, struct errors *errors)
{
    struct creators *self = memory_alloc(1, sizeof *self);
    enum status status = STATUS_OK;

    if (!self) return STATUS_NO_MEMORY;
    self->world = world;
    self->services = *services;
    find_parameters(self);
    self->cohort_count = cohorts_read(world->parameters, self->cohort);
    for (int32_t k = 0; k < self->cohort_count; k++) {
        enum status checked = check_cohort(self, k, errors);
        enum status hired = hire_strategy(self, k, errors);
        if (checked || hired) status = STATUS_BAD_INPUT;
    }
    self->fault = memory_alloc(world->shards.count, sizeof *self->fault);
    if (!self->fault && !status) status = STATUS_NO_MEMORY;
    if (!status) status = levers_open(self, errors);
    if (!status) status = charts_open(self);
    if (status)
        creators_free(self);
    else
        *out = self;
    return status;
}

void creators_free(struct creators *self)
{
    if (!self) return;
    charts_free(self);
    levers_free(self);
    memory_free(self->fault);
    memory_free(self);
}

static void populate_shard(void *context, uint32_t shard, uint32_t thread)
{
    struct creators *self = context;
    size_t count = self->world->creators[shard].count;

    (void)thread;
    for (uint32_t row = 0; row < count && !self->fault[shard]; row++)
        self->fault[shard] = birth_grow_up(self, shard, row, false);
}

static enum status first_fault(const struct creators *self)
{
    for (uint32_t s = 0; s < self->world->shards.count; s++)
        if (self->fault[s]) return self->fault[s];
    return STATUS_OK;
}

/* Room for those of the start at one go: growing would copy. */
static enum status make_room(struct creators *self)
{
    const struct world *w = self->world;
    size_t all = 0;

    for (int32_t k = 0; k < self->cohort_count; k++) all += (size_t)self->cohort[k].count;
    for (uint32_t s = 0; s < w->shards.count; s++) {
        struct creator_shard *c = &w->creators[s];
        enum status status = memory_grow(&c->row, &c->capacity, entity_room(w->shards, all),
                                         sizeof *c->row);
        if (status) return status;
    }
    return STATUS_OK;
}

static enum status populate(struct creators *self)
{
    if (self->world->audience) return authors_populate(self);
    enum status status = make_room(self);
    if (status) return status;
    for (int32_t k = 0; k < self->cohort_count; k++)
        for (int64_t i = 0; i < self->cohort[k].count; i++)
            if (!birth_add(self, k, name_of(self->cohort[k].name, (uint64_t)i), 0))
                return STATUS_NO_MEMORY;
    team_run(self->world->team, self->world->shards.count, populate_shard, self);
    return first_fault(self);
}

/* What lies before the start is the same in all parallel worlds, as the people are: the same
 * videos meet other luck (Salganik, Dodds & Watts 2006). */
enum status creators_populate(struct creators *self)
{
    const struct stream_key make = self->make, gap = self->gap;
    struct seed past = self->world->seed;
    past.world = 0;
    self->make = stream_key(past, &make_purpose);
    self->gap = stream_key(past, &gap_purpose);
    enum status status = populate(self);
    self->make = make;
    self->gap = gap;
    return status;
}

/* ----------------------------------------------------------------------------- video phase */

void creators_rows(struct creators *self, uint32_t shard, uint32_t thread,
                   const struct impression *rows, size_t n)
{
    const struct world *w = self->world;
    const struct video *videos = w->videos[shard].row;
    struct creator *creators = w->creators[shard].row;

    (void)thread;
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
    const struct world *w = self->world;
    struct exchange_cursor cursor = exchange_read(&w->follows, shard);
    const struct follow_change *rows;
    size_t n;

    while ((rows = exchange_next(&cursor, &n)))
        for (size_t i = 0; i < n; i++) {
            struct creator *c = &w->creators[shard].row[entity_row(w->shards, rows[i].creator)];
            int64_t followers = (int64_t)c->followers + rows[i].change;
            c->followers = followers > 0 ? (uint32_t)followers : 0;
            if (rows[i].change < 0) c->unfollows++;
        }
}

/* ----------------------------------------------------------------------------------- close */

enum status creators_close(struct creators *self)
{
    enum status status = first_fault(self);

    charts_close(self);
    return status ? status : entry_close(self);
}

/* What a file says of creators and videos names cohorts and topics that there are. */
static bool shard_valid(const struct creators *self, uint32_t shard)
{
    const struct creator_shard *creators = &self->world->creators[shard];
    const struct video_shard *videos = &self->world->videos[shard];
    int32_t topics = self->world->topics.count;

    for (size_t r = 0; r < creators->count; r++) {
        const struct creator *c = &creators->row[r];
        if (c->cohort >= self->cohort_count || c->topic >= topics || c->plan.topic >= topics)
            return false;
    }
    for (size_t r = 0; r < videos->count; r++)
        if (videos->row[r].cohort >= self->cohort_count || videos->row[r].topic >= topics)
            return false;
    return true;
}

void creators_visit(struct creators *self, struct visitor *v)
{
    for (uint32_t s = 0; visit_loading(v) && !v->status && s < self->world->shards.count; s++)
        if (!shard_valid(self, s)) v->status = STATUS_BAD_INPUT;
    VISIT_ARRAY(v, "creators.entrants", self->entrants, (size_t)self->cohort_count);
    charts_visit(self, v);
    levers_visit(self, v);
}
