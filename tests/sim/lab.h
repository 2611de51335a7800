/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole runs in memory, for tests: a tiny world under settings of one's choice, its rows kept,
 * its state hashed, saved and loaded.
 *
 *     struct lab lab;
 *     static const char *const set[] = {"run.days=3", "platform.ranker=mf", NULL};
 *     if (lab_init(&lab, lab_tiny, NULL) || lab_settings(&lab, set)) fail...
 *     if (lab_begin(&lab, &(struct lab_way){.threads = 2}) || lab_run(&lab)) fail...
 *     lab.hash, lab.digest, lab_figure(&lab, "videos.duration_s", &x)
 *     lab_free(&lab);
 *
 * Nothing here prints or asserts, so runs may go on in parallel; what went wrong is in
 * lab.errors.
 */
#ifndef TESTS_SIM_LAB_H
#define TESTS_SIM_LAB_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "engine/stream.h"
#include "io/checkpoint.h"
#include "sim/sim.h"
#include "world/world.h"

/* A world of some hundred viewers that runs two days in a few hundredths of a second. */
static const char *const lab_tiny[] = {
    "run.days=2",          "run.shards=4",
    "viewers.count=300",   "viewers.session.budget=6.0",
    "creators.count=40",   "creators.backlog_days=5.0",
    "platform.clusters=8", "measure.panel=50",
    "measure.sample=60",   NULL,
};

/* The rows of one table. A cell is a number: empty = NAN, text = a hash of it, money in major
 * units. */
struct lab_table {
    size_t columns, rows, room;
    double *cell; /* rows * columns; owned */
};

struct lab {
    struct model model;
    struct sim *sim;
    struct lab_table table[TABLES];
    uint64_t digest; /* of every cell of every row so far, in order */
    uint64_t hash;   /* of the state after lab_run */
    struct errors errors;
};

/* How a run is made; nothing that it leaves may depend on any of it. */
struct lab_way {
    uint32_t threads; /* 0 = 1 */
    bool shuffle;
};

static inline void lab_mix(struct lab *lab, const void *data, size_t bytes)
{
    const unsigned char *byte = data;
    for (size_t i = 0; i < bytes; i++)
        lab->digest = (lab->digest ^ byte[i]) * UINT64_C(0x100000001b3);
}

static inline double lab_text_number(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text; text++) hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return (double)(hash >> 12);
}

static inline double lab_number(struct lab *lab, const struct cell *cell)
{
    lab_mix(lab, &cell->kind, sizeof cell->kind);
    switch (cell->kind) {
    case CELL_INT:
        lab_mix(lab, &cell->as.integer, sizeof cell->as.integer);
        return (double)cell->as.integer;
    case CELL_MONEY:
        lab_mix(lab, &cell->as.integer, sizeof cell->as.integer);
        return (double)cell->as.integer * 1e-6;
    case CELL_FLOAT:
        lab_mix(lab, &cell->as.number, sizeof cell->as.number);
        return cell->as.number;
    case CELL_TEXT:
        lab_mix(lab, cell->as.text, strlen(cell->as.text));
        return lab_text_number(cell->as.text);
    case CELL_EMPTY:
        break;
    }
    return (double)NAN;
}

static inline enum status lab_emit(void *self, enum table_id id, const struct cell *cells,
                                   size_t n)
{
    struct lab *lab = self;
    struct lab_table *table = &lab->table[id];
    enum status status = memory_grow(&table->cell, &table->room, (table->rows + 1) * n,
                                     sizeof *table->cell);
    if (status) return status;
    lab_mix(lab, &id, sizeof id);
    table->columns = n;
    for (size_t i = 0; i < n; i++)
        table->cell[table->rows * n + i] = lab_number(lab, &cells[i]);
    table->rows++;
    return STATUS_OK;
}

