/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Search: people with a question find the app through a search engine outside, open it with
 * that question and are answered by the source `search` (platform/retrieve/search.c), by how
 * well a video fits the topic and by how many watched it for long. A session that its viewer
 * opens may begin with a question too (viewers.session.search), without any channel.
 *
 * Creators spend on being found: titles and words made for search, a price a video, paid out of
 * the promotion budget for the newest videos that lack them. Such a video counts as nearer to
 * its topic (lists.c); what it is does not change, nor what viewers make of it.
 *
 * Who asks, when and what is drawn at a day's beginning for the whole day, by the viewer's own
 * name: nobody else changes it. Whoever joins asks from the next day on. Where the platform has
 * no such source nobody asks and nobody pays.
 */
#include "growth/channel.h"
#include "growth/posts.h"
#include "world/event_kinds.h"

struct search_parameters {
    double outside, taste, cost, gain;
};

struct search_state {
    struct stream_key luck;
    bool answered;  /* the platform has the source that answers */
    uint64_t begun; /* 1 = the first day has been drawn */
};

#define AT(member) .offset = offsetof(struct search_parameters, member)
#define ASKED                                                                                  \
    "growth.channels=[\"search\"] platform.retrievers=[\"content\", \"search\"] "              \
    "growth.search.outside=0.3"
/* Creators who earn well and spend all of it, four times a day. */
#define TITLED                                                                                 \
    ASKED " creators.boost=1.0 creators.review_days=0.25 revenue.ads.cpm=1000.0 "              \
          "revenue.ads.min_followers=0 revenue.ads.min_views=0"

static const struct schema_row rows[] = {
    {.path = "outside",
     .type = SCHEMA_FLOAT,
     .unit = "1/d",
     .low = 0,
     .high = 100,
     .initial = "0.02",
     .meaning =
         "questions asked elsewhere that open the app, a viewer and day; a change counts from "
         "the next day on",
     .source = "A",
     .plausible_low = 0.002,
     .plausible_high = 0.1,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_search",
     .sign = 1,
     .from = "0.0",
     .to = "0.5",
     .needs = ASKED,
     AT(outside)},
    {.path = "taste",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.5",
     .meaning =
         "share of them about the viewer's strongest interest; the others are about what "
         "everybody asks for, by the topics' weights",
     .source = "A",
     .plausible_low = 0.2,
     .plausible_high = 0.9,
     .when = SCHEMA_WINDOW,
     .moves = "completion_rate",
     .sign = 1,
     .from = "0.0",
     .to = "1.0",
     .needs = ASKED " platform.retrievers=[\"search\"]",
     AT(taste)},
    {.path = "cost",
     .type = SCHEMA_FLOAT,
     .unit = "currency",
     .low = 0,
     .high = 1e6,
     .initial = "2.0",
     .meaning = "what title and words for search cost, a video",
     .source = "A",
     .plausible_low = 0.5,
     .plausible_high = 20,
     .when = SCHEMA_WINDOW,
     .moves = "creators.spend_search",
     .sign = -1,
     .from = "0.1",
     .to = "1000.0",
     .needs = TITLED,
     AT(cost)},
    {.path = "gain",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.3",
     .meaning =
         "share of what a video lacks to a perfect match with its topic that they make up",
     .source = "A",
     .plausible_low = 0.1,
     .plausible_high = 0.6,
     .when = SCHEMA_WINDOW,
     .moves = "r creators.spend_search,impressions",
     .sign = 1,
     .from = "0.0",
     .to = "1.0",
     .needs = ASKED " creators.cohorts[0].name=a creators.cohorts[0].count=20 "
                    "creators.cohorts[0].boost=1.0 creators.cohorts[1].name=b "
                    "creators.cohorts[1].count=20 creators.cohorts[1].boost=0.0 "
                    "creators.review_days=0.25 creators.backlog_days=1.0 topics.count=2 "
                    "viewers.rate=0.1 growth.search.outside=3.0 growth.search.cost=0.01 "
                    "platform.retrieve.search.share=1.0 revenue.ads.cpm=1000.0 "
                    "revenue.ads.min_followers=0 revenue.ads.min_views=0",
     AT(gain)},
};
static const struct schema_table table = {
    .prefix = "growth.search", .size = sizeof(struct search_parameters), SCHEMA_ROWS(rows)};

