/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What creators are paid some days later: when, how much, and what is held meanwhile.
 */
#include "revenue/payouts.h"

#include "revenue/scene.h"

#define DAYS 8
#define CREATORS 4
static const struct scene_size size = {1, 30, CREATORS, 12};

struct history {
    int64_t income[DAYS][CREATORS]; /* since the start, at the end of each day */
    int64_t payable[DAYS], waiting[DAYS], escrow[DAYS];
};

static void run(const char *stream, const char *settings, const char *days, struct history *out)
{
    struct scene scene;
    struct revenue *revenue = NULL;
    char path[64], streams[32];
    scene_init(&scene);
    snprintf(streams, sizeof streams, "[\"%s\"]", stream);
    snprintf(path, sizeof path, "revenue.%s.payout_days", stream);
    scene_set(&scene, "revenue.streams", streams);
    scene_set(&scene, path, days);
    scene_set_all(&scene, settings);
    scene_set(&scene, "run.window", "60");
    scene_world(&scene, size);
    assert_int_equal(revenue_init(&revenue, &scene.world, &scene.errors), STATUS_OK);
    assert_int_equal(revenue_populate(revenue), STATUS_OK);
    scene_fill_purses(&scene, 5000 * MICRO);
    const struct creator_shard *creators = &scene.world.creators[0];
    for (int h = 0; h < 24 * DAYS; h++, scene_next(&scene)) {
        scene_viewers(&scene, revenue, 4);
        scene_deliver(&scene);
        scene_videos(&scene, revenue, NULL, false);
        if (revenue_close(revenue, &scene.errors)) fail_msg("%s", scene.errors.text);
        if (h % 24 != 23) continue;
        for (int i = 0; i < CREATORS; i++)
            out->income[h / 24][i] = creator_income(&creators->row[i]);
        int64_t waiting[SCHEMA_NAMES_MAX];
        revenue_waiting(revenue, waiting);
        out->waiting[h / 24] = waiting[0]; /* all are of the first cohort */
        out->payable[h / 24] = creators->book.balance[ACCOUNT_PAYABLE];
        out->escrow[h / 24] = creators->book.balance[ACCOUNT_ESCROW];
    }
    revenue_free(revenue);
    scene_free(&scene);
}

#define SUBSCRIBED                                                                             \
    "revenue.subscription.min_followers=0 revenue.subscription.rate=0.05 "                     \
    "revenue.subscription.refund=0.0"
static const struct {
    const char *stream, *settings;
} subjects[] = {
    {"ads", "revenue.ads.min_followers=0 revenue.ads.min_views=0"},
    {"tips", "revenue.tips.rate=0.05"},
    {"subscription", SUBSCRIBED},
    {"creator_fund", "revenue.creator_fund.min_followers=0 revenue.creator_fund.min_views=0"},
    {"group_buy", "revenue.group_buy.min_followers=0 revenue.group_buy.offered=1.0 "
                  "revenue.group_buy.join=0.2 revenue.group_buy.threshold=2"},
    {"collectible", /* first sales and royalties */
     "revenue.collectible.min_followers=0 revenue.collectible.offered=1.0 "
     "revenue.collectible.buy=0.2 revenue.collectible.editions=2 "
     "revenue.collectible.resale=1.0 revenue.collectible.compliance=1.0"},
};

/* Of a delay of k days, what a day brought is there at the close of the k-th after it, to the
 * micro-unit; the rest is held. */
static void parts_come_so_many_days_later(void **state)
{
    static const char *const days[] = {"1", "3"};
    static struct history now, later;
    (void)state;
    for (size_t s = 0; s < sizeof subjects / sizeof *subjects; s++)
        for (size_t k = 0; k < 2; k++) {
            int64_t total = 0;
            int delay = atoi(days[k]);
            run(subjects[s].stream, subjects[s].settings, "0", &now);
            run(subjects[s].stream, subjects[s].settings, days[k], &later);
            for (int d = 0; d < DAYS; d++) {
                int64_t held = 0;
                assert_int_equal(now.payable[d], 0);
                for (int i = 0; i < CREATORS; i++) {
                    int64_t due = d < delay ? 0 : now.income[d - delay][i];
                    assert_int_equal(later.income[d][i], due);
                    held += now.income[d][i] - due;
                }
                assert_int_equal(later.payable[d], held);
                assert_int_equal(later.waiting[d], held);
                total += held;
            }
            assert_true(total > MICRO);
        }
}

/* First payments that may be taken back for two days are shared out then, and paid a day later;
 * nobody comes to a renewal here. */
static void what_may_be_taken_back_waits_before(void **state)
{
    static struct history now, later;
    const int delay = 2 + 1;
    (void)state;
    run("subscription", SUBSCRIBED, "0", &now);
    run("subscription", SUBSCRIBED " revenue.subscription.refund_days=2", "1", &later);
    for (int d = 0; d < DAYS; d++)
        for (int i = 0; i < CREATORS; i++)
            assert_int_equal(later.income[d][i], d < delay ? 0 : now.income[d - delay][i]);
    assert_true(later.escrow[3] > MICRO && later.income[DAYS - 1][0] > MICRO);
    for (int d = 0; d < DAYS; d++) assert_int_equal(now.escrow[d], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_come_so_many_days_later),
        cmocka_unit_test(what_may_be_taken_back_waits_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
