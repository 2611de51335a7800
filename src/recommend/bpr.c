/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bayesian personalised ranking (Rendle et al. 2009, UAI): of a user u, an item i that it met
 * and a random item j that it did not,
 *     x = b_i - b_j + p_u . (q_i - q_j),     maximise ln sigmoid(x) - lambda |..|^2
 * by stochastic gradient ascent, one j for each row of the log in each epoch. Values do not
 * count. j is drawn from the items of i's block, and blocks are dealt anew each epoch
 * (strata.h), so that over the epochs every item is met.
 *
 * `propensity` weighs a row by its item's popularity to the power of minus that.
 */
#include "base/memory.h"
#include "factors.h"
#include "postings.h"
#include "recommenders.h"
#include "rows.h"
#include "strata.h"

#define TRIES 16 /* draws of j; a user who met all of a block's items has none */

struct bpr_parameters {
    int64_t factors, epochs;
    double rate, decay, regularisation, bias_regularisation, spread, propensity;
};

#define BPR_TUNED "scripts/tune_ranking.sh, validation rows of MovieLens-100K"
static const struct schema_row rows[] = {
    ROW_INT(bpr_parameters, factors, "64", 1, 4096, 8, 200, "factors a user and item",
            "RecBole 1.2, BPR", "ndcg"),
    ROW_INT(bpr_parameters, epochs, "100", 1, 100000, 10, 200, "passes over the log", BPR_TUNED,
            "ndcg"),
    ROW_FLOAT(bpr_parameters, rate, "0.1", 0, 10, 0.005, 0.2, "step of a row", BPR_TUNED,
              "ndcg"),
    ROW_FLOAT(bpr_parameters, decay, "0.97", 0, 1, 0.9, 1,
              "factor on the rate after each epoch", BPR_TUNED, "ndcg"),
    ROW_FLOAT(bpr_parameters, regularisation, "0.02", 0, 100, 0.001, 0.1,
              "pull of factors to 0", BPR_TUNED, "ndcg"),
    ROW_FLOAT(bpr_parameters, bias_regularisation, "0.01", 0, 100, 0.001, 0.1,
              "pull of biases to 0", BPR_TUNED, "ndcg"),
    ROW_FLOAT(bpr_parameters, spread, "0.1", 0, 10, 0.01, 0.2,
              "standard deviation of the factors at the start", "A", "ndcg"),
    ROW_FLOAT(bpr_parameters, propensity, "0", 0, 2, 0, 1,
              "power of inverse-propensity weights by popularity; 0 = none",
              "Schnabel et al. 2016", "ndcg"),
};
static const struct schema_table table = {
    .prefix = "evaluate.bpr", .size = sizeof(struct bpr_parameters), SCHEMA_ROWS(rows)};

struct epoch {
    const struct factors *base;
    const struct bpr_parameters *parameters;
    const struct postings *met; /* by user */
    const float *weight;        /* [items] */
    struct stream_key key;
    /* y = keep y + e step x, lane by lane; [width] */
    float *keep_user, *step_user, *keep_item, *step_item;
};

static void set_steps(void *context, double rate)
{
    struct epoch *self = context;
    const struct bpr_parameters *p = self->parameters;
    uint32_t factors = self->base->factors;

    for (uint32_t f = 0; f < self->base->width; f++) {
        double pull = f < factors ? p->regularisation : p->bias_regularisation;
        bool learns = f < factors || f == factors + 1;
        self->keep_item[f] = learns ? (float)(1 - rate * pull) : 1.0f;
        self->step_item[f] = learns ? (float)rate : 0.0f;
        self->keep_user[f] = f < factors ? self->keep_item[f] : 1.0f;
        self->step_user[f] = f < factors ? (float)rate : 0.0f;
    }
}

