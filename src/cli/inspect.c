/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim inspect DIR viewer|video|creator ID: what a state says of one of them. The state is
 * one that the run kept (--states) or its checkpoint; the scenario comes with it.
 */
#include "inspect.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/checkpoint.h"
#include "io/resolved.h"
#include "io/results.h"
#include "io/states.h"

double inspect_day(const struct inspection *self) { return inspect_days(sim_now(self->sim)); }

const char *inspect_topic(const struct inspection *self, uint32_t topic)
{
    const struct topics *topics = &sim_world(self->sim)->topics;
    return topic < (uint32_t)topics->count ? topics->topic[topic].name : "?";
}

const char *inspect_cohort(const struct inspection *self, uint8_t cohort, const char *row,
                           const char *otherwise)
{
    char path[64];
    struct parameter at;
    snprintf(path, sizeof path, "creators.%s", row);
    if (parameters_find(&self->model.parameters, path, &at))
        return parameters_inherited(&self->model.parameters, "creators.cohorts", cohort, row)
            .value;
    snprintf(path, sizeof path, "creators.cohorts[%u].%s", cohort, row);
    return parameters_find(&self->model.parameters, path, &at) ? at.value : otherwise;
}

int64_t inspect_video_id(const struct inspection *self, uint32_t number)
{
    const struct world *w = sim_world(self->sim);
    uint32_t shard = entity_shard(w->shards, number), row = entity_row(w->shards, number);
    return video_id(w->shards, shard, w->videos[shard].counter[row].ordinal);
}

/* ------------------------------------------------------------------------------ the state */

/* What the run had not written yet is passed over. */
static void visit_rows(const struct sim *sim, struct visitor *v)
{
    struct results none = {.lock = -1};
    for (int t = 0; t < TABLES; t++)
        results_shape(&none, (enum table_id)t, sim_shape(sim, (enum table_id)t));
    results_visit(&none, v);
    results_free(&none);
}

static void visit_state(void *context, struct visitor *v)
{
    struct inspection *self = context;
    const struct sim_options options = {.threads = self->arguments->threads, .loads = true};
    self->scenario = resolved_load(v).text;
    if (v->status) return;
    v->status = scenario_restore(&self->model, self->scenario, self->state, self->errors);
    if (!v->status) v->status = sim_init(&self->sim, &self->model, &options, self->errors);
    if (!v->status) sim_visit(self->sim, v);
    if (!v->status) visit_rows(self->sim, v);
}

static enum status load_state(struct inspection *self, struct errors *errors)
{
    enum status status = checkpoint_load(self->state, visit_state, self, errors);
    return status ? status : sim_restored(self->sim);
}

/* ---------------------------------------------------------------------------- the command */

static const struct kind {
    const char *name;
    enum status (*inspect)(struct inspection *self, uint64_t id, struct errors *errors);
} kinds[] = {
    {"viewer", inspect_viewer}, {"video", inspect_video}, {"creator", inspect_creator}};

static const struct kind *kind_named(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0) return &kinds[i];
    return NULL;
}

static enum status read_id(const char *text, uint64_t *id, struct errors *errors)
{
    char *end = NULL;
    errno = 0;
    *id = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno)
        return errors_add(errors, STATUS_USAGE,
                          "%s: must be a number, as the tables have it (videos.csv, "
                          "creators.csv); viewers are counted from 0",
                          text);
    return STATUS_OK;
}

enum status command_inspect(const struct arguments *arguments, struct errors *errors)
{
    struct inspection self = {.arguments = arguments, .errors = errors};
    uint64_t id = 0;
    double day = 0;
    const struct kind *kind = arguments->operand_count == 3 ? kind_named(arguments->operand[1])
                                                            : NULL;
    if (!kind)
        return errors_add(errors, STATUS_USAGE,
                          "usage: reelsim inspect DIR viewer|video|creator ID [--day D]");
    enum status status = read_id(arguments->operand[2], &id, errors);
    if (!status) status = states_read_day(arguments->day, &day, errors);
    if (!status)
        status = states_find(arguments->operand[0], day, &self.folder, &self.state, errors);
    if (!status) status = load_state(&self, errors);
    if (!status) status = kind->inspect(&self, id, errors);
    sim_free(self.sim);
    model_free(&self.model);
    free(self.scenario);
    free(self.state);
    free(self.folder);
    return status;
}
