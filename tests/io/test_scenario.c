/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fixtures/bad/NAME.cfg must end in exactly the lines of NAME.errors: every error of the file
 * and of what it includes, each with its place. What no text file can hold is made here.
 */
#include "io/scenario.h"

#include <dirent.h>

#include "lab.h"
#include "schema.h"

#define FIXTURES "tests/io/fixtures/"

struct reading {
    struct parameters parameters;
    struct errors errors;
    enum status status;
};

static struct reading read_file(const char *path)
{
    struct reading r = {.status = STATUS_NO_MEMORY};
    if (small_init(&r.parameters) == STATUS_OK)
        r.status = scenario_read(&r.parameters, path, &r.errors);
    return r;
}

static struct reading read_bytes(const void *data, size_t size)
{
    char *folder = lab_open(), *path = file_join(folder, "a.cfg");
    lab_write(path, data, size);
    struct reading r = read_file(path);
    free(path);
    lab_close(folder);
    return r;
}

static struct reading read_text(const char *text) { return read_bytes(text, strlen(text)); }

static void forget(struct reading *r)
{
    parameters_free(&r->parameters);
    errors_free(&r->errors);
}

static void assert_valid(struct reading *r)
{
    if (r->errors.text) print_error("%s", r->errors.text);
    assert_int_equal(r->status, STATUS_OK);
    assert_null(r->errors.text);
}

static const struct viewers_values *viewers(const struct reading *r)
{
    return parameters_block(&r->parameters, "viewers");
}

/* -------------------------------------------------------------------------- what is accepted
 */

static void an_empty_file_is_a_scenario_of_defaults(void **state)
{
    (void)state;
    static const char *const texts[] = {"",   "\n",      "  \r\n\t", "# only this",
                                        ";;", "/* a */", "//",       "\xEF\xBB\xBF"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        struct reading r = read_text(texts[i]);
        assert_valid(&r);
        assert_int_equal(viewers(&r)->count, 1000);
        assert_int_equal(parameters_count(&r.parameters, "creators.cohorts"), 0);
        forget(&r);
    }
    struct reading r = read_file(FIXTURES "good/empty.cfg");
    assert_valid(&r);
    forget(&r);
}

static void every_kind_of_value_is_read(void **state)
{
    (void)state;
    struct reading r = read_file(FIXTURES "good/all.cfg");
    assert_valid(&r);
    const struct platform_values *p = parameters_block(&r.parameters, "platform");
    const struct ads_values *ads = parameters_block(&r.parameters, "revenue.ads");
    const struct cohort_values *c = parameters_block(&r.parameters, "creators.cohorts");
    assert_true(viewers(&r)->count == 5000000000);
    assert_true(viewers(&r)->rate == 1.0); /* an integer for a float, not 0 as libconfig has */
    assert_true(ads->cpm == 1.25);
    assert_int_equal(p->ranker, 0);
    assert_int_equal(p->rankers.count, 2);
    assert_string_equal(p->rankers.name[1], "mf");
    assert_int_equal(p->tiers.count, 3);
    assert_true(p->tiers.value[0] == 300 && p->tiers.value[2] == 10000.5);
    assert_false(p->live);
    assert_string_equal(p->title, "a \"text\" with \\ and \t tab, # no comment");
    assert_int_equal(parameters_count(&r.parameters, "creators.cohorts"), 2);
    assert_string_equal(c[1].name, "rest");
    assert_int_equal(c[1].count, 990);
    forget(&r);
}

static void own_settings_go_over_included_ones(void **state)
{
    (void)state;
    struct reading r = read_file(FIXTURES "good/over.cfg");
    assert_valid(&r);
    const struct ads_values *ads = parameters_block(&r.parameters, "revenue.ads");
    const struct cohort_values *c = parameters_block(&r.parameters, "creators.cohorts");
    assert_int_equal(viewers(&r)->count, 200);
    assert_true(viewers(&r)->rate == 0.25); /* of the base: groups are merged */
    assert_true(ads->cpm == 7);             /* of a file that an included file includes */
    assert_int_equal(parameters_count(&r.parameters, "creators.cohorts"), 1); /* replaced */
    assert_string_equal(c[0].name, "only");
    assert_int_equal(c[0].count, 100);
    forget(&r);
}

