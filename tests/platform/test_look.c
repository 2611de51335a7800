/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The passes over the candidates of a slate, held against their definitions, one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/look.h"

#define ITEMS 600

struct bench {
    struct item item[ITEMS];
    struct snapshot snapshot;
    struct packed16 query;
    struct request request;
    struct look_lanes lanes;
    struct pool pool;
    struct stream draw;
};

static int16_t some_lane(struct stream *draw)
{
    return (int16_t)(stream_below(draw, 16384) - 8192);
}

static int open_bench(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    if (!b) return -1;
    b->draw = stream_open((struct stream_key){{1, 2}}, 3, 4);
    for (uint32_t i = 0; i < ITEMS; i++) {
        struct item *item = &b->item[i];
        *item = (struct item){.bias = (float)stream_normal(&b->draw),
                              .video = i,
                              .creator = stream_word(&b->draw) >> 1,
                              .topic = (uint8_t)stream_below(&b->draw, 256),
                              .flags = (uint8_t)stream_below(&b->draw, 4)};
        for (int k = 0; k < VECTOR_DIM; k++) item->vector.lane[k] = some_lane(&b->draw);
        for (int k = 0; k < 2; k++) item->mark[k] = (uint8_t)stream_below(&b->draw, SEEN_BITS);
    }
    for (int k = 0; k < VECTOR_DIM; k++) b->query.lane[k] = some_lane(&b->draw);
    b->snapshot = (struct snapshot){.item = b->item, .extent = ITEMS, .count = ITEMS};
    b->request = (struct request){.snapshot = &b->snapshot, .query = &b->query};
    look_lanes_make(&b->lanes);
    *state = b;
    return 0;
}

static int close_bench(void **state)
{
    free(*state);
    return 0;
}

static void gather(struct bench *b, uint32_t n)
{
    b->pool.count = n;
    for (uint32_t i = 0; i < n; i++) b->pool.place[i] = stream_below(&b->draw, ITEMS);
}

static void assert_facts(const struct bench *b)
{
    for (uint32_t i = 0; i < b->pool.count; i++) {
        const struct item *item = &b->item[b->pool.place[i]];
        uint32_t word = b->pool.word[i];
        assert_int_equal(b->pool.creator[i], item->creator);
        assert_int_equal(word & 255, item->topic);
        assert_int_equal(word >> 8 & 255, item->flags);
        assert_int_equal(word >> 16 & 255, item->mark[0]);
        assert_int_equal(word >> 24, item->mark[1]);
    }
}

static void scores_and_facts_are_the_items(void **state)
{
    struct bench *b = *state;
    for (uint32_t n = 0; n <= CANDIDATES_MAX; n += n < 20 ? 1 : 41) {
        for (int personal = 0; personal < 2; personal++) {
            gather(b, n);
            b->request.personal = personal != 0;
            look_score(&b->pool, &b->request, 0.75f);
            for (uint32_t i = 0; i < n; i++) {
                const struct item *item = &b->item[b->pool.place[i]];
                float dot = (float)packed_dot(&b->query, &item->vector);
                float score = 0.75f * 0x1p-28f * dot + item->bias;
                assert_true(b->pool.rank[i] == (personal ? score : item->bias));
            }
            assert_facts(b);
        }
        gather(b, n);
        look_facts(&b->pool, b->item);
        assert_facts(b);
    }
}

/* Half of the bits, so that some of both generations and of neither are met. */
static void what_was_seen_is_not_open(void **state)
{
    struct bench *b = *state;
    struct seen_view seen = {{0}, {0}};
    uint32_t met = 0, all = 0;
    for (int round = 0; round < 40; round++) {
        for (uint32_t i = 0; i < SEEN_BITS; i++) {
            seen.young[i >> 5] ^= stream_below(&b->draw, 3) ? 0 : UINT32_C(1) << (i & 31);
            seen.old[i >> 5] ^= stream_below(&b->draw, 3) ? 0 : UINT32_C(1) << (i & 31);
        }
        gather(b, 1 + stream_below(&b->draw, CANDIDATES_MAX));
        look_score(&b->pool, &b->request, 1);
        look_open(&b->pool, &seen);
        for (uint32_t i = 0; i < b->pool.count; i++, all++) {
            bool out = seen_item(&seen, &b->item[b->pool.place[i]]);
            met += out;
            assert_true(b->pool.open[i] == (out ? SCORE_NEVER : b->pool.rank[i]));
        }
        look_open(&b->pool, NULL);
        assert_memory_equal(b->pool.open, b->pool.rank, b->pool.count * sizeof(float));
    }
    assert_true(met > all / 4 && met < all * 3 / 4);
}

/* Bars that fall: in order, each once, with its facts. */
static void what_ranks_above_the_bar_is_listed(void **state)
{
    struct bench *b = *state;
    static const float bar[] = {0.5f, 0.0f, -1.0f, SCORE_NEVER};
    for (uint32_t n = 1; n <= CANDIDATES_MAX; n += n < 40 ? 1 : 59) {
        struct shortlist *list = &b->pool.list;
        uint32_t at = 0;
        gather(b, n);
        look_score(&b->pool, &b->request, 1);
        look_open(&b->pool, NULL);
        b->pool.open[n / 2] = SCORE_NEVER;
        list->count = 0;
        b->pool.bar = -SCORE_NEVER;
        for (size_t k = 0; k < sizeof bar / sizeof *bar; k++) {
            look_list(&b->pool, &b->lanes, bar[k]);
            for (uint32_t i = 0; i < n; i++) {
                const struct item *item = &b->item[b->pool.place[i]];
                float open = b->pool.open[i];
                if (!(open > bar[k] && open <= b->pool.bar)) continue;
                assert_true(at < list->count && list->index[at] == i);
                assert_int_equal(list->place[at], b->pool.place[i]);
                assert_true(list->rank[at] == open && list->score[at] == open);
                assert_int_equal(list->creator[at], item->creator);
                assert_int_equal(list->topic[at++], item->topic);
            }
            assert_int_equal(at, list->count);
            b->pool.bar = bar[k];
        }
        assert_int_equal(list->count, n - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(scores_and_facts_are_the_items, open_bench,
                                        close_bench),
        cmocka_unit_test_setup_teardown(what_was_seen_is_not_open, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(what_ranks_above_the_bar_is_listed, open_bench,
                                        close_bench),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
