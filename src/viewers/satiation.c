/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "satiation.h"

static const struct schema_row rows[] = {
    {.path = "gain",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.1",
     .meaning = "weight of the latest video in the average that satiates (about 1 / memory)",
     .source = "A (last 10 videos)",
     .plausible_low = 0.05,
     .plausible_high = 0.3,
     .when = SCHEMA_WINDOW,
     .moves = "play_7s_rate",
     .sign = -1,
     .needs = "viewers.match.satiation=2.0",
     .from = "0.02",
     .to = "0.5",
     VIEWERS_AT(satiation_parameters, gain)},
    {.path = "half_life",
     .type = SCHEMA_FLOAT,
     .unit = "h",
     .low = 0.001,
     .high = 1e5,
     .initial = "1.4",
     .meaning = "hours in which satiation halves away from the app",
     .source = "A (recovery with tau 2 h)",
     .plausible_low = 0.5,
     .plausible_high = 12,
     .when = SCHEMA_WINDOW,
     .moves = "watch_hours",
     .sign = -1,
     .from = "0.1",
     .to = "100",
     .needs = "viewers.match.satiation=1.0",
     VIEWERS_AT(satiation_parameters, half_life)},
};
const struct schema_table satiation_table = {.prefix = "viewers.satiation",
                                             .size = sizeof(struct satiation_parameters),
                                             SCHEMA_ROWS(rows)};

void satiation_wake(const struct satiation_parameters *p, const int8_t *rest, sim_time away,
                    float *satiation)
{
    double hours = (double)away / (double)TIME_HOUR;
    float left = maths_expf((float)(-0.6931471805599453 * hours / p->half_life));

    for (int i = 0; i < VECTOR_DIM; i++)
        satiation[i] = (float)rest[i] * (1.0f / SATIATION_ONE) * left;
}

void satiation_lay(const float *satiation, int8_t *rest)
{
    for (int i = 0; i < VECTOR_DIM; i++) {
        float x = satiation[i] * SATIATION_ONE;
        x = x > 127.0f ? 127.0f : x < -127.0f ? -127.0f : x;
        rest[i] = (int8_t)(x < 0 ? x - 0.5f : x + 0.5f);
    }
}
