/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <unistd.h>

#include "io/audience.h"
#include "io/file.h"
#include "sim/lab.h"

static char path[128];

static int set_path(void **state)
{
    const char *folder = getenv("TMPDIR");
    (void)state;
    snprintf(path, sizeof path, "%.80s/people-%ld", folder ? folder : "/tmp", (long)getpid());
    return 0;
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void save(struct audience *a)
{
    struct errors errors = {0};
    assert_int_equal(audience_save(a, path, &errors), STATUS_OK);
    assert_int_equal(errors.count, 0);
}

static void test_comes_back(void **state)
{
    struct audience a, b = {0};
    struct errors errors = {0};
    (void)state;
    assert_int_equal(lab_people(&a, "x"), STATUS_OK);
    save(&a);
    assert_int_equal(audience_load(&b, path, &errors), STATUS_OK);
    assert_int_equal(b.viewers, a.viewers);
    assert_int_equal(b.videos, a.videos);
    assert_int_equal(b.creators, a.creators);
    assert_true(b.timed && !b.authored);
    assert_true(b.act_rate[0] == -1 && b.digest != 0);
    assert_memory_equal(a.viewer, b.viewer, a.viewers * sizeof *a.viewer);
    assert_memory_equal(a.video, b.video, a.videos * sizeof *a.video);
    audience_free(&a);
    audience_free(&b);
}

static void refused(const char *why)
{
    struct audience b = {0};
    struct errors errors = {0};
    assert_int_equal(audience_load(&b, path, &errors), STATUS_BAD_INPUT);
    assert_int_equal(errors.count, 1);
    assert_non_null(strstr(errors.text, path));
    if (!strstr(errors.text, why)) fail_msg("\"%s\" does not say \"%s\"", errors.text, why);
    audience_free(&b);
    errors_free(&errors);
}

/* What has good sums and cannot be: each bound is looked at. */
static void test_impossible_contents(void **state)
{
    (void)state;
    static const char *const why[] = {"viewer 3: taste is longer than 1",
                                      "viewer 3: activity must be",
                                      "viewer 3: budget must",
                                      "viewer 3: more sessions than rows",
                                      "video 5: its creator is not there",
                                      "video 5: quality must be",
                                      "video 5: times are out of order",
                                      "there must be a creator",
                                      "gaps must be"};
    for (int wrong = 0; wrong < 9; wrong++) {
        struct audience a;
        assert_int_equal(lab_people(&a, "x"), STATUS_OK);
        switch (wrong) {
        case 0:
            a.viewer[3].taste.lane[0] = 32767;
            break;
        case 1:
            a.viewer[3].activity = (float)NAN;
            break;
        case 2:
            a.viewer[3].budget = 0;
            break;
        case 3:
            a.viewer[3].sessions = a.viewer[3].rows + 1;
            break;
        case 4:
            a.video[5].creator = a.creators;
            break;
        case 5:
            a.video[5].quality = 1;
            break;
        case 6:
            a.video[5].last_s = a.span_s + 1;
            break;
        case 7:
            a.creators = 0;
            break;
        case 8:
            a.gap_s[1] = (double)INFINITY;
            break;
        }
        save(&a);
        refused(why[wrong]);
        audience_free(&a);
    }
}

/* Every byte counts: one of them turned over, or the file cut off there. */
static void test_damage(void **state)
{
    struct audience a;
    struct errors errors = {0};
    char *text;
    size_t size;
    (void)state;
    assert_int_equal(lab_people(&a, "x"), STATUS_OK);
    save(&a);
    audience_free(&a);
    assert_int_equal(file_read(path, 1 << 20, &text, &size, &errors), STATUS_OK);
    for (size_t at = 0; at < size; at += 97) {
        FILE *file = fopen(path, "w");
        text[at] ^= 0x41;
        assert_int_equal(fwrite(text, 1, at % 2 ? size : at, file), at % 2 ? size : at);
        text[at] ^= 0x41;
        fclose(file);
        refused(path);
    }
    free(text);
}

static void test_other_files(void **state)
{
    FILE *file = fopen(path, "w");
    (void)state;
    fputs("1\t2\t3\t4\n", file);
    fclose(file);
    refused("it is no audience file of this program");
    unlink(path);
    refused("no audience file: No such file");
    fclose(fopen(path, "w"));
    refused("it is no audience file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comes_back),
        cmocka_unit_test(test_impossible_contents),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_other_files),
    };
    return cmocka_run_group_tests(tests, set_path, remove_file);
}
