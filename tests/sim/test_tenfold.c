/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A currency of a tenth of the worth: every parameter that is money is ten times what it was,
 * and all that people do is the same, whatever the creators' strategy; all money is ten times
 * what it was, to 10 micro-units a posting.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab.h"

static const char *const rich[] = {
    "viewers.count=100",
    "viewers.rate=1.0",
    "creators.review_days=0.25",
    "creators.boost=0.3",
    "growth.channels=[\"paid_boost\", \"cross_platform\"]",
    "growth.cross_platform.adopt=0.5",
    "growth.cross_platform.cost=0.05",
    "growth.paid_boost.min_spend=0.05",
    "revenue.streams=[\"ads\", \"tips\", \"creator_fund\", \"subscription\", \"commerce\", "
    "\"course\", \"sponsor\", \"group_buy\", \"collectible\", \"elsewhere\"]",
    "viewers.purse.month=600.0",
    "creators.commercial=0.6",
    "creators.production.ai_share=0.5",
    "creators.production.ai.cost=0.01",
    "revenue.subscription.rate=0.01",
    "revenue.subscription.min_followers=0",
    "revenue.subscription.trial_days=0.5",
    "revenue.subscription.period=0.5",
    "revenue.commerce.min_followers=0",
    "revenue.commerce.click=0.5",
    "revenue.commerce.hold_days=0",
    "revenue.course.min_followers=0",
    "revenue.course.offered=1.0",
    "revenue.course.page=0.5",
    "revenue.course.trial=0.5",
    "revenue.course.purchase=0.3",
    "revenue.course.refund=0.5",
    "revenue.course.refund_days=0",
    "revenue.sponsor.min_followers=0",
    "revenue.sponsor.days=1",
    "revenue.group_buy.min_followers=0",
    "revenue.group_buy.offered=1.0",
    "revenue.group_buy.join=0.1",
    "revenue.group_buy.threshold=2",
    "revenue.collectible.min_followers=0",
    "revenue.collectible.offered=1.0",
    "revenue.collectible.buy=0.1",
    "revenue.collectible.editions=3",
    "revenue.collectible.resale=0.9",
    "revenue.ads.min_followers=0",
    "revenue.ads.min_views=0",
    "revenue.creator_fund.min_followers=0",
    "revenue.creator_fund.min_views=0",
    "revenue.tips.rate=0.005",
    NULL,
};

/* Money whose row's unit does not say so: lists, and factors on topics' prices. */
static const char *const by_hand[] = {
    "revenue.subscription.tiers=[106.0, 300.0, 980.0]",
    "revenue.subscription.price_ordinary=[106.0, 300.0, 980.0]",
    "revenue.commerce.basket=10.0",
    "revenue.course.price=10.0",
    NULL,
};

/* Whatever its row's unit calls money. */
static enum status tenfold(struct lab *lab)
{
    enum status status = STATUS_OK;
    for (size_t b = 0; b < lab->model.parameters.block_count && !status; b++) {
        const struct schema_table *table = lab->model.parameters.blocks[b].table;
        for (size_t r = 0; r < table->row_count && !status && !table->most; r++) {
            const struct schema_row *row = &table->rows[r];
            struct parameter at;
            char text[256], path[128];
            if (row->type != SCHEMA_FLOAT || strncmp(row->unit, "currency", 8) != 0) continue;
            snprintf(path, sizeof path, "%s.%s", table->prefix, row->path);
            if (!parameters_find(&lab->model.parameters, path, &at)) return STATUS_USAGE;
            snprintf(text, sizeof text, "%s=%.17g", path, 10 * *(const double *)at.value);
            status = lab_set(lab, text);
        }
    }
    return status;
}

static void run(struct lab *lab, const char *strategy, bool ten)
{
    char text[64];
    snprintf(text, sizeof text, "creators.strategy=%s", strategy);
    enum status status = lab_init(lab, lab_tiny, NULL);
    if (!status) status = lab_settings(lab, rich);
    if (!status) status = lab_set(lab, text);
    if (!status && ten) status = tenfold(lab);
    if (!status && ten) status = lab_settings(lab, by_hand);
    if (!status) status = lab_begin(lab, NULL);
    if (!status) status = lab_run(lab);
    if (status) fail_msg("%s: %s", strategy, lab->errors.text ? lab->errors.text : "");
}

/* Cells that are money are ten times as much, the others the same but for the rounding of
 * money that is in them. */
static void compare(const struct lab *one, const struct lab *ten, enum table_id id,
                    double postings)
{
    const struct table_shape shape = sim_shape(one->sim, id);
    assert_int_equal(one->table[id].rows, ten->table[id].rows);
    for (size_t i = 0; i < one->table[id].rows * shape.count; i++) {
        double x = one->table[id].cell[i], y = ten->table[id].cell[i];
        const struct column *column = &shape.columns[i % shape.count];
        bool money = strncmp(column->unit, "currency", 8) == 0;
        double off = money ? fabs(y - 10 * x) : fabs(y - x);
        double allowed = money ? 1e-5 * postings : 1e-4 * fabs(x);
        if (isnan(x) != isnan(y) || off > allowed)
            fail_msg("%s, %s: %.9g, and %.9g tenfold", table_file(id), column->name, x, y);
    }
}

static void every_stream_brings_something(const struct lab *lab)
{
    const struct table_shape shape = sim_shape(lab->sim, TABLE_SERIES);
    size_t streams = 0;
    for (size_t c = 0; c < shape.count; c++) {
        char path[96];
        double sum = 0;
        if (strncmp(shape.columns[c].name, "revenue_", 8) != 0) continue;
        snprintf(path, sizeof path, "sum %s", shape.columns[c].name);
        assert_true(lab_figure(lab, path, &sum));
        if (!(sum > 0)) print_message("%s: nothing\n", shape.columns[c].name);
        streams += sum > 0;
    }
    print_message("%zu streams\n", streams);
    assert_true(streams >= 9);
}

static void acts_do_not_depend_on_the_currency(void **state)
{
    static const char *const strategies[] = {"static",   "explore_exploit", "best_response",
                                             "balanced", "diversify",       "imitate_top"};
    (void)state;
    for (size_t i = 0; i < sizeof strategies / sizeof *strategies; i++) {
        struct lab one, ten;
        double impressions, income;
        run(&one, strategies[i], false);
        run(&ten, strategies[i], true);
        assert_true(lab_figure(&one, "sum impressions", &impressions));
        assert_true(lab_figure(&one, "sum creator_income", &income));
        print_message("%s: %.0f impressions, income %.2f\n", strategies[i], impressions,
                      income);
        assert_true(impressions > 2000 && income > 10);
        every_stream_brings_something(&one);
        compare(&one, &ten, TABLE_SERIES, impressions);
        compare(&one, &ten, TABLE_VIDEOS, impressions);
        compare(&one, &ten, TABLE_COHORTS, impressions);
        compare(&one, &ten, TABLE_CREATORS, impressions);
        lab_free(&one);
        lab_free(&ten);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acts_do_not_depend_on_the_currency),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
