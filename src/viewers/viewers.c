/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viewers/viewers.h"

#include <string.h>

#include "base/memory.h"
#include "habit.h"
#include "population.h"
#include "purse.h"
#include "state.h"

/* ---------------------------------------------------------------------------------- registry
 */

/* Choice models: one line a member. */
#define CHOICE_LIST(X) X(weibull)

#define CHOICE_DECLARE(name) extern const struct choice choice_##name;
#define CHOICE_ROW(name) &choice_##name.about,
CHOICE_LIST(CHOICE_DECLARE)
const struct member *const viewers_choices[] = {CHOICE_LIST(CHOICE_ROW) NULL};

const struct schema_table *const viewers_tables[] = {
    &viewers_table, &taste_table,    &match_table, &satiation_table,
    &session_table, &habit_table,    &purse_table, &follows_table,
    &friends_table, &arrivals_table, NULL};

/* ----------------------------------------------------------------------------- life of self */

static void make_keys(struct viewers_keys *keys, struct seed seed)
{
    static const struct purpose person = {"viewers.person", PURPOSE_POPULATION},
                                follows = {"viewers.follows", PURPOSE_POPULATION},
                                friends = {"viewers.friends", PURPOSE_POPULATION},
                                pair = {"viewers.pair", PURPOSE_POPULATION},
                                watch = {"viewers.watch", PURPOSE_LUCK},
                                session = {"viewers.session", PURPOSE_LUCK},
                                drift = {"viewers.drift", PURPOSE_LUCK},
                                shared = {"viewers.shared", PURPOSE_LUCK},
                                arrivals = {"viewers.arrivals", PURPOSE_LUCK},
                                rooms = {"viewers.rooms", PURPOSE_LUCK},
                                room = {"viewers.room", PURPOSE_LUCK},
                                ban = {"viewers.ban", PURPOSE_LUCK};

    keys->person = stream_key(seed, &person);
    keys->follows = stream_key(seed, &follows);
    keys->friends = stream_key(seed, &friends);
    keys->pair = stream_key(seed, &pair);
    keys->watch = stream_key(seed, &watch);
    keys->session = stream_key(seed, &session);
    keys->drift = stream_key(seed, &drift);
    keys->shared = stream_key(seed, &shared);
    keys->arrivals = stream_key(seed, &arrivals);
    keys->rooms = stream_key(seed, &rooms);
    keys->room = stream_key(seed, &room);
    keys->ban = stream_key(seed, &ban);
}

static void find_parameters(struct viewers *self, const struct parameters *all)
{
    self->set = parameters_block(all, "viewers");
    self->taste = parameters_block(all, "viewers.taste");
    self->match = parameters_block(all, "viewers.match");
    self->satiation = parameters_block(all, "viewers.satiation");
    self->session = parameters_block(all, "viewers.session");
    self->habit = parameters_block(all, "viewers.habit");
    self->purse = parameters_block(all, "viewers.purse");
    self->follows = parameters_block(all, "viewers.follows");
    self->friends = parameters_block(all, "viewers.friends");
    self->arrivals = parameters_block(all, "viewers.arrivals");
    self->ban = ban_find(all);
}

static void keep_consent(struct viewers *self)
{
    self->consent[0] = self->set->consent_ios;
    self->consent[1] = self->set->consent_other;
    self->consent[2] = self->set->feed_optout;
}

static void prepare_choice(struct viewers *self)
{
    if (self->choice_size)
        memcpy(self->choice_seen, self->choice_parameters, self->choice_size);
    self->choice->prepare(self->choice_state, self->choice_parameters);
}

static bool choice_changed(const struct viewers *self)
{
    return self->choice_size &&
           memcmp(self->choice_seen, self->choice_parameters, self->choice_size) != 0;
}

static enum status find_choice(struct viewers *self, const struct world *world)
{
    const struct member *member = registry_find(world->registries, "choice", self->set->choice);

    if (!member) return STATUS_BAD_INPUT;
    self->choice = (const struct choice *)(const void *)member; /* `about` comes first */
    self->choice_state = memory_alloc(1, member->state_size);
    if (!self->choice_state) return STATUS_NO_MEMORY;
    if (member->parameters) {
        self->choice_parameters = parameters_block(world->parameters,
                                                   member->parameters->prefix);
        self->choice_seen = memory_alloc(1, member->parameters->size);
        if (!self->choice_seen) return STATUS_NO_MEMORY;
        self->choice_size = member->parameters->size;
    }
    prepare_choice(self);
    return STATUS_OK;
}

