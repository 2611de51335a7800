/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/parameters_text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct cursor {
    const char *at;
    char *room, *end; /* where the next text goes */
    bool words;
};

static void skip_space(struct cursor *c)
{
    while (isspace((unsigned char)*c->at)) c->at++;
}

/* digits after an optional sign, or hexadecimal, then up to two L */
static bool looks_integer(const char *text)
{
    const char *digits = "0123456789";
    size_t n;

    text += *text == '+' || *text == '-';
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        digits = "0123456789abcdefABCDEF";
        text += 2;
    }
    n = strspn(text, digits);
    text += n;
    text += *text == 'L';
    text += *text == 'L';
    return n > 0 && *text == '\0';
}

/* digits with a point, an exponent, or both; never nan, inf or hexadecimal */
static bool looks_float(const char *text)
{
    size_t before, after = 0;

    text += *text == '+' || *text == '-';
    before = strspn(text, "0123456789");
    text += before;
    if (*text == '.') {
        after = strspn(++text, "0123456789");
        text += after;
    }
    if (before + after == 0) return false;
    if (*text == 'e' || *text == 'E') {
        text++;
        text += *text == '+' || *text == '-';
        before = strspn(text, "0123456789");
        if (before == 0) return false;
        text += before;
    }
    return *text == '\0';
}

static const char *read_integer(const char *text, struct value *out)
{
    const char *digits = text + (*text == '+' || *text == '-');
    int base = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X') ? 16 : 10;

    errno = 0;
    out->kind = VALUE_INT;
    out->integer = strtoll(text, NULL, base);
    if (errno != ERANGE) return NULL;
    if (base == 16) return "a hexadecimal number beyond 64 bits";
    out->kind = VALUE_FLOAT;
    out->number = strtod(text, NULL);
    return isfinite(out->number) ? NULL : "a number that is too large";
}

static const char *classify(struct value *out, const char *text, bool words)
{
    *out = (struct value){.kind = VALUE_TEXT, .text = text};
    if (words) return NULL;
    if (strcasecmp(text, "true") == 0 || strcasecmp(text, "false") == 0) {
        out->kind = VALUE_BOOL;
        out->boolean = text[0] == 't' || text[0] == 'T';
        return NULL;
    }
    if (looks_integer(text)) return read_integer(text, out);
    if (!looks_float(text)) return NULL;
    out->kind = VALUE_FLOAT;
    out->number = strtod(text, NULL);
    return isfinite(out->number) ? NULL : "a number that is too large";
}

static const char *keep(struct cursor *c, int byte)
{
    if (c->room == c->end) return "a text that is too long";
    *c->room++ = (char)byte;
    return NULL;
}

/* One character after a backslash; -1 when there is no such escape. */
static int escaped(struct cursor *c)
{
    static const char from[] = "\"\\nrtf", to[] = "\"\\\n\r\t\f";
    const char *found;
    char hex[3] = "";

    if (*c->at == '\0') return -1;
    if (*c->at == 'x' && isxdigit((unsigned char)c->at[1]) &&
        isxdigit((unsigned char)c->at[2])) {
        memcpy(hex, c->at + 1, 2);
        c->at += 3;
        return strcmp(hex, "00") == 0 ? -1 : (int)strtol(hex, NULL, 16);
    }
    found = strchr(from, *c->at++);
    return found == NULL ? -1 : (unsigned char)to[found - from];
}

static const char *read_quoted(struct cursor *c, struct value *out)
{
    const char *wrong = NULL;

    *out = (struct value){.kind = VALUE_TEXT, .text = c->room};
    for (c->at++; *c->at != '"' && wrong == NULL;) {
        int byte = (unsigned char)*c->at++;

        if (byte == '\0') return "a text that does not end";
        if (byte == '\\') byte = escaped(c);
        if (byte < 0) return "an unknown escape in a text";
        wrong = keep(c, byte);
    }
    if (wrong != NULL) return wrong;
    c->at++;
    return keep(c, '\0');
}

/* Up to one of `stop` or the end, without the spaces around it. */
static const char *read_bare(struct cursor *c, const char *stop, struct value *out)
{
    size_t length = strcspn(c->at, stop), kept = length;
    const char *text = c->room;

    while (kept > 0 && isspace((unsigned char)c->at[kept - 1])) kept--;
    if (kept + 1 > (size_t)(c->end - c->room)) return "a text that is too long";
    memcpy(c->room, c->at, kept);
    c->room[kept] = '\0';
    c->room += kept + 1;
    c->at += length;
    return classify(out, text, c->words);
}

static const char *read_item(struct cursor *c, const char *stop, struct value *out)
{
    const char *wrong;

    skip_space(c);
    if (*c->at == '[' || *c->at == '(') return "a list inside a list";
    if (*c->at == '\0' || strchr(stop, *c->at) != NULL) return "an empty item";
    wrong = *c->at == '"' ? read_quoted(c, out) : read_bare(c, stop, out);
    if (wrong == NULL) skip_space(c);
    return wrong;
}

