/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ban of the whole platform: nobody watches while it is on, some come back, and who posted
 * elsewhere before loses less.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unistd.h>

#include "sim/lab.h"
#include "world/ban.h"

#define DAYS 6
#define BANNED                                                                                 \
    "policy.changes[0].day=2", "policy.changes[0].set=\"policy.ban.on\"",                      \
        "policy.changes[0].value=\"true\"", "policy.changes[1].day=4",                         \
        "policy.changes[1].set=\"policy.ban.on\"", "policy.changes[1].value=\"false\""
#define BUSY                                                                                   \
    "run.days=6", "growth.channels=[\"cross_platform\", \"social_share\", \"livestream\"]",    \
        "growth.cross_platform.adopt=0.5", "growth.cross_platform.cost=0",                     \
        "growth.livestream.adopt=0.5", "viewers.arrivals.market=400",                          \
        "viewers.arrivals.innovation=0.05", "viewers.weibull.share=0.02",                      \
        "revenue.streams=[\"ads\", \"tips\", \"elsewhere\"]", "revenue.ads.min_followers=0",   \
        "revenue.ads.min_views=0", "revenue.tips.rate=0.05", "revenue.elsewhere.overlap=0",    \
        "creators.life.exit_new=0", "creators.life.exit_established=0"

static const char *const open_world[] = {BUSY, NULL};
static const char *const banned[] = {BUSY, BANNED, "policy.ban.lost=0.4", NULL};

static void begin(struct lab *lab, const char *const *settings, const struct lab_way *way)
{
    enum status status = lab_init(lab, lab_tiny, NULL);
    if (!status) status = lab_settings(lab, settings);
    if (!status) status = lab_begin(lab, way);
    if (status) print_error("%s\n", lab->errors.text ? lab->errors.text : status_text(status));
    assert_int_equal(status, STATUS_OK);
}

static double of_day(const struct lab *lab, const char *name, size_t day)
{
    struct lab_column at = {0};
    assert_true(lab_find(lab, name, &at));
    assert_true(day < at.table->rows);
    return at.table->cell[day * at.table->columns + at.column];
}

/* That the books agree is checked at every close: a run that ends has passed. */
static void nobody_watches_while_it_is_on(void **state)
{
    static const char *const figures[] = {"impressions", "sessions", "posts", "revenue_ads",
                                          "revenue_tips"};
    struct lab with, without;
    (void)state;
    begin(&with, banned, NULL);
    begin(&without, open_world, NULL);
    assert_int_equal(lab_run(&with), STATUS_OK);
    assert_int_equal(lab_run(&without), STATUS_OK);
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        for (size_t day = 0; day < DAYS; day++) {
            double a = of_day(&with, figures[i], day), b = of_day(&without, figures[i], day);
            bool open = day < 2 || day > 3;
            if (day < 2 ? a != b : open ? a <= 0 : a != 0)
                fail_msg("%s of day %d: %g, and %g without a ban", figures[i], (int)day, a, b);
            assert_true(b > 0);
        }
    assert_true(of_day(&with, "new_viewers", 2) == 0 && of_day(&without, "new_viewers", 2) > 0);
    assert_true(of_day(&with, "revenue_elsewhere", 1) == 0);
    assert_true(of_day(&with, "revenue_elsewhere", 2) > 0);
    assert_true(of_day(&with, "revenue_elsewhere", 3) > 0);
    assert_true(of_day(&with, "revenue_elsewhere", 4) == 0);
    lab_free(&with);
    lab_free(&without);
}

struct people {
    uint32_t all, churned;
};

static struct people people(const struct lab *lab)
{
    const struct world *w = sim_world(lab->sim);
    struct people p = {0};
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->viewers[s].count; r++) {
            p.all++;
            p.churned += (w->viewers[s].row[r].flags & VIEWER_CHURNED) != 0;
        }
    return p;
}