/* e = sigmoid(-x), weighted. */
static inline void step(const struct epoch *self, float *user, float *liked, float *other,
                        float weight)
{
    lanes_eight *p = (lanes_eight *)user, *q = (lanes_eight *)liked, *o = (lanes_eight *)other;
    const lanes_eight *keep = (const lanes_eight *)self->keep_item;
    const lanes_eight *rate = (const lanes_eight *)self->step_item;
    const lanes_eight *stay = (const lanes_eight *)self->keep_user;
    const lanes_eight *turn = (const lanes_eight *)self->step_user;
    uint32_t groups = self->base->width / LANES;
    lanes_eight sum = p[0] * (q[0] - o[0]);
    float e;

    for (uint32_t g = 1; g < groups; g++) sum += p[g] * (q[g] - o[g]);
    e = weight * maths_sigmoidf(-lanes_sum(&sum));
    for (uint32_t g = 0; g < groups; g++) {
        lanes_eight x = p[g], y = q[g], z = o[g], move = (e * rate[g]) * x;
        q[g] = keep[g] * y + move;
        o[g] = keep[g] * z - move;
        p[g] = stay[g] * x + (e * turn[g]) * (y - z);
    }
}

static void visit(void *context, const struct stratum_cell *cell)
{
    const struct epoch *self = context;
    struct stream s = stream_open(self->key, cell->occasion, 0);

    for (size_t r = 0; r < cell->count; r++) {
        uint32_t user = cell->row[r].user, item = cell->row[r].item, other = item;
        int tries = 0;
        do other = cell->items[(uint64_t)stream_word(&s) * cell->item_count >> 32];
        while (postings_has(self->met, user, other) && ++tries < TRIES);
        if (tries < TRIES)
            step(self, factors_user(self->base, user), factors_item(self->base, item),
                 factors_item(self->base, other), self->weight[item]);
    }
}

static enum status train(void *state, const void *parameters, const struct interactions *log,
                         const struct training *how)
{
    static const struct purpose purpose = {"recommend.bpr", PURPOSE_LUCK};
    const struct bpr_parameters *p = parameters;
    struct factors *base = state;
    struct postings met = {0};
    float *weight = NULL, *steps = NULL;
    enum status status = factors_init(base, log, (uint32_t)p->factors, true);
    struct epoch epoch = {
        .base = base, .parameters = p, .met = &met, .key = stream_key(how->seed, &purpose)};
    const struct strata_plan plan = {.key = epoch.key,
                                     .bytes = base->width * sizeof(float),
                                     .threads = how->threads,
                                     .epochs = p->epochs,
                                     .rate = p->rate,
                                     .decay = p->decay,
                                     .begin = set_steps,
                                     .visit = visit};

    if (!status) status = postings_init(&met, log, BY_USER, false);
    if (!status) status = factors_propensity(log, p->propensity, &weight);
    if (!status && !(steps = memory_alloc((size_t)4 * base->width, sizeof(*steps))))
        status = STATUS_NO_MEMORY;
    if (status) goto out;
    epoch.weight = weight;
    epoch.keep_item = steps;
    epoch.step_item = steps + base->width;
    epoch.keep_user = steps + (size_t)2 * base->width;
    epoch.step_user = steps + (size_t)3 * base->width;
    factors_draw(base, epoch.key, (float)p->spread);
    status = strata_run(&plan, log, &epoch);
out:
    memory_free(weight);
    memory_free(steps);
    postings_free(&met);
    return status;
}

static float predict(const void *state, uint32_t user, uint32_t item)
{
    return factors_dot(state, user, item);
}

static void score(const void *state, uint32_t user, float *out)
{
    factors_score(state, user, out);
}

static void release(void *state) { factors_free(state); }

const struct recommender recommend_bpr = {
    .about = {.name = "bpr",
              .doc = "factors that put what was met above what was not",
              .reference = "Rendle et al. 2009, arXiv 1205.2618",
              .parameters = &table,
              .state_size = sizeof(struct factors)},
    .train = train,
    .predict = predict,
    .score = score,
    .free = release,
};
