/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/assumptions.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort_double.h>

#include "base/memory.h"
#include "engine/stream.h"
#include "experiment/paired.h"

static const struct purpose purpose_draw = {"experiment.assumptions", PURPOSE_POPULATION};

/* ------------------------------------------------------------------------------ which may be
 */

struct gathering {
    struct assumptions *out;
    struct model *const *arm;
    size_t arms;
    enum status status;
};

static bool is_assumed(const struct schema_row *row)
{
    bool tagged = strncmp(row->source, "A", 1) == 0 && !isalnum((unsigned char)row->source[1]);
    return tagged || strncmp(row->source, "V2", 2) == 0;
}

static bool has_range(const struct schema_row *row)
{
    return (row->type == SCHEMA_FLOAT || row->type == SCHEMA_INT) &&
           row->plausible_high > row->plausible_low;
}

struct search {
    const char *kind, *member;
    bool found;
};

/* Is the member named by a row that takes names of its kind? */
static void look_for(const struct parameter *at, const char *path, void *context)
{
    struct search *search = context;
    (void)path;
    if (!at->row->choices || strcmp(at->row->choices, search->kind) != 0) return;
    if (at->row->type == SCHEMA_TEXT)
        search->found = search->found || strcmp(at->value, search->member) == 0;
    if (at->row->type == SCHEMA_NAMES)
        search->found = search->found || name_list_find(at->value, search->member) >= 0;
}

/* A table of no member always acts; a member's does when it is chosen. */
static bool acts_in(const struct model *model, const struct schema_table *table)
{
    bool of_member = false;
    for (size_t k = 0; k < model->registries.count; k++) {
        const struct registry *kind = &model->registries.kind[k];
        for (size_t m = 0; m < kind->count; m++) {
            if (!kind->member[m]->parameters ||
                strcmp(kind->member[m]->parameters->prefix, table->prefix) != 0)
                continue;
            struct search search = {kind->kind, kind->member[m]->name, false};
            parameters_each(&model->parameters, look_for, &search);
            if (search.found) return true;
            of_member = true;
        }
    }
    return !of_member;
}

static bool is_given(const struct model *model, const char *path)
{
    struct parameter at;
    if (!parameters_find(&model->parameters, path, &at)) return false;
    return at.block->given[at.row - at.table->rows];
}

static void consider(const struct parameter *at, const char *path, void *context)
{
    struct gathering *self = context;
    struct assumptions *out = self->out;
    bool how = strncmp(path, "run.", 4) == 0 || strncmp(path, "measure.", 8) == 0 ||
               strncmp(path, "evaluate.", 9) == 0;
    if (self->status || how || at->table->most || !is_assumed(at->row) || !has_range(at->row))
        return;
    bool given = false, acts = false;
    for (size_t a = 0; a < self->arms; a++) {
        given = given || is_given(self->arm[a], path);
        acts = acts || acts_in(self->arm[a], at->table);
    }
    out->set += given;
    out->idle += !given && !acts;
    if (given || !acts) return;
    self->status = memory_grow(&out->row, &out->room, out->count + 1, sizeof *out->row);
    if (self->status) return;
    struct assumption *row = &out->row[out->count++];
    *row = (struct assumption){.unit = at->row->unit,
                               .low = at->row->plausible_low,
                               .high = at->row->plausible_high,
                               .whole = at->row->type == SCHEMA_INT};
    row->logarithmic = row->low > 0 && row->high / row->low >= 10;
    snprintf(row->path, sizeof row->path, "%s", path);
}

enum status assumptions_gather(struct assumptions *self, struct model *const *arm, size_t arms)
{
    struct gathering gathering = {.out = self, .arm = arm, .arms = arms};
    *self = (struct assumptions){0};
    parameters_each(&arm[0]->parameters, consider, &gathering);
    return gathering.status;
}

void assumptions_free(struct assumptions *self)
{
    memory_free(self->row);
    memory_free(self->value);
    *self = (struct assumptions){0};
}

/* ------------------------------------------------------------------------------------- draws
 */

static double place(const struct assumption *row, double u)
{
    double value = row->logarithmic ? row->low * pow(row->high / row->low, u)
                                    : row->low + (row->high - row->low) * u;
    value = fmin(row->high, fmax(row->low, value));
    return row->whole ? fmin(floor(row->high), fmax(ceil(row->low), round(value))) : value;
}

