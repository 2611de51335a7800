/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Offline events: a creator whose promotion budget has grown large enough books a place in its
 * own region. Followers who live there may come, and bring friends who live there; others come
 * who live there and are into the creator's topic. Who did not follow yet may begin to. That
 * enthusiasm fades: but for a share that stays, such a follower gives it up with a half-life of
 * days.
 *
 * The place, and as many guests as the rest of the budget is enough for, are paid when it is
 * booked: never more than the budget. Guests are an allowance, cut into whole ones by viewer
 * shard. Who comes is drawn at the close of the window in which it takes place.
 */
#include "base/maths.h"
#include "base/memory.h"
#include "engine/post.h"
#include "growth/channel.h"
#include "growth/followers.h"

#define FOLLOWS_MOST 64 /* of one viewer, where nobody sets another bound */

struct offline_event_parameters {
    double venue, guest, ahead, attend, curious, friends, follow, stay, half_life;
    int64_t places;
};

struct booking {
    sim_time when;
    uint32_t creator, places; /* number; guests that are paid for */
};

/* A viewer who came to a creator's event; numbers. */
struct guest {
    uint32_t viewer, creator;
    uint32_t begins; /* 1 = begins to follow there */
};

struct offline_event_state {
    struct stream_key luck, fade;
    const int64_t *most;     /* creators that a viewer keeps following */
    struct booking *booking; /* owned; of this shard's creators */
    struct guest *won;       /* owned; followers of this shard, won at events, who will go */
    /* within a close */
    struct guest *host, *other; /* owned; who came: followers, others */
    struct guest *asked;        /* owned; friends of those followers */
    struct guest *lost;         /* owned; followers who have gone */
    uint64_t bookings, wons, guests;
    size_t booking_room, won_room, host_room, other_room, asked_room, lost_room;
    size_t hosts, others, askeds, losts;
};

#define AT(member) .offset = offsetof(struct offline_event_parameters, member)
#define BUSY                                                                                   \
    "growth.channels=[\"offline_event\"] creators.boost=1.0 creators.review_days=0.25 "        \
    "creators.life.living=0.0 revenue.ads.cpm=1000.0 revenue.ads.min_followers=0 "             \
    "revenue.ads.min_views=0 regions.count=1 growth.offline_event.venue=0.1 "                  \
    "growth.offline_event.guest=0.001 growth.offline_event.ahead=0.1 "                         \
    "growth.offline_event.curious=0.5 growth.offline_event.stay=1.0"
#define ASSUMED(path_, unit_, low_, high_, initial_, low_p, high_p, meaning_, moves_, sign_,   \
                from_, to_, needs_, member)                                                    \
    {                                                                                          \
        .path = path_, .type = SCHEMA_FLOAT, .unit = unit_, .low = low_, .high = high_,        \
        .initial = initial_, .meaning = meaning_, .source = "A", .plausible_low = low_p,       \
        .plausible_high = high_p, .when = SCHEMA_WINDOW, .moves = moves_, .sign = sign_,       \
        .from = from_, .to = to_, .needs = BUSY needs_, AT(member)                             \
    }

