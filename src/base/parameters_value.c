/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks values against their rows and stores them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/parameters_suggest.h"
#include "parameters_text.h"

/* One value on its way into a row, with what an error message needs. */
struct storing {
    const struct parameters *parameters;
    const struct parameter *at;
    const char *where;
    struct errors *errors;
};

/* A message while it is put together. */
struct complaint {
    struct parameters_writer writer;
    char text[2048];
};

/* "a.cfg:12: revenue.ads.cpm = 1e12" goes before every complaint; a long value is cut. */
static void complaint_open(struct complaint *self, const struct storing *s,
                           const struct value *value)
{
    char shown[100], index[16] = "";
    struct parameters_writer writer = {.buffer = shown, .size = sizeof shown};

    self->writer = (struct parameters_writer){.buffer = self->text, .size = sizeof self->text};
    parameters_write_value(&writer, value);
    if (writer.length >= sizeof shown) strcpy(shown + sizeof shown - 4, "...");
    if (s->at->table->most > 0) snprintf(index, sizeof index, "[%d]", (int)s->at->index);
    const char *const pieces[] = {s->where, ": ",  s->at->table->prefix,
                                  index,    ".",   s->at->row->path,
                                  " = ",    shown, ", must be "};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        parameters_write(&self->writer, pieces[i]);
}

static enum status complaint_close(struct complaint *self, const struct storing *s)
{
    return errors_add(s->errors, STATUS_BAD_INPUT, "%s", self->text);
}

/* "in [0, 1] (s)" */
static void write_range(struct complaint *self, const struct schema_row *row)
{
    parameters_write(&self->writer, "in [");
    parameters_write_number(&self->writer, row->low, false);
    parameters_write(&self->writer, ", ");
    parameters_write_number(&self->writer, row->high, false);
    parameters_write(&self->writer, "]");
    if (row->unit == NULL || row->unit[0] == '\0' || strcmp(row->unit, "1") == 0) return;
    parameters_write(&self->writer, " (");
    parameters_write(&self->writer, row->unit);
    parameters_write(&self->writer, ")");
}

static enum status wrong_type(const struct storing *s, const struct value *value)
{
    static const char *const words[] = {
        [SCHEMA_BOOL] = "true or false",        [SCHEMA_INT] = "a whole number ",
        [SCHEMA_FLOAT] = "a number ",           [SCHEMA_CHOICE] = "a word",
        [SCHEMA_TEXT] = "a text in quotes",     [SCHEMA_NAMES] = "a list of names",
        [SCHEMA_FLOATS] = "a list of numbers ",
    };
    enum schema_type type = s->at->row->type;
    struct complaint complaint;

    complaint_open(&complaint, s, value);
    parameters_write(&complaint.writer, words[type]);
    if (type == SCHEMA_INT || type == SCHEMA_FLOAT || type == SCHEMA_FLOATS)
        write_range(&complaint, s->at->row);
    if (type == SCHEMA_INT && value->kind == VALUE_FLOAT)
        parameters_write(&complaint.writer, ", without point or exponent");
    return complaint_close(&complaint, s);
}

static enum status check_range(const struct storing *s, const struct value *value,
                               double number)
{
    const struct schema_row *row = s->at->row;
    struct complaint complaint;

    if (isfinite(number) && number >= row->low && number <= row->high) return STATUS_OK;
    complaint_open(&complaint, s, value);
    write_range(&complaint, row);
    return complaint_close(&complaint, s);
}

static enum status too_many(const struct storing *s, const struct value *value, size_t most)
{
    struct complaint complaint;
    char limit[64];

    snprintf(limit, sizeof limit, "at most %zu values, not %zu", most, value->item_count);
    complaint_open(&complaint, s, value);
    parameters_write(&complaint.writer, limit);
    return complaint_close(&complaint, s);
}

static enum status check_length(const struct storing *s, const struct value *value, size_t room)
{
    struct complaint complaint;
    char limit[64];

    if (strlen(value->text) < room) return STATUS_OK;
    snprintf(limit, sizeof limit, "at most %zu bytes long, not %zu", room - 1,
             strlen(value->text));
    complaint_open(&complaint, s, value);
    parameters_write(&complaint.writer, limit);
    return complaint_close(&complaint, s);
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

    if (choices == NULL) return all;
    if (s->at->row->type == SCHEMA_CHOICE || strchr(choices, '|') != NULL)
        all.words = choices;
    else if (s->parameters->names != NULL)
        all.names = s->parameters->names(s->parameters->names_context, choices);
    return all;
}

