/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LINK: -Wl,--wrap=calloc */
/* THREADS */
/*
 * The engine's promises: each entity's events in their total order, others touched from the
 * next window on and never earlier, phases, horizons, and a state that can be saved and loaded.
 */
#include "engine/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WINDOW 100
#define ENTITIES 64

static long fail_at = -1;
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
    if (fail_at >= 0 && fail_at-- == 0) return NULL;
    return __real_calloc(count, size);
}

/* ------------------------------------------------------------------- a small model of its own
 */

/* Each entity folds what happens to it, checks its order and answers with random events: to
 * itself, also inside the window, and to others. */
struct person {
    uint64_t fold;
    struct event last;
    sim_time horizon;
    uint32_t steps, disorder, draws;
};

struct town {
    struct person person[ENTITIES];
    bool overstep; /* entity 9 once sends into its own window */
};

static uint32_t draw(struct person *person, uint32_t entity)
{
    uint64_t x = ((uint64_t)entity << 32 | person->draws++) * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 31) * UINT64_C(0xbf58476d1ce4e5b9);
    return (uint32_t)(x >> 32);
}

static void happen(struct scope *scope, const struct event *event)
{
    struct town *town = scope->world;
    uint32_t entity = event->entity;
    struct person *person = &town->person[entity];
    /* What it plans for the very instant at which it runs comes after the event that did so. */
    bool planned_now = event->source == entity && scope->now == event_time(&person->last);
    if (person->steps && !event_before(&person->last, event) && !planned_now)
        person->disorder++;
    if (scope->now < person->horizon && event->source != entity) person->disorder++;
    if (scope->entity != entity || scope->now != event_time(event)) person->disorder++;
    if (scope->horizon < scope->now || scope->horizon > scope->window_end) person->disorder++;
    person->steps++;
    person->last = *event;
    person->horizon = scope->horizon;
    person->fold = (person->fold ^ event->when_kind ^ event->source ^
                    (uint64_t)event->data << 20) *
                   UINT64_C(0x9e3779b97f4a7c15);
    if (event->data == 0) return;
    uint32_t to = draw(person, entity) % ENTITIES;
    uint8_t kind = (uint8_t)(draw(person, entity) % 3);
    scope_send(scope, to, scope->window_end + (draw(person, entity) % 300) / 20 * 20, kind,
               event->data - 1);
    if (draw(person, entity) % 2)
        scope_send(scope, entity, scope->now + draw(person, entity) % 3 * 20, kind,
                   event->data / 2);
    if (town->overstep && entity == 9) scope_send(scope, 10, scope->now, 2, 0);
}

static const struct event_kind_row kinds[] = {
    {"first", happen}, {"second", happen}, {"third", happen}};

struct lab {
    struct engine *engine;
    struct team team;
    struct town town;
    struct errors errors;
};

static enum status lab_open(struct lab *lab, uint32_t shards, uint32_t threads, uint32_t ring)
{
    const struct engine_options options = {
        .shards = shards, .window = WINDOW, .ring = ring, .kinds = kinds, .kind_count = 3};
    *lab = (struct lab){0};
    team_init(&lab->team, threads);
    lab->team.shuffle = true;
    return engine_init(&lab->engine, &options, &lab->team);
}

static void lab_close(struct lab *lab)
{
    engine_free(lab->engine);
    team_free(&lab->team);
    errors_free(&lab->errors);
}

static enum status plan_all(struct lab *lab)
{
    enum status status = STATUS_OK;
    for (uint32_t e = 0; e < ENTITIES && !status; e++)
        for (uint32_t i = 0; i < 3 && !status; i++)
            status = engine_plan(lab->engine, e, e * 13 % 250 / 20 * 20, (uint8_t)i, 9);
    return status;
}

static enum status one_window(struct lab *lab)
{
    enum status status = engine_open(lab->engine);
    if (status) return status;
    engine_run(lab->engine, 0, ENTITIES / 3, &lab->town);
    engine_run(lab->engine, ENTITIES / 3 + 1, UINT32_MAX, &lab->town);
    return engine_close(lab->engine, &lab->errors);
}

static uint64_t fold(const struct lab *lab)
{
    uint64_t sum = 0;
    for (uint32_t e = 0; e < ENTITIES; e++)
        sum = (sum ^ lab->town.person[e].fold) * UINT64_C(0x94d049bb133111eb);
    return sum;
}

