/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/viewer.h"

#include "base/memory.h"
#include "engine/stream.h"

enum status viewer_shard_init(struct viewer_shard *self, size_t capacity)
{
    *self = (struct viewer_shard){0};
    return memory_grow(&self->row, &self->capacity, capacity, sizeof *self->row);
}

void viewer_shard_free(struct viewer_shard *self)
{
    memory_free(self->row);
    memory_free(self->origin);
    relation_pool_free(&self->relations);
    reception_free(&self->reception);
    *self = (struct viewer_shard){0};
}

struct viewer *viewer_add(struct viewer_shard *self)
{
    if (memory_grow(&self->row, &self->capacity, self->count + 1, sizeof *self->row) !=
            STATUS_OK ||
        reception_reserve(&self->reception, self->count + 1) != STATUS_OK)
        return NULL;
    return &self->row[self->count++];
}

enum status viewer_add_elsewhere(struct viewer_shard *self, uint32_t ordinal, bool newcomer)
{
    enum status status = memory_grow(&self->origin, &self->origin_room, self->count + 1,
                                     sizeof *self->origin);
    if (status == STATUS_OK)
        self->origin[self->count++] = ordinal | (newcomer ? ORIGIN_NEWCOMER : 0);
    return status;
}

enum status viewer_shard_leave(struct viewer_shard *self)
{
    struct viewer_shard left = {.elsewhere = true, .day = self->day};
    enum status status = STATUS_OK;

    for (size_t i = 0; i < self->count && status == STATUS_OK; i++)
        status = viewer_add_elsewhere(&left, self->row[i].ordinal,
                                      (self->row[i].flags & VIEWER_NEWCOMER) != 0);
    viewer_shard_free(self);
    *self = left;
    return status;
}

uint64_t viewer_birth_name(uint32_t ordinal, bool newcomer)
{
    return name_of(newcomer ? "arrivals" : "viewers", ordinal);
}

static void visit_identity(struct viewer_shard *self, struct visitor *v)
{
    VISIT_FIELD(v, "viewers.ordinal", self->row, self->count, ordinal);
    VISIT_FIELD(v, "viewers.taste", self->row, self->count, taste);
    VISIT_FIELD(v, "viewers.satiation", self->row, self->count, satiation);
    VISIT_FIELD(v, "viewers.rate", self->row, self->count, rate);
    VISIT_FIELD(v, "viewers.habit", self->row, self->count, habit);
    VISIT_FIELD(v, "viewers.expectation", self->row, self->count, expectation);
    VISIT_FIELD(v, "viewers.tip_propensity", self->row, self->count, tip_propensity);
    VISIT_FIELD(v, "viewers.budget", self->row, self->count, budget);
    VISIT_FIELD(v, "viewers.tolerance", self->row, self->count, tolerance);
    VISIT_FIELD(v, "viewers.price_sensitivity", self->row, self->count, price_sensitivity);
    VISIT_FIELD(v, "viewers.income", self->row, self->count, income);
    VISIT_FIELD(v, "viewers.topic", self->row, self->count, topic);
    VISIT_FIELD(v, "viewers.flags", self->row, self->count, flags);
}

static void visit_activity(struct viewer_shard *self, struct visitor *v)
{
    VISIT_MONEY(v, "viewers.purse", self->row, self->count, purse);
    VISIT_FIELD(v, "viewers.last_end", self->row, self->count, last_end);
    VISIT_FIELD(v, "viewers.session", self->row, self->count, session);
    VISIT_FIELD(v, "viewers.joined_day", self->row, self->count, joined_day);
    VISIT_FIELD(v, "viewers.last_day", self->row, self->count, last_day);
    VISIT_FIELD(v, "viewers.sessions_today", self->row, self->count, day_sessions);
    VISIT_FIELD(v, "viewers.list_first", self->row, self->count, relations.first);
    VISIT_FIELD(v, "viewers.list_count", self->row, self->count, relations.count);
    VISIT_FIELD(v, "viewers.list_capacity", self->row, self->count, relations.capacity);
}

static void visit_day(struct viewer_day *day, struct visitor *v)
{
    VISIT_VALUE(v, "viewers.day_sessions", day->sessions);
    VISIT_VALUE(v, "viewers.day_active", day->active);
    VISIT_VALUE(v, "viewers.day_new", day->new_viewers);
    VISIT_VALUE(v, "viewers.day_churned", day->churned);
    VISIT_VALUE(v, "viewers.day_returned", day->returned);
    VISIT_VALUE(v, "viewers.day_shared_arrivals", day->shared_arrivals);
    VISIT_VALUE(v, "viewers.day_impressions", day->impressions);
    VISIT_VALUE(v, "viewers.day_tips", day->tips);
}

/* A newcomer has joined during the run and was not there before. */
static bool days_valid(const struct viewer *v)
{
    return !(v->flags & VIEWER_NEWCOMER) ||
           (v->joined_day >= 0 && (v->last_day == INT16_MIN || v->last_day >= v->joined_day));
}

void viewer_shard_visit(struct viewer_shard *self, struct visitor *v)
{
    uint64_t count = self->count;

    visit_count(v, "viewers.count", &count, UINT32_MAX >> 1);
    if (v->status != STATUS_OK) return;
    if (visit_loading(v)) {
        uint32_t shift = self->reception.shift;
        viewer_shard_free(self);
        v->status = viewer_shard_init(self, count);
        self->reception.shift = shift;
        if (v->status != STATUS_OK) return;
        self->count = count;
    }
    visit_identity(self, v);
    visit_activity(self, v);
    visit_day(&self->day, v);
    reception_visit(&self->reception, self->count, v);
    relation_pool_visit(&self->relations, v);
    if (!visit_loading(v) || v->status != STATUS_OK) return;
    for (size_t i = 0; i < self->count; i++)
        if (!relation_list_valid(&self->relations, &self->row[i].relations) ||
            !days_valid(&self->row[i]))
            v->status = STATUS_BAD_INPUT;
}
