/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "yardstick.h"

#include <time.h>

struct stream_key yardstick_key(uint64_t seed, const char *purpose)
{
    const struct purpose luck = {purpose, PURPOSE_LUCK};
    return stream_key((struct seed){(uint32_t)seed, (uint32_t)(seed >> 32), 0}, &luck);
}

static double clock_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

enum status yardstick_run(struct engine *engine, sim_time end, void *world, double *seconds,
                          struct errors *errors)
{
    enum status status = STATUS_OK;
    double began = clock_seconds();
    while (!status && engine_window_start(engine) < end) {
        status = engine_open(engine);
        if (!status) engine_run(engine, 0, UINT32_MAX, world);
        if (!status) status = engine_close(engine, errors);
    }
    *seconds = clock_seconds() - began;
    return status;
}
