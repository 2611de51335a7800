/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim bench [phold|mm1|loop|feed]: how fast is it here? Without a name all four. Read
 * ratios, not single times: machines are shared.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "command.h"

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

double bench_median(double *values, uint32_t n)
{
    qsort(values, n, sizeof *values, ascending);
    return n % 2 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

/* Without a name: all four, the last two once. With --json that would be four documents,
 * and options belong to one of them. */
static enum status bench_all(const struct arguments *arguments, struct errors *errors)
{
    struct arguments plain = {.plots = true, .threads = arguments->threads};
    struct arguments once = plain;
    enum status status = bench_options_only(arguments, "bench without a name", 0, errors);
    if (arguments->json || arguments->set_count || arguments->yardstick)
        status = errors_add(errors, STATUS_USAGE,
                            "reelsim bench with settings, --json or --yardstick: name one of "
                            "phold, mm1, loop, feed");
    if (status) return status;
    once.bench[BENCH_REPEATS] = "1";
    printf("phold: events of the engine alone\n\n");
    status = bench_phold(&plain, errors);
    if (status) return status;
    printf("\nmm1: a network of queues on the engine, beside theory\n\n");
    status = bench_mm1(&plain, errors);
    if (status) return status;
    printf("\nloop: the whole program\n\n");
    fflush(stdout);
    status = bench_loop(&once, errors);
    if (status) return status;
    printf("\nfeed: slates, by ranker, beside what their arithmetic takes\n\n");
    fflush(stdout);
    return bench_feed(&once, errors);
}

enum status command_bench(const struct arguments *arguments, struct errors *errors)
{
    if (!arguments->operand_count) return bench_all(arguments, errors);
    const char *what = arguments->operand[0];
    if (strcmp(what, "phold") == 0) return bench_phold(arguments, errors);
    if (strcmp(what, "mm1") == 0) return bench_mm1(arguments, errors);
    if (strcmp(what, "loop") == 0) return bench_loop(arguments, errors);
    if (strcmp(what, "feed") == 0) return bench_feed(arguments, errors);
    return errors_add(errors, STATUS_USAGE,
                      "reelsim bench %s: must be phold, mm1, loop or feed", what);
}
