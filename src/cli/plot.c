/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim plot DIR... and reelsim report DIR...: pictures and page of finished runs, again; of
 * several runs over each other.
 */
#include <stdio.h>

#include "command.h"
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

enum status command_report(const struct arguments *arguments, struct errors *errors)
{
    const struct pictures_options options = {.formats = arguments->format ? arguments->format
                                                                          : "svg",
                                             .page = true,
                                             .tolerant = true};
    return make(arguments, options, errors);
}
