/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/team.h"

#include <omp.h>

#include "base/status.h"

void team_init(struct team *self, uint32_t threads)
{
    int offered = omp_get_max_threads();
    *self = (struct team){.threads = threads ? threads : (uint32_t)(offered > 0 ? offered : 1)};
}

static uint32_t greatest_common_divisor(uint32_t a, uint32_t b)
{
    while (b != 0) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The i-th item of a round is (step * i + start) mod items: a permutation when step and items
 * have no common divisor. */
struct dealing {
    uint64_t items, step, start;
};

static struct dealing deal(const struct team *self, uint32_t items)
{
    struct dealing deal = {items, 1, 0};
    if (!self->shuffle || items < 2) return deal;
    uint64_t random = (self->rounds + 1) * UINT64_C(0x9e3779b97f4a7c15);
    random ^= random >> 29;
    deal.start = (random >> 32) % items;
    deal.step = random % items;
    while (greatest_common_divisor(items, (uint32_t)deal.step) != 1)
        deal.step = (deal.step + 1) % items;
    return deal;
}

static uint32_t dealt(const struct dealing *self, uint32_t i)
{
    return (uint32_t)((self->step * i + self->start) % self->items);
}

void team_run(struct team *self, uint32_t items, team_task task, void *context)
{
    const struct dealing order = deal(self, items);

    require(self->threads >= 1);
    self->rounds++;
    if (items == 0) return;
    if (self->threads == 1) {
        for (uint32_t i = 0; i < items; i++) task(context, dealt(&order, i), 0);
        return;
    }
#pragma omp parallel for schedule(dynamic, 1) num_threads((int)self->threads) default(none)    \
    shared(order, items, task, context)
    for (uint32_t i = 0; i < items; i++)
        task(context, dealt(&order, i), (uint32_t)omp_get_thread_num());
}
