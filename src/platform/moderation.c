/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moderation: each upload is looked at once by a machine, which takes some down before anybody
 * saw them and sends others to a human, whose decision takes hours. Decisions are drawn at
 * upload, by the video's name, and wait in a queue until they are due.
 */
#include "base/memory.h"
#include "core.h"

/* Share of clean uploads that is taken down so that precision holds at the prevalence expected.
 */
static double false_rate(const struct moderation_parameters *p)
{
    double rate = p->recall * p->prevalence * (1.0 - p->precision) /
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
    bool caught = stream_bernoulli(&draw, violating ? p->recall : false_rate(p));
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
    if (!review->wrong || wrong <= 0 || !stream_bernoulli(&draw, p->reinstated / wrong)) {
        catalogue_retire(self, s, review->row);
        return;
    }
    appeal.verdict = REVIEW_REINSTATE;
    appeal.due = after(self->world->close, p->appeal_delay, &draw);
    queue(&self->shard[s], appeal);
}

static void carry_out(struct platform *self, uint32_t s, const struct review *review)
{
    struct video_shard *videos = &self->world->videos[s];
    const struct video_counters *c = &videos->counter[review->row];
    if (name_fold(videos->row[review->row].name) != review->tag) return; /* another video now */
    switch ((enum review_verdict)review->verdict) {
    case REVIEW_PUBLISH:
        if (c->state == VIDEO_PENDING) catalogue_publish(self, s, review->row);
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
        catalogue_publish(self, s, review->row);
        break;
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
        if (review.due <= self->world->close)
            carry_out(self, s, &review);
        else
            list->row[kept++] = review;
    }
    for (size_t i = count; i < list->count; i++) list->row[kept++] = list->row[i];
    list->count = kept;
}
