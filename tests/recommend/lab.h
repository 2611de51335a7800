/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Logs made of known tastes, recommenders trained on them, and how well they do on rows that
 * were kept back.
 */
#ifndef TESTS_RECOMMEND_LAB_H
#define TESTS_RECOMMEND_LAB_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/parameters.h"
#include "recommend/recommender.h"

#define LAB_RANK 3

struct lab {
    struct interactions train, test;
};

static const struct purpose lab_purpose = {"test.recommend", PURPOSE_LUCK};

static inline void lab_add(struct interactions *log, uint32_t user, uint32_t item, float value)
{
    struct interaction row = {user, item, value, 0};

    assert_int_equal(interactions_append(log, &row), STATUS_OK);
}

/* Of each user's videos every fifth is kept back. Who meets what goes by popularity and by the
 * product of taste and item, and the value by that product with noise of deviation 1/2. */
static inline void lab_open(struct lab *self, uint32_t users, uint32_t items, double share)
{
    struct stream_key key = stream_key((struct seed){7, 0, 0}, &lab_purpose);
    double *taste = calloc((size_t)(users + items) * LAB_RANK, sizeof(*taste));
    struct stream s = stream_open(key, 0, 0);

    assert_int_equal(interactions_init(&self->train, 0), STATUS_OK);
    assert_int_equal(interactions_init(&self->test, 0), STATUS_OK);
    for (size_t k = 0; k < (size_t)(users + items) * LAB_RANK; k++)
        taste[k] = stream_normal(&s);
    for (uint32_t u = 0; u < users; u++) {
        uint32_t met = 0;
        s = stream_open(key, u, 1);
        for (uint32_t i = 0; i < items; i++) {
            const double *p = taste + (size_t)u * LAB_RANK;
            const double *q = taste + (size_t)(users + i) * LAB_RANK;
            double match = (p[0] * q[0] + p[1] * q[1] + p[2] * q[2]) / LAB_RANK;
            double odds = share * (0.5 + (double)(i % 10) / 10) * maths_exp(3 * match);
            double value = 3 + 1.5 * match + 0.5 * stream_normal(&s);
            if (!stream_bernoulli(&s, odds / (1 + odds))) continue;
            lab_add(met++ % 5 ? &self->train : &self->test, u, i, (float)value);
        }
    }
    self->train.users = self->test.users = users;
    self->train.items = self->test.items = items;
    free(taste);
}

static inline void lab_close(struct lab *self)
{
    interactions_free(&self->train);
    interactions_free(&self->test);
}

/* A trained recommender; `settings` is "a=1 b=2" below its prefix, or NULL. */
struct trained {
    const struct recommender *kind;
    struct parameters parameters;
    void *state;
};

static inline void lab_set(struct parameters *parameters, const char *prefix,
                           const char *settings)
{
    char text[400], path[200], *next = text;
    struct errors errors = {0};

    snprintf(text, sizeof(text), "%s", settings);
    for (char *word; (word = strtok_r(next, " ", &next));) {
        char *value = strchr(word, '=');
        assert_non_null(value);
        *value++ = '\0';
        snprintf(path, sizeof(path), "%s.%s", prefix, word);
        assert_int_equal(parameters_set(parameters, path, value, "test", &errors), STATUS_OK);
    }
    errors_free(&errors);
}

static inline enum status lab_try(struct trained *self, const char *name, const char *settings,
                                  const struct interactions *log, uint32_t threads)
{
    struct training how = {{1, 0, 0}, threads};
    const struct schema_table *table;
    const void *block = NULL;

    memset(self, 0, sizeof(*self));
    self->kind = recommender_find(name);
    assert_non_null(self->kind);
    table = self->kind->about.parameters;
    if (parameters_init(&self->parameters, &table, table ? 1 : 0)) return STATUS_NO_MEMORY;
    if (settings) lab_set(&self->parameters, table->prefix, settings);
    if (table) block = parameters_block(&self->parameters, table->prefix);
    return recommender_train(self->kind, block, log, &how, &self->state);
}

static inline void lab_drop(struct trained *self)
{
    recommender_drop(self->kind, self->state);
    parameters_free(&self->parameters);
}

static inline void lab_train(struct trained *self, const char *name, const char *settings,
                             const struct interactions *log)
{
    assert_int_equal(lab_try(self, name, settings, log, 1), STATUS_OK);
}

static inline double lab_rmse(const struct trained *self, const struct interactions *test)
{
    double sum = 0;

    for (size_t r = 0; r < test->count; r++) {
        double e = (double)(self->kind->predict(self->state, test->user[r], test->item[r]) -
                            test->value[r]);
        sum += e * e;
    }
    return sqrt(sum / (double)test->count);
}

/* Share of (kept-back item, item never met) pairs of a user that are in the right order. */
static inline double lab_auc(const struct trained *self, const struct lab *lab)
{
    uint32_t items = lab->train.items;
    float *score = calloc(items, sizeof(*score));
    char *met = calloc((size_t)lab->train.users * items, 1);
    double right = 0, pairs = 0;

    for (size_t r = 0; r < lab->train.count; r++)
        met[(size_t)lab->train.user[r] * items + lab->train.item[r]] = 1;
    for (size_t r = 0; r < lab->test.count; r++)
        met[(size_t)lab->test.user[r] * items + lab->test.item[r]] = 1;
    for (size_t r = 0; r < lab->test.count; r++) {
        uint32_t user = lab->test.user[r], item = lab->test.item[r];
        self->kind->score(self->state, user, score);
        for (uint32_t i = 0; i < items; i++) {
            if (met[(size_t)user * items + i]) continue;
            right += score[item] > score[i] ? 1 : score[item] < score[i] ? 0 : 0.5;
            pairs += 1;
        }
    }
    free(score);
    free(met);
    return right / pairs;
}

#endif
