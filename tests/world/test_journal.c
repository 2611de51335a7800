/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "world/ledger.h"

static void each_posting_is_a_row_with_its_act(void **state)
{
    (void)state;
    struct journal journal = {0};
    struct book book = {.journal = &journal};
    journal_clear(&journal, 600);
    book_post(&book, LEDGER_LIVING, ACCOUNT_CREATORS, ACCOUNT_OUTSIDE, 7);
    struct money_act act = money_act(MONEY_PAID, 599);
    act.viewer = 12;
    act.creator = 3;
    act.video = 99;
    book_act(&book, act);
    book_post(&book, 1, ACCOUNT_VIEWERS, ACCOUNT_PLATFORM, 30);
    book_post(&book, 1, ACCOUNT_VIEWERS, ACCOUNT_FEES, 0); /* nothing: no row */
    book_post(&book, 1, ACCOUNT_VIEWERS, ACCOUNT_CREATORS, 70);
    assert_int_equal(journal.count, 3);
    const struct posting *row = journal.row;
    assert_int_equal(row[0].act.kind, MONEY_OTHER);
    assert_int_equal(row[0].act.at, 600);
    assert_int_equal(row[0].act.creator, ENTITY_NONE);
    assert_int_equal(row[0].act.video, JOURNAL_NO_VIDEO);
    assert_int_equal(row[1].amount, 30);
    assert_int_equal(row[2].amount, 70);
    assert_int_equal(row[2].credit, ACCOUNT_CREATORS);
    for (int i = 1; i < 3; i++) {
        assert_int_equal(row[i].act.at, 599);
        assert_int_equal(row[i].act.viewer, 12);
        assert_int_equal(row[i].act.creator, 3);
        assert_int_equal(row[i].act.video, 99);
        assert_int_equal(row[i].act.kind, MONEY_PAID);
        assert_int_equal(row[i].count, 1);
        assert_int_equal(row[i].debit, ACCOUNT_VIEWERS);
    }
    journal_clear(&journal, 1200);
    assert_int_equal(journal.count, 0);
    assert_int_equal(journal.act.at, 1200);
    assert_int_equal(journal.act.viewer, ENTITY_NONE);
    journal_free(&journal);
}

/* A thousand creators, shown in turn: a row each, pair of accounts and channel, whose sums and
 * counts are right after the slots were widened and after they were cleared. */
static void what_was_shown_is_added_up(void **state)
{
    (void)state;
    struct journal journal = {0};
    struct book book = {.journal = &journal};
    for (int window = 0; window < 2; window++) {
        for (int i = 0; i < 3000; i++) {
            struct money_act act = money_act(MONEY_SHOWN, 600);
            act.creator = (uint32_t)i % 1000;
            act.viewer = (uint32_t)i;
            book_act(&book, act);
            book_post(&book, 0, ACCOUNT_ADVERTISERS, ACCOUNT_PLATFORM, i + 1);
            if (i % 2) book_post(&book, 0, ACCOUNT_ADVERTISERS, ACCOUNT_CREATORS, 1);
        }
        assert_int_equal(journal.count, 1500);
        for (size_t r = 0; r < journal.count; r++) {
            const struct posting *p = &journal.row[r];
            int64_t c = p->act.creator;
            assert_int_equal(p->count, 3);
            assert_int_equal(p->amount, p->credit == ACCOUNT_PLATFORM ? 3 * (c + 1) + 3000 : 3);
            assert_int_equal(p->act.viewer, ENTITY_NONE);
        }
        journal_clear(&journal, 600);
    }
    journal_free(&journal);
}

static void a_posting_may_name_its_creator(void **state)
{
    (void)state;
    struct journal journal = {0};
    struct book book = {.journal = &journal};
    struct posting posting = {.act = money_act(MONEY_RETURNED, 0),
                              .amount = 5,
                              .stream = LEDGER_PROMOTION,
                              .debit = ACCOUNT_ESCROW,
                              .credit = ACCOUNT_CREATORS};
    posting.act.creator = 8;
    posting.act.channel = 1;
    book_act(&book, money_act(MONEY_SETTLED, 600));
    book_post_of(&book, &posting);
    posting.act.kind = MONEY_OTHER;
    book_post_of(&book, &posting);
    book_post(&book, 0, ACCOUNT_PLATFORM, ACCOUNT_COSTS, 2);
    assert_int_equal(journal.count, 3);
    assert_int_equal(journal.row[0].act.kind, MONEY_RETURNED);
    assert_int_equal(journal.row[0].act.at, 600);
    assert_int_equal(journal.row[0].act.creator, 8);
    assert_int_equal(journal.row[0].act.channel, 1);
    assert_int_equal(journal.row[1].act.kind, MONEY_SETTLED);
    assert_int_equal(journal.row[2].act.creator, ENTITY_NONE); /* as it was before */
    assert_int_equal(journal.row[2].act.channel, JOURNAL_NO_CHANNEL);
    assert_int_equal(book.balance[ACCOUNT_CREATORS], 10);
    journal_free(&journal);
}

static void a_book_without_a_journal_is_a_book(void **state)
{
    (void)state;
    struct book book = {0};
    const struct posting posting = {
        .amount = 4, .stream = 2, .debit = ACCOUNT_VIEWERS, .credit = ACCOUNT_FEES};
    book_act(&book, money_act(MONEY_DAY, 1));
    book_post_of(&book, &posting);
    assert_int_equal(book.balance[ACCOUNT_FEES], 4);
    assert_int_equal(book.day[2][ACCOUNT_VIEWERS][ACCOUNT_FEES], 4);
}

static void names(void **state)
{
    (void)state;
    assert_string_equal(money_act_name(MONEY_OTHER), "other");
    assert_string_equal(money_act_name(MONEY_RETURNED), "returned");
}

/* The window in which all purses are filled leaves no room behind that later ones do not need.
 */
static void room_of_a_full_window_is_given_back(void **state)
{
    struct journal journal = {0};
    (void)state;
    journal_clear(&journal, 0);
    for (int i = 0; i < 100000; i++) journal_add(&journal, 0, 0, 1, 1);
    assert_int_equal(journal.count, 100000);
    journal_clear(&journal, 1);
    assert_int_equal(journal.room, 0);
    for (int i = 0; i < 100; i++) journal_add(&journal, 0, 0, 1, 1);
    assert_int_equal(journal.count, 100);
    size_t room = journal.room;
    journal_clear(&journal, 2);
    assert_int_equal(journal.room, room);
    journal_free(&journal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_posting_is_a_row_with_its_act),
        cmocka_unit_test(what_was_shown_is_added_up),
        cmocka_unit_test(a_posting_may_name_its_creator),
        cmocka_unit_test(a_book_without_a_journal_is_a_book),
        cmocka_unit_test(names),
        cmocka_unit_test(room_of_a_full_window_is_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
