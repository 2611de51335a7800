/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Arrivals from elsewhere against the theory of self-exciting processes, and what posting
 * costs.
 */
#include "base/maths.h"
#include "growth/bent.h"

#define CREATORS 500 /* a shard, with one video each */
#define ALL (4 * CREATORS)
#define USES 77 /* of each row before: arrivals are stamped with it */
#define SET(name, text) scene_set(&play->scene, "growth.cross_platform." name, text)

struct counts {
    struct play play;
    double by_video[ALL]; /* by number */
    double sum, days;     /* arrivals so far, in how many days */
};

static void set_up(struct play *play)
{
    play_init(play, "[\"cross_platform\"]");
    SET("adopt", "1.0");
    SET("cost", "0.0");
    SET("sigma", "0.0");
    SET("fade", "1.0");
    SET("delay", "12.0");
}

/* A video a creator, published in the first window. */
static void start(struct counts *self)
{
    struct play *play = &self->play;
    struct world *w = &play->scene.world;
    play_start(play, (struct scene_size){4, 50, CREATORS, CREATORS});
    play_populate(play);
    for (uint32_t s = 0; s < 4; s++)
        for (uint32_t i = 0; i < CREATORS; i++) {
            w->videos[s].counter[i].published = 1;
            w->videos[s].counter[i].uses = USES;
        }
}

static void step(struct counts *self)
{
    const struct world *w = &self->play.scene.world;
    play_window(&self->play, false);
    for (uint32_t s = 0; s < w->shards.count; s++) {
        struct exchange_cursor cursor = exchange_read(&w->impressions, s);
        const struct impression *rows;
        size_t n;
        while ((rows = exchange_next(&cursor, &n)))
            for (size_t i = 0; i < n; i++) self->by_video[rows[i].video]++, self->sum++;
    }
    self->days += (double)w->window / (double)TIME_DAY;
}

static double variance(const struct counts *self)
{
    double mean = self->sum / ALL, sum = 0;
    for (int i = 0; i < ALL; i++)
        sum += (self->by_video[i] - mean) * (self->by_video[i] - mean);
    return sum / (ALL - 1);
}

/* The k-th moment of a cluster's size, which is Borel: P(s) = e^(-ns) (ns)^(s-1) / s!. */
static double cluster_moment(double n, int k)
{
    double sum = 0;
    for (int s = 1; s < 2000; s++) {
        double p = -n * s + (s - 1) * maths_log(n * s) - maths_lgamma(s + 1);
        for (int i = 0; i < k; i++) p += maths_log(s);
        sum += maths_exp(p);
    }
    return sum;
}

/* Each post: a Poisson number mu of clusters. Mean mu / (1 - n); variance mu E[S^2] = mu / (1 -
 * n)^3, whose sample variance has the standard error sqrt((mu E[S^4] + 2 var^2) / N). */
static void check_totals(const char *mean, double mu, const char *branching, double n)
{
    struct counts counts = {0};
    struct play *play = &counts.play;
    set_up(play);
    SET("mean", mean);
    SET("branching", branching);
    start(&counts);
    while (counts.days < 60) step(&counts);
    assert_int_equal(engine_pending(play->engine), 0);
    double m = 1 / (1 - n), var = mu * m * m * m, none = 0;
    assert_true(fabs(cluster_moment(n, 1) / m - 1) < 1e-6);
    assert_true(fabs(cluster_moment(n, 2) / (m * m * m) - 1) < 1e-6);
    play_within(counts.sum / ALL, mu * m, sqrt(var / ALL));
    play_within(variance(&counts), var,
                sqrt((mu * cluster_moment(n, 4) + 2 * var * var) / ALL));
    for (int i = 0; i < ALL; i++) none += counts.by_video[i] == 0;
    double p = maths_exp(-mu);
    play_within(none / ALL, p, sqrt(p * (1 - p) / ALL));
    print_message("n = %g: mean %.3f (%.3f), variance %.2f (%.2f)\n", n, counts.sum / ALL,
                  mu * m, variance(&counts), var);
    play_end(play);
}

static void clusters_are_borel(void **state)
{
    (void)state;
    check_totals("2.0", 2, "0.3", 0.3);
    check_totals("2.0", 2, "0.6", 0.6);
    check_totals("0.5", 0.5, "0.8", 0.8);
}

