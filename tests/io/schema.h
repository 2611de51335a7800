/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A schema with a row of each kind, as the reader's tests want it.
 */
#ifndef TESTS_IO_SCHEMA_H
#define TESTS_IO_SCHEMA_H

#include <stddef.h>
#include <string.h>

#include "base/parameters.h"

struct viewers_values {
    int64_t count;
    double rate;
};
struct ads_values {
    double cpm;
};
struct platform_values {
    int32_t ranker;
    bool live;
    char title[SCHEMA_TEXT_SIZE];
    struct name_list rankers;
    struct float_list tiers;
};
struct cohort_values {
    char name[SCHEMA_TEXT_SIZE];
    int64_t count;
};

#define VIEWERS_AT(member) .offset = offsetof(struct viewers_values, member)
#define PLATFORM_AT(member) .offset = offsetof(struct platform_values, member)
#define COHORT_AT(member) .offset = offsetof(struct cohort_values, member)
static const struct schema_row viewers_rows[] = {
    {.path = "count",
     .type = SCHEMA_INT,
     .low = 1,
     .high = 1e10,
     .initial = "1000",
     VIEWERS_AT(count)},
    {.path = "rate", .type = SCHEMA_FLOAT, .high = 1, .initial = "0.5", VIEWERS_AT(rate)},
};
static const struct schema_row ads_rows[] = {
    {.path = "cpm", .type = SCHEMA_FLOAT, .high = 1000, .initial = "14.0"},
};
static const struct schema_row platform_rows[] = {
    {.path = "ranker",
     .type = SCHEMA_CHOICE,
     .choices = "popular|mf|content",
     .initial = "content",
     PLATFORM_AT(ranker)},
    {.path = "live", .type = SCHEMA_BOOL, .initial = "true", PLATFORM_AT(live)},
    {.path = "title", .type = SCHEMA_TEXT, .initial = "\"\"", PLATFORM_AT(title)},
    {.path = "rankers",
     .type = SCHEMA_NAMES,
     .choices = "ranker",
     .initial = "[\"mf\"]",
     PLATFORM_AT(rankers)},
    {.path = "tiers",
     .type = SCHEMA_FLOATS,
     .high = 1e9,
     .initial = "[300.0]",
     PLATFORM_AT(tiers)},
};
static const struct schema_row cohort_rows[] = {
    {.path = "name", .type = SCHEMA_TEXT, .initial = "\"cohort\"", COHORT_AT(name)},
    {.path = "count", .type = SCHEMA_INT, .high = 1e6, .initial = "100", COHORT_AT(count)},
};

static const struct schema_table small_tables[] = {
    {.prefix = "viewers", .size = sizeof(struct viewers_values), SCHEMA_ROWS(viewers_rows)},
    {.prefix = "revenue.ads", .size = sizeof(struct ads_values), SCHEMA_ROWS(ads_rows)},
    {.prefix = "platform", .size = sizeof(struct platform_values), SCHEMA_ROWS(platform_rows)},
    {.prefix = "creators.cohorts",
     .size = sizeof(struct cohort_values),
     .most = 8,
     SCHEMA_ROWS(cohort_rows)},
};

static inline const char *const *small_names(const void *context, const char *kind)
{
    static const char *const rankers[] = {"popular", "mf", "content", NULL};
    (void)context;
    return strcmp(kind, "ranker") == 0 ? rankers : NULL;
}

static inline enum status small_init(struct parameters *self)
{
    const struct schema_table *tables[] = {&small_tables[0], &small_tables[1], &small_tables[2],
                                           &small_tables[3]};
    enum status status = parameters_init(self, tables, sizeof tables / sizeof tables[0]);
    self->names = small_names;
    return status;
}

#endif
