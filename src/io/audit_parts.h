/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the audit share.
 */
#ifndef IO_AUDIT_PARTS_H
#define IO_AUDIT_PARTS_H

#include "io/audit.h"
#include "records.h"

#define AUDIT_NAME_SIZE 48
#define AUDIT_STREAMS 32 /* with promotion, serving, income, living */
#define AUDIT_CHANNELS 16
#define AUDIT_VALUES 64 /* of a creator: balance, income by stream, spending by channel */

/* Stocks of creators or viewers: what the table says and what the postings sum to. */
struct holders {
    int64_t *number;      /* owned; [count] ascending after holders_sort */
    int64_t *found, *sum; /* owned; [count][values] */
    size_t count, number_room, found_room, sum_room;
    size_t values;
};

struct audit_names {
    char text[AUDIT_STREAMS][AUDIT_NAME_SIZE];
    int count;
};

/* A row of money.csv.zst. */
struct audit_row {
    int64_t window, amount;
    int stream, channel;     /* -1 = none */
    int debit, credit;       /* accounts */
    int64_t creator, viewer; /* -1 = none */
    uint64_t line;
};

/* Postings by [stream][debit][credit]. */
typedef int64_t audit_sums[AUDIT_STREAMS][LEDGER_ACCOUNTS][LEDGER_ACCOUNTS];

/* audit_days.c: ledger.csv, a day at a time. */
struct audit_days {
    struct records ledger;
    int column[5];
    int64_t day;             /* that is being added up; -1 = none yet */
    audit_sums *sum, *found; /* owned */
};

/* audit_intervals.c: series.csv, an interval at a time. */
#define AUDIT_FIGURES 9
struct audit_intervals {
    struct records series;
    int day, length, figure[AUDIT_FIGURES], gross[AUDIT_STREAMS]; /* columns */
    int64_t end; /* of the row's interval, ms */
    int64_t sum[AUDIT_FIGURES], gross_sum[AUDIT_STREAMS];
    bool behind; /* postings lie behind the last interval: said once */
};

struct audit {
    const char *folder;
    const struct audit_listener *listener;
    struct audit_report *report;
    struct errors *errors;
    struct audit_names streams, channels;
    int earning; /* the first so many streams are those of creators.csv */
    struct holders creators, viewers;
    struct audit_days days;
    struct audit_intervals intervals;
};

/* audit.c */
/* Counts a comparison and tells of it when it fails. */
void audit_compare(struct audit *self, const struct audit_difference *pair);
/* Of a cell: an account, a stream, a channel; STATUS_BAD_INPUT with a line for any other. */
enum status audit_account(struct audit *self, const struct records *from, int column,
                          int *out) MUST_CHECK;
enum status audit_stream(struct audit *self, const struct records *from, int column,
                         int *out) MUST_CHECK;

/* audit_holders.c */
void holders_free(struct holders *self);
/* Reads creators.csv and with it the names of streams and channels; purses.csv.zst. */
enum status audit_read_creators(struct audit *self) MUST_CHECK;
enum status audit_read_purses(struct audit *self) MUST_CHECK;
void audit_holders_add(struct audit *self, const struct audit_row *row);
void audit_holders_close(struct audit *self);

enum status audit_days_open(struct audit *self) MUST_CHECK;
enum status audit_days_add(struct audit *self, const struct audit_row *row) MUST_CHECK;
enum status audit_days_close(struct audit *self) MUST_CHECK; /* what is left to compare */
void audit_days_free(struct audit_days *self);

enum status audit_intervals_open(struct audit *self) MUST_CHECK;
enum status audit_intervals_add(struct audit *self, const struct audit_row *row) MUST_CHECK;
enum status audit_intervals_close(struct audit *self) MUST_CHECK;

#endif
