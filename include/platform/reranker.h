/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rerankers: rules about the slate as a whole. Some keep an item out whatever else is shown,
 * others lower scores in view of what the slate holds already. A slate is filled one by one,
 * always with the highest score, of equal ones the first.
 */
#ifndef PLATFORM_RERANKER_H
#define PLATFORM_RERANKER_H

#include "base/member.h"
#include "base/vector8.h"
#include "platform/request.h"
#include "platform/retriever.h"

/* What is in the slate so far, in the order in which it was taken. */
struct picks {
    uint32_t count;
    uint32_t place[SLATE_MAX]; /* in the snapshot */
    uint32_t creator[SLATE_MAX];
    uint32_t topic[SLATE_MAX];
};

#define LIST_LANES 8u
#define LIST_ROOM (CANDIDATES_MAX + LIST_LANES)

/* The items that may be picked next, in no order. The arrays are filled up to a multiple of
 * LIST_LANES with items that are out. */
struct shortlist {
    uint32_t count;
    float spread;                /* standard deviation of all candidates' ranks */
    uint32_t index[LIST_ROOM];   /* among the candidates */
    uint32_t place[LIST_ROOM];   /* in the snapshot */
    float score[LIST_ROOM];      /* what the next pick goes by */
    float rank[LIST_ROOM];       /* as the ranker gave it */
    uint32_t creator[LIST_ROOM]; /* of the item, as its topic: most rules go by them */
    uint32_t topic[LIST_ROOM];
};

/* What most rules come to. The slate sees to it itself, in the pass in which it looks for the
 * next pick. */
struct pick_limits {
    uint32_t creator_most; /* items of one creator in a slate */
    float topic_cost;      /* sd of the list's ranks by which an item is lowered whose topic is
                              in the slate */
};

/* A mark of videos beside those of enum video_mark: when it came out, its creator was one of
 * those whom staff lift. */
#define VIDEO_LIFTED 128

/* Grade, in marks of videos, of a creator without a record when it came out; kept apart from
 * the middle one where a reranker goes by grades. */
#define VIDEO_GRADE_NEW 3

struct reranker {
    struct member about;
    bool graded; /* goes by the creators' grades in videos' marks, which must be kept */
    bool lifted; /* goes by VIDEO_LIFTED in them */
    bool seen;   /* `screen` is seen_item and no more: where no other screens, items are looked
                    at while they are listed, and it is not called */
    /* Keeps items out or back: sets the scores of those among n places to SCORE_NEVER, or
     * lowers them. May be NULL. */
    void (*screen)(const void *parameters, const struct request *request, const uint32_t *place,
                   size_t n, float *score);
    /* Narrows the limits of the slate at hand, once for each slate. True when that
     * says it all: then `chosen` is not called. May be NULL. */
    bool (*limit)(const void *parameters, struct pick_limits *limits);
    /* Pick number `latest` is in the slate: lowers what it makes less welcome (SCORE_NEVER
     * takes out). It must never raise a score, and being told of one pick twice must do no more
     * than once: a list that grows hears of all picks again. May be NULL. */
    void (*chosen)(const void *parameters, const struct request *request,
                   const struct picks *picks, uint32_t latest, struct shortlist *list);
};

#endif
