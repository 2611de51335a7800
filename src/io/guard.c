/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guard.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lexer.h"

/* What may come next. */
enum state {
    IN_GROUP,    /* a name, or the group's end */
    AFTER_NAME,  /* = or : */
    VALUE,       /* a value, nothing else */
    FIRST_VALUE, /* a value, or the end of an empty list */
    AFTER_VALUE  /* a separator, or the end of what the value stands in */
};

struct name {
    const char *start;
    size_t length;
    int line;
};

struct bracket {
    char open;
    int line;
    size_t names; /* how many names were known when it opened: its own come after them */
};

/* An open bracket holds at most GUARD_NAMES_MOST names, so the stack below is enough. */
#define NAMES_ROOM ((GUARD_DEPTH_MOST + 1) * GUARD_NAMES_MOST)

struct scan {
    struct lexer lexer;
    struct guard *guard;
    enum state state;
    bool lost;     /* after an error of grammar: only words are looked at */
    bool settings; /* a setting was met: no @include after it */
    bool crowded;  /* "too many settings" was said */
    size_t depth;
    struct bracket brackets[GUARD_DEPTH_MOST];
    size_t name_count;
    struct name *names;
    int replaced; /* wrong words that no longer stand in the text */
    enum status status;
};

static bool in_group(const struct scan *self)
{
    return self->depth == 0 || self->brackets[self->depth - 1].open == '{';
}

static char mark_of(const struct token *token)
{
    return token->kind == TOKEN_MARK ? *token->start : '\0';
}

/* Says what was expected and what stands there, then gives up on the grammar of this file. */
static void unexpected(struct scan *self, const struct token *token, const char *expected)
{
    int length = token->length < 40 ? (int)token->length : 40;
    if (token->kind == TOKEN_END)
        lexer_complain(&self->lexer, token->line, "expected %s, found the end of the file",
                       expected);
    else
        lexer_complain(&self->lexer, token->line, "expected %s, found `%.*s`", expected, length,
                       token->start);
    self->lost = true;
}

static void open_bracket(struct scan *self, const struct token *token, char mark)
{
    if (self->depth == GUARD_DEPTH_MOST) {
        lexer_complain(&self->lexer, token->line, "more than %d brackets inside each other",
                       GUARD_DEPTH_MOST);
        self->lost = true;
        return;
    }
    self->brackets[self->depth++] = (struct bracket){
        .open = mark, .line = token->line, .names = self->name_count};
    self->state = mark == '{' ? IN_GROUP : FIRST_VALUE;
    if (mark == '[') *token->start = '(';
}

static void close_bracket(struct scan *self, const struct token *token, char mark)
{
    static const char *const pairs[] = {"{}", "()", "[]"};
    const struct bracket *top = self->depth > 0 ? &self->brackets[self->depth - 1] : NULL;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; ++i) {
        if (top == NULL || mark != pairs[i][1] || top->open != pairs[i][0]) continue;
        self->name_count = top->names;
        --self->depth;
        self->state = AFTER_VALUE;
        if (mark == ']') *token->start = ')';
        return;
    }
    if (top == NULL)
        lexer_complain(&self->lexer, token->line, "`%c` closes nothing", mark);
    else
        lexer_complain(&self->lexer, token->line, "`%c` cannot close the `%c` of line %d", mark,
                       top->open, top->line);
    self->lost = true;
}

/* `revenue.ads = ...`: what stands there instead is passed over later. */
static void refuse_dots(struct scan *self, const struct token *token)
{
    int length = token->length < 40 ? (int)token->length : 40;
    lexer_complain(
        &self->lexer, token->line,
        "`%.*s` has dots: write groups, as in `revenue : { ads : { cpm = 12.0; }; };`", length,
        token->start);
    for (size_t i = 0; i < token->length; ++i)
        if (token->start[i] == '.') token->start[i] = '_';
    token->start[0] = GUARD_WRONG_NAME;
    ++self->replaced;
}

