/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "measure/parts.h"
#include "sim/lab.h"
#include "sim/parts.h"

/* The names that other programs rely on, with two streams and two channels in use. */
static const char *const promised[TABLES] = {
    [TABLE_SERIES] =
        "day dau mau sessions impressions watch_hours completions likes comments shares "
        "follows "
        "hides posts active_videos active_creators new_viewers churned_viewers ad_impressions "
        "revenue_ads revenue_tips creator_income platform_profit gini_views top1_share_views "
        "gini_income topic_entropy homogenisation ndcg_true impressions_content "
        "impressions_follow impressions_trending impressions_cold_start impressions_explore "
        "impressions_promoted impressions_shared",
    [TABLE_COHORTS] = "day cohort impressions income_ads spend_paid_boost",
    [TABLE_CREATORS] =
        "creator cohort topic joined_day left_day followers posts impressions watch_hours "
        "income_ads income_tips spend_social_share spend_paid_boost",
    [TABLE_VIDEOS] =
        "video creator cohort topic published_day duration_s quality commercial impressions "
        "plays_7s plays_18s completions watch_hours likes comments shares follows hides pool "
        "removed_day",
    [TABLE_RETENTION] = "cohort_day age_day viewers returned",
    [TABLE_CASCADES] = "root_video size depth virality",
    [TABLE_LEDGER] = "day debit_account credit_account stream amount_micro",
    [TABLE_MONEY] =
        "window_ms time_ms stream debit_account credit_account amount_micro postings act "
        "channel creator viewer video",
    [TABLE_PURSES] = "viewer purse_micro",
    [TABLE_POOLS] = "", /* only when it is asked for: tests/cli/inspect.sh */
    [TABLE_ARMS] = "",  /* only in a split run: tests/policy/test_split.c */
    [TABLE_TRACE] = "", /* only when it is asked for: test_trace.c */
    [TABLE_TRACE_PACKED] = "",
};

static bool has(struct table_shape shape, const char *name, size_t length)
{
    for (size_t c = 0; c < shape.count; c++)
        if (strlen(shape.columns[c].name) == length &&
            strncmp(shape.columns[c].name, name, length) == 0)
            return true;
    print_error("no column %.*s\n", (int)length, name);
    return false;
}

static void test_promised_names(void **state)
{
    struct lab lab;
    (void)state;
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_begin(&lab, NULL), STATUS_OK);
    for (int t = 0; t < TABLES; t++) {
        const struct table_shape shape = sim_shape(lab.sim, (enum table_id)t);
        for (const char *name = promised[t]; *name;) {
            size_t length = strcspn(name, " ");
            assert_true(has(shape, name, length));
            name += length + (name[length] == ' ');
        }
        for (size_t c = 0; c < shape.count; c++)
            for (size_t k = 0; k < c; k++)
                assert_string_not_equal(shape.columns[c].name, shape.columns[k].name);
    }
    lab_free(&lab);
}

/* Every column that a run has is declared, itself or by its pattern, with unit and meaning. */
static void test_declared(void **state)
{
    const struct column *columns;
    (void)state;
    for (int t = 0; t < TABLES; t++) {
        size_t all = 0;
        for (size_t part = 0, n; (n = measure_declared((enum table_id)t, part, &columns)) > 0;
             part++)
            for (size_t c = 0; c < n; c++, all++)
                assert_true(*columns[c].unit && strlen(columns[c].definition) > 2);
        assert_true(all >= 2);
    }
    assert_int_equal(measure_declared(TABLES, 0, &columns), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_promised_names),
        cmocka_unit_test(test_declared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
