/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/stream.h"
#include "world/ledger.h"

static void split(int64_t amount, int n, const double *shares, const int64_t *expected)
{
    int64_t parts[8] = {0};
    ledger_split(amount, shares, n, parts);
    for (int i = 0; i < n; i++) assert_int_equal(parts[i], expected[i]);
}

static void known_splits(void **state)
{
    (void)state;
    split(10, 2, (double[]){0, 0.45}, (int64_t[]){6, 4}); /* 5.5 and 4.5: the platform's tie */
    split(7, 3, (double[]){0, 1.0 / 3, 1.0 / 3}, (int64_t[]){3, 2, 2});
    split(1, 2, (double[]){0, 0.45}, (int64_t[]){1, 0});
    split(1, 2, (double[]){0, 0.55}, (int64_t[]){0, 1});
    split(0, 3, (double[]){0, 0.5, 0.2}, (int64_t[]){0, 0, 0});
    split(5, 1, (double[]){0.25}, (int64_t[]){5});
    split(100, 3, (double[]){0, 0.3, 0.35}, (int64_t[]){35, 30, 35});
    split(INT64_MAX, 2, (double[]){0, 1.0}, (int64_t[]){0, INT64_MAX});
    split(INT64_MAX, 2, (double[]){0, 0.5}, (int64_t[]){INT64_MAX / 2 + 1, INT64_MAX / 2});
    split(3, 4, (double[]){0, 1.0 / 3, 1.0 / 3, 1.0 / 3}, (int64_t[]){0, 1, 1, 1});
}

/* Random shares: parts sum to the amount and each is its exact value rounded down or up. */
static void every_part_is_next_to_its_exact_value(void **state)
{
    (void)state;
    const struct purpose purpose = {"tests.split", PURPOSE_LUCK};
    struct stream_key key = stream_key((struct seed){1, 0, 0}, &purpose);
    int wrong = 0;
    for (uint32_t trial = 0; trial < 50000; trial++) {
        struct stream s = stream_open(key, trial, 0);
        int n = 2 + (int)stream_below(&s, 7);
        double shares[8] = {0}, sum = stream_uniform(&s), total = sum;
        for (int i = 1; i < n; i++) total += shares[i] = stream_uniform(&s);
        if (trial % 3 == 0) total -= sum, sum = 0; /* shares that sum to one */
        for (int i = 1; i < n; i++) shares[i] /= total;
        int64_t amount = (int64_t)(stream_word(&s) >> stream_below(&s, 31)), parts[8], back = 0;
        ledger_split(amount, shares, n, parts);
        for (int i = 0; i < n; i++) {
            double exact = (double)amount * (i ? shares[i] : sum / total);
            back += parts[i];
            wrong += parts[i] < 0 || fabs((double)parts[i] - exact) >= 1.0 + 1e-5;
        }
        wrong += back != amount;
    }
    assert_int_equal(wrong, 0);
}

/* Half the share gives half the part, to one micro-unit. */
static void halving_a_share_halves_the_part(void **state)
{
    (void)state;
    int wrong = 0;
    for (int64_t amount = 0; amount < 20000; amount++) {
        int64_t whole[2], half[2];
        ledger_split(amount, (double[]){0, 0.45}, 2, whole);
        ledger_split(amount, (double[]){0, 0.225}, 2, half);
        wrong += llabs(whole[1] - 2 * half[1]) > 1;
    }
    assert_int_equal(wrong, 0);
}

static void postings_balance(void **state)
{
    (void)state;
    struct book *books = calloc(2, sizeof(*books));
    const struct book *both[] = {&books[0], &books[1]};
    book_post(&books[0], 1, ACCOUNT_VIEWERS, ACCOUNT_CREATORS, 70);
    book_post(&books[1], 1, ACCOUNT_VIEWERS, ACCOUNT_PLATFORM, 30);
    book_post(&books[1], LEDGER_SERVING, ACCOUNT_PLATFORM, ACCOUNT_COSTS, 50);
    int64_t sum = 0;
    for (int a = 0; a < LEDGER_ACCOUNTS; a++)
        sum += ledger_balance(both, 2, (enum ledger_account)a);
    assert_int_equal(sum, 0);
    assert_int_equal(ledger_balance(both, 2, ACCOUNT_VIEWERS), -100);
    assert_int_equal(ledger_balance(both, 2, ACCOUNT_PLATFORM), -20);
    assert_int_equal(books[0].day[1][ACCOUNT_VIEWERS][ACCOUNT_CREATORS], 70);
    free(books);
}

static void names(void **state)
{
    (void)state;
    assert_string_equal(ledger_account_name(ACCOUNT_VIEWERS), "viewers");
    assert_string_equal(ledger_account_name(ACCOUNT_OUTSIDE), "outside");
}

static uint64_t hash_of(struct book *book)
{
    struct visit_hash h = {0};
    assert_int_equal(visit_hash_init(&h), STATUS_OK);
    book_visit(book, &h.visitor);
    uint64_t digest = visit_hash_digest(&h);
    visit_hash_free(&h);
    return digest;
}

static void every_posting_reaches_the_hash(void **state)
{
    (void)state;
    struct book *book = calloc(1, sizeof(*book));
    uint64_t empty = hash_of(book);
    book_post(book, LEDGER_LIVING, ACCOUNT_CREATORS, ACCOUNT_OUTSIDE, 1);
    uint64_t one = hash_of(book);
    assert_true(empty != one);
    memset(book->balance, 0, sizeof(book->balance));
    assert_true(hash_of(book) != one && hash_of(book) != empty);
    free(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_splits),
        cmocka_unit_test(every_part_is_next_to_its_exact_value),
        cmocka_unit_test(halving_a_share_halves_the_part),
        cmocka_unit_test(postings_balance),
        cmocka_unit_test(names),
        cmocka_unit_test(every_posting_reaches_the_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
