/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/sweep_points.h"

#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/kept.h"
#include "io/manifest_text.h"

#define LEVEL 0.05 /* a corrected p below it tells two points apart */

double *sweep_points_value(const struct sweep_points *self, size_t figure, size_t point)
{
    return self->value + (figure * self->points + point) * self->replications;
}

const struct estimate *sweep_points_mean(const struct sweep_points *self, size_t figure,
                                         size_t point)
{
    return &self->mean[figure * self->points + point];
}

void sweep_points_free(struct sweep_points *self)
{
    for (size_t a = 0; a < self->axes; a++) {
        struct sweep_places *axis = &self->axis[a];
        for (size_t k = 0; k < axis->names; k++) free(axis->name[k]);
        memory_free(axis->name);
        memory_free(axis->place);
        free(axis->path);
    }
    for (size_t m = 0; m < self->figures; m++) free(self->figure[m]);
    memory_free(self->value);
    memory_free(self->mean);
    memory_free(self->order);
    memory_free(self->alike);
    *self = (struct sweep_points){0};
}

/* -------------------------------------------------------------------------------- the places
 */

static bool is_number(const char *text, double *value)
{
    char *end = NULL;
    *value = strtod(text, &end);
    return end != text && !*end && isfinite(*value);
}

/* Which of the axis' words it is. */
static enum status name_place(struct sweep_places *axis, const char *text, double *place)
{
    size_t k = 0;
    while (k < axis->names && strcmp(axis->name[k], text) != 0) k++;
    *place = (double)k;
    if (k < axis->names) return STATUS_OK;
    enum status status = memory_grow(&axis->name, &axis->room, k + 1, sizeof *axis->name);
    if (status) return status;
    axis->name[k] = strdup(text);
    if (!axis->name[k]) return STATUS_NO_MEMORY;
    axis->names++;
    return STATUS_OK;
}

