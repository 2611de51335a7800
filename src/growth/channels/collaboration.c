/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Collaborations: two creators agree to appear together, and the next video that each of them
 * publishes is shown to the followers of both: it stands on the partner's page too, so that the
 * partner's followers find it in their follow feed. Whoever likes it may begin to follow.
 *
 * Now and then a creator looks at some others and asks one. All that it goes by is public: home
 * topics and followers. It expects `worth` for each of the other's followers, times the cosine
 * of the two topics, under an error of its own, and weighs that against its cost and its hours
 * at what an hour brings it. It asks the one with whom it gains most, of those of whom it
 * believes that they gain too (it cannot know their hours). Whoever is asked answers at the
 * next close, by its own estimate, and takes the best offer if that gains. Nobody has two
 * things under way: not two offers, nor an offer and an agreement.
 *
 * Both pay when they agree, and must have the money; the hours count as worked. An agreement
 * ends for each side with its video, or after a month without one.
 */
#include <stdlib.h>

#include "base/maths.h"
#include "base/memory.h"
#include "growth/channel.h"
#include "growth/posts.h"

#define WITHIN (30 * TIME_DAY) /* a side that publishes nothing so long leaves it at that */

struct collaboration_parameters {
    double rate, cost, hours, worth, error;
    int64_t among;
};

/* A creator that has asked and waits for the answer; numbers. */
struct offer {
    uint32_t from, to;
};

/* What a creator owes a partner: its next video. */
struct pact {
    uint32_t creator, with; /* numbers */
    sim_time since;
};

/* An offer as the one who is asked sees it. */
struct bid {
    uint32_t from, to;
    double gain;   /* currency, above 0 */
    uint64_t name; /* of who asks */
};

struct collaboration_state {
    struct stream_key luck;
    /* of this shard's creators; owned */
    struct offer *offer; /* of the last close */
    struct pact *pact;
    struct joint *joint;
    uint64_t offers, pacts, joints;
    uint64_t asked, agreed; /* since the start */
    size_t offer_room, pact_room, joint_room;
    /* of the first shard's state only; owned, within a close */
    struct joint *all;
    struct bid *bid;
    size_t bids, all_room, bid_room;
};

#define AT(member) .offset = offsetof(struct collaboration_parameters, member)
/* Creators who have money, ask often and expect much. */
#define EAGER                                                                                  \
    "growth.channels=[\"collaboration\"] growth.collaboration.rate=20.0 "                      \
    "growth.collaboration.worth=10.0 creators.life.living=0.0 revenue.ads.cpm=1000.0 "         \
    "revenue.ads.min_followers=0 revenue.ads.min_views=0"
#define FREE EAGER " growth.collaboration.cost=0.0"
#define ASSUMED(path_, unit_, high_, initial_, low_p, high_p, meaning_, moves_, sign_, from_,  \
                to_, needs_, member)                                                           \
    {                                                                                          \
        .path = path_, .type = SCHEMA_FLOAT, .unit = unit_, .low = 0, .high = high_,           \
        .initial = initial_, .meaning = meaning_, .source = "A", .plausible_low = low_p,       \
        .plausible_high = high_p, .when = SCHEMA_WINDOW, .moves = moves_, .sign = sign_,       \
        .from = from_, .to = to_, .needs = needs_, AT(member)                                  \
    }

static const struct schema_row rows[] = {
    ASSUMED("rate", "1/week", 1000, "0.2", 0.05, 1, "how often a creator looks for a partner",
            "creators.spend_collaboration", 1, "0.5", "50.0", EAGER, rate),
    {.path = "among",
     .type = SCHEMA_INT,
     .unit = "creators",
     .low = 1,
     .high = 1000,
     .initial = "20",
     .meaning = "others whom it looks at then",
     .source = "A",
     .plausible_low = 5,
     .plausible_high = 100,
     .when = SCHEMA_WINDOW,
     .moves = "cohorts.hours_worked",
     .sign = 1,
     .from = "1",
     .to = "40",
     .needs = FREE " run.days=6 creators.videos_per_week=14.0",
     AT(among)},
    ASSUMED("cost", "currency", 1e6, "5.0", 0, 100,
            "what it costs each side; who has less cannot", "creators.spend_collaboration", 1,
            "0.0", "0.05", EAGER, cost),
    ASSUMED("hours", "h", 1000, "3.0", 1, 12, "what each side works for it",
            "cohorts.hours_worked", 1, "0.0", "5.0", FREE, hours),
    ASSUMED("worth", "currency", 1e6, "0.02", 0.002, 0.2,
            "what a creator expects of each follower of a partner with the same topic",
            "creators.spend_collaboration", 1, "0.0", "10.0", EAGER, worth),
    ASSUMED("error", "1", 4, "0.5", 0.2, 1, "spread of ln(what it expects) around that",
            "cohorts.hours_worked", -1, "0.0", "2.0",
            FREE " run.days=6 creators.videos_per_week=14.0", error),
};
static const struct schema_table table = {.prefix = "growth.collaboration",
                                          .size = sizeof(struct collaboration_parameters),
                                          SCHEMA_ROWS(rows)};

