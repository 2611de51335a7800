/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "parameters_text.h"

/* libconfig reads integers beyond 32 bits only with an L. */
static void print_integer(struct parameters_writer *writer, int64_t n)
{
    char text[32];

    snprintf(text, sizeof text, "%" PRId64 "%s", n, n > INT32_MAX || n < INT32_MIN ? "L" : "");
    parameters_write(writer, text);
}

static void print_choice(struct parameters_writer *writer, const char *words, int32_t index)
{
    char word[SCHEMA_NAME_SIZE];

    for (; index > 0; index--) words += strcspn(words, "|") + 1;
    snprintf(word, sizeof word, "%.*s", (int)strcspn(words, "|"), words);
    parameters_write_quoted(writer, word);
}

static void print_names(struct parameters_writer *writer, const struct name_list *list)
{
    parameters_write(writer, "[");
    for (int32_t i = 0; i < list->count; i++) {
        if (i > 0) parameters_write(writer, ", ");
        parameters_write_quoted(writer, list->name[i]);
    }
    parameters_write(writer, "]");
}

static void print_floats(struct parameters_writer *writer, const struct float_list *list)
{
    parameters_write(writer, "[");
    for (int32_t i = 0; i < list->count; i++) {
        if (i > 0) parameters_write(writer, ", ");
        parameters_write_number(writer, list->value[i], true);
    }
    parameters_write(writer, "]");
}

int parameters_print(const struct parameter *at, char *buffer, size_t size)
{
    struct parameters_writer writer = {.buffer = buffer, .size = size};

    if (size > 0) buffer[0] = '\0';
    switch (at->row->type) {
    case SCHEMA_BOOL:
        parameters_write(&writer, *(const bool *)at->value ? "true" : "false");
        break;
    case SCHEMA_INT:
        print_integer(&writer, *(const int64_t *)at->value);
        break;
    case SCHEMA_FLOAT:
        parameters_write_number(&writer, *(const double *)at->value, true);
        break;
    case SCHEMA_CHOICE:
        print_choice(&writer, at->row->choices, *(const int32_t *)at->value);
        break;
    case SCHEMA_TEXT:
        parameters_write_quoted(&writer, at->value);
        break;
    case SCHEMA_NAMES:
        print_names(&writer, at->value);
        break;
    case SCHEMA_FLOATS:
        print_floats(&writer, at->value);
        break;
    }
    return (int)writer.length;
}
