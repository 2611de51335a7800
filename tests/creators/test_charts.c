/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab.h"

#define PLAIN                                                                                  \
    "creators.life.exit_established=0 creators.life.entry_rate=0 creators.life.living=0 "      \
    "creators.boost=0 creators.videos_per_week=40 creators.videos_sigma=0 "

static void nothing_is_counted_that_nobody_asks_for(void **state)
{
    struct lab lab;

    (void)state;
    lab_open(&lab, PLAIN "creators.count=3 creators.strategy=explore_exploit");
    lab_days(&lab, 2);
    assert_null(lab.creators->charts);
    assert_null(lab.creators->paid);
    lab_close(&lab);
}

/* What a chart must hold, counted in another way. */
static struct chart expected[TOPICS_MAX];
static void count(struct lab *lab, struct creator *c)
{
    struct chart *chart = &expected[c->plan.topic];
    bool better = c->reach_mean > chart->star.plays ||
                  (c->reach_mean == chart->star.plays && c->name < chart->star.name);

    (void)lab;
    if (c->left != TIME_NEVER) return;
    chart->creators++;
    chart->plays += (uint64_t)((double)c->reach_mean + 0.5);
    if (better || chart->star.name == 0)
        chart->star = (struct star){.name = c->name, .plays = c->reach_mean};
}

static void be_watched(struct lab *lab, struct creator *c)
{
    (void)lab;
    c->impressions += c->name % 97;
    if (c->name % 5 == 0) c->left = lab->world.now;
}

static void charts_hold_the_most_played_of_each_topic(void **state)
{
    struct lab lab;
    int stars = 0;

    (void)state;
    lab_open(&lab, PLAIN "creators.count=60 creators.strategy=imitate_top topics.count=6 "
                         "creators.review_days=30");
    assert_true(lab.creators->charts->at == TIME_NEVER);
    lab_each(&lab, be_watched);
    lab_days(&lab, 1);
    const struct charts *charts = lab.creators->charts;
    assert_true(charts->at == TIME_DAY);
    memset(expected, 0, sizeof expected);
    lab_each(&lab, count);
    for (int k = 0; k < TOPICS_MAX; k++) {
        const struct chart *chart = &charts->topic[k];
        assert_int_equal(chart->creators, expected[k].creators);
        assert_int_equal(chart->plays, expected[k].plays);
        assert_true(chart->star.name == expected[k].star.name);
        assert_true(chart->star.plays == expected[k].star.plays);
        stars += chart->star.plays > 0;
    }
    assert_true(stars > 3);
    lab_close(&lab);
}

/* Every byte of the charts that is not padding belongs to a column: changing it changes the
 * hash. */
static void nothing_of_a_chart_is_forgotten(void **state)
{
    struct lab lab;
    size_t forgotten = 0;

    (void)state;
    lab_open(&lab, PLAIN "creators.count=4 creators.strategy=imitate_top "
                         "creators.levers.of=[\"price\"] revenue.streams=[\"course\"]");
    uint64_t before = lab_hash(&lab);
    unsigned char *byte = (unsigned char *)&lab.creators->charts->topic[1];
    for (size_t b = 0; b < sizeof(struct chart); b++) {
        byte[b]++;
        forgotten += lab_hash(&lab) == before;
        byte[b]--;
    }
    /* padding: 4 bytes before the star, 3 behind its price */
    assert_int_equal(forgotten, 7);
    lab.creators->charts->at = 0;
    assert_true(lab_hash(&lab) != before);
    lab_close(&lab);
}

/* A strategy that asks for streams and remembers nothing. */
static struct {
    int reviews, wrong;
    bool charts;
    double days;
    int64_t sum;
} seen;
static void look(const void *parameters, const struct strategy_view *view, float *memory,
                 struct stream *draw, struct creator_plan *plan)
{
    int64_t sum = 0;

    (void)parameters, (void)memory, (void)draw, (void)plan;
    for (int i = 0; i < LEDGER_STREAMS_MAX; i++) sum += view->income[i];
    seen.reviews++;
    seen.wrong += sum != view->period->income;
    seen.charts |= view->charts != NULL;
    seen.days += view->days;
    seen.sum += sum;
}
static const struct strategy looker = {
    .about = {.name = "look"}, .review = look, .needs = STRATEGY_STREAMS};

static void earn(struct lab *lab, struct creator *c)
{
    lab_pay(lab, c, (double)(c->name % 7));
    c->income[3] += 11;
    c->period.income += 11;
}
static void everybody_earns(struct lab *lab) { lab_each(lab, earn); }

static void income_by_stream_adds_up_to_the_period(void **state)
{
    struct lab lab;

    (void)state;
    memset(&seen, 0, sizeof seen);
    lab_open(&lab,
             PLAIN "creators.count=30 creators.strategy=diversify creators.review_days=2");
    lab.creators->strategy[0] = &looker;
    lab.window = everybody_earns;
    lab_days(&lab, 12);
    assert_true(seen.reviews > 150);
    assert_int_equal(seen.wrong, 0);
    assert_true(seen.sum > 0);
    assert_false(seen.charts);
    /* two days each but for the first, which falls anywhere in them */
    assert_true(seen.days / seen.reviews > 1.7 && seen.days / seen.reviews < 2.05);
    lab_close(&lab);
}

/* Those who enter later have a row too. */
static void entrants_are_paid_for_as_well(void **state)
{
    struct lab lab;

    (void)state;
    memset(&seen, 0, sizeof seen);
    lab_open(&lab, "creators.count=100 creators.strategy=diversify creators.review_days=1 "
                   "creators.life.entry_rate=10 creators.life.exit_new=0 creators.boost=0 "
                   "creators.life.entry_elasticity=0");
    lab.creators->strategy[0] = &looker;
    lab.window = everybody_earns;
    lab_days(&lab, 6);
    assert_true(seen.reviews > 600);
    assert_int_equal(seen.wrong, 0);
    lab_close(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_counted_that_nobody_asks_for),
        cmocka_unit_test(charts_hold_the_most_played_of_each_topic),
        cmocka_unit_test(nothing_of_a_chart_is_forgotten),
        cmocka_unit_test(income_by_stream_adds_up_to_the_period),
        cmocka_unit_test(entrants_are_paid_for_as_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
