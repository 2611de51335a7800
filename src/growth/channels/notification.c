/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Notifications: what a creator publishes is told to those of its followers who have switched
 * its notifications on. Some open them, after a while: the app with that video first.
 *
 * A publish is one record, whatever the number of followers: at the close after a video has
 * entered the feed each viewer shard goes through its own followers of the creator. Only who
 * will open it is sent an event, in a later window. Too many notifications tire: the chance to
 * open falls with how many came lately, and each may be the one at which somebody switches them
 * all off, for good.
 */
#include "base/maths.h"
#include "base/memory.h"
#include "growth/channel.h"
#include "growth/followers.h"
#include "growth/posts.h"
#include "world/event_kinds.h"

struct notification_parameters {
    double follower, subscriber, open, fatigue, memory, mute, delay;
};

/* A creator's newest video of this window. */
struct notice {
    uint32_t creator, video; /* numbers */
};

struct reader {
    float load;      /* notifications lately, each faded by its age; below 0 = switched off */
    uint32_t loaded; /* when it was brought up to date, s */
};

struct notification_state {
    struct stream_key bell, luck;
    struct notice *notice; /* owned; of this shard's creators, from settle to close */
    struct reader *reader; /* owned; by viewer's row */
    size_t notices, notice_room, reader_room;
    uint64_t readers;
};

#define AT(member) .offset = offsetof(struct notification_parameters, member)
#define BUSY                                                                                   \
    "growth.channels=[\"notification\"] growth.notification.follower=1.0 "                     \
    "growth.notification.open=0.3 growth.notification.fatigue=0.0 "                            \
    "growth.notification.mute=0.0"

static const struct schema_row rows[] = {
    {.path = "follower",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.15",
     .meaning = "share of a creator's followers who let its notifications through",
     .source = "A",
     .plausible_low = 0.02,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_notification",
     .sign = 1,
     .from = "0.02",
     .to = "1.0",
     .needs = "growth.channels=[\"notification\"] growth.notification.open=0.3",
     AT(follower)},
    {.path = "subscriber",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.6",
     .meaning = "share of its subscribers who let them through",
     .source = "A",
     .plausible_low = 0.2,
     .plausible_high = 0.9,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_notification",
     .sign = 1,
     .from = "0.0",
     .to = "1.0",
     .needs = BUSY " growth.notification.follower=0.0 revenue.streams=[\"subscription\"] "
                   "revenue.subscription.min_followers=0 revenue.subscription.rate=0.5",
     AT(subscriber)},
    {.path = "open",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.05",
     .meaning = "chance that a notification is opened by who has had none lately",
     .source = "A",
     .plausible_low = 0.01,
     .plausible_high = 0.15,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_notification",
     .sign = 1,
     .from = "0.02",
     .to = "0.3",
     .needs = BUSY,
     AT(open)},
    {.path = "fatigue",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "0.1",
     .meaning = "how much ln(chance to open) falls with each notification that came lately",
     .source = "A",
     .plausible_low = 0.02,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_notification",
     .sign = -1,
     .from = "0.0",
     .to = "2.0",
     .needs = BUSY,
     AT(fatigue)},
    {.path = "memory",
     .type = SCHEMA_FLOAT,
     .unit = "d",
     .low = 0.01,
     .high = 365,
     .initial = "3.0",
     .meaning = "half-life of a notification in that count",
     .source = "A",
     .plausible_low = 1,
     .plausible_high = 14,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_notification",
     .sign = -1,
     .from = "0.05",
     .to = "30.0",
     .needs = BUSY " growth.notification.fatigue=1.0",
     AT(memory)},
    {.path = "mute",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.0002",
     .meaning = "chance that a notification makes a viewer switch all of them off, for each "
                "that came lately, itself included",
     .source = "A",
     .plausible_low = 0.00005,
     .plausible_high = 0.002,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_notification",
     .sign = -1,
     .from = "0.0",
     .to = "0.3",
     .needs = BUSY,
     AT(mute)},
    {.path = "delay",
     .type = SCHEMA_FLOAT,
     .unit = "h",
     .low = 0,
     .high = 8760,
     .initial = "1.0",
     .meaning = "mean time until it is opened (exponential)",
     .source = "A",
     .plausible_low = 0.2,
     .plausible_high = 8,
     .when = SCHEMA_WINDOW,
     .moves = "impressions_notification",
     .sign = -1,
     .from = "0.5",
     .to = "1000.0",
     .needs = BUSY,
     AT(delay)},
};
static const struct schema_table table = {.prefix = "growth.notification",
                                          .size = sizeof(struct notification_parameters),
                                          SCHEMA_ROWS(rows)};

