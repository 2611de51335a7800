/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Built-in members of the platform's kinds: one line a member, one file a member.
 */
#ifndef PLATFORM_MEMBERS_H
#define PLATFORM_MEMBERS_H

#include "platform/platform.h"

#define RETRIEVER_LIST(X)                                                                      \
    X(retrieve_content)                                                                        \
    X(retrieve_follow)                                                                         \
    X(retrieve_trending)                                                                       \
    X(retrieve_cold_start)                                                                     \
    X(retrieve_explore)                                                                        \
    X(retrieve_promoted)                                                                       \
    X(retrieve_collaborative)                                                                  \
    X(retrieve_search)                                                                         \
    X(retrieve_local)                                                                          \
    X(retrieve_item_to_item)

#define RANKER_LIST(X)                                                                         \
    X(rank_random)                                                                             \
    X(rank_popular)                                                                            \
    X(rank_trending)                                                                           \
    X(rank_chronological)                                                                      \
    X(rank_epsilon_greedy)                                                                     \
    X(rank_ucb)                                                                                \
    X(rank_thompson)                                                                           \
    X(rank_content)                                                                            \
    X(rank_linucb)                                                                             \
    X(rank_fm)                                                                                 \
    X(rank_multi_objective)                                                                    \
    X(rank_long_term)                                                                          \
    X(rank_bpr)                                                                                \
    X(rank_mf)                                                                                 \
    X(rank_als)                                                                                \
    X(rank_item_knn)                                                                           \
    X(rank_user_knn)                                                                           \
    X(rank_oracle)

#define RERANKER_LIST(X)                                                                       \
    X(rerank_no_repeats)                                                                       \
    X(rerank_creator_cap)                                                                      \
    X(rerank_diversity)                                                                        \
    X(rerank_dpp)                                                                              \
    X(rerank_calibration)                                                                      \
    X(rerank_fairness)                                                                         \
    X(rerank_provider_boost)                                                                   \
    X(rerank_staff_boost)

#define LEARNER_LIST(X)                                                                        \
    X(learn_content)                                                                           \
    X(learn_linucb)                                                                            \
    X(learn_arms)                                                                              \
    X(learn_bpr)                                                                               \
    X(learn_fm)                                                                                \
    X(learn_multi_objective)                                                                   \
    X(learn_long_term)                                                                         \
    X(learn_mf)                                                                                \
    X(learn_als)                                                                               \
    X(learn_item_knn)                                                                          \
    X(learn_user_knn)

#define RETRIEVER_DECLARE(name) extern const struct retriever name;
#define RANKER_DECLARE(name) extern const struct ranker name;
#define RERANKER_DECLARE(name) extern const struct reranker name;
#define LEARNER_DECLARE(name) extern const struct learner name;
RETRIEVER_LIST(RETRIEVER_DECLARE)
RANKER_LIST(RANKER_DECLARE)
RERANKER_LIST(RERANKER_DECLARE)
LEARNER_LIST(LEARNER_DECLARE)

#endif
