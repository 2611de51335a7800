/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One step of each gradient method against the finite differences of the loss that it is to
 * lower, and SVD++ and factorisation machines, whose users' rows are taken together, against
 * the plain methods that touch every feature at every row.
 */
#include "recommend/factors.h"

#include "lab.h"

#define FACTORS 3
#define RATE 1e-3

/* A copy of the factors after `settings`; the caller frees. The state of a factor model begins
 * with its factors. */
static struct factors trained_factors(const char *name, const char *settings,
                                      const struct interactions *log)
{
    struct trained t;
    struct factors copy;
    size_t users, items;

    lab_train(&t, name, settings, log);
    memcpy(&copy, t.state, sizeof(copy));
    users = (size_t)copy.users * copy.width * sizeof(float);
    items = (size_t)copy.items * copy.width * sizeof(float);
    copy.user = memcpy(malloc(users), copy.user, users);
    copy.item = memcpy(malloc(items), copy.item, items);
    lab_drop(&t);
    return copy;
}

static void drop(struct factors *self)
{
    free(self->user);
    free(self->item);
}

struct case_of {
    const char *name, *settings;
    double (*loss)(const struct factors *self, double pull, double pull_bias);
};

static double dot(const struct factors *self, uint32_t user, uint32_t item)
{
    double sum = 0;

    for (uint32_t f = 0; f < self->width; f++)
        sum += (double)factors_user(self, user)[f] * (double)factors_item(self, item)[f];
    return sum;
}

static double pulled(const struct factors *self, double pull, double pull_bias)
{
    double sum = 0;
    for (uint32_t f = 0; f < self->factors; f++) {
        double p = (double)self->user[f], q = (double)self->item[f];
        sum += pull * (p * p + q * q) / 2;
    }
    sum += pull_bias * (double)self->user[self->factors] * (double)self->user[self->factors] /
           2;
    sum += pull_bias * (double)self->item[self->factors + 1] *
           (double)self->item[self->factors + 1] / 2;
    return sum;
}

static double squared(const struct factors *self, double pull, double pull_bias)
{
    double e = 4.0 - (double)self->mean - dot(self, 0, 0);

    return e * e / 2 + pulled(self, pull, pull_bias);
}

static double logistic(const struct factors *self, double pull, double pull_bias)
{
    return log(1 + exp(-dot(self, 0, 0))) + pulled(self, pull, pull_bias);
}

static double pairwise(const struct factors *self, double pull, double pull_bias)
{
    const float *other = factors_item(self, 1);
    double sum = log(1 + exp(dot(self, 0, 1) - dot(self, 0, 0))) +
                 pulled(self, pull, pull_bias);

    for (uint32_t f = 0; f < self->factors; f++)
        sum += pull * (double)other[f] * (double)other[f] / 2;
    return sum +
           pull_bias * (double)other[self->factors + 1] * (double)other[self->factors + 1] / 2;
}

static double slope(const struct case_of *c, struct factors *at, float *x, double pull,
                    double pull_bias)
{
    float here = *x, step = 1e-2f;
    double up, down;

    *x = here + step;
    up = c->loss(at, pull, pull_bias);
    *x = here - step;
    down = c->loss(at, pull, pull_bias);
    *x = here;
    return (up - down) / (2 * (double)step);
}

