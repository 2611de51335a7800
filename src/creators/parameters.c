/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "boost_rows.h"
#include "parts.h"
#include "technology_rows.h"

/* The rows of a cohort serve twice: as the scalars `creators.*` and in the list
 * `creators.cohorts`, whose groups take what they do not give from the scalars. */
#define COHORT_ROWS(at)                                                                        \
    {.path = "count",                                                                          \
     .type = SCHEMA_INT,                                                                       \
     .unit = "creators",                                                                       \
     .low = 0,                                                                                 \
     .high = 1e8,                                                                              \
     .initial = "1000",                                                                        \
     .meaning = "initial creators (of the cohort)",                                            \
     .source = "scenario; 5 % of viewers: V2 WANG",                                            \
     .plausible_low = 100,                                                                     \
     .plausible_high = 1e6,                                                                    \
     .moves = "posts",                                                                         \
     .sign = 1,                                                                                \
     .from = "50",                                                                             \
     .to = "150",                                                                              \
     .offset = at(count)},                                                                     \
        {.path = "topic",                                                                      \
         .type = SCHEMA_TEXT,                                                                  \
         .unit = "1",                                                                          \
         .initial = "\"any\"",                                                                 \
         .meaning = "home topic by name; any = drawn by audience",                             \
         .source = "scenario",                                                                 \
         .moves = "topic_entropy",                                                             \
         .sign = -1,                                                                           \
         .from = "\"any\"",                                                                    \
         .to = "\"cooking\"",                                                                  \
         .offset = at(topic)},                                                                 \
        {.path = "strategy",                                                                   \
         .type = SCHEMA_TEXT,                                                                  \
         .unit = "1",                                                                          \
         .choices = "strategy",                                                                \
         .initial = "\"explore_exploit\"",                                                     \
         .meaning = "how plans are made",                                                      \
         .source = "V LIND",                                                                   \
         .moves = "sd videos.commercial",                                                      \
         .sign = 1,                                                                            \
         .needs = "creators.review_days=0.25 creators.explore_exploit.epsilon=0.9 "            \
                  "creators.production.commercial_sd=0.0 run.days=4 viewers.count=200",        \
         .from = "\"static\"",                                                                 \
         .to = "\"explore_exploit\"",                                                          \
         .offset = at(strategy)},                                                              \
        {.path = "streams",                                                                    \
         .type = SCHEMA_NAMES,                                                                 \
         .unit = "1",                                                                          \
         .initial = "[]",                                                                      \
         .choices = "stream",                                                                  \
         .meaning = "revenue streams that they use, of those in use; [] = all of them",        \
         .source = "scenario",                                                                 \
         .moves = "creator_income",                                                            \
         .sign = -1,                                                                           \
         .from = "[]",                                                                         \
         .to = "[\"tips\"]",                                                                   \
         .needs = "revenue.ads.cpm=1000.0 revenue.ads.min_followers=0 "                        \
                  "revenue.ads.min_views=0",                                                   \
         .offset = at(streams)},                                                               \
        {.path = "channels",                                                                   \
         .type = SCHEMA_NAMES,                                                                 \
         .unit = "1",                                                                          \
         .initial = "[]",                                                                      \
         .choices = "channel",                                                                 \
         .meaning = "growth channels that they use, of those in use; [] = all of them. "       \
                    "Sharing is up to viewers: [\"social_share\"] = none of their own",        \
         .source = "scenario",                                                                 \
         .moves = "impressions_promoted",                                                      \
         .sign = -1,                                                                           \
         .from = "[]",                                                                         \
         .to = "[\"social_share\"]",                                                           \
         .needs = "creators.boost=0.5 creators.review_days=0.25 "                              \
                  "growth.paid_boost.min_spend=0.0 revenue.ads.cpm=1000.0 "                    \
                  "revenue.ads.min_followers=0 revenue.ads.min_views=0",                       \
         .offset = at(channels)},                                                              \
        {.path = "skill",                                                                      \
         .type = SCHEMA_FLOAT,                                                                 \
         .unit = "1",                                                                          \
         .low = 0.02,                                                                          \
         .high = 0.98,                                                                         \
         .initial = "0.6",                                                                     \
         .meaning = "mean skill: the quality that unbounded effort reaches",                   \
         .source = "A",                                                                        \
         .plausible_low = 0.4,                                                                 \
         .plausible_high = 0.8,                                                                \
         .moves = "videos.quality",                                                            \
         .sign = 1,                                                                            \
         .from = "0.3",                                                                        \
         .to = "0.8",                                                                          \
         .offset = at(skill)},                                                                 \
        {.path = "skill_sd",                                                                   \
         .type = SCHEMA_FLOAT,                                                                 \
         .unit = "1",                                                                          \
         .low = 0,                                                                             \
         .high = 0.5,                                                                          \
         .initial = "0.15",                                                                    \
         .meaning = "sd of skill",                                                             \
         .source = "A",                                                                        \
         .plausible_low = 0.05,                                                                \
         .plausible_high = 0.25,                                                               \
         .moves = "sd videos.quality",                                                         \
         .sign = 1,                                                                            \
         .from = "0",                                                                          \
         .to = "0.2",                                                                          \
         .offset = at(skill_sd)},                                                              \
        {.path = "hours",                                                                      \
         .type = SCHEMA_FLOAT,                                                                 \
         .unit = "h/week",                                                                     \
         .low = 0.1,                                                                           \
         .high = 100,                                                                          \
         .initial = "8",                                                                       \
         .meaning = "median hours a week that go into videos",                                 \
         .source = "A",                                                                        \
         .plausible_low = 4,                                                                   \
         .plausible_high = 20,                                                                 \
         .moves = "videos.quality",                                                            \
         .sign = 1,                                                                            \
         .from = "1",                                                                          \
         .to = "16",                                                                           \
         .offset = at(hours)},                                                                 \
        {.path = "hours_sigma",                                                                \
         .type = SCHEMA_FLOAT,                                                                 \
         .unit = "1",                                                                          \
         .low = 0,                                                                             \
         .high = 3,                                                                            \
         .initial = "0.6",                                                                     \
         .meaning = "sd of the logarithm of the hours",                                        \
         .source = "A",                                                                        \
         .plausible_low = 0.3,                                                                 \
         .plausible_high = 1,                                                                  \
         .moves = "sd videos.quality",                                                         \
         .sign = 1,                                                                            \
         .from = "0",                                                                          \
         .to = "1",                                                                            \
         .offset = at(hours_sigma)},                                                           \
        {.path = "followers",                                                                  \
         .type = SCHEMA_FLOAT,                                                                 \
         .unit = "followers",                                                                  \
         .low = 0,                                                                             \
         .high = 1e8,                                                                          \
         .initial = "100",                                                                     \
         .meaning = "median pull on followers at the start: follows go to creators by it",     \
         .source = "V2 follower pyramid; median A",                                            \
         .plausible_low = 10,                                                                  \
         .plausible_high = 1000,                                                               \
         .moves = "creators.followers",                                                        \
         .sign = 1,                                                                            \
         .from = "0",                                                                          \
         .to = "1000",                                                                         \
         .offset = at(followers)},                                                             \
        {.path = "followers_sigma",                                                            \
         .type = SCHEMA_FLOAT,                                                                 \
         .unit = "1",                                                                          \
         .low = 0,                                                                             \
         .high = 4,                                                                            \
         .initial = "2",                                                                       \
         .meaning = "sd of the logarithm of followers",                                        \
         .source = "V2 follower pyramid",                                                      \
         .plausible_low = 1.5,                                                                 \
         .plausible_high = 2.7,                                                                \
         .moves = "sd creators.followers",                                                     \
         .sign = 1,                                                                            \
         .from = "0.5",                                                                        \
         .to = "2.5",                                                                          \
         .offset = at(followers_sigma)},                                                       \
        {.path = "videos_per_week",                                                            \
         .type = SCHEMA_FLOAT,                                                                 \
         .unit = "1/week",                                                                     \
         .low = 0,                                                                             \
         .high = 40,                                                                           \
         .initial = "2",                                                                       \
         .meaning = "mean videos a week; 0 = never publishes",                                 \
         .source = "V RIQ",                                                                    \
         .moves = "posts",                                                                     \
         .sign = 1,                                                                            \
         .from = "1",                                                                          \
         .to = "3",                                                                            \
         .offset = at(videos_per_week)},                                                       \
        {.path = "videos_sigma",                                                               \
         .type = SCHEMA_FLOAT,                                                                 \
         .unit = "1",                                                                          \
         .low = 0,                                                                             \
         .high = 3,                                                                            \
         .initial = "0.8",                                                                     \
         .meaning = "sd of the logarithm of the videos a week, at one following",              \
         .source = "D RIQ (30 % below 1 a week)",                                              \
         .moves = "sd creators.posts",                                                         \
         .sign = 1,                                                                            \
         .from = "0",                                                                          \
         .to = "1.2",                                                                          \
         .offset = at(videos_sigma)},                                                          \
        {.path = "commercial",                                                                 \
         .type = SCHEMA_FLOAT,                                                                 \
         .unit = "1",                                                                          \
         .low = 0,                                                                             \
         .high = 1,                                                                            \
         .initial = "0.2",                                                                     \
         .meaning = "mean commercial intensity at the start",                                  \
         .source = "A",                                                                        \
         .plausible_low = 0.05,                                                                \
         .plausible_high = 0.4,                                                                \
         .moves = "videos.commercial",                                                         \
         .sign = 1,                                                                            \
         .from = "0.1",                                                                        \
         .to = "0.6",                                                                          \
         .offset = at(commercial)},                                                            \
        {.path = "exclusive",                                                                  \
         .type = SCHEMA_FLOAT,                                                                 \
         .unit = "1",                                                                          \
         .low = 0,                                                                             \
         .high = 1,                                                                            \
         .initial = "0.2",                                                                     \
         .meaning = "share of videos for subscribers only, at the start; nothing without the " \
                    "stream subscription",                                                     \
         .source = "A",                                                                        \
         .plausible_low = 0,                                                                   \
         .plausible_high = 0.5,                                                                \
         .moves = "impressions",                                                               \
         .sign = -1,                                                                           \
         .from = "0",                                                                          \
         .to = "1",                                                                            \
         .needs = "revenue.streams=[\"subscription\"]",                                        \
         .offset = at(exclusive)},                                                             \
        {.path = "boost",                                                                      \
         .type = SCHEMA_FLOAT,                                                                 \
         .unit = "1",                                                                          \
         .low = 0,                                                                             \
         .high = 1,                                                                            \
         .initial = "0.1",                                                                     \
         .meaning = "share of income saved for promotion and spent on it",                     \
         .source = "A",                                                                        \
         .plausible_low = 0,                                                                   \
         .plausible_high = 0.3,                                                                \
         .moves = "impressions_promoted",                                                      \
         .sign = 1,                                                                            \
         .from = "0",                                                                          \
         .to = "0.5",                                                                          \
         .needs = "growth.channels=[\"paid_boost\"] creators.review_days=0.25 "                \
                  "growth.paid_boost.min_spend=0.0 revenue.ads.cpm=1000.0 "                    \
                  "revenue.ads.min_followers=0 revenue.ads.min_views=0",                       \
         .offset = at(boost)},                                                                 \
        BOOST_ROWS(at) TECHNOLOGY_ROWS(at){.path = "aspiration",                               \
                                           .type = SCHEMA_FLOAT,                               \
                                           .unit = "currency/week",                            \
                                           .low = 0.01,                                        \
                                           .high = 1e6,                                        \
                                           .initial = "50",                                    \
                                           .meaning = "median income that they hope for",      \
                                           .source = "A",                                      \
                                           .plausible_low = 10,                                \
                                           .plausible_high = 500,                              \
                                           .moves = "creators.morale",                         \
                                           .sign = -1,                                         \
                                           .from = "5",                                        \
                                           .to = "500",                                        \
                                           .offset = at(aspiration)},

