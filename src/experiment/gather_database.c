/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The long table as a database: the rows of gather_table, with the types that values have. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "experiment/gather.h"
#include "io/database.h"

struct gathering {
    const char *metrics;
    struct database *database;
    enum database_type type[SWEEP_AXES_MOST]; /* of the axes */
    struct errors *errors;
};

/* What a text is at least: a whole number, a number, a word. */
static enum database_type type_of(const char *text)
{
    char *end = NULL;
    errno = 0;
    (void)strtoll(text, &end, 10);
    if (end != text && !*end && !errno) return DATABASE_INTEGER;
    double value = strtod(text, &end);
    return end != text && !*end && isfinite(value) ? DATABASE_REAL : DATABASE_TEXT;
}

/* The type of an axis is that of its widest value. */
static enum status type_axes(struct gathering *self, const struct plan *plan)
{
    struct plan_walk walk = {0};
    bool more = true;
    enum status status = plan_begin(&walk, plan, self->errors);
    while (!status) {
        status = plan_next(&walk, &more, self->errors);
        if (status || !more) break;
        for (size_t a = 0; a < plan_axes(&walk) && a < SWEEP_AXES_MOST && !walk.replicate;
             a++) {
            enum database_type type = type_of(plan_value(&walk, a));
            if (type > self->type[a]) self->type[a] = type;
        }
    }
    plan_end(&walk);
    return status;
}

static enum status create(struct gathering *self, const struct plan *plan, const char *path)
{
    struct database_column column[SWEEP_AXES_MOST + 4] = {{"point", DATABASE_INTEGER},
                                                          {"replicate", DATABASE_INTEGER}};
    struct plan_walk walk = {0};
    enum status status = plan_begin(&walk, plan, self->errors);
    size_t n = 2;
    if (!status && plan_axes(&walk) > SWEEP_AXES_MOST)
        status = errors_add(self->errors, STATUS_BAD_INPUT, "%s/design.csv: has too many axes",
                            plan->folder);
    for (size_t a = 0; !status && a < plan_axes(&walk); a++)
        column[n++] = (struct database_column){plan_axis(&walk, a), self->type[a]};
    column[n++] = (struct database_column){"metric", DATABASE_TEXT};
    column[n++] = (struct database_column){"value", DATABASE_REAL};
    const struct database_shape shape = {"results", column, n};
    if (!status) status = database_create(&self->database, path, &shape, self->errors);
    plan_end(&walk);
    return status;
}

static void add_axis(struct gathering *self, size_t axis, const char *text)
{
    if (self->type[axis] == DATABASE_INTEGER)
        database_integer(self->database, strtoll(text, NULL, 10));
    else if (self->type[axis] == DATABASE_REAL)
        database_real(self->database, strtod(text, NULL));
    else
        database_text(self->database, text);
}

static enum status add_trial(void *context, const struct plan_walk *walk,
                             const struct kept *kept, const struct figures *figures)
{
    struct gathering *self = context;
    enum status status = STATUS_OK;
    (void)kept;
    for (size_t i = 0; i < figures->count && !status; i++) {
        if (!gather_wants(self->metrics, figures->name[i])) continue;
        database_integer(self->database, (int64_t)walk->point);
        database_integer(self->database, (int64_t)walk->replicate);
        for (size_t a = 0; a < plan_axes(walk); a++) add_axis(self, a, plan_value(walk, a));
        database_text(self->database, figures->name[i]);
        database_real(self->database, figures->value[i]);
        status = database_row(self->database, self->errors);
    }
    return status;
}

enum status gather_database(const struct gather_options *options, const char *path,
                            struct gather_counts *counts, struct errors *errors)
{
    struct gathering self = {.metrics = options->metrics, .errors = errors};
    enum status status = type_axes(&self, options->plan);
    if (!status) status = create(&self, options->plan, path);
    if (status) return status;
    status = gather_each(options->plan, add_trial, &self, counts, errors);
    if (!status) return database_commit(self.database, "metric", errors);
    database_discard(self.database);
    return status;
}
