/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim check SCENARIO: is it valid, what is worth knowing before it runs, and with --cost
 * what it will take.
 */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "command.h"
#include "experiment/forecast.h"
#include "platform/platform.h"
#include "sim/sim.h"
#include "world/world.h"

/* Impressions of a viewer and day under the default settings, as a short run shows them; --cost
 * measures those of the scenario. */
#define USUAL_IMPRESSIONS 80.0

static const void *value_at(const struct parameters *parameters, const char *path)
{
    struct parameter at;
    require(parameters_find(parameters, path, &at));
    return at.value;
}
static double integer_at(const struct parameters *parameters, const char *path)
{
    return (double)*(const int64_t *)value_at(parameters, path);
}
static double number_at(const struct parameters *parameters, const char *path)
{
    return *(const double *)value_at(parameters, path);
}

/* How many there are at the start: drawn, or those of a file. */
struct people {
    double viewers, creators; /* creators without cohorts */
    bool real;
};

static struct people people_of(const struct model *model)
{
    if (model->audience)
        return (struct people){model->audience->viewers, model->audience->creators, true};
    return (struct people){integer_at(&model->parameters, "viewers.count"),
                           integer_at(&model->parameters, "creators.count"), false};
}

static void note_pools(const struct parameters *parameters, double viewers)
{
    const struct float_list *tiers = value_at(parameters, "platform.pools.tiers");
    uint32_t used = platform_tiers(parameters, (uint64_t)viewers);
    if (used >= (uint32_t)tiers->count) return;
    printf(
        "note: platform.pools.tiers: %u of %d pools are used; those from %g on are above 20 %% "
        "of the %g viewers and are merged into the one before\n",
        used, (int)tiers->count, tiers->value[used], viewers);
}

/* Videos a day of all cohorts, as many as their creators plan. */
static double planned_videos(const struct parameters *parameters, const struct people *people)
{
    int32_t cohorts = people->real ? 0 : parameters_count(parameters, "creators.cohorts");
    double week = 0;
    for (int32_t i = 0; i < cohorts; i++) {
        struct parameter count = parameters_inherited(parameters, "creators.cohorts", i,
                                                      "count"),
                         videos = parameters_inherited(parameters, "creators.cohorts", i,
                                                       "videos_per_week");
        week += (double)*(const int64_t *)count.value * *(const double *)videos.value;
    }
    if (cohorts == 0)
        week = people->creators * number_at(parameters, "creators.videos_per_week");
    return week / 7;
}

static bool retrieves(const struct parameters *parameters, const char *name)
{
    return name_list_find(value_at(parameters, "platform.retrievers"), name) >= 0;
}

/* New videos are promised the first pool's impressions; cold start serves them from its share.
 */
static void note_guarantees(const struct parameters *parameters, const struct people *people,
                            double impressions)
{
    const struct float_list *tiers = value_at(parameters, "platform.pools.tiers");
    double share = retrieves(parameters, "cold_start")
                       ? number_at(parameters, "platform.retrieve.cold_start.share")
                       : 0;
    double promised = tiers->count ? planned_videos(parameters, people) * tiers->value[0] : 0;
    double quota = people->viewers * impressions * share;
    if (promised <= quota) return;
    printf("note: guaranteed impressions exceed the cold-start quota: about %.3g a day are "
           "promised to new videos, about %.3g are there; they queue (raise "
           "platform.retrieve.cold_start.share or lower platform.pools.tiers[0])\n",
           promised, quota);
}

static void note_run(const struct parameters *parameters, uint32_t threads)
{
    double shards = integer_at(parameters, "run.shards");
    double days = integer_at(parameters, "run.days");
    double warmup = number_at(parameters, "measure.warmup");
    if (threads * 2.0 > shards)
        printf("note: run.shards = %g is few for %u threads; take at least %u\n", shards,
               threads, 2 * threads);
    if (warmup >= days)
        printf("note: measure.warmup = %g d is not shorter than run.days = %g: summaries will "
               "be empty\n",
               warmup, days);
}

