/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
/*
 * What every stream does to money when its parameters are changed and nobody acts otherwise:
 * half the creators' share is half their income, ten times all prices is ten times the money,
 * nobody who buys is a world without the stream.
 */
#include "revenue/scene.h"
#include "world/ban.h"

#define WINDOWS 80 /* of an hour */
#define DAYS 4
#define CREATORS 32
static const struct scene_size size = {4, 40, CREATORS / 4, 30};

struct subject {
    const char *stream;
    const char *common;           /* so that much happens in three days */
    const char *share[2];         /* creators' share, and half of it */
    const char *prices, *tenfold; /* all money of the stream, and ten times it */
    const char *nobody;           /* zero propensity */
};

static const struct subject subjects[] = {
    {"ads",
     "revenue.ads.min_followers=0 revenue.ads.min_views=0",
     {"revenue.ads.creator_share=0.9", "revenue.ads.creator_share=0.45"},
     "revenue.ads.cpm=17.3",
     "revenue.ads.cpm=173.0",
     "revenue.ads.cpm=0.0"},
    {"ads", /* by auction: the values are money, as the reserve is */
     "revenue.ads.min_followers=0 revenue.ads.min_views=0 revenue.ads.market=auction "
     "revenue.ads.segments[0].value=70.0 revenue.ads.segments[1].value=90.0",
     {"revenue.ads.creator_share=0.9", "revenue.ads.creator_share=0.45"},
     "revenue.ads.segments[0].value=17.3 revenue.ads.segments[0].budget=0.5 "
     "revenue.ads.segments[1].value=23.0 revenue.ads.segments[1].budget=0.7 "
     "revenue.ads.reserve=1.3",
     "revenue.ads.segments[0].value=173.0 revenue.ads.segments[0].budget=5.0 "
     "revenue.ads.segments[1].value=230.0 revenue.ads.segments[1].budget=7.0 "
     "revenue.ads.reserve=13.0",
     "revenue.ads.segments[0].value=0.0 revenue.ads.segments[1].value=0.0"},
    {"tips",
     "revenue.tips.rate=0.05",
     {"revenue.tips.platform_cut=0.0", "revenue.tips.platform_cut=0.5"},
     "revenue.tips.median=2.0 revenue.tips.least=1.0",
     "revenue.tips.median=20.0 revenue.tips.least=10.0",
     "revenue.tips.rate=0.0"},
    {"subscription",
     "revenue.subscription.rate=0.05 revenue.subscription.min_followers=0 "
     "revenue.subscription.trial=0.0",
     {"revenue.subscription.platform_cut=0.0", "revenue.subscription.platform_cut=0.5"},
     "revenue.subscription.tiers=[0.5,1.5] revenue.subscription.price_ordinary=[1,2]",
     "revenue.subscription.tiers=[5,15] revenue.subscription.price_ordinary=[10,20]",
     "revenue.subscription.rate=0.0"},
    {"subscription", /* and some first payments go back a day later */
     "revenue.subscription.rate=0.05 revenue.subscription.min_followers=0 "
     "revenue.subscription.trial=0.0 revenue.subscription.refund_days=1 "
     "revenue.subscription.refund=0.1",
     {"revenue.subscription.platform_cut=0.0", "revenue.subscription.platform_cut=0.5"},
     "revenue.subscription.tiers=[0.5,1.5] revenue.subscription.price_ordinary=[1,2]",
     "revenue.subscription.tiers=[5,15] revenue.subscription.price_ordinary=[10,20]",
     "revenue.subscription.rate=0.0"},
    {"tips", /* and paid out two days later */
     "revenue.tips.rate=0.05 revenue.tips.payout_days=2",
     {"revenue.tips.platform_cut=0.0", "revenue.tips.platform_cut=0.5"},
     "revenue.tips.median=2.0 revenue.tips.least=1.0",
     "revenue.tips.median=20.0 revenue.tips.least=10.0",
     "revenue.tips.rate=0.0"},
    {"creator_fund",
     "revenue.creator_fund.min_followers=0 revenue.creator_fund.min_views=0",
     {"revenue.creator_fund.pool=123.456788", "revenue.creator_fund.pool=61.728394"},
     "revenue.creator_fund.pool=12.345678",
     "revenue.creator_fund.pool=123.45678",
     "revenue.creator_fund.pool=0.0"},
    {"creator_fund", /* and paid out a day later */
     "revenue.creator_fund.min_followers=0 revenue.creator_fund.min_views=0 "
     "revenue.creator_fund.payout_days=1",
     {"revenue.creator_fund.pool=123.456788", "revenue.creator_fund.pool=61.728394"},
     "revenue.creator_fund.pool=12.345678",
     "revenue.creator_fund.pool=123.45678",
     "revenue.creator_fund.pool=0.0"},
    {"commerce",
     "revenue.commerce.min_followers=0 revenue.commerce.click=1.0 revenue.commerce.order=0.5 "
     "revenue.commerce.hold_days=1",
     {"revenue.commerce.platform_cut=0.0", "revenue.commerce.platform_cut=0.5"},
     "revenue.commerce.basket=0.7 revenue.commerce.basket_ordinary=70.0",
     "revenue.commerce.basket=7.0 revenue.commerce.basket_ordinary=700.0",
     "revenue.commerce.click=0.0"},
    {"course",
     "revenue.course.min_followers=0 revenue.course.offered=1.0 revenue.course.page=1.0 "
     "revenue.course.trial=0.5 revenue.course.purchase=0.5 revenue.course.refund=0.3 "
     "revenue.course.refund_days=1 revenue.course.price=0.2",
     {"revenue.course.platform_cut=0.0", "revenue.course.platform_cut=0.5"},
     "revenue.course.price=0.2 revenue.course.price_ordinary=15.0",
     "revenue.course.price=2.0 revenue.course.price_ordinary=150.0",
     "revenue.course.page=0.0"},
    {"sponsor",
     "revenue.sponsor.min_followers=0 revenue.sponsor.days=1",
     {"revenue.sponsor.platform_cut=0.0", "revenue.sponsor.platform_cut=0.5"},
     "revenue.sponsor.budget=1234.567891 revenue.sponsor.per_mille=140.0",
     "revenue.sponsor.budget=12345.67891 revenue.sponsor.per_mille=1400.0",
     "revenue.sponsor.budget=0.0"},
    {"group_buy",
     "revenue.group_buy.min_followers=0 revenue.group_buy.offered=1.0 "
     "revenue.group_buy.join=0.1 revenue.group_buy.seats=11",
     {"revenue.group_buy.platform_cut=0.0", "revenue.group_buy.platform_cut=0.5"},
     "revenue.group_buy.price=2.345678 revenue.group_buy.price_ordinary=2.0",
     "revenue.group_buy.price=23.45678 revenue.group_buy.price_ordinary=20.0",
     "revenue.group_buy.join=0.0"},
    {"collectible", /* sellers' shares move purses: no resales when the cut is changed */
     "revenue.collectible.min_followers=0 revenue.collectible.offered=1.0 "
     "revenue.collectible.buy=0.1 revenue.collectible.editions=3 revenue.collectible.price=3.0",
     {"revenue.collectible.platform_cut=0.0 revenue.collectible.resale=0.0",
      "revenue.collectible.platform_cut=0.5 revenue.collectible.resale=0.0"},
     "revenue.collectible.resale=0.9 revenue.collectible.price=2.345678 "
     "revenue.collectible.price_ordinary=2.0",
     "revenue.collectible.resale=0.9 revenue.collectible.price=23.45678 "
     "revenue.collectible.price_ordinary=20.0",
     "revenue.collectible.buy=0.0"},
    {"elsewhere",
     "revenue.elsewhere.overlap=0.3",
     {"revenue.elsewhere.per_mille=5.0", "revenue.elsewhere.per_mille=2.5"},
     "revenue.elsewhere.per_mille=0.123456",
     "revenue.elsewhere.per_mille=1.23456",
     "revenue.elsewhere.per_mille=0.0"},
};
#define SUBJECTS (sizeof(subjects) / sizeof(subjects[0]))

