/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The audit of a finished run: every balance is added up again from money.csv.zst alone, a row
 * a posting, and held against what the running totals left in the other tables:
 *
 *     ledger.csv       each day, stream and pair of accounts
 *     series.csv       the money columns of each interval
 *     creators.csv     each creator's balance, income by stream, spending by channel
 *     purses.csv.zst   each viewer's purse
 *     both             the accounts creators and viewers against the sum of those stocks
 *
 * Sums are of 64-bit integers, exact (modulo 2^64). Memory: 16 bytes a creator and figure of
 * it, 24 bytes a viewer (40 while they are sorted), whatever the number of postings.
 */
#ifndef IO_AUDIT_H
#define IO_AUDIT_H

#include "base/status.h"
#include "world/ledger.h"

/* id, table, what is compared */
#define AUDIT_CHECK_LIST(X)                                                                    \
    X(AUDIT_DAYS, "ledger.csv", "postings by day, stream and accounts")                        \
    X(AUDIT_INTERVALS, "series.csv", "money of the platform by interval")                      \
    X(AUDIT_BALANCES, "creators.csv", "creators' balances")                                    \
    X(AUDIT_INCOME, "creators.csv", "creators' income by stream")                              \
    X(AUDIT_SPENDING, "creators.csv", "creators' spending by channel")                         \
    X(AUDIT_PURSES, "purses.csv.zst", "viewers' purses")                                       \
    X(AUDIT_STOCKS, "both", "accounts against the sum of the stocks")

enum audit_check {
#define AUDIT_CHECK_ENUM(id, table, what) id,
    AUDIT_CHECK_LIST(AUDIT_CHECK_ENUM)
#undef AUDIT_CHECK_ENUM
        AUDIT_CHECKS
};

struct audit_difference {
    enum audit_check check;
    const char *where;       /* "day 3, tips, viewers to fees" */
    int64_t expected, found; /* by the postings, in the table; micro-units */
};

struct audit_report {
    uint64_t rows, postings;          /* of money.csv.zst */
    int64_t balance[LEDGER_ACCOUNTS]; /* at the end, by the postings */
    struct {
        uint64_t values, different;
    } check[AUDIT_CHECKS];
};

/* Who is told of each difference, as it is found. */
struct audit_listener {
    void *self;
    void (*difference)(void *self, const struct audit_difference *difference);
};

const char *audit_table(enum audit_check check);
const char *audit_what(enum audit_check check);

/* STATUS_UNBALANCED when something differs; STATUS_BAD_INPUT, with a line that names file and
 * row, when a table is not there, damaged, cut short or no such table. */
enum status audit_run(const char *folder, const struct audit_listener *listener,
                      struct audit_report *report, struct errors *errors) MUST_CHECK;

#endif
