/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shares against theory: the reach is Poisson, delays follow their kernel, and cascades of
 * people who share with a fixed chance are Galton-Watson trees with Poisson offspring.
 */
#include "growth/play.h"

#define ROOTS 6000

static void plan_roots(struct play *play, uint32_t roots)
{
    struct world *w = &play->scene.world;
    for (uint32_t i = 0; i < roots; i++) {
        uint32_t shard = i % w->shards.count, row = i / w->shards.count;
        uint32_t viewer = entity_number(w->shards, row, shard);
        uint32_t video = entity_number(w->shards, row, shard);
        assert_int_equal(engine_plan(play->engine, viewer, 1000 + i, EVENT_SESSION, video),
                         STATUS_OK);
    }
}

/* Each root shares a video of its own; the friends' graph is large and random. */
static void branch(struct play *play, const char *reach, double share)
{
    *play = (struct play){.share = share};
    scene_init(&play->scene);
    scene_set(&play->scene, "growth.social_share.reach", reach);
    scene_set(&play->scene, "growth.social_share.kernel", "\"exponential\"");
    scene_set(&play->scene, "growth.cascades.least", "1");
    scene_set(&play->scene, "growth.cascades.silence", "20.0");
    play_start(play, (struct scene_size){4, 10000, 10, ROOTS / 4});
    play_befriend(play, 30);
    play_populate(play);
    plan_roots(play, ROOTS);
    while (play_window(play, false)) continue;
    assert_int_equal(growth_finish(play->growth), STATUS_OK);
}

/* Sizes of a Galton-Watson tree with Poisson(m) offspring are Borel: mean 1 / (1 - m), variance
 * m / (1 - m)^3, P(1) = e^-m, P(2) = m e^-2m. */
static void sizes_are_borel(void **state)
{
    const double m = 2.0 * 0.3, n = ROOTS;
    struct play play;
    double sum = 0, ones = 0, twos = 0, pairs = 0;
    (void)state;
    branch(&play, "2.0", 0.3);
    assert_int_equal(play.rows, ROOTS);
    for (size_t i = 0; i < play.rows; i++) {
        sum += (double)play.row[i].size;
        ones += play.row[i].size == 1;
        twos += play.row[i].size == 2;
        pairs += play.row[i].size == 2 && play.row[i].virality == 1 && play.row[i].depth == 1;
    }
    double p1 = maths_exp(-m), p2 = m * maths_exp(-2 * m);
    assert_true(fabs(sum / n - 1 / (1 - m)) < 5 * sqrt(m / ((1 - m) * (1 - m) * (1 - m)) / n));
    assert_true(fabs(ones / n - p1) < 5 * sqrt(p1 * (1 - p1) / n));
    assert_true(fabs(twos / n - p2) < 5 * sqrt(p2 * (1 - p2) / n));
    assert_true(pairs == twos);
    struct growth_figures figures = growth_figures(play.growth);
    assert_int_equal(figures.cascades, ROOTS);
    assert_int_equal(figures.shares, (uint64_t)sum);
    play_end(&play);
}

/* Nobody shares on: every root reaches Poisson(reach) friends. */
static void reach_is_its_mean(void **state)
{
    struct play play;
    double reached = 0, n = ROOTS;
    (void)state;
    branch(&play, "3.0", 0);
    for (int s = 0; s < 4; s++) reached += (double)play.reached[s];
    assert_true(fabs(reached / n - 3) < 5 * sqrt(3 / n));
    for (size_t i = 0; i < play.rows; i++) assert_int_equal(play.row[i].size, 1);
    play_end(&play);
}

/* Depth grows with the branching mean; a reach of nothing leaves roots alone. */
static void nothing_reaches_nobody(void **state)
{
    struct play play;
    (void)state;
    branch(&play, "0.0", 1);
    for (int s = 0; s < 4; s++) assert_int_equal(play.reached[s], 0);
    assert_int_equal(play.rows, ROOTS);
    play_end(&play);
}

/* ---------------------------------------------------------------------------------- kernels */

