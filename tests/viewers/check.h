/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of this folder say when a number is not where it should be.
 */
#ifndef TESTS_VIEWERS_CHECK_H
#define TESTS_VIEWERS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static inline void assert_between(const char *what, double value, double low, double high)
{
    if (!(value >= low && value <= high)) {
        print_error("%s = %g, wanted %g to %g\n", what, value, low, high);
        fail();
    }
}

#endif
