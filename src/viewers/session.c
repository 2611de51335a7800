/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sessions: opened by the viewer's own plan or by a friend's video, run up to the horizon,
 * closed by time budget, by whim or by boredom. Each viewer has at most one open session and
 * one plan.
 */
#include "base/memory.h"
#include "habit.h"
#include "population.h"
#include "satiation.h"
#include "taste.h"
#include "turn.h"

static const struct schema_row rows[] = {
    {.path = "diurnal",
     .type = SCHEMA_FLOATS,
     .unit = "1",
     .low = 0,
     .high = 1000,
     .initial = "[3.4, 2.0, 1.2, 0.8, 0.7, 0.9, 1.6, 2.7, 3.4, 3.7, 4.0, 4.4, 5.6, 4.8, 4.1, "
                "4.0, 4.2, 4.7, 5.8, 7.0, 7.9, 8.4, 8.0, 6.7]",
     .meaning = "weights of the 24 hours for opening the app",
     .source = "shape V KL; vector A",
     .plausible_low = 0.5,
     .plausible_high = 10,
     .when = SCHEMA_START,
     .moves = "rows money",
     .sign = -1,
     .from = "[1.0]",
     .to = "[0.1, 1.0]",
     VIEWERS_AT(session_parameters, diurnal)},
    {.path = "weekday",
     .type = SCHEMA_FLOATS,
     .unit = "1",
     .low = 0,
     .high = 1000,
     .initial = "[0.97, 0.97, 0.97, 0.97, 0.99, 1.08, 1.05]",
     .meaning = "weights of the days, Monday first",
     .source = "A",
     .plausible_low = 0.8,
     .plausible_high = 1.3,
     .when = SCHEMA_START,
     .moves = "sd sessions",
     .sign = 1,
     .from = "[1.0]",
     .to = "[0.1, 1.0]",
     VIEWERS_AT(session_parameters, weekday)},
    {.path = "budget",
     .type = SCHEMA_FLOAT,
     .unit = "min",
     .low = 0.01,
     .high = 1440,
     .initial = "12",
     .meaning = "mean time that a session may take",
     .source = "A calibrated to FACTS 1 (about 10 min a session, M)",
     .plausible_low = 4,
     .plausible_high = 20,
     .when = SCHEMA_WINDOW,
     .moves = "watch_hours",
     .sign = 1,
     .from = "1",
     .to = "20",
     VIEWERS_AT(session_parameters, budget)},
    {.path = "budget_sigma",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 3,
     .initial = "0.8",
     .meaning = "spread of ln(time budget) from session to session",
     .source = "A",
     .plausible_low = 0.4,
     .plausible_high = 1.2,
     .when = SCHEMA_WINDOW,
     .moves = "impressions",
     .sign = -1,
     .from = "0",
     .to = "1.5",
     VIEWERS_AT(session_parameters, budget_sigma)},
    {.path = "stay",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.975",
     .meaning = "probability of going on to another video when all is as expected",
     .source = "M KSIM (.96-.98)",
     .plausible_low = 0.96,
     .plausible_high = 0.98,
     .when = SCHEMA_WINDOW,
     .moves = "impressions",
     .sign = 1,
     .from = "0.8",
     .to = "0.98",
     VIEWERS_AT(session_parameters, stay)},
    {.path = "boredom",
     .type = SCHEMA_FLOAT,
     .unit = "1/match",
     .low = 0,
     .high = 100,
     .initial = "1",
     .meaning = "how much likelier one leaves for each unit of match that the "
                "last videos were below expectation",
     .source = "A (sign M KSIM)",
     .plausible_low = 0.3,
     .plausible_high = 3,
     .when = SCHEMA_WINDOW,
     .moves = "impressions",
     .sign = -1,
     .from = "0",
     .to = "5",
     VIEWERS_AT(session_parameters, boredom)},
    {.path = "overhead",
     .type = SCHEMA_FLOAT,
     .unit = "s",
     .low = 0,
     .high = 60,
     .initial = "1",
     .meaning = "time between two videos",
     .source = "A",
     .plausible_low = 0.5,
     .plausible_high = 2,
     .when = SCHEMA_WINDOW,
     .moves = "impressions",
     .sign = -1,
     .from = "0.5",
     .to = "30",
     VIEWERS_AT(session_parameters, overhead)},
    {.path = "ad_seconds",
     .type = SCHEMA_FLOAT,
     .unit = "s",
     .low = 0,
     .high = 600,
     .initial = "6",
     .meaning = "time that an ad takes",
     .source = "A",
     .plausible_low = 3,
     .plausible_high = 15,
     .when = SCHEMA_WINDOW,
     .moves = "impressions",
     .sign = -1,
     .from = "0",
     .to = "120",
     .needs = "revenue.streams=[\"ads\"]",
     VIEWERS_AT(session_parameters, ad_seconds)},
    {.path = "ad_cost",
     .type = SCHEMA_FLOAT,
     .unit = "match",
     .low = 0,
     .high = 10,
     .initial = "0.5",
     .meaning = "satisfaction that an ad costs: ad load costs habit",
     .source = "A",
     .plausible_low = 0.2,
     .plausible_high = 1.5,
     .when = SCHEMA_WINDOW,
     .moves = "sessions",
     .sign = -1,
     .from = "0",
     .to = "10",
     .needs = "revenue.streams=[\"ads\"]",
     VIEWERS_AT(session_parameters, ad_cost)},
    {.path = "search",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0",
     .meaning =
         "probability that a session opens with a query for a topic, drawn by the viewer's "
         "taste; the source search answers it",
     .source = "A; off by default",
     .plausible_low = 0,
     .plausible_high = 0.3,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_search",
     .sign = 1,
     .needs = "platform.retrievers=[\"content\",\"search\"]",
     VIEWERS_AT(session_parameters, search)},
};
const struct schema_table session_table = {
    .prefix = "viewers.session", .size = sizeof(struct session_parameters), SCHEMA_ROWS(rows)};

