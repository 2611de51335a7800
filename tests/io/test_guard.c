/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/guard.h"

#include "lab.h"

struct scanned {
    char text[4096];
    struct guard guard;
    struct errors errors;
    enum status status;
};

static struct scanned *scan(const char *text)
{
    struct scanned *s = calloc(1, sizeof *s);
    assert_non_null(s);
    assert_true(strlen(text) < sizeof s->text);
    memcpy(s->text, text, strlen(text));
    s->status = guard_scan(&s->guard, "a.cfg", s->text, strlen(text), &s->errors);
    return s;
}

static void forget(struct scanned *s)
{
    guard_free(&s->guard);
    errors_free(&s->errors);
    free(s);
}

/* What libconfig gets to read, of the same length and with the same lines. */
static void the_text_says_what_was_meant(void **state)
{
    (void)state;
    static const struct {
        const char *text, *left;
        bool valid;
    } cases[] = {
        {"a = [1, 2.5];", "a = (1, 2.5);", true},
        {"@include \"b\"\na = 1; # c", "            \na = 1;    ", true},
        {"@include \"b\";;", "            ", true},
        {"a = ( [ ], [ [ ] ] );", "a = ( ( ), ( ( ) ) );", true},
        {"a = 1x; b = yes;", "a = []; b = [] ;", false},
        {"a.b = 1; c = (12x);", "*_b = 1; c = ([] );", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        struct scanned *s = scan(cases[i].text);
        assert_int_equal(s->status, cases[i].valid ? STATUS_OK : STATUS_BAD_INPUT);
        assert_true(s->guard.readable);
        assert_memory_equal(s->text, cases[i].left, strlen(cases[i].left));
        assert_int_equal(strlen(s->text), strlen(cases[i].text));
        forget(s);
    }
}

static void includes_are_kept_in_order_with_their_lines(void **state)
{
    (void)state;
    struct scanned *s = scan(
        "@include \"a\" @include \"b c.cfg\";\n\n@include\n\"/d\"\nx = 1;");
    assert_int_equal(s->status, STATUS_OK);
    assert_int_equal(s->guard.include_count, 3);
    assert_string_equal(s->guard.includes[1].name, "b c.cfg");
    assert_int_equal(s->guard.includes[1].line, 1);
    assert_string_equal(s->guard.includes[2].name, "/d");
    assert_int_equal(s->guard.includes[2].line, 3);
    forget(s);
}

static void what_libconfig_cannot_read_is_not_handed_on(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "a = ;",      "a = (1",  "a 1;",           "a = 1; a = 2;",
        "}",          "a = \"x", "a = y;",         "/*",
        "$ = 1;",     "a = {",   "@include",       "a = 1;\n@include \"b\"",
        "a = (1 2);", "= 1;",    "a = 1,, b = 2;", "a = @;"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        struct scanned *s = scan(texts[i]);
        if (s->status != STATUS_BAD_INPUT) print_error("%s\n", texts[i]);
        assert_int_equal(s->status, STATUS_BAD_INPUT);
        assert_false(s->guard.readable);
        assert_non_null(s->errors.text);
        forget(s);
    }
}

static void names_are_counted_in_their_own_group(void **state)
{
    (void)state;
    struct scanned *s = scan(
        "a = { b = 1; c = { b = 1; }; }; b = ( { b = 1; }, { b = 2; } ); c = 1;");
    assert_int_equal(s->status, STATUS_OK);
    forget(s);
    s = scan("a = { b = 1;\nc = { b = 1; };\nb = 2; };");
    assert_says(&s->errors, "a.cfg:3: `b` is set twice in this group, first on line 1");
    forget(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_says_what_was_meant),
        cmocka_unit_test(includes_are_kept_in_order_with_their_lines),
        cmocka_unit_test(what_libconfig_cannot_read_is_not_handed_on),
        cmocka_unit_test(names_are_counted_in_their_own_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