static enum status open_state(struct channel_desk *desk)
{
    static const struct purpose bell = {"growth.notification.bell", PURPOSE_POPULATION},
                                luck = {"growth.notification", PURPOSE_LUCK};
    struct notification_state *state = desk->state;
    state->bell = stream_key(desk->world->seed, &bell);
    state->luck = stream_key(desk->world->seed, &luck);
    return STATUS_OK;
}

static void release(struct channel_desk *desk)
{
    struct notification_state *state = desk->state;
    memory_free(state->notice);
    memory_free(state->reader);
}

/* ------------------------------------------------------------------------------- publishing */

/* Viewers of this shard, if it is not another process's. */
static size_t viewers_here(const struct channel_desk *desk)
{
    const struct viewer_shard *viewers = &desk->world->viewers[desk->shard];
    return viewers->elsewhere ? 0 : viewers->count;
}

static enum status settle(struct channel_desk *desk)
{
    struct notification_state *state = desk->state;
    const struct world *w = desk->world;
    size_t viewers = viewers_here(desk), creators = w->creators[desk->shard].count;
    enum status status = memory_grow(&state->reader, &state->reader_room, viewers,
                                     sizeof(*state->reader));
    if (status) return status;
    while (state->readers < viewers) state->reader[state->readers++] = (struct reader){0};
    state->notices = 0;
    for (uint32_t i = 0; i < creators && !status; i++) {
        uint32_t video = posts_news(desk, i);
        if (video == ENTITY_NONE || !desk_used(desk, &w->creators[desk->shard].row[i]))
            continue;
        status = memory_grow(&state->notice, &state->notice_room, state->notices + 1,
                             sizeof(*state->notice));
        if (!status)
            state->notice[state->notices++] = (struct notice){
                entity_number(w->shards, i, desk->shard), video};
    }
    return status;
}

/* ---------------------------------------------------------------------------------- telling */

/* Whether a viewer lets this creator's notifications through: settled once for the pair. */
static bool has_bell(const struct channel_desk *desk, const struct viewer *viewer,
                     const struct notice *notice)
{
    const struct notification_parameters *p = desk->parameters;
    const struct notification_state *state = desk->state;
    const struct world *w = desk->world;
    struct follower_tie tie = follower_tie(&w->viewers[desk->shard], viewer, notice->creator);
    if (!tie.subscribes &&
        (!tie.follows || world_video(w, notice->video)->flags & VIDEO_EXCLUSIVE))
        return false;
    struct stream_words words = stream_block(state->bell, viewer_name(viewer),
                                             name_fold(world_creator(w, notice->creator)->name),
                                             0);
    return words_uniform(words.word[0], words.word[1]) <
           (tie.subscribes ? p->subscriber : p->follower);
}

/* How many came lately, before this one; it is counted in. */
static double load_up(const struct notification_parameters *p, struct reader *reader,
                      sim_time now)
{
    uint32_t seconds = (uint32_t)(now / TIME_SECOND);
    double days = (double)(seconds - reader->loaded) / 86400, before = (double)reader->load;
    before *= maths_exp(-days * 0.6931471805599453 / p->memory);
    reader->load = (float)(before + 1);
    reader->loaded = seconds;
    return before;
}

