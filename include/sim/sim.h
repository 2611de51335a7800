/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A running simulation: the composition root. It makes a world from a model, wires the folders
 * through the service tables of world/service.h, and runs the five phases of each window. It
 * models nothing and knows no file: rows go to a sink, state to a visitor.
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include "base/visit.h"
#include "engine/time.h"
#include "measure/rows.h"
#include "measure/summary.h"
#include "sim/model.h"

struct feed_service;
struct platform;
struct ranks;
struct sim;
struct viewers;

struct sim_options {
    uint32_t threads;     /* 0 = what the machine offers */
    bool shuffle_shards;  /* debug: visit shards in another order every phase */
    bool loads;           /* a state follows: it needs no file of people to start from */
    struct row_sink sink; /* rows of the result tables; emit may be NULL */
    struct ranks *ranks;  /* NULL = this process alone; all call what follows together. Only the
                             visitor and the sink of rank 0 get everything. Borrowed */
};

#define SIM_PHASE_LIST(X)                                                                      \
    X(PHASE_VIEWERS, "viewers")                                                                \
    X(PHASE_VIDEOS, "videos")                                                                  \
    X(PHASE_CREATORS, "creators")                                                              \
    X(PHASE_PLATFORM, "platform")                                                              \
    X(PHASE_MEASURE, "measure")

enum sim_phase {
#define SIM_PHASE_ENUM(id, text) id,
    SIM_PHASE_LIST(SIM_PHASE_ENUM)
#undef SIM_PHASE_ENUM
        PHASES
};

/* What a run has done so far. Everything but `seconds` and the bytes, which a resumed run may
 * hold otherwise, is a function of scenario and seed. */
struct sim_figures {
    double seconds[PHASES]; /* wall */
    uint64_t impressions, events, ties, windows;
    uint64_t exchange_bytes; /* log, payments, shares, follows: not a learner's own */
    uint64_t viewers, creators, active_videos, videos;
    float match_offset, match_scale;
    double bytes_per_viewer, bytes_per_video; /* room held, over viewers and active videos */
};

/* Wires everything; the world is empty. `model` must outlive self; policy changes write its
 * parameter values while it runs. */
enum status sim_init(struct sim **self, struct model *model, const struct sim_options *options,
                     struct errors *errors) MUST_CHECK;
void sim_free(struct sim *self); /* NULL is fine */

/* Either the initial population ... */
enum status sim_populate(struct sim *self) MUST_CHECK;
/* ... or the state of a checkpoint: visit with a loading visitor, then call sim_restored. */
void sim_visit(struct sim *self, struct visitor *v);
enum status sim_restored(struct sim *self) MUST_CHECK;

/* One window; STATUS_OK also when the end has been reached. */
enum status sim_step(struct sim *self, struct errors *errors) MUST_CHECK;
bool sim_done(const struct sim *self);
sim_time sim_now(const struct sim *self); /* between windows: the next one's opening */
/* Emits what is known only at the end: creators, videos still active, open cascades. */
enum status sim_finish(struct sim *self) MUST_CHECK;

struct table_shape sim_shape(const struct sim *self, enum table_id table);
/* Column 0, 1, ... of series.csv after the warm-up of so many days; false behind the last. */
bool sim_summary(const struct sim *self, size_t column, struct summary *out);
double sim_warmup(const struct sim *self);
struct sim_figures sim_figures(const struct sim *self);
const struct world *sim_world(const struct sim *self);
/* What viewers ask slates of: for benches. Whoever uses it must not step the run any more. */
const struct feed_service *sim_feed(const struct sim *self);
/* For those who look inside, between windows. */
struct platform *sim_platform(struct sim *self);
const struct viewers *sim_viewers(const struct sim *self);
/* XXH3-64 over every named column of the state. */
enum status sim_hash(struct sim *self, uint64_t *hash) MUST_CHECK;

#endif
