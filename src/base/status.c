/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define ERRORS_MOST 200 /* lines that are kept; nobody reads more */

int status_exit_code(enum status status)
{
    switch (status) {
#define STATUS_CODE(name, code, text)                                                          \
    case name:                                                                                 \
        return code;
        STATUS_LIST(STATUS_CODE)
#undef STATUS_CODE
    }
    return 1;
}

const char *status_text(enum status status)
{
    switch (status) {
#define STATUS_TEXT(name, code, text)                                                          \
    case name:                                                                                 \
        return text;
        STATUS_LIST(STATUS_TEXT)
#undef STATUS_TEXT
    }
    return "unknown status";
}

/* Without memory the line is lost, but it is counted and the caller still gets its status. */
enum status errors_add(struct errors *self, enum status status, const char *format, ...)
{
    va_list arguments;
    char *text;
    int length;

    if (self == NULL || self->count++ >= ERRORS_MOST) return status;
    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) return status;
    text = memory_alloc(self->length + (size_t)length + 2, 1);
    if (text == NULL) return status;
    if (self->length > 0) memcpy(text, self->text, self->length);
    va_start(arguments, format);
    vsnprintf(text + self->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    memory_free(self->text);
    self->text = text;
    self->length += (size_t)length + 1;
    text[self->length - 1] = '\n';
    text[self->length] = '\0';
    return status;
}

void errors_free(struct errors *self)
{
    memory_free(self->text);
    *self = (struct errors){0};
}

void require_failed(const char *file, int line, const char *condition)
{
    fprintf(stderr, "%s:%d: requirement failed: %s\n", file, line, condition);
    abort();
}
