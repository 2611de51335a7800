/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Watch times against anchors C1 and C2, acts against the rates of FACTS section 1.
 */
#include "viewers/check.h"
#include "viewers/lab.h"

#define DRAWS 400000

/* The match of the videos (normal), their length, whether their creators are followed. */
struct feed_of {
    double mean, sd, length_s;
    bool followed;
};

struct counts {
    double n, watch_s;
    double act[16];
};

#define SPREAD 0.65 /* viewers.weibull.spread */

static void choose_many(const struct lab *lab, struct counts *c, struct feed_of feed)
{
    const struct viewers *v = lab->viewers;

    *c = (struct counts){.n = DRAWS};
    for (uint32_t i = 0; i < DRAWS; i++) {
        struct stream s = stream_open((struct stream_key){{5, 6}}, i, 0);
        struct choice_scene scene = {.duration_s = (float)feed.length_s,
                                     .followed = feed.followed};
        struct choice_outcome outcome;
        scene.match = (float)(feed.mean + feed.sd * stream_normal(&s));
        for (int k = 0; k < CHOICE_WORDS; k++) scene.word[k] = stream_word(&s);
        scene.log_exponential = maths_logf(-maths_logf(word_uniformf(scene.word[0])));
        v->choice->choose(v->choice_state, &scene, &outcome);
        c->watch_s += (double)outcome.watch_s;
        for (int a = 0; a < 16; a++) c->act[a] += outcome.acts >> a & 1;
    }
}

static double rate(const struct counts *c, unsigned act)
{
    return c->act[__builtin_ctz(act)] / c->n;
}

/* P(T >= t) = exp(-(t / scale)^shape), scale = 1.1 s exp(2.41 M): within 5 sigma. */
static void test_watch_time_is_weibull(void **state)
{
    struct lab lab;

    (void)state;
    lab_open(&lab, NULL);
    for (int m = -1; m <= 2; m++) {
        struct counts c;
        double scale = 1.1 * maths_exp(2.41 * m);
        choose_many(&lab, &c, (struct feed_of){m, 0, 1e6, false});
        double p7 = maths_exp(-maths_pow(7 / scale, 0.44));
        double p18 = maths_exp(-maths_pow(18 / scale, 0.44));
        double s7 = 5 * sqrt(p7 * (1 - p7) / c.n), s18 = 5 * sqrt(p18 * (1 - p18) / c.n);
        assert_between("P(T >= 7 s)", rate(&c, ACT_PLAY_7S), p7 - s7, p7 + s7);
        assert_between("P(T >= 18 s)", rate(&c, ACT_PLAY_18S), p18 - s18, p18 + s18);
        assert_between("completion", rate(&c, ACT_COMPLETE), 0, 0.02);
    }
    lab_free(&lab);
}

/* Anchor C1 at the 81 s median duration, over a feed whose match spreads by .65: observed 45.2,
 * 33.7, 15.3 % and 23.6 s for personalised videos, 16.2, 7.9, 2.9 % and 6.5 s for random ones;
 * the fit itself gives 16.6 % and 22.5 s, 1.4 % and 5.2 s. KuaiRand-Pure's funnel has 17.6, 8.5
 * and 3.3 % for random ones: one shape for both feeds leaves 18 s a point too high. */
static void test_anchor_c1(void **state)
{
    struct lab lab;
    struct counts c;

    (void)state;
    lab_open(&lab, NULL);
    choose_many(&lab, &c, (struct feed_of){1, SPREAD, 81, false});
    assert_between("personalised 7 s", rate(&c, ACT_PLAY_7S), 0.44, 0.465);
    assert_between("personalised 18 s", rate(&c, ACT_PLAY_18S), 0.32, 0.35);
    assert_between("personalised completion", rate(&c, ACT_COMPLETE), 0.145, 0.175);
    assert_between("personalised mean", c.watch_s / c.n, 20.5, 24);
    choose_many(&lab, &c, (struct feed_of){0, SPREAD, 81, false});
    assert_between("random 7 s", rate(&c, ACT_PLAY_7S), 0.155, 0.175);
    assert_between("random 18 s", rate(&c, ACT_PLAY_18S), 0.07, 0.09);
    assert_between("random completion", rate(&c, ACT_COMPLETE), 0.015, 0.04);
    lab_free(&lab);
}

