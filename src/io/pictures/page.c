/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/pictures/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/file.h"

#define SVG_MOST (32u << 20)

/* Nothing is fetched: no script, no font, no image from elsewhere. Sizes are for a wall. */
static const char style[] =
    ":root{--ink:#1f2328;--mute:#5f6873;--line:#dfe3e8;--blue:#0072b2}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;max-width:1180px;padding:40px 32px 80px;color:var(--ink);"
    "background:#fff;font:18px/1.55 Inter,system-ui,-apple-system,\"Segoe UI\",Roboto,"
    "\"Helvetica Neue\",Arial,sans-serif;font-variant-numeric:tabular-nums}\n"
    "h1{font-size:44px;line-height:1.15;letter-spacing:-.02em;margin:0 0 8px;"
    "overflow-wrap:anywhere}\n"
    "h2{font-size:28px;line-height:1.25;letter-spacing:-.01em;margin:64px 0 12px}\n"
    "h3{font-size:20px;margin:32px 0 6px}p{max-width:75ch;margin:0 0 12px}\n"
    ".lead{font-size:21px;color:var(--mute);margin-bottom:24px}.mute{color:var(--mute)}\n"
    "nav{font-size:16px;margin:0 0 32px;display:flex;flex-wrap:wrap;gap:4px 20px}"
    "a{color:var(--blue);text-decoration:none}a:hover{text-decoration:underline}\n"
    ".cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(220px,1fr));gap:14px}\n"
    ".card{border:1px solid var(--line);border-radius:10px;padding:14px 18px 12px}"
    ".card b{display:block;font-size:36px;line-height:1.15;letter-spacing:-.02em}"
    ".card span{display:block;font-weight:600;font-size:16px;line-height:1.3}"
    ".card small{display:block;color:var(--mute);font-size:14px;line-height:1.35}\n"
    "figure{margin:0;overflow-x:auto}figure svg{width:100%;height:auto;display:block}\n"
    "svg text{font-family:Inter,system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica "
    "Neue\",Arial,sans-serif}\n"
    ".how{margin-top:14px;border-left:4px solid "
    "var(--line);padding-left:16px;color:var(--mute);"
    "max-width:80ch}\n"
    ".notes{border-left:4px solid #e69f00;background:#fdf8ec;padding:14px 20px;margin:28px 0 "
    "0;border-radius:0 8px 8px 0}.notes ul{margin:0;padding-left:20px}\n"
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-size:16px;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:6px 18px 6px 0;border-bottom:1px solid "
    "var(--line)}th{color:var(--mute);font-weight:500}"
    ".compare td+td,.compare th+th{text-align:right}.number{white-space:nowrap}"
    ".compare th,.compare td{padding-right:12px}\n"
    ".scenario{font-size:14px}.scenario td:nth-child(2){overflow-wrap:anywhere;min-width:8em;"
    "max-width:26em}.changed td:nth-child(-n+2){font-weight:700}\n"
    "summary{cursor:pointer;font-weight:600;padding:10px 0}"
    "code,pre{font-family:ui-monospace,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;"
    "font-size:15px}pre{background:#f6f8fa;padding:14px "
    "18px;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere;border-radius:8px;"
    "max-height:30em}\n"
    "@media(max-width:640px){body{padding:24px 16px 48px;font-size:17px}h1{font-size:32px}"
    "h2{font-size:23px;margin-top:44px}.cards{grid-template-columns:1fr 1fr;gap:10px}"
    ".card{padding:10px 12px}.card b{font-size:26px}figure svg{min-width:640px}}\n"
    "@media print{body{max-width:none;padding:0;font-size:11pt}h1{font-size:24pt}h2{font-size:"
    "15pt;margin-top:18pt}nav{display:none}.card b{font-size:18pt}.card span,.card small{"
    "font-size:9pt}section,.card{break-inside:avoid}h2,h3{break-after:avoid}"
    "figure svg{max-height:95mm}pre{max-height:none}.cards{grid-template-columns:repeat(4,1fr)}"
    "}\n";

void page_head(const char *title, FILE *to)
{
    fputs(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'; img-src data:\"><link rel=\"icon\" href=\"data:,\">\n<title>",
        to);
    page_text(to, title);
    fprintf(to, " \u2013 reelsim</title><style>\n%s</style></head><body>\n", style);
}

/* ---------------------------------------------------------------------------------- pictures
 */

/* gnuplot's ids repeat from picture to picture: each gets its figure's name in front. */
static void write_svg(FILE *to, const char *svg, const char *name)
{
    static const char *const before[] = {"id='", "id=\"", "href='#", "url(#"};
    const char *start = strstr(svg, "<svg");
    for (const char *c = start ? start : svg; *c; c++) {
        putc(*c, to);
        for (size_t b = 0; b < sizeof before / sizeof before[0]; b++) {
            size_t n = strlen(before[b]);
            if ((size_t)(c + 1 - svg) < n || strncmp(c + 1 - n, before[b], n) != 0) continue;
            fprintf(to, "%s_", name);
            break;
        }
    }
}

