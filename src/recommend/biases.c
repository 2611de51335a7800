/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biases.h"

#include <string.h>

#include "base/memory.h"

/* One side's biases from the other's. */
struct half {
    const uint32_t *own, *other; /* columns of the log */
    float *bias;                 /* of this side */
    const float *others;
    double *sum; /* room for this side */
    uint32_t *count, n;
    double damp;
};

static void solve_half(const struct half *h, const struct interactions *log, float mean)
{
    memset(h->sum, 0, h->n * sizeof(*h->sum));
    memset(h->count, 0, h->n * sizeof(*h->count));
    for (size_t r = 0; r < log->count; r++) {
        h->sum[h->own[r]] += (double)(log->value[r] - mean - h->others[h->other[r]]);
        h->count[h->own[r]]++;
    }
    for (uint32_t i = 0; i < h->n; i++)
        h->bias[i] = h->count[i] ? (float)(h->sum[i] / (h->damp + h->count[i])) : 0.0f;
}

enum status biases_init(struct biases *self, const struct interactions *log,
                        const struct biases_parameters *parameters)
{
    uint32_t most = log->users > log->items ? log->users : log->items;
    double *sum = memory_alloc(most, sizeof(*sum));
    uint32_t *count = memory_alloc(most, sizeof(*count));
    struct interactions_range range = interactions_range(log);
    struct half item, user;
    enum status status = STATUS_NO_MEMORY;

    *self = (struct biases){.user = memory_alloc(log->users, sizeof(*self->user)),
                            .item = memory_alloc(log->items, sizeof(*self->item)),
                            .mean = range.mean,
                            .low = range.low,
                            .high = range.high};
    if (!sum || !count || !self->user || !self->item) goto out;
    item = (struct half){log->item, log->user, self->item, self->user,
                         sum,       count,     log->items, parameters->damp_item};
    user = (struct half){log->user, log->item, self->user, self->item,
                         sum,       count,     log->users, parameters->damp_user};
    for (int64_t epoch = 0; epoch < parameters->epochs; epoch++) {
        solve_half(&item, log, self->mean);
        solve_half(&user, log, self->mean);
    }
    status = STATUS_OK;
out:
    memory_free(sum);
    memory_free(count);
    return status;
}

void biases_free(struct biases *self)
{
    memory_free(self->user);
    memory_free(self->item);
    *self = (struct biases){0};
}