struct outcome {
    int64_t income[CREATORS]; /* of each creator */
    int64_t amount[LEDGER_STREAMS][LEDGER_ACCOUNTS][LEDGER_ACCOUNTS];
    uint64_t acts; /* hash of all impressions, and of who pays when */
    int64_t purses;
    int64_t postings; /* no creator and no pair of accounts has had more */
};

static void mix(uint64_t *hash, uint64_t word)
{
    *hash = (*hash ^ word) * UINT64_C(0x100000001b3);
}

static void read_acts(const struct world *w, struct outcome *out)
{
    for (uint32_t s = 0; s < w->shards.count; s++) {
        struct exchange_cursor cursor = exchange_read(&w->impressions, s);
        const struct impression *rows;
        const struct payment *payments;
        size_t n;
        while ((rows = exchange_next(&cursor, &n)))
            for (size_t i = 0; i < n; i++) {
                mix(&out->acts, (uint64_t)rows[i].viewer << 32 | rows[i].video);
                mix(&out->acts, (uint64_t)rows[i].watch_ms << 32 | rows[i].acts);
                out->postings += (rows[i].acts & ACT_AD) != 0;
            }
        cursor = exchange_read(&w->payments, s);
        while ((payments = exchange_next(&cursor, &n)))
            for (size_t i = 0; i < n; i++) {
                mix(&out->acts, (uint64_t)payments[i].viewer << 32 | payments[i].video);
                out->postings++;
            }
    }
}

