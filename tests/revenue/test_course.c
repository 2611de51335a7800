/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "revenue/scene.h"

struct school {
    struct scene scene;
    struct revenue *revenue;
    uint64_t sales;
};

/* Everybody is persuaded and keeps what is bought, until a test says otherwise. */
static void open_school(struct school *self)
{
    static const char *const set[][2] = {
        {"revenue.streams", "[\"course\"]"},
        {"revenue.course.min_followers", "100"},
        {"revenue.course.offered", "1.0"},
        {"revenue.course.page", "1.0"},
        {"revenue.course.slope", "1.5"},
        {"revenue.course.trial", "1.0"},
        {"revenue.course.purchase", "1.0"},
        {"revenue.course.completion", "0.0"},
        {"revenue.course.refund", "0.0"},
        {"revenue.course.platform_cut", "0.2"},
        {"run.window", "60"},
    };
    *self = (struct school){0};
    scene_init(&self->scene);
    for (size_t i = 0; i < sizeof(set) / sizeof(set[0]); i++)
        scene_set(&self->scene, set[i][0], set[i][1]);
}

static void start_school(struct school *self, struct scene_size size, int64_t purse)
{
    struct world *w = &self->scene.world;
    scene_world(&self->scene, size);
    for (uint32_t s = 0; s < size.shards; s++) {
        for (uint32_t i = 0; i < size.creators; i++) w->creators[s].row[i].followers = 100;
        for (uint32_t i = 0; i < size.videos; i++) w->videos[s].row[i].commercial = 1.0f;
    }
    assert_int_equal(revenue_init(&self->revenue, w, &self->scene.errors), STATUS_OK);
    assert_int_equal(revenue_populate(self->revenue), STATUS_OK);
    scene_fill_purses(&self->scene, purse);
}

/* Each viewer of the first shard sees the first video of a shard, so many times. */
static void show(struct school *self, uint32_t shard, uint32_t times, float match)
{
    struct world *w = &self->scene.world;
    struct scope scope = {.window_end = w->close};
    for (uint32_t i = 0; i < w->viewers[0].count; i++)
        for (uint32_t k = 0; k < times; k++) {
            struct moment moment = {.scope = &scope,
                                    .viewer = &w->viewers[0].row[i],
                                    .viewer_number = entity_number(w->shards, i, 0),
                                    .name = viewer_name(&w->viewers[0].row[i]),
                                    .video = w->videos[shard].row,
                                    .at = w->now,
                                    .match = match,
                                    .occasion = k};
            revenue_paid(self->revenue, &moment);
        }
}

static void close_window(struct school *self)
{
    scene_deliver(&self->scene);
    for (uint32_t s = 0; s < self->scene.world.shards.count; s++)
        self->sales += exchange_count(&self->scene.world.payments, s);
    scene_videos(&self->scene, self->revenue, NULL, false);
    enum status status = revenue_close(self->revenue, &self->scene.errors);
    if (status) fail_msg("%s", self->scene.errors.text);
    scene_next(&self->scene);
}

static void run_days(struct school *self, int days)
{
    for (int i = 0; i < days; i++) do
            close_window(self);
        while (self->scene.world.now % TIME_DAY);
}

static int64_t price(const struct school *self)
{
    const struct world *w = &self->scene.world;
    double money = w->topics.topic[w->videos[0].row[0].topic].course_price;
    return (int64_t)(money * (double)MICRO + 0.5);
}

static int64_t balance(const struct school *self, uint32_t shard, enum ledger_account account)
{
    return self->scene.world.creators[shard].book.balance[account];
}

static void close_school(struct school *self)
{
    revenue_free(self->revenue);
    scene_free(&self->scene);
}

/* page * m * e^(slope (M - 1)) * trial * purchase * (price / 99)^-(response * sensitivity), the
 * price that of the topic times the one for all. */
static void a_sale_is_the_product_of_its_steps(void **state)
{
    static const struct {
        float match;
        uint8_t sensitivity;
        double growth;
        const char *price, *ordinary;
    } cases[] = {{1, 0, 1, "1", "99"},
                 {0, 0, 0.2231301601, "1", "99"},
                 {1.3333333f, 0, 1.6487212707, "1", "99"},
                 {1, 255, 1, "1", "99"},
                 {1, 255, 1, "2", "99"},
                 {1, 0, 1, "2", "99"},
                 {1, 255, 1, "1", "50"}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct school school;
        open_school(&school);
        scene_set(&school.scene, "revenue.course.page", "0.5");
        scene_set(&school.scene, "revenue.course.trial", "0.4");
        scene_set(&school.scene, "revenue.course.purchase", "0.3");
        scene_set(&school.scene, "revenue.course.price_response", "1.0");
        scene_set(&school.scene, "revenue.course.price", cases[i].price);
        scene_set(&school.scene, "revenue.course.price_ordinary", cases[i].ordinary);
        start_school(&school, (struct scene_size){1, 40000, 1, 1}, 1000 * MICRO);
        struct world *w = &school.scene.world;
        for (size_t v = 0; v < w->viewers[0].count; v++)
            w->viewers[0].row[v].price_sensitivity = cases[i].sensitivity;
        show(&school, 0, 1, cases[i].match);
        close_window(&school);
        int64_t asked = price(&school) * atoi(cases[i].price);
        double dear = (double)asked / (double)MICRO / atof(cases[i].ordinary);
        double mean = 40000 * 0.06 * cases[i].growth * pow(dear, -cases[i].sensitivity / 255.0);
        if (!(fabs((double)school.sales - mean) <= 5 * sqrt(mean)))
            fail_msg("%llu sales, expected %g", (unsigned long long)school.sales, mean);
        assert_int_equal(balance(&school, 0, ACCOUNT_ESCROW), asked * (int64_t)school.sales);
        close_school(&school);
    }
}

