/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The auction for places of ads: who wins and what it costs in closed form, budgets to the
 * micro-unit, even spending over a day.
 */
#include "../../src/revenue/auction.h"

#include "revenue/scene.h"

static void the_second_bid_or_the_reserve_is_paid(void **state)
{
    const int64_t rich[4] = {1000, 1000, 1000, 1000}, poor[4] = {1000, 39, 1000, 1000};
    const struct auction_bids bids = {.bid = {10, 40, 30, 40}, .count = 4};
    const struct auction_bids one = {.bid = {0, 25}, .count = 2};
    (void)state;
    struct auction_sale sale = auction_run(&bids, rich, 0);
    assert_true(sale.winner == 1 && sale.price == 40); /* the first of two equal ones */
    sale = auction_run(&bids, poor, 0);
    assert_true(sale.winner == 3 && sale.price == 30); /* who cannot pay is not there */
    sale = auction_run(&bids, poor, 35);
    assert_true(sale.winner == 3 && sale.price == 35);
    sale = auction_run(&bids, rich, 41);
    assert_true(sale.winner == -1 && sale.price == 0);
    sale = auction_run(&one, rich, 0);
    assert_true(sale.winner == 1 && sale.price == 0); /* alone, without a reserve */
}

/* n values uniform in [0, 1]: the second is (n - 1) / (n + 1) on average, what any efficient
 * auction brings (revenue equivalence: Vickrey 1961). With a reserve of 1/2 and two bidders
 * it is 5/12 a place (Myerson 1981). */
static void uniform_values_bring_what_theory_says(void **state)
{
    enum { PLACES = 200000 };
    struct stream draw = stream_open((struct stream_key){{3, 4}}, 5, 6);
    int64_t left[SEGMENTS_MOST];
    (void)state;
    for (int i = 0; i < SEGMENTS_MOST; i++) left[i] = INT64_MAX / 4;
    for (int32_t n = 2; n <= 8; n *= 2)
        for (int r = 0; r < (n == 2 ? 2 : 1); r++) {
            struct auction_bids bids = {.count = n};
            double sum = 0, squares = 0, theory = r ? 5.0 / 12 : (n - 1.0) / (n + 1.0);
            for (int k = 0; k < PLACES; k++) {
                for (int32_t i = 0; i < n; i++) bids.bid[i] = 1e6 * stream_uniform(&draw);
                double paid = 1e-6 * (double)auction_run(&bids, left, r ? 5e5 : 0).price;
                sum += paid;
                squares += paid * paid;
            }
            double mean = sum / PLACES, variance = squares / PLACES - mean * mean;
            print_message("%d bidders, reserve %g: %.4f, %.4f in theory\n", (int)n, 0.5 * r,
                          mean, theory);
            assert_true(fabs(mean - theory) < 4 * sqrt(variance / PLACES));
        }
}

static void parts_sum_to_the_amount(void **state)
{
    (void)state;
    for (int64_t amount = 0; amount < 50; amount++)
        for (uint32_t parts = 1; parts < 9; parts++)
            for (uint32_t first = 0; first < parts; first++) {
                int64_t sum = 0;
                for (uint32_t s = 0; s < parts; s++) {
                    int64_t part = auction_part(amount, parts, first, s);
                    assert_in_range(part, amount / parts, amount / parts + 1);
                    sum += part;
                }
                assert_int_equal(sum, amount);
            }
}

#define SEGMENTS 3
#define DAYS 3
#define HOURS (24 * DAYS)

/* What advertisers paid by hour. */
static void run_market(const char *const *settings, int64_t paid[HOURS])
{
    static const struct scene_size size = {4, 100, 8, 30};
    struct scene scene;
    struct revenue *revenue = NULL;
    scene_init(&scene);
    scene_set(&scene, "revenue.streams", "[\"ads\"]");
    scene_set(&scene, "revenue.ads.market", "auction");
    scene_set(&scene, "run.window", "60");
    for (int i = 0; settings[i]; i += 2) scene_set(&scene, settings[i], settings[i + 1]);
    scene_world(&scene, size);
    assert_int_equal(revenue_init(&revenue, &scene.world, &scene.errors), STATUS_OK);
    assert_int_equal(revenue_populate(revenue), STATUS_OK);
    for (int h = 0; h < HOURS; h++) {
        scene_viewers(&scene, revenue, 40);
        scene_deliver(&scene);
        scene_videos(&scene, revenue, NULL, h % 2);
        if (revenue_close(revenue, &scene.errors)) fail_msg("%s", scene.errors.text);
        paid[h] = revenue_interval(revenue).gross[0];
        scene_next(&scene);
    }
    revenue_free(revenue);
    scene_free(&scene);
}