static void check(struct lab *lab)
{
    const char *wrong = engine_check(lab->engine);
    if (wrong) fail_msg("%s", wrong);
}

static uint64_t run(uint32_t shards, uint32_t threads, uint32_t ring)
{
    struct lab lab;
    uint64_t steps = 0;
    assert_int_equal(lab_open(&lab, shards, threads, ring), STATUS_OK);
    assert_int_equal(plan_all(&lab), STATUS_OK);
    assert_int_equal(engine_pending(lab.engine), 3 * ENTITIES);
    while (engine_pending(lab.engine)) {
        assert_int_equal(one_window(&lab), STATUS_OK);
        check(&lab);
    }
    for (uint32_t e = 0; e < ENTITIES; e++) {
        assert_int_equal(lab.town.person[e].disorder, 0);
        steps += lab.town.person[e].steps;
    }
    assert_int_equal(engine_executed(lab.engine), steps);
    assert_true(steps > 1000);
    assert_true(engine_ties(lab.engine) > 100);
    assert_int_equal(engine_window_end(lab.engine) - engine_window_start(lab.engine), WINDOW);
    assert_int_equal(engine_window_start(lab.engine),
                     (sim_time)engine_window_number(lab.engine) * WINDOW);
    assert_true(engine_bytes(lab.engine) > 3 * ENTITIES * sizeof(struct event));
    uint64_t result = fold(&lab);
    lab_close(&lab);
    return result;
}

static void test_order_does_not_depend_on_shards_or_threads(void **state)
{
    const uint64_t one = run(1, 1, 0);
    const uint32_t threads[] = {2, 3, 8};
    (void)state;
    for (uint32_t shards = 2; shards <= 256; shards *= 2)
        assert_int_equal(run(shards, 1, 0), one);
    for (int i = 0; i < 3; i++) assert_int_equal(run(16, threads[i], 0), one);
    for (uint32_t ring = 1; ring <= 8; ring *= 2) /* the heap does most of the work */
        assert_int_equal(run(8, 2, ring), one);
}

/* ----------------------------------------------------------------------------- what is caught
 */

static void test_sending_too_early_names_both(void **state)
{
    struct lab lab;
    (void)state;
    assert_int_equal(lab_open(&lab, 4, 2, 0), STATUS_OK);
    lab.town.overstep = true;
    assert_int_equal(engine_plan(lab.engine, 9, 3 * TIME_HOUR + 1234, 1, 1), STATUS_OK);
    enum status status = STATUS_OK;
    while (!status && engine_window_start(lab.engine) < 4 * TIME_HOUR)
        status = one_window(&lab);
    assert_int_equal(status, STATUS_FAULT);
    assert_int_equal(lab.errors.count, 1);
    const char *const said[] = {"entity 9 ",
                                "entity 10 ",
                                "\"third\"",
                                "for 0d 03:00:01.234",
                                "while it was 0d 03:00:01.234",
                                "opens at 0d 03:00:01.300"};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (!strstr(lab.errors.text, said[i]))
            fail_msg("no %s in: %s", said[i], lab.errors.text);
    lab_close(&lab);
}

/* To itself at once or later, never earlier; to others from the window's end on. */
struct attempt {
    uint32_t to;
    sim_time when;
    uint32_t ran;
};

static void try_to_send(struct scope *scope, const struct event *event)
{
    struct attempt *attempt = scope->world;
    attempt->ran++;
    if (event->data == 0) scope_send(scope, attempt->to, attempt->when, 0, 1);
}

static enum status attempt(uint32_t to, sim_time when, uint32_t *ran)
{
    static const struct event_kind_row kind = {"try", try_to_send};
    const struct engine_options options = {
        .shards = 2, .window = WINDOW, .kinds = &kind, .kind_count = 1};
    struct attempt world = {.to = to, .when = when};
    struct errors errors = {0};
    struct engine *engine = NULL;
    struct team team;
    team_init(&team, 1);
    assert_int_equal(engine_init(&engine, &options, &team), STATUS_OK);
    assert_int_equal(engine_plan(engine, 5, 150, 0, 0), STATUS_OK);
    enum status status = STATUS_OK;
    for (int i = 0; i < 4 && !status; i++) {
        assert_int_equal(engine_open(engine), STATUS_OK);
        engine_run(engine, 0, UINT32_MAX, &world);
        status = engine_close(engine, &errors);
    }
    engine_free(engine);
    errors_free(&errors);
    *ran = world.ran;
    return status;
}