/* Blocks of a session's own draws. */
enum session_draw {
    DRAW_BUDGET,
    DRAW_PLAN,
    DRAW_FADE,
    DRAW_SEARCH,
    DRAW_RETURN,
    DRAW_TOMORROW
};

static struct turn turn_begin(struct viewers *self, struct scope *scope)
{
    struct world *w = self->world;
    struct turn t = {.self = self,
                     .scope = scope,
                     .shard = &w->viewers[scope->shard],
                     .pool = &self->pools[scope->shard],
                     .number = scope->entity,
                     .row = entity_row(w->shards, scope->entity),
                     .luck.occasion = LUCK_NONE};

    t.viewer = &t.shard->row[t.row];
    return t;
}

/* Points the turn at the viewer's open session. */
static void turn_enter(struct turn *t, uint32_t slot)
{
    struct viewer *viewer = t->viewer;

    t->slot = slot;
    t->session = pool_session(t->pool, slot);
    t->feed = (struct feed){.shard = t->scope->shard,
                            .thread = t->scope->thread,
                            .row = t->row,
                            .slot = slot,
                            .name = viewer_name(viewer),
                            .occasion = t->session->occasion,
                            .request = t->session->request,
                            .flags = viewer->flags,
                            .now = t->scope->now};
    t->feed.follows = relation_rows(&t->shard->relations, &viewer->relations);
    t->feed.follow_count = viewer->relations.count;
    for (uint32_t i = 0; i < t->feed.follow_count; i++)
        if (relation_kind(t->feed.follows[i]) == RELATION_FOLLOW)
            turn_follow_note(t, relation_other(t->feed.follows[i]));
}

struct feed viewers_feed(const struct viewers *self, uint32_t number)
{
    const struct world *world = self->world;
    uint32_t shard = entity_shard(world->shards, number);
    const struct viewer_shard *viewers = &world->viewers[shard];
    const struct viewer *viewer = world_viewer(world, number);
    struct feed feed = {.shard = shard,
                        .row = entity_row(world->shards, number),
                        .slot = ENTITY_NONE,
                        .name = viewer_name(viewer),
                        .occasion = UINT32_MAX,
                        .flags = viewer->flags,
                        .now = world->now};
    if (viewer->session) {
        const struct session *session = pool_session(&self->pools[shard], viewer->session - 1);
        feed.slot = viewer->session - 1;
        feed.occasion = session->occasion;
        feed.request = session->request;
    }
    feed.follows = relation_rows(&viewers->relations, &viewer->relations);
    feed.follow_count = viewer->relations.count;
    return feed;
}

