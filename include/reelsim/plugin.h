/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a shared object must export to be loaded with `run : { plugins = ["./mine.so"]; };`.
 *
 *     #include <reelsim/plugin.h>
 *     static const struct ranker mine = { .about = { .name = "mine", ... }, ... };
 *     REELSIM_PLUGINS(REELSIM_PLUGIN("ranker", &mine));
 *
 * Compile with -fPIC -shared -ffp-contract=off and the include folder, as plugins/template/
 * does; nothing needs to be linked: the functions that these headers declare are found in the
 * program. A path without a slash is searched for like any shared library, one with a slash
 * from the folder that the program was started in.
 *
 * A plug-in gets const tables and its own state. It must keep the promise that the built-in
 * ones keep: a pure function of what it is given, without state of its own elsewhere, without
 * libm's exp, log, pow, sin and the like (base/maths.h has them), drawing random numbers only
 * from the streams of engine/stream.h.
 */
#ifndef REELSIM_PLUGIN_H
#define REELSIM_PLUGIN_H

#include "creators/strategy.h"
#include "growth/channel.h"
#include "measure/metric.h"
#include "platform/learner.h"
#include "platform/ranker.h"
#include "platform/reranker.h"
#include "platform/retriever.h"
#include "revenue/stream.h"
#include "viewers/choice.h"

/* Raised whenever a struct or a function in the headers above changes its meaning. */
#define REELSIM_ABI 2u
/* A plug-in built against other headers is refused: the sizes of what it looks into, and of the
 * member's struct. */
#define REELSIM_LAYOUT                                                                         \
    ((uint32_t)(sizeof(struct request) + 3 * sizeof(struct snapshot) +                         \
                5 * sizeof(struct item_facts) + 7 * sizeof(struct shortlist) +                 \
                11 * sizeof(struct feed) + 13 * sizeof(struct moment) +                        \
                17 * sizeof(struct world) + 19 * sizeof(struct viewer) +                       \
                23 * sizeof(struct creator) + 29 * sizeof(struct video) +                      \
                31 * sizeof(struct video_counters) + 37 * sizeof(struct impression) +          \
                41 * sizeof(struct topics) + 43 * sizeof(struct strategy_view) +               \
                47 * sizeof(struct channel_desk) + 53 * sizeof(struct stream_desk) +           \
                59 * sizeof(struct till) + 61 * sizeof(struct metric_view) +                   \
                67 * sizeof(struct choice_scene) + 71 * sizeof(struct schema_row) +            \
                73 * sizeof(struct schema_table) + 79 * sizeof(struct parameters) +            \
                83 * sizeof(struct stream) + 89 * sizeof(struct kernels)))

struct reelsim_plugin {
    uint32_t abi;
    uint32_t layout;
    uint32_t size; /* of the member's struct */
    const char *kind;
    const struct member *member;
};

#define REELSIM_PLUGIN(kind_, pointer)                                                         \
    {                                                                                          \
        REELSIM_ABI, REELSIM_LAYOUT, sizeof *(pointer), (kind_), &(pointer)->about             \
    }
/* Exports the list, ended by a row of zeros. */
#define REELSIM_PLUGINS(...)                                                                   \
    __attribute__((                                                                            \
        visibility("default"))) extern const struct reelsim_plugin reelsim_plugins[];          \
    const struct reelsim_plugin reelsim_plugins[] = {__VA_ARGS__, {0, 0, 0, 0, 0}}

#endif