#define ALL(member) offsetof(struct creators_parameters, all.member)
#define AT(member) .offset = offsetof(struct creators_parameters, member)
static const struct schema_row scalar_rows[] = {
    COHORT_ROWS(ALL){.path = "backlog_days",
                     .type = SCHEMA_FLOAT,
                     .unit = "d",
                     .low = 0,
                     .high = 365,
                     .initial = "10",
                     .meaning = "days before the start from which videos are there",
                     .source = "A",
                     .plausible_low = 5,
                     .plausible_high = 30,
                     .moves = "active_videos",
                     .sign = 1,
                     .from = "3",
                     .to = "14",
                     AT(backlog_days)},
    {.path = "review_days",
     .type = SCHEMA_FLOAT,
     .unit = "d",
     .low = 0.1,
     .high = 365,
     .initial = "7",
     .meaning = "time between two reviews of the strategy",
     .source = "A",
     .plausible_low = 3,
     .plausible_high = 30,
     .when = SCHEMA_WINDOW,
     .moves = "sd videos.commercial",
     .sign = -1,
     .from = "0.25",
     .to = "7",
     .needs = "creators.production.commercial_sd=0.0 run.days=4 viewers.count=200",
     AT(review_days)},
    {.path = "follower_elasticity",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = -1,
     .high = 1,
     .initial = "0.2",
     .meaning = "elasticity of videos a week to followers",
     .source = "V RIQ",
     .when = SCHEMA_WINDOW,
     .moves = "r creators.followers,posts",
     .sign = 1,
     .from = "0",
     .to = "1",
     .needs = "creators.review_days=0.5 run.days=4",
     AT(follower_elasticity)},
    {.path = "breadth",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 2,
     .initial = "0.8",
     .meaning = "weight of a second topic in the expertise, at most",
     .source = "A",
     .plausible_low = 0.2,
     .plausible_high = 1,
     .moves = "videos.quality",
     .sign = -1,
     .from = "0",
     .to = "1.5",
     AT(breadth)},
};
#undef AT

