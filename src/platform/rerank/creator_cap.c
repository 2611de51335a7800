/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * At most so many videos of one creator a slate.
 */
#include "platform/reranker.h"

struct cap_parameters {
    int64_t most;
};

static const struct schema_row rows[] = {
    {.path = "most",
     .type = SCHEMA_INT,
     .unit = "videos",
     .low = 1,
     .high = SLATE_MAX,
     .initial = "1",
     .meaning = "videos of one creator in a slate",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 3,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER,
     .moves = "impressions_follow",
     .sign = -1,
     .from = "1",
     .to = "8",
     .offset = offsetof(struct cap_parameters, most)},
};
static const struct schema_table table = {.prefix = "platform.rerank.creator_cap",
                                          .size = sizeof(struct cap_parameters),
                                          SCHEMA_ROWS(rows)};

/* How many of the picks are the creator's. */
static uint32_t times(const struct picks *picks, uint32_t latest, uint32_t creator)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < SLATE_MAX; i++) /* all, as one vector: no branch to guess */
        count += (picks->creator[i] == creator) & (i <= latest);
    return count;
}

static void chosen(const void *parameters, const struct request *request,
                   const struct picks *picks, uint32_t latest, struct shortlist *list)
{
    const struct cap_parameters *p = parameters;
    uint32_t creator = picks->creator[latest];
    (void)request;
    if (p->most == 1 || times(picks, latest, creator) >= p->most)
        shortlist_drop(list, list->creator, creator);
}

const struct reranker rerank_creator_cap = {
    .about = {.name = "creator_cap",
              .doc = "at most so many videos of one creator a slate",
              .reference = "none",
              .parameters = &table},
    .chosen = chosen,
};
