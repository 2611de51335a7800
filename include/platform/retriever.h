/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Retrievers: sources of candidates for a slate.
 *
 * A source with a reserved share fills that share of the slate's places with the best of its
 * own candidates (a fraction of a place is drawn for); one without competes in the general
 * ranking for the places that are left. The struct of a retriever's parameters starts with
 * struct quota.
 */
#ifndef PLATFORM_RETRIEVER_H
#define PLATFORM_RETRIEVER_H

#include "base/member.h"
#include "platform/request.h"

#define CANDIDATES_MAX 512 /* of one request, all competing sources together */

struct quota {
    double share;       /* of the slate reserved; 0 = none, competes */
    int64_t candidates; /* asked for a request */
};

/* Parameters of a source that goes by groups of viewers start so: counts halve in that time. */
struct group_quota {
    struct quota quota;
    double half_life; /* hours, > 0 */
};

/* Of one that answers queries: what ln(1 + long views) counts beside the cosine of topic and
 * extracted features. */
struct topic_quota {
    struct quota quota;
    double popularity;
};

/* Whose allowances a source uses up: they are counted, and never served past. */
enum allowance_kind { ALLOWANCE_NONE, ALLOWANCE_COLD_START, ALLOWANCE_PROMOTED };

struct retriever {
    struct member about;
    enum source source; /* what the log calls it */
    enum allowance_kind uses;
    unsigned lists; /* enum place_list: those that it reads */
    bool queried;   /* takes part only in requests with a query */
    bool recent;    /* reads request->recent */
    /* Writes the places of at most `most` (>= 1) distinct items, returns how many; for a source
     * that uses allowances also, in `tag`, each one's index in their list. `parameters` is its
     * own block. Gives nothing where it has nothing to say, e.g. without a profile. */
    uint32_t (*retrieve)(const void *parameters, const struct request *request, uint32_t *place,
                         uint32_t *tag, uint32_t most);
    /* Probability that the item is in this slate through this source; NULL = not known. */
    float (*propensity)(const void *parameters, const struct request *request, uint32_t place,
                        double slots);
    /* Exponent of heat in the snapshot's `pull`, which is made only when some retriever in use
     * asks for one above 0 (the last one's counts). NULL = 0. */
    double (*pull)(const void *parameters);
};

#endif