static void test_the_earliest_allowed_times(void **state)
{
    uint32_t ran;
    (void)state;
    assert_int_equal(attempt(5, 150, &ran), STATUS_OK);
    assert_int_equal(ran, 2);
    assert_int_equal(attempt(5, 149, &ran), STATUS_FAULT);
    assert_int_equal(ran, 1);
    for (uint32_t to = 6; to <= 7; to++) { /* another shard, the same shard */
        assert_int_equal(attempt(to, 200, &ran), STATUS_OK);
        assert_int_equal(ran, 2);
        assert_int_equal(attempt(to, 199, &ran), STATUS_FAULT);
        assert_int_equal(ran, 1);
    }
}

/* ----------------------------------------------------------------------------------- heralds
 */

struct parade {
    uint32_t heralded[ENTITIES]; /* bit i: announced with i events between */
    uint32_t ran, wrong;
};

static void pass(struct scope *scope, const struct event *event)
{
    struct parade *parade = scope->world;
    uint32_t due = parade->ran == 0 ? 0 : parade->ran == 1 ? 2u : 6u;
    parade->wrong += parade->heralded[event->entity] != due;
    parade->ran++;
}

static void announce(void *world, uint32_t shard, const struct event *event, uint32_t between)
{
    struct parade *parade = world;
    uint32_t bit = 1u << between;
    parade->wrong += shard != 0 || event->entity != parade->ran + between;
    parade->wrong += (parade->heralded[event->entity] & bit) != 0;
    parade->heralded[event->entity] |= bit;
}

/* Every event is announced once at each distance, all but the first ones of a run at both. */
static void test_heralds_run_ahead(void **state)
{
    static const struct event_kind_row kind = {"pass", pass};
    const struct engine_options options = {
        .shards = 1, .window = WINDOW, .kinds = &kind, .kind_count = 1, .herald = announce};
    struct parade parade = {0};
    struct errors errors = {0};
    struct engine *engine = NULL;
    struct team team;
    (void)state;
    team_init(&team, 1);
    assert_int_equal(engine_init(&engine, &options, &team), STATUS_OK);
    for (uint32_t e = 0; e < 10; e++)
        assert_int_equal(engine_plan(engine, e, WINDOW / 2, 0, 0), STATUS_OK);
    assert_int_equal(engine_open(engine), STATUS_OK);
    engine_run(engine, 0, UINT32_MAX, &parade);
    assert_int_equal(engine_close(engine, &errors), STATUS_OK);
    assert_int_equal(parade.ran, 10);
    assert_int_equal(parade.wrong, 0);
    engine_free(engine);
    errors_free(&errors);
}

/* ------------------------------------------------------------------------------------ windows
 */

static void test_windows_without_a_run_drop_their_events_only(void **state)
{
    struct lab lab;
    (void)state;
    assert_int_equal(lab_open(&lab, 4, 1, 2), STATUS_OK);
    for (int w = 0; w < 10; w++)
        assert_int_equal(engine_plan(lab.engine, 7, w * WINDOW + 5, 0, 0), STATUS_OK);
    for (int w = 0; w < 10; w++) {
        assert_int_equal(engine_pending(lab.engine), 10 - w);
        assert_int_equal(engine_open(lab.engine), STATUS_OK);
        if (w % 3 == 1) engine_run(lab.engine, 0, UINT32_MAX, &lab.town);
        if (w % 3 == 2) engine_run(lab.engine, 8, UINT32_MAX, &lab.town);
        assert_int_equal(engine_close(lab.engine, &lab.errors), STATUS_OK);
        check(&lab);
    }
    assert_int_equal(lab.town.person[7].steps, 3);
    lab_close(&lab);
}

