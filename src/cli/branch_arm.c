/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "branch_arm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define VALUE_SIZE 8192

void branch_arm_free(struct branch_arm *self)
{
    for (size_t i = 0; i < self->count; i++) free(self->set[i]);
    memory_free(self->set);
    *self = (struct branch_arm){0};
}

static enum status add(struct branch_arm *self, const char *path, const char *value)
{
    char *text = NULL;
    size_t length = strlen(value);
    enum status status = memory_grow(&self->set, &self->room, self->count + 1,
                                     sizeof *self->set);
    if (status) return status;
    /* a word without its quotes, as people write it */
    bool word = length > 1 && value[0] == '"' && !memchr(value + 1, '\\', length - 1);
    int made = word ? asprintf(&text, "%s=%.*s", path, (int)length - 2, value + 1)
                    : asprintf(&text, "%s=%s", path, value);
    if (made < 0) return STATUS_NO_MEMORY;
    self->set[self->count++] = text;
    return STATUS_OK;
}

struct looking {
    struct branch_arm *arm;
    const struct parameters *past;
    const char *file;
    enum status status;
    struct errors *errors;
};

/* What the arm gives, and gives otherwise. Its name is none of it. */
static void look_at(const struct parameter *at, const char *path, void *context)
{
    struct looking *self = context;
    struct parameter past;
    char value[VALUE_SIZE], before[VALUE_SIZE];
    size_t row = (size_t)(at->row - at->table->rows);
    if (self->status || strcmp(path, "run.name") == 0) return;
    if (!at->block->given[(size_t)at->index * at->table->row_count + row]) return;
    parameters_print(at, value, sizeof value);
    if (parameters_find(self->past, path, &past)) {
        parameters_print(&past, before, sizeof before);
        if (strcmp(value, before) == 0) return;
        self->status = add(self->arm, path, value);
    } else {
        self->status = errors_add(self->errors, STATUS_BAD_INPUT,
                                  "%s: `%s`: the run whose state it is has no such group",
                                  self->file, path);
    }
}

enum status branch_arm_read(struct branch_arm *self, const struct branch *branch,
                            struct model *model, const struct branch_arm_source *source,
                            struct errors *errors)
{
    struct model given = {0};
    enum status status = scenario_load(&given, source->arguments, source->path, errors);
    if (status) return status;
    struct looking looking = {
        .arm = self, .past = &model->parameters, .file = source->path, .errors = errors};
    const struct run_parameters *run = parameters_block(&given.parameters, "run");
    snprintf(self->name, sizeof self->name, "%s", run->name);
    parameters_each(&given.parameters, look_at, &looking);
    model_free(&given);
    status = looking.status;
    for (size_t i = 0; i < self->count && !looking.status; i++) {
        enum status set = branch_set(branch, &model->parameters, self->set[i], source->path,
                                     errors);
        if (set) status = set;
    }
    return status
               ? status
               : branch_check_days(branch, &model->parameters, source->arguments->from, errors);
}
