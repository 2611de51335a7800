/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rhythm.h"

#include <math.h>

#define WEEK (7 * TIME_DAY)

static double weight_at(const struct float_list *list, int i)
{
    return list->count > 0 ? list->value[i % list->count] : 1.0;
}

void rhythm_init(struct rhythm *self, const struct float_list *hours,
                 const struct float_list *days)
{
    double total = 0;

    self->sum[0] = 0;
    for (int h = 0; h < RHYTHM_HOURS; h++) {
        total += weight_at(hours, h % 24) * weight_at(days, h / 24);
        self->sum[h + 1] = total;
    }
    for (int h = 1; h <= RHYTHM_HOURS; h++)
        self->sum[h] = total > 0 ? self->sum[h] / total * 7 : (double)h / 24;
}

double rhythm_integral(const struct rhythm *self, sim_time when)
{
    sim_time week = when / WEEK, rest = when % WEEK;
    int hour = (int)(rest / TIME_HOUR);
    double part = (double)(rest % TIME_HOUR) / (double)TIME_HOUR;

    return (double)week * 7 + self->sum[hour] + part * (self->sum[hour + 1] - self->sum[hour]);
}

sim_time rhythm_after(const struct rhythm *self, sim_time from, double amount)
{
    double target = rhythm_integral(self, from) + amount;
    int low = 0, high = RHYTHM_HOURS;

    if (!(amount < 1e5)) return TIME_NEVER;
    double week = floor(target / 7), rest = target - week * 7;
    while (high - low > 1) { /* sum[low] <= rest < sum[high] */
        int middle = (low + high) / 2;
        if (self->sum[middle] <= rest)
            low = middle;
        else
            high = middle;
    }
    double rise = self->sum[low + 1] - self->sum[low];
    double part = rise > 0 ? (rest - self->sum[low]) / rise : 1;
    sim_time when = (sim_time)week * WEEK + low * TIME_HOUR +
                    (sim_time)(part * (double)TIME_HOUR);
    return when > from ? when : from + 1;
}