void page_figure(const struct page_picture *picture, const char *out, FILE *to)
{
    char file[96], *svg = NULL;
    size_t length = 0;
    struct errors ignored = {0};
    snprintf(file, sizeof file, "plots/%s.svg", picture->name);
    char *path = file_join(out, file);
    if (path && file_read(path, SVG_MOST, &svg, &length, &ignored) == STATUS_OK) {
        fprintf(to, "<section id=\"%s\"><h2>%s</h2>\n<figure role=\"img\" aria-label=\"%s\">",
                picture->name, picture->heading, picture->heading);
        write_svg(to, svg, picture->name);
        fprintf(to, "</figure>\n<p class=\"how\">%s</p></section>\n", picture->caption);
    }
    errors_free(&ignored);
    free(svg);
    free(path);
}

static void write_links(const enum page_state *state, bool cohorts, FILE *to)
{
    fputs("<nav>", to);
    if (cohorts) fputs("<a href=\"#cohorts\">What creators made of their work</a>", to);
    for (size_t k = 0; k < figure_count; k++)
        if (state[k] == PAGE_DRAWN)
            fprintf(to, "<a href=\"#%s\">%s</a>", figures[k].name, figures[k].heading);
    fputs("<a href=\"#scenario\">What was run</a></nav>\n", to);
}

/* ------------------------------------------------------------------------------- key figures
 */

static void write_cards(struct scene *scene, FILE *to)
{
    struct key_figure key[KEY_FIGURES_MOST];
    size_t n = key_figures(scene, &scene->run[0], key);
    fputs("<div class=\"cards\">\n", to);
    for (size_t k = 0; k < n; k++)
        fprintf(to, "<div class=\"card\"><b>%s</b><span>%s</span><small>%s</small></div>\n",
                key[k].value, key[k].name, key[k].note);
    fputs("</div>\n", to);
}

struct key_table {
    struct key_figure key[FIGURE_RUNS][KEY_FIGURES_MOST];
    size_t count[FIGURE_RUNS];
};

/* What a run has of the first one's k-th figure. */
static void write_key(const struct key_table *self, size_t run, size_t k, FILE *to)
{
    size_t at = 0;
    while (at < self->count[run] && strcmp(self->key[run][at].name, self->key[0][k].name) != 0)
        at++;
    fprintf(to, "<td>%s</td>", at < self->count[run] ? self->key[run][at].value : "\u2013");
}

/* Few runs: a column each; many: a row each. */
static void write_keys(const struct scene *scene, const struct key_table *self, FILE *to)
{
    if (scene->count > FIGURE_LINES) {
        for (size_t k = 0; k < self->count[0]; k++)
            fprintf(to, "<th>%s</th>", self->key[0][k].name);
        fputs("</tr></thead><tbody>\n", to);
        for (size_t i = 0; i < scene->count; i++) {
            fputs("<tr><td>", to);
            page_text(to, scene->run[i].label);
            fputs("</td>", to);
            for (size_t k = 0; k < self->count[0]; k++) write_key(self, i, k, to);
            fputs("</tr>\n", to);
        }
        return;
    }
    for (size_t i = 0; i < scene->count; i++) {
        fputs("<th>", to);
        page_text(to, scene->run[i].label);
        fputs("</th>", to);
    }
    fputs("</tr></thead><tbody>\n", to);
    for (size_t k = 0; k < self->count[0]; k++) {
        fprintf(to, "<tr><td>%s</td>", self->key[0][k].name);
        for (size_t i = 0; i < scene->count; i++) write_key(self, i, k, to);
        fputs("</tr>\n", to);
    }
}

static enum status write_comparison(struct scene *scene, FILE *to)
{
    struct key_table *self = memory_alloc(1, sizeof *self);
    if (!self) return STATUS_NO_MEMORY;
    for (size_t i = 0; i < scene->count; i++)
        self->count[i] = key_figures(scene, &scene->run[i], self->key[i]);
    fputs("<section><h2>The platforms as a whole</h2>\n"
          "<div class=\"wide\"><table class=\"compare\"><thead><tr><th>mean after the "
          "warm-up</th>",
          to);
    write_keys(scene, self, to);
    fputs("</tbody></table></div></section>\n", to);
    memory_free(self);
    return STATUS_OK;
}

/* ------------------------------------------------------------------------------------- notes
 */

/* One line, however many runs have not settled. */
static void note_trend(const struct scene *scene, const char *column, FILE *to)
{
    size_t found = 0;
    for (size_t i = 0; i < scene->count; i++) {
        const struct past_run *run = &scene->run[i];
        double change = 0;
        if (!past_run_trends(run, past_run_series(run, column), &change)) continue;
        if (found++)
            fputs(", ", to);
        else
            fprintf(to, "<li><code>%s</code> has not settled over the days after the warm-up: ",
                    column);
        fprintf(to, "it %s by %.0f %%", change > 0 ? "rises" : "falls", 100 * fabs(change));
        if (scene->count == 1) continue;
        fputs(" in ", to);
        page_text(to, run->label);
    }
    if (found) fputs("; so its mean depends on how long the run is.</li>\n", to);
}

