/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The platform's state, column by column. Rows of capacity beyond the world's tables are not
 * state.
 */
#include "base/memory.h"
#include "core.h"

#define LIST_MOST (UINT64_C(1) << 31)

/* Room for what is loaded; any list of rows that a table of the world must have. */
static void visit_rows(struct row_list *list, const char *name, size_t rows, struct visitor *v)
{
    uint64_t count = list->count;
    visit_count(v, name, &count, LIST_MOST);
    if (v->status) return;
    if (visit_loading(v)) {
        v->status = memory_grow(&list->row, &list->capacity, count, sizeof(*list->row));
        if (v->status) return;
        list->count = count;
    }
    VISIT_ARRAY(v, name, list->row, count);
    for (size_t i = 0; visit_loading(v) && i < count && !v->status; i++)
        if (list->row[i] >= rows) v->status = STATUS_BAD_INPUT;
}

/* The number of a video that the world has. */
static bool video_valid(const struct world *w, uint32_t video)
{
    return !(video & ENTITY_CREATOR) &&
           entity_row(w->shards, video) < w->videos[entity_shard(w->shards, video)].count;
}

/* A creator and a topic that the world has. */
static bool item_valid(const struct world *w, const struct item *item)
{
    const struct creator_shard *home = &w->creators[entity_shard(w->shards, item->creator)];
    return video_valid(w, item->video) && !(item->creator & ENTITY_CREATOR) &&
           entity_row(w->shards, item->creator) < home->count && item->topic < w->topics.count;
}

static bool session_valid(const struct world *w, const struct session *session)
{
    if (session->promises > PROMISES_MAX || session->nearest_count > SLOTS_NEAREST)
        return false;
    for (uint32_t i = 0; i < session->promises; i++) {
        uint32_t uses = session->promise[i].uses;
        if (uses != ALLOWANCE_COLD_START && uses != ALLOWANCE_PROMOTED) return false;
        if (!video_valid(w, session->promise[i].video)) return false;
    }
    return true;
}

static void visit_index(const struct platform *self, uint32_t model, struct index *index,
                        struct visitor *v)
{
    const struct world *w = self->world;
    index_visit(index, v);
    if (self->scheme[model].ranker->extra)
        VISIT_VALUE(v, "platform.index.impressions", index->impressions);
    for (uint32_t i = 0; visit_loading(v) && !v->status && i < index->extent; i++)
        if (index->item[i].video != ENTITY_NONE && !item_valid(w, &index->item[i]))
            v->status = STATUS_BAD_INPUT;
    for (uint32_t i = 0; visit_loading(v) && !v->status && i < index->hot_count; i++)
        if (!video_valid(w, index->hot[i])) v->status = STATUS_BAD_INPUT;
}

static void visit_session_rows(struct session *rows, size_t count, struct visitor *v)
{
    VISIT_FIELD(v, "platform.session.query", rows, count, query);
    VISIT_FIELD(v, "platform.session.nearest", rows, count, nearest);
    VISIT_FIELD(v, "platform.session.promise", rows, count, promise);
    VISIT_FIELD(v, "platform.session.ad_carry", rows, count, ad_carry);
    VISIT_FIELD(v, "platform.session.window", rows, count, window);
    VISIT_FIELD(v, "platform.session.generation", rows, count, generation);
    VISIT_FIELD(v, "platform.session.nearest_count", rows, count, nearest_count);
    VISIT_FIELD(v, "platform.session.promises", rows, count, promises);
    VISIT_FIELD(v, "platform.session.open", rows, count, open);
    VISIT_FIELD(v, "platform.session.known", rows, count, known);
    VISIT_FIELD(v, "platform.session.seen", rows, count, seen);
}

