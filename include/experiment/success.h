/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parallel worlds: how much of success is luck?
 *
 * Of the creators, or the videos, that are there from the start in every world, each has a
 * share of the hours that people watched. Salganik, Dodds & Watts (2006, Science 311):
 *
 *   u_i = mean over pairs of worlds (j, k) of |m_ij - m_ik|,   U = mean over them of u_i
 *
 * is the unpredictability, G the Gini coefficient of the shares in a world, its mean over the
 * worlds. The people are the same in all worlds, and so are the videos from before the start,
 * which are what the paper's songs are; what is made later belongs to one world.
 */
#ifndef EXPERIMENT_SUCCESS_H
#define EXPERIMENT_SUCCESS_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

enum success_kind { SUCCESS_CREATORS, SUCCESS_VIDEOS, SUCCESS_KINDS };
extern const char *const success_name[SUCCESS_KINDS]; /* "creators", "videos" */

struct success {
    size_t worlds, items;             /* creators or videos */
    double unpredictability;          /* U: in shares of the market */
    double relative;                  /* U over the mean share: 0.5 = half of it */
    double gini, gini_low, gini_high; /* mean and range over the worlds */
};

/* `amount` is [world][item], at least two worlds. NaN where all are 0. STATUS_NO_MEMORY. */
enum status success_of(const uint64_t *amount, size_t worlds, size_t items,
                       struct success *out) MUST_CHECK;
/* From creators.csv or videos.csv of so many finished runs. STATUS_BAD_INPUT where one cannot
 * be read; 0 items and NaN where none is in all. */
enum status success_read(const char *const *folder, size_t worlds, enum success_kind kind,
                         struct success *out, struct errors *errors) MUST_CHECK;

#endif
