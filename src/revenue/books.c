/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "parts.h"

/* ------------------------------------------------------------------ stocks against accounts */

struct checking {
    struct revenue *revenue;
    bool purses;
};

static void held_by_streams(struct revenue *self, uint32_t shard, struct stock *stock)
{
    for (size_t i = 0; i < self->count; i++) {
        int64_t escrow = 0, payable = 0;
        if (self->buyers >> i & 1)
            stock->budgets = ledger_sum(stock->budgets,
                                        self->stream[i]->budgets(streams_desk(self, i, shard)));
        if (!self->stream[i]->held) continue;
        self->stream[i]->held(streams_desk(self, i, shard), &escrow, &payable);
        stock->escrow += escrow;
        stock->payable += payable;
    }
}

static void stock_task(void *context, uint32_t shard, uint32_t thread)
{
    const struct checking *checking = context;
    struct revenue *self = checking->revenue;
    const struct world *world = self->world;
    struct stock stock = {0};
    (void)thread;
    for (size_t i = 0; i < world->creators[shard].count; i++)
        stock.balances = ledger_sum(stock.balances, world->creators[shard].row[i].balance);
    for (size_t i = 0; i < world->boosts[shard].count; i++)
        stock.escrow = ledger_sum(stock.escrow, world->boosts[shard].row[i].escrow);
    bool purses = checking->purses && !world->viewers[shard].elsewhere;
    for (size_t i = 0; purses && i < world->viewers[shard].count; i++)
        stock.purses = ledger_sum(stock.purses, world->viewers[shard].row[i].purse);
    held_by_streams(self, shard, &stock);
    self->tills[shard].stock = stock;
}

/* Micro-units as major ones, exactly. */
static const char *money_text(int64_t micro, char buffer[32])
{
    uint64_t size = micro < 0 ? 0 - (uint64_t)micro : (uint64_t)micro;
    snprintf(buffer, 32, "%s%" PRIu64 ".%06" PRIu64, micro < 0 ? "-" : "", size / MICRO,
             size % MICRO);
    return buffer;
}

struct comparison {
    const char *account, *stock;
    int64_t held, found; /* by the account, by the entities */
    int64_t shard;       /* -1 = all */
};

static enum status compare(const struct revenue *self, const struct comparison *c,
                           struct errors *errors)
{
    char held[32], found[32], difference[32], when[32], where[32] = "";
    int64_t more = (int64_t)((uint64_t)c->found - (uint64_t)c->held);
    if (!more) return STATUS_OK;
    if (c->shard >= 0) snprintf(where, sizeof(where), " in shard %" PRId64, c->shard);
    return errors_add(errors, STATUS_UNBALANCED,
                      "the books at %s: %s holds %s%s, but %s make %s: difference %s",
                      time_text(self->world->close, when), c->account,
                      money_text(c->held, held), where, c->stock, money_text(c->found, found),
                      money_text(more, difference));
}

static enum status check_sum(const struct revenue *self, uint32_t shard, struct errors *errors)
{
    char sum_text[32], when[32];
    int64_t sum = 0;
    for (int a = 0; a < LEDGER_ACCOUNTS; a++)
        sum += self->world->creators[shard].book.balance[a];
    if (!sum) return STATUS_OK;
    return errors_add(errors, STATUS_UNBALANCED,
                      "the books at %s: all accounts of shard %" PRIu32 " sum to %s, must be 0",
                      time_text(self->world->close, when), shard, money_text(sum, sum_text));
}

static enum status check_shard(const struct revenue *self, uint32_t shard, bool purses,
                               struct errors *errors)
{
    const int64_t *balance = self->world->creators[shard].book.balance;
    const struct till *till = &self->tills[shard];
    const struct comparison comparisons[] = {
        {"account creators", "the creators' balances", balance[ACCOUNT_CREATORS],
         till->stock.balances, shard},
        {"account escrow", "the open orders", balance[ACCOUNT_ESCROW], till->stock.escrow,
         shard},
        {"account payable", "the streams' dues", balance[ACCOUNT_PAYABLE], till->stock.payable,
         shard},
        {"account advertisers", "their budgets", till->budgets, till->stock.budgets, shard},
        {"account viewers", "the purses", till->purses,
         purses ? till->stock.purses : till->purses, shard},
    };
    enum status status = check_sum(self, shard, errors);
    for (size_t i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]); i++) {
        enum status found = compare(self, &comparisons[i], errors);
        if (found) status = found;
    }
    return status;
}

/* Purses are charged in the viewer's shard and booked in the creator's, so only the sums over
 * all shards must agree. */
enum status revenue_check(struct revenue *self, bool purses, struct errors *errors)
{
    struct checking checking = {self, purses};
    struct comparison viewers = {"account viewers", "purses by what was paid in and out", 0, 0,
                                 -1};
    enum status status = STATUS_OK;
    tills_follow(self);
    team_run(self->world->team, self->world->shards.count, stock_task, &checking);
    while (purses && post_turn(self->world->post))
        for (uint32_t s = 0; s < self->world->shards.count; s++)
            post_bytes(self->world->post, s, &self->tills[s].stock.purses, sizeof(int64_t));
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        enum status found = check_shard(self, s, purses, errors);
        if (found) status = found;
        int64_t balance = self->world->creators[s].book.balance[ACCOUNT_VIEWERS];
        viewers.held = ledger_sum(viewers.held, balance);
        viewers.found = ledger_sum(viewers.found, self->tills[s].purses);
    }
    enum status found = compare(self, &viewers, errors);
    return found ? found : status;
}

