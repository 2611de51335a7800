/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "factors.h"

#include "base/memory.h"

enum status factors_init(struct factors *self, const struct interactions *log, uint32_t factors,
                         bool biases)
{
    struct interactions_range range = interactions_range(log);

    *self = (struct factors){.users = log->users,
                             .items = log->items,
                             .factors = factors,
                             .width = lanes_width(factors + (biases ? 2 : 0)),
                             .biases = biases,
                             .mean = range.mean,
                             .low = range.low,
                             .high = range.high};
    self->user = memory_alloc((size_t)log->users * self->width, sizeof(*self->user));
    self->item = memory_alloc((size_t)log->items * self->width, sizeof(*self->item));
    return self->user && self->item ? STATUS_OK : STATUS_NO_MEMORY;
}

static void draw_row(float *row, struct stream *s, uint32_t factors, float spread)
{
    for (uint32_t f = 0; f < factors; f++) row[f] = spread * (float)stream_normal(s);
}

void factors_draw(struct factors *self, struct stream_key key, float spread)
{
    for (uint32_t u = 0; u < self->users; u++) {
        struct stream s = stream_open(key, u, 0);
        draw_row(factors_user(self, u), &s, self->factors, spread);
        if (self->biases) factors_user(self, u)[self->factors + 1] = 1.0f;
    }
    for (uint32_t i = 0; i < self->items; i++) {
        struct stream s = stream_open(key, i, 1);
        draw_row(factors_item(self, i), &s, self->factors, spread);
        if (self->biases) factors_item(self, i)[self->factors] = 1.0f;
    }
}

void factors_free(struct factors *self)
{
    memory_free(self->user);
    memory_free(self->item);
    *self = (struct factors){0};
}

void factors_score(const struct factors *self, uint32_t user, float *out)
{
    const float *p = factors_user(self, user);

    for (uint32_t i = 0; i < self->items; i++)
        out[i] = lanes_dot(p, factors_item(self, i), self->width);
}

enum status factors_propensity(const struct interactions *log, double power, float **weight)
{
    uint32_t *count = memory_alloc(log->items, sizeof(*count));
    double sum = 0, most = maths_exp(power * maths_log(10.0));

    *weight = memory_alloc(log->items, sizeof(**weight));
    if (!count || !*weight) {
        memory_free(count);
        return STATUS_NO_MEMORY;
    }
    for (size_t r = 0; r < log->count; r++) count[log->item[r]]++;
    for (uint32_t i = 0; i < log->items; i++) {
        double share = (double)(count[i] + !count[i]) * log->items / (double)(log->count + 1);
        double w = power > 0 ? maths_pow(share, -power) : 1.0;
        w = w > most ? most : w < 1 / most ? 1 / most : w;
        (*weight)[i] = (float)w;
        sum += w * count[i];
    }
    for (uint32_t i = 0; power > 0 && i < log->items; i++)
        (*weight)[i] *= (float)(sum > 0 ? (double)log->count / sum : 1.0);
    memory_free(count);
    return STATUS_OK;
}