static const char *allowed_next(struct allowed *all)
{
    size_t length;

    if (all->names != NULL) return *all->names != NULL ? *all->names++ : NULL;
    if (all->words == NULL || *all->words == '\0') return NULL;
    length = strcspn(all->words, "|");
    snprintf(all->word, sizeof all->word, "%.*s", (int)length, all->words);
    all->words += length + (all->words[length] == '|');
    return all->word;
}

/* Lists what is allowed, and the nearest of it when the text looks like a slip. */
static enum status not_allowed(const struct storing *s, const struct value *value)
{
    struct allowed all = allowed_open(s);
    struct complaint complaint;
    char near[SCHEMA_NAME_SIZE] = "";
    int best = strlen(value->text) < 6 ? 2 : 3;
    bool first = true;

    complaint_open(&complaint, s, value);
    parameters_write(&complaint.writer, "one of: ");
    for (const char *name; (name = allowed_next(&all)) != NULL; first = false) {
        int distance = parameters_suggest_distance(value->text, name);

        if (!first) parameters_write(&complaint.writer, ", ");
        parameters_write(&complaint.writer, name);
        if (distance >= best) continue;
        best = distance;
        snprintf(near, sizeof near, "%s", name);
    }
    if (near[0] != '\0') {
        parameters_write(&complaint.writer, "; did you mean ");
        parameters_write_quoted(&complaint.writer, near);
        parameters_write(&complaint.writer, "?");
    }
    return complaint_close(&complaint, s);
}

/* Rows without choices allow any text, with *index = 0. */
static enum status check_name(const struct storing *s, const struct value *value,
                              int32_t *index)
{
    struct allowed all = allowed_open(s);

    *index = 0;
    if (all.names == NULL && all.words == NULL) return STATUS_OK;
    for (const char *name; (name = allowed_next(&all)) != NULL; ++*index)
        if (strcmp(name, value->text) == 0) return STATUS_OK;
    return not_allowed(s, value);
}

/* A registry's member works once; a list that names it twice is a slip. */
static enum status check_twice(const struct storing *s, const struct name_list *list,
                               const struct value *value)
{
    struct complaint complaint;

    if (s->at->row->choices == NULL || name_list_find(list, value->text) < 0) return STATUS_OK;
    complaint_open(&complaint, s, value);
    parameters_write(&complaint.writer, "there only once");
    return complaint_close(&complaint, s);
}

static enum status add_name(const struct storing *s, struct name_list *list,
                            const struct value *item)
{
    enum status status;
    int32_t unused;

    if (item->kind != VALUE_TEXT) return wrong_type(s, item);
    status = check_length(s, item, SCHEMA_NAME_SIZE);
    if (status == STATUS_OK) status = check_name(s, item, &unused);
    if (status == STATUS_OK) status = check_twice(s, list, item);
    if (status == STATUS_OK)
        snprintf(list->name[list->count++], SCHEMA_NAME_SIZE, "%s", item->text);
    return status;
}

/* All wrong names of a list are reported; the row keeps its old ones then. */
static enum status store_names(const struct storing *s, const struct value *value)
{
    struct name_list made = {0};
    enum status status = STATUS_OK;

    if (value->kind != VALUE_LIST) return wrong_type(s, value);
    if (value->item_count > SCHEMA_NAMES_MAX) return too_many(s, value, SCHEMA_NAMES_MAX);
    for (size_t i = 0; i < value->item_count; i++) {
        enum status added = add_name(s, &made, &value->items[i]);

        if (added != STATUS_OK) status = added;
    }
    if (status == STATUS_OK) *(struct name_list *)s->at->value = made;
    return status;
}

static enum status store_floats(const struct storing *s, const struct value *value)
{
    struct float_list made = {0};

    if (value->kind != VALUE_LIST) return wrong_type(s, value);
    if (value->item_count > SCHEMA_FLOATS_MAX) return too_many(s, value, SCHEMA_FLOATS_MAX);
    for (size_t i = 0; i < value->item_count; i++) {
        const struct value *item = &value->items[i];
        double number = item->kind == VALUE_INT ? (double)item->integer : item->number;
        enum status status;

        if (item->kind != VALUE_INT && item->kind != VALUE_FLOAT) return wrong_type(s, item);
        status = check_range(s, item, number);
        if (status != STATUS_OK) return status;
        made.value[made.count++] = number;
    }
    *(struct float_list *)s->at->value = made;
    return STATUS_OK;
}

static enum status store_text(const struct storing *s, const struct value *value)
{
    enum status status;
    int32_t index;

