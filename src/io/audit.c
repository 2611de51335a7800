/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/audit.h"

#include <string.h>

#include "audit_parts.h"
#include "base/memory.h"

static const char *const tables[AUDIT_CHECKS] = {
#define AUDIT_TABLE(id, table, what) table,
    AUDIT_CHECK_LIST(AUDIT_TABLE)
#undef AUDIT_TABLE
};

static const char *const whats[AUDIT_CHECKS] = {
#define AUDIT_WHAT(id, table, what) what,
    AUDIT_CHECK_LIST(AUDIT_WHAT)
#undef AUDIT_WHAT
};

const char *audit_table(enum audit_check check) { return tables[check]; }
const char *audit_what(enum audit_check check) { return whats[check]; }

void audit_compare(struct audit *self, const struct audit_difference *pair)
{
    self->report->check[pair->check].values++;
    if (pair->expected == pair->found) return;
    self->report->check[pair->check].different++;
    if (self->listener && self->listener->difference)
        self->listener->difference(self->listener->self, pair);
}

enum status audit_account(struct audit *self, const struct records *from, int column, int *out)
{
    for (*out = 0; *out < LEDGER_ACCOUNTS; ++*out)
        if (records_same(from->cell[column], ledger_account_name((enum ledger_account) * out)))
            return STATUS_OK;
    return records_refuse(from, column, "is no account", self->errors);
}

static enum status name_of(struct audit *self, const struct audit_names *names,
                           const struct records *from, int column, int *out)
{
    for (*out = 0; *out < names->count; ++*out)
        if (records_same(from->cell[column], names->text[*out])) return STATUS_OK;
    return records_refuse(from, column, "is no name that creators.csv has", self->errors);
}

enum status audit_stream(struct audit *self, const struct records *from, int column, int *out)
{
    return name_of(self, &self->streams, from, column, out);
}

/* ------------------------------------------------------------------------------ the postings
 */

enum money_column {
    COLUMN_WINDOW,
    COLUMN_STREAM,
    COLUMN_DEBIT,
    COLUMN_CREDIT,
    COLUMN_AMOUNT,
    COLUMN_POSTINGS,
    COLUMN_CHANNEL,
    COLUMN_CREATOR,
    COLUMN_VIEWER,
    MONEY_COLUMNS
};

struct money {
    struct records from;
    int column[MONEY_COLUMNS];
};

static enum status open_money(struct audit *self, struct money *money)
{
    static const char *const names[MONEY_COLUMNS] = {
        "window_ms", "stream",  "debit_account", "credit_account", "amount_micro",
        "postings",  "channel", "creator",       "viewer"};
    enum status status = records_open(&money->from, self->folder, "money.csv.zst",
                                      self->errors);
    for (int c = 0; c < MONEY_COLUMNS && !status; c++)
        status = records_need(&money->from, names[c], &money->column[c], self->errors);
    return status;
}

/* A number that may be left out: -1. */
static enum status read_who(struct audit *self, const struct money *money, int column,
                            int64_t *out)
{
    *out = -1;
    if (money->from.cell[column].length == 0) return STATUS_OK;
    enum status status = records_int(&money->from, column, out, self->errors);
    if (status || *out >= 0) return status;
    return records_refuse(&money->from, column, "must not be negative", self->errors);
}

static enum status read_accounts(struct audit *self, const struct money *money,
                                 struct audit_row *row)
{
    const struct records *from = &money->from;
    const int *column = money->column;
    enum status status = audit_account(self, from, column[COLUMN_DEBIT], &row->debit);
    if (!status) status = audit_account(self, from, column[COLUMN_CREDIT], &row->credit);
    if (!status) status = audit_stream(self, from, column[COLUMN_STREAM], &row->stream);
    row->channel = -1;
    if (!status && from->cell[column[COLUMN_CHANNEL]].length)
        status = name_of(self, &self->channels, from, column[COLUMN_CHANNEL], &row->channel);
    return status;
}

static enum status read_row(struct audit *self, const struct money *money,
                            struct audit_row *row)
{
    const struct records *from = &money->from;
    const int *column = money->column;
    int64_t before = row->window, postings = 0;
    enum status status = records_int(from, column[COLUMN_WINDOW], &row->window, self->errors);
    if (!status && row->window < before)
        status = records_refuse(from, column[COLUMN_WINDOW], "goes back in time", self->errors);
    if (!status) status = read_accounts(self, money, row);
    if (!status) status = records_int(from, column[COLUMN_AMOUNT], &row->amount, self->errors);
    if (!status) status = records_int(from, column[COLUMN_POSTINGS], &postings, self->errors);
    if (!status && postings < 1)
        status = records_refuse(from, column[COLUMN_POSTINGS], "must be at least 1",
                                self->errors);
    if (!status) status = read_who(self, money, column[COLUMN_CREATOR], &row->creator);
    if (!status) status = read_who(self, money, column[COLUMN_VIEWER], &row->viewer);
    row->line = from->lines.number;
    self->report->rows++;
    self->report->postings += (uint64_t)postings;
    return status;
}

static enum status add_row(struct audit *self, const struct audit_row *row)
{
    int64_t *balance = self->report->balance;
    int64_t minus = (int64_t)((uint64_t)0 - (uint64_t)row->amount);
    balance[row->debit] = ledger_sum(balance[row->debit], minus);
    balance[row->credit] = ledger_sum(balance[row->credit], row->amount);
    audit_holders_add(self, row);
    enum status status = audit_days_add(self, row);
    return status ? status : audit_intervals_add(self, row);
}

static enum status read_money(struct audit *self)
{
    struct money money = {0};
    struct audit_row row = {.window = 0};
    enum status status = open_money(self, &money);
    if (!status) status = records_next(&money.from, self->errors);
    while (!status && money.from.more) {
        status = read_row(self, &money, &row);
        if (!status) status = add_row(self, &row);
        if (!status) status = records_next(&money.from, self->errors);
    }
    records_close(&money.from);
    return status;
}

enum status audit_run(const char *folder, const struct audit_listener *listener,
                      struct audit_report *report, struct errors *errors)
{
    struct audit *self = memory_alloc(1, sizeof *self);
    if (!self) return STATUS_NO_MEMORY;
    *report = (struct audit_report){0};
    self->folder = folder;
    self->listener = listener;
    self->report = report;
    self->errors = errors;
    enum status status = audit_read_creators(self);
    if (!status) status = audit_read_purses(self);
    if (!status) status = audit_days_open(self);
    if (!status) status = audit_intervals_open(self);
    if (!status) status = read_money(self);
    if (!status) status = audit_days_close(self);
    if (!status) status = audit_intervals_close(self);
    if (!status) audit_holders_close(self);
    for (int c = 0; c < AUDIT_CHECKS && !status; c++)
        if (report->check[c].different) status = STATUS_UNBALANCED;
    audit_days_free(&self->days);
    records_close(&self->intervals.series);
    holders_free(&self->creators);
    holders_free(&self->viewers);
    memory_free(self);
    return status;
}
