/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sweeps' files, the points of their designs, and the folder that keeps them.
 */
#include "experiment/sweep.h"

#include <math.h>

#include "../io/lab.h"
#include "experiment/design.h"
#include "experiment/gather.h"
#include "experiment/kept.h"
#include "experiment/plan.h"
#include "sim/model.h"

struct box {
    char *folder, *file;
    struct model model;
    struct sweep sweep;
    struct errors errors;
};

static enum status read_sweep(struct box *b, const char *inside)
{
    char text[4096];
    sweep_free(&b->sweep);
    errors_free(&b->errors);
    snprintf(text, sizeof text, "sweep : {\nscenario = \"a.cfg\";\n%s\n};\n", inside);
    lab_write(b->file, text, strlen(text));
    enum status status = sweep_read(&b->sweep, b->file, &b->errors);
    return status ? status : sweep_check(&b->sweep, &b->model.parameters, &b->errors);
}

/* A model must not move. */
static void box_open(struct box *b, const char *inside)
{
    *b = (struct box){.folder = lab_open()};
    b->file = file_join(b->folder, "sweep.cfg");
    assert_int_equal(model_init(&b->model, NULL, &b->errors), STATUS_OK);
    if (inside && read_sweep(b, inside)) {
        print_error("%s", b->errors.text);
        fail();
    }
}

static void box_close(struct box *b)
{
    sweep_free(&b->sweep);
    model_free(&b->model);
    free(b->file);
    lab_close(b->folder);
    errors_free(&b->errors);
}

static void refused(struct box *b, const char *inside, const char *message)
{
    assert_int_equal(read_sweep(b, inside), STATUS_BAD_INPUT);
    assert_says(&b->errors, message);
}

#define CPM(rest) "axes = ( { path = \"revenue.ads.cpm\"; " rest " } );"

static void errors_name_line_and_remedy(void **unused)
{
    (void)unused;
    struct box b;
    box_open(&b, NULL);
    refused(&b, "axs = ();", "sweep.cfg:3, did you mean `sweep.axes`?");
    refused(&b, "", "sweep.axes is missing");
    refused(&b, "design = \"gird\"; " CPM("values = [1];"), "did you mean \"grid\"?");
    refused(&b, "\n\naxes = ( { path = \"revenue.ads.cmp\"; values = [1]; } );",
            "unknown setting `revenue.ads.cmp` at ");
    assert_says(&b.errors, "sweep.cfg:5, did you mean `revenue.ads.cpm`?");
    refused(&b, CPM("values = [1, -2];"), "revenue.ads.cpm = -2, must be in");
    refused(&b, CPM("from = 1; to = -1;"), "from must be below to");
    refused(&b, CPM("from = 0; to = 2; scale = \"log\";"), "must begin above 0");
    refused(&b, CPM("from = 1;"), "from and to go together");
    refused(&b, CPM("values = [1]; from = 1; to = 2;"), "must have either");
    refused(&b, CPM("values = [1]; steps = 3;"), "steps and scale are of a range");
    refused(&b, CPM("from = 1; to = 2e9;"), "must be in");
    refused(&b, "axes = ( { values = [1]; } );", "has no path");
    refused(&b,
            "axes = ( { path = \"viewers.count\"; values = [1]; }, { path = \"viewers.count\"; "
            "values = [2]; } );",
            "there is one of that path already");
    refused(&b, "axes = ( { path = \"viewers.count\"; values = [1.5]; } );", "viewers.count");
    refused(&b, "axes = ( { path = \"viewers.count\"; from = 1; to = 3; steps = 7; } );",
            "has the value 1 twice");
    refused(&b, "axes = ( { path = \"platform.ranker\"; values = [1]; } );", "is no number");
    refused(&b, "axes = ( { path = \"run.replicate\"; values = [1]; } );", "replications");
    refused(&b, CPM("values = [1];") " where = [ \"revenue.ads.cpn < 3\" ];",
            "did you mean `revenue.ads.cpm`?");
    refused(&b, CPM("values = [1];") " where = [ \"a\" ];", "must be one comparison");
    assert_int_equal(read_sweep(&b, CPM("values = [1];")), STATUS_OK);
    sweep_free(&b.sweep);
    errors_free(&b.errors);
    assert_int_equal(sweep_read(&b.sweep, "there/is/none.cfg", &b.errors), STATUS_BAD_INPUT);
    box_close(&b);
}

/* The scenario's own values come back. */
static void the_scenario_is_left_alone(void **unused)
{
    (void)unused;
    struct box b;
    box_open(&b, NULL);
    struct parameter at;
    assert_true(parameters_find(&b.model.parameters, "revenue.ads.cpm", &at));
    double before = *(double *)at.value;
    assert_int_equal(read_sweep(&b, CPM("values = [1, 77];")), STATUS_OK);
    assert_true(*(double *)at.value == before);
    box_close(&b);
}

