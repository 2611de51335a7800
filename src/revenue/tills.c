/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "parts.h"

#define VIEW_DAYS 30
#define CREATOR_ROWS_MAX (UINT64_C(1) << 31)

enum status tills_grow(struct revenue *self)
{
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        struct till *till = &self->tills[s];
        size_t need = self->world->creators[s].count;
        enum status status = memory_grow(&till->gates, &till->gates_room, need,
                                         sizeof(*till->gates));
        if (!status)
            status = memory_grow(&till->views, &till->views_room, need, sizeof(*till->views));
        if (status) return status;
        till->creators = need;
    }
    return STATUS_OK;
}

/* Views of the trailing 30 days without 30 counters: each day a thirtieth, rounded up, of what
 * is there leaves and the day's views come in. A constant rate gives exactly 30 days of it in
 * the limit, a single day's views have an average age of 30 days and reach 0 in the end. */
static uint32_t trailing(uint32_t views, uint32_t today)
{
    uint64_t kept = views - (views + UINT64_C(29)) / VIEW_DAYS;
    return kept + today > UINT32_MAX ? UINT32_MAX : (uint32_t)(kept + today);
}

static const void *rules_of(const struct revenue *self, size_t stream,
                            const struct creator *creator)
{
    const struct stream_desk *desk = self->desks[stream];
    return world_creator_arm(self->world, creator) == ARM_B ? desk->other : desk->parameters;
}

static uint16_t open_gates(const struct revenue *self, const struct creator *creator)
{
    unsigned gates = 0;
    for (size_t i = 0; i < self->count; i++) {
        const struct revenue_stream *stream = self->stream[i];
        bool open = !stream->eligible || stream->eligible(rules_of(self, i, creator), creator);
        gates |= (unsigned)open << i;
    }
    return (uint16_t)(gates & self->uses[creator->cohort]);
}

static void day_task(void *context, uint32_t shard, uint32_t thread)
{
    struct revenue *self = context;
    struct till *till = &self->tills[shard];
    struct creator *creator = self->world->creators[shard].row;
    (void)thread;
    for (size_t row = 0; row < till->creators; row++) {
        creator[row].views_30d = trailing(creator[row].views_30d, till->views[row]);
        till->views[row] = 0;
        till->gates[row] = open_gates(self, &creator[row]);
    }
}

void tills_day(struct revenue *self)
{
    team_run(self->world->team, self->world->shards.count, day_task, self);
}

/* The fraction of a micro-unit that is left is carried to the next window. */
void tills_serve(struct revenue *self, uint32_t shard)
{
    const struct serving_parameters *p = self->serving;
    struct till *till = &self->tills[shard];
    double cost = (double)till->impressions * p->per_mille * ((double)MICRO / 1000) +
                  (double)till->watch_ms * p->hour * ((double)MICRO / (double)TIME_HOUR) +
                  till->carry;
    double whole = floor(cost);
    struct book *book = &self->world->creators[shard].book;
    book_act(book, money_act(MONEY_STREAMED, self->world->close));
    book_post(book, LEDGER_SERVING, ACCOUNT_PLATFORM, ACCOUNT_COSTS, (int64_t)whole);
    till->carry = cost - whole;
    till->impressions = till->watch_ms = 0;
}

/* What an account of a book has had from a stream since the day was last folded. */
static int64_t moved(const struct book *book, size_t stream, enum ledger_account account)
{
    int64_t sum = 0;
    for (int a = 0; a < LEDGER_ACCOUNTS; a++)
        sum = ledger_sum(
            sum, ledger_sum(book->day[stream][a][account], -book->day[stream][account][a]));
    return sum;
}

void tills_follow(struct revenue *self)
{
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        const struct book *book = &self->world->creators[s].book;
        struct till *till = &self->tills[s];
        int64_t paid = moved(book, LEDGER_INCOME, ACCOUNT_VIEWERS), aside = 0;
        for (size_t i = 0; self->buyers >> i; i++)
            if (self->buyers >> i & 1)
                aside = ledger_sum(aside, moved(book, i, ACCOUNT_ADVERTISERS));
        till->purses += paid - till->income_seen;
        till->income_seen = paid;
        till->budgets += aside - till->budgets_seen;
        till->budgets_seen = aside;
    }
}

static bool sound(const struct revenue *self, const struct till *till)
{
    for (size_t row = 0; row < till->creators; row++)
        if (till->gates[row] >> self->count) return false;
    return till->purses >= 0 && till->budgets >= 0 && till->carry >= 0 && till->carry < 1;
}

void tills_visit(struct revenue *self, struct visitor *v)
{
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        struct till *till = &self->tills[s];
        uint64_t count = till->creators;
        visit_count(v, "revenue.creators", &count, CREATOR_ROWS_MAX);
        if (visit_loading(v) && !v->status) {
            if (count != self->world->creators[s].count)
                v->status = STATUS_BAD_INPUT;
            else
                v->status = tills_grow(self);
        }
        if (v->status) return;
        VISIT_ARRAY(v, "revenue.gates", till->gates, till->creators);
        VISIT_ARRAY(v, "revenue.views", till->views, till->creators);
        VISIT_MONEY(v, "revenue.purses", till, 1, purses);
        VISIT_MONEY(v, "revenue.income_seen", till, 1, income_seen);
        if (self->buyers) {
            VISIT_MONEY(v, "revenue.budgets", till, 1, budgets);
            VISIT_MONEY(v, "revenue.budgets_seen", till, 1, budgets_seen);
        }
        VISIT_VALUE(v, "revenue.carry", till->carry);
        if (self->world->arms.by)
            visit_money(v, "revenue.spent", till->spent, sizeof(int64_t), sizeof(int64_t),
                        sizeof(till->spent) / sizeof(int64_t));
        if (visit_loading(v) && !v->status && !sound(self, till)) v->status = STATUS_BAD_INPUT;
    }
}