/* Two settings of one name in one group: the second would hide the first. */
static void note_name(struct scan *self, const struct token *token)
{
    size_t first = self->depth == 0 ? 0 : self->brackets[self->depth - 1].names;
    self->settings = true;
    self->state = AFTER_NAME;
    if (memchr(token->start, '.', token->length) != NULL) {
        refuse_dots(self, token);
        return;
    }
    for (size_t i = first; i < self->name_count; ++i) {
        const struct name *other = &self->names[i];
        if (other->length != token->length ||
            memcmp(other->start, token->start, token->length) != 0)
            continue;
        lexer_complain(&self->lexer, token->line,
                       "`%.*s` is set twice in this group, first on line %d",
                       (int)token->length, token->start, other->line);
        return;
    }
    if (self->name_count - first == GUARD_NAMES_MOST) {
        if (!self->crowded)
            lexer_complain(&self->lexer, token->line, "more than %d settings in one group",
                           GUARD_NAMES_MOST);
        self->crowded = true;
        return;
    }
    self->names[self->name_count++] = (struct name){
        .start = token->start, .length = token->length, .line = token->line};
}

static void keep_include(struct scan *self, const struct token *text, int line)
{
    struct guard *guard = self->guard;
    if (guard->include_count == GUARD_INCLUDES_MOST) {
        lexer_complain(&self->lexer, line, "more than %d @include lines in one file",
                       GUARD_INCLUDES_MOST);
        return;
    }
    if (text->length <= 2 || memchr(text->start, '\\', text->length) != NULL) {
        lexer_complain(&self->lexer, line, "`@include` needs a file name without backslashes");
        return;
    }
    char *name = strndup(text->start + 1, text->length - 2);
    if (name == NULL) self->status = STATUS_NO_MEMORY;
    guard->includes[guard->include_count++] = (struct guard_include){.name = name,
                                                                     .line = line};
}

/* `@include "FILE"`, with or without a `;` after it: taken out of the text. */
static void take_include(struct scan *self, const struct token *directive)
{
    struct token text;
    char *start = directive->start;
    lexer_next(&self->lexer, &text);
    if (text.kind != TOKEN_TEXT) {
        unexpected(self, &text, "a file name in double quotes after `@include`");
        return;
    }
    if (self->depth > 0)
        lexer_complain(&self->lexer, directive->line, "`@include` must stand outside groups");
    else if (self->settings)
        lexer_complain(
            &self->lexer, directive->line,
            "`@include` must come before the file's own settings, which override what "
            "it brings");
    else if (text.length > 1 && text.start[text.length - 1] == '"')
        keep_include(self, &text, directive->line);
    for (char *at = start; at < text.start + text.length; ++at)
        if (*at != '\n') *at = ' ';
}

/* The value has been complained of: an empty array in its place is passed over later. */
static void replace_value(struct scan *self, const struct token *token)
{
    if (token->length < 2) return;
    for (size_t i = 0; i < token->length; ++i) token->start[i] = ' ';
    token->start[0] = '[';
    token->start[1] = ']';
    ++self->replaced;
}

/* A bare word where a value should stand. */
static void refuse_word(struct scan *self, const struct token *token)
{
    int length = (int)token->length;
    bool number = token->length == 3 && (strncasecmp(token->start, "nan", 3) == 0 ||
                                         strncasecmp(token->start, "inf", 3) == 0);
    if (number)
        lexer_complain(&self->lexer, token->line, "`%.*s` is not a number", length,
                       token->start);
    else
        lexer_complain(
            &self->lexer, token->line,
            "`%.*s` is not a value: text stands in double quotes, truth is `true` or "
            "`false`",
            length, token->start);
}

