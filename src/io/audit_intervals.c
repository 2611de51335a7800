/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The money of series.csv against the postings, an interval at a time. The same posting means
 * the same here as in revenue/, in words of our own: what the sources paid is gross, by stream;
 * it goes to creators, platform, fees, or waits (payable); what comes back to a source is a
 * refund.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "audit_parts.h"

#define DAY_MS 86400000.0
#define TOLERANCE_MS 500 /* days of series.csv have nine digits; windows are longer */

enum figure { CREATORS, PLATFORM, PROFIT, FEES, REFUNDS, PAYABLE, SERVING, FUND, PROMOTION };
static const char *const names[AUDIT_FIGURES] = {
    "creator_income", "platform_income", "platform_profit", "fees", "refunds", "payable",
    "serving_cost",   "creator_fund",    "promotion_income"};

static enum status read_end(struct audit *self)
{
    struct audit_intervals *in = &self->intervals;
    double day = 0, length = 0;
    if (!in->series.more) return STATUS_OK;
    enum status status = records_number(&in->series, in->day, &day, self->errors);
    if (!status) status = records_number(&in->series, in->length, &length, self->errors);
    if (status) return status;
    double end = (day + length) * DAY_MS;
    if (!(day >= 0 && length > 0 && end < 1e15))
        return records_refuse(&in->series, in->day, "is no interval", self->errors);
    in->end = (int64_t)llround(end) - TOLERANCE_MS;
    return STATUS_OK;
}

enum status audit_intervals_open(struct audit *self)
{
    struct audit_intervals *in = &self->intervals;
    struct errors *errors = self->errors;
    enum status status = records_open(&in->series, self->folder, "series.csv", errors);
    if (!status) status = records_need(&in->series, "day", &in->day, errors);
    if (!status) status = records_need(&in->series, "length_days", &in->length, errors);
    for (int f = 0; f < AUDIT_FIGURES && !status; f++)
        status = records_need(&in->series, names[f], &in->figure[f], errors);
    for (int s = 0; s < self->earning && !status; s++) {
        char column[AUDIT_NAME_SIZE + 16];
        snprintf(column, sizeof column, "revenue_%s", self->streams.text[s]);
        status = records_need(&in->series, column, &in->gross[s], errors);
    }
    if (!status) status = records_next(&in->series, errors);
    return status ? status : read_end(self);
}

static void compare(struct audit *self, const char *column, int64_t expected, int64_t found)
{
    char where[128];
    const struct field day = self->intervals.series.cell[self->intervals.day];
    snprintf(where, sizeof where, "from day %.*s, %s", (int)(day.length < 24 ? day.length : 24),
             day.text, column);
    audit_compare(self, &(struct audit_difference){AUDIT_INTERVALS, where, expected, found});
}

/* Compares the row's interval and goes on to the next. */
static enum status close_interval(struct audit *self)
{
    struct audit_intervals *in = &self->intervals;
    enum status status = STATUS_OK;
    int64_t found = 0;
    in->sum[PROFIT] = (int64_t)((uint64_t)in->sum[PLATFORM] - (uint64_t)in->sum[SERVING] -
                                (uint64_t)in->sum[FUND]);
    for (int f = 0; f < AUDIT_FIGURES && !status; f++) {
        status = records_money(&in->series, in->figure[f], &found, self->errors);
        if (!status) compare(self, names[f], in->sum[f], found);
    }
    for (int s = 0; s < self->earning && !status; s++) {
        status = records_money(&in->series, in->gross[s], &found, self->errors);
        if (!status) compare(self, self->streams.text[s], in->gross_sum[s], found);
    }
    memset(in->sum, 0, sizeof in->sum);
    memset(in->gross_sum, 0, sizeof in->gross_sum);
    if (!status) status = records_next(&in->series, self->errors);
    return status ? status : read_end(self);
}

static bool is_source(int account)
{
    return account == ACCOUNT_VIEWERS || account == ACCOUNT_ADVERTISERS ||
           account == ACCOUNT_BRANDS || account == ACCOUNT_SHOPS;
}

static enum figure figure_of(int account)
{
    return account == ACCOUNT_CREATORS   ? CREATORS
           : account == ACCOUNT_PLATFORM ? PLATFORM
           : account == ACCOUNT_FEES     ? FEES
           : account == ACCOUNT_REFUNDS  ? REFUNDS
                                         : PAYABLE;
}

static void add(int64_t *to, int64_t amount) { *to = ledger_sum(*to, amount); }

static void add_revenue(struct audit_intervals *in, const struct audit_row *row)
{
    int64_t minus = (int64_t)((uint64_t)0 - (uint64_t)row->amount);
    bool from = is_source(row->debit), to = is_source(row->credit);
    /* goods paid for, or sent back: no revenue yet */
    if ((from || row->debit == ACCOUNT_OUTSIDE) && (to || row->credit == ACCOUNT_OUTSIDE))
        return;
    if (row->debit == ACCOUNT_PLATFORM && row->credit == ACCOUNT_CREATORS) {
        add(&in->sum[FUND], row->amount);
        return;
    }
    add(from ? &in->gross_sum[row->stream] : &in->sum[figure_of(row->debit)],
        from ? row->amount : minus);
    add(to ? &in->sum[REFUNDS] : &in->sum[figure_of(row->credit)], row->amount);
}

static void add_row(struct audit *self, const struct audit_row *row)
{
    struct audit_intervals *in = &self->intervals;
    const char *stream = self->streams.text[row->stream];
    bool to_platform = row->credit == ACCOUNT_PLATFORM &&
                       (row->debit == ACCOUNT_ESCROW || row->debit == ACCOUNT_CREATORS);
    if (row->stream < self->earning)
        add_revenue(in, row);
    else if (strcmp(stream, "serving") == 0 && row->debit == ACCOUNT_PLATFORM &&
             row->credit == ACCOUNT_COSTS)
        add(&in->sum[SERVING], row->amount);
    else if (strcmp(stream, "promotion") == 0 && to_platform)
        add(&in->sum[PROMOTION], row->amount);
}

enum status audit_intervals_add(struct audit *self, const struct audit_row *row)
{
    struct audit_intervals *in = &self->intervals;
    enum status status = STATUS_OK;
    while (!status && in->series.more && row->window >= in->end) status = close_interval(self);
    if (status) return status;
    if (in->series.more) {
        add_row(self, row);
    } else if (!in->behind) {
        in->behind = true;
        audit_compare(self, &(struct audit_difference){
                                AUDIT_INTERVALS, "behind the last interval", row->amount, 0});
    }
    return STATUS_OK;
}

enum status audit_intervals_close(struct audit *self)
{
    enum status status = STATUS_OK;
    while (!status && self->intervals.series.more) status = close_interval(self);
    return status;
}