static enum status open_state(struct channel_desk *desk)
{
    static const struct purpose luck = {"growth.collaboration", PURPOSE_LUCK};
    struct collaboration_state *state = desk->state;
    state->luck = stream_key(desk->world->seed, &luck);
    return STATUS_OK;
}

static void release(struct channel_desk *desk)
{
    struct collaboration_state *state = desk->state;
    memory_free(state->offer);
    memory_free(state->pact);
    memory_free(state->joint);
    memory_free(state->all);
    memory_free(state->bid);
    if (desk->shard == 0) desk->world->joints = (struct joint_list){0};
}

/* -------------------------------------------------------------------------------- estimates */

static int64_t cost_of(const struct collaboration_parameters *p)
{
    return (int64_t)(p->cost * (double)MICRO + 0.5);
}

/* What a creator may expect of another's followers, without its error, currency. */
static double promise_of(const struct channel_desk *desk, const struct creator *creator,
                         const struct creator *other)
{
    const struct collaboration_parameters *p = desk->parameters;
    const struct topic *topic = desk->world->topics.topic;
    double fit = (double)vector_dot(topic[creator->topic].vector, topic[other->topic].vector);
    return fit > 0 ? p->worth * (double)other->followers * fit : 0;
}

/* The same less cost and hours, as the creator itself sees it: one error of mean 1. */
static double gain_of(const struct channel_desk *desk, const struct creator *creator,
                      const struct creator *other, struct stream *luck)
{
    const struct collaboration_parameters *p = desk->parameters;
    double error = maths_exp(p->error * stream_normal(luck) - 0.5 * p->error * p->error);
    double hour = creator->hours > 0 ? (double)creator->income_mean / (double)creator->hours
                                     : 0;
    return promise_of(desk, creator, other) * error - p->cost -
           p->hours * (hour > 0 ? hour : 0);
}

/* ----------------------------------------------------------------------------------- asking */

static bool is_free(const struct collaboration_state *state, uint32_t creator)
{
    for (uint64_t i = 0; i < state->offers; i++)
        if (state->offer[i].from == creator) return false;
    for (uint64_t i = 0; i < state->pacts; i++)
        if (state->pact[i].creator == creator) return false;
    return true;
}

static bool may_join(const struct channel_desk *desk, uint32_t row)
{
    const struct collaboration_state *state = desk->state;
    const struct creator *c = &desk->world->creators[desk->shard].row[row];
    return c->left == TIME_NEVER && desk_used(desk, c) &&
           c->balance >= cost_of(desk->parameters) &&
           is_free(state, entity_number(desk->world->shards, row, desk->shard));
}

static uint64_t creators_of(const struct world *w)
{
    uint64_t count = 0;
    for (uint32_t s = 0; s < w->shards.count; s++) count += w->creators[s].count;
    return count;
}

static uint32_t anybody(const struct world *w, uint32_t count, struct stream *luck)
{
    uint32_t row = stream_below(luck, count), shard = 0;
    while (row >= w->creators[shard].count) row -= (uint32_t)w->creators[shard++].count;
    return entity_number(w->shards, row, shard);
}

/* The one to ask, of those whom the creator looks at; ENTITY_NONE = none. */
static uint32_t choose(const struct channel_desk *desk, const struct creator *creator,
                       uint32_t count, struct stream *luck)
{
    const struct collaboration_parameters *p = desk->parameters;
    uint32_t best = ENTITY_NONE;
    double most = 0;
    for (int64_t i = 0; i < p->among; i++) {
        uint32_t number = anybody(desk->world, count, luck);
        const struct creator *other = world_creator(desk->world, number);
        double gain = gain_of(desk, creator, other, luck);
        if (other == creator || other->left != TIME_NEVER || gain <= most ||
            promise_of(desk, other, creator) <= p->cost)
            continue;
        most = gain;
        best = number;
    }
    return best;
}

