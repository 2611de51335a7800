/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Matrix factorisation with biases by stochastic gradient descent (Koren, Bell & Volinsky 2009;
 * Funk 2006):
 *     r_ui = mean + b_u + b_i + p_u . q_i,       e = r - r_ui
 *     p_u += rate (e q_i - lambda p_u), q_i += rate (e p_u - lambda q_i), b += rate (e - ..)
 * Loss `logistic` (Johnson 2014) has e = y - sigmoid(b_u + b_i + p_u . q_i) instead, y = 1 for
 * rows of value >= positive_from and for each of them `negatives` items with y = 0. (Defaults
 * are those of the squared loss; on MovieLens-100K this one wants regularisation .02, rate
 * .05.)
 *
 * `implicit` adds to p_u what the items say that a user has met (SVD++; Koren 2008, KDD):
 *     p_u + z_u,    z_u = n_u^-1/2 sum over j met of y_j
 * With a user's rows one after another, e moves all y_j in one direction and z_u by the same
 * step as p_u; so y_j are touched twice a user instead of twice a row, with the same outcome.
 *
 * `propensity` weighs a row by its item's popularity to the power of minus that.
 */
#include "base/memory.h"
#include "factors.h"
#include "recommenders.h"
#include "rows.h"
#include "shuffle.h"
#include "strata.h"

enum loss { SQUARED, LOGISTIC };

struct mf_parameters {
    int64_t factors, epochs, negatives;
    double rate, decay, regularisation, bias_regularisation, spread, propensity, positive_from;
    int32_t loss;
    bool implicit, biases, nonnegative;
};

#define MF_TUNED "scripts/tune_ratings.sh, inner splits of MovieLens-100K"
static const struct schema_row rows[] = {
    ROW_INT(mf_parameters, factors, "100", 1, 4096, 8, 200, "factors a user and item", MF_TUNED,
            "rmse"),
    ROW_INT(mf_parameters, epochs, "100", 1, 100000, 10, 100, "passes over the log", MF_TUNED,
            "rmse"),
    ROW_FLOAT(mf_parameters, rate, "0.01", 0, 10, 0.002, 0.05, "step of a row", MF_TUNED,
              "rmse"),
    ROW_FLOAT(mf_parameters, decay, "0.98", 0, 1, 0.9, 1, "factor on the rate after each epoch",
              MF_TUNED, "rmse"),
    ROW_FLOAT(mf_parameters, regularisation, "0.1", 0, 100, 0.01, 0.2, "pull of factors to 0",
              MF_TUNED, "rmse"),
    ROW_FLOAT(mf_parameters, bias_regularisation, "0.03", 0, 100, 0.001, 0.1,
              "pull of biases to 0", MF_TUNED, "rmse"),
    ROW_FLOAT(mf_parameters, spread, "0.05", 0, 10, 0.01, 0.2,
              "standard deviation of the factors at the start", "Surprise 1.1, SVD", "rmse"),
    ROW_FLOAT(mf_parameters, propensity, "0", 0, 2, 0, 1,
              "power of inverse-propensity weights by popularity; 0 = none",
              "Schnabel et al. 2016", "ndcg"),
    ROW_CHOICE(mf_parameters, loss, "\"squared\"", "squared|logistic",
               "squared error of values, or log-likelihood of who meets what", "scenario",
               "ndcg"),
    ROW_FLOAT(mf_parameters, positive_from, "0", -1e30, 1e30, 0, 5,
              "logistic: rows from this value on are positive", "A", "ndcg"),
    ROW_INT(mf_parameters, negatives, "4", 0, 1000, 1, 20,
            "logistic: random items taken as negative for each positive row",
            "He et al. 2017, NCF", "ndcg"),
    ROW_BOOL(mf_parameters, implicit, "false", "what a user met adds to its factors (SVD++)",
             "Koren 2008", "rmse"),
    ROW_BOOL(mf_parameters, biases, "true", "with the mean and biases of users and items",
             "Koren et al. 2009", "rmse"),
    ROW_BOOL(mf_parameters, nonnegative, "false", "factors stay at 0 or above (NMF)",
             "Lee & Seung 1999", "rmse"),
};
static const struct schema_table table = {
    .prefix = "evaluate.mf", .size = sizeof(struct mf_parameters), SCHEMA_ROWS(rows)};

struct mf {
    struct factors base;
    bool logistic;
};

