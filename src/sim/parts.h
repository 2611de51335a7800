/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a simulation is made of: shared by the files of sim/.
 */
#ifndef SIM_PARTS_H
#define SIM_PARTS_H

#include "creators/creators.h"
#include "growth/growth.h"
#include "measure/measure.h"
#include "platform/platform.h"
#include "policy/policy.h"
#include "revenue/revenue.h"
#include "sim/sim.h"
#include "viewers/viewers.h"
#include "world/event_kinds.h"

struct sim {
    struct model *model; /* borrowed */
    struct team team;
    struct world world;
    struct post post; /* world.post, when several processes run this world */
    struct viewers *viewers;
    struct creators *creators;
    struct platform *platform;
    struct revenue *revenue;
    struct growth *growth;
    struct policy *policy;
    struct measure *measure;
    struct feed_service feed; /* what viewers use of platform/, */
    struct act_service act;   /* and of revenue/ and growth/ */
    sim_time end;
    bool real;                  /* run.population = "file" */
    uint64_t people;            /* digest of that file; 0 = not known */
    struct sim_figures figures; /* only `seconds` is kept here; the rest is asked for */
};

/* The dispatch table: EVENT_KIND_COUNT rows. */
extern const struct event_kind_row sim_event_kinds[];
void sim_herald(void *world, uint32_t shard, const struct event *event, uint32_t between);

/* Do all members in use run in several processes? */
enum status ranks_check(const struct parameters *parameters, struct errors *errors) MUST_CHECK;

/* The two constants of the match, from population and catalogue (docs/ODD.md 7.2). */
enum status scale_derive(struct sim *self) MUST_CHECK;

#endif