static const struct schema_row rows[] = {
    ASSUMED("venue", "currency", 0, 1e9, "2000.0", 500, 20000, "what a place costs",
            "creators.spend_offline_event", 1, "0.01", "1.0", "", venue),
    ASSUMED("guest", "currency", 0, 1e9, "20.0", 5, 100,
            "what each guest that is planned costs", "creators.spend_offline_event", 1, "0.001",
            "0.1", "", guest),
    ASSUMED("ahead", "d", 0, 365, "7.0", 3, 60, "days from booking to the event",
            "creators.followers", -1, "0.1", "3.0", "", ahead),
    ASSUMED("attend", "1", 0, 1, "0.05", 0.01, 0.2, "share of the followers there who come",
            "creators.followers", -1, "0.0", "0.9", " growth.offline_event.places=3", attend),
    ASSUMED("curious", "1", 0, 1, "0.01", 0.002, 0.05,
            "share of others there who come, of those into the creator's topic",
            "creators.followers", 1, "0.0", "0.8", "", curious),
    ASSUMED("friends", "1", 0, 1, "0.2", 0.05, 0.5,
            "share of a coming follower's friends there who come along", "creators.followers",
            1, "0.0", "1.0",
            " growth.channels=[\"offline_event\",\"social_share\"] "
            "growth.offline_event.attend=1.0 growth.offline_event.curious=0.0",
            friends),
    ASSUMED("follow", "1", 0, 1, "0.5", 0.2, 0.9,
            "share of guests who follow the creator from then on", "creators.followers", 1,
            "0.0", "1.0", "", follow),
    ASSUMED("stay", "1", 0, 1, "0.3", 0.1, 0.6,
            "share of those who go on following; the others' interest fades",
            "cohorts.follower_loss", -1, "0.0", "1.0", " growth.offline_event.half_life=0.1",
            stay),
    ASSUMED("half_life", "d", 0.01, 3650, "3.0", 1, 14, "half-life of the interest that fades",
            "cohorts.follower_loss", -1, "0.05", "100.0", " growth.offline_event.stay=0.0",
            half_life),
    {.path = "places",
     .type = SCHEMA_INT,
     .unit = "guests",
     .low = 1,
     .high = 1e6,
     .initial = "200",
     .meaning = "guests that a place holds",
     .source = "A",
     .plausible_low = 50,
     .plausible_high = 2000,
     .when = SCHEMA_WINDOW,
     .moves = "creators.followers",
     .sign = 1,
     .from = "1",
     .to = "200",
     .needs = BUSY,
     AT(places)},
};
static const struct schema_table table = {.prefix = "growth.offline_event",
                                          .size = sizeof(struct offline_event_parameters),
                                          SCHEMA_ROWS(rows)};

static enum status open_state(struct channel_desk *desk)
{
    static const struct purpose luck = {"growth.offline_event", PURPOSE_LUCK},
                                fade = {"growth.offline_event.fade", PURPOSE_LUCK};
    static const int64_t most = FOLLOWS_MOST;
    struct offline_event_state *state = desk->state;
    struct parameter bound;
    state->luck = stream_key(desk->world->seed, &luck);
    state->fade = stream_key(desk->world->seed, &fade);
    state->most = parameters_find(desk->world->parameters, "viewers.follows.most", &bound)
                      ? bound.value
                      : &most;
    return STATUS_OK;
}

static void release(struct channel_desk *desk)
{
    struct offline_event_state *state = desk->state;
    memory_free(state->booking);
    memory_free(state->won);
    memory_free(state->host);
    memory_free(state->other);
    memory_free(state->asked);
    memory_free(state->lost);
}

/* ---------------------------------------------------------------------------------- booking */

static int64_t micro(double money) { return (int64_t)(money * (double)MICRO + 0.5); }

static bool has_booked(const struct offline_event_state *state, uint32_t creator)
{
    for (uint64_t i = 0; i < state->bookings; i++)
        if (state->booking[i].creator == creator) return true;
    return false;
}

/* One event at a time; what the budget has left over for guests is the number of them. */
static int64_t promote(struct channel_desk *desk, uint32_t creator, int64_t budget)
{
    const struct offline_event_parameters *p = desk->parameters;
    struct offline_event_state *state = desk->state;
    const struct world *w = desk->world;
    uint32_t number = entity_number(w->shards, creator, desk->shard);
    int64_t venue = micro(p->venue), guest = micro(p->guest), places = p->places;
    if (guest > 0 && (budget - venue) / guest < places) places = (budget - venue) / guest;
    if (budget < venue || places < 1 || has_booked(state, number)) return 0;
    enum status status = memory_grow(&state->booking, &state->booking_room, state->bookings + 1,
                                     sizeof(*state->booking));
    if (status) {
        desk->fault = status;
        return 0;
    }
    state->booking[state->bookings++] = (struct booking){
        .when = w->close + (sim_time)(p->ahead * (double)TIME_DAY),
        .creator = number,
        .places = (uint32_t)places};
    int64_t cost = venue + places * guest;
    if (cost > 0) desk_spend(desk, creator, ACCOUNT_PROMOTION, cost);
    return cost;
}

/* -------------------------------------------------------------------------------- attending */

/* An event of this window, as one viewer shard sees it. */
struct happening {
    const struct booking *booking;
    uint64_t name;
    uint32_t region, topic, left; /* guests whom this shard may still send */
};

