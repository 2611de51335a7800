/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moderation: each upload is looked at once by a machine, which takes some down before anybody
 * saw them and sends others to a human, whose decision takes hours. Decisions are drawn at
 * upload, by the video's name, and wait in a queue until they are due.
 *
 * A human may look again before a video goes on to the higher traffic pools; there are people
 * for so many looks a day. Removals that stand count against the creator: from some on it is
 * suspended for a time, or its account is closed.
 */
#include "base/memory.h"
#include "core.h"

/* Share of clean uploads that is taken down so that precision holds at the prevalence expected.
 */
static double false_rate(const struct moderation_parameters *p, double recall)
{
    double rate = recall * p->prevalence * (1.0 - p->precision) /
                  (p->precision * (1.0 - p->prevalence));
    return rate < 1.0 ? rate : 1.0;
}

static sim_time after(sim_time at, double mean_hours, struct stream *draw)
{
    return at + (sim_time)(mean_hours * (double)TIME_HOUR * stream_exponential(draw));
}

static void queue(struct platform_shard *shard, struct review review)
{
    struct review_list *list = &shard->reviews;
    enum status status = memory_grow(&list->row, &list->capacity, list->count + 1,
                                     sizeof(*list->row));
    if (status) {
        rows_keep(shard, status);
        return;
    }
    list->row[list->count++] = review;
}

void moderation_upload(struct platform *self, uint32_t shard, uint32_t row)
{
    const struct moderation_parameters *p = self->moderation;
    const struct video *video = &self->world->videos[shard].row[row];
    struct stream draw = stream_open(self->review_key, video->name, 0);
    bool violating = video->flags & VIDEO_VIOLATING;
    bool caught = stream_bernoulli(&draw, violating ? p->recall : false_rate(p, p->recall));
    bool machine = stream_bernoulli(&draw, p->automatic);
    sim_time now = self->world->now;
    struct review review = {.due = now,
                            .row = row,
                            .tag = name_fold(video->name),
                            .verdict = caught && machine ? REVIEW_REJECT : REVIEW_PUBLISH,
                            .wrong = !violating};
    queue(&self->shard[shard], review);
    if (!caught || machine) return;
    review.verdict = REVIEW_REMOVE;
    review.due = after(now, p->delay, &draw);
    queue(&self->shard[shard], review);
}

/* --------------------------------------------------------------------------------- strikes */

static struct offence *offence_of(struct platform *self, uint32_t s, uint32_t row)
{
    struct platform_shard *shard = &self->shard[s];
    uint32_t creator = entity_row(self->world->shards, self->world->videos[s].row[row].creator);
    return creator < shard->offences && moderation_strikes(self) ? &shard->offence[creator]
                                                                 : NULL;
}

static bool barred(struct platform *self, uint32_t s, uint32_t row)
{
    const struct offence *offence = offence_of(self, s, row);
    return offence && offence->barred > self->world->close;
}

static bool is_closed(struct platform *self, uint32_t s, uint32_t row)
{
    const struct offence *offence = offence_of(self, s, row);
    return offence && offence->barred == TIME_NEVER;
}

static void close_account(struct platform *self, uint32_t s, uint32_t creator)
{
    const struct video_shard *videos = &self->world->videos[s];
    for (uint32_t row = 0; row < videos->count; row++)
        if (videos->row[row].creator == creator && videos->counter[row].state == VIDEO_ACTIVE)
            catalogue_retire(self, s, row);
}

static void strike(struct platform *self, uint32_t s, uint32_t row)
{
    const struct moderation_parameters *p = self->moderation;
    struct offence *offence = offence_of(self, s, row);
    sim_time now = self->world->close;
    if (!offence) return;
    if (now - offence->latest > (sim_time)(p->strike_days * (double)TIME_DAY))
        offence->strikes = 0;
    offence->latest = now;
    offence->strikes++;
    sim_time until = now + (sim_time)(p->suspension * (double)TIME_DAY);
    if (p->strikes && offence->strikes >= p->strikes && until > offence->barred)
        offence->barred = until;
    if (p->closes == 0 || offence->strikes < p->closes) return;
    offence->barred = TIME_NEVER;
    close_account(self, s, self->world->videos[s].row[row].creator);
}

/* The removal was wrong: what it alone has brought on is lifted. */
static void lift(struct platform *self, uint32_t s, uint32_t row)
{
    const struct moderation_parameters *p = self->moderation;
    uint32_t creator = self->world->videos[s].row[row].creator;
    uint32_t *strikes = &world_creator(self->world, creator)->strikes;
    struct offence *offence = offence_of(self, s, row);
    if (*strikes) --*strikes;
    if (!offence || offence->strikes == 0) return;
    offence->strikes--;
    bool closed = p->closes && offence->strikes >= p->closes;
    bool suspended = p->strikes && offence->strikes >= p->strikes;
    if (!closed && (offence->barred == TIME_NEVER || !suspended)) offence->barred = 0;
}

void moderation_barred(const struct platform *self, uint32_t s, uint64_t *suspended,
                       uint64_t *closed)
{
    const struct platform_shard *shard = &self->shard[s];
    for (size_t i = 0; i < shard->offences && moderation_strikes(self); i++) {
        *closed += shard->offence[i].barred == TIME_NEVER;
        *suspended += shard->offence[i].barred > self->world->close &&
                      shard->offence[i].barred != TIME_NEVER;
    }
}

/* -------------------------------------------------------------------------------- decisions */

/* A wrong removal is appealed against; enough appeals succeed to undo the given share of
 * removals. */