#define COHORT(member) offsetof(struct cohort, member)
static const struct schema_row cohort_rows[] = {
    COHORT_ROWS(COHORT){.path = "name",
                        .type = SCHEMA_TEXT,
                        .unit = "1",
                        .initial = "\"cohort\"",
                        .meaning = "its name: what tables and comparisons call it",
                        .source = "scenario",
                        .moves = "rows",
                        .from = "\"one\"",
                        .to = "\"other\"",
                        .offset = COHORT(name)},
};

#define AT(member) .offset = offsetof(struct production_parameters, member)
static const struct schema_row production_rows[] = {
    {.path = "effort_scale",
     .type = SCHEMA_FLOAT,
     .unit = "h",
     .low = 0.05,
     .high = 100,
     .initial = "2",
     .meaning = "hours e0 at which 63 % of the skill is reached",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 6,
     .when = SCHEMA_WINDOW,
     .moves = "videos.quality",
     .sign = -1,
     .from = "0.5",
     .to = "6",
     AT(effort_scale)},
    {.path = "quality_sd",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 0.5,
     .initial = "0.12",
     .meaning = "sd of a video's quality around its effort's",
     .source = "A",
     .plausible_low = 0.05,
     .plausible_high = 0.25,
     .when = SCHEMA_WINDOW,
     .moves = "sd videos.quality",
     .sign = 1,
     .from = "0",
     .to = "0.2",
     AT(quality_sd)},
    {.path = "away",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.3",
     .meaning = "skill lost on a topic that the expertise has nothing in common with",
     .source = "A",
     .plausible_low = 0.1,
     .plausible_high = 0.6,
     .when = SCHEMA_WINDOW,
     .moves = "videos.quality",
     .sign = -1,
     .from = "0",
     .to = "1",
     AT(away)},
    {.path = "duration_median",
     .type = SCHEMA_FLOAT,
     .unit = "s",
     .low = 3,
     .high = 3600,
     .initial = "25",
     .meaning = "median length of a video (China-like: 81)",
     .source = "V STEEL, KR-A",
     .when = SCHEMA_WINDOW,
     .moves = "videos.duration_s",
     .sign = 1,
     .from = "10",
     .to = "80",
     AT(duration_median)},
    {.path = "duration_sigma",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 3,
     .initial = "0.9",
     .meaning = "sd of the logarithm of the length",
     .source = "A",
     .plausible_low = 0.6,
     .plausible_high = 1.2,
     .when = SCHEMA_WINDOW,
     .moves = "sd videos.duration_s",
     .sign = 1,
     .from = "0.1",
     .to = "1.2",
     AT(duration_sigma)},
    {.path = "commercial_sd",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.1",
     .meaning = "sd of commercial intensity over creators, and over a creator's "
                "videos",
     .source = "A",
     .plausible_low = 0.05,
     .plausible_high = 0.2,
     .moves = "sd videos.commercial",
     .sign = 1,
     .from = "0",
     .to = "0.2",
     AT(commercial_sd)},
    {.path = "spread",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "0.6",
     .meaning = "how far videos lie from their topic: length of the random part "
                "of the content against the topic's 1",
     .source = "A",
     .plausible_low = 0.3,
     .plausible_high = 1.2,
     .when = SCHEMA_WINDOW,
     .moves = "play_7s_rate",
     .sign = 1,
     .from = "0.1",
     .to = "1.5",
     AT(spread)},
    {.path = "style",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "0.25",
     .meaning = "weight of the creator's expertise in the content",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 0.6,
     .when = SCHEMA_WINDOW,
     .moves = "auc_true",
     .sign = 1,
     .from = "0",
     .to = "5",
     AT(style)},
    {.path = "regularity",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0.2,
     .high = 100,
     .initial = "2",
     .meaning = "shape of the gamma gaps between videos: 1 = Poisson, more = "
                "nearer to a calendar",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 5,
     .when = SCHEMA_WINDOW,
     .moves = "active_videos",
     .sign = -1,
     .from = "1",
     .to = "10",
     AT(regularity)},
    {.path = "violations",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.012",
     .meaning = "share of videos that break the rules, before topic's risk",
     .source = "D TTM",
     .when = SCHEMA_WINDOW,
     .moves = "reports",
     .sign = 1,
     .from = "0",
     .to = "0.3",
     .needs = "viewers.weibull.report=0.002 platform.moderation.recall=0.0",
     AT(violations)},
    {.path = "ai_share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.005",
     .meaning = "share of videos made with AI tools, by who can pay for them",
     .source = "V STEEL",
     .when = SCHEMA_WINDOW,
     .moves = "videos.quality",
     .sign = 1,
     .from = "0",
     .to = "0.9",
     AT(ai_share)},
    {.path = "ar_share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0",
     .meaning = "share of videos in AR/VR, by who can pay for it",
     .source = "scenario; off by default",
     .when = SCHEMA_WINDOW,
     .moves = "videos.quality",
     .sign = 1,
     .from = "0",
     .to = "0.9",
     .needs = "creators.production.ar.quality=2.0 creators.production.ar.speed=1.0 "
              "creators.production.ar.cost=0.0",
     AT(ar_share)},
};
#undef AT

