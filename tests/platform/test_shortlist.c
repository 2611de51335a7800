/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The passes over a list of what may be picked, held against their definitions, item by item.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "engine/stream.h"
#include "platform/shortlist.h"

/* Few creators and topics, so that rules hit many; scores in steps, so that many are equal. */
static void fill(struct shortlist *list, uint32_t n, struct stream *draw)
{
    list->count = n;
    for (uint32_t i = 0; i < LIST_ROOM; i++) {
        list->index[i] = i;
        list->place[i] = stream_below(draw, 40);
        list->creator[i] = stream_below(draw, 12);
        list->topic[i] = stream_below(draw, 5);
        list->rank[i] = 0.25f * (float)stream_below(draw, 9) - 1.0f;
        list->score[i] = stream_below(draw, 4) ? list->rank[i] : SCORE_NEVER;
    }
    shortlist_fill_up(list);
}

static struct pick_rule some_rule(struct stream *draw)
{
    bool full = stream_below(draw, 2);
    return (struct pick_rule){stream_below(draw, 40),
                              full ? stream_below(draw, 12) : ENTITY_NONE,
                              stream_below(draw, 5)};
}

/* What a rule says, of one item. */
static void lower_one(struct shortlist *list, uint32_t i, const struct pick_rule *rule,
                      float cost)
{
    float lowered = list->rank[i] - (list->topic[i] == rule->topic ? cost : 0);
    if (list->place[i] == rule->place || list->creator[i] == rule->creator)
        list->score[i] = SCORE_NEVER;
    else if (lowered < list->score[i])
        list->score[i] = lowered;
}

static float highest_of(const struct shortlist *list, uint32_t first)
{
    float highest = SCORE_NEVER;
    for (uint32_t i = first; i < list->count; i++)
        if (list->score[i] > highest) highest = list->score[i];
    return highest;
}

static void assert_scores(const struct shortlist *a, const struct shortlist *b)
{
    for (uint32_t i = 0; i < a->count; i++) assert_true(a->score[i] == b->score[i]);
    for (uint32_t i = a->count; i % LIST_LANES; i++) assert_true(a->score[i] <= SCORE_NEVER);
}

static void one_rule_lowers(void **state)
{
    static struct shortlist list, plain;
    struct stream draw = stream_open((struct stream_key){{1, 2}}, 3, 4);
    (void)state;
    for (uint32_t n = 0; n <= CANDIDATES_MAX; n += n < 80 ? 1 : 54) {
        fill(&list, n, &draw);
        plain = list;
        assert_true(shortlist_highest(&list) == highest_of(&plain, 0));
        for (int k = 0; k < 6; k++) {
            struct pick_rule rule = some_rule(&draw);
            float cost = 0.125f * (float)k;
            float most = shortlist_lower(&list, 0, &rule, 1, cost);
            for (uint32_t i = 0; i < n; i++) lower_one(&plain, i, &rule, cost);
            assert_scores(&list, &plain);
            assert_true(most == highest_of(&plain, 0));
            assert_true(most == shortlist_lower(&list, 0, &rule, 1, cost)); /* told twice */
            assert_scores(&list, &plain);
        }
    }
}

/* The pick that stands on the list is a rule, too. */
static void a_pick_lowers_as_its_rule_does(void **state)
{
    static struct shortlist list, plain;
    struct stream draw = stream_open((struct stream_key){{1, 2}}, 3, 7);
    (void)state;
    for (uint32_t n = 1; n <= CANDIDATES_MAX; n += n < 80 ? 1 : 54) {
        fill(&list, n, &draw);
        plain = list;
        for (int k = 0; k < 6; k++) {
            uint32_t at = stream_below(&draw, n);
            bool creator = stream_below(&draw, 2);
            const struct pick_rule rule = {
                list.place[at], creator ? list.creator[at] : ENTITY_NONE, list.topic[at]};
            float most = shortlist_pick(&list, at, creator, 0.375f);
            for (uint32_t i = 0; i < n; i++) lower_one(&plain, i, &rule, 0.375f);
            assert_scores(&list, &plain);
            assert_true(most == highest_of(&plain, 0));
            assert_true(list.score[at] <= SCORE_NEVER);
        }
    }
}

/* A list that has grown: its new part hears of all picks, the rest has. */
static void many_rules_lower_what_came_later(void **state)
{
    static struct shortlist list, plain;
    struct stream draw = stream_open((struct stream_key){{1, 2}}, 3, 5);
    (void)state;
    for (int t = 0; t < 400; t++) {
        struct pick_rule rule[SLATE_MAX];
        uint32_t n = stream_below(&draw, 120), first = stream_below(&draw, n + 1);
        uint32_t rules = stream_below(&draw, SLATE_MAX + 1);
        fill(&list, n, &draw);
        for (uint32_t k = 0; k < rules; k++) {
            rule[k] = some_rule(&draw);
            for (uint32_t i = 0; i < first; i++) lower_one(&list, i, &rule[k], 0.5f);
        }
        plain = list;
        for (uint32_t k = 0; k < rules; k++)
            for (uint32_t i = first; i < n; i++) lower_one(&plain, i, &rule[k], 0.5f);
        float most = shortlist_lower(&list, first, rule, rules, 0.5f);
        assert_scores(&list, &plain);
        assert_true(most == highest_of(&plain, first - first % LIST_LANES));
    }
}

static void of_equal_ones_the_first_is_found(void **state)
{
    static struct shortlist list;
    struct stream draw = stream_open((struct stream_key){{1, 2}}, 3, 6);
    (void)state;
    for (uint32_t n = 1; n <= CANDIDATES_MAX; n++) {
        fill(&list, n, &draw);
        float most = shortlist_highest(&list);
        if (!(most > SCORE_NEVER)) continue;
        uint32_t at = shortlist_find(&list, most);
        assert_true(at < n && list.score[at] == most);
        for (uint32_t i = 0; i < at; i++) assert_true(list.score[i] < most);
        list.score[at] = SCORE_NEVER;
        list.score[n - 1] = 5.0f; /* the last one, wherever it stands in its lanes */
        assert_int_equal(shortlist_find(&list, 5.0f), n - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_rule_lowers),
        cmocka_unit_test(a_pick_lowers_as_its_rule_does),
        cmocka_unit_test(many_rules_lower_what_came_later),
        cmocka_unit_test(of_equal_ones_the_first_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
