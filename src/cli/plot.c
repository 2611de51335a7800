/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim plot DIR... and reelsim report DIR...: pictures and page of finished runs, again; of
 * several runs over each other. `report` of a sweep: its page.
 */
#include <stdio.h>
#include <stdlib.h>

#include "experiment.h"
#include "experiment/sweep_report.h"
#include "io/file.h"
#include "io/pictures.h"

static enum status make(const struct arguments *arguments, struct pictures_options options,
                        struct errors *errors)
{
    if (arguments->operand_count < 1)
        return errors_add(errors, STATUS_USAGE, "usage: reelsim %s DIR [DIR ...] [--out DIR]",
                          arguments->command);
    options.folder = arguments->operand;
    options.count = (size_t)arguments->operand_count;
    options.out = arguments->out;
    options.quiet = arguments->quiet;
    if (options.count > 1 && !options.out) options.out = "comparison";
    enum status status = pictures_make(&options, errors);
    if (!status && !arguments->quiet)
        printf("%s/%s\n", options.out ? options.out : options.folder[0],
               options.page ? "report.html" : "plots");
    return status;
}

enum status command_plot(const struct arguments *arguments, struct errors *errors)
{
    return make(arguments, (struct pictures_options){.formats = arguments->format}, errors);
}

/* A sweep's folder, finished or not. */
static enum status report_sweep(const struct arguments *arguments, struct errors *errors)
{
    struct plan plan = {0};
    char points_of[256] = "";
    enum status status = plan_open(&plan, arguments->operand[0], errors);
    if (!status)
        status = plan_describe(&plan, "points_of", points_of, sizeof points_of, errors);
    if (!status && *points_of)
        status = errors_add(errors, STATUS_BAD_INPUT,
                            "%s: its points are of `reelsim sensitivity` (%s), which makes its "
                            "page itself",
                            plan.folder, points_of);
    const struct sweep_report report = {.plan = &plan,
                                        .figures = arguments->experiment[EXPERIMENT_METRIC],
                                        .out = arguments->out,
                                        .formats = arguments->format ? arguments->format
                                                                     : "svg",
                                        .quiet = arguments->quiet,
                                        .say = arguments->quiet ? NULL : stdout};
    if (!status) status = sweep_report_write(&report, errors);
    if (!status && !arguments->quiet)
        printf("%s/report.html\n", report.out ? report.out : plan.folder);
    plan_free(&plan);
    return status;
}

static bool is_sweep(const struct arguments *arguments)
{
    if (arguments->operand_count != 1) return false;
    char *path = file_join(arguments->operand[0], "sweep.json");
    bool there = path && file_exists(path);
    free(path);
    return there;
}

enum status command_report(const struct arguments *arguments, struct errors *errors)
{
    const struct pictures_options options = {.formats = arguments->format ? arguments->format
                                                                          : "svg",
                                             .page = true,
                                             .tolerant = true};
    bool sweep = is_sweep(arguments);
    enum status status = experiment_options_only(arguments, "report",
                                                 sweep ? 1u << EXPERIMENT_METRIC : 0, errors);
    if (status) return status;
    return sweep ? report_sweep(arguments, errors) : make(arguments, options, errors);
}
