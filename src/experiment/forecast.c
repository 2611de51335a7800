/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/forecast.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim/sim.h"
#include "world/world.h"

#define SMALL_VIEWERS 4000
#define SHARDED_VIEWERS 20000
#define DAYS_MOST 4

/* One short run: how large it is made, and what it took. */
struct short_run {
    double viewers, creators; /* factors of the scenario's own numbers */
    int64_t days, shards;
    double live_bytes, peak_bytes; /* at the end, all that is free given back; at most */
    double populate_s, seconds, impressions, wire_bytes, viewers_end, videos;
    char reason[240]; /* why it failed */
};

static int64_t *integer_at(const struct parameters *parameters, const char *path)
{
    struct parameter at;
    require(parameters_find(parameters, path, &at) && at.row->type == SCHEMA_INT);
    return at.value;
}

static void scale(const struct parameters *parameters, const char *path, double factor)
{
    int64_t *value = integer_at(parameters, path);
    if (*value > 0) *value = (int64_t)((double)*value * factor + 0.999);
}

static double viewers_of(const struct model *model)
{
    return model->audience ? (double)model->audience->viewers
                           : (double)*integer_at(&model->parameters, "viewers.count");
}

static uint32_t part_of(uint32_t count, double factor)
{
    double part = (double)count * factor + 0.999;
    return part < (double)count ? (uint32_t)part : count;
}

/* So many of a log's viewers and of its authors, with all their videos, at equal distances. */
static void thin(struct audience *a, double viewers, double authors)
{
    uint64_t kept = part_of(a->viewers, viewers), all = a->viewers, videos = 0;
    for (uint64_t k = 0; k < kept; k++) a->viewer[k] = a->viewer[k * all / kept];
    a->viewers = (uint32_t)kept;
    kept = part_of(a->creators, authors);
    all = a->creators;
    for (uint32_t i = 0; i < a->videos; i++) {
        struct audience_video video = a->video[i];
        uint64_t number = (video.creator * kept + all - 1) / all;
        if (number >= kept || number * all / kept != video.creator) continue;
        video.creator = (uint32_t)number;
        a->video[videos++] = video;
    }
    a->creators = (uint32_t)kept;
    if (!videos) a->video[videos++].creator = 0; /* one there must be */
    a->videos = (uint32_t)videos;
}

/* The child's copy of the model is its own. */
static void make_small(const struct model *model, const struct short_run *trial)
{
    char path[64];
    const struct parameters *parameters = &model->parameters;
    struct run_parameters *run = parameters_block(parameters, "run");
    if (model->audience) thin(model->audience, trial->viewers, trial->creators);
    run->days = trial->days;
    run->shards = trial->shards;
    scale(parameters, "viewers.count", trial->viewers);
    scale(parameters, "viewers.arrivals.market", trial->viewers);
    scale(parameters, "creators.count", trial->creators);
    for (int32_t i = 0; i < parameters_count(parameters, "creators.cohorts"); i++) {
        snprintf(path, sizeof path, "creators.cohorts[%d].count", (int)i);
        scale(parameters, path, trial->creators);
    }
}

static double peak_bytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss * 1024;
}

static double resident_bytes(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%*s %ld", &pages) != 1) pages = 0;
    if (file) fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static double processor_s(void) { return (double)clock() / (double)CLOCKS_PER_SEC; }

static enum status run_trial(struct short_run *self, struct model *model, struct errors *errors)
{
    struct sim *sim = NULL;
    const struct sim_options options = {.threads = 1};
    double before = resident_bytes(), alone = processor_s();
    make_small(model, self);
    enum status status = sim_init(&sim, model, &options, errors);
    if (!status) status = sim_populate(sim);
    double began = processor_s();
    while (!status && !sim_done(sim)) status = sim_step(sim, errors);
    if (!status) {
        struct sim_figures f = sim_figures(sim);
        self->populate_s = began - alone;
        self->seconds = processor_s() - began;
        self->peak_bytes = peak_bytes() - before;
        malloc_trim(0);
        self->live_bytes = resident_bytes() - before;
        self->impressions = (double)f.impressions;
        self->wire_bytes = (double)f.exchange_bytes;
        self->viewers_end = (double)f.viewers;
        self->videos = (double)f.active_videos;
    }
    sim_free(sim);
    return status;
}

_Noreturn static void be_child(struct short_run *trial, struct model *model, int to)
{
    struct errors errors = {0};
    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
    enum status status = run_trial(trial, model, &errors);
    if (errors.text) snprintf(trial->reason, sizeof trial->reason, "%s", errors.text);
    bool told = write(to, trial, sizeof *trial) == (ssize_t)sizeof *trial;
    _exit(status || !told ? 1 : 0);
}

/* In a process of its own: its memory is its own peak, its changes of the model are lost. */
static enum status try_out(struct short_run *trial, const struct model *model)
{
    int ends[2], state = 0;
    struct model copy =
        *model; /* shares what it points at; after the fork that is a copy too */
    if (pipe(ends)) return STATUS_FAULT;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) be_child(trial, &copy, ends[1]);
    close(ends[1]);
    bool told = child > 0 && read(ends[0], trial, sizeof *trial) == (ssize_t)sizeof *trial;
    close(ends[0]);
    if (child > 0) waitpid(child, &state, 0);
    trial->reason[strcspn(trial->reason, "\n")] = 0;
    return told && WIFEXITED(state) && WEXITSTATUS(state) == 0 ? STATUS_OK : STATUS_FAULT;
}

