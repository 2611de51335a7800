/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viewers/taste.h"

#include "viewers/check.h"
#include "viewers/lab.h"

static void unit(float *x, uint32_t i)
{
    struct stream s = stream_open((struct stream_key){{9, 9}}, i, 0);
    for (int k = 0; k < VECTOR_DIM; k++) x[k] = (float)stream_normal(&s);
    vector_normalise(x);
}

static void test_pull_stays_on_the_sphere_and_goes_the_right_way(void **state)
{
    float theta[VECTOR_DIM], x[VECTOR_DIM];

    (void)state;
    unit(theta, 1);
    for (uint32_t i = 2; i < 5000; i++) {
        unit(x, i);
        float before = vector_dot(theta, x);
        taste_pull(theta, x, 0.0002f);
        assert_true(vector_dot(theta, x) >= before - 1e-6f);
    }
    /* second order: at most step^2 / 2 a video */
    assert_between("length", (double)vector_dot(theta, theta), 1 - 1e-4, 1 + 3e-4);
    unit(x, 1);
    float before = vector_dot(theta, x);
    for (int i = 0; i < 20000; i++) taste_pull(theta, x, 0.0002f);
    assert_true(vector_dot(theta, x) > before && vector_dot(theta, x) > 0.99f);
    taste_pull(theta, x, -0.01f); /* repelled, or at the pole and indifferent */
    assert_true(vector_dot(theta, x) <= 1.01f);
}

static void test_lessons(void **state)
{
    (void)state;
    assert_true(taste_lesson(30, ACT_PLAY_7S | ACT_PLAY_18S) == 1.0f);
    assert_true(taste_lesson(1, 0) == -0.5f);
    assert_true(taste_lesson(10, ACT_PLAY_7S) == 0.0f);
}

/* After a half-life of small steps the mean cosine to the start is one half. */
static void test_half_life_of_wandering(void **state)
{
    struct lab lab;
    double sum = 0;
    const uint32_t people = 2000;

    (void)state;
    lab_open(&lab, NULL);
    for (uint32_t i = 0; i < people; i++) {
        float start[VECTOR_DIM], theta[VECTOR_DIM];
        unit(start, i);
        memcpy(theta, start, sizeof theta);
        for (uint32_t k = 0; k < 225; k++) taste_wander(lab.viewers, theta, i, k, 0.2);
        sum += (double)vector_dot(theta, start) / people;
        assert_between("length", (double)vector_dot(theta, theta), 1 - 1e-5, 1 + 1e-5);
    }
    assert_between("cosine after 45 days", sum, 0.5 - 5 * 0.006, 0.5 + 5 * 0.006);
    lab_free(&lab);
}

/* Topics are different ones, shares are Zipf and sum to 1. */
static void test_birth(void **state)
{
    struct lab lab;
    double first = 0;

    (void)state;
    lab_open(&lab, NULL);
    for (uint32_t i = 0; i < 2000; i++) {
        struct stream s = stream_open((struct stream_key){{4, 4}}, i, 0);
        struct interests in;
        float theta[VECTOR_DIM], sum = 0;
        uint64_t seen = 0;
        taste_birth(lab.viewers, &s, theta, &in);
        assert_int_equal(in.count, 8);
        for (uint32_t k = 0; k < in.count; k++) {
            assert_false(seen >> in.topic[k] & 1);
            seen |= UINT64_C(1) << in.topic[k];
            sum += in.share[k];
        }
        assert_between("sum", (double)sum, 1 - 1e-5, 1 + 1e-5);
        assert_between("top share", (double)in.share[0], 0.33, 0.36); /* V KR-A: 35 % */
        assert_between("length", (double)vector_dot(theta, theta), 1 - 1e-5, 1 + 1e-5);
        first += in.topic[0] == 0;
    }
    double weight = lab.world.topics.topic[0].weight, sd = sqrt(weight * (1 - weight) / 2000);
    assert_between("first topic", first / 2000, weight - 5 * sd, weight + 5 * sd);
    lab_free(&lab);
}

static void test_few_topics(void **state)
{
    const char *settings[] = {"viewers.taste.topics=32", NULL};
    struct lab lab;
    struct interests in;
    float theta[VECTOR_DIM];

    (void)state;
    lab_open(&lab, settings);
    struct stream s = stream_open((struct stream_key){{4, 4}}, 1, 0);
    taste_birth(lab.viewers, &s, theta, &in);
    assert_true((int32_t)in.count <= lab.world.topics.count);
    lab_free(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pull_stays_on_the_sphere_and_goes_the_right_way),
        cmocka_unit_test(test_lessons),
        cmocka_unit_test(test_half_life_of_wandering),
        cmocka_unit_test(test_birth),
        cmocka_unit_test(test_few_topics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
