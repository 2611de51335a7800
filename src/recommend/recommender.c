/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recommend/recommender.h"

#include <string.h>

#include "base/memory.h"
#include "recommenders.h"

#define RECOMMENDER_ROW(name) &name,
const struct recommender *const recommenders[] = {RECOMMENDER_LIST(RECOMMENDER_ROW) NULL};

const struct recommender *recommender_find(const char *name)
{
    const struct recommender *const *r = recommenders;

    while (*r && strcmp((*r)->about.name, name) != 0) r++;
    return *r;
}

enum status recommender_train(const struct recommender *self, const void *parameters,
                              const struct interactions *log, const struct training *how,
                              void **state)
{
    require(how->threads >= 1 && interactions_by_user(log));
    *state = memory_alloc(1, self->about.state_size);
    if (!*state) return STATUS_NO_MEMORY;
    return self->train(*state, parameters, log, how);
}

void recommender_drop(const struct recommender *self, void *state)
{
    if (state) self->free(state);
    memory_free(state);
}
