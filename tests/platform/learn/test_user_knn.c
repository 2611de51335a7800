/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Learner and ranker user_knn: the sample of raters, the formula, and whom it follows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "platform/lab.h"
#include "platform/learn/profile.h"
#include "platform/learn/user_knn.h"
#include "platform/members.h"

#define FLOATS 256
#define RATER 5 /* floats: 16 bytes, reward */

static void open_parameters(struct lab *lab)
{
    const struct schema_table *tables[64];
    *lab = (struct lab){0};
    size_t n = lab_tables(lab, tables);
    require(parameters_init(&lab->parameters, tables, n) == STATUS_OK);
    require(learn_user_knn.video_floats <= FLOATS);
}

/* A viewer whose profile points along a lane, or between two. */
static void make_viewer(float *session, int lane, int other)
{
    memset(session, 0, LEARNER_SESSION_MAX * sizeof(*session));
    session[lane] += 0.5f;
    session[other] += 0.5f;
    session[ACTS] = 100;
    session[USUAL] = 0.25f;
}

static void rate(const struct lab *lab, float *video, const float *session, uint32_t watch_ms)
{
    const void *p = parameters_block(&lab->parameters, "platform.learn.user_knn");
    struct impression act = {.watch_ms = watch_ms, .acts = ACT_CONSENT};
    int16_t side[LEARNER_SIDE_MAX];
    learn_user_knn.side(p, session, side);
    learn_user_knn.learn(p, NULL, video, &act, side);
}

struct stall {
    struct item item;
    uint32_t block[USER_KNN_WORDS];
    struct snapshot snapshot;
    struct packed16 query;
    struct request request;
};

static float score_for(const struct lab *lab, const float *video, const float *session)
{
    const void *p = parameters_block(&lab->parameters, "platform.rank.user_knn");
    const uint32_t place = 0;
    float direction[VECTOR_DIM], score;
    struct stall stall = {0};
    stall.snapshot = (struct snapshot){
        .item = &stall.item, .block = stall.block, .block_words = USER_KNN_WORDS, .extent = 1};
    memcpy(direction, session, sizeof(direction));
    vector_normalise(direction);
    vector_pack(&stall.query, direction);
    learn_user_knn.block(NULL, video, stall.block);
    stall.request = (struct request){
        .snapshot = &stall.snapshot, .query = &stall.query, .personal = true};
    rank_user_knn.score(p, &stall.request, &place, 1, &score);
    return score;
}

/* Three raters at cosines 1, 0.707 and 0: sum of w (r - usual) / (sum of w + shrinkage). */
static void score_is_the_formula(void **state)
{
    struct lab lab;
    float video[FLOATS], me[LEARNER_SESSION_MAX], half[LEARNER_SESSION_MAX];
    float stranger[LEARNER_SESSION_MAX];
    const double w = 0.70710678, liked = 0.75 - 0.25, skipped = 0.0 - 0.25;
    (void)state;
    open_parameters(&lab);
    learn_user_knn.video_init(NULL, 1, NULL, video);
    make_viewer(me, 2, 2);
    make_viewer(half, 2, 5);
    make_viewer(stranger, 9, 9);
    rate(&lab, video, me, 30000);
    rate(&lab, video, half, 0);
    rate(&lab, video, stranger, 0);
    /* bytes round a cosine by 1/126 a lane at most, rewards by 1/4096 */
    assert_near(score_for(&lab, video, me), (liked + w * skipped) / (1 + w + 1), 0.01);
    lab_set(&lab, "platform.rank.user_knn.neighbours=1");
    assert_near(score_for(&lab, video, me), liked / (1 + 1), 0.01);
    lab_set(&lab, "platform.rank.user_knn.shrinkage=0.001");
    assert_near(score_for(&lab, video, me), liked, 0.01);
    assert_near(score_for(&lab, video, stranger), skipped, 0.01);
    parameters_free(&lab.parameters);
}

/* Those of one taste like the video, those of another do not, whatever it looks like: each is
 * told what their own kind made of it. */
static void the_like_minded_are_followed(void **state)
{
    struct lab lab;
    float video[FLOATS], a[LEARNER_SESSION_MAX], b[LEARNER_SESSION_MAX];
    double told[2] = {0};
    (void)state;
    open_parameters(&lab);
    for (uint64_t name = 0; name < 20; name++) {
        learn_user_knn.video_init(NULL, name_of("video", name), NULL, video);
        make_viewer(a, 3, 3);
        make_viewer(b, 7, 7);
        for (uint32_t i = 0; i < 100; i++) {
            rate(&lab, video, a, 30000 + i);
            rate(&lab, video, b, 500 + i);
        }
        told[0] += (double)score_for(&lab, video, a) / 20;
        told[1] += (double)score_for(&lab, video, b) / 20;
    }
    assert_true(told[0] > 0.3); /* 0.5 less by shrinkage, nothing where none was remembered */
    assert_true(told[1] < -0.1);
    parameters_free(&lab.parameters);
}

/* Of the first 60 raters of a video each is as likely to be among the 8 remembered. */
static void the_sample_is_uniform(void **state)
{
    enum { RATERS_SEEN = 60, TRIES = 4000 };
    struct lab lab;
    int kept[RATERS_SEEN] = {0};
    const double p = (double)USER_KNN_RATERS / RATERS_SEEN;
    (void)state;
    open_parameters(&lab);
    for (uint64_t t = 0; t < TRIES; t++) {
        float video[FLOATS], session[LEARNER_SESSION_MAX];
        learn_user_knn.video_init(NULL, name_of("video", t), NULL, video);
        for (uint32_t i = 0; i < RATERS_SEEN; i++) { /* the usual reward says who it is */
            make_viewer(session, 1, 1);
            session[USUAL] = -(float)i / 64;
            rate(&lab, video, session, 0);
        }
        for (int k = 0; k < USER_KNN_RATERS; k++) {
            int who = (int)(video[k * RATER + RATER - 1] * 64 + 0.5f);
            require(who >= 0 && who < RATERS_SEEN);
            kept[who]++;
        }
    }
    for (int i = 0; i < RATERS_SEEN; i++)
        assert_near((double)kept[i] / TRIES, p, 5 * sqrt(p * (1 - p) / TRIES));
    parameters_free(&lab.parameters);
}

/* Later raters replace earlier ones at a steady rate: a video that is liked no more is known to
 * be. */
static void raters_fade(void **state)
{
    struct lab lab;
    float video[FLOATS], session[LEARNER_SESSION_MAX];
    (void)state;
    open_parameters(&lab);
    learn_user_knn.video_init(NULL, 77, NULL, video);
    make_viewer(session, 3, 3);
    for (uint32_t i = 0; i < 2000; i++) rate(&lab, video, session, 30000 + i);
    assert_true(score_for(&lab, video, session) > 0.3f);
    for (uint32_t i = 0; i < 2000; i++) rate(&lab, video, session, i);
    assert_true(score_for(&lab, video, session) < 0);
    parameters_free(&lab.parameters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(score_is_the_formula),
        cmocka_unit_test(the_like_minded_are_followed),
        cmocka_unit_test(the_sample_is_uniform),
        cmocka_unit_test(raters_fade),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
