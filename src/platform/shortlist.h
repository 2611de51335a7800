/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The passes over a list of items that may be picked: what a pick takes from the others, and
 * which of them is the best. No branch in them depends on scores.
 */
#ifndef PLATFORM_SHORTLIST_H
#define PLATFORM_SHORTLIST_H

#include "platform/reranker.h"

/* What a pick takes from the list. */
struct pick_rule {
    uint32_t place;   /* this item, which is in the slate now */
    uint32_t creator; /* the items of this creator; ENTITY_NONE = of nobody */
    uint32_t topic;   /* an item of this topic ends `cost` below its rank, or lower */
};

/* What n >= 0 picks take from the items from `first` on, and from some before them. Returns the
 * highest score that these have left, SCORE_NEVER when there is none. */
float shortlist_lower(struct shortlist *list, uint32_t first, const struct pick_rule *rule,
                      uint32_t n, float cost);
/* The same of the one pick that stands at `at`, on all of the list; `creator`: with all items
 * of its creator. */
float shortlist_pick(struct shortlist *list, uint32_t at, bool creator, float cost);
/* The highest score of all. */
float shortlist_highest(const struct shortlist *list);

/* The first item that has this score, which one has. */
uint32_t shortlist_find(const struct shortlist *list, float score);

/* Puts items that are out behind the list, up to a multiple of LIST_LANES. */
static inline void shortlist_fill_up(struct shortlist *list)
{
    for (uint32_t i = list->count; i % LIST_LANES; i++) list->score[i] = SCORE_NEVER;
}

#endif
