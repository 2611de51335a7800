/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as the table lengths beside a checkpoint: the tables are cut to what they say, or
 * refused; never made longer than they were.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/file.h"
#include "io/results.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TABLE_BYTES 40

static void write_bytes(const struct results *results, const char *name, const void *data,
                        size_t size)
{
    char *path = results_path(results, name);
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file || fwrite(data, 1, size, file) != size || fclose(file)) abort();
    free(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char rows[TABLE_BYTES] = "day\n1\n2\n3\n";
    struct results results;
    struct errors errors = {0};
    const char *top = getenv("TMPDIR");
    char *folder = file_join(top ? top : "/tmp", "fuzz-lengths");
    const struct results_options options = {.folder = folder, .force = true};
    if (!folder || results_open(&results, &options, &errors)) abort();
    write_bytes(&results, "lengths", data, size);
    for (int t = 0; t < TABLES; t++)
        write_bytes(&results, table_file((enum table_id)t), rows, sizeof rows);
    enum status status = results_rewind(&results, &errors);
    if ((status == STATUS_OK) != (errors.count == 0)) abort();
    for (int t = 0; t < TABLES; t++) {
        struct stat info;
        char *path = results_path(&results, table_file((enum table_id)t));
        if (path && stat(path, &info) == 0 && info.st_size > TABLE_BYTES) abort();
        free(path);
    }
    results_discard(&results);
    errors_free(&errors);
    free(folder);
    return 0;
}
