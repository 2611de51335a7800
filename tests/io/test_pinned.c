/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/pinned.h"

#include "base/memory.h"
#include "io/resolved.h"
#include "lab.h"

static int enter(void **state)
{
    char *folder = lab_open();
    *state = folder;
    return chdir(folder);
}

static int leave(void **state)
{
    if (chdir("/")) return 1;
    lab_close(*state);
    return 0;
}

static struct model *new_model(void)
{
    struct errors errors = {0};
    struct model *model = calloc(1, sizeof *model);
    assert_non_null(model);
    assert_int_equal(model_init(model, NULL, &errors), STATUS_OK);
    return model;
}

static void drop_model(struct model *model)
{
    model_free(model);
    free(model);
}

static void set(struct model *model, const char *path, const char *value)
{
    struct errors errors = {0};
    assert_int_equal(parameters_set(&model->parameters, path, value, "test", &errors),
                     STATUS_OK);
}

/* A file of people that only has a name and a digest. */
static void add_people(struct model *model, uint64_t digest)
{
    set(model, "run.audience", "people.aud");
    model->audience = memory_alloc(1, sizeof *model->audience);
    assert_non_null(model->audience);
    model->audience->digest = digest;
}

static void save(struct model *model, const char *path)
{
    struct errors errors = {0};
    char *text = pinned_text(model, NULL);
    assert_non_null(text);
    assert_int_equal(pinned_save(path, text, &errors), STATUS_OK);
    free(text);
}

/* What was pinned, and what a fresh model makes of it, are the same settings to the last bit.
 */
static void a_model_comes_back(void **state)
{
    (void)state;
    int32_t cohort = 0;
    struct errors errors = {0};
    struct model *model = new_model(), *again = new_model();
    set(model, "run.days", "17");
    set(model, "revenue.ads.cpm", "0.1234567890123456");
    set(model, "run.name", "a \"name\"");
    assert_int_equal(parameters_grow(&model->parameters, "creators.cohorts", &cohort),
                     STATUS_OK);
    set(model, "creators.cohorts[0].count", "3");
    save(model, "pinned.json");
    char *then = NULL;
    assert_int_equal(pinned_read("pinned.json", &then, &errors), STATUS_OK);
    char *settings = pinned_settings(then);
    assert_non_null(settings);
    assert_int_equal(resolved_apply(settings, NULL, &again->parameters, "t", &errors),
                     STATUS_OK);
    char *now = pinned_text(again, NULL);
    assert_string_equal(now, then);
    assert_int_equal(errors.count, 0);
    free(now);
    free(then);
    free(settings);
    drop_model(model);
    drop_model(again);
}

static void another_file_is_refused(void **state)
{
    (void)state;
    struct errors errors = {0};
    struct model *model = new_model();
    add_people(model, 7);
    char *then = pinned_text(model, NULL);
    assert_non_null(then);
    assert_int_equal(pinned_check(then, model, NULL, "a.cfg", &errors), STATUS_OK);
    model->audience->digest = 8;
    assert_int_equal(pinned_check(then, model, NULL, "a.cfg", &errors), STATUS_BAD_INPUT);
    assert_non_null(strstr(errors.text, "a.cfg: people.aud is another file than"));
    errors_free(&errors);
    set(model, "run.audience", "others.aud"); /* an axis may name another one */
    assert_int_equal(pinned_check(then, model, NULL, "a.cfg", &errors), STATUS_OK);
    free(then);
    drop_model(model);
}

/* A state is told by its last eight bytes, which are its digest. */
static void another_state_is_refused(void **state)
{
    (void)state;
    struct errors errors = {0};
    struct model *model = new_model();
    add_people(model, 7);
    lab_write("day", "a state of day one", 18);
    char *then = pinned_text(model, "day");
    assert_non_null(then);
    assert_int_equal(pinned_check(then, model, "day", "past", &errors), STATUS_OK);
    lab_write("day", "a state of day two", 18);
    assert_int_equal(pinned_check(then, model, NULL, "past", &errors), STATUS_OK);
    assert_int_equal(pinned_check(then, model, "day", "past", &errors), STATUS_BAD_INPUT);
    assert_non_null(strstr(errors.text, "past: day is another file than"));
    assert_int_equal(errors.count, 1);
    errors_free(&errors);
    free(then);
    drop_model(model);
}

static void what_changed_is_named(void **state)
{
    (void)state;
    struct errors errors = {0};
    struct model *model = new_model();
    add_people(model, 7);
    save(model, "begun.json");
    char *same = pinned_text(model, NULL);
    pinned_compare("begun.json", same, "here", &errors);
    assert_int_equal(errors.count, 0);
    free(same);
    set(model, "run.days", "41");
    model->audience->digest = 8;
    char *now = pinned_text(model, NULL);
    pinned_compare("begun.json", now, "here", &errors);
    assert_int_equal(errors.count, 2);
    assert_non_null(strstr(errors.text, "here: was begun with \"run.days\": 30, now it is 41"));
    assert_non_null(strstr(errors.text, "here: people.aud has changed since"));
    errors_free(&errors);
    pinned_compare("missing.json", now, "here", &errors);
    assert_int_equal(errors.count, 0);
    free(now);
    drop_model(model);
}

/* A whole other scenario is told in a dozen lines. */
static void few_of_many_are_named(void **state)
{
    (void)state;
    struct errors errors = {0};
    char then[1000] = "", now[1000] = "";
    for (int i = 0; i < 20; i++) {
        size_t a = strlen(then), b = strlen(now);
        snprintf(then + a, sizeof then - a, "%s    \"a.%d\": 1", i ? ",\n" : "", i);
        snprintf(now + b, sizeof now - b, "%s    \"a.%d\": 2", i ? ",\n" : "", i);
    }
    assert_int_equal(resolved_compare(then, now, "here", &errors), 20);
    assert_int_equal(errors.count, 13);
    assert_non_null(strstr(errors.text, "here: and 8 more settings differ"));
    errors_free(&errors);
}

static void what_is_none_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "{",
                                        "[]",
                                        "{\"scenario\": 3}",
                                        "{\"scenario\": {}}",
                                        "{\"files\": {}, \"scenario\": \"text\"}",
                                        "{\"scenario\": {\n    \"run.days\": 3"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct errors errors = {0};
        char *text = NULL;
        lab_write("odd.json", texts[i], strlen(texts[i]));
        assert_int_equal(pinned_read("odd.json", &text, &errors), STATUS_BAD_INPUT);
        assert_null(text);
        assert_non_null(strstr(errors.text, "odd.json: holds no pinned scenario"));
        errors_free(&errors);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_comes_back),       cmocka_unit_test(another_file_is_refused),
        cmocka_unit_test(another_state_is_refused), cmocka_unit_test(what_changed_is_named),
        cmocka_unit_test(few_of_many_are_named),    cmocka_unit_test(what_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
