/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model.h"

#include <dlfcn.h>
#include <string.h>

#include "base/memory.h"
#include "kinds.h"
#include "plugin.h"
#include "policy/policy.h"

struct builtin_row {
    const char *kind;
    const struct member *const *members; /* NULL-terminated */
};

static const struct builtin_row builtins[] = {
#define KIND_BUILTIN(text, table, type) {text, table},
    KIND_LIST(KIND_BUILTIN)
#undef KIND_BUILTIN
};
#define KIND_COUNT (sizeof(builtins) / sizeof(builtins[0]))

/* The folders' own tables, in the order in which the reference lists them. */
static const struct schema_table *const world_tables[] = {
    &world_table, &topics_table, &regions_table, &arms_table, &arms_change_table, NULL};
static const struct schema_table *const *const folder_tables[] = {
    world_tables,   viewers_tables, creators_tables, platform_tables,
    revenue_tables, growth_tables,  policy_tables,   measure_tables,
};
#define FOLDER_COUNT (sizeof(folder_tables) / sizeof(folder_tables[0]))

static enum status make_registries(struct registries *self)
{
    enum status status = STATUS_OK;
    self->kind = memory_alloc(KIND_COUNT, sizeof(*self->kind));
    if (!self->kind) return STATUS_NO_MEMORY;
    self->count = KIND_COUNT;
    for (size_t k = 0; k < KIND_COUNT; k++) self->kind[k].kind = builtins[k].kind;
    for (size_t k = 0; k < KIND_COUNT; k++)
        for (const struct member *const *m = builtins[k].members; *m && !status; m++)
            status = plugin_register(&self->kind[k], *m);
    return status;
}

/* Counts the tables when `out` is NULL, else lists them. */
static size_t list_tables(const struct registries *registries, const struct schema_table **out)
{
    size_t n = 0;
    for (size_t f = 0; f < FOLDER_COUNT; f++)
        for (const struct schema_table *const *t = folder_tables[f]; *t; t++, n++)
            if (out) out[n] = *t;
    for (size_t k = 0; k < registries->count; k++) {
        for (size_t m = 0; m < registries->kind[k].count; m++) {
            const struct schema_table *table = registries->kind[k].member[m]->parameters;
            if (!table) continue;
            if (out) out[n] = table;
            n++;
        }
    }
    return n;
}

/* Names of a kind's members, for rows whose choices are a registry. The list is the model's. */
static const char *const *kind_names(const void *context, const char *kind)
{
    const struct model *model = context;
    const struct registry *registry = registry_kind(&model->registries, kind);
    return registry ? (const char *const *)model->names[registry - model->registries.kind]
                    : NULL;
}

static enum status list_names(struct model *self)
{
    self->names = memory_alloc(self->registries.count, sizeof(*self->names));
    if (!self->names) return STATUS_NO_MEMORY;
    for (size_t k = 0; k < self->registries.count; k++) {
        const struct registry *kind = &self->registries.kind[k];
        self->names[k] = memory_alloc(kind->count + 1, sizeof(**self->names));
        if (!self->names[k]) return STATUS_NO_MEMORY;
        for (size_t m = 0; m < kind->count; m++) self->names[k][m] = kind->member[m]->name;
    }
    return STATUS_OK;
}

static enum status make_tables(struct model *self)
{
    memory_free(self->tables);
    self->table_count = list_tables(&self->registries, NULL);
    self->tables = memory_alloc(self->table_count, sizeof(*self->tables));
    if (!self->tables) return STATUS_NO_MEMORY;
    list_tables(&self->registries, self->tables);
    return STATUS_OK;
}

/* A built-in table that is wrong is a bug; one that came with a plug-in is bad input. */
static enum status load_plugin(struct model *self, const char *path, struct errors *errors)
{
    enum status status = plugin_load(self, path, errors);
    if (!status) status = make_tables(self);
    if (status) return status;
    status = parameters_check(self->tables, self->table_count, errors);
    if (status == STATUS_BAD_INPUT)
        status = errors_add(errors, status, "plug-in %s: its parameters cannot be used", path);
    return status;
}

enum status model_init(struct model *self, const struct name_list *plugins,
                       struct errors *errors)
{
    *self = (struct model){0};
    enum status status = make_registries(&self->registries);
    for (int32_t i = 0; plugins && i < plugins->count && !status; i++)
        status = load_plugin(self, plugins->name[i], errors);
    if (status) goto out;
    status = list_names(self);
    if (!status) status = make_tables(self);
    if (status) goto out;
    status = parameters_init(&self->parameters, self->tables, self->table_count);
    self->parameters.names = kind_names;
    self->parameters.names_context = self;
out:
    if (status) model_free(self);
    return status;
}

void model_free(struct model *self)
{
    parameters_free(&self->parameters);
    if (self->audience) audience_free(self->audience);
    memory_free(self->audience);
    memory_free(self->tables);
    for (size_t k = 0; k < self->registries.count; k++) {
        memory_free(self->registries.kind[k].member);
        if (self->names) memory_free(self->names[k]);
    }
    memory_free(self->names);
    memory_free(self->registries.kind);
    for (size_t i = 0; i < self->library_count; i++) dlclose(self->libraries[i].handle);
    memory_free(self->libraries);
    *self = (struct model){0};
}

const char *model_kind(const struct model *self, size_t k)
{
    return k < self->registries.count ? self->registries.kind[k].kind : NULL;
}
