/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words of a scenario file, read strictly.
 *
 * libconfig's own lexer lets too much through in silence: 2147483648 becomes negative, 1.5e400
 * becomes infinite, a comment that is never closed swallows the rest of the file. This one
 * reads the same language, complains about those, and blanks comments in the text, so that what
 * is left means to libconfig what it meant here.
 */
#ifndef IO_LEXER_H
#define IO_LEXER_H

#include "base/status.h"

enum token_kind {
    TOKEN_END,
    TOKEN_NAME, /* may have dots, which libconfig's names do not */
    TOKEN_NUMBER,
    TOKEN_TEXT, /* start and length take the quotes in */
    TOKEN_TRUTH,
    TOKEN_MARK, /* one of = : ; , ( ) [ ] { } */
    TOKEN_INCLUDE
};

struct token {
    enum token_kind kind;
    char *start; /* into the lexer's text */
    size_t length;
    int line;
};

struct lexer {
    const char *file; /* for messages; borrowed */
    char *at, *end;   /* borrowed text, changed in place; *end is a NUL */
    int line;
    int wrong; /* how many errors were added */
    struct errors *errors;
};

/* Skips a UTF-8 byte order mark; refuses what is no text at all (NUL bytes, UTF-16). */
void lexer_init(struct lexer *self, const char *file, char *text, size_t length,
                struct errors *errors);
/* The next word. A word that is wrong in itself is reported and still handed out with its kind,
 * so that the reading goes on. */
void lexer_next(struct lexer *self, struct token *token);
/* Adds "FILE:LINE: ..." for an error of the caller's. */
void lexer_complain(struct lexer *self, int line, const char *format, ...) PRINTF_LIKE(3, 4);

#endif
