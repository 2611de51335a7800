/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A profile, and the value of the state that a viewer is left in: how many sessions are to
 * come, each worth 0.9 for every day that it is away. The state is what was watched of late:
 * running means over about 20 videos of the match with the profile, the videos' share of long
 * views, their length. The value is linear in it,
 *     V(s) = w . s,  s = (1, match, share, length),
 * by least-squares temporal differences over all viewers: within a session V(s) = V(s'), over
 * its end V(s) = 0.9^days (1 + V(s')). Who never comes back sends nothing, so it is the value
 * among those who do.
 *
 * Viewer: profile, then the last session, the three means. Common: long_term.h.
 */
#include "long_term.h"

#include "profile.h"

#define LAST PROFILE_END
#define STATE (PROFILE_END + 1)

struct long_term_parameters {
    struct profile_parameters profile;
    double memory;
};

static const struct schema_row rows[] = {
    PROFILE_ROWS(struct long_term_parameters, "platform.ranker=long_term", "ndcg_true", -1),
    {.path = "memory",
     .type = SCHEMA_FLOAT,
     .unit = "windows",
     .low = 1,
     .high = 1e9,
     .initial = "1000",
     .meaning = "windows that the value of a state is estimated from",
     .source = "A (a week of ten minutes)",
     .plausible_low = 144,
     .plausible_high = 4320,
     .when = SCHEMA_WINDOW,
     .moves = "auc_true",
     .sign = 1,
     .from = "2",
     .to = "1000",
     .needs = "platform.ranker=long_term",
     .offset = offsetof(struct long_term_parameters, memory)},
};
static const struct schema_table table = {.prefix = "platform.learn.long_term",
                                          .size = sizeof(struct long_term_parameters),
                                          SCHEMA_ROWS(rows)};

static void open_row(const void *parameters, const int16_t *row, float *session)
{
    profile_open(parameters, row, session);
    session[LAST] = (float)(uint16_t)row[LAST];
    for (int k = 0; k < LONG_TERM_MEANS; k++)
        session[STATE + k] = (float)row[STATE + k] * (1.0f / VECTOR_ONE);
}

/* The state after this video. */
static void next_state(const float *session, const struct learned_video *video, float *state)
{
    float now[LONG_TERM_MEANS] = {profile_match(session, video->vector), video->bias,
                                  long_term_length(video->duration_ms)};
    for (int k = 0; k < LONG_TERM_MEANS; k++)
        state[k] = session[STATE + k] + LONG_TERM_STEP * (now[k] - session[STATE + k]);
}

static void acted(const void *parameters, float *session, const struct learned_video *video,
                  const struct impression *act)
{
    float state[LONG_TERM_MEANS];
    next_state(session, video, state);
    memcpy(session + STATE, state, sizeof(state));
    session[LAST] = (float)video->session;
    profile_acted(parameters, session, video, act);
}

static void close_row(const void *parameters, const float *session, int16_t *row)
{
    profile_close(parameters, session, row);
    row[LAST] = (int16_t)(uint16_t)session[LAST];
    for (int k = 0; k < LONG_TERM_MEANS; k++)
        row[STATE + k] = (int16_t)(session[STATE + k] * VECTOR_ONE);
}

/* One transition: A += s (s - discount s')^T, b += s reward. */
static void gather(const void *parameters, const struct learned_act *act, float *sum)
{
    const float *session = act->session;
    float from[LONG_TERM_DIM] = {1}, to[LONG_TERM_DIM] = {1}, discount = 1, reward = 0;
    uint16_t last = (uint16_t)session[LAST];
    if (!profile_known(parameters, session)) return;
    memcpy(from + 1, session + STATE, LONG_TERM_MEANS * sizeof(*from));
    next_state(session, act->video, to + 1);
    if (last != act->video->session) {
        float days = (float)profile_gap(last, act->video->session);
        reward = discount = maths_expf(-0.10536052f * days - 0.02f); /* never quite 1 */
    }
    for (int i = 0; i < LONG_TERM_DIM; i++) {
        for (int k = 0; k < LONG_TERM_DIM; k++)
            sum[i * LONG_TERM_DIM + k] += from[i] * (from[k] - discount * to[k]);
        sum[LONG_TERM_REWARD + i] += from[i] * reward;
    }
}

/* Solves (A + pull) w = b by elimination; false when a pivot is too small. */
static bool solve(const float *sum, float pull, double w[LONG_TERM_DIM])
{
    double a[LONG_TERM_DIM][LONG_TERM_DIM + 1];
    for (int i = 0; i < LONG_TERM_DIM; i++) {
        for (int k = 0; k < LONG_TERM_DIM; k++)
            a[i][k] = (double)sum[i * LONG_TERM_DIM + k] + (i == k ? (double)pull : 0);
        a[i][LONG_TERM_DIM] = (double)sum[LONG_TERM_REWARD + i];
    }
    for (int i = 0; i < LONG_TERM_DIM; i++) {
        if (fabs(a[i][i]) < 1e-9) return false;
        for (int r = 0; r < LONG_TERM_DIM; r++) {
            double factor = r == i ? 0 : a[r][i] / a[i][i];
            for (int k = i; k <= LONG_TERM_DIM; k++) a[r][k] -= factor * a[i][k];
        }
    }
    for (int i = 0; i < LONG_TERM_DIM; i++) w[i] = a[i][LONG_TERM_DIM] / a[i][i];
    return true;
}

#define PULL 1.0f /* to 0, in squares of states; few sessions say little */
#define VALUE_MOST 100.0

static void common_step(const void *parameters, float *common, const float *sum)
{
    const struct long_term_parameters *p = parameters;
    double w[LONG_TERM_DIM];
    float keep = 1.0f - 1.0f / (float)p->memory;
    for (int k = 0; k < LONG_TERM_SUMS; k++) common[k] = common[k] * keep + sum[k];
    if (!solve(common, PULL, w)) return;
    for (int k = 0; k < LONG_TERM_DIM; k++) {
        double value = w[k] < VALUE_MOST ? w[k] : VALUE_MOST;
        common[LONG_TERM_VALUE + k] = (float)(value > -VALUE_MOST ? value : -VALUE_MOST);
    }
}

const struct learner learn_long_term = {
    .about = {.name = "long_term",
              .doc = "profile, and the value of viewers coming back by temporal differences",
              .reference = "Bradtke & Barto 1996, doi 10.1007/BF00114723 (LSTD)",
              .parameters = &table},
    .feature_space = true,
    .viewer_lanes = STATE + LONG_TERM_MEANS,
    .session_floats = STATE + LONG_TERM_MEANS,
    .common_floats = LONG_TERM_FLOATS,
    .open = open_row,
    .known = profile_known,
    .acted = acted,
    .close = close_row,
    .gather = gather,
    .common_step = common_step,
};
