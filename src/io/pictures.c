/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/pictures.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/version.h"
#include "io/file.h"
#include "manifest_text.h"

#define PATH_SIZE 4096

/* A plot script, and the table it cannot do without. Order is that of the report. */
struct plot {
    const char *name, *table, *title;
};

static const struct plot plots[] = {
    {"activity", "series.csv", "Activity over time"},
    {"revenue", "series.csv", "Money over time"},
    {"ccdf", "videos.csv", "How views are spread over videos"},
    {"lorenz", "videos.csv", "Inequality of views and of income"},
    {"topics", "videos.csv", "Exposure by topic"},
    {"sources", "series.csv", "Where impressions come from"},
    {"quality", "series.csv", "Diversity and quality of the feed"},
    {"cohorts", "cohorts.csv", "Creator cohorts"},
    {"retention", "retention.csv", "Who comes back"},
};
#define PLOT_COUNT (sizeof plots / sizeof plots[0])

/* The folder of the plot scripts: beside the program in a checkout, else where it was
 * installed. */
static bool find_scripts(char out[PATH_SIZE])
{
    char self[PATH_SIZE - 16];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n > 0) {
        self[n] = 0;
        char *slash = strrchr(self, '/');
        if (slash) *slash = 0;
        snprintf(out, PATH_SIZE, "%s/plots", self);
        if (access(out, R_OK) == 0) return true;
    }
    snprintf(out, PATH_SIZE, "%s/plots", version_data_dir());
    return access(out, R_OK) == 0;
}

/* Runs gnuplot in the folder of the scripts; its exit code, 127 = not there. */
static int run_gnuplot(const char *scripts, char *settings, char *script)
{
    char program[] = "gnuplot", flag[] = "-e";
    char *const arguments[] = {program, flag, settings, script, NULL};
    posix_spawn_file_actions_t actions;
    pid_t child = 0;
    int state = 0, error = posix_spawn_file_actions_init(&actions);
    if (error) return 126;
    error = posix_spawn_file_actions_addchdir_np(&actions, scripts);
    if (!error) error = posix_spawnp(&child, program, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error) return error == ENOENT ? 127 : 126;
    while (waitpid(child, &state, 0) < 0)
        if (errno != EINTR) return 126;
    return WIFEXITED(state) ? WEXITSTATUS(state) : 126;
}

struct drawing {
    char scripts[PATH_SIZE], data[PATH_SIZE];
};

static int draw(const struct drawing *self, const struct plot *plot, const char *terminal)
{
    char settings[3 * PATH_SIZE], script[64];
    snprintf(settings, sizeof settings, "TERM='%s';NAME='%s';DATA='%s';OUT='%s/%s.%s'",
             terminal, plot->name, self->data, self->data, plot->name, terminal);
    snprintf(script, sizeof script, "%s.gp", plot->name);
    return run_gnuplot(self->scripts, settings, script);
}

static bool has_rows(const struct drawing *self, const char *table)
{
    char path[2 * PATH_SIZE];
    struct stat s;
    snprintf(path, sizeof path, "%s/%s", self->data, table);
    return stat(path, &s) == 0 && s.st_size > 0;
}

enum status pictures_make(const char *folder, bool quiet, struct errors *errors)
{
    struct drawing self;
    if (!realpath(folder, self.data))
        return errors_add(errors, STATUS_BAD_INPUT, "%s: %s", folder, strerror(errno));
    if (strchr(self.data, '\''))
        return errors_add(errors, STATUS_BAD_INPUT,
                          "%s: gnuplot cannot take a path with a quote in it", folder);
    if (!find_scripts(self.scripts))
        return errors_add(errors, STATUS_IO, "the plot scripts are not in %s", self.scripts);
    for (size_t p = 0; p < PLOT_COUNT; p++) {
        if (!has_rows(&self, plots[p].table)) continue;
        int code = draw(&self, &plots[p], "svg");
        if (code == 127) {
            if (!quiet)
                (void)errors_add(errors, STATUS_OK,
                                 "no pictures: gnuplot is not installed (apt-get install "
                                 "gnuplot-nox); the tables are complete");
            break;
        }
        if (!code) code = draw(&self, &plots[p], "png");
        if (code && !quiet)
            (void)errors_add(errors, STATUS_OK, "the picture %s could not be drawn",
                             plots[p].name);
    }
    return pictures_report(folder, errors);
}

/* ------------------------------------------------------------------------------- the report */

static const char head[] =
    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'; img-src data:\"><link rel=\"icon\" href=\"data:,\">\n<title>";