static void check_step(const struct case_of *c, const struct interactions *log)
{
    char settings[300];
    struct factors before, after;
    const double pull = 0.3, pull_bias = 0.2;

    for (int moved = 0; moved < 2; moved++) {
        snprintf(settings, sizeof(settings),
                 "factors=%d epochs=1 spread=0.7 regularisation=%g bias_regularisation=%g "
                 "decay=1 rate=%g %s",
                 FACTORS, pull, pull_bias, moved ? RATE : 0.0, c->settings);
        *(moved ? &after : &before) = trained_factors(c->name, settings, log);
    }
    for (uint32_t side = 0; side < 2; side++)
        for (uint32_t k = 0; k < (side ? before.items : 1) * before.width; k++) {
            float *x = (side ? before.item : before.user) + k;
            float *y = (side ? after.item : after.user) + k;
            uint32_t lane = k % before.width;
            bool learns = lane < FACTORS ||
                          lane == FACTORS + side; /* the user's bias, the item's */
            double wanted = learns ? -RATE * slope(c, &before, x, pull, pull_bias) : 0;
            if (strcmp(c->name, "bpr") == 0 && !side && lane == FACTORS) wanted = 0;
            if (fabs((double)(*y - *x) - wanted) > 1e-6 + 2e-3 * fabs(wanted))
                fail_msg("%s: side %u, lane %u moved by %g, not %g", c->name, side, k,
                         (double)(*y - *x), wanted);
        }
    drop(&before);
    drop(&after);
}

static void test_steps_go_down_the_loss(void **state)
{
    const struct case_of cases[] = {{"mf", "", squared},
                                    {"mf", "loss=logistic negatives=0", logistic},
                                    {"fm", "profile=false", squared},
                                    {"bpr", "", pairwise}};
    (void)state;

    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        struct interactions log;
        assert_int_equal(interactions_init(&log, 0), STATUS_OK);
        lab_add(&log, 0, 0, 4.0f);
        log.items = cases[c].loss == pairwise ? 2 : 1;
        check_step(&cases[c], &log);
        interactions_free(&log);
    }
}

/* The plain methods, in double precision: one user, items 0..n-1 in turn. */
struct plain {
    int n;
    double mean, rate, pull, pull_bias;
    double p[FACTORS], q[8][FACTORS], v[8][FACTORS]; /* v: evidence of each item */
    double user, item[8], weight[8];
};

static void plain_open(struct plain *self, const struct factors *start, const char *purpose,
                       double spread)
{
    struct purpose named = {purpose, PURPOSE_LUCK};
    struct stream_key key = stream_key((struct seed){1, 0, 0}, &named);

    memset(self, 0, sizeof(*self));
    self->n = (int)start->items;
    self->mean = (double)start->mean;
    for (int i = 0; i < self->n; i++) {
        struct stream s = stream_open(key, (uint64_t)i, 2);
        for (int f = 0; f < FACTORS; f++) {
            self->q[i][f] = (double)factors_item(start, (uint32_t)i)[f];
            self->v[i][f] = spread * stream_normal(&s);
        }
    }
}

static void evidence_sum(const struct plain *self, double *z)
{
    for (int f = 0; f < FACTORS; f++) {
        z[f] = 0;
        for (int i = 0; i < self->n; i++) z[f] += self->v[i][f] / sqrt(self->n);
    }
}

static double plain_svdpp(const struct plain *self, int i)
{
    double z[FACTORS], sum = self->mean + self->user + self->item[i];

    evidence_sum(self, z);
    for (int f = 0; f < FACTORS; f++) sum += (self->p[f] + z[f]) * self->q[i][f];
    return sum;
}

static void step_svdpp(struct plain *self, int i, double value)
{
    double z[FACTORS], e = value - plain_svdpp(self, i);

    evidence_sum(self, z);
    self->user += self->rate * (e - self->pull_bias * self->user);
    self->item[i] += self->rate * (e - self->pull_bias * self->item[i]);
    for (int f = 0; f < FACTORS; f++) {
        double p = self->p[f], q = self->q[i][f];
        self->p[f] += self->rate * (e * q - self->pull * p);
        self->q[i][f] += self->rate * (e * (p + z[f]) - self->pull * q);
        for (int j = 0; j < self->n; j++)
            self->v[j][f] += self->rate * (e / sqrt(self->n) * q - self->pull * self->v[j][f]);
    }
}

