/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outlook.h"

static double hours_of(const struct strategy_view *view)
{
    return view->hours_worked > 0.1 ? view->hours_worked : 0.1;
}

double outlook_reward(const struct strategy_view *view)
{
    double money = (double)view->period->income / (double)MICRO;
    double attention = (double)view->period->impressions * view->attention_value / 1000.0;

    return (money + attention) / hours_of(view);
}

double outlook_spent(const struct strategy_view *view)
{
    return (double)view->last->spent / (double)MICRO / hours_of(view);
}

double outlook_hoped(const struct strategy_view *view, double amount)
{
    return amount / hours_of(view) * view->hours_week / view->aspiration;
}

void outlook_topics(const struct strategy_view *view, uint8_t home, int n, float *topic)
{
    bool taken[TOPICS_MAX] = {false};

    topic[0] = (float)home;
    taken[home] = true;
    for (int i = 1; i < n; i++) {
        int32_t best = -1;
        for (int32_t k = 0; k < view->topics->count; k++)
            if (!taken[k] && (best < 0 || view->closeness[k] > view->closeness[best])) best = k;
        if (best >= 0) taken[best] = true;
        topic[i] = best >= 0 ? (float)best : (float)home;
    }
}

void outlook_pace(const struct strategy_view *view, float videos_per_week,
                  struct creator_plan *plan)
{
    plan->videos_per_week = videos_per_week;
    if (videos_per_week > 0) plan->effort = (float)view->hours_week / videos_per_week;
}
