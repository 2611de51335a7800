/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the processes of one run agree about. `ranks` is NULL in a run of one process.
 */
#ifndef CLI_TOGETHER_H
#define CLI_TOGETHER_H

#include <stdbool.h>

#include "base/status.h"
#include "engine/ranks.h"

/* Rank 0 writes the files and prints. */
static inline bool together_first(const struct ranks *ranks)
{
    return !ranks || ranks->rank == 0;
}

/* Each says how it stands; all learn of the failure of the first rank that has one, whose own
 * words are the ones to be printed. After STATUS_OK a failure is one rank's own until all agree
 * again. */
enum status together_agree(struct ranks *ranks, enum status status) MUST_CHECK;
/* Whether all know how it ends, and whether this rank is to say it. */
bool together_knows(const struct ranks *ranks);
bool together_speaks(const struct ranks *ranks);
/* Whether it is so at any of them. */
bool together_any(struct ranks *ranks, bool what);
/* Threads of this rank when nobody asked for a number: ranks of one machine share it, unless
 * they were bound to parts of it. */
uint32_t together_threads(const struct ranks *ranks, uint32_t asked);

#endif
