/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/phold.h"

#include "base/memory.h"
#include "yardstick.h"

#define PURPOSE "phold"

struct phold {
    const struct phold_options *options;
    struct stream_key key;
    struct phold_process *process; /* [processes] */
};

static inline struct phold_step step_with(struct stream_key key, struct phold_process *process,
                                          uint32_t number, int64_t now,
                                          const struct phold_options *o)
{
    struct stream_words w = stream_block(key, number, process->count++, 0);
    process->state = (process->state ^ (uint64_t)now) * UINT64_C(0x9e3779b97f4a7c15);
    bool away = word_uniformf(w.word[0]) < (float)o->remote;
    uint32_t other = (uint32_t)((uint64_t)w.word[1] * o->processes >> 32);
    double wait = -(double)maths_logf(word_uniformf(w.word[2])) * (1 - o->lookahead);
    return (struct phold_step){away ? other : number,
                               (int64_t)((o->lookahead + wait) * PHOLD_UNIT)};
}

struct phold_step phold_advance(struct phold_process *process, uint32_t number, int64_t now,
                                const struct phold_options *options)
{
    return step_with(yardstick_key(options->seed, PURPOSE), process, number, now, options);
}

uint64_t phold_hash(const struct phold_process *process, uint32_t number)
{
    return yardstick_mix(process->state ^
                         yardstick_mix((uint64_t)number << 32 | process->count));
}

static void on_event(struct scope *scope, const struct event *event)
{
    struct phold *self = scope->world;
    struct phold_step step = step_with(self->key, &self->process[event->entity], event->entity,
                                       scope->now, self->options);
    scope_send(scope, step.to, scope->now + step.delay, 0, 0);
}

static const struct event_kind_row kinds[] = {{"phold", on_event}};

static enum status plan_first(struct phold *self, struct engine *engine)
{
    const struct phold_options *o = self->options;
    enum status status = STATUS_OK;
    for (uint32_t p = 0; p < o->processes && !status; p++)
        for (uint32_t e = 0; e < o->events && !status; e++) {
            struct stream_words w = stream_block(self->key, p, e, 1);
            status = engine_plan(engine, p, yardstick_wait(w.word[0], PHOLD_UNIT), 0, 0);
        }
    return status;
}

enum status phold_run(const struct phold_options *options, struct team *team,
                      struct phold_result *result, struct errors *errors)
{
    struct phold self = {.options = options, .key = yardstick_key(options->seed, PURPOSE)};
    struct engine *engine = NULL;
    const struct engine_options engine_options = {
        .shards = options->shards,
        .window = (sim_time)(options->lookahead * PHOLD_UNIT),
        .kinds = kinds,
        .kind_count = 1};
    enum status status = engine_init(&engine, &engine_options, team);
    self.process = memory_alloc(options->processes, sizeof *self.process);
    if (!status && !self.process) status = STATUS_NO_MEMORY;
    if (!status) status = plan_first(&self, engine);
    double seconds = 0;
    sim_time end = (sim_time)(options->duration * PHOLD_UNIT);
    if (!status) status = yardstick_run(engine, end, &self, &seconds, errors);
    if (!status) {
        *result = (struct phold_result){.events = engine_executed(engine),
                                        .pending = engine_pending(engine),
                                        .seconds = seconds};
        for (uint32_t p = 0; p < options->processes; p++)
            result->state_hash += phold_hash(&self.process[p], p);
    }
    engine_free(engine);
    memory_free(self.process);
    return status;
}
