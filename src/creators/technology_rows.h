/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The row of a cohort about what its videos are made with: part of COHORT_ROWS (parameters.c).
 */
#ifndef CREATORS_TECHNOLOGY_ROWS_H
#define CREATORS_TECHNOLOGY_ROWS_H

#include "base/schema.h"

#define TECHNOLOGY_WORDS "all|none|ai|ar"
enum technology_use { TECHNOLOGY_ALL, TECHNOLOGY_NONE, TECHNOLOGY_AI, TECHNOLOGY_AR };

#define TECHNOLOGY_ROWS(at)                                                                    \
    {.path = "technology",                                                                     \
     .type = SCHEMA_CHOICE,                                                                    \
     .unit = "1",                                                                              \
     .choices = TECHNOLOGY_WORDS,                                                              \
     .initial = "\"all\"",                                                                     \
     .meaning = "what they make videos with, of creators.production.ai_share and .ar_share: "  \
                "both, neither, AI tools alone, AR/VR alone",                                  \
     .source = "scenario",                                                                     \
     .moves = "videos.quality",                                                                \
     .sign = -1,                                                                               \
     .from = "\"all\"",                                                                        \
     .to = "\"none\"",                                                                         \
     .needs = "creators.production.ai_share=0.9 creators.production.ai.speed=5.0",             \
     .offset = at(technology)},

#endif
