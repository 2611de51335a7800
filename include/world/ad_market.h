/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The market for places of ads, where segments of advertisers bid for each. Opened by revenue/
 * (stream `ads`), which moves the paces at the close; read by whoever else wants a place.
 *
 * What a place is worth to a segment is uniform up to its value, drawn by who watches what and
 * so the same to all who ask; it bids that times its pace.
 */
#ifndef WORLD_AD_MARKET_H
#define WORLD_AD_MARKET_H

#include "engine/stream.h"
#include "world/ledger.h"

#define SEGMENTS_MOST 16

struct ad_segment { /* "revenue.ads.segments" */
    double value;   /* currency for 1000 impressions, the highest */
    double budget;  /* currency a day */
    int64_t topic;  /* of the videos that it wants; -1 = any */
};

struct ad_market {
    bool open; /* false: places have a fixed price, and the rest means nothing */
    struct stream_key key;
    const struct ad_segment *segment; /* borrowed: dated changes take effect by themselves */
    int32_t count;
    const double *reserve; /* borrowed; currency for 1000 impressions */
    const double *orders;  /* borrowed; what creators' orders of reach bid for as many; NULL
                              = there are none */
    double pace[SEGMENTS_MOST]; /* in [0, 1]; 0 = no money for this window */
};

/* Whether creators' orders of reach bid for the places, too. */
static inline bool ad_market_shared(const struct ad_market *self)
{
    return self->open && self->orders;
}

/* Who watches what. */
struct ad_place {
    uint64_t viewer, video; /* birth names */
    uint8_t topic;
    double factor; /* of the topic, on all values */
};

/* What a segment bids, in micro-units; 0 = nothing. */
static inline double ad_market_bid(const struct ad_market *self, const struct ad_place *place,
                                   int32_t i)
{
    const struct ad_segment *segment = &self->segment[i];
    if (!(self->pace[i] > 0) || (segment->topic >= 0 && segment->topic != place->topic))
        return 0;
    struct stream_words words = stream_block(self->key, place->viewer, name_fold(place->video),
                                             (uint32_t)i);
    return words_uniform(words.word[0], words.word[1]) * segment->value * self->pace[i] *
           place->factor * ((double)MICRO / 1000);
}

/* What a place costs at least, in micro-units. */
static inline double ad_market_reserve(const struct ad_market *self)
{
    return *self->reserve * ((double)MICRO / 1000);
}

/* What somebody has to bid more than for a place, in micro-units: the highest bid of a segment,
 * or the reserve. */
static inline double ad_market_rival(const struct ad_market *self, const struct ad_place *place)
{
    double most = ad_market_reserve(self);
    for (int32_t i = 0; i < self->count; i++) {
        double bid = ad_market_bid(self, place, i);
        if (bid > most) most = bid;
    }
    return most;
}

#endif
