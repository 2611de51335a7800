/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/scenario_line.h"

#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "io/scenario.h"
#include "lexer.h"

int scenario_line(const char *path, const char *name, int n)
{
    struct errors ignored = {0};
    struct lexer lexer;
    struct token token = {.kind = TOKEN_END};
    char *text = NULL;
    size_t length = 0;
    int line = 0;
    if (file_read(path, SCENARIO_BYTES_MOST, &text, &length, &ignored) == STATUS_OK) {
        lexer_init(&lexer, path, text, length, &ignored);
        do {
            lexer_next(&lexer, &token);
            if (token.kind == TOKEN_NAME && token.length == strlen(name) &&
                strncmp(token.start, name, token.length) == 0 && n-- == 0)
                line = token.line;
        } while (token.kind != TOKEN_END && !line);
    }
    free(text);
    errors_free(&ignored);
    return line;
}
