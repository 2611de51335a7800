/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a sweep will take. Viewers and days of each point are counted, for the impressions of a
 * run are in proportion to both; what one of them costs, a day beside them, and to make the
 * people, is measured in short runs at a few of the points, which differ in as many axes as
 * they can.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiment.h"
#include "experiment/design.h"
#include "experiment/forecast.h"
#include "sweep.h"
#include "world/world.h"

#define TRIED_MOST 4   /* points with short runs */
#define LOOKED_MOST 12 /* and those among them that cannot run */
#define START_S 0.06   /* a process, its scenario, its tables (measured: 0.05 to 0.1) */
#define GOLDEN 0.6180339887498949
#define WORD (SWEEP_AXES_MOST + 1) /* the same word counts more than all numbers together */

enum size { SIZE_NONE, SIZE_VIEWERS, SIZE_DAYS, SIZE_CREATORS };

/* A point with short runs. */
struct tried {
    struct sweep_point point;
    struct forecast forecast;
    bool ran; /* else it cannot run */
};

struct costing {
    const struct sweeping *sweeping;
    const struct sweep *sweep;
    const struct sweep_only *only;
    uint64_t all;                    /* points, asked for or not */
    enum size size[SWEEP_AXES_MOST]; /* that the axis is */
    double viewers, days;            /* of the scenario */
    struct tried tried[LOOKED_MOST];
    size_t count, ran;     /* of these, and those that could run */
    struct errors refused; /* owned; why the last that was tried could not */
    enum status refusal;
    struct sweep_cost *cost;
};

/* --------------------------------------------------------------------------------- the sizes
 */

static enum size size_of(const struct sweeping *sweeping, size_t axis)
{
    const char *path = sweeping->sweep.axis[axis].path, *end = strrchr(path, ']');
    bool cohort = strncmp(path, "creators.cohorts[", 17) == 0 && end;
    if (strcmp(path, "viewers.count") == 0)
        return sweeping->model.audience ? SIZE_NONE : SIZE_VIEWERS;
    if (strcmp(path, "run.days") == 0) return SIZE_DAYS;
    if (strcmp(path, "creators.count") == 0) return SIZE_CREATORS;
    return cohort && strcmp(end, "].count") == 0 ? SIZE_CREATORS : SIZE_NONE;
}

static double largest_of(const struct sweep_axis *axis)
{
    double most = axis->to;
    for (int i = 0; i < axis->values.count; i++)
        most = i ? fmax(most, axis->values.value[i]) : axis->values.value[i];
    for (int i = 0; i < axis->choices.count; i++) {
        double value = strtod(axis->choices.name[i], NULL);
        most = i ? fmax(most, value) : value;
    }
    return most;
}

enum status sweep_largest(const struct sweeping *sweeping, const struct sweep_point *point,
                          struct model *model, struct errors *errors)
{
    const struct sweep *sweep = &sweeping->sweep;
    struct arguments *run = malloc(sizeof *run);
    char(*text)[SCHEMA_TEXT_SIZE + SWEEP_VALUE_SIZE] = calloc(SWEEP_AXES_MOST, sizeof *text);
    enum status status = run && text ? STATUS_OK : STATUS_NO_MEMORY;
    if (!status) *run = sweeping->run;
    for (size_t i = 0; i < sweep->axes && !status; i++) {
        enum size size = size_of(sweeping, i);
        if (size == SIZE_VIEWERS || size == SIZE_DAYS || (size == SIZE_CREATORS && !point))
            snprintf(text[i], sizeof text[i], "%s=%.0f", sweep->axis[i].path,
                     largest_of(&sweep->axis[i]));
        else if (point)
            snprintf(text[i], sizeof text[i], "%s=%s", sweep->axis[i].path, point->value[i]);
        else
            continue;
        run->set[run->set_count++] = text[i];
    }
    if (!status) status = scenario_load(model, run, sweep->scenario, errors);
    free(text);
    free(run);
    return status;
}

/* -------------------------------------------------------------------------------- the points
 */

