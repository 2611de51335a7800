/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The built-in recommenders: one X-macro line a member, in alphabetical order. */
#ifndef RECOMMEND_RECOMMENDERS_H
#define RECOMMEND_RECOMMENDERS_H

#include "recommend/recommender.h"

#define RECOMMENDER_LIST(X)                                                                    \
    X(recommend_als)                                                                           \
    X(recommend_baseline)                                                                      \
    X(recommend_bpr)                                                                           \
    X(recommend_fm)                                                                            \
    X(recommend_item_knn)                                                                      \
    X(recommend_mf)                                                                            \
    X(recommend_popular)                                                                       \
    X(recommend_random)                                                                        \
    X(recommend_user_knn)

#define RECOMMENDER_EXTERN(name) extern const struct recommender name;
RECOMMENDER_LIST(RECOMMENDER_EXTERN)
#undef RECOMMENDER_EXTERN

#endif
