/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sim.h"

#include <time.h>

#include "base/memory.h"
#include "parts.h"

/* ------------------------------------------------------------------ events to their handlers
 */

#define HANDLER(folder, act)                                                                   \
    static void on_##act(struct scope *scope, const struct event *event)                       \
    {                                                                                          \
        folder##_on_##act(((struct sim *)scope->world)->folder, scope, event);                 \
    }
HANDLER(viewers, shared)
HANDLER(viewers, session)
HANDLER(viewers, continue)
HANDLER(revenue, due)
HANDLER(creators, publish)
HANDLER(creators, review)
HANDLER(creators, life)

const struct event_kind_row sim_event_kinds[] = {
    [EVENT_SHARED] = {"shared", on_shared},
    [EVENT_SESSION] = {"session", on_session},
    [EVENT_CONTINUE] = {"continue", on_continue},
    [EVENT_PUBLISH] = {"publish", on_publish},
    [EVENT_DUE] = {"due", on_due},
    [EVENT_REVIEW] = {"review", on_review},
    [EVENT_LIFE] = {"life", on_life},
};

void sim_herald(void *world, uint32_t shard, const struct event *event, uint32_t between)
{
    const struct sim *self = world;
    if (event->entity <= ENTITY_VIEWER_LAST)
        viewers_herald(self->viewers, shard, event, between);
}

/* ------------------------------------------------------------------------------ the phases */

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Adds the time since *from to a phase and starts the next. */
static void phase_done(struct sim *self, enum sim_phase phase, double *from)
{
    double now = seconds_now();
    self->figures.seconds[phase] += now - *from;
    *from = now;
}

static enum status post_status(const struct sim *self)
{
    return self->world.post ? self->world.post->status : STATUS_OK;
}

/* What happened in live rooms: one sum for each process, in the place of its first shard. */
static void tell_rooms(struct room_board *board, struct post *post)
{
    for (uint32_t r = 0; r < post->ranks->count && board->count; r++) {
        uint32_t first = ranks_first(post->ranks, post->shards, r);
        if (post->packing && r == post->ranks->rank)
            rooms_gather(board, post->first, post->end);
        post_bytes(post, first, board->happened + first * board->count,
                   board->count * sizeof *board->happened);
    }
}

/* Several processes: what happened in the viewers' phase is told to all. */
static void tell_all(struct sim *self)
{
    struct world *w = &self->world;
    while (post_turn(w->post)) {
        engine_post(w->engine, w->post);
        for (uint32_t s = 0; s < w->shards.count; s++) {
            post_exchange(w->post, s, &w->impressions, true);
            post_exchange(w->post, s, &w->payments, true);
            post_exchange(w->post, s, &w->shares, true);
            post_exchange(w->post, s, &w->follows, true);
        }
        tell_rooms(&w->rooms, w->post);
        platform_post(self->platform, w->post);
        revenue_post(self->revenue, w->post);
    }
}

static void deliver_logs(struct world *world)
{
    struct exchange *logs[] = {&world->impressions, &world->payments, &world->shares,
                               &world->follows};
    for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) exchange_deliver(logs[i]);
}

#define VIDEO_BLOCK 64

/* Asks the cache for what the readers of the rows will want: the videos ... */
static void fetch_videos(const struct world *world, uint32_t shard,
                         const struct impression *rows, size_t n)
{
    const struct video_shard *videos = &world->videos[shard];
    for (size_t i = 0; i < n; i++) {
        uint32_t row = entity_row(world->shards, rows[i].video);
        memory_prefetch(&videos->row[row], 1);
        memory_prefetch(&videos->counter[row], 1);
    }
}

/* ... then their creators. */
static void fetch_creators(const struct world *world, uint32_t shard,
                           const struct impression *rows, size_t n)
{
    const struct video *video = world->videos[shard].row;
    const struct creator *creator = world->creators[shard].row;
    for (size_t i = 0; i < n; i++) {
        uint32_t row = entity_row(world->shards, rows[i].video);
        const struct creator *c = &creator[entity_row(world->shards, video[row].creator)];
        memory_prefetch(&c->impressions, 1);
        memory_prefetch(&c->period.follows, 1);
    }
}

/* Everybody looks at a block of rows while it is in the cache; meanwhile the cache is asked for
 * the creators of the next block and the videos of the one after it. */
