/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/results.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file.h"

/* ------------------------------------------------------------------------------- the folder */

static char *joined(const char *a, const char *b)
{
    size_t size = strlen(a) + strlen(b) + 1;
    char *text = malloc(size);
    if (text) snprintf(text, size, "%s%s", a, b);
    return text;
}

static bool exists(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0;
}

/* mkdir -p of everything before the last slash, then the folder itself. */
static enum status make_folder(const char *path, struct errors *errors)
{
    char part[4096];
    if (strlen(path) >= sizeof part)
        return errors_add(errors, STATUS_BAD_INPUT, "%.60s...: the path is too long", path);
    for (size_t i = 1; i <= strlen(path); i++) {
        if (path[i] != '/' && path[i] != 0) continue;
        snprintf(part, sizeof part, "%.*s", (int)i, path);
        if (mkdir(part, 0777) && errno != EEXIST)
            return errors_add(errors, STATUS_IO, "%s: the folder cannot be made: %s", part,
                              strerror(errno));
    }
    return STATUS_OK;
}

/* Removes a folder of results: files only, no folder in it but `plots`. */
static void remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder) return;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        char *name = file_join(path, entry->d_name);
        if (name && unlink(name) && errno == EISDIR) remove_folder(name);
        free(name);
    }
    closedir(folder);
    rmdir(path);
}

static enum status take_lock(struct results *self, struct errors *errors)
{
    char *name = file_join(self->partial, "lock");
    enum status status = STATUS_OK;
    if (!name) return STATUS_NO_MEMORY;
    self->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (self->lock < 0)
        status = errors_add(errors, STATUS_IO, "%s: %s", name, strerror(errno));
    else if (flock(self->lock, LOCK_EX | LOCK_NB))
        status = errors_add(
            errors, STATUS_BAD_INPUT,
            "%s: another process is writing there; wait for it or choose another "
            "folder with --out",
            self->partial);
    free(name);
    return status;
}

static enum status check_places(const struct results *self,
                                const struct results_options *options, struct errors *errors)
{
    if (options->resume && !exists(self->partial))
        return errors_add(errors, STATUS_BAD_INPUT,
                          "%s: there is nothing to resume; run without --resume",
                          self->partial);
    if (exists(self->final) && !options->force)
        return errors_add(
            errors, STATUS_BAD_INPUT,
            "%s: a finished run of that name is there; --force replaces it, --out "
            "takes another folder",
            self->final);
    return STATUS_OK;
}

enum status results_open(struct results *self, const struct results_options *options,
                         struct errors *errors)
{
    *self = (struct results){.lock = -1, .force = options->force};
    self->final = joined(options->folder, "");
    self->partial = joined(options->folder, ".partial");
    if (!self->final || !self->partial) return STATUS_NO_MEMORY;
    enum status status = check_places(self, options, errors);
    if (!status) status = make_folder(self->partial, errors);
    if (!status) status = take_lock(self, errors);
    if (status || options->resume) return status;
    /* An interrupted run that nobody resumes is begun anew. */
    for (int t = 0; t < TABLES; t++) {
        char *name = file_join(self->partial, table_file((enum table_id)t));
        if (name) unlink(name);
        free(name);
    }
    char *old = file_join(self->partial, "checkpoint");
    if (old) unlink(old);
    free(old);
    return STATUS_OK;
}

void results_free(struct results *self)
{
    for (int t = 0; t < TABLES; t++)
        if (self->stream[t]) fclose(self->stream[t]);
    if (self->final && self->lock >= 0) close(self->lock);
    free(self->final);
    free(self->partial);
    *self = (struct results){.lock = -1};
}

void results_discard(struct results *self)
{
    if (self->partial && self->lock >= 0) remove_folder(self->partial);
    results_free(self);
}

char *results_path(const struct results *self, const char *name)
{
    return file_join(self->partial, name);
}

/* ------------------------------------------------------------------------------- the tables */

static void write_text(FILE *to, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, to);
        return;
    }
    putc('"', to);
    for (; *text; text++) {
        if (*text == '"') putc('"', to);
        putc(*text, to);
    }
    putc('"', to);
}

static void write_cell(FILE *to, const struct cell *cell)
{
    switch (cell->kind) {
    case CELL_EMPTY:
        break;
    case CELL_INT:
        fprintf(to, "%" PRId64, cell->as.integer);
        break;
    case CELL_FLOAT:
        if (isfinite(cell->as.number)) fprintf(to, "%.9g", cell->as.number);
        break;
    case CELL_TEXT:
        write_text(to, cell->as.text);
        break;
    case CELL_MONEY: {
        int64_t micro = cell->as.integer;
        uint64_t size = micro < 0 ? (uint64_t)0 - (uint64_t)micro : (uint64_t)micro;
        fprintf(to, "%s%" PRIu64 ".%06" PRIu64, micro < 0 ? "-" : "", size / 1000000,
                size % 1000000);
        break;
    }
    }
}

