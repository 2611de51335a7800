/* SPDX-License-Identifier: GPL-3.0-or-later */
#define KERNELS_NAME "avx2"
#define KERNELS_TABLE kernels_avx2
#include "kernels_table.h"

#include "kernels_body.inc"