static enum status ask(struct channel_desk *desk, uint32_t row, uint32_t count)
{
    const struct collaboration_parameters *p = desk->parameters;
    struct collaboration_state *state = desk->state;
    const struct world *w = desk->world;
    const struct creator *c = &w->creators[desk->shard].row[row];
    double weeks = (double)w->window / (7.0 * (double)TIME_DAY);
    struct stream luck = stream_open(state->luck, c->name, (uint32_t)(w->close / w->window));
    if (!stream_bernoulli(&luck, 1 - maths_exp(-p->rate * weeks)) || !may_join(desk, row))
        return STATUS_OK;
    uint32_t other = choose(desk, c, count, &luck);
    if (other == ENTITY_NONE) return STATUS_OK;
    enum status status = memory_grow(&state->offer, &state->offer_room, state->offers + 1,
                                     sizeof(*state->offer));
    if (status) return status;
    state->offer[state->offers++] = (struct offer){entity_number(w->shards, row, desk->shard),
                                                   other};
    state->asked++;
    return STATUS_OK;
}

/* Once the offers of the last close have been answered. */
static void ask_task(void *context, uint32_t shard, uint32_t thread)
{
    struct channel_desk *desk = (struct channel_desk *)context + shard;
    const struct world *w = desk->world;
    uint32_t here = (uint32_t)w->creators[shard].count, count = (uint32_t)creators_of(w);
    (void)thread;
    ((struct collaboration_state *)desk->state)->offers = 0;
    for (uint32_t i = 0; i < here && w->now > 0 && !desk->fault; i++)
        desk->fault = ask(desk, i, count);
}

/* -------------------------------------------------------------------------------- publishing
 */

static bool has_left(const struct channel_desk *desk, const struct joint *joint)
{
    const struct video_shard *videos = &desk->world->videos[desk->shard];
    uint32_t row = entity_row(desk->world->shards, joint->video);
    return videos->counter[row].state != VIDEO_ACTIVE || videos->row[row].name != joint->name;
}

static void forget_joints(struct channel_desk *desk)
{
    struct collaboration_state *state = desk->state;
    uint64_t kept = 0;
    for (uint64_t i = 0; i < state->joints; i++)
        if (!has_left(desk, &state->joint[i])) state->joint[kept++] = state->joint[i];
    state->joints = kept;
}

/* The video with which a side keeps its word; ENTITY_NONE = not yet. */
static uint32_t kept_with(const struct channel_desk *desk, const struct pact *pact)
{
    const struct world *w = desk->world;
    uint32_t video = posts_news(desk, entity_row(w->shards, pact->creator));
    if (video == ENTITY_NONE || world_video(w, video)->flags & VIDEO_EXCLUSIVE)
        return ENTITY_NONE;
    return w->videos[desk->shard].counter[entity_row(w->shards, video)].published > pact->since
               ? video
               : ENTITY_NONE;
}

static enum status keep_word(struct channel_desk *desk)
{
    struct collaboration_state *state = desk->state;
    const struct world *w = desk->world;
    uint64_t kept = 0;
    for (uint64_t i = 0; i < state->pacts; i++) {
        const struct pact pact = state->pact[i];
        uint32_t video = kept_with(desk, &pact);
        bool over = world_creator(w, pact.creator)->left != TIME_NEVER ||
                    w->close - pact.since > WITHIN;
        if (video == ENTITY_NONE && !over) state->pact[kept++] = pact;
        if (video == ENTITY_NONE) continue;
        enum status status = memory_grow(&state->joint, &state->joint_room, state->joints + 1,
                                         sizeof(*state->joint));
        if (status) return status;
        state->joint[state->joints++] = (struct joint){.name = world_video(w, video)->name,
                                                       .since = w->close,
                                                       .video = video,
                                                       .partner = pact.with};
    }
    state->pacts = kept;
    return STATUS_OK;
}

static enum status settle(struct channel_desk *desk)
{
    forget_joints(desk);
    return keep_word(desk);
}