/* A message is not lost when the window after its sending is closed without a run. */
static void test_messages_wait_for_their_time(void **state)
{
    struct lab lab;
    (void)state;
    assert_int_equal(lab_open(&lab, 16, 1, 0), STATUS_OK);
    assert_int_equal(engine_plan(lab.engine, 3, 50, 0, 1), STATUS_OK);
    assert_int_equal(one_window(&lab), STATUS_OK);
    uint64_t pending = engine_pending(lab.engine);
    assert_true(pending >= 1);
    uint32_t before = lab.town.person[3].steps, after = 0;
    for (int w = 0; w < 5; w++) assert_int_equal(one_window(&lab), STATUS_OK);
    for (uint32_t e = 0; e < ENTITIES; e++) after += lab.town.person[e].steps;
    assert_int_equal(after - before, pending);
    lab_close(&lab);

    assert_int_equal(lab_open(&lab, 16, 1, 0), STATUS_OK);
    for (uint32_t e = 0; e < ENTITIES; e++)
        assert_int_equal(engine_plan(lab.engine, e, 50, 0, 1), STATUS_OK);
    assert_int_equal(one_window(&lab), STATUS_OK);
    assert_int_equal(engine_open(lab.engine), STATUS_OK);
    assert_int_equal(engine_close(lab.engine, &lab.errors), STATUS_OK);
    assert_true(engine_pending(lab.engine) > 10); /* those for later windows */
    lab_close(&lab);
}

/* ------------------------------------------------------------------------------ save and load
 */

struct tape {
    struct visitor visitor;
    unsigned char *bytes;
    size_t size, at;
};

static void tape_column(struct visitor *v, const char *name, void *data, size_t width,
                        size_t stride, size_t count)
{
    struct tape *t = v->context;
    (void)name;
    if (v->mode == VISIT_SAVE) t->bytes = realloc(t->bytes, t->size + width * count + 1);
    for (size_t i = 0; i < count; i++) {
        char *element = (char *)data + i * stride;
        if (v->mode == VISIT_SAVE)
            memcpy(t->bytes + t->size, element, width);
        else if (t->at + width <= t->size)
            memcpy(element, t->bytes + t->at, width);
        else
            v->status = STATUS_BAD_INPUT;
        *(v->mode == VISIT_SAVE ? &t->size : &t->at) += width;
    }
}

static void tape_open(struct tape *tape, enum visit_mode mode)
{
    tape->visitor = (struct visitor){.mode = mode, .column = tape_column, .context = tape};
    tape->at = 0;
}

static void save(struct lab *lab, struct tape *tape)
{
    *tape = (struct tape){0};
    tape_open(tape, VISIT_SAVE);
    engine_visit(lab->engine, &tape->visitor);
    assert_int_equal(tape->visitor.status, STATUS_OK);
}

static void run_to_the_end(struct lab *lab)
{
    while (engine_pending(lab->engine)) assert_int_equal(one_window(lab), STATUS_OK);
}

/* run(T) = run(t) + save + load + run(T - t) for every t; the load goes over a used engine. */
static void test_saved_and_loaded(void **state)
{
    struct lab whole, part, loaded;
    (void)state;
    assert_int_equal(lab_open(&whole, 8, 2, 4), STATUS_OK);
    assert_int_equal(plan_all(&whole), STATUS_OK);
    run_to_the_end(&whole);
    for (int stop = 0; stop < 8; stop++) {
        struct tape tape, again;
        assert_int_equal(lab_open(&part, 8, 1, 4), STATUS_OK);
        assert_int_equal(plan_all(&part), STATUS_OK);
        for (int w = 0; w < stop; w++) assert_int_equal(one_window(&part), STATUS_OK);
        save(&part, &tape);
        assert_int_equal(lab_open(&loaded, 8, 2, stop % 2 ? 4 : 16), STATUS_OK);
        assert_int_equal(plan_all(&loaded), STATUS_OK);
        for (int w = 0; w < 3; w++) assert_int_equal(one_window(&loaded), STATUS_OK);
        loaded.town = part.town;
        tape_open(&tape, VISIT_LOAD);
        engine_visit(loaded.engine, &tape.visitor);
        assert_int_equal(tape.visitor.status, STATUS_OK);
        assert_int_equal(tape.at, tape.size);
        check(&loaded);
        save(&loaded, &again); /* the same bytes, however the buckets grew */
        assert_int_equal(again.size, tape.size);
        assert_memory_equal(again.bytes, tape.bytes, tape.size);
        run_to_the_end(&loaded);
        assert_int_equal(fold(&loaded), fold(&whole));
        assert_int_equal(engine_executed(loaded.engine), engine_executed(whole.engine));
        assert_int_equal(engine_ties(loaded.engine), engine_ties(whole.engine));
        free(tape.bytes);
        free(again.bytes);
        lab_close(&part);
        lab_close(&loaded);
    }
    lab_close(&whole);
}

