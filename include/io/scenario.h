/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scenario reader: a libconfig file into the parameters of a run, strictly.
 *
 *     @include "base.cfg"                         # relative to the folder of this file
 *     viewers : { count = 20000; };
 *     revenue : { ads : { cpm = 12.0; }; };       # a dot of a path is a group
 *     platform : { rankers = [ "mf", "popular" ]; };
 *     creators : { cohorts = ( { name = "stars"; count = 10; }, { name = "rest"; count = 990; }
 * ); };
 *
 * The order of reading: a file's includes first, in their order, then its own settings. So a
 * scenario is usually ten lines over a base: what it sets replaces what the base said, setting
 * by setting (two groups of one name are merged); a list is replaced whole, never appended to.
 * For that to be plain to see, @include lines stand outside groups and before the first
 * setting. Within one file nothing may be set twice. An empty file is a valid scenario of
 * defaults.
 *
 * Strict: an unknown setting, a wrong type (an integer is accepted for a float, never the
 * reverse), a value out of range or a number that libconfig would bend in silence is an error.
 * All errors of a file and of the files it includes are reported in one go, each with
 * file:line.
 */
#ifndef IO_SCENARIO_H
#define IO_SCENARIO_H

#include "base/parameters.h"
#include "base/status.h"

#define SCENARIO_BYTES_MOST (1u << 20) /* of one file; a larger one is refused unread */
#define SCENARIO_CHAIN_MOST 16  /* files that include each other, the first one counted */
#define SCENARIO_FILES_MOST 256 /* files read in all, those read twice counted twice */

/* Reads `path` over what `parameters` hold (their defaults, at first). STATUS_BAD_INPUT when
 * any error was added; the parameters are then in part set and good for nothing but freeing.
 * STATUS_NO_MEMORY. */
enum status scenario_read(struct parameters *parameters, const char *path,
                          struct errors *errors) MUST_CHECK;

/* The same, but a setting that `parameters` do not know is passed over in silence: for what
 * must be known before the schema is complete (the list of plug-ins). */
enum status scenario_peek(struct parameters *parameters, const char *path,
                          struct errors *errors) MUST_CHECK;

#endif
