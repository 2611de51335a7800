/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Implicit feedback by alternating least squares (Hu, Koren & Volinsky 2008, ICDM): preference
 * p_ui = 1 for what was met, else 0, with confidence c_ui = 1 + alpha r_ui, minimise
 *     sum over all u, i of c_ui (p_ui - x_u . y_i)^2 + lambda (sum |x_u|^2 + sum |y_i|^2)
 * With Y fixed, (Y'Y + sum over i met (c_ui - 1) y_i y_i' + lambda I) x_u = sum c_ui y_i.
 * That is solved by a few steps of conjugate gradients from the x_u of before (Takács, Pilászy
 * & Tikk 2011, RecSys): a step costs O(n_u factors + factors^2), no matrix is built.
 *
 * Each row of a side is solved on its own, so threads change no bit. r is the row's value, or 1
 * with `values` off; a row of value <= 0 is confidence 1 in preference 0.
 */
#include "base/memory.h"
#include "engine/team.h"
#include "factors.h"
#include "postings.h"
#include "recommenders.h"
#include "rows.h"

#define ROWS_A_TASK 64
#define ROWS_A_SUM 512 /* products are added up in pieces, for the sake of their rounding */

struct als_parameters {
    int64_t factors, epochs, steps;
    double alpha, regularisation, spread;
    bool values;
};

#define ALS_TUNED "scripts/tune_ranking.sh, validation rows of MovieLens-100K"
static const struct schema_row rows[] = {
    ROW_INT(als_parameters, factors, "40", 1, 4096, 8, 200, "factors a user and item",
            ALS_TUNED, "ndcg"),
    ROW_INT(als_parameters, epochs, "15", 1, 10000, 5, 30, "alternations",
            "Hu, Koren & Volinsky 2008", "ndcg"),
    ROW_INT(als_parameters, steps, "3", 1, 1000, 2, 10,
            "conjugate-gradient steps a row and alternation", "Takacs et al. 2011", "ndcg"),
    ROW_FLOAT(als_parameters, alpha, "1", 0, 1e6, 0.5, 40,
              "what a row of value 1 adds to the confidence of 1", ALS_TUNED, "ndcg"),
    ROW_FLOAT(als_parameters, regularisation, "20", 0, 1e6, 0.01, 100, "pull of factors to 0",
              ALS_TUNED, "ndcg"),
    ROW_FLOAT(als_parameters, spread, "0.1", 0, 10, 0.01, 0.2,
              "standard deviation of the factors at the start", "A", "ndcg"),
    ROW_BOOL(als_parameters, values, "false", "confidence grows with a row's value",
             "Hu, Koren & Volinsky 2008", "ndcg"),
};
static const struct schema_table table = {
    .prefix = "evaluate.als", .size = sizeof(struct als_parameters), SCHEMA_ROWS(rows)};

/* One side to be solved against the other. */
struct side {
    const struct als_parameters *parameters;
    struct span_source met; /* by own */
    uint32_t rows, others;
    float *own;         /* [rows][width] */
    const float *other; /* [others][width] */
    float *gram;        /* [factors][width]: other' other + lambda I */
    float *scratch;     /* [threads][3 * width] */
    uint32_t factors, width;
};

/* One row of the Gram matrix. */
static void fill_gram(void *context, uint32_t f, uint32_t thread)
{
    const struct side *s = context;
    float *sum = s->gram + (size_t)f * s->width;
    float *piece = s->scratch + (size_t)thread * 3 * s->width;

    memset(sum, 0, s->width * sizeof(*sum));
    for (uint32_t first = 0; first < s->others; first += ROWS_A_SUM) {
        uint32_t last = s->others - first < ROWS_A_SUM ? s->others : first + ROWS_A_SUM;
        memset(piece, 0, s->width * sizeof(*piece));
        for (uint32_t i = first; i < last; i++) {
            const float *y = s->other + (size_t)i * s->width;
            lanes_add(piece, y[f], y, s->width);
        }
        lanes_add(sum, 1.0f, piece, s->width);
    }
    sum[f] += (float)s->parameters->regularisation;
}

/* out = gram x */
static void apply_gram(const struct side *s, const float *x, float *out)
{
    memset(out, 0, s->width * sizeof(*out));
    for (uint32_t f = 0; f < s->factors; f++)
        lanes_add(out, x[f], s->gram + (size_t)f * s->width, s->width);
}

/* c - 1 of an entry. */
static float confidence(const struct side *s, float value)
{
    float alpha = (float)s->parameters->alpha;

    return !s->parameters->values ? alpha : value > 0 ? alpha * value : 0.0f;
}