/* libconfig 1.5 calls the first two and the last a syntax error. */
static void line_ends_marks_and_last_comments_do_not_matter(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "\xEF\xBB\xBFviewers : { count = 7; };",
        "viewers : { count = 7; }; # the end, no newline",
        "viewers : {\r\n  count = 7;\r\n};\r\n",
        "viewers : { count = 007; };",
        "viewers : { count = +7; }; // x",
        "viewers : { /* { */ count = 7; /* ; */ };\n/**/",
        "viewers:{count=7}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        struct reading r = read_text(texts[i]);
        assert_valid(&r);
        assert_int_equal(viewers(&r)->count, 7);
        forget(&r);
    }
}

static void integers_past_32_bits_need_an_l(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value; /* 0 = refused */
    } cases[] = {{"2147483647", 2147483647},
                 {"2147483647L", 2147483647},
                 {"2147483648", 0},
                 {"2147483648L", 2147483648},
                 {"2147483648LL", 2147483648},
                 {"10000000000L", 10000000000},
                 {"10000000001L", 0},
                 {"9223372036854775808L", 0},
                 {"4294967297", 0},
                 {"18446744073709551617L", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        char text[80];
        snprintf(text, sizeof text, "viewers : { count = %s; };", cases[i].text);
        struct reading r = read_text(text);
        assert_int_equal(r.status, cases[i].value ? STATUS_OK : STATUS_BAD_INPUT);
        if (cases[i].value) assert_true(viewers(&r)->count == cases[i].value);
        forget(&r);
    }
}

static void peeking_passes_over_what_is_unknown(void **state)
{
    (void)state;
    struct parameters parameters;
    struct errors errors = {0};
    assert_int_equal(small_init(&parameters), STATUS_OK);
    assert_int_equal(scenario_peek(&parameters, FIXTURES "bad/unknown.cfg", &errors),
                     STATUS_OK);
    const struct viewers_values *v = parameters_block(&parameters, "viewers");
    assert_int_equal(v->count, 5);
    parameters_free(&parameters);
    errors_free(&errors);
}

/* --------------------------------------------------------------------------- what is refused
 */

/* NAME.cfg against NAME.errors; a file without one is a part of others. */
static void check_fixture(const char *name)
{
    char path[512];
    size_t size = 0;
    snprintf(path, sizeof path, FIXTURES "bad/%.*s.errors", (int)(strlen(name) - 4), name);
    char *wanted = lab_read(path, &size);
    if (!wanted) return;
    snprintf(path, sizeof path, FIXTURES "bad/%s", name);
    struct reading r = read_file(path);
    const char *found = r.errors.text ? r.errors.text : "";
    if (strcmp(found, wanted) != 0)
        print_error("%s: wanted\n%s\nfound\n%s\n", path, wanted, found);
    assert_int_equal(r.status, STATUS_BAD_INPUT);
    assert_string_equal(found, wanted);
    forget(&r);
    free(wanted);
}

static void all_errors_of_a_file_are_told_at_once(void **state)
{
    (void)state;
    int files = 0;
    DIR *folder = opendir(FIXTURES "bad");
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        size_t length = strlen(entry->d_name);
        if (length < 5 || strcmp(entry->d_name + length - 4, ".cfg") != 0) continue;
        check_fixture(entry->d_name);
        ++files;
    }
    closedir(folder);
    assert_true(files >= 25);
}

static void assert_refused(struct reading r, const char *part)
{
    assert_int_equal(r.status, STATUS_BAD_INPUT);
    assert_says(&r.errors, part);
    forget(&r);
}