static struct stream_words session_words(const struct turn *t, enum session_draw draw)
{
    return stream_block(t->self->keys.session, t->feed.name, t->session->occasion, draw);
}

/* A free slot; ENTITY_NONE when memory is out. Asking for more inside a window is the
 * exception: the close keeps some slots in stock. */
static uint32_t slot_take(struct session_pool *pool)
{
    if (pool->free_count > 0) return pool->free[--pool->free_count];
    if (pool_reserve(pool, pool->count + 1) != STATUS_OK) return ENTITY_NONE;
    return (uint32_t)pool->count++;
}

static uint32_t occasion_of(int32_t day, uint32_t session)
{
    return (uint32_t)(day & 0x3fff) << 18 | session << 11;
}

/* Whether the viewer has opened the app on this day as often as it can. */
static bool day_is_full(const struct viewer *viewer, sim_time at)
{
    return viewer->last_day == time_day(at) && viewer->day_sessions >= SESSIONS_A_DAY;
}

/* The viewer's row is brought up to the day: who was active, what habit became. */
static uint32_t day_begin(struct turn *t, sim_time at)
{
    struct viewer *viewer = t->viewer;
    int32_t day = time_day(at);

    t->shard->day.sessions++;
    if (viewer->last_day == day) {
        require(viewer->day_sessions < SESSIONS_A_DAY);
        viewer->day_sessions++;
    } else {
        t->shard->day.active++;
        if (viewer->last_day != INT16_MIN)
            viewer_set_habit(viewer, habit_day(t->self->habit, viewer_habit(viewer),
                                               day - viewer->last_day - 1));
        viewer->last_day = (int16_t)day;
        viewer->day_sessions = 1;
    }
    return occasion_of(day, viewer->day_sessions);
}

static void session_open(struct turn *t, sim_time at, bool planned)
{
    const struct session_parameters *p = t->self->session;
    struct viewer *viewer = t->viewer;
    uint32_t slot = slot_take(t->pool);

    if (slot == ENTITY_NONE) {
        turn_fault(t, STATUS_NO_MEMORY);
        return;
    }
    struct session *session = pool_session(t->pool, slot);
    *session = (struct session){.row = t->row,
                                .occasion = day_begin(t, at),
                                .recent = viewer_expectation(viewer),
                                .shared_video = ENTITY_NONE,
                                .shared_from = ENTITY_NONE,
                                .planned = planned};
    vector_unpack(session->theta, &viewer->taste);
    satiation_wake(t->self->satiation, viewer->satiation, at - viewer_last_end(viewer),
                   session->satiation);
    viewer->session = slot + 1;
    turn_enter(t, slot);
    struct stream_words words = session_words(t, DRAW_BUDGET);
    double sigma = p->budget_sigma;
    double z = maths_normal_quantile(words_uniform(words.word[0], words.word[1]));
    double minutes = p->budget * viewer->budget * (1.0 / 1024) *
                     maths_exp(sigma * z - 0.5 * sigma * sigma);
    session->left_ms = (int64_t)(minutes * (double)TIME_MINUTE) + 1;
    if (t->self->feed->open) t->self->feed->open(t->self->feed->self, &t->feed);
}

/* The session goes back to rest in the viewer's row, and the next one is planned. */
static void session_end(struct turn *t, sim_time at)
{
    struct viewer *viewer = t->viewer;
    struct session *session = t->session;
    double away = time_days(at - viewer_last_end(viewer));
    struct stream_words fade = session_words(t, DRAW_FADE), plan = session_words(t, DRAW_PLAN);
    bool planned = session->planned;

    habit_session(t->self->habit, viewer,
                  session->position ? session->pleasure / (float)session->position : 0.0f);
    taste_wander(t->self, session->theta, t->feed.name, session->occasion, away);
    vector_pack(&viewer->taste, session->theta);
    satiation_lay(session->satiation, viewer->satiation);
    follows_fade(t, away, &fade);
    viewer_set_last_end(viewer, at);
    viewer->session = 0;
    if (t->self->feed->close) t->self->feed->close(t->self->feed->self, &t->feed);
    session->row = ENTITY_NONE;
    t->pool->free[t->pool->free_count++] = t->slot;
    t->session = NULL;
    if (planned) plan_session(t, at, &plan);
}