/* Nobody churns but by the ban, which lasts so long that nearly everybody comes to its door. */
static void a_share_of_viewers_never_comes_back(void **state)
{
    static const char *const share[] = {"0", "0.4", "1"};
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct lab lab;
        char lost[64];
        snprintf(lost, sizeof lost, "policy.ban.lost=%s", share[i]);
        const char *const set[] = {"run.days=30",
                                   "viewers.rate=3",
                                   "viewers.rate_sigma=0",
                                   "viewers.habit.hazard=0",
                                   "growth.channels=[]",
                                   "policy.changes[0].day=1",
                                   "policy.changes[0].set=\"policy.ban.on\"",
                                   "policy.changes[0].value=\"true\"",
                                   lost,
                                   NULL};
        begin(&lab, set, NULL);
        assert_int_equal(lab_run(&lab), STATUS_OK);
        struct people p = people(&lab);
        double gone = (double)p.churned / p.all;
        print_message("%s lost: %.3f of %d viewers are gone\n", share[i], gone, (int)p.all);
        if (i == 0) assert_true(p.churned == 0);
        if (i == 1) assert_true(fabs(gone - 0.4) < 4 * sqrt(0.4 * 0.6 / p.all));
        if (i == 2) assert_true(gone > 0.99);
        lab_free(&lab);
    }
}

/* A day of the ban brings each creator who posted elsewhere before the followers' worth to the
 * micro-unit, and the others nothing at all. */
static void who_posted_elsewhere_keeps_the_share(void **state)
{
    static const char *const set[] = {BUSY, BANNED, "policy.ban.portable=0.25",
                                      "revenue.elsewhere.per_mille=4", NULL};
    int64_t before[4][256];
    struct lab lab;
    uint32_t there = 0, here = 0;
    (void)state;
    begin(&lab, set, NULL);
    const struct world *w = sim_world(lab.sim);
    assert_int_equal(lab_until(&lab, 2.5), STATUS_OK);
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->creators[s].count; r++) {
            assert_true(s < 4 && r < 256);
            before[s][r] = creator_income(&w->creators[s].row[r]);
        }
    assert_int_equal(lab_until(&lab, 3.5), STATUS_OK);
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->creators[s].count; r++) {
            const struct creator *c = &w->creators[s].row[r];
            int64_t earned = creator_income(c) - before[s][r];
            bool posted = c->flags & CREATOR_ELSEWHERE;
            /* .25 of the followers at 4000 micro-units each */
            assert_int_equal(earned, posted ? 1000 * (int64_t)c->followers : 0);
            there += posted && c->followers > 0;
            here += !posted;
        }
    print_message("%d creators have followers elsewhere, %d do not\n", (int)there, (int)here);
    assert_true(there > 5 && here > 5);
    lab_free(&lab);
}

/* Saved while it is on, and by any number of threads. */
static void the_same_however_it_is_run(void **state)
{
    struct lab whole, first, second, threads;
    char path[64];
    (void)state;
    snprintf(path, sizeof path, "/tmp/test_ban.%ld", (long)getpid());
    begin(&whole, banned, NULL);
    assert_int_equal(lab_run(&whole), STATUS_OK);
    begin(&threads, banned, &(struct lab_way){.threads = 3, .shuffle = true});
    assert_int_equal(lab_run(&threads), STATUS_OK);
    assert_true(whole.hash == threads.hash);
    begin(&first, banned, NULL);
    assert_int_equal(lab_until(&first, 2.7), STATUS_OK);
    assert_int_equal(lab_save(&first, path), STATUS_OK);
    assert_int_equal(lab_init(&second, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(&second, banned), STATUS_OK);
    assert_int_equal(lab_load(&second, NULL, path), STATUS_OK);
    unlink(path);
    assert_int_equal(lab_run(&second), STATUS_OK);
    assert_true(whole.hash == second.hash);
    lab_free(&whole);
    lab_free(&first);
    lab_free(&second);
    lab_free(&threads);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_watches_while_it_is_on),
        cmocka_unit_test(a_share_of_viewers_never_comes_back),
        cmocka_unit_test(who_posted_elsewhere_keeps_the_share),
        cmocka_unit_test(the_same_however_it_is_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
