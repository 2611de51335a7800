/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The two tables of kernels: one source, two machine codes.
 */
#ifndef BASE_KERNELS_TABLE_H
#define BASE_KERNELS_TABLE_H

#include "base/kernels.h"

extern const struct kernels kernels_baseline, kernels_avx2;

#endif