/* What came by t, from the mean of the intensity: immigrants mu (1 - e^(-gt)), and with b =
 * (1 - n) / delay the others n / delay mu g / (b - g) ((1 - e^(-gt)) / g - (1 - e^(-bt)) / b).
 * The length of a window changes nothing. */
static void check_times(const char *window)
{
    const double mu = 3, n = 0.5, beta = 2, g = 1, b = beta * (1 - n) * 0.999999;
    struct counts counts = {0};
    struct play *play = &counts.play;
    set_up(play);
    scene_set(&play->scene, "run.window", window);
    SET("mean", "3.0");
    SET("branching", "0.5");
    start(&counts);
    step(&counts);
    assert_true(counts.sum == 0); /* seen at its close: what is sent arrives later */
    counts.days = 0;
    for (int day = 1; day <= 4; day++) {
        while (counts.days < day - 1e-9) step(&counts);
        double one = 1 - maths_exp(-g * day), other = 1 - maths_exp(-b * day);
        double mean = mu * one + n * beta * mu * g / (b - g) * (one / g - other / b);
        play_within(counts.sum / ALL, mean, sqrt(variance(&counts) / ALL));
    }
    play_end(play);
}

static void arrivals_follow_their_kernels(void **state)
{
    (void)state;
    check_times("6");
    check_times("60");
}

/* Lognormal mu: mean m, variance m^2 (e^(sigma^2) - 1), a Poisson number of each. */
static void mu_is_heavy_tailed(void **state)
{
    struct counts counts = {0};
    struct play *play = &counts.play;
    double some = 0;
    (void)state;
    set_up(play);
    SET("mean", "4.0");
    SET("branching", "0.0");
    SET("sigma", "1.0");
    start(&counts);
    while (counts.days < 40) step(&counts);
    double var = 4 + 16 * (maths_exp(1) - 1);
    play_within(counts.sum / ALL, 4, sqrt(var / ALL));
    for (int i = 0; i < ALL; i++) some += counts.by_video[i] > 20; /* ln 20 - ln 4 + .5 = 2.1 */
    assert_true(some / ALL > 0.008 && some / ALL < 0.03);
    play_end(play);
}

static void some_stay_at_home(void **state)
{
    struct counts counts = {0};
    struct play *play = &counts.play;
    double some = 0;
    (void)state;
    set_up(play);
    SET("adopt", "0.3");
    SET("mean", "20.0");
    SET("branching", "0.0");
    start(&counts);
    while (counts.days < 40) step(&counts);
    for (int i = 0; i < ALL; i++) some += counts.by_video[i] > 0;
    play_within(some / ALL, 0.3, sqrt(0.3 * 0.7 / ALL));
    play_end(play);
}

/* Half of the viewers like what all videos are about. */
static double share_of_fans(const char *among)
{
    struct counts counts = {0};
    struct play *play = &counts.play;
    double fans = 0;
    set_up(play);
    SET("mean", "10.0");
    SET("branching", "0.0");
    SET("among", among);
    start(&counts);
    struct world *w = &play->scene.world;
    for (uint32_t s = 0; s < 4; s++) {
        for (uint32_t i = 0; i < 50; i++) w->viewers[s].row[i].taste.lane[i % 2] = VECTOR_ONE;
        for (uint32_t i = 0; i < CREATORS; i++)
            w->videos[s].row[i].content.lane[1] = VECTOR_ONE;
    }
    for (int i = 0; i < 20; i++) {
        step(&counts);
        for (uint32_t s = 0; s < 4; s++) {
            struct exchange_cursor cursor = exchange_read(&w->impressions, s);
            const struct impression *rows;
            size_t n;
            while ((rows = exchange_next(&cursor, &n)))
                for (size_t k = 0; k < n; k++)
                    fans += world_viewer(w, rows[k].viewer)->taste.lane[1] > 0;
        }
    }
    fans /= counts.sum;
    play_end(play);
    return fans;
}

