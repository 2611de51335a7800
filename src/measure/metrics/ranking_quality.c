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
};

struct looking {
    const struct metric_view *view;
    struct ranking *of; /* [panel] */
    enum status status[PARTS];
};

static enum status look_at(const struct metric_view *view, uint32_t viewer, struct ranking *out)
{
    size_t n = view->sample_count;
    enum status status = STATUS_NO_MEMORY;
    float *score = memory_alloc(2 * n, sizeof *score), *truth = score ? score + n : NULL;
    uint32_t *order = memory_alloc(n, sizeof *order);
    if (score && order) {
        view->rank.score(view->rank.self, viewer, view->sample_videos, n, score);
        for (size_t i = 0; i < n; i++)
            truth[i] = view->truth.match(view->truth.self, viewer, view->sample_videos[i]);
        *out = ranking_of(score, truth, n, order);
        status = STATUS_OK;
    }
    memory_free(score);
    memory_free(order);
    return status;
}

static size_t part_begin(const struct panel *panel, size_t part)
{
    return panel->count * part / PARTS;
}

static void look_at_part(void *context, uint32_t item, uint32_t thread)
{
    struct looking *looking = context;
    const struct world *w = looking->view->world;
    const struct panel *panel = &looking->view->panel;
    (void)thread;
    for (size_t p = part_begin(panel, item); p < part_begin(panel, item + 1); p++) {
        if (w->viewers[entity_shard(w->shards, panel->viewer[p])].elsewhere) continue;
        enum status status = look_at(looking->view, panel->viewer[p], &looking->of[p]);
        if (status) looking->status[item] = status;
    }
}

/* Each viewer is looked at where it is. */
static void look(struct looking *looking)
{
    const struct world *w = looking->view->world;
    const struct panel *panel = &looking->view->panel;
    team_run(w->team, PARTS, look_at_part, looking);
    while (post_turn(w->post))
        for (size_t p = 0; p < panel->count; p++)
            post_bytes(w->post, entity_shard(w->shards, panel->viewer[p]), &looking->of[p],
                       sizeof *looking->of);
}

static struct part sum_part(const struct looking *looking, size_t item)
{
    const struct panel *panel = &looking->view->panel;
    struct part part = {0};
    for (size_t p = part_begin(panel, item); p < part_begin(panel, item + 1); p++) {
        const struct ranking *r = &looking->of[p];
        if (!isnan(r->ndcg)) {
            part.ndcg += r->ndcg;
            part.regret += r->regret;
            part.viewers++;
        }
        if (!isnan(r->auc)) {
            part.auc += r->auc;
            part.both++;
        }
    }
    return part;
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    struct looking looking = {.view = view};
    struct part sum = {0};
    (void)states;
    looking.of = memory_alloc(view->panel.count, sizeof *looking.of);
    if (!looking.of) {
        metric_fault(view, STATUS_NO_MEMORY);
        return;
    }
    if (view->sample_count) look(&looking);
    for (size_t i = 0; i < PARTS && view->sample_count; i++) {
        const struct part part = sum_part(&looking, i);
        sum.ndcg += part.ndcg;
        sum.regret += part.regret;
        sum.auc += part.auc;
        sum.viewers += part.viewers;
        sum.both += part.both;
        metric_fault(view, looking.status[i]);
    }
    memory_free(looking.of);
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