    if (value->kind != VALUE_TEXT) return wrong_type(s, value);
    status = check_length(s, value, SCHEMA_TEXT_SIZE);
    if (status == STATUS_OK) status = check_name(s, value, &index);
    if (status != STATUS_OK) return status;
    if (s->at->row->type == SCHEMA_CHOICE)
        *(int32_t *)s->at->value = index;
    else
        snprintf(s->at->value, SCHEMA_TEXT_SIZE, "%s", value->text);
    return STATUS_OK;
}

static enum status store_number(const struct storing *s, const struct value *value)
{
    bool integer = value->kind == VALUE_INT, wants_integer = s->at->row->type == SCHEMA_INT;
    double number = integer ? (double)value->integer : value->number;
    enum status status;

    if (!integer && (value->kind != VALUE_FLOAT || wants_integer)) return wrong_type(s, value);
    status = check_range(s, value, number);
    if (status != STATUS_OK) return status;
    if (wants_integer)
        *(int64_t *)s->at->value = value->integer;
    else
        *(double *)s->at->value = number;
    return STATUS_OK;
}

static enum status store_bool(const struct storing *s, const struct value *value)
{
    if (value->kind != VALUE_BOOL) return wrong_type(s, value);
    *(bool *)s->at->value = value->boolean;
    return STATUS_OK;
}

enum status parameters_store(struct parameters *self, const struct parameter *at,
                             const struct value *value, const char *where,
                             struct errors *errors)
{
    static enum status (*const store[])(const struct storing *, const struct value *) = {
        [SCHEMA_BOOL] = store_bool,     [SCHEMA_INT] = store_number,
        [SCHEMA_FLOAT] = store_number,  [SCHEMA_CHOICE] = store_text,
        [SCHEMA_TEXT] = store_text,     [SCHEMA_NAMES] = store_names,
        [SCHEMA_FLOATS] = store_floats,
    };
    const struct storing s = {self, at, where, errors};
    enum status status = store[at->row->type](&s, value);
    size_t row = (size_t)(at->row - at->table->rows);

    if (status == STATUS_OK)
        at->block->given[(size_t)at->index * at->table->row_count + row] = 1;
    return status;
}

static enum parameters_text_mode text_mode(enum schema_type type)
{
    if (type == SCHEMA_NAMES) return PARAMETERS_TEXT_WORDS;
    if (type == SCHEMA_TEXT || type == SCHEMA_CHOICE) return PARAMETERS_TEXT_WHOLE;
    return PARAMETERS_TEXT_VALUES;
}

enum status parameters_store_text(struct parameters *self, const struct parameter *at,
                                  const char *text, const char *where, struct errors *errors)
{
    const struct storing s = {self, at, where, errors};
    enum schema_type type = at->row->type;
    struct parameters_text parsed;
    struct value one = {.kind = VALUE_LIST, .items = &parsed.value, .item_count = 1};
    const char *wrong = parameters_text_parse(&parsed, text, text_mode(type));
    struct complaint complaint;

    if (wrong != NULL) {
        complaint_open(&complaint, &s, &(struct value){.kind = VALUE_TEXT, .text = text});
        parameters_write(&complaint.writer, "a value, not ");
        parameters_write(&complaint.writer, wrong);
        return complaint_close(&complaint, &s);
    }
    if ((type == SCHEMA_NAMES || type == SCHEMA_FLOATS) && parsed.value.kind != VALUE_LIST) {
        if (parsed.value.kind == VALUE_TEXT && parsed.value.text[0] == '\0') one.item_count = 0;
        return parameters_store(self, at, &one, where, errors);
    }
    return parameters_store(self, at, &parsed.value, where, errors);
}

enum status parameters_set(struct parameters *self, const char *path, const char *text,
                           const char *where, struct errors *errors)
{
    struct parameter at;
    char near[PARAMETERS_PATH_SIZE];

    if (parameters_find(self, path, &at))
        return parameters_store_text(self, &at, text, where, errors);
    if (parameters_is_group(self, path))
        return errors_add(
            errors, STATUS_BAD_INPUT,
            "`%s` at %s: is a group of settings; `reelsim explain %.*s` lists them", path,
            where, (int)strcspn(path, "["), path);
    const bool near_one = parameters_suggest(self, path, near, sizeof near) != NULL;
    if (near_one && strcmp(near, path) == 0)
        return errors_add(errors, STATUS_BAD_INPUT,
                          "`%s` at %s: the scenario has no such group; groups are added in its "
                          "file",
                          path, where);
    if (near_one)
        return errors_add(errors, STATUS_BAD_INPUT,
                          "unknown setting `%s` at %s, did you mean `%s`?", path, where, near);
    return errors_add(errors, STATUS_BAD_INPUT,
                      "unknown setting `%s` at %s; `reelsim explain` lists them all", path,
                      where);
}
