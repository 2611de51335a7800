/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a scenario file, read into the real schema: what is refused has a reason, what
 * is taken can be printed as a whole.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/resolved.h"
#include "io/scenario.h"
#include "sim/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The file that the bytes go to; one a process, in TMPDIR, removed by who made that folder. */
static const char *file_for(const uint8_t *data, size_t size)
{
    static char path[256];
    const char *folder = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/fuzz-%ld.cfg", folder ? folder : "/tmp", (long)getpid());
    FILE *file = fopen(path, "w");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file)) abort();
    return path;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct model model;
    struct errors errors = {0};
    if (model_init(&model, NULL, &errors)) abort();
    enum status status = scenario_read(&model.parameters, file_for(data, size), &errors);
    if ((status == STATUS_OK) != (errors.count == 0)) abort(); /* every failure has a reason */
    if (!status) {
        char *text = resolved_text(&model.parameters);
        if (!text || strlen(text) < 1000) abort();
        free(text);
    }
    errors_free(&errors);
    model_free(&model);
    return 0;
}
