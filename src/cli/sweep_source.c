/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep_source.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/file.h"

#define SETTING_SIZE (SCHEMA_TEXT_SIZE + SWEEP_VALUE_SIZE + 2)

/* "17" or "40-60"; returns what follows, NULL when it is neither. */
static const char *read_range(const char *text, struct sweep_range *range)
{
    char *end = NULL;
    if (*text < '0' || *text > '9') return NULL;
    range->first = range->last = strtoull(text, &end, 10);
    if (*end == '-') {
        text = end + 1;
        if (*text < '0' || *text > '9') return NULL;
        range->last = strtoull(text, &end, 10);
    }
    if (*end == ',') return end[1] ? end + 1 : NULL;
    return *end ? NULL : end;
}

enum status sweep_only_read(struct sweep_only *self, const char *text, uint64_t points,
                            struct errors *errors)
{
    const char *at = text;
    if (text && !*text)
        return errors_add(errors, STATUS_USAGE, "--only needs points, like 17,40-60");
    while (at && *at) {
        struct sweep_range range;
        enum status status = memory_grow(&self->range, &self->room, self->ranges + 1,
                                         sizeof *self->range);
        if (status) return status;
        at = read_range(at, &range);
        if (!at || range.first > range.last || range.last >= points)
            return errors_add(errors, STATUS_USAGE,
                              "--only %s: must be points in [0, %" PRIu64 "], like 17,40-60",
                              text, points - 1);
        self->range[self->ranges++] = range;
    }
    return STATUS_OK;
}

bool sweep_only_has(const struct sweep_only *self, uint64_t point)
{
    for (size_t i = 0; i < self->ranges; i++)
        if (point >= self->range[i].first && point <= self->range[i].last) return true;
    return self->ranges == 0;
}

void sweep_only_free(struct sweep_only *self)
{
    memory_free(self->range);
    *self = (struct sweep_only){0};
}

enum status sweep_source_begin(struct sweep_source *self)
{
    size_t words = (size_t)self->set_count + SWEEP_AXES_MOST;
    self->words = calloc(words, sizeof *self->words);
    self->axes = calloc(SWEEP_AXES_MOST, SETTING_SIZE);
    if (!self->words || !self->axes) return STATUS_NO_MEMORY;
    for (int i = 0; i < self->set_count; i++) self->words[i] = self->set[i];
    return plan_begin(&self->walk, self->plan, self->errors);
}

void sweep_source_end(struct sweep_source *self)
{
    plan_end(&self->walk);
    free(self->words);
    free(self->axes);
    self->words = NULL;
    self->axes = NULL;
}

static bool is_asked_for(const struct sweep_source *self)
{
    bool asked = !self->only || sweep_only_has(self->only, self->walk.point);
    if (!asked || self->walk.packed) return false;
    return !self->failed || plan_state(&self->walk) == TRIAL_FAILED;
}

uint64_t sweep_source_total(const struct sweep_source *self)
{
    const struct sweep_only *only = self->only;
    uint64_t points = 0;
    if (self->failed) return 0;
    if (!only || !only->ranges) return plan_trials(self->plan);
    for (uint64_t i = 0; i < self->plan->points; i++) points += sweep_only_has(only, i);
    return points * self->plan->replications;
}

static enum status make_place(struct sweep_source *self)
{
    if (self->walk.there || self->listed) return STATUS_OK;
    self->walk.there = true;
    return file_make_folder(self->walk.place, self->errors);
}

enum status sweep_source_again(void *context)
{
    struct sweep_source *self = context;
    self->wrapped = false;
    plan_end(&self->walk);
    return plan_begin(&self->walk, self->plan, self->errors);
}

/* From the first one to the last of all, then those before it. */
static enum status advance(struct sweep_source *self, bool *more)
{
    enum status status;
    do {
        status = plan_next(&self->walk, more, self->errors);
        if (!status && !*more && self->first && !self->wrapped) {
            status = sweep_source_again(self);
            self->wrapped = true;
            if (!status) status = plan_next(&self->walk, more, self->errors);
        }
        if (status || !*more) return status;
    } while (!self->wrapped && self->walk.number < self->first);
    if (self->wrapped && self->walk.number >= self->first) *more = false;
    return STATUS_OK;
}

enum status sweep_source_next(void *context, struct trial *trial)
{
    struct sweep_source *self = context;
    size_t axes = plan_axes(&self->walk), fixed = (size_t)self->set_count;
    bool more = true;
    do {
        enum status status = advance(self, &more);
        if (status || !more) return status;
    } while (!is_asked_for(self));
    int64_t seed = self->seed;
    for (size_t i = 0; i < axes; i++) {
        char *setting = self->axes + i * SETTING_SIZE;
        snprintf(setting, SETTING_SIZE, "%s=%s", plan_axis(&self->walk, i),
                 plan_value(&self->walk, i));
        self->words[fixed + i] = setting;
        if (strcmp(plan_axis(&self->walk, i), "run.seed") == 0)
            seed = strtoll(plan_value(&self->walk, i), NULL, 10);
    }
    *trial = (struct trial){.scenario = self->sweep->scenario,
                            .pinned = self->plan->pinned,
                            .set = self->words,
                            .set_count = fixed + axes,
                            .seed = seed,
                            .replicate = (int64_t)self->walk.replicate,
                            .folder = self->walk.folder,
                            .number = self->walk.number};
    return make_place(self);
}
