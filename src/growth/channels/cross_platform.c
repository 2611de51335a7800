/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Posting elsewhere: some creators put each new video on another network too, where it is found
 * and passed on; who meets it there and has this app is sent the creator's newest video here.
 *
 * Arrivals are a self-exciting point process of each creator (Hawkes 1971): those who find a
 * post (immigrants) come with a creator's own mu, heavy-tailed over creators (HIP: Rizoiu et
 * al. 2017), at a rate that fades with the post's age; each arrival brings n < 1 others, after
 * exponential delays. Both rates decay exponentially, so the next arrival is drawn exactly
 * (Dassios & Zhao 2013), and two numbers a creator are all that is kept. A post brings
 * mu / (1 - n) on average, with variance mu / (1 - n)^3.
 *
 * The arrivals of a window are drawn at the close before it.
 */
#include "base/maths.h"
#include "base/memory.h"
#include "growth/channel.h"
#include "growth/posts.h"
#include "world/ban.h"
#include "world/event_kinds.h"

struct cross_platform_parameters {
    double adopt, cost, mean, sigma, fade, branching, delay;
    int64_t among;
};

/* What a creator has out there. */
struct presence {
    double posts;   /* videos, each faded by its age */
    double excited; /* arrivals a day that earlier ones will bring */
    sim_time seen;  /* publication of the newest video that was considered */
};

struct arrival {
    sim_time when;
    uint32_t video;
};

/* One of those of whom the likest comes. */
struct guest {
    uint32_t viewer;
    int32_t near; /* of its taste to the video */
};

struct cross_platform_state {
    struct stream_key traits, luck;
    struct presence *presence; /* owned; by creator's row */
    uint64_t rows;
    size_t room;
    struct arrival *arrival; /* owned; of the next window, from settle to close */
    size_t arrivals, arrival_room;
    struct guest *guest; /* owned; [arrivals][among] */
    size_t guest_room;
    bool asked; /* the stream elsewhere asks who has posted there */
};

#define AT(member) .offset = offsetof(struct cross_platform_parameters, member)
#define BUSY                                                                                   \
    "growth.channels=[\"cross_platform\"] growth.cross_platform.adopt=1.0 "                    \
    "growth.cross_platform.mean=20.0 growth.cross_platform.sigma=0.0 "                         \
    "viewers.friends.open=1.0"
#define FREE BUSY " growth.cross_platform.cost=0.0"

static const struct schema_row rows[] = {
    {.path = "adopt",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.3",
     .meaning = "share of creators who post their videos elsewhere too",
     .source = "A",
     .plausible_low = 0.1,
     .plausible_high = 0.9,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_shared",
     .sign = 1,
     .from = "0.0",
     .to = "1.0",
     .needs = FREE,
     AT(adopt)},
    {.path = "cost",
     .type = SCHEMA_FLOAT,
     .unit = "currency",
     .low = 0,
     .high = 1e6,
     .initial = "0.2",
     .meaning = "what it costs to post a video elsewhere; who has less does not",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 10,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_shared",
     .sign = -1,
     .from = "0.0",
     .to = "1000.0",
     .needs = BUSY,
     AT(cost)},
    {.path = "mean",
     .type = SCHEMA_FLOAT,
     .unit = "viewers",
     .low = 0,
     .high = 1e6,
     .initial = "5.0",
     .meaning = "viewers who find a video elsewhere by themselves, mean over creators (mu)",
     .source = "V HIP (form); A",
     .plausible_low = 1,
     .plausible_high = 100,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_shared",
     .sign = 1,
     .from = "1.0",
     .to = "20.0",
     .needs = FREE,
     AT(mean)},
    {.path = "sigma",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 4,
     .initial = "1.5",
     .meaning = "spread of ln(mu) over creators",
     .source = "V HIP (heavy tail); A",
     .plausible_low = 1,
     .plausible_high = 2.5,
     .when = SCHEMA_WINDOW,
     .moves = "gini_views",
     .sign = 1,
     .from = "0.0",
     .to = "2.0",
     .needs = FREE " growth.cross_platform.mean=100.0 platform.retrievers=[]",
     AT(sigma)},
    {.path = "fade",
     .type = SCHEMA_FLOAT,
     .unit = "d",
     .low = 0.01,
     .high = 365,
     .initial = "3.0",
     .meaning = "mean age of a post when it is found elsewhere (exponential)",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 30,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_shared",
     .sign = -1,
     .from = "0.25",
     .to = "60.0",
     .needs = FREE,
     AT(fade)},
    {.path = "branching",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 0.95,
     .initial = "0.5",
     .meaning = "others that each arrival brings from elsewhere, on average (n)",
     .source = "A",
     .plausible_low = 0.2,
     .plausible_high = 0.9,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_shared",
     .sign = 1,
     .from = "0.0",
     .to = "0.9",
     .needs = FREE,
     AT(branching)},
    {.path = "delay",
     .type = SCHEMA_FLOAT,
     .unit = "h",
     .low = 0.01,
     .high = 8760,
     .initial = "12.0",
     .meaning = "mean delay until those others come (exponential)",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 48,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_shared",
     .sign = -1,
     .from = "1.0",
     .to = "480.0",
     .needs = FREE " growth.cross_platform.branching=0.8",
     AT(delay)},
    {.path = "among",
     .type = SCHEMA_INT,
     .unit = "viewers",
     .low = 1,
     .high = 64,
     .initial = "4",
     .meaning = "an arrival is of so many viewers the one whose taste is nearest to the video",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 16,
     .when = SCHEMA_WINDOW,
     .moves = "completion_rate",
     .sign = 1,
     .from = "1",
     .to = "16",
     .needs = FREE " growth.cross_platform.mean=100.0 platform.retrievers=[]",
     AT(among)},
};
static const struct schema_table table = {.prefix = "growth.cross_platform",
                                          .size = sizeof(struct cross_platform_parameters),
                                          SCHEMA_ROWS(rows)};

