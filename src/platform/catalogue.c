/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The active catalogue: how a video comes in, is taken down, and leaves, so that memory stays
 * bounded however long a run is.
 */
#include "core.h"

#define HOLD                                                                                   \
    TIME_DAY /* a row is used again this long after its video left: shares, open slates        \
                and late reviews may still name it */
#define SWEEP_EVERY 6 /* windows; shards take turns */

static struct creator *creator_of(struct platform *self, uint32_t s, uint32_t row)
{
    uint32_t creator = self->world->videos[s].row[row].creator;
    require(entity_shard(self->world->shards, creator) == s);
    return &self->world->creators[s].row[entity_row(self->world->shards, creator)];
}

/* Puts a video in front, or takes it off. */
static void newest_change(struct newest *newest, uint32_t number, bool add)
{
    const struct newest old = *newest;
    int n = 0;
    if (add) newest->video[n++] = number;
    for (int i = 0; i < 4 && n < 4; i++)
        if (old.video[i] != number) newest->video[n++] = old.video[i];
    while (n < 4) newest->video[n++] = ENTITY_NONE;
}

/* The creator's newest videos in the feed; its own row also lists those that wait for
 * moderation. */
static void list_newest(struct platform *self, uint32_t s, uint32_t row, bool add)
{
    uint32_t creator = entity_row(self->world->shards, self->world->videos[s].row[row].creator);
    newest_change(&self->shard[s].newest[creator], entity_number(self->world->shards, row, s),
                  add);
}

/* Of a first pool's guarantee what lies behind is taken to have been served before the run. */
static uint32_t still_owed(const struct platform *self, const struct video_counters *c)
{
    double pace = self->pools->hours * (double)TIME_HOUR;
    double left = 1.0 - (double)(self->world->close - c->published) / pace;
    return left > 0 ? (uint32_t)((double)c->guaranteed * left) : 0;
}

static void enter_feed(struct platform *self, uint32_t s, uint32_t row)
{
    struct platform_shard *shard = &self->shard[s];
    struct video_shard *videos = &self->world->videos[s];
    struct video_counters *c = &videos->counter[row];
    if (self->world->close > 0) c->published = self->world->close; /* else: before the run */
    if (c->heat > 0)
        c->heated = self->world->close; /* real videos bring theirs with them */
    else
        c->heated = c->published;
    c->marks |= grades_mark(self, creator_of(self, s, row));
    c->marks |= staff_mark(self, creator_of(self, s, row));
    pools_enter(self, c, c->published);
    c->guaranteed = still_owed(self, c);
    c->marks |= VIDEO_ENTERED;
    pools_owe(self, s, row);
    shard->owed[0][row] = shard->owed[1][row] = 0;
    common_video(self, s, row);
}

/* Moderation took a few videos down before they were ever in the feed: those enter it now. */
void catalogue_publish(struct platform *self, uint32_t s, uint32_t row)
{
    struct platform_shard *shard = &self->shard[s];
    struct video_shard *videos = &self->world->videos[s];
    struct video_counters *c = &videos->counter[row];
    c->state = VIDEO_ACTIVE;
    c->removed_day = INT16_MIN;
    videos->active++;
    if (c->marks & VIDEO_ENTERED)
        pools_owe(self, s, row);
    else
        enter_feed(self, s, row);
    shard->cluster[row] = clusters_nearest(self, &videos->feature[row]);
    rows_add(shard, &shard->waiting, row);
    list_newest(self, s, row, true);
}

static void leave_feed(struct platform *self, uint32_t s, uint32_t row)
{
    struct video_shard *videos = &self->world->videos[s];
    if (videos->counter[row].state != VIDEO_ACTIVE) return;
    videos->active--;
    list_newest(self, s, row, false);
    rows_add(&self->shard[s], &self->shard[s].leaving, row);
}

void catalogue_take_down(struct platform *self, uint32_t s, uint32_t row)
{
    struct video_counters *c = &self->world->videos[s].counter[row];
    leave_feed(self, s, row);
    c->state = VIDEO_REMOVED;
    c->removed_day = (int16_t)world_day(self->world);
    creator_of(self, s, row)->strikes++;
    self->shard[s].removed++;
}

void catalogue_retire(struct platform *self, uint32_t s, uint32_t row)
{
    struct platform_shard *shard = &self->shard[s];
    struct video_counters *c = &self->world->videos[s].counter[row];
    sim_time hold = 2 * self->world->window > HOLD ? 2 * self->world->window : HOLD;
    leave_feed(self, s, row);
    c->state = VIDEO_RETIRED;
    if (c->removed_day == INT16_MIN) c->removed_day = (int16_t)world_day(self->world);
    c->due = self->world->close + hold +
             (sim_time)((self->parameters->staleness + 2 * self->parameters->refresh) *
                        (double)TIME_MINUTE);
    rows_add(shard, &shard->resting, row);
}

static bool outlived(const struct platform *self, const struct video_counters *c)
{
    const struct catalogue_parameters *p = self->catalogue;
    double days = (double)(self->world->close - c->published) / (double)TIME_DAY;
    if (days >= p->days) return true;
    return (c->marks & VIDEO_POOLS_DONE) && days >= p->cold_days &&
           refresh_heat(self, c, self->world->close) < p->cold;
}

void catalogue_close(struct platform *self, uint32_t s)
{
    struct platform_shard *shard = &self->shard[s];
    struct video_shard *videos = &self->world->videos[s];
    size_t ready = 0;
    while (ready < shard->resting.count &&
           videos->counter[shard->resting.row[ready]].due <= self->world->close) {
        uint32_t row = shard->resting.row[ready++];
        rows_add(shard, &shard->final, row); /* no impression can come any more */
        video_release(videos, row);
    }
    shard->resting.count -= ready;
    for (size_t i = 0; ready && i < shard->resting.count; i++)
        shard->resting.row[i] = shard->resting.row[i + ready];
    if ((self->world->close / self->world->window + (sim_time)s) % SWEEP_EVERY) return;
    for (uint32_t row = 0; row < videos->count; row++)
        if (videos->counter[row].state == VIDEO_ACTIVE && outlived(self, &videos->counter[row]))
            catalogue_retire(self, s, row);
}

static bool is_shown(const struct platform *self, const struct joint *joint)
{
    const struct video_shard
        *videos = &self->world->videos[entity_shard(self->world->shards, joint->video)];
    uint32_t row = entity_row(self->world->shards, joint->video);
    return videos->counter[row].state == VIDEO_ACTIVE && videos->row[row].name == joint->name;
}

void catalogue_joints(struct platform *self)
{
    const struct world *w = self->world;
    for (size_t i = 0; i < w->joints.count; i++) {
        const struct joint *joint = &w->joints.row[i];
        bool shown = is_shown(self, joint);
        if (shown && joint->since != w->close) continue;
        newest_change(&self->shard[entity_shard(w->shards, joint->partner)]
                           .newest[entity_row(w->shards, joint->partner)],
                      joint->video, shown);
    }
}
