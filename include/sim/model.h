/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A scenario's vocabulary: every registry with its members, every parameter with its value.
 *
 * Built-in members first, then those of the shared objects that the scenario names. A model
 * lives as long as anything that was made from it.
 */
#ifndef SIM_MODEL_H
#define SIM_MODEL_H

#include "base/parameters.h"
#include "world/audience.h"
#include "world/registry.h"

/* A loaded shared object. */
struct library {
    void *handle;
    uint64_t digest; /* XXH3 of its file, as it was when it was loaded */
};

struct model {
    struct registries registries;
    struct parameters parameters;
    struct audience
        *audience; /* owned; what run.audience holds, with run.population = "file" */
    const struct schema_table **tables; /* owned array; what parameters was made from */
    size_t table_count;
    const char ***names;       /* owned: for each kind its members, NULL-terminated */
    struct library *libraries; /* owned; of the shared objects, in run.plugins' order */
    size_t library_count;
};

/* `plugins` (may be NULL) lists paths of shared objects; a missing one, one of another version
 * or kind is a STATUS_BAD_INPUT that names it. */
enum status model_init(struct model *self, const struct name_list *plugins,
                       struct errors *errors) MUST_CHECK;
void model_free(struct model *self);
/* The name of kind number k (0..), NULL past the end. */
const char *model_kind(const struct model *self, size_t k);

#endif