/* What a step of one epoch takes: y = keep y + e step x, lane by lane. */
struct epoch {
    struct factors *base;
    const struct mf_parameters *parameters;
    struct stream_key key;
    uint32_t groups;                                      /* of lanes a row */
    const float *weight;                                  /* [items] */
    float *keep_user, *step_user, *keep_item, *step_item; /* [width] */
    float offset;                                         /* mean, or 0 */
};

static void set_steps(void *context, double rate)
{
    struct epoch *self = context;
    const struct mf_parameters *p = self->parameters;
    uint32_t factors = self->base->factors, width = self->base->width;

    for (uint32_t f = 0; f < width; f++) {
        bool bias = f >= factors;
        double keep = 1 - rate * (bias ? p->bias_regularisation : p->regularisation);
        bool user = f < factors || (f == factors && p->biases);
        bool item = f < factors || (f == factors + 1 && p->biases);
        self->keep_user[f] = user ? (float)keep : 1.0f;
        self->keep_item[f] = item ? (float)keep : 1.0f;
        self->step_user[f] = user ? (float)rate : 0.0f;
        self->step_item[f] = item ? (float)rate : 0.0f;
    }
}

/* One step of p and q; the item's side sees x, which is p but for SVD++. */
static inline void step(const struct epoch *self, float *p, const float *x, float *q, float e)
{
    lanes_eight *user = (lanes_eight *)p, *item = (lanes_eight *)q;
    const lanes_eight *whole = (const lanes_eight *)x;
    const lanes_eight *ku = (const lanes_eight *)self->keep_user;
    const lanes_eight *ki = (const lanes_eight *)self->keep_item;
    const lanes_eight *su = (const lanes_eight *)self->step_user;
    const lanes_eight *si = (const lanes_eight *)self->step_item;

    for (uint32_t g = 0; g < self->groups; g++) {
        lanes_eight seen = whole[g], other = item[g];
        user[g] = ku[g] * user[g] + (e * su[g]) * other;
        item[g] = ki[g] * other + (e * si[g]) * seen;
    }
}

static inline void squared_rows(const struct epoch *steps, const struct stratum_cell *cell,
                                uint32_t width)
{
    struct epoch self = *steps;
    float *users = self.base->user, *items = self.base->item;

    self.groups = width / LANES;
    for (size_t r = 0; r < cell->count; r++) {
        const struct stratum_row *row = &cell->row[r];
        float *p = users + (size_t)row->user * width, *q = items + (size_t)row->item * width;
        float e = row->value - self.offset - lanes_dot(p, q, width);
        step(&self, p, p, q, e * self.weight[row->item]);
    }
}

static void visit_squared(void *context, const struct stratum_cell *cell)
{
    const struct epoch *self = context;

    /* 20 factors in code of their own, unrolled. */
    if (self->base->width == 24)
        squared_rows(self, cell, 24);
    else
        squared_rows(self, cell, self->base->width);
}

static void keep_positive(float *row, uint32_t factors)
{
    for (uint32_t f = 0; f < factors; f++) row[f] = row[f] > 0 ? row[f] : 0.0f;
}

static void visit_nonnegative(void *context, const struct stratum_cell *cell)
{
    const struct epoch *self = context;
    const struct factors *base = self->base;

    for (size_t r = 0; r < cell->count; r++) {
        const struct stratum_row *row = &cell->row[r];
        float *p = factors_user(base, row->user), *q = factors_item(base, row->item);
        float e = row->value - self->offset - lanes_dot(p, q, base->width);
        step(self, p, p, q, e * self->weight[row->item]);
        keep_positive(p, base->factors);
        keep_positive(q, base->factors);
    }
}

static void step_logistic(const struct epoch *self, uint32_t user, uint32_t item, bool positive)
{
    float *p = factors_user(self->base, user), *q = factors_item(self->base, item);
    float chance = maths_sigmoidf(lanes_dot(p, q, self->base->width));

    /* Only what was met is met in proportion to its propensity (Saito et al. 2020, WSDM). */
    step(self, p, p, q, positive ? self->weight[item] * (1.0f - chance) : -chance);
}

