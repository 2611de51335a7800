/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "world/regions.h"

#define NAMES 200000

static struct regions make(uint32_t seed, const char *count, const char *zipf)
{
    const struct schema_table *tables[] = {&regions_table};
    struct parameters parameters;
    struct errors errors = {0};
    struct regions regions;

    assert_int_equal(parameters_init(&parameters, tables, 1), STATUS_OK);
    assert_int_equal(parameters_set(&parameters, "regions.count", count, "test", &errors),
                     STATUS_OK);
    assert_int_equal(parameters_set(&parameters, "regions.zipf", zipf, "test", &errors),
                     STATUS_OK);
    regions_init(&regions, &parameters, (struct seed){seed, 0, 0});
    parameters_free(&parameters);
    errors_free(&errors);
    return regions;
}

/* Shares 1 / rank^zipf: binomial counts, each within 4.5 standard deviations. */
static void check_shares(const char *count, double zipf, const char *text)
{
    struct regions r = make(7, count, text);
    double n[REGIONS_MAX] = {0}, sum = 0;

    for (uint32_t i = 0; i < NAMES; i++) {
        uint32_t region = regions_of(&r, name_of("somebody", i));
        assert_true(region < r.count);
        n[region]++;
    }
    for (uint32_t k = 0; k < r.count; k++) sum += pow(k + 1, -zipf);
    for (uint32_t k = 0; k < r.count; k++) {
        double p = pow(k + 1, -zipf) / sum, sd = sqrt(NAMES * p * (1 - p));
        assert_true(fabs(n[k] - NAMES * p) <= 4.5 * sd + 1);
    }
}

static void shares_fall_by_rank(void **state)
{
    (void)state;
    check_shares("1", 0.7, "0.7");
    check_shares("12", 0.7, "0.7");
    check_shares("64", 1.0, "1.0");
    check_shares("5", 0.0, "0.0");
}

/* A region is of the name and the seed, of nothing else. */
static void homes_stay(void **state)
{
    struct regions a = make(1, "12", "0.7"), b = make(1, "12", "0.7"), c = make(2, "12", "0.7");
    uint32_t moved = 0;

    (void)state;
    for (uint32_t i = 0; i < 1000; i++) {
        uint64_t name = name_of("somebody", i);
        assert_int_equal(regions_of(&a, name), regions_of(&b, name));
        moved += regions_of(&a, name) != regions_of(&c, name);
    }
    assert_true(moved > 700); /* independent draws agree with probability sum of p^2 = .14 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_fall_by_rank),
        cmocka_unit_test(homes_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
