/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/mm1.h"

#include "base/memory.h"
#include "yardstick.h"

/* In the order in which they happen at one instant: who leaves makes room first. */
enum kind { DEPARTURE, TRANSFER, ARRIVAL };

/* What draws are for: the last word of a block's address. */
enum draw { DRAW_START, DRAW_RUN };

struct station {
    uint64_t state;      /* a fold of all that happened here */
    sim_time busy_until; /* when the last customer so far will leave (Lindley 1952) */
    sim_time changed;    /* since when there have been `number` */
    uint32_t number, draws;
    uint64_t area, sojourn; /* customers x ms; ms */
    uint64_t customers;
};

struct mm1 {
    const struct mm1_options *options;
    struct stream_key key;
    sim_time window;         /* ms */
    double between;          /* mean ms between two customers from outside, at one station */
    struct station *station; /* [stations] */
};

static struct stream_words draw(const struct mm1 *self, uint32_t number, enum draw what)
{
    return stream_block(self->key, number, self->station[number].draws++, what);
}

static void count(struct station *station, sim_time now)
{
    station->area += station->number * (uint64_t)(now - station->changed);
    station->changed = now;
}

static void fold(struct station *station, const struct event *event)
{
    station->state = (station->state ^ event->when_kind) * UINT64_C(0x9e3779b97f4a7c15);
}

/* First come, first served: the newcomer leaves one service after whoever is last now. */
static sim_time admit(struct station *station, sim_time now, sim_time service)
{
    sim_time start = station->busy_until > now ? station->busy_until : now;
    count(station, now);
    station->number++;
    station->customers++;
    station->busy_until = start + service;
    station->sojourn += (uint64_t)(station->busy_until - now);
    return station->busy_until;
}

static void on_departure(struct scope *scope, const struct event *event)
{
    const struct mm1 *self = scope->world;
    struct station *station = &self->station[event->entity];
    struct stream_words w = draw(self, event->entity, DRAW_RUN);
    uint32_t to = (uint32_t)((uint64_t)w.word[1] * self->options->stations >> 32);
    count(station, scope->now);
    station->number--;
    fold(station, event);
    if (word_uniformf(w.word[0]) >= (float)self->options->leave)
        scope_send(scope, to, scope->now + self->window, TRANSFER, 0);
}

static void on_transfer(struct scope *scope, const struct event *event)
{
    const struct mm1 *self = scope->world;
    struct station *station = &self->station[event->entity];
    struct stream_words w = draw(self, event->entity, DRAW_RUN);
    fold(station, event);
    scope_send(scope, event->entity,
               admit(station, scope->now, yardstick_wait(w.word[0], MM1_UNIT)), DEPARTURE, 0);
}

static void on_arrival(struct scope *scope, const struct event *event)
{
    const struct mm1 *self = scope->world;
    struct stream_words w = draw(self, event->entity, DRAW_RUN);
    on_transfer(scope, event);
    scope_send(scope, event->entity, scope->now + yardstick_wait(w.word[0], self->between),
               ARRIVAL, 0);
}

static const struct event_kind_row kinds[] = {
    {"departure", on_departure}, {"transfer", on_transfer}, {"arrival", on_arrival}};

/* The steady state: a geometric number of customers, independent of what is under way. */
static enum status plan_customers(struct mm1 *self, struct engine *engine, uint32_t number)
{
    struct station *station = &self->station[number];
    struct stream_words w = draw(self, number, DRAW_START);
    double level = maths_log(words_uniform(w.word[0], w.word[1]));
    uint32_t n = (uint32_t)(level / maths_log(self->options->utilisation));
    enum status status = STATUS_OK;
    for (; station->number < n && !status; station->number++) {
        w = draw(self, number, DRAW_START);
        station->busy_until += yardstick_wait(w.word[0], MM1_UNIT);
        status = engine_plan(engine, number, station->busy_until, DEPARTURE, 0);
    }
    return status;
}

/* Customers who left a station in the window before the first arrive in the first: departures
 * of a station in steady state are a Poisson process (Burke 1956). */
static enum status plan_transfers(struct mm1 *self, struct engine *engine, uint32_t number)
{
    double rate = self->options->utilisation * (1 - self->options->leave);
    enum status status = STATUS_OK;
    for (sim_time when = 0; rate > 0 && !status;) {
        struct stream_words w = draw(self, number, DRAW_START);
        when += yardstick_wait(w.word[0], MM1_UNIT / rate);
        if (when >= self->window) break;
        status = engine_plan(engine, number, when, TRANSFER, 0);
    }
    return status;
}

static enum status plan_first(struct mm1 *self, struct engine *engine)
{
    enum status status = STATUS_OK;
    for (uint32_t s = 0; s < self->options->stations && !status; s++) {
        status = plan_customers(self, engine, s);
        if (!status) status = plan_transfers(self, engine, s);
        struct stream_words w = draw(self, s, DRAW_START);
        if (!status)
            status = engine_plan(engine, s, yardstick_wait(w.word[0], self->between), ARRIVAL,
                                 0);
    }
    return status;
}

static void summarise(struct mm1 *self, sim_time end, struct mm1_result *result)
{
    uint64_t area = 0, sojourn = 0;
    for (uint32_t s = 0; s < self->options->stations; s++) {
        struct station *station = &self->station[s];
        count(station, end);
        area += station->area;
        sojourn += station->sojourn;
        result->customers += station->customers;
        result->state_hash += yardstick_mix(
            station->state ^ yardstick_mix(((uint64_t)s << 32 | station->draws) +
                                           yardstick_mix(station->area ^ station->sojourn)));
    }
    result->number = (double)area / ((double)end * self->options->stations);
    if (result->customers)
        result->sojourn = (double)sojourn / ((double)result->customers * MM1_UNIT);
}

enum status mm1_run(const struct mm1_options *options, struct team *team,
                    struct mm1_result *result, struct errors *errors)
{
    struct mm1 self = {.options = options,
                       .key = yardstick_key(options->seed, "mm1"),
                       .window = (sim_time)(options->window * MM1_UNIT),
                       .between = MM1_UNIT / (options->utilisation * options->leave)};
    struct engine *engine = NULL;
    const struct engine_options engine_options = {.shards = options->shards,
                                                  .window = self.window,
                                                  .kinds = kinds,
                                                  .kind_count = sizeof kinds / sizeof *kinds};
    enum status status = engine_init(&engine, &engine_options, team);
    self.station = memory_alloc(options->stations, sizeof *self.station);
    if (!status && !self.station) status = STATUS_NO_MEMORY;
    if (!status) status = plan_first(&self, engine);
    *result = (struct mm1_result){0};
    if (!status)
        status = yardstick_run(engine, (sim_time)(options->duration * MM1_UNIT), &self,
                               &result->seconds, errors);
    if (!status) {
        result->events = engine_executed(engine);
        result->pending = engine_pending(engine);
        summarise(&self, engine_window_start(engine), result);
    }
    engine_free(engine);
    memory_free(self.station);
    return status;
}