static void visit_logistic(void *context, const struct stratum_cell *cell)
{
    const struct epoch *self = context;
    float from = (float)self->parameters->positive_from;
    struct stream s = stream_open(self->key, cell->occasion, 0);

    for (size_t r = 0; r < cell->count; r++) {
        const struct stratum_row *row = &cell->row[r];
        bool positive = row->value >= from;
        step_logistic(self, row->user, row->item, positive);
        for (int64_t n = 0; positive && n < self->parameters->negatives; n++)
            step_logistic(self, row->user, cell->items[stream_below(&s, cell->item_count)],
                          false);
    }
}

/* SVD++: what is learned of items as evidence, and one user's share of it. */
struct profiles {
    struct interaction_index met; /* owned */
    float *evidence;              /* y; owned; [items][width], 0 past the factors */
    float *sum, *moved, *whole;   /* of one user, see train_user; in one owned block */
    uint32_t *order;              /* owned; users */
};

static void profiles_free(struct profiles *self)
{
    interaction_index_free(&self->met);
    memory_free(self->evidence);
    memory_free(self->sum);
    memory_free(self->order);
}

static enum status profiles_init(struct profiles *self, const struct interactions *log,
                                 const struct epoch *epoch)
{
    const struct factors *base = epoch->base;
    size_t width = base->width;
    enum status status = interaction_index_init(&self->met, log);

    if (status) return status;
    self->evidence = memory_alloc(log->items * width, sizeof(float));
    self->sum = memory_alloc(3 * width, sizeof(float));
    self->order = memory_alloc(log->users, sizeof(*self->order));
    if (!self->evidence || !self->sum || !self->order) return STATUS_NO_MEMORY;
    self->moved = self->sum + width;
    self->whole = self->moved + width;
    for (uint32_t u = 0; u < log->users; u++) self->order[u] = u;
    for (uint32_t i = 0; i < log->items; i++) {
        struct stream s = stream_open(epoch->key, i, 2);
        for (uint32_t f = 0; f < base->factors; f++)
            self->evidence[i * width + f] = (float)epoch->parameters->spread *
                                            (float)stream_normal(&s);
    }
    return STATUS_OK;
}

/* z_u into `sum`; returns n_u^-1/2. */
static float profile_sum(struct profiles *self, uint32_t user, uint32_t width)
{
    size_t first = self->met.offset[user], last = self->met.offset[user + 1];
    float norm = last > first ? 1.0f / sqrtf((float)(last - first)) : 0.0f;

    memset(self->sum, 0, width * sizeof(float));
    for (size_t k = first; k < last; k++)
        lanes_add(self->sum, norm, self->evidence + (size_t)self->met.other[k] * width, width);
    return norm;
}

/* A user's rows in their order. `moved` gathers what each y_j moves by, over n_u^-1/2; y_j
 * decays by `fade` altogether. */
static void train_user(const struct epoch *self, struct profiles *profiles, uint32_t user,
                       float rate)
{
    const struct interaction_index *met = &profiles->met;
    struct factors *base = self->base;
    uint32_t width = base->width, factors = base->factors;
    size_t first = met->offset[user], last = met->offset[user + 1];
    float *p = factors_user(base, user), *z = profiles->sum, *x = profiles->whole;
    float norm = profile_sum(profiles, user, width), keep = self->keep_user[0], fade = 1.0f;

    memset(profiles->moved, 0, width * sizeof(float));
    for (size_t k = first; k < last; k++) {
        float *q = factors_item(base, met->other[k]), e;
        for (uint32_t f = 0; f < width; f++) x[f] = p[f] + z[f];
        e = met->value[k] - self->offset - lanes_dot(x, q, width);
        e *= self->weight[met->other[k]];
        lanes_mix(z, keep, e * rate, q, width);
        lanes_mix(profiles->moved, keep, e * rate, q, width);
        for (uint32_t f = factors; f < width; f++) z[f] = profiles->moved[f] = 0.0f;
        step(self, p, x, q, e);
        fade *= keep;
    }
    for (size_t k = first; k < last; k++)
        lanes_mix(profiles->evidence + (size_t)met->other[k] * width, fade, norm,
                  profiles->moved, width);
}

static void train_profiles(const struct epoch *self, struct profiles *profiles, uint32_t epoch,
                           float rate)
{
    struct stream s = stream_open(self->key, 1, epoch);

    shuffle_order(&s, profiles->order, self->base->users);
    for (uint32_t k = 0; k < self->base->users; k++)
        train_user(self, profiles, profiles->order[k], rate);
}

static enum status run_profiles(struct epoch *self, const struct interactions *log)
{
    const struct mf_parameters *p = self->parameters;
    struct profiles profiles = {0};
    enum status status = profiles_init(&profiles, log, self);
    double rate = p->rate;

