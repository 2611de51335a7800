/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What learners may see of the log, and nothing else: pools, counts, money and the viewers'
 * own doings are as they were.
 *
 * Noise is local differential privacy of each field of a row by itself: the seconds watched, of
 * at most 60, with Laplace noise of scale 60 / epsilon (Dwork et al. 2006), every act turned
 * round with probability 1 / (1 + e^epsilon) (randomised response: Warner 1965). A row with
 * several fields gives away their sum. Viewer's and video's side see the same noise.
 */
#include <string.h>

#include "core.h"

static const struct purpose noise_purpose = {"platform.privacy.noise", PURPOSE_LUCK};
static const struct purpose optout_purpose = {"platform.privacy.opt_out", PURPOSE_POPULATION};

#define WATCHED_MOST 60000.0f /* ms */
#define NOISED                                                                                 \
    (ACT_LIKE | ACT_COMMENT | ACT_SHARE | ACT_FOLLOW | ACT_HIDE | ACT_REPORT | ACT_TIP)

void privacy_open(struct platform *self)
{
    self->privacy = parameters_block(self->world->parameters, "platform.privacy");
    self->noise_key = stream_key(self->world->seed, &noise_purpose);
    self->optout_key = stream_key(self->world->seed, &optout_purpose);
}

/* The same viewers always; more of them when the share is larger. */
static bool hides(const struct platform *self, uint64_t name)
{
    float share = (float)self->privacy->opt_out;
    return share > 0 &&
           word_uniformf(stream_block(self->optout_key, name, 0, 0).word[0]) < share;
}

/* Words 0 and 1 of the block are for the seconds, those of a second one for the acts: seven
 * acts, half a word each, and was it a long view. No learner here reads the other acts. */
static void blur(const struct platform *self, uint64_t name, struct impression *act)
{
    uint32_t occasion = name_fold((uint64_t)(self->world->now + (sim_time)act->at));
    struct stream_words a = stream_block(self->noise_key, name, occasion, 1);
    struct stream_words b = stream_block(self->noise_key, name, occasion, 2);
    float epsilon = (float)self->privacy->epsilon;
    float watched = (float)act->watch_ms;
    float noise = -maths_logf(word_uniformf(a.word[0])) * WATCHED_MOST / epsilon;
    uint32_t turned = (uint32_t)(maths_sigmoidf(-epsilon) * 65536.0f), lot = 0;
    watched = watched < WATCHED_MOST ? watched : WATCHED_MOST;
    watched += a.word[1] & 1 ? noise : -noise;
    watched = watched > 0 ? watched : 0;
    act->watch_ms = (uint32_t)(watched < WATCHED_MOST ? watched : WATCHED_MOST);
    for (unsigned bit = 1; bit <= NOISED; bit <<= 1) {
        if (!(bit & NOISED)) continue;
        uint32_t half = b.word[lot / 2] >> 16 * (lot % 2) & 0xffff;
        if (half < turned) act->acts ^= (uint16_t)bit;
        lot++;
    }
    if (b.word[3] >> 16 < turned) act->acts ^= (uint16_t)ACT_PLAY_18S;
}

const struct impression *privacy_blur(const struct platform *self, uint64_t name,
                                      const struct impression *act, struct impression *room)
{
    if (hides(self, name)) return NULL;
    if (!(self->privacy->epsilon > 0)) return act;
    *room = *act;
    blur(self, name, room);
    return room;
}

/* What a session remembers is forgotten with its row. */
static void forget_viewers(struct platform *self, uint32_t s, int64_t day)
{
    static const int16_t nothing[LEARNER_SESSION_MAX];
    struct platform_shard *shard = &self->shard[s];
    for (uint32_t row = 0; row < shard->viewers; row++) {
        uint32_t viewer = entity_number(self->world->shards, row, s);
        uint64_t turn = (uint64_t)day + truth_name(self, viewer);
        if (turn % (uint64_t)self->privacy->retention) continue;
        memset(rows_viewer(self, s, row) + 2 * SEEN_WORDS, 0,
               self->wide.lanes * sizeof(*nothing));
        uint32_t slot = truth_slot(self, viewer);
        for (uint32_t m = 0; m < self->learners && slot < shard->session_count; m++) {
            const struct scheme *scheme = &self->scheme[m];
            if (scheme->learner)
                scheme->learner->open(scheme->learner_parameters, nothing,
                                      session_of(self, scheme, s, slot));
        }
    }
}

static void forget_videos(struct platform *self, uint32_t s, int64_t day)
{
    const struct video_shard *videos = &self->world->videos[s];
    for (uint32_t row = 0; row < videos->count; row++) {
        int64_t age = day - videos->counter[row].published / TIME_DAY;
        if (videos->counter[row].state != VIDEO_ACTIVE || age <= 0) continue;
        if (age % self->privacy->retention) continue;
        common_video(self, s, row);
    }
}

static void forget(void *context, uint32_t s, uint32_t thread)
{
    struct platform *self = context;
    int64_t day = self->world->close / TIME_DAY;
    (void)thread;
    forget_viewers(self, s, day);
    if (self->wide.video) forget_videos(self, s, day);
}

void privacy_day(struct platform *self)
{
    if (!self->wide.session || self->privacy->retention == 0) return;
    team_run(self->world->team, self->world->shards.count, forget, self);
}
