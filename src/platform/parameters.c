/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parameters.h"

#include "platform/platform.h"

#define AT(type, member) .offset = offsetof(struct type, member)

static const struct schema_row platform_rows_[] = {
    {.path = "ranker", .type = SCHEMA_TEXT, .unit = "1", .initial = "\"content\"",
     .choices = "ranker", .meaning = "what order candidates are shown in",
     .source = "MODEL 4", .when = SCHEMA_START, .moves = "ndcg_true", .sign = -1,
     .from = "\"content\"", .to = "\"random\"", AT(platform_parameters, ranker)},
    {.path = "retrievers", .type = SCHEMA_NAMES, .unit = "1",
     .initial = "[\"content\", \"follow\", \"trending\", \"cold_start\", \"explore\", "
                "\"promoted\"]",
     .choices = "retriever", .meaning = "sources of candidates", .source = "MODEL 4",
     .when = SCHEMA_START, .moves = "impressions_follow", .sign = -1,
     .from = "[\"content\", \"follow\", \"cold_start\"]", .to = "[\"content\", \"cold_start\"]",
     AT(platform_parameters, retrievers)},
    {.path = "rerankers", .type = SCHEMA_NAMES, .unit = "1",
     .initial = "[\"no_repeats\", \"creator_cap\", \"diversity\"]", .choices = "reranker",
     .meaning = "rules about a slate as a whole, in order", .source = "MODEL 4",
     .when = SCHEMA_START, .moves = "hash", .sign = 0, .from = "[\"no_repeats\"]",
     .to = "[\"no_repeats\", \"creator_cap\", \"diversity\"]",
     AT(platform_parameters, rerankers)},
    {.path = "slate", .type = SCHEMA_INT, .unit = "videos", .low = 1, .high = SLATE_MAX,
     .initial = "8", .meaning = "videos handed out a request", .source = "V REC (about 10)",
     .when = SCHEMA_WINDOW, .moves = "hash", .sign = 0, .from = "8", .to = "4",
     AT(platform_parameters, slate)},
    {.path = "refresh", .type = SCHEMA_FLOAT, .unit = "min", .low = 0, .high = 1e5,
     .initial = "10", .meaning = "time between two snapshots; at least a window",
     .source = "A", .plausible_low = 1, .plausible_high = 60, .when = SCHEMA_START,
     .moves = "hash", .sign = 0, .from = "10", .to = "1440", AT(platform_parameters, refresh)},
    {.path = "staleness", .type = SCHEMA_FLOAT, .unit = "min", .low = 0, .high = 2880,
     .initial = "0", .meaning = "age of the snapshot that is served beyond the refresh",
     .source = "A", .plausible_low = 0, .plausible_high = 60, .when = SCHEMA_START,
     .moves = "hash", .sign = 0, .from = "0", .to = "720", AT(platform_parameters, staleness)},
    {.path = "clusters", .type = SCHEMA_INT, .unit = "1", .low = 1, .high = 1024,
     .initial = "256", .meaning = "clusters of the content index, at most one for 32 videos",
     .source = "A", .plausible_low = 64, .plausible_high = 512, .when = SCHEMA_START,
     .moves = "hash", .sign = 0, AT(platform_parameters, clusters)},
    {.path = "profile_live", .type = SCHEMA_BOOL, .unit = "1", .initial = "true",
     .meaning = "profiles follow a viewer's acts within the window, not at its end",
     .source = "A", .when = SCHEMA_WINDOW, .moves = "hash", .sign = 0, .from = "true",
     .to = "false", AT(platform_parameters, profile_live)},
    {.path = "extraction_noise", .type = SCHEMA_FLOAT, .unit = "1", .low = 0, .high = 20,
     .initial = "0.3",
     .meaning = "length of the noise on extracted features, the content's being 1",
     .source = "A", .plausible_low = 0.1, .plausible_high = 1, .when = SCHEMA_WINDOW,
     .moves = "ndcg_true", .sign = -1, .from = "0.1", .to = "3",
     AT(platform_parameters, extraction_noise)},
    {.path = "heat_half_life", .type = SCHEMA_FLOAT, .unit = "h", .low = 0.1, .high = 10000,
     .initial = "12", .meaning = "half-life of acts in a video's heat", .source = "A",
     .plausible_low = 3, .plausible_high = 48, .when = SCHEMA_START, .moves = "hash",
     .sign = 0, AT(platform_parameters, heat_half_life)},
};
const struct schema_table platform_table = {
    .prefix = "platform", .size = sizeof(struct platform_parameters), SCHEMA_ROWS(platform_rows_)};

