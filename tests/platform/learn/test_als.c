/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Learner als: its solutions against direct ones, and what confidence does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <gsl/gsl_linalg.h>

#include "platform/lab.h"
#include "platform/members.h"

#define N VECTOR_DIM
#define FLOATS 256
#define COMMON_FLOATS 512

struct bench {
    struct lab lab;
    const void *parameters;
    float video[FLOATS], common[COMMON_FLOATS], sum[COMMON_FLOATS];
    double matrix[N * N], right[N]; /* of the video's equations, as they should be */
};

static void open_bench(struct bench *self, const char *const *set)
{
    const struct schema_table *tables[64];
    struct packed16 feature = {{0}};
    *self = (struct bench){0};
    size_t n = lab_tables(&self->lab, tables);
    require(parameters_init(&self->lab.parameters, tables, n) == STATUS_OK);
    require(learn_als.video_floats <= FLOATS && learn_als.common_floats <= COMMON_FLOATS);
    for (; *set; set++) lab_set(&self->lab, *set);
    self->parameters = parameters_block(&self->lab.parameters, "platform.learn.als");
    feature.lane[2] = VECTOR_ONE;
    learn_als.video_init(self->parameters, 1, &feature, self->video);
}

static void random_viewer(struct stream *draw, float *session)
{
    struct packed16 packed;
    memset(session, 0, LEARNER_SESSION_MAX * sizeof(*session));
    for (int k = 0; k < N; k++) session[k] = 0.5f * (float)stream_normal(draw);
    vector_pack(&packed, session);
    vector_unpack(session, &packed); /* as it travels */
}

/* A video is watched by 200 viewers; in double precision beside it the sums of the paper, with
 * decay 1 - 1/100, alpha 3, liked from 0.35 on, lambda 0.7. */
static void watch(struct bench *self)
{
    struct stream draw = stream_open((struct stream_key){{1, 2}}, 3, 4);
    const double keep = 1 - 1.0 / 100, lambda = 0.7;
    for (int k = 0; k < N; k++) self->matrix[k * N + k] = lambda;
    self->right[2] = lambda;
    for (int i = 0; i < 200; i++) {
        float x[LEARNER_SESSION_MAX];
        int16_t side[LEARNER_SIDE_MAX];
        struct impression act = {.watch_ms = stream_below(&draw, 20000), .acts = ACT_CONSENT};
        double r = act.watch_ms / (act.watch_ms + 10000.0), c = r < 0.35 ? 1 : 1 + 3 * r;
        struct learned_act all = {.session = x, .act = &act, .common = self->common};
        random_viewer(&draw, x);
        learn_als.gather(self->parameters, &all, self->sum);
        learn_als.side(self->parameters, x, side);
        learn_als.learn(self->parameters, self->common, self->video, &act, side);
        for (int a = 0; a < N; a++) {
            self->right[a] = keep * self->right[a] + (r < 0.35 ? 0 : c * (double)x[a]);
            for (int b = 0; b < N; b++)
                self->matrix[a * N + b] = keep * self->matrix[a * N + b] +
                                          c * (double)x[a] * (double)x[b];
        }
    }
    learn_als.common_step(self->parameters, self->common, self->sum);
}

/* What viewers who were never shown the video add, and lambda. */
static void complete(struct bench *self, double missing, double lambda)
{
    for (int k = 0; k < N * N; k++)
        self->matrix[k] += missing * (double)self->sum[k] / (double)self->sum[N * N];
    for (int k = 0; k < N; k++) self->matrix[k * N + k] += lambda;
}

static void solve(const double *matrix, const double *right, double *out)
{
    double a[N * N];
    memcpy(a, matrix, sizeof a);
    gsl_matrix_view m = gsl_matrix_view_array(a, N, N);
    gsl_vector_const_view b = gsl_vector_const_view_array(right, N);
    gsl_vector_view x = gsl_vector_view_array(out, N);
    require(gsl_linalg_cholesky_decomp1(&m.matrix) == 0);
    require(gsl_linalg_cholesky_solve(&m.matrix, &b.vector, &x.vector) == 0);
}

static double distance(const float *y, const double *wanted)
{
    double square = 0;
    for (int k = 0; k < N; k++)
        square += ((double)y[k] - wanted[k]) * ((double)y[k] - wanted[k]);
    return sqrt(square);
}

static const char *const equations[] = {"platform.learn.als.alpha=3",
                                        "platform.learn.als.memory=100",
                                        "platform.learn.als.regularisation=0.7",
                                        "platform.learn.als.missing=25",
                                        "platform.learn.als.steps=32",
                                        NULL};

/* With steps enough conjugate gradients end where a direct solution of the same equations does.
 */
static void videos_solve_their_equations(void **state)
{
    struct bench bench;
    double wanted[N];
    (void)state;
    open_bench(&bench, equations);
    watch(&bench);
    complete(&bench, 25, 0.7);
    solve(bench.matrix, bench.right, wanted);
    assert_true(distance(bench.video, wanted) > 0.1); /* not there yet */
    learn_als.settle(bench.parameters, bench.common, bench.video);
    print_message("|y - direct| = %.2g\n", distance(bench.video, wanted));
    assert_true(distance(bench.video, wanted) < 1e-4);
    parameters_free(&bench.lab.parameters);
}

