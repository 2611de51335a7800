/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What settings and figures are measured in, for the labels of pictures. */
#ifndef EXPERIMENT_UNITS_H
#define EXPERIMENT_UNITS_H

#include "measure/rows.h"
#include "sim/model.h"

/* The unit of a setting, "" where it has none or is not known (of a plug-in). Groups that a
 * path names grow in `model`. */
const char *units_of_setting(struct model *model, const char *path);
/* The column that a figure (experiment/figures.h) is the mean of; NULL when it is not known. */
const struct column *units_of_figure(const struct model *model, const char *figure);
/* "watch_hours (h)"; without a unit the name alone. */
void units_label(const char *name, const char *unit, char *out, size_t size);

#endif