static void arrivals_are_of_like_taste(void **state)
{
    (void)state;
    play_within(share_of_fans("1"), 0.5, sqrt(0.25 / (9.9 * ALL)));
    double missed = 1.0 / 16;
    play_within(share_of_fans("4"), 1 - missed, sqrt(missed * (1 - missed) / (9.9 * ALL)));
}

/* ----------------------------------------------------------------------------------- money */

/* Creator i of a shard has i micro-units, half of it set aside for promotion; a post costs
 * 250. */
static void only_who_can_pay_posts(void **state)
{
    struct counts counts = {0};
    struct play *play = &counts.play;
    struct world *w = &play->scene.world;
    (void)state;
    set_up(play);
    SET("cost", "0.00025");
    SET("mean", "30.0");
    start(&counts);
    for (uint32_t s = 0; s < 4; s++)
        for (uint32_t i = 0; i < CREATORS; i++) {
            struct creator *c = &w->creators[s].row[i];
            book_post(&w->creators[s].book, LEDGER_LIVING, ACCOUNT_OUTSIDE, ACCOUNT_CREATORS,
                      i);
            c->balance = i;
            c->saved = i / 2;
        }
    while (counts.days < 20) step(&counts);
    for (uint32_t s = 0; s < 4; s++) {
        for (uint32_t i = 0; i < CREATORS; i++) {
            const struct creator *c = &w->creators[s].row[i];
            int64_t cost = i < 250 ? 0 : 250;
            assert_int_equal(c->balance, i - cost);
            assert_int_equal(c->spend[0], cost);
            assert_int_equal(c->period.spent, cost);
            assert_true(c->saved <= c->balance && c->saved <= i / 2);
            assert_true((counts.by_video[c->videos[0]] > 0) == (cost > 0));
        }
        assert_int_equal(w->creators[s].book.balance[ACCOUNT_PROMOTION], 250 * 250);
    }
    play_end(play);
}

/* Exclusive videos stay; what has been taken down is not found; who left posts nothing; what
 * was there before the run is not posted. */
static void some_videos_are_not_posted(void **state)
{
    struct counts counts = {0};
    struct play *play = &counts.play;
    struct world *w = &play->scene.world;
    (void)state;
    set_up(play);
    SET("mean", "30.0");
    start(&counts);
    for (uint32_t i = 0; i < CREATORS; i++) {
        w->videos[0].row[i].flags |= VIDEO_EXCLUSIVE;
        w->videos[1].counter[i].state = VIDEO_REMOVED;
        w->creators[2].row[i].left = 1;
        if (i % 2) w->videos[3].counter[i].published = 0;
    }
    while (counts.days < 20) step(&counts);
    for (uint32_t k = 0; k < ALL; k++)
        assert_true((counts.by_video[k] > 0) == (k % 4 == 3 && k / 4 % 2 == 0));
    play_end(play);
}

/* ------------------------------------------------------------------------------ checkpoints */

static enum status load_bent(const char *column)
{
    struct counts first = {0}, second = {0};
    set_up(&first.play);
    set_up(&second.play);
    start(&first);
    for (int i = 0; i < 3; i++) step(&first);
    play_start(&second.play, (struct scene_size){4, 50, CREATORS, CREATORS});
    enum status status = bent_load(&first.play, &second.play, column);
    play_end(&first.play);
    play_end(&second.play);
    return status;
}

static void impossible_states_are_refused(void **state)
{
    (void)state;
    assert_int_equal(load_bent("none"), STATUS_OK);
    assert_int_equal(load_bent("cross_platform.rows"), STATUS_BAD_INPUT);
    assert_int_equal(load_bent("cross_platform.posts"), STATUS_BAD_INPUT);
    assert_int_equal(load_bent("cross_platform.excited"), STATUS_BAD_INPUT);
    assert_int_equal(load_bent("cross_platform.seen"), STATUS_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clusters_are_borel),
        cmocka_unit_test(arrivals_follow_their_kernels),
        cmocka_unit_test(mu_is_heavy_tailed),
        cmocka_unit_test(some_stay_at_home),
        cmocka_unit_test(arrivals_are_of_like_taste),
        cmocka_unit_test(only_who_can_pay_posts),
        cmocka_unit_test(some_videos_are_not_posted),
        cmocka_unit_test(impossible_states_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
