/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/audience.h"

#include "base/memory.h"

const char *const audience_act_name[AUDIENCE_ACTS] = {
#define AUDIENCE_ACT_TEXT(name) #name,
    AUDIENCE_ACT_LIST(AUDIENCE_ACT_TEXT)
#undef AUDIENCE_ACT_TEXT
};

enum status audience_init(struct audience *self, uint32_t viewers, uint32_t videos)
{
    *self = (struct audience){.viewers = viewers, .videos = videos, .creators = videos};
    self->viewer = memory_alloc(viewers, sizeof *self->viewer);
    self->video = memory_alloc(videos, sizeof *self->video);
    return self->viewer && self->video ? STATUS_OK : STATUS_NO_MEMORY;
}

void audience_free(struct audience *self)
{
    memory_free(self->viewer);
    memory_free(self->video);
    *self = (struct audience){0};
}

/* Of unit length, or nothing; what rounding and packing add is within a hundredth. */
static bool vector_valid(const struct packed16 *vector)
{
    int64_t square = 0, one = (int64_t)VECTOR_ONE * VECTOR_ONE;

    for (int i = 0; i < VECTOR_DIM; i++) square += (int64_t)vector->lane[i] * vector->lane[i];
    return square <= one + one / 50;
}

static bool between(double x, double low, double high) { return x >= low && x <= high; }

static const char *viewer_fault(const struct audience_viewer *v)
{
    if (!vector_valid(&v->taste)) return "taste is longer than 1";
    if (v->sessions > v->rows) return "more sessions than rows";
    if (!between((double)v->activity, 0, 1e6)) return "activity must be in [0, 1e6]";
    if (!between((double)v->budget, 1e-3, 1e3)) return "budget must be in [0.001, 1000]";
    return NULL;
}

static const char *video_fault(const struct audience *self, const struct audience_video *v)
{
    if (!vector_valid(&v->content)) return "content is longer than 1";
    if (v->first_s > v->last_s || v->last_s > self->span_s) return "times are out of order";
    if (v->creator >= self->creators) return "its creator is not there";
    if (!between((double)v->quality, 1e-3, 0.999)) return "quality must be in [0.001, 0.999]";
    return NULL;
}

static const char *whole_fault(const struct audience *self)
{
    for (int i = 0; i < AUDIENCE_GAPS; i++)
        if (!between(self->gap_s[i], 0, 1e10)) return "gaps must be in [0, 1e10] s";
    for (int i = 0; i < AUDIENCE_ACTS; i++)
        if (!between(self->act_rate[i], -1, 1)) return "rates of acts must be in [-1, 1]";
    if (self->creators < 1 || self->creators > self->videos)
        return "there must be a creator, and no more of them than videos";
    return NULL;
}

const char *audience_fault(const struct audience *self, const char **kind, uint32_t *number)
{
    const char *fault = whole_fault(self);

    *kind = "whole";
    for (uint32_t i = 0; i < self->viewers && !fault; i++) {
        *kind = "viewer";
        *number = i;
        fault = viewer_fault(&self->viewer[i]);
    }
    for (uint32_t i = 0; i < self->videos && !fault; i++) {
        *kind = "video";
        *number = i;
        fault = video_fault(self, &self->video[i]);
    }
    return fault;
}

/* A count of rows; when loading, one that makes sense. */
static uint32_t visit_rows(struct visitor *v, const char *name, uint32_t count, uint64_t most)
{
    uint64_t n = count;

    visit_count(v, name, &n, most);
    if (!v->status && n == 0) v->status = STATUS_BAD_INPUT;
    return v->status ? 0 : (uint32_t)n;
}

static void visit_flag(struct visitor *v, const char *name, bool *flag)
{
    uint8_t byte = *flag;

    VISIT_VALUE(v, name, byte);
    if (!v->status && byte > 1) v->status = STATUS_BAD_INPUT;
    *flag = byte == 1;
}

void audience_visit(struct audience *self, struct visitor *v)
{
    uint32_t viewers = visit_rows(v, "audience.viewers", self->viewers, AUDIENCE_VIEWERS_MOST);
    uint32_t videos = visit_rows(v, "audience.videos", self->videos, AUDIENCE_VIDEOS_MOST);

    if (visit_loading(v) && !v->status) v->status = audience_init(self, viewers, videos);
    if (v->status) return;
    VISIT_VALUE(v, "audience.creators", self->creators);
    visit_flag(v, "audience.timed", &self->timed);
    visit_flag(v, "audience.authored", &self->authored);
    visit_flag(v, "audience.valued", &self->valued);
    VISIT_VALUE(v, "audience.span_s", self->span_s);
    VISIT_ARRAY(v, "audience.gap_s", self->gap_s, AUDIENCE_GAPS);
    VISIT_ARRAY(v, "audience.act_rate", self->act_rate, AUDIENCE_ACTS);
    VISIT_FIELD(v, "viewer.taste", self->viewer, viewers, taste);
    VISIT_FIELD(v, "viewer.rows", self->viewer, viewers, rows);
    VISIT_FIELD(v, "viewer.sessions", self->viewer, viewers, sessions);
    VISIT_FIELD(v, "viewer.activity", self->viewer, viewers, activity);
    VISIT_FIELD(v, "viewer.budget", self->viewer, viewers, budget);
    VISIT_FIELD(v, "video.content", self->video, videos, content);
    VISIT_FIELD(v, "video.rows", self->video, videos, rows);
    VISIT_FIELD(v, "video.first_s", self->video, videos, first_s);
    VISIT_FIELD(v, "video.last_s", self->video, videos, last_s);
    VISIT_FIELD(v, "video.creator", self->video, videos, creator);
    VISIT_FIELD(v, "video.quality", self->video, videos, quality);
}
