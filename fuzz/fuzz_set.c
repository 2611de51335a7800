/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any text as PATH=VALUE of --set: what is taken must print as a text that reads back to the
 * same text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print(const struct parameters *parameters, const char *path, char *out, size_t size)
{
    struct parameter at;
    if (!parameters_find(parameters, path, &at)) abort();
    int length = parameters_print(&at, out, size);
    if (length < 0 || (size_t)length >= size) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct model model;
    struct errors errors = {0};
    char *text = strndup((const char *)data, size);
    char *equals = text ? strchr(text, '=') : NULL;
    if (!equals) {
        free(text);
        return 0;
    }
    *equals = 0;
    if (model_init(&model, NULL, &errors)) abort();
    enum status status = parameters_set(&model.parameters, text, equals + 1, "fuzz", &errors);
    if ((status == STATUS_OK) != (errors.count == 0)) abort();
    if (!status) {
        static char once[16384], twice[16384];
        print(&model.parameters, text, once, sizeof once);
        if (parameters_set(&model.parameters, text, once, "fuzz", &errors)) abort();
        print(&model.parameters, text, twice, sizeof twice);
        if (strcmp(once, twice) != 0) abort();
    }
    errors_free(&errors);
    model_free(&model);
    free(text);
    return 0;
}
