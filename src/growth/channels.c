/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "parts.h"

/* One line a built-in channel. */
#define CHANNEL_LIST(X)                                                                        \
    X(channel_social_share)                                                                    \
    X(channel_search)                                                                          \
    X(channel_paid_boost)                                                                      \
    X(channel_cross_platform)                                                                  \
    X(channel_notification)                                                                    \
    X(channel_livestream)                                                                      \
    X(channel_offline_event)                                                                   \
    X(channel_collaboration)

#define CHANNEL_DECLARE(name) extern const struct channel name;
CHANNEL_LIST(CHANNEL_DECLARE)
#define CHANNEL_MEMBER(name) &name.about,
const struct member *const growth_channels[] = {CHANNEL_LIST(CHANNEL_MEMBER) NULL};

/* States of two shards never share a cache line. */
static size_t state_stride(const struct channel *channel)
{
    return (channel->about.state_size + 63) / 64 * 64;
}

static enum status open_desks(struct growth *self, size_t i)
{
    const struct channel *channel = self->channel[i];
    const struct schema_table *table = channel->about.parameters;
    uint32_t shards = self->world->shards.count;
    self->desks[i] = memory_alloc(shards, sizeof(*self->desks[i]));
    self->states[i] = memory_alloc(shards, state_stride(channel));
    if (!self->desks[i] || !self->states[i]) return STATUS_NO_MEMORY;
    for (uint32_t s = 0; s < shards; s++) {
        struct channel_desk *desk = &self->desks[i][s];
        *desk = (struct channel_desk){
            .channel = channel,
            .parameters = table ? parameters_block(self->world->parameters, table->prefix)
                                : NULL,
            .world = self->world,
            .state = (char *)self->states[i] + s * state_stride(channel),
            .followers = channel->follows ? &self->shards[s].followers : NULL,
            .uses = self->uses,
            .shard = s,
            .index = (uint8_t)i};
        enum status status = channel->open ? channel->open(desk) : STATUS_OK;
        if (status) return status;
    }
    return STATUS_OK;
}

enum status channels_open(struct growth *self, struct errors *errors)
{
    const struct name_list *names = &self->parameters->channels;
    const struct registries *registries = self->world->registries;
    const struct registry *registry = registry_kind(registries, "channel");
    enum status status = registry_known(registries, "channel", names, "growth.channels",
                                        errors);
    for (size_t m = 0; registry && m < registry->count && !status; m++) {
        const struct member *member = registry->member[m];
        if (name_list_find(names, member->name) < 0) continue;
        if (self->count == LEDGER_CHANNELS_MAX)
            return errors_add(errors, STATUS_BAD_INPUT,
                              "growth.channels: more than %d channels", LEDGER_CHANNELS_MAX);
        self->channel[self->count] = (const struct channel *)member;
        self->name[self->count] = member->name;
        self->follows |= self->channel[self->count]->follows;
        status = open_desks(self, self->count++);
    }
    const struct registry_users users = {"channels", "growth.channels", self->name,
                                         self->count};
    return status ? status : registry_uses(self->world->parameters, &users, self->uses, errors);
}

void channels_close(struct growth *self)
{
    for (size_t i = 0; i < self->count; i++) {
        for (uint32_t s = 0; self->desks[i] && s < self->world->shards.count; s++)
            if (self->channel[i]->release && self->desks[i][s].channel)
                self->channel[i]->release(&self->desks[i][s]);
        memory_free(self->desks[i]);
        memory_free(self->states[i]);
    }
}

static void settle_task(void *context, uint32_t shard, uint32_t thread)
{
    struct growth *self = context;
    (void)thread;
    for (size_t i = 0; i < self->count; i++) {
        struct channel_desk *desk = &self->desks[i][shard];
        if (desk->fault || !self->channel[i]->settle) continue;
        book_act(&self->world->creators[shard].book,
                 money_act(MONEY_SETTLED, self->world->close));
        desk->fault = self->channel[i]->settle(desk);
    }
}

enum status channels_settle(struct growth *self)
{
    team_run(self->world->team, self->world->shards.count, settle_task, self);
    for (size_t i = 0; i < self->count; i++) {
        for (uint32_t s = 0; s < self->world->shards.count; s++)
            if (self->desks[i][s].fault) return self->desks[i][s].fault;
        if (!self->channel[i]->close) continue;
        enum status status = self->channel[i]->close(self->desks[i], self->world->shards.count);
        if (status) return status;
    }
    return STATUS_OK;
}
