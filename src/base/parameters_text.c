/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parameters.h"

#define TEXT_MOST 8192 /* of a value given as text */

/* A copy of the text that is cut into values in place; items of a list live in `items`. */
struct text {
    char buffer[TEXT_MOST];
    struct value items[SCHEMA_NAMES_MAX + 1];
};

static char *trim(char *text)
{
    while (isspace((unsigned char)*text)) text++;
    size_t n = strlen(text);
    while (n && isspace((unsigned char)text[n - 1])) text[--n] = 0;
    return text;
}

static bool parse_integer(const char *text, struct value *out)
{
    char *end = NULL;
    errno = 0;
    long long n = strtoll(text, &end, 0);
    if (end == text || errno) return false;
    if (*end == 'L') end++;
    if (*end == 'L') end++;
    if (*end) return false;
    /* 010 is ten, as in libconfig, not eight. */
    if (text[strspn(text, "+-")] == '0' && strspn(text, "+-0123456789") == strlen(text))
        n = strtoll(text, NULL, 10);
    *out = (struct value){.kind = VALUE_INT, .integer = n};
    return true;
}

static bool parse_float(const char *text, struct value *out)
{
    char *end = NULL;
    if (!strpbrk(text, "0123456789") || strpbrk(text, "xXpP")) return false;
    double x = strtod(text, &end);
    if (end == text || *end) return false;
    *out = (struct value){.kind = VALUE_FLOAT, .number = x};
    return true;
}

/* Undoes \" and \\ in place. */
static void unquote(char *text)
{
    char *to = text;
    for (char *from = text + 1; *from && *from != '"'; from++) {
        if (*from == '\\' && from[1]) from++;
        *to++ = *from;
    }
    *to = 0;
}

static void parse_scalar(char *text, struct value *out)
{
    text = trim(text);
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
        *out = (struct value){.kind = VALUE_BOOL, .boolean = *text == 't'};
    else if (!parse_integer(text, out) && !parse_float(text, out)) {
        if (*text == '"') unquote(text);
        *out = (struct value){.kind = VALUE_TEXT, .text = text};
    }
}

/* Cuts at commas outside quotes. */
static void parse_list(char *text, struct text *store, struct value *out)
{
    size_t count = 0;
    char *item = text;
    bool quoted = false, last = *trim(text) == 0;
    for (char *c = text; !last && count < SCHEMA_NAMES_MAX + 1; c++) {
        if (*c == '\\' && c[1]) c++;
        else if (*c == '"') quoted = !quoted;
        last = *c == 0;
        if (!last && (*c != ',' || quoted)) continue;
        *c = 0;
        parse_scalar(item, &store->items[count++]);
        item = c + 1;
    }
    *out = (struct value){.kind = VALUE_LIST, .items = store->items, .item_count = count};
}

/* A row that wants a list takes "a,b" as well as ["a", "b"]; one that wants a text takes any. */
static void parse_text(const struct schema_row *row, struct text *store, struct value *out)
{
    bool list = row->type == SCHEMA_NAMES || row->type == SCHEMA_FLOATS;
    char *text = trim(store->buffer);
    size_t n = strlen(text);
    if (n >= 2 && ((*text == '[' && text[n - 1] == ']') || (*text == '(' && text[n - 1] == ')'))) {
        text[n - 1] = 0;
        parse_list(text + 1, store, out);
    } else if (list) {
        parse_list(text, store, out);
    } else if ((row->type == SCHEMA_TEXT || row->type == SCHEMA_CHOICE) && *text != '"') {
        *out = (struct value){.kind = VALUE_TEXT, .text = text};
    } else {
        parse_scalar(text, out);
    }
}

enum status parameters_store_text(struct parameters *self, const struct parameter *at,
                                  const char *text, const char *where, struct errors *errors)
{
    if (strlen(text) >= TEXT_MOST)
        return errors_add(errors, STATUS_BAD_INPUT, "%s: %s.%s: the value is longer than %d bytes",
                          where, at->table->prefix, at->row->path, TEXT_MOST - 1);
    struct text *store = memory_alloc(1, sizeof *store);
    if (!store) return STATUS_NO_MEMORY;
    struct value value;
    snprintf(store->buffer, sizeof store->buffer, "%s", text);
    parse_text(at->row, store, &value);
    enum status status = parameters_store(self, at, &value, where, errors);
    memory_free(store);
    return status;
}

enum status parameters_set(struct parameters *self, const char *path, const char *text,
                           const char *where, struct errors *errors)
{
    struct parameter at;
    if (parameters_find(self, path, &at))
        return parameters_store_text(self, &at, text, where, errors);
    char near[192];
    if (parameters_suggest(self, path, near, sizeof near))
        return errors_add(errors, STATUS_BAD_INPUT,
                          "unknown setting `%s` at %s, did you mean `%s`?", path, where, near);
    return errors_add(errors, STATUS_BAD_INPUT,
                      "unknown setting `%s` at %s; `reelsim explain` lists them all", path, where);
}
