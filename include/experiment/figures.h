/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a done trial measured, read back from its folder: names and values.
 *
 * - Each column of series.csv by its name: its mean over the intervals after the warm-up, as in
 *   the manifest's summary ("watch_hours").
 * - Each column of cohorts.csv by cohort and name ("programming.profit_hour"): the mean over
 * the same intervals; `profit_hour` is income less costs over all of them by all hours worked.
 *
 * A figure without a value (no interval after the warm-up, a cell that is always empty) is NaN.
 * The order is that of the tables, cohorts as they first appear: the same in all trials of one
 * scenario.
 */
#ifndef EXPERIMENT_FIGURES_H
#define EXPERIMENT_FIGURES_H

#include <stdio.h>

#include "base/status.h"

/* What people ask of a platform first; of a creator, where there is a cohort `focal`. */
#define FIGURES_USUAL                                                                          \
    "focal.profit_hour,creator_income,platform_profit,watch_hours,dau,gini_views"

struct figures {
    char **name; /* owned */
    double *value;
    size_t count, name_room, value_room;
};

/* STATUS_BAD_INPUT when FOLDER is no done trial. Free it whatever comes. */
enum status figures_read(struct figures *self, const char *folder,
                         struct errors *errors) MUST_CHECK;
/* The same from the text of a manifest and from a cohorts.csv (NULL = none), which is read and
 * closed; `where` is for messages. */
enum status figures_read_text(struct figures *self, const char *manifest, FILE *cohorts,
                              const char *where, struct errors *errors) MUST_CHECK;
/* Means over the intervals from a day on (or the warm-up's end, were that later): of a run that
 * branched off another then, whose past all branches share. */
enum status figures_read_since(struct figures *self, const char *folder, double day,
                               struct errors *errors) MUST_CHECK;
/* Works when zeroed. */
void figures_free(struct figures *self);
/* NaN when there is none of that name. */
double figures_value(const struct figures *self, const char *name);

#endif
