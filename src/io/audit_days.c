/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ledger.csv against the postings, a day at a time: both are in the order of days.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit_parts.h"
#include "base/memory.h"

#define DAY_MS INT64_C(86400000)

enum status audit_days_open(struct audit *self)
{
    static const char *const names[] = {"day", "debit_account", "credit_account", "stream",
                                        "amount_micro"};
    struct audit_days *days = &self->days;
    enum status status = records_open(&days->ledger, self->folder, "ledger.csv", self->errors);
    for (int c = 0; c < 5 && !status; c++)
        status = records_need(&days->ledger, names[c], &days->column[c], self->errors);
    days->sum = memory_alloc(1, sizeof *days->sum);
    days->found = memory_alloc(1, sizeof *days->found);
    days->day = -1;
    if (!status && (!days->sum || !days->found)) status = STATUS_NO_MEMORY;
    return status ? status : records_next(&days->ledger, self->errors);
}

void audit_days_free(struct audit_days *self)
{
    records_close(&self->ledger);
    memory_free(self->sum);
    memory_free(self->found);
}

struct line {
    int64_t day, amount;
    int stream, debit, credit;
};

static enum status read_line(struct audit *self, struct line *out)
{
    const struct records *from = &self->days.ledger;
    const int *column = self->days.column;
    enum status status = records_int(from, column[0], &out->day, self->errors);
    if (!status) status = audit_account(self, from, column[1], &out->debit);
    if (!status) status = audit_account(self, from, column[2], &out->credit);
    if (!status) status = audit_stream(self, from, column[3], &out->stream);
    if (!status) status = records_int(from, column[4], &out->amount, self->errors);
    return status;
}

static void compare(struct audit *self, const struct line *line, int64_t expected)
{
    char where[192];
    snprintf(where, sizeof where, "day %" PRId64 ", %s, %s to %s", line->day,
             self->streams.text[line->stream],
             ledger_account_name((enum ledger_account)line->debit),
             ledger_account_name((enum ledger_account)line->credit));
    audit_compare(self, &(struct audit_difference){AUDIT_DAYS, where, expected, line->amount});
}

/* The ledger's rows up to a day; those of days before it have no postings. */
static enum status read_until(struct audit *self, int64_t day)
{
    struct audit_days *days = &self->days;
    enum status status = STATUS_OK;
    while (!status && days->ledger.more) {
        struct line line = {0};
        status = read_line(self, &line);
        if (status || line.day > day) return status;
        int64_t *found = &(*days->found)[line.stream][line.debit][line.credit];
        if (line.day < day)
            compare(self, &line, 0);
        else
            *found = ledger_sum(*found, line.amount);
        status = records_next(&days->ledger, self->errors);
    }
    return status;
}

static enum status close_day(struct audit *self)
{
    struct audit_days *days = &self->days;
    enum status status = read_until(self, days->day);
    for (int s = 0; s < self->streams.count && !status; s++)
        for (int d = 0; d < LEDGER_ACCOUNTS; d++)
            for (int c = 0; c < LEDGER_ACCOUNTS; c++) {
                int64_t sum = (*days->sum)[s][d][c], found = (*days->found)[s][d][c];
                const struct line line = {days->day, found, s, d, c};
                if (sum || found) compare(self, &line, sum);
            }
    memset(days->sum, 0, sizeof *days->sum);
    memset(days->found, 0, sizeof *days->found);
    return status;
}

enum status audit_days_add(struct audit *self, const struct audit_row *row)
{
    struct audit_days *days = &self->days;
    int64_t day = row->window / DAY_MS;
    enum status status = STATUS_OK;
    if (day != days->day && days->day >= 0) status = close_day(self);
    days->day = day;
    int64_t *sum = &(*days->sum)[row->stream][row->debit][row->credit];
    *sum = ledger_sum(*sum, row->amount);
    return status;
}

enum status audit_days_close(struct audit *self)
{
    enum status status = self->days.day >= 0 ? close_day(self) : STATUS_OK;
    return status ? status : read_until(self, INT64_MAX);
}
