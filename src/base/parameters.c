/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/parameters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "parameters_text.h"

/* Every group of a list is given its defaults when it is made; a default is text like any
 * other, so one that does not parse is found at the first start of the program. */
static void set_defaults(struct parameters *self, struct parameter_block *block, int32_t index)
{
    for (size_t r = 0; r < block->table->row_count; r++) {
        const struct schema_row *row = &block->table->rows[r];
        struct parameter at = {block->table, row, block, index,
                               (char *)block->data + (size_t)index * block->table->size +
                                   row->offset};
        struct errors errors = {0};
        enum status parsed = row->initial ? parameters_store_text(self, &at, row->initial,
                                                                  "default", &errors)
                                          : STATUS_BAD_INPUT;
        require(parsed == STATUS_OK);
        block->given[(size_t)index * block->table->row_count + r] = 0;
    }
}

static enum status block_init(struct parameters *self, struct parameter_block *block,
                              const struct schema_table *table)
{
    size_t room = table->most ? (size_t)table->most : 1;
    *block = (struct parameter_block){.table = table, .count = table->most ? 0 : 1};
    block->data = memory_alloc(room, table->size);
    block->given = memory_alloc(room, table->row_count + 1);
    if (!block->data || !block->given) return STATUS_NO_MEMORY;
    if (block->count) set_defaults(self, block, 0);
    return STATUS_OK;
}

static void refuse_doubles(const struct parameters *self, size_t b)
{
    const struct schema_table *table = self->blocks[b].table;
    for (size_t i = 0; i < b; i++)
        require(strcmp(self->blocks[i].table->prefix, table->prefix));
    for (size_t r = 0; r < table->row_count; r++)
        for (size_t i = 0; i < r; i++)
            require(strcmp(table->rows[i].path, table->rows[r].path));
}

enum status parameters_init(struct parameters *self, const struct schema_table *const *tables,
                            size_t table_count)
{
    *self = (struct parameters){0};
    self->blocks = memory_alloc(table_count, sizeof *self->blocks);
    if (!self->blocks) return STATUS_NO_MEMORY;
    self->block_count = table_count;
    for (size_t b = 0; b < table_count; b++) {
        enum status status = block_init(self, &self->blocks[b], tables[b]);
        if (status) {
            parameters_free(self);
            return status;
        }
        refuse_doubles(self, b);
    }
    return STATUS_OK;
}

enum status parameters_copy(struct parameters *self, const struct parameters *from)
{
    *self = *from;
    self->blocks = memory_alloc(from->block_count, sizeof *self->blocks);
    if (!self->blocks) {
        *self = (struct parameters){0};
        return STATUS_NO_MEMORY;
    }
    for (size_t b = 0; b < from->block_count; b++) {
        const struct parameter_block *old = &from->blocks[b];
        struct parameter_block *block = &self->blocks[b];
        size_t room = old->table->most ? (size_t)old->table->most : 1;
        *block = (struct parameter_block){.table = old->table, .count = old->count};
        block->data = memory_alloc(room, old->table->size);
        block->given = memory_alloc(room, old->table->row_count + 1);
        if (!block->data || !block->given) {
            parameters_free(self);
            return STATUS_NO_MEMORY;
        }
        memcpy(block->data, old->data, room * old->table->size);
        memcpy(block->given, old->given, room * (old->table->row_count + 1));
    }
    return STATUS_OK;
}

size_t parameters_size(enum schema_type type)
{
    switch (type) {
    case SCHEMA_BOOL:
        return sizeof(bool);
    case SCHEMA_INT:
        return sizeof(int64_t);
    case SCHEMA_FLOAT:
        return sizeof(double);
    case SCHEMA_CHOICE:
        return sizeof(int32_t);
    case SCHEMA_TEXT:
        return SCHEMA_TEXT_SIZE;
    case SCHEMA_NAMES:
        return sizeof(struct name_list);
    case SCHEMA_FLOATS:
        return sizeof(struct float_list);
    }
    return 0;
}