/* Items between commas up to `close`, or to the end of the text when it is 0. */
static const char *read_list(struct cursor *c, char close, struct parameters_text *out)
{
    const char stop[] = {',', close, '\0'};
    size_t n = 0;

    out->value = (struct value){.kind = VALUE_LIST, .items = out->items};
    skip_space(c);
    while (*c->at != close || n > 0) {
        const char *wrong;

        if (n == SCHEMA_NAMES_MAX) return "a list that is too long";
        wrong = read_item(c, stop, &out->items[n]);
        if (wrong != NULL) return wrong;
        out->value.item_count = ++n;
        if (*c->at == close) break;
        if (*c->at == '\0') return "a list that does not end";
        if (*c->at != ',') return "text after a value";
        c->at++;
    }
    c->at += close != '\0';
    skip_space(c);
    return *c->at == '\0' ? NULL : "text after a value";
}

static bool bare_list(const char *text)
{
    bool quoted = false;

    for (; *text != '\0'; text++) {
        if (*text == '\\' && quoted && text[1] != '\0')
            text++;
        else if (*text == '"')
            quoted = !quoted;
        else if (*text == ',' && !quoted)
            return true;
    }
    return false;
}

const char *parameters_text_parse(struct parameters_text *self, const char *text,
                                  enum parameters_text_mode mode)
{
    struct cursor c = {.at = text,
                       .room = self->text,
                       .end = self->text + sizeof self->text,
                       .words = mode != PARAMETERS_TEXT_VALUES};
    const char *wrong;

    skip_space(&c);
    if (*c.at == '\0' || (mode == PARAMETERS_TEXT_WHOLE && *c.at != '"')) {
        c.words = true;
        return read_bare(&c, "", &self->value);
    }
    if (*c.at == '[' || *c.at == '(') {
        char close = *c.at++ == '[' ? ']' : ')';

        return read_list(&c, close, self);
    }
    if (mode != PARAMETERS_TEXT_WHOLE && bare_list(c.at)) return read_list(&c, '\0', self);
    wrong = read_item(&c, "", &self->value);
    if (wrong == NULL && *c.at != '\0') wrong = "text after a value";
    return wrong;
}

void parameters_write(struct parameters_writer *self, const char *text)
{
    for (; *text != '\0'; text++) {
        if (self->length + 1 < self->size) {
            self->buffer[self->length] = *text;
            self->buffer[self->length + 1] = '\0';
        }
        self->length++;
    }
}

void parameters_write_quoted(struct parameters_writer *self, const char *text)
{
    parameters_write(self, "\"");
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        char piece[8] = {*text, '\0'};

        if (byte == '"' || byte == '\\')
            snprintf(piece, sizeof piece, "\\%c", byte);
        else if (byte < 0x20 || byte == 0x7f)
            snprintf(piece, sizeof piece, "\\x%02x", byte);
        parameters_write(self, piece);
    }
    parameters_write(self, "\"");
}

/* 1e+09 to 1e9, 1e-07 to 1e-7 */
static void tidy_exponent(char *text)
{
    char *e = strchr(text, 'e'), *from;

    if (e == NULL) return;
    from = ++e;
    if (*from == '-') e++;
    if (*from == '-' || *from == '+') from++;
    while (*from == '0' && from[1] != '\0') from++;
    memmove(e, from, strlen(from) + 1);
}

void parameters_write_number(struct parameters_writer *self, double x, bool as_float)
{
    char text[40], whole[40];

    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, x);
        if (strtod(text, NULL) == x) break;
    }
    tidy_exponent(text);
    snprintf(whole, sizeof whole, "%.0f", fabs(x) < 1e15 ? x : 0.0);
    if (strtod(whole, NULL) == x && strlen(whole) <= strlen(text) + 3) strcpy(text, whole);
    if (as_float && strpbrk(text, ".en") == NULL) strcat(text, ".0");
    parameters_write(self, text);
}

void parameters_write_value(struct parameters_writer *self, const struct value *value)
{
    char text[32];

    switch (value->kind) {
    case VALUE_BOOL:
        parameters_write(self, value->boolean ? "true" : "false");
        break;
    case VALUE_INT:
        snprintf(text, sizeof text, "%" PRId64, value->integer);
        parameters_write(self, text);
        break;
    case VALUE_FLOAT:
        parameters_write_number(self, value->number, true);
        break;
    case VALUE_TEXT:
        parameters_write_quoted(self, value->text);
        break;
    case VALUE_LIST:
        parameters_write(self, "[");
        for (size_t i = 0; i < value->item_count; i++) {
            if (i > 0) parameters_write(self, ", ");
            if (value->items[i].kind == VALUE_LIST)
                parameters_write(self, "[...]");
            else
                parameters_write_value(self, &value->items[i]);
        }
        parameters_write(self, "]");
        break;
    }
}
