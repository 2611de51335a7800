/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A score drawn anew for every request: the baseline that the others are held against.
 */
#include "platform/ranker.h"

static void score(const void *parameters, const struct request *request, const uint32_t *place,
                  size_t n, float *out)
{
    (void)parameters;
    (void)place;
    for (size_t i = 0; i < n; i++) out[i] = word_uniformf(stream_word(request->draw));
}

const struct ranker rank_random = {
    .about = {.name = "random", .doc = "any order, drawn a request", .reference = "none"},
    .score = score,
};
