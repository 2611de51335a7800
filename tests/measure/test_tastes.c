/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/vector16.h"
#include "measure/parts.h"
#include "measure/tastes.h"
#include "sim/lab.h"
#include "sim/parts.h"

/* On axes a unit vector's squares are its shares; what lies against a topic counts nothing. */
static void test_shares_on_axes(void **state)
{
    static struct topic topic[3];
    struct packed16 packed;
    const struct world world = {.topics = {.count = 3, .topic = topic}};
    const float taste[VECTOR_DIM] = {0.6f, -0.64f, 0.48f};
    double weight[3];
    (void)state;
    for (int k = 0; k < 3; k++) topic[k].vector[k] = 1;
    vector_pack(&packed, taste);
    tastes_by_topic(&world, &packed, weight);
    assert_true(fabs(weight[0] - 0.36) < 1e-4);
    assert_true(weight[1] == 0);
    assert_true(fabs(weight[2] - 0.2304) < 1e-4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares_on_axes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
