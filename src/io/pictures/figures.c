/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/pictures/figures.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

const struct figure figures[] = {
    {"activity", "Activity",
     "Each point is a simulated day. Watch the middle panel: the number of viewers may stand "
     "still while each of them watches more or less. A wave of seven days is the week.",
     "The run left no rows in series.csv.", true, true, true, figure_activity, false},
    {"watch_time", "Watch time by algorithm",
     "Minutes that an active viewer watches on a day, one line a run. Runs of one seed meet "
     "the same people, so a lasting gap comes from what was changed. One run each is still an "
     "anecdote: repeat with other seeds before you believe a small gap.",
     "The run left no rows in series.csv.", false, true, true, figure_watch_time, false},
    {"revenue", "Money",
     "Gross revenue of a day by the stream that it came from, and by whom it ended up with. "
     "Tips are few and of very unequal size: a single generous viewer makes a peak.",
     "No money moved: no revenue stream is switched on, or nobody paid.", true, true, true,
     figure_revenue, false},
    {"views", "How views are spread over videos",
     "Read a point as: this share of the videos was shown at least so often. Both axes are "
     "logarithmic, a step is a factor of ten. The straighter the line falls, the closer the "
     "audience is to a power law, where a few hits dwarf everything else.",
     "No video was shown.", true, true, true, figure_views, false},
    {"inequality", "Inequality of attention and of income",
     "Line up everybody from the least to the most successful and add up their shares (Lorenz "
     "curve). The further a curve hangs below the dashed line, the more unequal; the Gini "
     "coefficient measures that gap from 0 (all equal) to 1 (one has all). Creators' totals "
     "are of the whole run.",
     "Nothing was shown and nobody earned.", true, true, true, figure_inequality, false},
    {"income", "Who earns",
     "Mean income of a creator over the run, stacked by revenue stream. Compare the mean with "
     "the median behind the bar: where half of a group earns nothing, the mean is made by a "
     "few.",
     "No creator earned anything.", true, false, true, figure_income, false},
    {"quality", "What the recommender does",
     "NDCG compares the order of the running ranker with the order that each viewer's true "
     "taste would give (1 = the same). Topic entropy is 1 when exposure is spread evenly over "
     "topics. Homogenisation is the mean overlap (Jaccard) of two viewers' histories: it rises "
     "when everybody is shown the same.",
     "measure.metrics does not ask for ranking_quality, topic_entropy or homogenisation.", true,
     true, true, figure_quality, false},
    {"sources", "Where impressions come from",
     "Every video in a feed was proposed by one retriever. A thin band of cold start and "
     "explore is what new videos live on; a thick one of follow and shared is a platform that "
     "runs on people's ties rather than on the algorithm.",
     "The run left no impressions by source.", true, false, true, figure_sources, false},
    {"topics", "Exposure by topic",
     "A row a topic. Grey ring: its share of the videos (supply). Blue: its share of "
     "impressions (what the platform shows). Orange: its share of watch time (what the "
     "audience stays for). Blue right of grey: the topic is favoured; orange right of blue: "
     "viewers would take more of it. On the right, blue right of grey means that the better "
     "videos of a topic are the ones shown.",
     "No video was shown.", true, false, true, figure_topics, false},
    {"retention", "Who comes back",
     "The share of a group with at least one session on exactly that day of age: newcomers of "
     "all joining days pooled, beside those who were there when the run began (their age "
     "counts from the start). Newcomers lose most in the first days; what counts is whether "
     "their curve levels off, and how far below the old hands.",
     "The run is too short or too small to see anyone return.", true, true, true,
     figure_retention, false},
    {"cascades", "How far shares travel",
     "Of all shared videos that were passed on at least once, the share whose cascade grew to "
     "at least that size. Nearly all stay tiny; virality is the rare point far right.",
     "Shares were not passed on far enough (growth.channels without social_share, or a run too "
     "short or small).",
     true, true, true, figure_cascades, false},
    {"runs", "Runs side by side",
     "A row a run, a column a measure; each cell has the same scale as the others of its "
     "column, the shaded band is what all runs cover. Runs of one seed meet the same people.",
     "The runs left no rows in series.csv.", false, true, true, figure_runs, true},
    {"overview", "Overview", "", "", true, false, false, figure_overview, false},
};
const size_t figure_count = sizeof figures / sizeof figures[0];

/* Runs of one name are told apart by their ranker, else by their folder. */
static void tell_apart(struct scene *self)
{
    bool same = false, rankers = true;
    for (size_t i = 0; i < self->count; i++)
        for (size_t j = 0; j < i; j++) {
            same |= strcmp(self->run[i].label, self->run[j].label) == 0;
            rankers &= strcmp(self->run[i].ranker, self->run[j].ranker) != 0;
        }
    for (size_t i = 0; same && i < self->count; i++) {
        struct past_run *run = &self->run[i];
        const char *slash = strrchr(run->folder, '/');
        const char *text = rankers && *run->ranker ? run->ranker : slash ? slash + 1 : "run";
        snprintf(run->label, sizeof run->label, "%.63s", text);
    }
}

enum status scene_open(struct scene *self, const char *const *folder, size_t count,
                       struct errors *errors)
{
    enum status status = STATUS_OK;
    *self = (struct scene){0};
    if (count > FIGURE_RUNS)
        return errors_add(errors, STATUS_USAGE, "%zu runs in one picture: at most %d", count,
                          FIGURE_RUNS);
    for (size_t i = 0; i < count && !status; i++, self->count++)
        status = past_run_read(&self->run[i], folder[i], errors);
    if (!status) tell_apart(self);
    return status;
}

void scene_close(struct scene *self)
{
    for (size_t i = 0; i < self->count; i++) past_run_free(&self->run[i]);
    for (size_t i = 0; i < self->owned_count; i++) memory_free(self->owned[i]);
    memory_free(self->owned);
    *self = (struct scene){0};
}

double *scene_array(struct scene *self, size_t n)
{
    if (memory_grow(&self->owned, &self->owned_room, self->owned_count + 1,
                    sizeof *self->owned))
        return NULL;
    double *array = memory_alloc(n, sizeof *array);
    if (array) self->owned[self->owned_count++] = array;
    return array;
}
