/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench_load.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "progress.h"

#define TOLERATED 0.05 /* share of the processors' time */
#define COARSE 0.1     /* seconds: some ticks of 10 ms, each processor its own */

static double processor_time(int who)
{
    struct rusage use;
    if (getrusage(who, &use)) return 0;
    return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
           1e-6 * (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

/* First line of /proc/stat: user nice system idle iowait irq softirq steal, in ticks. */
static double machine_time(void)
{
    uint64_t t[8] = {0};
    FILE *from = fopen("/proc/stat", "r");
    if (!from) return 0;
    int n = fscanf(from,
                   "cpu %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
                   " %" SCNu64 " %" SCNu64,
                   &t[0], &t[1], &t[2], &t[3], &t[4], &t[5], &t[6], &t[7]);
    fclose(from);
    if (n < 4) return 0;
    return (double)(t[0] + t[1] + t[2] + t[5] + t[6] + t[7]) / (double)sysconf(_SC_CLK_TCK);
}

struct bench_load bench_load_now(void)
{
    return (struct bench_load){progress_clock(),
                               processor_time(RUSAGE_SELF) + processor_time(RUSAGE_CHILDREN),
                               machine_time()};
}

static double foreign_seconds(const struct bench_load *from, const struct bench_load *to)
{
    double foreign = (to->busy - from->busy) - (to->own - from->own);
    return foreign > 0 ? foreign : 0;
}

double bench_load_foreign(const struct bench_load *from, const struct bench_load *to,
                          uint32_t processors)
{
    double all = (to->wall - from->wall) * processors;
    double share = all > 0 ? foreign_seconds(from, to) / all : 0;
    return share < 1 ? share : 1;
}

bool bench_load_disturbed(const struct bench_load *from, const struct bench_load *to,
                          uint32_t processors, uint32_t threads)
{
    double wall = to->wall - from->wall;
    if (foreign_seconds(from, to) > TOLERATED * wall * processors + COARSE) return true;
    return threads == 1 && to->own - from->own < (1 - TOLERATED) * wall - COARSE;
}
