/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "revenue/scene.h"

#define OFFERS 200000

struct shop {
    struct scene scene;
    struct revenue *revenue;
    uint64_t orders;
};

static void open_shop(struct shop *self)
{
    *self = (struct shop){0};
    scene_init(&self->scene);
    scene_set(&self->scene, "revenue.streams", "[\"commerce\"]");
    scene_set(&self->scene, "revenue.commerce.min_followers", "100");
    scene_set(&self->scene, "revenue.commerce.sigma", "0.0");
    scene_set(&self->scene, "revenue.commerce.returns", "0.0");
    scene_set(&self->scene, "revenue.commerce.commission", "0.15");
    scene_set(&self->scene, "revenue.commerce.platform_cut", "0.1");
    scene_set(&self->scene, "revenue.commerce.slope", "1.5");
    scene_set(&self->scene, "run.window", "60");
}

static void start_shop(struct shop *self, float commercial, uint8_t price_sensitivity)
{
    struct world *w = &self->scene.world;
    scene_world(&self->scene, (struct scene_size){1, 1, 1, 1});
    w->creators[0].row[0].followers = 100;
    w->videos[0].row[0].commercial = commercial;
    w->viewers[0].row[0].price_sensitivity = price_sensitivity;
    assert_int_equal(revenue_init(&self->revenue, w, &self->scene.errors), STATUS_OK);
    assert_int_equal(revenue_populate(self->revenue), STATUS_OK);
}

static void offer(struct shop *self, uint32_t offers, float match)
{
    struct world *w = &self->scene.world;
    struct scope scope = {.window_end = w->close};
    for (uint32_t i = 0; i < offers; i++) {
        struct moment moment = {.scope = &scope,
                                .viewer = w->viewers[0].row,
                                .video = w->videos[0].row,
                                .at = w->now,
                                .match = match,
                                .occasion = i};
        revenue_paid(self->revenue, &moment);
        assert_int_equal(moment.acts, 0);
    }
}

static void close_window(struct shop *self)
{
    scene_deliver(&self->scene);
    self->orders += exchange_count(&self->scene.world.payments, 0);
    scene_videos(&self->scene, self->revenue, NULL, false);
    assert_int_equal(revenue_close(self->revenue, &self->scene.errors), STATUS_OK);
    scene_next(&self->scene);
}

static void run_to_midnight(struct shop *self)
{
    do close_window(self);
    while (self->scene.world.now % TIME_DAY);
}

static int64_t balance(const struct shop *self, enum ledger_account account)
{
    return self->scene.world.creators[0].book.balance[account];
}

static int64_t basket(const struct shop *self)
{
    const struct world *w = &self->scene.world;
    return (int64_t)(w->topics.topic[w->videos[0].row[0].topic].basket * (double)MICRO + 0.5);
}

static void close_shop(struct shop *self)
{
    revenue_free(self->revenue);
    scene_free(&self->scene);
}

/* click * m * e^(slope (M - 1)) * order * (basket / ordinary)^-(response * sensitivity), to
 * five standard deviations. A basket is the topic's times the one for all. */
static void orders_are(double rate, float commercial, float match, uint8_t price_sensitivity,
                       const char *settings)
{
    struct shop shop;
    struct parameter all, ordinary;
    open_shop(&shop);
    scene_set_all(&shop.scene, settings);
    require(
        parameters_find(&shop.scene.parameters, "revenue.commerce.basket", &all) &&
        parameters_find(&shop.scene.parameters, "revenue.commerce.basket_ordinary", &ordinary));
    scene_set(&shop.scene, "revenue.commerce.click", "0.2");
    scene_set(&shop.scene, "revenue.commerce.order", "0.25");
    scene_set(&shop.scene, "revenue.commerce.price_response", "2.0");
    start_shop(&shop, commercial, price_sensitivity);
    int64_t value = basket(&shop) * (int64_t) * (const double *)all.value;
    double dear = (double)value / (double)MICRO / *(const double *)ordinary.value;
    double mean = OFFERS * rate * pow(dear, -2.0 * price_sensitivity / 255);
    offer(&shop, OFFERS, match);
    close_window(&shop);
    if (!(fabs((double)shop.orders - mean) <= 5 * sqrt(mean)))
        fail_msg("%llu orders, expected %g", (unsigned long long)shop.orders, mean);
    assert_int_equal(balance(&shop, ACCOUNT_OUTSIDE), -value * (int64_t)shop.orders);
    close_shop(&shop);
}

static void orders_come_by_match_selling_and_price(void **state)
{
    (void)state;
#define AS_EVER "revenue.commerce.basket=1.0"
    orders_are(0.05 * 0.5, 0.5f, 1.0f, 0, AS_EVER);
    orders_are(0.05 * 0.25, 0.25f, 1.0f, 0, AS_EVER);
    orders_are(0.05 * 0.5 * 1.6487212707, 0.5f, 1.3333333f, 0, AS_EVER); /* e^.5 */
    orders_are(0.05 * 0.5 * 0.2231301601, 0.5f, 0.0f, 0, AS_EVER);       /* e^-1.5 */
    orders_are(0.05 * 0.5, 0.5f, 1.0f, 255, AS_EVER);
    orders_are(0.05 * 0.5, 0.5f, 1.0f, 255, "revenue.commerce.basket=2.0");
    orders_are(0.05 * 0.5, 0.5f, 1.0f, 255, "revenue.commerce.basket_ordinary=50.0");
    orders_are(0, 0.0f, 3.0f, 0, AS_EVER);
}

