/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/log_figures.h"

#include "base/memory.h"
#include "measure/inequality.h"

const double log_figures_at[LOG_FIGURES_QUANTILES] = {0.1, 0.25, 0.5, 0.75, 0.9};

uint64_t log_figures_quantile(const uint64_t *ascending, size_t n, double q)
{
    return ascending[log_figures_place(n, q)];
}

/* Rows of each of `all` entities that has some, in its first *n places. NULL = no memory. */
static uint64_t *count_rows(const uint32_t *of, size_t rows, uint32_t all, size_t *n)
{
    uint64_t *count = memory_alloc(all, sizeof *count);
    *n = 0;
    for (size_t r = 0; count && r < rows; r++) count[of[r]]++;
    for (uint32_t i = 0; count && i < all; i++)
        if (count[i]) count[(*n)++] = count[i];
    return count;
}

enum status log_figures_of(const struct interactions *log, struct log_figures *out)
{
    size_t users, items;
    uint64_t *user = count_rows(log->user, log->count, log->users, &users);
    uint64_t *item = count_rows(log->item, log->count, log->items, &items);
    enum status status = user && item ? STATUS_OK : STATUS_NO_MEMORY;
    *out = (struct log_figures){
        .rows = log->count, .users = (uint32_t)users, .items = (uint32_t)items};
    if (!status && users && items) {
        struct inequality of_items = inequality_of(item, items);
        out->gini_items = of_items.gini;
        out->top10_items = of_items.top10;
        out->gini_users = inequality_of(user, users).gini; /* sorts */
        out->mean_user = (double)log->count / (double)users;
        for (int q = 0; q < LOG_FIGURES_QUANTILES; q++)
            out->quantile_user[q] = log_figures_quantile(user, users, log_figures_at[q]);
    }
    memory_free(user);
    memory_free(item);
    return status;
}