/* All points, one a line: "1 a|2 b|". */
static void all_points(struct box *b, char *out, size_t size)
{
    struct design design = {0};
    struct sweep_point point;
    bool more = true;
    size_t used = 0;
    assert_int_equal(design_begin(&design, &b->sweep, &b->errors), STATUS_OK);
    for (*out = 0; used < size;) {
        assert_int_equal(design_next(&design, &point, &more, &b->errors), STATUS_OK);
        if (!more) break;
        for (size_t i = 0; i < b->sweep.axes; i++)
            used += (size_t)snprintf(out + used, size - used, "%s%s", i ? " " : "",
                                     point.value[i]);
        used += (size_t)snprintf(out + used, size - used, "|");
    }
    design_free(&design);
}

static void grids(void **unused)
{
    (void)unused;
    char text[1024];
    struct box b;
    box_open(&b, "axes = ( { path = \"revenue.ads.cpm\"; from = 1; to = 100; steps "
                 "= 3; scale = \"log\"; }, { path = \"platform.ranker\"; choices = "
                 "[\"mf\", \"popular\"]; } );");
    all_points(&b, text, sizeof text);
    assert_string_equal(text, "1 mf|1 popular|10 mf|10 popular|100 mf|100 popular|");
    assert_int_equal(read_sweep(&b, "axes = ( { path = \"viewers.count\"; from = 100; to = "
                                    "1000000; steps = 4; } );"),
                     STATUS_OK);
    all_points(&b, text, sizeof text);
    assert_string_equal(text, "100|333400|666700|1000000|");
    assert_int_equal(
        read_sweep(&b, "where = [ \"revenue.ads.cpm <= 2\", \"platform.ranker != mf\", "
                       "\"run.days > 1\" ];\naxes = ( { path = \"revenue.ads.cpm\"; values = "
                       "[1.5, 2, 3]; }, { path = \"platform.ranker\"; choices = [\"mf\", "
                       "\"popular\"]; } );"),
        STATUS_OK);
    all_points(&b, text, sizeof text);
    assert_string_equal(text, "1.5 popular|2 popular|");
    box_close(&b);
}

static void read_design(struct box *b, const char *design, int points, const char *rest)
{
    char text[1024];
    snprintf(text, sizeof text,
             "design = \"%s\"; points = %d; %s\naxes = ( { path = \"revenue.ads.cpm\"; from = "
             "0; to = 1; }, { path = \"viewers.count\"; from = 0; to = 9; } );",
             design, points, rest);
    if (read_sweep(b, text)) {
        print_error("%s", b->errors.text);
        fail();
    }
}

/* Points in each tenth of both axes. */
static uint64_t count_points(struct box *b, int count[2][10])
{
    struct design design = {0};
    struct sweep_point point;
    uint64_t points = 0;
    bool more = true;
    memset(count, 0, 2 * sizeof count[0]);
    assert_int_equal(design_begin(&design, &b->sweep, &b->errors), STATUS_OK);
    while (design_next(&design, &point, &more, &b->errors) == STATUS_OK && more) {
        assert_int_equal(point.number, points);
        int tenth = (int)(10 * atof(point.value[0]));
        count[0][tenth < 9 ? tenth : 9]++;
        count[1][atoi(point.value[1])]++;
        points++;
    }
    design_free(&design);
    return points;
}

static void designs_fill_the_space(void **unused)
{
    (void)unused;
    static const struct {
        const char *design;
        int least, most;
    } row[] = {{"random", 50, 160}, /* 100 +- 5 sigma */
               {"latin_hypercube", 100, 100},
               {"sobol", 97, 103},
               {"halton", 95, 105}};
    struct box b;
    box_open(&b, NULL);
    int count[2][10];
    for (size_t r = 0; r < sizeof row / sizeof row[0]; r++) {
        read_design(&b, row[r].design, 1000, "");
        assert_int_equal(count_points(&b, count), 1000);
        for (int axis = 0; axis < 2; axis++)
            for (int t = 0; t < 10; t++) {
                assert_in_range(count[axis][t], row[r].least, row[r].most);
            }
    }
    box_close(&b);
}

