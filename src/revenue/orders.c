/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orders.h"

#include <stdlib.h>

#include "base/memory.h"

#define ORDERS_MOST (UINT64_C(1) << 32)

void orders_add(struct stream_desk *desk, struct orders *self, const struct payment *payment)
{
    const struct world *world = desk->world;
    enum status status = memory_grow(&self->row, &self->room, self->count + 1,
                                     sizeof(*self->row));
    if (status) {
        desk->till->fault = status;
        return;
    }
    self->row[self->count++] = (struct order){
        .amount = payment->amount,
        .at = world->now + payment->at,
        .name = world_viewer_name(world, payment->viewer),
        .creator = entity_row(world->shards, payment->creator),
        .viewer = payment->viewer,
        .ios = (payment->flags & PAYMENT_IOS) != 0};
    desk_move(desk, ACCOUNT_VIEWERS, ACCOUNT_ESCROW, payment->amount);
}

static int by_time(const void *a, const void *b)
{
    const struct order *x = a, *y = b;
    if (x->creator != y->creator) return x->creator < y->creator ? -1 : 1;
    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    return (x->name > y->name) - (x->name < y->name);
}

void orders_close(struct stream_desk *desk, struct orders *self,
                  bool (*close)(struct stream_desk *desk, const struct order *order, size_t n))
{
    size_t kept = 0, n;
    if (self->count) qsort(self->row, self->count, sizeof(*self->row), by_time);
    for (size_t i = 0; i < self->count; i += n) {
        const struct order *first = &self->row[i];
        for (n = 1; i + n < self->count && first[n].creator == first->creator;) n++;
        if (close(desk, first, n)) continue;
        for (size_t k = 0; k < n; k++) self->row[kept++] = self->row[i + k];
    }
    self->count = kept;
}

int64_t orders_held(const struct orders *self)
{
    int64_t sum = 0;
    for (size_t i = 0; i < self->count; i++) sum = ledger_sum(sum, self->row[i].amount);
    return sum;
}

static bool sound(const struct stream_desk *desk, const struct order *order)
{
    const struct world *world = desk->world;
    return order->amount > 0 && order->ios <= 1 &&
           order->creator < world->creators[desk->shard].count &&
           order->viewer <= ENTITY_VIEWER_LAST &&
           entity_row(world->shards, order->viewer) <
               world->viewers[entity_shard(world->shards, order->viewer)].count;
}

void orders_visit(const struct stream_desk *desk, struct orders *self, struct visitor *v)
{
    uint64_t count = self->count;
    visit_count(v, "revenue.orders", &count, ORDERS_MOST);
    if (visit_loading(v) && !v->status)
        v->status = memory_grow(&self->row, &self->room, count, sizeof(*self->row));
    if (v->status) return;
    self->count = count;
    VISIT_MONEY(v, "revenue.orders.amount", self->row, count, amount);
    VISIT_FIELD(v, "revenue.orders.at", self->row, count, at);
    VISIT_FIELD(v, "revenue.orders.name", self->row, count, name);
    VISIT_FIELD(v, "revenue.orders.creator", self->row, count, creator);
    VISIT_FIELD(v, "revenue.orders.viewer", self->row, count, viewer);
    VISIT_FIELD(v, "revenue.orders.ios", self->row, count, ios);
    for (size_t i = 0; visit_loading(v) && i < count && !v->status; i++)
        if (!sound(desk, &self->row[i])) v->status = STATUS_BAD_INPUT;
}
