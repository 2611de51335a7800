/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Live rooms: some creators go live on some evenings. A room is announced one to two windows
 * ahead, one record that each viewer shard expands from its own followers of the creator: those
 * who will come are sent an event. Whoever has the app open may be shown a room between two
 * slates. What happens inside is viewers/' matter (visits.c); whoever pays there
 * pays by the ways of videos: gifts to `tips`, orders to `commerce`, and so with the others.
 *
 * The audience sees what a room was like in the last window. Seats are an allowance: cut at the
 * close into whole ones by viewer shard, largest remainder, the shard to start from rotated by
 * the room's name and the window. What a room costs is paid when it is announced, by creators
 * who have it, and its hours are hours worked.
 */
#include "base/maths.h"
#include "base/memory.h"
#include "growth/channel.h"
#include "growth/followers.h"
#include "growth/posts.h"
#include "world/event_kinds.h"

#define AMONG 4 /* rooms looked at when one is shown */

struct livestream_parameters {
    double adopt, hours, length, from, until, cost;
    double attend, late, shown, stay, minutes, sigma, slope, crowd;
    double selling, chat, follow, beat;
    int64_t seats;
};

struct livestream_state {
    struct stream_key traits, luck;
    struct room *room; /* owned; of this shard's creators, in the order of announcing */
    uint64_t rooms;
    size_t room_room, fresh; /* those from `fresh` on have just been announced */
    struct room_count total; /* of this shard's rooms since the start */
    uint64_t ended;
    sim_time dealt; /* the window for which seats were dealt last begins there */
    /* the board; of the first shard's state only */
    struct room *all;            /* owned */
    uint32_t *first, *free;      /* owned */
    struct room_count *happened; /* owned */
    size_t all_room, first_room, free_room, happened_room;
};

#define AT(member) .offset = offsetof(struct livestream_parameters, member)
#define LIVE                                                                                   \
    "growth.channels=[\"livestream\"] measure.metrics=[\"live\"] measure.warmup=0 "            \
    "growth.livestream.adopt=1.0 growth.livestream.hours=14.0 growth.livestream.length=2.0 "   \
    "growth.livestream.cost=0.0 growth.livestream.from=1.0 growth.livestream.until=20.0 "      \
    "growth.livestream.attend=0.5 growth.livestream.shown=0.1 viewers.rate=3.0"
#define NEEDS .needs = LIVE
#define ASSUMED(path_, unit_, high_, initial_, low_p, high_p, meaning_, moves_, sign_, from_,  \
                to_, member)                                                                   \
    {                                                                                          \
        .path = path_, .type = SCHEMA_FLOAT, .unit = unit_, .low = 0, .high = high_,           \
        .initial = initial_, .meaning = meaning_, .source = "A", .plausible_low = low_p,       \
        .plausible_high = high_p, .when = SCHEMA_WINDOW, .moves = moves_, .sign = sign_,       \
        .from = from_, .to = to_, NEEDS, AT(member)                                            \
    }