/* Seeds move random designs; an axis more does not move the others. */
static void draws_are_addressed(void **unused)
{
    (void)unused;
    char one[512], again[512], other[512];
    struct box b;
    box_open(&b, "design = \"random\"; points = 5; " CPM("from = 1; to = 2;"));
    all_points(&b, one, sizeof one);
    all_points(&b, again, sizeof again);
    assert_string_equal(one, again);
    assert_int_equal(
        read_sweep(&b, "design = \"random\"; points = 5; seed = 2; " CPM("from = 1; to = 2;")),
        STATUS_OK);
    all_points(&b, other, sizeof other);
    assert_string_not_equal(one, other);
    assert_int_equal(read_sweep(&b, "design = \"random\"; points = 5; axes = ( { path = "
                                    "\"viewers.count\"; values = [7]; }, { path = "
                                    "\"revenue.ads.cpm\"; from = 1; to = 2; } );"),
                     STATUS_OK);
    all_points(&b, other, sizeof other);
    for (char *at = strstr(other, "7 "); at; at = strstr(at, "7 "))
        if (at == other || at[-1] == '|') memmove(at, at + 2, strlen(at + 2) + 1);
    assert_string_equal(one, other);
    box_close(&b);
}

static void narrow_conditions(void **unused)
{
    (void)unused;
    struct box b;
    box_open(&b, NULL);
    int count[2][10];
    read_design(&b, "sobol", 100, "where = [ \"revenue.ads.cpm < 0.1\" ];");
    assert_int_equal(count_points(&b, count), 100);
    assert_int_equal(count[0][0], 100);
    read_design(&b, "random", 10, "where = [ \"revenue.ads.cpm > 1\" ];");
    assert_int_equal(count_points(&b, count), 0);
    assert_says(&b.errors, "only 0 of 10000 points");
    box_close(&b);
}

static void permutations(void **unused)
{
    (void)unused;
    static const uint64_t sizes[] = {1, 2, 3, 10, 64, 1000};
    static char seen[1000];
    const struct stream_key key = {{1, 2}};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        memset(seen, 0, sizeof seen);
        for (uint64_t i = 0; i < sizes[s]; i++) {
            uint64_t at = design_permute(key, 5, i, sizes[s]);
            assert_true(at < sizes[s] && !seen[at]);
            seen[at] = 1;
        }
    }
}

/* ---------------------------------------------------------------------------------- the folder
 */

static void make_trial(const struct plan *plan, uint64_t point, uint64_t replicate, bool good)
{
    static const char cohorts[] = "day,cohort,income,costs,hours_worked,profit_hour\n"
                                  "1,\"a, b\",3,1,2,1\n";
    struct errors errors = {0};
    char manifest[256];
    char *folder = plan_folder_of(plan, point, replicate);
    char *path = file_join(folder, good ? "manifest.json" : "failed");
    char *table = file_join(folder, "cohorts.csv");
    snprintf(
        manifest, sizeof manifest,
        "{\"state_hash\": \"0\", \"left_out_days\": 1, \"summary\": {\"dau\": %d, \"wau\": "
        "null}}",
        (int)(point * 10 + replicate));
    assert_int_equal(file_make_folder(folder, &errors), STATUS_OK);
    if (!good)
        snprintf(manifest, sizeof manifest, "exit 139\nseed -1\nreplicate 1\n\nit, fell\n");
    lab_write(path, manifest, strlen(manifest));
    if (good) lab_write(table, cohorts, sizeof cohorts - 1);
    free(table);
    free(path);
    free(folder);
}

static char *gathered(const struct plan *plan, bool wide, const char *metrics, bool failed)
{
    const struct gather_options options = {plan, metrics, wide};
    struct gather_counts counts;
    struct errors errors = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    enum status status = failed ? gather_failed(plan, to, &errors)
                                : gather_table(&options, to, &counts, &errors);
    assert_int_equal(status, STATUS_OK);
    fclose(to);
    return text;
}

static enum status make(struct plan *plan, struct box *b, const char *folder,
                        const char *settings, bool force)
{
    const struct plan_options options = {
        .folder = folder, .settings = settings, .force = force};
    return plan_make(plan, &b->sweep, &options, &b->errors);
}

static void assert_tables(const struct plan *plan)
{
    char *text = gathered(plan, false, NULL, false);
    assert_non_null(strstr(text, "point,replicate,revenue.ads.cpm,metric,value\n"
                                 "0,0,1.5,dau,0\n0,0,1.5,wau,\n0,0,1.5,\"a, b.income\",3\n"));
    assert_null(strstr(text, "\n1,1,"));
    free(text);
    text = gathered(plan, true, "dau,*.profit_hour", false);
    assert_string_equal(text, "point,replicate,revenue.ads.cpm,dau,\"a, b.profit_hour\"\n"
                              "0,0,1.5,0,1\n0,1,1.5,1,1\n1,0,2,10,1\n");
    free(text);
    text = gathered(plan, false, NULL, true);
    assert_string_equal(text, "point,replicate,revenue.ads.cpm,exit,seed,message\n"
                              "1,1,2,139,,\"\nit, fell\"\n");
    free(text);
}

