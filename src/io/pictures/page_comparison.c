/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a comparison. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/comparison_page.h"
#include "io/file.h"
#include "io/pictures/comparison.h"
#include "io/pictures/gnuplot.h"
#include "io/pictures/page.h"

struct drawing {
    const struct comparison_page *page;
    struct gnuplot gnuplot;
};

static const struct page_comparison_figure {
    struct page_picture about;
    bool (*draw)(const struct comparison_page *page, FILE *to);
} pictures[] = {
    {{"difference", "The difference, day by day",
      "Each panel is one arm less the baseline, day by day: the line is the mean over the "
      "replications, the band its 95 % interval for that day alone. Where the band leaves zero "
      "the difference is larger than luck."},
     comparison_draw_courses},
    {{"distribution", "All replications",
      "A point is one replication: the same people and the same luck stand behind the points "
      "of "
      "one number in every row, so rows may differ for certain although their points overlap. "
      "Bar: the mean; band: its 95 % interval."},
     comparison_draw_spreads},
    {{"tornado", "Which assumptions the answer hangs on",
      "The lead of the best arm over the second where an assumption is in the low half "
      "(orange) "
      "and in the high half (blue) of its plausible range. A bar that crosses zero turns the "
      "answer round."},
     comparison_draw_bars},
};
#define PICTURES (sizeof pictures / sizeof *pictures)

static enum status draw(struct drawing *self, size_t k, struct errors *errors)
{
    const char *list = self->page->formats ? self->page->formats : "png,svg";
    char *sheet = NULL;
    size_t length = 0;
    FILE *to = open_memstream(&sheet, &length);
    if (!to) return STATUS_NO_MEMORY;
    bool seen = pictures[k].draw(self->page, to);
    enum status status = fclose(to) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
    for (size_t f = 0; f < GNUPLOT_FORMATS && seen && !status && !self->gnuplot.absent; f++) {
        const struct gnuplot_sheet whole = {pictures[k].about.name, gnuplot_format[f], "",
                                            sheet};
        if (gnuplot_wanted(list, whole.format) || strcmp(whole.format, "svg") == 0)
            status = gnuplot_draw(&self->gnuplot, &whole, errors);
    }
    free(sheet);
    return status;
}

static void write_table(const struct comparison_table *table, FILE *to)
{
    fputs("<section><h2>", to);
    page_text(to, table->heading);
    fputs("</h2>\n<p>", to);
    page_text(to, table->words);
    fputs("</p>\n<div class=\"wide\"><table class=\"compare\">\n", to);
    for (size_t r = 0; r < table->rows; r++) {
        fputs(r == 0 ? "<thead><tr>" : "<tr>", to);
        for (size_t c = 0; c < table->columns; c++) {
            fputs(r == 0 ? "<th>" : "<td>", to);
            page_text(to, table->cell[r * table->columns + c]);
            fputs(r == 0 ? "</th>" : "</td>", to);
        }
        fputs(r == 0 ? "</tr></thead><tbody>\n" : "</tr>\n", to);
    }
    fputs("</tbody></table></div></section>\n", to);
}

static void write_page(const struct drawing *self, FILE *to)
{
    const struct comparison_page *page = self->page;
    page_head(page->title, to);
    fputs("<h1>", to);
    page_text(to, page->title);
    fputs("</h1>\n<p class=\"lead\">", to);
    page_text(to, page->answer);
    fputs("</p>\n<div class=\"notes\" style=\"white-space:pre-line\">", to);
    page_text(to, page->scope);
    if (self->gnuplot.absent) fputs(" There are no pictures: gnuplot is not installed.", to);
    fputs("</div>\n", to);
    for (size_t k = 0; k < PICTURES; k++) page_figure(&pictures[k].about, page->folder, to);
    for (size_t k = 0; k < page->tables; k++) write_table(&page->table[k], to);
    fputs("<section><h2>How to make it again</h2>\n<pre>", to);
    page_text(to, page->reproduce);
    fputs("</pre></section>\n</body></html>\n", to);
}

/* An earlier one may have had another metric. */
static void remove_old(const struct drawing *self)
{
    for (size_t k = 0; k < PICTURES; k++)
        for (size_t f = 0; f < GNUPLOT_FORMATS; f++) {
            char file[64];
            snprintf(file, sizeof file, "%s.%s", pictures[k].about.name, gnuplot_format[f]);
            char *path = file_join(self->gnuplot.plots, file);
            if (path) (void)remove(path);
            free(path);
        }
}

enum status comparison_page_make(const struct comparison_page *page, struct errors *errors)
{
    struct drawing self = {.page = page};
    struct file file = {0};
    char *path = file_join(page->folder, "report.html");
    enum status status = gnuplot_formats_check(page->formats, errors);
    if (!status) status = gnuplot_open(&self.gnuplot, page->folder, page->quiet, errors);
    if (!status) remove_old(&self);
    for (size_t k = 0; k < PICTURES && !status; k++) status = draw(&self, k, errors);
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
