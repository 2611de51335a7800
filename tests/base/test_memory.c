/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LINK: -Wl,--wrap=calloc */
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/parameters.h"
#include "base/visit.h"

/* The allocation that fails, counted from 0; -1 = none. All of the library's go through calloc.
 */
static long fail_at = -1;

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
    if (fail_at >= 0 && fail_at-- == 0) return NULL;
    return __real_calloc(count, size);
}

static char *kept[12];

static size_t nonzero(const char *bytes, size_t n)
{
    size_t sum = 0;

    for (size_t i = 0; i < n; i++) sum += bytes[i] != 0;
    return sum;
}

static void zeroed_and_aligned(void **state)
{
    static const size_t sizes[] = {0, 1, 63, 64, 65, 4096, 100000, (size_t)2 << 20, 9000001};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *bytes = memory_alloc(sizes[i], 1);

        assert_non_null(bytes);
        assert_int_equal((uintptr_t)bytes % 64, 0);
        assert_int_equal(nonzero(bytes, sizes[i]), 0);
        memset(bytes, 0xff, sizes[i]);
        memory_free(bytes);
    }
    memory_free(NULL);
}

/* Freed memory that comes back is zero again. */
static void zeroed_when_reused(void **state)
{
    (void)state;
    for (int round = 0; round < 20; round++) {
        char *bytes = memory_alloc(1000, 3000);

        assert_non_null(bytes);
        assert_int_equal(nonzero(bytes, 3000000), 0);
        memset(bytes, round + 1, 3000000);
        memory_free(bytes);
    }
}

/* The mapping that holds an address: whether it is the heap, and advised to be huge. */
static void mapping_of(const void *address, bool *heap, bool *huge)
{
    FILE *file = fopen("/proc/self/smaps", "r");
    char line[512];
    bool here = false;

    *heap = *huge = false;
    while (file && fgets(line, sizeof line, file)) {
        unsigned long from, to;
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2) {
            here = (uintptr_t)address >= from && (uintptr_t)address < to;
            if (here) *heap = strstr(line, "[heap]") != NULL;
        }
        if (here && strncmp(line, "VmFlags:", 8) == 0) *huge = strstr(line, " hg") != NULL;
    }
    if (file) fclose(file);
}

/* Tables smaller than a huge page, and small ones, share the huge pages of one heap. */
static void one_heap_of_huge_pages(void **state)
{
    static const size_t sizes[] = {300000, 700000, (size_t)1 << 20, (size_t)9 << 20};

    (void)state;
#ifdef __SANITIZE_ADDRESS__
    skip();
#endif
    if (access("/sys/kernel/mm/transparent_hugepage/enabled", F_OK) != 0) skip();
    memory_one_heap();
    for (size_t round = 0; round < 12; round++) {
        char *bytes = memory_alloc(sizes[round % 4], 1);
        bool heap, huge;

        assert_non_null(bytes);
        mapping_of(bytes + sizes[round % 4] / 2, &heap, &huge);
        assert_true(heap);
        assert_true(huge);
        memset(bytes, 1, sizes[round % 4]); /* and kept: the heap has to grow */
        kept[round] = bytes;
    }
    for (size_t round = 0; round < 12; round++) memory_free(kept[round]);
}

static void overflow_is_refused(void **state)
{
    (void)state;
    assert_null(memory_alloc(SIZE_MAX / 2, 3));
    assert_null(memory_alloc(SIZE_MAX, 1));
    assert_null(memory_alloc((size_t)1 << 40, (size_t)1 << 40));
}

static void grows_by_a_quarter_and_keeps(void **state)
{
    int32_t *array = NULL;
    size_t capacity = 0, moves = 0;

    (void)state;
    for (size_t i = 0; i < 100000; i++) {
        size_t before = capacity;

        assert_int_equal(memory_grow(&array, &capacity, i + 1, sizeof *array), STATUS_OK);
        if (capacity != before) {
            moves++;
            for (size_t k = before; k < capacity; k++) assert_int_equal(array[k], 0);
        }
        array[i] = (int32_t)i;
    }
    assert_in_range(moves, 30, 50); /* log(1e5 / 16) / log(1.25) = 39, and some small ones */
    for (size_t i = 0; i < 100000; i++) assert_int_equal(array[i], (int32_t)i);
    memory_free(array);
}

static void failed_growth_changes_nothing(void **state)
{
    double *array = NULL, *before;
    size_t capacity = 0;

    (void)state;
    assert_int_equal(memory_grow(&array, &capacity, 10, sizeof *array), STATUS_OK);
    array[9] = 3.5;
    before = array;
    fail_at = 0;
    assert_int_equal(memory_grow(&array, &capacity, 11, sizeof *array), STATUS_NO_MEMORY);
    assert_int_equal(memory_grow(&array, &capacity, SIZE_MAX / 4, sizeof *array),
                     STATUS_NO_MEMORY);
    assert_ptr_equal(array, before);
    assert_int_equal(capacity, 10);
    assert_true(array[9] == 3.5);
    memory_free(array);
}

static void errors_survive_without_memory(void **state)
{
    struct errors errors = {0};

    (void)state;
    errors_add(&errors, STATUS_IO, "kept");
    fail_at = 0;
    assert_int_equal(errors_add(&errors, STATUS_IO, "lost"), STATUS_IO);
    assert_string_equal(errors.text, "kept\n");
    assert_int_equal(errors.count, 2);
    errors_free(&errors);
}

struct values {
    double share;
    struct name_list names;
};

static const struct schema_row rows[] = {
    {.path = "share",
     .type = SCHEMA_FLOAT,
     .high = 1,
     .initial = "0.5",
     .offset = offsetof(struct values, share)},
    {.path = "names",
     .type = SCHEMA_NAMES,
     .initial = "[\"a\", \"b\"]",
     .offset = offsetof(struct values, names)},
};
static const struct schema_table one = {"one", sizeof(struct values), 0, SCHEMA_ROWS(rows)};
static const struct schema_table list = {"list", sizeof(struct values), 4, SCHEMA_ROWS(rows)};

static void every_failing_allocation_of_parameters(void **state)
{
    const struct schema_table *const tables[] = {&one, &list};
    enum status status = STATUS_NO_MEMORY;
    long k;

    (void)state;
    for (k = 0; status != STATUS_OK; k++) {
        struct parameters parameters;
        struct errors errors = {0};

        assert_true(k < 100);
        fail_at = k;
        status = parameters_init(&parameters, tables, 2);
        if (status == STATUS_OK)
            status = parameters_set(&parameters, "one.names", "c", "--set", &errors);
        fail_at = -1;
        assert_true(status == STATUS_OK || status == STATUS_NO_MEMORY);
        parameters_free(&parameters);
        parameters_free(&parameters);
        errors_free(&errors);
    }
    assert_true(k > 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeroed_and_aligned),
        cmocka_unit_test(zeroed_when_reused),
        cmocka_unit_test(overflow_is_refused),
        cmocka_unit_test(one_heap_of_huge_pages),
        cmocka_unit_test(grows_by_a_quarter_and_keeps),
        cmocka_unit_test(failed_growth_changes_nothing),
        cmocka_unit_test(errors_survive_without_memory),
        cmocka_unit_test(every_failing_allocation_of_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
