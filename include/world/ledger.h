/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The books: double entry in integer micro-units of the scenario's currency.
 *
 * Every movement is one posting with a debit and a credit account, so accounts sum to zero by
 * construction; what can go wrong is that an entity's own stock (a purse, a creator's balance,
 * an escrow) drifts from its account, and revenue/ compares exactly that at the close of every
 * window.
 *
 * A shard posts into its own book: whoever changes a creator's balance or a boost's escrow
 * posts in the book of that creator's shard, whoever fills a purse in the book of that viewer's
 * shard.
 *
 * Who posts says first what happened (book_act): where a journal is kept, a posting carries the
 * act that was set last in its book.
 *
 * Filling purses is a LEDGER_INCOME posting from OUTSIDE to VIEWERS, living costs are a
 * LEDGER_LIVING posting from CREATORS to OUTSIDE.
 */
#ifndef WORLD_LEDGER_H
#define WORLD_LEDGER_H

#include "base/status.h"
#include "base/visit.h"
#include "world/journal.h"

#define LEDGER_STREAMS_MAX 12
#define LEDGER_CHANNELS_MAX 12
#define MICRO INT64_C(1000000)

/* a + b of a sum over very many: with amounts of a damaged checkpoint it wraps round, and the
 * check of the books finds it. */
static inline int64_t ledger_sum(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

/* name, column text */
#define LEDGER_ACCOUNT_LIST(X)                                                                 \
    X(ACCOUNT_VIEWERS, "viewers") /* purses */                                                 \
    X(ACCOUNT_ADVERTISERS, "advertisers")                                                      \
    X(ACCOUNT_BRANDS, "brands")                                                                \
    X(ACCOUNT_SHOPS, "shops")                                                                  \
    X(ACCOUNT_PLATFORM, "platform")                                                            \
    X(ACCOUNT_CREATORS, "creators")   /* sum of the balances */                                \
    X(ACCOUNT_PROMOTION, "promotion") /* sellers of promotion outside the platform */          \
    X(ACCOUNT_FEES, "fees")           /* app stores, payment */                                \
    X(ACCOUNT_REFUNDS, "refunds")                                                              \
    X(ACCOUNT_ESCROW, "escrow")   /* paid, not yet earned: boosts, group buys */               \
    X(ACCOUNT_PAYABLE, "payable") /* earned, not yet paid out */                               \
    X(ACCOUNT_COSTS, "costs")     /* serving, production */                                    \
    X(ACCOUNT_OUTSIDE, "outside") /* wages in, living costs and withdrawals out */

enum ledger_account {
#define LEDGER_ACCOUNT_ENUM(name, text) name,
    LEDGER_ACCOUNT_LIST(LEDGER_ACCOUNT_ENUM)
#undef LEDGER_ACCOUNT_ENUM
        LEDGER_ACCOUNTS
};

/* Streams 0..LEDGER_STREAMS_MAX-1 are revenue streams in registry order; these follow. */
enum ledger_stream_extra {
    LEDGER_PROMOTION = LEDGER_STREAMS_MAX, /* creators buying reach */
    LEDGER_SERVING,                        /* the platform's cost of serving */
    LEDGER_INCOME,                         /* money from outside: purses refilled */
    LEDGER_LIVING,                         /* creators' outside costs and withdrawals */
    LEDGER_STREAMS
};

struct book {
    int64_t balance[LEDGER_ACCOUNTS];                              /* since the start */
    int64_t day[LEDGER_STREAMS][LEDGER_ACCOUNTS][LEDGER_ACCOUNTS]; /* [stream][debit][credit] */
    struct journal *journal; /* borrowed; NULL = none is kept. No part of the state */
};

/* What stands behind the postings that follow. */
static inline void book_act(struct book *self, struct money_act act)
{
    if (self->journal) self->journal->act = act;
}

/* Moves amount >= 0 micro-units from debit to credit. */
static inline void book_post(struct book *self, int stream, enum ledger_account debit,
                             enum ledger_account credit, int64_t amount)
{
    self->balance[debit] -= amount;
    self->balance[credit] += amount;
    self->day[stream][debit][credit] += amount;
    if (self->journal) journal_add(self->journal, stream, (int)debit, (int)credit, amount);
}

/* The same of a posting whose act says whose money it is: what it names of creator, viewer,
 * channel and kind (MONEY_OTHER names none) stands in for that of the act that was set. */
static inline void book_post_of(struct book *self, const struct posting *posting)
{
    struct journal *journal = self->journal;
    struct money_act act = journal ? journal->act : posting->act;
    const struct money_act *of = &posting->act;
    if (journal) {
        if (of->creator != ENTITY_NONE) journal->act.creator = of->creator;
        if (of->viewer != ENTITY_NONE) journal->act.viewer = of->viewer;
        if (of->channel != JOURNAL_NO_CHANNEL) journal->act.channel = of->channel;
        if (of->kind != MONEY_OTHER) journal->act.kind = of->kind;
    }
    book_post(self, posting->stream, (enum ledger_account)posting->debit,
              (enum ledger_account)posting->credit, posting->amount);
    if (journal) journal->act = act;
}

/* Splits amount >= 0 by shares (each in [0, 1], sum <= 1) into n parts by largest remainder:
 * each part is its exact value rounded down or up, and they sum to amount. parts[0], the
 * platform's, is what the others leave: shares[0] is not read, ties go to the lower index. 1 <=
 * n <= 8. A share counts to 2^-53. E.g. 10 by {-, .45} is {6, 4}; 7 by {-, 1/3, 1/3} is {3, 2,
 * 2}. */
void ledger_split(int64_t amount, const double *shares, int n, int64_t *parts);
/* Sum of all shards' balances of an account. */
int64_t ledger_balance(const struct book *const *books, uint32_t n,
                       enum ledger_account account);
const char *ledger_account_name(enum ledger_account account);
/* Within a turn of the post: the book of the shard's owner stands in for ours. */
void book_tell(struct book *self, uint32_t shard, struct post *post);
void book_visit(struct book *self, struct visitor *v);

#endif
