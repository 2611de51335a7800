/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Creators in worlds of which it is known what pays.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab.h"

#define PLAIN                                                                                  \
    "creators.life.exit_established=0 creators.life.entry_rate=0 creators.life.living=0 "      \
    "creators.backlog_days=0 creators.count=40 creators.hours=14 creators.hours_sigma=0 "      \
    "creators.videos_per_week=40 creators.videos_sigma=0 creators.follower_elasticity=0 "      \
    "creators.response.share=0 creators.response.weak=0 creators.review_days=1 "

static double sum_of[6]; /* live, commercial, boost, balance, saved, price */
static void add_plan(struct lab *lab, struct creator *c)
{
    (void)lab;
    sum_of[0] += (double)c->plan.live / 40;
    sum_of[1] += (double)c->plan.commercial / 40;
    sum_of[2] += (double)c->plan.boost / 40;
    sum_of[3] += (double)c->balance;
    sum_of[4] += (double)c->saved;
    sum_of[5] += (double)c->plan.price / 64.0 / 40;
}

/* Mean plan of the last of some days under a strategy. */
static void live_through(struct lab *lab, const char *settings, void (*window)(struct lab *),
                         int days)
{
    const int last = 60;

    lab_open(lab, settings);
    lab->window = window;
    lab_days(lab, days - last);
    memset(sum_of, 0, sizeof sum_of);
    for (int day = 0; day < last; day++) {
        lab_days(lab, 1);
        lab_each(lab, add_plan);
    }
    for (int i = 0; i < 6; i++) sum_of[i] /= last;
}

static void in_between(const char *what, double x, double low, double high)
{
    print_message("%s %.3f\n", what, x);
    if (!(x >= low && x <= high)) fail_msg("%s = %g, not in [%g, %g]", what, x, low, high);
}

/* ------------------------------------------------------------------------------ live hours */

static double live_pays; /* currency an hour; an hour of videos pays 2 */

static void earn_by_hours(struct lab *lab, struct creator *c)
{
    double live = (double)c->plan.live / 168, videos = production_hours(c) / 168;

    c->period.hours += (float)live;
    lab_pay(lab, c, live_pays * live + 2 * videos);
}
static void everybody_earns_by_hours(struct lab *lab) { lab_each(lab, earn_by_hours); }

static double settled_hours(const char *strategy, double pays)
{
    char set[1024];
    struct lab lab;

    live_pays = pays;
    snprintf(set, sizeof set, PLAIN "creators.strategy=%s creators.levers.of=[\"live\"]",
             strategy);
    live_through(&lab, set, everybody_earns_by_hours, 400);
    lab_close(&lab);
    return sum_of[0];
}

/* At most 11.2 of their 14 hours. */
static void who_learns_that_rooms_pay_is_live(void **state)
{
    (void)state;
    in_between("best_response, rooms pay", settled_hours("best_response", 20), 6, 11.2);
    in_between("explore_exploit, rooms pay", settled_hours("explore_exploit", 20), 6, 11.2);
    in_between("best_response, rooms pay nothing", settled_hours("best_response", 0), 0, 1.5);
    in_between("static", settled_hours("static", 20), 0, 0);
}

/* --------------------------------------------------------------------------------- selling */

/* Best at an intensity of .4. */
static void sell(struct lab *lab, struct creator *c)
{
    double m = (double)c->plan.commercial;

    lab_pay(lab, c, m * (0.8 - m) + 0.1);
}
static void everybody_sells(struct lab *lab) { lab_each(lab, sell); }

/* Attention is all there is, and who sells has less. */
static void drive_away(struct lab *lab, struct creator *c)
{
    double m = (double)c->plan.commercial;

    (void)lab;
    c->period.impressions += (uint64_t)(10000 * (1 - m));
    c->period.watch_ms += (uint64_t)(1e8 * (1 - m));
}
static void everybody_drives_away(struct lab *lab) { lab_each(lab, drive_away); }

static double settled_selling(const char *settings, void (*window)(struct lab *))
{
    char set[1024];
    struct lab lab;

    snprintf(set, sizeof set, PLAIN "%s", settings);
    live_through(&lab, set, window, 400);
    lab_close(&lab);
    return sum_of[1];
}

