/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/pictures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/file.h"
#include "io/pictures/figures.h"
#include "io/pictures/gnuplot.h"
#include "io/pictures/page.h"

struct drawing {
    const struct pictures_options *options;
    const char *out; /* where plots/ and the page go */
    struct gnuplot gnuplot;
    struct scene scene;
    enum page_state *state; /* owned; a figure each */
};

/* Draws `sheet` to plots/NAME.FORMAT, which appears whole or not at all. */
static enum status draw(struct drawing *self, const char *name, const char *format,
                        const char *sheet, struct errors *errors)
{
    char foot[96] = "";
    const struct past_run *run = &self->scene.run[0];
    if (strcmp(format, "svg") != 0 && self->scene.count == 1)
        snprintf(foot, sizeof foot, "seed %.24s \u00b7 reelsim %.24s", run->seed, run->version);
    const struct gnuplot_sheet whole = {name, format, foot, sheet};
    return gnuplot_draw(&self->gnuplot, &whole, errors);
}

/* ---------------------------------------------------------------------------------- pictures
 */

/* A picture of an earlier drawing must not stay beside new ones. */
static void remove_old(const struct drawing *self, const char *name)
{
    for (size_t f = 0; f < GNUPLOT_FORMATS; f++) {
        char file[128];
        snprintf(file, sizeof file, "%s.%s", name, gnuplot_format[f]);
        char *path = file_join(self->gnuplot.plots, file);
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
    for (size_t f = 0; f < GNUPLOT_FORMATS && seen && !status && !self->gnuplot.absent; f++)
        if (gnuplot_wanted(list, gnuplot_format[f]) ||
            (self->options->page && figure->page && strcmp(gnuplot_format[f], "svg") == 0))
            status = draw(self, figure->name, gnuplot_format[f], sheet, errors);
    if (figure->page) self->state[k] = !seen || self->gnuplot.absent ? PAGE_EMPTY : PAGE_DRAWN;
    free(sheet);
    return status;
}

static enum status draw_all(struct drawing *self, struct errors *errors)
{
    enum status status = STATUS_OK;
    bool together = self->scene.count > 1, crowded = self->scene.count > FIGURE_LINES;
    for (size_t k = 0; k < figure_count && !status && !self->gnuplot.absent; k++)
        if (together ? figures[k].together && (figures[k].many || !crowded) : figures[k].alone)
            status = draw_figure(self, k, errors);
    return status ? status : gnuplot_missing(&self->gnuplot, self->options->tolerant, errors);
}

static enum status prepare(struct drawing *self, struct errors *errors)
{
    const struct pictures_options *options = self->options;
    enum status status = scene_open(&self->scene, options->folder, options->count, errors);
    if (status) return status;
    self->out = options->out ? options->out : options->folder[0];
    self->state = memory_alloc(figure_count, sizeof *self->state);
    if (!self->state) return STATUS_NO_MEMORY;
    return gnuplot_open(&self->gnuplot, self->out, options->quiet, errors);
}

enum status pictures_make(const struct pictures_options *options, struct errors *errors)
{
    struct drawing self = {.options = options};
    enum status status = prepare(&self, errors);
    if (!status) status = draw_all(&self, errors);
    if (!status && options->page)
        status = page_write(&self.scene, self.out, self.state, self.gnuplot.absent, errors);
    scene_close(&self.scene);
    memory_free(self.state);
    gnuplot_close(&self.gnuplot);
    return status;
}

enum status pictures_formats_check(const char *list, struct errors *errors)
{
    for (const char *at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        char word[16];
        snprintf(word, sizeof word, "%.*s", (int)strcspn(at, ","), at);
        size_t f = 0;
        while (f < GNUPLOT_FORMATS && strcmp(gnuplot_format[f], word) != 0) f++;
        if (f == GNUPLOT_FORMATS)
            return errors_add(errors, STATUS_USAGE,
                              "--format %s: must be png, svg, pdf or a "
                              "list of them like png,svg",
                              list);
    }
    return STATUS_OK;
}