/* Rates as they are seen in a feed whose match spreads by viewers.weibull.spread. */
static void test_rates_of_acts(void **state)
{
    struct lab lab;
    struct counts r, p;

    (void)state;
    lab_open(&lab, NULL);
    choose_many(&lab, &r, (struct feed_of){0, SPREAD, 25, false});
    choose_many(&lab, &p, (struct feed_of){1, SPREAD, 25, false});
    assert_between("like, random", rate(&r, ACT_LIKE), 0.0042, 0.0052);
    assert_between("like", rate(&p, ACT_LIKE), 0.017, 0.0205);
    assert_between("comment, random", rate(&r, ACT_COMMENT), 0.0002, 0.0005);
    assert_between("comment", rate(&p, ACT_COMMENT), 0.0021, 0.0031);
    assert_between("share", rate(&p, ACT_SHARE), 0.0012, 0.0018);
    assert_between("follow", rate(&p, ACT_FOLLOW), 0.0011, 0.0017);
    assert_between("profile", rate(&p, ACT_PROFILE), 0.0175, 0.0215);
    assert_between("hide, random", rate(&r, ACT_HIDE), 0.0011, 0.0018);
    assert_between("hide", rate(&p, ACT_HIDE), 0.0004, 0.0008);
    assert_true(rate(&p, ACT_LIKE) > rate(&p, ACT_COMMENT));
    assert_true(rate(&p, ACT_COMMENT) > rate(&p, ACT_SHARE));
    lab_free(&lab);
}

static void test_followed_creators_get_twice(void **state)
{
    struct lab lab;
    struct counts a, b;

    (void)state;
    lab_open(&lab, NULL);
    choose_many(&lab, &a, (struct feed_of){1, 0, 25, false});
    choose_many(&lab, &b, (struct feed_of){1, 0, 25, true});
    assert_between("odds",
                   rate(&b, ACT_LIKE) / (1 - rate(&b, ACT_LIKE)) / rate(&a, ACT_LIKE) *
                       (1 - rate(&a, ACT_LIKE)),
                   1.85, 2.15);
    assert_true(b.act[__builtin_ctz(ACT_FOLLOW)] == 0);
    lab_free(&lab);
}

/* A finished clip under 15 s is watched again with probability .25, up to three times. */
static void test_short_clips_loop(void **state)
{
    struct lab lab;
    struct counts c;

    (void)state;
    lab_open(&lab, NULL);
    choose_many(&lab, &c, (struct feed_of){30, 0, 10, false}); /* everybody finishes */
    assert_between("mean", c.watch_s / c.n, 10 * (1 + 0.25 + 0.0625 + 0.015625) * 0.995,
                   10 * (1 + 0.25 + 0.0625 + 0.015625) * 1.005);
    choose_many(&lab, &c, (struct feed_of){30, 0, 16, false});
    assert_between("mean", c.watch_s / c.n, 15.999, 16.001);
    assert_between("all complete", rate(&c, ACT_COMPLETE), 1, 1);
    lab_free(&lab);
}

static void test_extreme_scenes_stay_finite(void **state)
{
    struct lab lab;

    (void)state;
    lab_open(&lab, NULL);
    for (int i = 0; i < 64; i++) {
        struct choice_scene scene = {.match = i & 1 ? 500.0f : -500.0f,
                                     .duration_s = i & 2 ? 1e-3f : 1e6f,
                                     .violating = (i & 4) != 0};
        struct choice_outcome outcome;
        for (int k = 0; k < CHOICE_WORDS; k++) scene.word[k] = i & 8 ? UINT32_MAX : 0;
        scene.log_exponential = maths_logf(-maths_logf(word_uniformf(scene.word[0])));
        lab.viewers->choice->choose(lab.viewers->choice_state, &scene, &outcome);
        assert_true(outcome.watch_s >= 0 && outcome.watch_s <= 4e6f);
    }
    lab_free(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_watch_time_is_weibull),
        cmocka_unit_test(test_anchor_c1),
        cmocka_unit_test(test_rates_of_acts),
        cmocka_unit_test(test_followed_creators_get_twice),
        cmocka_unit_test(test_short_clips_loop),
        cmocka_unit_test(test_extreme_scenes_stay_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
