/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request for a slate, as retrievers, rankers and rerankers see it.
 *
 * All pointers are borrowed and const but for `draw`: a stream of random numbers that belongs
 * to this request alone, so how much one stage takes of it moves nobody else's.
 */
#ifndef PLATFORM_REQUEST_H
#define PLATFORM_REQUEST_H

#include "base/kernels.h"
#include "engine/stream.h"
#include "platform/snapshot.h"
#include "world/service.h"
#include "world/topics.h"

/* Impressions of an item that this viewer shard may still serve in this window: guaranteed to a
 * new video, or paid for. */
struct allowance {
    uint32_t place; /* of the item in the snapshot */
    uint32_t left;  /* > 0 */
    uint32_t topic; /* for viewers with this interest only; UINT32_MAX = anyone */
};

/* The truth, for rankers that say they read it (struct ranker, `omniscient`). NULL for all
 * others. */
struct truth_door {
    void *self;
    /* Taste of a viewer, content of a video. */
    void (*taste)(void *self, uint32_t viewer, struct packed16 *out);
    void (*content)(void *self, uint32_t video, struct packed16 *out);
    /* Asks memory for the rows of videos that `match` will read. */
    void (*fetch)(void *self, const uint32_t *video, size_t n);
    /* Expected match of a viewer and a video, without the pair's noise. */
    float (*match)(void *self, uint32_t viewer, uint32_t video);
};

/* What the platform keeps of what a viewer was shown: two generations of a Bloom filter of
 * SEEN_BITS bits (aging Bloom filter), filled up with zeros. */
#define SEEN_BITS 176
struct seen_view {
    uint32_t young[8], old[8];
};

static inline uint32_t seen_bit(const uint32_t *generation, uint8_t mark)
{
    return generation[mark >> 5] >> (mark & 31) & 1;
}

/* True for an item that the viewer has seen lately, and for one in five or so of the others. */
static inline bool seen_item(const struct seen_view *seen, const struct item *item)
{
    const uint8_t *mark = item->mark;
    uint32_t young = seen_bit(seen->young, mark[0]) & seen_bit(seen->young, mark[1]);
    uint32_t old = seen_bit(seen->old, mark[0]) & seen_bit(seen->old, mark[1]);
    return (young | old) != 0;
}

/* The last videos that pleased a viewer in the session at hand, newest first: those whose
 * reward was above a usual one, as learners may see it. By number and tag: some may have left.
 */
#define RECENT_MAX 4
struct recent {
    uint32_t count;
    uint32_t video[RECENT_MAX];
    uint16_t tag[RECENT_MAX];
};

struct request {
    const struct snapshot *snapshot;
    const struct kernels *kernels;
    const struct topics *topics;
    const struct feed *feed;
    uint32_t size;                /* places of the slate; 0 outside of sessions */
    float spread;                 /* standard deviation of the ranks of those screened */
    const float *session;         /* the learner's floats; the first 16 are the viewer's vector;
                                     NULL when the ranker has no learner */
    const float *common;          /* what the learner keeps for all; NULL = nothing */
    const struct packed16 *query; /* the viewer's vector, as products are taken with it */
    bool personal;                /* the query says something: false for viewers who gave no
                                     consent, opted out, or are not known yet */
    bool feature_space;           /* vectors are extracted features: topics compare with them */
    const uint16_t *nearest; /* the viewer's best clusters, best first; NULL if not personal */
    uint32_t nearest_count;
    const struct allowance *cold_start, *promoted; /* of this viewer shard */
    uint32_t cold_start_count, promoted_count;
    const struct recent *recent; /* NULL: no retriever asks, or nobody may know */
    struct seen_view seen;
    const struct truth_door *truth;
    uint32_t viewer; /* number, for the truth door only */
    uint32_t region; /* of the viewer, if a source asks for lists by region; else 0 */
    struct stream *draw;
};

/* A score that keeps an item out of the slate. */
#define SCORE_NEVER (-1e30f)

/* SCORE_NEVER when `out`, else the score; without a branch. */
static inline float score_unless(bool out, float score)
{
    const float never = SCORE_NEVER;
    uint32_t bits, never_bits;

    memcpy(&bits, &score, sizeof bits);
    memcpy(&never_bits, &never, sizeof never_bits);
    bits ^= (bits ^ never_bits) & (0u - (uint32_t)out);
    memcpy(&score, &bits, sizeof score);
    return score;
}

#endif
