/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The books against the stocks: a planted error of one micro-unit anywhere is caught and named.
 */
#include "revenue/scene.h"

static const struct scene_size size = {4, 50, 10, 40};

static struct revenue *open_scene(struct scene *scene)
{
    struct revenue *revenue = NULL;
    scene_init(scene);
    scene_set(scene, "revenue.ads.min_followers", "0");
    scene_set(scene, "revenue.ads.min_views", "0");
    scene_set(scene, "revenue.tips.rate", "0.05");
    scene_world(scene, size);
    assert_int_equal(revenue_init(&revenue, &scene->world, &scene->errors), STATUS_OK);
    assert_int_equal(revenue_populate(revenue), STATUS_OK);
    scene_fill_purses(scene, 100 * MICRO);
    return revenue;
}

static void window(struct scene *scene, struct revenue *revenue)
{
    scene_viewers(scene, revenue, 20);
    scene_deliver(scene);
    scene_videos(scene, revenue, NULL, false);
}

/* `stock` is one of the world's; changed by one micro-unit, the check says so. */
static void plant(struct scene *scene, struct revenue *revenue, int64_t *stock,
                  const char *words)
{
    for (int64_t error = -1; error <= 1; error += 2) {
        struct errors errors = {0};
        *stock += error;
        assert_int_equal(revenue_check(revenue, true, &errors), STATUS_UNBALANCED);
        if (!strstr(errors.text, words) || !strstr(errors.text, "0.000001"))
            fail_msg("%s: %s", words, errors.text);
        errors_free(&errors);
        *stock -= error;
    }
    assert_int_equal(revenue_check(revenue, true, &scene->errors), STATUS_OK);
}

static void planted_errors_are_caught(void **state)
{
    struct scene scene;
    struct revenue *revenue = open_scene(&scene);
    struct world *w = &scene.world;
    (void)state;
    struct boost *boost = boost_add(&w->boosts[2]);
    *boost = (struct boost){.creator = 3, .price = 5, .escrow = 50, .left = 10};
    book_post(&w->creators[2].book, LEDGER_PROMOTION, ACCOUNT_CREATORS, ACCOUNT_ESCROW, 50);
    w->creators[2].row[3].balance -= 50;
    window(&scene, revenue);
    assert_int_equal(revenue_close(revenue, &scene.errors), STATUS_OK);
    plant(&scene, revenue, &w->creators[1].row[9].balance, "account creators");
    plant(&scene, revenue, &w->viewers[3].row[49].purse, "the purses");
    plant(&scene, revenue, &w->boosts[2].row[0].escrow, "account escrow");
    for (int a = 0; a < LEDGER_ACCOUNTS; a++)
        plant(&scene, revenue, &w->creators[3].book.balance[a], "all accounts");
    plant(&scene, revenue, &w->creators[0].book.balance[ACCOUNT_PAYABLE], "account payable");
    plant(&scene, revenue, &w->creators[0].book.balance[ACCOUNT_VIEWERS], "account viewers");
    revenue_free(revenue);
    scene_free(&scene);
}

/* A posting of the wrong amount balances by itself and still differs from the stocks. */
static void wrong_postings_are_caught(void **state)
{
    struct scene scene;
    struct revenue *revenue = open_scene(&scene);
    struct book *book = &scene.world.creators[1].book;
    (void)state;
    window(&scene, revenue);
    book_post(book, 0, ACCOUNT_PLATFORM, ACCOUNT_CREATORS, 1);
    assert_int_equal(revenue_close(revenue, &scene.errors), STATUS_UNBALANCED);
    book_post(book, 0, ACCOUNT_CREATORS, ACCOUNT_PLATFORM, 1);
    assert_int_equal(revenue_check(revenue, false, &scene.errors), STATUS_OK);
    book_post(book, 0, ACCOUNT_VIEWERS, ACCOUNT_PLATFORM, 1);
    assert_int_equal(revenue_check(revenue, false, &scene.errors), STATUS_UNBALANCED);
    revenue_free(revenue);
    scene_free(&scene);
}

/* A purse that leaks is found at the end of the day, when all are added up. */
static void purses_are_added_up_once_a_day(void **state)
{
    struct scene scene;
    struct revenue *revenue = open_scene(&scene);
    (void)state;
    scene.world.viewers[0].row[7].purse--;
    enum status status = STATUS_OK;
    while (!status && scene.window < 200) {
        status = revenue_close(revenue, &scene.errors);
        if (!status) scene_next(&scene);
    }
    assert_int_equal(status, STATUS_UNBALANCED);
    assert_int_equal(scene.world.close, TIME_DAY);
    revenue_free(revenue);
    scene_free(&scene);
}

