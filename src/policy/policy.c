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
    uint8_t done[CHANGES_MOST];
};

static const struct schema_row policy_rows[] = {
    {.path = "transparency", .type = SCHEMA_FLOAT, .unit = "1", .low = 0, .high = 5,
     .initial = "0.2",
     .meaning = "noise on what creators see of their reach: sd of its logarithm, 0 = exact",
     .source = "A", .plausible_low = 0, .plausible_high = 0.5, .moves = "hash", .from = "0.0",
     .to = "2.0", .when = SCHEMA_WINDOW, .offset = offsetof(struct policy_parameters, transparency)},
};

static const struct schema_row change_rows[] = {
    {.path = "day", .type = SCHEMA_FLOAT, .unit = "d", .low = 0, .high = 36500, .initial = "0.0",
     .meaning = "when: at the first close at or after it", .source = "A", .moves = "hash",
     .offset = offsetof(struct change, day)},
    {.path = "set", .type = SCHEMA_TEXT, .initial = "\"\"", .meaning = "path of the parameter",
     .source = "A", .moves = "hash", .offset = offsetof(struct change, set)},
    {.path = "value", .type = SCHEMA_TEXT, .initial = "\"\"",
     .meaning = "its new value, as text", .source = "A", .moves = "hash",
     .offset = offsetof(struct change, value)},
};

static const struct schema_table tables[] = {
    {.prefix = "policy", .size = sizeof(struct policy_parameters), SCHEMA_ROWS(policy_rows)},
    {.prefix = "policy.changes", .size = sizeof(struct change), .most = CHANGES_MOST,
     SCHEMA_ROWS(change_rows)},
};
const struct schema_table *const policy_tables[] = {&tables[0], &tables[1], NULL};

/* Tries the value, then puts the old one back. */
static enum status check_change(struct policy *self, int32_t i, struct errors *errors)
{
    const struct change *change = &self->change[i];
    struct parameter at;
    char where[64], before[4096];
    snprintf(where, sizeof where, "policy.changes[%d]", (int)i);
    if (parameters_find(self->parameters, change->set, &at)) {
        if (at.row->when != SCHEMA_WINDOW)
            return errors_add(errors, STATUS_BAD_INPUT,
                              "%s: `%s` is read once at the start and cannot change later", where,
                              change->set);
        parameters_print(&at, before, sizeof before);
    }
    enum status status =
        parameters_set(self->parameters, change->set, change->value, where, errors);
    if (!status) status = parameters_store_text(self->parameters, &at, before, where, errors);
    return status;
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
    for (int32_t i = 0; i < self->count; i++) {
        enum status checked = check_change(self, i, errors);
        if (checked) status = checked;
    }
    if (status) policy_free(self);
    else *out = self;
    return status;
}

void policy_free(struct policy *self) { memory_free(self); }

enum status policy_apply(struct policy *self, struct errors *errors)
{
    enum status status = STATUS_OK;
    for (int32_t i = 0; i < self->count && !status; i++) {
        sim_time due = (sim_time)(self->change[i].day * (double)TIME_DAY);
        if (self->done[i] || self->world->close < due) continue;
        self->done[i] = 1;
        status = parameters_set(self->parameters, self->change[i].set, self->change[i].value,
                                "policy.changes", errors);
    }
    return status;
}

/* After a resume the changes of the past are made again, before the next window. */
void policy_visit(struct policy *self, struct visitor *v)
{
    VISIT_ARRAY(v, "policy.done", self->done, CHANGES_MOST);
    for (int32_t i = 0; i < self->count && visit_loading(v) && !v->status; i++)
        if (self->done[i])
            v->status = parameters_set(self->parameters, self->change[i].set,
                                       self->change[i].value, "policy.changes", NULL);
}
