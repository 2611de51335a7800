/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Promotion orders: impressions that somebody has paid for. Written by growth/, read by
 * platform/ when it deals the next window's allowances, counted down in the video phase. One
 * list a shard.
 */
#ifndef WORLD_BOOST_H
#define WORLD_BOOST_H

#include "base/visit.h"
#include "engine/time.h"

struct boost {
    uint64_t name;    /* of the video: rotates allowances */
    uint32_t video;   /* number */
    uint32_t creator; /* row in this shard */
    int64_t price;    /* micro-units an impression */
    int64_t escrow;   /* micro-units still held; price * left */
    uint32_t left;    /* impressions not yet served */
    uint32_t topic;   /* targeting: viewers with this interest; UINT32_MAX = anyone */
    sim_time ends;    /* no allowance is dealt at or after it; what is left goes back later */
    uint8_t channel;  /* index of the growth channel */
    uint8_t padding[7];
};

struct boost_shard {
    struct boost *row; /* owned; in order of ordering */
    size_t count, capacity;
};

void boost_shard_free(struct boost_shard *self);
/* Room for so many more rows, so that boost_add inside a window allocates nothing. */
enum status boost_reserve(struct boost_shard *self, size_t rows) MUST_CHECK;
/* A zeroed row at the end; rows move. */
struct boost *boost_add(struct boost_shard *self); /* NULL = no memory */
void boost_shard_visit(struct boost_shard *self, struct visitor *v);

#endif