#define AT(member) .offset = offsetof(struct response_parameters, member)
/* Creators who would all publish alike, twice a day, and look at their reach every six hours.
 */
#define ALIKE                                                                                  \
    "creators.review_days=0.25 creators.videos_per_week=14.0 creators.videos_sigma=0.0 "       \
    "run.days=4 viewers.count=150"
static const struct schema_row response_rows[] = {
    {.path = "share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.2",
     .meaning = "share of creators whose output follows attention",
     .source = "V MUM; size A",
     .plausible_low = 0.1,
     .plausible_high = 0.4,
     .moves = "sd creators.posts",
     .sign = 1,
     .from = "0",
     .to = "1",
     .needs = ALIKE " creators.response.strong=2.0 creators.response.weak=0.0 "
                    "creators.response.alpha=0.0",
     AT(share)},
    {.path = "strong",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 2,
     .initial = "0.3",
     .meaning = "elasticity of their videos a week to attention a video",
     .source = "V ZENG, MUM; size A",
     .plausible_low = 0.1,
     .plausible_high = 0.6,
     .moves = "sd creators.posts",
     .sign = 1,
     .from = "0",
     .to = "1",
     .needs = ALIKE " creators.response.share=1.0 creators.response.alpha=0.0",
     AT(strong)},
    {.path = "weak",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 2,
     .initial = "0.02",
     .meaning = "elasticity of the others",
     .source = "V MUM; size A",
     .plausible_low = 0,
     .plausible_high = 0.1,
     .moves = "sd creators.posts",
     .sign = 1,
     .from = "0",
     .to = "1",
     .needs = ALIKE " creators.response.share=0.0 creators.response.alpha=0.0",
     AT(weak)},
    {.path = "alpha",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.1",
     .meaning = "step a review of what attention is taken for granted",
     .source = "V LIND; size A",
     .plausible_low = 0.05,
     .plausible_high = 0.3,
     .when = SCHEMA_WINDOW,
     .moves = "sd creators.posts",
     .sign = -1,
     .from = "0",
     .to = "1",
     .needs = ALIKE " creators.response.share=1.0 creators.response.strong=1.0",
     AT(alpha)},
};
#undef AT
#undef ALIKE