static const char style[] =
    "</title><style>:root{--ink:#1f2328;--mute:#5f6873;--line:#e4e7eb}body{margin:0 auto;"
    "max-width:1240px;padding:32px 28px 64px;color:var(--ink);background:#fff;font:16px/1.55 "
    "Inter,system-ui,sans-serif;font-variant-numeric:tabular-nums}h1{font-size:30px;"
    "line-height:1.2;margin:0 0 6px}h2{font-size:20px;margin:36px 0 8px}p{color:var(--mute);"
    "max-width:70ch}.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(520px,"
    "100%),1fr));gap:28px 32px}figure{margin:0;border-top:1px solid "
    "var(--line);padding-top:10px;"
    "overflow-x:auto}figure svg{width:100%;height:auto;display:block;min-width:480px}svg "
    "text{font-family:Inter,system-ui,sans-serif}pre{font-size:13px;line-height:1.4;background:"
    "#f6f8fa;padding:14px;overflow:auto;max-height:30em}@media "
    "print{figure{break-inside:avoid}}"
    "</style></head><body>\n";

static void write_escaped(FILE *to, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            fputs("&lt;", to);
        else if (*text == '&')
            fputs("&amp;", to);
        else
            putc(*text, to);
    }
}

/* gnuplot's ids repeat from picture to picture: each gets its figure's name in front. */
static void write_svg(FILE *to, const char *svg, const char *name)
{
    static const char *const marks[] = {"id='gp",
                                        "href='#gp",
                                        "url(#gp",
                                        "id=\"gnuplot_canvas\"",
                                        "id='gnuplotPattern",
                                        "url(#gnuplotPattern"};
    const char *start = strstr(svg, "<svg");
    for (const char *c = start ? start : svg; *c;) {
        size_t hit = 0, n = sizeof marks / sizeof marks[0];
        while (hit < n && strncmp(c, marks[hit], strlen(marks[hit]))) hit++;
        if (hit == n) {
            putc(*c++, to);
            continue;
        }
        const char *g = strpbrk(marks[hit], "g") ? strstr(marks[hit], "g") : marks[hit];
        if (strncmp(marks[hit], "href", 4) == 0) g = marks[hit] + 7;
        if (strncmp(marks[hit], "url", 3) == 0) g = marks[hit] + 5;
        fprintf(to, "%.*s%s_%s", (int)(g - marks[hit]), marks[hit], name, g);
        c += strlen(marks[hit]);
    }
}

static void write_figures(const char *folder, FILE *to)
{
    fputs("<div class=\"grid\">\n", to);
    for (size_t p = 0; p < PLOT_COUNT; p++) {
        char path[2 * PATH_SIZE], *svg = NULL;
        size_t length = 0;
        struct errors ignored = {0};
        snprintf(path, sizeof path, "%s/%s.svg", folder, plots[p].name);
        if (file_read(path, 16u << 20, &svg, &length, &ignored) == STATUS_OK) {
            fprintf(to, "<figure role=\"img\" aria-label=\"%s\">", plots[p].title);
            write_svg(to, svg, plots[p].name);
            fputs("</figure>\n", to);
        }
        errors_free(&ignored);
        free(svg);
    }
    fputs("</div>\n", to);
}

enum status pictures_report(const char *folder, struct errors *errors)
{
    char *manifest = NULL, *path = file_join(folder, "manifest.json"),
         *page = file_join(folder, "report.html");
    size_t length = 0;
    struct file file = {0};
    enum status status = path && page ? file_read(path, 16u << 20, &manifest, &length, errors)
                                      : STATUS_NO_MEMORY;
    if (!status) status = file_create(&file, page, errors);
    if (!status) {
        char name[256] = "run";
        manifest_find_text(manifest, "name", name, sizeof name);
        fputs(head, file.stream);
        write_escaped(file.stream, name);
        fputs(style, file.stream);
        fputs("<h1>", file.stream);
        write_escaped(file.stream, name);
        fputs(
            "</h1><p>One run of reelsim. The grey part of a time series is the warm-up, which "
            "summaries leave out. One run is an anecdote: another seed gives other "
            "numbers.</p>",
            file.stream);
        write_figures(folder, file.stream);
        fputs("<h2>What was run</h2><pre>", file.stream);
        write_escaped(file.stream, manifest);
        fputs("</pre></body></html>\n", file.stream);
        status = file_commit(&file, errors);
    }
    free(manifest);
    free(path);
    free(page);
    return status;
}