static void who_sold_nothing_begins_where_it_pays(void **state)
{
    (void)state;
    double without = settled_selling("creators.strategy=best_response creators.commercial=0",
                                     everybody_sells);
    in_between("without the lever", without, 0, 0);
    double with = settled_selling("creators.strategy=best_response creators.commercial=0 "
                                  "creators.levers.of=[\"selling\"]",
                                  everybody_sells);
    in_between("with it", with, 0.25, 0.5);
    with = settled_selling("creators.strategy=explore_exploit creators.commercial=0 "
                           "creators.levers.of=[\"selling\"]",
                           everybody_sells);
    in_between("explore_exploit", with, 0.25, 0.5);
}

static void who_drives_viewers_away_sells_less(void **state)
{
    (void)state;
    in_between("never sold",
               settled_selling("creators.strategy=best_response "
                               "creators.commercial=0 "
                               "creators.levers.of=[\"selling\"]",
                               everybody_drives_away),
               0, 0.12);
    in_between("sold much",
               settled_selling("creators.strategy=best_response "
                               "creators.commercial=0.6 "
                               "creators.production.commercial_sd=0",
                               everybody_drives_away),
               0, 0.2);
    in_between("static",
               settled_selling("creators.strategy=static creators.commercial=0.6 "
                               "creators.production.commercial_sd=0",
                               everybody_drives_away),
               0.6, 0.6001);
}

/* ------------------------------------------------------------------------------------ prices
 */

static double minds; /* at x times the list price e^(-2 minds (x - 1)) as many pay */

static void ask(struct lab *lab, struct creator *c)
{
    double x = creator_price(c);

    lab_pay(lab, c, x * exp(-2 * minds * (x - 1)));
}
static void everybody_asks(struct lab *lab) { lab_each(lab, ask); }

static double settled_price(const char *strategy, const char *stream, double who_minds)
{
    char set[1024];
    struct lab lab;

    minds = who_minds;
    snprintf(set, sizeof set,
             PLAIN
             "creators.strategy=%s revenue.streams=[\"%s\"] creators.levers.of=[\"price\"]",
             strategy, stream);
    live_through(&lab, set, everybody_asks, 400);
    lab_close(&lab);
    return sum_of[5];
}

/* In doublings: the best price is 1 / (2 minds), so half the list price or twice it. */
static void prices_go_where_they_bring_most(void **state)
{
    (void)state;
    in_between("best_response, all mind", settled_price("best_response", "subscription", 1),
               -1.6, -0.5);
    in_between("best_response, few mind", settled_price("best_response", "subscription", 0.25),
               0.5, 1.6);
    in_between("explore_exploit, few mind", settled_price("explore_exploit", "course", 0.25),
               0.5, 1.6);
    in_between("static", settled_price("static", "subscription", 1), 0, 0);
    in_between("nothing to sell", settled_price("best_response", "tips", 1), 0, 0);
}

/* ------------------------------------------------------------------------------- promotion */

static double reach[2]; /* impressions that a unit of currency brings at each channel */

static void keep_reach(struct creator *c, uint32_t place, int64_t spent)
{
    c->views_30d += (uint32_t)(reach[place] * (double)spent / (double)MICRO);
}

static void be_reached(struct lab *lab, struct creator *c)
{
    lab_pay(lab, c, 1);
    c->period.impressions += c->views_30d / 24;
    if (lab->world.close % TIME_DAY == 0) c->views_30d -= c->views_30d / 2;
}
static void everybody_is_reached(struct lab *lab) { lab_each(lab, be_reached); }

static double share_of_second(const char *levers)
{
    char set[1024];
    struct lab lab;

    snprintf(set, sizeof set,
             PLAIN "creators.strategy=best_response creators.boost=0.3 "
                   "creators.levers.of=[%s]",
             levers);
    lab_open(&lab, set);
    lab.window = everybody_is_reached;
    lab.bought = keep_reach;
    lab_days(&lab, 300);
    memset(lab.promoted_at, 0, sizeof lab.promoted_at);
    lab_days(&lab, 100);
    double all = (double)(lab.promoted_at[0] + lab.promoted_at[1]);
    double share = all > 0 ? (double)lab.promoted_at[1] / all : 0;
    lab_close(&lab);
    return share;
}

