/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim bench: how fast is it here? Read ratios, not single times: machines are shared.
 */
#include <string.h>

#include "command.h"

enum status command_bench(const struct arguments *arguments, struct errors *errors)
{
    const char *what = arguments->operand_count ? arguments->operand[0] : "phold";
    if (strcmp(what, "phold") == 0) return bench_phold(arguments, errors);
    if (strcmp(what, "mm1") == 0) return bench_mm1(arguments, errors);
    if (strcmp(what, "loop") == 0) return bench_loop(arguments, errors);
    return errors_add(errors, STATUS_USAGE, "reelsim bench %s: must be phold, mm1 or loop",
                      what);
}