/* Calls `each` for the points of `only` (NULL = all), one by one, until it returns false. */
static enum status for_points(const struct sweep *sweep, const struct sweep_only *only,
                              bool (*each)(void *context, const struct sweep_point *point),
                              void *context, struct errors *errors)
{
    struct design design = {0};
    struct sweep_point point;
    bool more = true;
    enum status status = design_begin(&design, sweep, errors);
    while (!status) {
        status = design_next(&design, &point, &more, errors);
        if (status || !more) break;
        bool asked = !only || sweep_only_has(only, point.number);
        if (asked && !each(context, &point)) break;
    }
    design_free(&design);
    return status;
}

static bool count_point(void *context, const struct sweep_point *point)
{
    (void)point;
    ++*(uint64_t *)context;
    return true;
}

enum status sweep_count_points(const struct sweep *sweep, const struct sweep_only *only,
                               uint64_t *points, struct errors *errors)
{
    *points = 0;
    return for_points(sweep, only, count_point, points, errors);
}

/* ------------------------------------------------------------------------ which of them to try
 */

struct choice {
    const struct costing *costing;
    uint64_t near; /* ties go to the point that is next to this one */
    uint64_t distance;
    int fresh; /* axes on which it has a value that none of the tried ones has */
    int most;  /* of how many */
    struct sweep_point best;
};

/* Viewers and days are counted, so their values need no trying. */
static bool is_counted(const struct costing *self, size_t axis)
{
    return self->size[axis] == SIZE_VIEWERS || self->size[axis] == SIZE_DAYS;
}

static bool is_fresh(const struct costing *self, const struct sweep_point *point, size_t axis)
{
    for (size_t k = 0; k < self->count; k++)
        if (strcmp(self->tried[k].point.value[axis], point->value[axis]) == 0) return false;
    return !is_counted(self, axis);
}

static bool look_at(void *context, const struct sweep_point *point)
{
    struct choice *choice = context;
    uint64_t number = point->number, near = choice->near;
    uint64_t distance = number > near ? number - near : near - number;
    int fresh = 0;
    for (size_t i = 0; i < choice->costing->sweep->axes; i++)
        fresh += is_fresh(choice->costing, point, i);
    if (fresh > choice->fresh || (fresh == choice->fresh && distance < choice->distance)) {
        choice->fresh = fresh;
        choice->distance = distance;
        choice->best = *point;
    }
    return number < near || choice->fresh < choice->most; /* later ones are farther */
}

/* Bytes of a run there, with as many creators as any point has. */
static double bytes_of(const struct costing *self, const struct sweep_point *point,
                       const struct forecast *f)
{
    double more = 1;
    for (size_t i = 0; i < self->sweep->axes; i++) {
        double here = strtod(point->value[i], NULL);
        if (self->size[i] == SIZE_CREATORS && here > 0)
            more = fmax(more, largest_of(&self->sweep->axis[i]) / here);
    }
    return f->total_bytes + (more - 1) * f->videos * f->video_bytes;
}

static enum status try_point(struct costing *self, const struct sweep_point *point,
                             struct errors *errors)
{
    struct model model = {0};
    struct forecast f = {0};
    enum status status = sweep_largest(self->sweeping, point, &model, errors);
    if (status) return status;
    status = forecast_make(&f, &model, errors);
    model_free(&model);
    if (status) return status;
    self->tried[self->count++] = (struct tried){*point, f, true};
    self->ran++;
    self->cost->bytes = fmax(self->cost->bytes, bytes_of(self, point, &f));
    return STATUS_OK;
}

/* A point that cannot run will be a trial that fails: the others are counted all the same. */
static enum status try_or_pass(struct costing *self, const struct sweep_point *point)
{
    errors_free(&self->refused);
    enum status status = try_point(self, point, &self->refused);
    if (status != STATUS_BAD_INPUT && status != STATUS_FAULT) return status;
    self->tried[self->count++] = (struct tried){.point = *point};
    self->refusal = status;
    return STATUS_OK;
}

