/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Learner arms: who is in which group, and what each group has made of a video. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "platform/lab.h"
#include "platform/learn/arms.h"
#include "platform/members.h"

static const struct impression liked = {.watch_ms = 60000, .acts = ACT_CONSENT | ACT_PLAY_18S};
static const struct impression left = {.watch_ms = 200, .acts = ACT_CONSENT};

static const void *open_lab(struct lab *lab, const char *setting)
{
    const struct schema_table *tables[64];
    *lab = (struct lab){0};
    size_t n = lab_tables(lab, tables);
    require(parameters_init(&lab->parameters, tables, n) == STATUS_OK);
    lab_set(lab, setting);
    return parameters_block(&lab->parameters, "platform.learn.arms");
}

/* The group of a viewer whose profile has that direction, of so many acts. */
static int group_of(const void *p, const struct packed16 *direction, int16_t acts)
{
    int16_t row[LEARNER_SESSION_MAX] = {0};
    float session[LEARNER_SESSION_MAX];
    memcpy(row, direction, sizeof *direction);
    row[ACTS] = acts;
    learn_arms.open(p, row, session);
    return arms_group(&(struct request){.session = session, .personal = true});
}

static struct packed16 random_vector(struct stream *draw, const float *near, float turn)
{
    float x[VECTOR_DIM];
    struct packed16 out;
    double along = 0;
    for (int k = 0; k < VECTOR_DIM; k++) x[k] = (float)stream_normal(draw);
    vector_normalise(x);
    if (near) { /* at that angle from it */
        along = (double)vector_dot(x, near);
        for (int k = 0; k < VECTOR_DIM; k++) x[k] -= (float)along * near[k];
        vector_normalise(x);
        for (int k = 0; k < VECTOR_DIM; k++)
            x[k] = x[k] * (float)sin((double)turn) + near[k] * (float)cos((double)turn);
    }
    vector_pack(&out, x);
    return out;
}

/* Goemans & Williamson 1995; Charikar 2002: a plane parts two directions at an angle a with
 * probability a / pi. Groups are as large for directions that are anywhere, and the opposite
 * one is on the other side of every plane. */
static void planes_part_by_the_angle(void **state)
{
    enum { PAIRS = 20000 };
    struct lab lab;
    const void *p = open_lab(&lab, "platform.learn.arms.cuts=3");
    struct stream draw = stream_open((struct stream_key){{1, 2}}, 3, 4);
    uint32_t parted[ARMS_CUTS] = {0}, size[ARMS_GROUPS] = {0}, ties = 0;
    (void)state;
    for (int i = 0; i < PAIRS; i++) {
        float x[VECTOR_DIM];
        struct packed16 a = random_vector(&draw, NULL, 0), b, opposite;
        vector_unpack(x, &a);
        b = random_vector(&draw, x, 1.0471976f); /* 60 degrees */
        for (int k = 0; k < VECTOR_DIM; k++) opposite.lane[k] = (int16_t)-a.lane[k];
        int here = group_of(p, &a, 10), there = group_of(p, &b, 10);
        require(here >= 0 && here < ARMS_GROUPS && there >= 0 && there < ARMS_GROUPS);
        for (int k = 0; k < ARMS_CUTS; k++) parted[k] += (here ^ there) >> k & 1;
        size[here]++;
        ties += group_of(p, &opposite, 10) != (here ^ (ARMS_GROUPS - 1));
    }
    assert_true(ties < 20); /* on a plane: about three in 2^17 of lanes' sums */
    for (int k = 0; k < ARMS_CUTS; k++)
        assert_near(parted[k], PAIRS / 3.0, 5 * sqrt(PAIRS * 2 / 9.0));
    for (int g = 0; g < ARMS_GROUPS; g++)
        assert_near(size[g], PAIRS / 8.0, 5 * sqrt(PAIRS * 7 / 64.0));
    parameters_free(&lab.parameters);
}

/* Fewer cuts are the first of more; no cuts, or a profile that says nothing: no group. */
static void cuts_are_nested(void **state)
{
    static const char *const setting[] = {"platform.learn.arms.cuts=1",
                                          "platform.learn.arms.cuts=2",
                                          "platform.learn.arms.cuts=3"};
    struct stream draw = stream_open((struct stream_key){{1, 2}}, 3, 4);
    struct packed16 vector[100];
    int group[100] = {0};
    struct lab lab;
    (void)state;
    for (int i = 0; i < 100; i++) vector[i] = random_vector(&draw, NULL, 0);
    for (int c = 0; c < 3; c++) {
        const void *p = open_lab(&lab, setting[c]);
        for (int i = 0; i < 100; i++) {
            int now = group_of(p, &vector[i], 3);
            assert_int_equal(now & ((1 << c) - 1), group[i]);
            assert_true(now < 2 << c);
            group[i] = now;
            assert_int_equal(group_of(p, &vector[i], 2), ARMS_NONE);
        }
        parameters_free(&lab.parameters);
    }
    const void *p = open_lab(&lab, "platform.learn.arms.cuts=0");
    for (int i = 0; i < 100; i++) assert_int_equal(group_of(p, &vector[i], 10), ARMS_NONE);
    parameters_free(&lab.parameters);
}

