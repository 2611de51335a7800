/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A state that somebody looks into: shared by the files of `reelsim inspect`.
 */
#ifndef CLI_INSPECT_H
#define CLI_INSPECT_H

#include "command.h"
#include "sheet.h"
#include "sim/sim.h"
#include "world/world.h"

struct inspection {
    const struct arguments *arguments;
    char *folder; /* owned; where the state's run wrote its tables */
    char *state;  /* owned; path of the state */
    char *scenario;
    struct model model;
    struct sim *sim;
    struct errors *errors;
};

/* Each prints what `id` names in the tables; STATUS_BAD_INPUT when there is none. */
enum status inspect_viewer(struct inspection *self, uint64_t id, struct errors *errors);
enum status inspect_video(struct inspection *self, uint64_t id, struct errors *errors);
enum status inspect_creator(struct inspection *self, uint64_t id, struct errors *errors);

/* Simulated days since the start, of the state and of a time. */
double inspect_day(const struct inspection *self);
static inline double inspect_days(sim_time t) { return (double)t / (double)TIME_DAY; }
const char *inspect_topic(const struct inspection *self, uint32_t topic);
/* A text of a creator's cohort: "name", "strategy". */
const char *inspect_cohort(const struct inspection *self, uint8_t cohort, const char *row,
                           const char *otherwise);
/* What videos.csv calls a video. */
int64_t inspect_video_id(const struct inspection *self, uint32_t number);

#endif
