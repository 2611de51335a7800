/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "lab.h"
#include "platform/learn/heads.h"
#include "platform/learn/long_term.h"
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
    struct learned_video a = {&good, 0, 20000, 0, 7}, b = {&bad, 0, 20000, 0, 7};
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
    struct learned_video a = {&before, 0, 20000, 0, 7}, b = {&now, 0, 20000, 0, 7};
    float session[LEARNER_SESSION_MAX] = {0};
    (void)state;
    for (int i = 0; i < 500; i++) learn_content.acted(p, session, &a, &liked);
    assert_true(along(session, 2) > 0.99f);
    for (int i = 0; i < (int)(3 / p->rate); i++) learn_content.acted(p, session, &b, &liked);
    assert_true(along(session, 5) > 0.9f);
    parameters_free(&lab.parameters);
}

static void each_learner(void (*check)(const struct learner *, const void *parameters))
{
    for (const struct member *const *m = platform_learners; *m; m++) {
        struct lab lab;
        const struct learner *learner = (const struct learner *)*m;
        const void *p = parameters_of(&lab, learner);
        check(learner, p);
        parameters_free(&lab.parameters);
    }
}

/* A row survives opening and closing as it is; what the products are taken with survives
 * closing and opening to half a unit of its lanes. */
static void check_round_trip(const struct learner *learner, const void *p)
{
    float session[LEARNER_SESSION_MAX] = {0}, again[LEARNER_SESSION_MAX] = {0};
    int16_t row[LEARNER_SESSION_MAX] = {0}, second[LEARNER_SESSION_MAX] = {0};
    struct packed16 v = axis(1), w = axis(3);
    struct learned_video a = {&v, 0.1f, 20000, 0, 7}, b = {&w, 0.1f, 20000, 0, 7};
    learner->open(p, row, session);
    for (int i = 0; i < 10; i++) {
        learner->acted(p, session, &a, &liked);
        learner->acted(p, session, &b, &skipped);
    }
    learner->close(p, session, row);
    learner->open(p, row, again);
    learner->close(p, again, second);
    for (uint32_t i = 0; i < VECTOR_DIM; i++)
        assert_near(session[i], again[i], 1.01 / VECTOR_ONE);
    assert_memory_equal(row, second, sizeof(row));
    assert_true(learner->known(p, session));
}