/* Sets "path=value"; the path of a repeated group, "creators.cohorts[0].skill", makes it. */
static inline enum status lab_set(struct lab *lab, const char *assignment)
{
    char path[192], prefix[192];
    const char *equals = strchr(assignment, '=');
    if (!equals || (size_t)(equals - assignment) >= sizeof path)
        return errors_add(&lab->errors, STATUS_USAGE, "`%s` is not path=value", assignment);
    memcpy(path, assignment, (size_t)(equals - assignment));
    path[equals - assignment] = 0;
    const char *bracket = strchr(path, '[');
    if (bracket) {
        memcpy(prefix, path, (size_t)(bracket - path));
        prefix[bracket - path] = 0;
        int32_t index = 0;
        while (parameters_count(&lab->model.parameters, prefix) <= atoi(bracket + 1)) {
            enum status status = parameters_grow(&lab->model.parameters, prefix, &index);
            if (status) return status;
        }
    }
    return parameters_set(&lab->model.parameters, path, equals + 1, "test", &lab->errors);
}

/* A NULL-terminated list of them. */
static inline enum status lab_settings(struct lab *lab, const char *const *settings)
{
    enum status status = STATUS_OK;
    for (; settings && *settings && !status; settings++) status = lab_set(lab, *settings);
    return status;
}

/* Settings in one text, separated by spaces, as a schema row's `needs` has them. */
static inline enum status lab_needs(struct lab *lab, const char *needs)
{
    enum status status = STATUS_OK;
    while (needs && *needs && !status) {
        char one[512];
        const char *end = needs;
        int depth = 0;
        bool quoted = false;
        for (; *end && (*end != ' ' || depth || quoted); end++) {
            if (*end == '"') quoted = !quoted;
            depth += (*end == '[') - (*end == ']');
        }
        if ((size_t)(end - needs) >= sizeof one) return STATUS_USAGE;
        memcpy(one, needs, (size_t)(end - needs));
        one[end - needs] = 0;
        if (*one) status = lab_set(lab, one);
        needs = *end ? end + 1 : end;
    }
    return status;
}

/* A model with its defaults and then `settings`; `plugins` may be NULL. */
static inline enum status lab_init(struct lab *lab, const char *const *settings,
                                   const struct name_list *plugins)
{
    *lab = (struct lab){.digest = UINT64_C(0xcbf29ce484222325)};
    enum status status = model_init(&lab->model, plugins, &lab->errors);
    return status ? status : lab_settings(lab, settings);
}

static inline void lab_vector(struct stream *draw, struct packed16 *out)
{
    float x[VECTOR_DIM];
    for (int i = 0; i < VECTOR_DIM; i++) x[i] = (float)stream_normal(draw);
    vector_normalise(x);
    vector_pack(out, x);
}

/* People and videos made up from a name: LAB_PEOPLE and LAB_FILMS, every third film of one of
 * ten authors. The k-th viewer has 10 + k rows, the k-th video a share of them by 1 / (k + 1).
 */
#define LAB_PEOPLE 150u
#define LAB_FILMS 120u
static inline enum status lab_people(struct audience *out, const char *name)
{
    struct stream draw = stream_open((struct stream_key){{1, 2}}, name_of(name, 0), 0);
    enum status status = audience_init(out, LAB_PEOPLE, LAB_FILMS);
    if (status) return status;
    out->span_s = 100 * 86400;
    out->timed = true;
    out->digest = name_of(name, 1);
    for (int a = 0; a < AUDIENCE_ACTS; a++) out->act_rate[a] = -1;
    for (uint32_t u = 0; u < LAB_PEOPLE; u++) {
        struct audience_viewer *v = &out->viewer[u];
        lab_vector(&draw, &v->taste);
        v->rows = 10 + u;
        v->sessions = 2 + u / 10;
        v->activity = (float)(10 + u) / (10 + LAB_PEOPLE / 2);
        v->budget = 1;
    }
    uint32_t creators = 10;
    for (uint32_t i = 0; i < LAB_FILMS; i++) {
        struct audience_video *v = &out->video[i];
        lab_vector(&draw, &v->content);
        v->rows = 2000 / (i + 1);
        v->first_s = i * 3600;
        v->last_s = out->span_s;
        v->quality = 0.1f + 0.8f * (float)stream_uniform(&draw);
        v->creator = i % 3 ? creators++ : i / 3 % 10;
    }
    out->creators = creators;
    return STATUS_OK;
}

