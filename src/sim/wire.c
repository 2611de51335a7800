/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who gets what of whom: the folders are made and given the services of one another.
 */
#include "base/memory.h"
#include "parts.h"

/* ----------------------------------------------------------------- services between folders */

static void video_retired(void *self, uint32_t shard, uint32_t row)
{
    measure_video(((struct sim *)self)->measure, shard, row);
}

static void video_judged(void *self, const struct pool_verdict *verdict)
{
    measure_pool(((struct sim *)self)->measure, verdict);
}

static void cascade_closed(void *self, const struct cascade *c)
{
    struct sim *sim = self;
    const struct shards shards = sim->world.shards;
    uint32_t shard = entity_shard(shards, c->root_video);
    const struct measure_cascade row = {.root_video = video_id(shards, shard, c->root_ordinal),
                                        .size = c->size,
                                        .depth = c->depth,
                                        .virality = c->virality};
    measure_cascade(sim->measure, &row);
}

static float true_match(void *self, uint32_t viewer, uint32_t video)
{
    return viewers_match(((struct sim *)self)->viewers, viewer, video);
}

static struct money_figures money_of_interval(void *revenue)
{
    const struct revenue_figures r = revenue_interval(revenue);
    struct money_figures m = {.creators = r.creators,
                              .platform = r.platform,
                              .fees = r.fees,
                              .refunds = r.refunds,
                              .payable = r.payable,
                              .serving = r.serving,
                              .fund = r.fund,
                              .promotion = r.promotion};
    for (int i = 0; i < LEDGER_STREAMS_MAX; i++) m.gross[i] = r.gross[i];
    return m;
}

static struct queue_figures queues_of_platform(void *platform)
{
    const struct platform_figures p = platform_figures(platform);
    return (struct queue_figures){.open = p.guarantees_open,
                                  .late = p.guarantees_late,
                                  .moderation = p.moderation_queue,
                                  .done = p.guarantees_done,
                                  .moderated = {.removed = p.removed,
                                                .wrong = p.removed_wrongly,
                                                .reinstated = p.reinstated,
                                                .suspended = p.suspended,
                                                .closed = p.closed},
                                  .hours = p.guarantee_hours * (double)p.guarantees_done};
}

static struct upload_service upload_of(struct sim *self)
{
    return platform_upload_service(self->platform);
}

/* The services that viewers use live in the sim: they are asked for in every impression. */
static void fill_viewer_services(struct sim *self)
{
    self->feed = platform_service(self->platform);
    self->act = (struct act_service){.revenue = self->revenue,
                                     .growth = self->growth,
                                     .paid = revenue_paid,
                                     .shared = growth_shared};
}

static enum status make_measure(struct sim *self, const struct sim_options *options)
{
    struct measure_services services = {
        .rank = {self->platform, platform_score},
        .truth = {self, true_match},
        .revenue = self->revenue,
        .money = money_of_interval,
        .spent = revenue_spent,
        .waiting = revenue_waiting,
        .platform = self->platform,
        .queues = queues_of_platform,
        .ledger = revenue_ledger,
        .sink = options->sink,
    };
    services.stream_names = revenue_names(self->revenue, &services.stream_count);
    services.channel_names = growth_names(self->growth, &services.channel_count);
    return measure_init(&self->measure, &self->world, &services);
}

/* ---------------------------------------------------------------------------- making a world
 */

/* Whether an event of a file, of a kind that there is, names who and what is there. */
static bool event_known(const void *world, const struct event *event)
{
    const struct world *w = world;
    uint32_t who = event->entity, data = event->data;
    if (event_kind(event) >= EVENT_PUBLISH)
        return who & ENTITY_CREATOR && world_has_creator(w, who & ~ENTITY_CREATOR);
    if (!world_has_viewer(w, who)) return false;
    switch (event_kind(event)) {
    case EVENT_SHARED:
        return world_has_video(w, data & ~SHARED_BY_APP) && world_has_viewer(w, event->source);
    case EVENT_SESSION:
        return data & SESSION_SEARCHES ? (data & ~SESSION_SEARCHES) < (uint32_t)w->topics.count
                                       : data == 0 || world_has_creator(w, data - 1);
    case EVENT_CONTINUE:
        return w->viewers[entity_shard(w->shards, who)].elsewhere ||
               world_viewer(w, who)->session == data + 1;
    default:
        return true;
    }
}

static enum status make_engine(struct sim *self)
{
    const struct engine_options options = {
        .shards = self->world.shards.count,
        .window = self->world.window,
        .kinds = sim_event_kinds,
        .kind_count = EVENT_KIND_COUNT,
        .herald = sim_herald,
        .post = self->world.post,
        .local_last = ENTITY_VIEWER_LAST,
        .known = event_known,
        .known_context = &self->world,
    };
    return engine_init(&self->world.engine, &options, &self->team);
}

/* Everybody but the observers. All that is wrong in a scenario is found here, and said in one
 * go. */
