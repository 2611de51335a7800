/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim gather DIR: one table of a sweep's trials, finished or not.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "experiment.h"
#include "experiment/gather.h"
#include "experiment/kept.h"
#include "io/file.h"

#define TAKEN                                                                                  \
    (1u << EXPERIMENT_WIDE | 1u << EXPERIMENT_METRIC | 1u << EXPERIMENT_PACK |                 \
     1u << EXPERIMENT_SQLITE)

/* What would not be looked at is refused. */
static enum status check_options(const struct arguments *a, struct errors *errors)
{
    bool pack = experiment_asked(a, EXPERIMENT_PACK),
         sqlite = experiment_asked(a, EXPERIMENT_SQLITE),
         wide = experiment_asked(a, EXPERIMENT_WIDE);
    if (pack && (sqlite || wide || a->out || experiment_asked(a, EXPERIMENT_METRIC)))
        return errors_add(errors, STATUS_USAGE,
                          "--pack changes how the trials are kept and makes no table: it goes "
                          "with no other option");
    if (sqlite && wide)
        return errors_add(errors, STATUS_USAGE,
                          "--sqlite writes the long table: a SELECT makes it wide");
    if (sqlite && a->out)
        return errors_add(errors, STATUS_USAGE,
                          "--sqlite names its file itself: no --out beside it");
    return STATUS_OK;
}

/* To a file that appears whole, or to stdout ("-"). */
static enum status write_table(const struct gather_options *options, const char *out,
                               struct gather_counts *counts, struct errors *errors)
{
    struct file file = {0};
    if (!out) return gather_table(options, stdout, counts, errors);
    enum status status = file_make_folder_of(out, errors);
    if (!status) status = file_create(&file, out, errors);
    if (!status) status = gather_table(options, file.stream, counts, errors);
    if (!status) status = file_commit(&file, errors);
    file_discard(&file);
    return status;
}

static enum status write_database(const struct gather_options *options, const char *path,
                                  struct gather_counts *counts, struct errors *errors)
{
    enum status status = file_make_folder_of(path, errors);
    return status ? status : gather_database(options, path, counts, errors);
}

enum status command_gather(const struct arguments *arguments, struct errors *errors)
{
    struct plan plan = {0};
    struct gather_counts counts = {0};
    if (arguments->operand_count != 1)
        return errors_add(errors, STATUS_USAGE, "usage: reelsim gather DIR [--wide] [options]");
    enum status status = experiment_options_only(arguments, "gather", TAKEN, errors);
    if (!status) status = check_options(arguments, errors);
    if (!status) status = plan_open(&plan, arguments->operand[0], errors);
    const struct gather_options options = {
        .plan = &plan,
        .metrics = arguments->experiment[EXPERIMENT_METRIC],
        .wide = experiment_asked(arguments, EXPERIMENT_WIDE)};
    if (!status) status = gather_check(&plan, options.metrics, errors);
    if (!status && experiment_asked(arguments, EXPERIMENT_PACK))
        status = kept_pack(&plan, errors);
    else if (!status && experiment_asked(arguments, EXPERIMENT_SQLITE))
        status = write_database(&options, arguments->experiment[EXPERIMENT_SQLITE], &counts,
                                errors);
    else if (!status)
        status = write_table(&options, arguments->out, &counts, errors);
    if (!status && !arguments->quiet && (counts.failed || counts.absent))
        fprintf(stderr,
                "note: %" PRIu64 " trials are done, %" PRIu64 " failed, %" PRIu64
                " have not ended\n",
                counts.done, counts.failed, counts.absent);
    plan_free(&plan);
    return status;
}