static void add_row(void *context, int stream, int debit, int credit, int64_t amount)
{
    struct outcome *out = context;
    out->amount[stream][debit][credit] += amount;
}

static void read_end(const struct world *w, struct revenue *revenue, struct outcome *out)
{
    for (uint32_t s = 0; s < w->shards.count; s++) {
        for (size_t i = 0; i < w->creators[s].count; i++)
            out->income[s * size.creators + i] = creator_income(&w->creators[s].row[i]);
        for (size_t i = 0; i < w->viewers[s].count; i++)
            out->purses += w->viewers[s].row[i].purse;
    }
    revenue_ledger(revenue, add_row, out);
}

static struct outcome run(const struct subject *subject, const char *settings, int64_t purse)
{
    struct scene scene;
    struct revenue *revenue = NULL;
    struct outcome out = {.acts = 1, .postings = DAYS * CREATORS};
    char streams[64];
    scene_init(&scene);
    snprintf(streams, sizeof(streams), "[\"%s\"]", subject->stream);
    scene_set(&scene, "revenue.streams", settings ? streams : "[]");
    scene_set(&scene, "run.window", "60");
    scene_set_all(&scene, subject->common);
    if (settings) scene_set_all(&scene, settings);
    scene_world(&scene, size);
    for (uint32_t s = 0; s < size.shards; s++)
        for (uint32_t i = 0; i < size.viewers; i++)
            scene.world.viewers[s].row[i].price_sensitivity = (uint8_t)(60 * (i % 5));
    for (uint32_t i = 0; i < CREATORS; i++) {
        struct creator *creator = &scene.world.creators[i % size.shards].row[i / size.shards];
        creator->followers = 1000 + 777 * i;
        creator->flags |= CREATOR_ELSEWHERE;
        creator->plan.commercial = (float)(i % 4) / 4;
        creator->plan.topic = creator->topic = (uint8_t)(i % 5);
    }
    assert_int_equal(revenue_init(&revenue, &scene.world, &scene.errors), STATUS_OK);
    assert_int_equal(revenue_populate(revenue), STATUS_OK);
    scene_fill_purses(&scene, purse);
    for (int i = 0; i < WINDOWS; i++) {
        scene_viewers(&scene, revenue, 4);
        scene_deliver(&scene);
        read_acts(&scene.world, &out);
        scene_videos(&scene, revenue, NULL, false);
        for (uint32_t s = 0; s < size.shards; s++) /* so that nobody seems idle */
            for (size_t k = 0; k < size.creators; k++) scene.world.creators[s].row[k].posts++;
        enum status status = revenue_close(revenue, &scene.errors);
        if (status) fail_msg("%s", scene.errors.text);
        scene_next(&scene);
    }
    read_end(&scene.world, revenue, &out);
    revenue_free(revenue);
    scene_free(&scene);
    return out;
}

