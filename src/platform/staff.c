/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whom the platform's own people lift ("heating"): a share of the creators, or of those of one
 * cohort, drawn by name. The same ones always, and more of them when the share is larger. Who
 * is chosen really, and why, no platform has said: that it does not go by what the videos are
 * worth is an assumption.
 */
#include <stdio.h>
#include <string.h>

#include "core.h"

static enum status find_cohort(struct platform *self, struct errors *errors)
{
    const struct parameters *parameters = self->world->parameters;
    const char *wanted = self->staff->cohort;
    struct parameter at;
    char path[64];
    self->staff_cohort = -1;
    if (!*wanted) return STATUS_OK;
    for (int32_t k = 0; k < parameters_count(parameters, "creators.cohorts"); k++) {
        snprintf(path, sizeof path, "creators.cohorts[%d].name", (int)k);
        if (parameters_find(parameters, path, &at) && strcmp(at.value, wanted) == 0)
            self->staff_cohort = k;
    }
    if (self->staff_cohort >= 0) return STATUS_OK;
    return errors_add(
        errors, STATUS_BAD_INPUT,
        "platform.rerank.staff_boost.cohort: no group of creators.cohorts has the "
        "name \"%s\"",
        wanted);
}

enum status staff_open(struct platform *self, struct errors *errors)
{
    static const struct purpose purpose = {"platform.staff", PURPOSE_LUCK};
    if (!self->staff) return STATUS_OK;
    self->staff_key = stream_key(self->world->seed, &purpose);
    return find_cohort(self, errors);
}

uint8_t staff_mark(const struct platform *self, const struct creator *creator)
{
    if (!self->staff) return 0;
    if (self->staff_cohort >= 0 && creator->cohort != self->staff_cohort) return 0;
    struct stream_words words = stream_block(self->staff_key, creator->name, 0, 0);
    return words_uniform(words.word[0], words.word[1]) < self->staff->share ? VIDEO_LIFTED : 0;
}
