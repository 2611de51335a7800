/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The values of all parameters of a scenario: one block a schema table.
 *
 * A module keeps a pointer to its own block (a const struct of plain members) and reads it in
 * the hot path; a policy change writes the member between two windows, so the next window sees
 * it. Blocks never move after parameters_init. Text forms are libconfig's: 0.5, true, "ads",
 * ["a","b"].
 */
#ifndef BASE_PARAMETERS_H
#define BASE_PARAMETERS_H

#include "base/schema.h"
#include "base/status.h"

struct parameter_block {
    const struct schema_table *table; /* borrowed */
    void *data;                       /* owned; one struct, or `count` of them */
    int32_t count;                    /* structs in data; always 1 unless the table is a list */
    uint8_t *given;                   /* owned; row_count flags a struct: set by the user? */
};

/* Which names a registry kind has: NULL-terminated list, or NULL for an unknown kind. */
typedef const char *const *(*parameters_names)(const void *context, const char *kind);

struct parameters {
    struct parameter_block *blocks; /* owned */
    size_t block_count;
    parameters_names names; /* for rows whose `choices` is a registry kind; may be NULL */
    const void *names_context;
};

/* One value as a reader found it, before it is checked against its row. */
enum value_kind { VALUE_BOOL, VALUE_INT, VALUE_FLOAT, VALUE_TEXT, VALUE_LIST };
struct value {
    enum value_kind kind;
    bool boolean;
    int64_t integer;
    double number;
    const char *text;          /* VALUE_TEXT; borrowed */
    const struct value *items; /* VALUE_LIST; borrowed */
    size_t item_count;
};

/* A row found by its full path, and the memory of its value. */
struct parameter {
    const struct schema_table *table;
    const struct schema_row *row;
    struct parameter_block *block;
    int32_t index; /* which struct of a list; 0 otherwise */
    void *value;
};

/* Copies nothing: `tables` must outlive self. Every value starts at its row's default.
 * A default that does not parse, or two rows of one path, is a bug and aborts. */
enum status parameters_init(struct parameters *self, const struct schema_table *const *tables,
                            size_t table_count) MUST_CHECK;
/* Other blocks with the same values; the tables and the names are those of `from`. */
enum status parameters_copy(struct parameters *self, const struct parameters *from) MUST_CHECK;
void parameters_free(struct parameters *self);
/* Whether parameters_init can take these tables, for those that came with a plug-in: no prefix
 * or path twice, members within their struct, defaults that parse and are in range. A line in
 * errors for each that is not so. */
enum status parameters_check(const struct schema_table *const *tables, size_t table_count,
                             struct errors *errors) MUST_CHECK;

/* The struct of values of a table; aborts when the prefix is unknown. */
void *parameters_block(const struct parameters *self, const char *prefix);
int32_t parameters_count(const struct parameters *self, const char *prefix);

/* True when settings lie below `path`: "revenue" when there is a "revenue.ads.cpm". */
bool parameters_is_group(const struct parameters *self, const char *path);

/* Finds "revenue.ads.cpm" or "creators.cohorts[2].skill"; false when there is no such row (or
 * no such group yet: a list grows by parameters_grow). */
bool parameters_find(const struct parameters *self, const char *path, struct parameter *out);
/* Of a list below a table, "creators.cohorts" below "creators": the row of group `index` when
 * the scenario gave it, else the table's own row of that name. Aborts when one is not there. */
struct parameter parameters_inherited(const struct parameters *self, const char *list,
                                      int32_t index, const char *row);
/* Bytes of a value; 0 = no such type. */
size_t parameters_size(enum schema_type type);
/* Appends one group with default values to a list table; STATUS_BAD_INPUT when it has as many
 * as it may, or there is no list of that prefix. */
enum status parameters_grow(struct parameters *self, const char *prefix,
                            int32_t *index) MUST_CHECK;

/* Checks type, range, choices, then stores. `where` is "file:line" or "--set", for the message:
 * `a.cfg:12: viewers.count = 0, must be in [1, 1e9]`. Int accepted for float, never the
 * reverse. */
enum status parameters_store(struct parameters *self, const struct parameter *at,
                             const struct value *value, const char *where,
                             struct errors *errors) MUST_CHECK;
/* The same from text: `--set path=text`, policy changes. A bare word is a text. Unknown paths
 * get a suggestion: "unknown setting `revenu.ads.cpm` at --set, did you mean
 * `revenue.ads.cpm`?" */
enum status parameters_set(struct parameters *self, const char *path, const char *text,
                           const char *where, struct errors *errors) MUST_CHECK;

/* parameters_store of a value in text form. */
enum status parameters_store_text(struct parameters *self, const struct parameter *at,
                                  const char *text, const char *where,
                                  struct errors *errors) MUST_CHECK;

/* The closest path to a misspelt one by edit distance, or NULL when nothing is near. */
const char *parameters_suggest(const struct parameters *self, const char *path, char *buffer,
                               size_t size);
/* A value as text that reads back to the same bits (%.17g for floats, shortest that
 * round-trips); returns the length, as snprintf. */
int parameters_print(const struct parameter *at, char *buffer, size_t size);
/* Calls `each` for every row (list tables: every group), in table order. */
void parameters_each(const struct parameters *self,
                     void (*each)(const struct parameter *at, const char *path, void *context),
                     void *context);

#endif