static void take_value(struct scan *self, const struct token *token)
{
    char mark = mark_of(token);
    if (mark == '{' || mark == '(' || mark == '[') {
        open_bracket(self, token, mark);
    } else if (token->kind == TOKEN_NUMBER || token->kind == TOKEN_TEXT ||
               token->kind == TOKEN_TRUTH) {
        self->state = AFTER_VALUE;
    } else if (token->kind == TOKEN_NAME) {
        refuse_word(self, token);
        replace_value(self, token);
        self->state = AFTER_VALUE;
    } else if (self->state == FIRST_VALUE && (mark == ')' || mark == ']')) {
        close_bracket(self, token, mark);
    } else {
        unexpected(self, token, "a value");
    }
}

static void take_in_group(struct scan *self, const struct token *token)
{
    char mark = mark_of(token);
    if (token->kind == TOKEN_NAME)
        note_name(self, token);
    else if (token->kind == TOKEN_INCLUDE)
        take_include(self, token);
    else if (mark == ';') /* one too many: libconfig would call it a syntax error */
        *token->start = ' ';
    else if (mark == '}' || mark == ')' || mark == ']')
        close_bracket(self, token, mark);
    else
        unexpected(self, token, "the name of a setting");
}

static void take_after_value(struct scan *self, const struct token *token)
{
    char mark = mark_of(token);
    if (mark == '}' || mark == ')' || mark == ']')
        close_bracket(self, token, mark);
    else if (in_group(self) && (mark == ';' || mark == ','))
        self->state = IN_GROUP;
    else if (in_group(self) && (token->kind == TOKEN_NAME || token->kind == TOKEN_INCLUDE))
        take_in_group(self, token);
    else if (!in_group(self) && mark == ',')
        self->state = VALUE;
    else
        unexpected(self, token,
                   in_group(self) ? "`;` after the value" : "`,` or the list's end");
}

static void take(struct scan *self, const struct token *token)
{
    char mark = mark_of(token);
    switch (self->state) {
    case IN_GROUP:
        take_in_group(self, token);
        break;
    case AFTER_NAME:
        if (mark == '=' || mark == ':')
            self->state = VALUE;
        else
            unexpected(self, token, "`=` after the name of a setting");
        break;
    case VALUE:
    case FIRST_VALUE:
        take_value(self, token);
        break;
    case AFTER_VALUE:
        take_after_value(self, token);
        break;
    }
}

static void finish(struct scan *self, const struct token *token)
{
    if (self->lost) return;
    if (self->depth > 0) {
        const struct bracket *top = &self->brackets[self->depth - 1];
        lexer_complain(&self->lexer, top->line, "`%c` is never closed", top->open);
    } else if (self->state == AFTER_NAME || self->state == VALUE) {
        take(self, token);
    }
}

/* The next word; a wrong number is replaced. */
static void next(struct scan *self, struct token *token)
{
    int before = self->lexer.wrong;
    lexer_next(&self->lexer, token);
    if (self->lexer.wrong != before + 1) return;
    if (token->kind == TOKEN_NUMBER) replace_value(self, token);
}

enum status guard_scan(struct guard *self, const char *file, char *text, size_t length,
                       struct errors *errors)
{
    *self = (struct guard){0};
    struct scan scan = {.guard = self};
    scan.names = malloc(NAMES_ROOM * sizeof *scan.names);
    if (scan.names == NULL)
        return errors_add(errors, STATUS_NO_MEMORY, "%s: out of memory", file);

    struct token token;
    lexer_init(&scan.lexer, file, text, length, errors);
    for (next(&scan, &token); token.kind != TOKEN_END; next(&scan, &token))
        if (!scan.lost) take(&scan, &token);
    finish(&scan, &token);

    free(scan.names);
    self->readable = !scan.lost && scan.lexer.wrong == scan.replaced;
    if (scan.status != STATUS_OK) return scan.status;
    return scan.lexer.wrong > 0 ? STATUS_BAD_INPUT : STATUS_OK;
}

void guard_free(struct guard *self)
{
    for (int i = 0; i < self->include_count; ++i) free(self->includes[i].name);
    *self = (struct guard){0};
}
