/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/results.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/file.h"
#include "packed.h"

/* ------------------------------------------------------------------------------- the folder */

static char *joined(const char *a, const char *b)
{
    size_t size = strlen(a) + strlen(b) + 1;
    char *text = malloc(size);
    if (text) snprintf(text, size, "%s%s", a, b);
    return text;
}

static bool holds(const char *folder, const char *name)
{
    char *path = file_join(folder, name);
    bool there = path != NULL && file_exists(path);
    free(path);
    return there;
}

/* A lock on a file that a finished run took away is none. self->lock stays -1 unless the folder
 * is ours: then alone may it be removed. */
static enum status take_lock(struct results *self, struct errors *errors)
{
    char *name = file_join(self->partial, "lock");
    if (!name) return STATUS_NO_MEMORY;
    enum status status = STATUS_OK;
    int lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock < 0)
        status = errors_add(errors, STATUS_IO, "%s: %s", name, strerror(errno));
    else if (flock(lock, LOCK_EX | LOCK_NB) || !file_is_at(lock, name))
        status = errors_add(
            errors, STATUS_BAD_INPUT,
            "%s: another process is writing there; wait for it or choose another "
            "folder with --out",
            self->partial);
    else
        self->lock = lock;
    if (status && lock >= 0) close(lock);
    free(name);
    return status;
}

static enum status check_places(const struct results *self,
                                const struct results_options *options, struct errors *errors)
{
    if (options->resume && !holds(self->partial, "checkpoint"))
        return errors_add(errors, STATUS_BAD_INPUT,
                          "%s: there is nothing to resume; run without --resume",
                          self->partial);
    bool ours = holds(self->partial, "lock") || holds(self->partial, "manifest.json");
    /* killed between making the folder and locking it, a run leaves an empty one */
    if (!ours && file_exists(self->partial) && rmdir(self->partial))
        return errors_add(
            errors, STATUS_BAD_INPUT,
            "%s: is there and was not left by an interrupted run; move it away or "
            "choose another folder with --out",
            self->partial);
    if (!options->resume && !options->force && holds(self->partial, "checkpoint"))
        return errors_add(errors, STATUS_BAD_INPUT,
                          "%s: an interrupted run is there; --resume goes on with it, --force "
                          "begins anew",
                          self->partial);
    if (!file_exists(self->final)) return STATUS_OK;
    if (!holds(self->final, "manifest.json"))
        return errors_add(errors, STATUS_BAD_INPUT,
                          "%s: is there and is no run's folder (it has no manifest.json), so "
                          "it is not replaced; choose another with --out",
                          self->final);
    if (!options->force)
        return errors_add(
            errors, STATUS_BAD_INPUT,
            "%s: a finished run of that name is there; --force replaces it, --out "
            "takes another folder",
            self->final);
    return STATUS_OK;
}

/* "out/" is "out": its partial folder stands beside it. */
static enum status set_names(struct results *self, const char *folder)
{
    self->final = strdup(folder);
    if (!self->final) return STATUS_NO_MEMORY;
    for (size_t n = strlen(folder); n > 1 && self->final[n - 1] == '/'; n--)
        self->final[n - 1] = 0;
    self->partial = joined(self->final, ".partial");
    return self->partial ? STATUS_OK : STATUS_NO_MEMORY;
}

/* Removes a file of a folder; one that is not there is fine. */
static enum status forget_in(const char *folder, const char *name)
{
    char *path = file_join(folder, name);
    if (!path) return STATUS_NO_MEMORY;
    bool gone = unlink(path) == 0 || errno == ENOENT;
    free(path);
    return gone ? STATUS_OK : STATUS_IO;
}

static enum status forget(const struct results *self, const char *name)
{
    return forget_in(self->partial, name);
}

static bool forget_states(const struct results *self)
{
    char *path = file_join(self->partial, "states");
    bool gone = path && (!file_exists(path) || file_remove(path));
    free(path);
    return gone;
}

