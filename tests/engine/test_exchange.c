/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
/*
 * The exchange against plain lists, one a pair of shards: random programs of phases, rows of
 * several sizes, one thread and several.
 */
#include "engine/exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/team.h"

#define SHARDS_MOST 8
#define ROW_MOST 600
#define GATHER_MOST 97

struct lab {
    struct exchange exchange;
    uint32_t shards, phase;
    size_t row_size;
    uint32_t sent[SHARDS_MOST][SHARDS_MOST], before[SHARDS_MOST][SHARDS_MOST];
    bool read, consume;          /* what destinations do with the delivery before */
    uint32_t wrong[SHARDS_MOST]; /* rows that were not as they should be, by destination */
    uint64_t reads[SHARDS_MOST];
};

static uint32_t word_of(const struct lab *lab, uint32_t phase, uint32_t source,
                        uint32_t destination, uint32_t number, size_t word)
{
    uint32_t x = (phase << 6 | source << 3 | destination) * 0x9e3779b9u ^ number * 0x85ebca6bu;
    return (x ^ x >> 15) + (uint32_t)word * (uint32_t)lab->row_size;
}

static void append(struct lab *lab, uint32_t source, uint32_t destination)
{
    uint32_t number = lab->sent[source][destination]++;
    uint32_t *row = exchange_append(&lab->exchange, source, destination);
    if (!row) abort();
    for (size_t w = 0; w < lab->row_size / 4; w++)
        row[w] = word_of(lab, lab->phase, source, destination, number, w);
}

/* Reads the delivery of the phase before: sources in order, each source's rows as written. */
static void read_all(struct lab *lab, uint32_t destination)
{
    struct exchange_cursor cursor = exchange_read(&lab->exchange, destination);
    uint32_t next[SHARDS_MOST] = {0}, last = 0;
    const uint32_t *row;
    uint64_t rows = 0;
    size_t n;
    while ((row = exchange_next(&cursor, &n))) {
        uint32_t source = cursor.source;
        lab->wrong[destination] += source < last || n == 0;
        last = source;
        for (size_t i = 0; i < n; i++, row += lab->row_size / 4, rows++)
            for (size_t w = 0; w < lab->row_size / 4; w++)
                lab->wrong[destination] += row[w] != word_of(lab, lab->phase - 1, source,
                                                             destination,
                                                             next[source] + (uint32_t)i, w);
        next[source] += (uint32_t)n;
    }
    for (uint32_t s = 0; s < lab->shards; s++)
        lab->wrong[destination] += next[s] != lab->before[s][destination];
    lab->wrong[destination] += rows != exchange_count(&lab->exchange, destination);
    lab->reads[destination] += rows;
}

/* The same rows, gathered so many at a time. */
static void gather_all(struct lab *lab, uint32_t destination, size_t most)
{
    struct exchange_cursor cursor = exchange_read(&lab->exchange, destination);
    struct exchange_cursor gathering = cursor;
    uint32_t gathered[GATHER_MOST * ROW_MOST / 4];
    const size_t words = lab->row_size / 4;
    const uint32_t *row;
    size_t n, have = 0, at = 0;
    while ((row = exchange_next(&cursor, &n)))
        for (size_t i = 0; i < n; i++, row += words, at++) {
            if (at == have) {
                have = exchange_gather(&gathering, gathered, most);
                at = 0;
            }
            lab->wrong[destination] += at >= have ||
                                       memcmp(row, gathered + at * words, lab->row_size) != 0;
        }
    lab->wrong[destination] += at != have || exchange_gather(&gathering, gathered, most) != 0;
}

/* One shard's turn: reads what came, gives it back, writes in bursts to random shards. Its
 * choices depend on (phase, shard) alone. */
static void turn(void *context, uint32_t shard, uint32_t thread)
{
    struct lab *lab = context;
    unsigned short state[3] = {(unsigned short)lab->phase, (unsigned short)shard, 77};
    (void)thread;
    if (lab->phase > 0 && lab->read) {
        read_all(lab, shard);
        gather_all(lab, shard, 1 + (lab->phase * 7 + shard) % GATHER_MOST);
    }
    if (lab->phase > 0 && lab->consume) exchange_consumed(&lab->exchange, shard);
    long bursts = nrand48(state) % 12;
    for (long b = 0; b < bursts; b++) {
        uint32_t destination = (uint32_t)(nrand48(state) % lab->shards);
        long rows = nrand48(state) % 4 ? nrand48(state) % 5 : nrand48(state) % 200;
        for (long i = 0; i < rows; i++) append(lab, shard, destination);
    }
}