static const char *wrong_with_row(const struct schema_table *table, size_t r)
{
    const struct schema_row *row = &table->rows[r];
    size_t size = parameters_size(row->type);
    if (!row->path || !row->path[0]) return "has no path";
    if (!row->initial || !row->meaning) return "lacks a default or a meaning";
    if (!size) return "is of no type that there is";
    if (row->type == SCHEMA_CHOICE && !row->choices) return "lacks its choices";
    if (size > table->size || row->offset > table->size - size)
        return "lies outside of its struct";
    for (size_t i = 0; i < r; i++)
        if (strcmp(table->rows[i].path, row->path) == 0) return "is declared twice";
    return NULL;
}

/* Every default is tried on a block that nobody uses. */
static enum status check_defaults(const struct schema_table *table, struct errors *errors)
{
    struct parameters alone = {0};
    struct parameter_block block = {.table = table, .count = 1};
    enum status status = STATUS_NO_MEMORY;
    block.data = memory_alloc(1, table->size);
    block.given = memory_alloc(1, table->row_count + 1);
    if (block.data && block.given) status = STATUS_OK;
    for (size_t r = 0; r < table->row_count && status != STATUS_NO_MEMORY; r++) {
        const struct schema_row *row = &table->rows[r];
        const struct parameter at = {table, row, &block, 0, (char *)block.data + row->offset};
        enum status stored = parameters_store_text(&alone, &at, row->initial, "default",
                                                   errors);
        if (stored) status = stored;
    }
    memory_free(block.data);
    memory_free(block.given);
    return status;
}

static enum status check_table(const struct schema_table *table, struct errors *errors)
{
    enum status status = STATUS_OK;
    for (size_t r = 0; r < table->row_count; r++) {
        const char *wrong = wrong_with_row(table, r), *path = table->rows[r].path;
        if (!wrong) continue;
        status = errors_add(errors, STATUS_BAD_INPUT, "parameter %s.%s %s", table->prefix,
                            path ? path : "?", wrong);
    }
    return status ? status : check_defaults(table, errors);
}

enum status parameters_check(const struct schema_table *const *tables, size_t table_count,
                             struct errors *errors)
{
    enum status status = STATUS_OK;
    for (size_t b = 0; b < table_count; b++) {
        enum status found = STATUS_OK;
        if (!tables[b]->prefix || !tables[b]->size || !tables[b]->rows)
            return errors_add(errors, STATUS_BAD_INPUT,
                              "a table of parameters without prefix, size or rows");
        for (size_t i = 0; i < b && !found; i++)
            if (strcmp(tables[i]->prefix, tables[b]->prefix) == 0)
                found = errors_add(errors, STATUS_BAD_INPUT,
                                   "two tables of parameters are named %s", tables[b]->prefix);
        if (!found) found = check_table(tables[b], errors);
        if (found) status = found;
    }
    return status;
}

void parameters_free(struct parameters *self)
{
    for (size_t b = 0; b < self->block_count; b++) {
        memory_free(self->blocks[b].data);
        memory_free(self->blocks[b].given);
    }
    memory_free(self->blocks);
    *self = (struct parameters){0};
}

static struct parameter_block *block_named(const struct parameters *self, const char *prefix,
                                           size_t length)
{
    for (size_t b = 0; b < self->block_count; b++) {
        const char *name = self->blocks[b].table->prefix;
        if (strlen(name) == length && memcmp(name, prefix, length) == 0)
            return &self->blocks[b];
    }
    return NULL;
}

void *parameters_block(const struct parameters *self, const char *prefix)
{
    struct parameter_block *block = block_named(self, prefix, strlen(prefix));
    require(block != NULL);
    return block->data;
}

int32_t parameters_count(const struct parameters *self, const char *prefix)
{
    struct parameter_block *block = block_named(self, prefix, strlen(prefix));
    require(block != NULL);
    return block->count;
}

static const struct schema_row *row_named(const struct schema_table *table, const char *name)
{
    for (size_t r = 0; r < table->row_count; r++)
        if (strcmp(table->rows[r].path, name) == 0) return &table->rows[r];
    return NULL;
}

static void point_at(struct parameter *out, struct parameter_block *block,
                     const struct schema_row *row, int32_t index)
{
    *out = (struct parameter){block->table, row, block, index,
                              (char *)block->data + (size_t)index * block->table->size +
                                  row->offset};
}