static enum status make_folders(struct sim *self, struct errors *errors)
{
    struct world *w = &self->world;
    const struct platform_services platform = {
        .sink = {self, video_retired, video_judged}, .truth = self, .match = true_match};
    const struct growth_services growth = {self, cascade_closed};
    enum status first = STATUS_OK, status[5];
    status[0] = platform_init(&self->platform, w, &platform, errors);
    status[1] = revenue_init(&self->revenue, w, errors);
    status[2] = growth_init(&self->growth, w, &growth, errors);
    status[3] = policy_init(&self->policy, w, &self->model->parameters, errors);
    for (int i = 0; i < 4 && !first; i++) first = status[i];
    if (first) return first;
    const struct creators_services creators = {upload_of(self), growth_promotion(self->growth),
                                               revenue_priced(self->revenue)};
    first = creators_init(&self->creators, w, &creators, errors);
    if (first) return first;
    fill_viewer_services(self);
    return viewers_init(&self->viewers, w, &self->feed, &self->act);
}

static enum status check_population(const struct model *model, bool loads,
                                    struct errors *errors)
{
    const struct run_parameters *run = parameters_block(&model->parameters, "run");
    if (run->population != POPULATION_FILE || model->audience || loads) return STATUS_OK;
    return errors_add(errors, STATUS_BAD_INPUT,
                      "run.population = \"file\" needs run.audience, a file that `reelsim fit` "
                      "made");
}

/* Everybody who may come to be there. */
static uint64_t all_viewers(const struct model *model)
{
    struct parameter count, market;
    bool found = parameters_find(&model->parameters, "viewers.count", &count) &&
                 parameters_find(&model->parameters, "viewers.arrivals.market", &market);
    require(found);
    int64_t initial = *(const int64_t *)count.value, most = *(const int64_t *)market.value;
    if (model->audience) initial = model->audience->viewers;
    return (uint64_t)(initial > most ? initial : most);
}

/* Whole shards of viewers to each of several processes; all else is everywhere. */
static enum status share_out(struct sim *self, struct ranks *ranks, struct errors *errors)
{
    struct world *w = &self->world;
    if (!ranks || ranks->count == 1) return STATUS_OK;
    enum status status = post_init(&self->post, ranks, w->shards.count);
    if (status == STATUS_BAD_INPUT)
        return errors_add(errors, status, "run.shards = %u, must be at least the %u ranks",
                          w->shards.count, ranks->count);
    if (!status) status = ranks_check(&self->model->parameters, errors);
    if (!status && w->arms.by) status = ranks_check(&w->arms.other, errors);
    if (status) return status;
    w->post = &self->post;
    for (uint32_t s = 0; s < w->shards.count; s++)
        w->viewers[s].elsewhere = !post_owns(w->post, s);
    return status;
}

enum status sim_init(struct sim **out, struct model *model, const struct sim_options *options,
                     struct errors *errors)
{
    enum status status = world_check(&model->parameters, errors);
    if (!status) status = check_population(model, options->loads, errors);
    if (!status) status = viewers_check(&model->parameters, all_viewers(model), errors);
    if (status) return status;
    struct sim *self = memory_alloc(1, sizeof *self);
    if (!self) return STATUS_NO_MEMORY;
    const struct run_parameters *run = parameters_block(&model->parameters, "run");
    self->model = model;
    self->end = run->days * TIME_DAY;
    team_init(&self->team, options->threads);
    self->team.shuffle = options->shuffle_shards;
    status = world_init(&self->world, &model->parameters, &self->team);
    if (!status)
        status = arms_init(&self->world.arms, &model->parameters, self->world.seed, errors);
    if (!status) {
        self->world.registries = &model->registries;
        self->real = run->population == POPULATION_FILE;
        if (self->real) self->world.audience = model->audience;
        if (self->world.audience) self->people = model->audience->digest;
        status = share_out(self, options->ranks, errors);
    }
    if (!status) {
        status = make_engine(self);
    }
    if (!status) status = make_folders(self, errors);
    if (!status) status = make_measure(self, options);
    if (status)
        sim_free(self);
    else
        *out = self;
    return status;
}

void sim_free(struct sim *self)
{
    if (!self) return;
    measure_free(self->measure);
    viewers_free(self->viewers);
    creators_free(self->creators);
    policy_free(self->policy);
    growth_free(self->growth);
    revenue_free(self->revenue);
    platform_free(self->platform);
    engine_free(self->world.engine);
    world_free(&self->world);
    post_free(&self->post);
    team_free(&self->team);
    memory_free(self);
}

enum status sim_populate(struct sim *self)
{
    enum status status = creators_populate(self->creators);
    if (!status) status = viewers_populate(self->viewers);
    if (!status) status = scale_derive(self);
    if (!status) status = platform_populate(self->platform);
    if (!status) status = revenue_populate(self->revenue);
    if (!status) status = growth_populate(self->growth);
    return status ? status : measure_begin(self->measure);
}
