/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/platform.h"

#include "base/memory.h"
#include "core.h"

static const struct purpose slate_purpose = {"platform.slate", PURPOSE_LUCK};
static const struct purpose review_purpose = {"platform.moderation", PURPOSE_LUCK};
static const struct purpose extract_purpose = {"platform.extraction", PURPOSE_LUCK};

/* ---------------------------------------------------------------------------------- making */

static void read_parameters(struct platform *self)
{
    const struct parameters *p = self->world->parameters;
    self->parameters = parameters_block(p, "platform");
    self->pools = parameters_block(p, "platform.pools");
    self->moderation = parameters_block(p, "platform.moderation");
    self->catalogue = parameters_block(p, "platform.catalogue");
    privacy_open(self);
    /* ln 2 / half-life */
    self->heat_rate = 0.69314718055994531 /
                      (self->parameters->heat_half_life * (double)TIME_HOUR);
    self->slate_key = stream_key(self->world->seed, &slate_purpose);
    self->review_key = stream_key(self->world->seed, &review_purpose);
    self->extract_key = stream_key(self->world->seed, &extract_purpose);
}

static enum status check_lists(const struct platform *self, struct errors *errors)
{
    const struct float_list *tiers = &self->pools->tiers;
    if (tiers->count < 1)
        return errors_add(errors, STATUS_BAD_INPUT,
                          "platform.pools.tiers is empty, must name at least one pool");
    for (int32_t i = 1; i < tiers->count; i++)
        if (tiers->value[i] <= tiers->value[i - 1])
            return errors_add(errors, STATUS_BAD_INPUT,
                              "platform.pools.tiers: %g after %g, must rise", tiers->value[i],
                              tiers->value[i - 1]);
    return STATUS_OK;
}

static enum status make_index(const struct platform *self, uint32_t model, struct index *index)
{
    enum status status = index_init(index, self->world->shards);
    const struct learner *learner = self->scheme[model].learner;
    index->block_words = learner ? learner->block_words : 0;
    return status;
}

static enum status make_shards(struct platform *self)
{
    uint32_t n = self->world->shards.count;
    self->shard = memory_alloc(n, sizeof(*self->shard));
    self->newest = memory_alloc(n, sizeof(*self->newest));
    self->centroid = memory_alloc(CLUSTERS_MAX, sizeof(*self->centroid));
    if (!self->shard || !self->newest || !self->centroid) return STATUS_NO_MEMORY;
    enum status status = STATUS_OK;
    for (uint32_t m = 0; m < self->models && !status; m++)
        status = make_index(self, m, &self->index[m]);
    return status;
}

/* Copies reach back over the staleness, and one more so that the oldest is old enough. */
static enum status make_pasts(struct platform *self)
{
    double window = (double)self->world->window / (double)TIME_MINUTE;
    double every = self->parameters->refresh > window ? self->parameters->refresh : window;
    if (self->parameters->staleness <= 0) return STATUS_OK;
    uint32_t n = (uint32_t)(self->parameters->staleness / every) + 2;
    for (uint32_t m = 0; m < self->models; m++) {
        self->past[m] = memory_alloc(n, sizeof(**self->past));
        if (!self->past[m]) return STATUS_NO_MEMORY;
    }
    for (; self->pasts < n; self->pasts++)
        for (uint32_t m = 0; m < self->models; m++) {
            enum status status = make_index(self, m, &self->past[m][self->pasts]);
            if (status) return status;
        }
    return STATUS_OK;
}

static enum status make_side(struct platform *self)
{
    if (!self->wide.side) return STATUS_OK;
    return exchange_init(&self->side, self->world->shards.count,
                         (4 + (size_t)self->wide.side) * sizeof(int16_t));
}

enum status platform_init(struct platform **out, struct world *world,
                          const struct platform_services *services, struct errors *errors)
{
    struct platform *self = memory_alloc(1, sizeof(*self));
    enum status status = STATUS_NO_MEMORY;
    *out = NULL;
    if (!self) return status;
    self->world = world;
    if (services) self->services = *services;
    read_parameters(self);
    truth_open(self);
    struct parameter streams;
    if (parameters_find(world->parameters, "revenue.streams", &streams)) {
        self->exclusives = name_list_find(streams.value, "subscription") >= 0;
        self->adless = name_list_find(streams.value, "ads") < 0;
    }
    status = check_lists(self, errors);
    if (!status) status = members_choose(self, errors);
    if (!status) status = staff_open(self, errors);
    if (!status) status = make_shards(self);
    if (!status) status = common_make(self);
    if (!status) status = make_pasts(self);
    if (!status) status = make_side(self);
    if (!status) status = slate_init(self);
    if (!status) status = lists_init(self);
    self->stride = 2 * SEEN_WORDS + self->wide.lanes;
    for (uint32_t m = 0; m < self->models; m++) self->served[m] = &self->index[m];
    if (status) {
        platform_free(self);
        return status;
    }
    *out = self;
    return STATUS_OK;
}

