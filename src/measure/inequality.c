/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/inequality.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static double top_share(const uint64_t *amount, size_t n, size_t parts, double sum)
{
    size_t k = (n + parts - 1) / parts;
    double top = 0;
    for (size_t i = n - k; i < n; i++) top += (double)amount[i];
    return top / sum;
}

struct inequality inequality_of(uint64_t *amount, size_t n)
{
    struct inequality result = {NAN, NAN, NAN};
    double sum = 0, weighted = 0;
    qsort(amount, n, sizeof *amount, ascending);
    for (size_t i = 0; i < n; i++) {
        sum += (double)amount[i];
        weighted += (2.0 * (double)(i + 1) - (double)n - 1.0) * (double)amount[i];
    }
    if (sum <= 0) return result;
    result.gini = weighted / ((double)n * sum);
    result.top1 = top_share(amount, n, 100, sum);
    result.top10 = top_share(amount, n, 10, sum);
    return result;
}

enum status inequality_sample(const struct world *world,
                              size_t (*collect)(const struct world *world, uint64_t *out),
                              struct cell *cells)
{
    size_t n = collect(world, NULL);
    uint64_t *amount = memory_alloc(n, sizeof *amount);
    if (!amount) return STATUS_NO_MEMORY;
    struct inequality result = inequality_of(amount, collect(world, amount));
    memory_free(amount);
    cells[0] = cell_float(result.gini);
    cells[1] = cell_float(result.top1);
    cells[2] = cell_float(result.top10);
    return STATUS_OK;
}