struct ledger_sum {
    int64_t amount[LEDGER_STREAMS][LEDGER_ACCOUNTS][LEDGER_ACCOUNTS];
    int rows;
};

static void add_row(void *context, int stream, int debit, int credit, int64_t amount)
{
    struct ledger_sum *sum = context;
    sum->amount[stream][debit][credit] += amount;
    sum->rows++;
}

/* Rows of the ledger, however often they are asked for, rebuild every balance. */
static void ledger_rows_rebuild_the_balances(void **state)
{
    struct scene scene;
    struct revenue *revenue = open_scene(&scene);
    struct ledger_sum *sum = calloc(1, sizeof(*sum));
    (void)state;
    for (int i = 0; i < 6; i++, scene_next(&scene)) {
        window(&scene, revenue);
        assert_int_equal(revenue_close(revenue, &scene.errors), STATUS_OK);
        if (i % 2) revenue_ledger(revenue, add_row, sum);
        if (i % 3 == 0) revenue_interval(revenue);
    }
    for (int a = 0; a < LEDGER_ACCOUNTS; a++) {
        int64_t balance = 0, held = 0;
        for (int i = 0; i < LEDGER_STREAMS; i++)
            for (int b = 0; b < LEDGER_ACCOUNTS; b++)
                balance += sum->amount[i][b][a] - sum->amount[i][a][b];
        for (uint32_t s = 0; s < size.shards; s++)
            held += scene.world.creators[s].book.balance[a];
        assert_int_equal(balance, held);
    }
    int rows = sum->rows;
    assert_true(rows > 0);
    revenue_ledger(revenue, add_row, sum);
    assert_int_equal(sum->rows, rows);
    free(sum);
    revenue_free(revenue);
    scene_free(&scene);
}

static void figures_add_up(void **state)
{
    struct scene scene;
    struct revenue *revenue = open_scene(&scene);
    int64_t income = 0;
    (void)state;
    window(&scene, revenue);
    struct revenue_figures f = revenue_interval(revenue);
    for (uint32_t s = 0; s < size.shards; s++)
        for (size_t i = 0; i < size.creators; i++)
            income += scene.world.creators[s].row[i].balance;
    assert_true(f.gross[0] > 0 && f.gross[1] > 0 && f.fees > 0 && f.platform > 0);
    assert_int_equal(f.creators, income);
    assert_int_equal(f.gross[0] + f.gross[1],
                     f.creators + f.platform + f.fees + f.refunds + f.payable);
    assert_true(f.serving > 0);
    assert_int_equal(f.fund, 0);
    f = revenue_interval(revenue);
    assert_int_equal(f.gross[0] + f.gross[1] + f.creators + f.serving, 0);
    revenue_free(revenue);
    scene_free(&scene);
}

/* Postings that no built-in stream makes yet: refunds, orders to shops, a fund, escrow. */
static void figures_of_other_postings(void **state)
{
    struct scene scene;
    struct revenue *revenue = open_scene(&scene);
    struct book *book = &scene.world.creators[0].book;
    (void)state;
    book_post(book, 0, ACCOUNT_VIEWERS, ACCOUNT_ESCROW, 100);
    book_post(book, 0, ACCOUNT_ESCROW, ACCOUNT_VIEWERS, 30);
    book_post(book, 0, ACCOUNT_ESCROW, ACCOUNT_CREATORS, 50);
    book_post(book, 0, ACCOUNT_VIEWERS, ACCOUNT_SHOPS, 1000);
    book_post(book, 1, ACCOUNT_SHOPS, ACCOUNT_PLATFORM, 9);
    book_post(book, 1, ACCOUNT_PLATFORM, ACCOUNT_CREATORS, 7);
    book_post(book, LEDGER_PROMOTION, ACCOUNT_CREATORS, ACCOUNT_ESCROW, 5);
    book_post(book, LEDGER_PROMOTION, ACCOUNT_ESCROW, ACCOUNT_PLATFORM, 4);
    struct revenue_figures f = revenue_interval(revenue);
    assert_int_equal(f.gross[0], 100);
    assert_int_equal(f.gross[1], 9);
    assert_int_equal(f.creators, 50);
    assert_int_equal(f.platform, 9);
    assert_int_equal(f.fund, 7);
    assert_int_equal(f.refunds, 30);
    assert_int_equal(f.payable, 20);
    assert_int_equal(f.promotion, 4);
    revenue_free(revenue);
    scene_free(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planted_errors_are_caught),
        cmocka_unit_test(wrong_postings_are_caught),
        cmocka_unit_test(purses_are_added_up_once_a_day),
        cmocka_unit_test(ledger_rows_rebuild_the_balances),
        cmocka_unit_test(figures_add_up),
        cmocka_unit_test(figures_of_other_postings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