/* A population from a file is made up from the file's name. */
static inline enum status lab_populate_file(struct lab *lab)
{
    const struct run_parameters *run = parameters_block(&lab->model.parameters, "run");
    if (run->population != POPULATION_FILE || lab->model.audience) return STATUS_OK;
    lab->model.audience = memory_alloc(1, sizeof *lab->model.audience);
    if (!lab->model.audience) return STATUS_NO_MEMORY;
    return lab_people(lab->model.audience, run->audience);
}

static inline enum status lab_begin_empty(struct lab *lab, const struct lab_way *way)
{
    enum status made = lab_populate_file(lab);
    if (made) return made;
    const struct sim_options options = {.threads = way && way->threads ? way->threads : 1,
                                        .shuffle_shards = way && way->shuffle,
                                        .sink = {lab, lab_emit}};
    return sim_init(&lab->sim, &lab->model, &options, &lab->errors);
}

static inline enum status lab_begin(struct lab *lab, const struct lab_way *way)
{
    enum status status = lab_begin_empty(lab, way);
    return status ? status : sim_populate(lab->sim);
}

/* Windows until `day`, or the end. */
static inline enum status lab_until(struct lab *lab, double day)
{
    enum status status = STATUS_OK;
    while (!status && !sim_done(lab->sim) &&
           sim_now(lab->sim) < (sim_time)(day * (double)TIME_DAY))
        status = sim_step(lab->sim, &lab->errors);
    return status;
}

/* To the end: the last rows, the hash. */
static inline enum status lab_run(struct lab *lab)
{
    enum status status = lab_until(lab, 1e6);
    if (!status) status = sim_hash(lab->sim, &lab->hash);
    return status ? status : sim_finish(lab->sim);
}

/* The tiny world with these settings, to its end. */
static inline enum status lab_whole(struct lab *lab, const char *const *settings)
{
    enum status status = lab_init(lab, lab_tiny, NULL);
    if (!status) status = lab_settings(lab, settings);
    if (!status) status = lab_begin(lab, NULL);
    return status ? status : lab_run(lab);
}

static inline void lab_visit(void *context, struct visitor *v) { sim_visit(context, v); }

static inline enum status lab_save(struct lab *lab, const char *path)
{
    return checkpoint_save(path, lab_visit, lab->sim, &lab->errors);
}

/* In place of lab_begin. The digest of the run that was saved goes on, if the caller copies
 * it. */
static inline enum status lab_load(struct lab *lab, const struct lab_way *way, const char *path)
{
    enum status status = lab_begin_empty(lab, way);
    if (!status) status = checkpoint_load(path, lab_visit, lab->sim, &lab->errors);
    return status ? status : sim_restored(lab->sim);
}

static inline void lab_free(struct lab *lab)
{
    sim_free(lab->sim);
    for (int t = 0; t < TABLES; t++) memory_free(lab->table[t].cell);
    model_free(&lab->model);
    errors_free(&lab->errors);
}

struct lab_column {
    const struct lab_table *table;
    size_t column;
};

static inline bool lab_table_named(const char *name, size_t length, enum table_id *id)
{
    for (int t = 0; t < TABLES; t++) {
        const char *file = table_file((enum table_id)t);
        if (strncmp(file, name, length) == 0 && strncmp(file + length, ".csv", 4) == 0) {
            *id = (enum table_id)t;
            return true;
        }
    }
    return false;
}

static inline bool lab_find(const struct lab *lab, const char *name, struct lab_column *out)
{
    enum table_id id = TABLE_SERIES;
    const char *dot = strchr(name, '.');
    if (dot && !lab_table_named(name, (size_t)(dot - name), &id)) return false;
    const char *column = dot ? dot + 1 : name;
    const struct table_shape shape = sim_shape(lab->sim, id);
    for (size_t i = 0; i < shape.count; i++) {
        if (strcmp(shape.columns[i].name, column) != 0) continue;
        *out = (struct lab_column){&lab->table[id], i};
        return true;
    }
    return false;
}

