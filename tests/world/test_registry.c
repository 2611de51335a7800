/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Members by name, and which of those in use each cohort of creators uses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "world/registry.h"

struct crowd {
    struct name_list tools;
};
static const struct schema_row rows[] = {
    {.path = "tools",
     .type = SCHEMA_NAMES,
     .unit = "1",
     .initial = "[]",
     .meaning = "what they use",
     .source = "A",
     .moves = "hash",
     .from = "[]",
     .to = "[\"saw\"]",
     .offset = offsetof(struct crowd, tools)},
};
static const struct schema_table all = {
    .prefix = "creators", .size = sizeof(struct crowd), SCHEMA_ROWS(rows)};
static const struct schema_table cohorts = {.prefix = "creators.cohorts",
                                            .size = sizeof(struct crowd),
                                            .most = SCHEMA_NAMES_MAX,
                                            SCHEMA_ROWS(rows)};
static const char *const in_use[] = {"axe", "saw", "file"};
static const struct registry_users users = {"tools", "workshop.tools", in_use, 3};

struct scene {
    struct parameters parameters;
    struct errors errors;
    uint16_t uses[SCHEMA_NAMES_MAX];
};

static void open_scene(struct scene *self, size_t tables)
{
    const struct schema_table *const list[] = {&all, &cohorts};
    *self = (struct scene){0};
    assert_int_equal(parameters_init(&self->parameters, list, tables), STATUS_OK);
}

static void set(struct scene *self, const char *path, const char *value)
{
    assert_int_equal(parameters_set(&self->parameters, path, value, "test", &self->errors),
                     STATUS_OK);
}

static void grow(struct scene *self, int groups)
{
    int32_t index;
    for (int k = 0; k < groups; k++)
        assert_int_equal(parameters_grow(&self->parameters, "creators.cohorts", &index),
                         STATUS_OK);
}

static enum status read_uses(struct scene *self)
{
    return registry_uses(&self->parameters, &users, self->uses, &self->errors);
}

static void close_scene(struct scene *self)
{
    parameters_free(&self->parameters);
    errors_free(&self->errors);
}

/* Without a word all that is in use, with or without cohorts. */
static void all_by_default(void **state)
{
    struct scene scene;
    (void)state;
    for (size_t tables = 0; tables <= 2; tables += 2) {
        open_scene(&scene, tables);
        assert_int_equal(read_uses(&scene), STATUS_OK);
        for (int k = 0; k < SCHEMA_NAMES_MAX; k++) assert_int_equal(scene.uses[k], UINT16_MAX);
        close_scene(&scene);
    }
}

/* A cohort that says nothing has what all have; the others what they name, in any order. */
static void cohorts_have_their_own(void **state)
{
    struct scene scene;
    (void)state;
    open_scene(&scene, 2);
    set(&scene, "creators.tools", "[\"saw\"]");
    assert_int_equal(read_uses(&scene), STATUS_OK);
    assert_int_equal(scene.uses[0], 2);
    grow(&scene, 3);
    set(&scene, "creators.cohorts[1].tools", "[\"file\", \"axe\"]");
    set(&scene, "creators.cohorts[2].tools", "[]");
    assert_int_equal(read_uses(&scene), STATUS_OK);
    assert_int_equal(scene.uses[0], 2);
    assert_int_equal(scene.uses[1], 5);
    assert_int_equal(scene.uses[2], UINT16_MAX);
    close_scene(&scene);
}

/* What is not in use is refused, for each cohort by its place. */
static void others_are_refused(void **state)
{
    struct scene scene;
    (void)state;
    open_scene(&scene, 2);
    grow(&scene, 2);
    set(&scene, "creators.cohorts[1].tools", "[\"axe\", \"plane\"]");
    assert_int_equal(read_uses(&scene), STATUS_BAD_INPUT);
    assert_non_null(strstr(scene.errors.text,
                           "creators.cohorts[1].tools: \"plane\" is not in use, must be one of "
                           "workshop.tools"));
    close_scene(&scene);
}

static void members_by_name(void **state)
{
    static const struct member axe = {.name = "axe"}, saw = {.name = "saw"};
    const struct member *members[] = {&axe, &saw};
    struct registry tools = {"tool", members, 2};
    const struct registries registries = {&tools, 1};
    const struct name_list known = {.count = 2, .name = {"saw", "axe"}},
                           other = {.count = 2, .name = {"saw", "plane"}};
    struct errors errors = {0};
    (void)state;
    assert_ptr_equal(registry_find(&registries, "tool", "saw"), &saw);
    assert_null(registry_find(&registries, "tool", "plane"));
    assert_null(registry_find(&registries, "toy", "saw"));
    assert_int_equal(registry_known(&registries, "tool", &known, "tools", &errors), STATUS_OK);
    assert_int_equal(registry_known(&registries, "tool", &other, "tools", &errors),
                     STATUS_BAD_INPUT);
    assert_non_null(strstr(errors.text, "tools: there is no tool \"plane\""));
    errors_free(&errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_by_default),
        cmocka_unit_test(cohorts_have_their_own),
        cmocka_unit_test(others_are_refused),
        cmocka_unit_test(members_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
