/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
/*
 * What every metric has to keep, whatever it measures: the same for any number of threads and
 * order of shards, over a checkpoint, in an empty world and before one viewer; and to ask for
 * it changes nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "measure/parts.h"
#include "sim/lab.h"
#include "sim/parts.h"

static size_t metric_count(void)
{
    size_t n = 0;
    while (measure_metrics[n]) n++;
    return n;
}

static enum status ask_for(struct lab *lab, const char *name)
{
    char set[96];
    snprintf(set, sizeof set, "measure.metrics=[%s%s%s]", *name ? "\"" : "", name,
             *name ? "\"" : "");
    return lab_set(lab, set);
}

static enum status ask_for_all(struct lab *lab)
{
    char set[2048] = "measure.metrics=[";
    for (size_t m = 0; measure_metrics[m]; m++)
        snprintf(set + strlen(set), sizeof set - strlen(set), "%s\"%s\"", m ? ", " : "",
                 measure_metrics[m]->name);
    snprintf(set + strlen(set), sizeof set - strlen(set), "]");
    return lab_set(lab, set);
}

/* Short weeks of life: newcomers, shares, tips. */
static const char *const lively[] = {"run.days=3",
                                     "viewers.arrivals.innovation=0.05",
                                     "viewers.arrivals.market=600",
                                     "growth.cascades.least=1",
                                     "revenue.tips.rate=0.001", /* somebody earns every day */
                                     NULL};

/* The state of everything but the observers. */
static uint64_t model_hash(struct sim *sim)
{
    struct visit_hash h = {0};
    if (visit_hash_init(&h)) return 0;
    world_visit(&sim->world, &h.visitor);
    engine_visit(sim->world.engine, &h.visitor);
    viewers_visit(sim->viewers, &h.visitor);
    creators_visit(sim->creators, &h.visitor);
    platform_visit(sim->platform, &h.visitor);
    revenue_visit(sim->revenue, &h.visitor);
    growth_visit(sim->growth, &h.visitor);
    uint64_t digest = h.visitor.status ? 0 : visit_hash_digest(&h);
    visit_hash_free(&h);
    return digest;
}

/* name NULL = all of them. */
static enum status start(struct lab *lab, const char *name, const char *const *settings)
{
    enum status status = lab_init(lab, lab_tiny, NULL);
    if (!status) status = lab_settings(lab, settings);
    if (!status) status = name ? ask_for(lab, name) : ask_for_all(lab);
    return status;
}

static void test_same_rows_for_any_threads_and_order(void **state)
{
    const struct lab_way ways[] = {{1, false}, {2, false}, {3, true}};
    uint64_t digest[3] = {0}, hash[3] = {0};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct lab lab;
        enum status status = start(&lab, NULL, lively);
        if (!status) status = lab_begin(&lab, &ways[i]);
        if (!status) status = lab_run(&lab);
        digest[i] = lab.digest;
        hash[i] = lab.hash;
        lab_free(&lab);
        assert_int_equal(status, STATUS_OK);
    }
    assert_int_equal(digest[1], digest[0]);
    assert_int_equal(digest[2], digest[0]);
    assert_int_equal(hash[1], hash[0]);
    assert_int_equal(hash[2], hash[0]);
}

/* Saved at half past eight in the evening of the second day, resumed, to the same end; under
 * intervals shorter and longer than a day too. */
static void test_a_checkpoint_keeps_every_state(void **state)
{
    static const char *const intervals[] = {"measure.interval=0.3", "measure.interval=2.0"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct lab straight, first, second;
        char path[64];
        snprintf(path, sizeof path, "/tmp/reelsim-metrics-%ld", (long)getpid());
        assert_int_equal(start(&straight, NULL, lively), STATUS_OK);
        assert_int_equal(start(&first, NULL, lively), STATUS_OK);
        assert_int_equal(start(&second, NULL, lively), STATUS_OK);
        assert_int_equal(lab_set(&straight, intervals[i]), STATUS_OK);
        assert_int_equal(lab_set(&first, intervals[i]), STATUS_OK);
        assert_int_equal(lab_set(&second, intervals[i]), STATUS_OK);
        assert_int_equal(lab_begin(&straight, NULL), STATUS_OK);
        assert_int_equal(lab_begin(&first, NULL), STATUS_OK);
        assert_int_equal(lab_run(&straight), STATUS_OK);
        assert_int_equal(lab_until(&first, 1.0 + 20.5 / 24), STATUS_OK);
        assert_int_equal(lab_save(&first, path), STATUS_OK);
        assert_int_equal(lab_load(&second, &(struct lab_way){.threads = 2}, path), STATUS_OK);
        unlink(path);
        second.digest = first.digest;
        assert_int_equal(lab_run(&second), STATUS_OK);
        assert_int_equal(second.hash, straight.hash);
        assert_int_equal(second.digest, straight.digest);
        lab_free(&straight);
        lab_free(&first);
        lab_free(&second);
    }
}

