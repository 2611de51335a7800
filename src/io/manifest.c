/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/manifest.h"

#include <inttypes.h>
#include <string.h>

#include "base/version.h"
#include "world/world.h"

void manifest_text(FILE *to, const char *text)
{
    putc('"', to);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            fprintf(to, "\\%c", c);
        else if (c < 0x20)
            fprintf(to, "\\u%04x", c);
        else
            putc(c, to);
    }
    putc('"', to);
}

static double ratio(double a, double b) { return b > 0 ? a / b : 0; }

/* Means after the warm-up; the first two columns say when an interval was. */
static bool write_means(const struct sim *sim, FILE *to)
{
    struct summary column;
    bool any = false;
    for (size_t c = 2; sim_summary(sim, c, &column); c++) any |= column.rows > 0;
    if (!any) return false;
    fprintf(to, "{");
    for (size_t c = 2; sim_summary(sim, c, &column); c++) {
        fprintf(to, "%s\n    \"%s\": ", c > 2 ? "," : "", column.column->name);
        if (column.rows)
            fprintf(to, "%.9g", column.mean);
        else
            fprintf(to, "null");
    }
    fprintf(to, "\n  }");
    return true;
}

static void write_summary(const struct manifest *self, FILE *to)
{
    const struct run_parameters *run = parameters_block(self->parameters, "run");
    struct summary column;
    const char *between = "";
    if (!self->sim) return;
    double warmup = sim_warmup(self->sim), days = (double)run->days;
    fprintf(to, "  \"left_out_days\": %.9g,\n  \"summary\": ", warmup < days ? warmup : days);
    if (!write_means(self->sim, to)) fprintf(to, "null");
    fprintf(to, ",\n  \"trending\": [");
    for (size_t c = 2; sim_summary(self->sim, c, &column); c++) {
        if (!column.trend) continue;
        fprintf(to, "%s\"%s\"", between, column.column->name);
        between = ", ";
    }
    fprintf(to, "],\n");
}

/* Which code ran: a plug-in's file under the same name may be another tomorrow. */
static void write_plugins(const struct manifest *self, const struct run_parameters *run,
                          FILE *to)
{
    const char *between = "";
    fprintf(to, "  \"plugins\": [");
    for (int32_t i = 0; self->plugins && i < run->plugins.count; i++, between = ", ") {
        fprintf(to, "%s{\"path\": ", between);
        manifest_text(to, run->plugins.name[i]);
        fprintf(to, ", \"xxh3\": \"%016" PRIx64 "\"}", self->plugins[i].digest);
    }
    fprintf(to, "],\n");
}

void manifest_write(const struct manifest *self, FILE *to)
{
    const struct run_parameters *run = parameters_block(self->parameters, "run");
    const struct sim_figures *f = &self->figures;
    double busy = 0;
    for (int p = 0; p < PHASES; p++) busy += f->seconds[p];
    fprintf(to, "{\n  \"name\": ");
    manifest_text(to, run->name);
    fprintf(to, ",\n  \"version\": \"%s\",\n  \"git\": \"%s\",\n", version_number(),
            version_git());
    fprintf(to, "  \"seed\": %" PRId64 ",\n  \"replicate\": %" PRId64 ",\n", run->seed,
            run->replicate);
    fprintf(to, "  \"state_hash\": \"%016" PRIx64 "\",\n", self->state_hash);
    write_plugins(self, run, to);
    if (self->audience)
        fprintf(to, "  \"audience_digest\": \"%016" PRIx64 "\",\n", self->audience->digest);
    fprintf(to, "  \"currency\": ");
    manifest_text(to, run->currency);
    fprintf(to, ",\n  \"days\": %" PRId64 ",\n  \"windows\": %" PRIu64 ",\n", run->days,
            f->windows);
    fprintf(to, "  \"viewers\": %" PRIu64 ",\n  \"creators\": %" PRIu64 ",\n", f->viewers,
            f->creators);
    fprintf(to, "  \"videos\": %" PRIu64 ",\n  \"active_videos\": %" PRIu64 ",\n", f->videos,
            f->active_videos);
    fprintf(to, "  \"impressions\": %" PRIu64 ",\n  \"events\": %" PRIu64 ",\n", f->impressions,
            f->events);
    fprintf(to, "  \"event_ties\": %" PRIu64 ",\n", f->ties);
    fprintf(to, "  \"exchange_bytes_per_impression\": %.3f,\n",
            ratio((double)f->exchange_bytes, (double)f->impressions));
    fprintf(to, "  \"match_offset\": %.9g,\n  \"match_scale\": %.9g,\n",
            (double)f->match_offset, (double)f->match_scale);
    if (self->ranks)
        fprintf(to,
                "  \"ranks\": %u,\n  \"ranks_seconds\": %.3f,\n"
                "  \"ranks_bytes_per_impression\": %.3f,\n",
                self->ranks->count, self->ranks->seconds,
                ratio((double)self->ranks->received, (double)f->impressions));
    fprintf(to, "  \"threads\": %u,\n  \"wall_s\": %.3f,\n", self->threads, self->wall_s);
    fprintf(to, "  \"ns_per_impression_core\": %.1f,\n",
            ratio(busy * 1e9 * self->threads, (double)f->impressions));
    fprintf(to, "  \"peak_rss_bytes\": %" PRIu64 ",\n", self->peak_rss_bytes);
    fprintf(to, "  \"bytes_per_viewer\": %.1f,\n  \"bytes_per_video\": %.1f,\n",
            f->bytes_per_viewer, f->bytes_per_video);
    write_summary(self, to);
    fprintf(to, "  \"scenario\": {\n%s\n  }\n}\n", self->scenario);
}
