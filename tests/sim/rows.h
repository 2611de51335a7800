/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every row of the model's schema, for tests that walk over them.
 */
#ifndef TESTS_SIM_ROWS_H
#define TESTS_SIM_ROWS_H

#include <stdio.h>

#include "io/resolved.h"
#include "lab.h"

/* A row with its full path; of a repeated group, that of the first one. */
struct schema_place {
    const struct schema_table *table;
    const struct schema_row *row;
    char path[128];
};

/* All rows of the model in the order of its tables; owned by the caller, NULL without memory.
 */
static inline struct schema_place *rows_list(const struct model *model, size_t *count)
{
    size_t n = 0;
    for (size_t t = 0; t < model->table_count; t++) n += model->tables[t]->row_count;
    struct schema_place *all = memory_alloc(n, sizeof *all);
    *count = 0;
    for (size_t t = 0; all && t < model->table_count; t++) {
        const struct schema_table *table = model->tables[t];
        for (size_t r = 0; r < table->row_count; r++) {
            struct schema_place *place = &all[(*count)++];
            place->table = table;
            place->row = &table->rows[r];
            snprintf(place->path, sizeof place->path, "%s%s.%s", table->prefix,
                     table->most ? "[0]" : "", table->rows[r].path);
        }
    }
    return all;
}

static inline bool rows_plausible(const struct schema_row *row)
{
    return row->plausible_low < row->plausible_high;
}

static inline uint64_t rows_hash(const char *text, size_t n)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* What a scenario is: equal when all its parameters are. 0 = no memory. */
static inline uint64_t rows_scenario(const struct model *model)
{
    char *text = resolved_text(&model->parameters);
    uint64_t key = text ? rows_hash(text, strlen(text)) : 0;
    free(text);
    return key;
}

/* The two values of the effect test as text: `from` and `to`, or else the plausible range.
 * False when the row has neither. */
static inline bool rows_value(const struct schema_row *row, bool to, char *text, size_t size)
{
    const char *given = to ? row->to : row->from;
    double bound = to ? row->plausible_high : row->plausible_low;
    if (given)
        snprintf(text, size, "%s", given);
    else if (row->from || row->to || !rows_plausible(row))
        return false;
    else if (row->type == SCHEMA_INT)
        snprintf(text, size, "%.0f", bound);
    else if (row->type == SCHEMA_FLOAT)
        snprintf(text, size, "%.17g", bound);
    else
        return false;
    return true;
}

#endif
