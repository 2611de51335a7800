/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The true expected match of viewer and video, which no platform knows: the upper bound of what
 * ranking can do with the same candidates. Candidates too are found by true taste and content.
 */
#include "platform/ranker.h"

#define BLOCK 32 /* rows that are asked for before the first of them is read */

static void score(const void *parameters, const struct request *request, const uint32_t *place,
                  size_t n, float *out)
{
    const struct truth_door *truth = request->truth;
    (void)parameters;
    const struct item *item = request->snapshot->item;
    for (size_t first = 0; first < n; first += BLOCK) {
        size_t count = n - first < BLOCK ? n - first : BLOCK;
        uint32_t video[BLOCK];
        for (size_t i = 0; i < count; i++) __builtin_prefetch(&item[place[first + i]].video);
        for (size_t i = 0; i < count; i++) video[i] = item[place[first + i]].video;
        truth->fetch(truth->self, video, count);
        for (size_t i = 0; i < count; i++)
            out[first + i] = truth->match(truth->self, request->viewer, video[i]);
    }
}

const struct ranker rank_oracle = {
    .about = {.name = "oracle",
              .doc = "reads the truth: expected match of viewer and video, an upper bound",
              .reference = "none"},
    .omniscient = true,
    .score = score,
};
