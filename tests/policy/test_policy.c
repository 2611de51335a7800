/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "policy/policy.h"

/* A table to make changes in. */
struct toy {
    double price, fixed;
    int64_t count;
    int32_t mode;
    struct name_list names;
};
static const struct schema_row toy_rows[] = {
    {.path = "price",
     .type = SCHEMA_FLOAT,
     .low = 0,
     .high = 10,
     .initial = "1",
     .when = SCHEMA_WINDOW,
     .offset = offsetof(struct toy, price)},
    {.path = "fixed",
     .type = SCHEMA_FLOAT,
     .low = 0,
     .high = 10,
     .initial = "1",
     .offset = offsetof(struct toy, fixed)},
    {.path = "count",
     .type = SCHEMA_INT,
     .low = 0,
     .high = 100,
     .initial = "7",
     .when = SCHEMA_WINDOW,
     .offset = offsetof(struct toy, count)},
    {.path = "mode",
     .type = SCHEMA_CHOICE,
     .choices = "slow|fast",
     .initial = "\"slow\"",
     .when = SCHEMA_WINDOW,
     .offset = offsetof(struct toy, mode)},
    {.path = "names",
     .type = SCHEMA_NAMES,
     .initial = "[\"a\", \"b\"]",
     .when = SCHEMA_WINDOW,
     .offset = offsetof(struct toy, names)},
};
static const struct schema_table toy_table = {
    .prefix = "toy", .size = sizeof(struct toy), SCHEMA_ROWS(toy_rows)};

struct change {
    double day;
    const char *set, *value;
};

struct bench {
    struct parameters parameters;
    struct world world;
    struct policy *policy;
    struct errors errors;
    const struct toy *toy;
};

static enum status bench_open(struct bench *b, const struct change *changes, int n)
{
    const struct schema_table *tables[] = {&toy_table, policy_tables[0], policy_tables[1]};

    memset(b, 0, sizeof *b);
    assert_int_equal(parameters_init(&b->parameters, tables, 3), STATUS_OK);
    for (int i = 0; i < n; i++) {
        char path[64], day[32];
        int32_t index;
        struct parameter at;
        assert_int_equal(parameters_grow(&b->parameters, "policy.changes", &index), STATUS_OK);
        snprintf(path, sizeof path, "policy.changes[%d].day", index);
        snprintf(day, sizeof day, "%.17g", changes[i].day);
        assert_int_equal(parameters_set(&b->parameters, path, day, "test", &b->errors), 0);
        snprintf(path, sizeof path, "policy.changes[%d].set", index);
        assert_true(parameters_find(&b->parameters, path, &at));
        strcpy(at.value, changes[i].set);
        snprintf(path, sizeof path, "policy.changes[%d].value", index);
        assert_true(parameters_find(&b->parameters, path, &at));
        strcpy(at.value, changes[i].value);
    }
    b->toy = parameters_block(&b->parameters, "toy");
    return policy_init(&b->policy, &b->world, &b->parameters, &b->errors);
}

static void bench_close(struct bench *b)
{
    policy_free(b->policy);
    parameters_free(&b->parameters);
    errors_free(&b->errors);
}

static void close_at(struct bench *b, sim_time close)
{
    b->world.close = close;
    assert_int_equal(policy_apply(b->policy, &b->errors), STATUS_OK);
}

static void a_change_comes_at_the_first_close_of_its_day(void **state)
{
    const struct change changes[] = {{2, "toy.price", "4.5"}, {0.5, "toy.mode", "\"fast\""}};
    struct bench b;

    (void)state;
    assert_int_equal(bench_open(&b, changes, 2), STATUS_OK);
    assert_int_equal(b.errors.count, 0);
    assert_true(b.toy->price == 1.0); /* trying it left no trace */
    close_at(&b, TIME_DAY / 2 - 1);
    assert_int_equal(b.toy->mode, 0);
    close_at(&b, TIME_DAY / 2);
    assert_int_equal(b.toy->mode, 1);
    close_at(&b, 2 * TIME_DAY - 1);
    assert_true(b.toy->price == 1.0);
    close_at(&b, 2 * TIME_DAY + 600000);
    assert_true(b.toy->price == 4.5);
    bench_close(&b);
}

static void a_change_comes_once(void **state)
{
    const struct change changes[] = {{1, "toy.price", "3"}};
    struct bench b;
    struct parameter at;

    (void)state;
    assert_int_equal(bench_open(&b, changes, 1), STATUS_OK);
    close_at(&b, TIME_DAY);
    assert_true(parameters_find(&b.parameters, "toy.price", &at));
    *(double *)at.value = 5;
    close_at(&b, 2 * TIME_DAY);
    assert_true(b.toy->price == 5.0);
    bench_close(&b);
}

static void the_later_day_wins_whatever_the_listing(void **state)
{
    const struct change changes[] = {{1.002, "toy.count", "30"}, {1.001, "toy.count", "20"}};
    struct bench b;

    (void)state;
    assert_int_equal(bench_open(&b, changes, 2), STATUS_OK);
    close_at(&b, 2 * TIME_DAY);
    assert_int_equal(b.toy->count, 30);
    bench_close(&b);
}

