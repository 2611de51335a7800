/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/fit.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "measure/log_figures.h"

/* ---------------------------------------------------------------------------------- sessions
 */

/* Gaps between sessions of one user, counted by the high half of their seconds, and those
 * beside a quantile by the low half, too: quantiles to the second in room that does not grow
 * with the log. */
#define HALVES ((size_t)1 << 16)
struct gaps {
    uint64_t *high; /* owned; [HALVES] */
    uint64_t *low;  /* owned; [AUDIENCE_GAPS][HALVES]: of gaps whose high half is `at` */
    uint64_t count;
    uint32_t at[AUDIENCE_GAPS];
};

static enum status gaps_init(struct gaps *self)
{
    self->high = memory_alloc(HALVES, sizeof *self->high);
    self->low = memory_alloc(AUDIENCE_GAPS * HALVES, sizeof *self->low);
    return self->high && self->low ? STATUS_OK : STATUS_NO_MEMORY;
}

static void gaps_free(struct gaps *self)
{
    memory_free(self->high);
    memory_free(self->low);
}

struct session_start {
    bool yes, after; /* a row begins a session, and not its user's first */
    uint32_t gap_s;
};

static struct session_start starts_session(const struct log *log, size_t r, double gap_min)
{
    const struct interactions *rows = &log->rows;
    if (!log->timed) return (struct session_start){0};
    if (r == 0 || rows->user[r] != rows->user[r - 1])
        return (struct session_start){.yes = true};
    uint32_t gap = rows->time[r] - rows->time[r - 1];
    bool yes = (double)gap > gap_min * 60;
    return (struct session_start){.yes = yes, .after = yes, .gap_s = gap};
}

/* Of a sorted log: rows of each user, and sessions where there are times. */
static void count_sessions(const struct log *log, double gap_min, struct audience *out,
                           struct gaps *gaps)
{
    for (size_t r = 0; r < log->rows.count; r++) {
        struct audience_viewer *viewer = &out->viewer[log->rows.user[r]];
        struct session_start start = starts_session(log, r, gap_min);
        viewer->rows++;
        viewer->sessions += start.yes;
        gaps->high[start.gap_s >> 16] += start.after;
        gaps->count += start.after;
    }
}

/* Where the one of rank *rank is (ranks from 0); *rank becomes that among its likes. */
static uint32_t find_rank(const uint64_t *count, uint64_t *rank)
{
    uint32_t at = 0;
    while (*rank >= count[at]) *rank -= count[at++];
    return at;
}

static void note_gaps(const struct log *log, double gap_min, struct gaps *gaps,
                      struct audience *out)
{
    uint64_t rank[AUDIENCE_GAPS];
    if (gaps->count == 0) return;
    for (int q = 0; q < AUDIENCE_GAPS; q++) {
        rank[q] = log_figures_place(gaps->count, log_figures_at[q]);
        gaps->at[q] = find_rank(gaps->high, &rank[q]);
    }
    for (size_t r = 0; r < log->rows.count; r++) {
        struct session_start start = starts_session(log, r, gap_min);
        for (size_t q = 0; q < AUDIENCE_GAPS && start.after; q++)
            gaps->low[q * HALVES + (start.gap_s & 0xffff)] += gaps->at[q] == start.gap_s >> 16;
    }
    for (size_t q = 0; q < AUDIENCE_GAPS; q++)
        out->gap_s[q] = (double)(((uint64_t)gaps->at[q] << 16) +
                                 find_rank(gaps->low + q * HALVES, &rank[q]));
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
    status = gaps_init(&gaps);
    if (!status) {
        count_sessions(log, options->gap_min, out, &gaps);
        note_gaps(log, options->gap_min, &gaps, out);
        split_activity(out);
        status = scale_activity(out);
    }
    if (!status) status = judge_items(log, out);
    if (!status) name_authors(log, out);
    if (!status) status = learn_vectors(log, options, out, judged);
    gaps_free(&gaps);
    return status;
}
