/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/registry.h"

#include <stdio.h>
#include <string.h>

struct registry *registry_kind(const struct registries *self, const char *kind)
{
    for (size_t k = 0; k < self->count; k++)
        if (strcmp(self->kind[k].kind, kind) == 0) return &self->kind[k];
    return NULL;
}

const struct member *registry_find(const struct registries *self, const char *kind,
                                   const char *name)
{
    const struct registry *registry = registry_kind(self, kind);

    for (size_t i = 0; registry && i < registry->count; i++)
        if (strcmp(registry->member[i]->name, name) == 0) return registry->member[i];
    return NULL;
}

enum status registry_known(const struct registries *self, const char *kind,
                           const struct name_list *names, const char *path,
                           struct errors *errors)
{
    for (int32_t i = 0; i < names->count; i++)
        if (!registry_find(self, kind, names->name[i]))
            return errors_add(errors, STATUS_BAD_INPUT, "%s: there is no %s \"%s\"", path, kind,
                              names->name[i]);
    return STATUS_OK;
}

static size_t place_of(const struct registry_users *users, const char *name)
{
    size_t i = 0;
    while (i < users->count && strcmp(users->name[i], name) != 0) i++;
    return i;
}

/* The names that one cohort gives. */
static enum status mask_of(const struct registry_users *users, const struct parameter *at,
                           uint16_t *mask, struct errors *errors)
{
    const struct name_list *names = at->value;
    enum status status = STATUS_OK;
    char which[16] = "";
    if (at->table->most) snprintf(which, sizeof(which), "[%d]", (int)at->index);
    *mask = names->count ? 0 : UINT16_MAX;
    for (int32_t n = 0; n < names->count; n++) {
        size_t i = place_of(users, names->name[n]);
        if (i < users->count)
            *mask |= (uint16_t)(1u << i);
        else
            status = errors_add(errors, STATUS_BAD_INPUT,
                                "%s%s.%s: \"%s\" is not in use, must be one of %s; "
                                "put it there or leave it out here",
                                at->table->prefix, which, at->row->path, names->name[n],
                                users->list);
    }
    return status;
}

enum status registry_uses(const struct parameters *parameters,
                          const struct registry_users *users, uint16_t *uses,
                          struct errors *errors)
{
    char path[64];
    struct parameter all;
    enum status status = STATUS_OK;
    snprintf(path, sizeof(path), "creators.%s", users->row);
    memset(uses, 0xff, SCHEMA_NAMES_MAX * sizeof(*uses));
    if (!parameters_find(parameters, path, &all)) return STATUS_OK;
    int32_t count = parameters_count(parameters, "creators.cohorts");
    for (int32_t k = 0; k < (count ? count : 1); k++) {
        struct parameter at = parameters_inherited(parameters, "creators.cohorts", k,
                                                   users->row);
        enum status found = mask_of(users, &at, &uses[k], errors);
        if (found) status = found;
    }
    return status;
}
