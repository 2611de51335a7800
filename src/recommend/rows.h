/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Short forms of schema rows: the parameters of recommenders are read once, before training. */
#ifndef RECOMMEND_ROWS_H
#define RECOMMEND_ROWS_H

#include "base/schema.h"

/* owner: the struct of values; field: its member and the path; then default, range, the range
 * that is worth trying, what it means, where the default comes from, and what it moves. */
#define ROW_NUMBER(kind, owner, field, standard, least, most, from, to, text, tag, output)     \
    {                                                                                          \
        .path = #field, .type = kind, .unit = "1", .low = least, .high = most,                 \
        .initial = standard, .meaning = text, .source = tag, .plausible_low = from,            \
        .plausible_high = to, .when = SCHEMA_START, .moves = output,                           \
        .offset = offsetof(struct owner, field)                                                \
    }
#define ROW_INT(...) ROW_NUMBER(SCHEMA_INT, __VA_ARGS__)
#define ROW_FLOAT(...) ROW_NUMBER(SCHEMA_FLOAT, __VA_ARGS__)
#define ROW_BOOL(owner, field, standard, text, tag, output)                                    \
    {                                                                                          \
        .path = #field, .type = SCHEMA_BOOL, .unit = "1", .initial = standard,                 \
        .meaning = text, .source = tag, .when = SCHEMA_START, .moves = output,                 \
        .offset = offsetof(struct owner, field)                                                \
    }
#define ROW_CHOICE(owner, field, standard, names, text, tag, output)                           \
    {                                                                                          \
        .path = #field, .type = SCHEMA_CHOICE, .unit = "1", .initial = standard,               \
        .choices = names, .meaning = text, .source = tag, .when = SCHEMA_START,                \
        .moves = output, .offset = offsetof(struct owner, field)                               \
    }

#endif