static bool lives_there(const struct world *w, const struct viewer *viewer,
                        const struct happening *event)
{
    return regions_of(&w->regions, viewer_name(viewer)) == event->region;
}

static enum status note(struct guest **list, size_t *count, size_t *room, struct guest guest)
{
    enum status status = memory_grow(list, room, *count + 1, sizeof(**list));
    if (!status) (*list)[(*count)++] = guest;
    return status;
}

static struct stream luck_of(const struct channel_desk *desk, const struct viewer *viewer,
                             const struct happening *event)
{
    const struct offline_event_state *state = desk->state;
    return stream_open(state->luck, viewer_name(viewer),
                       name_fold(name_child(event->name, (uint64_t)event->booking->when)));
}

/* Followers of this shard who come. */
static enum status followers_come(struct channel_desk *desk, struct happening *event)
{
    const struct offline_event_parameters *p = desk->parameters;
    struct offline_event_state *state = desk->state;
    const struct world *w = desk->world;
    uint32_t creator = event->booking->creator, count;
    const uint32_t *row = followers_of(desk->followers, w->shards, creator, &count);
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < count && event->left && !status; i++) {
        const struct viewer *viewer = &w->viewers[desk->shard].row[row[i]];
        struct stream luck = luck_of(desk, viewer, event);
        if (!stream_bernoulli(&luck, p->attend) || !lives_there(w, viewer, event) ||
            !follower_tie(&w->viewers[desk->shard], viewer, creator).follows)
            continue;
        event->left--;
        state->guests++;
        const struct guest host = {entity_number(w->shards, row[i], desk->shard), creator, 0};
        status = note(&state->host, &state->hosts, &state->host_room, host);
    }
    return status;
}

static bool is_among(const struct guest *list, size_t n, uint32_t viewer, uint32_t creator)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].viewer == viewer && list[i].creator == creator) return true;
    return false;
}

/* Somebody of this shard who does not follow yet comes with that chance, and may begin to. Who
 * could come in two ways is drawn the same both times. */
static enum status other_comes(struct channel_desk *desk, struct happening *event, uint32_t row,
                               double chance)
{
    const struct offline_event_parameters *p = desk->parameters;
    struct offline_event_state *state = desk->state;
    const struct world *w = desk->world;
    const struct viewer *viewer = &w->viewers[desk->shard].row[row];
    uint32_t creator = event->booking->creator;
    uint32_t number = entity_number(w->shards, row, desk->shard);
    struct stream luck = luck_of(desk, viewer, event);
    (void)stream_uniform(&luck); /* that of a follower */
    if (!event->left || !stream_bernoulli(&luck, chance) || !lives_there(w, viewer, event) ||
        is_among(state->other, state->others, number, creator) ||
        follower_tie(&w->viewers[desk->shard], viewer, creator).follows)
        return STATUS_OK;
    event->left--;
    state->guests++;
    const struct guest guest = {number, creator, stream_bernoulli(&luck, p->follow)};
    return note(&state->other, &state->others, &state->other_room, guest);
}

/* Whom this shard's followers who come ask to come along, of whatever shard. */
static enum status ask_friends(struct channel_desk *desk)
{
    struct offline_event_state *state = desk->state;
    const struct world *w = desk->world;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < state->hosts; i++) {
        const struct relation_list *list = &world_viewer(w, state->host[i].viewer)->relations;
        const struct relation *row = relation_rows(&w->viewers[desk->shard].relations, list);
        for (uint32_t k = 0; k < list->count && !status; k++) {
            if (relation_kind(row[k]) != RELATION_FRIEND) continue;
            const struct guest guest = {relation_other(row[k]), state->host[i].creator, 0};
            status = note(&state->asked, &state->askeds, &state->asked_room, guest);
        }
    }
    return status;
}

static enum status friends_come(struct channel_desk *desk, const struct channel_desk *from,
                                struct happening *event)
{
    const struct offline_event_parameters *p = desk->parameters;
    const struct offline_event_state *state = from->state;
    const struct shards shards = desk->world->shards;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < state->askeds && !status; i++)
        if (state->asked[i].creator == event->booking->creator &&
            entity_shard(shards, state->asked[i].viewer) == desk->shard)
            status = other_comes(desk, event, entity_row(shards, state->asked[i].viewer),
                                 p->friends);
    return status;
}

