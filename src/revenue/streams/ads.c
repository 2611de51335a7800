/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ads: advertisers pay a fixed price a thousand impressions, by the topic of the video that the
 * ad is shown with. Places that nobody buys (`fill`) show an ad of the house, which takes as
 * long and brings nothing. Creators who pass the gates have a share of it, the rest is the
 * platform's.
 */
#include "revenue/stream.h"

struct ads_parameters {
    double cpm, fill, creator_share;
    int64_t min_followers, min_views;
};

#define AT(member) .offset = offsetof(struct ads_parameters, member)

static const struct schema_row rows[] = {
    {.path = "cpm",
     .type = SCHEMA_FLOAT,
     .unit = "currency/1000",
     .low = 0,
     .high = 1e6,
     .initial = "14.0",
     .meaning = "what advertisers pay for 1000 ad impressions",
     .source = "D KS+KR (RMB 14 at a load of 8 %; 7 to 22 at 15 to 5 %)",
     .plausible_low = 7.2,
     .plausible_high = 21.7,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_ads",
     .sign = 1,
     .from = "7.2",
     .to = "21.7",
     .needs = "revenue.streams=[\"ads\"]",
     AT(cpm)},
    {.path = "fill",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "1.0",
     .meaning =
         "share of ads that an advertiser pays for; a boycott by part of them is a dated "
         "fall of it",
     .source = "A",
     .plausible_low = 0.7,
     .plausible_high = 1,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_ads",
     .sign = 1,
     .from = "0.2",
     .to = "1",
     .needs = "revenue.streams=[\"ads\"]",
     AT(fill)},
    {.path = "creator_share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.45",
     .meaning = "share of an ad's price that goes to the creator",
     .source = "V YPP (45 % Shorts, 55 % long videos)",
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_CREATOR,
     .moves = "creator_income",
     .sign = 1,
     .from = "0.1",
     .to = "0.9",
     .needs = "revenue.streams=[\"ads\"] revenue.ads.min_followers=0 revenue.ads.min_views=0",
     AT(creator_share)},
    {.path = "min_followers",
     .type = SCHEMA_INT,
     .unit = "followers",
     .low = 0,
     .high = 1e9,
     .initial = "1000",
     .meaning = "followers from which a creator has a share",
     .source = "V YPP (1,000); TikTok 10,000 V2",
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_CREATOR,
     .moves = "creator_income",
     .sign = -1,
     .from = "0",
     .to = "1000000",
     .needs = "revenue.streams=[\"ads\"] revenue.ads.min_views=0",
     AT(min_followers)},
    {.path = "min_views",
     .type = SCHEMA_INT,
     .unit = "views",
     .low = 0,
     .high = 4e9,
     .initial = "10000",
     .meaning = "qualified views in 30 days from which a creator has a share",
     .source = "A (TikTok 100,000 V2, scaled to small audiences)",
     .plausible_low = 1000,
     .plausible_high = 100000,
     .when = SCHEMA_WINDOW,
     .split = SCHEMA_SPLIT_CREATOR,
     .moves = "creator_income",
     .sign = -1,
     .from = "0",
     .to = "4000000000",
     .needs = "revenue.streams=[\"ads\"] revenue.ads.min_followers=0",
     AT(min_views)},
};
static const struct schema_table table = {
    .prefix = "revenue.ads", .size = sizeof(struct ads_parameters), SCHEMA_ROWS(rows)};

static bool eligible(const void *parameters, const struct creator *creator)
{
    const struct ads_parameters *p = parameters;
    return creator->followers >= p->min_followers && creator->views_30d >= p->min_views;
}

/* A price is a whole number of micro-units: what an ad costs does not depend on the others. */
static int64_t price(const struct stream_desk *desk, uint8_t topic)
{
    const struct ads_parameters *p = desk->parameters;
    double micro = p->cpm * desk->world->topics.topic[topic].cpm_factor *
                   ((double)MICRO / 1000);
    return (int64_t)(micro + 0.5);
}

/* Whether an advertiser pays for the ad of this impression. */
static bool sold(const struct stream_desk *desk, const struct impression *r)
{
    const struct ads_parameters *p = desk->parameters;
    const struct stream_key *key = desk->state;
    if (p->fill >= 1) return true;
    uint64_t viewer = viewer_name(world_viewer(desk->world, r->viewer));
    uint32_t when = name_fold((uint64_t)(desk->world->now + (sim_time)r->at));
    struct stream_words words = stream_block(*key, viewer, when, 0);
    return words_uniform(words.word[0], words.word[1]) < p->fill;
}

static enum status open_state(struct stream_desk *desk)
{
    static const struct purpose purpose = {"revenue.ads.fill", PURPOSE_LUCK};
    *(struct stream_key *)desk->state = stream_key(desk->world->seed, &purpose);
    return STATUS_OK;
}

static void earn_one(struct stream_desk *desk, const struct video *video, uint32_t viewer)
{
    uint32_t creator = entity_row(desk->world->shards, video->creator);
    const struct ads_parameters *p = desk_rules(desk, creator);
    const double shares[2] = {0, desk_eligible(desk, creator) ? p->creator_share : 0};
    struct money_act act = money_act(MONEY_SHOWN, desk->world->close);
    int64_t parts[2];
    act.creator = video->creator;
    desk_act(desk, act);
    ledger_split(price(desk, video->topic), shares, 2, parts);
    desk_spent(desk, viewer, parts[0] + parts[1]);
    desk_move(desk, ACCOUNT_ADVERTISERS, ACCOUNT_PLATFORM, parts[0]);
    if (parts[1]) desk_pay(desk, creator, ACCOUNT_ADVERTISERS, parts[1]);
}

static void earn(struct stream_desk *desk, const struct impression *impressions, size_t n)
{
    const struct video *videos = desk->world->videos[desk->shard].row;
    for (size_t i = 0; i < n; i++)
        if (impressions[i].acts & ACT_AD && sold(desk, &impressions[i]))
            earn_one(desk, &videos[entity_row(desk->world->shards, impressions[i].video)],
                     impressions[i].viewer);
}

const struct revenue_stream stream_ads = {
    .about = {.name = "ads",
              .doc = "a share of what advertisers pay for impressions",
              .reference = "none",
              .parameters = &table,
              .state_size = sizeof(struct stream_key)},
    .open = open_state,
    .eligible = eligible,
    .earn = earn,
};
