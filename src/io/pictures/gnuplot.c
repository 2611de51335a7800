/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/pictures/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/version.h"
#include "io/file.h"
#include "io/pictures/chart.h"

#define GNUPLOT_ABSENT 127

/* The folder of the plot scripts: of the checkout or of the prefix that the program stands in,
 * else where it was built to be installed. NULL without memory. */
static char *find_scripts(void)
{
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    for (int up = 0; up < 3; up++) { /* ./reelsim, build/release/reelsim, PREFIX/bin/reelsim */
        char *slash = strrchr(self, '/');
        if (!slash) break;
        *slash = 0;
        static const char *const places[] = {"plots", "share/reelsim/plots"};
        for (size_t p = 0; p < sizeof places / sizeof places[0]; p++) {
            char *scripts = file_join(self, places[p]);
            char *style = scripts ? file_join(scripts, "style.gp") : NULL;
            bool there = style && access(style, R_OK) == 0;
            bool failed = !style;
            free(style);
            if (there) return scripts;
            free(scripts);
            if (failed) return NULL;
        }
    }
    return file_join(version_data_dir(), "plots");
}

/* Our environment, but in UTF-8 whatever the user's locale is: labels are. Owned by the caller;
 * its texts are not. */
static char **environment(void)
{
    static const char locale[] = "LC_ALL=C.UTF-8";
    size_t n = 0, kept = 0;
    while (environ[n]) n++;
    char **self = calloc(1, (n + 2) * sizeof *self + sizeof locale);
    if (!self) return NULL;
    self[kept++] = memcpy(self + n + 2, locale, sizeof locale); /* behind the pointers */
    for (size_t i = 0; i < n; i++)
        if (strncmp(environ[i], "LC_ALL=", 7) != 0) self[kept++] = environ[i];
    return self;
}

/* Runs gnuplot in the folder of the scripts on three descriptors; its exit code. */
static int run_gnuplot(const char *scripts, const int descriptor[3])
{
    char program[] = "gnuplot", quick[] = "-d";
    char *const arguments[] = {program, quick, NULL}, **settings = environment();
    posix_spawn_file_actions_t actions;
    pid_t child = 0;
    int state = 0, error = posix_spawn_file_actions_init(&actions);
    if (error || !settings) {
        free(settings);
        return 126;
    }
    for (int d = 0; d < 3 && !error; d++)
        error = posix_spawn_file_actions_adddup2(&actions, descriptor[d], d);
    if (!error) error = posix_spawn_file_actions_addchdir_np(&actions, scripts);
    if (!error) error = posix_spawnp(&child, program, &actions, NULL, arguments, settings);
    posix_spawn_file_actions_destroy(&actions);
    free(settings);
    if (error) return error == ENOENT ? GNUPLOT_ABSENT : 126;
    while (waitpid(child, &state, 0) < 0)
        if (errno != EINTR) return 126;
    return WIFEXITED(state) ? WEXITSTATUS(state) : 126;
}

/* A file in memory that gnuplot reads or writes; -1 on failure. */
static int memory_file(void) { return memfd_create("gnuplot", MFD_CLOEXEC); }

/* All that gnuplot is told; -1 on failure. */
static int command_file(const char *name, const char *format, const char *foot,
                        const char *sheet)
{
    int descriptor = memory_file(), copy = descriptor < 0 ? -1 : dup(descriptor);
    FILE *to = copy < 0 ? NULL : fdopen(copy, "w");
    bool written = to != NULL;
    if (to) {
        fprintf(to, "TERM='%s'; FIGURE='%s'\n", format, name);
        chart_set_text(to, "FOOT", foot);
        fputs(sheet, to);
        written = fclose(to) == 0 && lseek(descriptor, 0, SEEK_SET) == 0;
    } else if (copy >= 0) {
        close(copy);
    }
    if (written) return descriptor;
    if (descriptor >= 0) close(descriptor);
    return -1;
}

/* The gist of what gnuplot complained about, "" when it was content: its echo of the command
 * and the mark under it stand before that. */
