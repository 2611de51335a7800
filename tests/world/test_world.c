/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "world/world.h"

struct bench {
    struct parameters parameters;
    struct team team;
    struct world world;
    struct errors errors;
};

static void bench_open(struct bench *b, const char *path, const char *value)
{
    const struct schema_table *tables[] = {&world_table, &topics_table, &regions_table};

    memset(b, 0, sizeof *b);
    assert_int_equal(parameters_init(&b->parameters, tables, 3), STATUS_OK);
    team_init(&b->team, 1);
    if (path)
        assert_int_equal(parameters_set(&b->parameters, path, value, "test", &b->errors),
                         STATUS_OK);
}

static void bench_close(struct bench *b)
{
    world_free(&b->world);
    world_free(&b->world);
    parameters_free(&b->parameters);
    errors_free(&b->errors);
}

static void shards_and_window_come_from_the_scenario(void **state)
{
    struct bench b;

    (void)state;
    bench_open(&b, "run.shards", "16");
    assert_int_equal(world_check(&b.parameters, &b.errors), STATUS_OK);
    assert_int_equal(world_init(&b.world, &b.parameters, &b.team), STATUS_OK);
    assert_int_equal(b.world.shards.count, 16);
    assert_int_equal(b.world.shards.bits, 4);
    assert_int_equal(b.world.window, 10 * TIME_MINUTE);
    assert_int_equal(b.world.topics.count, 24);
    assert_int_equal(world_day(&b.world), 0);
    for (uint32_t n = 0; n < 5000; n += 7) {
        uint32_t row = entity_row(b.world.shards, n), shard = entity_shard(b.world.shards, n);
        assert_int_equal(entity_number(b.world.shards, row, shard), n);
        assert_int_equal(entity_row(b.world.shards, n | ENTITY_CREATOR), row);
    }
    bench_close(&b);
}

static void windows_divide_a_day_and_shards_are_a_power_of_two(void **state)
{
    const char *const good[] = {"1", "1.5", "2", "5", "10", "20", "45", "60"};
    const char *const bad[] = {"7", "11.0", "1.0000001", "50"};
    struct bench b;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        bench_open(&b, "run.window", good[i]);
        assert_int_equal(world_check(&b.parameters, &b.errors), STATUS_OK);
        bench_close(&b);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        bench_open(&b, "run.window", bad[i]);
        assert_int_equal(world_check(&b.parameters, &b.errors), STATUS_BAD_INPUT);
        assert_int_equal(b.errors.count, 1);
        assert_non_null(strstr(b.errors.text, "run.window"));
        assert_int_equal(world_init(&b.world, &b.parameters, &b.team), STATUS_BAD_INPUT);
        bench_close(&b);
    }
    bench_open(&b, "run.shards", "48");
    assert_int_equal(world_check(&b.parameters, &b.errors), STATUS_BAD_INPUT);
    assert_non_null(strstr(b.errors.text, "run.shards = 48"));
    bench_close(&b);
}

/* Occasions are numbered by day in 14 bits (viewers/session.c): no run is longer. */
static void runs_are_as_long_as_occasions_can_tell(void **state)
{
    struct bench b;

    (void)state;
    bench_open(&b, "run.days", "16383");
    assert_int_equal(parameters_set(&b.parameters, "run.days", "16384", "test", &b.errors),
                     STATUS_BAD_INPUT);
    bench_close(&b);
}

/* One of each kind in the last shard. */
static void settle(struct world *w)
{
    uint32_t s = w->shards.count - 1;
    uint32_t row = video_add(&w->videos[s]);

    assert_int_equal(row, 0);
    w->videos[s].row[0].name = 42;
    w->videos[s].row[0].creator = entity_number(w->shards, 0, s);
    viewer_add(&w->viewers[s])->ordinal = 43;
    creator_add(&w->creators[s])->name = 44;
    *boost_add(&w->boosts[s]) = (struct boost){
        .name = 45, .video = entity_number(w->shards, 0, s), .price = 1};
}

static uint64_t hash(struct world *w)
{
    struct visit_hash h = {0};

    assert_int_equal(visit_hash_init(&h), STATUS_OK);
    world_visit(w, &h.visitor);
    uint64_t digest = visit_hash_digest(&h);
    visit_hash_free(&h);
    return digest;
}