static void free_shard(struct platform_shard *s)
{
    memory_free(s->viewer);
    pieces_free(&s->session);
    pieces_free(&s->session_learned);
    pieces_free(&s->session_recent);
    memory_free(s->allowance[0].row);
    memory_free(s->allowance[1].row);
    memory_free(s->promised.row);
    memory_free(s->pleased.row);
    memory_free(s->region);
    memory_free(s->cluster);
    memory_free(s->owed[0]);
    memory_free(s->owed[1]);
    memory_free(s->learned);
    memory_free(s->touched.row);
    memory_free(s->waiting.row);
    memory_free(s->owing.row);
    memory_free(s->resting.row);
    memory_free(s->reviews.row);
    memory_free(s->offence);
    memory_free(s->leaving.row);
    memory_free(s->final.row);
    memory_free(s->finished.row);
    memory_free(s->newest);
}

void platform_free(struct platform *self)
{
    if (!self) return;
    common_free(self);
    for (uint32_t s = 0; self->shard && s < self->world->shards.count; s++)
        free_shard(&self->shard[s]);
    for (uint32_t m = 0; m < ARMS; m++) {
        for (uint32_t i = 0; self->past[m] && i < self->pasts; i++)
            index_free(&self->past[m][i]);
        index_free(&self->index[m]);
        memory_free(self->past[m]);
    }
    memory_free(self->shard);
    memory_free(self->newest);
    memory_free(self->centroid);
    memory_free(self->pull);
    memory_free(self->bid);
    exchange_free(&self->side);
    slate_free(self);
    lists_free(self);
    memory_free(self);
}

struct feed_service platform_service(struct platform *self)
{
    return (struct feed_service){self,          session_open,  slate_make,
                                 session_acted, session_close, session_herald};
}

/* ---------------------------------------------------------------------------------- phases */

static void uploaded(void *platform, uint32_t shard, uint32_t row)
{
    struct platform *self = platform;
    struct video_shard *videos = &self->world->videos[shard];
    videos->feature[row] = features_extract(self, &videos->row[row]);
    moderation_upload(self, shard, row);
}

struct upload_service platform_upload_service(struct platform *self)
{
    return (struct upload_service){self, uploaded};
}

#define AHEAD 12 /* rows between asking the cache and using */

static void find_finished(struct platform *self, uint32_t s)
{
    struct platform_shard *shard = &self->shard[s];
    const struct video_counters *counters = self->world->videos[s].counter;
    const struct row_list *touched = &shard->touched;
    for (size_t i = 0; i < touched->count; i++) {
        if (i + AHEAD < touched->count) memory_prefetch(&counters[touched->row[i + AHEAD]], 1);
        if (pools_finished(self, &counters[touched->row[i]]))
            rows_add(shard, &shard->finished, touched->row[i]);
    }
}

static void close_shard(void *context, uint32_t s, uint32_t thread)
{
    struct platform *self = context;
    (void)thread;
    enum status status = rows_reserve(self, s);
    if (status) {
        rows_keep(&self->shard[s], status);
        return;
    }
    moderation_close(self, s);
    catalogue_close(self, s);
    find_finished(self, s);
}

static void judge(struct platform *self)
{
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        struct row_list *finished = &self->shard[s].finished;
        for (size_t i = 0; i < finished->count; i++) pools_judge(self, s, finished->row[i]);
        finished->count = 0;
    }
}

static void write_final(struct platform *self)
{
    const struct video_sink *sink = &self->services.sink;
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        struct row_list *final = &self->shard[s].final;
        for (size_t i = 0; sink->retired && i < final->count; i++)
            sink->retired(sink->self, s, final->row[i]);
        final->count = 0;
    }
}

static enum status first_failure(const struct platform *self)
{
    for (uint32_t s = 0; s < self->world->shards.count; s++)
        if (self->shard[s].failed) return self->shard[s].failed;
    return STATUS_OK;
}

enum status platform_close(struct platform *self)
{
    enum status status;
    moderation_deal(self);
    team_run(self->world->team, self->world->shards.count, close_shard, self);
    status = first_failure(self);
    if (status) return status;
    catalogue_joints(self);
    judge(self);
    write_final(self);
    if (self->world->close / TIME_DAY > self->world->now / TIME_DAY) {
        status = grades_day(self);
        privacy_day(self);
    }
    if (status) return status;
    common_close(self);
    lists_absorb(self);
    status = refresh_close(self);
    self->served_at = self->world->close;
    if (!status) status = refresh_serve(self);
    if (!status) status = allowance_deal(self);
    return status ? status : first_failure(self);
}

enum status platform_populate(struct platform *self)
{
    struct world *world = self->world;
    uint64_t viewers = 0;
    sim_time close = world->close;
    world->close = world->now; /* videos of the start are reviewed now */
    for (uint32_t s = 0; s < world->shards.count; s++) viewers += world->viewers[s].count;
    self->tiers = platform_tiers(world->parameters, viewers);
    self->refreshed = world->now - (sim_time)(self->parameters->refresh * (double)TIME_MINUTE);
    self->clusters_made = INT64_MIN / 2;
    enum status status = platform_close(self);
    world->close = close;
    return status;
}

