/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "lab.h"
#include "platform/members.h"

static void *parameters_of(struct lab *lab, const struct learner *learner)
{
    const struct schema_table *tables[64];
    *lab = (struct lab){0};
    size_t n = lab_tables(lab, tables);
    require(parameters_init(&lab->parameters, tables, n) == STATUS_OK);
    return parameters_block(&lab->parameters, learner->about.parameters->prefix);
}

static struct packed16 axis(int k)
{
    struct packed16 v = {{0}};
    v.lane[k] = VECTOR_ONE;
    return v;
}

static const struct impression liked = {.watch_ms = 60000, .acts = ACT_CONSENT | ACT_LIKE};
static const struct impression skipped = {.watch_ms = 200, .acts = ACT_CONSENT};

static void reward_rises_with_watching(void **state)
{
    struct impression act = {.watch_ms = 10000};
    (void)state;
    assert_near(learner_reward(&act), 0.5, 1e-6);
    act.watch_ms = 30000;
    assert_near(learner_reward(&act), 0.75, 1e-6);
    act.acts = ACT_LIKE | ACT_FOLLOW;
    assert_near(learner_reward(&act), 1.75, 1e-6);
    act.acts = ACT_HIDE;
    assert_near(learner_reward(&act), -0.25, 1e-6);
}

/* Cosine of the profile with an axis. */
static float along(const float *session, int lane)
{
    return session[lane] / sqrtf(vector_dot(session, session));
}

/* Towards what is liked, away from what is skipped. */
static void profile_follows_acts(void **state)
{
    struct lab lab;
    const void *p = parameters_of(&lab, &learn_content);
    struct packed16 good = axis(2), bad = axis(5);
    struct learned_video a = {&good, 0, 20000}, b = {&bad, 0, 20000};
    float session[LEARNER_SESSION_MAX] = {0};
    (void)state;
    assert_false(learn_content.known(p, session));
    for (int i = 0; i < 50; i++) {
        learn_content.acted(p, session, &a, &liked);
        learn_content.acted(p, session, &b, &skipped);
    }
    assert_true(learn_content.known(p, session));
    assert_true(along(session, 2) > 0.8f);
    assert_true(along(session, 5) < 0);
    parameters_free(&lab.parameters);
}

/* A taste that has changed takes over within a few half-lives of the average. */
static void profile_forgets(void **state)
{
    struct lab lab;
    const struct {
        double rate, baseline;
    } *p = parameters_of(&lab, &learn_content);
    struct packed16 before = axis(2), now = axis(5);
    struct learned_video a = {&before, 0, 20000}, b = {&now, 0, 20000};
    float session[LEARNER_SESSION_MAX] = {0};
    (void)state;
    for (int i = 0; i < 500; i++) learn_content.acted(p, session, &a, &liked);
    assert_true(along(session, 2) > 0.99f);
    for (int i = 0; i < (int)(3 / p->rate); i++) learn_content.acted(p, session, &b, &liked);
    assert_true(along(session, 5) > 0.9f);
    parameters_free(&lab.parameters);
}

/* A row survives closing and opening to half a unit of its lanes. */
static void rows_round_trip(void **state)
{
    static const struct learner *const all[] = {&learn_content, &learn_mf};
    (void)state;
    for (int k = 0; k < 2; k++) {
        struct lab lab;
        const void *p = parameters_of(&lab, all[k]);
        float session[LEARNER_SESSION_MAX] = {0}, again[LEARNER_SESSION_MAX] = {0};
        all[k]->open(p, (const int16_t[LEARNER_SESSION_MAX]){0}, session);
        int16_t row[LEARNER_SESSION_MAX] = {0};
        struct packed16 v = axis(1);
        struct learned_video video = {&v, 0.1f, 20000};
        for (int i = 0; i < 10; i++) all[k]->acted(p, session, &video, &liked);
        all[k]->close(p, session, row);
        all[k]->open(p, row, again);
        for (uint32_t i = 0; i < all[k]->session_floats; i++)
            assert_near(session[i], again[i], 1.01 / VECTOR_ONE);
        parameters_free(&lab.parameters);
    }
}

/* Alternating steps on a world of two kinds of viewers and videos find its sign pattern: those
 * of a kind expect more of each other than of the other kind, and rewards come out right. */
static void mf_factorises(void **state)
{
    struct lab lab;
    const void *p = parameters_of(&lab, &learn_mf);
    float viewer[2][LEARNER_SESSION_MAX] = {{0}}, video[2][LEARNER_SESSION_MAX] = {{0}};
    (void)state;
    for (int k = 0; k < 2; k++) {
        struct packed16 v = axis(k);
        learn_mf.video_init(p, 1, &v, video[k]);
    }
    for (int step = 0; step < 4000; step++) {
        int u = step % 2, v = step / 2 % 2;
        const struct impression *act = u == v ? &liked : &skipped;
        struct packed16 vector;
        int16_t side[LEARNER_SIDE_MAX];
        float bias;
        learn_mf.publish(p, video[v], &vector, &bias);
        struct learned_video shown = {&vector, bias, 20000};
        learn_mf.side(p, viewer[u], side);
        learn_mf.acted(p, viewer[u], &shown, act);
        learn_mf.learn(p, video[v], act, side);
    }
    for (int u = 0; u < 2; u++)
        for (int v = 0; v < 2; v++) {
            float guess = 0.35f + viewer[u][VECTOR_DIM] + video[v][VECTOR_DIM] +
                          vector_dot(viewer[u], video[v]);
            float reward = learner_reward(u == v ? &liked : &skipped);
            assert_near(guess, reward, 0.12); /* less by what regularisation takes */
        }
    parameters_free(&lab.parameters);
}

/* Whatever comes in, rows stay within what they can hold. */
static void extremes_stay_bounded(void **state)
{
    static const struct learner *const all[] = {&learn_content, &learn_mf};
    (void)state;
    for (int k = 0; k < 2; k++) {
        struct lab lab;
        const void *p = parameters_of(&lab, all[k]);
        float session[LEARNER_SESSION_MAX] = {0};
        int16_t row[LEARNER_SESSION_MAX];
        struct packed16 v = {{0}};
        for (int i = 0; i < VECTOR_DIM; i++) v.lane[i] = i % 2 ? 32767 : -32767;
        struct learned_video video = {&v, 2.0f, 1};
        struct impression act = {.watch_ms = UINT32_MAX, .acts = UINT16_MAX};
        for (int i = 0; i < 50000; i++) {
            all[k]->acted(p, session, &video, &act);
            if (i % 100) continue;
            all[k]->close(p, session, row);
            all[k]->open(p, row, session);
        }
        for (uint32_t i = 0; i < all[k]->session_floats; i++) assert_true(isfinite(session[i]));
        parameters_free(&lab.parameters);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reward_rises_with_watching),
        cmocka_unit_test(profile_follows_acts),
        cmocka_unit_test(profile_forgets),
        cmocka_unit_test(rows_round_trip),
        cmocka_unit_test(mf_factorises),
        cmocka_unit_test(extremes_stay_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
