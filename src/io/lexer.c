/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lexer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/utf8.h"

#define NAME_MOST 64 /* libconfig is quadratic in the length of a name and of a text */
#define NUMBER_MOST 64
#define TEXT_MOST 1024
#define SHOWN_MOST 40 /* characters of a long word that a message repeats */

void lexer_complain(struct lexer *self, int line, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    ++self->wrong;
    (void)errors_add(self->errors, STATUS_BAD_INPUT, "%s:%d: %s", self->file, line, text);
}

void lexer_init(struct lexer *self, const char *file, char *text, size_t length,
                struct errors *errors)
{
    *self = (struct lexer){
        .file = file, .at = text, .end = text + length, .line = 1, .errors = errors};
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        memset(text, ' ', 3);
    } else if (length >= 2 &&
               (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0)) {
        lexer_complain(self, 1, "is UTF-16, must be UTF-8 text");
        self->at = self->end;
    } else if (memchr(text, '\0', length) != NULL) {
        lexer_complain(self, 1, "is a binary file, must be UTF-8 text");
        self->at = self->end;
    }
}

/* Own tests: those of <ctype.h> depend on the locale. */
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_name_part(char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; }

static int shown(const struct token *token)
{
    return token->length < SHOWN_MOST ? (int)token->length : SHOWN_MOST;
}

static void finish(struct token *token, enum token_kind kind, const char *end)
{
    token->kind = kind;
    token->length = (size_t)(end - token->start);
}

/* Blanks a comment up to the end of its line; libconfig 1.5 wants a newline after one. */
static void skip_line_comment(struct lexer *self)
{
    while (self->at < self->end && *self->at != '\n') *self->at++ = ' ';
}

static void skip_block_comment(struct lexer *self)
{
    int opened = self->line;
    char *close = strstr(self->at + 2, "*/");
    if (close == NULL) lexer_complain(self, opened, "comment `/*` is never closed");
    char *stop = close == NULL ? self->end : close + 2;
    for (; self->at < stop; ++self->at) {
        if (*self->at == '\n')
            ++self->line;
        else
            *self->at = ' ';
    }
}

static void skip_blanks(struct lexer *self)
{
    for (; self->at < self->end;) {
        char c = *self->at;
        if (c == '\n') {
            ++self->line;
            ++self->at;
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v') {
            ++self->at;
        } else if (c == '#' || (c == '/' && self->at[1] == '/')) {
            skip_line_comment(self);
        } else if (c == '/' && self->at[1] == '*') {
            skip_block_comment(self);
        } else {
            return;
        }
    }
}

/* A byte that no scenario holds: reported once a run of them, then blanked. */
static void skip_strange(struct lexer *self)
{
    unsigned char c = (unsigned char)*self->at;
    if (c > 0x20 && c < 0x7F)
        lexer_complain(self, self->line, "unexpected `%c`", c);
    else
        lexer_complain(self, self->line, "unexpected byte 0x%02X outside text and comments", c);
    while (self->at < self->end && strchr(" \t\r\n=:;,()[]{}\"", *self->at) == NULL)
        *self->at++ = ' ';
}

static void read_name(struct lexer *self, struct token *token)
{
    while (is_name_part(*self->at) || *self->at == '.') ++self->at;
    finish(token, TOKEN_NAME, self->at);
    if (token->length == 4 && strncasecmp(token->start, "true", 4) == 0)
        token->kind = TOKEN_TRUTH;
    if (token->length == 5 && strncasecmp(token->start, "false", 5) == 0)
        token->kind = TOKEN_TRUTH;
    if (token->length > NAME_MOST)
        lexer_complain(self, token->line, "name `%.*s...` is longer than %d characters",
                       SHOWN_MOST, token->start, NAME_MOST);
}

/* [+-] digits [. digits] [e [+-] digits], at least one digit before the exponent. */
static bool is_float(const char *text, const char *end)
{
    int digits = 0;
    if (*text == '+' || *text == '-') ++text;
    for (; text < end && is_digit(*text); ++text) ++digits;
    if (text < end && *text == '.') ++text;
    for (; text < end && is_digit(*text); ++text) ++digits;
    if (digits == 0) return false;
    if (text == end) return true;
    if (*text != 'e' && *text != 'E') return false;
    ++text;
    if (text < end && (*text == '+' || *text == '-')) ++text;
    if (text == end) return false;
    while (text < end && is_digit(*text)) ++text;
    return text == end;
}