static void what_is_no_text_is_refused(void **state)
{
    (void)state;
    static const char utf16[] = "\xFF\xFEv\0i\0e\0w\0";
    static const char zero[] = "viewers : { count = 3; };\0 viewers";
    static const char object[] = "\x7f"
                                 "ELF\2\1\1\0\0\0";
    assert_refused(read_bytes(utf16, sizeof utf16), "a.cfg:1: is UTF-16, must be UTF-8 text");
    assert_refused(read_bytes(zero, sizeof zero), "a.cfg:1: is a binary file");
    assert_refused(read_bytes(object, sizeof object), "a.cfg:1: is a binary file");
    assert_refused(read_file("tests/io/fixtures"), "is a folder, expected a file");
    assert_refused(read_file("/dev/zero"), "/dev/zero: is not a regular file");
    assert_refused(read_file(FIXTURES "nowhere.cfg"), "No such file or directory");

    char *folder = lab_open(), *self = file_join("/proc/self", "exe"); /* this very program */
    struct reading r = read_file(self);
    assert_int_equal(r.status, STATUS_BAD_INPUT);
    forget(&r);
    char *pipe = file_join(folder, "pipe"); /* without a writer: must not wait */
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_refused(read_file(pipe), "is not a regular file");
    free(pipe);
    free(self);
    lab_close(folder);
}

static void bytes_outside_ascii_belong_into_text_and_comments(void **state)
{
    (void)state;
    struct reading r = read_text(
        "# caf\xC3\xA9\nplatform : { title = \"\xE7\x9F\xAD\xE8\xA7\x86"
        "\xE9\xA2\x91\"; };");
    assert_valid(&r);
    forget(&r);
    assert_refused(read_text("platform : { title = \"\xC3(\"; };"),
                   "a.cfg:1: text is not UTF-8");
    assert_refused(read_text("platform : { title = \"\xED\xA0\x80\"; };"), "is not UTF-8");
    assert_refused(read_text("platform : { title = \"a\x01\"; };"), "control character");
    assert_refused(read_text("\n\xC3\xA9 = 3;"), "a.cfg:2: unexpected byte 0xC3");
}

/* `count` times `piece`, behind `head`. */
static struct reading read_repeated(const char *head, const char *piece, size_t count)
{
    size_t before = strlen(head), each = strlen(piece);
    char *text = malloc(before + each * count + 1);
    assert_non_null(text);
    memcpy(text, head, before + 1);
    for (size_t i = 0; i < count; ++i) memcpy(text + before + i * each, piece, each);
    struct reading r = read_bytes(text, before + each * count);
    free(text);
    return r;
}

static void sizes_are_bounded(void **state)
{
    (void)state;
    assert_refused(read_repeated("a = ", "(", 1000000), "more than 64 brackets");
    assert_refused(read_repeated("a = ", "[", 1000000), "more than 64 brackets");
    assert_refused(read_repeated("a = ", "{ a = ", 170000), "more than 64 brackets");
    assert_refused(read_repeated("", "(", 1000000), "expected the name of a setting");
    assert_refused(read_repeated("", "}", 1000000), "`}` closes nothing");
    assert_refused(read_repeated("a = ", "1", 1000000), "longer than 64 characters");
    assert_refused(read_repeated("", "n", 1000000), "longer than 64 characters");
    assert_refused(read_repeated("a = \"", "t", 1000000), "must be at most 1024");
    assert_refused(read_repeated("", "@include \"x\"\n", 33), "more than 32 @include lines");
    assert_refused(read_repeated("# ", "x", SCENARIO_BYTES_MOST), "must be at most 1048576");
    struct reading r = read_repeated("#", "x", SCENARIO_BYTES_MOST - 1);
    assert_valid(&r);
    forget(&r);
    r = read_repeated("", "\n", SCENARIO_BYTES_MOST);
    assert_valid(&r);
    forget(&r);
}

