/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <gsl/gsl_cdf.h>

#include "experiment/interference.h"

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-9)

static char folder[] = "/tmp/reelsim_interferenceXXXXXX";
static const struct replications_arm arms[] = {
    {.name = "split"}, {.name = "all_a"}, {.name = "all_b"}};

static void write_text(const char *path, const char *text)
{
    FILE *to = fopen(path, "w");
    assert_non_null(to);
    fputs(text, to);
    assert_int_equal(fclose(to), 0);
}

/* A done trial whose first day is left out. */
static void write_trial(int world, int r, const char *rows)
{
    char path[256], text[1024];
    snprintf(path, sizeof path, "%s/%s", folder, arms[world].name);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/%s/r%04d", folder, arms[world].name, r);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/%s/r%04d/manifest.json", folder, arms[world].name, r);
    write_text(path, "{\n  \"state_hash\": \"00\",\n  \"left_out_days\": 1\n}\n");
    snprintf(path, sizeof path, "%s/%s/r%04d/arms.csv", folder, arms[world].name, r);
    snprintf(text, sizeof text, "day,arm,viewers,creators,impressions,income\n%s", rows);
    write_text(path, text);
}

/* Impressions a viewer: in the split b 6, a 5 (r = 0), b 7 a 5 (r = 1); whole 4 less 3 both
 * times. So the split's differences are 1 and 2, the whole's 1 and 1, the interference's 0 and
 * 1: mean 1/2, sd sqrt(1/2), half width t(1) / 2. */
static void write_all(void)
{
    for (int r = 0; r < 2; r++) {
        char rows[256];
        snprintf(
            rows, sizeof rows,
            "0,a,10,,999,\n0,b,10,,999,\n1,a,10,,40,\n1,b,10,,%d,\n2,a,10,,60,\n2,b,10,,60,\n",
            r ? 80 : 60);
        write_trial(INTERFERENCE_SPLIT, r, rows);
        write_trial(INTERFERENCE_ALL_A, r,
                    "0,a,20,,1,\n0,b,0,,0,\n1,a,20,,60,\n1,b,0,,0,\n2,a,20,,60,\n2,b,0,,0,\n");
        write_trial(INTERFERENCE_ALL_B, r,
                    "0,a,0,,0,\n0,b,20,,1,\n1,a,0,,0,\n1,b,20,,80,\n2,a,0,,0,\n2,b,20,,80,\n");
    }
}

static void known_tables_give_a_known_interference(void **state)
{
    const struct replications run = {.folder = folder, .arm = arms, .arms = 3, .count = 3};
    struct interference out;
    struct errors errors = {0};
    (void)state;
    write_all();
    assert_int_equal(interference_read(&run, 3, &out, &errors), STATUS_OK);
    assert_int_equal(out.count, 1); /* income is empty, viewers are the unit */
    assert_string_equal(out.figure[0].name, "impressions");
    assert_false(out.of_creators);
    assert_int_equal(out.replications, 2); /* the third was not made */
    const struct interference_figure *figure = &out.figure[0];
    NEAR(figure->split.mean, 1.5);
    NEAR(figure->whole.mean, 1);
    NEAR(figure->interference.mean, .5);
    NEAR(figure->interference.sd, sqrt(.5));
    NEAR(figure->interference.high, .5 + gsl_cdf_tdist_Pinv(.975, 1) / 2);
    interference_free(&out);
    errors_free(&errors);
}

static void its_json_has_every_key(void **state)
{
    const struct replications run = {.folder = folder, .arm = arms, .arms = 3, .count = 2};
    struct interference out;
    struct errors errors = {0};
    char *text = NULL;
    size_t size = 0;
    (void)state;
    write_all();
    assert_int_equal(interference_read(&run, 2, &out, &errors), STATUS_OK);
    FILE *to = open_memstream(&text, &size);
    assert_non_null(to);
    interference_json(&out, to);
    assert_int_equal(fclose(to), 0);
    assert_non_null(strstr(text,
                           "{\"metric\": \"impressions\", \"unit\": \"viewer\", \"split\": "
                           "1.5, \"whole\": 1, \"interference\": 0.5, \"ci_low\": "));
    free(text);
    interference_free(&out);
    errors_free(&errors);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_tables_give_a_known_interference),
        cmocka_unit_test(its_json_has_every_key),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