enum status viewers_init(struct viewers **out, struct world *world,
                         const struct feed_service *feed, const struct act_service *act)
{
    struct viewers *self = memory_alloc(1, sizeof *self);
    enum status status = STATUS_NO_MEMORY;

    *out = self;
    if (!self) return status;
    self->world = world;
    self->feed = feed;
    self->act = act;
    find_parameters(self, world->parameters);
    make_keys(&self->keys, world->seed);
    keep_consent(self);
    rhythm_init(&self->rhythm, &self->session->diurnal, &self->session->weekday);
    for (int i = 0; i < 32; i++)
        self->topic_share[i] = (float)maths_pow(i + 1, -self->taste->zipf);
    self->pools = memory_alloc(world->shards.count, sizeof *self->pools);
    self->settled = memory_alloc(1, sizeof *self->settled);
    if (self->settled) habit_table_init(self->settled, self->habit, self->set->rate_most);
    if (self->pools && self->settled) status = find_choice(self, world);
    if (status != STATUS_OK) {
        viewers_free(self);
        *out = NULL;
    }
    return status;
}

void viewers_free(struct viewers *self)
{
    if (!self) return;
    for (uint32_t s = 0; self->pools && s < self->world->shards.count; s++) {
        pieces_free(&self->pools[s].session);
        memory_free(self->pools[s].free);
    }
    memory_free(self->pools);
    memory_free(self->settled);
    memory_free(self->choice_seen);
    memory_free(self->choice_state);
    memory_free(self);
}

enum status pool_reserve(struct session_pool *self, size_t need)
{
    enum status status = pieces_reserve(&self->session, need, sizeof(struct session));

    if (status != STATUS_OK) return status;
    return memory_grow(&self->free, &self->free_room, pieces_rows(&self->session),
                       sizeof *self->free);
}

/* ------------------------------------------------------------------------------------- close
 */

static void consent_task(void *context, uint32_t shard, uint32_t thread)
{
    const struct viewers *self = context;
    struct viewer_shard *v = &self->world->viewers[shard];

    (void)thread;
    for (size_t i = 0; !v->elsewhere && i < v->count; i++) person_consent(self, &v->row[i]);
}

static void purse_task(void *context, uint32_t shard, uint32_t thread)
{
    const struct viewers *self = context;
    struct viewer_shard *v = &self->world->viewers[shard];
    int32_t day = time_day(self->world->close);

    (void)thread;
    for (size_t i = 0; !v->elsewhere && i < v->count; i++)
        if (purse_day(&v->row[i], day))
            purse_fill(self, viewer_number(self, (uint32_t)i, shard), &v->row[i]);
}

/* Room for the next window, so that nothing asks for memory inside it. */
static enum status make_room(struct viewers *self)
{
    enum status status = STATUS_OK;

    for (uint32_t s = 0; s < self->world->shards.count && status == STATUS_OK; s++) {
        struct session_pool *pool = &self->pools[s];
        struct relation_pool *relations = &self->world->viewers[s].relations;
        if (self->world->viewers[s].elsewhere) continue;
        status = pool_reserve(pool, pool->count + 16);
        if (status == STATUS_OK)
            status = relation_pool_reserve(relations, relations->count / 256 + 1024);
    }
    return status;
}

enum status viewers_close(struct viewers *self)
{
    struct world *w = self->world;
    uint32_t shards = w->shards.count;
    enum status status;

    for (uint32_t s = 0; s < shards; s++)
        if (self->pools[s].fault != STATUS_OK) return self->pools[s].fault;
    if (choice_changed(self)) prepare_choice(self);
    if (self->consent[0] != self->set->consent_ios ||
        self->consent[1] != self->set->consent_other ||
        self->consent[2] != self->set->feed_optout) {
        team_run(w->team, shards, consent_task, self);
        keep_consent(self);
    }
    if (time_day(w->close) != time_day(w->now)) {
        team_run(w->team, shards, purse_task, self);
        status = purses_tell(self);
        if (status != STATUS_OK) return status;
    }
    status = arrivals_close(self);
    return status == STATUS_OK ? make_room(self) : status;
}

/* ------------------------------------------------------------------------------------- state
 */

void viewers_restored(struct viewers *self) { prepare_choice(self); }

static void visit_rows(struct session *rows, size_t n, struct visitor *v)
{
    VISIT_FIELD(v, "sessions.theta", rows, n, theta);
    VISIT_FIELD(v, "sessions.satiation", rows, n, satiation);
    VISIT_FIELD(v, "sessions.row", rows, n, row);
    VISIT_FIELD(v, "sessions.occasion", rows, n, occasion);
    VISIT_FIELD(v, "sessions.position", rows, n, position);
    VISIT_FIELD(v, "sessions.request", rows, n, request);
    VISIT_FIELD(v, "sessions.left_ms", rows, n, left_ms);
    VISIT_FIELD(v, "sessions.pleasure", rows, n, pleasure);
    VISIT_FIELD(v, "sessions.recent", rows, n, recent);
    VISIT_FIELD(v, "sessions.shared_video", rows, n, shared_video);
    VISIT_FIELD(v, "sessions.shared_from", rows, n, shared_from);
    VISIT_FIELD(v, "sessions.planned", rows, n, planned);
    VISIT_FIELD(v, "sessions.slate_next", rows, n, slate_next);
    VISIT_FIELD(v, "sessions.slate_count", rows, n, slate_count);
    VISIT_FIELD(v, "sessions.slate", rows, n, slate);
}

