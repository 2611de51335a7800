/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parameters.h"

/* One value on its way into a row, with what an error message needs. */
struct storing {
    const struct parameters *parameters;
    const struct parameter *at;
    const char *where;
    struct errors *errors;
};

static const char *type_words(enum schema_type type)
{
    static const char *const words[] = {
        [SCHEMA_BOOL] = "true or false",
        [SCHEMA_INT] = "a whole number",
        [SCHEMA_FLOAT] = "a number",
        [SCHEMA_CHOICE] = "one of a few words",
        [SCHEMA_TEXT] = "a text",
        [SCHEMA_NAMES] = "a list of names",
        [SCHEMA_FLOATS] = "a list of numbers",
    };
    return words[type];
}

/* "a.cfg:12: revenue.ads.cpm = " goes before every complaint. */
static int write_head(const struct storing *s, const char *shown, char *buffer, size_t size)
{
    char index[16] = "";
    if (s->at->table->most) snprintf(index, sizeof index, "[%d]", (int)s->at->index);
    return snprintf(buffer, size, "%s: %s%s.%s = %s", s->where, s->at->table->prefix, index,
                    s->at->row->path, shown);
}

static void show_value(const struct value *value, char *buffer, size_t size)
{
    switch (value->kind) {
    case VALUE_BOOL:
        snprintf(buffer, size, "%s", value->boolean ? "true" : "false");
        break;
    case VALUE_INT:
        snprintf(buffer, size, "%" PRId64, value->integer);
        break;
    case VALUE_FLOAT:
        snprintf(buffer, size, "%g", value->number);
        break;
    case VALUE_TEXT:
        snprintf(buffer, size, "\"%.80s\"", value->text);
        break;
    case VALUE_LIST:
        snprintf(buffer, size, "[%zu values]", value->item_count);
        break;
    }
}

static enum status wrong_type(const struct storing *s, const struct value *value)
{
    char shown[128], head[512];
    show_value(value, shown, sizeof shown);
    write_head(s, shown, head, sizeof head);
    bool whole = s->at->row->type == SCHEMA_INT && value->kind == VALUE_FLOAT;
    return errors_add(s->errors, STATUS_BAD_INPUT, "%s, must be %s%s", head,
                      type_words(s->at->row->type), whole ? " (no decimal point)" : "");
}

static enum status check_range(const struct storing *s, const struct value *value,
                               double number)
{
    const struct schema_row *row = s->at->row;
    if (isfinite(number) && number >= row->low && number <= row->high) return STATUS_OK;
    char shown[128], head[512];
    show_value(value, shown, sizeof shown);
    write_head(s, shown, head, sizeof head);
    const char *unit = row->unit && strcmp(row->unit, "1") ? row->unit : "";
    return errors_add(s->errors, STATUS_BAD_INPUT, "%s, must be in [%g, %g]%s%s", head,
                      row->low, row->high, *unit ? " " : "", unit);
}

/* The names that a text row allows, one after the other, NULL past the end. */
struct allowed {
    const char *const *names; /* of a registry */
    const char *words;        /* or "a|b|c" */
    char word[SCHEMA_NAME_SIZE];
};

static struct allowed allowed_open(const struct storing *s)
{
    const char *choices = s->at->row->choices;
    struct allowed all = {0};
    if (!choices) return all;
    if (s->at->row->type == SCHEMA_CHOICE || strchr(choices, '|'))
        all.words = choices;
    else if (s->parameters->names)
        all.names = s->parameters->names(s->parameters->names_context, choices);
    return all;
}

static const char *allowed_next(struct allowed *all)
{
    if (all->names) return *all->names ? *all->names++ : NULL;
    if (!all->words || !*all->words) return NULL;
    size_t length = strcspn(all->words, "|");
    snprintf(all->word, sizeof all->word, "%.*s", (int)length, all->words);
    all->words += length + (all->words[length] == '|');
    return all->word;
}

/* Index of `text` among what is allowed; -1 when it is not, after an error that lists them.
 * Rows without choices allow anything: 0. */
