/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as an interaction log, plain or packed, strict or not: it is read or refused with a
 * word, and what was read holds together.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "io/log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct log *log, const struct log_report *report)
{
    const struct interactions *rows = &log->rows;
    if (rows->count != report->good || !report->good) abort();
    if (rows->users != log->users.count || rows->items != log->items.count) abort();
    for (size_t r = 0; r < rows->count; r++) {
        size_t length;
        if (rows->user[r] >= rows->users || rows->item[r] >= rows->items) abort();
        if (!isfinite(rows->value[r])) abort();
        (void)identifiers_name(&log->users, rows->user[r], &length);
        if (length == 0) abort();
    }
}

/* The first byte chooses how it is read, the rest is the file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const columns[] = {NULL, "user=0,item=1,value=2,time=3",
                                          "user=user,item=item,value=value", "item=0,user=1"};
    if (size == 0) return 0;
    struct log log = {0};
    struct log_report report;
    struct errors errors = {0};
    const struct log_options options = {.columns = columns[data[0] & 3], .strict = data[0] & 4};
    char path[64];
    int file = memfd_create("log", MFD_CLOEXEC);
    if (file < 0 || write(file, data + 1, size - 1) != (ssize_t)(size - 1)) abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    enum status status = log_read(&log, path, &options, &report, &errors);
    log_finish(&log);
    if (!status) check(&log, &report);
    if (status && errors.count == 0 && status != STATUS_NO_MEMORY) abort();
    if (!status && options.strict && report.bad) abort();
    log_free(&log);
    errors_free(&errors);
    close(file);
    return 0;
}