static void visit_sessions(struct session_pool *pool, struct visitor *v)
{
    struct session *rows = pieces_gather(&pool->session, pool->count, sizeof *rows);

    if (rows)
        visit_rows(rows, pool->count, v);
    else
        v->status = STATUS_NO_MEMORY;
    if (visit_loading(v) && v->status == STATUS_OK)
        pieces_scatter(&pool->session, rows, pool->count, sizeof *rows);
    memory_free(rows);
    VISIT_ARRAY(v, "sessions.free", pool->free, pool->free_count);
}

static bool video_valid(const struct world *w, uint32_t video)
{
    return video == ENTITY_NONE ||
           (!(video & ENTITY_CREATOR) &&
            entity_row(w->shards, video) < w->videos[entity_shard(w->shards, video)].count);
}

/* What an open session shows next: a video, or a creator's room. */
static bool next_valid(const struct world *w, uint32_t next)
{
    uint32_t shard = entity_shard(w->shards, next);
    if (next == ENTITY_NONE || !(next & ENTITY_CREATOR)) return video_valid(w, next);
    return entity_row(w->shards, next) < w->creators[shard].count;
}

static bool slate_valid(const struct session *session, const struct world *w)
{
    if (session->slate_count > SLATE_MAX || session->slate_next > session->slate_count)
        return false;
    for (uint32_t i = session->slate_next; i < session->slate_count; i++)
        if (!video_valid(w, session->slate[i].video) || session->slate[i].source >= SOURCES)
            return false;
    return true;
}

/* Slots on the stack are closed ones, each there once; those that were met are nobody's other
 * row meanwhile. */
static bool free_valid(const struct session_pool *pool)
{
    size_t met = 0;

    while (met < pool->free_count && pool->free[met] < pool->count &&
           pool_session(pool, pool->free[met])->row == ENTITY_NONE)
        pool_session(pool, pool->free[met++])->row = ENTITY_NONE - 1;
    for (size_t i = 0; i < met; i++) pool_session(pool, pool->free[i])->row = ENTITY_NONE;
    return met == pool->free_count;
}

/* A viewer's slot and a slot's viewer must point at one another, whatever a file says. */
static bool sessions_valid(const struct session_pool *pool, const struct viewer_shard *viewers,
                           const struct world *w)
{
    size_t open = 0;

    if (!free_valid(pool)) return false;
    for (size_t i = 0; i < pool->count; i++) {
        const struct session *s = pool_session(pool, (uint32_t)i);
        if (s->row == ENTITY_NONE) continue;
        if (s->row >= viewers->count || viewers->row[s->row].session != i + 1) return false;
        if (s->shared_from != ENTITY_NONE && !world_has_viewer(w, s->shared_from)) return false;
        if (!next_valid(w, s->shared_video) || !slate_valid(s, w)) return false;
        open++;
    }
    for (size_t i = 0; i < viewers->count; i++) open -= viewers->row[i].session != 0;
    return open == 0;
}

/* Of a shard that is elsewhere nothing is kept. */
static void leave_pool(struct session_pool *pool)
{
    pieces_free(&pool->session);
    memory_free(pool->free);
    *pool = (struct session_pool){0};
}

static void visit_pool(void *context, uint32_t shard, struct visitor *v)
{
    struct viewers *self = context;
    struct session_pool *pool = &self->pools[shard];
    uint64_t count = pool->count, free_count = pool->free_count;

    visit_count(v, "sessions.count", &count, self->world->viewers[shard].count);
    visit_count(v, "sessions.free_count", &free_count, count);
    if (v->status != STATUS_OK) return;
    if (visit_loading(v)) {
        pool->count = pool->free_count = 0;
        v->status = pool_reserve(pool, count + 16);
        if (v->status != STATUS_OK) return;
        pool->count = count;
        pool->free_count = free_count;
    }
    visit_sessions(pool, v);
    if (visit_loading(v) && self->world->viewers[shard].elsewhere) {
        leave_pool(pool);
        return;
    }
    if (visit_loading(v) && v->status == STATUS_OK &&
        !sessions_valid(pool, &self->world->viewers[shard], self->world))
        v->status = STATUS_BAD_INPUT;
}

size_t viewers_bytes(const struct viewers *self)
{
    size_t bytes = 0;

    for (uint32_t s = 0; s < self->world->shards.count; s++)
        bytes += pieces_bytes(&self->pools[s].session, sizeof(struct session)) +
                 self->pools[s].free_room * sizeof *self->pools[s].free;
    return bytes;
}

void viewers_visit(struct viewers *self, struct visitor *v)
{
    VISIT_VALUE(v, "viewers.arrived", self->arrived);
    VISIT_ARRAY(v, "viewers.consent", self->consent, 3);
    for (uint32_t s = 0; s < self->world->shards.count; s++)
        post_visit(self->world->post, s, v, visit_pool, self);
}
