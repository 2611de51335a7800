/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viewers/satiation.h"

#include "viewers/check.h"
#include "viewers/lab.h"
#include "viewers/match.h"

static void test_half_life(void **state)
{
    struct satiation_parameters p = {.gain = 0.1, .half_life = 1.4};
    int8_t rest[VECTOR_DIM] = {64, -32};
    float awake[VECTOR_DIM];

    (void)state;
    satiation_wake(&p, rest, 0, awake);
    assert_true(awake[0] == 1.0f && awake[1] == -0.5f && awake[2] == 0);
    satiation_wake(&p, rest, (sim_time)(1.4 * (double)TIME_HOUR), awake);
    assert_between("after a half-life", (double)awake[0], 0.5 - 1e-4, 0.5 + 1e-4);
    satiation_wake(&p, rest, 3000 * TIME_DAY, awake);
    assert_between("after years", (double)awake[0], 0, 1e-30);
}

static void test_rest_rounds_and_saturates(void **state)
{
    struct satiation_parameters p = {.gain = 0.1, .half_life = 1};
    float in[VECTOR_DIM] = {0.3f, -0.3f, 5, -5, 0.001f}, out[VECTOR_DIM];
    int8_t rest[VECTOR_DIM];

    (void)state;
    satiation_lay(in, rest);
    assert_int_equal(rest[2], 127);
    assert_int_equal(rest[3], -127);
    assert_int_equal(rest[0], -rest[1]);
    satiation_wake(&p, rest, 0, out);
    assert_between("rounded", (double)out[0], 0.3 - 1.0 / 128, 0.3 + 1.0 / 128);
}

/* The same video again and again: the average comes to its vector, and is met in full. */
static void test_average(void **state)
{
    float x[VECTOR_DIM] = {0.6f, 0.8f}, y[VECTOR_DIM] = {-0.8f, 0.6f}, sat[VECTOR_DIM] = {0};

    (void)state;
    for (int i = 0; i < 200; i++) satiation_absorb(sat, x, 0.1f, 1);
    assert_between("met", (double)satiation_met(sat, x), 0.999, 1.001);
    assert_between("something else", (double)satiation_met(sat, y), 0, 1e-4);
    y[0] = -0.6f, y[1] = -0.8f;
    assert_true(satiation_met(sat, y) == 0);
    for (int i = 0; i < 10; i++) satiation_absorb(sat, y, 0.1f, 0);
    assert_between("ten of no interest", (double)satiation_met(sat, x), 0.34, 0.36);
}

/* Pair noise: sd as asked for, the same for the same two. */
static void test_pair_noise(void **state)
{
    struct match_parameters p = {.noise = 0.15};
    double sum = 0, squares = 0;

    (void)state;
    for (uint32_t i = 0; i < 100000; i += 8) {
        uint32_t word[4][8];
        float noise[8];
        for (uint32_t k = 0; k < 8; k++) {
            struct stream_words w = stream_block((struct stream_key){{1, 1}}, i + k, 7, 0);
            for (int j = 0; j < 4; j++) word[j][k] = w.word[j];
        }
        match_noise_eight(&p, (const uint32_t(*)[8])word, noise);
        for (uint32_t k = 0; k < 8; k++) {
            double e = (double)noise[k];
            sum += e;
            squares += e * e;
            assert_between("bounded", e, -0.53, 0.53);
        }
    }
    assert_between("mean", sum / 1e5, -5 * 0.15 / 316, 5 * 0.15 / 316);
    assert_between("sd", sqrt(squares / 1e5), 0.148, 0.152);
}

static void test_lasting_match(void **state)
{
    struct match_parameters p = {.cosine = 2, .quality = 0.5, .hook = 0.1, .commercial = 0.4};
    float theta[VECTOR_DIM] = {1}, x[VECTOR_DIM] = {0.5f};
    struct video video = {.quality = 0.7f, .hook = -1, .commercial = 0.5f};

    (void)state;
    assert_between("tolerant", (double)match_lasting(&p, theta, x, &video, 255),
                   1 + 0.1 - 0.1 - 1e-5, 1 + 0.1 - 0.1 + 1e-5);
    assert_between("intolerant", (double)match_lasting(&p, theta, x, &video, 0), 1 - 0.2 - 1e-5,
                   1 - 0.2 + 1e-5);
}

static void test_technology(void **state)
{
    struct match_parameters p = {.cosine = 1}, minded = {.ai = -0.5, .ar = 0.25};
    struct video video = {.flags = VIDEO_AI | VIDEO_EXCLUSIVE, .format = VIDEO_AR}, clip = {0};

    (void)state;
    assert_false(match_minds_technology(&p));
    assert_true(match_technology(&p, &video) == 0);
    assert_true(match_minds_technology(&minded));
    assert_true(match_technology(&minded, &video) == -0.25f);
    assert_true(match_technology(&minded, &clip) == 0);
    video.flags = 0;
    assert_true(match_technology(&minded, &video) == 0.25f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_half_life),     cmocka_unit_test(test_rest_rounds_and_saturates),
        cmocka_unit_test(test_average),       cmocka_unit_test(test_pair_noise),
        cmocka_unit_test(test_lasting_match), cmocka_unit_test(test_technology),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