static double above(double value, double least) { return value > least ? value : least; }

/* What the four runs say of the whole one. */
static void extrapolate(struct forecast *self, const struct short_run trial[4],
                        const struct model *model)
{
    const struct run_parameters *run = parameters_block(&model->parameters, "run");
    const struct short_run *one = &trial[0], *viewers = &trial[1], *creators = &trial[2],
                           *whole = &trial[3];
    double more_videos = creators->videos - one->videos;
    if (more_videos > 0)
        self->video_bytes = above((creators->live_bytes - one->live_bytes) / more_videos, 0);
    double extra = (viewers->videos - one->videos) * self->video_bytes;
    self->viewer_bytes = above((viewers->live_bytes - one->live_bytes - extra) /
                                   above(viewers->viewers_end - one->viewers_end, 1),
                               0);
    self->viewers = one->viewers_end / one->viewers;
    self->videos = one->videos / one->creators;
    self->fixed_bytes = above(whole->peak_bytes - whole->viewers_end * self->viewer_bytes -
                                  whole->videos * self->video_bytes,
                              0) +
                        resident_bytes();
    self->total_bytes = self->fixed_bytes + self->viewers * self->viewer_bytes +
                        self->videos * self->video_bytes;

    double small = viewers_of(model) * one->viewers;
    self->small_viewers = (uint64_t)(small + 0.5);
    self->days = (double)one->days;
    self->impressions_viewer_day = one->impressions / above(small * self->days, 1);
    self->impressions = one->impressions / one->viewers * (double)run->days / self->days;
    self->wire_bytes = one->wire_bytes / above(one->impressions, 1);
    self->ns_impression = viewers->seconds * 1e9 / above(viewers->impressions, 1);
    self->day_s = above(whole->seconds - whole->impressions * self->ns_impression / 1e9, 0) /
                  (double)whole->days;
    self->populate_s = whole->populate_s / above(viewers_of(model) * whole->viewers, 1);
}

double forecast_seconds(const struct forecast *self, double viewers, double days)
{
    double day = self->day_s +
                 viewers * self->impressions_viewer_day * self->ns_impression / 1e9;
    return viewers * self->populate_s + days * day;
}

enum status forecast_make(struct forecast *self, const struct model *model,
                          struct errors *errors)
{
    const struct run_parameters *run = parameters_block(&model->parameters, "run");
    double count = viewers_of(model);
    double part = count > 2 * SMALL_VIEWERS ? SMALL_VIEWERS / count : 0.5;
    double all = count > SHARDED_VIEWERS ? SHARDED_VIEWERS / count : 1;
    int64_t days = run->days < DAYS_MOST ? run->days : DAYS_MOST;
    bool small = count <= 2 * SMALL_VIEWERS; /* then days are cheap, and later ones dearer */
    struct short_run trial[4] = {
        {.viewers = part, .creators = part, .days = days, .shards = 1},
        {.viewers = 2 * part, .creators = part, .days = days, .shards = 1},
        {.viewers = part, .creators = 2 * part, .days = days, .shards = 1},
        {.viewers = all, .creators = all, .days = small ? days : 1, .shards = run->shards}};
    *self = (struct forecast){0};
    malloc_trim(0); /* what is free but resident would hide what the short runs need */
    for (int i = 0; i < 4; i++)
        if (try_out(&trial[i], model))
            return errors_add(errors, STATUS_FAULT, "a short run for the forecast failed%s%s",
                              trial[i].reason[0] ? ": " : "", trial[i].reason);
    extrapolate(self, trial, model);
    return STATUS_OK;
}
