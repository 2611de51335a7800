/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/regions.h"

#define REGIONS_AT(member) .offset = offsetof(struct regions_parameters, member)
static const struct schema_row rows[] = {
    {.path = "count",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 1,
     .high = REGIONS_MAX,
     .initial = "12",
     .meaning = "regions that viewers and creators live in, the largest first",
     .source = "A",
     .plausible_low = 4,
     .plausible_high = 40,
     .when = SCHEMA_START,
     .moves = "impressions_local",
     .sign = -1,
     .needs = "platform.retrievers=[\"content\",\"local\"]",
     REGIONS_AT(count)},
    {.path = "zipf",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 4,
     .initial = "0.7",
     .meaning = "exponent of the regions' shares: 1 / rank^zipf",
     .source = "A",
     .plausible_low = 0.3,
     .plausible_high = 1.1,
     .when = SCHEMA_START,
     .moves = "impressions_local",
     .sign = 1,
     .to = "2",
     .from = "0",
     .needs = "platform.retrievers=[\"content\",\"local\"]",
     REGIONS_AT(zipf)},
};
const struct schema_table regions_table = {
    .prefix = "regions", .size = sizeof(struct regions_parameters), SCHEMA_ROWS(rows)};

static const struct purpose home_purpose = {"regions.home", PURPOSE_POPULATION};

void regions_init(struct regions *self, const struct parameters *parameters, struct seed seed)
{
    const struct regions_parameters *p = parameters_block(parameters, "regions");
    double share[REGIONS_MAX], sum = 0, below = 0;

    *self = (struct regions){(uint32_t)p->count, stream_key(seed, &home_purpose), {0}};
    for (uint32_t i = 0; i < self->count; i++)
        sum += share[i] = maths_pow((double)(i + 1), -p->zipf);
    for (uint32_t i = 0; i < self->count; i++)
        self->edge[i] = (float)((below += share[i]) / sum);
    self->edge[self->count - 1] = 1;
}

uint32_t regions_of(const struct regions *self, uint64_t name)
{
    float u = word_uniformf(stream_block(self->key, name, 0, 0).word[0]);
    uint32_t region = 0;

    while (u >= self->edge[region]) region++; /* u < 1, the last edge */
    return region;
}
