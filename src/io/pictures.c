/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/pictures.h"

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

#include "base/memory.h"
#include "base/version.h"
#include "io/file.h"
#include "io/pictures/figures.h"
#include "io/pictures/page.h"

#define GNUPLOT_ABSENT 127

struct drawing {
    const struct pictures_options *options;
    const char *out;       /* where plots/ and the page go */
    char *scripts, *plots; /* owned */
    struct scene scene;
    enum page_figure *state; /* owned; a figure each */
    bool absent;             /* there is no gnuplot */
};

/* The folder of the plot scripts: beside the program in a checkout, else where it was
 * installed. NULL without memory. */
static char *find_scripts(void)
{
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    for (int up = 0; up < 3; up++) { /* ./reelsim, build/release/reelsim */
        char *slash = strrchr(self, '/');
        if (!slash) break;
        *slash = 0;
        char *beside = file_join(self, "plots/style.gp");
        bool there = beside && access(beside, R_OK) == 0;
        free(beside);
        if (there) return file_join(self, "plots");
    }
    return file_join(version_data_dir(), "plots");
}

/* ----------------------------------------------------------------------------------- gnuplot
 */

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

static enum status complain(struct drawing *self, const char *name, int code, int complaints,
                            struct errors *errors)
{
    char text[256];
    read_complaint(complaints, text, sizeof text);
    if (code == GNUPLOT_ABSENT) {
        self->absent = true;
        return STATUS_OK;
    }
    if (code)
        return errors_add(errors, STATUS_FAULT, "gnuplot could not draw %s: %s", name,
                          *text ? text : "no reason given");
    if (*text && !self->options->quiet)
        (void)errors_add(errors, STATUS_OK, "gnuplot, drawing %s: %s", name, text);
    return STATUS_OK;
}

/* Draws `sheet` to plots/NAME.FORMAT, which appears whole or not at all. */
static enum status draw(struct drawing *self, const char *name, const char *format,
                        const char *sheet, struct errors *errors)
{
    char foot[96] = "", file[128];
    const struct past_run *run = &self->scene.run[0];
    snprintf(file, sizeof file, "%s.%s", name, format);
    if (strcmp(format, "svg") != 0 && self->scene.count == 1)
        snprintf(foot, sizeof foot, "seed %.24s \u00b7 reelsim %.24s", run->seed, run->version);
    char *path = file_join(self->plots, file);
    struct file picture = {0};
    int commands = command_file(name, format, foot, sheet), complaints = memory_file();
    enum status status = STATUS_NO_MEMORY;
    if (path && commands >= 0 && complaints >= 0) status = file_create(&picture, path, errors);
    if (!status) {
        const int descriptor[3] = {commands, fileno(picture.stream), complaints};
        int code = run_gnuplot(self->scripts, descriptor);
        status = complain(self, name, code, complaints, errors);
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

/* ---------------------------------------------------------------------------------- pictures
 */

static const char *const formats[] = {"png", "svg", "pdf"};
#define FORMAT_COUNT (sizeof formats / sizeof formats[0])

/* Is `format` one of the words of "png,svg"? */
static bool wanted(const char *list, const char *format)
{
    size_t n = strlen(format);
    for (const char *at = list; (at = strstr(at, format)); at += n)
        if ((at == list || at[-1] == ',') && (!at[n] || at[n] == ',')) return true;
    return false;
}

static enum status check_formats(const char *list, struct errors *errors)
{
    for (const char *at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        char word[16];
        snprintf(word, sizeof word, "%.*s", (int)strcspn(at, ","), at);
        size_t f = 0;
        while (f < FORMAT_COUNT && strcmp(formats[f], word) != 0) f++;
        if (f == FORMAT_COUNT)
            return errors_add(errors, STATUS_USAGE,
                              "--format %s: must be png, svg, pdf or a "
                              "list of them like png,svg",
                              list);
    }
    return STATUS_OK;
}

/* A picture of an earlier drawing must not stay beside new ones. */
static void remove_old(const struct drawing *self, const char *name)
{
    for (size_t f = 0; f < FORMAT_COUNT; f++) {
        char file[128];
        snprintf(file, sizeof file, "%s.%s", name, formats[f]);
        char *path = file_join(self->plots, file);
        if (path) unlink(path);
        free(path);
    }
}

static enum status draw_figure(struct drawing *self, size_t k, struct errors *errors)
{
    const struct figure *figure = &figures[k];
    const char *list = self->options->formats ? self->options->formats : "png,svg";
    char *sheet = NULL;
    size_t length = 0;
    FILE *to = open_memstream(&sheet, &length);
    if (!to) return STATUS_NO_MEMORY;
    bool seen = figure->draw(&self->scene, to);
    enum status status = fclose(to) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
    if (!seen) remove_old(self, figure->name);
    for (size_t f = 0; f < FORMAT_COUNT && seen && !status && !self->absent; f++)
        if (wanted(list, formats[f]) ||
            (self->options->page && figure->page && strcmp(formats[f], "svg") == 0))
            status = draw(self, figure->name, formats[f], sheet, errors);
    if (figure->page) self->state[k] = !seen || self->absent ? PAGE_EMPTY : PAGE_DRAWN;
    free(sheet);
    return status;
}

static enum status draw_all(struct drawing *self, struct errors *errors)
{
    enum status status = STATUS_OK;
    bool together = self->scene.count > 1;
    for (size_t k = 0; k < figure_count && !status && !self->absent; k++)
        if (together ? figures[k].together : figures[k].alone)
            status = draw_figure(self, k, errors);
    if (status || !self->absent) return status;
    const char *advice = "gnuplot is not installed (Debian: apt-get install gnuplot-nox)";
    if (!self->options->tolerant) return errors_add(errors, STATUS_FAULT, "%s", advice);
    if (!self->options->quiet)
        (void)errors_add(errors, STATUS_OK, "no pictures: %s; the tables are complete", advice);
    return status;
}

static enum status make_folders(const struct drawing *self, struct errors *errors)
{
    const char *const path[] = {self->out, self->plots};
    for (size_t i = 0; i < 2; i++)
        if (mkdir(path[i], 0777) && errno != EEXIST)
            return errors_add(errors, STATUS_IO, "%s: the folder cannot be made: %s", path[i],
                              strerror(errno));
    return STATUS_OK;
}

static enum status prepare(struct drawing *self, struct errors *errors)
{
    const struct pictures_options *options = self->options;
    enum status status = STATUS_OK;
    if (options->formats) status = check_formats(options->formats, errors);
    if (!status) status = scene_open(&self->scene, options->folder, options->count, errors);
    if (status) return status;
    self->out = options->out ? options->out : options->folder[0];
    self->scripts = find_scripts();
    self->plots = file_join(self->out, "plots");
    self->state = memory_alloc(figure_count, sizeof *self->state);
    if (!self->scripts || !self->plots || !self->state) return STATUS_NO_MEMORY;
    return make_folders(self, errors);
}

enum status pictures_make(const struct pictures_options *options, struct errors *errors)
{
    struct drawing self = {.options = options};
    enum status status = prepare(&self, errors);
    if (!status) status = draw_all(&self, errors);
    if (!status && options->page)
        status = page_write(&self.scene, self.out, self.state, !self.absent, errors);
    scene_close(&self.scene);
    memory_free(self.state);
    free(self.scripts);
    free(self.plots);
    return status;
}
