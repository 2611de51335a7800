/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rerankers: rules about the slate as a whole. They run in the scenario's order, at two
 * moments.
 */
#ifndef PLATFORM_RERANKER_H
#define PLATFORM_RERANKER_H

#include "platform/request.h"
#include "world/member.h"

/* What the platform keeps of what a viewer was shown: two generations of a Bloom filter of 192
 * bits (aging Bloom filter). Byte b says in bit 0 and 1 in which generation bit b is set. */
struct seen_view {
    const uint8_t *mark; /* [192] */
};

static inline bool seen_item(const struct seen_view *seen, const struct item *item)
{
    return (seen->mark[item->mark[0]] & seen->mark[item->mark[1]]) != 0;
}

struct reranker {
    struct member about;
    /* Before the best are taken: may lower scores (SCORE_NEVER drops). May be NULL. */
    void (*screen)(const void *parameters, const struct request *request,
                   const struct seen_view *seen, const uint32_t *place, size_t n, float *score);
    /* An item has been put in the slate (also by a reserved source): lowers what resembles it.
     * `taken` are the places in the slate so far, the new one last. May be NULL. */
    void (*chosen)(const void *parameters, const struct request *request, const uint32_t *taken,
                   size_t n, struct shortlist *list);
};

#endif