struct delays {
    struct play play;
    double below[3]; /* arrivals up to the limits */
    double count;
    sim_time limit[3], first;
};

/* Counts arrivals by windows: limits are ends of windows. */
static void collect(struct delays *self, uint32_t roots, int windows)
{
    self->first = TIME_NEVER;
    for (uint32_t i = 0; i < roots; i++)
        assert_int_equal(engine_plan(self->play.engine,
                                     entity_number(self->play.scene.world.shards, i / 4, i % 4),
                                     0, EVENT_SESSION, 0),
                         STATUS_OK);
    for (int i = 0; i < windows; i++) {
        double before = self->count;
        play_window(&self->play, false);
        self->count = 0;
        for (int s = 0; s < 4; s++) self->count += (double)self->play.reached[s];
        if (self->count > before && self->first == TIME_NEVER)
            self->first = self->play.scene.world.now;
        for (int k = 0; k < 3; k++)
            if (self->play.scene.world.close <= self->limit[k]) self->below[k] = self->count;
    }
}

static void open_kernel(struct delays *self, const char *kernel)
{
    *self = (struct delays){0};
    scene_init(&self->play.scene);
    scene_set(&self->play.scene, "run.window", "1");
    scene_set(&self->play.scene, "growth.social_share.kernel", kernel);
    scene_set(&self->play.scene, "growth.social_share.reach", "10.0");
    scene_set(&self->play.scene, "growth.social_share.theta", "0.5");
    scene_set(&self->play.scene, "growth.social_share.mean", "0.5");
    play_start(&self->play, (struct scene_size){4, 1000, 4, 4});
    play_befriend(&self->play, 60);
    assert_int_equal(growth_populate(self->play.growth), STATUS_OK);
}

static void is_share(double part, double whole, double p)
{
    if (fabs(part / whole - p) > 5 * sqrt(p * (1 - p) / whole))
        fail_msg("%g of %g, expected %g", part, whole, p * whole);
}

/* P(T <= t) = 1 - e^(-t/mean), mean half an hour; what is due at once waits for the next
 * window. */
static void exponential_delays(void **state)
{
    struct delays d;
    (void)state;
    open_kernel(&d, "\"exponential\"");
    for (int k = 0; k < 3; k++) d.limit[k] = (10 + 20 * k) * TIME_MINUTE;
    collect(&d, 4000, 600);
    assert_int_equal(d.first, TIME_MINUTE);
    assert_int_equal(engine_pending(d.play.engine), 0);
    assert_true(d.count > 39000);
    for (int k = 0; k < 3; k++)
        is_share(d.below[k], d.count, 1 - maths_exp(-(10.0 + 20 * k) / 30));
    play_end(&d.play);
}

/* theta = 1/2: a third of the mass is flat up to 300 s; beyond P(T > t) = 2/3 (t/300)^-1/2.
 * What would come after 30 days, 2/3 / sqrt(8640) = .72 %, is never sent: count by what was
 * sent. */
static void power_law_delays(void **state)
{
    struct delays d;
    (void)state;
    open_kernel(&d, "\"power\"");
    d.limit[0] = 5 * TIME_MINUTE;
    d.limit[1] = 20 * TIME_MINUTE;
    d.limit[2] = 500 * TIME_MINUTE;
    collect(&d, 4000, 500);
    double whole = d.count + (double)engine_pending(d.play.engine);
    double sent = 1 - 2.0 / 3 / sqrt(8640), n = 4000 * 10 * sent;
    assert_int_equal(d.first, TIME_MINUTE);
    assert_true(fabs(whole - n) < 5 * sqrt(n));
    is_share(d.below[0], whole, 1.0 / 3 / sent);
    is_share(d.below[1], whole, (1 - 2.0 / 3 / 2) / sent);
    is_share(d.below[2], whole, (1 - 2.0 / 3 / 10) / sent);
    play_end(&d.play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_borel),        cmocka_unit_test(reach_is_its_mean),
        cmocka_unit_test(nothing_reaches_nobody), cmocka_unit_test(exponential_delays),
        cmocka_unit_test(power_law_delays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