static enum status open_state(struct channel_desk *desk)
{
    static const struct purpose luck = {"growth.search", PURPOSE_LUCK};
    struct search_state *state = desk->state;
    struct parameter sources;
    state->luck = stream_key(desk->world->seed, &luck);
    state->answered = !parameters_find(desk->world->parameters, "platform.retrievers",
                                       &sources) ||
                      name_list_find(sources.value, "search") >= 0;
    return STATUS_OK;
}

/* ---------------------------------------------------------------------------------- buying */

/* The newest first, as far as the money goes. */
static int64_t promote(struct channel_desk *desk, uint32_t creator, int64_t budget)
{
    const struct search_parameters *p = desk->parameters;
    const struct search_state *state = desk->state;
    const struct world *w = desk->world;
    const struct creator *c = &w->creators[desk->shard].row[creator];
    int64_t cost = (int64_t)(p->cost * (double)MICRO + 0.5), spent = 0;
    for (size_t i = 0; state->answered && i < POSTS && budget - spent >= cost; i++) {
        if (!posts_has(desk, creator, c->videos[i])) continue;
        struct video *video = &w->videos[desk->shard].row[entity_row(w->shards, c->videos[i])];
        if (video->flags & (VIDEO_TITLED | VIDEO_EXCLUSIVE)) continue;
        video->flags |= VIDEO_TITLED;
        spent += cost;
    }
    if (spent > 0) desk_spend(desk, creator, ACCOUNT_PROMOTION, spent);
    return spent;
}

/* ---------------------------------------------------------------------------------- asking */

/* What a viewer asks: its topic. */
static uint32_t question(const struct channel_desk *desk, const struct viewer *viewer,
                         struct stream *s)
{
    const struct search_parameters *p = desk->parameters;
    if (stream_bernoulli(s, p->taste)) return viewer->topic;
    return categorical_draw(&desk->world->topics.by_audience, s);
}

/* What a viewer asks in the day that begins then. */
static enum status ask(const struct channel_desk *desk, uint32_t row, sim_time begins)
{
    const struct search_parameters *p = desk->parameters;
    const struct search_state *state = desk->state;
    const struct world *w = desk->world;
    const struct viewer *viewer = &w->viewers[desk->shard].row[row];
    struct stream luck = stream_open(state->luck, viewer_name(viewer),
                                     (uint32_t)(begins / TIME_DAY));
    enum status status = STATUS_OK;
    for (uint64_t left = stream_poisson(&luck, p->outside); left && !status; left--) {
        uint32_t topic = question(desk, viewer, &luck);
        sim_time when = begins + (sim_time)(stream_uniform(&luck) * (double)TIME_DAY);
        status = engine_plan(w->engine, entity_number(w->shards, row, desk->shard), when,
                             EVENT_SESSION, SESSION_SEARCHES | topic);
    }
    return status;
}

/* Before the first window (nothing has begun yet), then at each day's end. */
static enum status settle(struct channel_desk *desk)
{
    const struct search_parameters *p = desk->parameters;
    struct search_state *state = desk->state;
    const struct world *w = desk->world;
    const struct viewer_shard *viewers = &w->viewers[desk->shard];
    sim_time begins = state->begun ? w->close : w->now;
    bool asks = begins % TIME_DAY == 0 && state->answered && p->outside > 0;
    uint32_t count = asks && !viewers->elsewhere ? (uint32_t)viewers->count : 0;
    enum status status = STATUS_OK;
    state->begun = 1;
    for (uint32_t i = 0; i < count && !status; i++) status = ask(desk, i, begins);
    return status;
}

static void visit(struct channel_desk *desk, struct visitor *v)
{
    struct search_state *state = desk->state;
    VISIT_VALUE(v, "search.begun", state->begun);
    if (visit_loading(v) && !v->status && state->begun > 1) v->status = STATUS_BAD_INPUT;
}

const struct channel channel_search = {
    .about = {.name = "search",
              .doc = "questions asked elsewhere open the app; creators pay to be found",
              .reference = "none",
              .parameters = &table,
              .state_size = sizeof(struct search_state)},
    .open = open_state,
    .promote = promote,
    .settle = settle,
    .visit = visit,
};