#define THREE(budget)                                                                          \
    "revenue.ads.segments[0].value", "30.0", "revenue.ads.segments[0].budget", budget,         \
        "revenue.ads.segments[1].value", "30.0", "revenue.ads.segments[1].budget", budget,     \
        "revenue.ads.segments[2].value", "30.0", "revenue.ads.segments[2].budget", budget

static int64_t of_day(const int64_t paid[HOURS], int day)
{
    int64_t sum = 0;
    for (int h = 0; h < 24; h++) sum += paid[24 * day + h];
    return sum;
}

/* Far too little, then half of what an unbounded budget would spend. */
static void budgets_are_never_exceeded_and_spent_evenly(void **state)
{
    const char *const plenty[] = {THREE("100000.0"), NULL};
    const char *const tiny[] = {THREE("0.012345"), NULL};
    char half[32];
    const char *const paced[] = {THREE(half), NULL};
    int64_t paid[HOURS];
    (void)state;
    run_market(plenty, paid);
    int64_t all = of_day(paid, 1);
    run_market(tiny, paid);
    for (int d = 0; d < DAYS; d++) assert_in_range(of_day(paid, d), 1, SEGMENTS * 12345);
    snprintf(half, sizeof half, "%.6f", 0.5 * (double)all / 1e6 / SEGMENTS);
    run_market(paced, paid);
    int64_t budget = SEGMENTS * (int64_t)(strtod(half, NULL) * 1e6 + 0.5);
    for (int d = 0; d < DAYS; d++) {
        print_message("day %d: %.4f of the budget\n", d,
                      (double)of_day(paid, d) / (double)budget);
        assert_true(of_day(paid, d) <= budget);
    }
    for (int d = 1; d < DAYS; d++) { /* the first day learns the pace */
        assert_true((double)of_day(paid, d) > 0.9 * (double)budget);
        for (int h = 0; h < 20; h++) {
            double share = 24 * (double)paid[24 * d + h] / (double)budget;
            if (share < 0.5 || share > 1.6)
                fail_msg("hour %d of day %d: %.3f of an even part", h, d, share);
        }
    }
}

/* What is set aside lies in the advertisers' account: a micro-unit more or less is found. */
static void budgets_are_their_account(void **state)
{
    static const struct scene_size size = {4, 50, 10, 40};
    struct scene scene;
    struct revenue *revenue = NULL;
    (void)state;
    scene_init(&scene);
    scene_set(&scene, "revenue.streams", "[\"ads\"]");
    scene_set(&scene, "revenue.ads.market", "auction");
    scene_set(&scene, "revenue.ads.segments[1].value", "20.0");
    scene_world(&scene, size);
    assert_int_equal(revenue_init(&revenue, &scene.world, &scene.errors), STATUS_OK);
    assert_int_equal(revenue_populate(revenue), STATUS_OK);
    for (int i = 0; i < 3; i++, scene_next(&scene)) {
        scene_viewers(&scene, revenue, 10);
        scene_deliver(&scene);
        scene_videos(&scene, revenue, NULL, false);
        assert_int_equal(revenue_close(revenue, &scene.errors), STATUS_OK);
    }
    struct book *book = &scene.world.creators[1].book;
    assert_true(book->balance[ACCOUNT_ADVERTISERS] > 0); /* left for the next window */
    for (int k = 0; k < 2; k++) {
        enum ledger_account from = k ? ACCOUNT_OUTSIDE : ACCOUNT_ADVERTISERS;
        enum ledger_account to = k ? ACCOUNT_ADVERTISERS : ACCOUNT_OUTSIDE;
        struct errors errors = {0};
        book_post(book, 0, from, to, 1);
        assert_int_equal(revenue_check(revenue, true, &errors), STATUS_UNBALANCED);
        assert_non_null(strstr(errors.text, "account advertisers"));
        assert_non_null(strstr(errors.text, "0.000001"));
        errors_free(&errors);
        book_post(book, 0, to, from, 1);
        assert_int_equal(revenue_check(revenue, true, &scene.errors), STATUS_OK);
    }
    revenue_free(revenue);
    scene_free(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_second_bid_or_the_reserve_is_paid),
        cmocka_unit_test(uniform_values_bring_what_theory_says),
        cmocka_unit_test(parts_sum_to_the_amount),
        cmocka_unit_test(budgets_are_never_exceeded_and_spent_evenly),
        cmocka_unit_test(budgets_are_their_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
