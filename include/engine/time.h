/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Simulated time: 64-bit milliseconds since the start of the run (midnight of a Monday).
 */
#ifndef ENGINE_TIME_H
#define ENGINE_TIME_H

#include <stdint.h>

typedef int64_t sim_time;

#define TIME_SECOND INT64_C(1000)
#define TIME_MINUTE (60 * TIME_SECOND)
#define TIME_HOUR (60 * TIME_MINUTE)
#define TIME_DAY (24 * TIME_HOUR)
#define TIME_NEVER INT64_MAX

/* "12d 03:04:05.678" into a buffer of 32 bytes; returns the buffer. */
const char *time_text(sim_time when, char buffer[32]);

#endif
