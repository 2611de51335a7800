/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/world.h"

#include "base/memory.h"

#define RUN_AT(member) .offset = offsetof(struct run_parameters, member)
static const struct schema_row rows[] = {
    {.path = "name",
     .type = SCHEMA_TEXT,
     .unit = "1",
     .initial = "\"\"",
     .meaning = "name of the run and of its output folder; empty = the scenario's file name",
     .source = "scenario",
     .when = SCHEMA_START,
     .moves = "manifest.name",
     .from = "\"\"",
     .to = "\"other\"",
     RUN_AT(name)},
    {.path = "seed",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 0,
     .high = 4294967295.0,
     .initial = "1",
     .meaning = "seed of all random numbers",
     .source = "scenario",
     .when = SCHEMA_START,
     .moves = "hash",
     .from = "1",
     .to = "2",
     RUN_AT(seed)},
    {.path = "replicate",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 0,
     .high = 4294967295.0,
     .initial = "0",
     .meaning = "number of the replication: other people and other luck",
     .source = "scenario",
     .when = SCHEMA_START,
     .moves = "hash",
     .from = "0",
     .to = "1",
     RUN_AT(replicate)},
    {.path = "world",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 0,
     .high = 4294967295.0,
     .initial = "0",
     .meaning = "number of the parallel world: the same people, other luck",
     .source = "scenario",
     .when = SCHEMA_START,
     .moves = "hash",
     .from = "0",
     .to = "1",
     RUN_AT(world)},
    {.path = "days",
     .type = SCHEMA_INT,
     .unit = "d",
     .low = 1,
     .high = 16383, /* an occasion has 14 bits for its day */
     .initial = "30",
     .meaning = "length of the run",
     .source = "scenario",
     .when = SCHEMA_START,
     .moves = "rows series",
     .sign = 1,
     .from = "1",
     .to = "2",
     RUN_AT(days)},
    {.path = "window",
     .type = SCHEMA_FLOAT,
     .unit = "min",
     .low = 1,
     .high = 60,
     .initial = "10",
     .meaning = "delay after which acts reach the platform; divides a day",
     .source = "A",
     .plausible_low = 2,
     .plausible_high = 20,
     .when = SCHEMA_START,
     .moves = "rows money",
     .sign = -1,
     .from = "5",
     .to = "20",
     RUN_AT(window)},
    {.path = "shards",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 1,
     .high = 4096,
     .initial = "64",
     .meaning = "parts that the entities are dealt to: a power of two",
     .source = "A",
     .plausible_low = 16,
     .plausible_high = 1024,
     .when = SCHEMA_START,
     .moves = "hash",
     .from = "16",
     .to = "64",
     RUN_AT(shards)},
    {.path = "population",
     .type = SCHEMA_CHOICE,
     .unit = "1",
     .initial = "\"drawn\"",
     .choices = POPULATION_WORDS,
     .meaning = "whom the world starts from: drawn viewers, creators and videos, or those of "
                "run.audience",
     .source = "scenario",
     .when = SCHEMA_START,
     .moves = "viewers",
     .sign = -1,
     .from = "\"drawn\"",
     .to = "\"file\"",
     .needs = "run.audience=\"./people.audience\"",
     RUN_AT(population)},
    {.path = "audience",
     .type = SCHEMA_TEXT,
     .unit = "1",
     .initial = "\"\"",
     .meaning = "file of real people and videos that `reelsim fit` made, relative to the "
                "scenario's folder, else to the current one",
     .source = "scenario",
     .when = SCHEMA_START,
     .moves = "hash",
     .from = "\"./people.audience\"",
     .to = "\"./other.audience\"",
     .needs = "run.population=\"file\"",
     RUN_AT(audience)},
    {.path = "currency",
     .type = SCHEMA_TEXT,
     .unit = "1",
     .initial = "\"CNY\"",
     .meaning = "what money is counted in; a label",
     .source = "scenario",
     .when = SCHEMA_START,
     .moves = "manifest.currency",
     .from = "\"CNY\"",
     .to = "\"EUR\"",
     RUN_AT(currency)},
    {.path = "plugins",
     .type = SCHEMA_NAMES,
     .unit = "1",
     .initial = "[]",
     .meaning = "shared objects with more members of the registries",
     .source = "scenario",
     .when = SCHEMA_START,
     .moves = "members",
     .sign = 1,
     .from = "[]",
     .to = "[\"./mine.so\"]",
     RUN_AT(plugins)},
};
const struct schema_table world_table = {
    .prefix = "run", .size = sizeof(struct run_parameters), SCHEMA_ROWS(rows)};