    for (uint32_t epoch = 0; !status && epoch < p->epochs; epoch++, rate *= p->decay) {
        set_steps(self, rate);
        train_profiles(self, &profiles, epoch, (float)rate);
    }
    for (uint32_t u = 0; !status && u < log->users; u++) {
        profile_sum(&profiles, u, self->base->width);
        lanes_add(factors_user(self->base, u), 1.0f, profiles.sum, self->base->width);
    }
    profiles_free(&profiles);
    return status;
}

static enum status run_strata(struct epoch *self, const struct interactions *log,
                              uint32_t threads)
{
    const struct mf_parameters *p = self->parameters;
    const struct strata_plan plan = {.key = self->key,
                                     .bytes = self->base->width * sizeof(float),
                                     .threads = threads,
                                     .epochs = p->epochs,
                                     .rate = p->rate,
                                     .decay = p->decay,
                                     .begin = set_steps,
                                     .visit = p->loss == LOGISTIC ? visit_logistic
                                              : p->nonnegative    ? visit_nonnegative
                                                                  : visit_squared};

    return strata_run(&plan, log, self);
}

/* Without biases the product alone has to reach the mean. */
static void lift(struct factors *self, bool nonnegative)
{
    float level = self->mean > 0 ? sqrtf(self->mean / (float)self->factors) : 0.0f;

    for (uint32_t f = 0; f < self->factors; f++) {
        for (uint32_t u = 0; u < self->users; u++) factors_user(self, u)[f] += level;
        for (uint32_t i = 0; i < self->items; i++) factors_item(self, i)[f] += level;
    }
    if (!nonnegative) return;
    for (uint32_t u = 0; u < self->users; u++)
        keep_positive(factors_user(self, u), self->factors);
    for (uint32_t i = 0; i < self->items; i++)
        keep_positive(factors_item(self, i), self->factors);
}

static enum status train(void *state, const void *parameters, const struct interactions *log,
                         const struct training *how)
{
    static const struct purpose purpose = {"recommend.mf", PURPOSE_LUCK};
    const struct mf_parameters *p = parameters;
    struct mf *self = state;
    struct factors *base = &self->base;
    float *steps = NULL, *weight = NULL;
    enum status status = factors_init(base, log, (uint32_t)p->factors, true);
    struct epoch epoch = {.base = base,
                          .parameters = p,
                          .key = stream_key(how->seed, &purpose),
                          .groups = base->width / LANES};

    self->logistic = p->loss == LOGISTIC;
    if (!status) status = factors_propensity(log, p->propensity, &weight);
    if (!status && !(steps = memory_alloc((size_t)4 * base->width, sizeof(*steps))))
        status = STATUS_NO_MEMORY;
    if (status) goto out;
    epoch.weight = weight;
    epoch.keep_user = steps;
    epoch.keep_item = steps + base->width;
    epoch.step_user = steps + (size_t)2 * base->width;
    epoch.step_item = steps + (size_t)3 * base->width;
    factors_draw(base, epoch.key, (float)p->spread);
    if (!p->biases && !self->logistic) lift(base, p->nonnegative);
    if (!p->biases || self->logistic) base->mean = 0.0f;
    epoch.offset = base->mean;
    status = p->implicit && !self->logistic ? run_profiles(&epoch, log)
                                            : run_strata(&epoch, log, how->threads);
out:
    memory_free(weight);
    memory_free(steps);
    return status;
}

static float predict(const void *state, uint32_t user, uint32_t item)
{
    const struct mf *self = state;
    float value = self->base.mean + factors_dot(&self->base, user, item);

    return factors_clip(&self->base, self->logistic ? maths_sigmoidf(value) : value);
}

static void score(const void *state, uint32_t user, float *out)
{
    factors_score(&((const struct mf *)state)->base, user, out);
}

static void release(void *state) { factors_free(&((struct mf *)state)->base); }

const struct recommender recommend_mf = {
    .about = {.name = "mf",
              .doc = "factors and biases by SGD, optionally with implicit feedback (SVD++)",
              .reference = "Koren, Bell & Volinsky 2009, doi 10.1109/MC.2009.263",
              .parameters = &table,
              .state_size = sizeof(struct mf)},
    .ratings = true,
    .train = train,
    .predict = predict,
    .score = score,
    .free = release,
};
