/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "no_regret.h"

#define LEAST (-60.0f)

void no_regret_shares(const float *weight, int n, double explore, double *share)
{
    double sum = 0;

    for (int i = 0; i < n; i++) {
        share[i] = maths_exp((double)weight[i]);
        sum += share[i];
    }
    for (int i = 0; i < n; i++) share[i] = (1 - explore) * share[i] / sum + explore / (double)n;
}

int no_regret_draw(const double *share, int n, struct stream *draw)
{
    double left = stream_uniform(draw);
    int i = 0;

    while (i < n - 1 && left >= share[i]) left -= share[i++];
    return i;
}

static void bring_back(float *weight, int n)
{
    float top = weight[0];

    for (int i = 1; i < n; i++)
        if (weight[i] > top) top = weight[i];
    for (int i = 0; i < n; i++) {
        weight[i] -= top;
        if (!(weight[i] > LEAST)) weight[i] = LEAST;
    }
}

void no_regret_learn(float *weight, int n, double rate, const double *gain)
{
    for (int i = 0; i < n; i++) weight[i] += (float)(rate * gain[i]);
    bring_back(weight, n);
}

void no_regret_learn_played(float *weight, int n, int option, double step)
{
    weight[option] += (float)step;
    bring_back(weight, n);
}
