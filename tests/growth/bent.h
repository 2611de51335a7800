/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checkpoints with one column bent: what no run can have written must be refused.
 */
#ifndef TESTS_GROWTH_BENT_H
#define TESTS_GROWTH_BENT_H

#include "growth/play.h"

struct bent {
    struct scene_tape tape;
    const char *column;
};

/* Saves like a tape, the last bytes of one column all ones: -1, or not a number. */
static inline void bent_column(struct visitor *v, const char *name, void *data, size_t width,
                               size_t stride, size_t count)
{
    struct scene_tape *tape = v->context;
    const struct bent *self = v->context;
    size_t bytes = width < 8 ? width : 8;
    scene_tape_column(v, name, data, width, stride, count);
    if (strcmp(name, self->column) != 0 || !count) return;
    memset(tape->bytes + tape->used - bytes, 0xff, bytes);
}

/* Saves `first` with a bent column, loads it into `second`, which has been started. */
static inline enum status bent_load(struct play *first, struct play *second, const char *column)
{
    struct bent bent = {.column = column};
    bent.tape.visitor = (struct visitor){
        .mode = VISIT_SAVE, .column = bent_column, .context = &bent};
    scene_visit(&first->scene, NULL, first->growth, &bent.tape.visitor);
    require(bent.tape.visitor.status == STATUS_OK);
    bent.tape.visitor = (struct visitor){
        .mode = VISIT_LOAD, .column = scene_tape_column, .context = &bent.tape};
    scene_visit(&second->scene, NULL, second->growth, &bent.tape.visitor);
    memory_free(bent.tape.bytes);
    return bent.tape.visitor.status;
}

#endif
