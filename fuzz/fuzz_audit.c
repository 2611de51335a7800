/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes in the place of one of the tables that the audit reads: it compares them or refuses
 * them with a word.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../tests/io/audited.h"
#include "io/audit.h"
#include "io/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct heard {
    uint64_t count;
};

static void on_difference(void *self, const struct audit_difference *difference)
{
    struct heard *heard = self;
    if (difference->expected == difference->found || !difference->where) abort();
    heard->count++;
}

static void write_file(const char *folder, const char *name, const void *data, size_t size)
{
    char *path = file_join(folder, name);
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file || fwrite(data, 1, size, file) != size || fclose(file)) abort();
    free(path);
}

static void remove_file(const char *folder, const char *name)
{
    char *path = file_join(folder, name);
    if (!path || unlink(path)) abort();
    free(path);
}

/* The first byte chooses the table, the rest is what stands there. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *top = getenv("TMPDIR");
    char folder[256];
    struct audit_report report;
    struct errors errors = {0};
    struct heard heard = {0};
    const struct audit_listener listener = {&heard, on_difference};
    if (size == 0) return 0;
    snprintf(folder, sizeof folder, "%s/reelsim-audit-XXXXXX", top ? top : "/tmp");
    if (!mkdtemp(folder)) abort();
    for (int f = 0; f < AUDITED_FILES; f++) {
        if (f == data[0] % AUDITED_FILES)
            write_file(folder, audited[f].name, data + 1, size - 1);
        else
            write_file(folder, audited[f].name, audited[f].text, strlen(audited[f].text));
    }
    enum status status = audit_run(folder, &listener, &report, &errors);
    uint64_t different = 0;
    for (int c = 0; c < AUDIT_CHECKS; c++) different += report.check[c].different;
    if (different != heard.count) abort();
    if (status == STATUS_OK && different) abort();
    if (status == STATUS_BAD_INPUT && errors.count == 0) abort();
    for (int f = 0; f < AUDITED_FILES; f++) remove_file(folder, audited[f].name);
    if (rmdir(folder)) abort();
    errors_free(&errors);
    return 0;
}