static const struct schema_row pools_rows[] = {
    {.path = "tiers", .type = SCHEMA_FLOATS, .unit = "impressions", .low = 1, .high = 1e9,
     .initial = "[300.0, 3000.0, 10000.0, 100000.0, 1000000.0]",
     .meaning = "sizes of the traffic pools, rising; those above 20 % of the audience are merged",
     .source = "V2 POOL", .plausible_low = 200, .plausible_high = 1000, .when = SCHEMA_START,
     .moves = "impressions_cold_start", .sign = 1,
     .from = "[50.0, 3000.0, 10000.0]", .to = "[300.0, 3000.0, 10000.0]",
     AT(pools_parameters, tiers)},
    {.path = "pass", .type = SCHEMA_FLOATS, .unit = "1", .low = 0, .high = 1,
     .initial = "[0.19, 0.38, 0.07, 0.12]",
     .meaning = "share of a pool's videos that go on to the next; the last value repeats",
     .source = "D POOL at sigma 2.07", .plausible_low = 0.05, .plausible_high = 0.5,
     .when = SCHEMA_WINDOW, .moves = "impressions_cold_start", .sign = 1, .from = "[0.02]",
     .to = "[0.6]", AT(pools_parameters, pass)},
    {.path = "weights", .type = SCHEMA_FLOATS, .unit = "1", .low = 0, .high = 1000,
     .initial = "[1.0, 5.0, 10.0, 20.0, 20.0]",
     .meaning = "what a completion, like, comment, share, follow is worth in score and heat",
     .source = "A", .plausible_low = 0.5, .plausible_high = 50, .when = SCHEMA_WINDOW,
     .moves = "hash", .sign = 0, .from = "[1.0, 0.0, 0.0, 0.0, 0.0]",
     .to = "[1.0, 5.0, 10.0, 20.0, 20.0]", AT(pools_parameters, weights)},
    {.path = "hours", .type = SCHEMA_FLOAT, .unit = "h", .low = 0.1, .high = 8760,
     .initial = "24", .meaning = "time over which a guarantee is paced",
     .source = "D from pool 1", .when = SCHEMA_WINDOW, .moves = "hash", .sign = 0,
     .from = "24", .to = "6", AT(pools_parameters, hours)},
    {.path = "guarantee", .type = SCHEMA_FLOAT, .unit = "1", .low = 0, .high = 1,
     .initial = "0.1", .meaning = "share of a higher pool's impressions that is guaranteed",
     .source = "A", .plausible_low = 0, .plausible_high = 0.5, .when = SCHEMA_WINDOW,
     .moves = "impressions_cold_start", .sign = 1, .from = "0", .to = "0.5",
     AT(pools_parameters, guarantee)},
    {.path = "paid_weight", .type = SCHEMA_FLOAT, .unit = "1", .low = 0, .high = 1,
     .initial = "0.5", .meaning = "weight of a paid impression in a pool's score",
     .source = "V2 DOU, size A", .plausible_low = 0, .plausible_high = 1,
     .when = SCHEMA_WINDOW, .moves = "hash", .sign = 0, .needs = "growth.channels=paid_boost",
     AT(pools_parameters, paid_weight)},
};
const struct schema_table pools_table = {
    .prefix = "platform.pools", .size = sizeof(struct pools_parameters), SCHEMA_ROWS(pools_rows)};

