/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "command.h"

static const struct {
    const char *name;
    double least, most;
    bool whole;
} rows[BENCH_OPTIONS] = {
#define BENCH_ROW(id, name, least, most, whole) {name, least, most, whole},
    BENCH_OPTION_LIST(BENCH_ROW)
#undef BENCH_ROW
};

enum status bench_options_only(const struct arguments *arguments, const char *what,
                               uint32_t taken, struct errors *errors)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < BENCH_OPTIONS; i++)
        if (arguments->bench[i] && !(taken >> i & 1))
            status = errors_add(errors, STATUS_USAGE, "reelsim %s does not take --%s", what,
                                rows[i].name);
    return status;
}

enum status bench_option_read(const struct arguments *arguments, enum bench_option option,
                              double *value, struct errors *errors)
{
    const char *text = arguments->bench[option];
    char *end = NULL;
    if (!text) return STATUS_OK;
    double number = strtod(text, &end);
    bool good = end != text && !*end && number >= rows[option].least &&
                number <= rows[option].most;
    if (!good || (rows[option].whole && number != floor(number)))
        return errors_add(errors, STATUS_USAGE, "--%s %s: must be a %snumber in [%g, %g]",
                          rows[option].name, text, rows[option].whole ? "whole " : "",
                          rows[option].least, rows[option].most);
    *value = number;
    return STATUS_OK;
}