static void a_folder_of_trials(void **unused)
{
    (void)unused;
    struct box b;
    box_open(&b, "replications = 2; " CPM("values = [1.5, 2];"));
    struct plan plan, again;
    struct gather_counts counts;
    char *folder = file_join(b.folder, "out");
    assert_int_equal(make(&plan, &b, folder, "x", false), STATUS_OK);
    assert_int_equal(plan_trials(&plan), 4);
    assert_int_equal(gather_check(&plan, "dua", &b.errors), STATUS_OK); /* none is done */
    make_trial(&plan, 0, 0, true);
    make_trial(&plan, 0, 1, true);
    make_trial(&plan, 1, 0, true);
    assert_int_equal(gather_count(&plan, &counts, &b.errors), STATUS_OK);
    assert_int_equal(counts.done, 3);
    assert_int_equal(counts.absent, 1);
    assert_int_equal(kept_pack(&plan, &b.errors), STATUS_BAD_INPUT);
    assert_says(&b.errors, "trial 1-1 has not ended");
    assert_int_equal(gather_check(&plan, NULL, &b.errors), STATUS_OK);
    assert_int_equal(gather_check(&plan, "dau,*.profit_hour", &b.errors), STATUS_OK);
    assert_int_equal(gather_check(&plan, "dau,dua,wau,day*", &b.errors), STATUS_USAGE);
    assert_says(&b.errors, "--metric dua: no trial has it");
    assert_says(&b.errors, "--metric day*: no trial has it");
    make_trial(&plan, 1, 1, false);
    assert_tables(&plan);
    assert_int_equal(gather_count(&plan, &counts, &b.errors), STATUS_OK);
    assert_int_equal(counts.sealed, 0);
    assert_int_equal(kept_pack(&plan, &b.errors), STATUS_OK);
    assert_false(lab_exists(folder, "trials/000/000"));
    assert_true(lab_exists(folder, "trials/000/000.tar.zst"));
    assert_tables(&plan);
    assert_int_equal(gather_count(&plan, &counts, &b.errors), STATUS_OK);
    assert_int_equal(counts.done, 3);
    assert_int_equal(counts.failed, 1);
    assert_int_equal(counts.sealed, 1);
    assert_int_equal(kept_pack(&plan, &b.errors), STATUS_OK);

    errors_free(&b.errors);
    assert_int_equal(make(&again, &b, folder, "x", false), STATUS_OK);
    plan_free(&again);
    assert_int_equal(make(&again, &b, folder, "y", false), STATUS_BAD_INPUT);
    assert_says(&b.errors, "of another scenario or other settings");
    plan_free(&again);
    assert_int_equal(make(&again, &b, folder, "y", true), STATUS_OK);
    assert_false(lab_exists(folder, "trials"));
    plan_free(&again);
    plan_free(&plan);
    free(folder);
    box_close(&b);
}

/* 10,000 trials of which none is done: ten folders of a thousand, each trial once. */
static void trials_are_spread(void **unused)
{
    (void)unused;
    struct box b;
    box_open(&b,
             "design = \"halton\"; points = 2500; replications = 4; " CPM("from = 1; to = 2;"));
    struct plan plan;
    struct plan_walk walk;
    bool more = true;
    uint64_t trials = 0;
    assert_int_equal(make(&plan, &b, b.folder, "x", false), STATUS_OK);
    assert_int_equal(plan_buckets(&plan), 10);
    assert_int_equal(plan_begin(&walk, &plan, &b.errors), STATUS_OK);
    while (plan_next(&walk, &more, &b.errors) == STATUS_OK && more) {
        char tail[64];
        snprintf(tail, sizeof tail, "/trials/000/%03d/%d-%d", (int)(trials / 1000),
                 (int)(trials / 4), (int)(trials % 4));
        assert_string_equal(walk.folder + strlen(b.folder), tail);
        assert_int_equal(plan_state(&walk), TRIAL_ABSENT);
        trials++;
    }
    assert_int_equal(trials, 10000);
    plan_end(&walk);
    plan_free(&plan);
    box_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_name_line_and_remedy),
        cmocka_unit_test(the_scenario_is_left_alone),
        cmocka_unit_test(grids),
        cmocka_unit_test(designs_fill_the_space),
        cmocka_unit_test(draws_are_addressed),
        cmocka_unit_test(narrow_conditions),
        cmocka_unit_test(permutations),
        cmocka_unit_test(a_folder_of_trials),
        cmocka_unit_test(trials_are_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
