/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/audit.h"

#include "audited.h"
#include "lab.h"

struct found {
    struct audit_report report;
    struct errors errors;
    char where[256]; /* of the last difference */
    int64_t expected, seen;
    enum audit_check check;
};

static void on_difference(void *self, const struct audit_difference *d)
{
    struct found *found = self;
    snprintf(found->where, sizeof found->where, "%s", d->where);
    found->expected = d->expected;
    found->seen = d->found;
    found->check = d->check;
}

/* The audit of the tables, of which one has `to` in the place of `from`. */
static enum status audit(struct found *found, const char *name, const char *from,
                         const char *to)
{
    char *folder = lab_open(), text[4096];
    *found = (struct found){.expected = 0};
    for (int f = 0; f < AUDITED_FILES; f++) {
        const char *whole = audited[f].text, *at = NULL;
        if (name && strcmp(audited[f].name, name) == 0) {
            at = strstr(whole, from);
            assert_non_null(at);
        }
        if (at)
            snprintf(text, sizeof text, "%.*s%s%s", (int)(at - whole), whole, to,
                     at + strlen(from));
        else
            snprintf(text, sizeof text, "%s", whole);
        char *path = file_join(folder, audited[f].name);
        lab_write(path, text, strlen(text));
        free(path);
    }
    const struct audit_listener listener = {found, on_difference};
    enum status status = audit_run(folder, &listener, &found->report, &found->errors);
    lab_close(folder);
    return status;
}

static void books_agree(void **state)
{
    (void)state;
    struct found found;
    assert_int_equal(audit(&found, NULL, NULL, NULL), STATUS_OK);
    assert_int_equal(found.report.rows, 10);
    assert_int_equal(found.report.postings, 15);
    assert_int_equal(found.report.balance[ACCOUNT_CREATORS], 80);
    assert_int_equal(found.report.balance[ACCOUNT_VIEWERS], 1400);
    assert_int_equal(found.report.balance[ACCOUNT_PLATFORM], 103);
    assert_int_equal(found.report.balance[ACCOUNT_ESCROW], 0);
    static const uint64_t values[AUDIT_CHECKS] = {9, 33, 1, 2, 1, 2, 2};
    for (int c = 0; c < AUDIT_CHECKS; c++) {
        assert_int_equal(found.report.check[c].values, values[c]);
        assert_int_equal(found.report.check[c].different, 0);
    }
}

/* What is planted, and where it is found last. */
static void each_micro_unit_is_found(void **state)
{
    static const struct {
        const char *file, *from, *to;
        enum audit_check check;
        const char *where;
        int64_t expected, seen;
    } plants[] = {
        {"ledger.csv", "ads,60", "ads,61", AUDIT_DAYS, "day 0, ads, advertisers to creators",
         60, 61},
        {"ledger.csv", "serving,7\n", "serving,7\n3,viewers,platform,tips,1\n", AUDIT_DAYS,
         "day 3, tips, viewers to platform", 0, 1},
        {"ledger.csv", "1,platform,costs,serving,7\n", "", AUDIT_DAYS,
         "day 1, serving, platform to costs", 7, 0},
        {"series.csv", "0.00009,0\n", "0.000091,0\n", AUDIT_INTERVALS, "from day 0, ads", 90,
         91},
        {"series.csv", "-0.000007", "-0.000006", AUDIT_INTERVALS, "from day 1, platform_profit",
         -7, -6},
        {"series.csv", "1,1,0,0,-0.000007,0,0,0,0.000007,0,0.00004,0,0\n", "", AUDIT_INTERVALS,
         "behind the last interval", 40, 0},
        {"creators.csv", "0.000060,0.000060,", "0.000060,0.000059,", AUDIT_INCOME,
         "creator 65, tips", 60, 59},
        {"creators.csv", "0.000040", "0.000041", AUDIT_SPENDING, "creator 65, paid_boost", 40,
         41},
    };
    (void)state;
    struct found found;
    for (size_t p = 0; p < sizeof plants / sizeof *plants; p++) {
        assert_int_equal(audit(&found, plants[p].file, plants[p].from, plants[p].to),
                         STATUS_UNBALANCED);
        assert_string_equal(found.where, plants[p].where);
        assert_int_equal(found.check, plants[p].check);
        assert_true(found.expected == plants[p].expected && found.seen == plants[p].seen);
        assert_int_equal(found.report.check[plants[p].check].different, 1);
    }
    /* in a stock the sum differs, too; a posting of nobody is missing at its creator */
    assert_int_equal(audit(&found, "purses.csv.zst", "7,400", "7,401"), STATUS_UNBALANCED);
    assert_int_equal(found.report.check[AUDIT_PURSES].different, 1);
    assert_int_equal(found.report.check[AUDIT_STOCKS].different, 1);
    assert_int_equal(
        audit(&found, "money.csv.zst", "creators,60,3,shown,,65", "creators,60,3,shown,,"),
        STATUS_UNBALANCED);
    assert_int_equal(found.report.check[AUDIT_BALANCES].different, 2);
    assert_int_equal(found.report.check[AUDIT_INCOME].different, 1);
}

static void what_is_no_table_is_refused(void **state)
{
    static const struct {
        const char *file, *from, *to, *says;
    } plants[] = {
        {"money.csv.zst", "1000,1,", "9223372036854775808,1,", "csv.zst:2: amount_micro"},
        {"money.csv.zst", "1000,1,", "1000,0,", "postings = 0, must be at least 1"},
        {"money.csv.zst", "0,0,income", "1,0,income", "csv.zst:3: window_ms = 0, goes back"},
        {"money.csv.zst", ",65,7,", ",-65,7,", "creator = -65, must not be negative"},
        {"money.csv.zst", "income", "outcome", "stream = outcome, is no name"},
        {"money.csv.zst", "credit_account", "credit", "has no column credit_account"},
        {"money.csv.zst", "bought,paid_boost", "bought,paid", "channel = paid, is no name"},
        {"ledger.csv", "platform", "\x01\xff", "credit_account = ?\?, is no account"},
        {"ledger.csv", "ads,30", "ads,30,", "has not as many cells"},
        {"creators.csv", "0.000080", "0.0000801", "balance = 0.0000801, must be an amount"},
        {"creators.csv", "0.000080", "10000000000000", "balance = 10000000000000, must be"},
        {"creators.csv", "creator,", ",", "has no column creator"},
        {"series.csv", "1,1,0", "nan,1,0", "day = nan, must be a number"},
        {"series.csv", "1,1,0", "1,-1,0", "is no interval"},
        {"purses.csv.zst", "0,1000", "7,1000", "the same number stands in two rows"},
    };
    (void)state;
    struct found found;
    for (size_t p = 0; p < sizeof plants / sizeof *plants; p++) {
        assert_int_equal(audit(&found, plants[p].file, plants[p].from, plants[p].to),
                         STATUS_BAD_INPUT);
        assert_says(&found.errors, plants[p].says);
        errors_free(&found.errors);
    }
}

/* Sums wrap around: the largest amounts are no overflow, and agree if they do modulo 2^64. */
static void the_largest_amounts_are_added_up(void **state)
{
    (void)state;
    struct found found;
    assert_int_equal(audit(&found, "money.csv.zst", "1000,1,", "-9223372036854775808,1,"),
                     STATUS_UNBALANCED);
    assert_int_equal(found.report.check[AUDIT_PURSES].different, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(books_agree),
        cmocka_unit_test(each_micro_unit_is_found),
        cmocka_unit_test(what_is_no_table_is_refused),
        cmocka_unit_test(the_largest_amounts_are_added_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