static int32_t check_name(const struct storing *s, const char *text, enum status *status)
{
    struct allowed all = allowed_open(s);
    if (!all.names && !all.words) return 0;
    int32_t index = 0;
    for (const char *name; (name = allowed_next(&all)); index++)
        if (strcmp(name, text) == 0) return index;
    char shown[128], head[512], list[512];
    size_t used = 0;
    snprintf(shown, sizeof shown, "\"%.80s\"", text);
    write_head(s, shown, head, sizeof head);
    list[0] = 0;
    all = allowed_open(s);
    for (const char *name; (name = allowed_next(&all)) && used < sizeof list - 1;)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "",
                                 name);
    *status = errors_add(s->errors, STATUS_BAD_INPUT, "%s, must be one of: %s", head, list);
    return -1;
}

static enum status store_names(const struct storing *s, const struct value *value)
{
    struct name_list *list = s->at->value;
    if (value->kind != VALUE_LIST) return wrong_type(s, value);
    if (value->item_count > SCHEMA_NAMES_MAX)
        return errors_add(s->errors, STATUS_BAD_INPUT, "%s: %s.%s has %zu names, at most %d",
                          s->where, s->at->table->prefix, s->at->row->path, value->item_count,
                          SCHEMA_NAMES_MAX);
    struct name_list made = {0};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < value->item_count; i++) {
        const struct value *item = &value->items[i];
        if (item->kind != VALUE_TEXT) return wrong_type(s, item);
        if (strlen(item->text) >= SCHEMA_NAME_SIZE)
            return errors_add(s->errors, STATUS_BAD_INPUT,
                              "%s: %s.%s: \"%.40s...\" is longer than %d characters", s->where,
                              s->at->table->prefix, s->at->row->path, item->text,
                              SCHEMA_NAME_SIZE - 1);
        if (check_name(s, item->text, &status) < 0) continue;
        snprintf(made.name[made.count++], SCHEMA_NAME_SIZE, "%s", item->text);
    }
    if (!status) *list = made;
    return status;
}

static enum status store_floats(const struct storing *s, const struct value *value)
{
    if (value->kind != VALUE_LIST) return wrong_type(s, value);
    if (value->item_count > SCHEMA_FLOATS_MAX)
        return errors_add(s->errors, STATUS_BAD_INPUT, "%s: %s.%s has %zu numbers, at most %d",
                          s->where, s->at->table->prefix, s->at->row->path, value->item_count,
                          SCHEMA_FLOATS_MAX);
    struct float_list made = {.count = (int32_t)value->item_count};
    for (size_t i = 0; i < value->item_count; i++) {
        const struct value *item = &value->items[i];
        if (item->kind != VALUE_INT && item->kind != VALUE_FLOAT) return wrong_type(s, item);
        made.value[i] = item->kind == VALUE_INT ? (double)item->integer : item->number;
        enum status status = check_range(s, item, made.value[i]);
        if (status) return status;
    }
    *(struct float_list *)s->at->value = made;
    return STATUS_OK;
}

static enum status store_text(const struct storing *s, const struct value *value)
{
    enum status status = STATUS_OK;
    if (value->kind != VALUE_TEXT) return wrong_type(s, value);
    if (strlen(value->text) >= SCHEMA_TEXT_SIZE)
        return errors_add(s->errors, STATUS_BAD_INPUT, "%s: %s.%s is longer than %d characters",
                          s->where, s->at->table->prefix, s->at->row->path,
                          SCHEMA_TEXT_SIZE - 1);
    int32_t index = check_name(s, value->text, &status);
    if (index < 0) return status;
    if (s->at->row->type == SCHEMA_CHOICE)
        *(int32_t *)s->at->value = index;
    else
        snprintf(s->at->value, SCHEMA_TEXT_SIZE, "%s", value->text);
    return STATUS_OK;
}

static enum status store_number(const struct storing *s, const struct value *value)
{
    bool integer = value->kind == VALUE_INT;
    if (!integer && (value->kind != VALUE_FLOAT || s->at->row->type == SCHEMA_INT))
        return wrong_type(s, value);
    double number = integer ? (double)value->integer : value->number;
    enum status status = check_range(s, value, number);
    if (status) return status;
    if (s->at->row->type == SCHEMA_INT)
        *(int64_t *)s->at->value = value->integer;
    else
        *(double *)s->at->value = number;
    return STATUS_OK;
}