#define AT(member) .offset = offsetof(struct life_parameters, member)
static const struct schema_row life_rows[] = {
    {.path = "exit_new",
     .type = SCHEMA_FLOAT,
     .unit = "1/month",
     .low = 0,
     .high = 1,
     .initial = "0.1",
     .meaning = "chance that a new creator leaves in a month",
     .source = "V2; hazard A",
     .plausible_low = 0.05,
     .plausible_high = 0.2,
     .when = SCHEMA_WINDOW,
     .moves = "active_creators",
     .sign = -1,
     .from = "0",
     .to = "1",
     .needs = "creators.life.entry_rate=5",
     AT(exit_new)},
    {.path = "exit_established",
     .type = SCHEMA_FLOAT,
     .unit = "1/month",
     .low = 0,
     .high = 1,
     .initial = "0.02",
     .meaning = "the same of an established one, the initial ones included",
     .source = "V2; hazard A",
     .plausible_low = 0.01,
     .plausible_high = 0.05,
     .when = SCHEMA_WINDOW,
     .moves = "active_creators",
     .sign = -1,
     .from = "0",
     .to = "0.8",
     AT(exit_established)},
    {.path = "established_days",
     .type = SCHEMA_FLOAT,
     .unit = "d",
     .low = 0,
     .high = 3650,
     .initial = "90",
     .meaning = "age at which a creator counts as established",
     .source = "V2 (30 % stop in 3 months)",
     .plausible_low = 30,
     .plausible_high = 365,
     .when = SCHEMA_WINDOW,
     .moves = "active_creators",
     .sign = -1,
     .from = "0",
     .to = "3650",
     .needs = "creators.life.exit_new=1.0 creators.life.exit_established=0.0 "
              "creators.life.entry_rate=5.0 run.days=4",
     AT(established_days)},
    {.path = "fall_factor",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 1,
     .high = 20,
     .initial = "2",
     .meaning = "factor on the exit hazard after income fell by more than half",
     .source = "V2; hazard A",
     .plausible_low = 1.5,
     .plausible_high = 3,
     .when = SCHEMA_WINDOW,
     .moves = "left_creators",
     .sign = 1,
     .from = "1",
     .to = "5",
     .needs = "creators.life.memory_days=0.5 creators.life.exit_established=0.2 "
              "policy.changes[0].day=2 policy.changes[0].set=\"revenue.ads.cpm\" "
              "policy.changes[0].value=\"0.0\" run.days=6 revenue.ads.cpm=1000.0 "
              "revenue.ads.min_followers=0 revenue.ads.min_views=0",
     AT(fall_factor)},
    {.path = "memory_days",
     .type = SCHEMA_FLOAT,
     .unit = "d",
     .low = 0.5,
     .high = 365,
     .initial = "14",
     .meaning = "time over which income and reach sink in (a fall is seen "
                "against four times as long)",
     .source = "A",
     .plausible_low = 7,
     .plausible_high = 60,
     .when = SCHEMA_WINDOW,
     .moves = "sd creators.morale",
     .sign = -1,
     .from = "2",
     .to = "60",
     AT(memory_days)},
    {.path = "morale_gain",
     .type = SCHEMA_FLOAT,
     .unit = "1/week",
     .low = 0,
     .high = 1,
     .initial = "0.15",
     .meaning = "weekly step of morale towards what income and attention say",
     .source = "A",
     .plausible_low = 0.05,
     .plausible_high = 0.3,
     .when = SCHEMA_WINDOW,
     .moves = "sd creators.morale",
     .sign = 1,
     .from = "0",
     .to = "0.9",
     AT(morale_gain)},
    {.path = "burnout",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 2,
     .initial = "0.3",
     .meaning = "morale below which a creator is burnt out",
     .source = "A",
     .plausible_low = 0.1,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .moves = "active_creators",
     .sign = -1,
     .from = "0",
     .to = "2",
     .needs = "creators.life.exit_established=0.3",
     AT(burnout)},
    {.path = "burnout_factor",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 1,
     .high = 20,
     .initial = "2",
     .meaning = "factor on the exit hazard of the burnt out",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 4,
     .when = SCHEMA_WINDOW,
     .moves = "active_creators",
     .sign = -1,
     .from = "1",
     .to = "20",
     .needs = "creators.life.burnout=2",
     AT(burnout_factor)},
    {.path = "attention_value",
     .type = SCHEMA_FLOAT,
     .unit = "currency/1000",
     .low = 0,
     .high = 1000,
     .initial = "5",
     .meaning = "what 1000 impressions are worth to a creator beside money",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 20,
     .when = SCHEMA_WINDOW,
     .moves = "creators.morale",
     .sign = 1,
     .from = "0",
     .to = "100",
     AT(attention_value)},
    {.path = "living",
     .type = SCHEMA_FLOAT,
     .unit = "currency/d",
     .low = 0,
     .high = 1e6,
     .initial = "10",
     .meaning = "what a creator takes from its balance a day, as far as it is "
                "there and not set aside for promotion",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 100,
     .when = SCHEMA_WINDOW,
     .moves = "cohorts.balance",
     .sign = -1,
     .from = "0",
     .to = "100",
     .needs = "revenue.ads.cpm=1000.0 revenue.ads.min_followers=0 revenue.ads.min_views=0",
     AT(living)},
    {.path = "entry_rate",
     .type = SCHEMA_FLOAT,
     .unit = "1/month",
     .low = 0,
     .high = 10,
     .initial = "0.05",
     .meaning = "creators who enter a month, as a share of those who posted "
                "in the last 28 days",
     .source = "A",
     .plausible_low = 0.01,
     .plausible_high = 0.2,
     .when = SCHEMA_WINDOW,
     .moves = "active_creators",
     .sign = 1,
     .from = "0",
     .to = "10",
     AT(entry_rate)},
    {.path = "entry_elasticity",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 3,
     .initial = "0.5",
     .meaning = "response of entry to how content they are",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 1,
     .when = SCHEMA_WINDOW,
     .moves = "new_creators",
     .sign = -1,
     .from = "0",
     .to = "2",
     .needs = "creators.life.entry_rate=2",
     AT(entry_elasticity)},
};
#undef AT