static void write_header(FILE *to, struct table_shape shape)
{
    for (size_t c = 0; c < shape.count; c++)
        fprintf(to, "%s%s", c ? "," : "", shape.columns[c].name);
    putc('\n', to);
}

void results_shape(struct results *self, enum table_id table, struct table_shape shape)
{
    self->shape[table] = shape;
}

static enum status open_table(struct results *self, enum table_id table, const char *mode)
{
    char *name = results_path(self, table_file(table));
    if (!name) return STATUS_NO_MEMORY;
    self->stream[table] = fopen(name, mode);
    free(name);
    return self->stream[table] ? STATUS_OK : STATUS_IO;
}

static enum status begin_table(struct results *self, enum table_id table)
{
    enum status status = open_table(self, table, "w");
    if (!status) write_header(self->stream[table], self->shape[table]);
    return status;
}

static enum status emit(void *context, enum table_id table, const struct cell *cells, size_t n)
{
    struct results *self = context;
    if (self->status) return self->status;
    require(n == self->shape[table].count);
    if (!self->stream[table]) self->status = begin_table(self, table);
    if (self->status) return self->status;
    FILE *to = self->stream[table];
    for (size_t c = 0; c < n; c++) {
        if (c) putc(',', to);
        write_cell(to, &cells[c]);
    }
    putc('\n', to);
    if (ferror(to)) self->status = STATUS_IO;
    return self->status;
}

struct row_sink results_sink(struct results *self) { return (struct row_sink){self, emit}; }

enum status results_mark(struct results *self, struct errors *errors)
{
    struct file file = {0};
    char *name = results_path(self, "lengths");
    enum status status = name ? file_create(&file, name, errors) : STATUS_NO_MEMORY;
    for (int t = 0; t < TABLES && !status; t++) {
        long length = 0;
        if (self->stream[t] &&
            (fflush(self->stream[t]) || (length = ftell(self->stream[t])) < 0))
            status = errors_add(errors, STATUS_IO, "%s/%s: %s", self->partial,
                                table_file((enum table_id)t), strerror(errno));
        else
            fprintf(file.stream, "%s %ld\n", table_file((enum table_id)t), length);
    }
    if (status)
        file_discard(&file);
    else
        status = file_commit(&file, errors);
    free(name);
    return status;
}

static enum status rewind_table(struct results *self, enum table_id table, long length)
{
    char *name = results_path(self, table_file(table));
    enum status status = name ? STATUS_OK : STATUS_NO_MEMORY;
    if (!status && length == 0)
        unlink(name);
    else if (!status && truncate(name, length))
        status = STATUS_IO;
    else if (!status)
        status = open_table(self, table, "a");
    free(name);
    return status;
}

enum status results_rewind(struct results *self, struct errors *errors)
{
    char *name = results_path(self, "lengths"), *text = NULL;
    size_t size = 0;
    enum status status = name ? file_read(name, 4096, &text, &size, errors) : STATUS_NO_MEMORY;
    for (int t = 0; t < TABLES && !status; t++) {
        const char *file = table_file((enum table_id)t), *at = strstr(text, file);
        long length = at ? strtol(at + strlen(file), NULL, 10) : -1;
        status = length < 0 ? STATUS_BAD_INPUT : rewind_table(self, (enum table_id)t, length);
        if (status)
            status = errors_add(errors, STATUS_BAD_INPUT,
                                "%s: the table %s is not as the checkpoint left it",
                                self->partial, file);
    }
    free(text);
    free(name);
    return status;
}

enum status results_close(struct results *self, struct errors *errors)
{
    enum status status = self->status;
    for (int t = 0; t < TABLES; t++) {
        /* A table without rows has a header all the same. */
        if (!self->stream[t] && !status) status = begin_table(self, (enum table_id)t);
        FILE *stream = self->stream[t];
        self->stream[t] = NULL;
        if (stream && (fflush(stream) || fsync(fileno(stream)) || ferror(stream)))
            status = STATUS_IO;
        if (stream) fclose(stream);
    }
    if (status)
        return errors_add(errors, status, "%s: the tables could not be written whole: %s",
                          self->partial, strerror(errno));
    return STATUS_OK;
}

enum status results_finish(struct results *self, struct errors *errors)
{
    static const char *const scaffold[] = {"lock", "lengths", "checkpoint"};
    for (size_t i = 0; i < sizeof scaffold / sizeof scaffold[0]; i++) {
        char *name = results_path(self, scaffold[i]);
        if (name) unlink(name);
        free(name);
    }
    if (exists(self->final) && self->force) remove_folder(self->final);
    if (rename(self->partial, self->final))
        return errors_add(errors, STATUS_IO, "%s: cannot be renamed to %s: %s", self->partial,
                          self->final, strerror(errno));
    if (!file_sync_folder_of(self->final)) return STATUS_IO;
    return STATUS_OK;
}
