/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

double progress_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void progress_begin(struct progress *self, bool quiet, sim_time from, sim_time end)
{
    const char *terminal = getenv("TERM");
    bool dumb = !terminal || strcmp(terminal, "dumb") == 0 || getenv("CI");
    double now = progress_clock();
    *self = (struct progress){.shown = !quiet && !dumb && isatty(STDERR_FILENO),
                              .began = now,
                              .last = now,
                              .from = from,
                              .end = end};
}

void progress_show(struct progress *self, const struct sim *sim)
{
    double now = progress_clock();
    if (!self->shown || now - self->last < 0.1) return;
    self->last = now;
    sim_time at = sim_now(sim);
    double spent = now - self->began;
    double part = (double)(at - self->from) / (double)(self->end - self->from);
    double left = part > 0 ? spent * (1 - part) / part : 0;
    fprintf(stderr, "\rday %5.1f of %.0f  %3.0f %%  %.2f M impressions/s  %.0f s left   ",
            (double)at / (double)TIME_DAY, (double)self->end / (double)TIME_DAY, 100 * part,
            (double)sim_figures(sim).impressions / spent / 1e6, left);
    fflush(stderr);
}

void progress_trials(void *context, const struct crew_progress *crew)
{
    struct progress *self = context;
    double now = progress_clock();
    if (!self->shown || now - self->last < 0.1) return;
    self->last = now;
    uint64_t ended = crew->done + crew->failed, before = crew->before + crew->failed_before;
    double rate = crew->seconds > 0 ? (double)ended / crew->seconds : 0;
    fprintf(stderr, "\r%" PRIu64, before + ended);
    if (crew->total) fprintf(stderr, " of %" PRIu64, crew->total);
    fprintf(stderr, " trials, %u running", crew->running);
    if (crew->failed) fprintf(stderr, ", %" PRIu64 " failed", crew->failed);
    if (rate > 0) fprintf(stderr, "  %.3g a minute", 60 * rate);
    if (rate > 0 && crew->total)
        fprintf(stderr, "  %.0f s left", (double)(crew->total - before - ended) / rate);
    fprintf(stderr, "   ");
    fflush(stderr);
}

void progress_end(struct progress *self)
{
    if (self->shown) fprintf(stderr, "\r%78s\r", "");
}