/* Friends of followers who came, from all shards in their order; then those of the topic. */
static enum status others_come(struct channel_desk *desk, struct happening *event)
{
    const struct offline_event_parameters *p = desk->parameters;
    const struct offline_event_state *state = desk->state;
    const struct viewer_shard *viewers = &desk->world->viewers[desk->shard];
    enum status status = STATUS_OK;
    for (size_t i = 0; i < state->hosts; i++)
        event->left -= state->host[i].creator == event->booking->creator;
    for (uint32_t s = 0; s < desk->world->shards.count && !status; s++)
        status = friends_come(desk, desk - desk->shard + s, event);
    for (uint32_t i = 0; i < viewers->count && event->left && !status; i++)
        if (viewers->row[i].topic == event->topic)
            status = other_comes(desk, event, i, p->curious);
    return status;
}

/* The events of all shards' creators in this window, one after the other. A creator who has
 * left holds none. */
static void each_event(struct channel_desk *desk,
                       enum status (*come)(struct channel_desk *desk, struct happening *event))
{
    const struct world *w = desk->world;
    uint32_t shards = w->shards.count;
    for (uint32_t s = 0; s < shards; s++) {
        const struct offline_event_state *from = (desk - desk->shard + s)->state;
        for (uint64_t i = 0; i < from->bookings && !desk->fault; i++) {
            const struct booking *booking = &from->booking[i];
            const struct creator *c = world_creator(w, booking->creator);
            if (booking->when >= w->close || c->left != TIME_NEVER) continue;
            uint32_t turn = (uint32_t)(c->name + desk->shard) % shards;
            struct happening event = {.booking = booking,
                                      .name = c->name,
                                      .region = regions_of(&w->regions, c->name),
                                      .topic = c->topic,
                                      .left = booking->places / shards +
                                              (turn < booking->places % shards)};
            desk->fault = come(desk, &event);
        }
    }
}

static void followers_task(void *context, uint32_t shard, uint32_t thread)
{
    struct channel_desk *desk = (struct channel_desk *)context + shard;
    struct offline_event_state *state = desk->state;
    (void)thread;
    state->hosts = state->others = state->askeds = state->losts = 0;
    if (desk->world->viewers[shard].elsewhere) return;
    each_event(desk, followers_come);
    if (!desk->fault) desk->fault = ask_friends(desk);
}

static void others_task(void *context, uint32_t shard, uint32_t thread)
{
    struct channel_desk *desk = (struct channel_desk *)context + shard;
    (void)thread;
    if (!desk->world->viewers[shard].elsewhere) each_event(desk, others_come);
}

/* ------------------------------------------------------------------------- beginning, fading
 */

/* A guest who follows for good in the meantime, or has room for no more, begins nothing. Whom
 * it drops for this one has lost it. */
static enum status begin(struct channel_desk *desk, struct guest *guest)
{
    const struct offline_event_parameters *p = desk->parameters;
    struct offline_event_state *state = desk->state;
    const struct world *w = desk->world;
    struct viewer *viewer = world_viewer(w, guest->viewer);
    struct relation_pool *relations = &w->viewers[desk->shard].relations;
    struct relation follow = relation_make(RELATION_FOLLOW, guest->creator);
    uint32_t dropped = ENTITY_NONE;
    bool known = relation_has(relations, &viewer->relations, follow);
    enum status status = known ? STATUS_OK
                               : relation_add(relations, &viewer->relations, follow,
                                              (uint32_t)*state->most, &dropped);
    guest->begins = !known && relation_has(relations, &viewer->relations, follow);
    if (!status && dropped != ENTITY_NONE)
        status = note(&state->lost, &state->losts, &state->lost_room,
                      (struct guest){guest->viewer, dropped, 0});
    if (status || !guest->begins) return status;
    struct stream luck = stream_open(state->fade, viewer_name(viewer),
                                     name_fold(world_creator(w, guest->creator)->name));
    if (stream_bernoulli(&luck, p->stay)) return STATUS_OK;
    size_t wons = (size_t)state->wons;
    status = note(&state->won, &wons, &state->won_room, *guest);
    state->wons = wons;
    return status;
}