static void read_impressions(struct sim *self, uint32_t shard, uint32_t thread)
{
    const struct world *world = &self->world;
    struct impression rows[3][VIDEO_BLOCK];
    struct exchange_cursor cursor = exchange_read(&world->impressions, shard);
    size_t n[3] = {0};
    unsigned now = 0, next = 1, last = 2;
    do {
        n[last] = exchange_gather(&cursor, rows[last], VIDEO_BLOCK);
        fetch_videos(world, shard, rows[last], n[last]);
        fetch_creators(world, shard, rows[next], n[next]);
        platform_rows(self->platform, shard, thread, rows[now], n[now]);
        revenue_rows(self->revenue, shard, thread, rows[now], n[now]);
        creators_rows(self->creators, shard, thread, rows[now], n[now]);
        growth_rows(self->growth, shard, thread, rows[now], n[now]);
        measure_rows(self->measure, shard, thread, rows[now], n[now]);
        unsigned free = now;
        now = next;
        next = last;
        last = free;
    } while (n[now] > 0 || n[next] > 0);
}

static void videos_task(void *context, uint32_t shard, uint32_t thread)
{
    struct sim *self = context;
    struct world *world = &self->world;
    read_impressions(self, shard, thread);
    revenue_payments(self->revenue, shard);
    growth_shares(self->growth, shard);
    creators_follows(self->creators, shard);
    exchange_consumed(&world->impressions, shard);
    exchange_consumed(&world->payments, shard);
    exchange_consumed(&world->shares, shard);
    exchange_consumed(&world->follows, shard);
}

/* The close: serial steps in a fixed order, each may use the team inside. Dated changes come
 * first: what the others make ready for the next window is made from the new values. */
static enum status close_folders(struct sim *self, struct errors *errors)
{
    enum status status = policy_apply(self->policy, errors);
    if (!status) status = growth_close(self->growth);
    if (!status) status = creators_close(self->creators);
    if (!status) status = viewers_close(self->viewers);
    if (!status) status = revenue_close(self->revenue, errors);
    if (!status) status = platform_close(self->platform);
    return status;
}

enum status sim_step(struct sim *self, struct errors *errors)
{
    if (sim_done(self)) return STATUS_OK;
    struct world *world = &self->world;
    double clock = seconds_now();
    world->now = engine_window_start(world->engine);
    world->close = engine_window_end(world->engine);

    enum status status = engine_open(world->engine);
    if (status) return status;
    engine_run(world->engine, 0, ENTITY_VIEWER_LAST, self);
    tell_all(self);
    status = post_status(self);
    if (status) return status;
    deliver_logs(world);
    platform_deliver(self->platform);
    status = measure_trace(self->measure);
    if (status) return status;
    phase_done(self, PHASE_VIEWERS, &clock);

    team_run(&self->team, world->shards.count, videos_task, self);
    phase_done(self, PHASE_VIDEOS, &clock);

    engine_run(world->engine, ENTITY_CREATOR, UINT32_MAX, self);
    phase_done(self, PHASE_CREATORS, &clock);

    status = close_folders(self, errors);
    phase_done(self, PHASE_PLATFORM, &clock);
    if (!status) status = measure_close(self->measure);
    if (!status) status = engine_close(world->engine, errors);
    if (!status) status = post_status(self);
    world->now = engine_window_start(world->engine);
    world->close = engine_window_end(world->engine);
    phase_done(self, PHASE_MEASURE, &clock);
    return status;
}

bool sim_done(const struct sim *self) { return sim_now(self) >= self->end; }

sim_time sim_now(const struct sim *self) { return engine_window_start(self->world.engine); }

enum status sim_finish(struct sim *self)
{
    enum status status = growth_finish(self->growth);
    return status ? status : measure_finish(self->measure);
}

/* ------------------------------------------------------------------------- state and figures
 */

/* A run goes on with the people that it was begun with, where they are at hand. */
static void visit_people(struct sim *self, struct visitor *v)
{
    const struct audience *audience = self->world.audience;
    VISIT_VALUE(v, "sim.people", self->people);
    if (!v->status && audience && self->people != audience->digest)
        v->status = STATUS_BAD_INPUT;
}

