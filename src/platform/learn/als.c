/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Implicit feedback by alternating least squares (Hu, Koren & Volinsky 2008), online: a video
 * that was liked is preference p = 1 with confidence c = 1 + alpha reward, one that was watched
 * and not liked is p = 0 with c = 1. For a video v whose viewers have factors x_u
 *     (sum of c_u x_u x_u' + missing S + lambda I) y_v = sum of c_u p_u x_u
 * Both sums decay, an act at a time, so that about the last `memory` acts count. S is the mean
 * of x x' over viewers who act: what those add who were never shown the video, p = 0 with c =
 * 1, as if there were `missing` of them (all of them in the paper; a weight of its own in He et
 * al. 2016). At a refresh a few steps of conjugate gradients lead from the last y_v towards the
 * solution (Takacs, Pilaszy & Tikk 2011). With enough steps it is exact for these sums; x_u are
 * those of the time of the act, not today's. In the beginning y_v is half the video's features:
 * lambda pulls there, less as acts come in.
 *
 * The viewer's side moves with each act, to the least of
 *     c (p - x . y)^2 + sum of D_k (x_k - x_k before)^2,
 * D being the diagonal of lambda I + sum of c y y' over the acts so far, decaying. What viewers
 * were never shown does not pull at them, and off the diagonal nothing is known: that side is
 * an approximation of the paper's.
 *
 * Viewer: 16 factors; 16 of D less lambda. Side: 16 factors. Video: y, right side, then of the
 * matrix's rows the lanes from the own four on. Common: S, acts that it was made from.
 */
#include "platform/learner.h"

#define DIAGONAL VECTOR_DIM
#define DIAGONAL_UNIT 16.0f /* lanes to one */
#define DIAGONAL_MOST 2047.0f

#define TRIANGLE 160 /* 4 (16 + 12 + 8 + 4) */
enum {
    VIDEO_RIGHT = VECTOR_DIM,
    VIDEO_MATRIX = 2 * VECTOR_DIM,
    VIDEO = VIDEO_MATRIX + TRIANGLE
};
enum { COMMON_ACTS = VECTOR_DIM * VECTOR_DIM, COMMON };

struct als_parameters {
    double alpha, regularisation, missing, memory, viewer_memory, liked;
    int64_t steps;
};

#define ALS_ROW(name, unit_, low_, high_, value, what, from_, plausible_low_, plausible_high_, \
                moves_, sign_, tried, other)                                                   \
    {                                                                                          \
        .path = #name, .type = SCHEMA_FLOAT, .unit = unit_, .low = low_, .high = high_,        \
        .initial = value, .meaning = what, .source = from_, .plausible_low = plausible_low_,   \
        .plausible_high = plausible_high_, .when = SCHEMA_WINDOW, .moves = moves_,             \
        .sign = sign_, .from = tried, .to = other, .needs = "platform.ranker=als",             \
        .offset = offsetof(struct als_parameters, name)                                        \
    }

static const struct schema_row rows[] = {
    ALS_ROW(alpha, "1", 0, 1000, "1", "what a reward of 1 adds to the confidence of 1",
            "scripts/tune_ranking.sh: 1 (Hu, Koren & Volinsky 2008: 40, of counts)", 0.5, 40,
            "ndcg_true", -1, NULL, NULL),
    ALS_ROW(regularisation, "1", 0.01, 1000, "1",
            "lambda: pull of a video's factors to half its features, of a viewer's to 0", "A",
            0.1, 10, "auc_true", 1, NULL, NULL),
    ALS_ROW(missing, "viewers", 0, 1e6, "2",
            "weight of the viewers who were never shown a video", "A", 0, 20, "ndcg_true", -1,
            "0", "1e5"),
    ALS_ROW(memory, "impressions", 1, 1e6, "500",
            "impressions of a video that its factors are made from", "A", 100, 5000,
            "ndcg_true", 1, "2", "500"),
    ALS_ROW(viewer_memory, "impressions", 1, 1e6, "300",
            "impressions after which what is known of a viewer has faded", "A", 100, 2000,
            "mean_watch_s", 1, "3", "300"),
    ALS_ROW(liked, "1", -1, 2, "0.35", "reward from which a video counts as liked",
            "A (a usual reward)", 0.2, 0.6, "auc_true", -1, NULL, NULL),
    {.path = "steps",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 1,
     .high = 64,
     .initial = "2",
     .meaning = "conjugate-gradient steps a video and refresh",
     .source = "A (Takacs et al. 2011: 3 from scratch)",
     .plausible_low = 1,
     .plausible_high = 5,
     .when = SCHEMA_WINDOW,
     .moves = "auc_true",
     .sign = -1,
     .from = "1",
     .to = "64",
     .needs = "platform.ranker=als platform.refresh=720.0 run.days=1",
     .offset = offsetof(struct als_parameters, steps)},
};
static const struct schema_table table = {
    .prefix = "platform.learn.als", .size = sizeof(struct als_parameters), SCHEMA_ROWS(rows)};