/* The topic that a session opens with asking for, + 1; 0 = none. Topics are drawn by the
 * positive part of their cosines with the taste of the moment. */
static uint32_t query_of(const struct turn *t)
{
    const struct topics *topics = &t->self->world->topics;
    const struct stream_words words = session_words(t, DRAW_SEARCH);
    float share[TOPICS_MAX], sum = 0;
    uint32_t k = 0;

    if (!(words_uniform(words.word[0], words.word[1]) < t->self->session->search)) return 0;
    for (int32_t i = 0; i < topics->count; i++) {
        float cosine = vector_dot(t->session->theta, topics->topic[i].vector);
        sum += share[i] = cosine > 0 ? cosine : 0;
    }
    float left = word_uniformf(words.word[2]) * sum;
    while (k + 1 < (uint32_t)topics->count && left >= share[k]) left -= share[k++];
    return sum > 0 ? k + 1 : 0;
}

/* What the session's first slate is asked for: the question that opened the app, else one that
 * comes up by itself. */
static uint32_t first_query(const struct turn *t)
{
    if (t->query || !(t->self->session->search > 0)) return t->query;
    return query_of(t);
}

/* A new slate; false when the platform has nothing to show. */
static bool ask_slate(struct turn *t, sim_time at)
{
    struct session *session = t->session;
    const struct feed_service *feed = t->self->feed;

    t->feed.now = at;
    t->feed.query = session->request == 0 ? first_query(t) : 0;
    t->feed.request = session->request++;
    t->feed.follows = relation_rows(&t->shard->relations, &t->viewer->relations);
    t->feed.follow_count = t->viewer->relations.count;
    session->slate_count = feed->slate(feed->self, &t->feed, session->slate);
    session->slate_next = 0;
    watch_slate(t);
    return session->slate_count > 0;
}

/* The next entry of the slate; NULL when it is used up. */
static const struct slate_entry *slate_next(struct session *session)
{
    while (session->slate_next < session->slate_count) {
        const struct slate_entry *entry = &session->slate[session->slate_next++];
        if (entry->video != ENTITY_NONE) return entry;
    }
    return NULL;
}

/* The rest of a slate of an earlier window: what has left the feed meanwhile is crossed out.
 * Its row holds no other video before a day has passed. */
static void slate_resume(struct turn *t)
{
    struct world *w = t->self->world;
    struct session *session = t->session;

    for (uint32_t i = session->slate_next; i < session->slate_count; i++) {
        uint32_t video = session->slate[i].video;
        if (video == ENTITY_NONE) continue;
        const struct video_shard *shard = &w->videos[entity_shard(w->shards, video)];
        if (shard->counter[entity_row(w->shards, video)].state != VIDEO_ACTIVE)
            session->slate[i].video = ENTITY_NONE;
        else
            memory_prefetch(world_video(w, video), 1);
    }
    watch_slate(t);
}

/* What the session was told to show before anything else: a creator's room, if it is live, or a
 * video. */
static sim_time show_sent(struct turn *t, sim_time at, bool *stay)
{
    const struct world *w = t->self->world;
    struct session *session = t->session;
    uint32_t sent = session->shared_video;
    bool by_app = session->shared_from == ENTITY_NONE;

    if (sent & ENTITY_CREATOR) {
        uint32_t room = rooms_of(&w->rooms, w->shards, sent & ~ENTITY_CREATOR, at);
        if (room != ROOM_NONE) at = visits_enter(t, room, at, stay);
    } else {
        const struct slate_entry entry = {.video = sent,
                                          .item = ENTITY_NONE,
                                          .source = by_app ? SOURCE_NOTIFICATION
                                                           : SOURCE_SHARED};
        at = watch_video(t, &entry, at, stay);
    }
    session->shared_video = session->shared_from = ENTITY_NONE;
    return at;
}

