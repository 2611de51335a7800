/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A log of interactions in a few figures: how rows are spread over items and over users.
 */
#ifndef MEASURE_LOG_FIGURES_H
#define MEASURE_LOG_FIGURES_H

#include "recommend/interactions.h"

#define LOG_FIGURES_QUANTILES 5 /* .1, .25, .5, .75, .9 */

/* Users and items without a row do not count. */
struct log_figures {
    size_t rows;
    uint32_t users, items;
    double gini_items, top10_items; /* Gini of rows an item; share of the most popular tenth */
    double gini_users;
    double mean_user; /* rows a user */
    uint64_t quantile_user[LOG_FIGURES_QUANTILES];
};

/* O(rows + n log n) for n users and items. */
enum status log_figures_of(const struct interactions *log, struct log_figures *out) MUST_CHECK;

/* The place of the q-quantile among n >= 1 ascending numbers: round(q (n - 1)). */
static inline size_t log_figures_place(size_t n, double q)
{
    return (size_t)(q * (double)(n - 1) + 0.5);
}
/* The q-quantile of n >= 1 ascending numbers. */
uint64_t log_figures_quantile(const uint64_t *ascending, size_t n, double q);
extern const double log_figures_at[LOG_FIGURES_QUANTILES];

#endif