/* -------------------------------------------------------------------------------- answering */

/* What an offer is to the one who is asked, where both may still join: who asks is bound by
 * this offer alone, and gives way to nobody. */
static enum status weigh(struct channel_desk *desks, const struct offer *offer)
{
    struct collaboration_state *first = desks[0].state;
    const struct world *w = desks[0].world;
    struct channel_desk *desk = &desks[entity_shard(w->shards, offer->to)];
    const struct collaboration_state *state = desk->state;
    const struct creator *asks = world_creator(w, offer->from),
                         *asked = world_creator(w, offer->to);
    uint64_t occasion = name_child(asks->name, (uint64_t)(w->close / w->window));
    struct stream luck = stream_open(state->luck, asked->name, name_fold(occasion));
    double gain = gain_of(desk, asked, asks, &luck);
    if (gain <= 0 || asks->left != TIME_NEVER || asks->balance < cost_of(desk->parameters) ||
        !may_join(desk, entity_row(w->shards, offer->to)))
        return STATUS_OK;
    enum status status = memory_grow(&first->bid, &first->bid_room, first->bids + 1,
                                     sizeof(*first->bid));
    if (!status)
        first->bid[first->bids++] = (struct bid){
            .from = offer->from, .to = offer->to, .gain = gain, .name = asks->name};
    return status;
}

/* By who is asked, then what it gains, then who asks. */
static int by_gain(const void *a, const void *b)
{
    const struct bid *x = a, *y = b;
    if (x->to != y->to) return x->to < y->to ? -1 : 1;
    if (x->gain > y->gain || x->gain < y->gain) return x->gain > y->gain ? -1 : 1;
    return (x->name > y->name) - (x->name < y->name);
}

/* One side pays, works, and owes its next video. */
static enum status join(struct channel_desk *desk, uint32_t creator, uint32_t with)
{
    const struct collaboration_parameters *p = desk->parameters;
    struct collaboration_state *state = desk->state;
    struct world *w = desk->world;
    uint32_t row = entity_row(w->shards, creator);
    enum status status = memory_grow(&state->pact, &state->pact_room, state->pacts + 1,
                                     sizeof(*state->pact));
    if (status) return status;
    state->pact[state->pacts++] = (struct pact){creator, with, w->close};
    state->agreed++;
    book_act(&w->creators[desk->shard].book, money_act(MONEY_BOUGHT, w->close));
    bool paid = desk_afford(desk, row, cost_of(p));
    require(paid);
    desk_work(desk, row, p->hours);
    return STATUS_OK;
}

static enum status answer_all(struct channel_desk *desks, uint32_t shards)
{
    struct collaboration_state *first = desks[0].state;
    const struct shards s = desks[0].world->shards;
    enum status status = STATUS_OK;
    first->bids = 0;
    for (uint32_t k = 0; k < shards; k++) {
        const struct collaboration_state *state = desks[k].state;
        for (uint64_t i = 0; i < state->offers && !status; i++)
            status = weigh(desks, &state->offer[i]);
    }
    if (first->bids) qsort(first->bid, first->bids, sizeof(*first->bid), by_gain);
    for (size_t i = 0; i < first->bids && !status; i++) {
        const struct bid *bid = &first->bid[i];
        if (i && first->bid[i - 1].to == bid->to) continue; /* the best one only */
        status = join(&desks[entity_shard(s, bid->from)], bid->from, bid->to);
        if (!status) status = join(&desks[entity_shard(s, bid->to)], bid->to, bid->from);
    }
    return status;
}

/* What the platform is told. */
static enum status list_joints(struct channel_desk *desks, uint32_t shards)
{
    struct collaboration_state *first = desks[0].state;
    size_t count = 0, n = 0;
    for (uint32_t s = 0; s < shards; s++)
        count += ((const struct collaboration_state *)desks[s].state)->joints;
    enum status status = memory_grow(&first->all, &first->all_room, count, sizeof(*first->all));
    if (status) return status;
    for (uint32_t s = 0; s < shards; s++) {
        const struct collaboration_state *state = desks[s].state;
        for (uint64_t i = 0; i < state->joints; i++) first->all[n++] = state->joint[i];
    }
    desks[0].world->joints = (struct joint_list){first->all, n};
    return STATUS_OK;
}

