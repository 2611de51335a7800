/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ban of the whole platform, from a day to a day, by dated changes of `on`:
 *
 *     policy : { changes = ( { day = 14.0; set = "policy.ban.on"; value = "true"; },
 *                            { day = 28.0; set = "policy.ban.on"; value = "false"; } ); };
 *
 * While it is on nobody watches, joins or publishes. A viewer who comes to a closed door either
 * goes elsewhere for good or tries again at the next time that it would have come.
 */
#include "world/ban.h"

#include "policy/policy.h"

#define AT(member) .offset = offsetof(struct ban_parameters, member)

static const struct schema_row rows[] = {
    {.path = "on",
     .type = SCHEMA_BOOL,
     .unit = "1",
     .initial = "false",
     .meaning = "the whole platform is banned: no sessions, newcomers or publications",
     .source = "A",
     .when = SCHEMA_WINDOW,
     .moves = "impressions",
     .sign = -1,
     .from = "false",
     .to = "true",
     AT(on)},
    {.path = "lost",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.3",
     .meaning = "share of viewers who go elsewhere for good when they find it banned; the "
                "others come back when it is lifted",
     .source = "A",
     .plausible_low = 0.05,
     .plausible_high = 0.8,
     .when = SCHEMA_WINDOW,
     .moves = "sessions",
     .sign = -1,
     .from = "0",
     .to = "1",
     .needs = "run.days=3 policy.changes[0].day=1 policy.changes[0].set=\"policy.ban.on\" "
              "policy.changes[0].value=\"true\" policy.changes[1].day=2 "
              "policy.changes[1].set=\"policy.ban.on\" policy.changes[1].value=\"false\"",
     AT(lost)},
    {.path = "portable",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.2",
     .meaning = "share of its followers that a creator who posted elsewhere before has there "
                "while the ban is on",
     .source = "A",
     .plausible_low = 0.02,
     .plausible_high = 0.6,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_elsewhere",
     .sign = 1,
     .from = "0.1",
     .to = "0.6",
     .needs = "growth.channels=[\"cross_platform\"] growth.cross_platform.adopt=1 "
              "growth.cross_platform.cost=0 revenue.streams=[\"elsewhere\"] run.days=3 "
              "policy.changes[0].day=1 policy.changes[0].set=\"policy.ban.on\" "
              "policy.changes[0].value=\"true\"",
     AT(portable)},
};

const struct schema_table ban_table = {
    .prefix = "policy.ban", .size = sizeof(struct ban_parameters), SCHEMA_ROWS(rows)};