/* "prefix[2].row" */
static bool find_in_list(const struct parameters *self, const char *path, const char *bracket,
                         struct parameter *out)
{
    struct parameter_block *block = block_named(self, path, (size_t)(bracket - path));
    char *end = NULL;
    long index = strtol(bracket + 1, &end, 10);
    if (!block || !block->table->most || end == bracket + 1 || end[0] != ']' || end[1] != '.')
        return false;
    const struct schema_row *row = row_named(block->table, end + 2);
    if (!row || index < 0 || index >= block->count) return false;
    point_at(out, block, row, (int32_t)index);
    return true;
}

bool parameters_find(const struct parameters *self, const char *path, struct parameter *out)
{
    const char *bracket = strchr(path, '[');
    if (bracket) return find_in_list(self, path, bracket, out);
    for (size_t b = 0; b < self->block_count; b++) {
        const struct schema_table *table = self->blocks[b].table;
        size_t length = strlen(table->prefix);
        if (table->most || strncmp(path, table->prefix, length) || path[length] != '.')
            continue;
        const struct schema_row *row = row_named(table, path + length + 1);
        if (!row) continue;
        point_at(out, &self->blocks[b], row, 0);
        return true;
    }
    return false;
}

/* "creators.cohorts[2].skill" is the row "creators.cohorts.skill": leaves the [2] out. */
static void without_indices(const char *path, char plain[PARAMETERS_PATH_SIZE])
{
    size_t length = 0;
    bool inside = false;
    for (; *path && length + 1 < PARAMETERS_PATH_SIZE; path++) {
        if (*path == '[') inside = true;
        if (!inside) plain[length++] = *path;
        if (*path == ']') inside = false;
    }
    plain[length] = '\0';
}

bool parameters_is_group(const struct parameters *self, const char *path)
{
    char plain[PARAMETERS_PATH_SIZE], full[PARAMETERS_PATH_SIZE];
    without_indices(path, plain);
    size_t length = strlen(plain);
    for (size_t b = 0; b < self->block_count; b++) {
        const struct schema_table *table = self->blocks[b].table;
        for (size_t r = 0; r < table->row_count; r++) {
            snprintf(full, sizeof full, "%s.%s", table->prefix, table->rows[r].path);
            if (strncmp(full, plain, length) == 0 && full[length] == '.') return true;
        }
    }
    return false;
}

struct parameter parameters_inherited(const struct parameters *self, const char *list,
                                      int32_t index, const char *row)
{
    char path[SCHEMA_TEXT_SIZE];
    struct parameter at;
    const char *dot = strrchr(list, '.');
    require(dot);
    if (index < parameters_count(self, list)) {
        snprintf(path, sizeof(path), "%s[%d].%s", list, (int)index, row);
        bool found = parameters_find(self, path, &at);
        require(found);
        size_t r = (size_t)(at.row - at.table->rows);
        if (at.block->given[(size_t)index * at.table->row_count + r]) return at;
    }
    snprintf(path, sizeof(path), "%.*s.%s", (int)(dot - list), list, row);
    bool found = parameters_find(self, path, &at);
    require(found);
    return at;
}

enum status parameters_grow(struct parameters *self, const char *prefix, int32_t *index)
{
    struct parameter_block *block = block_named(self, prefix, strlen(prefix));
    if (!block || block->count >= block->table->most) return STATUS_BAD_INPUT;
    *index = block->count++;
    set_defaults(self, block, *index);
    return STATUS_OK;
}

void parameters_each(const struct parameters *self,
                     void (*each)(const struct parameter *at, const char *path, void *context),
                     void *context)
{
    for (size_t b = 0; b < self->block_count; b++) {
        struct parameter_block *block = &self->blocks[b];
        for (int32_t i = 0; i < block->count; i++) {
            for (size_t r = 0; r < block->table->row_count; r++) {
                const struct schema_row *row = &block->table->rows[r];
                char path[PARAMETERS_PATH_SIZE], index[16] = "";
                if (block->table->most) snprintf(index, sizeof index, "[%d]", (int)i);
                snprintf(path, sizeof path, "%s%s.%s", block->table->prefix, index, row->path);
                struct parameter at;
                point_at(&at, block, row, i);
                each(&at, path, context);
            }
        }
    }
}
