/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of growth/, shared by its files.
 */
#ifndef GROWTH_PARTS_H
#define GROWTH_PARTS_H

#include "cascades.h"
#include "followers.h"
#include "growth/growth.h"

struct growth_parameters { /* "growth" */
    struct name_list channels;
};

struct cascade_parameters { /* "growth.cascades" */
    double silence;
    int64_t least;
};

/* What one shard keeps for all channels. */
struct growth_shard {
    struct cascades cascades;
    size_t busiest; /* most shares that came in a window: room for more is made at the close */
    enum status fault;          /* the first failure inside a window */
    struct followers followers; /* empty unless a channel in use asks */
};

struct growth {
    struct world *world; /* borrowed */
    struct growth_services services;
    const struct growth_parameters *parameters;
    const struct cascade_parameters *cascades;
    struct growth_shard *shards; /* owned; [shards] */
    sim_time before;             /* of the sweep that runs */
    /* channels in use, by number */
    const struct channel *channel[LEDGER_CHANNELS_MAX];
    const char *name[LEDGER_CHANNELS_MAX];
    struct channel_desk *desks[LEDGER_CHANNELS_MAX]; /* owned; [shards] each */
    void *states[LEDGER_CHANNELS_MAX];               /* owned */
    size_t count;
    uint16_t uses[SCHEMA_NAMES_MAX]; /* by creator cohort: bit i = its creators use channel i */
    bool follows;                    /* one of them looks followers up */
};

/* channels.c: finds the channels in use and opens their desks. */
enum status channels_open(struct growth *self, struct errors *errors) MUST_CHECK;
void channels_close(struct growth *self);
/* The close of each channel, shard by shard. */
enum status channels_settle(struct growth *self) MUST_CHECK;

#endif
