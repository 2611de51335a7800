/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a shared object must export to be loaded with `run : { plugins = ["./mine.so"]; };`.
 *
 *     #include <reelsim/plugin.h>
 *     static const struct ranker mine = { .about = { .name = "mine", ... }, ... };
 *     REELSIM_PLUGINS(REELSIM_PLUGIN("ranker", &mine));
 *
 * Compile with -fPIC -shared -ffp-contract=off and the include folder; nothing needs to be
 * linked. A plug-in gets const tables and its own state, and calls nothing of ours but inline
 * functions. It must keep the promise that the built-in ones keep: a pure function of what it
 * is given.
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

/* Raised whenever a struct in the headers above changes. */
#define REELSIM_ABI 1u

struct reelsim_plugin {
    uint32_t abi;
    uint32_t size; /* of the member's struct: catches a plug-in built against other headers */
    const char *kind;
    const struct member *member;
};

#define REELSIM_PLUGIN(kind_, pointer)                                                         \
    {                                                                                          \
        REELSIM_ABI, sizeof *(pointer), (kind_), &(pointer)->about                             \
    }
/* Exports the list, ended by a row of zeros. */
#define REELSIM_PLUGINS(...)                                                                   \
    __attribute__((                                                                            \
        visibility("default"))) extern const struct reelsim_plugin reelsim_plugins[];          \
    const struct reelsim_plugin reelsim_plugins[] = {__VA_ARGS__, {0, 0, 0, 0}}

#endif
