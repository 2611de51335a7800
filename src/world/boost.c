/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/boost.h"

#include "base/memory.h"

#define BOOST_ROWS_MAX (UINT64_C(1) << 31)

void boost_shard_free(struct boost_shard *self)
{
    memory_free(self->row);
    *self = (struct boost_shard){0};
}

enum status boost_reserve(struct boost_shard *self, size_t rows)
{
    return memory_grow(&self->row, &self->capacity, self->count + rows, sizeof(*self->row));
}

struct boost *boost_add(struct boost_shard *self)
{
    if (boost_reserve(self, 1)) return NULL;
    struct boost *row = &self->row[self->count++];
    *row = (struct boost){0};
    return row;
}

void boost_shard_visit(struct boost_shard *self, struct visitor *v)
{
    uint64_t count = self->count;
    visit_count(v, "boosts.count", &count, BOOST_ROWS_MAX);
    if (v->status) return;
    if (visit_loading(v)) {
        self->count = 0;
        v->status = boost_reserve(self, count);
        if (v->status) return;
        self->count = count;
    }
    struct boost *rows = self->row;
    VISIT_FIELD(v, "boosts.name", rows, count, name);
    VISIT_FIELD(v, "boosts.video", rows, count, video);
    VISIT_FIELD(v, "boosts.creator", rows, count, creator);
    VISIT_MONEY(v, "boosts.price", rows, count, price);
    VISIT_MONEY(v, "boosts.escrow", rows, count, escrow);
    VISIT_FIELD(v, "boosts.left", rows, count, left);
    VISIT_FIELD(v, "boosts.topic", rows, count, topic);
    VISIT_FIELD(v, "boosts.ends", rows, count, ends);
    VISIT_FIELD(v, "boosts.channel", rows, count, channel);
}