static enum status open_state(struct channel_desk *desk)
{
    static const struct purpose traits = {"growth.cross_platform.traits", PURPOSE_POPULATION},
                                luck = {"growth.cross_platform", PURPOSE_LUCK};
    struct cross_platform_state *state = desk->state;
    state->traits = stream_key(desk->world->seed, &traits);
    state->luck = stream_key(desk->world->seed, &luck);
    struct parameter streams;
    if (parameters_find(desk->world->parameters, "revenue.streams", &streams))
        state->asked = name_list_find(streams.value, "elsewhere") >= 0;
    return STATUS_OK;
}

static void release(struct channel_desk *desk)
{
    struct cross_platform_state *state = desk->state;
    memory_free(state->presence);
    memory_free(state->arrival);
    memory_free(state->guest);
}

/* --------------------------------------------------------------------------------- creators */

/* A creator's own mu; 0 for one who stays at home. */
static double appeal(const struct channel_desk *desk, uint64_t name)
{
    const struct cross_platform_parameters *p = desk->parameters;
    const struct cross_platform_state *state = desk->state;
    struct stream s = stream_open(state->traits, name, 0);
    if (!stream_bernoulli(&s, p->adopt) || p->mean <= 0) return 0;
    return stream_lognormal(&s, maths_log(p->mean) - 0.5 * p->sigma * p->sigma, p->sigma);
}

/* Whether a creator's video may be seen by whoever comes for it. */
static bool is_open(const struct channel_desk *desk, uint32_t creator, uint32_t video)
{
    return posts_has(desk, creator, video) &&
           !(world_video(desk->world, video)->flags & VIDEO_EXCLUSIVE);
}

/* Pays for one post; false when the money is not there. */
static bool pay(struct channel_desk *desk, uint32_t creator)
{
    const struct cross_platform_parameters *p = desk->parameters;
    const struct cross_platform_state *state = desk->state;
    if (!desk_afford(desk, creator, (int64_t)(p->cost * (double)MICRO + 0.5))) return false;
    if (state->asked)
        desk->world->creators[desk->shard].row[creator].flags |= CREATOR_ELSEWHERE;
    return true;
}

/* What has been published since the last close is posted, unless the creator stays at home.
 * Returns the newest video that can be watched, ENTITY_NONE = none. */
