/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim plot DIR and reelsim report DIR: the pictures and the page of a finished run, again.
 */
#include <stdio.h>

#include "command.h"
#include "io/pictures.h"

enum status command_plot(const struct arguments *arguments, struct errors *errors)
{
    if (arguments->operand_count != 1)
        return errors_add(errors, STATUS_USAGE, "usage: reelsim plot DIR");
    return pictures_make(arguments->operand[0], arguments->quiet, errors);
}

enum status command_report(const struct arguments *arguments, struct errors *errors)
{
    if (arguments->operand_count != 1)
        return errors_add(errors, STATUS_USAGE, "usage: reelsim report DIR");
    enum status status = pictures_report(arguments->operand[0], errors);
    if (!status && !arguments->quiet) printf("%s/report.html\n", arguments->operand[0]);
    return status;
}
