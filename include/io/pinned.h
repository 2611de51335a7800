/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scenario that an experiment began with, kept in its folder. Its runs take their settings
 * from there, so that who edits a scenario while they go on changes none of them.
 *
 *     {
 *       "files": {"people.aud": "8c4f..", "./mine.so": "01d2.."},
 *       "scenario": {
 *         "run.days": 3, ...                      (io/resolved.h)
 *       }
 *     }
 *
 * `files` are what the settings name and what is not in them: the audience, the plug-ins; and
 * the state that the runs begin from, if they do. They are not copied; a run that meets another
 * file of that name is refused.
 */
#ifndef IO_PINNED_H
#define IO_PINNED_H

#include "sim/model.h"

/* The text of a model, and of the state that it goes on from (NULL = none), as they are now.
 * Owned by the caller; NULL without memory. */
char *pinned_text(const struct model *model, const char *state);
enum status pinned_save(const char *path, const char *text, struct errors *errors) MUST_CHECK;
/* The whole text, owned by the caller. STATUS_BAD_INPUT when it is no such file. */
enum status pinned_read(const char *path, char **text, struct errors *errors) MUST_CHECK;
/* The settings in a text, as resolved_apply takes them. Owned by the caller; NULL without
 * memory, or where the text has none. */
char *pinned_settings(const char *text);
/* Are audience and plug-ins of the model, and the state (NULL = none), the files that they
 * were? Those that the text does not name are nobody's business. STATUS_BAD_INPUT with a line a
 * file, beginning with `where`. */
enum status pinned_check(const char *text, const struct model *model, const char *state,
                         const char *where, struct errors *errors) MUST_CHECK;
/* A line for each of the first settings and files that differ, beginning with `where`; what was
 * pinned in the file `path` against the text of now. Nothing when there is no such file. */
void pinned_compare(const char *path, const char *now, const char *where,
                    struct errors *errors);

#endif
