/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "command.h"
#include "io/audience.h"
#include "io/file.h"
#include "io/pinned.h"
#include "io/resolved.h"
#include "io/scenario.h"
#include "io/utf8.h"
#include "world/world.h"

/* Where settings come from: a file, or the text that an experiment pinned. */
struct origin {
    const char *path;     /* of the scenario, NULL = none */
    const char *pinned;   /* a file in its place; NULL = none */
    char *text, *setting; /* owned; of that file, and its lines of settings */
};

static enum status open_origin(struct origin *self, struct errors *errors)
{
    if (!self->pinned) return STATUS_OK;
    enum status status = pinned_read(self->pinned, &self->text, errors);
    if (!status) self->setting = pinned_settings(self->text);
    return !status && !self->setting ? STATUS_NO_MEMORY : status;
}

static enum status read_origin(const struct origin *self, struct parameters *parameters,
                               struct errors *errors)
{
    if (self->setting)
        return resolved_apply(self->setting, NULL, parameters, self->pinned, errors);
    return self->path ? scenario_read(parameters, self->path, errors) : STATUS_OK;
}

/* The list of plug-ins must be known before the schema is whole: file and command line are
 * read twice. */
static enum status peek_plugins(const struct arguments *arguments, const struct origin *origin,
                                struct name_list *plugins, struct errors *errors)
{
    static const char setting[] = "run.plugins=";
    struct model bare = {0};
    struct errors ignored = {0}; /* the strict reading will say it */
    enum status status = model_init(&bare, NULL, errors);
    if (status) return status;
    if (origin->setting)
        status = resolved_apply(origin->setting, "run.plugins", &bare.parameters,
                                origin->pinned, &ignored);
    else if (origin->path)
        status = scenario_peek(&bare.parameters, origin->path, &ignored);
    if (status != STATUS_NO_MEMORY) status = STATUS_OK;
    for (int i = 0; i < arguments->set_count && !status; i++)
        if (strncmp(arguments->set[i], setting, sizeof setting - 1) == 0 &&
            parameters_set(&bare.parameters, "run.plugins",
                           arguments->set[i] + sizeof setting - 1, "--set",
                           &ignored) == STATUS_NO_MEMORY)
            status = STATUS_NO_MEMORY;
    const struct run_parameters *run = parameters_block(&bare.parameters, "run");
    *plugins = run->plugins;
    errors_free(&ignored);
    model_free(&bare);
    return status;
}

static bool is_utf8(const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        size_t length = utf8_length(text, left);
        if (length == 0) return false;
        text += length;
        left -= length;
    }
    return true;
}

const char *scenario_setting(const char *text, char *path, size_t size, struct errors *errors)
{
    const char *equals = strchr(text, '='), *wrong = NULL;
    if (!equals || equals == text || (size_t)(equals - text) >= size)
        wrong = "must be PATH=VALUE";
    else if (!is_utf8(text))
        wrong = "is not UTF-8";
    if (wrong) {
        (void)errors_add(errors, STATUS_BAD_INPUT, "--set %s: %s", text, wrong);
        return NULL;
    }
    snprintf(path, size, "%.*s", (int)(equals - text), text);
    return equals + 1;
}

static enum status apply_set(struct parameters *parameters, const char *text,
                             struct errors *errors)
{
    char path[256];
    const char *value = scenario_setting(text, path, sizeof path, errors);
    if (!value) return STATUS_BAD_INPUT;
    return parameters_set(parameters, path, value, "command line", errors);
}

/* A run without a name has that of its file; a name is one folder under output/. */
static enum status name_run(struct model *model, const char *path, struct errors *errors)
{
    struct run_parameters *run = parameters_block(&model->parameters, "run");
    if (run->name[0] == 0 && path) {
        const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
        const char *dot = strrchr(file, '.');
        int length = dot && dot > file ? (int)(dot - file) : (int)strlen(file);
        snprintf(run->name, sizeof run->name, "%.*s", length, file);
    }
    if (run->name[0] != '.' && !strpbrk(run->name, "/'\"\\\n\r\t")) return STATUS_OK;
    return errors_add(errors, STATUS_BAD_INPUT,
                      "run.name = \"%s\", must be the name of a folder: no slash, quote or "
                      "backslash, no dot at the front",
                      run->name);
}

/* The people of a population from a file. `path` is the scenario's; NULL = none. */
static enum status load_audience(struct model *model, const char *path, struct errors *errors)
{
    const struct run_parameters *run = parameters_block(&model->parameters, "run");
    if (run->population != POPULATION_FILE || !run->audience[0]) return STATUS_OK;
    char *folder = path ? file_folder_of(path) : NULL;
    char *beside = folder ? file_join(folder, run->audience) : NULL;
    const char *file = beside && access(beside, F_OK) == 0 ? beside : run->audience;
    enum status status = STATUS_NO_MEMORY;
    model->audience = memory_alloc(1, sizeof *model->audience);
    if (model->audience && (beside || !path))
        status = audience_load(model->audience, file, errors);
    if (status == STATUS_BAD_INPUT)
        (void)errors_add(errors, status,
                         "run.audience = \"%s\": `reelsim fit LOG --out %s` "
                         "makes such a file",
                         run->audience, beside ? beside : run->audience);
    free(beside);
    free(folder);
    return status;
}

enum status scenario_load(struct model *model, const struct arguments *arguments,
                          const char *path, struct errors *errors)
{
    struct name_list plugins = {0};
    struct origin origin = {.path = path, .pinned = arguments->experiment[EXPERIMENT_PINNED]};
    enum status status = open_origin(&origin, errors);
    if (!status) status = peek_plugins(arguments, &origin, &plugins, errors);
    if (!status) status = model_init(model, &plugins, errors);
    if (status) goto out;
    status = read_origin(&origin, &model->parameters, errors);
    for (int i = 0; i < arguments->set_count; i++) {
        enum status set = apply_set(&model->parameters, arguments->set[i], errors);
        if (set) status = set;
    }
    if (!status) status = name_run(model, path, errors);
    if (!status) status = load_audience(model, path, errors);
    if (!status && origin.text) status = pinned_check(origin.text, model, NULL, path, errors);
    if (status) model_free(model);
out:
    free(origin.text);
    free(origin.setting);
    return status;
}

/* The plug-ins first: they bring parameters along. */
enum status scenario_restore(struct model *model, const char *text, const char *where,
                             struct errors *errors)
{
    struct model bare = {0};
    enum status status = model_init(&bare, NULL, errors);
    if (status) return status;
    status = resolved_apply(text, "run.plugins", &bare.parameters, where, errors);
    const struct run_parameters *run = parameters_block(&bare.parameters, "run");
    const struct name_list plugins = run->plugins;
    model_free(&bare);
    if (!status) status = model_init(model, &plugins, errors);
    if (!status) status = resolved_apply(text, NULL, &model->parameters, where, errors);
    return status;
}
