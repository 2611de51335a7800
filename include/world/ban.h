/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ban of the whole platform, as others see it. Its rows are policy's.
 */
#ifndef WORLD_BAN_H
#define WORLD_BAN_H

#include "base/parameters.h"

struct ban_parameters { /* "policy.ban" */
    double lost, portable;
    bool on;
};

/* A flag of creators: has posted on another network too. Only kept where somebody asks. */
#define CREATOR_ELSEWHERE 2

/* NULL where there are no such rows: nothing is ever banned. */
static inline const struct ban_parameters *ban_find(const struct parameters *parameters)
{
    struct parameter at;
    if (!parameters_find(parameters, "policy.ban.on", &at)) return NULL;
    return parameters_block(parameters, "policy.ban");
}

static inline bool ban_on(const struct ban_parameters *self) { return self && self->on; }

#endif
