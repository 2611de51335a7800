/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/states.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file.h"

char *states_path(const char *folder, long day, struct errors *errors)
{
    char name[32];
    char *states = file_join(folder, "states"), *path = NULL;
    snprintf(name, sizeof name, "day_%04ld", day);
    if (states && mkdir(states, 0777) && errno != EEXIST)
        (void)errors_add(errors, STATUS_IO, "%s: the folder cannot be made: %s", states,
                         strerror(errno));
    else if (states)
        path = file_join(states, name);
    free(states);
    return path;
}

/* The day of "day_0030"; -1 for any other name (a file that is being written has a longer one).
 */
static long day_of(const char *name)
{
    long day = -1;
    int used = 0;
    if (sscanf(name, "day_%8ld%n", &day, &used) != 1 || name[used] || day < 0) return -1;
    return day;
}

/* The last kept day at or before `day`; -1 = none. *first = the first kept one. */
static long last_before(const char *states, double day, long *first)
{
    long best = -1;
    DIR *folder = opendir(states);
    *first = -1;
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        long found = day_of(entry->d_name);
        if (found < 0) continue;
        if (*first < 0 || found < *first) *first = found;
        if ((double)found <= day && found > best) best = found;
    }
    if (folder) closedir(folder);
    return best;
}

static bool is_folder(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

/* Was `a`, if it is there, written after `b`? */
static bool newer(const char *a, const char *b)
{
    struct stat x, y;
    if (stat(a, &x) || stat(b, &y)) return false;
    return x.st_mtim.tv_sec != y.st_mtim.tv_sec ? x.st_mtim.tv_sec > y.st_mtim.tv_sec
                                                : x.st_mtim.tv_nsec > y.st_mtim.tv_nsec;
}

static enum status nothing_found(const char *folder, double day, long first,
                                 struct errors *errors)
{
    if (first >= 0)
        return errors_add(errors, STATUS_BAD_INPUT,
                          "%s: --day %g: the first state that it keeps is of day %ld", folder,
                          day, first);
    if (day < STATES_LAST)
        return errors_add(
            errors, STATUS_BAD_INPUT,
            "%s: --day %g: it keeps no state of a day (--states every=7d); without "
            "--day the checkpoint of an interrupted run serves",
            folder, day);
    return errors_add(errors, STATUS_BAD_INPUT,
                      "%s: keeps no state to look into; run it again with --states end (or "
                      "--states every=7d, and --force)",
                      folder);
}

/* DIR, else DIR.partial: where a run that was interrupted left its folder. */
static char *folder_of(const char *given, struct errors *errors)
{
    char *folder = strdup(given), *partial = NULL;
    if (!folder) return NULL;
    for (size_t n = strlen(folder); n > 1 && folder[n - 1] == '/'; n--) folder[n - 1] = 0;
    if (is_folder(folder)) return folder;
    if (asprintf(&partial, "%s.partial", folder) < 0) partial = NULL;
    if (partial && !is_folder(partial)) {
        (void)errors_add(errors, STATUS_BAD_INPUT, "%s: is no folder of a run", given);
        free(partial);
        partial = NULL;
    }
    free(folder);
    return partial;
}

enum status states_find(const char *given, double day, char **run, char **state,
                        struct errors *errors)
{
    long first = -1, best = -1;
    size_t said = errors->count;
    char *folder = folder_of(given, errors), *states = NULL, *checkpoint = NULL;
    enum status status = STATUS_NO_MEMORY;
    if (!folder) return errors->count > said ? STATUS_BAD_INPUT : STATUS_NO_MEMORY;
    states = file_join(folder, "states");
    checkpoint = file_join(folder, "checkpoint");
    if (!states || !checkpoint) goto out;
    best = last_before(states, day, &first);
    if (best >= 0) *state = states_path(folder, best, errors);
    if (best >= 0 && !*state) goto out;
    if (best >= 0 && (day < STATES_LAST || !newer(checkpoint, *state))) {
        status = STATUS_OK;
    } else if (day >= STATES_LAST && access(checkpoint, R_OK) == 0) {
        free(*state);
        *state = checkpoint;
        checkpoint = NULL;
        status = STATUS_OK;
    } else {
        status = nothing_found(folder, day, first, errors);
    }
out:
    free(checkpoint);
    free(states);
    if (status)
        free(folder);
    else
        *run = folder;
    return status;
}

enum status states_read_day(const char *text, double *day, struct errors *errors)
{
    char *end = NULL;
    *day = STATES_LAST;
    if (!text) return STATUS_OK;
    *day = strtod(text, &end);
    if (end == text || *end || !(*day >= 0 && *day < 1e7))
        return errors_add(errors, STATUS_USAGE, "--day %s: must be a day from 0 on", text);
    return STATUS_OK;
}

/* The run's folder that a state lies in. */
static char *run_of(const char *state)
{
    char *folder = file_folder_of(state);
    const char *name = folder ? strrchr(folder, '/') : NULL;
    name = name ? name + 1 : folder;
    if (!folder || strcmp(name, "states") != 0) return folder;
    char *run = name == folder ? strdup(".") : file_folder_of(folder);
    free(folder);
    return run;
}

enum status states_resolve(const char *from, const char *day, char **run, char **state,
                           struct errors *errors)
{
    double number = 0;
    enum status status = states_read_day(day, &number, errors);
    if (status) return status;
    if (!file_exists(from) || is_folder(from))
        return states_find(from, number, run, state, errors);
    if (day)
        return errors_add(errors, STATUS_USAGE, "%s: is one state, so --day says nothing",
                          from);
    *state = strdup(from);
    *run = run_of(from);
    return *state && *run ? STATUS_OK : STATUS_NO_MEMORY;
}
