/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "world/creator.h"
#include "world/entity.h"

/* A visitor that saves columns to a buffer and loads them from it. */
struct tape {
    struct visitor visitor;
    char bytes[1 << 18];
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

static enum status run_tape(struct tape *tape, struct creator_shard *shard,
                            enum visit_mode mode)
{
    tape->visitor = (struct visitor){.mode = mode, .column = tape_column, .context = tape};
    tape->at = 0;
    creator_shard_visit(shard, &tape->visitor);
    return tape->visitor.status;
}

static void a_new_creator_is_here_and_has_no_videos(void **state)
{
    struct creator_shard shard = {0};

    (void)state;
    for (uint64_t i = 0; i < 1000; i++) {
        struct creator *c = creator_add(&shard);
        assert_non_null(c);
        assert_true(c->left == TIME_NEVER);
        for (int v = 0; v < 4; v++) assert_int_equal(c->videos[v], ENTITY_NONE);
        assert_int_equal(c->balance, 0);
        c->name = i;
    }
    assert_int_equal(shard.active, 1000);
    for (uint64_t i = 0; i < 1000; i++) assert_int_equal(shard.row[i].name, i);
    creator_shard_free(&shard);
    creator_shard_free(&shard);
    assert_null(shard.row);
}

/* Amounts that a file may hold. */
static void bound(int64_t *amount, size_t n)
{
    for (size_t i = 0; i < n; i++) amount[i] &= VISIT_MONEY_MOST - 1;
}

/* A row whose every byte differs from zero, but the top ones of its money; also what no test
 * names. */
static void fill(struct creator_shard *shard, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct creator *c = creator_add(shard);
        for (size_t b = 0; b < sizeof *c; b++)
            ((unsigned char *)c)[b] = (unsigned char)((b + i) % 100 + 1); /* no NaN */
        c->plan.commercial = 0.11f;
        c->plan.exclusive = 0.22f;
        c->plan.boost = 0.33f;
        memset(c->plan.padding, 0, sizeof c->plan.padding);
        bound(c->income, LEDGER_STREAMS_MAX);
        bound(c->spend, LEDGER_CHANNELS_MAX);
        bound(&c->balance, 1);
        bound(&c->saved, 1);
        bound(&c->produced, 1);
        bound(&c->income_seen, 1);
        bound(&c->period.income, 1);
        bound(&c->period.spent, 1);
        bound(&c->last.income, 1);
        bound(&c->last.spent, 1);
    }
    shard->day = (struct creator_day){3, 2, 1};
    book_post(&shard->book, LEDGER_LIVING, ACCOUNT_CREATORS, ACCOUNT_OUTSIDE, 77);
}

static uint64_t hash(struct creator_shard *shard)
{
    struct visit_hash h = {0};

    assert_int_equal(visit_hash_init(&h), STATUS_OK);
    creator_shard_visit(shard, &h.visitor);
    uint64_t digest = visit_hash_digest(&h);
    visit_hash_free(&h);
    return digest;
}

static void loads_what_was_saved(void **state)
{
    static struct tape tape;
    struct creator_shard from = {0}, to = {0}, again = {0};

    (void)state;
    fill(&from, 30);
    from.active = 20;
    creator_add(&to);
    assert_int_equal(run_tape(&tape, &from, VISIT_SAVE), STATUS_OK);
    size_t length = tape.at;
    assert_int_equal(run_tape(&tape, &to, VISIT_LOAD), STATUS_OK);
    assert_int_equal(to.count, 30);
    assert_int_equal(to.active, 20);
    assert_memory_equal(&to.day, &from.day, sizeof to.day);
    assert_memory_equal(&to.book, &from.book, sizeof to.book);
    assert_true(hash(&from) == hash(&to));
    assert_int_equal(run_tape(&tape, &again, VISIT_LOAD), STATUS_OK);
    assert_int_equal(tape.at, length);
    creator_shard_free(&from);
    creator_shard_free(&to);
    creator_shard_free(&again);
}

/* Every byte of a row that is not padding belongs to a column: changing it changes the hash. */
static void nothing_of_a_row_is_forgotten(void **state)
{
    struct creator_shard shard = {0};
    size_t forgotten = 0;

    (void)state;
    fill(&shard, 1);
    uint64_t before = hash(&shard);
    for (size_t b = 0; b < sizeof(struct creator); b++) {
        unsigned char *byte = (unsigned char *)&shard.row[0] + b;
        (*byte)++;
        forgotten += hash(&shard) == before;
        (*byte)--;
    }
    /* padding: 3 bytes named so in the plan, 8 gaps of 4 before members of 8 bytes */
    assert_int_equal(forgotten, 35);
    creator_shard_free(&shard);
}

/* A plan that cannot be carried out, and what is no number. */
static void unsound_floats_are_refused(void **state)
{
    static struct tape tape;
    struct creator_shard shard = {0}, to = {0};

    (void)state;
    fill(&shard, 3);
    struct creator *c = &shard.row[1];
    float *const number[] = {
        &c->plan.videos_per_week, &c->plan.effort, &c->plan.commercial, &c->plan.exclusive,
        &c->plan.boost,           &c->skill,       &c->drive,           &c->expertise[15],
        &c->period.hours,         &c->last.hours,  &c->attention_mean,  &c->morale};
    for (size_t i = 0; i < sizeof number / sizeof *number; i++) {
        const float wrong[] = {NAN, INFINITY, -1, 2};
        float was = *number[i];
        /* below zero none of the plan, above one none of its shares */
        size_t n = i < 2 ? 3 : i < 5 ? 4 : 2;
        for (size_t k = 0; k < n; k++) {
            *number[i] = wrong[k];
            assert_int_equal(run_tape(&tape, &shard, VISIT_SAVE), STATUS_OK);
            assert_int_equal(run_tape(&tape, &to, VISIT_LOAD), STATUS_BAD_INPUT);
        }
        *number[i] = was;
    }
    assert_int_equal(run_tape(&tape, &shard, VISIT_SAVE), STATUS_OK);
    assert_int_equal(run_tape(&tape, &to, VISIT_LOAD), STATUS_OK);
    creator_shard_free(&shard);
    creator_shard_free(&to);
}

static void hostile_counts_are_refused(void **state)
{
    static struct tape tape;
    struct creator_shard from = {0}, to = {0};
    uint64_t many = UINT64_C(1) << 40;

    (void)state;
    fill(&from, 2);
    assert_int_equal(run_tape(&tape, &from, VISIT_SAVE), STATUS_OK);
    memcpy(tape.bytes, &many, sizeof many);
    assert_int_equal(run_tape(&tape, &to, VISIT_LOAD), STATUS_BAD_INPUT);
    assert_int_equal(run_tape(&tape, &from, VISIT_SAVE), STATUS_OK);
    many = 3; /* active creators of 2 */
    memcpy(tape.bytes + 8, &many, sizeof many);
    assert_int_equal(run_tape(&tape, &to, VISIT_LOAD), STATUS_BAD_INPUT);
    creator_shard_free(&from);
    creator_shard_free(&to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_creator_is_here_and_has_no_videos),
        cmocka_unit_test(loads_what_was_saved),
        cmocka_unit_test(nothing_of_a_row_is_forgotten),
        cmocka_unit_test(unsound_floats_are_refused),
        cmocka_unit_test(hostile_counts_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
