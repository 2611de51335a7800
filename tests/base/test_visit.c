/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/visit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <xxhash.h>

struct row {
    uint8_t kind; /* padding follows */
    double value;
    uint16_t flags;
};

/* The hash of one column. */
static uint64_t hash_of(const char *name, void *data, size_t width, size_t stride, size_t count)
{
    struct visit_hash hash;
    uint64_t digest;

    assert_int_equal(visit_hash_init(&hash), STATUS_OK);
    visit_column(&hash.visitor, name, data, width, stride, count);
    digest = visit_hash_digest(&hash);
    assert_int_equal(hash.visitor.status, STATUS_OK);
    visit_hash_free(&hash);
    visit_hash_free(&hash); /* twice is fine */
    return digest;
}

/* Same elements, other gaps between them: same hash. Lengths around the buffer's size. */
static void stride_does_not_matter(void **state)
{
    static const size_t widths[] = {1, 2, 3, 4, 8, 24, 1000, 5000};

    (void)state;
    srand48(1);
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
        size_t width = widths[w], gap = width + 1 + (size_t)lrand48() % 9;
        size_t count = 20000 / width + 3;
        char *packed = malloc(width * count), *loose = malloc(gap * count);

        assert_true(packed != NULL && loose != NULL);
        for (size_t i = 0; i < width * count; i++) packed[i] = (char)lrand48();
        memset(loose, (int)w, gap * count);
        for (size_t i = 0; i < count; i++) memcpy(loose + i * gap, packed + i * width, width);
        assert_int_equal(hash_of("x", packed, width, width, count),
                         hash_of("x", loose, width, gap, count));
        loose[gap * (count - 1)] ^= 1;
        assert_int_not_equal(hash_of("x", packed, width, width, count),
                             hash_of("x", loose, width, gap, count));
        free(packed);
        free(loose);
    }
}

static void padding_does_not_matter(void **state)
{
    struct row a[50], b[50];
    struct visit_hash hash[2];

    (void)state;
    memset(a, 0x11, sizeof a);
    memset(b, 0xee, sizeof b);
    for (int i = 0; i < 50; i++) {
        a[i].kind = b[i].kind = (uint8_t)i;
        a[i].value = b[i].value = i * 0.1;
        a[i].flags = b[i].flags = (uint16_t)(i * 77);
    }
    for (int k = 0; k < 2; k++) {
        struct row *rows = k == 0 ? a : b;

        assert_int_equal(visit_hash_init(&hash[k]), STATUS_OK);
        VISIT_FIELD(&hash[k].visitor, "row.kind", rows, 50, kind);
        VISIT_FIELD(&hash[k].visitor, "row.value", rows, 50, value);
        VISIT_FIELD(&hash[k].visitor, "row.flags", rows, 50, flags);
    }
    assert_int_equal(visit_hash_digest(&hash[0]), visit_hash_digest(&hash[1]));
    visit_hash_free(&hash[0]);
    visit_hash_free(&hash[1]);
}