static const struct schema_row rows[] = {
    ASSUMED("adopt", "1", 1, "0.05", 0.01, 0.3, "share of creators who go live", "live_hours",
            1, "0.1", "1.0", adopt),
    ASSUMED("hours", "h/week", 168, "6.0", 2, 30, "hours a week that such a creator is live",
            "live_rooms", 1, "2.0", "14.0", hours),
    ASSUMED("length", "h", 24, "2.0", 0.5, 6,
            "hours that a room is open; at most one begins a day", "live_rooms", -1, "2.0",
            "20.0", length),
    ASSUMED("from", "h", 24, "18.0", 8, 20, "hour of the day from which rooms begin",
            "live_visits", -1, "1.0", "15.0", from),
    ASSUMED("until", "h", 24, "22.0", 18, 24, "hour until which they begin", "live_visits", 1,
            "15.0", "22.0", until),
    ASSUMED("cost", "currency/h", 1e6, "0.0", 0, 50,
            "what an hour costs its creator; who has less stays off", "live_rooms", -1, "0.0",
            "1000.0", cost),
    ASSUMED("attend", "1", 1, "0.02", 0.005, 0.1, "share of followers who come to a room",
            "live_visits", 1, "0.0", "1.0", attend),
    ASSUMED("late", "min", 1440, "10.0", 2, 60, "mean time after its start at which they come",
            "live_visits", -1, "1.0", "600.0", late),
    ASSUMED("shown", "1", 1, "0.02", 0.005, 0.1,
            "chance that a live room comes before a slate, while there is one", "live_visits",
            1, "0.0", "0.5", shown),
    {.path = "stay",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.3",
     .meaning = "share of visits that last, at a match of 1; the others are a glance",
     .source = "D KL (with minutes and sigma: P50 4.9 s, P90 17 min, P99 2.6 h)",
     .when = SCHEMA_WINDOW,
     .moves = "live_hours",
     .sign = 1,
     .from = "0.05",
     .to = "0.9",
     NEEDS,
     AT(stay)},
    {.path = "minutes",
     .type = SCHEMA_FLOAT,
     .unit = "min",
     .low = 0.1,
     .high = 600,
     .initial = "8.0",
     .meaning = "median length of visits that last",
     .source = "D KL",
     .when = SCHEMA_WINDOW,
     .moves = "live_hours",
     .sign = 1,
     .from = "1.0",
     .to = "20.0",
     NEEDS,
     AT(minutes)},
    {.path = "sigma",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 4,
     .initial = "1.5",
     .meaning = "spread of ln(length)",
     .source = "D KL",
     .when = SCHEMA_WINDOW,
     .moves = "live_hours",
     .sign = 1,
     .from = "0.0",
     .to = "2.0",
     NEEDS,
     AT(sigma)},
    ASSUMED("slope", "1", 10, "0.7", 0.3, 1.4,
            "growth of ln(chance to stay, to follow) with the match", "live_hours", -1, "0.0",
            "2.0", slope),
    ASSUMED("crowd", "match", 10, "0.05", 0, 0.2,
            "match that ln(1 + visits and gifts of the last window) adds", "live_hours", 1,
            "0.0", "1.0", crowd),
    {.path = "selling",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.3",
     .meaning = "commercial intensity of what is said in rooms",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 0.8,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_commerce",
     .sign = 1,
     .from = "0.0",
     .to = "1.0",
     .needs = LIVE " revenue.streams=[\"commerce\"] revenue.commerce.min_followers=0 "
                   "revenue.commerce.click=1.0 revenue.commerce.order=0.3 "
                   "revenue.commerce.hold_days=0",
     AT(selling)},
    {.path = "chat",
     .type = SCHEMA_FLOAT,
     .unit = "1/min",
     .low = 0,
     .high = 100,
     .initial = "0.005",
     .meaning = "messages a minute of a visit",
     .source = "D KL (4.0 % of visits of 8.6 min)",
     .when = SCHEMA_WINDOW,
     .moves = "live_chats",
     .sign = 1,
     .from = "0.001",
     .to = "0.1",
     NEEDS,
     AT(chat)},
    ASSUMED("follow", "1", 1, "0.01", 0.002, 0.05,
            "chance that who stays follows the creator, at a match of 1 (five times a video's)",
            "creators.followers", 1, "0.0", "0.5", follow),
    {.path = "beat",
     .type = SCHEMA_FLOAT,
     .unit = "min",
     .low = 0.1,
     .high = 1440,
     .initial = "0.4",
     .meaning = "time in a room that offers what a video does: gifts, orders, pleasure",
     .source = "D KL (.15 % of visits bring a gift) at the rate of revenue.tips",
     .plausible_low = 0.1,
     .plausible_high = 1,
     .when = SCHEMA_WINDOW,
     .moves = "live_gifts",
     .sign = -1,
     .from = "0.5",
     .to = "60.0",
     .needs = LIVE " revenue.streams=[\"tips\"] revenue.tips.rate=0.01",
     AT(beat)},
    {.path = "seats",
     .type = SCHEMA_INT,
     .unit = "viewers",
     .low = 0,
     .high = 1e9,
     .initial = "10000",
     .meaning = "viewers whom a room lets in a window",
     .source = "A",
     .plausible_low = 1000,
     .plausible_high = 1000000,
     .when = SCHEMA_WINDOW,
     .moves = "live_visits",
     .sign = 1,
     .from = "0",
     .to = "10000",
     NEEDS,
     AT(seats)},
};
static const struct schema_table table = {.prefix = "growth.livestream",
                                          .size = sizeof(struct livestream_parameters),
                                          SCHEMA_ROWS(rows)};

