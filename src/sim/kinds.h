/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kinds of plug-in: X(kind, built-in table, struct). One line a kind.
 */
#ifndef SIM_KINDS_H
#define SIM_KINDS_H

#include "creators/creators.h"
#include "creators/strategy.h"
#include "growth/channel.h"
#include "growth/growth.h"
#include "measure/measure.h"
#include "measure/metric.h"
#include "platform/learner.h"
#include "platform/platform.h"
#include "platform/ranker.h"
#include "platform/reranker.h"
#include "platform/retriever.h"
#include "revenue/revenue.h"
#include "revenue/stream.h"
#include "viewers/choice.h"
#include "viewers/viewers.h"

#define KIND_LIST(X)                                                                           \
    X("choice", viewers_choices, struct choice)                                                \
    X("retriever", platform_retrievers, struct retriever)                                      \
    X("ranker", platform_rankers, struct ranker)                                               \
    X("reranker", platform_rerankers, struct reranker)                                         \
    X("learner", platform_learners, struct learner)                                            \
    X("strategy", creators_strategies, struct strategy)                                        \
    X("channel", growth_channels, struct channel)                                              \
    X("stream", revenue_streams, struct revenue_stream)                                        \
    X("metric", measure_metrics, struct metric)

#endif