static void remove_video(struct platform *self, uint32_t s, const struct review *review)
{
    const struct moderation_parameters *p = self->moderation;
    struct video_shard *videos = &self->world->videos[s];
    struct stream draw = stream_open(self->review_key, videos->row[review->row].name, 1);
    struct review appeal = *review;
    double wrong = 1.0 - p->precision;
    catalogue_take_down(self, s, review->row);
    self->shard[s].removed_wrongly += review->wrong;
    strike(self, s, review->row);
    if (!review->wrong || wrong <= 0 || !stream_bernoulli(&draw, p->reinstated / wrong)) {
        catalogue_retire(self, s, review->row);
        return;
    }
    appeal.verdict = REVIEW_REINSTATE;
    appeal.due = after(self->world->close, p->appeal_delay, &draw);
    queue(&self->shard[s], appeal);
}

/* Where a video that passed a pool is held until somebody has looked at it. */
bool moderation_passes(struct platform *self, uint32_t s, uint32_t row)
{
    const struct moderation_parameters *p = self->moderation;
    const struct video_shard *videos = &self->world->videos[s];
    struct video_counters *c = &videos->counter[row];
    if (p->looks == 0 || c->pool + 1 < p->looks || c->pool + 1u >= self->tiers) return true;
    struct stream draw = stream_open(self->review_key, videos->row[row].name, 2u + c->pool);
    const struct review review = {.due = after(self->world->close, p->delay, &draw),
                                  .row = row,
                                  .tag = name_fold(videos->row[row].name),
                                  .verdict = REVIEW_LOOK};
    c->marks |= VIDEO_HELD;
    queue(&self->shard[s], review);
    return false;
}

static bool looked_at(const struct platform *self, uint32_t s, uint32_t row)
{
    const struct moderation_parameters *p = self->moderation;
    const struct video *video = &self->world->videos[s].row[row];
    uint32_t pool = self->world->videos[s].counter[row].pool;
    struct stream draw = stream_open(self->review_key, video->name, 64u + pool);
    bool violating = video->flags & VIDEO_VIOLATING;
    return stream_bernoulli(&draw, violating ? p->look_recall : false_rate(p, p->look_recall));
}

static void look(struct platform *self, uint32_t s, const struct review *review)
{
    struct video_counters *c = &self->world->videos[s].counter[review->row];
    struct review found = *review;
    c->marks &= (uint8_t)~VIDEO_HELD;
    if (c->state != VIDEO_ACTIVE) return; /* gone meanwhile */
    found.wrong = !(self->world->videos[s].row[review->row].flags & VIDEO_VIOLATING);
    if (looked_at(self, s, review->row))
        remove_video(self, s, &found);
    else
        pools_promote(self, s, review->row);
}

static void carry_out(struct platform *self, uint32_t s, const struct review *review)
{
    struct video_shard *videos = &self->world->videos[s];
    const struct video_counters *c = &videos->counter[review->row];
    if (name_fold(videos->row[review->row].name) != review->tag) return; /* another video now */
    switch ((enum review_verdict)review->verdict) {
    case REVIEW_PUBLISH:
        if (c->state != VIDEO_PENDING) break;
        if (barred(self, s, review->row))
            catalogue_retire(self, s, review->row);
        else
            catalogue_publish(self, s, review->row);
        break;
    case REVIEW_REJECT:
        if (c->state == VIDEO_PENDING) remove_video(self, s, review);
        break;
    case REVIEW_REMOVE:
        if (c->state == VIDEO_ACTIVE) remove_video(self, s, review);
        break;
    case REVIEW_REINSTATE:
        if (c->state != VIDEO_REMOVED) break;
        self->shard[s].reinstated++;
        lift(self, s, review->row);
        if (is_closed(self, s, review->row))
            catalogue_retire(self, s, review->row);
        else
            catalogue_publish(self, s, review->row);
        break;
    case REVIEW_LOOK:
        look(self, s, review);
        break;
    }
}

static bool waits_for_look(const struct platform *self, const struct review *review)
{
    return review->verdict == REVIEW_LOOK && review->due <= self->world->close;
}

/* The people of a window look at one shard's videos after the other's; the first shard is
 * another one each time. */
void moderation_deal(struct platform *self)
{
    const struct world *w = self->world;
    double daily = self->moderation->looks_daily;
    uint32_t shards = w->shards.count, first = (uint32_t)(w->close / w->window) % shards;
    double whole = daily * (double)w->window / (double)TIME_DAY + self->looks_carry;
    uint64_t left = (uint64_t)whole;
    self->looks_carry = daily > 0 ? whole - (double)left : 0;
    for (uint32_t i = 0; i < shards; i++) {
        struct platform_shard *shard = &self->shard[(first + i) % shards];
        uint64_t due = 0;
        shard->looks = UINT64_MAX;
        if (!(daily > 0)) continue;
        for (size_t k = 0; k < shard->reviews.count; k++)
            due += waits_for_look(self, &shard->reviews.row[k]);
        shard->looks = due < left ? due : left;
        left -= shard->looks;
    }
}

/* Those due are carried out in order of the queue, which keeps the rest in order. Decisions may
 * queue appeals: they go behind, and wait for a later close. */
void moderation_close(struct platform *self, uint32_t s)
{
    struct review_list *list = &self->shard[s].reviews;
    size_t count = list->count, kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct review review = list->row[i];
        bool look = waits_for_look(self, &review), waits = look && !self->shard[s].looks;
        if (look && !waits) self->shard[s].looks--;
        if (review.due <= self->world->close && !waits)
            carry_out(self, s, &review);
        else
            list->row[kept++] = review;
    }
    for (size_t i = count; i < list->count; i++) list->row[kept++] = list->row[i];
    list->count = kept;
}
