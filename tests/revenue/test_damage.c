/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checkpoints whose amounts, numbers or flags cannot be: every stream refuses its own.
 */
#include "revenue/scene.h"

static const struct scene_size size = {4, 40, 8, 30};

static const char *const settings[][2] = {
    {"revenue.streams", "[\"ads\", \"tips\", \"subscription\", \"creator_fund\", "
                        "\"commerce\", \"course\", \"sponsor\", \"group_buy\", "
                        "\"collectible\", \"elsewhere\"]"},
    {"revenue.ads.market", "auction"},
    {"revenue.ads.segments[0].value", "90.0"},
    {"revenue.ads.segments[1].value", "60.0"},
    {"revenue.tips.rate", "0.05"},
    {"revenue.tips.payout_days", "3"},
    {"revenue.commerce.min_followers", "0"},
    {"revenue.commerce.click", "1.0"},
    {"revenue.commerce.order", "0.5"},
    {"revenue.commerce.hold_days", "3"},
    {"revenue.subscription.min_followers", "0"},
    {"revenue.subscription.rate", "0.05"},
    {"revenue.subscription.refund_days", "3"},
    {"revenue.creator_fund.min_followers", "0"},
    {"revenue.creator_fund.min_views", "0"},
    {"revenue.creator_fund.payout_days", "3"},
    {"revenue.course.min_followers", "0"},
    {"revenue.course.offered", "1.0"},
    {"revenue.course.page", "1.0"},
    {"revenue.course.trial", "1.0"},
    {"revenue.course.purchase", "1.0"},
    {"revenue.course.price", "0.2"},
    {"revenue.course.refund_days", "3"},
    {"revenue.sponsor.min_followers", "0"},
    {"revenue.sponsor.days", "3"},
    {"revenue.group_buy.min_followers", "0"},
    {"revenue.group_buy.offered", "1.0"},
    {"revenue.group_buy.join", "0.2"},
    {"revenue.group_buy.price", "1.0"},
    {"revenue.group_buy.threshold", "1000"},
    {"revenue.collectible.min_followers", "0"},
    {"revenue.collectible.offered", "1.0"},
    {"revenue.collectible.buy", "0.3"},
    {"revenue.collectible.price", "0.5"},
    {"revenue.collectible.editions", "2"},
    {"run.window", "60"},
};

/* An element of a column becomes what it cannot be. Which: the first of the first shard, where
 * of the columns of that name `skip` are passed over that have one. */
struct plant {
    const char *column;
    int64_t value;
    int skip;
};

/* Rows held until later are those of tips, subscription, fund, commerce, course and sponsor, in
 * this order; orders are those of group buys. */
#define TIPS 0
#define SUBSCRIPTION 4
#define FUND 8
#define COMMERCE 12
#define COURSE 16
#define SPONSOR 20
#define GROUPS 0
static const struct plant plants[] = {
    {"revenue.purses", -1, 0},
    {"revenue.purses", INT64_MAX, 0},
    {"revenue.budgets", -1, 0},
    {"revenue.gates", 0x8000, 0},
    {"revenue.day", -1, 0},
    {"revenue.day", INT64_MIN, 0},
    {"revenue.interval", -1, 0},
    {"revenue.creators", 7, 0},
    {"ads.pace", 0, 0},
    {"ads.pace", INT64_C(0x7ff8000000000000), 0}, /* not a number */
    {"ads.pace", INT64_C(0x4000000000000000), 0}, /* 2 */
    {"ads.today", -1, 0},
    {"ads.today", INT64_MAX, 0},
    {"ads.left", -1, 0},
    {"ads.left", INT64_MAX, 0},
    {"revenue.payouts.creators", 9, 0},
    {"revenue.payouts.today", -1, 0},
    {"revenue.payouts.today", INT64_MAX, 0},
    {"revenue.dues.held", -1, TIPS},
    {"revenue.dues.creator", 8, TIPS},
    {"revenue.dues.viewer", 0, TIPS}, /* the platform pays, no viewer */
    {"revenue.dues.detail", 1, TIPS},
    {"revenue.subscription.count", 9, 0},
    {"revenue.dues.detail", 4, SUBSCRIPTION},
    {"revenue.dues.viewer", -1, SUBSCRIPTION},
    {"revenue.dues.held", -1, SUBSCRIPTION},
    {"revenue.dues.detail", 1, FUND},
    {"revenue.dues.viewer", 0, FUND}, /* the platform pays */
    {"revenue.dues", INT64_C(1) << 40, 0},
    {"revenue.dues.held", -1, COMMERCE},
    {"revenue.dues.value", -1, COMMERCE},
    {"revenue.dues.creator", 8, COMMERCE},
    {"revenue.dues.viewer", 40 * 4, COMMERCE},
    {"revenue.dues.viewer", -1, COMMERCE}, /* nobody */
    {"revenue.dues.day", -1, COMMERCE},
    {"revenue.dues.detail", 2, COMMERCE},
    {"revenue.dues.held", INT64_MIN, COURSE},
    {"revenue.dues.creator", -1, COURSE},
    {"revenue.dues.viewer", -1, COURSE},
    {"revenue.dues.day", INT32_MAX, COURSE},
    {"revenue.dues.detail", 4, COURSE},
    {"revenue.course.owned", -1, 0}, /* how many */
    {"revenue.course.owned", -1, 1},
    {"revenue.course.owned", 8 * 4, 1},
    {"revenue.course.owned", INT64_C(1) << 32, 1}, /* a viewer of another shard */
    {"revenue.dues.held", -1, SPONSOR},
    {"revenue.dues.viewer", 0, SPONSOR}, /* brands pay, no viewer */
    {"revenue.group_buy.groups", 9, 0},
    {"revenue.group_buy.price", -1, 0},
    {"revenue.group_buy.price", INT64_MAX, 0},
    {"revenue.orders.amount", 0, GROUPS},
    {"revenue.orders.amount", -1, GROUPS},
    {"revenue.orders.creator", 8, GROUPS},
    {"revenue.orders.viewer", -1, GROUPS},
    {"revenue.orders.ios", 2, GROUPS},
    {"revenue.collectible.issues", 9, 0},
    {"revenue.collectible.ask", -1, 0},
    {"revenue.collectible.piece", 1000, 0},
    {"revenue.collectible.sold", 3, 0},
    {"revenue.collectible.paid", -1, 0},
    {"revenue.collectible.creator", 8, 0},
    {"revenue.collectible.owner", 40 * 4, 0},
    {"elsewhere.banned", 2, 0},
};

