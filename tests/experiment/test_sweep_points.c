/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a sweep's points say: known answers from folders written by hand.
 */
#include "experiment/sweep_points.h"

#include <math.h>

#include "../io/lab.h"
#include "io/file.h"

struct bench {
    char *folder;
    struct plan plan;
    struct errors errors;
};

static void write_file(const struct bench *b, const char *name, const char *text)
{
    char *path = file_join(b->folder, name);
    struct errors errors = {0};
    assert_int_equal(file_make_folder_of(path, &errors), STATUS_OK);
    lab_write(path, text, strlen(text));
    free(path);
}

static void bench_open(struct bench *b, const char *design, int points, int replications)
{
    char text[256];
    *b = (struct bench){.folder = lab_open()};
    write_file(b, "design.csv", design);
    snprintf(text, sizeof text, "{\"points\": %d, \"replications\": %d, \"figures\": \"b,a*\"}",
             points, replications);
    write_file(b, "sweep.json", text);
    assert_int_equal(plan_open(&b->plan, b->folder, &b->errors), STATUS_OK);
}

static void bench_close(struct bench *b)
{
    plan_free(&b->plan);
    lab_close(b->folder);
    errors_free(&b->errors);
}

static void add_trial(const struct bench *b, int point, int replicate, double a, double second)
{
    char name[96], text[256];
    snprintf(name, sizeof name, "trials/000/000/%d-%d/manifest.json", point, replicate);
    snprintf(text, sizeof text,
             "{\"state_hash\": \"0\", \"left_out_days\": 1, \"summary\": {\"a\": %.9g, \"b\": "
             "%.9g}}",
             a, second);
    write_file(b, name, text);
}

/* Differences to the highest, point 2: 0.5, -0.1, 0.1 of point 1 (t = 0.945, p = 0.44)
 * and 10.5, 9.9, 10.1 of point 0 (t = 57.6, p = 3.0e-4, three pairs). */
static void what_cannot_be_told(void **unused)
{
    static const double value[3][3] = {{1, 2, 3}, {11, 12, 13}, {11.5, 11.9, 13.1}};
    (void)unused;
    struct bench b;
    struct sweep_points p;
    bench_open(&b, "point,x.load,y.word\n0,0.5,2\n1,1,word\n2,2.5,2\n", 3, 3);
    for (int i = 0; i < 3; i++)
        for (int r = 0; r < 3; r++) add_trial(&b, i, r, value[i][r], 7 - i);
    assert_int_equal(sweep_points_read(&p, &b.plan, "a", &b.errors), STATUS_OK);
    assert_int_equal(p.known, 3);
    assert_int_equal(p.order[0], 2);
    assert_int_equal(p.order[2], 0);
    assert_false(p.alike[0]);
    assert_true(p.alike[1]);
    assert_int_equal(p.alikes, 1);
    assert_true(fabs(p.lead.difference.mean - 0.5 / 3) < 1e-12);
    assert_true(fabs(p.lead.p - 0.444) < 0.001);
    /* mean 2 of 1, 2, 3: half width t(0.975, 2) / sqrt(3) = 4.3027 / 1.7321 */
    assert_true(fabs(sweep_points_mean(&p, 0, 0)->high - 2 - 2.4841) < 1e-3);
    assert_int_equal(p.axis[0].names, 0);
    assert_true(p.axis[0].place[2] > 2.49 && p.axis[0].place[2] < 2.51);
    assert_int_equal(p.axis[1].names, 2);
    assert_string_equal(p.axis[1].name[0], "2");
    assert_true(p.axis[1].place[1] > 0.5 && p.axis[1].place[2] < 0.5);
    sweep_points_free(&p);
    bench_close(&b);
}

static void parts_and_choices(void **unused)
{
    (void)unused;
    struct bench b;
    struct sweep_points p;
    bench_open(&b, "point,x\n0,1\n1,2\n2,2\n", 3, 1);
    assert_int_equal(sweep_points_read(&p, &b.plan, NULL, &b.errors), STATUS_OK);
    assert_int_equal(p.figures, 0); /* nothing is done */
    assert_int_equal(p.counts.absent, 3);
    sweep_points_free(&p);
    add_trial(&b, 1, 0, 5, 6);
    write_file(&b, "trials/000/000/2-0/failed", "exit 1\nseed 1\nreplicate 0\nit fell\n");
    assert_int_equal(sweep_points_read(&p, &b.plan, "b,a*,b", &b.errors), STATUS_OK);
    assert_int_equal(p.figures, 2);
    assert_string_equal(p.figure[0], "b");
    assert_string_equal(p.figure[1], "a");
    assert_int_equal(p.known, 1);
    assert_int_equal(p.order[0], 1);
    assert_int_equal(p.counts.failed, 1);
    assert_true(isnan(*sweep_points_value(&p, 0, 2)));
    assert_int_equal(p.axis[0].levels, 2);
    sweep_points_free(&p);
    assert_int_equal(sweep_points_read(&p, &b.plan, "c", &b.errors), STATUS_USAGE);
    assert_says(&b.errors, "--metric c: no trial has it");
    sweep_points_free(&p);
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_told),
        cmocka_unit_test(parts_and_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
