/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "together.h"

#include <sched.h>
#include <unistd.h>

#define RANKS_MOST 4096 /* as shards */

enum status together_agree(struct ranks *ranks, enum status status)
{
    uint64_t all[RANKS_MOST];
    if (!ranks) return status;
    if (ranks->count > RANKS_MOST) return STATUS_BAD_INPUT; /* all see it */
    ranks->calls->sizes(ranks->library, (uint64_t)status, all);
    ranks->speaker = 0;
    while (ranks->speaker + 1 < ranks->count && !all[ranks->speaker]) ranks->speaker++;
    enum status found = (enum status)all[ranks->speaker];
    ranks->runs = found == STATUS_OK;
    if (ranks->runs) ranks->speaker = 0;
    return found;
}

bool together_knows(const struct ranks *ranks) { return !ranks->runs; }
bool together_speaks(const struct ranks *ranks) { return ranks->rank == ranks->speaker; }

bool together_any(struct ranks *ranks, bool what)
{
    uint64_t all[RANKS_MOST];
    bool any = what;
    if (!ranks) return what;
    ranks->calls->sizes(ranks->library, what, all);
    for (uint32_t k = 0; k < ranks->count; k++) any |= all[k] != 0;
    return any;
}

uint32_t together_threads(const struct ranks *ranks, uint32_t asked)
{
    cpu_set_t mine;
    if (!ranks || asked || sched_getaffinity(0, sizeof mine, &mine)) return asked;
    uint32_t offered = (uint32_t)CPU_COUNT(&mine);
    if (offered < (uint32_t)sysconf(_SC_NPROCESSORS_ONLN)) return offered;
    return offered > ranks->together ? offered / ranks->together : 1;
}