static void rows_round_trip(void **state)
{
    (void)state;
    each_learner(check_round_trip);
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
        learn_mf.publish(p, NULL, video[v], &vector, &bias);
        struct learned_video shown = {&vector, bias, 20000, 0, 7};
        learn_mf.side(p, viewer[u], side);
        learn_mf.acted(p, viewer[u], &shown, act);
        learn_mf.learn(p, NULL, video[v], act, side);
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

/* Ridge regression has its closed form where features are axes: mean = sum(r) / (n + prior),
 * precision = n + prior; and directions never shown keep the prior. */
static void linucb_is_ridge_regression(void **state)
{
    struct lab lab;
    const void *p = parameters_of(&lab, &learn_linucb);
    struct packed16 good = axis(2), bad = axis(5);
    struct learned_video a = {&good, 0, 20000, 0, 7}, b = {&bad, 0, 20000, 0, 7};
    float session[LEARNER_SESSION_MAX] = {0};
    (void)state;
    learn_linucb.open(p, (const int16_t[LEARNER_SESSION_MAX]){0}, session);
    for (int i = 0; i < 30; i++) learn_linucb.acted(p, session, &a, &liked);
    for (int i = 0; i < 10; i++) learn_linucb.acted(p, session, &b, &skipped);
    double r = (double)learner_reward(&liked) - 0.35;
    assert_near(session[2], 30 * r / 31, 1e-4);
    r = (double)learner_reward(&skipped) - 0.35;
    assert_near(session[5], 10 * r / 11, 1e-4);
    assert_near(session[VECTOR_DIM + 2], 31, 1e-4);
    assert_near(session[VECTOR_DIM + 5], 11, 1e-4);
    assert_near(session[VECTOR_DIM + 7], 1, 1e-4);
    parameters_free(&lab.parameters);
}

/* One impression in a session of a viewer of the pair world below. */
static void bpr_show(const void *p, float *session, float *video, const struct impression *act)
{
    struct packed16 vector;
    int16_t side[LEARNER_SIDE_MAX];
    float bias;
    learn_bpr.publish(p, NULL, video, &vector, &bias);
    struct learned_video shown = {&vector, bias, 20000, 0, 7};
    learn_bpr.side(p, session, side);
    learn_bpr.acted(p, session, &shown, act);
    learn_bpr.learn(p, NULL, video, act, side);
}

static double bpr_score(const float *session, const float *video)
{
    return (double)vector_dot(session, video) + (double)video[VECTOR_DIM - 1];
}

/* Two kinds of viewers, two of videos: each kind of viewer gets its kind first. Nothing is
 * learned of sessions in which everything was received alike: pairs only. */
static void bpr_orders_pairs(void **state)
{
    struct lab lab;
    const void *p = parameters_of(&lab, &learn_bpr);
    float viewer[2][LEARNER_SESSION_MAX] = {{0}}, video[2][VECTOR_DIM] = {{0}};
    float before[VECTOR_DIM];
    (void)state;
    for (int k = 0; k < 2; k++) {
        struct packed16 v = axis(k);
        learn_bpr.video_init(p, 1, &v, video[k]);
    }
    memcpy(before, video[0], sizeof before);
    for (int i = 0; i < 100; i++) bpr_show(p, viewer[0], video[i % 2], &liked);
    assert_memory_equal(before, video[0], sizeof before);
    assert_false(learn_bpr.known(p, viewer[0]));
    for (int step = 0; step < 2000; step++)
        for (int u = 0; u < 2; u++)
            for (int v = 0; v < 2; v++)
                bpr_show(p, viewer[u], video[v], u == v ? &liked : &skipped);
    for (int u = 0; u < 2; u++)
        assert_true(bpr_score(viewer[u], video[u]) > bpr_score(viewer[u], video[1 - u]) + 1);
    /* both are liked as often: no bias towards either */
    assert_near(video[0][VECTOR_DIM - 1], video[1][VECTOR_DIM - 1], 0.2);
    parameters_free(&lab.parameters);
}

/* Two kinds of viewers and of features, one of which means nothing to the model at first: each
 * kind of viewer likes its own. A video that nobody has seen is placed by what was learned of
 * others like it. */
static void fm_places_new_videos(void **state)
{
    struct lab lab;
    const void *p = parameters_of(&lab, &learn_fm);
    float viewer[2][LEARNER_SESSION_MAX] = {{0}}, video[4][64], fresh[2][64];
    float common[320] = {0}, sum[320];
    struct packed16 f[2] = {axis(3), axis(9)};
    require(learn_fm.common_floats <= 320 && learn_fm.video_floats <= 64);
    (void)state;
    learn_fm.common_init(p, common);
    common[9 * VECTOR_DIM + 9] = 0; /* as if nothing were known of this feature */
    for (int k = 0; k < 4; k++) learn_fm.video_init(p, 1, &f[k % 2], video[k]);
    for (int window = 0; window < 600; window++) {
        memset(sum, 0, sizeof sum);
        for (int step = 0; step < 8; step++) {
            int u = step % 2, v = step / 2;
            const struct impression *act = u == v % 2 ? &liked : &skipped;
            struct packed16 vector;
            int16_t side[LEARNER_SIDE_MAX];
            float bias;
            learn_fm.publish(p, common, video[v], &vector, &bias);
            struct learned_video shown = {&vector, bias, 20000, 0, 7};
            struct learned_act all = {viewer[u], &shown, &f[v % 2], act, common};
            learn_fm.side(p, viewer[u], side);
            learn_fm.gather(p, &all, sum);
            learn_fm.acted(p, viewer[u], &shown, act);
            learn_fm.learn(p, common, video[v], act, side);
        }
        learn_fm.common_step(p, common, sum);
    }
    for (int k = 0; k < 2; k++) {
        struct packed16 vector;
        float bias, q[VECTOR_DIM];
        learn_fm.video_init(p, 2, &f[k], fresh[k]);
        learn_fm.publish(p, common, fresh[k], &vector, &bias);
        vector_unpack(q, &vector);
        assert_true(vector_dot(viewer[k], q) > vector_dot(viewer[1 - k], q) + 0.1f);
    }
    parameters_free(&lab.parameters);
}

/* A viewer who knows one axis, and an act on a video along it or across it. */
struct play {
    const struct learner *learner;
    const void *parameters;
    float session[LEARNER_SESSION_MAX], common[64], sum[64];
    uint16_t number; /* of the session */
};

static void play_open(struct play *self, const struct learner *learner, const void *p)
{
    *self = (struct play){.learner = learner, .parameters = p};
    require(learner->common_floats <= 64);
    learner->open(p, (const int16_t[LEARNER_SESSION_MAX]){0}, self->session);
}

static void play_act(struct play *self, int lane, uint32_t duration_ms,
                     const struct impression *act)
{
    struct packed16 v = axis(lane);
    struct learned_video shown = {&v, 0.3f, duration_ms, self->number, 7};
    struct learned_act all = {self->session, &shown, &v, act, self->common};
    self->learner->gather(self->parameters, &all, self->sum);
    self->learner->acted(self->parameters, self->session, &shown, act);
}

static void play_close(struct play *self)
{
    self->learner->common_step(self->parameters, self->common, self->sum);
    memset(self->sum, 0, sizeof self->sum);
}

/* Likes come with the match, comments whatever is shown: one head has a slope, the other has
 * none, and both know how often their act comes. */
static void heads_have_their_own_slopes(void **state)
{
    struct lab lab;
    const void *p = parameters_of(&lab, &learn_multi_objective);
    struct play play;
    struct stream draw = stream_open((struct stream_key){{1, 2}}, 3, 4);
    (void)state;
    play_open(&play, &learn_multi_objective, p);
    for (int i = 0; i < 20; i++) play_act(&play, 2, 20000, &liked);
    memset(play.sum, 0, sizeof play.sum);
    for (int i = 0; i < 4000; i++) {
        bool match = i % 2;
        struct impression act = {.watch_ms = match ? 20000 : 4000, .acts = ACT_CONSENT};
        if (stream_bernoulli(&draw, match ? 0.5 : 0.1)) act.acts |= ACT_LIKE;
        if (stream_bernoulli(&draw, 0.2)) act.acts |= ACT_COMMENT;
        play_act(&play, match ? 2 : 5, 20000, &act);
        if (i % 100 == 99) play_close(&play);
    }
    const float *slope = play.common + HEADS_SLOPE, *mean = play.common + HEADS_MEAN;
    assert_near(mean[HEAD_LIKE], 0.3, 4 * 0.0075);
    assert_near(mean[HEAD_COMMENT], 0.2, 4 * 0.0065);
    /* cosines are near 1 and 0 but for what crosses the profile's way: a slope of 0.4 or so;
     * its standard error is 0.9 / sqrt(4000) */
    assert_true(slope[HEAD_LIKE] > 0.3f && slope[HEAD_LIKE] < 0.6f);
    assert_near(slope[HEAD_COMMENT], 0, 4 * 0.015);
    assert_true(slope[HEAD_WATCH] > 0.2f);
    parameters_free(&lab.parameters);
}

/* Sessions of long videos bring the viewer back the next day, those of short ones after four:
 * length has a value, and what differs in nothing has none to speak of. */
static void states_that_bring_back_have_value(void **state)
{
    struct lab lab;
    const void *p = parameters_of(&lab, &learn_long_term);
    struct play play;
    struct stream draw = stream_open((struct stream_key){{1, 2}}, 3, 4);
    uint32_t day = 0;
    (void)state;
    play_open(&play, &learn_long_term, p);
    for (int i = 0; i < 20; i++) play_act(&play, 2, 20000, &liked);
    memset(play.sum, 0, sizeof play.sum);
    for (int i = 0; i < 1000; i++) {
        bool longer = stream_bernoulli(&draw, 0.5);
        play.number = (uint16_t)(day << 7);
        for (int k = 0; k < 40; k++) play_act(&play, 2, longer ? 120000 : 5000, &liked);
        day += longer ? 1 : 4;
        play_close(&play);
    }
    assert_true(long_term_worth(play.common, LONG_TERM_LENGTH) > 0.01f);
    assert_true(fabsf(long_term_worth(play.common, LONG_TERM_MATCH)) <
                0.5f * long_term_worth(play.common, LONG_TERM_LENGTH));
    parameters_free(&lab.parameters);
}

/* Half of those who come across a video would like it. The platform shows it to 90 who do for
 * each 10 drawn at random, who were as likely as one in nine to be drawn: weighted by that the
 * video's level is that of all, else that of its fans. */
static void debias_weighs_what_chance_showed(void **state)
{
    double level[2];
    (void)state;
    for (int k = 0; k < 2; k++) {
        struct lab lab;
        void *p = parameters_of(&lab, &learn_mf);
        if (k) lab_set(&lab, "platform.learn.mf.debias=9.0");
        float video[64] = {0}, sum = 0;
        int16_t side[LEARNER_SIDE_MAX] = {0};
        struct packed16 nothing = {{0}};
        learn_mf.video_init(p, 1, &nothing, video);
        for (int i = 0; i < 20000; i++) {
            bool chance = i % 10 == 9, fan = !chance || i % 20 == 9;
            struct impression act = fan ? liked : skipped;
            if (chance) act.propensity = propensity_encode(1.0f / 9);
            learn_mf.learn(p, NULL, video, &act, side);
            if (i >= 10000) sum += video[VECTOR_DIM];
        }
        level[k] = (double)sum / 10000;
        parameters_free(&lab.parameters);
    }
    double fans = (double)learner_reward(&liked), others = (double)learner_reward(&skipped);
    /* of the weight fans have 19 / 20 without, (9 + 9 / 2) / (9 + 9) with */
    assert_near(level[0], 0.95 * fans + 0.05 * others - 0.35, 0.05);
    assert_near(level[1], 0.75 * fans + 0.25 * others - 0.35, 0.05);
}

/* A million acts of any kind: rows stay within what they can hold, nothing becomes NaN. */
static void check_bounds(const struct learner *learner, const void *p)
{
    float session[LEARNER_SESSION_MAX] = {0}, video[256], common[512] = {0}, sum[512] = {0};
    int16_t row[LEARNER_SESSION_MAX] = {0}, side[LEARNER_SIDE_MAX] = {0};
    struct packed16 v[2] = {{{0}}, {{0}}};
    struct stream draw = stream_open((struct stream_key){{1, 2}}, 3, 4);
    require(learner->video_floats <= 256 && learner->common_floats <= 512);
    if (learner->common_init) learner->common_init(p, common);
    for (int i = 0; i < VECTOR_DIM; i++) v[0].lane[i] = i % 2 ? 32767 : -32767;
    v[1] = axis(4);
    if (learner->video_floats) learner->video_init(p, 1, &v[0], video);
    learner->open(p, row, session);
    for (int i = 0; i < 1000000; i++) {
        uint32_t word = stream_word(&draw);
        struct impression act = {.watch_ms = word & 1 ? UINT32_MAX : word >> 16,
                                 .acts = (uint16_t)(word >> 2 & 3 ? word >> 8 : UINT16_MAX)};
        struct learned_video shown = {&v[word >> 1 & 1], 2.0f, 1, 0, 7};
        struct learned_act all = {session, &shown, &v[word >> 1 & 1], &act, common};
        if (learner->side) learner->side(p, session, side);
        if (learner->gather) learner->gather(p, &all, sum);
        learner->acted(p, session, &shown, &act);
        if (learner->video_floats) learner->learn(p, common, video, &act, side);
        if (i % 100) continue;
        if (learner->common_step) learner->common_step(p, common, sum);
        memset(sum, 0, sizeof(sum));
        learner->close(p, session, row);
        learner->open(p, row, session);
    }
    learner->close(p, session, row);
    learner->open(p, row, session); /* what a session remembers only is gone */
    for (uint32_t i = 0; i < learner->session_floats; i++) assert_true(isfinite(session[i]));
    for (uint32_t i = 0; i < learner->video_floats; i++) assert_true(isfinite(video[i]));
    for (uint32_t i = 0; i < learner->common_floats; i++) assert_true(isfinite(common[i]));
}

static void extremes_stay_bounded(void **state)
{
    (void)state;
    each_learner(check_bounds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reward_rises_with_watching),
        cmocka_unit_test(profile_follows_acts),
        cmocka_unit_test(profile_forgets),
        cmocka_unit_test(rows_round_trip),
        cmocka_unit_test(mf_factorises),
        cmocka_unit_test(linucb_is_ridge_regression),
        cmocka_unit_test(bpr_orders_pairs),
        cmocka_unit_test(debias_weighs_what_chance_showed),
        cmocka_unit_test(fm_places_new_videos),
        cmocka_unit_test(heads_have_their_own_slopes),
        cmocka_unit_test(states_that_bring_back_have_value),
        cmocka_unit_test(extremes_stay_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
