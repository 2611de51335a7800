/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A profile and nothing else: videos are what their extracted features say.
 */
#include "profile.h"

struct content_parameters {
    struct profile_parameters profile;
};

static const struct schema_row rows[] = {
    PROFILE_ROWS(struct content_parameters, NULL, "ndcg_true", -1)};
static const struct schema_table table = {.prefix = "platform.learn.content",
                                          .size = sizeof(struct content_parameters),
                                          SCHEMA_ROWS(rows)};

const struct learner learn_content = {
    .about = {.name = "content",
              .doc = "profile: weighted running mean of the features watched",
              .reference = "Rocchio 1971, Relevance feedback in information retrieval",
              .parameters = &table},
    .feature_space = true,
    .viewer_lanes = PROFILE_END,
    .session_floats = PROFILE_END,
    .open = profile_open,
    .known = profile_known,
    .acted = profile_acted,
    .close = profile_close,
};
