/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the program starts: the same code is linked twice, once for any x86-64 and once for
 * AVX2 (about a fifth faster), and this chooses by the CPU. Neither fuses nor reorders
 * arithmetic, so both compute the same bits. REELSIM_KERNELS=baseline in the environment forces
 * the first, as in base/kernels.h.
 */
#include <stdlib.h>
#include <string.h>

#include "command.h"

#ifdef TWO_CODES

int avx2_reelsim_main(int argc, char **argv, struct ranks *ranks);

static bool can_avx2(void)
{
    const char *asked = getenv("REELSIM_KERNELS");
    if (asked && strcmp(asked, "baseline") == 0) return false;
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

int start_chosen(int argc, char **argv, struct ranks *ranks)
{
    return can_avx2() ? avx2_reelsim_main(argc, argv, ranks) : reelsim_main(argc, argv, ranks);
}

#else

int start_chosen(int argc, char **argv, struct ranks *ranks)
{
    return reelsim_main(argc, argv, ranks);
}

#endif

#ifndef WITH_RANKS

int main(int argc, char **argv) { return start_chosen(argc, argv, NULL); }

#endif