/* -------------------------------------------------------------------------------- viewers */

static void open_row(const void *parameters, const int16_t *row, float *session)
{
    const struct als_parameters *p = parameters;
    struct packed16 vector;
    memcpy(&vector, row, sizeof(vector));
    vector_unpack(session, &vector);
    for (int k = 0; k < VECTOR_DIM; k++)
        session[DIAGONAL + k] = (float)p->regularisation +
                                (float)row[DIAGONAL + k] * (1.0f / DIAGONAL_UNIT);
}

static bool known(const void *parameters, const float *session)
{
    (void)parameters;
    return vector_dot(session, session) > 1e-4f;
}

/* Preference and confidence. */
static bool preferred(const struct als_parameters *p, const struct impression *act,
                      float *confidence)
{
    float reward = learner_reward(act);
    bool liked = reward >= (float)p->liked;
    *confidence = liked && reward > 0 ? 1.0f + (float)p->alpha * reward : 1.0f;
    return liked;
}

/* The least along D^-1 y is the least of all (Sherman & Morrison 1950). */
static void acted(const void *parameters, float *session, const struct learned_video *video,
                  const struct impression *act)
{
    const struct als_parameters *p = parameters;
    float y[VECTOR_DIM], gain[VECTOR_DIM], *diagonal = session + DIAGONAL, confidence;
    float lambda = (float)p->regularisation, keep = 1.0f - 1.0f / (float)p->viewer_memory;
    float wanted = preferred(p, act, &confidence) ? 1.0f : 0.0f;
    vector_unpack(y, video->vector);
    for (int k = 0; k < VECTOR_DIM; k++) gain[k] = confidence * y[k] / diagonal[k];
    float error = wanted - vector_dot(session, y);
    vector_add(session, error / (1.0f + vector_dot(gain, y)), gain);
    for (int k = 0; k < VECTOR_DIM; k++) {
        float more = (diagonal[k] - lambda) * keep + confidence * y[k] * y[k];
        diagonal[k] = lambda + (more < DIAGONAL_MOST ? more : DIAGONAL_MOST);
        session[k] = session[k] > 1.99f ? 1.99f : session[k] < -1.99f ? -1.99f : session[k];
    }
}

static void close_row(const void *parameters, const float *session, int16_t *row)
{
    const struct als_parameters *p = parameters;
    struct packed16 vector;
    vector_pack(&vector, session);
    memcpy(row, &vector, sizeof(vector));
    for (int k = 0; k < VECTOR_DIM; k++) {
        float more = (session[DIAGONAL + k] - (float)p->regularisation) * DIAGONAL_UNIT + 0.5f;
        row[DIAGONAL + k] = (int16_t)(more < 0 ? 0 : more > 32767.0f ? 32767.0f : more);
    }
}

static void side(const void *parameters, const float *session, int16_t *out)
{
    struct packed16 vector;
    (void)parameters;
    vector_pack(&vector, session);
    memcpy(out, &vector, sizeof(vector));
}

/* --------------------------------------------------------------------------------- common */

/* One act in sixteen or so is enough: those that open a slate. */
static void gather(const void *parameters, const struct learned_act *act, float *sum)
{
    const float *x = act->session;
    (void)parameters;
    if (act->act->position) return;
    for (int k = 0; k < VECTOR_DIM; k++) vector_add(sum + k * VECTOR_DIM, x[k], x);
    sum[COMMON_ACTS] += 1.0f;
}

#define COMMON_MEMORY 10000.0f /* acts that S is the mean of, about */

static void common_step(const void *parameters, float *common, const float *sum)
{
    float acts = common[COMMON_ACTS] + sum[COMMON_ACTS], share = 1.0f / (acts + 1e-6f);
    (void)parameters;
    for (int k = 0; k < COMMON_ACTS; k++)
        common[k] += share * (sum[k] - sum[COMMON_ACTS] * common[k]);
    common[COMMON_ACTS] = acts < COMMON_MEMORY ? acts : COMMON_MEMORY;
}

/* --------------------------------------------------------------------------------- videos */