static enum status close_window(struct channel_desk *desks, uint32_t shards)
{
    enum status status = answer_all(desks, shards);
    if (status) return status;
    team_run(desks[0].world->team, shards, ask_task, desks);
    for (uint32_t s = 0; s < shards && !status; s++) status = desks[s].fault;
    return status ? status : list_joints(desks, shards);
}

/* ------------------------------------------------------------------------------ checkpoints */

static bool is_mine(const struct channel_desk *desk, uint32_t creator)
{
    const struct world *w = desk->world;
    return world_has_creator(w, creator) && entity_shard(w->shards, creator) == desk->shard;
}

static bool is_sound(const struct channel_desk *desk)
{
    const struct collaboration_state *state = desk->state;
    const struct world *w = desk->world;
    bool sound = true;
    for (uint64_t i = 0; i < state->offers; i++)
        sound &= is_mine(desk, state->offer[i].from) &&
                 world_has_creator(w, state->offer[i].to);
    for (uint64_t i = 0; i < state->pacts; i++)
        sound &= is_mine(desk, state->pact[i].creator) &&
                 world_has_creator(w, state->pact[i].with) && state->pact[i].since >= 0;
    for (uint64_t i = 0; i < state->joints; i++) {
        uint32_t video = state->joint[i].video;
        sound &= world_has_creator(w, state->joint[i].partner) && state->joint[i].since >= 0 &&
                 entity_shard(w->shards, video) == desk->shard &&
                 entity_row(w->shards, video) < w->videos[desk->shard].count;
    }
    return sound;
}

static enum status make_room(struct collaboration_state *state, uint64_t offers, uint64_t pacts,
                             uint64_t joints)
{
    enum status status = memory_grow(&state->offer, &state->offer_room, offers,
                                     sizeof(*state->offer));
    if (!status)
        status = memory_grow(&state->pact, &state->pact_room, pacts, sizeof(*state->pact));
    if (!status)
        status = memory_grow(&state->joint, &state->joint_room, joints, sizeof(*state->joint));
    return status;
}

static void visit(struct channel_desk *desk, struct visitor *v)
{
    struct collaboration_state *state = desk->state;
    uint32_t shards = desk->world->shards.count;
    uint64_t offers = state->offers, pacts = state->pacts, joints = state->joints;
    visit_count(v, "collaboration.offers", &offers, desk->world->creators[desk->shard].count);
    visit_count(v, "collaboration.pacts", &pacts, desk->world->creators[desk->shard].count);
    visit_count(v, "collaboration.joints", &joints, desk->world->videos[desk->shard].count);
    if (visit_loading(v) && !v->status) v->status = make_room(state, offers, pacts, joints);
    if (v->status) return;
    state->offers = offers;
    state->pacts = pacts;
    state->joints = joints;
    VISIT_FIELD(v, "collaboration.from", state->offer, offers, from);
    VISIT_FIELD(v, "collaboration.to", state->offer, offers, to);
    VISIT_FIELD(v, "collaboration.creator", state->pact, pacts, creator);
    VISIT_FIELD(v, "collaboration.with", state->pact, pacts, with);
    VISIT_FIELD(v, "collaboration.agreed_at", state->pact, pacts, since);
    VISIT_FIELD(v, "collaboration.name", state->joint, joints, name);
    VISIT_FIELD(v, "collaboration.since", state->joint, joints, since);
    VISIT_FIELD(v, "collaboration.video", state->joint, joints, video);
    VISIT_FIELD(v, "collaboration.partner", state->joint, joints, partner);
    VISIT_VALUE(v, "collaboration.asked", state->asked);
    VISIT_VALUE(v, "collaboration.agreed", state->agreed);
    if (visit_loading(v) && !v->status && !is_sound(desk)) v->status = STATUS_BAD_INPUT;
    if (visit_loading(v) && !v->status && desk->shard + 1 == shards)
        v->status = list_joints(desk - desk->shard, shards);
}

const struct channel channel_collaboration = {
    .about = {.name = "collaboration",
              .doc = "two creators agree to show a video to the followers of both",
              .reference = "Koch et al. 2018 (arXiv 1805.01887)",
              .parameters = &table,
              .state_size = sizeof(struct collaboration_state)},
    .open = open_state,
    .release = release,
    .settle = settle,
    .close = close_window,
    .visit = visit,
};
