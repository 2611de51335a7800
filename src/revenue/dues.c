/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dues.h"

#include "base/memory.h"

#define DUES_MOST (UINT64_C(1) << 32)
#define DAY_MOST 100000

static void add_waiting(const struct stream_desk *desk, const struct due *due, int64_t amount)
{
    const struct creator *c = &desk->world->creators[desk->shard].row[due->creator];
    int64_t *sum = &desk->till->waiting[c->cohort];
    *sum = ledger_sum(*sum, amount);
}

bool dues_add(struct stream_desk *desk, struct dues *self, struct due due)
{
    enum status status = memory_grow(&self->row, &self->room, self->count + 1,
                                     sizeof(*self->row));
    if (status) {
        desk->till->fault = status;
        return false;
    }
    self->row[self->count++] = due;
    add_waiting(desk, &due, due.held);
    return true;
}

void dues_settle(struct stream_desk *desk, struct dues *self,
                 void (*settle)(struct stream_desk *desk, const struct due *due))
{
    int32_t today = world_day(desk->world);
    size_t kept = 0;
    for (size_t i = 0; i < self->count; i++) {
        if (self->row[i].day > today) {
            self->row[kept++] = self->row[i];
            continue;
        }
        add_waiting(desk, &self->row[i], -self->row[i].held);
        settle(desk, &self->row[i]);
    }
    self->count = kept;
}

void dues_wait(struct stream_desk *desk, struct dues *self, const struct payment *paid,
               int64_t days)
{
    const struct due due = {.held = paid->amount,
                            .value = paid->amount,
                            .creator = entity_row(desk->world->shards, paid->creator),
                            .viewer = paid->viewer,
                            .day = dues_day(desk->world, days),
                            .detail = (paid->detail & DUE_REFUND) |
                                      (paid->flags & PAYMENT_IOS ? DUE_IOS : 0)};
    if (dues_add(desk, self, due))
        desk_move(desk, ACCOUNT_VIEWERS, ACCOUNT_ESCROW, paid->amount);
}

bool dues_sale(struct stream_desk *desk, const struct due *due, struct sale *sale)
{
    if (due->detail & DUE_REFUND) {
        desk_return(desk, due->viewer, ACCOUNT_ESCROW, due->held);
        return false;
    }
    *sale = (struct sale){due->held, ACCOUNT_ESCROW, due->creator,
                          (due->detail & DUE_IOS) != 0};
    return true;
}

int64_t dues_held(const struct dues *self)
{
    int64_t sum = 0;
    for (size_t i = 0; i < self->count; i++) sum = ledger_sum(sum, self->row[i].held);
    return sum;
}

static bool sound(const struct stream_desk *desk, const struct due *due)
{
    const struct world *world = desk->world;
    bool viewer = due->viewer == ENTITY_NONE ||
                  (due->viewer <= ENTITY_VIEWER_LAST &&
                   entity_row(world->shards, due->viewer) <
                       world->viewers[entity_shard(world->shards, due->viewer)].count);
    return viewer && due->creator < world->creators[desk->shard].count &&
           world->creators[desk->shard].row[due->creator].cohort < SCHEMA_NAMES_MAX &&
           due->held >= 0 && due->value >= 0 && due->day >= 0 &&
           due->day < DAY_MOST + DUES_DAYS_MOST;
}

bool dues_sound(const struct dues *self, uint32_t detail_most, bool viewers)
{
    for (size_t i = 0; i < self->count; i++)
        if (self->row[i].detail > detail_most ||
            (self->row[i].viewer != ENTITY_NONE) != viewers)
            return false;
    return true;
}

void dues_visit(const struct stream_desk *desk, struct dues *self, struct visitor *v)
{
    uint64_t count = self->count;
    visit_count(v, "revenue.dues", &count, DUES_MOST);
    if (visit_loading(v) && !v->status)
        v->status = memory_grow(&self->row, &self->room, count, sizeof(*self->row));
    if (v->status) return;
    self->count = count;
    VISIT_MONEY(v, "revenue.dues.held", self->row, count, held);
    VISIT_MONEY(v, "revenue.dues.value", self->row, count, value);
    VISIT_FIELD(v, "revenue.dues.creator", self->row, count, creator);
    VISIT_FIELD(v, "revenue.dues.viewer", self->row, count, viewer);
    VISIT_FIELD(v, "revenue.dues.day", self->row, count, day);
    VISIT_FIELD(v, "revenue.dues.detail", self->row, count, detail);
    for (size_t i = 0; visit_loading(v) && i < count && !v->status; i++) {
        if (!sound(desk, &self->row[i]))
            v->status = STATUS_BAD_INPUT;
        else
            add_waiting(desk, &self->row[i], self->row[i].held);
    }
}
