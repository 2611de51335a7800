/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "payouts.h"

#include "base/memory.h"

void payouts_free(struct payouts *self)
{
    memory_free(self->today);
    memory_free(self->dues.row);
}

/* Room for all creators that there are. */
static enum status grow(const struct stream_desk *desk, struct payouts *self, size_t count)
{
    enum status status = memory_grow(&self->today, &self->room, count, sizeof(*self->today));
    if (status) {
        desk->till->fault = status;
        return status;
    }
    for (; self->count < count; self->count++) self->today[self->count] = 0;
    return STATUS_OK;
}

void payouts_pay(struct stream_desk *desk, struct payouts *self, struct payout payout)
{
    if (payout.days == 0) {
        desk_pay(desk, payout.creator, payout.from, payout.amount);
        return;
    }
    if (payout.creator >= self->count &&
        grow(desk, self, desk->world->creators[desk->shard].count))
        return;
    self->today[payout.creator] += payout.amount;
    desk_move(desk, payout.from, ACCOUNT_PAYABLE, payout.amount);
}

void payouts_share(struct stream_desk *desk, struct payouts *self, struct sale sale,
                   double platform_cut, int64_t days)
{
    const struct payout payout = {.amount = desk_cut(desk, sale, platform_cut),
                                  .days = days,
                                  .from = sale.from,
                                  .creator = sale.creator};
    payouts_pay(desk, self, payout);
}

static void pay(struct stream_desk *desk, const struct due *due)
{
    desk_pay(desk, due->creator, ACCOUNT_PAYABLE, due->held);
}

void payouts_day(struct stream_desk *desk, struct payouts *self, int64_t days)
{
    for (size_t row = 0; row < self->count; row++) {
        const struct due due = {.held = self->today[row],
                                .creator = (uint32_t)row,
                                .viewer = ENTITY_NONE,
                                .day = dues_day(desk->world, days)};
        if (!due.held) continue;
        if (!dues_add(desk, &self->dues, due)) return;
        self->today[row] = 0;
    }
    dues_settle(desk, &self->dues, pay);
}

int64_t payouts_held(const struct payouts *self)
{
    int64_t sum = dues_held(&self->dues);
    for (size_t row = 0; row < self->count; row++) sum = ledger_sum(sum, self->today[row]);
    return sum;
}

void payouts_visit(const struct stream_desk *desk, struct payouts *self, struct visitor *v)
{
    uint64_t count = self->count;
    visit_count(v, "revenue.payouts.creators", &count,
                desk->world->creators[desk->shard].count);
    if (visit_loading(v) && !v->status) {
        self->count = 0;
        v->status = grow(desk, self, count);
    }
    if (v->status) return;
    visit_money(v, "revenue.payouts.today", self->today, sizeof(int64_t), sizeof(int64_t),
                count);
    for (size_t row = 0; visit_loading(v) && row < count && !v->status; row++)
        if (self->today[row] < 0) v->status = STATUS_BAD_INPUT;
    dues_visit(desk, &self->dues, v);
    if (visit_loading(v) && !v->status && !dues_sound(&self->dues, 0, false))
        v->status = STATUS_BAD_INPUT;
}
