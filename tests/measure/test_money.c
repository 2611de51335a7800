/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "measure/parts.h"
#include "sim/lab.h"
#include "sim/parts.h"

/* Ads for everybody, tips, boosts that end and come back, a change of the ads' price on day 1.
 */
static const char *const busy[] = {
    "revenue.ads.cpm=100.0",
    "revenue.ads.min_followers=0",
    "revenue.ads.min_views=0",
    "revenue.tips.rate=0.01",
    "creators.boost=0.5",
    "creators.production.ai_share=0.5",
    "creators.production.ai.cost=0.02",
    "creators.review_days=0.25",
    "growth.paid_boost.min_spend=0.0",
    "growth.paid_boost.hours=6.0",
    "viewers.arrivals.innovation=0.05",
    "viewers.arrivals.market=500",
    NULL,
};

static double cell(const struct lab *lab, enum table_id table, size_t row, const char *name)
{
    const struct table_shape shape = sim_shape(lab->sim, table);
    const struct lab_table *t = &lab->table[table];
    for (size_t c = 0; c < shape.count; c++)
        if (strcmp(shape.columns[c].name, name) == 0) return t->cell[row * t->columns + c];
    fail_msg("no column %s", name);
    return 0;
}

static void begin(struct lab *lab, uint32_t threads)
{
    assert_int_equal(lab_init(lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(lab, busy), STATUS_OK);
    assert_int_equal(lab_begin(lab, &(struct lab_way){.threads = threads}), STATUS_OK);
    assert_int_equal(lab_run(lab), STATUS_OK);
}

static bool is(const struct lab *lab, size_t row, const char *name, const char *text)
{
    return cell(lab, TABLE_MONEY, row, name) == lab_text_number(text);
}

/* What the rows say of an account of whoever `name` counts. */
static double balance(const struct lab *lab, const char *account, const char *name, double who)
{
    double sum = 0;
    for (size_t r = 0; r < lab->table[TABLE_MONEY].rows; r++) {
        if (name && cell(lab, TABLE_MONEY, r, name) != who) continue;
        double amount = cell(lab, TABLE_MONEY, r, "amount_micro");
        if (is(lab, r, "credit_account", account)) sum += amount;
        if (is(lab, r, "debit_account", account)) sum -= amount;
    }
    return sum;
}

/* Balances of every creator and every purse come out of the postings alone. */
static void test_stocks(void **state)
{
    struct lab lab;
    (void)state;
    begin(&lab, 1);
    assert_true(lab.table[TABLE_PURSES].rows > 300); /* some came later */
    for (size_t r = 0; r < lab.table[TABLE_PURSES].rows; r++) {
        double viewer = cell(&lab, TABLE_PURSES, r, "viewer");
        assert_true(balance(&lab, "viewers", "viewer", viewer) ==
                    cell(&lab, TABLE_PURSES, r, "purse_micro"));
    }
    for (size_t r = 0; r < lab.table[TABLE_CREATORS].rows; r++) {
        double creator = cell(&lab, TABLE_CREATORS, r, "creator");
        double held = cell(&lab, TABLE_CREATORS, r, "balance");
        assert_true(fabs(balance(&lab, "creators", "creator", creator) * 1e-6 - held) < 1e-9);
    }
    lab_free(&lab);
}

/* Every kind of act that this world has leaves rows, each with what belongs to it. */
static void test_acts(void **state)
{
    static const char *const kinds[] = {"shown", "paid", "streamed", "purse",
                                        "rent",  "made", "bought",   "returned"};
    size_t found[sizeof kinds / sizeof *kinds] = {0};
    struct lab lab;
    double ads = 0, impressions = 0;
    (void)state;
    begin(&lab, 1);
    for (size_t r = 0; r < lab.table[TABLE_MONEY].rows; r++) {
        double window = cell(&lab, TABLE_MONEY, r, "window_ms");
        double time = cell(&lab, TABLE_MONEY, r, "time_ms");
        assert_true(time >= window && time <= window + 600000);
        assert_true(cell(&lab, TABLE_MONEY, r, "amount_micro") > 0);
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            found[k] += is(&lab, r, "act", kinds[k]);
        assert_false(is(&lab, r, "act", "other"));
        if (is(&lab, r, "act", "paid")) {
            assert_true(cell(&lab, TABLE_MONEY, r, "viewer") >= 0);
            assert_true(cell(&lab, TABLE_MONEY, r, "video") >= 0);
        }
        if (is(&lab, r, "stream", "promotion"))
            assert_true(is(&lab, r, "channel", "paid_boost"));
        if (is(&lab, r, "stream", "ads") && is(&lab, r, "credit_account", "platform"))
            ads += cell(&lab, TABLE_MONEY, r, "postings");
        if (!is(&lab, r, "stream", "income") && !is(&lab, r, "stream", "serving"))
            assert_true(cell(&lab, TABLE_MONEY, r, "creator") >= 0);
    }
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) assert_true(found[k] > 0);
    assert_true(lab_figure(&lab, "sum ad_impressions", &impressions));
    assert_int_equal((int)ads, (int)impressions);
    lab_free(&lab);
}

static void test_threads(void **state)
{
    struct lab one, three;
    (void)state;
    begin(&one, 1);
    begin(&three, 3);
    assert_int_equal(one.digest, three.digest);
    lab_free(&one);
    lab_free(&three);
}

static void test_unless_switched_off(void **state)
{
    struct lab on, off;
    (void)state;
    assert_int_equal(lab_init(&on, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_begin(&on, NULL), STATUS_OK);
    assert_int_equal(lab_run(&on), STATUS_OK);
    assert_int_equal(lab_init(&off, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_set(&off, "measure.money=false"), STATUS_OK);
    assert_int_equal(lab_begin(&off, NULL), STATUS_OK);
    assert_int_equal(sim_shape(off.sim, TABLE_MONEY).count, 0);
    assert_int_equal(sim_shape(off.sim, TABLE_PURSES).count, 0);
    assert_int_equal(lab_run(&off), STATUS_OK);
    assert_int_equal(off.table[TABLE_MONEY].rows + off.table[TABLE_PURSES].rows, 0);
    assert_true(on.table[TABLE_MONEY].rows > 0);
    assert_int_equal(on.hash, off.hash);
    lab_free(&on);
    lab_free(&off);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stocks),
        cmocka_unit_test(test_acts),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_unless_switched_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
