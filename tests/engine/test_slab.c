/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LINK: -Wl,--wrap=calloc */
#include "engine/slab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static long fail_at = -1;
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
    if (fail_at >= 0 && fail_at-- == 0) return NULL;
    return __real_calloc(count, size);
}

/* Zeroed, aligned, and no two blocks share a byte: each keeps the mark written into it. */
static void blocks_are_apart(void **state)
{
    enum { BLOCKS = 3000 };
    static unsigned char *block[BLOCKS];
    static size_t size[BLOCKS];
    struct slabs slabs = {0};
    size_t taken = 0;
    (void)state;
    srand48(2);
    for (int i = 0; i < BLOCKS; i++) {
        size[i] = 8 * (1 + (size_t)lrand48() % (i % 100 ? 50 : 5000));
        block[i] = slabs_take(&slabs, size[i]);
        assert_non_null(block[i]);
        assert_int_equal((uintptr_t)block[i] % 8, 0);
        for (size_t b = 0; b < size[i]; b++) assert_int_equal(block[i][b], 0);
        memset(block[i], 1 + i % 255, size[i]);
        taken += size[i];
    }
    for (int i = 0; i < BLOCKS; i++)
        for (size_t b = 0; b < size[i]; b++) assert_int_equal(block[i][b], 1 + i % 255);
    assert_true(slabs.bytes >= taken);
    slabs_free(&slabs);
    assert_int_equal(slabs.bytes, 0);
    slabs_free(&slabs);
}

/* Slabs grow with what there is, so that few are made, by an eighth of it and 8 MB at most, so
 * that little is wasted. */
static void slabs_grow_within_bounds(void **state)
{
    struct slabs slabs = {0};
    size_t before = 0, count = 0;
    (void)state;
    for (size_t taken = 0; taken < (size_t)64 << 20; taken += 4096) {
        assert_non_null(slabs_take(&slabs, 4096));
        if (slabs.count == count) continue;
        size_t added = slabs.bytes - before;
        assert_in_range(added, (size_t)16 << 10, (size_t)8 << 20);
        if (added > (size_t)16 << 10) assert_true(added <= before / 8);
        if (before / 8 >= (size_t)32 << 10) assert_true(added > before / 16);
        count = slabs.count;
        before = slabs.bytes;
    }
    assert_true(count < 80);
    assert_non_null(slabs_take(&slabs, (size_t)20 << 20)); /* larger than any slab */
    slabs_free(&slabs);
}

static void no_memory(void **state)
{
    (void)state;
    for (long k = 0; k < 2; k++) {
        struct slabs slabs = {0};
        fail_at = k;
        assert_null(slabs_take(&slabs, 64));
        fail_at = -1;
        assert_non_null(slabs_take(&slabs, 64));
        slabs_free(&slabs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_apart),
        cmocka_unit_test(slabs_grow_within_bounds),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