static uint32_t post(struct channel_desk *desk, uint32_t creator, bool elsewhere)
{
    const struct cross_platform_state *state = desk->state;
    struct presence *presence = &state->presence[creator];
    const struct creator *c = &desk->world->creators[desk->shard].row[creator];
    const struct video_counters *videos = desk->world->videos[desk->shard].counter;
    sim_time seen = presence->seen;
    uint32_t newest = ENTITY_NONE;
    for (size_t i = 0; i < sizeof(c->videos) / sizeof(c->videos[0]); i++) {
        if (!is_open(desk, creator, c->videos[i])) continue;
        sim_time published = videos[entity_row(desk->world->shards, c->videos[i])].published;
        if (newest == ENTITY_NONE) newest = c->videos[i];
        if (elsewhere && published > seen && pay(desk, creator)) presence->posts++;
        if (published > presence->seen) presence->seen = published;
    }
    return newest;
}

/* --------------------------------------------------------------------------------- arrivals */

static uint64_t viewers_of(const struct world *world)
{
    uint64_t count = 0;
    for (uint32_t s = 0; s < world->shards.count; s++) count += world->viewers[s].count;
    return count;
}

/* Somebody of `count` viewers, and how near its taste is to the video where it is here. */
static struct guest draw_guest(const struct world *world, const struct video *video,
                               uint32_t count, struct stream *s)
{
    uint32_t row = stream_below(s, count), shard = 0;
    while (row >= world->viewers[shard].count) row -= (uint32_t)world->viewers[shard++].count;
    struct guest guest = {.viewer = entity_number(world->shards, row, shard)};
    if (!world->viewers[shard].elsewhere)
        guest.near = packed_dot(&video->content, &world->viewers[shard].row[row].taste);
    return guest;
}

/* The likest of `among` to the video, once everybody's nearness is known. */
static uint32_t likest(const struct guest *guest, size_t among)
{
    size_t best = 0;
    for (size_t i = 1; i < among; i++)
        if (guest[i].near > guest[best].near) best = i;
    return guest[best].viewer;
}

/* Days until the next arrival of a Poisson process of rate * e^(-decay t), by inversion; 1e9 =
 * none comes. */
static double wait(double rate, double decay, struct stream *s)
{
    double left = stream_exponential(s) * decay;
    return left < rate ? -maths_log(1 - left / rate) / decay : 1e9;
}

static enum status arrive(struct channel_desk *desk, uint32_t video, double days,
                          uint32_t viewers, struct stream *s)
{
    const struct world *world = desk->world;
    struct cross_platform_state *state = desk->state;
    const struct video_shard *videos = &world->videos[desk->shard];
    size_t among = (size_t)((const struct cross_platform_parameters *)desk->parameters)->among;
    uint32_t row = entity_row(world->shards, video);
    enum status status = memory_grow(&state->arrival, &state->arrival_room, state->arrivals + 1,
                                     sizeof(*state->arrival));
    if (!status)
        status = memory_grow(&state->guest, &state->guest_room, (state->arrivals + 1) * among,
                             sizeof(*state->guest));
    if (status) return status;
    sim_time when = world->close + (sim_time)(days * (double)TIME_DAY);
    struct guest *guest = state->guest + state->arrivals * among;
    for (size_t i = 0; i < among; i++)
        guest[i] = draw_guest(world, &videos->row[row], viewers, s);
    state->arrival[state->arrivals++] = (struct arrival){
        .when = video_stamp(when, videos->counter[row].uses), .video = video};
    return STATUS_OK;
}

static void grow_old(struct presence *presence, double days, double fade, double rate)
{
    presence->posts *= maths_exp(-days * fade);
    presence->excited *= maths_exp(-days * rate);
}

/* A creator's next window. What would bring more arrivals than there are viewers stops there;
 * where there is nothing to see, arrivals leave again. */
static enum status run(struct channel_desk *desk, uint32_t creator, uint32_t viewers)
{
    const struct cross_platform_parameters *p = desk->parameters;
    const struct cross_platform_state *state = desk->state;
    const struct world *world = desk->world;
    struct presence *presence = &state->presence[creator];
    const struct creator *c = &world->creators[desk->shard].row[creator];
    uint64_t name = c->name;
    double mu = desk_used(desk, c) ? appeal(desk, name) : 0, fade = 1 / p->fade,
           rate = 24 / p->delay;
    double left = (double)world->window / (double)TIME_DAY, length = left;
    uint32_t video = post(desk, creator, c->left == TIME_NEVER && mu > 0);
    if (presence->posts * mu + presence->excited < 1e-9) {
        presence->posts = presence->excited = 0;
        return STATUS_OK;
    }
    struct stream s = stream_open(state->luck, name, (uint32_t)(world->close / world->window));
    for (uint32_t i = 0; i < viewers; i++) {
        double found = wait(presence->posts * mu * fade, fade, &s);
        double told = wait(presence->excited, rate, &s), next = found < told ? found : told;
        if (next >= left) break;
        left -= next;
        grow_old(presence, next, fade, rate);
        presence->excited += p->branching * rate;
        enum status status = video == ENTITY_NONE
                                 ? STATUS_OK
                                 : arrive(desk, video, length - left, viewers, &s);
        if (status) return status;
    }
    grow_old(presence, left, fade, rate);
    return STATUS_OK;
}

