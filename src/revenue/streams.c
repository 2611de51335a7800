/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "parts.h"

/* One line a built-in stream. */
#define STREAM_LIST(X)                                                                         \
    X(stream_ads)                                                                              \
    X(stream_tips)                                                                             \
    X(stream_subscription)                                                                     \
    X(stream_creator_fund)                                                                     \
    X(stream_commerce)                                                                         \
    X(stream_course)                                                                           \
    X(stream_sponsor)                                                                          \
    X(stream_group_buy)                                                                        \
    X(stream_collectible)                                                                      \
    X(stream_elsewhere)

#define STREAM_DECLARE(name) extern const struct revenue_stream name;
STREAM_LIST(STREAM_DECLARE)
#define STREAM_MEMBER(name) &name.about,
const struct member *const revenue_streams[] = {STREAM_LIST(STREAM_MEMBER) NULL};

/* States of two shards never share a cache line. */
static size_t state_stride(const struct revenue_stream *stream)
{
    return (stream->about.state_size + 63) / 64 * 64;
}

static enum status open_desks(struct revenue *self, size_t i)
{
    const struct revenue_stream *stream = self->stream[i];
    uint32_t shards = self->world->shards.count;
    const struct schema_table *table = stream->about.parameters;
    self->desks[i] = memory_alloc(shards, sizeof(*self->desks[i]));
    self->states[i] = memory_alloc(shards, state_stride(stream));
    if (!self->desks[i] || !self->states[i]) return STATUS_NO_MEMORY;
    for (uint32_t s = 0; s < shards; s++) {
        struct stream_desk *desk = &self->desks[i][s];
        *desk = (struct stream_desk){
            .stream = stream,
            .parameters = table ? parameters_block(self->world->parameters, table->prefix)
                                : NULL,
            .other = table ? arms_block(&self->world->arms, self->world->parameters,
                                        table->prefix)
                           : NULL,
            .common = self->parameters,
            .world = self->world,
            .till = &self->tills[s],
            .state = (char *)self->states[i] + s * state_stride(stream),
            .shard = s,
            .index = (uint8_t)i,
            .planner = (uint8_t)(self->planners - (stream->due != NULL))};
        enum status status = stream->open ? stream->open(desk) : STATUS_OK;
        if (status) return status;
    }
    return STATUS_OK;
}

static bool keeps_budgets(const struct revenue *self, size_t i)
{
    return self->stream[i]->budgets && self->stream[i]->budgets(self->desks[i]) >= 0;
}

enum status streams_open(struct revenue *self, struct errors *errors)
{
    const struct name_list *names = &self->parameters->streams;
    const struct registries *registries = self->world->registries;
    const struct registry *registry = registry_kind(registries, "stream");
    enum status status = registry_known(registries, "stream", names, "revenue.streams", errors);
    for (size_t m = 0; registry && m < registry->count && !status; m++) {
        const struct member *member = registry->member[m];
        if (name_list_find(names, member->name) < 0) continue;
        if (self->count == LEDGER_STREAMS_MAX)
            return errors_add(errors, STATUS_BAD_INPUT, "revenue.streams: more than %d streams",
                              LEDGER_STREAMS_MAX);
        self->stream[self->count] = (const struct revenue_stream *)member;
        self->name[self->count] = member->name;
        if (self->stream[self->count]->due && self->planners == STREAM_PLANNERS_MAX)
            return errors_add(errors, STATUS_BAD_INPUT,
                              "revenue.streams: more than %d of them plan for viewers",
                              STREAM_PLANNERS_MAX);
        if (self->stream[self->count]->due)
            self->planner[self->planners++] = (uint8_t)self->count;
        status = open_desks(self, self->count++);
        if (!status && keeps_budgets(self, self->count - 1))
            self->buyers |= (uint16_t)(1u << (self->count - 1));
    }
    return status;
}

enum status streams_cohorts(struct revenue *self, struct errors *errors)
{
    const struct registry_users users = {"streams", "revenue.streams", self->name, self->count};
    return registry_uses(self->world->parameters, &users, self->uses, errors);
}

void streams_close(struct revenue *self)
{
    for (size_t i = 0; i < self->count; i++) {
        for (uint32_t s = 0; self->desks[i] && s < self->world->shards.count; s++)
            if (self->stream[i]->release && self->desks[i][s].stream)
                self->stream[i]->release(&self->desks[i][s]);
        memory_free(self->desks[i]);
        memory_free(self->states[i]);
    }
}