static enum status try_points(struct costing *self, struct errors *errors)
{
    double at = 0.5;
    int most = 0;
    for (size_t i = 0; i < self->sweep->axes; i++) most += !is_counted(self, i);
    while (self->ran < TRIED_MOST && self->count < LOOKED_MOST) {
        struct choice choice = {.costing = self,
                                .near = (uint64_t)(at * (double)self->all),
                                .distance = UINT64_MAX,
                                .fresh = self->count ? 1 : 0,
                                .most = most};
        enum status status = for_points(self->sweep, self->only, look_at, &choice, errors);
        if (!status && choice.distance == UINT64_MAX) return STATUS_OK; /* nothing new */
        if (!status) status = try_or_pass(self, &choice.best);
        if (status) return status;
        at = fmod(at + GOLDEN, 1);
    }
    return STATUS_OK;
}

/* ---------------------------------------------------------------------------------- their sum
 */

/* Seconds of a trial there: as the tried points that share most with it. */
static double seconds_at(const struct costing *self, const struct sweep_point *point,
                         double viewers, double days)
{
    double sum = 0;
    int most = -1, like = 0;
    for (size_t k = 0; k < self->count; k++) {
        int same = 0;
        if (!self->tried[k].ran) continue;
        for (size_t i = 0; i < self->sweep->axes; i++)
            if (!is_counted(self, i) &&
                strcmp(self->tried[k].point.value[i], point->value[i]) == 0)
                same += self->sweep->axis[i].choices.count ? WORD : 1;
        if (same < most) continue;
        if (same > most) sum = like = 0;
        most = same;
        sum += forecast_seconds(&self->tried[k].forecast, viewers, days);
        like++;
    }
    return START_S + sum / like;
}

static bool add_point(void *context, const struct sweep_point *point)
{
    const struct costing *self = context;
    double viewers = self->viewers, days = self->days;
    for (size_t i = 0; i < self->sweep->axes; i++) {
        if (self->size[i] == SIZE_VIEWERS) viewers = strtod(point->value[i], NULL);
        if (self->size[i] == SIZE_DAYS) days = strtod(point->value[i], NULL);
    }
    double s = seconds_at(self, point, viewers, days);
    self->cost->core_s += s;
    self->cost->least_s = fmin(self->cost->least_s, s);
    self->cost->most_s = fmax(self->cost->most_s, s);
    return true;
}

static void begin(struct costing *self, const struct sweeping *sweeping)
{
    const struct model *model = &sweeping->model;
    const struct run_parameters *run = parameters_block(&model->parameters, "run");
    struct parameter viewers;
    require(parameters_find(&model->parameters, "viewers.count", &viewers));
    self->sweeping = sweeping;
    self->sweep = &sweeping->sweep;
    self->only = &sweeping->only;
    self->days = (double)run->days;
    self->viewers = model->audience ? (double)model->audience->viewers
                                    : (double)*(const int64_t *)viewers.value;
    for (size_t i = 0; i < self->sweep->axes; i++) self->size[i] = size_of(sweeping, i);
}

enum status sweep_cost_make(struct sweep_cost *self, const struct sweeping *sweeping,
                            struct errors *errors)
{
    struct costing *costing = calloc(1, sizeof *costing);
    if (!costing) return STATUS_NO_MEMORY;
    *self = (struct sweep_cost){.least_s = INFINITY};
    begin(costing, sweeping);
    costing->cost = self;
    enum status status = sweep_count_points(costing->sweep, NULL, &costing->all, errors);
    if (!status)
        status = sweep_count_points(costing->sweep, costing->only, &self->points, errors);
    if (!status) status = try_points(costing, errors);
    if (!status && costing->ran == 0) status = costing->refusal;
    if (!status) status = for_points(costing->sweep, costing->only, add_point, costing, errors);
    if (status && costing->refused.count)
        errors_add(errors, status, "%.*s", (int)costing->refused.length - 1,
                   costing->refused.text);
    errors_free(&costing->refused);
    self->tried = (uint32_t)costing->ran;
    free(costing);
    return status;
}

enum status sweep_crew(const struct sweeping *self, struct crew_options *crew, uint64_t trials,
                       struct errors *errors)
{
    struct model largest = {0};
    enum status status = sweep_largest(self, NULL, &largest, errors);
    if (!status) status = experiment_crew(crew, self->arguments, &largest, trials, errors);
    model_free(&largest);
    return status;
}
