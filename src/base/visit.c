/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/visit.h"

#include <string.h>
#include <xxhash.h>

void visit_column(struct visitor *v, const char *name, void *data, size_t width, size_t stride,
                  size_t count)
{
    require(width > 0 && stride >= width);
    if (v->status == STATUS_OK) v->column(v, name, data, width, stride, count);
}

void visit_count(struct visitor *v, const char *name, uint64_t *n, uint64_t most)
{
    uint64_t value = *n;
    visit_column(v, name, &value, sizeof value, sizeof value, 1);
    if (v->mode != VISIT_LOAD || v->status) return;
    if (value > most || (v->bytes && value > v->bytes))
        v->status = STATUS_BAD_INPUT;
    else
        *n = value;
}

void visit_money(struct visitor *v, const char *name, void *data, size_t width, size_t stride,
                 size_t count)
{
    require(width % sizeof(int64_t) == 0);
    visit_column(v, name, data, width, stride, count);
    if (v->mode != VISIT_LOAD) return;
    for (size_t i = 0; i < count && v->status == STATUS_OK; i++)
        for (size_t at = 0; at < width; at += sizeof(int64_t)) {
            int64_t amount;
            memcpy(&amount, (const char *)data + i * stride + at, sizeof amount);
            if (amount > VISIT_MONEY_MOST || amount < -VISIT_MONEY_MOST)
                v->status = STATUS_BAD_INPUT;
        }
}

/* A column without gaps goes in as it is; with gaps, element by element through a buffer. */
static void hash_column(struct visitor *v, const char *name, void *data, size_t width,
                        size_t stride, size_t count)
{
    XXH3_state_t *state = v->context;
    uint64_t sizes[2] = {width, count};
    XXH3_64bits_update(state, name, strlen(name) + 1);
    XXH3_64bits_update(state, sizes, sizeof sizes);
    if (stride == width && count) {
        XXH3_64bits_update(state, data, width * count);
        return;
    }
    char buffer[4096];
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        const char *element = (const char *)data + i * stride;
        if (width > sizeof buffer - used) {
            XXH3_64bits_update(state, buffer, used);
            used = 0;
        }
        if (width > sizeof buffer) {
            XXH3_64bits_update(state, element, width);
            continue;
        }
        memcpy(buffer + used, element, width);
        used += width;
    }
    XXH3_64bits_update(state, buffer, used);
}

enum status visit_hash_init(struct visit_hash *self)
{
    XXH3_state_t *state = XXH3_createState();
    if (!state) return STATUS_NO_MEMORY;
    XXH3_64bits_reset(state);
    *self = (struct visit_hash){
        .visitor = {.mode = VISIT_HASH, .column = hash_column, .context = state},
        .state = state};
    return STATUS_OK;
}

uint64_t visit_hash_digest(const struct visit_hash *self)
{
    return XXH3_64bits_digest(self->state);
}

void visit_hash_free(struct visit_hash *self)
{
    if (self->state) XXH3_freeState(self->state);
    *self = (struct visit_hash){0};
}
