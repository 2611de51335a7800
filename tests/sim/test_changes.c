/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLOW */
/*
 * Dated changes: every parameter that may change between windows does change the run from its
 * day on, and nothing before it.
 *
 * A small world runs with the first of the row's two values; at noon a change sets it to the
 * second, in the other world to what it is already. States are the same up to the close before,
 * and part by the end: both are run until they do. The changed one is saved when the change has
 * just been made: the run that goes on from there stays in the same state.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/team.h"
#include "rows.h"

struct change {
    struct schema_place at;
    double days, window; /* of the run; d */
    bool before, after;  /* the same state just before the change; still so at the end */
    bool resumed;        /* the same state as the one that was saved after the change */
    enum status status;
    char why[256];
};

struct changes {
    struct change *change;
    size_t count;
};

/* The change comes after the scenario's own ones. */
static enum status set_change(struct lab *lab, const char *path, const char *value, double day)
{
    int32_t at = 0;
    struct parameter text;
    enum status status = parameters_grow(&lab->model.parameters, "policy.changes", &at);
    if (status) return status;
    char name[64];
    snprintf(name, sizeof name, "policy.changes[%d].day", (int)at);
    require(parameters_find(&lab->model.parameters, name, &text));
    *(double *)text.value = day;
    snprintf(name, sizeof name, "policy.changes[%d].set", (int)at);
    require(parameters_find(&lab->model.parameters, name, &text));
    snprintf(text.value, SCHEMA_TEXT_SIZE, "%.255s", path);
    snprintf(name, sizeof name, "policy.changes[%d].value", (int)at);
    require(parameters_find(&lab->model.parameters, name, &text));
    snprintf(text.value, SCHEMA_TEXT_SIZE, "%.255s", value);
    return STATUS_OK;
}

/* The change is made at a quarter of the run, so that what acts by the day can still show. */
static enum status prepare(struct change *c, bool changed, struct lab *lab)
{
    char first[512], second[512], text[640];
    rows_value(c->at.row, false, first, sizeof first);
    rows_value(c->at.row, true, second, sizeof second);
    snprintf(text, sizeof text, "%s=%s", c->at.path, first);
    enum status status = lab_init(lab, lab_tiny, NULL);
    if (!status) status = lab_needs(lab, c->at.row->needs);
    if (!status) status = lab_set(lab, text);
    const struct run_parameters *p = parameters_block(&lab->model.parameters, "run");
    c->days = (double)p->days;
    c->window = p->window / (24 * 60);
    if (!status) status = set_change(lab, c->at.path, changed ? second : first, c->days / 4);
    return status;
}

/* Saves a run that has just been changed and loads it into `again`; then two windows more. */
static enum status resume(struct change *c, struct lab *lab, struct lab *again)
{
    const char *folder = getenv("TMPDIR");
    char path[320];
    snprintf(path, sizeof path, "%.200s/changes-%ld-%.80s", folder ? folder : "/tmp",
             (long)getpid(), c->at.path);
    enum status status = lab_until(lab, c->days / 4 + 0.5 * c->window);
    if (!status) status = lab_save(lab, path);
    if (!status) status = prepare(c, true, again);
    if (!status) status = lab_load(again, NULL, path);
    unlink(path);
    const double until = (double)sim_now(lab->sim) / (double)TIME_DAY + 1.5 * c->window;
    if (!status) status = lab_until(lab, until);
    if (!status) status = lab_until(again, until);
    if (!status) status = sim_hash(lab->sim, &lab->hash);
    if (!status) status = sim_hash(again->sim, &again->hash);
    c->resumed = lab->hash == again->hash;
    return status;
}

/* Both to that day. What a row only counts shows in the tables, not in the state. */
static enum status compare(struct lab lab[2], double day, bool *same)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < 2 && !status; i++) {
        status = lab_until(&lab[i], day);
        if (!status) status = sim_hash(lab[i].sim, &lab[i].hash);
        if (!status && sim_done(lab[i].sim)) status = sim_finish(lab[i].sim);
    }
    *same = lab[0].hash == lab[1].hash && lab[0].digest == lab[1].digest;
    return status;
}

/* Until they part; most do within hours. lab[2] is the second, resumed. */
static enum status part(struct change *c, struct lab lab[3])
{
    static const double looks[] = {0.375, 0.52, 1};
    enum status status = compare(lab, c->days / 4 - 1.5 * c->window, &c->before);
    if (!status) status = resume(c, &lab[1], &lab[2]);
    c->after = true;
    for (size_t i = 0; i < sizeof looks / sizeof *looks && c->after && !status; i++)
        status = compare(lab, looks[i] * c->days, &c->after);
    return status;
}

static void examine(void *context, uint32_t item, uint32_t thread)
{
    struct change *c = &((struct changes *)context)->change[item];
    struct lab lab[3] = {0};
    (void)thread;
    for (int i = 0; i < 2 && !c->status; i++) {
        c->status = prepare(c, i > 0, &lab[i]);
        if (!c->status) c->status = lab_begin(&lab[i], NULL);
    }
    if (!c->status) c->status = part(c, lab);
    for (int i = 0; i < 3; i++) {
        if (c->status && lab[i].errors.text)
            snprintf(c->why, sizeof c->why, "%s: %s", status_text(c->status),
                     lab[i].errors.text);
        lab_free(&lab[i]);
    }
}

static const char *only = "";

static bool may_change(const struct schema_place *place)
{
    char text[512];
    return place->row->when == SCHEMA_WINDOW && strncmp(place->path, only, strlen(only)) == 0 &&
           rows_value(place->row, false, text, sizeof text) &&
           rows_value(place->row, true, text, sizeof text);
}

static void test_changes_act_from_their_day_on(void **state)
{
    (void)state;
    struct lab lab;
    struct team team;
    struct changes all = {0};
    size_t count, failed = 0;
    assert_int_equal(lab_init(&lab, NULL, NULL), STATUS_OK);
    struct schema_place *place = rows_list(&lab.model, &count);
    assert_non_null(place);
    all.change = memory_alloc(count, sizeof *all.change);
    assert_non_null(all.change);
    for (size_t i = 0; i < count; i++)
        if (may_change(&place[i])) all.change[all.count++].at = place[i];
    team_init(&team, 2);
    team_run(&team, (uint32_t)all.count, examine, &all);
    team_free(&team);
    for (size_t i = 0; i < all.count; i++) {
        const struct change *c = &all.change[i];
        if (!c->status && c->before && c->resumed && !c->after) continue;
        failed++;
        print_message("FAIL %s: %s%s%s%s\n", c->at.path, c->why,
                      c->before ? "" : "acts before its day; ",
                      c->resumed ? "" : "another state when resumed; ",
                      c->after ? "changes nothing" : "");
    }
    print_message("%zu parameters changed on a day, %zu wrongly\n", all.count, failed);
    memory_free(all.change);
    memory_free(place);
    lab_free(&lab);
    assert_int_equal(failed, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changes_act_from_their_day_on),
    };
    if (argc > 1) only = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
