/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/database.h"

#ifdef WITH_SQLITE
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "io/file.h"

struct database {
    struct file file;
    sqlite3 *connection;
    sqlite3_stmt *insert;
    char *table; /* owned */
    int cell;    /* of the row that is being made */
    int failure; /* of SQLite; the first */
};

bool database_there(void) { return true; }

static void note(struct database *self, int result)
{
    bool fine = result == SQLITE_OK || result == SQLITE_DONE;
    if (!fine && !self->failure) self->failure = result;
}

/* What went wrong, if anything did. */
static enum status outcome(const struct database *self, struct errors *errors)
{
    if (!self->failure) return STATUS_OK;
    if (self->failure == SQLITE_NOMEM) return STATUS_NO_MEMORY;
    return errors_add(errors, STATUS_IO, "%s: %s", self->file.path,
                      sqlite3_errstr(self->failure));
}

static void run(struct database *self, char *command)
{
    note(self,
         command ? sqlite3_exec(self->connection, command, NULL, NULL, NULL) : SQLITE_NOMEM);
    sqlite3_free(command);
}

/* CREATE TABLE, and an INSERT of as many question marks. */
static void make_table(struct database *self, const struct database_shape *shape)
{
    static const char *const types[] = {"INTEGER", "REAL", "TEXT"};
    sqlite3_str *create = sqlite3_str_new(self->connection);
    sqlite3_str *insert = sqlite3_str_new(self->connection);
    sqlite3_str_appendf(create, "CREATE TABLE \"%w\" (", self->table);
    sqlite3_str_appendf(insert, "INSERT INTO \"%w\" VALUES (", self->table);
    for (size_t c = 0; c < shape->count; c++) {
        sqlite3_str_appendf(create, "%s\"%w\" %s", c ? ", " : "", shape->columns[c].name,
                            types[shape->columns[c].type]);
        sqlite3_str_appendall(insert, c ? ",?" : "?");
    }
    sqlite3_str_appendall(create, ")");
    sqlite3_str_appendall(insert, ")");
    run(self, sqlite3_str_finish(create));
    char *text = sqlite3_str_finish(insert);
    if (!self->failure)
        note(self, text ? sqlite3_prepare_v2(self->connection, text, -1, &self->insert, NULL)
                        : SQLITE_NOMEM);
    sqlite3_free(text);
}

static void command(struct database *self, const char *text)
{
    if (!self->failure) run(self, sqlite3_mprintf("%s", text));
}

enum status database_create(struct database **self, const char *path,
                            const struct database_shape *shape, struct errors *errors)
{
    struct database *made = *self = calloc(1, sizeof *made);
    if (!made) return STATUS_NO_MEMORY;
    made->table = strdup(shape->table);
    enum status status = made->table ? file_create(&made->file, path, errors)
                                     : STATUS_NO_MEMORY;
    if (!status) {
        note(made, sqlite3_open_v2(made->file.temporary, &made->connection,
                                   SQLITE_OPEN_READWRITE, NULL));
        /* half a file is thrown away, so nothing has to be undone */
        command(made, "PRAGMA journal_mode=OFF");
        command(made, "PRAGMA synchronous=OFF");
        command(made, "BEGIN");
        if (!made->failure) make_table(made, shape);
        status = outcome(made, errors);
    }
    if (!status) return STATUS_OK;
    database_discard(made);
    *self = NULL;
    return status;
}

void database_integer(struct database *self, int64_t value)
{
    note(self, sqlite3_bind_int64(self->insert, ++self->cell, value));
}

void database_real(struct database *self, double value)
{
    self->cell++;
    note(self, isfinite(value) ? sqlite3_bind_double(self->insert, self->cell, value)
                               : sqlite3_bind_null(self->insert, self->cell));
}

void database_text(struct database *self, const char *value)
{
    note(self, sqlite3_bind_text(self->insert, ++self->cell, value, -1, SQLITE_TRANSIENT));
}

enum status database_row(struct database *self, struct errors *errors)
{
    if (!self->failure) note(self, sqlite3_step(self->insert));
    (void)sqlite3_reset(self->insert);
    self->cell = 0;
    return outcome(self, errors);
}

enum status database_commit(struct database *self, const char *indexed, struct errors *errors)
{
    if (!self->failure)
        run(self, sqlite3_mprintf("CREATE INDEX \"%w by %w\" ON \"%w\" (\"%w\")", self->table,
                                  indexed, self->table, indexed));
    command(self, "COMMIT");
    sqlite3_finalize(self->insert);
    self->insert = NULL;
    note(self, sqlite3_close(self->connection));
    self->connection = NULL;
    enum status status = outcome(self, errors);
    if (!status) status = file_commit(&self->file, errors);
    database_discard(self);
    return status;
}

void database_discard(struct database *self)
{
    if (!self) return;
    sqlite3_finalize(self->insert);
    sqlite3_close(self->connection);
    file_discard(&self->file);
    free(self->table);
    free(self);
}

#else

bool database_there(void) { return false; }

enum status database_create(struct database **self, const char *path,
                            const struct database_shape *shape, struct errors *errors)
{
    (void)shape;
    *self = NULL;
    return errors_add(errors, STATUS_FAULT,
                      "%s: this reelsim was built without SQLite (Debian: libsqlite3-dev, then "
                      "make again)",
                      path);
}

/* Never called: there is no database. */
void database_integer(struct database *self, int64_t value) { (void)self, (void)value; }
void database_real(struct database *self, double value) { (void)self, (void)value; }
void database_text(struct database *self, const char *value) { (void)self, (void)value; }
enum status database_row(struct database *self, struct errors *errors)
{
    (void)self, (void)errors;
    return STATUS_FAULT;
}
enum status database_commit(struct database *self, const char *indexed, struct errors *errors)
{
    (void)indexed;
    return database_row(self, errors);
}
void database_discard(struct database *self) { (void)self; }

#endif
