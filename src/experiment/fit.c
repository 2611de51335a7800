/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/fit.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "measure/log_figures.h"

/* ---------------------------------------------------------------------------------- sessions
 */

struct gaps {
    uint64_t *gap_s; /* owned; between sessions of one user */
    size_t count, room;
};

static int compare_numbers(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Of a sorted log: rows of each user, and sessions where there are times. */
static enum status count_sessions(const struct log *log, double gap_min, struct audience *out,
                                  struct gaps *gaps)
{
    const struct interactions *rows = &log->rows;
    enum status status = STATUS_OK;
    for (size_t r = 0; r < rows->count && !status; r++) {
        struct audience_viewer *viewer = &out->viewer[rows->user[r]];
        bool first = viewer->rows++ == 0;
        if (!log->timed) continue;
        uint32_t gap = first ? 0 : rows->time[r] - rows->time[r - 1];
        if (!first && (double)gap <= gap_min * 60) continue;
        viewer->sessions++;
        if (first) continue;
        status = memory_grow(&gaps->gap_s, &gaps->room, gaps->count + 1, sizeof *gaps->gap_s);
        if (!status) gaps->gap_s[gaps->count++] = gap;
    }
    return status;
}

static void note_gaps(struct gaps *gaps, struct audience *out)
{
    if (gaps->count == 0) return;
    qsort(gaps->gap_s, gaps->count, sizeof *gaps->gap_s, compare_numbers);
    for (int q = 0; q < AUDIENCE_GAPS; q++)
        out->gap_s[q] = (double)log_figures_quantile(gaps->gap_s, gaps->count,
                                                     log_figures_at[q]);
}
_Static_assert(AUDIENCE_GAPS == LOG_FIGURES_QUANTILES, "the same quantiles");

/* ---------------------------------------------------------------------------------- activity
 */

static int compare_floats(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static float clipped(double x, double low, double high)
{
    return (float)(x < low ? low : x > high ? high : x);
}

/* Length of a session against the mean one; its rows-weighted use keeps the product exact. */
static void split_activity(struct audience *out)
{
    double rows = 0, sessions = 0;
    for (uint32_t u = 0; u < out->viewers; u++) {
        rows += (double)out->viewer[u].rows;
        sessions += (double)out->viewer[u].sessions;
    }
    double mean = sessions > 0 ? rows / sessions : 1;
    for (uint32_t u = 0; u < out->viewers; u++) {
        struct audience_viewer *v = &out->viewer[u];
        double own = ((double)v->rows + FIT_SESSIONS * mean) /
                     ((double)v->sessions + FIT_SESSIONS);
        v->budget = sessions > 0 ? clipped(own / mean, 0.125, 8) : 1;
        v->activity = (float)((double)v->rows / (double)v->budget);
    }
}

/* Activities are against the median of those who have any. */
static enum status scale_activity(struct audience *out)
{
    float *all = memory_alloc(out->viewers, sizeof *all);
    size_t n = 0;
    if (!all) return STATUS_NO_MEMORY;
    for (uint32_t u = 0; u < out->viewers; u++)
        if (out->viewer[u].activity > 0) all[n++] = out->viewer[u].activity;
    qsort(all, n, sizeof *all, compare_floats);
    float median = n ? all[n / 2] : 1;
    for (uint32_t u = 0; u < out->viewers; u++)
        out->viewer[u].activity = clipped((double)(out->viewer[u].activity / median), 0, 1e6);
    memory_free(all);
    return STATUS_OK;
}

/* ------------------------------------------------------------------------------------- items
 */

static enum status judge_items(const struct log *log, struct audience *out)
{
    const struct interactions *rows = &log->rows;
    const struct interactions_range range = interactions_range(rows);
    double low = (double)range.low, high = (double)range.high, mean = (double)range.mean;
    double *sum = memory_alloc(out->videos, sizeof *sum);
    if (!sum) return STATUS_NO_MEMORY;
    for (size_t r = 0; r < rows->count; r++) {
        struct audience_video *v = &out->video[rows->item[r]];
        uint32_t at = rows->time[r];
        sum[rows->item[r]] += (double)rows->value[r];
        if (v->rows == 0 || at < v->first_s) v->first_s = at;
        if (at > v->last_s) v->last_s = at;
        if (at > out->span_s) out->span_s = at;
        v->rows++;
    }
    for (uint32_t i = 0; i < out->videos; i++) {
        struct audience_video *v = &out->video[i];
        double drawn_in = (sum[i] + FIT_ROWS * mean) / ((double)v->rows + FIT_ROWS);
        v->quality = high > low ? clipped((drawn_in - low) / (high - low), 0.01, 0.99) : 0.5f;
    }
    memory_free(sum);
    return STATUS_OK;
}

/* Items without an author, and all where the log names none, have one of their own. */
static void name_authors(const struct log *log, struct audience *out)
{
    const struct log_details *details = &log->details;
    uint32_t authors = details->authors.count;
    for (uint32_t i = 0; i < out->videos; i++) {
        bool known = details->author && i < details->author_room &&
                     details->author[i] != UINT32_MAX;
        out->video[i].creator = known ? details->author[i] : authors++;
    }
    out->creators = authors;
    out->authored = details->authors.count > 0;
    for (int a = 0; a < AUDIENCE_ACTS; a++)
        out->act_rate[a] = details->looked[a]
                               ? (double)details->acts[a] / (double)details->looked[a]
                               : -1;
}

static enum status learn_vectors(const struct log *log, const struct fit_options *options,
                                 struct audience *out, struct embedding_fit *judged)
{
    struct embedding embedding = {0};
    enum status status = embedding_learn(&embedding, options->embedding, &log->rows,
                                         &options->how);
    if (!status) {
        for (uint32_t u = 0; u < out->viewers; u++) out->viewer[u].taste = embedding.user[u];
        for (uint32_t i = 0; i < out->videos; i++) out->video[i].content = embedding.item[i];
        *judged = embedding_judge(&embedding, &log->rows);
    }
    embedding_free(&embedding);
    return status;
}

enum status fit_learn(struct log *log, const struct fit_options *options, struct audience *out,
                      struct embedding_fit *judged)
{
    struct gaps gaps = {0};
    enum status status = audience_init(out, log->rows.users, log->rows.items);
    if (status) return status;
    interactions_sort(&log->rows);
    out->timed = log->timed;
    out->valued = log->valued;
    status = count_sessions(log, options->gap_min, out, &gaps);
    if (!status) {
        note_gaps(&gaps, out);
        split_activity(out);
        status = scale_activity(out);
    }
    if (!status) status = judge_items(log, out);
    if (!status) name_authors(log, out);
    if (!status) status = learn_vectors(log, options, out, judged);
    memory_free(gaps.gap_s);
    return status;
}