/* What pleased in open sessions. */
static void visit_session_recent(struct platform *self, struct platform_shard *s,
                                 struct visitor *v)
{
    if (v->status || !self->recent) return;
    size_t count = s->session_count;
    struct recent *rows = pieces_gather(&s->session_recent, count, sizeof *rows);
    if (rows) {
        VISIT_FIELD(v, "platform.session.recent.count", rows, count, count);
        VISIT_FIELD(v, "platform.session.recent.video", rows, count, video);
        VISIT_FIELD(v, "platform.session.recent.tag", rows, count, tag);
    } else {
        v->status = STATUS_NO_MEMORY;
    }
    for (size_t i = 0; visit_loading(v) && i < count && !v->status; i++)
        if (rows[i].count > RECENT_MAX) v->status = STATUS_BAD_INPUT;
    if (visit_loading(v) && !v->status)
        pieces_scatter(&s->session_recent, rows, count, sizeof *rows);
    memory_free(rows);
}

/* What learners hold of open sessions. */
static void visit_session_learned(struct platform *self, struct platform_shard *s,
                                  struct visitor *v)
{
    size_t size = session_learned_size(self);
    if (v->status || !size) return;
    float *rows = pieces_gather(&s->session_learned, s->session_count, size);
    if (rows)
        VISIT_ARRAY(v, "platform.session.learned", rows,
                    s->session_count * size / sizeof *rows);
    else
        v->status = STATUS_NO_MEMORY;
    if (visit_loading(v) && !v->status)
        pieces_scatter(&s->session_learned, rows, s->session_count, size);
    memory_free(rows);
}

static void visit_sessions(struct platform *self, uint32_t shard, struct visitor *v)
{
    const struct world *w = self->world;
    struct platform_shard *s = &self->shard[shard];
    uint64_t count = s->session_count;
    visit_count(v, "platform.sessions", &count, s->viewers); /* one each at most */
    if (v->status) return;
    if (visit_loading(v)) v->status = session_reserve(self, shard, count);
    if (v->status) return;
    s->session_count = count;
    struct session *rows = pieces_gather(&s->session, count, sizeof *rows);
    if (rows)
        visit_session_rows(rows, count, v);
    else
        v->status = STATUS_NO_MEMORY;
    for (uint64_t i = 0; visit_loading(v) && i < count && !v->status; i++)
        if (!session_valid(w, &rows[i])) v->status = STATUS_BAD_INPUT;
    if (visit_loading(v) && !v->status) pieces_scatter(&s->session, rows, count, sizeof *rows);
    memory_free(rows);
    visit_session_learned(self, s, v);
    visit_session_recent(self, s, v);
}

static void visit_allowances(struct allowance_list *list, const char *name, struct visitor *v)
{
    uint64_t count = list->count, room = list->room;
    visit_count(v, name, &count, LIST_MOST);
    visit_count(v, name, &room, LIST_MOST);
    if (v->status) return;
    if (visit_loading(v)) {
        if (room < count) v->status = STATUS_BAD_INPUT;
        if (!v->status)
            v->status = memory_grow(&list->row, &list->capacity, room, sizeof(*list->row));
        if (v->status) return;
        list->count = count;
        list->room = room;
    }
    VISIT_FIELD(v, name, list->row, count, place);
    VISIT_FIELD(v, name, list->row, count, left);
    VISIT_FIELD(v, name, list->row, count, topic);
}

static void visit_reviews(struct review_list *list, size_t rows, struct visitor *v)
{
    uint64_t count = list->count;
    visit_count(v, "platform.reviews", &count, LIST_MOST);
    if (v->status) return;
    if (visit_loading(v)) {
        v->status = memory_grow(&list->row, &list->capacity, count, sizeof(*list->row));
        if (v->status) return;
        list->count = count;
    }
    VISIT_FIELD(v, "platform.review.due", list->row, count, due);
    VISIT_FIELD(v, "platform.review.row", list->row, count, row);
    VISIT_FIELD(v, "platform.review.tag", list->row, count, tag);
    VISIT_FIELD(v, "platform.review.verdict", list->row, count, verdict);
    VISIT_FIELD(v, "platform.review.wrong", list->row, count, wrong);
    for (size_t i = 0; visit_loading(v) && i < count && !v->status; i++)
        if (list->row[i].row >= rows || list->row[i].verdict > REVIEW_LOOK)
            v->status = STATUS_BAD_INPUT;
}