/* A slate comes, or a live room first, after which there may be no time for it. Who came with a
 * question is answered first. */
static sim_time show_more(struct turn *t, sim_time at, bool *stay)
{
    bool asked = t->query && t->session->request == 0;
    uint32_t room = asked ? ROOM_NONE : visits_offered(t, at);

    if (room != ROOM_NONE) at = visits_enter(t, room, at, stay);
    if (*stay && at < t->scope->horizon) *stay = ask_slate(t, at);
    return at;
}

/* Video after video up to the horizon; then the session plans to go on. */
static void session_run(struct turn *t, sim_time at)
{
    struct session *session = t->session;
    bool stay = true;

    while (stay && at < t->scope->horizon) {
        if (session->shared_video != ENTITY_NONE) {
            at = show_sent(t, at, &stay);
            continue;
        }
        const struct slate_entry *entry = slate_next(session);
        if (entry)
            at = watch_video(t, entry, at, &stay);
        else
            at = show_more(t, at, &stay);
    }
    if (stay)
        scope_send(t->scope, t->number, at, EVENT_CONTINUE, t->slot);
    else
        session_end(t, at);
}

/* A viewer comes for a creator's room: in an open session it is next. */
static void room_begins(struct turn *t, uint32_t creator)
{
    const struct world *w = t->self->world;
    struct viewer *viewer = t->viewer;
    bool open = viewer->session != 0;

    if (rooms_of(&w->rooms, w->shards, creator, t->scope->now) == ROOM_NONE ||
        viewer->flags & VIEWER_CHURNED)
        return;
    if (!open && day_is_full(viewer, t->scope->now)) return;
    if (!open) session_open(t, t->scope->now, false);
    if (viewer->session == 0) return;
    struct session *session = pool_session(t->pool, viewer->session - 1);
    session->shared_video = creator | ENTITY_CREATOR;
    session->shared_from = ENTITY_NONE;
    if (!open) session_run(t, t->scope->now); /* an open one goes on with it */
}

static void come_back(struct turn *t)
{
    viewer_set_churned(t->viewer, false);
    t->shard->day.returned++;
}

/* The app is opened with a question that was asked elsewhere, by a lapsed viewer with the
 * chance of one to whom a friend sent something. Who has the app open asks nobody else. */
static void search_begins(struct turn *t, uint32_t topic)
{
    const struct viewers *self = t->self;
    bool churned = (t->viewer->flags & VIEWER_CHURNED) != 0;
    struct stream_words words = stream_block(self->keys.session, viewer_name(t->viewer),
                                             name_fold((uint64_t)t->scope->now), DRAW_RETURN);

    if (t->viewer->session != 0 || topic >= (uint32_t)self->world->topics.count) return;
    if (day_is_full(t->viewer, t->scope->now)) return;
    if (churned && !(words_uniform(words.word[0], words.word[1]) < self->habit->comeback))
        return;
    if (churned) come_back(t);
    t->query = topic + 1;
    session_open(t, t->scope->now, churned);
    if (t->session) session_run(t, t->scope->now);
}

/* The platform is banned: the viewer goes elsewhere for good, or will try again. */
static void turned_away(struct turn *t)
{
    struct viewer *viewer = t->viewer;
    uint64_t name = viewer_name(viewer);
    uint32_t when = name_fold((uint64_t)t->scope->now);
    struct stream_words goes = stream_block(t->self->keys.ban, name, 0, 0);
    struct stream_words wait = stream_block(t->self->keys.ban, name, when, 1);
    sim_time next = plan_after(t->self, viewer, t->scope->now, wait.word[0], wait.word[1]);

    if (words_uniform(goes.word[0], goes.word[1]) < t->self->ban->lost) next = TIME_NEVER;
    plan_set(t, next);
}

