/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a comparison. */
#include "io/comparison_page.h"
#include "io/pictures/comparison.h"
#include "io/pictures/page.h"

static bool draw_courses(const void *page, FILE *to)
{
    return comparison_draw_courses(page, to);
}
static bool draw_spreads(const void *page, FILE *to)
{
    return comparison_draw_spreads(page, to);
}
static bool draw_bars(const void *page, FILE *to) { return comparison_draw_bars(page, to); }

static const struct page_drawing pictures[] = {
    {{"difference", "The difference, day by day",
      "Each panel is one arm less the baseline, day by day: the line is the mean over the "
      "replications, the band its 95 % interval for that day alone. Where the band leaves zero "
      "the difference is larger than luck."},
     draw_courses},
    {{"distribution", "All replications",
      "A point is one replication: the same people and the same luck stand behind the points "
      "of "
      "one number in every row, so rows may differ for certain although their points overlap. "
      "Bar: the mean; band: its 95 % interval."},
     draw_spreads},
    {{"tornado", "Which assumptions the answer hangs on",
      "The lead of the best arm over the second where an assumption is in the low half "
      "(orange) "
      "and in the high half (blue) of its plausible range. A bar that crosses zero turns the "
      "answer round."},
     draw_bars},
};
#define PICTURES (sizeof pictures / sizeof *pictures)

enum status comparison_page_make(const struct comparison_page *page, struct errors *errors)
{
    const struct answer_page words = {.folder = page->folder,
                                      .formats = page->formats,
                                      .quiet = page->quiet,
                                      .title = page->title,
                                      .answer = page->answer,
                                      .scope = page->scope,
                                      .table = page->table,
                                      .tables = page->tables,
                                      .reproduce = page->reproduce};
    return page_answer(&words, pictures, PICTURES, page, errors);
}
