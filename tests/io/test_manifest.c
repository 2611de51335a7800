/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/manifest.h"

#include "io/manifest_text.h"
#include "io/resolved.h"
#include "lab.h"
#include "schema.h"

static char *as_json(const char *text)
{
    char *out = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&out, &size);
    assert_non_null(to);
    manifest_text(to, text);
    fclose(to);
    return out;
}

static void texts_are_json(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "\"\""},
        {"a \"b\" \\c", "\"a \\\"b\\\" \\\\c\""},
        {"tab\tline\n\x01", "\"tab\\u0009line\\u000a\\u0001\""},
        {"\xE7\x9F\xAD", "\"\xE7\x9F\xAD\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *found = as_json(cases[i][0]);
        assert_string_equal(found, cases[i][1]);
        free(found);
    }
}

static void the_resolved_scenario_has_every_setting(void **state)
{
    (void)state;
    struct parameters parameters;
    struct errors errors = {0};
    assert_int_equal(small_init(&parameters), STATUS_OK);
    assert_int_equal(parameters_set(&parameters, "viewers.count", "5000000000L", "t", &errors),
                     STATUS_OK);
    assert_int_equal(parameters_set(&parameters, "viewers.rate", "0.1", "t", &errors),
                     STATUS_OK);
    char *text = resolved_text(&parameters);
    assert_string_equal(text, "    \"viewers.count\": 5000000000,\n"
                              "    \"viewers.rate\": 0.1,\n"
                              "    \"revenue.ads.cpm\": 14.0,\n"
                              "    \"platform.ranker\": \"content\",\n"
                              "    \"platform.live\": true,\n"
                              "    \"platform.title\": \"\",\n"
                              "    \"platform.rankers\": [\"mf\"],\n"
                              "    \"platform.tiers\": [300.0]");
    free(text);
    parameters_free(&parameters);
    errors_free(&errors);
}

static void texts_are_found_again(void **state)
{
    (void)state;
    static const char manifest[] = "{\n  \"name\": \"a \\\"b\\\"\",\n  \"seed\": 1,\n"
                                   "  \"scenario\": {\n    \"git\": \"inner\"\n  }\n}\n";
    char out[8] = "before";
    manifest_find_text(manifest, "name", out, sizeof out);
    assert_string_equal(out, "a \"b\"");
    strcpy(out, "before");
    manifest_find_text(manifest, "git", out, sizeof out); /* not at the top */
    assert_string_equal(out, "before");
    manifest_find_text(manifest, "seed", out, sizeof out); /* a number, as it stands there */
    assert_string_equal(out, "1");
    char tiny[3] = "";
    manifest_find_text(manifest, "name", tiny, sizeof tiny);
    assert_string_equal(tiny, "a ");
    manifest_find_text("{\n  \"name\": \"cut", "name", out, sizeof out);
    assert_string_equal(out, "1"); /* no JSON: untouched */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_json),
        cmocka_unit_test(the_resolved_scenario_has_every_setting),
        cmocka_unit_test(texts_are_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