static enum status open_state(struct channel_desk *desk)
{
    static const struct purpose traits = {"growth.livestream.traits", PURPOSE_POPULATION},
                                luck = {"growth.livestream", PURPOSE_LUCK};
    struct livestream_state *state = desk->state;
    state->traits = stream_key(desk->world->seed, &traits);
    state->luck = stream_key(desk->world->seed, &luck);
    return STATUS_OK;
}

static void release(struct channel_desk *desk)
{
    struct livestream_state *state = desk->state;
    memory_free(state->room);
    memory_free(state->all);
    memory_free(state->first);
    memory_free(state->free);
    memory_free(state->happened);
    if (desk->shard == 0) desk->world->rooms = (struct room_board){0};
}

/* ------------------------------------------------------------------------------- the window */

/* What happened in this shard's rooms in the window that closes. */
static void add_up(struct channel_desk *desk)
{
    struct livestream_state *state = desk->state;
    const struct room_board *board = &desk->world->rooms;
    for (uint64_t i = 0; i < state->rooms && board->count; i++) {
        struct room *room = &state->room[i];
        room->last = (struct room_count){0};
        for (uint32_t s = 0; s < desk->world->shards.count; s++)
            room_add(&room->last,
                     &board->happened[s * board->count + board->first[desk->shard] + i]);
        room_add(&room->sum, &room->last);
        room_add(&state->total, &room->last);
    }
}

static void end_rooms(struct channel_desk *desk)
{
    struct livestream_state *state = desk->state;
    uint64_t kept = 0;
    for (uint64_t i = 0; i < state->rooms; i++)
        if (state->room[i].ends > desk->world->close) state->room[kept++] = state->room[i];
    state->ended += state->rooms - kept;
    state->rooms = kept;
    state->fresh = (size_t)kept;
}

/* Hours a week of a creator who does not decide about them. */
static double born_hours(const struct channel_desk *desk, uint64_t name)
{
    const struct livestream_parameters *p = desk->parameters;
    const struct livestream_state *state = desk->state;
    struct stream who = stream_open(state->traits, name, 0);
    return stream_bernoulli(&who, p->adopt) ? p->hours : 0;
}

/* At most one room begins a day. */
static double hours_of(const struct channel_desk *desk, uint32_t creator, double *most)
{
    const struct livestream_parameters *p = desk->parameters;
    const struct creator *c = &desk->world->creators[desk->shard].row[creator];
    bool used = desk_used(desk, c);
    double hours = used ? born_hours(desk, c->name) : 0;
    *most = used ? 7 * p->length : 0;
    return hours < *most ? hours : *most;
}

/* When a creator goes live on a day; TIME_NEVER = not at all. */
static sim_time start_on(const struct channel_desk *desk, const struct creator *c, int64_t day)
{
    const struct livestream_parameters *p = desk->parameters;
    const struct livestream_state *state = desk->state;
    bool decides = c->flags & CREATOR_HOSTS;
    double hours = decides ? (double)c->plan.live : born_hours(desk, c->name);
    if (p->length <= 0 || !(hours > 0)) return TIME_NEVER;
    struct stream luck = stream_open(state->luck, c->name, (uint32_t)day);
    if (!stream_bernoulli(&luck, hours / 7 / p->length)) return TIME_NEVER;
    double span = p->until > p->from ? p->until - p->from : 0;
    double hour = p->from + span * stream_uniform(&luck);
    return day * TIME_DAY + (sim_time)(hour * (double)TIME_HOUR);
}

