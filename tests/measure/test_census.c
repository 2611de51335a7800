/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "measure/parts.h"
#include "sim/lab.h"
#include "sim/parts.h"

/* Two shards of viewers by hand. */
struct place {
    struct viewer viewer[2][8];
    struct viewer_shard shard[2];
    struct world world;
    struct team team;
    struct census census[2];
    struct measure measure;
};

static void add(struct place *self, uint32_t shard, int joined, int last, uint8_t flags)
{
    struct viewer_shard *viewers = &self->shard[shard];
    viewers->row[viewers->count++] = (struct viewer){
        .joined_day = (int16_t)joined, .last_day = (int16_t)last, .flags = flags};
}

static void set_up(struct place *self)
{
    memset(self, 0, sizeof *self);
    team_init(&self->team, 1);
    for (int s = 0; s < 2; s++) self->shard[s].row = self->viewer[s];
    self->world.shards = (struct shards){2, 1};
    self->world.viewers = self->shard;
    self->world.team = &self->team;
    self->measure.world = &self->world;
    self->measure.census = self->census;
}

static void tear_down(struct place *self)
{
    memory_free(self->measure.joined);
    memory_free(self->measure.returned);
    memory_free(self->measure.back);
}

static void test_day_week_month(void **state)
{
    struct place place;
    (void)state;
    set_up(&place);
    add(&place, 0, -9, INT16_MIN, 0); /* never came */
    add(&place, 1, -9, 40, 0);
    add(&place, 0, -9, 34, VIEWER_CHURNED);
    add(&place, 1, -9, 33, 0);
    add(&place, 0, -9, 11, 0);
    add(&place, 1, -9, 10, VIEWER_CHURNED);
    struct census c = census_count(&place.measure, 40);
    assert_int_equal(c.dau, 1);
    assert_int_equal(c.wau, 2); /* days 34 to 40 */
    assert_int_equal(c.mau, 4); /* days 11 to 40 */
    assert_int_equal(c.lost, 2);
    tear_down(&place);
}

struct row {
    int64_t cell[4];
};
struct rows {
    struct row row[32];
    size_t n;
};

static enum status keep(void *self, enum table_id table, const struct cell *cells, size_t n)
{
    struct rows *rows = self;
    assert_int_equal(table, TABLE_RETENTION);
    assert_int_equal(n, 4);
    for (size_t i = 0; i < 4; i++) rows->row[rows->n].cell[i] = cells[i].as.integer;
    rows->n++;
    return STATUS_OK;
}

static void test_who_comes_back_at_which_age(void **state)
{
    struct place place;
    struct rows rows = {.n = 0};
    (void)state;
    set_up(&place);
    place.measure.services.sink = (struct row_sink){&rows, keep};
    add(&place, 0, -3, 0, 0);
    add(&place, 1, 0, INT16_MIN, 0); /* here at the start whatever its joining day says */
    add(&place, 1, 0, 0, VIEWER_NEWCOMER);
    assert_int_equal(census_day(&place.measure, 0), STATUS_OK);
    place.shard[0].row[0].last_day = 1;
    place.shard[1].row[1].last_day = 1;
    add(&place, 0, 1, 1, VIEWER_NEWCOMER);
    add(&place, 1, 1, INT16_MIN, VIEWER_NEWCOMER);
    assert_int_equal(census_day(&place.measure, 1), STATUS_OK);
    assert_int_equal(census_emit_retention(&place.measure), STATUS_OK);
    static const struct row wanted[] = {
        {{-1, 1, 2, 1}}, {{-1, 2, 2, 1}}, {{0, 0, 1, 1}}, {{0, 1, 1, 1}}, {{1, 0, 2, 1}}};
    assert_int_equal(rows.n, 5);
    assert_memory_equal(rows.row, wanted, sizeof wanted);
    const struct retention r = {place.measure.days, place.measure.joined,
                                place.measure.returned};
    assert_int_equal(retention_joined(&r, 1), 2);
    assert_int_equal(retention_returned(&r, 0, 1), 1);
    assert_int_equal(retention_returned(&r, 1, 1), 0); /* day 2 has not been */
    assert_int_equal(retention_returned(&r, -2, 1), 0);
    assert_int_equal(place.measure.dau_sum, 2 + 3);
    tear_down(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_day_week_month),
        cmocka_unit_test(test_who_comes_back_at_which_age),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
