/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/audience.h"

#include "io/checkpoint.h"

static const struct checkpoint_kind kind_of_file = {
    "reelsim people", "2", "audience file", "`reelsim fit` makes one of this version's layout"};

struct reading {
    struct audience *audience;
    const char *path;
    struct errors *errors;
};

static void visit(void *context, struct visitor *v)
{
    struct reading *self = context;
    const char *kind, *fault;
    uint32_t number = 0;
    audience_visit(self->audience, v);
    if (v->status || !visit_loading(v)) return;
    fault = audience_fault(self->audience, &kind, &number);
    if (!fault) return;
    if (*kind == 'w')
        v->status = errors_add(self->errors, STATUS_BAD_INPUT, "%s: %s", self->path, fault);
    else
        v->status = errors_add(self->errors, STATUS_BAD_INPUT, "%s: %s %u: %s", self->path,
                               kind, (unsigned)number, fault);
}

enum status audience_save(struct audience *self, const char *path, struct errors *errors)
{
    struct reading context = {self, path, errors};
    return checkpoint_save_as(&kind_of_file, path, visit, &context, errors);
}

enum status audience_load(struct audience *self, const char *path, struct errors *errors)
{
    struct reading context = {self, path, errors};
    enum status status = checkpoint_load_as(&kind_of_file, path, visit, &context, errors);
    if (!status) self->digest = checkpoint_digest(path);
    return status;
}