/* Is a table's file of this name, "series" for "series.csv"? */
static bool is_table(enum table_id table, const char *name, size_t length)
{
    const char *file = table_file(table);
    return strncmp(file, name, length) == 0 && file[length] == '.';
}

/* All tables are unwanted but those that the list names. */
static enum status choose_tables(struct results *self, const char *list, struct errors *errors)
{
    for (int t = 0; t < TABLES; t++) self->unwanted[t] = true;
    for (const char *name = list; *name; name += strspn(name, ",")) {
        size_t length = strcspn(name, ",");
        bool found = false;
        for (int t = 0; t < TABLES; t++) { /* plain and packed ones of a name */
            if (!is_table((enum table_id)t, name, length)) continue;
            self->unwanted[t] = false;
            found = true;
        }
        if (!found)
            return errors_add(errors, STATUS_BAD_INPUT,
                              "--tables %s: there is no table \"%.*s\"; docs/CODEBOOK.md has "
                              "all: series, cohorts, creators, ...",
                              list, (int)length, name);
        name += length;
    }
    return STATUS_OK;
}

enum status results_open(struct results *self, const struct results_options *options,
                         struct errors *errors)
{
    *self = (struct results){.lock = -1, .force = options->force};
    enum status status = set_names(self, options->folder);
    if (!status && options->name_only) return STATUS_OK;
    if (!status && options->tables && !options->resume)
        status = choose_tables(self, options->tables, errors);
    if (!status) status = check_places(self, options, errors);
    if (!status) status = file_make_folder(self->partial, errors);
    if (!status) status = take_lock(self, errors);
    if (status) return status;
    /* An interrupted run that nobody resumes is begun anew; its checkpoint goes first. One that
     * was being written when the run was killed is of use to nobody. */
    if (!options->resume) status = forget(self, "checkpoint");
    if (!status) status = forget(self, "checkpoint.new");
    if (!status && options->resume) return STATUS_OK;
    for (int t = 0; t < TABLES && !status; t++)
        status = forget(self, table_file((enum table_id)t));
    if (!status && !forget_states(self)) status = STATUS_IO;
    if (!status) return STATUS_OK;
    return errors_add(errors, status, "%s: what an earlier run left cannot be removed: %s",
                      self->partial, strerror(errno));
}

void results_free(struct results *self)
{
    for (int t = 0; t < TABLES; t++) {
        if (self->stream[t]) fclose(self->stream[t]);
        if (self->packed[t]) packed_close(self->packed[t]);
        memory_free(self->packed[t]);
    }
    memory_free(self->row);
    if (self->final && self->lock >= 0) close(self->lock);
    free(self->final);
    free(self->partial);
    *self = (struct results){.lock = -1};
}

void results_discard(struct results *self)
{
    if (self->partial && self->lock >= 0) (void)file_remove(self->partial);
    results_free(self);
}

char *results_path(const struct results *self, const char *name)
{
    return file_join(self->partial, name);
}

/* ------------------------------------------------------------------------------- the tables */

/* Room for more bytes of the row that is being written. */
static char *reserve(struct results *self, size_t more)
{
    if (memory_grow(&self->row, &self->row_room, self->row_used + more, 1)) return NULL;
    return self->row + self->row_used;
}