/* A few steps at each refresh come nearer each time, never farther. */
static void steps_come_nearer(void **state)
{
    struct bench bench;
    double wanted[N], before, after;
    (void)state;
    open_bench(&bench, equations);
    lab_set(&bench.lab, "platform.learn.als.steps=1");
    watch(&bench);
    complete(&bench, 25, 0.7);
    solve(bench.matrix, bench.right, wanted);
    before = distance(bench.video, wanted);
    for (int refresh = 0; refresh < 5; refresh++) {
        learn_als.settle(bench.parameters, bench.common, bench.video);
        after = distance(bench.video, wanted);
        assert_true(after < before);
        before = after;
    }
    parameters_free(&bench.lab.parameters);
}

/* A video that nobody has watched stays at half its features, and does not move by itself. */
static void new_videos_are_their_features(void **state)
{
    static const char *const none[] = {"platform.learn.als.steps=8", NULL};
    struct bench bench;
    (void)state;
    open_bench(&bench, none);
    learn_als.settle(bench.parameters, bench.common, bench.video);
    for (int k = 0; k < N; k++) assert_near(bench.video[k], k == 2 ? 0.5 : 0.0, 1e-6);
    parameters_free(&bench.lab.parameters);
}

/* The viewer's side is the least of c (p - x y)^2 + sum of D (x - before)^2. */
static void viewers_take_the_least(void **state)
{
    struct bench bench;
    static const char *const set[] = {"platform.learn.als.alpha=3",
                                      "platform.learn.als.regularisation=0.7", NULL};
    struct stream draw = stream_open((struct stream_key){{5, 6}}, 7, 8);
    float session[LEARNER_SESSION_MAX] = {0}, y[N];
    (void)state;
    open_bench(&bench, set);
    learn_als.open(bench.parameters, (const int16_t[LEARNER_SESSION_MAX]){0}, session);
    for (int i = 0; i < 30; i++) {
        struct impression act = {.watch_ms = stream_below(&draw, 20000), .acts = ACT_CONSENT};
        double r = act.watch_ms / (act.watch_ms + 10000.0), c = r < 0.35 ? 1 : 1 + 3 * r;
        double matrix[N * N] = {0}, right[N], wanted[N];
        struct packed16 vector;
        for (int k = 0; k < N; k++) y[k] = 0.3f * (float)stream_normal(&draw);
        vector_pack(&vector, y);
        vector_unpack(y, &vector);
        struct learned_video shown = {&vector, 0, 20000, 0, 7};
        for (int a = 0; a < N; a++) {
            for (int b = 0; b < N; b++) matrix[a * N + b] = c * (double)y[a] * (double)y[b];
            matrix[a * N + a] += (double)session[N + a];
            right[a] = (double)session[N + a] * (double)session[a] +
                       (r < 0.35 ? 0 : c * (double)y[a]);
        }
        solve(matrix, right, wanted);
        learn_als.acted(bench.parameters, session, &shown, &act);
        assert_true(distance(session, wanted) < 1e-5);
    }
    parameters_free(&bench.lab.parameters);
}

/* What was liked more is believed more: of two videos whose viewers are torn, half of them
 * liking and half not, the preference that comes out lies with those who liked, the more so the
 * larger alpha. With alpha = 0 a like counts as a skip does. */
static void confidence_follows_alpha(void **state)
{
    static const char *const alpha[] = {"platform.learn.als.alpha=0",
                                        "platform.learn.als.alpha=2",
                                        "platform.learn.als.alpha=20"};
    double preference[3];
    (void)state;
    for (int i = 0; i < 3; i++) {
        const char *const set[] = {alpha[i], "platform.learn.als.steps=32",
                                   "platform.learn.als.memory=1000000", NULL};
        struct bench bench;
        int16_t side[LEARNER_SIDE_MAX];
        float x[LEARNER_SESSION_MAX] = {0};
        open_bench(&bench, set);
        x[4] = 1;
        learn_als.side(bench.parameters, x, side);
        for (int n = 0; n < 2000; n++) {
            struct impression act = {.watch_ms = n % 2 ? 30000 : 500, .acts = ACT_CONSENT};
            learn_als.learn(bench.parameters, bench.common, bench.video, &act, side);
        }
        learn_als.settle(bench.parameters, bench.common, bench.video);
        preference[i] = (double)vector_dot(x, bench.video);
        parameters_free(&bench.lab.parameters);
    }
    /* c / (1 + c) with c = 1 + alpha 0.75 */
    assert_near(preference[0], 0.5, 0.01);
    assert_near(preference[1], 2.5 / 3.5, 0.01);
    assert_near(preference[2], 16.0 / 17.0, 0.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(videos_solve_their_equations),
        cmocka_unit_test(steps_come_nearer),
        cmocka_unit_test(new_videos_are_their_features),
        cmocka_unit_test(viewers_take_the_least),
        cmocka_unit_test(confidence_follows_alpha),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