/* ------------------------------------------------------------------------------- the close */

static enum status make_room(struct channel_desk *desk)
{
    struct cross_platform_state *state = desk->state;
    size_t count = desk->world->creators[desk->shard].count;
    enum status status = memory_grow(&state->presence, &state->room, count,
                                     sizeof(*state->presence));
    if (status) return status;
    while (state->rows < count) state->presence[state->rows++] = (struct presence){0};
    return STATUS_OK;
}

static enum status settle(struct channel_desk *desk)
{
    struct cross_platform_state *state = desk->state;
    struct creator_shard *creators = &desk->world->creators[desk->shard];
    uint64_t viewers = viewers_of(desk->world);
    enum status status = make_room(desk);
    book_act(&creators->book, money_act(MONEY_BOUGHT, desk->world->close));
    for (uint32_t i = 0; i < state->rows && !status; i++)
        status = run(desk, i, (uint32_t)viewers);
    return status;
}

/* Several processes: how near a guest is, is known where it is. */
static void tell_guests(struct channel_desk *desks, uint32_t shards, size_t among)
{
    const struct world *world = desks[0].world;
    while (post_turn(world->post))
        for (uint32_t s = 0; s < shards; s++) {
            struct cross_platform_state *state = desks[s].state;
            for (size_t i = 0; i < state->arrivals * among; i++)
                post_bytes(world->post, entity_shard(world->shards, state->guest[i].viewer),
                           &state->guest[i].near, sizeof(state->guest[i].near));
        }
}

/* Serially: arrivals are put into the calendars of others' shards. */
static enum status send_all(struct channel_desk *desks, uint32_t shards)
{
    size_t among = (size_t)((const struct cross_platform_parameters *)desks[0].parameters)
                       ->among;
    tell_guests(desks, shards, among);
    for (uint32_t s = 0; s < shards; s++) {
        struct cross_platform_state *state = desks[s].state;
        for (size_t i = 0; i < state->arrivals; i++) {
            const struct arrival *a = &state->arrival[i];
            enum status status = engine_plan(desks[s].world->engine,
                                             likest(state->guest + i * among, among), a->when,
                                             EVENT_SHARED, a->video);
            if (status) return status;
        }
        state->arrivals = 0;
    }
    return STATUS_OK;
}

static bool is_sound(const struct presence *presence)
{
    return presence->posts >= 0 && presence->posts <= 1e9 && presence->excited >= 0 &&
           presence->excited <= 1e15 && presence->seen >= 0;
}

static void visit(struct channel_desk *desk, struct visitor *v)
{
    struct cross_platform_state *state = desk->state;
    uint64_t count = state->rows;
    visit_count(v, "cross_platform.rows", &count, desk->world->creators[desk->shard].count);
    if (visit_loading(v) && !v->status) {
        state->rows = 0;
        v->status = make_room(desk);
        state->rows = count;
    }
    if (v->status) return;
    VISIT_FIELD(v, "cross_platform.posts", state->presence, count, posts);
    VISIT_FIELD(v, "cross_platform.excited", state->presence, count, excited);
    VISIT_FIELD(v, "cross_platform.seen", state->presence, count, seen);
    for (uint64_t i = 0; visit_loading(v) && i < count; i++)
        if (!v->status && !is_sound(&state->presence[i])) v->status = STATUS_BAD_INPUT;
}

const struct channel channel_cross_platform = {
    .about = {.name = "cross_platform",
              .doc = "videos posted elsewhere too bring viewers, who bring others",
              .reference = "Hawkes 1971; Rizoiu et al. 2017 (HIP); Dassios & Zhao 2013",
              .parameters = &table,
              .state_size = sizeof(struct cross_platform_state)},
    .open = open_state,
    .release = release,
    .settle = settle,
    .close = send_all,
    .visit = visit,
};