/* All pairs of features, written out. */
static double plain_fm(const struct plain *self, int i)
{
    double x = 1 / sqrt(self->n), sum = self->mean + self->user + self->item[i];

    for (int j = 0; j < self->n; j++) sum += x * self->weight[j];
    for (int f = 0; f < FACTORS; f++) {
        sum += self->p[f] * self->q[i][f];
        for (int j = 0; j < self->n; j++) {
            sum += x * self->v[j][f] * (self->p[f] + self->q[i][f]);
            for (int k = 0; k < j; k++) sum += x * x * self->v[j][f] * self->v[k][f];
        }
    }
    return sum;
}

static void step_fm(struct plain *self, int i, double value)
{
    double x = 1 / sqrt(self->n), e = value - plain_fm(self, i), z[FACTORS];

    evidence_sum(self, z);
    self->user += self->rate * (e - self->pull_bias * self->user);
    self->item[i] += self->rate * (e - self->pull_bias * self->item[i]);
    for (int j = 0; j < self->n; j++)
        self->weight[j] += self->rate * (e * x - self->pull_bias * self->weight[j]);
    for (int f = 0; f < FACTORS; f++) {
        double p = self->p[f], q = self->q[i][f];
        self->p[f] += self->rate * (e * (q + z[f]) - self->pull * p);
        self->q[i][f] += self->rate * (e * (p + z[f]) - self->pull * q);
        for (int j = 0; j < self->n; j++) {
            double v = self->v[j][f];
            self->v[j][f] += self->rate * (e * x * (p + q + z[f] - x * v) - self->pull * v);
        }
    }
}

static void check_plain(const char *name, const char *settings,
                        void (*step)(struct plain *, int, double),
                        double (*value)(const struct plain *, int))
{
    const float values[] = {5, 1, 4, 2, 5, 3};
    char text[300];
    struct interactions log;
    struct factors start;
    struct plain plain;
    struct trained t;
    char purpose[40];

    assert_int_equal(interactions_init(&log, 0), STATUS_OK);
    for (uint32_t i = 0; i < 6; i++) lab_add(&log, 0, i, values[i]);
    snprintf(text, sizeof(text), "factors=%d epochs=1 spread=0.4 rate=0 %s", FACTORS, settings);
    start = trained_factors(name, text, &log);
    snprintf(purpose, sizeof(purpose), "recommend.%s", name);
    plain_open(&plain, &start, purpose, 0.4);
    {
        double z[FACTORS];
        evidence_sum(&plain, z);
        for (int f = 0; f < FACTORS; f++) plain.p[f] = (double)start.user[f] - z[f];
    }
    plain.rate = 0.05;
    plain.pull = 0.1;
    plain.pull_bias = 0.03;
    for (int epoch = 0; epoch < 7; epoch++)
        for (int i = 0; i < 6; i++) step(&plain, i, (double)values[i]);
    snprintf(text, sizeof(text),
             "factors=%d epochs=7 spread=0.4 rate=0.05 decay=1 regularisation=0.1 "
             "bias_regularisation=0.03 %s",
             FACTORS, settings);
    lab_train(&t, name, text, &log);
    for (uint32_t i = 0; i < 6; i++) {
        double wanted = value(&plain, (int)i);
        wanted = wanted < 1 ? 1 : wanted > 5 ? 5 : wanted;
        if (fabs((double)t.kind->predict(t.state, 0, i) - wanted) > 2e-4)
            fail_msg("%s: item %u is given %g, not %g", name, i,
                     (double)t.kind->predict(t.state, 0, i), wanted);
    }
    lab_drop(&t);
    drop(&start);
    interactions_free(&log);
}

static void test_profiles_are_the_plain_methods(void **state)
{
    (void)state;
    check_plain("mf", "implicit=true", step_svdpp, plain_svdpp);
    check_plain("fm", "profile=true", step_fm, plain_fm);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_steps_go_down_the_loss),
                                       cmocka_unit_test(test_profiles_are_the_plain_methods)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