static int64_t total_income(const struct outcome *out)
{
    int64_t sum = 0;
    for (size_t i = 0; i < CREATORS; i++) sum += out->income[i];
    return sum;
}

static void half_the_share_is_half_the_income(void **state)
{
    (void)state;
    for (size_t k = 0; k < SUBJECTS; k++) {
        const struct subject *subject = &subjects[k];
        struct outcome whole = run(subject, subject->share[0], 50 * MICRO);
        struct outcome half = run(subject, subject->share[1], 50 * MICRO);
        assert_true(whole.acts == half.acts && whole.purses == half.purses);
        assert_true(total_income(&whole) > 10 * MICRO);
        for (size_t i = 0; i < CREATORS; i++) {
            int64_t off = 2 * half.income[i] - whole.income[i];
            if (off < 0) off = -off;
            if (off > whole.postings)
                fail_msg("%s: creator %zu has %lld, and %lld of half", subject->stream, i,
                         (long long)whole.income[i], (long long)half.income[i]);
        }
    }
}

static void ten_times_all_prices_is_ten_times_the_money(void **state)
{
    (void)state;
    for (size_t k = 0; k < SUBJECTS; k++) {
        const struct subject *subject = &subjects[k];
        struct outcome one = run(subject, subject->prices, 50 * MICRO);
        struct outcome ten = run(subject, subject->tenfold, 500 * MICRO);
        assert_true(one.acts == ten.acts);
        for (int d = 0; d < LEDGER_ACCOUNTS; d++)
            for (int c = 0; c < LEDGER_ACCOUNTS; c++) {
                int64_t off = ten.amount[0][d][c] - 10 * one.amount[0][d][c];
                if (off < 0) off = -off;
                if (off > 10 * one.postings)
                    fail_msg("%s: %s to %s is %lld, and %lld at tenfold prices",
                             subject->stream, ledger_account_name((enum ledger_account)d),
                             ledger_account_name((enum ledger_account)c),
                             (long long)one.amount[0][d][c], (long long)ten.amount[0][d][c]);
            }
    }
}

static void a_stream_that_nobody_buys_from_is_none(void **state)
{
    (void)state;
    for (size_t k = 0; k < SUBJECTS; k++) {
        const struct subject *subject = &subjects[k];
        struct outcome with = run(subject, subject->nobody, 50 * MICRO);
        struct outcome without = run(subject, NULL, 50 * MICRO);
        assert_true(with.acts == without.acts && with.purses == without.purses);
        assert_int_equal(total_income(&with), 0);
    }
}

static void every_stream_is_a_subject(void **state)
{
    (void)state;
    for (size_t i = 0; revenue_streams[i]; i++) {
        bool found = false;
        for (size_t k = 0; k < SUBJECTS; k++)
            found |= strcmp(subjects[k].stream, revenue_streams[i]->name) == 0;
        if (!found) fail_msg("no line for %s", revenue_streams[i]->name);
    }
}

static void a_stream_says_whether_creators_decide_its_price(void **state)
{
    (void)state;
    for (size_t i = 0; revenue_streams[i]; i++) {
        const char *name = revenue_streams[i]->name;
        bool sells = strcmp(name, "course") == 0 || strcmp(name, "subscription") == 0;
        struct revenue *revenue = NULL;
        struct scene scene;
        char streams[64];
        snprintf(streams, sizeof streams, "[\"%s\"]", name);
        scene_init(&scene);
        scene_set(&scene, "revenue.streams", streams);
        scene_world(&scene, (struct scene_size){2, 2, 2, 2});
        assert_int_equal(revenue_init(&revenue, &scene.world, &scene.errors), STATUS_OK);
        if (revenue_priced(revenue) != sells) fail_msg("%s", name);
        revenue_free(revenue);
        scene_free(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_stream_is_a_subject),
        cmocka_unit_test(a_stream_says_whether_creators_decide_its_price),
        cmocka_unit_test(half_the_share_is_half_the_income),
        cmocka_unit_test(ten_times_all_prices_is_ten_times_the_money),
        cmocka_unit_test(a_stream_that_nobody_buys_from_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