static const struct schema_table tables[] = {
    {.prefix = "creators",
     .size = sizeof(struct creators_parameters),
     SCHEMA_ROWS(scalar_rows)},
    {.prefix = "creators.cohorts",
     .size = sizeof(struct cohort),
     .most = COHORTS_MOST,
     .inherits = true,
     SCHEMA_ROWS(cohort_rows)},
    {.prefix = "creators.production",
     .size = sizeof(struct production_parameters),
     SCHEMA_ROWS(production_rows)},
    {.prefix = "creators.response",
     .size = sizeof(struct response_parameters),
     SCHEMA_ROWS(response_rows)},
    {.prefix = "creators.life", .size = sizeof(struct life_parameters), SCHEMA_ROWS(life_rows)},
};
const struct schema_table *const creators_tables[] = {
    &tables[0],           &tables[1],           &tables[2],
    &technology_ai_table, &technology_ar_table, &tables[3],
    &tables[4],           &levers_table,        NULL};

/* What the scenario gave of group k goes over the scalars. */
static void take_given(const struct parameters *parameters, int32_t k, struct cohort *out)
{
    char path[96];

    for (size_t r = 0; r < sizeof cohort_rows / sizeof *cohort_rows; r++) {
        const struct schema_row *row = &cohort_rows[r];
        if (row->offset == COHORT(name)) continue;
        struct parameter at = parameters_inherited(parameters, "creators.cohorts", k,
                                                   row->path);
        memcpy((char *)out + row->offset, at.value, parameters_size(row->type));
    }
    snprintf(path, sizeof path, "creators.cohorts[%d].name", (int)k);
    struct parameter name;
    bool found = parameters_find(parameters, path, &name);
    require(found);
    memcpy(out->name, name.value, sizeof out->name);
}

int32_t cohorts_read(const struct parameters *parameters, struct cohort *out)
{
    const struct creators_parameters *p = parameters_block(parameters, "creators");
    int32_t count = parameters_count(parameters, "creators.cohorts");

    out[0] = p->all;
    snprintf(out[0].name, sizeof out[0].name, "all");
    for (int32_t k = 0; k < count; k++) {
        take_given(parameters, k, &out[k]);
    }
    return count ? count : 1;
}