static uint32_t run(uint32_t shards, size_t row_size, uint32_t threads)
{
    struct lab lab = {.shards = shards, .row_size = row_size};
    struct team team;
    uint32_t wrong = 0;
    uint64_t sent = 0, reads = 0, skipped = 0;
    team_init(&team, threads);
    team.shuffle = true;
    assert_int_equal(exchange_init(&lab.exchange, shards, row_size), STATUS_OK);
    for (lab.phase = 0; lab.phase < 40; lab.phase++) {
        lab.read = lab.phase % 7 != 3;
        lab.consume = lab.read && lab.phase % 3 != 0;
        team_run(&team, shards, turn, &lab);
        const char *check = exchange_check(&lab.exchange);
        if (check) fail_msg("%s", check);
        exchange_deliver(&lab.exchange);
        check = exchange_check(&lab.exchange);
        if (check) fail_msg("%s", check);
        memcpy(lab.before, lab.sent, sizeof lab.sent);
        memset(lab.sent, 0, sizeof lab.sent);
        uint64_t here = 0;
        for (uint32_t s = 0; s < shards; s++)
            for (uint32_t d = 0; d < shards; d++) here += lab.before[s][d];
        sent += here;
        if (lab.phase == 39 || (lab.phase + 1) % 7 == 3) skipped += here;
    }
    for (uint32_t d = 0; d < shards; d++) {
        wrong += lab.wrong[d];
        reads += lab.reads[d];
    }
    assert_int_equal(reads, sent - skipped);
    assert_int_equal(lab.exchange.rows, sent);
    assert_int_equal(lab.exchange.bytes, sent * row_size);
    assert_true(exchange_held(&lab.exchange) >= row_size);
    exchange_free(&lab.exchange);
    team_free(&team);
    return wrong;
}

static void test_random_programs(void **state)
{
    const size_t sizes[] = {4, 8, 12, 24, 100, 256, ROW_MOST};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (uint32_t shards = 1; shards <= SHARDS_MOST; shards *= 2)
            assert_int_equal(run(shards, sizes[i], 1), 0);
}

static void test_threads(void **state)
{
    const uint32_t threads[] = {2, 3, 8};
    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(run(8, 24, threads[i]), 0);
        assert_int_equal(run(4, 12, threads[i]), 0);
    }
}

/* Rows start at a multiple of 8 when their size is one, else of 4. */
static void test_alignment(void **state)
{
    const size_t sizes[] = {4, 8, 12, 24, 40};
    (void)state;
    for (int i = 0; i < 5; i++) {
        struct exchange exchange;
        assert_int_equal(exchange_init(&exchange, 2, sizes[i]), STATUS_OK);
        for (int n = 0; n < 500; n++) {
            void *row = exchange_append(&exchange, 1, 0);
            assert_non_null(row);
            assert_int_equal((uintptr_t)row % (sizes[i] % 8 ? 4 : 8), 0);
        }
        exchange_free(&exchange);
    }
}

/* A steady stream of phases allocates nothing after its peak, read and given back or not. */
static void test_memory_stays_bounded(void **state)
{
    (void)state;
    for (int consume = 0; consume < 2; consume++) {
        struct exchange exchange;
        size_t held = 0;
        assert_int_equal(exchange_init(&exchange, 4, 24), STATUS_OK);
        for (int phase = 0; phase < 50; phase++) {
            for (uint32_t i = 0; i < 2000; i++)
                assert_non_null(exchange_append(&exchange, i % 4, i / 4 % 4));
            exchange_deliver(&exchange);
            for (uint32_t d = 0; consume && d < 4; d++) exchange_consumed(&exchange, d);
            if (phase == 3) held = exchange_held(&exchange);
        }
        assert_int_equal(exchange_held(&exchange), held);
        exchange_free(&exchange);
    }
}

static void test_check_finds_faults(void **state)
{
    struct exchange exchange;
    (void)state;
    assert_int_equal(exchange_init(&exchange, 2, 24), STATUS_OK);
    for (int i = 0; i < 100; i++) assert_non_null(exchange_append(&exchange, 0, 1));
    assert_null(exchange_check(&exchange));
    struct exchange_lane *lane = &exchange.written[1], kept = *lane;
    lane->last = lane->first;
    assert_non_null(exchange_check(&exchange));
    *lane = kept;
    exchange.delivered[1] = kept; /* the same chunks twice */
    assert_non_null(exchange_check(&exchange));
    exchange.delivered[1] = exchange.written[1] = (struct exchange_lane){0};
    assert_non_null(exchange_check(&exchange)); /* lost */
    exchange.written[1] = kept;
    assert_null(exchange_check(&exchange));
    exchange_free(&exchange);
    exchange_free(&exchange);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_programs),    cmocka_unit_test(test_threads),
        cmocka_unit_test(test_alignment),          cmocka_unit_test(test_memory_stays_bounded),
        cmocka_unit_test(test_check_finds_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
