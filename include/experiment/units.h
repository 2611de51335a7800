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
#define UNITS_TEXT 64
/* "CNY/1000" of "currency/1000" where the currency is known (else ""); "" of "1". Returns
 * `out`. */
const char *units_text(const char *unit, const char *currency, char out[UNITS_TEXT]);
/* "watch_hours (h)"; without a unit (a text of units_text) the name alone. */
void units_label(const char *name, const char *unit, char *out, size_t size);

#endif