static void check_integer(struct lexer *self, const struct token *token, bool wide)
{
    errno = 0;
    long long value = strtoll(token->start, NULL, 10);
    if (errno == ERANGE)
        lexer_complain(self, token->line, "integer %.*s does not fit in 64 bits", shown(token),
                       token->start);
    else if (!wide && (value > INT32_MAX || value < INT32_MIN))
        lexer_complain(self, token->line,
                       "integer %.*s is past 32 bits: write it with an L, %.*sL", shown(token),
                       token->start, shown(token), token->start);
}

static void check_number(struct lexer *self, const struct token *token)
{
    const char *digits = token->start, *end = token->start + token->length;
    if (*digits == '+' || *digits == '-') ++digits;
    const char *after = digits;
    while (after < end && is_digit(*after)) ++after;

    bool wide = (end - after == 1 && *after == 'L') ||
                (end - after == 2 && *after == 'L' && after[1] == 'L');
    if (token->length > NUMBER_MOST)
        lexer_complain(self, token->line, "number %.*s... is longer than %d characters",
                       SHOWN_MOST, token->start, NUMBER_MOST);
    else if (after > digits && (after == end || wide))
        check_integer(self, token, wide);
    else if (end - digits > 1 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X'))
        lexer_complain(self, token->line, "%.*s is hexadecimal: write a decimal number",
                       shown(token), token->start);
    else if (!is_float(token->start, end))
        lexer_complain(self, token->line, "`%.*s` is not a number", shown(token), token->start);
}

static void read_number(struct lexer *self, struct token *token)
{
    if (*self->at == '+' || *self->at == '-') ++self->at;
    for (; is_letter(*self->at) || is_digit(*self->at) || *self->at == '.' || *self->at == '_';
         ++self->at) {
        bool exponent = (*self->at == 'e' || *self->at == 'E') && token->length == 0;
        if (exponent && (self->at[1] == '+' || self->at[1] == '-')) ++self->at;
    }
    finish(token, TOKEN_NUMBER, self->at);
    check_number(self, token);
}

/* Steps over one character of a text; what is wrong with it, or NULL. */
static const char *skip_text_character(struct lexer *self)
{
    unsigned char c = (unsigned char)*self->at;
    if (c == '\\') {
        bool known = self->at[1] != '\0' && strchr("nrtf\\\"", self->at[1]) != NULL;
        self->at += known ? 2 : 1;
        return known ? NULL : "has a backslash before something else than n r t f \\ \"";
    }
    size_t length = utf8_length(self->at, (size_t)(self->end - self->at));
    self->at += length == 0 ? 1 : length;
    if (length == 0) return "is not UTF-8";
    return c < 0x20 && c != '\t' ? "holds a control character" : NULL;
}

static void read_text(struct lexer *self, struct token *token)
{
    const char *wrong = NULL;
    ++self->at;
    while (self->at < self->end && *self->at != '"' && *self->at != '\n') {
        const char *found = skip_text_character(self);
        if (wrong == NULL) wrong = found;
    }
    if (wrong != NULL) lexer_complain(self, token->line, "text %s", wrong);
    if (*self->at == '"')
        ++self->at;
    else
        lexer_complain(self, token->line, "text is not closed on its line: a `\"` is missing");
    finish(token, TOKEN_TEXT, self->at);
    if (token->length > TEXT_MOST)
        lexer_complain(self, token->line, "text of %zu bytes, must be at most %d",
                       token->length, TEXT_MOST);
}

static void read_directive(struct lexer *self, struct token *token)
{
    ++self->at;
    while (is_letter(*self->at)) ++self->at;
    finish(token, TOKEN_INCLUDE, self->at);
    if (token->length != 8 || memcmp(token->start, "@include", 8) != 0)
        lexer_complain(self, token->line, "unknown directive `%.*s`, did you mean `@include`?",
                       shown(token), token->start);
}

/* `-nan` is taken for a number, too: a wrong one. */
static bool starts_number(const char *at)
{
    bool sign = *at == '+' || *at == '-';
    if (sign) ++at;
    return is_digit(*at) || (*at == '.' && is_digit(at[1])) || (sign && is_letter(*at));
}

void lexer_next(struct lexer *self, struct token *token)
{
    for (;;) {
        skip_blanks(self);
        *token = (struct token){.kind = TOKEN_END, .start = self->at, .line = self->line};
        if (self->at >= self->end) return;
        if (starts_number(self->at)) {
            read_number(self, token);
        } else if (is_letter(*self->at)) {
            read_name(self, token);
        } else if (*self->at == '"') {
            read_text(self, token);
        } else if (*self->at == '@') {
            read_directive(self, token);
        } else if (strchr("=:;,()[]{}", *self->at) != NULL) {
            finish(token, TOKEN_MARK, ++self->at);
        } else {
            skip_strange(self);
            continue;
        }
        return;
    }
}
