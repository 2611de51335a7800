/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/policy.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

#define CHANGES_MOST 64

struct change {
    double day;
    char set[SCHEMA_TEXT_SIZE], value[SCHEMA_TEXT_SIZE];
};

struct policy {
    struct world *world;
    struct parameters *parameters;
    const struct change *change; /* the scenario's list */
    int32_t count;
    int32_t order[CHANGES_MOST]; /* by day, then as listed */
    uint8_t done[CHANGES_MOST];  /* by place in the list */
};

static const struct schema_row policy_rows[] = {
    {.path = "transparency",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 5,
     .initial = "0.2",
     .meaning = "noise on what creators see of their reach: sd of its logarithm, 0 = exact",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_CREATOR,
     .moves = "r creators.posts,impressions",
     .sign = -1,
     .from = "0",
     .to = "2",
     .needs =
         "creators.review_days=0.25 creators.videos_per_week=14.0 creators.videos_sigma=0.0 "
         "creators.response.share=1.0 creators.response.strong=1.0 run.days=4 "
         "viewers.count=150",
     .offset = offsetof(struct policy_parameters, transparency)},
};

static const struct schema_row change_rows[] = {
    {.path = "day",
     .type = SCHEMA_FLOAT,
     .unit = "d",
     .low = 0,
     .high = 36500,
     .initial = "0",
     .meaning = "when: at the first close at or after it",
     .source = "scenario",
     .moves = "ad_load",
     .sign = -1,
     .from = "0",
     .to = "1",
     .needs = "policy.changes[0].set=\"platform.ads.load\" policy.changes[0].value=\"0.5\"",
     .offset = offsetof(struct change, day)},
    {.path = "set",
     .type = SCHEMA_TEXT,
     .unit = "1",
     .initial = "\"\"",
     .meaning = "path of the parameter",
     .source = "scenario",
     .moves = "ad_load",
     .sign = -1,
     .from = "\"platform.ads.load\"",
     .to = "\"revenue.ads.cpm\"",
     .needs = "policy.changes[0].value=\"0.5\"",
     .offset = offsetof(struct change, set)},
    {.path = "value",
     .type = SCHEMA_TEXT,
     .unit = "1",
     .initial = "\"\"",
     .meaning = "its new value, in quotes: \"0.4\", \"true\", \"low\"",
     .source = "scenario",
     .moves = "ad_impressions",
     .sign = 1,
     .from = "\"0.05\"",
     .to = "\"0.5\"",
     .needs = "policy.changes[0].set=\"platform.ads.load\"",
     .offset = offsetof(struct change, value)},
};

static const struct schema_table tables[] = {
    {.prefix = "policy", .size = sizeof(struct policy_parameters), SCHEMA_ROWS(policy_rows)},
    {.prefix = "policy.changes",
     .size = sizeof(struct change),
     .most = CHANGES_MOST,
     SCHEMA_ROWS(change_rows)},
};
const struct schema_table *const policy_tables[] = {&tables[0], &tables[1], &ban_table, NULL};

static enum status make_change(struct policy *self, int32_t i, struct errors *errors)
{
    char where[32];
    snprintf(where, sizeof where, "policy.changes[%d]", (int)i);
    return parameters_set(self->parameters, self->change[i].set, self->change[i].value, where,
                          errors);
}

/* In both arms of a split run. */
static enum status apply_change(struct policy *self, int32_t i, struct errors *errors)
{
    const struct change *change = &self->change[i];
    enum status status = make_change(self, i, errors);
    if (status) return status;
    return arms_set(&self->world->arms, change->set, change->value, "policy.changes", errors);
}

/* Tries the change, then puts the old value back: a wrong one is found before the run, not on
 * its day. */
static enum status check_change(struct policy *self, int32_t i, struct errors *errors)
{
    const struct change *change = &self->change[i];
    struct parameter at;
    char before[8192] = "";
    if (!parameters_find(self->parameters, change->set, &at))
        return make_change(self, i, errors);
    if (at.row->when != SCHEMA_WINDOW)
        return errors_add(
            errors, STATUS_BAD_INPUT,
            "policy.changes[%d]: `%s` is read once at the start and cannot change "
            "later",
            (int)i, change->set);
    if (self->world->arms.by && arms_change(self->parameters, change->set))
        return errors_add(errors, STATUS_BAD_INPUT,
                          "policy.changes[%d]: `%s` is what experiment.changes sets; date the "
                          "experiment by experiment.share instead",
                          (int)i, change->set);
    uint8_t *given = &at.block->given[(size_t)at.index * at.table->row_count +
                                      (size_t)(at.row - at.table->rows)];
    uint8_t was_given = *given;
    int length = parameters_print(&at, before, sizeof before);
    require(length >= 0 && (size_t)length < sizeof before);
    enum status status = make_change(self, i, errors);
    if (!status)
        status = parameters_store_text(self->parameters, &at, before, "policy", errors);
    *given = was_given;
    return status;
}

static void sort_by_day(struct policy *self)
{
    for (int32_t i = 0; i < self->count; i++) {
        int32_t at = i;
        for (; at > 0 && self->change[self->order[at - 1]].day > self->change[i].day; at--)
            self->order[at] = self->order[at - 1];
        self->order[at] = i;
    }
}

enum status policy_init(struct policy **out, struct world *world, struct parameters *parameters,
                        struct errors *errors)
{
    struct policy *self = memory_alloc(1, sizeof *self);
    enum status status = STATUS_OK;
    if (!self) return STATUS_NO_MEMORY;
    self->world = world;
    self->parameters = parameters;
    self->count = parameters_count(parameters, "policy.changes");
    self->change = parameters_block(parameters, "policy.changes");
    sort_by_day(self);
    for (int32_t i = 0; i < self->count; i++) {
        enum status checked = check_change(self, i, errors);
        if (checked) status = checked;
    }
    if (status)
        policy_free(self);
    else
        *out = self;
    return status;
}

void policy_free(struct policy *self) { memory_free(self); }

enum status policy_apply(struct policy *self, struct errors *errors)
{
    enum status status = STATUS_OK;
    for (int32_t k = 0; k < self->count && !status; k++) {
        int32_t i = self->order[k];
        sim_time due = (sim_time)(self->change[i].day * (double)TIME_DAY);
        if (self->done[i] || self->world->close < due) continue;
        self->done[i] = 1;
        status = apply_change(self, i, errors);
    }
    return status;
}

/* Nothing but no and yes, and yes of changes that there are. */
static bool done_sound(const struct policy *self)
{
    for (int32_t i = 0; i < CHANGES_MOST; i++)
        if (self->done[i] > (i < self->count)) return false;
    return true;
}

/* After a resume the changes of the past are made again, before the next window. */
void policy_visit(struct policy *self, struct visitor *v)
{
    struct errors errors = {0};
    VISIT_ARRAY(v, "policy.done", self->done, CHANGES_MOST);
    if (visit_loading(v) && !v->status && !done_sound(self)) v->status = STATUS_BAD_INPUT;
    for (int32_t k = 0; k < self->count && visit_loading(v) && !v->status; k++)
        if (self->done[self->order[k]]) v->status = apply_change(self, self->order[k], &errors);
    errors_free(&errors);
}
