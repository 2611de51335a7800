/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A profile, and for each kind of act how much more often it comes when the video matches the
 * profile: one regression an act on the cosine, all viewers together,
 *     P(act) = share of the video + slope (cosine - mean cosine).
 * Sums are exact but for a slow decay, so slopes need no step size; a pull to 0 keeps them
 * small while little is known. The return is 2^-days between a session and the next, against
 * the mean cosine of what was watched before.
 *
 * Viewer: profile, then the last session, mean cosine. Video: impressions, tips. Common:
 * heads.h.
 */
#include "heads.h"

#include "profile.h"

#define LAST PROFILE_END /* learned_video.session of the last act */
#define MEAN (PROFILE_END + 1)
#define MEAN_STEP 0.1f

struct objective_parameters {
    struct profile_parameters profile;
    double memory;
};

static const struct schema_row rows[] = {
    PROFILE_ROWS(struct objective_parameters, "platform.ranker=multi_objective", "ndcg_true",
                 -1),
    {.path = "memory",
     .type = SCHEMA_FLOAT,
     .unit = "windows",
     .low = 1,
     .high = 1e9,
     .initial = "1000",
     .meaning = "windows that the slopes of the heads are estimated from",
     .source = "A (a week of ten minutes)",
     .plausible_low = 144,
     .plausible_high = 4320,
     .when = SCHEMA_WINDOW,
     .moves = "auc_true",
     .sign = 1,
     .from = "1",
     .to = "1000",
     .needs =
         "platform.ranker=multi_objective run.days=3 platform.rank.multi_objective.watch=0 "
         "platform.rank.multi_objective.like=0 platform.rank.multi_objective.share=0 "
         "platform.rank.multi_objective.return=0 platform.rank.multi_objective.follow=0 "
         "platform.rank.multi_objective.comment=100",
     .offset = offsetof(struct objective_parameters, memory)},
};
static const struct schema_table table = {.prefix = "platform.learn.multi_objective",
                                          .size = sizeof(struct objective_parameters),
                                          SCHEMA_ROWS(rows)};

static void open_row(const void *parameters, const int16_t *row, float *session)
{
    profile_open(parameters, row, session);
    session[LAST] = (float)(uint16_t)row[LAST];
    session[MEAN] = (float)row[MEAN] * (1.0f / VECTOR_ONE);
}

static void acted(const void *parameters, float *session, const struct learned_video *video,
                  const struct impression *act)
{
    session[MEAN] += MEAN_STEP * (profile_match(session, video->vector) - session[MEAN]);
    session[LAST] = (float)video->session;
    profile_acted(parameters, session, video, act);
}

static void close_row(const void *parameters, const float *session, int16_t *row)
{
    profile_close(parameters, session, row);
    row[LAST] = (int16_t)(uint16_t)session[LAST];
    row[MEAN] = (int16_t)(session[MEAN] * VECTOR_ONE);
}

static void add_point(float *sum, float x)
{
    sum[HEADS_COUNT] += 1.0f;
    sum[HEADS_X] += x;
    sum[HEADS_XX] += x * x;
}

static void gather(const void *parameters, const struct learned_act *act, float *sum)
{
    const float *session = act->session;
    float y[HEADS], x = profile_match(session, act->feature);
    (void)parameters;
    if (!profile_known(parameters, session)) return;
    heads_of(act->act, y);
    add_point(sum, x);
    for (int h = 0; h < HEAD_RETURN; h++) {
        sum[HEADS_Y + h] += y[h];
        sum[HEADS_XY + h] += x * y[h];
    }
    uint16_t last = (uint16_t)session[LAST];
    if (last == act->video->session) return;
    float days = (float)profile_gap(last, act->video->session);
    float back = maths_expf(-0.69314718f * days);
    add_point(sum + HEADS_OF_RETURN, session[MEAN]);
    sum[HEADS_Y + HEAD_RETURN] += back;
    sum[HEADS_XY + HEAD_RETURN] += session[MEAN] * back;
}

#define PULL 10.0f /* as if so much variance had been seen without any slope */

static void common_step(const void *parameters, float *common, const float *sum)
{
    const struct objective_parameters *p = parameters;
    float keep = 1.0f - 1.0f / (float)p->memory;
    for (int k = 0; k < HEADS_SUMS; k++) common[k] = common[k] * keep + sum[k];
    for (int h = 0; h < HEADS; h++) {
        const float *point = common + (h == HEAD_RETURN ? HEADS_OF_RETURN : 0);
        float n = point[HEADS_COUNT] + 1.0f, x = point[HEADS_X], y = common[HEADS_Y + h];
        float variance = point[HEADS_XX] - x * x / n + PULL;
        common[HEADS_MEAN + h] = y / n;
        common[HEADS_SLOPE + h] = (common[HEADS_XY + h] - x * y / n) / variance;
    }
}

enum { VIDEO_SEEN, VIDEO_TIPS, VIDEO_FLOATS };

static void video_init(const void *parameters, uint64_t name, const struct packed16 *feature,
                       float *video)
{
    (void)parameters, (void)name, (void)feature;
    video[VIDEO_SEEN] = video[VIDEO_TIPS] = 0;
}

static void learn(const void *parameters, const float *common, float *video,
                  const struct impression *act, const int16_t *side)
{
    (void)parameters, (void)common, (void)side;
    if (video[VIDEO_SEEN] >= 1e6f) return;
    video[VIDEO_SEEN] += 1.0f;
    video[VIDEO_TIPS] += (act->acts & ACT_TIP) != 0;
}

static void publish(const void *parameters, const float *common, const float *video,
                    struct packed16 *vector, float *bias)
{
    (void)parameters, (void)vector;
    *bias = heads_share(video[VIDEO_TIPS], video[VIDEO_SEEN],
                        common[HEADS_MEAN + HEAD_PURCHASE]);
}

const struct learner learn_multi_objective = {
    .about = {.name = "multi_objective",
              .doc = "profile, and how each kind of act depends on the match",
              .reference = "Caruana 1997, Multitask learning; Zhao et al. 2019 (RecSys)",
              .parameters = &table},
    .feature_space = true,
    .viewer_lanes = PROFILE_END + 2,
    .session_floats = PROFILE_END + 2,
    .video_floats = VIDEO_FLOATS,
    .common_floats = HEADS_FLOATS,
    .open = open_row,
    .known = profile_known,
    .acted = acted,
    .close = close_row,
    .video_init = video_init,
    .learn = learn,
    .publish = publish,
    .gather = gather,
    .common_step = common_step,
};