/* One viewer of this shard is told. */
static enum status tell(struct channel_desk *desk, uint32_t row, const struct notice *notice)
{
    const struct notification_parameters *p = desk->parameters;
    struct notification_state *state = desk->state;
    const struct world *w = desk->world;
    const struct viewer *viewer = &w->viewers[desk->shard].row[row];
    struct reader *reader = &state->reader[row];
    if (reader->load < 0 || !has_bell(desk, viewer, notice)) return STATUS_OK;
    double load = load_up(p, reader, w->close);
    struct stream luck = stream_open(state->luck, viewer_name(viewer),
                                     name_fold(world_video(w, notice->video)->name));
    bool opens = stream_uniform(&luck) < p->open * maths_exp(-p->fatigue * load);
    double delay = stream_exponential(&luck) * p->delay * (double)TIME_HOUR;
    if (stream_uniform(&luck) < p->mute * (load + 1)) reader->load = -1;
    if (!opens) return STATUS_OK;
    const struct video_counters *video = &w->videos[entity_shard(w->shards, notice->video)]
                                              .counter[entity_row(w->shards, notice->video)];
    return engine_plan(w->engine, entity_number(w->shards, row, desk->shard),
                       video_stamp(w->close + (sim_time)delay, video->uses), EVENT_SHARED,
                       notice->video | SHARED_BY_APP);
}

/* All shards' records, in their order, to this shard's viewers. */
static void expand(void *context, uint32_t shard, uint32_t thread)
{
    struct channel_desk *desks = context, *desk = &desks[shard];
    const struct shards shards = desk->world->shards;
    (void)thread;
    for (uint32_t s = 0; s < shards.count; s++) {
        const struct notification_state *from = desks[s].state;
        for (size_t i = 0; i < from->notices; i++) {
            uint32_t count;
            const uint32_t *row = followers_of(desk->followers, shards, from->notice[i].creator,
                                               &count);
            for (uint32_t k = 0; k < count && !desk->fault; k++)
                desk->fault = tell(desk, row[k], &from->notice[i]);
        }
    }
}

static enum status tell_all(struct channel_desk *desks, uint32_t shards)
{
    enum status status = STATUS_OK;
    team_run(desks[0].world->team, shards, expand, desks);
    for (uint32_t s = 0; s < shards && !status; s++) status = desks[s].fault;
    return status;
}

static void visit_readers(void *context, uint32_t shard, struct visitor *v)
{
    struct channel_desk *desk = context;
    struct notification_state *state = desk->state;
    uint64_t count = state->readers;
    visit_count(v, "notification.readers", &count, desk->world->viewers[desk->shard].count);
    if (visit_loading(v) && !v->status)
        v->status = memory_grow(&state->reader, &state->reader_room, count,
                                sizeof(*state->reader));
    if (v->status) return;
    state->readers = count;
    VISIT_FIELD(v, "notification.load", state->reader, count, load);
    VISIT_FIELD(v, "notification.loaded", state->reader, count, loaded);
    for (uint64_t i = 0; visit_loading(v) && i < count && !v->status; i++)
        if (!(state->reader[i].load >= -1 && state->reader[i].load < 1e9f))
            v->status = STATUS_BAD_INPUT;
    if (visit_loading(v) && desk->world->viewers[shard].elsewhere) state->readers = 0;
}

static void visit(struct channel_desk *desk, struct visitor *v)
{
    post_visit(desk->world->post, desk->shard, v, visit_readers, desk);
}

const struct channel channel_notification = {
    .about = {.name = "notification",
              .doc = "followers are told of new videos, and tire of too many",
              .reference = "none",
              .parameters = &table,
              .state_size = sizeof(struct notification_state)},
    .follows = true,
    .open = open_state,
    .release = release,
    .settle = settle,
    .close = tell_all,
    .visit = visit,
};
