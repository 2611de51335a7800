/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/identifiers.h"

#include "lab.h"

static void names_become_numbers_and_back(void **state)
{
    (void)state;
    struct identifiers names = {0};
    char name[32];
    uint32_t number;
    assert_false(identifiers_find(&names, "0", 1, &number));
    for (uint32_t round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 20000; i++) {
            int length = snprintf(name, sizeof name, "%x", i * 2654435761u);
            assert_int_equal(identifiers_add(&names, name, (size_t)length, &number), 0);
            assert_int_equal(number, i);
        }
    assert_int_equal(names.count, 20000);
    for (uint32_t i = 0; i < 20000; i += 17) {
        size_t length;
        int wanted = snprintf(name, sizeof name, "%x", i * 2654435761u);
        const char *found = identifiers_name(&names, i, &length);
        assert_int_equal(length, wanted);
        assert_memory_equal(found, name, length);
        assert_true(identifiers_find(&names, name, length, &number) && number == i);
    }
    assert_false(identifiers_find(&names, "no such", 7, &number));
    identifiers_free(&names);
    identifiers_free(&names);
}

static void any_bytes_are_a_name(void **state)
{
    (void)state;
    struct identifiers names = {0};
    uint32_t number[5];
    assert_int_equal(identifiers_add(&names, "7", 1, &number[0]), 0);
    assert_int_equal(identifiers_add(&names, "07", 2, &number[1]), 0);
    assert_int_equal(identifiers_add(&names, "7\0", 2, &number[2]), 0);
    assert_int_equal(identifiers_add(&names, "", 0, &number[3]), 0);
    assert_int_equal(identifiers_add(&names, "7", 1, &number[4]), 0);
    for (uint32_t k = 0; k < 4; k++) assert_int_equal(number[k], k);
    assert_int_equal(number[4], 0);
    identifiers_free(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_become_numbers_and_back),
        cmocka_unit_test(any_bytes_are_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