static void many_settings_of_one_group_are_refused_quickly(void **state)
{
    (void)state;
    char *text = malloc(1 << 20), *at = text;
    assert_non_null(text);
    for (int i = 0; i < 40000; ++i) at += sprintf(at, "s%d = %d;\n", i, i);
    assert_refused(read_bytes(text, (size_t)(at - text)),
                   "more than 256 settings in one group");
    free(text);
}

static void a_gigabyte_is_refused_by_its_size(void **state)
{
    (void)state;
    char *folder = lab_open(), *path = file_join(folder, "large.cfg");
    lab_write(path, "", 0);
    assert_int_equal(truncate(path, (off_t)1 << 30), 0);
    assert_refused(read_file(path), "1073741824 bytes, must be at most 1048576");
    free(path);
    lab_close(folder);
}

/* 200 lines are kept: a file of nothing but errors must not fill the memory or the screen. */
static void floods_of_errors_are_cut(void **state)
{
    (void)state;
    struct reading r = read_repeated("", "$ ", 300000);
    assert_int_equal(r.status, STATUS_BAD_INPUT);
    assert_true(r.errors.length < 100000);
    forget(&r);
}

static void long_chains_of_includes_are_refused(void **state)
{
    (void)state;
    char *folder = lab_open();
    char name[32], text[64];
    for (int i = 0; i < 20; ++i) {
        snprintf(name, sizeof name, "f%d.cfg", i);
        snprintf(text, sizeof text, "@include \"f%d.cfg\"\n", i + 1);
        char *path = file_join(folder, name);
        lab_write(path, text, strlen(text));
        free(path);
    }
    char *path = file_join(folder, "f0.cfg");
    assert_refused(read_file(path), "too many files inside each other");
    free(path);
    lab_close(folder);
}

/* Two includes a file, twelve deep: 4096 readings unless they are counted. */
static void doubling_includes_are_refused(void **state)
{
    (void)state;
    char *folder = lab_open();
    char name[32], text[96];
    for (int i = 0; i < 12; ++i) {
        snprintf(name, sizeof name, "f%d.cfg", i);
        snprintf(text, sizeof text, "@include \"f%d.cfg\"\n@include \"f%d.cfg\"\n", i + 1,
                 i + 1);
        char *path = file_join(folder, name);
        lab_write(path, text, i < 11 ? strlen(text) : 0);
        free(path);
    }
    char *path = file_join(folder, "f0.cfg");
    assert_refused(read_file(path), "too many includes");
    free(path);
    lab_close(folder);
}

/* A file is itself by any of its names. */
static void loops_through_links_are_found(void **state)
{
    (void)state;
    char *folder = lab_open(), *a = file_join(folder, "a.cfg"), *b = file_join(folder, "b.cfg");
    lab_write(a, "@include \"b.cfg\"\n", 17);
    assert_int_equal(symlink("a.cfg", b), 0);
    assert_refused(read_file(a), "files include each other in a loop");
    free(a);
    free(b);
    lab_close(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_file_is_a_scenario_of_defaults),
        cmocka_unit_test(every_kind_of_value_is_read),
        cmocka_unit_test(own_settings_go_over_included_ones),
        cmocka_unit_test(line_ends_marks_and_last_comments_do_not_matter),
        cmocka_unit_test(integers_past_32_bits_need_an_l),
        cmocka_unit_test(peeking_passes_over_what_is_unknown),
        cmocka_unit_test(all_errors_of_a_file_are_told_at_once),
        cmocka_unit_test(what_is_no_text_is_refused),
        cmocka_unit_test(bytes_outside_ascii_belong_into_text_and_comments),
        cmocka_unit_test(sizes_are_bounded),
        cmocka_unit_test(many_settings_of_one_group_are_refused_quickly),
        cmocka_unit_test(a_gigabyte_is_refused_by_its_size),
        cmocka_unit_test(floods_of_errors_are_cut),
        cmocka_unit_test(long_chains_of_includes_are_refused),
        cmocka_unit_test(doubling_includes_are_refused),
        cmocka_unit_test(loops_through_links_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