static void put_digits(struct results *self, uint64_t number, int least)
{
    char digits[20];
    int n = 0;
    do {
        digits[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0 || n < least);
    while (n > 0) self->row[self->row_used++] = digits[--n];
}

/* The size of a number, after its sign. */
static uint64_t put_sign(struct results *self, int64_t number)
{
    if (number >= 0) return (uint64_t)number;
    self->row[self->row_used++] = '-';
    return (uint64_t)0 - (uint64_t)number;
}

static enum status put_text(struct results *self, const char *text)
{
    size_t length = strlen(text);
    bool quote = strpbrk(text, ",\"\r\n") != NULL;
    char *to = reserve(self, 2 * length + 2);
    if (!to) return STATUS_NO_MEMORY;
    if (!quote) {
        memcpy(to, text, length);
        self->row_used += length;
        return STATUS_OK;
    }
    char *from = to;
    *to++ = '"';
    for (; *text; text++) {
        if (*text == '"') *to++ = '"';
        *to++ = *text;
    }
    *to++ = '"';
    self->row_used += (size_t)(to - from);
    return STATUS_OK;
}

#define NUMBER_ROOM 48 /* bytes of any number */

static enum status put_cell(struct results *self, const struct cell *cell)
{
    if (cell->kind == CELL_TEXT) return put_text(self, cell->as.text);
    if (!reserve(self, NUMBER_ROOM)) return STATUS_NO_MEMORY;
    if (cell->kind == CELL_INT) {
        put_digits(self, put_sign(self, cell->as.integer), 1);
    } else if (cell->kind == CELL_FLOAT && isfinite(cell->as.number)) {
        self->row_used += (size_t)snprintf(self->row + self->row_used, NUMBER_ROOM, "%.9g",
                                           cell->as.number);
    } else if (cell->kind == CELL_MONEY) {
        uint64_t micro = put_sign(self, cell->as.integer);
        put_digits(self, micro / 1000000, 1);
        self->row[self->row_used++] = '.';
        put_digits(self, micro % 1000000, 6);
    }
    return STATUS_OK;
}

static enum status put_byte(struct results *self, char byte)
{
    char *to = reserve(self, 1);
    if (!to) return STATUS_NO_MEMORY;
    *to = byte;
    self->row_used++;
    return STATUS_OK;
}

/* What was put since the last time goes to the table. */
static enum status write_row(struct results *self, enum table_id table)
{
    size_t size = self->row_used;
    self->row_used = 0;
    if (self->packed[table]) return packed_write(self->packed[table], self->row, size);
    return fwrite(self->row, 1, size, self->stream[table]) == size ? STATUS_OK : STATUS_IO;
}

static enum status write_header(struct results *self, enum table_id table)
{
    struct table_shape shape = self->shape[table];
    enum status status = STATUS_OK;
    for (size_t c = 0; c < shape.count && !status; c++) {
        if (c) status = put_byte(self, ',');
        if (!status) status = put_text(self, shape.columns[c].name);
    }
    if (!status) status = put_byte(self, '\n');
    return status ? status : write_row(self, table);
}

void results_shape(struct results *self, enum table_id table, struct table_shape shape)
{
    self->shape[table] = shape;
}

static bool is_packed(enum table_id table)
{
    const char *end = strstr(table_file(table), ".zst");
    return end && !end[4];
}

/* The packing of a table whose name asks for it. */
static enum status open_packed(struct results *self, enum table_id table)
{
    if (self->packed[table] || !is_packed(table)) return STATUS_OK;
    self->packed[table] = memory_alloc(1, sizeof *self->packed[table]);
    return self->packed[table] ? packed_open(self->packed[table]) : STATUS_NO_MEMORY;
}

static enum status open_table(struct results *self, enum table_id table, const char *mode)
{
    char *name = results_path(self, table_file(table));
    if (!name) return STATUS_NO_MEMORY;
    self->stream[table] = fopen(name, mode);
    free(name);
    if (!self->stream[table]) return STATUS_IO;
    enum status status = open_packed(self, table);
    if (!status && self->packed[table]) self->packed[table]->to = self->stream[table];
    return status;
}

/* The first failed write counts, with its reason; later ones only follow from it. */
static enum status note(struct results *self, enum status status)
{
    if (!self->status && status) {
        self->status = status;
        self->reason = errno;
    }
    return self->status;
}

static enum status begin_table(struct results *self, enum table_id table)
{
    enum status status = open_table(self, table, "w");
    return status ? status : write_header(self, table);
}

static enum status emit(void *context, enum table_id table, const struct cell *cells, size_t n)
{
    struct results *self = context;
    if (self->status || self->unwanted[table]) return self->status;
    require(n == self->shape[table].count);
    if (!self->stream[table] && note(self, begin_table(self, table))) return self->status;
    enum status status = STATUS_OK;
    for (size_t c = 0; c < n && !status; c++) {
        if (c) status = put_byte(self, ',');
        if (!status) status = put_cell(self, &cells[c]);
    }
    if (!status) status = put_byte(self, '\n');
    if (!status) status = write_row(self, table);
    return note(self, status);
}

struct row_sink results_sink(struct results *self) { return (struct row_sink){self, emit}; }

/* Lengths of -1 are those of tables that are not wanted. */
static void visit_lengths(struct results *self, struct visitor *v)
{
    VISIT_ARRAY(v, "results.length", self->mark, TABLES);
    for (int t = 0; t < TABLES && visit_loading(v) && !v->status; t++) {
        if (self->mark[t] < -1) v->status = STATUS_BAD_INPUT;
        if (self->mark[t] < 0) self->unwanted[t] = true;
    }
}

void results_visit(struct results *self, struct visitor *v)
{
    visit_lengths(self, v);
    for (int t = 0; t < TABLES && !v->status; t++) {
        if (!self->shape[t].count || self->mark[t] < 0 || !is_packed((enum table_id)t))
            continue;
        enum status status = open_packed(self, (enum table_id)t);
        if (status) v->status = status;
        if (v->status) return;
        packed_visit(self->packed[t], v);
    }
}

/* Every row so far on the disk, but for text that fills no frame yet, and how many bytes they
 * are. */
static bool sync_table(FILE *stream, int64_t *length)
{
    *length = 0;
    if (!stream) return true;
    if (ferror(stream) || fflush(stream) || fsync(fileno(stream))) return false;
    *length = ftello(stream);
    return *length >= 0;
}

enum status results_mark(struct results *self, struct errors *errors)
{
    for (int t = 0; t < TABLES; t++) {
        self->mark[t] = -1;
        if (self->unwanted[t] || sync_table(self->stream[t], &self->mark[t])) continue;
        return errors_add(errors, note(self, STATUS_IO), "%s/%s: %s", self->partial,
                          table_file((enum table_id)t), strerror(self->reason));
    }
    return STATUS_OK;
}

/* Has a packed table rows that no frame in its file holds yet? */
static bool waits(const struct results *self, int table)
{
    return self->packed[table] && self->packed[table]->used > 0;
}

static enum status rewind_table(struct results *self, enum table_id table)
{
    int64_t length = self->mark[table];
    struct stat info;
    char *name = results_path(self, table_file(table));
    enum status status = name ? STATUS_OK : STATUS_NO_MEMORY;
    if (!status && length == 0 && !waits(self, (int)table))
        (void)unlink(name); /* its first row came later, or never */
    else if (!status && (stat(name, &info) || info.st_size < length || truncate(name, length)))
        status = STATUS_BAD_INPUT;
    else if (!status)
        status = open_table(self, table, "a");
    if (!status && self->stream[table] && fseeko(self->stream[table], 0, SEEK_END))
        status = STATUS_IO;
    free(name);
    return status;
}

enum status results_rewind(struct results *self, struct errors *errors)
{
    for (int t = 0; t < TABLES; t++) {
        if (self->unwanted[t]) continue;
        enum status status = rewind_table(self, (enum table_id)t);
        if (status)
            return errors_add(errors, status,
                              "%s: the table %s is not as the checkpoint left it",
                              self->partial, table_file((enum table_id)t));
    }
    return STATUS_OK;
}

/* The first bytes of a file as a new one. STATUS_BAD_INPUT when it has fewer or is not there.
 */
static enum status copy_start(const char *from, const char *to, int64_t bytes)
{
    char block[1 << 16];
    FILE *in = fopen(from, "rb"), *out = in ? fopen(to, "wb") : NULL;
    enum status status = !in ? STATUS_BAD_INPUT : out ? STATUS_OK : STATUS_IO;
    while (!status && bytes > 0) {
        size_t n = bytes < (int64_t)sizeof block ? (size_t)bytes : sizeof block;
        if (fread(block, 1, n, in) != n)
            status = STATUS_BAD_INPUT;
        else if (fwrite(block, 1, n, out) != n)
            status = STATUS_IO;
        bytes -= (int64_t)n;
    }
    if (in) fclose(in);
    if (out && fclose(out) && !status) status = STATUS_IO;
    return status;
}

enum status results_branch(struct results *self, const char *folder, struct errors *errors)
{
    for (int t = 0; t < TABLES; t++) {
        if (self->unwanted[t] || (self->mark[t] == 0 && !waits(self, t))) continue;
        const char *file = table_file((enum table_id)t);
        char *from = file_join(folder, file), *to = results_path(self, file);
        enum status status = from && to ? copy_start(from, to, self->mark[t])
                                        : STATUS_NO_MEMORY;
        if (status == STATUS_BAD_INPUT)
            status = errors_add(errors, status,
                                "%s: is not as it was when the state was kept, or not there",
                                from);
        else if (status == STATUS_IO)
            status = errors_add(errors, status, "%s: %s", to, strerror(errno));
        free(from);
        free(to);
        if (status) return status;
    }
    return results_rewind(self, errors);
}

enum status results_close(struct results *self, struct errors *errors)
{
    for (int t = 0; t < TABLES; t++) {
        /* A table without rows has a header all the same; one without columns is not wanted. */
        if (!self->stream[t] && !self->status && self->shape[t].count && !self->unwanted[t])
            note(self, begin_table(self, (enum table_id)t));
        FILE *stream = self->stream[t];
        int64_t length;
        if (stream && self->packed[t] && !self->status)
            note(self, packed_finish(self->packed[t]));
        self->stream[t] = NULL;
        if (stream && !sync_table(stream, &length)) note(self, STATUS_IO);
        if (stream && fclose(stream)) note(self, STATUS_IO);
    }
    if (!self->status) return STATUS_OK;
    return errors_add(errors, self->status, "%s: the tables could not be written whole: %s",
                      self->partial, strerror(self->reason));
}

/* ----------------------------------------------------------------------------- the final name
 */

/* Puts the folder in the place of an older run. Where the file system can, both trade names in
 * one step; elsewhere there is a moment without a folder of the final name, never one with
 * half. */
static bool replace_final(struct results *self)
{
    if (renameat2(AT_FDCWD, self->partial, AT_FDCWD, self->final, RENAME_EXCHANGE) == 0)
        return file_remove(self->partial);
    char *old = joined(self->final, ".replaced");
    bool done = old && rename(self->final, old) == 0;
    if (done && rename(self->partial, self->final)) {
        int reason = errno;
        (void)rename(old, self->final);
        errno = reason;
        done = false;
    }
    if (done) done = file_remove(old);
    free(old);
    return done;
}

/* The checkpoint goes when the folder has its name: killed in between, a whole run has one
 * file too many, and not one too few to go on from. */
enum status results_finish(struct results *self, struct errors *errors)
{
    static const char *const scaffold[] = {"checkpoint", "lock"};
    if (!file_sync_all(self->partial))
        return errors_add(errors, STATUS_IO, "%s: %s", self->partial, strerror(errno));
    bool replace = self->force && file_exists(self->final);
    if (replace ? !replace_final(self) : rename(self->partial, self->final))
        return errors_add(errors, STATUS_IO, "%s: cannot be renamed to %s: %s", self->partial,
                          self->final, strerror(errno));
    for (size_t i = 0; i < sizeof scaffold / sizeof scaffold[0]; i++)
        if (forget_in(self->final, scaffold[i]))
            return errors_add(errors, STATUS_IO, "%s/%s: cannot be removed: %s", self->final,
                              scaffold[i], strerror(errno));
    if (!file_sync_folder_of(self->final))
        return errors_add(errors, STATUS_IO, "%s: %s", self->final, strerror(errno));
    return STATUS_OK;
}
