/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A factorisation machine (Rendle 2010, ICDM) on the features user, item and, with `profile`,
 * the items that the user has met, each of value x = n_u^-1/2:
 *     y = w_0 + sum of w_f x_f + sum over pairs f < g of <v_f, v_g> x_f x_g
 * by stochastic gradient descent on the squared error. With z = sum over met of x v_j,
 *     y = w_0 + w_u + w_i + x sum w_j + v_u.v_i + (v_u + v_i).z + (|z|^2 - x^2 sum |v_j|^2)
 * / 2.
 *
 * A user's rows come one after another. Then every profile feature takes the same steps but for
 * its own pull, so the rows of the user need only z and sum |v_j|^2, which follow exactly, and
 * the v_j are moved once a user. In the end what depends on the user alone goes into the user's
 * row, and a score is one dot product.
 *
 * Order matters from user to user: one thread does it all.
 */
#include "base/memory.h"
#include "factors.h"
#include "recommenders.h"
#include "rows.h"
#include "shuffle.h"

struct fm_parameters {
    int64_t factors, epochs;
    double rate, decay, regularisation, bias_regularisation, spread;
    bool profile;
};

#define FM_TUNED "scripts/tune_ratings.sh, inner splits of MovieLens-100K"
static const struct schema_row rows[] = {
    ROW_INT(fm_parameters, factors, "50", 1, 4096, 8, 200, "factors a feature", FM_TUNED,
            "rmse"),
    ROW_INT(fm_parameters, epochs, "50", 1, 100000, 10, 100, "passes over the log", FM_TUNED,
            "rmse"),
    ROW_FLOAT(fm_parameters, rate, "0.01", 0, 10, 0.001, 0.05, "step of a row", FM_TUNED,
              "rmse"),
    ROW_FLOAT(fm_parameters, decay, "0.98", 0, 1, 0.9, 1, "factor on the rate after each epoch",
              FM_TUNED, "rmse"),
    ROW_FLOAT(fm_parameters, regularisation, "0.08", 0, 100, 0.01, 0.2, "pull of factors to 0",
              FM_TUNED, "rmse"),
    ROW_FLOAT(fm_parameters, bias_regularisation, "0.03", 0, 100, 0.001, 0.1,
              "pull of single weights to 0", FM_TUNED, "rmse"),
    ROW_FLOAT(fm_parameters, spread, "0.03", 0, 10, 0.01, 0.2,
              "standard deviation of the factors at the start", FM_TUNED, "rmse"),
    ROW_BOOL(fm_parameters, profile, "true", "with the items that the user has met as features",
             "Rendle 2010", "rmse"),
};
static const struct schema_table table = {
    .prefix = "evaluate.fm", .size = sizeof(struct fm_parameters), SCHEMA_ROWS(rows)};

struct machine {
    struct factors *base;
    const struct fm_parameters *parameters;
    struct stream_key key;
    float rate;                   /* of this epoch */
    struct interaction_index met; /* owned, like all below */
    float *evidence;              /* v_j; [items][width], 0 past the factors */
    float *weight;                /* w_j; [items] */
    float *scratch;               /* see struct profile; [4 * width] */
    uint32_t *order;              /* users */
};

/* One user's profile features together. */
struct profile {
    float x;            /* their value */
    float *sum;         /* z; [width], like the next */
    float *moved;       /* what each v_j moves by, over x */
    float *user, *item; /* what one row's item and user meet: v_u + z, v_i + z */
    float squares;      /* x^2 sum |v_j|^2 */
    float linear;       /* x sum w_j */
    float shift;        /* what each w_j moves by, over x */
    float fade, hold;   /* factors on v_j and w_j */
};

static struct profile profile_open(const struct machine *self, uint32_t user)
{
    uint32_t width = self->base->width;
    size_t first = self->met.offset[user], last = self->met.offset[user + 1];
    struct profile z = {.sum = self->scratch, .fade = 1.0f, .hold = 1.0f};

    z.moved = z.sum + width;
    z.user = z.moved + width;
    z.item = z.user + width;
    memset(z.sum, 0, 2 * width * sizeof(float));
    if (!self->parameters->profile || first == last) return z;
    z.x = 1.0f / sqrtf((float)(last - first));
    for (size_t k = first; k < last; k++) {
        const float *v = self->evidence + (size_t)self->met.other[k] * width;
        lanes_add(z.sum, z.x, v, width);
        z.squares += lanes_dot(v, v, width);
        z.linear += z.x * self->weight[self->met.other[k]];
    }
    z.squares *= z.x * z.x;
    return z;
}

static void profile_close(struct machine *self, const struct profile *z, uint32_t user)
{
    uint32_t width = self->base->width;
    size_t first = self->met.offset[user], last = self->met.offset[user + 1];

    for (size_t k = first; z->x > 0 && k < last; k++) {
        uint32_t j = self->met.other[k];
        lanes_mix(self->evidence + (size_t)j * width, z->fade, z->x, z->moved, width);
        self->weight[j] = z->hold * self->weight[j] + z->x * z->shift;
    }
}

/* z and its sums after a step of g = rate e (v_u + v_i + z); `move` is rate e. */
static void profile_step(struct profile *z, const struct machine *self, const float *g,
                         float move)
{
    const struct fm_parameters *p = self->parameters;
    uint32_t width = self->base->width;
    float rate = self->rate, keep = 1.0f - rate * (float)p->regularisation - move * z->x * z->x;
    float hold = 1.0f - rate * (float)p->bias_regularisation;

    z->squares = keep * keep * z->squares +
                 z->x * z->x *
                     (2 * keep * lanes_dot(g, z->sum, width) + lanes_dot(g, g, width));
    lanes_mix(z->sum, keep, 1.0f, g, width);
    lanes_mix(z->moved, keep, 1.0f, g, width);
    z->fade *= keep;
    z->linear = hold * z->linear + move;
    z->shift = hold * z->shift + move;
    z->hold *= hold;
}

