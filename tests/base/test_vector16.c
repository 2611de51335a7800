/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/vector16.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void random_vector(float *x)
{
    for (int i = 0; i < VECTOR_DIM; i++) x[i] = (float)(drand48() * 2 - 1);
}

/* The fixed order of the header, in plain code. */
static float dot_in_order(const float *a, const float *b)
{
    float lane[VECTOR_DIM];

    for (int i = 0; i < VECTOR_DIM; i++) lane[i] = a[i] * b[i];
    for (int half = VECTOR_DIM / 2; half > 0; half /= 2)
        for (int i = 0; i < half; i++) lane[i] += lane[i + half];
    return lane[0];
}

static void dot_has_one_order(void **state)
{
    float room[2 * VECTOR_DIM + 1], *a = room, *b = room + VECTOR_DIM + 1; /* any alignment */

    (void)state;
    srand48(1);
    for (int i = 0; i < 10000; i++) {
        double exact = 0;

        random_vector(a);
        random_vector(b);
        for (int k = 0; k < VECTOR_DIM; k++) exact += (double)a[k] * (double)b[k];
        assert_true(vector_dot(a, b) == dot_in_order(a, b));
        assert_true(vector_dot(a, b) == vector_dot(b, a));
        assert_true(fabs((double)vector_dot(a, b) - exact) < 5e-6);
    }
}

static void add_and_scale(void **state)
{
    float x[VECTOR_DIM], y[VECTOR_DIM], was[VECTOR_DIM];

    (void)state;
    srand48(2);
    for (int i = 0; i < 1000; i++) {
        random_vector(x);
        random_vector(y);
        memcpy(was, y, sizeof y);
        vector_add(y, 0.3f, x);
        for (int k = 0; k < VECTOR_DIM; k++) assert_true(y[k] == was[k] + 0.3f * x[k]);
        memcpy(was, y, sizeof y);
        vector_scale(y, -1.7f);
        for (int k = 0; k < VECTOR_DIM; k++) assert_true(y[k] == -1.7f * was[k]);
    }
}

static void normalise_gives_unit_length(void **state)
{
    float y[VECTOR_DIM], tiny[VECTOR_DIM] = {1e-7f}, zero[VECTOR_DIM] = {0};

    (void)state;
    srand48(3);
    for (int i = 0; i < 1000; i++) {
        random_vector(y);
        vector_scale(y, (float)pow(10, drand48() * 10 - 5));
        vector_normalise(y);
        assert_true(fabsf(vector_dot(y, y) - 1.0f) < 1e-6f);
    }
    vector_normalise(tiny);
    assert_true(tiny[0] == 1e-7f);
    vector_normalise(zero);
    for (int k = 0; k < VECTOR_DIM; k++) assert_true(zero[k] == 0.0f);
}

/* Every value that can be at rest comes back from floats as it was. */
static void unpack_and_pack_are_inverse(void **state)
{
    (void)state;
    for (int32_t n = -32767; n <= 32767; n++) {
        struct packed16 in, out;
        float x[VECTOR_DIM];

        for (int k = 0; k < VECTOR_DIM; k++) in.lane[k] = (int16_t)(k & 1 ? -n : n);
        vector_unpack(x, &in);
        assert_true(x[0] == (float)n / 16384.0f && x[15] == -x[0]);
        vector_pack(&out, x);
        assert_memory_equal(&in, &out, sizeof in);
    }
}

/* Nearest, ties to even: what lrintf does in the default mode. */
static void pack_rounds_to_nearest(void **state)
{
    (void)state;
    srand48(4);
    for (int i = 0; i < 20000; i++) {
        struct packed16 out;
        float x[VECTOR_DIM];

        random_vector(x);
        if (i & 1) x[i % VECTOR_DIM] = ((float)(i % 30000) + 0.5f) / 16384.0f;
        vector_pack(&out, x);
        for (int k = 0; k < VECTOR_DIM; k++)
            assert_int_equal(out.lane[k], (int)lrintf(x[k] * 16384.0f));
    }
}

static void pack_saturates(void **state)
{
    const float x[VECTOR_DIM] = {2.0f,     -2.0f,     1.99999f, -1.99999f, 1e30f, -1e30f,
                                 INFINITY, -INFINITY, NAN,      0.0f,      -0.0f, 1.0f,
                                 -1.0f,    3e-5f,     3.1e-5f,  -3.1e-5f};
    const int16_t wanted[VECTOR_DIM] = {32767,  -32767, 32767,  -32767, 32767, -32767,
                                        32767,  -32767, -32767, 0,      0,     16384,
                                        -16384, 0,      1,      -1};
    struct packed16 out;

    (void)state;
    vector_pack(&out, x);
    for (int k = 0; k < VECTOR_DIM; k++) assert_int_equal(out.lane[k], wanted[k]);
}

static void packed_dot_is_exact(void **state)
{
    (void)state;
    srand48(5);
    for (int i = 0; i < 20000; i++) {
        struct packed16 a, b;
        int64_t sum = 0;

        for (int k = 0; k < VECTOR_DIM; k++) {
            a.lane[k] = (int16_t)(lrand48() % 65535 - 32767);
            b.lane[k] = (int16_t)((lrand48() % 65535 - 32767) / (i & 1 ? 8 : 1));
            sum += (int64_t)a.lane[k] * b.lane[k];
        }
        assert_int_equal(packed_dot(&a, &b), (int32_t)(uint32_t)(uint64_t)sum);
        if (i & 1) assert_true(packed_dot(&a, &b) == sum);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dot_has_one_order),
        cmocka_unit_test(add_and_scale),
        cmocka_unit_test(normalise_gives_unit_length),
        cmocka_unit_test(unpack_and_pack_are_inverse),
        cmocka_unit_test(pack_rounds_to_nearest),
        cmocka_unit_test(pack_saturates),
        cmocka_unit_test(packed_dot_is_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
