/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every kernel of both machine codes against plain code, bit for bit, for every length from 0
 * to 130 and at any alignment. On a machine without AVX2 only the baseline is tested.
 */
#include "base/kernels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/maths.h"

#define MOST 130
#define TABLE 4096

struct lab {
    const struct kernels *kernels[2];
    int count;
    struct packed16 table[TABLE];
    struct packed16 query;
    uint32_t index[MOST + 1];
    float x[MOST + 1], bias[MOST + 1];
    int32_t dot[MOST + 2];
    float y[MOST + 2];
};

static int16_t random_lane(void)
{
    long n = lrand48();

    return (int16_t)((n >> 8) % 7 == 0 ? (n & 1 ? 32767 : -32767) : n % 65535 - 32767);
}

static void random_packed(struct packed16 *out)
{
    for (int i = 0; i < VECTOR_DIM; i++) out->lane[i] = random_lane();
}

static int set_up(void **state)
{
    struct lab *lab = calloc(1, sizeof *lab);

    if (lab == NULL) return -1;
    lab->kernels[lab->count++] = kernels_named("baseline");
    if (kernels_named("avx2") != NULL) lab->kernels[lab->count++] = kernels_named("avx2");
    srand48(11);
    for (int i = 0; i < TABLE; i++) random_packed(&lab->table[i]);
    random_packed(&lab->query);
    *state = lab;
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static void choice(void **state)
{
    const struct kernels *best;

    (void)state;
    assert_non_null(kernels_named("baseline"));
    assert_null(kernels_named("sse9"));
    assert_string_equal(kernels_named("baseline")->name, "baseline");
    unsetenv("REELSIM_KERNELS");
    best = kernels_choose();
    assert_ptr_equal(best, kernels_named("avx2") != NULL ? kernels_named("avx2")
                                                         : kernels_named("baseline"));
    setenv("REELSIM_KERNELS", "baseline", 1);
    assert_ptr_equal(kernels_choose(), kernels_named("baseline"));
    setenv("REELSIM_KERNELS", "nonsense", 1);
    assert_ptr_equal(kernels_choose(), best);
    unsetenv("REELSIM_KERNELS");
}

/* What follows the output must stay as it was. */
#define GUARD 0x5eed5eed

static void dot_rows(void **state)
{
    struct lab *lab = *state;

    for (int k = 0; k < lab->count; k++) {
        for (size_t n = 0; n <= MOST; n++) {
            const struct packed16 *row = lab->table + n * 7;

            lab->dot[n] = GUARD;
            lab->kernels[k]->dot_rows(&lab->query, row, n, lab->dot);
            for (size_t i = 0; i < n; i++)
                assert_int_equal(lab->dot[i], packed_dot(&lab->query, row + i));
            assert_int_equal(lab->dot[n], GUARD);
        }
    }
}

static void score_gather(void **state)
{
    struct lab *lab = *state;
    static struct {
        struct packed16 vector;
        float bias;
        char more[12];
    } table[TABLE];
    static float score[MOST + 1];
    const struct score_terms terms = {&lab->query, &table->vector, &table->bias, sizeof *table,
                                      0.37f * 0x1p-28f};

    for (size_t i = 0; i < TABLE; i++) {
        table[i].vector = lab->table[i];
        table[i].bias = (float)(drand48() - 0.5);
    }
    for (int k = 0; k < lab->count; k++) {
        for (size_t n = 0; n <= MOST; n++) {
            for (size_t i = 0; i < n; i++) lab->index[i] = (uint32_t)(lrand48() % TABLE);
            score[n] = 77.0f;
            lab->kernels[k]->score_gather(&terms, lab->index, n, score);
            for (size_t i = 0; i < n; i++) {
                uint32_t at = lab->index[i];
                float wanted = terms.scale * (float)packed_dot(&lab->query, lab->table + at) +
                               table[at].bias;
                assert_memory_equal(&score[i], &wanted, sizeof wanted);
            }
            assert_float_equal(score[n], 77.0f, 0);
        }
    }
}

/* A row that starts at an odd address. */
static void unaligned_rows(void **state)
{
    struct lab *lab = *state;
    char room[20 * sizeof(struct packed16) + 2];
    struct packed16 rows[20];

    memcpy(rows, lab->table, sizeof rows);
    memcpy(room + 2, rows, sizeof rows);
    for (int k = 0; k < lab->count; k++) {
        lab->kernels[k]->dot_rows(&lab->query, (const void *)(room + 2), 20, lab->dot);
        for (int i = 0; i < 20; i++)
            assert_int_equal(lab->dot[i], packed_dot(&lab->query, rows + i));
    }
}

static void scale_add(void **state)
{
    struct lab *lab = *state;

    for (int k = 0; k < lab->count; k++) {
        for (size_t n = 0; n <= MOST; n++) {
            for (size_t i = 0; i < n; i++) {
                lab->dot[i] = (int32_t)mrand48();
                lab->bias[i] = (float)drand48();
            }
            lab->y[n] = 7.0f;
            lab->kernels[k]->scale_add(lab->dot, 0x1p-28f, lab->bias, n, lab->y);
            for (size_t i = 0; i < n; i++)
                assert_true(lab->y[i] == 0x1p-28f * (float)lab->dot[i] + lab->bias[i]);
            assert_true(lab->y[n] == 7.0f);
        }
    }
}

typedef float (*one_function)(float);
typedef void (*many_function)(const float *, size_t, float *);

/* The same bits as the scalar function, for bits drawn over all finite floats of a range. */
static void same_bits(struct lab *lab, one_function one, many_function many, float low,
                      float high)
{
    for (int round = 0; round < 20; round++) {
        for (size_t n = 0; n <= MOST; n++) {
            for (size_t i = 0; i < n; i++) lab->x[i] = low + (high - low) * (float)drand48();
            lab->y[n] = 7.0f;
            many(lab->x, n, lab->y);
            for (size_t i = 0; i < n; i++) {
                float wanted = one(lab->x[i]);
                assert_memory_equal(&lab->y[i], &wanted, sizeof wanted);
            }
            assert_true(lab->y[n] == 7.0f);
        }
    }
}

static float one_exp(float x) { return maths_expf(x); }
static float one_log(float x) { return maths_logf(x); }
static float one_sigmoid(float x) { return maths_sigmoidf(x); }

static void functions(void **state)
{
    struct lab *lab = *state;

    for (int k = 0; k < lab->count; k++) {
        same_bits(lab, one_exp, lab->kernels[k]->exp_n, -100, 100);
        same_bits(lab, one_exp, lab->kernels[k]->exp_n, -1, 1);
        same_bits(lab, one_log, lab->kernels[k]->log_n, 1e-30f, 4);
        same_bits(lab, one_log, lab->kernels[k]->log_n, 1, 1e9f);
        same_bits(lab, one_sigmoid, lab->kernels[k]->sigmoid_n, -100, 100);
        same_bits(lab, one_sigmoid, lab->kernels[k]->sigmoid_n, -4, 4);
    }
}

/* All floats of a coarse sweep through both codes at once. */
static void both_codes_agree_everywhere(void **state)
{
    struct lab *lab = *state;
    float out[2][128];

    if (lab->count < 2) skip();
    for (uint32_t bits = 0; bits < 0xff800000u - 128 * 4099u; bits += 128 * 4099u) {
        for (uint32_t i = 0; i < 128; i++) {
            lab->x[i] = maths_from_bits((int32_t)(bits + i * 4099u));
            if (lab->x[i] != lab->x[i]) lab->x[i] = 1.0f;
        }
        for (int k = 0; k < 2; k++) lab->kernels[k]->exp_n(lab->x, 128, out[k]);
        assert_memory_equal(out[0], out[1], sizeof out[0]);
        for (int k = 0; k < 2; k++) lab->kernels[k]->sigmoid_n(lab->x, 128, out[k]);
        assert_memory_equal(out[0], out[1], sizeof out[0]);
    }
}

/* The definition: k times the highest, the first of equals. */
static void top_in_order(float *score, size_t n, uint32_t *out, size_t k)
{
    for (size_t pick = 0; pick < k; pick++) {
        size_t best = n;

        for (size_t i = 0; i < n; i++)
            if (score[i] > -3e38f && (best == n || score[i] > score[best])) best = i;
        out[pick] = (uint32_t)best;
        score[best] = -3.2e38f;
    }
}

static void compare_top(const struct lab *lab, const float *score, size_t n, size_t k)
{
    float scratch[1024];
    uint32_t wanted[64], got[65];

    memcpy(scratch, score, n * sizeof *score);
    top_in_order(scratch, n, wanted, k);
    for (int c = 0; c < lab->count; c++) {
        memcpy(scratch, score, n * sizeof *score);
        got[k] = GUARD;
        lab->kernels[c]->top_k(scratch, n, got, k);
        assert_memory_equal(got, wanted, k * sizeof *got);
        assert_int_equal(got[k], GUARD);
    }
}

static void top_k(void **state)
{
    struct lab *lab = *state;
    float score[1024];

    for (size_t n = 1; n <= MOST; n++) {
        for (size_t k = 0; k <= n && k <= 64; k++) {
            for (size_t i = 0; i < n; i++) score[i] = (float)(drand48() * 4 - 3);
            compare_top(lab, score, n, k);
        }
    }
    for (int round = 0; round < 200; round++) {
        size_t n = 1 + (size_t)lrand48() % 1024, k = 1 + (size_t)lrand48() % 64;

        for (size_t i = 0; i < n; i++) score[i] = (float)(drand48() * 2e30 - 1e30);
        compare_top(lab, score, n, k < n ? k : n);
    }
}

/* Few different values: ties go to the lower index, also 0 and -0. */
/* Random123's known answers for Philox4x32-10, in all lanes but one, which goes its own way. */
static void philox_eight(void **state)
{
    static const uint32_t known[3][2][6] = {
        {{0, 0, 0, 0, 0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}};
    const struct lab *lab = *state;

    for (int c = 0; c < lab->count; c++)
        for (int v = 0; v < 3; v++)
            for (int odd = 0; odd < 8; odd++) {
                uint32_t counter[4][8];
                for (int k = 0; k < 4; k++)
                    for (int i = 0; i < 8; i++) counter[k][i] = known[v][0][k] + (i == odd);
                lab->kernels[c]->philox_eight(known[v][0] + 4, counter);
                for (int k = 0; k < 4; k++)
                    for (int i = 0; i < 8; i++)
                        assert_true((counter[k][i] == known[v][1][k]) == (i != odd));
            }
}

static void top_k_ties(void **state)
{
    struct lab *lab = *state;
    float score[256];

    for (int round = 0; round < 2000; round++) {
        size_t n = 1 + (size_t)lrand48() % 256, k = 1 + (size_t)lrand48() % 64;

        for (size_t i = 0; i < n; i++) score[i] = (float)(lrand48() % 3 - 1);
        if (round & 1)
            for (size_t i = 0; i < n; i++)
                if (score[i] == 0 && lrand48() & 1) score[i] = -0.0f;
        compare_top(lab, score, n, k < n ? k : n);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choice),
        TEST(dot_rows),
        TEST(score_gather),
        TEST(unaligned_rows),
        TEST(scale_add),
        TEST(functions),
        TEST(both_codes_agree_everywhere),
        TEST(top_k),
        TEST(top_k_ties),
        TEST(philox_eight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
