/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/time.h"

#include <stdio.h>

const char *time_text(sim_time when, char buffer[32])
{
    const char *sign = when < 0 ? "-" : "";
    /* Negated as an unsigned number: -INT64_MIN is no int64. */
    uint64_t ms = when < 0 ? 0 - (uint64_t)when : (uint64_t)when;
    unsigned day_ms = (unsigned)(ms % (uint64_t)TIME_DAY);

    if (when == TIME_NEVER) {
        snprintf(buffer, 32, "never");
    } else {
        snprintf(buffer, 32, "%s%llud %02u:%02u:%02u.%03u", sign,
                 (unsigned long long)(ms / (uint64_t)TIME_DAY), day_ms / 3600000,
                 day_ms / 60000 % 60, day_ms / 1000 % 60, day_ms % 1000);
    }
    return buffer;
}
