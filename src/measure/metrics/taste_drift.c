/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far panel viewers' true tastes have moved from where they were at the start, and how
 * alike they are to one another (in consecutive pairs, a random pairing).
 */
#include "base/memory.h"
#include "measure/metric.h"

static const struct column columns[] = {
    {"taste_drift", "1", "mean of 1 - cos(taste, taste at the start) over the panel"},
    {"taste_similarity", "1", "mean cosine of the tastes of two panel viewers"},
};

/* Used in the first shard's state only. */
struct start {
    struct packed16 *taste; /* owned; by position on the panel */
    size_t count, capacity;
};

static const struct packed16 *taste_of(const struct metric_view *view, size_t position)
{
    return &view->panel.taste[position];
}

static enum status begin(void *states, const struct metric_view *view)
{
    struct start *start = states;
    if (start->count) return STATUS_OK; /* loaded */
    enum status status = memory_grow(&start->taste, &start->capacity, view->panel.count,
                                     sizeof *start->taste);
    if (status) return status;
    start->count = view->panel.count;
    for (size_t p = 0; p < start->count; p++) start->taste[p] = *taste_of(view, p);
    return STATUS_OK;
}

static double cosine(const struct packed16 *a, const struct packed16 *b)
{
    return (double)packed_dot(a, b) / ((double)VECTOR_ONE * VECTOR_ONE);
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    const struct start *start = states;
    size_t n = start->count < view->panel.count ? start->count : view->panel.count;
    double moved = 0, alike = 0;
    for (size_t p = 0; p < n; p++) {
        moved += 1 - cosine(taste_of(view, p), &start->taste[p]);
        if (p % 2) alike += cosine(taste_of(view, p - 1), taste_of(view, p));
    }
    cells[0] = n ? cell_float(moved / (double)n) : cell_empty();
    cells[1] = n > 1 ? cell_float(alike / (double)(n / 2)) : cell_empty();
}

static void visit(void *states, uint32_t shards, struct visitor *v)
{
    struct start *start = states;
    uint64_t n = shards ? start->count : 0;
    visit_count(v, "metric.taste_drift.count", &n, UINT64_C(1) << 20);
    if (visit_loading(v) && !v->status)
        v->status = memory_grow(&start->taste, &start->capacity, (size_t)n,
                                sizeof *start->taste);
    if (v->status) return;
    start->count = (size_t)n;
    VISIT_ARRAY(v, "metric.taste_drift.taste", start->taste, (size_t)n);
}

static void release(void *states, uint32_t shards)
{
    struct start *start = states;
    if (shards) memory_free(start->taste);
}

const struct metric metric_taste_drift = {
    .about = {.name = "taste_drift",
              .doc = "distance of tastes from the start, and from one another",
              .reference = "Jiang et al. 2019; Kalimeris et al. 2021",
              .state_size = sizeof(struct start)},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .begin = begin,
    .sample = sample,
    .visit = visit,
    .close = release,
};