/* Of every order 15 % are held for seven whole days, then a tenth of it is the platform's. */
static void commissions_wait(void **state)
{
    struct shop shop;
    (void)state;
    open_shop(&shop);
    scene_set(&shop.scene, "revenue.commerce.click", "1.0");
    scene_set(&shop.scene, "revenue.commerce.order", "1.0");
    start_shop(&shop, 1.0f, 0);
    offer(&shop, 10, 1.0f);
    run_to_midnight(&shop);
    int64_t value = basket(&shop) * 10, commission = value * 15 / 100;
    assert_int_equal(shop.orders, 10);
    for (int day = 0; day < 7; day++) {
        assert_int_equal(balance(&shop, ACCOUNT_SHOPS), value - commission);
        assert_int_equal(balance(&shop, ACCOUNT_PAYABLE), commission);
        assert_int_equal(balance(&shop, ACCOUNT_CREATORS), 0);
        run_to_midnight(&shop);
    }
    assert_int_equal(balance(&shop, ACCOUNT_PAYABLE), 0);
    assert_int_equal(balance(&shop, ACCOUNT_PLATFORM), commission / 10);
    assert_int_equal(balance(&shop, ACCOUNT_CREATORS), commission - commission / 10);
    struct revenue_figures f = revenue_interval(shop.revenue);
    assert_int_equal(f.gross[0], commission);
    assert_int_equal(f.creators, commission - commission / 10);
    assert_int_equal(f.payable + f.refunds, 0);
    close_shop(&shop);
}

/* What comes back leaves nothing behind but what it was. */
static void returns_undo_all(void **state)
{
    struct shop shop;
    (void)state;
    open_shop(&shop);
    scene_set(&shop.scene, "revenue.commerce.click", "1.0");
    scene_set(&shop.scene, "revenue.commerce.order", "1.0");
    scene_set(&shop.scene, "revenue.commerce.sigma", "1.0");
    scene_set(&shop.scene, "revenue.commerce.returns", "1.0");
    scene_set(&shop.scene, "revenue.commerce.hold_days", "1");
    start_shop(&shop, 1.0f, 0);
    offer(&shop, 100, 1.0f);
    run_to_midnight(&shop);
    assert_true(balance(&shop, ACCOUNT_PAYABLE) > 0);
    run_to_midnight(&shop);
    for (int a = 0; a < LEDGER_ACCOUNTS; a++)
        assert_int_equal(balance(&shop, (enum ledger_account)a), 0);
    struct revenue_figures f = revenue_interval(shop.revenue);
    assert_true(f.gross[0] > 0);
    assert_int_equal(f.refunds, f.gross[0]);
    close_shop(&shop);
}

/* The mean of what orders come to does not move with their spread; a fifth comes back. */
static void baskets_keep_their_mean(void **state)
{
    struct shop shop;
    (void)state;
    open_shop(&shop);
    scene_set(&shop.scene, "revenue.commerce.click", "1.0");
    scene_set(&shop.scene, "revenue.commerce.order", "1.0");
    scene_set(&shop.scene, "revenue.commerce.sigma", "0.8");
    scene_set(&shop.scene, "revenue.commerce.returns", "0.2");
    scene_set(&shop.scene, "revenue.commerce.hold_days", "0");
    start_shop(&shop, 1.0f, 0);
    offer(&shop, OFFERS, 1.0f);
    run_to_midnight(&shop);
    double n = (double)shop.orders, left = -(double)balance(&shop, ACCOUNT_OUTSIDE);
    double mean = left / n / (double)basket(&shop); /* of value times not sent back */
    double variance = 0.8 * exp(0.8 * 0.8) - 0.64;
    assert_int_equal(shop.orders, OFFERS);
    assert_true(fabs(mean - 0.8) < 5 * sqrt(variance / n));
    close_shop(&shop);
}

static void who_is_below_the_gate_sells_nothing(void **state)
{
    struct shop shop;
    (void)state;
    open_shop(&shop);
    scene_set(&shop.scene, "revenue.commerce.min_followers", "101");
    scene_set(&shop.scene, "revenue.commerce.click", "1.0");
    scene_set(&shop.scene, "revenue.commerce.order", "1.0");
    start_shop(&shop, 1.0f, 0);
    offer(&shop, 100, 1.0f);
    close_window(&shop);
    assert_int_equal(shop.orders, 0);
    close_shop(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_come_by_match_selling_and_price),
        cmocka_unit_test(commissions_wait),
        cmocka_unit_test(returns_undo_all),
        cmocka_unit_test(baskets_keep_their_mean),
        cmocka_unit_test(who_is_below_the_gate_sells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
