/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where in a file of settings one stands, for messages about what only shows when the whole
 * file is known.
 */
#ifndef IO_SCENARIO_LINE_H
#define IO_SCENARIO_LINE_H

/* The line of the n-th (0, 1, ...) setting that is called `name`, in whatever group; 0 when the
 * file has no such (an included one may). */
int scenario_line(const char *path, const char *name, int n);

#endif