/* A day's share of those who will go. Who has given it up by other ways is forgotten. */
static enum status fade(struct channel_desk *desk)
{
    const struct offline_event_parameters *p = desk->parameters;
    struct offline_event_state *state = desk->state;
    const struct world *w = desk->world;
    double chance = 1 - maths_exp(-0.6931471805599453 / p->half_life);
    uint64_t kept = 0;
    enum status status = STATUS_OK;
    for (uint64_t i = 0; i < state->wons && !status; i++) {
        const struct guest guest = state->won[i];
        struct viewer *viewer = world_viewer(w, guest.viewer);
        struct relation follow = relation_make(RELATION_FOLLOW, guest.creator);
        struct stream luck = stream_open(
            state->fade, name_child(viewer_name(viewer), world_creator(w, guest.creator)->name),
            (uint32_t)(w->close / TIME_DAY));
        if (!relation_has(&w->viewers[desk->shard].relations, &viewer->relations, follow))
            continue;
        if (!stream_bernoulli(&luck, chance)) {
            state->won[kept++] = guest;
            continue;
        }
        (void)relation_remove(&w->viewers[desk->shard].relations, &viewer->relations, follow);
        status = note(&state->lost, &state->losts, &state->lost_room, guest);
    }
    state->wons = kept;
    return status;
}

static void change_task(void *context, uint32_t shard, uint32_t thread)
{
    struct channel_desk *desk = (struct channel_desk *)context + shard;
    const struct offline_event_state *state = desk->state;
    const struct world *w = desk->world;
    (void)thread;
    if (w->viewers[shard].elsewhere) return;
    if (!desk->fault && w->close / TIME_DAY > w->now / TIME_DAY) desk->fault = fade(desk);
    for (size_t i = 0; i < state->others && !desk->fault; i++)
        if (state->other[i].begins) desk->fault = begin(desk, &state->other[i]);
}

/* Serially: what creators have, and events that are over. */
static void count_followers(struct channel_desk *desk)
{
    struct offline_event_state *state = desk->state;
    const struct world *w = desk->world;
    uint64_t kept = 0;
    for (size_t i = 0; i < state->others; i++) {
        struct creator *c = world_creator(w, state->other[i].creator);
        c->followers += state->other[i].begins;
        c->period.follows += state->other[i].begins;
    }
    for (size_t i = 0; i < state->losts; i++) {
        struct creator *c = world_creator(w, state->lost[i].creator);
        c->followers -= c->followers > 0;
        c->unfollows++;
    }
    for (uint64_t i = 0; i < state->bookings; i++)
        if (state->booking[i].when >= w->close) state->booking[kept++] = state->booking[i];
    state->bookings = kept;
}

static bool is_day_of(struct channel_desk *desks, uint32_t shards)
{
    const struct world *w = desks[0].world;
    bool any = w->close / TIME_DAY > w->now / TIME_DAY;
    for (uint32_t s = 0; s < shards; s++) {
        const struct offline_event_state *state = desks[s].state;
        for (uint64_t i = 0; i < state->bookings; i++) any |= state->booking[i].when < w->close;
    }
    return any;
}

/* Several processes: friends who are asked may be anybody's viewers ... */
static void tell_asked(struct channel_desk *desks, struct post *post)
{
    while (post_turn(post))
        for (uint32_t s = 0; s < post->shards; s++) {
            struct offline_event_state *at = desks[s].state;
            post_list(post, s,
                      &(struct post_rows){&at->asked, &at->askeds, &at->asked_room,
                                          sizeof(*at->asked)});
        }
}

/* ... and what creators have changes everywhere. */
static void tell_changes(struct channel_desk *desks, struct post *post)
{
    while (post_turn(post))
        for (uint32_t s = 0; s < post->shards; s++) {
            struct offline_event_state *at = desks[s].state;
            post_list(post, s,
                      &(struct post_rows){&at->other, &at->others, &at->other_room,
                                          sizeof(*at->other)});
            post_list(
                post, s,
                &(struct post_rows){&at->lost, &at->losts, &at->lost_room, sizeof(*at->lost)});
        }
}

