/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/registry.h"

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
