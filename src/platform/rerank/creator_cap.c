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

static bool limit(const void *parameters, struct pick_limits *limits)
{
    const struct cap_parameters *p = parameters;
    uint32_t most = (uint32_t)p->most;
    if (most < limits->creator_most) limits->creator_most = most;
    return true;
}

const struct reranker rerank_creator_cap = {
    .about = {.name = "creator_cap",
              .doc = "at most so many videos of one creator a slate",
              .reference = "none",
              .parameters = &table},
    .limit = limit,
};
