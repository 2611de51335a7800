/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many trials this machine takes at a time.
 */
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "experiment/crew.h"

static uint32_t count_cores(void)
{
    cpu_set_t set;
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    if (sched_getaffinity(0, sizeof set, &set) == 0) return (uint32_t)CPU_COUNT(&set);
    return online > 0 ? (uint32_t)online : 1;
}

static double available_bytes(void)
{
    char line[128];
    double kilobytes = INFINITY;
    FILE *file = fopen("/proc/meminfo", "re");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "MemAvailable: %lf", &kilobytes) == 1) break;
    if (file) fclose(file);
    return kilobytes * 1024;
}

/* A number in a file of the control group; NaN when there is none ("max"). */
static double group_bytes(const char *folder, const char *name)
{
    char path[512];
    double bytes = NAN;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "re");
    if (file && fscanf(file, "%lf", &bytes) != 1) bytes = NAN;
    if (file) fclose(file);
    return bytes;
}

/* Of both versions of control groups: limit less what is used. */
static double group_free_bytes(void)
{
    static const char *const where[][3] = {
        {"/sys/fs/cgroup", "memory.max", "memory.current"},
        {"/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes"}};
    double least = INFINITY;
    for (size_t i = 0; i < sizeof where / sizeof where[0]; i++) {
        double left = group_bytes(where[i][0], where[i][1]) -
                      group_bytes(where[i][0], where[i][2]);
        if (left < least) least = left;
    }
    return least;
}

struct crew_machine crew_machine(void)
{
    return (struct crew_machine){.cores = count_cores(),
                                 .free_bytes = fmin(available_bytes(), group_free_bytes())};
}

void crew_size(const struct crew_machine *machine, double trial_bytes, uint64_t trials,
               uint32_t *jobs, uint32_t *threads)
{
    double most = machine->cores;
    if (*threads) most = floor(most / *threads);
    if (trial_bytes > 0) most = fmin(most, floor(0.8 * machine->free_bytes / trial_bytes));
    if (trials) most = fmin(most, (double)trials);
    if (!*jobs) *jobs = most > 1 ? (uint32_t)most : 1;
    if (!*threads) *threads = machine->cores > *jobs ? machine->cores / *jobs : 1;
}
