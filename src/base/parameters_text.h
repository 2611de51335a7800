/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Values and their text, both ways, in libconfig's spelling: 12, 3000000000L, 0x1f, 0.5, 1e-3,
 * true, "text", ["a", "b"], (0.1, 0.2); on the command line also a bare word and a bare list
 * a,b.
 */
#ifndef BASE_PARAMETERS_TEXT_H
#define BASE_PARAMETERS_TEXT_H

#include "base/parameters.h"

#define PARAMETERS_TEXT_SIZE                                                                   \
    4096                         /* bytes of text that a value may have, with the final NUL    \
                                  */
#define PARAMETERS_PATH_SIZE 256 /* of a full path, with the final NUL */

/* How to read what is not in quotes. */
enum parameters_text_mode {
    PARAMETERS_TEXT_VALUES, /* numbers, true and false; the rest are words */
    PARAMETERS_TEXT_WORDS,  /* a list of words, whatever they look like */
    PARAMETERS_TEXT_WHOLE   /* all of it is one text, commas too */
};

/* A value and the memory that it points into; must not be moved or copied. */
struct parameters_text {
    struct value value;
    struct value items[SCHEMA_NAMES_MAX];
    char text[PARAMETERS_TEXT_SIZE];
};

/* Reads `text`; returns NULL, or what is wrong with it ("a text that does not end"). Integers
 * beyond 64 bits become floats; nan and inf are words, numbers beyond a double's range are
 * refused. */
const char *parameters_text_parse(struct parameters_text *self, const char *text,
                                  enum parameters_text_mode mode);

/* Text is appended as long as there is room; `length` counts what was wanted, as snprintf does.
 */
struct parameters_writer {
    char *buffer; /* borrowed; always ended by NUL when size > 0 */
    size_t size, length;
};

void parameters_write(struct parameters_writer *self, const char *text);
/* "text" in quotes, with libconfig's escapes. */
void parameters_write_quoted(struct parameters_writer *self, const char *text);
/* The shortest decimal that reads back to the same bits; 1e9 rather than 1e+09. With `as_float`
 * it has a point or an exponent (5.0), without it whole numbers stay bare (5). */
void parameters_write_number(struct parameters_writer *self, double x, bool as_float);
void parameters_write_value(struct parameters_writer *self, const struct value *value);

#endif
