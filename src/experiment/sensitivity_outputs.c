/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/sensitivity_outputs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/kept.h"

void sensitivity_outputs_free(struct sensitivity_outputs *self)
{
    for (size_t m = 0; m < self->metrics; m++) free(self->metric[m]);
    memory_free(self->metric);
    memory_free(self->value);
    *self = (struct sensitivity_outputs){0};
}

static bool has_metric(const struct sensitivity_outputs *self, const char *name)
{
    for (size_t m = 0; m < self->metrics; m++)
        if (strcmp(self->metric[m], name) == 0) return true;
    return false;
}

/* Those that a pattern is of and that are not there yet. */
static enum status add_metrics(struct sensitivity_outputs *self, const struct figures *figures,
                               const char *pattern)
{
    for (size_t i = 0; i < figures->count; i++) {
        if (!gather_wants(pattern, figures->name[i])) continue;
        if (has_metric(self, figures->name[i])) continue;
        enum status status = memory_grow(&self->metric, &self->room, self->metrics + 1,
                                         sizeof *self->metric);
        if (status) return status;
        self->metric[self->metrics] = strdup(figures->name[i]);
        if (!self->metric[self->metrics]) return STATUS_NO_MEMORY;
        self->metrics++;
    }
    return STATUS_OK;
}

/* The columns, from the first trial that is done: all have the same. In the order in which they
 * were asked for. */
static enum status name_metrics(struct sensitivity_outputs *self, const struct figures *figures,
                                const char *patterns, struct errors *errors)
{
    char *list = strdup(patterns ? patterns : FIGURES_USUAL), *rest = NULL;
    enum status status = list ? STATUS_OK : STATUS_NO_MEMORY;
    char *part = list ? strtok_r(list, ",", &rest) : NULL;
    for (; part && !status; part = strtok_r(NULL, ",", &rest))
        status = add_metrics(self, figures, part);
    free(list);
    if (status) return status;
    if (!self->metrics)
        return errors_add(errors, STATUS_USAGE,
                          "--metric %s: no trial has it; `reelsim gather` lists what they have",
                          patterns ? patterns : FIGURES_USUAL);
    self->value = memory_alloc(self->metrics * self->points, sizeof *self->value);
    return self->value ? STATUS_OK : STATUS_NO_MEMORY;
}

/* A trial that is not done makes its point's values NaN. */
static enum status add_trial(struct sensitivity_outputs *self, const struct plan_walk *walk,
                             const struct kept *kept, struct errors *errors)
{
    struct figures figures = {0};
    double share = 1.0 / (double)walk->plan->replications;
    enum status status = kept->state == TRIAL_DONE ? kept_figures(kept, walk, &figures, errors)
                                                   : STATUS_OK;
    for (size_t m = 0; m < self->metrics && !status; m++)
        self->value[m * self->points + walk->point] += share *
                                                       figures_value(&figures, self->metric[m]);
    figures_free(&figures);
    return status;
}

static enum status name_from(struct sensitivity_outputs *self, const struct plan_walk *walk,
                             const struct kept *kept, const char *patterns,
                             struct errors *errors)
{
    struct figures figures = {0};
    enum status status = kept_figures(kept, walk, &figures, errors);
    if (!status) status = name_metrics(self, &figures, patterns, errors);
    figures_free(&figures);
    return status;
}

/* One walk names the metrics and counts, a second one reads the values. */
enum status sensitivity_outputs_read(struct sensitivity_outputs *self, const struct plan *plan,
                                     const char *patterns, struct errors *errors)
{
    *self = (struct sensitivity_outputs){.points = plan->points};
    enum status status = STATUS_OK;
    for (int pass = 0; pass < 2 && !status && (pass == 0 || self->metrics); pass++) {
        struct plan_walk walk = {0};
        struct kept kept = {0};
        bool more = true;
        status = plan_begin(&walk, plan, errors);
        while (!status) {
            status = plan_next(&walk, &more, errors);
            if (status || !more) break;
            status = kept_read(&kept, &walk, errors);
            if (!status && pass == 1) status = add_trial(self, &walk, &kept, errors);
            if (status || pass == 1) continue;
            self->counts.done += kept.state == TRIAL_DONE;
            self->counts.failed += kept.state == TRIAL_FAILED;
            self->counts.absent += kept.state == TRIAL_ABSENT;
            if (kept.state == TRIAL_DONE && !self->metrics)
                status = name_from(self, &walk, &kept, patterns, errors);
        }
        kept_free(&kept);
        plan_end(&walk);
    }
    return status;
}