static void visit_offences(struct offence *rows, size_t count, struct visitor *v)
{
    VISIT_FIELD(v, "platform.offence.latest", rows, count, latest);
    VISIT_FIELD(v, "platform.offence.barred", rows, count, barred);
    VISIT_FIELD(v, "platform.offence.strikes", rows, count, strikes);
}

/* Of a shard that is elsewhere nothing is kept. */
static void leave_viewers(struct platform_shard *shard)
{
    memory_free(shard->viewer);
    pieces_free(&shard->session);
    pieces_free(&shard->session_learned);
    pieces_free(&shard->session_recent);
    shard->viewer = NULL;
    shard->viewers = shard->viewer_words = shard->session_count = 0;
}

static void visit_viewers(void *context, uint32_t s, struct visitor *v)
{
    struct platform *self = context;
    struct platform_shard *shard = &self->shard[s];
    bool leaves = visit_loading(v) && self->world->viewers[s].elsewhere;
    if (leaves && !v->status) v->status = rows_viewers(self, s);
    uint64_t viewers = shard->viewers;
    visit_count(v, "platform.viewers", &viewers,
                shard->viewers); /* follows the world's table */
    if (!v->status && viewers != shard->viewers) v->status = STATUS_BAD_INPUT;
    if (v->status) return;
    VISIT_ARRAY(v, "platform.viewer", shard->viewer, viewers * self->stride);
    visit_sessions(self, s, v);
    if (leaves) leave_viewers(shard);
}

static void visit_shard(struct platform *self, uint32_t s, struct visitor *v)
{
    struct platform_shard *shard = &self->shard[s];
    size_t rows = self->world->videos[s].count, creators = self->world->creators[s].count;
    if (visit_loading(v)) v->status = rows_reserve(self, s);
    if (v->status) return;
    post_visit(self->world->post, s, v, visit_viewers, self);
    if (v->status) return;
    visit_allowances(&shard->allowance[0], "platform.allowance.cold_start", v);
    visit_allowances(&shard->allowance[1], "platform.allowance.promoted", v);
    /* rows that came after the last close have nothing yet */
    if (rows > shard->rows) rows = shard->rows;
    if (creators > shard->creators) creators = shard->creators;
    VISIT_ARRAY(v, "platform.cluster", shard->cluster, rows);
    if (self->wide.video)
        VISIT_ARRAY(v, "platform.learned", shard->learned, rows * self->wide.video);
    VISIT_FIELD(v, "platform.newest", shard->newest, creators, video);
    if (moderation_strikes(self))
        visit_offences(shard->offence, creators < shard->offences ? creators : shard->offences,
                       v);
    rows = self->world->videos[s].count;
    visit_rows(&shard->touched, "platform.touched", rows, v);
    visit_rows(&shard->waiting, "platform.waiting", rows, v);
    visit_rows(&shard->owing, "platform.owing", rows, v);
    visit_rows(&shard->resting, "platform.resting", rows, v);
    visit_reviews(&shard->reviews, rows, v);
    VISIT_VALUE(v, "platform.removed", shard->removed);
    VISIT_VALUE(v, "platform.reinstated", shard->reinstated);
    VISIT_VALUE(v, "platform.removed_wrongly", shard->removed_wrongly);
    VISIT_VALUE(v, "platform.guarantees_done", shard->guarantees_done);
    VISIT_VALUE(v, "platform.guarantee_hours", shard->guarantee_hours);
}

static void visit_pools(struct platform *self, struct visitor *v)
{
    if (self->moderation->looks > 0) VISIT_VALUE(v, "platform.looks_carry", self->looks_carry);
    if (visit_loading(v) && !v->status && !(self->looks_carry >= 0 && self->looks_carry < 1))
        v->status = STATUS_BAD_INPUT;
    VISIT_VALUE(v, "platform.tiers", self->tiers);
    VISIT_VALUE(v, "platform.grade_low", self->grade_low);
    VISIT_VALUE(v, "platform.grade_high", self->grade_high);
    VISIT_FIELD(v, "platform.pool.score", self->pool, TIERS_MAX, score);
    VISIT_FIELD(v, "platform.pool.finished", self->pool, TIERS_MAX, finished);
    VISIT_FIELD(v, "platform.pool.passed", self->pool, TIERS_MAX, passed);
    if (visit_loading(v) && !v->status && (self->tiers < 1 || self->tiers > TIERS_MAX))
        v->status = STATUS_BAD_INPUT;
}