static void money_goes_where_it_brings_reach(void **state)
{
    (void)state;
    reach[0] = 0, reach[1] = 2000;
    in_between("the second pays", share_of_second("\"channels\""), 0.75, 1);
    reach[0] = 2000, reach[1] = 0;
    in_between("the first pays", share_of_second("\"channels\""), 0, 0.35);
    in_between("as they are listed", share_of_second(""), 0, 0);
}

static bool books_hold;
static void check_saved(struct lab *lab, struct creator *c)
{
    const struct lever_row
        *row = &lab->creators->levers[entity_home(lab->world.shards, c->name)].row[0];

    row += c - lab->world.creators[entity_home(lab->world.shards, c->name)].row;
    books_hold &= c->saved >= 0 && c->saved <= c->balance &&
                  row->pot[0] + row->pot[1] == c->saved && row->pot[0] >= 0 && row->pot[1] >= 0;
}

static void after_review(struct lab *lab, struct creator *c)
{
    if (c->period.since == lab->world.close) check_saved(lab, c);
}

static void no_more_is_bought_than_is_saved(void **state)
{
    struct lab lab;

    (void)state;
    books_hold = true;
    lab_open(&lab, PLAIN "creators.strategy=balanced creators.boost=0 "
                         "creators.levers.of=[\"channels\",\"promotion\"]");
    lab.window = everybody_is_reached;
    for (int i = 0; i < 24 * 60; i++) {
        lab_window(&lab);
        lab_each(&lab, after_review);
    }
    assert_true(books_hold);
    assert_true(lab.promoted_at[0] > 0 && lab.promoted_at[1] > 0 && lab.promoted == 0);
    lab_close(&lab);
}

/* ------------------------------------------------------------------------------ the others */

static void a_lever_without_use_is_none(void **state)
{
    struct lab lab;

    (void)state;
    lab_open(&lab, PLAIN "creators.levers.of=[\"price\",\"exclusive\"]"); /* no such streams */
    assert_null(lab.creators->levers);
    lab_close(&lab);
    lab_open(&lab, PLAIN);
    assert_null(lab.creators->levers);
    lab_close(&lab);
}

static void an_unknown_lever_is_an_error(void **state)
{
    struct lab lab;

    (void)state;
    assert_int_equal(lab_make(&lab, "creators.levers.of=[\"lever\"]"), STATUS_BAD_INPUT);
    assert_non_null(strstr(lab.errors.text, "\"lever\" is none of selling"));
    lab.creators = NULL;
    lab_close(&lab);
}

static void too_many_channels_are_an_error(void **state)
{
    struct lab lab;

    (void)state;
    lab_places = LEVER_PLACES + 1;
    assert_int_equal(lab_make(&lab, PLAIN "creators.levers.of=[\"channels\"]"),
                     STATUS_BAD_INPUT);
    assert_non_null(strstr(lab.errors.text, "growth.channels has 4"));
    lab.creators = NULL;
    lab_close(&lab);
    lab_open(&lab, PLAIN "creators.levers.of=[\"promotion\"]");
    lab_close(&lab);
    lab_places = 2;
}

static void prices_are_powers_of_two(void **state)
{
    struct creator c = {0};

    (void)state;
    assert_true(creator_price(&c) == 1);
    c.plan.price = 64;
    assert_true(fabs(creator_price(&c) - 2) < 1e-12);
    c.plan.price = -128;
    assert_true(fabs(creator_price(&c) - 0.25) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_learns_that_rooms_pay_is_live),
        cmocka_unit_test(who_sold_nothing_begins_where_it_pays),
        cmocka_unit_test(who_drives_viewers_away_sells_less),
        cmocka_unit_test(prices_go_where_they_bring_most),
        cmocka_unit_test(money_goes_where_it_brings_reach),
        cmocka_unit_test(no_more_is_bought_than_is_saved),
        cmocka_unit_test(a_lever_without_use_is_none),
        cmocka_unit_test(an_unknown_lever_is_an_error),
        cmocka_unit_test(too_many_channels_are_an_error),
        cmocka_unit_test(prices_are_powers_of_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