static void read_complaint(int descriptor, char *out, size_t size)
{
    char text[4096];
    ssize_t n = pread(descriptor, text, sizeof text - 1, 0);
    text[n > 0 ? n : 0] = 0;
    *out = 0;
    for (char *line = strtok(text, "\r\n"); line; line = strtok(NULL, "\r\n")) {
        line += strspn(line, " \t^");
        if (!*line || strncmp(line, "gnuplot>", 8) == 0) continue;
        snprintf(out, size, "%s", line);
        return;
    }
    if (n > 0) snprintf(out, size, "%s", "an empty complaint");
}

static enum status complain(struct gnuplot *self, const char *name, int code, int complaints,
                            struct errors *errors)
{
    char text[256];
    read_complaint(complaints, text, sizeof text);
    if (code == GNUPLOT_ABSENT) {
        self->absent = "gnuplot is not installed (Debian: apt-get install gnuplot-nox)";
        return STATUS_OK;
    }
    if (code)
        return errors_add(errors, STATUS_FAULT, "gnuplot could not draw %s: %s", name,
                          *text ? text : "no reason given");
    if (*text && !self->quiet)
        (void)errors_add(errors, STATUS_OK, "gnuplot, drawing %s: %s", name, text);
    return STATUS_OK;
}

enum status gnuplot_draw(struct gnuplot *self, const struct gnuplot_sheet *sheet,
                         struct errors *errors)
{
    char file[128];
    snprintf(file, sizeof file, "%s.%s", sheet->name, sheet->format);
    char *path = file_join(self->plots, file);
    struct file picture = {0};
    int commands = command_file(sheet->name, sheet->format, sheet->foot, sheet->text);
    int complaints = memory_file();
    enum status status = STATUS_NO_MEMORY;
    if (path && commands >= 0 && complaints >= 0) status = file_create(&picture, path, errors);
    if (!status) {
        const int descriptor[3] = {commands, fileno(picture.stream), complaints};
        int code = run_gnuplot(self->scripts, descriptor);
        status = complain(self, sheet->name, code, complaints, errors);
    }
    if (!status && !self->absent)
        status = file_commit(&picture, errors);
    else
        file_discard(&picture);
    if (commands >= 0) close(commands);
    if (complaints >= 0) close(complaints);
    free(path);
    return status;
}

enum status gnuplot_open(struct gnuplot *self, const char *out, bool quiet,
                         struct errors *errors)
{
    *self = (struct gnuplot){.quiet = quiet};
    self->scripts = find_scripts();
    self->plots = file_join(out, "plots");
    if (!self->scripts || !self->plots) return STATUS_NO_MEMORY;
    if (access(self->scripts, R_OK | X_OK))
        self->absent =
            "the plot scripts are not with the program: beside it (plots/), or in the "
            "prefix of its bin/ (share/reelsim/plots/, as make install puts them)";
    const char *const path[] = {out, self->plots};
    for (size_t i = 0; i < 2; i++)
        if (mkdir(path[i], 0777) && errno != EEXIST)
            return errors_add(errors, STATUS_IO, "%s: the folder cannot be made: %s", path[i],
                              strerror(errno));
    return STATUS_OK;
}

void gnuplot_close(struct gnuplot *self)
{
    free(self->scripts);
    free(self->plots);
    *self = (struct gnuplot){0};
}

enum status gnuplot_missing(const struct gnuplot *self, bool tolerant, struct errors *errors)
{
    if (!self->absent) return STATUS_OK;
    if (!tolerant) return errors_add(errors, STATUS_FAULT, "no pictures: %s", self->absent);
    if (!self->quiet)
        (void)errors_add(errors, STATUS_OK, "no pictures: %s; the tables are complete",
                         self->absent);
    return STATUS_OK;
}

/* ---------------------------------------------------------------------------------- formats
 */

const char *const gnuplot_format[GNUPLOT_FORMATS] = {"png", "svg", "pdf"};

bool gnuplot_wanted(const char *list, const char *format)
{
    size_t n = strlen(format);
    for (const char *at = list; (at = strstr(at, format)); at += n)
        if ((at == list || at[-1] == ',') && (!at[n] || at[n] == ',')) return true;
    return false;
}