/* The start that is to be announced now: one to two windows ahead; TIME_NEVER = none. */
static sim_time start_to_announce(const struct channel_desk *desk, const struct creator *c)
{
    const struct world *w = desk->world;
    sim_time from = w->close + w->window, to = from + w->window;
    for (int64_t day = from / TIME_DAY; day <= (to - 1) / TIME_DAY; day++) {
        sim_time start = start_on(desk, c, day);
        if (start >= from && start < to) return start;
    }
    return TIME_NEVER;
}

static bool is_live(const struct livestream_state *state, uint32_t creator)
{
    for (uint64_t i = 0; i < state->rooms; i++)
        if (state->room[i].creator == creator) return true;
    return false;
}

static enum status announce(struct channel_desk *desk, uint32_t creator, sim_time start)
{
    const struct livestream_parameters *p = desk->parameters;
    struct livestream_state *state = desk->state;
    uint32_t number = entity_number(desk->world->shards, creator, desk->shard);
    uint32_t example = posts_open(desk, creator);
    if (example == ENTITY_NONE || is_live(state, number)) return STATUS_OK;
    enum status status = memory_grow(&state->room, &state->room_room, state->rooms + 1,
                                     sizeof(*state->room));
    int64_t cost = (int64_t)(p->cost * p->length * (double)MICRO + 0.5);
    if (status || !desk_afford(desk, creator, cost)) return status;
    desk_work(desk, creator, p->length);
    struct room *room = &state->room[state->rooms++];
    *room = (struct room){.video = *world_video(desk->world, example),
                          .creator = number,
                          .seats = (uint32_t)p->seats,
                          .starts = start,
                          .ends = start + (sim_time)(p->length * (double)TIME_HOUR) + 1};
    room->video.commercial = (float)p->selling;
    room->video.hook = 0;
    return STATUS_OK;
}

static enum status settle(struct channel_desk *desk)
{
    const struct creator_shard *creators = &desk->world->creators[desk->shard];
    enum status status = STATUS_OK;
    add_up(desk);
    end_rooms(desk);
    book_act(&desk->world->creators[desk->shard].book,
             money_act(MONEY_BOUGHT, desk->world->close));
    for (uint32_t i = 0; i < creators->count && !status; i++) {
        if (creators->row[i].left != TIME_NEVER || !desk_used(desk, &creators->row[i]))
            continue;
        sim_time start = start_to_announce(desk, &creators->row[i]);
        if (start != TIME_NEVER) status = announce(desk, i, start);
    }
    ((struct livestream_state *)desk->state)->dealt = desk->world->close;
    return status;
}

/* -------------------------------------------------------------------------------- the board */

static enum status board_room(struct livestream_state *state, uint32_t shards, size_t rooms)
{
    enum status status = memory_grow(&state->all, &state->all_room, rooms, sizeof(*state->all));
    if (!status)
        status = memory_grow(&state->first, &state->first_room, shards + 1,
                             sizeof(*state->first));
    if (!status)
        status = memory_grow(&state->free, &state->free_room, shards * rooms,
                             sizeof(*state->free));
    if (!status)
        status = memory_grow(&state->happened, &state->happened_room, shards * rooms,
                             sizeof(*state->happened));
    return status;
}

/* Seats of one room by viewer shard. */
static void deal(struct livestream_state *board, size_t rooms, size_t i, uint32_t shards)
{
    const struct room *room = &board->all[i];
    uint32_t each = room->seats / shards, more = room->seats % shards;
    uint64_t start = room->video.name + (uint64_t)board->dealt;
    for (uint32_t k = 0; k < shards; k++) {
        size_t at = (size_t)((start + k) % shards) * rooms + i;
        board->free[at] = each + (k < more);
        board->happened[at] = (struct room_count){0};
    }
}