static void every_table_is_visited(void **state)
{
    struct bench b;

    (void)state;
    bench_open(&b, "run.shards", "4");
    assert_int_equal(world_init(&b.world, &b.parameters, &b.team), STATUS_OK);
    struct world *w = &b.world;
    uint64_t empty = hash(w);
    settle(w);
    uint64_t full = hash(w);
    assert_true(full != empty && full == hash(w));
    w->videos[3].row[0].name++;
    assert_true(hash(w) != full);
    w->videos[3].row[0].name--;
    w->viewers[3].row[0].ordinal++;
    assert_true(hash(w) != full);
    w->viewers[3].row[0].ordinal--;
    w->creators[3].row[0].name++;
    assert_true(hash(w) != full);
    w->creators[3].row[0].name--;
    w->boosts[3].row[0].name++;
    assert_true(hash(w) != full);
    w->boosts[3].row[0].name--;
    assert_true(hash(w) == full);
    w->creators[1].day.posts++;
    assert_true(hash(w) != full);
    w->creators[1].day.posts--;
    w->viewers[1].day.sessions++;
    assert_true(hash(w) != full);
    w->viewers[1].day.sessions--;
    book_post(&w->creators[2].book, 0, ACCOUNT_VIEWERS, ACCOUNT_PLATFORM, 1);
    assert_true(hash(w) != full);
    bench_close(&b);
}

struct tape {
    struct visitor visitor;
    char *bytes;
    size_t at, size;
};

static void tape_column(struct visitor *v, const char *name, void *data, size_t width,
                        size_t stride, size_t count)
{
    struct tape *tape = v->context;

    (void)name;
    for (size_t i = 0; i < count; i++, tape->at += width) {
        char *element = (char *)data + i * stride;
        require(tape->at + width <= tape->size);
        if (v->mode == VISIT_LOAD)
            memcpy(element, tape->bytes + tape->at, width);
        else
            memcpy(tape->bytes + tape->at, element, width);
    }
}

/* A world of one of each kind, changed by `change` if not NULL, is saved and loaded. */
static enum status carry(struct bench *from, struct bench *to, void (*change)(struct world *w))
{
    struct tape tape = {.bytes = memory_alloc(1 << 20, 1), .size = 1 << 20};

    bench_open(from, "run.shards", "4");
    bench_open(to, "run.shards", "4");
    assert_int_equal(world_init(&from->world, &from->parameters, &from->team), STATUS_OK);
    assert_int_equal(world_init(&to->world, &to->parameters, &to->team), STATUS_OK);
    settle(&from->world);
    if (change) change(&from->world);
    tape.visitor = (struct visitor){
        .mode = VISIT_SAVE, .column = tape_column, .context = &tape};
    world_visit(&from->world, &tape.visitor);
    tape.visitor.mode = VISIT_LOAD;
    tape.at = 0;
    world_visit(&to->world, &tape.visitor);
    memory_free(tape.bytes);
    return tape.visitor.status;
}

static void a_world_loads_what_was_saved(void **state)
{
    struct bench from, to;

    (void)state;
    assert_int_equal(carry(&from, &to, NULL), STATUS_OK);
    assert_true(hash(&from.world) == hash(&to.world));
    assert_int_equal(world_creator(&to.world, 3)->name, 44);
    assert_int_equal(world_video(&to.world, 3)->name, 42);
    assert_int_equal(world_viewer(&to.world, 3)->ordinal, 43);
    bench_close(&from);
    bench_close(&to);
}

static enum status load_changed(void (*change)(struct world *w))
{
    struct bench from, to;
    enum status status = carry(&from, &to, change);

    bench_close(&from);
    bench_close(&to);
    return status;
}

static void relate(struct world *w, enum relation_kind kind, uint32_t other)
{
    struct viewer_shard *v = &w->viewers[3];

    assert_int_equal(
        relation_add(&v->relations, &v->row[0].relations, relation_make(kind, other), 9, NULL),
        STATUS_OK);
}
static void follow_known(struct world *w) { relate(w, RELATION_FOLLOW, 3); }
static void follow_unknown(struct world *w) { relate(w, RELATION_FOLLOW, 7); }
static void follow_elsewhere(struct world *w) { relate(w, RELATION_FOLLOW, 0); }
static void befriend_known(struct world *w) { relate(w, RELATION_FRIEND, 3); }
static void befriend_unknown(struct world *w) { relate(w, RELATION_FRIEND, 7); }
static void relate_in_no_way(struct world *w) { relate(w, RELATION_KINDS, 3); }
static void made_by_nobody(struct world *w) { w->videos[3].row[0].creator = 7; }
static void made_elsewhere(struct world *w)
{
    creator_add(&w->creators[1]);
    w->videos[3].row[0].creator = 1;
}

