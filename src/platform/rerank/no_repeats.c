/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nothing twice: what is in the viewer's seen list does not come again. The list remembers the
 * last 50 to 100 videos; it may take a new video for a seen one (at most every third), never
 * the reverse.
 */
#include "platform/reranker.h"

static void screen(const void *parameters, const struct request *request, const uint32_t *place,
                   size_t n, float *score)
{
    const struct item *restrict item = request->snapshot->item;
    const struct seen_view *restrict seen = &request->seen;
    (void)parameters;
    for (size_t i = 0; i < n; i++) /* half of them are: no branch would guess it */
        score[i] = score_unless(seen_item(seen, &item[place[i]]), score[i]);
}

const struct reranker rerank_no_repeats = {
    .about = {.name = "no_repeats",
              .doc = "no video that the viewer was shown lately",
              .reference = "Yoon 2010, Aging Bloom filter, doi 10.1109/TKDE.2009.136"},
    .seen = true,
    .screen = screen,
};