static void nobody_buys_twice_or_beyond_the_purse(void **state)
{
    struct school school;
    (void)state;
    open_school(&school);
    start_school(&school, (struct scene_size){1, 10, 1, 1}, 1000 * MICRO);
    school.scene.world.viewers[0].row[3].purse = price(&school) - 1;
    book_post(&school.scene.world.creators[0].book, LEDGER_INCOME, ACCOUNT_VIEWERS,
              ACCOUNT_OUTSIDE, 1000 * MICRO - price(&school) + 1);
    show(&school, 0, 20, 1);
    close_window(&school);
    show(&school, 0, 20, 1);
    close_window(&school);
    assert_int_equal(school.sales, 9);
    assert_int_equal(school.scene.world.viewers[0].row[3].purse, price(&school) - 1);
    close_school(&school);
}

/* Every second viewer is on iOS: 30 % are the store's, then 20 % the platform's. Nothing is
 * paid before seven whole days have gone. */
static void money_waits_and_is_split(void **state)
{
    struct school school;
    (void)state;
    open_school(&school);
    start_school(&school, (struct scene_size){1, 2, 1, 1}, 1000 * MICRO);
    show(&school, 0, 1, 1);
    run_days(&school, 7);
    int64_t cost = price(&school);
    assert_int_equal(balance(&school, 0, ACCOUNT_ESCROW), 2 * cost);
    assert_int_equal(balance(&school, 0, ACCOUNT_CREATORS), 0);
    run_days(&school, 1);
    assert_int_equal(balance(&school, 0, ACCOUNT_ESCROW), 0);
    assert_int_equal(balance(&school, 0, ACCOUNT_FEES), cost * 3 / 10);
    assert_int_equal(balance(&school, 0, ACCOUNT_PLATFORM), cost * 2 / 10 + cost * 14 / 100);
    assert_int_equal(balance(&school, 0, ACCOUNT_CREATORS), cost * 8 / 10 + cost * 56 / 100);
    close_school(&school);
}

/* The creator lives in another shard than the viewers: purses and books agree all the way. */
static void refunds_reach_the_viewer(void **state)
{
    struct school school;
    (void)state;
    open_school(&school);
    scene_set(&school.scene, "revenue.course.refund", "1.0");
    scene_set(&school.scene, "revenue.course.refund_days", "2");
    start_school(&school, (struct scene_size){2, 5, 1, 1}, 1000 * MICRO);
    show(&school, 1, 1, 1);
    run_days(&school, 1);
    assert_int_equal(school.sales, 5);
    assert_true(school.scene.world.viewers[0].row[2].purse < 1000 * MICRO);
    run_days(&school, 2);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(school.scene.world.viewers[0].row[i].purse, 1000 * MICRO);
    assert_int_equal(balance(&school, 1, ACCOUNT_CREATORS), 0);
    assert_int_equal(balance(&school, 1, ACCOUNT_ESCROW), 0);
    struct revenue_figures f = revenue_interval(school.revenue);
    assert_true(f.gross[0] > 0 && f.refunds == f.gross[0]);
    close_school(&school);
}

/* Who finishes keeps the course. */
static void the_finished_do_not_ask_for_money(void **state)
{
    struct school school;
    (void)state;
    open_school(&school);
    scene_set(&school.scene, "revenue.course.refund", "1.0");
    scene_set(&school.scene, "revenue.course.completion", "0.3");
    scene_set(&school.scene, "revenue.course.refund_days", "0");
    start_school(&school, (struct scene_size){1, 10000, 1, 1}, 1000 * MICRO);
    show(&school, 0, 1, 1);
    run_days(&school, 1);
    struct revenue_figures f = revenue_interval(school.revenue);
    double back = (double)f.refunds / (double)f.gross[0];
    assert_true(fabs(back - 0.7) < 5 * sqrt(0.7 * 0.3 / 10000));
    close_school(&school);
}

/* A share of creators, the same ones for good, whatever the viewers. */
static void some_creators_have_a_course(void **state)
{
    struct school school;
    int sellers = 0;
    (void)state;
    open_school(&school);
    scene_set(&school.scene, "revenue.course.offered", "0.25");
    start_school(&school, (struct scene_size){1, 2, 1000, 1000}, 1000000 * MICRO);
    struct world *w = &school.scene.world;
    for (uint32_t i = 0; i < 1000; i++) {
        struct video first = w->videos[0].row[0];
        w->videos[0].row[0].creator = i;
        show(&school, 0, 1, 1);
        w->videos[0].row[0] = first;
    }
    close_window(&school);
    for (uint32_t i = 0; i < 1000; i++) w->creators[0].row[i].balance = 0;
    sellers = (int)school.sales / 2;
    assert_int_equal(school.sales % 2, 0); /* both viewers found the same ones */
    assert_true(fabs(sellers - 250.0) < 5 * sqrt(1000 * 0.25 * 0.75));
    close_school(&school);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sale_is_the_product_of_its_steps),
        cmocka_unit_test(nobody_buys_twice_or_beyond_the_purse),
        cmocka_unit_test(money_waits_and_is_split),
        cmocka_unit_test(refunds_reach_the_viewer),
        cmocka_unit_test(the_finished_do_not_ask_for_money),
        cmocka_unit_test(some_creators_have_a_course),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
