/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shocks from outside: advertisers who stay away.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/lab.h"

struct outcome {
    double revenue, ads, impressions, before, after;
};

/* Ads at one price for all topics. */
static struct outcome run(const char *fill, const char *day)
{
    static const char *const set[] = {
        "revenue.streams=[\"ads\"]", "revenue.ads.min_followers=0", "revenue.ads.min_views=0",
        "creators.strategy=static",  "platform.ads.load=0.5",       NULL};
    struct lab lab;
    struct lab_column at = {0};
    char text[64];
    struct outcome out;
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(&lab, set), STATUS_OK);
    assert_int_equal(lab_set(&lab, "policy.changes[0].set=\"revenue.ads.fill\""), STATUS_OK);
    snprintf(text, sizeof text, "policy.changes[0].day=%s", day);
    assert_int_equal(lab_set(&lab, text), STATUS_OK);
    snprintf(text, sizeof text, "policy.changes[0].value=\"%s\"", fill);
    assert_int_equal(lab_set(&lab, text), STATUS_OK);
    assert_int_equal(lab_begin(&lab, NULL), STATUS_OK);
    assert_int_equal(lab_run(&lab), STATUS_OK);
    assert_true(lab_figure(&lab, "sum revenue_ads", &out.revenue));
    assert_true(lab_figure(&lab, "sum ad_impressions", &out.ads));
    assert_true(lab_figure(&lab, "sum impressions", &out.impressions));
    assert_true(lab_find(&lab, "revenue_ads", &at));
    assert_int_equal(at.table->rows, 2);
    out.before = at.table->cell[at.column];
    out.after = at.table->cell[at.table->columns + at.column];
    lab_free(&lab);
    return out;
}

/* Days end where changes come: the second day is the boycott's. Viewers see as many ads, the
 * house's own in place of those that nobody buys. */
static void a_boycott_takes_its_share_of_revenue_and_no_act(void **state)
{
    (void)state;
    struct outcome all = run("1", "1.0"), some = run("0.3", "1.0"), none = run("0", "1.0");
    assert_true(some.ads == all.ads && some.impressions == all.impressions);
    assert_true(some.before == all.before && none.before == all.before);
    double paid = some.after / all.after, n = all.ads / 2;
    print_message("%.4f of the revenue is left of %.0f ads\n", paid, n);
    /* prices of topics spread the weights: twice the binomial error is allowed for */
    assert_true(fabs(paid - 0.3) < 8 * sqrt(0.3 * 0.7 / n));
    assert_true(none.after == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_boycott_takes_its_share_of_revenue_and_no_act),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
