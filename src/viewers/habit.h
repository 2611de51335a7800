/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Habit: a stock that multiplies the rate of sessions. Every day with a session brings it
 * nearer to 1, every idle day nearer to a floor; a session that pleased more than expected adds
 * to it, one that disappointed takes away. Who has little of it, and is new, may leave for
 * good: the hazard of churning is inversely proportional to the days since joining, which gives
 * the power-law retention that apps show.
 */
#ifndef VIEWERS_HABIT_H
#define VIEWERS_HABIT_H

#include "state.h"

#define HABIT_MOST 3.0f
#define HABIT_LEAST 0.01f

/* The first session of a day, `idle` whole days after the last day with one. */
float habit_day(const struct habit_parameters *p, float habit, int32_t idle);
/* A session is over: mean satisfaction an impression, in units of match. Updates habit and
 * expectation. */
void habit_session(const struct habit_parameters *p, struct viewer *viewer, float satisfaction);
/* Cumulative hazard of churning over `gap` days from the age of `age` days (>= 0):
 *     hazard * max(0, 1 - habit / threshold) * ln((1 + age + gap) / (1 + age)) */
double habit_exposure(const struct habit_parameters *p, float habit, double age, double gap);
/* Where the stock settles for somebody who opens the app `rate` * habit times a day:
 * h = p + (1 - p) floor with p = 1 - exp(-rate h), the largest solution. */
double habit_settled(const struct habit_parameters *p, double rate);

/* The same for many viewers: a table over ln(rate), read by linear interpolation. */
#define HABIT_TABLE 256
struct habit_table {
    double low, step; /* ln(rate) of the first entry, and between entries */
    float value[HABIT_TABLE + 1];
};
void habit_table_init(struct habit_table *self, const struct habit_parameters *p, double most);
float habit_table_at(const struct habit_table *self, double rate);

#endif
