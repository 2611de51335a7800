/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of this folder share: a folder of their own, files in it, and a schema that is
 * small enough to be seen whole.
 */
#ifndef TESTS_IO_LAB_H
#define TESTS_IO_LAB_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/parameters.h"
#include "io/file.h"

/* A fresh folder; lab_close removes it and all in it. */
static inline char *lab_open(void)
{
    const char *top = getenv("TMPDIR");
    char *folder = file_join(top ? top : "/tmp", "reelsim-io-XXXXXX");
    if (!folder || !mkdtemp(folder)) abort();
    return folder;
}

static inline void lab_close(char *folder)
{
    char command[512];
    snprintf(command, sizeof command, "chmod -R u+w '%s' && rm -rf '%s'", folder, folder);
    if (system(command) != 0) abort();
    free(folder);
}

static inline void lab_write(const char *path, const void *data, size_t size)
{
    FILE *file = fopen(path, "w");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file)) abort();
}

static inline char *lab_read(const char *path, size_t *size)
{
    struct errors errors = {0};
    char *text = NULL;
    if (file_read(path, (size_t)1 << 30, &text, size, &errors)) text = NULL;
    errors_free(&errors);
    return text;
}

static inline bool lab_exists(const char *folder, const char *name)
{
    struct stat info;
    char *path = file_join(folder, name);
    bool there = path && lstat(path, &info) == 0;
    free(path);
    return there;
}

/* The errors' lines hold `part`; they are printed when not. */
static inline void assert_says(const struct errors *errors, const char *part)
{
    if (errors->text && strstr(errors->text, part)) return;
    print_error("wanted `%s` in:\n%s\n", part, errors->text ? errors->text : "(no error)");
    fail();
}

#endif