static enum status close_window(struct channel_desk *desks, uint32_t shards)
{
    struct team *team = desks[0].world->team;
    struct post *post = desks[0].world->post;
    if (!is_day_of(desks, shards)) return STATUS_OK;
    team_run(team, shards, followers_task, desks);
    tell_asked(desks, post);
    team_run(team, shards, others_task, desks);
    team_run(team, shards, change_task, desks);
    tell_changes(desks, post);
    if (post && post->status) return post->status;
    for (uint32_t s = 0; s < shards; s++) {
        if (desks[s].fault) return desks[s].fault;
        count_followers(&desks[s]);
    }
    return STATUS_OK;
}

/* ------------------------------------------------------------------------------ checkpoints */

static bool are_sound(const struct channel_desk *desk)
{
    const struct offline_event_state *state = desk->state;
    const struct world *w = desk->world;
    for (uint64_t i = 0; i < state->bookings; i++)
        if (!world_has_creator(w, state->booking[i].creator) || state->booking[i].when < 0 ||
            state->booking[i].places < 1 || state->booking[i].places > 1000000 ||
            entity_shard(w->shards, state->booking[i].creator) != desk->shard)
            return false;
    return true;
}

static bool won_sound(const struct channel_desk *desk)
{
    const struct offline_event_state *state = desk->state;
    const struct world *w = desk->world;
    for (uint64_t i = 0; i < state->wons; i++)
        if (!world_has_creator(w, state->won[i].creator) ||
            !world_has_viewer(w, state->won[i].viewer) ||
            entity_shard(w->shards, state->won[i].viewer) != desk->shard)
            return false;
    return true;
}

static void visit_bookings(struct offline_event_state *state, uint64_t bookings,
                           struct visitor *v)
{
    if (visit_loading(v) && !v->status)
        v->status = memory_grow(&state->booking, &state->booking_room, bookings,
                                sizeof(*state->booking));
    if (v->status) return;
    state->bookings = bookings;
    VISIT_FIELD(v, "offline_event.when", state->booking, bookings, when);
    VISIT_FIELD(v, "offline_event.creator", state->booking, bookings, creator);
    VISIT_FIELD(v, "offline_event.places", state->booking, bookings, places);
}

/* What the process has that has the shard's viewers: how many, then who. */
static void visit_wons(void *context, uint32_t shard, struct visitor *v)
{
    struct offline_event_state *state = ((struct channel_desk *)context)->state;
    uint64_t wons = state->wons;
    (void)shard;
    visit_count(v, "offline_event.wons", &wons, UINT32_MAX);
    if (visit_loading(v) && !v->status)
        v->status = memory_grow(&state->won, &state->won_room, wons, sizeof(*state->won));
    if (!v->status) state->wons = wons;
}

static void visit_won(void *context, uint32_t shard, struct visitor *v)
{
    struct channel_desk *desk = context;
    struct offline_event_state *state = desk->state;
    uint64_t wons = state->wons;
    VISIT_FIELD(v, "offline_event.won_viewer", state->won, wons, viewer);
    VISIT_FIELD(v, "offline_event.won_creator", state->won, wons, creator);
    VISIT_VALUE(v, "offline_event.guests", state->guests);
    if (!visit_loading(v) || v->status) return;
    for (uint64_t i = 0; i < wons; i++) state->won[i].begins = 1;
    if (!won_sound(desk)) v->status = STATUS_BAD_INPUT;
    if (desk->world->viewers[shard].elsewhere) state->wons = 0;
}

static void visit(struct channel_desk *desk, struct visitor *v)
{
    struct offline_event_state *state = desk->state;
    struct post *post = desk->world->post;
    uint64_t bookings = state->bookings;
    visit_count(v, "offline_event.bookings", &bookings,
                desk->world->creators[desk->shard].count);
    post_visit(post, desk->shard, v, visit_wons, desk);
    visit_bookings(state, bookings, v);
    post_visit(post, desk->shard, v, visit_won, desk);
    if (visit_loading(v) && !v->status && !are_sound(desk)) v->status = STATUS_BAD_INPUT;
}

const struct channel channel_offline_event = {
    .about = {.name = "offline_event",
              .doc = "events at a place bring followers, whose interest fades",
              .reference = "none",
              .parameters = &table,
              .state_size = sizeof(struct offline_event_state)},
    .follows = true,
    .open = open_state,
    .release = release,
    .promote = promote,
    .close = close_window,
    .visit = visit,
};