/* Moments of a column. */
struct lab_moments {
    double n, sum, squares, last;
};

static inline struct lab_moments lab_moments(const struct lab_column *at)
{
    struct lab_moments m = {0};
    for (size_t r = 0; r < at->table->rows; r++) {
        double x = at->table->cell[r * at->table->columns + at->column];
        if (isnan(x)) continue;
        m.n++;
        m.sum += x;
        m.squares += x * x;
        m.last = x;
    }
    return m;
}

static inline bool lab_ratio(const struct lab *lab, const char *text, const char *slash,
                             double *figure)
{
    char above[64];
    struct lab_column a, b;
    if ((size_t)(slash - text) >= sizeof above) return false;
    memcpy(above, text, (size_t)(slash - text));
    above[slash - text] = 0;
    if (!lab_find(lab, above, &a) || !lab_find(lab, slash + 1, &b)) return false;
    *figure = lab_moments(&a).sum / lab_moments(&b).sum;
    return true;
}

/* Product-moment correlation of "videos.quality,likes"; NAN when one of them does not vary. */
static inline bool lab_correlation(const struct lab *lab, const char *names, double *figure)
{
    char first[64], second[64];
    struct lab_column a, b;
    const char *comma = strchr(names, ','), *dot = strchr(names, '.');
    int head = dot && dot < comma ? (int)(dot + 1 - names) : 0;
    if (!comma || (size_t)(comma - names) >= sizeof first) return false;
    snprintf(first, sizeof first, "%.*s", (int)(comma - names), names);
    snprintf(second, sizeof second, "%.*s%s", head, names, comma + 1);
    if (!lab_find(lab, first, &a) || !lab_find(lab, second, &b)) return false;
    double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (size_t r = 0; r < a.table->rows; r++) {
        double u = a.table->cell[r * a.table->columns + a.column];
        double v = b.table->cell[r * b.table->columns + b.column];
        if (isnan(u) || isnan(v)) continue;
        n++, x += u, y += v, xx += u * u, yy += v * v, xy += u * v;
    }
    double spread = (xx - x * x / n) * (yy - y * y / n);
    *figure = spread > 0 ? (xy - x * y / n) / sqrt(spread) : (double)NAN;
    return true;
}

/* A figure of the run, by a text:
 *
 *     dau                     mean over the rows of series.csv
 *     videos.duration_s       mean over the rows of another table; empty cells are left out
 *     sd videos.duration_s    standard deviation over the rows
 *     sum videos.likes        sum
 *     last viewers            of the last row
 *     rows cascades           number of rows of a table
 *     likes/impressions       ratio of two sums
 *     r videos.quality,likes  correlation of two columns over the rows of a table
 *
 * False when there is no such column; NAN when no cell has a value. */
static inline bool lab_figure(const struct lab *lab, const char *text, double *figure)
{
    struct lab_column at;
    enum table_id id;
    const char *slash = strchr(text, '/'), *space = strchr(text, ' ');
    if (slash) return lab_ratio(lab, text, slash, figure);
    const char *name = space ? space + 1 : text;
    if (strncmp(text, "r ", 2) == 0) return lab_correlation(lab, name, figure);
    if (strncmp(text, "rows ", 5) == 0) {
        if (!lab_table_named(name, strlen(name), &id)) return false;
        *figure = (double)lab->table[id].rows;
        return true;
    }
    if (!lab_find(lab, name, &at)) return false;
    const struct lab_moments m = lab_moments(&at);
    double mean = m.n > 0 ? m.sum / m.n : (double)NAN;
    if (!space) {
        *figure = mean;
    } else if (strncmp(text, "sum ", 4) == 0) {
        *figure = m.sum;
    } else if (strncmp(text, "last ", 5) == 0) {
        *figure = m.n > 0 ? m.last : (double)NAN;
    } else if (strncmp(text, "sd ", 3) == 0) {
        double square = m.n > 0 ? m.squares / m.n - mean * mean : (double)NAN;
        *figure = square > 0 ? sqrt(square) : square;
    } else {
        return false;
    }
    return true;
}

#endif