static void visit_pasts(struct platform *self, struct visitor *v)
{
    uint64_t count = self->past_count, next = self->past_next;
    visit_count(v, "platform.past_count", &count, self->pasts);
    visit_count(v, "platform.past_next", &next, self->pasts);
    if (v->status) return;
    if (visit_loading(v) && self->pasts && next >= self->pasts) v->status = STATUS_BAD_INPUT;
    if (v->status) return;
    self->past_count = (uint32_t)count;
    self->past_next = (uint32_t)next;
    for (uint32_t m = 0; m < self->models; m++)
        for (uint32_t i = 0; i < self->past_count; i++)
            visit_index(self, m, &self->past[m][i], v);
}

void platform_visit(struct platform *self, struct visitor *v)
{
    for (uint32_t s = 0; s < self->world->shards.count && !v->status; s++)
        visit_shard(self, s, v);
    if (v->status) return;
    visit_pools(self, v);
    if (self->common) VISIT_ARRAY(v, "platform.common", self->common, self->wide.common);
    for (uint32_t m = 0; m < self->models; m++) visit_index(self, m, &self->index[m], v);
    visit_pasts(self, v);
    VISIT_VALUE(v, "platform.clusters_made", self->clusters_made);
    VISIT_VALUE(v, "platform.clusters_for", self->clusters_for);
    VISIT_VALUE(v, "platform.clusters_wanted", self->clusters_wanted);
    VISIT_VALUE(v, "platform.refreshed", self->refreshed);
    VISIT_VALUE(v, "platform.served_at", self->served_at);
    if (self->lists.liked && !v->status) lists_visit(self, v);
    if (v->status || self->clusters_wanted > CLUSTERS_MAX) return;
    VISIT_FIELD(v, "platform.centroid", self->centroid, self->clusters_wanted, lane);
}

/* Allowances are of items that the served snapshot has. */
static bool allowances_valid(const struct platform *self)
{
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        for (int k = 0; k < 2; k++) {
            const struct allowance_list *list = &self->shard[s].allowance[k];
            for (size_t i = 0; i < list->count; i++)
                if (list->row[i].place >= self->snapshot[0].extent ||
                    self->snapshot[0].item[list->row[i].place].video == ENTITY_NONE)
                    return false;
        }
    }
    return true;
}

/* Videos that are going to be inserted have a cluster that is there; those that rest do so
 * once. */
static bool rows_valid(const struct platform *self)
{
    const uint32_t clusters = self->index[0].clusters;
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        const struct platform_shard *shard = &self->shard[s];
        const struct row_list *waiting = &shard->waiting, *resting = &shard->resting;
        for (size_t i = 0; clusters && i < waiting->count; i++)
            if (shard->cluster[waiting->row[i]] >= clusters) return false;
        if (!video_rows_once(&self->world->videos[s], resting->row, resting->count,
                             VIDEO_RETIRED))
            return false;
    }
    return true;
}

/* The clusters that a session remembers are there, also of one that is not open. */
static bool nearest_valid(const struct platform *self)
{
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        for (uint32_t i = 0; i < self->shard[s].session_count; i++) {
            const struct session *session = session_row(&self->shard[s], i);
            bool now = session->generation == self->served[0]->generation;
            uint32_t clusters = now ? self->snapshot[0].clusters : CLUSTERS_MAX;
            for (uint32_t k = 0; k < session->nearest_count; k++)
                if (session->nearest[k] >= clusters) return false;
        }
    }
    return true;
}

enum status platform_restored(struct platform *self)
{
    if (self->clusters_wanted > CLUSTERS_MAX) return STATUS_BAD_INPUT;
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        enum status status = rows_reserve(self, s);
        if (status) return status;
    }
    enum status status = refresh_serve(self);
    if (!status) status = allowance_list_bids(self);
    if (status) return status;
    return rows_valid(self) && allowances_valid(self) && nearest_valid(self) ? STATUS_OK
                                                                             : STATUS_BAD_INPUT;
}
