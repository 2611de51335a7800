/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sharing with friends: a share reaches a Poisson number of the sharer's friends, each after a
 * delay of its own. Those who watch may share in turn, so a share is the root of a branching
 * process whose mean is reach times the chance that somebody reached shares. A friend is
 * reached in a later window at the earliest: shorter delays end with the window.
 */
#include "growth/channel.h"
#include "world/event_kinds.h"

enum kernel { KERNEL_EXPONENTIAL, KERNEL_POWER };

struct social_share_parameters {
    double reach, mean, flat, theta, within;
    int32_t kernel;
};

struct social_share_state {
    struct stream_key key;
};

#define AT(member) .offset = offsetof(struct social_share_parameters, member)
#define NEEDS .needs = "growth.channels=[\"social_share\"] viewers.weibull.share=0.02"

static const struct schema_row rows[] = {
    {.path = "reach",
     .type = SCHEMA_FLOAT,
     .unit = "friends",
     .low = 0,
     .high = 1e4,
     .initial = "3.0",
     .meaning = "friends to whom a share is sent, on average",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 10,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_shared",
     .sign = 1,
     .from = "0.0",
     .to = "10.0",
     NEEDS,
     AT(reach)},
    {.path = "kernel",
     .type = SCHEMA_CHOICE,
     .unit = "1",
     .initial = "\"power\"",
     .choices = "exponential|power",
     .meaning = "law of the delay until a friend sees it",
     .source = "V SEISMIC (form)",
     .when = SCHEMA_WINDOW,
     .moves = "impressions_shared",
     .sign = -1,
     .from = "\"exponential\"",
     .to = "\"power\"",
     NEEDS,
     AT(kernel)},
    {.path = "mean",
     .type = SCHEMA_FLOAT,
     .unit = "h",
     .low = 0,
     .high = 8760,
     .initial = "2.0",
     .meaning = "mean delay of the exponential law",
     .source = "A",
     .plausible_low = 0.5,
     .plausible_high = 12,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_shared",
     .sign = -1,
     .from = "0.5",
     .to = "48.0",
     .needs = "growth.channels=[\"social_share\"] viewers.weibull.share=0.02 "
              "growth.social_share.kernel=\"exponential\"",
     AT(mean)},
    {.path = "flat",
     .type = SCHEMA_FLOAT,
     .unit = "s",
     .low = 1,
     .high = 1e6,
     .initial = "300.0",
     .meaning = "the power law is constant up to here",
     .source = "M SEISMIC (s0)",
     .plausible_low = 60,
     .plausible_high = 3600,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_shared",
     .sign = -1,
     .from = "60.0",
     .to = "3600.0",
     NEEDS,
     AT(flat)},
    {.path = "theta",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0.01,
     .high = 10,
     .initial = "0.242",
     .meaning = "beyond it the delay's density falls as s^-(1 + theta)",
     .source = "M SEISMIC (.242); M CS (.4)",
     .plausible_low = 0.2,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_shared",
     .sign = 1,
     .from = "0.05",
     .to = "2.0",
     NEEDS,
     AT(theta)},
    {.path = "within",
     .type = SCHEMA_FLOAT,
     .unit = "d",
     .low = 0,
     .high = 365,
     .initial = "30.0",
     .meaning = "what would arrive later than this is never seen",
     .source = "A",
     .plausible_low = 7,
     .plausible_high = 90,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_shared",
     .sign = 1,
     .from = "0.0",
     .to = "30.0",
     NEEDS,
     AT(within)},
};
static const struct schema_table table = {.prefix = "growth.social_share",
                                          .size = sizeof(struct social_share_parameters),
                                          SCHEMA_ROWS(rows)};

static enum status open_state(struct channel_desk *desk)
{
    static const struct purpose purpose = {"growth.social_share", PURPOSE_LUCK};
    struct social_share_state *state = desk->state;
    state->key = stream_key(desk->world->seed, &purpose);
    return STATUS_OK;
}

/* A delay in ms, by inversion. Exponential: mean hours. Power law (Zhao et al. 2015, SEISMIC):
 * density constant up to s0 = flat, then (s/s0)^-(1 + theta); the flat part has theta/(1 +
 * theta) of the mass, the tail P(S > s) = (s/s0)^-theta of the rest. Median 1560 s at the
 * defaults. */
static double delay_ms(const struct social_share_parameters *p, double uniform)
{
    double flat = p->flat * (double)TIME_SECOND, mass = p->theta / (1 + p->theta);
    if (p->kernel == KERNEL_EXPONENTIAL)
        return -maths_log(uniform) * p->mean * (double)TIME_HOUR;
    if (uniform < mass) return flat * uniform / mass;
    double tail = -maths_log((1 - uniform) / (1 - mass)) / p->theta;
    return tail > 40 ? (double)TIME_NEVER : flat * maths_exp(tail);
}

/* Who gets it long after finds the row's next video there, unless the arrival says which. */
static void send(const struct channel_desk *desk, struct moment *moment, uint32_t to,
                 double uniform)
{
    const struct social_share_parameters *p = desk->parameters;
    const struct world *w = desk->world;
    const struct video_counters
        *video = &w->videos[entity_shard(w->shards, moment->video_number)]
                      .counter[entity_row(w->shards, moment->video_number)];
    double delay = delay_ms(p, uniform);
    if (delay > p->within * (double)TIME_DAY) return;
    sim_time when = moment->at + (sim_time)delay;
    if (when < moment->scope->window_end) when = moment->scope->window_end;
    scope_send(moment->scope, to, video_stamp(when, video->uses), EVENT_SHARED,
               moment->video_number);
}

/* Friends are taken one by one with the chance that leaves every subset equally likely (Knuth,
 * TAOCP 2, 3.4.2, algorithm S). */
static void shared(struct channel_desk *desk, struct moment *moment)
{
    const struct social_share_parameters *p = desk->parameters;
    const struct social_share_state *state = desk->state;
    const struct relation_list *list = &moment->viewer->relations;
    const struct relation *row = relation_rows(&desk->world->viewers[desk->shard].relations,
                                               list);
    struct stream s = stream_open(state->key, viewer_name(moment->viewer), moment->occasion);
    uint64_t wanted = stream_poisson(&s, p->reach);
    uint32_t friends = 0;
    for (uint32_t i = 0; i < list->count; i++)
        friends += relation_kind(row[i]) == RELATION_FRIEND;
    for (uint32_t i = 0; i < list->count && wanted > 0; i++) {
        if (relation_kind(row[i]) != RELATION_FRIEND) continue;
        if (stream_below(&s, friends--) >= wanted) continue;
        wanted--;
        send(desk, moment, relation_other(row[i]), stream_uniform(&s));
    }
}

const struct channel channel_social_share = {
    .about = {.name = "social_share",
              .doc = "shares reach friends, who may share in turn",
              .reference = "Zhao et al. 2015 (SEISMIC, arXiv 1506.02594)",
              .parameters = &table,
              .state_size = sizeof(struct social_share_state)},
    .open = open_state,
    .shared = shared,
};