void sim_visit(struct sim *self, struct visitor *v)
{
    if (self->real) visit_people(self, v);
    VISIT_VALUE(v, "sim.match_offset", self->world.match.offset);
    VISIT_VALUE(v, "sim.match_scale", self->world.match.scale);
    /* First: what others derive when they are loaded goes by parameters as they are now. */
    policy_visit(self->policy, v);
    world_visit(&self->world, v);
    engine_visit(self->world.engine, v);
    viewers_visit(self->viewers, v);
    creators_visit(self->creators, v);
    platform_visit(self->platform, v);
    revenue_visit(self->revenue, v);
    growth_visit(self->growth, v);
    measure_visit(self->measure, v);
}

enum status sim_restored(struct sim *self)
{
    self->world.now = engine_window_start(self->world.engine);
    self->world.close = engine_window_end(self->world.engine);
    viewers_restored(self->viewers);
    enum status status = platform_restored(self->platform);
    return status ? status : measure_begin(self->measure);
}

enum status sim_hash(struct sim *self, uint64_t *hash)
{
    struct visit_hash h = {0};
    enum status status = visit_hash_init(&h);
    if (status) return status;
    sim_visit(self, &h.visitor);
    status = h.visitor.status ? h.visitor.status : post_status(self);
    if (!status) *hash = visit_hash_digest(&h);
    visit_hash_free(&h);
    if (self->world.post) ranks_tell(self->world.post->ranks, hash, sizeof *hash);
    return status;
}

struct table_shape sim_shape(const struct sim *self, enum table_id table)
{
    return measure_shape(self->measure, table);
}

bool sim_summary(const struct sim *self, size_t column, struct summary *out)
{
    return measure_summary(self->measure, column, out);
}

double sim_warmup(const struct sim *self) { return measure_warmup(self->measure); }

const struct feed_service *sim_feed(const struct sim *self) { return &self->feed; }
const struct world *sim_world(const struct sim *self) { return &self->world; }

struct platform *sim_platform(struct sim *self) { return self->platform; }

const struct viewers *sim_viewers(const struct sim *self) { return self->viewers; }

/* What grows with viewers (rows, relations, open sessions, events to come, trees of shares, the
 * log of the busiest window) and what grows with videos, wherever it lies. */
static void count_bytes(const struct sim *self, struct sim_figures *f)
{
    const struct world *w = &self->world;
    const struct exchange *logs[] = {&w->impressions, &w->payments, &w->shares, &w->follows};
    size_t videos = platform_video_bytes(self->platform);
    size_t viewers = platform_viewer_bytes(self->platform) + viewers_bytes(self->viewers) +
                     growth_bytes(self->growth) +
                     engine_pending(w->engine) * sizeof(struct event);
    for (uint32_t s = 0; s < w->shards.count; s++) {
        const struct reception *reception = &w->viewers[s].reception;
        viewers += w->viewers[s].capacity * sizeof(struct viewer) +
                   (reception->now_room + reception->before_room) * sizeof *reception->now +
                   w->viewers[s].relations.capacity * sizeof(struct relation);
        videos += w->videos[s].capacity * (sizeof(struct video) + sizeof(struct packed16) +
                                           sizeof(struct video_counters)) +
                  w->videos[s].free_capacity * sizeof(uint32_t);
    }
    for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++)
        viewers += logs[i]->most * logs[i]->row_size;
    f->bytes_per_viewer = f->viewers ? (double)viewers / (double)f->viewers : 0;
    f->bytes_per_video = f->active_videos ? (double)videos / (double)f->active_videos : 0;
}

struct sim_figures sim_figures(const struct sim *self)
{
    struct sim_figures f = self->figures;
    const struct world *w = &self->world;
    f.impressions = w->impressions.rows;
    f.exchange_bytes = w->impressions.bytes + w->payments.bytes + w->shares.bytes +
                       w->follows.bytes;
    f.events = engine_executed(w->engine);
    f.ties = engine_ties(w->engine);
    f.windows = engine_window_number(w->engine);
    for (uint32_t s = 0; s < w->shards.count; s++) {
        f.viewers += w->viewers[s].count;
        f.creators += w->creators[s].count;
        f.active_videos += w->videos[s].active;
        f.videos += w->videos[s].published;
    }
    count_bytes(self, &f);
    f.match_offset = w->match.offset;
    f.match_scale = w->match.scale;
    return f;
}
