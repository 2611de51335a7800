/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "world/topics.h"

static void close_to(double got, double expected, double tolerance)
{
    if (fabs(got - expected) > tolerance)
        fail_msg("%g, expected %g within %g", got, expected, tolerance);
}

struct setting {
    const char *path, *value;
};

static enum status make(struct topics *topics, struct seed seed, const struct setting *settings,
                        int n)
{
    const struct schema_table *tables[] = {&topics_table};
    struct parameters parameters;
    struct errors errors = {0};

    assert_int_equal(parameters_init(&parameters, tables, 1), STATUS_OK);
    for (int i = 0; i < n; i++)
        assert_int_equal(
            parameters_set(&parameters, settings[i].path, settings[i].value, "test", &errors),
            STATUS_OK);
    enum status status = topics_init(topics, &parameters, seed);
    parameters_free(&parameters);
    errors_free(&errors);
    return status;
}

static void there_are_24_named_topics(void **state)
{
    struct topics t;

    (void)state;
    assert_int_equal(make(&t, (struct seed){1, 0, 0}, NULL, 0), STATUS_OK);
    assert_int_equal(t.count, 24);
    for (int32_t k = 0; k < t.count; k++) assert_int_equal(topics_find(&t, t.topic[k].name), k);
    assert_true(topics_find(&t, "programming") >= 0 && topics_find(&t, "finance") >= 0);
    assert_int_equal(topics_find(&t, "alchemy"), -1);
    topics_free(&t);
    topics_free(&t);
}

/* The largest |cosine| of two vectors cannot be below Welch's bound; random ones reach .6 here.
 */
static void vectors_are_unit_and_spread_out(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 20; seed++) {
        struct topics t;
        double most = 0, welch = sqrt((24.0 - 16.0) / (16.0 * 23.0));
        assert_int_equal(make(&t, (struct seed){seed, 0, 0}, NULL, 0), STATUS_OK);
        for (int32_t a = 0; a < t.count; a++) {
            close_to((double)vector_dot(t.topic[a].vector, t.topic[a].vector), 1, 1e-5);
            for (int32_t b = 0; b < a; b++) {
                double c = fabs((double)vector_dot(t.topic[a].vector, t.topic[b].vector));
                most = c > most ? c : most;
            }
        }
        assert_true(most >= welch - 1e-5 && most < 0.4);
        topics_free(&t);
    }
}

static void audience_is_zipf(void **state)
{
    const struct setting zipf[] = {{"topics.zipf", "1.5"}};
    struct topics t;
    double sum = 0;

    (void)state;
    assert_int_equal(make(&t, (struct seed){1, 0, 0}, zipf, 1), STATUS_OK);
    for (int32_t k = 0; k < t.count; k++) {
        sum += t.topic[k].weight;
        close_to(t.topic[0].weight / t.topic[k].weight, maths_pow(k + 1.0, 1.5), 1e-9);
    }
    close_to(sum, 1, 1e-12);
    struct stream s = stream_open((struct stream_key){{3, 4}}, 5, 6);
    double count[24] = {0};
    int n = 100000;
    for (int i = 0; i < n; i++) count[categorical_draw(&t.by_audience, &s)]++;
    for (int32_t k = 0; k < t.count; k++) {
        double p = t.topic[k].weight;
        close_to(count[k] / n, p, 4.5 * sqrt(p * (1 - p) / n));
    }
    topics_free(&t);
}

static void check_means(const struct topics *t)
{
    double cpm = 0, gift = 0, risk = 0;

    for (int32_t k = 0; k < t->count; k++) {
        cpm += t->topic[k].weight * t->topic[k].cpm_factor;
        gift += t->topic[k].weight * t->topic[k].gift_factor;
        risk += t->topic[k].weight * t->topic[k].risk;
        assert_true(t->topic[k].basket > 0 && t->topic[k].course_price > 0);
    }
    close_to(cpm, 1, 1e-12);
    close_to(gift, 1, 1e-12);
    close_to(risk, 1, 1e-12);
}

static void factors_have_mean_one_over_the_audience(void **state)
{
    const char *const spreads[] = {"0", "0.5", "1", "3"};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const struct setting spread[] = {{"topics.spread", spreads[i]}};
        struct topics t;
        assert_int_equal(make(&t, (struct seed){1, 0, 0}, spread, 1), STATUS_OK);
        check_means(&t);
        if (i == 0)
            for (int32_t k = 0; k < t.count; k++) {
                close_to(t.topic[k].cpm_factor, 1, 1e-12);
                close_to(t.topic[k].basket, 90, 1e-9);
            }
        if (i == 2) {
            double finance = t.topic[topics_find(&t, "finance")].cpm_factor;
            double music = t.topic[topics_find(&t, "music")].cpm_factor;
            close_to(finance / music, 2.6 / 0.6, 1e-9);
        }
        topics_free(&t);
    }
}

static void topics_can_be_named(void **state)
{
    const struct setting three[] = {{"topics.names", "[\"law\", \"alchemy\", \"music\"]"}};
    const struct setting twice[] = {{"topics.names", "[\"law\", \"law\"]"}};
    const struct setting many[] = {{"topics.count", "30"}};
    struct topics t;

    (void)state;
    assert_int_equal(make(&t, (struct seed){1, 0, 0}, three, 1), STATUS_OK);
    assert_int_equal(t.count, 3);
    assert_int_equal(topics_find(&t, "alchemy"), 1);
    assert_true(t.topic[0].cpm_factor > t.topic[2].cpm_factor); /* law keeps its economics */
    check_means(&t);
    topics_free(&t);
    assert_int_equal(make(&t, (struct seed){1, 0, 0}, twice, 1), STATUS_BAD_INPUT);
    assert_null(t.topic);
    assert_int_equal(make(&t, (struct seed){1, 0, 0}, many, 1), STATUS_OK);
    assert_string_equal(t.topic[29].name, "topic_30");
    check_means(&t);
    topics_free(&t);
}

static void vectors_belong_to_seed_and_replicate(void **state)
{
    struct topics a, b, c, d;
    size_t size = sizeof a.topic[0].vector;

    (void)state;
    assert_int_equal(make(&a, (struct seed){1, 0, 0}, NULL, 0), STATUS_OK);
    assert_int_equal(make(&b, (struct seed){1, 0, 5}, NULL, 0), STATUS_OK);
    assert_int_equal(make(&c, (struct seed){1, 1, 0}, NULL, 0), STATUS_OK);
    assert_int_equal(make(&d, (struct seed){2, 0, 0}, NULL, 0), STATUS_OK);
    assert_memory_equal(a.topic[3].vector, b.topic[3].vector, size); /* another world: same */
    assert_memory_not_equal(a.topic[3].vector, c.topic[3].vector, size);
    assert_memory_not_equal(a.topic[3].vector, d.topic[3].vector, size);
    topics_free(&a);
    topics_free(&b);
    topics_free(&c);
    topics_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_24_named_topics),
        cmocka_unit_test(vectors_are_unit_and_spread_out),
        cmocka_unit_test(audience_is_zipf),
        cmocka_unit_test(factors_have_mean_one_over_the_audience),
        cmocka_unit_test(topics_can_be_named),
        cmocka_unit_test(vectors_belong_to_seed_and_replicate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