/* One object; `f` is NULL when nobody asked for the cost, which is `seconds` of one core. */
static void print_json(const struct forecast *f, double seconds, uint32_t threads)
{
    printf("{\"valid\": true, \"threads\": %" PRIu32, threads);
    if (f)
        printf(
            ", \"total_bytes\": %.0f, \"bytes_per_viewer\": %.1f, \"bytes_per_video\": %.1f, "
            "\"fixed_bytes\": %.0f, \"viewers\": %.0f, \"active_videos\": %.0f, "
            "\"wire_bytes_per_impression\": %.2f, \"impressions\": %.0f, "
            "\"ns_per_impression_core\": %.1f, \"s_per_day_core\": %.4g, "
            "\"s_per_viewer_populate\": %.4g, \"core_s\": %.4g",
            f->total_bytes, f->viewer_bytes, f->video_bytes, f->fixed_bytes, f->viewers,
            f->videos, f->wire_bytes, f->impressions, f->ns_impression, f->day_s, f->populate_s,
            seconds);
    printf("}\n");
}

static void print_cost(const struct forecast *f, double seconds, uint32_t threads)
{
    printf("memory      %.0f MB: %.0f viewers of %.0f bytes, %.0f active videos of %.0f bytes, "
           "%.0f MB fixed\n",
           f->total_bytes / 1e6, f->viewers, f->viewer_bytes, f->videos, f->video_bytes,
           f->fixed_bytes / 1e6);
    printf("wire        %.1f bytes an impression between shards (log, payments, shares, "
           "follows; a learner may send more)\n",
           f->wire_bytes);
    printf("impressions %.3g, at %.1f a viewer and day\n", f->impressions,
           f->impressions_viewer_day);
    printf(
        "time        %.3g s on one core, %.3g s on %u thread%s: %.0f ns an impression, %.3g ms "
        "a day beside them, %.3g us a viewer to begin with\n",
        seconds, seconds / threads, threads, threads == 1 ? "" : "s", f->ns_impression,
        f->day_s * 1e3, f->populate_s * 1e6);
    printf("measured now in four short runs of this scenario: %" PRIu64
           " viewers (or twice as many) with creators in proportion (or twice as many), %g "
           "days, one thread. Tables larger than the cache make an impression up to 1.5 times "
           "dearer.\n",
           f->small_viewers, f->days);
}

static enum status report(const struct model *model, const struct arguments *arguments,
                          struct errors *errors)
{
    const struct parameters *parameters = &model->parameters;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t threads = arguments->threads ? arguments->threads
                       : processors > 0   ? (uint32_t)processors
                                          : 1;
    struct forecast forecast = {.impressions_viewer_day = USUAL_IMPRESSIONS};
    enum status status = STATUS_OK;
    if (arguments->cost) status = forecast_make(&forecast, model, errors);
    if (status) return status;
    const struct people people = people_of(model);
    double days = (double)integer_at(parameters, "run.days");
    double seconds = forecast_seconds(&forecast, people.viewers, days);
    if (arguments->json) {
        print_json(arguments->cost ? &forecast : NULL, seconds, threads);
        return STATUS_OK;
    }
    printf("%s is valid\n", arguments->operand[0]);
    note_pools(parameters, people.viewers);
    note_guarantees(parameters, &people, forecast.impressions_viewer_day);
    note_run(parameters, threads);
    if (arguments->cost) print_cost(&forecast, seconds, threads);
    return STATUS_OK;
}

enum status command_check(const struct arguments *arguments, struct errors *errors)
{
    struct model model = {0};
    struct sim *sim = NULL;
    const struct sim_options options = {.threads = 1};
    if (arguments->operand_count != 1)
        return errors_add(errors, STATUS_USAGE, "usage: reelsim check SCENARIO [--cost]");
    enum status status = scenario_load(&model, arguments, arguments->operand[0], errors);
    if (status) return status;
    status = sim_init(&sim, &model, &options, errors);
    sim_free(sim);
    if (!status) status = report(&model, arguments, errors);
    model_free(&model);
    return status;
}