enum status assumptions_draw(struct assumptions *self, uint32_t seed, size_t replications)
{
    struct stream_key key = stream_key((struct seed){.seed = seed}, &purpose_draw);
    uint32_t *part = memory_alloc(replications, sizeof *part);
    memory_free(self->value);
    self->value = memory_alloc(self->count * replications, sizeof *self->value);
    self->replications = replications;
    enum status status = part && self->value ? STATUS_OK : STATUS_NO_MEMORY;
    for (size_t r = 0; r < self->count && !status; r++) {
        struct stream s = stream_open(key, name_of(self->row[r].path, 0), 0);
        for (uint32_t i = 0; i < replications; i++) {
            uint32_t j = stream_below(&s, i + 1);
            part[i] = part[j];
            part[j] = i;
        }
        for (size_t i = 0; i < replications; i++)
            self->value[r * replications + i] = place(
                &self->row[r], ((double)part[i] + stream_uniform(&s)) / (double)replications);
    }
    memory_free(part);
    return status;
}

int assumptions_setting(const struct assumptions *self, size_t row, size_t replication,
                        char *out, size_t size)
{
    double value = self->value[row * self->replications + replication];
    const char *path = self->row[row].path;
    if (self->row[row].whole) return snprintf(out, size, "%s=%.0f", path, value);
    /* without a point it would read as a whole number, which floats take as well */
    return snprintf(out, size, "%s=%.17g", path, value);
}

/* ------------------------------------------------------------------------------------- flips
 */

/* The worlds that count: their ordinals, differences, and one row's draws. */
struct worlds {
    size_t *world, *order;            /* owned */
    double *difference, *draw, *holm; /* owned */
    size_t n;
};

static enum status worlds_init(struct worlds *self, const struct assumptions *from,
                               const double *difference)
{
    size_t most = from->replications;
    *self = (struct worlds){.world = memory_alloc(most + 1, sizeof *self->world),
                            .order = memory_alloc(most + 1, sizeof *self->order),
                            .difference = memory_alloc(most + 1, sizeof *self->difference),
                            .draw = memory_alloc(most + 1, sizeof *self->draw),
                            .holm = memory_alloc(from->count + 1, sizeof *self->holm)};
    if (!self->world || !self->order || !self->difference || !self->draw || !self->holm)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < most; i++) {
        if (!isfinite(difference[i])) continue;
        self->world[self->n] = i;
        self->difference[self->n++] = difference[i];
    }
    return STATUS_OK;
}

static void worlds_free(struct worlds *self)
{
    memory_free(self->world);
    memory_free(self->order);
    memory_free(self->difference);
    memory_free(self->draw);
    memory_free(self->holm);
}

/* Wins and mean of the worlds order[from..to). */
static void half(const struct worlds *worlds, size_t from, size_t to, double out[2])
{
    out[0] = out[1] = 0;
    for (size_t i = from; i < to; i++) {
        double difference = worlds->difference[worlds->order[i]];
        out[0] += difference > 0 ? 1 : difference < 0 ? 0 : 0.5;
        out[1] += difference;
    }
    out[0] /= (double)(to - from);
    out[1] /= (double)(to - from);
}

static enum status look_at(const struct assumptions *self, struct worlds *worlds, size_t row,
                           struct flip *out)
{
    double low[2], high[2];
    size_t n = worlds->n;
    for (size_t i = 0; i < n; i++)
        worlds->draw[i] = self->value[row * self->replications + worlds->world[i]];
    gsl_sort_index(worlds->order, worlds->draw, 1, n);
    half(worlds, 0, n / 2, low);
    half(worlds, n - n / 2, n, high);
    *out = (struct flip){.row = row,
                         .low_wins = low[0],
                         .high_wins = high[0],
                         .low_mean = low[1],
                         .high_mean = high[1]};
    enum status status = paired_rank_correlation(worlds->draw, worlds->difference, n,
                                                 &out->rho);
    worlds->holm[row] = out->p = paired_rank_p(out->rho, n);
    return status;
}

/* Largest change of the winner's share first, then the stronger correlation, then by row. */
static int compare_flips(const void *a, const void *b)
{
    const struct flip *x = a, *y = b;
    double dx = fabs(x->high_wins - x->low_wins), dy = fabs(y->high_wins - y->low_wins);
    if (fabs(dx - dy) > 1e-12) return dx > dy ? -1 : 1;
    double rx = isnan(x->rho) ? 0 : fabs(x->rho), ry = isnan(y->rho) ? 0 : fabs(y->rho);
    if (rx > ry || ry > rx) return rx > ry ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

enum status assumptions_flips(const struct assumptions *self, const double *difference,
                              struct flip *out)
{
    struct worlds worlds;
    enum status status = worlds_init(&worlds, self, difference);
    for (size_t r = 0; r < self->count && !status; r++) {
        out[r] = (struct flip){.row = r, .rho = NAN, .p = NAN};
        worlds.holm[r] = NAN;
        if (worlds.n >= 2) status = look_at(self, &worlds, r, &out[r]);
    }
    if (!status) status = paired_holm(worlds.holm, self->count);
    for (size_t r = 0; r < self->count && !status; r++) out[r].p = worlds.holm[r];
    if (!status) qsort(out, self->count, sizeof *out, compare_flips);
    worlds_free(&worlds);
    return status;
}
