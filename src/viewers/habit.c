/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "habit.h"

static const struct schema_row rows[] = {
    {.path = "half_life",
     .type = SCHEMA_FLOAT,
     .unit = "d",
     .low = 0.1,
     .high = 1e5,
     .initial = "14",
     .meaning = "days in which habit comes half way to where the days lead it",
     .source = "A calibrated to FACTS 8.6 (V WAPO: x2 in a month)",
     .plausible_low = 7,
     .plausible_high = 60,
     .when = SCHEMA_WINDOW,
     .moves = "sessions",
     .sign = -1,
     .from = "2",
     .to = "100",
     VIEWERS_AT(habit_parameters, half_life)},
    {.path = "floor",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0.01,
     .high = 1,
     .initial = "0.3",
     .meaning = "habit after a long absence",
     .source = "A calibrated to "
               "FACTS 8.6",
     .plausible_low = 0.1,
     .plausible_high = 0.6,
     .when = SCHEMA_START,
     .moves = "sessions",
     .sign = 1,
     .from = "0.05",
     .to = "0.9",
     VIEWERS_AT(habit_parameters, floor)},
    {.path = "gain",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.006",
     .meaning = "habit gained a session for each unit of match above expectation",
     .source = "A",
     .plausible_low = 0.002,
     .plausible_high = 0.02,
     .when = SCHEMA_WINDOW,
     .moves = "sessions",
     .sign = -1,
     .from = "0",
     .to = "0.1",
     VIEWERS_AT(habit_parameters, gain)},
    {.path = "outside",
     .type = SCHEMA_FLOAT,
     .unit = "match",
     .low = -10,
     .high = 10,
     .initial = "0.8",
     .meaning = "satisfaction an impression that other pastimes offer",
     .source = "A (a typical personalised video gives 1 less satiation)",
     .plausible_low = 0.4,
     .plausible_high = 1.2,
     .when = SCHEMA_WINDOW,
     .moves = "sessions",
     .sign = -1,
     .from = "-1",
     .to = "3",
     VIEWERS_AT(habit_parameters, outside)},
    {.path = "anchor",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.5",
     .meaning = "weight of other pastimes against one's own past in what is expected",
     .source = "A",
     .plausible_low = 0.2,
     .plausible_high = 1,
     .when = SCHEMA_WINDOW,
     .moves = "sessions",
     .sign = -1,
     .from = "0",
     .to = "1",
     VIEWERS_AT(habit_parameters, anchor)},
    {.path = "learning",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.05",
     .meaning = "share of the way that a session moves expectation",
     .source = "A",
     .plausible_low = 0.01,
     .plausible_high = 0.2,
     .when = SCHEMA_WINDOW,
     .moves = "sessions",
     .sign = 1,
     .from = "0",
     .to = "0.5",
     VIEWERS_AT(habit_parameters, learning)},
    {.path = "threshold",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0.01,
     .high = 3,
     .initial = "1",
     .meaning = "habit from which nobody churns",
     .source = "A calibrated to "
               "FACTS 8.6",
     .plausible_low = 0.3,
     .plausible_high = 1.5,
     .when = SCHEMA_WINDOW,
     .moves = "churned_viewers",
     .sign = 1,
     .from = "0.2",
     .to = "2",
     VIEWERS_AT(habit_parameters, threshold)},
    {.path = "hazard",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 100,
     .initial = "1.6",
     .meaning = "exponent of retention at no habit: hazard a day = this / (1 + "
                "age in days)",
     .source = "A calibrated to FACTS 8.6 (D1 40, D7 24, D30 14 %, V2 RET)",
     .plausible_low = 0.3,
     .plausible_high = 3,
     .when = SCHEMA_WINDOW,
     .moves = "churned_viewers",
     .sign = 1,
     .from = "0.1",
     .to = "10",
     VIEWERS_AT(habit_parameters, hazard)},
    {.path = "newcomer",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0.01,
     .high = 3,
     .initial = "0.65",
     .meaning = "habit of a newcomer",
     .source = "A calibrated to FACTS 8.6",
     .plausible_low = 0.3,
     .plausible_high = 1,
     .when = SCHEMA_WINDOW,
     .moves = "sessions",
     .sign = 1,
     .from = "0.1",
     .to = "1",
     .needs = "viewers.arrivals.innovation=0.002 viewers.arrivals.market=100000",
     VIEWERS_AT(habit_parameters, newcomer)},
    {.path = "comeback",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.2",
     .meaning = "multiplies, for who has churned, the probability that a "
                "friend's video is opened",
     .source = "A",
     .plausible_low = 0.05,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .moves = "returned_viewers",
     .sign = 1,
     .from = "0",
     .to = "1",
     .needs = "viewers.habit.hazard=50.0 viewers.habit.threshold=2.0 "
              "growth.channels=[\"social_share\"] viewers.weibull.share=0.01 "
              "viewers.friends.open=0.9 run.days=3",
     VIEWERS_AT(habit_parameters, comeback)},
};
const struct schema_table habit_table = {
    .prefix = "viewers.habit", .size = sizeof(struct habit_parameters), SCHEMA_ROWS(rows)};

static float clamp(float habit)
{
    return habit > HABIT_MOST ? HABIT_MOST : habit < HABIT_LEAST ? HABIT_LEAST : habit;
}

float habit_day(const struct habit_parameters *p, float habit, int32_t idle)
{
    double days = -0.6931471805599453 / p->half_life, h = habit;

    if (idle > 0 && h > p->floor) h = p->floor + (h - p->floor) * maths_exp(days * idle);
    return clamp((float)(1 - (1 - h) * maths_exp(days)));
}

void habit_session(const struct habit_parameters *p, struct viewer *viewer, float satisfaction)
{
    float had = viewer_expectation(viewer);
    float expected = (float)(p->anchor * p->outside) + (float)(1 - p->anchor) * had;

    viewer_set_habit(viewer,
                     clamp(viewer_habit(viewer) + (float)p->gain * (satisfaction - expected)));
    viewer_set_expectation(viewer, had + (float)p->learning * (satisfaction - had));
}

double habit_exposure(const struct habit_parameters *p, float habit, double age, double gap)
{
    double lack = 1 - habit / p->threshold;

    if (lack <= 0 || gap <= 0) return 0;
    return p->hazard * lack * maths_log((1 + age + gap) / (1 + age));
}

double habit_settled(const struct habit_parameters *p, double rate)
{
    double h = 1;

    for (int i = 0; i < 100; i++) {
        double idle = maths_exp(-rate * h), next = 1 - idle + idle * p->floor;
        if (h - next < 1e-4) return next;
        h = next;
    }
    return h;
}

/* From e^-12 of the greatest rate up: below it everybody is at the floor anyway. */
void habit_table_init(struct habit_table *self, const struct habit_parameters *p, double most)
{
    self->low = maths_log(most) - 12;
    self->step = 12.0 / HABIT_TABLE;
    for (int i = 0; i <= HABIT_TABLE; i++)
        self->value[i] = (float)habit_settled(p, maths_exp(self->low + i * self->step));
}

float habit_table_at(const struct habit_table *self, double rate)
{
    double at = rate > 0 ? (maths_log(rate) - self->low) / self->step : 0;
    if (!(at > 0)) return self->value[0];
    if (at >= HABIT_TABLE) return self->value[HABIT_TABLE];
    int i = (int)at;
    return self->value[i] + (float)(at - i) * (self->value[i + 1] - self->value[i]);
}
