/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viewers/purse.h"

#include "viewers/check.h"
#include "viewers/lab.h"

struct till {
    struct lab *lab;
    uint64_t tips;
};

/* Everybody gives what it can, a unit an impression. */
static void on_paid(void *self, struct moment *m)
{
    struct till *till = self;
    int64_t amount = m->viewer->purse < MICRO ? m->viewer->purse : MICRO;

    if (amount <= 0) return;
    m->viewer->purse -= amount;
    book_post(&till->lab->world.creators[m->scope->shard].book, 0, ACCOUNT_VIEWERS,
              ACCOUNT_CREATORS, amount);
    till->tips++;
}

static void assert_purses_are_booked(const struct lab *lab)
{
    const struct world *w = &lab->world;

    for (uint32_t s = 0; s < w->shards.count; s++) {
        int64_t sum = 0;
        for (size_t i = 0; i < w->viewers[s].count; i++) {
            assert_true(w->viewers[s].row[i].purse >= 0);
            sum += w->viewers[s].row[i].purse;
        }
        assert_int_equal(sum, w->creators[s].book.balance[ACCOUNT_VIEWERS]);
    }
}

static void test_purses_equal_their_account(void **state)
{
    const char *settings[] = {"viewers.count=300",
                              "run.shards=4",
                              "run.window=60",
                              "viewers.session.stay=0.8",
                              "viewers.arrivals.market=5000",
                              "viewers.arrivals.innovation=0.001",
                              NULL};
    struct lab lab;
    struct till till = {.lab = &lab};

    (void)state;
    lab_open(&lab, settings);
    lab.act = (struct act_service){.revenue = &till, .paid = on_paid};
    lab_populate(&lab, 100, 15);
    assert_purses_are_booked(&lab);
    for (int32_t day = 1; day <= 35; day++) {
        lab_run(&lab, day * TIME_DAY);
        assert_purses_are_booked(&lab);
    }
    assert_true(till.tips > 1000);
    lab_free(&lab);
}

/* Nobody spends: nothing comes in a second time. Who has spent all is filled up within 30 days.
 */
static void test_refill(void **state)
{
    const char *settings[] = {"viewers.count=200",    "run.shards=2",         "run.window=60",
                              "viewers.rate=0.00001", "viewers.rate_sigma=0", NULL};
    struct lab lab;

    (void)state;
    lab_open(&lab, settings);
    lab_populate(&lab, 10, 15);
    struct viewer *v = &lab.world.viewers[1].row[2];
    int64_t month = purse_month(lab.viewers->purse, v->income);
    int64_t before = lab.world.creators[1].book.balance[ACCOUNT_VIEWERS];
    assert_int_equal(v->purse, month);
    v->purse = 0;
    int filled = -1;
    for (int32_t day = 1; day <= 60 && filled < 0; day++) {
        lab_run(&lab, day * TIME_DAY);
        if (v->purse == month) filled = day;
    }
    assert_between("day of filling", filled, 1, 30);
    assert_true(purse_day(v, filled));
    assert_int_equal(lab.world.creators[1].book.balance[ACCOUNT_VIEWERS], before + month);
    lab_free(&lab);
}

static void test_classes(void **state)
{
    struct purse_parameters p = {.month = 60, .spread = 4};

    (void)state;
    assert_int_equal(purse_month(&p, 2), 60 * MICRO);
    assert_int_equal(purse_month(&p, 4), 960 * MICRO);
    assert_int_equal(purse_month(&p, 0), 3750000);
}

/* Money of a currency of small units, or of very many, is no more than the books hold. */
static void test_purses_fit_into_the_books(void **state)
{
    static const struct {
        const char *month, *shards;
        uint64_t viewers;
        enum status status;
    } cases[] = {
        {"60", "64", 10000000, STATUS_OK},      {"60", "1", 10000000, STATUS_OK},
        {"1e6", "64", 100000, STATUS_OK},       {"1e6", "64", 10000000, STATUS_BAD_INPUT},
        {"1e6", "1", 100000, STATUS_BAD_INPUT}, {"1e9", "64", 20000, STATUS_BAD_INPUT}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char month[64], shards[64];
        snprintf(month, sizeof month, "viewers.purse.month=%s", cases[i].month);
        snprintf(shards, sizeof shards, "run.shards=%s", cases[i].shards);
        const char *settings[] = {month, shards, NULL};
        struct errors errors = {0};
        struct lab lab;
        lab_open(&lab, settings);
        assert_int_equal(viewers_check(&lab.parameters, cases[i].viewers, &errors),
                         cases[i].status);
        assert_int_equal(errors.count, cases[i].status != STATUS_OK);
        errors_free(&errors);
        lab_free(&lab);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_purses_equal_their_account),
        cmocka_unit_test(test_refill),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_purses_fit_into_the_books),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
