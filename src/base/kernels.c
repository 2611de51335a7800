/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/kernels.h"

#include <stdlib.h>
#include <string.h>

#include "kernels_table.h"

static int has_avx2(void)
{
#if defined(__x86_64__) || defined(__i386__)
    return __builtin_cpu_supports("avx2") != 0;
#else
    return 0;
#endif
}

const struct kernels *kernels_named(const char *name)
{
    if (strcmp(name, kernels_baseline.name) == 0) return &kernels_baseline;
    if (strcmp(name, kernels_avx2.name) == 0 && has_avx2()) return &kernels_avx2;
    return NULL;
}

const struct kernels *kernels_choose(void)
{
    const char *asked = getenv("REELSIM_KERNELS");
    const struct kernels *named = asked ? kernels_named(asked) : NULL;
    if (named) return named;
    return has_avx2() ? &kernels_avx2 : &kernels_baseline;
}