/* What the next window sees. */
static enum status board_make(struct channel_desk *desks, uint32_t shards)
{
    const struct livestream_parameters *p = desks[0].parameters;
    struct livestream_state *mine = desks[0].state;
    struct room_board *board = &desks[0].world->rooms;
    size_t rooms = 0;
    for (uint32_t s = 0; s < shards; s++)
        rooms += ((struct livestream_state *)desks[s].state)->rooms;
    enum status status = board_room(mine, shards, rooms);
    if (status) return status;
    *board = (struct room_board){.room = mine->all,
                                 .first = mine->first,
                                 .happened = mine->happened,
                                 .free = mine->free};
    for (uint32_t s = 0; s < shards; s++) {
        const struct livestream_state *state = desks[s].state;
        mine->first[s] = (uint32_t)board->count;
        for (uint64_t i = 0; i < state->rooms; i++) mine->all[board->count++] = state->room[i];
        room_add(&board->total, &state->total);
        board->rooms += state->ended;
    }
    mine->first[shards] = (uint32_t)board->count;
    for (size_t i = 0; i < rooms; i++) deal(mine, rooms, i, shards);
    board->terms = (struct room_terms){.shown = p->shown,
                                       .crowd = p->crowd,
                                       .slope = p->slope,
                                       .stay = p->stay,
                                       .minutes = p->minutes,
                                       .sigma = p->sigma,
                                       .chat = p->chat,
                                       .follow = p->follow,
                                       .beat = p->beat,
                                       .among = AMONG};
    return STATUS_OK;
}

/* -------------------------------------------------------------------------------- followers */

static enum status invite(struct channel_desk *desk, uint32_t row, const struct room *room)
{
    const struct livestream_parameters *p = desk->parameters;
    const struct livestream_state *state = desk->state;
    const struct world *w = desk->world;
    const struct viewer *viewer = &w->viewers[desk->shard].row[row];
    uint64_t name = name_child(world_creator(w, room->creator)->name, (uint64_t)room->starts);
    if (viewer->flags & VIEWER_CHURNED) return STATUS_OK;
    if (!follower_tie(&w->viewers[desk->shard], viewer, room->creator).follows)
        return STATUS_OK;
    struct stream luck = stream_open(state->luck, viewer_name(viewer), name_fold(name));
    if (!stream_bernoulli(&luck, p->attend)) return STATUS_OK;
    double late = stream_exponential(&luck) * p->late * (double)TIME_MINUTE;
    if (late >= (double)(room->ends - room->starts)) return STATUS_OK;
    return engine_plan(w->engine, entity_number(w->shards, row, desk->shard),
                       room->starts + (sim_time)late, EVENT_SESSION, room->creator + 1);
}

static void expand(void *context, uint32_t shard, uint32_t thread)
{
    struct channel_desk *desks = context, *desk = &desks[shard];
    const struct shards shards = desk->world->shards;
    (void)thread;
    for (uint32_t s = 0; s < shards.count; s++) {
        const struct livestream_state *from = desks[s].state;
        for (size_t i = from->fresh; i < from->rooms; i++) {
            uint32_t count;
            const uint32_t *row = followers_of(desk->followers, shards, from->room[i].creator,
                                               &count);
            for (uint32_t k = 0; k < count && !desk->fault; k++)
                desk->fault = invite(desk, row[k], &from->room[i]);
        }
    }
}

static enum status close_window(struct channel_desk *desks, uint32_t shards)
{
    enum status status = board_make(desks, shards);
    if (status) return status;
    team_run(desks[0].world->team, shards, expand, desks);
    for (uint32_t s = 0; s < shards && !status; s++) status = desks[s].fault;
    return status;
}

/* ------------------------------------------------------------------------------- checkpoints
 */