/* v += rate (e other - lambda v) on the factors, and on the bias in its lane. */
static void feature_step(const struct machine *self, float *v, const float *other, float e,
                         uint32_t bias)
{
    const struct fm_parameters *p = self->parameters;
    float rate = self->rate, keep = 1.0f - rate * (float)p->regularisation;
    float weight = (1.0f - rate * (float)p->bias_regularisation) * v[bias] + rate * e;
    float one[2] = {v[self->base->factors], v[self->base->factors + 1]};

    lanes_mix(v, keep, rate * e, other, self->base->width);
    memcpy(v + self->base->factors, one, sizeof(one));
    v[bias] = weight;
}

static void train_user(struct machine *self, uint32_t user)
{
    struct factors *base = self->base;
    uint32_t width = base->width, factors = base->factors;
    float *p = factors_user(base, user);
    struct profile z = profile_open(self, user);

    for (size_t k = self->met.offset[user]; k < self->met.offset[user + 1]; k++) {
        float *q = factors_item(base, self->met.other[k]), e;
        for (uint32_t f = 0; f < width; f++) {
            z.user[f] = p[f] + z.sum[f];
            z.item[f] = q[f] + z.sum[f];
        }
        e = self->met.value[k] - base->mean - z.linear - lanes_dot(z.user, q, width) -
            lanes_dot(p, z.sum, width) - 0.5f * (lanes_dot(z.sum, z.sum, width) - z.squares);
        feature_step(self, p, z.item, e, factors);
        feature_step(self, q, z.user, e, factors + 1);
        if (!(z.x > 0)) continue;
        /* v_u + v_i + z, as they were: (v_u + z) + (v_i + z) - z. */
        for (uint32_t f = 0; f < factors; f++)
            z.item[f] = self->rate * e * (z.item[f] + z.user[f] - z.sum[f]);
        for (uint32_t f = factors; f < width; f++) z.item[f] = 0.0f;
        profile_step(&z, self, z.item, self->rate * e);
    }
    profile_close(self, &z, user);
}

/* What depends on the user alone: into its row. */
static void fold_user(struct machine *self, uint32_t user)
{
    uint32_t width = self->base->width;
    float *p = factors_user(self->base, user);
    struct profile z = profile_open(self, user);

    p[self->base->factors] += z.linear + lanes_dot(p, z.sum, width) +
                              0.5f * (lanes_dot(z.sum, z.sum, width) - z.squares);
    lanes_add(p, 1.0f, z.sum, width);
}

static enum status machine_init(struct machine *self, const struct interactions *log)
{
    const struct factors *base = self->base;
    enum status status = interaction_index_init(&self->met, log);

    if (status) return status;
    self->evidence = memory_alloc((size_t)log->items * base->width, sizeof(float));
    self->weight = memory_alloc(log->items, sizeof(float));
    self->scratch = memory_alloc((size_t)4 * base->width, sizeof(float));
    self->order = memory_alloc(log->users, sizeof(*self->order));
    if (!self->evidence || !self->weight || !self->scratch || !self->order)
        return STATUS_NO_MEMORY;
    for (uint32_t u = 0; u < log->users; u++) self->order[u] = u;
    for (uint32_t i = 0; i < log->items; i++) {
        struct stream s = stream_open(self->key, i, 2);
        for (uint32_t f = 0; f < base->factors; f++)
            self->evidence[(size_t)i * base->width + f] = (float)self->parameters->spread *
                                                          (float)stream_normal(&s);
    }
    return STATUS_OK;
}

static void machine_free(struct machine *self)
{
    interaction_index_free(&self->met);
    memory_free(self->evidence);
    memory_free(self->weight);
    memory_free(self->scratch);
    memory_free(self->order);
}

static enum status train(void *state, const void *parameters, const struct interactions *log,
                         const struct training *how)
{
    static const struct purpose purpose = {"recommend.fm", PURPOSE_LUCK};
    const struct fm_parameters *p = parameters;
    struct machine machine = {
        .base = state, .parameters = p, .key = stream_key(how->seed, &purpose)};
    enum status status = factors_init(machine.base, log, (uint32_t)p->factors, true);
    double rate = p->rate;

    if (!status) status = machine_init(&machine, log);
    if (status) goto out;
    factors_draw(machine.base, machine.key, (float)p->spread);
    for (uint32_t epoch = 0; epoch < p->epochs; epoch++, rate *= p->decay) {
        struct stream s = stream_open(machine.key, 1, epoch);
        machine.rate = (float)rate;
        shuffle_order(&s, machine.order, log->users);
        for (uint32_t u = 0; u < log->users; u++) train_user(&machine, machine.order[u]);
    }
    for (uint32_t u = 0; u < log->users; u++) fold_user(&machine, u);
out:
    machine_free(&machine);
    return status;
}

static float predict(const void *state, uint32_t user, uint32_t item)
{
    const struct factors *self = state;

    return factors_clip(self, self->mean + factors_dot(self, user, item));
}

static void score(const void *state, uint32_t user, float *out)
{
    factors_score(state, user, out);
}

static void release(void *state) { factors_free(state); }

const struct recommender recommend_fm = {
    .about = {.name = "fm",
              .doc = "factorisation machine on user, item and what the user met",
              .reference = "Rendle 2010, doi 10.1109/ICDM.2010.127",
              .parameters = &table,
              .state_size = sizeof(struct factors)},
    .ratings = true,
    .train = train,
    .predict = predict,
    .score = score,
    .free = release,
};
