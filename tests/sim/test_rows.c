/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every schema row is whole: what it means, in which unit, where its default comes from, a
 * default that it allows itself, and for assumptions (tag A) and estimates (tag V2) how far one
 * may plausibly go.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rows.h"

static bool given(const char *text) { return text && *text; }

static bool numeric(const struct schema_row *row)
{
    return row->type == SCHEMA_INT || row->type == SCHEMA_FLOAT || row->type == SCHEMA_FLOATS;
}

/* The tag opens the source: "A calibrated to ...", "V2, WANG". */
static bool tagged(const struct schema_row *row, const char *tag)
{
    size_t n = strlen(tag);
    return strncmp(row->source, tag, n) == 0 &&
           (row->source[n] == 0 || strchr(" ,;(", row->source[n]));
}

static const char *fault_of_range(const struct schema_row *row, const void *value)
{
    double low, high;
    const struct float_list *list = value;
    switch (row->type) {
    case SCHEMA_INT:
        low = high = (double)*(const int64_t *)value;
        break;
    case SCHEMA_FLOAT:
        low = high = *(const double *)value;
        break;
    default:
        low = HUGE_VAL;
        high = -HUGE_VAL;
        for (int32_t i = 0; i < list->count; i++) {
            low = fmin(low, list->value[i]);
            high = fmax(high, list->value[i]);
        }
    }
    if (!(row->low < row->high)) return "allows nothing";
    if (low < row->low || high > row->high) return "default is not allowed";
    if (!rows_plausible(row))
        return tagged(row, "A") || tagged(row, "V2") ? "assumed, without a plausible range"
                                                     : NULL;
    if (row->plausible_low < row->low || row->plausible_high > row->high)
        return "plausible range reaches beyond the allowed one";
    if (row->type != SCHEMA_FLOATS && (low < row->plausible_low || high > row->plausible_high))
        return "default is not plausible";
    return NULL;
}

static const char *fault_of(const struct schema_row *row, const void *value)
{
    if (!given(row->meaning)) return "has no meaning";
    if (!given(row->unit)) return "has no unit";
    if (!given(row->source)) return "has no source";
    if (!given(row->moves)) return "moves nothing";
    if (!row->initial) return "has no default";
    return numeric(row) ? fault_of_range(row, value) : NULL;
}

static void test_rows_are_whole(void **state)
{
    (void)state;
    struct lab lab;
    size_t count, faults = 0;
    int32_t index;
    assert_int_equal(lab_init(&lab, NULL, NULL), STATUS_OK);
    struct schema_place *place = rows_list(&lab.model, &count);
    assert_non_null(place);
    for (size_t i = 0; i < count; i++) {
        struct parameter at;
        if (place[i].table->most &&
            parameters_count(&lab.model.parameters, place[i].table->prefix) == 0)
            assert_int_equal(
                parameters_grow(&lab.model.parameters, place[i].table->prefix, &index),
                STATUS_OK);
        assert_true(parameters_find(&lab.model.parameters, place[i].path, &at));
        const char *fault = fault_of(place[i].row, at.value);
        if (fault) print_message("%s: %s\n", place[i].path, fault);
        faults += fault != NULL;
    }
    memory_free(place);
    lab_free(&lab);
    assert_int_equal(faults, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
