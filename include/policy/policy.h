/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Policy: what the platform announces, and dated changes of any parameter by its path.
 *
 *     policy : { changes = ( { day = 30.0; set = "revenue.ads.cpm"; value = "10.0"; } ); };
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "base/parameters.h"
#include "world/world.h"

struct policy;

extern const struct schema_table *const policy_tables[]; /* NULL-terminated */
extern const struct schema_table ban_table;              /* "policy.ban", ban.c */

/* The values of table "policy". Level 4 folders do not include each other: creators/ finds
 * "policy.transparency" by its path. */
struct policy_parameters {
    double transparency; /* sd of the logarithm of the noise on creators' feedback */
};

/* Checks every change: the path exists, may change between windows, and takes the value.
 * `parameters` are those that the world reads; they are written while the run goes on. */
enum status policy_init(struct policy **self, struct world *world,
                        struct parameters *parameters, struct errors *errors) MUST_CHECK;
void policy_free(struct policy *self); /* NULL is fine */
/* First of all at a close: applies the changes whose day has come, by day, then as listed; what
 * the close makes ready and the next window see them. Cannot fail on what policy_init has
 * checked, unless memory runs out. */
enum status policy_apply(struct policy *self, struct errors *errors) MUST_CHECK;
/* Which changes have been made; loading makes them again, and what is derived from parameters
 * must be derived anew after it. */
void policy_visit(struct policy *self, struct visitor *v);

#endif
