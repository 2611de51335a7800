/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/registry.h"

#include <string.h>

static const struct registry *find_kind(const struct registries *self, const char *kind)
{
    for (size_t k = 0; k < self->count; k++)
        if (strcmp(self->kind[k].kind, kind) == 0) return &self->kind[k];
    return NULL;
}

int32_t registry_index(const struct registries *self, const char *kind, const char *name)
{
    const struct registry *registry = find_kind(self, kind);

    for (size_t i = 0; registry && i < registry->count; i++)
        if (strcmp(registry->member[i]->name, name) == 0) return (int32_t)i;
    return -1;
}

const struct member *registry_find(const struct registries *self, const char *kind,
                                   const char *name)
{
    int32_t index = registry_index(self, kind, name);

    return index < 0 ? NULL : find_kind(self, kind)->member[index];
}
