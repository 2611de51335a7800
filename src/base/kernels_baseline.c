/* SPDX-License-Identifier: GPL-3.0-or-later */
#define KERNELS_NAME "baseline"
#define KERNELS_TABLE kernels_baseline
#include "kernels_table.h"

#include "kernels_body.inc"