/* residual = right side - A x */
static void first_residual(const struct side *s, uint32_t row, const float *x, float *residual)
{
    struct span met;

    apply_gram(s, x, residual);
    for (uint32_t g = 0; g < s->width; g++) residual[g] = -residual[g];
    for (span_open(&met, &s->met, row); span_next(&met);)
        for (uint32_t k = 0; k < met.count; k++) {
            const float *y = s->other + (size_t)met.other[k] * s->width;
            float extra = confidence(s, met.value[k]);
            float wanted = !s->parameters->values || met.value[k] > 0 ? 1 + extra : 0.0f;
            lanes_add(residual, wanted - extra * lanes_dot(x, y, s->width), y, s->width);
        }
}

/* out = A x */
static void apply(const struct side *s, uint32_t row, const float *x, float *out)
{
    struct span met;

    apply_gram(s, x, out);
    for (span_open(&met, &s->met, row); span_next(&met);)
        for (uint32_t k = 0; k < met.count; k++) {
            const float *y = s->other + (size_t)met.other[k] * s->width;
            lanes_add(out, confidence(s, met.value[k]) * lanes_dot(x, y, s->width), y,
                      s->width);
        }
}

static void solve_row(const struct side *s, uint32_t row, float *scratch)
{
    float *x = s->own + (size_t)row * s->width, *residual = scratch;
    float *direction = scratch + s->width, *image = direction + s->width;
    float square, next, length;

    first_residual(s, row, x, residual);
    memcpy(direction, residual, s->width * sizeof(*direction));
    square = lanes_dot(residual, residual, s->width);
    for (int64_t step = 0; step < s->parameters->steps && square > 1e-20f; step++) {
        apply(s, row, direction, image);
        length = lanes_dot(direction, image, s->width);
        if (!(length > 0)) return;
        lanes_add(x, square / length, direction, s->width);
        lanes_add(residual, -square / length, image, s->width);
        next = lanes_dot(residual, residual, s->width);
        lanes_mix(direction, next / square, 1.0f, residual, s->width);
        square = next;
    }
}

static void solve_rows(void *context, uint32_t task, uint32_t thread)
{
    const struct side *s = context;
    uint32_t first = task * ROWS_A_TASK, rest = s->rows - first;

    for (uint32_t r = first; r < first + (rest < ROWS_A_TASK ? rest : ROWS_A_TASK); r++)
        if (span_any(&s->met, r))
            solve_row(s, r, s->scratch + (size_t)thread * 3 * s->width);
        else
            memset(s->own + (size_t)r * s->width, 0, s->width * sizeof(float));
}

static void solve_side(struct side *s, struct team *team)
{
    team_run(team, s->factors, fill_gram, s);
    team_run(team, (s->rows + ROWS_A_TASK - 1) / ROWS_A_TASK, solve_rows, s);
}

static enum status train(void *state, const void *parameters, const struct interactions *log,
                         const struct training *how)
{
    static const struct purpose purpose = {"recommend.als", PURPOSE_LUCK};
    const struct als_parameters *p = parameters;
    struct factors *base = state;
    struct interaction_index by_user = {0};
    struct postings by_item = {0};
    struct team team;
    struct side users, items;
    float *gram = NULL, *scratch = NULL;
    enum status status = factors_init(base, log, (uint32_t)p->factors, false);

    team_init(&team, how->threads);
    if (!status) status = interaction_index_init(&by_user, log);
    if (!status) status = postings_init(&by_item, log, BY_ITEM, p->values);
    if (status) goto out;
    gram = memory_alloc((size_t)base->factors * base->width, sizeof(*gram));
    scratch = memory_alloc((size_t)3 * base->width * team.threads, sizeof(*scratch));
    status = gram && scratch ? STATUS_OK : STATUS_NO_MEMORY;
    if (status) goto out;
    factors_draw(base, stream_key(how->seed, &purpose), (float)p->spread);
    users = (struct side){.parameters = p,
                          .met = {.index = &by_user},
                          .rows = base->users,
                          .others = base->items,
                          .own = base->user,
                          .other = base->item,
                          .gram = gram,
                          .scratch = scratch,
                          .factors = base->factors,
                          .width = base->width};
    items = users;
    items.met = (struct span_source){.postings = &by_item};
    items.rows = base->items;
    items.others = base->users;
    items.own = base->item;
    items.other = base->user;
    for (int64_t epoch = 0; epoch < p->epochs; epoch++) {
        solve_side(&users, &team);
        solve_side(&items, &team);
    }
out:
    team_free(&team);
    interaction_index_free(&by_user);
    postings_free(&by_item);
    memory_free(gram);
    memory_free(scratch);
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

const struct recommender recommend_als = {
    .about = {.name = "als",
              .doc = "factors of implicit feedback, by alternating least squares",
              .reference = "Hu, Koren & Volinsky 2008, doi 10.1109/ICDM.2008.22",
              .parameters = &table,
              .state_size = sizeof(struct factors)},
    .train = train,
    .predict = predict,
    .score = score,
    .free = release,
};
