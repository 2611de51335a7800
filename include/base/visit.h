/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One walk over a module's state serves hashing, saving and loading.
 *
 * A module that has state offers `x_visit(struct x *self, struct visitor *v)`, which names each
 * of its columns in a fixed order. A column is `count` elements of `width` bytes, `stride`
 * bytes apart: raw structs with padding never reach a hash or a file. Sizes go first
 * (visit_count), so that a loading visitor can make room before the columns are filled.
 * Elements are little-endian integers or IEEE floats as in memory.
 */
#ifndef BASE_VISIT_H
#define BASE_VISIT_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

enum visit_mode { VISIT_HASH, VISIT_SAVE, VISIT_LOAD };

struct visitor {
    enum visit_mode mode;
    enum status status; /* sticky: after a failure the rest are no-ops */
    void (*column)(struct visitor *self, const char *name, void *data, size_t width,
                   size_t stride, size_t count);
    void *context;
    uint64_t bytes; /* loading: what there is to read; no count is larger. 0 = not known */
};

/* A number that both sides need: written from *n when saving, read into *n when loading; a
 * value above `most`, or above the bytes there are, fails the load (hostile bytes must not make
 * us allocate without bound). */
void visit_count(struct visitor *v, const char *name, uint64_t *n, uint64_t most);
void visit_column(struct visitor *v, const char *name, void *data, size_t width, size_t stride,
                  size_t count);
/* Micro-units, int64_t (or arrays of them): amounts beyond VISIT_MONEY_MOST either way (288
 * billion units, far more than a shard's account comes to) fail the load, so that no later sum
 * over a row of streams or accounts overflows. */
#define VISIT_MONEY_MOST (INT64_C(1) << 58)
void visit_money(struct visitor *v, const char *name, void *data, size_t width, size_t stride,
                 size_t count);
static inline bool visit_loading(const struct visitor *v) { return v->mode == VISIT_LOAD; }

/* A member of each struct of an array: VISIT_FIELD(v, "viewers.habit", rows, n, habit). */
#define VISIT_FIELD(v, name, rows, count, member)                                              \
    visit_column((v), (name), (count) ? (void *)&(rows)[0].member : NULL,                      \
                 sizeof((rows)[0].member), sizeof((rows)[0]), (count))
#define VISIT_MONEY(v, name, rows, count, member)                                              \
    visit_money((v), (name), (count) ? (void *)&(rows)[0].member : NULL,                       \
                sizeof((rows)[0].member), sizeof((rows)[0]), (count))
/* A plain array, and a single value. */
#define VISIT_ARRAY(v, name, array, count)                                                     \
    visit_column((v), (name), (array), sizeof((array)[0]), sizeof((array)[0]), (count))
#define VISIT_VALUE(v, name, value)                                                            \
    visit_column((v), (name), &(value), sizeof(value), sizeof(value), 1)

/* The hashing visitor: XXH3-64 over names, widths, counts and elements. */
struct visit_hash {
    struct visitor visitor;
    void *state; /* XXH3 state; owned */
};
enum status visit_hash_init(struct visit_hash *self) MUST_CHECK;
uint64_t visit_hash_digest(const struct visit_hash *self);
void visit_hash_free(struct visit_hash *self);

#endif