/* The day has room for no other session: the viewer's own process goes on at midnight. */
static void put_off(struct turn *t)
{
    int32_t day = time_day(t->scope->now);
    struct stream_words wait = stream_block(t->self->keys.session, viewer_name(t->viewer),
                                            occasion_of(day, SESSIONS_A_DAY), DRAW_TOMORROW);

    plan_set(t,
             plan_after(t->self, t->viewer, (day + 1) * TIME_DAY, wait.word[0], wait.word[1]));
}

void viewers_on_session(struct viewers *self, struct scope *scope, const struct event *event)
{
    struct turn t = turn_begin(self, scope);

    if (event->data != 0 && ban_on(self->ban)) return; /* no room is open to anybody */
    if (event->data & SESSION_SEARCHES) {
        search_begins(&t, event->data & ~SESSION_SEARCHES);
        return;
    }
    if (event->data != 0) {
        room_begins(&t, event->data - 1);
        return;
    }
    if (t.viewer->session != 0) { /* a friend's video was quicker: its end plans the next one */
        pool_session(t.pool, t.viewer->session - 1)->planned = true;
        return;
    }
    if (ban_on(self->ban)) {
        turned_away(&t);
        return;
    }
    if (day_is_full(t.viewer, scope->now)) {
        put_off(&t);
        return;
    }
    session_open(&t, scope->now, true);
    if (t.session) session_run(&t, scope->now);
}

void viewers_on_continue(struct viewers *self, struct scope *scope, const struct event *event)
{
    struct turn t = turn_begin(self, scope);

    require(t.viewer->session == event->data + 1);
    turn_enter(&t, event->data);
    if (ban_on(self->ban)) {
        session_end(&t, scope->now);
        return;
    }
    slate_resume(&t);
    session_run(&t, scope->now);
}

/* Whether the viewer opens what a friend has sent, or the app, whose notification is opened by
 * all but some of those who have lapsed. Its video may have left long ago, and another one
 * stand in its row. */
static bool opens_shared(const struct turn *t, uint32_t video, uint32_t friend_number)
{
    bool by_app = (video & SHARED_BY_APP) != 0;
    const struct viewers *self = t->self;
    const struct world *w = self->world;
    const struct video_shard *shard = &w->videos[entity_shard(w->shards, video)];
    uint32_t row = entity_row(w->shards, video);
    double p = by_app ? 1 : self->friends->open;

    if (row >= shard->count || shard->counter[row].state != VIDEO_ACTIVE ||
        !video_stamped(t->scope->now, shard->counter[row].uses))
        return false;
    const struct relation_list *list = &t->viewer->relations;
    if (shard->row[row].flags & VIDEO_EXCLUSIVE &&
        !relation_subscribed(relation_rows(&t->shard->relations, list), list->count,
                             shard->row[row].creator))
        return false;
    if (t->viewer->flags & VIEWER_CHURNED) p *= self->habit->comeback;
    uint32_t occasion = name_fold(
        name_child(shard->row[row].name, world_viewer_name(w, friend_number)));
    struct stream_words words = stream_block(self->keys.shared, viewer_name(t->viewer),
                                             occasion, 0);
    return words_uniform(words.word[0], words.word[1]) < p;
}

void viewers_on_shared(struct viewers *self, struct scope *scope, const struct event *event)
{
    struct turn t = turn_begin(self, scope);
    struct viewer *viewer = t.viewer;
    bool open = viewer->session != 0, churned = (viewer->flags & VIEWER_CHURNED) != 0;
    bool by_app = (event->data & SHARED_BY_APP) != 0;

    if (ban_on(self->ban) || (!open && day_is_full(viewer, scope->now)) ||
        !opens_shared(&t, event->data, event->source))
        return;
    if (churned) come_back(&t);
    if (!open) session_open(&t, scope->now, churned);
    if (viewer->session == 0) return;
    struct session *session = pool_session(t.pool, viewer->session - 1);
    session->shared_video = event->data & ~SHARED_BY_APP;
    session->shared_from = by_app ? ENTITY_NONE : event->source;
    t.shard->day.shared_arrivals += !by_app;
    if (!open) session_run(&t, scope->now); /* an open one goes on with it */
}
