/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When a viewer comes back, if ever: the next point of its Poisson process against the hazard
 * of churning over the gap.
 */
#include "habit.h"
#include "population.h"
#include "turn.h"

sim_time plan_after(const struct viewers *self, const struct viewer *viewer, sim_time from,
                    uint32_t high, uint32_t low)
{
    double mean = (double)viewer_rate(viewer) * (double)viewer_habit(viewer);

    if (mean <= 0) return TIME_NEVER;
    return rhythm_after(&self->rhythm, from, -maths_log(words_uniform(high, low)) / mean);
}

void plan_set(struct turn *t, sim_time next)
{
    if (next == TIME_NEVER) {
        viewer_set_churned(t->viewer, true);
        t->shard->day.churned++;
        return;
    }
    scope_send(t->scope, t->number, next, EVENT_SESSION, 0);
}

void plan_session(struct turn *t, sim_time from, const struct stream_words *words)
{
    struct viewer *viewer = t->viewer;
    sim_time next = plan_after(t->self, viewer, from, words->word[0], words->word[1]);
    double limit = -maths_log(words_uniform(words->word[2], words->word[3]));
    double age = time_days(from) - viewer->joined_day;
    double gap = next == TIME_NEVER ? 1e9 : time_days(next - from);

    if (habit_exposure(t->self->habit, viewer_habit(viewer), age, gap) > limit)
        next = TIME_NEVER;
    plan_set(t, next);
}
