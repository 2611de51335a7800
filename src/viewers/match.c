/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match.h"

static const struct schema_row rows[] = {
    {.path = "cosine",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "1.0",
     .meaning = "weight of taste meeting content in the match",
     .source = "MODEL 2",
     .when = SCHEMA_WINDOW,
     .moves = "r videos.quality,watch_hours",
     .sign = -1,
     .from = "0.2",
     .to = "1.0",
     VIEWERS_AT(match_parameters, cosine)},
    {.path = "quality",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "0.6",
     .meaning = "weight of a video's quality above one half in the match",
     .source = "A",
     .plausible_low = 0.2,
     .plausible_high = 1.5,
     .when = SCHEMA_WINDOW,
     .moves = "r videos.quality,watch_hours",
     .sign = 1,
     .from = "0",
     .to = "1.5",
     VIEWERS_AT(match_parameters, quality)},
    {.path = "hook",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "0.06",
     .meaning = "weight of the pull of the first seconds in the match",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 0.2,
     .when = SCHEMA_WINDOW,
     .moves = "hash",
     VIEWERS_AT(match_parameters, hook)},
    {.path = "commercial",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "0.3",
     .meaning = "what full commercial intensity costs the match of a viewer without tolerance",
     .source = "A",
     .plausible_low = 0.1,
     .plausible_high = 0.6,
     .when = SCHEMA_WINDOW,
     .moves = "r videos.commercial,watch_hours",
     .sign = -1,
     .from = "0",
     .to = "3",
     .needs = "creators.production.commercial_sd=0.4",
     VIEWERS_AT(match_parameters, commercial)},
    {.path = "satiation",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "0.12",
     .meaning = "what full satiation costs the match",
     .source = "A sign V (0.15 of the utility of a typical personalised video)",
     .plausible_low = 0.03,
     .plausible_high = 0.3,
     .when = SCHEMA_WINDOW,
     .moves = "watch_hours",
     .sign = -1,
     .from = "0",
     .to = "1",
     VIEWERS_AT(match_parameters, satiation)},
    {.path = "noise",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "0.15",
     .meaning = "standard deviation of what two viewers of one taste still see differently",
     .source = "A (achievable AUC .70-.75, V KR-A)",
     .plausible_low = 0.05,
     .plausible_high = 0.4,
     .when = SCHEMA_START,
     .moves = "hash",
     VIEWERS_AT(match_parameters, noise)},
    {.path = "conformity",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = -10,
     .high = 10,
     .initial = "0.0",
     .meaning = "weight of ln(1 + visible likes) / 10 in the match",
     .source = "MODEL 2 (Salganik, Dodds & Watts 2006); off by default",
     .when = SCHEMA_WINDOW,
     .moves = "gini_views",
     .sign = 1,
     .from = "0",
     .to = "1.5",
     VIEWERS_AT(match_parameters, conformity)},
    {.path = "local",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = -10,
     .high = 10,
     .initial = "0.0",
     .meaning = "what a creator from the viewer's own region adds to the match",
     .source = "A; off by default",
     .plausible_low = 0,
     .plausible_high = 0.3,
     .when = SCHEMA_WINDOW,
     .moves = "mean_watch_s",
     .sign = 1,
     .from = "0",
     .to = "1",
     .needs = "platform.retrievers=[\"content\",\"local\"] platform.retrieve.local.share=0.8",
     VIEWERS_AT(match_parameters, local)},
};
const struct schema_table match_table = {
    .prefix = "viewers.match", .size = sizeof(struct match_parameters), SCHEMA_ROWS(rows)};

float match_local(const struct viewers *self, uint64_t viewer, const struct video *video)
{
    const struct world *w = self->world;
    uint64_t creator = world_creator(w, video->creator)->name;

    return regions_of(&w->regions, viewer) == regions_of(&w->regions, creator)
               ? (float)self->match->local
               : 0.0f;
}

float viewers_raw_match(const struct viewers *self, const struct viewer *viewer,
                        const struct video *video)
{
    float theta[VECTOR_DIM], content[VECTOR_DIM];

    vector_unpack(theta, &viewer->taste);
    vector_unpack(content, &video->content);
    float raw = match_lasting(self->match, theta, content, video, viewer->tolerance);
    if (self->match->local != 0) raw += match_local(self, viewer_name(viewer), video);
    return raw;
}

float viewers_match(const struct viewers *self, uint32_t viewer, uint32_t video)
{
    float raw = viewers_raw_match(self, world_viewer(self->world, viewer),
                                  world_video(self->world, video));

    return (raw - self->world->match.offset) * self->world->match.scale;
}
