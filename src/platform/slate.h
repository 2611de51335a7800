/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One slate in the making, for slate.c and for those who look at one outside of sessions
 * (outside.c).
 */
#ifndef PLATFORM_SLATE_H
#define PLATFORM_SLATE_H

#include "core.h"
#include "shortlist.h"

/* Candidates of the ranking, or of one reserved source. Those that rank above a bar are on a
 * list of what may be picked; the bar falls when one below it could be the best. Look.h has the
 * passes over them. */
struct pool {
    uint32_t count;
    float mean; /* of the ranks */
    float bar;
    uint32_t latest; /* where on the list the latest pick stands that comes from it */
    uint32_t told;   /* of the picks: those that have lowered what is on the list */
    float most;      /* the highest score on it then; SCORE_NEVER = none */
    uint8_t origin[CANDIDATES_MAX]; /* retriever of each */
    uint32_t place[CANDIDATES_MAX];
    uint32_t tag[CANDIDATES_MAX];
    float rank[CANDIDATES_MAX]; /* as the ranker gave it */
    float open[CANDIDATES_MAX]; /* the same, SCORE_NEVER of what is not to be listed */
    uint32_t creator[CANDIDATES_MAX];
    uint32_t word[CANDIDATES_MAX]; /* topic, flags, marks of the item, from bit 0 on */
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
    float weight;              /* of the product of vectors, of a linear ranker */
    struct picks picks;
    struct pick_limits limits;
    struct pick_rule rule[SLATE_MAX]; /* of each pick, by the limits */
    uint32_t hearing;                 /* bit k: reranker k hears of each pick */
    bool full;                        /* of the latest pick's creator there may be no more */
    uint32_t reserved;                /* of the picks, by reserved sources: they come first */
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
/* The vector that products are taken with, by the floats of the scheme's learner, which is
 * there; whether it says something. */
bool slate_query(const struct scheme *scheme, const float *learned, struct packed16 *query);
/* The request of m->session, whose row is feed's; m->size entries are wanted. */
void slate_open(struct platform *self, struct making *m, const struct feed *feed);
/* What the viewer was shown: from its row to m->request.seen. */
void slate_open_seen(struct platform *self, struct making *m, const struct feed *feed);
/* What m->weight is for m->request. */
float slate_weight(const struct making *m);
/* Scores of n places, as the ranker gives them. */
void slate_score(const struct making *m, const uint32_t *place, size_t n, float *score);
/* Gathers, ranks and picks; false when there is nothing to show. */
bool slate_fill(struct platform *self, struct making *m);
/* Where each pick goes: order[position] = pick. */
void slate_arrange(struct making *m, uint8_t *order);

#endif
