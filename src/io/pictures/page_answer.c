/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of an experiment: its words, whatever its pictures are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "io/pictures/gnuplot.h"
#include "io/pictures/page.h"

struct drawing {
    const struct answer_page *page;
    const struct page_drawing *picture;
    size_t pictures;
    const void *context;
    struct gnuplot gnuplot;
};

static enum status draw(struct drawing *self, size_t k, struct errors *errors)
{
    const char *list = self->page->formats ? self->page->formats : "png,svg";
    char *sheet = NULL;
    size_t length = 0;
    FILE *to = open_memstream(&sheet, &length);
    if (!to) return STATUS_NO_MEMORY;
    bool seen = self->picture[k].draw(self->context, to);
    enum status status = fclose(to) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
    for (size_t f = 0; f < GNUPLOT_FORMATS && seen && !status && !self->gnuplot.absent; f++) {
        const struct gnuplot_sheet whole = {self->picture[k].about.name, gnuplot_format[f], "",
                                            sheet};
        if (gnuplot_wanted(list, whole.format) || strcmp(whole.format, "svg") == 0)
            status = gnuplot_draw(&self->gnuplot, &whole, errors);
    }
    free(sheet);
    return status;
}

/* A number or an interval of numbers is on one line; words may break. */
static bool is_number(const char *text)
{
    text += *text == '-' || *text == '+';
    return *text >= '0' && *text <= '9';
}

/* A path may break behind its dots and strokes, or a few of them make the table too wide. */
static void write_path(const char *text, FILE *to)
{
    while (*text) {
        char part[128];
        size_t length = strcspn(text, "._");
        length += text[length] != 0;
        if (length >= sizeof part) length = sizeof part - 1;
        snprintf(part, sizeof part, "%.*s", (int)length, text);
        page_text(to, part);
        text += length;
        if (*text) fputs("<wbr>", to);
    }
}

#define SENTENCE 40 /* letters; as long a cell is read from the left */

/* Is it a column of sentences? */
static bool has_sentences(const struct answer_table *table, size_t column)
{
    for (size_t r = 1; r < table->rows; r++)
        if (strlen(table->cell[r * table->columns + column]) > SENTENCE) return true;
    return false;
}

static void write_cell(const char *text, bool head, bool sentence, FILE *to)
{
    fprintf(to, "<%s%s>", head ? "th" : "td",
            sentence                   ? " style=\"text-align:left\""
            : !head && is_number(text) ? " class=\"number\""
                                       : "");
    if (head)
        write_path(text, to);
    else
        page_text(to, text);
    fputs(head ? "</th>" : "</td>", to);
}

static void write_table(const struct answer_table *table, FILE *to)
{
    fputs("<section><h2>", to);
    page_text(to, table->heading);
    fputs("</h2>\n<p>", to);
    page_text(to, table->words);
    fputs("</p>\n<div class=\"wide\"><table class=\"compare\">\n", to);
    for (size_t r = 0; r < table->rows; r++) {
        fputs(r == 0 ? "<thead><tr>" : "<tr>", to);
        for (size_t c = 0; c < table->columns; c++)
            write_cell(table->cell[r * table->columns + c], r == 0,
                       c > 0 && has_sentences(table, c), to);
        fputs(r == 0 ? "</tr></thead><tbody>\n" : "</tr>\n", to);
    }
    fputs("</tbody></table></div></section>\n", to);
}

static void write_page(const struct drawing *self, FILE *to)
{
    const struct answer_page *page = self->page;
    page_head(page->title, to);
    fputs("<h1>", to);
    page_text(to, page->title);
    fputs("</h1>\n<p class=\"lead\">", to);
    page_text(to, page->answer);
    fputs("</p>\n<div class=\"notes\" style=\"white-space:pre-line\">", to);
    page_text(to, page->scope);
    if (self->gnuplot.absent) {
        fputs(" There are no pictures: ", to);
        page_text(to, self->gnuplot.absent);
        fputs(". When that is mended the same command draws them.", to);
    }
    fputs("</div>\n", to);
    for (size_t k = 0; k < self->pictures; k++)
        page_figure(&self->picture[k].about, page->folder, to);
    for (size_t k = 0; k < page->tables; k++) write_table(&page->table[k], to);
    fputs("<section><h2>How to make it again</h2>\n<pre>", to);
    page_text(to, page->reproduce);
    fputs("</pre></section>\n</body></html>\n", to);
}

/* An earlier one may have had another metric. */
static void remove_old(const struct drawing *self)
{
    for (size_t k = 0; k < self->pictures; k++)
        for (size_t f = 0; f < GNUPLOT_FORMATS; f++) {
            char file[64];
            snprintf(file, sizeof file, "%s.%s", self->picture[k].about.name,
                     gnuplot_format[f]);
            char *path = file_join(self->gnuplot.plots, file);
            if (path) (void)remove(path);
            free(path);
        }
}

enum status page_answer(const struct answer_page *page, const struct page_drawing *picture,
                        size_t pictures, const void *context, struct errors *errors)
{
    struct drawing self = {
        .page = page, .picture = picture, .pictures = pictures, .context = context};
    struct file file = {0};
    char *path = file_join(page->folder, "report.html");
    enum status status = gnuplot_open(&self.gnuplot, page->folder, page->quiet, errors);
    if (!status) remove_old(&self);
    for (size_t k = 0; k < pictures && !status; k++) status = draw(&self, k, errors);
    if (!status) status = gnuplot_missing(&self.gnuplot, true, errors);
    if (!status) status = path ? file_create(&file, path, errors) : STATUS_NO_MEMORY;
    if (!status) {
        write_page(&self, file.stream);
        status = file_commit(&file, errors);
    }
    gnuplot_close(&self.gnuplot);
    free(path);
    return status;
}
