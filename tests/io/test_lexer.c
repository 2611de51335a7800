/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/lexer.h"

#include "lab.h"

/* A copy that the lexer may change, and what it said. */
struct words {
    char text[4096];
    struct lexer lexer;
    struct errors errors;
};

static struct words *begin(const char *text)
{
    struct words *w = calloc(1, sizeof *w);
    assert_non_null(w);
    assert_true(strlen(text) < sizeof w->text);
    memcpy(w->text, text, strlen(text));
    lexer_init(&w->lexer, "a.cfg", w->text, strlen(text), &w->errors);
    return w;
}

static void end(struct words *w)
{
    errors_free(&w->errors);
    free(w);
}

static void words_come_with_kind_and_line(void **state)
{
    (void)state;
    static const struct {
        enum token_kind kind;
        const char *text;
        int line;
    } wanted[] = {
        {TOKEN_INCLUDE, "@include", 1},
        {TOKEN_TEXT, "\"b.cfg\"", 1},
        {TOKEN_NAME, "a-b_2", 2},
        {TOKEN_MARK, "=", 2},
        {TOKEN_NUMBER, "-1.5e+3", 2},
        {TOKEN_MARK, ";", 2},
        {TOKEN_NAME, "live", 4},
        {TOKEN_MARK, ":", 4},
        {TOKEN_TRUTH, "tRUE", 4},
        {TOKEN_NUMBER, ".5", 5},
        {TOKEN_NUMBER, "7LL", 5},
        {TOKEN_TEXT, "\"\\\"\"", 6},
        {TOKEN_END, "", 7},
    };
    struct words *w = begin("@include \"b.cfg\"\na-b_2=-1.5e+3;# no = 3\n/* x\n*/live:tRUE\n"
                            ".5 7LL\n\"\\\"\"\n// end");
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; ++i) {
        struct token token;
        lexer_next(&w->lexer, &token);
        assert_int_equal(token.kind, wanted[i].kind);
        assert_int_equal(token.line, wanted[i].line);
        assert_int_equal(token.length, strlen(wanted[i].text));
        assert_memory_equal(token.start, wanted[i].text, token.length);
    }
    assert_int_equal(w->lexer.wrong, 0);
    end(w);
}

static void comments_become_blanks_of_the_same_length(void **state)
{
    (void)state;
    static const char text[] = "a # b\n/* c\n d */ e // f",
                      blank[] = "a    \n    \n      e     ";
    struct words *w = begin(text);
    struct token token;
    do lexer_next(&w->lexer, &token);
    while (token.kind != TOKEN_END);
    assert_string_equal(w->text, blank);
    end(w);
}

/* Every word is read to its end: no text keeps the lexer at one place. */
static void a_wrong_word_is_told_once_and_passed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"0x1F", "hexadecimal"},
        {"08", NULL},
        {"1e", "`1e` is not a number"},
        {"1e5L", "`1e5L` is not a number"},
        {"1..2", "`1..2` is not a number"},
        {"+-1", "unexpected `+`"},
        {"-inf", "`-inf` is not a number"},
        {"9223372036854775807L", NULL},
        {"-9223372036854775808L", NULL},
        {"-9223372036854775809L", "does not fit in 64 bits"},
        {"-2147483648", NULL},
        {"-2147483649", "past 32 bits"},
        {"1.7976931348623157e308", NULL},
        {"\"\\q\"", "backslash"},
        {"\"abc", "not closed"},
        {"\"abc\\", "backslash"},
        {"/* abc", "never closed"},
        {"/*/", "never closed"},
        {"@import", "did you mean `@include`"},
        {"~", "unexpected `~`"},
        {"\x01", "0x01"},
        {"*", "unexpected `*`"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        struct words *w = begin(cases[i].text);
        struct token token;
        int count = 0;
        do lexer_next(&w->lexer, &token);
        while (token.kind != TOKEN_END && ++count < 10);
        assert_true(count < 10);
        if (cases[i].says)
            assert_says(&w->errors, cases[i].says);
        else
            assert_null(w->errors.text);
        end(w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_come_with_kind_and_line),
        cmocka_unit_test(comments_become_blanks_of_the_same_length),
        cmocka_unit_test(a_wrong_word_is_told_once_and_passed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