struct damaged {
    struct scene_tape tape;
    struct plant plant;
    bool planted;
};

static void load_column(struct visitor *v, const char *name, void *data, size_t width,
                        size_t stride, size_t count)
{
    struct damaged *self = v->context;
    struct visitor inner = {.mode = VISIT_LOAD, .context = &self->tape};
    scene_tape_column(&inner, name, data, width, stride, count);
    if (count == 0 || strcmp(name, self->plant.column) != 0 || self->plant.skip-- != 0) return;
    memcpy(data, &self->plant.value, width); /* x86 is little-endian */
    self->planted = true;
}

static void open_world(struct scene *scene)
{
    scene_init(scene);
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        scene_set(scene, settings[i][0], settings[i][1]);
    scene_world(scene, size);
}

static void run_world(struct scene *scene, struct revenue *revenue)
{
    struct world *w = &scene->world;
    for (uint32_t s = 0; s < size.shards; s++)
        for (uint32_t i = 0; i < size.creators; i++) {
            w->creators[s].row[i].followers = 100 * i;
            w->creators[s].row[i].plan.commercial = 0.5f;
        }
    assert_int_equal(revenue_populate(revenue), STATUS_OK);
    scene_fill_purses(scene, 5000 * MICRO);
    for (int i = 0; i < 29; i++, scene_next(scene)) {
        scene_viewers(scene, revenue, 5);
        scene_deliver(scene);
        scene_videos(scene, revenue, NULL, false);
        enum status status = revenue_close(revenue, &scene->errors);
        if (status) fail_msg("%s", scene->errors.text);
    }
    /* orders that wait: those of a window that has not closed */
    scene_viewers(scene, revenue, 5);
    scene_deliver(scene);
    scene_videos(scene, revenue, NULL, false);
}

static enum status load_damaged(struct scene *scene, struct damaged *damaged)
{
    struct revenue *revenue = NULL;
    struct visitor v = {.mode = VISIT_LOAD, .column = load_column, .context = damaged};
    assert_int_equal(revenue_init(&revenue, &scene->world, &scene->errors), STATUS_OK);
    damaged->tape.at = 0;
    scene_visit(scene, revenue, NULL, &v);
    revenue_free(revenue);
    return v.status;
}

static void what_cannot_be_is_refused(void **state)
{
    struct scene scene, other;
    struct revenue *revenue = NULL;
    struct damaged damaged = {.plant = {.column = "nothing"}};
    size_t accepted = 0;
    (void)state;
    open_world(&scene);
    open_world(&other);
    assert_int_equal(revenue_init(&revenue, &scene.world, &scene.errors), STATUS_OK);
    run_world(&scene, revenue);
    scene_save(&scene, revenue, NULL, &damaged.tape);
    assert_int_equal(load_damaged(&other, &damaged), STATUS_OK); /* as it is */
    for (size_t i = 0; i < sizeof plants / sizeof plants[0]; i++) {
        damaged.plant = plants[i];
        damaged.planted = false;
        enum status status = load_damaged(&other, &damaged);
        if (damaged.planted && status == STATUS_BAD_INPUT) continue;
        print_error("%s = %lld, %d: %s\n", plants[i].column, (long long)plants[i].value,
                    plants[i].skip, damaged.planted ? status_text(status) : "no such row");
        accepted++;
    }
    assert_int_equal(accepted, 0);
    revenue_free(revenue);
    scene_free(&scene);
    scene_free(&other);
    memory_free(damaged.tape.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_cannot_be_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