enum status parameters_store(struct parameters *self, const struct parameter *at,
                             const struct value *value, const char *where,
                             struct errors *errors)
{
    const struct storing s = {self, at, where, errors};
    enum status status = STATUS_OK;
    switch (at->row->type) {
    case SCHEMA_BOOL:
        if (value->kind != VALUE_BOOL) return wrong_type(&s, value);
        *(bool *)at->value = value->boolean;
        break;
    case SCHEMA_INT:
    case SCHEMA_FLOAT:
        status = store_number(&s, value);
        break;
    case SCHEMA_CHOICE:
    case SCHEMA_TEXT:
        status = store_text(&s, value);
        break;
    case SCHEMA_NAMES:
        status = store_names(&s, value);
        break;
    case SCHEMA_FLOATS:
        status = store_floats(&s, value);
        break;
    }
    if (!status)
        at->block->given[(size_t)at->index * at->table->row_count +
                         (size_t)(at->row - at->table->rows)] = 1;
    return status;
}

/* The shortest of %.15g, %.16g, %.17g that reads back to the same bits, always with a point. */
static int print_float(double x, char *buffer, size_t size)
{
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, x);
        if (strtod(text, NULL) == x) break;
    }
    bool bare = text[strspn(text, "-0123456789")] == 0;
    return snprintf(buffer, size, "%s%s", text, bare ? ".0" : "");
}

static int print_quoted(const char *text, char *buffer, size_t size)
{
    size_t used = 0;
    char piece[3] = "\"";
    used += (size_t)snprintf(buffer, size, "\"");
    for (; *text; text++) {
        bool escape = *text == '"' || *text == '\\';
        piece[0] = escape ? '\\' : *text;
        piece[1] = escape ? *text : 0;
        piece[2] = 0;
        used += (size_t)snprintf(used < size ? buffer + used : NULL,
                                 used < size ? size - used : 0, "%s", piece);
    }
    used += (size_t)snprintf(used < size ? buffer + used : NULL, used < size ? size - used : 0,
                             "\"");
    return (int)used;
}

/* Element i of a list-valued parameter. */
static int print_item(const struct parameter *at, int32_t i, char *buffer, size_t size)
{
    if (at->row->type == SCHEMA_NAMES)
        return print_quoted(((const struct name_list *)at->value)->name[i], buffer, size);
    return print_float(((const struct float_list *)at->value)->value[i], buffer, size);
}

static int print_list(const struct parameter *at, int32_t count, char *buffer, size_t size)
{
    size_t used = (size_t)snprintf(buffer, size, "[");
    for (int32_t i = 0; i < count; i++) {
        char item[SCHEMA_NAME_SIZE * 2 + 4];
        print_item(at, i, item, sizeof item);
        used += (size_t)snprintf(used < size ? buffer + used : NULL,
                                 used < size ? size - used : 0, "%s%s", i ? ", " : "", item);
    }
    used += (size_t)snprintf(used < size ? buffer + used : NULL, used < size ? size - used : 0,
                             "]");
    return (int)used;
}

static int print_choice(const struct parameter *at, char *buffer, size_t size)
{
    const char *words = at->row->choices;
    for (int32_t i = *(const int32_t *)at->value; i > 0; i--) words += strcspn(words, "|") + 1;
    return snprintf(buffer, size, "\"%.*s\"", (int)strcspn(words, "|"), words);
}

int parameters_print(const struct parameter *at, char *buffer, size_t size)
{
    switch (at->row->type) {
    case SCHEMA_BOOL:
        return snprintf(buffer, size, "%s", *(const bool *)at->value ? "true" : "false");
    case SCHEMA_INT: {
        int64_t n = *(const int64_t *)at->value;
        bool large = n > INT32_MAX || n < INT32_MIN;
        return snprintf(buffer, size, "%" PRId64 "%s", n, large ? "L" : "");
    }
    case SCHEMA_FLOAT:
        return print_float(*(const double *)at->value, buffer, size);
    case SCHEMA_CHOICE:
        return print_choice(at, buffer, size);
    case SCHEMA_TEXT:
        return print_quoted(at->value, buffer, size);
    case SCHEMA_NAMES:
        return print_list(at, ((const struct name_list *)at->value)->count, buffer, size);
    case SCHEMA_FLOATS:
        return print_list(at, ((const struct float_list *)at->value)->count, buffer, size);
    }
    return 0;
}
