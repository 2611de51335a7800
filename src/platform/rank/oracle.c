/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The true expected match of viewer and video, which no platform knows: the upper bound of what
 * ranking can do with the same candidates. Candidates too are found by true taste and content.
 */
#include "platform/ranker.h"

static void score(const void *parameters, const struct request *request, const uint32_t *place,
                  size_t n, float *out)
{
    const struct truth_door *truth = request->truth;
    (void)parameters;
    for (size_t i = 0; i < n; i++)
        out[i] = truth->match(truth->self, request->viewer,
                              request->snapshot->item[place[i]].video);
}

const struct ranker rank_oracle = {
    .about = {.name = "oracle",
              .doc = "reads the truth: expected match of viewer and video, an upper bound",
              .reference = "none"},
    .omniscient = true,
    .score = score,
};
