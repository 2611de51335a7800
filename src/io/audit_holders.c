/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stocks that creators and viewers keep, against what the postings sum to.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit_parts.h"
#include "base/memory.h"

void holders_free(struct holders *self)
{
    memory_free(self->number);
    memory_free(self->found);
    memory_free(self->sum);
    *self = (struct holders){0};
}

static enum status add_holder(struct holders *self, int64_t number, const int64_t *found)
{
    size_t n = self->count + 1;
    enum status status = memory_grow(&self->number, &self->number_room, n, sizeof(int64_t));
    if (!status)
        status = memory_grow(&self->found, &self->found_room, n * self->values,
                             sizeof(int64_t));
    if (!status)
        status = memory_grow(&self->sum, &self->sum_room, n * self->values, sizeof(int64_t));
    if (status) return status;
    self->number[self->count] = number;
    memcpy(&self->found[self->count * self->values], found, self->values * sizeof(int64_t));
    self->count++;
    return STATUS_OK;
}

struct place {
    int64_t number;
    size_t at;
};

static int by_number(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

/* Ascending by number; STATUS_BAD_INPUT when one is there twice. The sums, all 0, serve as the
 * new place of what was found. */
static enum status sort_holders(struct holders *self)
{
    enum status status = STATUS_OK;
    struct place *place = memory_alloc(self->count, sizeof *place);
    if (!place) return STATUS_NO_MEMORY;
    for (size_t i = 0; i < self->count; i++) place[i] = (struct place){self->number[i], i};
    qsort(place, self->count, sizeof *place, by_number);
    for (size_t i = 0; i < self->count; i++) {
        self->number[i] = place[i].number;
        if (i && self->number[i - 1] == self->number[i]) status = STATUS_BAD_INPUT;
        memcpy(&self->sum[i * self->values], &self->found[place[i].at * self->values],
               self->values * sizeof(int64_t));
    }
    memory_free(place);
    int64_t *found = self->found;
    self->found = self->sum;
    self->sum = found;
    size_t room = self->found_room;
    self->found_room = self->sum_room;
    self->sum_room = room;
    if (self->count) memset(self->sum, 0, self->count * self->values * sizeof(int64_t));
    return status;
}

/* The sums of a holder, NULL when the table does not have it. Numbers are often their place. */
static int64_t *find(const struct holders *self, int64_t number)
{
    size_t low = 0, high = self->count;
    if (number < 0) return NULL;
    if ((uint64_t)number < self->count && self->number[number] == number)
        return &self->sum[(size_t)number * self->values];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (self->number[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    bool there = low < self->count && self->number[low] == number;
    return there ? &self->sum[low * self->values] : NULL;
}

/* ----------------------------------------------------------------------------- the two tables
 */

static enum status add_name(struct audit_names *names, struct field text, int most)
{
    if (names->count == most || text.length == 0 || text.length >= AUDIT_NAME_SIZE)
        return STATUS_BAD_INPUT;
    memcpy(names->text[names->count], text.text, text.length);
    names->text[names->count++][text.length] = 0;
    return STATUS_OK;
}

/* The columns `head`NAME, whose names are added to `names` and their places to `column`. */
static enum status find_columns(const struct records *from, const char *head,
                                struct audit_names *names, int *column, int most)
{
    size_t length = strlen(head);
    for (int c = 0; c < from->columns; c++) {
        struct field name = from->name[c];
        if (name.length <= length || memcmp(name.text, head, length) != 0) continue;
        const struct field rest = {name.text + length, name.length - length};
        if (add_name(names, rest, most)) return STATUS_BAD_INPUT;
        column[names->count - 1] = c;
    }
    return STATUS_OK;
}

struct creator_columns {
    int number, value[AUDIT_VALUES];
};

static enum status creator_columns(struct audit *self, const struct records *from,
                                   struct creator_columns *out)
{
    static const char *const others[] = {"promotion", "serving", "income", "living"};
    enum status status = records_need(from, "creator", &out->number, self->errors);
    if (!status) status = records_need(from, "balance", &out->value[0], self->errors);
    if (status) return status;
    status = find_columns(from, "income_", &self->streams, &out->value[1], AUDIT_STREAMS - 4);
    self->earning = self->streams.count;
    if (!status)
        status = find_columns(from, "spend_", &self->channels, &out->value[1 + self->earning],
                              AUDIT_CHANNELS);
    for (int i = 0; i < 4 && !status; i++)
        status = add_name(&self->streams, (struct field){others[i], strlen(others[i])},
                          AUDIT_STREAMS);
    self->creators.values = (size_t)(1 + self->earning + self->channels.count);
    if (!status) return STATUS_OK;
    return errors_add(self->errors, status, "%s: more streams or channels than a run may have",
                      from->path);
}

static enum status refuse_twice(const struct records *from, struct errors *errors)
{
    return errors_add(errors, STATUS_BAD_INPUT, "%s: the same number stands in two rows",
                      from->path);
}

enum status audit_read_creators(struct audit *self)
{
    struct records from;
    struct creator_columns column = {0};
    int64_t number = 0, value[AUDIT_VALUES] = {0};
    enum status status = records_open(&from, self->folder, "creators.csv", self->errors);
    if (!status) status = creator_columns(self, &from, &column);
    if (!status) status = records_next(&from, self->errors);
    while (!status && from.more) {
        status = records_int(&from, column.number, &number, self->errors);
        for (size_t i = 0; i < self->creators.values && !status; i++)
            status = records_money(&from, column.value[i], &value[i], self->errors);
        if (!status) status = add_holder(&self->creators, number, value);
        if (!status) status = records_next(&from, self->errors);
    }
    if (!status) status = sort_holders(&self->creators);
    if (status == STATUS_BAD_INPUT && !self->errors->count)
        status = refuse_twice(&from, self->errors);
    records_close(&from);
    return status;
}

enum status audit_read_purses(struct audit *self)
{
    struct records from;
    int viewer = 0, purse = 0;
    int64_t number = 0, value = 0;
    self->viewers.values = 1;
    enum status status = records_open(&from, self->folder, "purses.csv.zst", self->errors);
    if (!status) status = records_need(&from, "viewer", &viewer, self->errors);
    if (!status) status = records_need(&from, "purse_micro", &purse, self->errors);
    if (!status) status = records_next(&from, self->errors);
    while (!status && from.more) {
        status = records_int(&from, viewer, &number, self->errors);
        if (!status) status = records_int(&from, purse, &value, self->errors);
        if (!status) status = add_holder(&self->viewers, number, &value);
        if (!status) status = records_next(&from, self->errors);
    }
    if (!status) status = sort_holders(&self->viewers);
    if (status == STATUS_BAD_INPUT && !self->errors->count)
        status = refuse_twice(&from, self->errors);
    records_close(&from);
    return status;
}

/* ------------------------------------------------------------------------------- the postings
 */

static void unknown(struct audit *self, enum audit_check check, const struct audit_row *row,
                    int64_t number)
{
    char where[128];
    const char *who = check == AUDIT_PURSES ? "viewer" : "creator";
    if (number < 0)
        snprintf(where, sizeof where, "money.csv.zst:%" PRIu64 " names no %s", row->line, who);
    else
        snprintf(where, sizeof where, "money.csv.zst:%" PRIu64 " names %s %" PRId64, row->line,
                 who, number);
    audit_compare(self, &(struct audit_difference){check, where, row->amount, 0});
}

static void add_to_creator(struct audit *self, const struct audit_row *row, int64_t change)
{
    int64_t *sum = find(&self->creators, row->creator);
    if (!sum) {
        unknown(self, AUDIT_BALANCES, row, row->creator);
        return;
    }
    sum[0] = ledger_sum(sum[0], change);
    if (row->stream < self->earning) {
        sum[1 + row->stream] = ledger_sum(sum[1 + row->stream], change);
    } else if (strcmp(self->streams.text[row->stream], "promotion") == 0) {
        if (row->channel < 0) {
            unknown(self, AUDIT_SPENDING, row, row->creator);
            return;
        }
        int64_t *spent = &sum[1 + self->earning + row->channel];
        *spent = ledger_sum(*spent, (int64_t)((uint64_t)0 - (uint64_t)change));
    }
}

static void add_to_viewer(struct audit *self, const struct audit_row *row, int64_t change)
{
    int64_t *sum = find(&self->viewers, row->viewer);
    if (sum)
        *sum = ledger_sum(*sum, change);
    else
        unknown(self, AUDIT_PURSES, row, row->viewer);
}

void audit_holders_add(struct audit *self, const struct audit_row *row)
{
    int64_t minus = (int64_t)((uint64_t)0 - (uint64_t)row->amount);
    if (row->debit == ACCOUNT_CREATORS) add_to_creator(self, row, minus);
    if (row->credit == ACCOUNT_CREATORS) add_to_creator(self, row, row->amount);
    if (row->debit == ACCOUNT_VIEWERS) add_to_viewer(self, row, minus);
    if (row->credit == ACCOUNT_VIEWERS) add_to_viewer(self, row, row->amount);
}

/* -------------------------------------------------------------------------------- comparing */

static void compare_creator(struct audit *self, size_t i)
{
    const struct holders *h = &self->creators;
    for (size_t v = 0; v < h->values; v++) {
        char where[128];
        enum audit_check check = v == 0                       ? AUDIT_BALANCES
                                 : v <= (size_t)self->earning ? AUDIT_INCOME
                                                              : AUDIT_SPENDING;
        const char *what = check == AUDIT_BALANCES ? ""
                           : check == AUDIT_INCOME
                               ? self->streams.text[v - 1]
                               : self->channels.text[v - 1 - (size_t)self->earning];
        snprintf(where, sizeof where, "creator %" PRId64 "%s%s", h->number[i],
                 *what ? ", " : "", what);
        audit_compare(self, &(struct audit_difference){check, where, h->sum[i * h->values + v],
                                                       h->found[i * h->values + v]});
    }
}

static void compare_stock(struct audit *self, const struct holders *h,
                          enum ledger_account account)
{
    int64_t found = 0;
    for (size_t i = 0; i < h->count; i++) found = ledger_sum(found, h->found[i * h->values]);
    audit_compare(self, &(struct audit_difference){AUDIT_STOCKS, ledger_account_name(account),
                                                   self->report->balance[account], found});
}

void audit_holders_close(struct audit *self)
{
    for (size_t i = 0; i < self->creators.count; i++) compare_creator(self, i);
    for (size_t i = 0; i < self->viewers.count; i++) {
        char where[64];
        snprintf(where, sizeof where, "viewer %" PRId64, self->viewers.number[i]);
        audit_compare(self,
                      &(struct audit_difference){AUDIT_PURSES, where, self->viewers.sum[i],
                                                 self->viewers.found[i]});
    }
    compare_stock(self, &self->creators, ACCOUNT_CREATORS);
    compare_stock(self, &self->viewers, ACCOUNT_VIEWERS);
}