static const struct schema_row moderation_rows[] = {
    {.path = "recall", .type = SCHEMA_FLOAT, .unit = "1", .low = 0, .high = 1,
     .initial = "0.9", .meaning = "share of violating videos that are caught",
     .source = "A (TTM)", .plausible_low = 0.7, .plausible_high = 0.99, .when = SCHEMA_WINDOW,
     .moves = "hash", .sign = 0, .from = "0", .to = "0.99", AT(moderation_parameters, recall)},
    {.path = "precision", .type = SCHEMA_FLOAT, .unit = "1", .low = 0.01, .high = 1,
     .initial = "0.95", .meaning = "share of removals that are right", .source = "D TTM",
     .plausible_low = 0.8, .plausible_high = 0.99, .when = SCHEMA_WINDOW, .moves = "hash",
     .sign = 0, .from = "0.05", .to = "0.99", AT(moderation_parameters, precision)},
    {.path = "prevalence", .type = SCHEMA_FLOAT, .unit = "1", .low = 0, .high = 0.5,
     .initial = "0.012", .meaning = "share of violating uploads that the thresholds are set for",
     .source = "D TTM", .plausible_low = 0.005, .plausible_high = 0.03, .when = SCHEMA_WINDOW,
     .moves = "hash", .sign = 0, .from = "0", .to = "0.3", AT(moderation_parameters, prevalence)},
    {.path = "automatic", .type = SCHEMA_FLOAT, .unit = "1", .low = 0, .high = 1,
     .initial = "0.727", .meaning = "share of removals made before anybody saw the video",
     .source = "V TTM", .when = SCHEMA_WINDOW, .moves = "hash", .sign = 0, .from = "0",
     .to = "1", AT(moderation_parameters, automatic)},
    {.path = "delay", .type = SCHEMA_FLOAT, .unit = "h", .low = 0.01, .high = 8760,
     .initial = "10.5", .meaning = "mean time until a human has decided (exponential)",
     .source = "D TTM", .when = SCHEMA_WINDOW, .moves = "hash", .sign = 0, .from = "1",
     .to = "72", AT(moderation_parameters, delay)},
    {.path = "reinstated", .type = SCHEMA_FLOAT, .unit = "1", .low = 0, .high = 1,
     .initial = "0.046", .meaning = "share of removals undone on appeal; only wrong ones are",
     .source = "V TTM", .when = SCHEMA_WINDOW, .moves = "hash", .sign = 0, .from = "0",
     .to = "0.05", AT(moderation_parameters, reinstated)},
    {.path = "appeal_delay", .type = SCHEMA_FLOAT, .unit = "h", .low = 0.01, .high = 8760,
     .initial = "24", .meaning = "mean time until an appeal is decided (exponential)",
     .source = "A", .plausible_low = 6, .plausible_high = 168, .when = SCHEMA_WINDOW,
     .moves = "hash", .sign = 0, .needs = "platform.moderation.precision=0.5",
     AT(moderation_parameters, appeal_delay)},
};
const struct schema_table moderation_table = {.prefix = "platform.moderation",
                                              .size = sizeof(struct moderation_parameters),
                                              SCHEMA_ROWS(moderation_rows)};

static const struct schema_row catalogue_rows[] = {
    {.path = "days", .type = SCHEMA_FLOAT, .unit = "d", .low = 0.1, .high = 36500,
     .initial = "30", .meaning = "age at which a video leaves the active catalogue",
     .source = "A (V2 Trendpop: 55 % of views by day 7)", .plausible_low = 14,
     .plausible_high = 90, .when = SCHEMA_WINDOW, .moves = "active_videos", .sign = 1,
     .from = "4", .to = "30", AT(catalogue_parameters, days)},
    {.path = "cold", .type = SCHEMA_FLOAT, .unit = "1", .low = 0, .high = 1e6,
     .initial = "0.05", .meaning = "heat below which a video past its pools leaves early",
     .source = "A", .plausible_low = 0, .plausible_high = 1, .when = SCHEMA_WINDOW,
     .moves = "active_videos", .sign = -1, .from = "0", .to = "1000",
     AT(catalogue_parameters, cold)},
    {.path = "cold_days", .type = SCHEMA_FLOAT, .unit = "d", .low = 0, .high = 36500,
     .initial = "3", .meaning = "age from which a cold video may leave", .source = "A",
     .plausible_low = 1, .plausible_high = 14, .when = SCHEMA_WINDOW, .moves = "active_videos",
     .sign = 1, .needs = "platform.catalogue.cold=1000", AT(catalogue_parameters, cold_days)},
};
const struct schema_table catalogue_table = {.prefix = "platform.catalogue",
                                             .size = sizeof(struct catalogue_parameters),
                                             SCHEMA_ROWS(catalogue_rows)};

static const struct schema_row slots_rows[] = {
    {.path = "load", .type = SCHEMA_FLOAT, .unit = "1", .low = 0, .high = 1, .initial = "0.08",
     .meaning = "share of impressions with an ad", .source = "D KS+KR, load M",
     .plausible_low = 0.05, .plausible_high = 0.15, .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_VIEWER, .moves = "ad_impressions", .sign = 1, .from = "0.05",
     .to = "0.15", AT(slots_parameters, load)},
};
const struct schema_table slots_table = {
    .prefix = "platform.ads", .size = sizeof(struct slots_parameters), SCHEMA_ROWS(slots_rows)};

const struct schema_table *const platform_tables[] = {
    &platform_table, &pools_table, &moderation_table, &catalogue_table, &slots_table, NULL};
