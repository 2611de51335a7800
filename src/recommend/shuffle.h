/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A random order of ids. */
#ifndef RECOMMEND_SHUFFLE_H
#define RECOMMEND_SHUFFLE_H

#include "engine/stream.h"

/* Any order is as likely (Fisher & Yates; Durstenfeld 1964, CACM 7). */
static inline void shuffle_order(struct stream *s, uint32_t *order, uint32_t n)
{
    for (; n > 1; n--) {
        uint32_t j = stream_below(s, n), swap = order[n - 1];
        order[n - 1] = order[j];
        order[j] = swap;
    }
}

#endif