/* 2 lambda y = lambda f: the pull to the features is of the kind that decays. */
static void video_init(const void *parameters, uint64_t name, const struct packed16 *feature,
                       float *video)
{
    const struct als_parameters *p = parameters;
    float lambda = (float)p->regularisation, *row = video + VIDEO_MATRIX;
    (void)name;
    vector_unpack(video, feature);
    vector_scale(video, 0.5f);
    vector_unpack(video + VIDEO_RIGHT, feature);
    vector_scale(video + VIDEO_RIGHT, lambda);
    memset(row, 0, TRIANGLE * sizeof(*row));
    for (int k = 0; k < VECTOR_DIM; k++) {
        row[k & 3] = lambda;
        row += VECTOR_DIM - (k & ~3);
    }
}

static void learn(const void *parameters, const float *common, float *video,
                  const struct impression *act, const int16_t *side_row)
{
    const struct als_parameters *p = parameters;
    float x[VECTOR_DIM], confidence, *row = video + VIDEO_MATRIX;
    float keep = 1.0f - 1.0f / (float)p->memory;
    struct packed16 vector;
    (void)common;
    memcpy(&vector, side_row, sizeof(vector));
    vector_unpack(x, &vector);
    bool liked = preferred(p, act, &confidence);
    vector_scale(video + VIDEO_RIGHT, keep);
    if (liked) vector_add(video + VIDEO_RIGHT, confidence, x);
    for (int k = 0; k < VECTOR_DIM; k++)
        for (int i = k & ~3; i < VECTOR_DIM; i += 4, row += 4)
            vector_store_four(row, keep * vector_load_four(row) +
                                       confidence * x[k] * vector_load_four(x + i));
}

/* The matrix of a video's equations, whole. */
static void unfold(const struct als_parameters *p, const float *common, const float *video,
                   float *matrix)
{
    const float *row = video + VIDEO_MATRIX;
    for (int k = 0; k < VECTOR_DIM; k++)
        for (int i = k & ~3; i < VECTOR_DIM; i++)
            matrix[k * VECTOR_DIM + i] = matrix[i * VECTOR_DIM + k] = *row++;
    for (int k = 0; k < VECTOR_DIM; k++) {
        vector_add(matrix + k * VECTOR_DIM, (float)p->missing, common + k * VECTOR_DIM);
        matrix[k * VECTOR_DIM + k] += (float)p->regularisation;
    }
}

/* out = matrix x, by its columns: it is symmetric. */
static void apply(const float *matrix, const float *x, float *out)
{
    memset(out, 0, VECTOR_DIM * sizeof(*out));
    for (int k = 0; k < VECTOR_DIM; k++) vector_add(out, x[k], matrix + k * VECTOR_DIM);
}

/* Conjugate gradients (Hestenes & Stiefel 1952) from the y of before. */
static void settle(const void *parameters, const float *common, float *video)
{
    const struct als_parameters *p = parameters;
    float matrix[VECTOR_DIM * VECTOR_DIM], residual[VECTOR_DIM], step[VECTOR_DIM];
    float applied[VECTOR_DIM], *y = video;
    unfold(p, common, video, matrix);
    apply(matrix, y, applied);
    memcpy(residual, video + VIDEO_RIGHT, sizeof(residual));
    vector_add(residual, -1.0f, applied);
    memcpy(step, residual, sizeof(step));
    float square = vector_dot(residual, residual);
    for (int64_t i = 0; i < p->steps && square > 1e-12f; i++) {
        apply(matrix, step, applied);
        float along = square / vector_dot(step, applied), before = square;
        vector_add(y, along, step);
        vector_add(residual, -along, applied);
        square = vector_dot(residual, residual);
        vector_scale(step, square / before);
        vector_add(step, 1.0f, residual);
    }
}

static void publish(const void *parameters, const float *common, const float *video,
                    struct packed16 *vector, float *bias)
{
    (void)parameters, (void)common;
    vector_pack(vector, video);
    *bias = 0;
}

const struct learner learn_als = {
    .about = {.name = "als",
              .doc = "factors by alternating least squares on what was liked, with confidence",
              .reference = "Hu, Koren & Volinsky 2008, doi 10.1109/ICDM.2008.22",
              .parameters = &table},
    .viewer_lanes = 2 * VECTOR_DIM,
    .session_floats = 2 * VECTOR_DIM,
    .video_floats = VIDEO,
    .side_lanes = VECTOR_DIM,
    .common_floats = COMMON,
    .open = open_row,
    .known = known,
    .acted = acted,
    .close = close_row,
    .side = side,
    .video_init = video_init,
    .learn = learn,
    .settle = settle,
    .publish = publish,
    .gather = gather,
    .common_step = common_step,
};