static void lists_of_names_change_too(void **state)
{
    const struct change changes[] = {{1, "toy.names", "[\"c\"]"}};
    struct bench b;

    (void)state;
    assert_int_equal(bench_open(&b, changes, 1), STATUS_OK);
    assert_int_equal(b.toy->names.count, 2);
    assert_string_equal(b.toy->names.name[1], "b");
    close_at(&b, TIME_DAY);
    assert_int_equal(b.toy->names.count, 1);
    assert_string_equal(b.toy->names.name[0], "c");
    bench_close(&b);
}

/* All wrong changes are reported in one go, each by its place in the list. */
static void wrong_changes_are_found_before_the_run(void **state)
{
    const struct change changes[] = {
        {1, "toy.price", "11"},    /* out of range */
        {1, "toy.fixed", "2"},     /* only at the start */
        {1, "toy.pricce", "2"},    /* misspelt */
        {1, "toy.count", "2.5"},   /* wrong type */
        {1, "toy.mode", "\"up\""}, /* no such choice */
        {1, "toy.price", "2"},     /* fine */
    };
    struct bench b;

    (void)state;
    assert_int_equal(bench_open(&b, changes, 6), STATUS_BAD_INPUT);
    assert_int_equal(b.errors.count, 5);
    assert_null(b.policy);
    for (int i = 0; i < 5; i++) {
        char where[32];
        snprintf(where, sizeof where, "policy.changes[%d]", i);
        assert_non_null(strstr(b.errors.text, where));
    }
    assert_null(strstr(b.errors.text, "policy.changes[5]"));
    assert_non_null(strstr(b.errors.text, "toy.price`?")); /* the suggestion */
    assert_true(b.toy->price == 1.0 && b.toy->fixed == 1.0 && b.toy->count == 7);
    bench_close(&b);
}

struct tape {
    struct visitor visitor;
    char bytes[1024];
    size_t at;
};

static void tape_column(struct visitor *v, const char *name, void *data, size_t width,
                        size_t stride, size_t count)
{
    struct tape *tape = v->context;

    (void)name;
    for (size_t i = 0; i < count; i++, tape->at += width) {
        char *element = (char *)data + i * stride;
        require(tape->at + width <= sizeof tape->bytes);
        if (v->mode == VISIT_LOAD)
            memcpy(element, tape->bytes + tape->at, width);
        else
            memcpy(tape->bytes + tape->at, element, width);
    }
}

static void a_resumed_run_has_the_changes_of_its_past(void **state)
{
    const struct change changes[] = {
        {3, "toy.price", "9"}, {2, "toy.price", "4"}, {1, "toy.price", "3"}};
    struct tape tape = {.at = 0};
    struct bench from, to;

    (void)state;
    assert_int_equal(bench_open(&from, changes, 3), STATUS_OK);
    close_at(&from, 2 * TIME_DAY);
    assert_true(from.toy->price == 4.0);
    tape.visitor = (struct visitor){
        .mode = VISIT_SAVE, .column = tape_column, .context = &tape};
    policy_visit(from.policy, &tape.visitor);
    assert_int_equal(bench_open(&to, changes, 3), STATUS_OK);
    assert_true(to.toy->price == 1.0);
    tape.visitor.mode = VISIT_LOAD;
    tape.at = 0;
    policy_visit(to.policy, &tape.visitor);
    assert_int_equal(tape.visitor.status, STATUS_OK);
    assert_true(to.toy->price == 4.0);
    close_at(&to, 3 * TIME_DAY);
    assert_true(to.toy->price == 9.0);
    bench_close(&from);
    bench_close(&to);
}

/* A file that was tampered with. */
static void what_is_done_is_yes_or_no(void **state)
{
    const struct change changes[] = {{2, "toy.price", "4"}, {1, "toy.price", "3"}};
    const struct {
        size_t at;
        char value;
        enum status status;
    } cases[] = {{0, 0, STATUS_OK},
                 {1, 1, STATUS_OK},
                 {0, 2, STATUS_BAD_INPUT},
                 {1, -1, STATUS_BAD_INPUT},
                 {2, 1, STATUS_BAD_INPUT}};
    struct tape tape = {.at = 0};
    struct bench b;

    (void)state;
    assert_int_equal(bench_open(&b, changes, 2), STATUS_OK);
    tape.visitor = (struct visitor){
        .mode = VISIT_SAVE, .column = tape_column, .context = &tape};
    policy_visit(b.policy, &tape.visitor);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char was = tape.bytes[cases[i].at];
        tape.bytes[cases[i].at] = cases[i].value;
        tape.visitor.mode = VISIT_LOAD;
        tape.visitor.status = STATUS_OK;
        tape.at = 0;
        policy_visit(b.policy, &tape.visitor);
        assert_int_equal(tape.visitor.status, cases[i].status);
        tape.bytes[cases[i].at] = was;
    }
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_comes_at_the_first_close_of_its_day),
        cmocka_unit_test(a_change_comes_once),
        cmocka_unit_test(the_later_day_wins_whatever_the_listing),
        cmocka_unit_test(lists_of_names_change_too),
        cmocka_unit_test(wrong_changes_are_found_before_the_run),
        cmocka_unit_test(a_resumed_run_has_the_changes_of_its_past),
        cmocka_unit_test(what_is_done_is_yes_or_no),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