static enum status open_axes(struct sweep_points *self, const struct plan_walk *walk)
{
    size_t axes = plan_axes(walk) < SWEEP_AXES_MOST ? plan_axes(walk) : SWEEP_AXES_MOST;
    for (; self->axes < axes; self->axes++) {
        struct sweep_places *axis = &self->axis[self->axes];
        axis->path = strdup(plan_axis(walk, self->axes));
        axis->place = memory_alloc(self->points, sizeof *axis->place);
        if (axis->path && axis->place) continue;
        self->axes++; /* what there is of it is freed */
        return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

/* A first walk says which axes have numbers alone, a second one takes them. */
static enum status read_places(struct sweep_points *self, const struct plan *plan,
                               struct errors *errors)
{
    bool words[SWEEP_AXES_MOST] = {0};
    enum status status = STATUS_OK;
    for (int pass = 0; pass < 2 && !status; pass++) {
        struct plan_walk walk = {0};
        bool more = true;
        status = plan_begin(&walk, plan, errors);
        if (!status && pass == 0) status = open_axes(self, &walk);
        while (!status) {
            status = plan_next(&walk, &more, errors);
            if (status || !more) break;
            for (size_t a = 0; a < self->axes && !walk.replicate && !status; a++) {
                const char *text = plan_value(&walk, a);
                double *place = &self->axis[a].place[walk.point];
                if (!words[a] && is_number(text, place)) continue;
                words[a] = true;
                if (pass == 1) status = name_place(&self->axis[a], text, place);
            }
        }
        plan_end(&walk);
    }
    return status;
}

static void count_levels(struct sweep_points *self)
{
    for (size_t a = 0; a < self->axes; a++) {
        struct sweep_places *axis = &self->axis[a];
        axis->levels = self->points > 0;
        for (size_t p = 1; p < self->points && axis->levels < 2; p++)
            axis->levels += axis->place[p] < axis->place[0] || axis->place[p] > axis->place[0];
    }
}

/* ------------------------------------------------------------------------------- the figures
 */

/* Those of the trial that the k-th pattern fits, if there is room and they are new. */
static enum status add_figures(struct sweep_points *self, const struct figures *figures,
                               const char *pattern)
{
    for (size_t i = 0; i < figures->count && self->figures < SWEEP_POINTS_FIGURES; i++) {
        bool there = fnmatch(pattern, figures->name[i], 0) != 0;
        for (size_t m = 0; m < self->figures && !there; m++)
            there = strcmp(self->figure[m], figures->name[i]) == 0;
        if (there) continue;
        self->figure[self->figures] = strdup(figures->name[i]);
        if (!self->figure[self->figures]) return STATUS_NO_MEMORY;
        self->figures++;
    }
    return STATUS_OK;
}

/* From the first trial that is done: all have the same. */
static enum status name_figures(struct sweep_points *self, const struct figures *figures,
                                const char *patterns, struct errors *errors)
{
    char pattern[400];
    enum status status = STATUS_OK;
    for (const char *at = patterns; *at && !status; at += *at == ',') {
        int length = (int)strcspn(at, ",");
        snprintf(pattern, sizeof pattern, "%.*s", length, at);
        status = add_figures(self, figures, pattern);
        at += length;
    }
    if (!status && !self->figures)
        status = errors_add(errors, STATUS_USAGE,
                            "--metric %s: no trial has it; `reelsim gather` lists what they "
                            "have",
                            patterns);
    if (status) return status;
    size_t values = self->figures * self->points * self->replications;
    self->value = memory_alloc(values, sizeof *self->value);
    for (size_t i = 0; self->value && i < values; i++) self->value[i] = NAN;
    return self->value ? STATUS_OK : STATUS_NO_MEMORY;
}

struct reading {
    struct sweep_points *points;
    const char *patterns;
    struct errors *errors;
};

static enum status read_trial(void *context, const struct plan_walk *walk,
                              const struct kept *kept, const struct figures *figures)
{
    struct reading *self = context;
    struct sweep_points *points = self->points;
    enum status status = STATUS_OK;
    if (kept->state != TRIAL_DONE) return STATUS_OK;
    if (!points->figures) {
        manifest_find_text(kept->manifest, "currency", points->currency,
                           sizeof points->currency);
        status = name_figures(points, figures, self->patterns, self->errors);
    }
    for (size_t m = 0; m < points->figures && !status; m++)
        sweep_points_value(points, m, walk->point)[walk->replicate] = figures_value(
            figures, points->figure[m]);
    return status;
}

/* ---------------------------------------------------------------------------------- analysis
 */

static enum status estimate(struct sweep_points *self)
{
    size_t n = self->replications;
    double *known = memory_alloc(n, sizeof *known);
    self->mean = memory_alloc(self->figures * self->points, sizeof *self->mean);
    if (!known || !self->mean) {
        memory_free(known);
        return STATUS_NO_MEMORY;
    }
    for (size_t c = 0; c < self->figures * self->points; c++) {
        const double *value = self->value + c * n;
        size_t count = 0;
        for (size_t r = 0; r < n; r++)
            if (isfinite(value[r])) known[count++] = value[r];
        self->mean[c] = paired_estimate(known, count);
    }
    memory_free(known);
    return STATUS_OK;
}

struct ranked {
    double mean;
    size_t point;
};

static int highest_first(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    int by_mean = (x->mean < y->mean) - (x->mean > y->mean);
    return by_mean ? by_mean : (x->point > y->point) - (x->point < y->point);
}

static enum status rank(struct sweep_points *self)
{
    size_t n = self->points, without = n;
    struct ranked *ranked = memory_alloc(n, sizeof *ranked);
    self->order = memory_alloc(n, sizeof *self->order);
    if (!ranked || !self->order) {
        memory_free(ranked);
        return STATUS_NO_MEMORY;
    }
    for (size_t p = 0; p < n; p++) {
        double mean = self->mean[p].mean;
        if (isfinite(mean))
            ranked[self->known++] = (struct ranked){mean, p};
        else
            self->order[--without] = p;
    }
    qsort(ranked, self->known, sizeof *ranked, highest_first);
    for (size_t k = 0; k < self->known; k++) self->order[k] = ranked[k].point;
    memory_free(ranked);
    return STATUS_OK;
}

static enum status compare(struct sweep_points *self)
{
    self->alike = memory_alloc(self->points, sizeof *self->alike);
    if (!self->alike) return STATUS_NO_MEMORY;
    if (self->known < 2) return STATUS_OK;
    double pairs = 0.5 * (double)self->known * (double)(self->known - 1);
    const double *best = sweep_points_value(self, 0, self->order[0]);
    for (size_t k = 1; k < self->known; k++) {
        size_t p = self->order[k];
        double p_value = paired_p(best, sweep_points_value(self, 0, p), self->replications);
        self->alike[p] = !(pairs * p_value < LEVEL);
        self->alikes += self->alike[p];
    }
    return paired_compare(best, sweep_points_value(self, 0, self->order[1]), self->replications,
                          &self->lead);
}

enum status sweep_points_read(struct sweep_points *self, const struct plan *plan,
                              const char *figures, struct errors *errors)
{
    *self = (struct sweep_points){.points = plan->points, .replications = plan->replications};
    struct reading reading = {self, figures && *figures ? figures : FIGURES_USUAL, errors};
    if (plan_trials(plan) > SWEEP_POINTS_TRIALS)
        return errors_add(errors, STATUS_BAD_INPUT,
                          "%s: has more than %d trials, too many for a page; `reelsim gather` "
                          "makes the table of them",
                          plan->folder, SWEEP_POINTS_TRIALS);
    enum status status = read_places(self, plan, errors);
    if (!status) status = gather_each(plan, read_trial, &reading, &self->counts, errors);
    if (status || !self->figures) return status;
    count_levels(self);
    status = estimate(self);
    if (!status) status = rank(self);
    return status ? status : compare(self);
}