/* Another video has come and gone. */
static struct video_shard *leave_a_free_row(struct world *w)
{
    struct video_shard *v = &w->videos[3];
    assert_int_equal(video_add(v), 1);
    video_release(v, 1);
    return v;
}
static void free_once(struct world *w) { (void)leave_a_free_row(w); }
static void free_in_use(struct world *w) { leave_a_free_row(w)->free_row[0] = 0; }
static void free_beyond(struct world *w) { leave_a_free_row(w)->free_row[0] = 1000; }
static void free_twice(struct world *w)
{
    struct video_shard *v = leave_a_free_row(w);
    assert_true(v->free_capacity > 1);
    v->free_row[v->free_count++] = 1;
}

static void free_rows_are_free_and_there_once(void **state)
{
    (void)state;
    assert_int_equal(load_changed(free_once), STATUS_OK);
    assert_int_equal(load_changed(free_in_use), STATUS_BAD_INPUT);
    assert_int_equal(load_changed(free_beyond), STATUS_BAD_INPUT);
    assert_int_equal(load_changed(free_twice), STATUS_BAD_INPUT);
}

static void join(struct world *w, int16_t joined, int16_t last)
{
    struct viewer *viewer = &w->viewers[3].row[0];
    viewer->flags |= VIEWER_NEWCOMER;
    viewer->joined_day = joined;
    viewer->last_day = last;
}
static void join_and_come(struct world *w) { join(w, 3, 5); }
static void join_and_wait(struct world *w) { join(w, 3, INT16_MIN); }
static void join_before_the_start(struct world *w) { join(w, -3, 5); }
static void come_before_joining(struct world *w) { join(w, 3, 2); }

/* What is counted by joining day goes by these. */
static void newcomers_come_after_they_joined(void **state)
{
    (void)state;
    assert_int_equal(load_changed(join_and_come), STATUS_OK);
    assert_int_equal(load_changed(join_and_wait), STATUS_OK);
    assert_int_equal(load_changed(join_before_the_start), STATUS_BAD_INPUT);
    assert_int_equal(load_changed(come_before_joining), STATUS_BAD_INPUT);
}

static void a_topic_is_there_once(void **state)
{
    struct bench b;

    (void)state;
    bench_open(&b, "topics.names", "[\"law\", \"music\", \"law\"]");
    assert_int_equal(world_check(&b.parameters, &b.errors), STATUS_BAD_INPUT);
    assert_non_null(strstr(b.errors.text, "topics.names"));
    assert_non_null(strstr(b.errors.text, "law"));
    bench_close(&b);
}

static void names_of_nobody_are_refused(void **state)
{
    (void)state;
    assert_int_equal(load_changed(follow_known), STATUS_OK);
    assert_int_equal(load_changed(befriend_known), STATUS_OK);
    assert_int_equal(load_changed(follow_unknown), STATUS_BAD_INPUT);
    assert_int_equal(load_changed(follow_elsewhere), STATUS_BAD_INPUT);
    assert_int_equal(load_changed(befriend_unknown), STATUS_BAD_INPUT);
    assert_int_equal(load_changed(relate_in_no_way), STATUS_BAD_INPUT);
    assert_int_equal(load_changed(made_by_nobody), STATUS_BAD_INPUT);
    assert_int_equal(load_changed(made_elsewhere), STATUS_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shards_and_window_come_from_the_scenario),
        cmocka_unit_test(windows_divide_a_day_and_shards_are_a_power_of_two),
        cmocka_unit_test(runs_are_as_long_as_occasions_can_tell),
        cmocka_unit_test(every_table_is_visited),
        cmocka_unit_test(names_of_nobody_are_refused),
        cmocka_unit_test(free_rows_are_free_and_there_once),
        cmocka_unit_test(newcomers_come_after_they_joined),
        cmocka_unit_test(a_topic_is_there_once),
        cmocka_unit_test(a_world_loads_what_was_saved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