/* An entity below a bound: how many there are, says the world. */
static bool below(const void *context, const struct event *event)
{
    return event->entity < *(const uint32_t *)context;
}

static void test_events_of_nobody(void **state)
{
    uint32_t entities = ENTITIES;
    struct lab from;
    struct tape tape;
    (void)state;
    assert_int_equal(lab_open(&from, 4, 1, 0), STATUS_OK);
    assert_int_equal(plan_all(&from), STATUS_OK);
    save(&from, &tape);
    for (int gone = 0; gone < 2; gone++, entities--) {
        struct engine *engine;
        const struct engine_options options = {.shards = 4,
                                               .window = WINDOW,
                                               .kinds = kinds,
                                               .kind_count = 3,
                                               .known = below,
                                               .known_context = &entities};
        assert_int_equal(engine_init(&engine, &options, &from.team), STATUS_OK);
        tape_open(&tape, VISIT_LOAD);
        engine_visit(engine, &tape.visitor);
        assert_int_equal(tape.visitor.status, gone ? STATUS_BAD_INPUT : STATUS_OK);
        engine_free(engine);
    }
    free(tape.bytes);
    lab_close(&from);
}

/* Flipped bytes give an error or a state that is whole; never a crash. */
static void test_hostile_bytes(void **state)
{
    struct lab lab;
    struct tape tape;
    int refused = 0, tried = 0;
    (void)state;
    assert_int_equal(lab_open(&lab, 4, 1, 0), STATUS_OK);
    assert_int_equal(plan_all(&lab), STATUS_OK);
    assert_int_equal(one_window(&lab), STATUS_OK);
    save(&lab, &tape);
    for (size_t i = 0; i < tape.size; i += i < 200 ? 1 : 23) {
        unsigned char kept = tape.bytes[i];
        tried++;
        tape.bytes[i] ^= (unsigned char)(0x80 >> i % 3);
        tape_open(&tape, VISIT_LOAD);
        engine_visit(lab.engine, &tape.visitor);
        if (tape.visitor.status)
            refused++;
        else
            check(&lab);
        tape.bytes[i] = kept;
    }
    assert_true(refused > tried / 10); /* most flips make another event that could be ours */
    free(tape.bytes);
    lab_close(&lab);
}

/* ------------------------------------------------------------------------------------- memory
 */

/* The k-th allocation fails, for every k: an error, no crash, nothing left behind. */
static void test_no_memory(void **state)
{
    bool whole = false;
    (void)state;
    for (long k = 0; !whole; k++) {
        struct lab lab;
        struct tape tape = {0};
        enum status status;
        fail_at = k;
        status = lab_open(&lab, 4, 1, 2);
        if (status) assert_null(lab.engine);
        if (!status) status = plan_all(&lab);
        for (int w = 0; w < 6 && !status; w++) status = one_window(&lab);
        if (!status) {
            tape_open(&tape, VISIT_SAVE);
            engine_visit(lab.engine, &tape.visitor);
            status = tape.visitor.status;
        }
        whole = fail_at >= 0;
        fail_at = -1;
        assert_int_equal(status, whole ? STATUS_OK : STATUS_NO_MEMORY);
        free(tape.bytes);
        lab_close(&lab);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_does_not_depend_on_shards_or_threads),
        cmocka_unit_test(test_sending_too_early_names_both),
        cmocka_unit_test(test_the_earliest_allowed_times),
        cmocka_unit_test(test_heralds_run_ahead),
        cmocka_unit_test(test_windows_without_a_run_drop_their_events_only),
        cmocka_unit_test(test_messages_wait_for_their_time),
        cmocka_unit_test(test_saved_and_loaded),
        cmocka_unit_test(test_events_of_nobody),
        cmocka_unit_test(test_hostile_bytes),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
