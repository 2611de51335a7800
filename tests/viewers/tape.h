/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A visitor that keeps columns in memory, so that a test can save, load and compare.
 */
#ifndef TESTS_VIEWERS_TAPE_H
#define TESTS_VIEWERS_TAPE_H

#include <stdlib.h>
#include <string.h>

#include "base/visit.h"

struct tape {
    struct visitor visitor;
    char *bytes;
    size_t size, at;
};

static void tape_column(struct visitor *v, const char *name, void *data, size_t width,
                        size_t stride, size_t count)
{
    struct tape *t = v->context;
    (void)name;
    if (v->mode == VISIT_SAVE) {
        t->bytes = realloc(t->bytes, t->size + width * count + 1);
        require(t->bytes != NULL);
        for (size_t i = 0; i < count; i++, t->size += width)
            memcpy(t->bytes + t->size, (char *)data + i * stride, width);
        return;
    }
    require(t->at + width * count <= t->size);
    for (size_t i = 0; i < count; i++, t->at += width)
        memcpy((char *)data + i * stride, t->bytes + t->at, width);
}

static inline void tape_open(struct tape *t)
{
    *t = (struct tape){.visitor = {.mode = VISIT_SAVE, .column = tape_column}};
    t->visitor.context = t;
}
static inline void tape_rewind(struct tape *t)
{
    t->at = 0;
    t->visitor.mode = VISIT_LOAD;
    t->visitor.status = STATUS_OK;
}
static inline void tape_free(struct tape *t) { free(t->bytes); }

#endif
