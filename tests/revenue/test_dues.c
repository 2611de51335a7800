/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "revenue/dues.h"

#include "revenue/scene.h"

struct ledger_of_dues {
    struct scene scene;
    struct till till;
    struct stream_desk desk;
    struct dues dues;
};

static void open_dues(struct ledger_of_dues *self)
{
    *self = (struct ledger_of_dues){0};
    scene_init(&self->scene);
    scene_world(&self->scene, (struct scene_size){2, 3, 3, 3});
    self->desk = (struct stream_desk){
        .world = &self->scene.world, .till = &self->till, .state = &self->till.stock};
}

static void close_dues(struct ledger_of_dues *self)
{
    memory_free(self->dues.row);
    scene_free(&self->scene);
}

static void note(struct stream_desk *desk, const struct due *due)
{
    desk->till->stock.payable = 10 * desk->till->stock.payable + due->held;
}

/* Held for 2, 0, 1 and 0 days: settled on time, in the order in which they came. */
static void what_is_due_is_settled_in_order(void **state)
{
    static const int64_t days[] = {2, 0, 1, 0}, settled[] = {24, 243, 2431};
    struct ledger_of_dues all;
    (void)state;
    open_dues(&all);
    for (int i = 0; i < 4; i++) {
        struct due due = {.held = i + 1, .day = dues_day(&all.scene.world, days[i])};
        assert_true(dues_add(&all.desk, &all.dues, due));
    }
    assert_int_equal(dues_held(&all.dues), 10);
    for (int day = 0; day < 3; day++) {
        dues_settle(&all.desk, &all.dues, note);
        assert_int_equal(all.till.stock.payable, settled[day]);
        all.scene.world.now += TIME_DAY;
    }
    assert_int_equal(all.dues.count, 0);
    close_dues(&all);
}

/* Of two who paid the same the first has it back, the other's is a sale. */
static void what_waits_goes_back_or_is_a_sale(void **state)
{
    struct ledger_of_dues all;
    struct sale sale = {0};
    (void)state;
    open_dues(&all);
    const struct payment paid = {.amount = 7, .viewer = 2, .detail = DUE_REFUND | 8};
    const struct payment kept = {.amount = 7, .viewer = 4, .flags = PAYMENT_IOS, .detail = 8};
    dues_wait(&all.desk, &all.dues, &paid, 1);
    dues_wait(&all.desk, &all.dues, &kept, 1);
    const struct book *book = &all.scene.world.creators[0].book;
    assert_int_equal(book->balance[ACCOUNT_ESCROW], 14);
    assert_true(dues_sound(&all.dues, DUE_DETAIL_MOST, true));
    assert_false(dues_sale(&all.desk, &all.dues.row[0], &sale));
    assert_int_equal(all.scene.world.viewers[0].row[1].purse, 7);
    assert_int_equal(all.till.purses, 7);
    assert_true(dues_sale(&all.desk, &all.dues.row[1], &sale));
    assert_true(sale.amount == 7 && sale.from == ACCOUNT_ESCROW && sale.ios);
    assert_int_equal(book->balance[ACCOUNT_ESCROW], 7);
    close_dues(&all);
}

/* Saves one row and loads it again. */
static enum status load(struct due due)
{
    struct ledger_of_dues all;
    struct scene_tape tape = {0};
    struct dues copy = {0};
    open_dues(&all);
    assert_true(dues_add(&all.desk, &all.dues, due));
    tape.visitor = (struct visitor){
        .mode = VISIT_SAVE, .column = scene_tape_column, .context = &tape};
    dues_visit(&all.desk, &all.dues, &tape.visitor);
    assert_int_equal(tape.visitor.status, STATUS_OK);
    tape.visitor = (struct visitor){
        .mode = VISIT_LOAD, .column = scene_tape_column, .context = &tape};
    dues_visit(&all.desk, &copy, &tape.visitor);
    enum status status = tape.visitor.status;
    if (!status) assert_memory_equal(copy.row, &due, sizeof(due));
    memory_free(copy.row);
    memory_free(tape.bytes);
    close_dues(&all);
    return status;
}

static void damaged_rows_are_refused(void **state)
{
    const struct due good = {
        .held = 5, .value = 7, .creator = 2, .viewer = 2 << 1 | 1, .day = 3, .detail = 9};
    struct due bad;
    (void)state;
    assert_int_equal(load(good), STATUS_OK);
    bad = good, bad.viewer = ENTITY_NONE;
    assert_int_equal(load(bad), STATUS_OK);
    bad = good, bad.held = -1;
    assert_int_equal(load(bad), STATUS_BAD_INPUT);
    bad = good, bad.held = INT64_MAX;
    assert_int_equal(load(bad), STATUS_BAD_INPUT);
    bad = good, bad.value = -1;
    assert_int_equal(load(bad), STATUS_BAD_INPUT);
    bad = good, bad.creator = 3;
    assert_int_equal(load(bad), STATUS_BAD_INPUT);
    bad = good, bad.viewer = 3 << 1;
    assert_int_equal(load(bad), STATUS_BAD_INPUT);
    bad = good, bad.viewer = ENTITY_CREATOR;
    assert_int_equal(load(bad), STATUS_BAD_INPUT);
    bad = good, bad.day = -1;
    assert_int_equal(load(bad), STATUS_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_due_is_settled_in_order),
        cmocka_unit_test(what_waits_goes_back_or_is_a_sale),
        cmocka_unit_test(damaged_rows_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