static void visit_counts(struct visitor *v, const char *name, struct room_count *count,
                         size_t stride, size_t n)
{
    visit_column(v, name, n ? count : NULL, sizeof(*count), stride, n);
}

static void visit_rooms(struct livestream_state *state, struct visitor *v)
{
    struct room *room = state->room;
    size_t n = (size_t)state->rooms;
    VISIT_FIELD(v, "livestream.content", room, n, video.content);
    VISIT_FIELD(v, "livestream.name", room, n, video.name);
    VISIT_FIELD(v, "livestream.video_creator", room, n, video.creator);
    VISIT_FIELD(v, "livestream.duration_ms", room, n, video.duration_ms);
    VISIT_FIELD(v, "livestream.quality", room, n, video.quality);
    VISIT_FIELD(v, "livestream.commercial", room, n, video.commercial);
    VISIT_FIELD(v, "livestream.topic", room, n, video.topic);
    VISIT_FIELD(v, "livestream.format", room, n, video.format);
    VISIT_FIELD(v, "livestream.flags", room, n, video.flags);
    VISIT_FIELD(v, "livestream.cohort", room, n, video.cohort);
    VISIT_FIELD(v, "livestream.creator", room, n, creator);
    VISIT_FIELD(v, "livestream.seats", room, n, seats);
    VISIT_FIELD(v, "livestream.starts", room, n, starts);
    VISIT_FIELD(v, "livestream.ends", room, n, ends);
    visit_counts(v, "livestream.last", n ? &room->last : NULL, sizeof(*room), n);
    visit_counts(v, "livestream.sum", n ? &room->sum : NULL, sizeof(*room), n);
}

/* A room of a creator of this shard, of a topic and cohort that its creator's videos may have.
 */
static bool is_sound(const struct channel_desk *desk, const struct room *room)
{
    const struct world *w = desk->world;
    uint32_t row = entity_row(w->shards, room->creator);
    return !(room->creator & ENTITY_CREATOR) &&
           entity_shard(w->shards, room->creator) == desk->shard &&
           row < w->creators[desk->shard].count && room->video.creator == room->creator &&
           room->video.topic < (uint32_t)w->topics.count &&
           room->video.cohort == w->creators[desk->shard].row[row].cohort &&
           room->video.commercial >= 0 && room->video.commercial <= 1 &&
           room->video.quality >= 0 && room->video.quality <= 1 && room->starts >= 0 &&
           room->starts < room->ends;
}

static void visit(struct channel_desk *desk, struct visitor *v)
{
    struct livestream_state *state = desk->state;
    uint32_t shards = desk->world->shards.count;
    uint64_t count = state->rooms;
    visit_count(v, "livestream.rooms", &count, desk->world->creators[desk->shard].count);
    if (visit_loading(v) && !v->status)
        v->status = memory_grow(&state->room, &state->room_room, count, sizeof(*state->room));
    if (v->status) return;
    state->rooms = count;
    visit_rooms(state, v);
    visit_counts(v, "livestream.total", &state->total, sizeof(state->total), 1);
    VISIT_VALUE(v, "livestream.ended", state->ended);
    VISIT_VALUE(v, "livestream.dealt", state->dealt);
    for (uint64_t i = 0; visit_loading(v) && i < count && !v->status; i++)
        if (!is_sound(desk, &state->room[i])) v->status = STATUS_BAD_INPUT;
    if (visit_loading(v) && !v->status && desk->shard + 1 == shards)
        v->status = board_make(desk - desk->shard, shards);
}

const struct channel channel_livestream = {
    .about = {.name = "livestream",
              .doc = "rooms on schedule, with gifts, live selling and chat",
              .reference = "KuaiLive (arXiv 2508.05633)",
              .parameters = &table,
              .state_size = sizeof(struct livestream_state)},
    .follows = true,
    .open = open_state,
    .release = release,
    .hours = hours_of,
    .settle = settle,
    .close = close_window,
    .visit = visit,
};