/* The window in ms; 0 when it is no whole number of ms or does not divide a day. */
static sim_time window_ms(const struct run_parameters *run)
{
    double exact = run->window * (double)TIME_MINUTE;
    sim_time ms = (sim_time)(exact + 0.5);
    double error = exact - (double)ms;
    bool whole = error < 1e-6 && error > -1e-6;

    return whole && ms > 0 && TIME_DAY % ms == 0 ? ms : 0;
}

static bool power_of_two(int64_t n) { return n > 0 && (n & (n - 1)) == 0; }

/* A topic is found by its name. */
static enum status check_topics(const struct name_list *names, struct errors *errors)
{
    for (int32_t k = 0; k < names->count; k++)
        if (name_list_find(names, names->name[k]) < k)
            return errors_add(errors, STATUS_BAD_INPUT,
                              "topics.names: \"%s\" is there twice, must have a topic once",
                              names->name[k]);
    return STATUS_OK;
}

enum status world_check(const struct parameters *parameters, struct errors *errors)
{
    const struct run_parameters *run = parameters_block(parameters, "run");
    const struct topics_parameters *topics = parameters_block(parameters, "topics");
    enum status status = check_topics(&topics->names, errors);

    if (!power_of_two(run->shards))
        status = errors_add(errors, STATUS_BAD_INPUT,
                            "run.shards = %lld, must be a power of two in [1, 4096]",
                            (long long)run->shards);
    if (!window_ms(run))
        status = errors_add(
            errors, STATUS_BAD_INPUT,
            "run.window = %g, must divide a day, as 1, 2, 5, 10, 15, 20, 30, 60 min do",
            run->window);
    return status;
}

/* Those that are listed; none in a world that knows no creators. */
static size_t count_cohorts(const struct parameters *parameters)
{
    struct parameter any;
    if (!parameters_find(parameters, "creators.count", &any)) return 0;
    return (size_t)parameters_count(parameters, "creators.cohorts");
}

static enum status make_tables(struct world *self)
{
    uint32_t n = self->shards.count;
    enum status status = STATUS_OK;

    self->viewers = memory_alloc(n, sizeof *self->viewers);
    self->creators = memory_alloc(n, sizeof *self->creators);
    self->videos = memory_alloc(n, sizeof *self->videos);
    self->boosts = memory_alloc(n, sizeof *self->boosts);
    if (!self->viewers || !self->creators || !self->videos || !self->boosts)
        return STATUS_NO_MEMORY;
    for (uint32_t s = 0; s < n; s++)
        self->viewers[s].reception.shift = reception_shift(count_cohorts(self->parameters));
    status = exchange_init(&self->impressions, n, sizeof(struct impression));
    if (!status) status = exchange_init(&self->payments, n, sizeof(struct payment));
    if (!status) status = exchange_init(&self->shares, n, sizeof(struct share_node));
    if (!status) status = exchange_init(&self->follows, n, sizeof(struct follow_change));
    return status;
}

enum status world_init(struct world *self, const struct parameters *parameters,
                       struct team *team)
{
    const struct run_parameters *run = parameters_block(parameters, "run");

    *self = (struct world){.parameters = parameters, .team = team, .match = {0, 1}};
    if (!power_of_two(run->shards) || !window_ms(run)) return STATUS_BAD_INPUT;
    self->shards.count = (uint32_t)run->shards;
    while (UINT32_C(1) << self->shards.bits < self->shards.count) self->shards.bits++;
    self->seed = (struct seed){(uint32_t)run->seed, (uint32_t)run->replicate,
                               (uint32_t)run->world};
    self->window = window_ms(run);
    self->close = self->window;
    self->kernels = kernels_choose();
    regions_init(&self->regions, parameters, self->seed);
    enum status status = topics_init(&self->topics, parameters, self->seed);
    if (!status) status = make_tables(self);
    if (status) world_free(self);
    return status;
}

void world_free(struct world *self)
{
    arms_free(&self->arms);
    for (uint32_t s = 0; s < self->shards.count; s++) {
        if (self->viewers) viewer_shard_free(&self->viewers[s]);
        if (self->creators) creator_shard_free(&self->creators[s]);
        if (self->videos) video_shard_free(&self->videos[s]);
        if (self->boosts) boost_shard_free(&self->boosts[s]);
    }
    memory_free(self->viewers);
    memory_free(self->creators);
    memory_free(self->videos);
    memory_free(self->boosts);
    exchange_free(&self->impressions);
    exchange_free(&self->payments);
    exchange_free(&self->shares);
    exchange_free(&self->follows);
    topics_free(&self->topics);
    *self = (struct world){0};
}

