/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How good the recommender is against the truth that it never sees: NDCG@10, regret and AUC of
 * its personalised ranking of the sampled videos, for the panel's viewers.
 */
#include <math.h>

#include "base/memory.h"
#include "measure/metric.h"
#include "measure/ranking.h"

static const struct column columns[] = {
    {"ndcg_true", "1",
     "NDCG@10 of the personalised ranking over sampled active videos, gain = expected match "
     "above 0; mean over the panel"},
    {"auc_true", "1",
     "chance that the ranking puts a video of expected match above 0 before one below"},
    {"regret_true", "match", "mean match of the true top 10 less that of the ranked top 10"},
};

#define PARTS 64 /* the panel is cut into so many, each summed in order */

struct part {
    double ndcg, regret, auc;
    size_t viewers, both; /* with an NDCG; with an AUC */
    enum status status;
};

struct looking {
    const struct metric_view *view;
    struct part part[PARTS];
};

static void look_at(const struct metric_view *view, uint32_t viewer, struct part *part)
{
    size_t n = view->sample_count;
    float *score = memory_alloc(2 * n, sizeof *score), *truth = score ? score + n : NULL;
    uint32_t *order = memory_alloc(n, sizeof *order);
    if (!score || !order) {
        part->status = STATUS_NO_MEMORY;
    } else {
        view->rank.score(view->rank.self, viewer, view->sample_videos, n, score);
        for (size_t i = 0; i < n; i++)
            truth[i] = view->truth.match(view->truth.self, viewer, view->sample_videos[i]);
        const struct ranking r = ranking_of(score, truth, n, order);
        if (!isnan(r.ndcg)) {
            part->ndcg += r.ndcg;
            part->regret += r.regret;
            part->viewers++;
        }
        if (!isnan(r.auc)) {
            part->auc += r.auc;
            part->both++;
        }
    }
    memory_free(score);
    memory_free(order);
}

static void look_at_part(void *context, uint32_t item, uint32_t thread)
{
    (void)thread;
    struct looking *looking = context;
    const struct panel *panel = &looking->view->panel;
    size_t from = panel->count * item / PARTS, to = panel->count * (item + 1) / PARTS;
    for (size_t p = from; p < to; p++)
        look_at(looking->view, panel->viewer[p], &looking->part[item]);
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    (void)states;
    struct looking looking = {.view = view};
    struct part sum = {0};
    if (view->sample_count) team_run(view->world->team, PARTS, look_at_part, &looking);
    for (size_t i = 0; i < PARTS; i++) {
        sum.ndcg += looking.part[i].ndcg;
        sum.regret += looking.part[i].regret;
        sum.auc += looking.part[i].auc;
        sum.viewers += looking.part[i].viewers;
        sum.both += looking.part[i].both;
        metric_fault(view, looking.part[i].status);
    }
    cells[0] = sum.viewers ? cell_float(sum.ndcg / (double)sum.viewers) : cell_empty();
    cells[1] = sum.both ? cell_float(sum.auc / (double)sum.both) : cell_empty();
    cells[2] = sum.viewers ? cell_float(sum.regret / (double)sum.viewers) : cell_empty();
}

const struct metric metric_ranking_quality = {
    .about = {.name = "ranking_quality",
              .doc = "NDCG@10, AUC and regret of the ranking against the true match",
              .reference = "Järvelin & Kekäläinen 2002; Hanley & McNeil 1982"},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .sample = sample,
};