/* A crowd of several groups: each one's acts are counted with its own. */
struct crowd {
    struct lab lab;
    const void *parameters;
    float session[LEARNER_SESSION_MAX], video[64];
};

static void open_crowd(struct crowd *self)
{
    self->parameters = open_lab(&self->lab, "platform.learn.arms.cuts=3");
    require(learn_arms.video_floats <= 64);
    learn_arms.video_init(self->parameters, 1, NULL, self->video);
}

static void watch(struct crowd *self, float group, const struct impression *act, int times)
{
    int16_t side[LEARNER_SIDE_MAX];
    self->session[ARMS_GROUP] = group;
    learn_arms.side(self->parameters, self->session, side);
    for (int i = 0; i < times; i++)
        learn_arms.learn(self->parameters, NULL, self->video, act, side);
}

static struct arms_count count_of(const struct crowd *self, int group)
{
    uint32_t block[ARMS_GROUPS];
    const struct snapshot snapshot = {.block = block, .block_words = ARMS_GROUPS};
    learn_arms.block(self->parameters, self->video, block);
    return arms_count(&snapshot, 0, group);
}

static void groups_learn_apart(void **state)
{
    struct crowd crowd = {0};
    (void)state;
    open_crowd(&crowd);
    watch(&crowd, 2, &liked, 30);
    watch(&crowd, 2, &left, 10);
    watch(&crowd, 5, &left, 7);
    watch(&crowd, ARMS_NONE, &liked, 100); /* counted by the video alone */
    watch(&crowd, (float)NAN, &liked, 100);
    for (int g = 0; g < ARMS_GROUPS; g++) {
        struct arms_count own = count_of(&crowd, g);
        assert_int_equal((int)own.shown, g == 2 ? 40 : g == 5 ? 7 : 0);
        assert_int_equal((int)own.watched, g == 2 ? 30 : 0);
    }
    parameters_free(&crowd.lab.parameters);
}

/* The share survives where counts have no more room; nothing hostile leads astray. */
static void counts_stay_in_their_room(void **state)
{
    struct crowd crowd = {0};
    uint32_t block[ARMS_GROUPS] = {UINT32_C(0xffff0001), UINT32_MAX, UINT32_C(0xffff0000)};
    const struct snapshot snapshot = {.block = block, .block_words = ARMS_GROUPS};
    (void)state;
    open_crowd(&crowd);
    for (int i = 0; i < 50000; i++) {
        watch(&crowd, 7, &liked, 1);
        watch(&crowd, 7, &left, 3);
    }
    struct arms_count own = count_of(&crowd, 7);
    assert_true(own.shown >= 32767 && own.shown < 65536);
    assert_near(own.watched / own.shown, 0.25, 1e-4);
    for (int k = 0; k < ARMS_GROUPS * 2; k++) crowd.video[k] = k % 2 ? (float)NAN : -1e30f;
    for (int g = 0; g < ARMS_GROUPS; g++) assert_true(count_of(&crowd, g).shown == 0);
    for (int g = 0; g < 3; g++) {
        struct arms_count count = arms_count(&snapshot, 0, g);
        assert_true(count.watched <= count.shown);
    }
    parameters_free(&crowd.lab.parameters);
}

/* Whom the feed may not be made for in person is in no group; broken floats lead to a group
 * that there is. */
static void requests_have_a_group_or_none(void **state)
{
    static const float broken[] = {1e30f, -1e30f, (float)INFINITY, (float)NAN, 8, -2, 0.5f};
    float session[LEARNER_SESSION_MAX] = {0};
    struct request request = {.session = session};
    (void)state;
    session[ARMS_GROUP] = 6;
    assert_int_equal(arms_group(&request), ARMS_NONE);
    request.personal = true;
    assert_int_equal(arms_group(&request), 6);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        session[ARMS_GROUP] = broken[i];
        int group = arms_group(&request);
        assert_true(group >= ARMS_NONE && group < ARMS_GROUPS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planes_part_by_the_angle),
        cmocka_unit_test(cuts_are_nested),
        cmocka_unit_test(groups_learn_apart),
        cmocka_unit_test(counts_stay_in_their_room),
        cmocka_unit_test(requests_have_a_group_or_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
