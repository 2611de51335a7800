/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/measure.h"
#include "measure/metric.h"

#define GROUPS_MOST 64 /* no list of the model's is longer */

const char *units_of_setting(struct model *model, const char *path)
{
    struct parameter at;
    const char *open = strchr(path, '[');
    bool found = parameters_find(&model->parameters, path, &at);
    if (!found && open) {
        char list[SCHEMA_TEXT_SIZE];
        int32_t index = -1;
        long wanted = strtol(open + 1, NULL, 10);
        snprintf(list, sizeof list, "%.*s", (int)(open - path), path);
        while (wanted < GROUPS_MOST && index < wanted)
            if (parameters_grow(&model->parameters, list, &index)) break;
        found = parameters_find(&model->parameters, path, &at);
    }
    return found && at.row->unit ? at.row->unit : "";
}

/* "revenue_<stream>" stands for "revenue_ads". */
static bool is_named(const struct column *column, const char *name)
{
    const char *open = strchr(column->name, '<');
    if (!open) return strcmp(column->name, name) == 0;
    return strncmp(column->name, name, (size_t)(open - column->name)) == 0;
}

static const struct column *find(const struct column *columns, size_t n, const char *name)
{
    for (size_t c = 0; c < n; c++)
        if (is_named(&columns[c], name)) return &columns[c];
    return NULL;
}

const struct column *units_of_figure(const struct model *model, const char *figure)
{
    const char *dot = strrchr(figure, '.'), *name = dot ? dot + 1 : figure;
    const struct column *columns = NULL, *found = NULL;
    enum table_id table = dot ? TABLE_COHORTS : TABLE_SERIES;
    for (size_t part = 0, n; !found && (n = measure_declared(table, part, &columns)) > 0;
         part++)
        found = find(columns, n, name);
    const struct registry *metrics = registry_kind(&model->registries, "metric");
    for (size_t m = 0; metrics && m < metrics->count && !found && !dot; m++) {
        const struct metric *metric = (const struct metric *)metrics->member[m];
        found = find(metric->columns, metric->column_count, name);
    }
    return found;
}

const char *units_text(const char *unit, const char *currency, char out[UNITS_TEXT])
{
    static const char money[] = "currency";
    size_t length = sizeof money - 1;
    if (*currency && strncmp(unit, money, length) == 0)
        snprintf(out, UNITS_TEXT, "%s%s", currency, unit + length);
    else
        snprintf(out, UNITS_TEXT, "%s", strcmp(unit, "1") == 0 ? "" : unit);
    return out;
}

void units_label(const char *name, const char *unit, char *out, size_t size)
{
    if (*unit)
        snprintf(out, size, "%s (%s)", name, unit);
    else
        snprintf(out, size, "%s", name);
}
