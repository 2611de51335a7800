/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim audit DIR: are the books of a finished run right? All balances are added up again
 * from its postings and held against its tables.
 */
#include "io/audit.h"

#include <inttypes.h>
#include <stdio.h>

#include "command.h"
#include "io/manifest.h"

struct printing {
    bool json;
    uint64_t shown; /* differences */
};

static void show_text(const struct audit_difference *d)
{
    int64_t more = (int64_t)((uint64_t)d->found - (uint64_t)d->expected);
    printf("%s: %s: expected %" PRId64 ", found %" PRId64 " (%+" PRId64 " micro-units)\n",
           audit_what(d->check), d->where, d->expected, d->found, more);
}

static void show_json(const struct audit_difference *d, bool first)
{
    printf("%s\n    {\"table\": \"%s\", \"what\": \"%s\", \"where\": ", first ? "" : ",",
           audit_table(d->check), audit_what(d->check));
    manifest_text(stdout, d->where);
    printf(", \"expected_micro\": %" PRId64 ", \"found_micro\": %" PRId64 "}", d->expected,
           d->found);
}

static void on_difference(void *self, const struct audit_difference *difference)
{
    struct printing *printing = self;
    if (printing->json)
        show_json(difference, printing->shown == 0);
    else
        show_text(difference);
    printing->shown++;
}

static void print_text(const struct audit_report *report, const struct printing *printing)
{
    printf("%s%-40s %-15s %10s %10s\n", printing->shown ? "\n" : "",
           "by the postings, and by the table", "", "values", "different");
    for (int c = 0; c < AUDIT_CHECKS; c++)
        printf("%-40s %-15s %10" PRIu64 " %10" PRIu64 "\n", audit_what((enum audit_check)c),
               audit_table((enum audit_check)c), report->check[c].values,
               report->check[c].different);
    printf("\n%-40s %26s\n", "account, at the end, by the postings", "micro-units");
    for (int a = 0; a < LEDGER_ACCOUNTS; a++)
        if (report->balance[a])
            printf("%-40s %26" PRId64 "\n", ledger_account_name((enum ledger_account)a),
                   report->balance[a]);
    printf("\n%" PRIu64 " rows of money.csv.zst, %" PRIu64 " postings: %s\n", report->rows,
           report->postings, printing->shown ? "the tables differ" : "all agree");
}

static void print_json(const struct audit_report *report)
{
    printf("],\n  \"checks\": [");
    for (int c = 0; c < AUDIT_CHECKS; c++)
        printf("%s\n    {\"table\": \"%s\", \"what\": \"%s\", \"values\": %" PRIu64
               ", \"different\": %" PRIu64 "}",
               c ? "," : "", audit_table((enum audit_check)c), audit_what((enum audit_check)c),
               report->check[c].values, report->check[c].different);
    printf("],\n  \"balance_micro\": {");
    for (int a = 0; a < LEDGER_ACCOUNTS; a++)
        printf("%s\"%s\": %" PRId64, a ? ", " : "", ledger_account_name((enum ledger_account)a),
               report->balance[a]);
    printf("},\n  \"rows\": %" PRIu64 ",\n  \"postings\": %" PRIu64 "\n}\n", report->rows,
           report->postings);
}

enum status command_audit(const struct arguments *arguments, struct errors *errors)
{
    struct printing printing = {.json = arguments->json};
    const struct audit_listener listener = {&printing, on_difference};
    struct audit_report report;
    if (arguments->operand_count != 1)
        return errors_add(errors, STATUS_USAGE, "usage: reelsim audit DIR [--json]");
    if (printing.json) {
        printf("{\n  \"folder\": ");
        manifest_text(stdout, arguments->operand[0]);
        printf(",\n  \"differences\": [");
    }
    enum status status = audit_run(arguments->operand[0], &listener, &report, errors);
    bool done = status == STATUS_OK || status == STATUS_UNBALANCED;
    if (!done && printing.json) printf("],\n  \"refused\": true\n}\n");
    if (done && printing.json)
        print_json(&report);
    else if (done)
        print_text(&report, &printing);
    return status;
}
