/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ascent.h"

#include "parts.h"

#define REMEMBER 0.1 /* step of the usual size of a surprise */
#define WILD 3.0     /* usual sizes that a surprise may count */

/* In its usual size; the first ones say what that is. */
static double in_usual_sizes(struct ascent *self, double surprise)
{
    double size = surprise < 0 ? -surprise : surprise;

    if (!(size < 1e30)) return 0;
    if (self->usual <= 0)
        self->usual = (float)size;
    else
        self->usual += (float)(REMEMBER * (size - (double)self->usual));
    return self->usual > 0 ? parts_clip(surprise / (double)self->usual, -WILD, WILD) : 0;
}

void ascent_learn(struct ascent *self, const struct ascent_lever *lever, int n,
                  const struct ascent_pace *pace, double surprise)
{
    double z = in_usual_sizes(self, surprise);

    for (int i = 0; i < n; i++) {
        double slope = z * (double)self->side[i];
        double pull = (double)self->pull[i];
        pull += (1 - pace->momentum) * (slope - pull);
        self->pull[i] = (float)pull;
        double move = parts_clip(pace->step * pull, -1, 1) * lever[i].probe;
        self->centre[i] = (float)parts_clip((double)self->centre[i] + move, lever[i].low,
                                            lever[i].high);
    }
}

void ascent_try(struct ascent *self, const struct ascent_lever *lever, int n,
                struct stream *draw, float *out)
{
    for (int i = 0; i < n; i++) {
        bool moves = lever[i].high > lever[i].low, up = stream_bernoulli(draw, 0.5);
        self->side[i] = moves ? (up ? 1.0f : -1.0f) : 0.0f;
        double at = (double)self->centre[i] + lever[i].probe * (double)self->side[i];
        out[i] = (float)parts_clip(at, lever[i].low, lever[i].high);
    }
}