void platform_post(struct platform *self, struct post *post)
{
    if (post->packing) allowance_collect(self);
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        struct platform_shard *shard = &self->shard[s];
        struct promise_list *promised = &shard->promised;
        struct pleased_list *pleased = &shard->pleased;
        post_bytes(post, s, shard->gathered, self->wide.common * sizeof(float));
        post_list(post, s,
                  &(struct post_rows){&promised->row, &promised->count, &promised->capacity,
                                      sizeof(*promised->row)});
        if (self->lists.liked)
            post_list(post, s,
                      &(struct post_rows){&pleased->row, &pleased->count, &pleased->capacity,
                                          sizeof(*pleased->row)});
        if (self->side.shards) post_exchange(post, s, &self->side, true);
    }
}

/* ----------------------------------------------------------------------------------- figures
 */

static void add_shard(const struct platform *self, uint32_t s, struct platform_figures *f)
{
    const struct platform_shard *shard = &self->shard[s];
    const struct video_counters *counters = self->world->videos[s].counter;
    sim_time pace = (sim_time)(self->pools->hours * (double)TIME_HOUR);
    for (size_t i = 0; i < shard->owing.count; i++) {
        const struct video_counters *c = &counters[shard->owing.row[i]];
        if (c->state != VIDEO_ACTIVE || c->guaranteed == 0) continue;
        f->guarantees_open++;
        f->guarantees_late += self->world->now - c->pooled > pace;
    }
    for (size_t i = 0; i < shard->reviews.count; i++)
        f->moderation_queue += shard->reviews.row[i].verdict == REVIEW_REMOVE ||
                               shard->reviews.row[i].verdict == REVIEW_LOOK;
    f->guarantees_done += shard->guarantees_done;
    f->guarantee_hours += shard->guarantee_hours;
    f->removed += shard->removed;
    f->reinstated += shard->reinstated;
    f->removed_wrongly += shard->removed_wrongly;
    moderation_barred(self, s, &f->suspended, &f->closed);
}

struct platform_figures platform_figures(const struct platform *self)
{
    struct platform_figures f = {.items = self->snapshot[0].count,
                                 .clusters = self->snapshot[0].clusters,
                                 .tiers = self->tiers};
    for (uint32_t s = 0; s < self->world->shards.count; s++) add_shard(self, s, &f);
    if (f.guarantees_done) f.guarantee_hours /= (double)f.guarantees_done;
    for (uint32_t k = 0; k < self->tiers; k++) {
        f.judged[k] = self->pool[k].finished;
        f.passed[k] = self->pool[k].passed;
    }
    return f;
}

size_t platform_viewer_bytes(const struct platform *self)
{
    size_t bytes = 0;
    for (uint32_t s = 0; s < self->world->shards.count; s++)
        bytes += self->shard[s].viewer_words * sizeof(*self->shard[s].viewer) +
                 pieces_bytes(&self->shard[s].session, sizeof(struct session)) +
                 pieces_bytes(&self->shard[s].session_recent, sizeof(struct recent)) +
                 pieces_bytes(&self->shard[s].session_learned, session_learned_size(self));
    return bytes;
}

static size_t row_lists_bytes(const struct platform_shard *shard)
{
    const struct row_list *lists[] = {&shard->touched, &shard->waiting, &shard->owing,
                                      &shard->resting, &shard->leaving, &shard->final,
                                      &shard->finished};
    size_t bytes = shard->reviews.capacity * sizeof(struct review) +
                   shard->promised.capacity * sizeof(struct promise);
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        bytes += lists[i]->capacity * sizeof(*lists[i]->row);
    for (int k = 0; k < 2; k++)
        bytes += shard->allowance[k].capacity * sizeof(struct allowance);
    return bytes;
}

size_t platform_video_bytes(const struct platform *self)
{
    size_t bytes = 0;
    for (uint32_t m = 0; m < self->models; m++) {
        bytes += index_bytes(&self->index[m]);
        for (uint32_t i = 0; i < self->pasts; i++) bytes += index_bytes(&self->past[m][i]);
    }
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        const struct platform_shard *shard = &self->shard[s];
        bytes += shard->rows * (sizeof(*shard->cluster) + 2 * sizeof(*shard->owed[0])) +
                 shard->learned_floats * sizeof(*shard->learned) + row_lists_bytes(shard);
    }
    return bytes;
}

size_t platform_bytes(const struct platform *self)
{
    size_t bytes = sizeof(*self) + platform_viewer_bytes(self) + platform_video_bytes(self);
    for (uint32_t s = 0; s < self->world->shards.count; s++)
        bytes += sizeof(*self->shard) + self->shard[s].creators * sizeof(struct newest);
    return bytes + lists_bytes(self) + exchange_held(&self->side);
}
