/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One slate in the making, for slate.c and for those who look at one outside of sessions
 * (outside.c).
 */
#ifndef PLATFORM_SLATE_H
#define PLATFORM_SLATE_H

#include "core.h"

/* Candidates of the ranking, or of one reserved source. Those that rank above a bar are on a
 * list of what may be picked; the bar falls when one below it could be the best. */
struct pool {
    uint32_t count;
    float mean; /* of the ranks */
    float bar;
    uint8_t origin[CANDIDATES_MAX]; /* retriever of each */
    uint32_t place[CANDIDATES_MAX];
    uint32_t tag[CANDIDATES_MAX];
    float rank[CANDIDATES_MAX]; /* as the ranker gave it */
    struct shortlist list;
};

/* What a reserved source has found, before it is ranked. */
struct found {
    uint32_t count, place[CANDIDATES_MAX], tag[CANDIDATES_MAX];
};

/* One slate in the making: a thread's scratch. */
struct making {
    struct request request;
    struct stream draw;
    struct session *session;
    const struct rules *rules; /* of the viewer's arm */
    float *learned;            /* what the learner holds of it; NULL = no learner */
    uint32_t size;             /* entries wanted */
    bool subscribes;           /* the viewer, to someone: asked when videos may be exclusive */
    struct picks picks;
    uint32_t reserved; /* of the picks, by reserved sources: they come first */
    uint16_t propensity[SLATE_MAX];
    uint8_t source[SLATE_MAX];
    float given[SLATE_MAX], picked[SLATE_MAX]; /* scores of the picks: by the ranker, at last */
    uint32_t slots[STAGES_MAX];                /* reserved, by retriever */
    struct found found[STAGES_MAX];
    struct pool ranked, few;
    float bias[CLUSTERS_MAX], score[CLUSTERS_MAX];
    int32_t near[CLUSTERS_MAX];
};

/* What holds for the viewer of that birth name. */
const struct rules *slate_rules(const struct platform *self, uint64_t name);
/* The vector that products are taken with; whether it says something. */
bool slate_query(const struct platform *self, const float *learned, struct packed16 *query);
/* The request of m->session, whose row is feed's; m->size entries are wanted. */
void slate_open(struct platform *self, struct making *m, const struct feed *feed);
/* What the viewer was shown: from its row to m->request.seen. */
void slate_open_seen(struct platform *self, struct making *m, const struct feed *feed);
/* Scores of n places, as the ranker gives them. */
void slate_score(const struct platform *self, const struct making *m, const uint32_t *place,
                 size_t n, float *score);
/* Gathers, ranks and picks; false when there is nothing to show. */
bool slate_fill(struct platform *self, struct making *m);
/* Where each pick goes: order[position] = pick. */
void slate_arrange(struct making *m, uint8_t *order);

#endif