static void note_trends(const struct scene *scene, FILE *to)
{
    static const char *const column[] = {"dau",           "watch_hours",   "impressions",
                                         "active_videos", "gini_views",    "creator_income",
                                         "ndcg_true",     "homogenisation"};
    for (size_t c = 0; c < sizeof column / sizeof column[0]; c++)
        note_trend(scene, column[c], to);
}

static void write_notes(const struct scene *scene, const enum page_state *state,
                        const char *absent, FILE *to)
{
    fputs("<div class=\"notes\"><ul>\n<li>One run is an anecdote: another seed gives other "
          "numbers. Compare settings over several seeds.</li>\n",
          to);
    for (size_t i = 0; i < scene->count; i++) {
        const struct past_run *run = &scene->run[i];
        if (past_run_is_short(run)) {
            fputs("<li>", to);
            page_text(to, run->label);
            fprintf(to,
                    " is no longer than its warm-up (%g days): the figures are means over "
                    "all of its days, and it has not settled.</li>\n",
                    run->warmup);
        }
    }
    note_trends(scene, to);
    if (scene->count > FIGURE_LINES)
        fprintf(
            to,
            "<li>More than %d runs: their lines over each other could not be told apart, so "
            "there is one picture only. Make a page of a few of them for the others.</li>\n",
            FIGURE_LINES);
    if (absent) {
        fputs("<li>There are no pictures: ", to);
        page_text(to, absent);
        fputs(". Mend that and run <code>reelsim report</code> on this folder.</li>\n", to);
    }
    for (size_t k = 0; !absent && k < figure_count; k++)
        if (state[k] == PAGE_EMPTY)
            fprintf(to, "<li>No picture \u201c%s\u201d: %s</li>\n", figures[k].heading,
                    figures[k].without);
    fputs("</ul></div>\n", to);
}

/* -------------------------------------------------------------------------------------- page
 */

static void write_lead(const struct scene *scene, FILE *to)
{
    const struct past_run *run = &scene->run[0];
    char viewers[32] = "0", creators[32] = "0", number[32], text[32];
    past_run_text(run, "viewers", viewers, sizeof viewers);
    past_run_text(run, "creators", creators, sizeof creators);
    fputs("<h1>", to);
    for (size_t i = 0; i < scene->count; i++) {
        if (i) fputs(i + 1 < scene->count ? ", " : " and ", to);
        page_text(to, scene->run[i].label);
    }
    fprintf(to,
            "</h1>\n<p class=\"lead\">%s%.0f simulated days of a short-video platform with "
            "%s viewers and %s creators",
            scene->count > 1 ? "Compared: " : "", run->days,
            chart_number(strtod(viewers, NULL), number),
            chart_number(strtod(creators, NULL), text));
    if (scene->count == 1 && *run->ranker) {
        fputs("; the feed is ranked by <b>", to);
        page_text(to, run->ranker);
        fputs("</b>", to);
    }
    fprintf(to, ". Figures are means over the days after the warm-up of %g day%s.</p>\n",
            run->warmup, run->warmup == 1 ? "" : "s");
}

static enum status write_page(struct scene *scene, const char *out,
                              const enum page_state *state, const char *absent, FILE *to)
{
    char *cohorts = NULL;
    size_t length = 0;
    FILE *part = open_memstream(&cohorts, &length);
    if (!part) return STATUS_NO_MEMORY;
    page_cohorts(scene, part);
    enum status status = fclose(part) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
    page_head(scene->count > 1 ? "comparison" : scene->run[0].label, to);
    write_lead(scene, to);
    write_links(state, length > 0, to);
    if (scene->count == 1) write_cards(scene, to);
    if (!status) fputs(cohorts, to);
    if (!status && scene->count > 1) status = write_comparison(scene, to);
    free(cohorts);
    write_notes(scene, state, absent, to);
    for (size_t k = 0; k < figure_count; k++)
        if (state[k] == PAGE_DRAWN)
            page_figure(
                &(struct page_picture){figures[k].name, figures[k].heading, figures[k].caption},
                out, to);
    fputs("<div id=\"scenario\"><h2>What was run</h2>\n", to);
    for (size_t i = 0; i < scene->count && !status; i++) {
        if (scene->count > 1) {
            fputs("<h3>", to);
            page_text(to, scene->run[i].label);
            fputs("</h3>\n", to);
        }
        status = page_scenario(&scene->run[i], to);
    }
    fputs("</div></body></html>\n", to);
    return status;
}

enum status page_write(struct scene *scene, const char *out, const enum page_state *state,
                       const char *absent, struct errors *errors)
{
    struct file file = {0};
    char *path = file_join(out, "report.html");
    enum status status = path ? file_create(&file, path, errors) : STATUS_NO_MEMORY;
    if (!status) status = write_page(scene, out, state, absent, file.stream);
    if (!status)
        status = file_commit(&file, errors);
    else
        file_discard(&file);
    free(path);
    return status;
}