static void names_widths_counts_matter(void **state)
{
    uint32_t data[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    uint64_t base = hash_of("column", data, 4, 4, 8);

    (void)state;
    assert_int_equal(hash_of("column", data, 4, 4, 8), base);
    assert_int_not_equal(hash_of("colunm", data, 4, 4, 8), base);
    assert_int_not_equal(hash_of("column", data, 8, 8, 4), base); /* the same bytes */
    assert_int_not_equal(hash_of("column", data, 4, 4, 7), base);
    assert_int_not_equal(hash_of("column", data, 4, 4, 0), hash_of("column", data, 8, 8, 0));
    assert_int_not_equal(hash_of("a", NULL, 4, 4, 0), hash_of("b", NULL, 4, 4, 0));
}

static void order_of_columns_matters(void **state)
{
    uint32_t a[2] = {1, 2}, b[2] = {3, 4};
    uint64_t digest[2];

    (void)state;
    for (int k = 0; k < 2; k++) {
        struct visit_hash hash;

        assert_int_equal(visit_hash_init(&hash), STATUS_OK);
        if (k == 0) VISIT_ARRAY(&hash.visitor, "a", a, 2);
        VISIT_ARRAY(&hash.visitor, "b", b, 2);
        if (k == 1) VISIT_ARRAY(&hash.visitor, "a", a, 2);
        digest[k] = visit_hash_digest(&hash);
        visit_hash_free(&hash);
    }
    assert_int_not_equal(digest[0], digest[1]);
}

/* What the hash is, byte for byte: a manifest's hash must mean the same next year. */
static void known_answer(void **state)
{
    unsigned char stream[2 + 16 + 6] = {'n', 0, 2, 0, 0, 0, 0, 0, 0, 0, 3};
    uint16_t data[3] = {0x0102, 0x0304, 0x0506};

    (void)state;
    memcpy(stream + 18, data, sizeof data);
    assert_int_equal(hash_of("n", data, 2, 2, 3), XXH3_64bits(stream, sizeof stream));
}

/* The digest may be asked for on the way. */
static void digest_changes_nothing(void **state)
{
    struct visit_hash hash;
    uint64_t value = 42, first, second;

    (void)state;
    assert_int_equal(visit_hash_init(&hash), STATUS_OK);
    VISIT_VALUE(&hash.visitor, "v", value);
    first = visit_hash_digest(&hash);
    assert_int_equal(visit_hash_digest(&hash), first);
    VISIT_VALUE(&hash.visitor, "v", value);
    second = visit_hash_digest(&hash);
    assert_int_not_equal(first, second);
    visit_hash_free(&hash);
}

/* A loading visitor that finds one number. */
static void load(struct visitor *self, const char *name, void *data, size_t width,
                 size_t stride, size_t count)
{
    (void)name;
    assert_true(width == 8 && stride == 8 && count == 1);
    memcpy(data, self->context, 8);
}

static void loaded_counts_are_bounded(void **state)
{
    uint64_t found = 1000, n = 7;
    struct visitor v = {.mode = VISIT_LOAD, .column = load, .context = &found};

    (void)state;
    assert_true(visit_loading(&v));
    visit_count(&v, "n", &n, 1000);
    assert_int_equal(v.status, STATUS_OK);
    assert_int_equal(n, 1000);
    visit_count(&v, "n", &n, 999);
    assert_int_equal(v.status, STATUS_BAD_INPUT);
    assert_int_equal(n, 1000); /* not taken over */
    v = (struct visitor){.mode = VISIT_LOAD, .column = load, .context = &found, .bytes = 1000};
    visit_count(&v, "n", &n, UINT64_MAX);
    assert_int_equal(v.status, STATUS_OK);
    v.bytes = 999; /* more rows than the file has bytes */
    visit_count(&v, "n", &n, UINT64_MAX);
    assert_int_equal(v.status, STATUS_BAD_INPUT);
    found = 1;
    visit_count(&v, "n", &n, 999); /* failures stay */
    assert_int_equal(n, 1000);
    assert_int_equal(v.status, STATUS_BAD_INPUT);
}

/* A loading visitor that finds amounts of two streams in each of three rows. */
static void load_amounts(struct visitor *self, const char *name, void *data, size_t width,
                         size_t stride, size_t count)
{
    const int64_t *found = self->context;
    (void)name;
    assert_true(width == 16 && count == 3);
    for (size_t i = 0; i < count; i++) memcpy((char *)data + i * stride, found + 2 * i, width);
}

static void loaded_money_is_bounded(void **state)
{
    int64_t most = VISIT_MONEY_MOST, found[6] = {0, most, -most, 5, -5, 0};
    struct {
        int64_t before, amount[2];
    } rows[3] = {{INT64_MAX, {0}}, {INT64_MIN, {0}}, {0, {0}}};
    struct visitor v = {.mode = VISIT_LOAD, .column = load_amounts, .context = found};

    (void)state;
    VISIT_MONEY(&v, "amount", rows, 3, amount);
    assert_int_equal(v.status, STATUS_OK);
    assert_true(rows[1].amount[0] == -most && rows[2].amount[0] == -5);
    for (int i = 0; i < 6; i++) {
        int64_t good = found[i];
        found[i] = i % 2 ? most + 1 : -most - 1;
        VISIT_MONEY(&v, "amount", rows, 3, amount);
        assert_int_equal(v.status, STATUS_BAD_INPUT);
        v.status = STATUS_OK;
        found[i] = good;
    }
}

static void counts_are_hashed(void **state)
{
    struct visit_hash hash;
    uint64_t n = 5;

    (void)state;
    assert_int_equal(visit_hash_init(&hash), STATUS_OK);
    assert_false(visit_loading(&hash.visitor));
    visit_count(&hash.visitor, "n", &n, 1); /* the bound is for loading */
    assert_int_equal(hash.visitor.status, STATUS_OK);
    assert_int_equal(n, 5);
    assert_int_equal(visit_hash_digest(&hash), hash_of("n", &n, 8, 8, 1));
    visit_hash_free(&hash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stride_does_not_matter),
        cmocka_unit_test(padding_does_not_matter),
        cmocka_unit_test(names_widths_counts_matter),
        cmocka_unit_test(order_of_columns_matters),
        cmocka_unit_test(known_answer),
        cmocka_unit_test(digest_changes_nothing),
        cmocka_unit_test(loaded_counts_are_bounded),
        cmocka_unit_test(loaded_money_is_bounded),
        cmocka_unit_test(counts_are_hashed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