/* Rows delivered so far are figures of the manifest: a resumed run goes on counting. */
static void visit_figures(struct exchange *log, struct visitor *v)
{
    VISIT_VALUE(v, "world.log_rows", log->rows);
    VISIT_VALUE(v, "world.log_bytes", log->bytes);
}

static bool other_known(const struct world *w, struct relation what)
{
    uint32_t other = relation_other(what);

    switch (relation_kind(what)) {
    case RELATION_FOLLOW:
    case RELATION_TRIAL:
    case RELATION_FIRST:
    case RELATION_RENEWED:
        return world_has_creator(w, other);
    case RELATION_FRIEND:
        return world_has_viewer(w, other);
    case RELATION_KINDS:
        break;
    }
    return false;
}

/* A creator's newest videos are rows of its shard, whoever's they are by now. */
static bool newest_known(const struct world *w, uint32_t s)
{
    const struct creator_shard *creators = &w->creators[s];
    for (size_t i = 0; i < creators->count; i++)
        for (size_t k = 0; k < sizeof creators->row[i].videos / sizeof(uint32_t); k++) {
            uint32_t video = creators->row[i].videos[k];
            if (video == ENTITY_NONE) continue;
            if (video & ENTITY_CREATOR || entity_shard(w->shards, video) != s ||
                entity_row(w->shards, video) >= w->videos[s].count)
                return false;
        }
    return true;
}

/* Relations and videos name rows that are there, whatever a file says. */
static bool names_known(const struct world *w, uint32_t s)
{
    const struct viewer_shard *viewers = &w->viewers[s];
    const struct video_shard *videos = &w->videos[s];

    if (!newest_known(w, s)) return false;

    for (size_t i = 0; !viewers->elsewhere && i < viewers->count; i++) {
        const struct relation_list *list = &viewers->row[i].relations;
        const struct relation *row = relation_rows(&viewers->relations, list);
        for (uint32_t k = 0; k < list->count; k++)
            if (!other_known(w, row[k])) return false;
    }
    for (size_t i = 0; i < videos->count; i++)
        if (videos->counter[i].state != VIDEO_FREE &&
            (!world_has_creator(w, videos->row[i].creator) ||
             entity_shard(w->shards, videos->row[i].creator) != s))
            return false;
    return true;
}

uint64_t world_initial_viewers(const struct world *w)
{
    uint64_t n = 0;

    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->viewers[s].count; r++)
            n += !(viewer_origin(&w->viewers[s], r) & ORIGIN_NEWCOMER);
    return n;
}

static void visit_viewers(void *context, uint32_t s, struct visitor *v)
{
    struct world *self = context;
    viewer_shard_visit(&self->viewers[s], v);
    if (visit_loading(v) && v->status == STATUS_OK && !post_owns(self->post, s))
        v->status = viewer_shard_leave(&self->viewers[s]);
}

/* Orders are of creators and videos of their shard. */
static bool boosts_sound(const struct world *self, uint32_t s)
{
    for (size_t i = 0; i < self->boosts[s].count; i++) {
        const struct boost *boost = &self->boosts[s].row[i];
        if (boost->creator >= self->creators[s].count || boost->video > ENTITY_VIEWER_LAST ||
            entity_shard(self->shards, boost->video) != s ||
            entity_row(self->shards, boost->video) >= self->videos[s].count ||
            boost->price < 1 || boost->escrow < 0)
            return false;
    }
    return true;
}

void world_visit(struct world *self, struct visitor *v)
{
    uint32_t n = self->shards.count;

    for (uint32_t s = 0; s < n; s++) post_visit(self->post, s, v, visit_viewers, self);
    for (uint32_t s = 0; s < n; s++) creator_shard_visit(&self->creators[s], v);
    for (uint32_t s = 0; s < n; s++) video_shard_visit(&self->videos[s], v);
    for (uint32_t s = 0; s < n; s++) boost_shard_visit(&self->boosts[s], v);
    visit_figures(&self->impressions, v);
    visit_figures(&self->payments, v);
    visit_figures(&self->shares, v);
    visit_figures(&self->follows, v);
    for (uint32_t s = 0; visit_loading(v) && v->status == STATUS_OK && s < n; s++)
        if (!names_known(self, s) || !boosts_sound(self, s)) v->status = STATUS_BAD_INPUT;
}