static void test_asking_changes_nothing_else(void **state)
{
    uint64_t plain = 0;
    (void)state;
    for (size_t m = 0; m <= metric_count(); m++) {
        struct lab lab;
        const char *name = m ? measure_metrics[m - 1]->name : "";
        enum status status = start(&lab, name, lively);
        if (!status) status = lab_set(&lab, "run.days=1");
        if (!status) status = lab_begin(&lab, NULL);
        if (!status) status = lab_run(&lab);
        uint64_t hash = status ? 0 : model_hash(lab.sim);
        lab_free(&lab);
        assert_int_not_equal(hash, 0);
        if (m == 0) plain = hash;
        if (hash != plain) print_error("%s changes the model\n", name);
        assert_int_equal(hash, plain);
    }
}

/* Nobody there, then one viewer, then no creators: every cell is empty or a finite number. */
static void test_empty_worlds(void **state)
{
    static const char *const worlds[][3] = {{"viewers.count=0", NULL},
                                            {"viewers.count=1", NULL},
                                            {"creators.count=0", "viewers.count=5", NULL}};
    (void)state;
    for (size_t w = 0; w < 3; w++) {
        struct lab lab;
        enum status status = start(&lab, NULL, worlds[w]);
        if (!status) status = lab_begin(&lab, NULL);
        if (!status) status = lab_run(&lab);
        const struct lab_table *series = &lab.table[TABLE_SERIES];
        bool finite = true;
        for (size_t i = 0; i < series->rows * series->columns; i++)
            finite &= !isinf(series->cell[i]);
        size_t rows = series->rows;
        lab_free(&lab);
        assert_int_equal(status, STATUS_OK);
        assert_int_equal(rows, 2);
        assert_true(finite);
    }
}

/* A lively run feeds all but those that need a month: some value in every column. */
static void test_every_metric_says_something(void **state)
{
    static const char *const late[] = {"income_volatility", "mobility", "creator_survival",
                                       "tenure", NULL};
    struct lab lab;
    (void)state;
    assert_int_equal(start(&lab, NULL, lively), STATUS_OK);
    assert_int_equal(lab_begin(&lab, NULL), STATUS_OK);
    assert_int_equal(lab_run(&lab), STATUS_OK);
    for (size_t m = 0; measure_metrics[m]; m++) {
        const struct metric *metric = (const struct metric *)measure_metrics[m];
        size_t known = 0;
        bool must = true;
        for (size_t i = 0; late[i]; i++) must &= strcmp(late[i], metric->about.name) != 0;
        for (size_t c = 0; c < metric->column_count; c++) {
            double figure = (double)NAN;
            assert_true(lab_figure(&lab, metric->columns[c].name, &figure));
            known += isnan(figure) ? 0 : 1;
        }
        if (must && !known) print_error("%s says nothing\n", metric->about.name);
        assert_true(known || !must);
    }
    lab_free(&lab);
}

static void test_declarations(void **state)
{
    (void)state;
    for (size_t m = 0; measure_metrics[m]; m++) {
        const struct metric *metric = (const struct metric *)measure_metrics[m];
        assert_true(metric->column_count >= 1 && metric->column_count <= 8);
        assert_true(metric->about.doc && metric->about.reference);
        assert_non_null(metric->sample);
        for (size_t c = 0; c < metric->column_count; c++)
            assert_true(metric->columns[c].name && metric->columns[c].unit &&
                        metric->columns[c].definition);
        for (size_t k = 0; k < m; k++)
            assert_string_not_equal(measure_metrics[k]->name, metric->about.name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_declarations),
        cmocka_unit_test(test_same_rows_for_any_threads_and_order),
        cmocka_unit_test(test_a_checkpoint_keeps_every_state),
        cmocka_unit_test(test_asking_changes_nothing_else),
        cmocka_unit_test(test_empty_worlds),
        cmocka_unit_test(test_every_metric_says_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
