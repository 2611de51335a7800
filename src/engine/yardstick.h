/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the engine's own two models, PHOLD and the M/M/1 network, have in common: the key of
 * their random numbers, the loop over windows with its clock, the fold of a state.
 */
#ifndef ENGINE_YARDSTICK_H
#define ENGINE_YARDSTICK_H

#include "engine/engine.h"
#include "engine/stream.h"

/* The finaliser of SplitMix64 (Steele, Lea & Flood 2014): a bijection of 64 bits. */
static inline uint64_t yardstick_mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* A 64-bit seed and a purpose's name to a key. */
struct stream_key yardstick_key(uint64_t seed, const char *purpose);

/* An exponential time with the given mean, in whole ms, from one random word. */
static inline sim_time yardstick_wait(uint32_t word, double mean)
{
    return (sim_time)(-(double)maths_logf(word_uniformf(word)) * mean);
}

/* Runs every window that starts before `end`; *seconds is the wall time of that. */
enum status yardstick_run(struct engine *engine, sim_time end, void *world, double *seconds,
                          struct errors *errors) MUST_CHECK;

#endif
