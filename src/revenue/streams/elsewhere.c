/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Elsewhere: what creators who post on another network too (channel cross_platform) earn there,
 * by the day and by the followers whom they have there. While both are open some of those here
 * follow there as well; when this one is banned, some more can be taken along. Who pays there
 * is booked among the advertisers; this platform has no part of it.
 */
#include "revenue/stream.h"
#include "world/ban.h"

struct elsewhere_parameters {
    double per_mille, overlap;
};

struct elsewhere_state {
    const struct ban_parameters *ban; /* NULL = there is none */
    uint8_t banned;                   /* as the day began */
};

#define AT(member) .offset = offsetof(struct elsewhere_parameters, member)
#define NEEDS                                                                                  \
    .needs = "growth.channels=[\"cross_platform\"] growth.cross_platform.adopt=1 "             \
             "growth.cross_platform.cost=0 revenue.streams=[\"elsewhere\"]"

static const struct schema_row rows[] = {
    {.path = "per_mille",
     .type = SCHEMA_FLOAT,
     .unit = "currency/1000 d",
     .low = 0,
     .high = 1e6,
     .initial = "5.0",
     .meaning = "what 1000 followers elsewhere bring a creator a day",
     .source = "A (in the lessons' world ads bring creators 8 a day and 1000 followers)",
     .plausible_low = 0.5,
     .plausible_high = 20,
     .when = SCHEMA_WINDOW,
     .moves = "creator_income",
     .sign = 1,
     .from = "0.5",
     .to = "20",
     NEEDS,
     AT(per_mille)},
    {.path = "overlap",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.1",
     .meaning = "followers there, as a share of those here, while this platform is open",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .moves = "creator_income",
     .sign = 1,
     .from = "0.05",
     .to = "0.5",
     NEEDS,
     AT(overlap)},
};
static const struct schema_table table = {.prefix = "revenue.elsewhere",
                                          .size = sizeof(struct elsewhere_parameters),
                                          SCHEMA_ROWS(rows)};

static enum status open_state(struct stream_desk *desk)
{
    struct elsewhere_state *state = desk->state;
    state->ban = ban_find(desk->world->parameters);
    state->banned = ban_on(state->ban);
    return STATUS_OK;
}

/* The followers there, as a share of those here. A ban takes none away that were there. */
static double share_there(const struct stream_desk *desk)
{
    const struct elsewhere_parameters *p = desk->parameters;
    const struct elsewhere_state *state = desk->state;
    if (!state->banned || !state->ban || state->ban->portable < p->overlap) return p->overlap;
    return state->ban->portable;
}

static void pay_shard(struct stream_desk *desk)
{
    const struct elsewhere_parameters *p = desk->parameters;
    const struct creator_shard *creators = &desk->world->creators[desk->shard];
    double each = share_there(desk) * p->per_mille * ((double)MICRO / 1000);
    for (uint32_t row = 0; row < desk->till->creators; row++) {
        const struct creator *creator = &creators->row[row];
        if (creator->left != TIME_NEVER || !(creator->flags & CREATOR_ELSEWHERE) ||
            !desk_eligible(desk, row))
            continue;
        int64_t amount = (int64_t)(each * creator->followers + 0.5);
        if (amount > 0) desk_pay(desk, row, ACCOUNT_ADVERTISERS, amount);
    }
}

/* Dated changes of this close are those of the next day. */
static void day(struct stream_desk *desks, uint32_t shards)
{
    for (uint32_t s = 0; s < shards; s++) {
        struct elsewhere_state *state = desks[s].state;
        pay_shard(&desks[s]);
        state->banned = ban_on(state->ban);
    }
}

static void visit(struct stream_desk *desk, struct visitor *v)
{
    struct elsewhere_state *state = desk->state;
    VISIT_VALUE(v, "elsewhere.banned", state->banned);
    if (visit_loading(v) && !v->status && state->banned > 1) v->status = STATUS_BAD_INPUT;
}

const struct revenue_stream stream_elsewhere = {
    .about = {.name = "elsewhere",
              .doc = "what creators earn on another network by their followers there",
              .reference = "none",
              .parameters = &table,
              .state_size = sizeof(struct elsewhere_state)},
    .open = open_state,
    .day = day,
    .visit = visit,
};