/* ------------------------------------------------------------------------------ the figures */

/* Moves the postings of all shards to where they wait to be asked for. */
static void fold(struct revenue *self)
{
    tills_follow(self);
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        struct book *book = &self->world->creators[s].book;
        for (int i = 0; i < LEDGER_STREAMS; i++)
            for (int d = 0; d < LEDGER_ACCOUNTS; d++)
                for (int c = 0; c < LEDGER_ACCOUNTS; c++) {
                    int64_t amount = book->day[i][d][c];
                    self->day.amount[i][d][c] = ledger_sum(self->day.amount[i][d][c], amount);
                    self->interval.amount[i][d][c] = ledger_sum(self->interval.amount[i][d][c],
                                                                amount);
                }
        memset(book->day, 0, sizeof(book->day));
        self->tills[s].income_seen = self->tills[s].budgets_seen = 0;
    }
}

/* Who pays; orders that shops fill are paid for out of the household's other money. */
static bool is_source(int account)
{
    return account == ACCOUNT_VIEWERS || account == ACCOUNT_ADVERTISERS ||
           account == ACCOUNT_BRANDS || account == ACCOUNT_SHOPS;
}

/* The figure that a posting's account belongs to, when the account is no source. */
static int64_t *figure_of(struct revenue_figures *f, int account)
{
    switch (account) {
    case ACCOUNT_CREATORS:
        return &f->creators;
    case ACCOUNT_PLATFORM:
        return &f->platform;
    case ACCOUNT_FEES:
        return &f->fees;
    case ACCOUNT_REFUNDS:
        return &f->refunds;
    default:
        return &f->payable;
    }
}

static void add_posting(struct revenue_figures *f, int stream, int debit, int credit,
                        int64_t amount)
{
    if ((is_source(debit) || debit == ACCOUNT_OUTSIDE) &&
        (is_source(credit) || credit == ACCOUNT_OUTSIDE))
        return; /* an order paid to a shop, or sent back */
    if (debit == ACCOUNT_PLATFORM && credit == ACCOUNT_CREATORS) {
        f->fund += amount;
        return;
    }
    if (is_source(debit))
        f->gross[stream] += amount;
    else
        *figure_of(f, debit) -= amount;
    if (is_source(credit))
        f->refunds += amount;
    else
        *figure_of(f, credit) += amount;
}

struct revenue_figures revenue_interval(struct revenue *self)
{
    struct revenue_figures f = {0};
    fold(self);
    for (int i = 0; i < (int)self->count; i++)
        for (int d = 0; d < LEDGER_ACCOUNTS; d++)
            for (int c = 0; c < LEDGER_ACCOUNTS; c++)
                add_posting(&f, i, d, c, self->interval.amount[i][d][c]);
    f.serving = self->interval.amount[LEDGER_SERVING][ACCOUNT_PLATFORM][ACCOUNT_COSTS];
    f.promotion = self->interval.amount[LEDGER_PROMOTION][ACCOUNT_ESCROW][ACCOUNT_PLATFORM] +
                  self->interval.amount[LEDGER_PROMOTION][ACCOUNT_CREATORS][ACCOUNT_PLATFORM];
    self->interval = (struct postings){0};
    return f;
}

void revenue_spent(void *revenue, int64_t spent[ARMS][LEDGER_STREAMS_MAX])
{
    struct revenue *self = revenue;
    memset(spent, 0, sizeof(self->tills->spent));
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        struct till *till = &self->tills[s];
        for (int a = 0; a < ARMS; a++)
            for (int i = 0; i < LEDGER_STREAMS_MAX; i++)
                spent[a][i] = ledger_sum(spent[a][i], till->spent[a][i]);
        memset(till->spent, 0, sizeof(till->spent));
    }
}

void revenue_waiting(void *revenue, int64_t waiting[SCHEMA_NAMES_MAX])
{
    const struct revenue *self = revenue;
    memset(waiting, 0, sizeof(self->tills->waiting));
    for (uint32_t s = 0; s < self->world->shards.count; s++)
        for (int k = 0; k < SCHEMA_NAMES_MAX; k++)
            waiting[k] = ledger_sum(waiting[k], self->tills[s].waiting[k]);
}

void revenue_ledger(void *revenue, revenue_row row, void *context)
{
    struct revenue *self = revenue;
    fold(self);
    for (int i = 0; i < LEDGER_STREAMS; i++)
        for (int d = 0; d < LEDGER_ACCOUNTS; d++)
            for (int c = 0; c < LEDGER_ACCOUNTS; c++)
                if (self->day.amount[i][d][c]) row(context, i, d, c, self->day.amount[i][d][c]);
    self->day = (struct postings){0};
}
