/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLOW */
/*
 * How recommenders behave in the loop: small worlds under the same seeds that differ in one
 * setting. What is said holds for the mean of ten or more paired differences at 4.5 standard
 * errors.
 *
 *     test_behaviour [NAME]    only the test of that name, with its figures
 */
#include "pairs.h"
#include "platform/core.h"
#include "platform/members.h"
#include "sim/parts.h"

#define ARM(...)                                                                               \
    (const char *const[]) { __VA_ARGS__ }
#define ERRORS 4.5 /* standard errors asked for */
#define FIRST 10
#define MOST 16

/* A catalogue of some 1,200 videos, of which a viewer sees a part. */
static const char town[] = "creators.count=400 creators.backlog_days=10.0 platform.clusters=40 "
                           "viewers.rate=3.0 run.days=3";

/* Mean of a column of series.csv over the second half of the run. */
static bool late(struct lab *lab, const char *figure, double *value)
{
    struct lab_column at;
    double sum = 0, n = 0;
    if (!lab_find(lab, figure, &at)) return false;
    for (size_t r = at.table->rows / 2; r < at.table->rows; r++) {
        double x = at.table->cell[r * at.table->columns + at.column];
        if (isnan(x)) continue;
        sum += x;
        n++;
    }
    *value = sum / n;
    return n > 0;
}

/* ---------------------------------------------------------------------------------- oracle */

#define CANDIDATES 100
#define PICKS 10

static uint32_t draw_candidates(const struct lab *lab, struct stream *draw, uint32_t *video)
{
    const struct snapshot *snapshot = &lab->sim->platform->snapshot[0];
    uint32_t n = 0;
    for (int attempt = 0; attempt < 20 * CANDIDATES && n < CANDIDATES; attempt++) {
        const struct item *item = &snapshot->item[stream_below(draw, snapshot->extent)];
        bool fresh = item->video != ENTITY_NONE;
        for (uint32_t i = 0; i < n; i++) fresh = fresh && video[i] != item->video;
        if (fresh) video[n++] = item->video;
    }
    return n;
}

/* Mean expected match of the best by score. */
static double worth_of_best(const struct lab *lab, uint32_t viewer, const uint32_t *video,
                            float *score)
{
    double worth = 0;
    for (int k = 0; k < PICKS; k++) {
        uint32_t best = 0;
        for (uint32_t i = 1; i < CANDIDATES; i++)
            if (score[i] > score[best]) best = i;
        score[best] = -3e38f;
        worth += (double)viewers_match(lab->sim->viewers, viewer, video[best]) / PICKS;
    }
    return worth;
}

/* The same state and candidates, ranked by the running ranker and in its shadow by the oracle.
 */
static void compare_slates(struct lab *lab, double *margin)
{
    struct platform *platform = lab->sim->platform;
    const struct world *w = &lab->sim->world;
    const struct ranker *ranker = platform->scheme[ARM_A].ranker;
    struct stream draw = stream_open((struct stream_key){{1, 2}}, 3, 4);
    for (uint32_t s = 0; s < w->shards.count; s++) {
        for (uint32_t row = 0; row < w->viewers[s].count; row++) {
            uint32_t video[CANDIDATES], viewer = entity_number(w->shards, row, s);
            float score[CANDIDATES];
            assert_int_equal(draw_candidates(lab, &draw, video), CANDIDATES);
            platform_score(platform, viewer, video, CANDIDATES, score);
            double worth = worth_of_best(lab, viewer, video, score);
            platform->scheme[ARM_A].ranker = &rank_oracle;
            platform_score(platform, viewer, video, CANDIDATES, score);
            platform->scheme[ARM_A].ranker = ranker;
            double most = worth_of_best(lab, viewer, video, score);
            assert_true(most >= worth - 1e-5);
            *margin += most - worth;
        }
    }
}

static void no_slate_beats_the_oracle(void **state)
{
    (void)state;
    for (const struct member *const *m = platform_rankers; *m; m++) {
        struct lab lab;
        char ranker[64];
        double margin = 0;
        snprintf(ranker, sizeof ranker, "platform.ranker=%s", (*m)->name);
        assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
        assert_int_equal(lab_needs(&lab, town), STATUS_OK);
        assert_int_equal(lab_set(&lab, ranker), STATUS_OK);
        assert_int_equal(lab_begin(&lab, NULL), STATUS_OK);
        assert_int_equal(lab_until(&lab, 1.0), STATUS_OK);
        compare_slates(&lab, &margin);
        print_message("  oracle ahead of %s by %.3f of match a slate\n", (*m)->name,
                      margin / 300);
        assert_true(((const struct ranker *)*m)->omniscient ? fabs(margin) < 1e-3 : margin > 0);
        lab_free(&lab);
    }
}

/* -------------------------------------------------------------------------------- exposure */

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Gini of impressions over all videos that the catalogue has. */
static bool gini(struct lab *lab, const char *figure, double *value)
{
    const struct world *w = &lab->sim->world;
    double sum = 0, weighted = 0, *x = NULL;
    size_t n = 0, room = 0;
    (void)figure;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->videos[s].count; r++) {
            if (w->videos[s].counter[r].state != VIDEO_ACTIVE) continue;
            if (memory_grow(&x, &room, n + 1, sizeof *x)) return false;
            x[n++] = w->videos[s].counter[r].impressions;
        }
    qsort(x, n, sizeof *x, ascending);
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
        weighted += (double)(i + 1) * x[i];
    }
    memory_free(x);
    *value = 2 * weighted / ((double)n * sum) - ((double)n + 1) / (double)n;
    return n > 0 && sum > 0;
}

/* What is less even than random, and more than popular. */
static uint32_t claim_exposure(const struct pairs *pairs, struct pairs_claim *claim)
{
    uint32_t flat = 0, steep = 0, n = 0;
    for (uint32_t k = 0; k < pairs->arms; k++) {
        if (strstr(pairs->arm[k], "=random")) flat = k;
        if (strstr(pairs->arm[k], "=popular")) steep = k;
    }
    for (uint32_t k = 0; k < pairs->arms; k++) {
        bool balances = strstr(pairs->arm[k], "=ucb") != NULL;
        if (k != flat)
            claim[n++] = (struct pairs_claim){0, balances ? k : flat, balances ? flat : k};
        if (k != steep) claim[n++] = (struct pairs_claim){0, k, steep};
    }
    return n;
}

/* Random is the flattest of all that do not even out on purpose: ucb shows first what was shown
 * least, so that even the accidents of random and the head start of older videos are made up
 * for. Popular is the steepest, trending close behind. */
static void random_is_flattest_popular_steepest(void **state)
{
    static char setting[PAIRS_ARMS][64];
    const char *arm[PAIRS_ARMS];
    struct pairs_claim claim[2 * PAIRS_ARMS];
    struct pairs pairs = {.world = town,
                          .base = "platform.retrievers=[\"content\"] "
                                  "platform.rerankers=[\"no_repeats\"]",
                          .arm = arm,
                          .read = gini,
                          .figure = {"Gini of impressions"}};
    (void)state;
    for (const struct member *const *m = platform_rankers; *m; m++) {
        assert_true(pairs.arms < PAIRS_ARMS);
        snprintf(setting[pairs.arms], sizeof setting[0], "platform.ranker=%s", (*m)->name);
        arm[pairs.arms] = setting[pairs.arms];
        pairs.arms++;
    }
    assert_true(pairs_hold(&pairs, claim, claim_exposure(&pairs, claim), ERRORS, FIRST, FIRST));
}

/* ----------------------------------------------------------------------------- exploration */

static void exploration_widens_and_costs(void **state)
{
    static const struct pairs_claim claim[] = {{0, 0, 1}, {1, 1, 0}};
    struct pairs pairs = {
        .world = town,
        .base = "platform.retrievers=[\"content\",\"explore\"] run.days=2 "
                "creators.count=2000 platform.clusters=200",
        .arm = ARM("platform.retrieve.explore.share=0", "platform.retrieve.explore.share=0.3"),
        .arms = 2,
        .figure = {"coverage", "mean_watch_s"}};
    (void)state;
    assert_true(pairs_hold(&pairs, claim, 2, ERRORS, FIRST, MOST));
}

/* ---------------------------------------------------------------- what spoils a recommender */

/* AUC falls from arm to arm of three, NDCG from the first to the last. */
static void check_fall(const char *base, const char *const *arm)
{
    static const struct pairs_claim claim[] = {{0, 1, 0}, {0, 2, 1}, {1, 2, 0}};
    struct pairs pairs = {.world = town,
                          .base = base,
                          .arm = arm,
                          .arms = 3,
                          .read = late,
                          .figure = {"auc_true", "ndcg_true"}};
    assert_true(pairs_hold(&pairs, claim, 3, ERRORS, FIRST, MOST));
}

/* Minutes, hours, a day: a catalogue of which a third is new each day. */
static void staleness_spoils(void **state)
{
    (void)state;
    check_fall(
        "creators.count=80 creators.backlog_days=3.0 run.days=4",
        ARM("platform.staleness=10", "platform.staleness=360", "platform.staleness=1440"));
}

static void extraction_noise_spoils(void **state)
{
    (void)state;
    check_fall(NULL, ARM("platform.extraction_noise=0", "platform.extraction_noise=1",
                         "platform.extraction_noise=3"));
}

static void privacy_noise_spoils(void **state)
{
    (void)state;
    check_fall(NULL, ARM("platform.privacy.epsilon=0", "platform.privacy.epsilon=2",
                         "platform.privacy.epsilon=0.5"));
}

/* ---------------------------------------------------------------------------- niche topics */

/* Thirds of the audience by the size of the home topic, the largest topics first: a topic
 * belongs where its middle viewer stands. */
enum { MAIN, MIDDLE, NICHE, THIRDS };
static const char *const thirds[] = {"main", "middle", "niche"};

/* Mean expected match of two slates of each viewer of a third. */
static bool slates(struct lab *lab, const char *figure, double *value)
{
    const struct sim *sim = lab->sim;
    const struct world *w = &sim->world;
    int third = 0;
    while (strcmp(figure, thirds[third]) != 0) third++;
    double below[TOPICS_MAX + 1] = {0}, sum = 0, n = 0;
    for (int32_t k = 0; k < w->topics.count; k++)
        below[k + 1] = below[k] + w->topics.topic[k].weight;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (uint32_t row = 0; row < w->viewers[s].count; row++) {
            const struct viewer *viewer = &w->viewers[s].row[row];
            struct slate_entry entry[SLATE_MAX];
            struct feed feed = {.shard = s,
                                .row = row,
                                .slot = 3,
                                .name = viewer_name(viewer),
                                .occasion = UINT32_C(1) << 11,
                                .flags = viewer->flags,
                                .now = w->now};
            if ((int)(THIRDS * 0.5 * (below[viewer->topic] + below[viewer->topic + 1])) !=
                third)
                continue;
            sim->feed.open(sim->feed.self, &feed);
            for (; feed.request < 2; feed.request++) {
                uint32_t count = sim->feed.slate(sim->feed.self, &feed, entry);
                for (uint32_t i = 0; i < count; i++, n++)
                    sum += (double)viewers_match(sim->viewers, entity_number(w->shards, row, s),
                                                 entry[i].video);
            }
            sim->feed.close(sim->feed.self, &feed);
        }
    *value = sum / n;
    return n > 0;
}

/* By how much more of what it had the niche third loses than another (mean over both others at
 * f = NICHE), in standard errors. */
static double niche_loses(const struct pairs *pairs, int f)
{
    double kept[THIRDS], more[PAIRS_MOST], mean;
    for (uint32_t i = 0; i < pairs->done; i++) {
        for (int k = 0; k < THIRDS; k++)
            kept[k] = pairs->value[k][1][i] / pairs->value[k][0][i];
        more[i] = (f == NICHE ? 0.5 * (kept[MAIN] + kept[MIDDLE]) : kept[f]) - kept[NICHE];
    }
    const double t = pairs_t(more, pairs->done, &mean);
    print_message("  niche loses %.3f more of its match than %s, %.1f standard errors\n", mean,
                  f == NICHE ? "the others" : thirds[f], t);
    return t;
}

/* Without personalisation the feed is everybody's, and what it is better than a random one is
 * lost most to those whose topics few share: of a match above 0, the mean of random videos, the
 * niche third keeps a smaller part than the others; the middle third is near it. In units of
 * match all three lose about as much, since the personal feed of the few had less to give:
 * fewer videos are made for them, and a profile that starts from everybody's feed finds them
 * later (Abdollahpouri et al. 2019, arXiv 1907.13286). */
static void niche_viewers_need_personalisation(void **state)
{
    static const struct pairs_claim claim[] = {{MAIN, 1, 0}, {MIDDLE, 1, 0}, {NICHE, 1, 0}};
    struct pairs pairs = {.world = town,
                          .base = "creators.count=2000 platform.clusters=200 run.days=2",
                          .arm = ARM("viewers.feed_optout=0", "viewers.feed_optout=1"),
                          .arms = 2,
                          .read = slates,
                          .figure = {thirds[MAIN], thirds[MIDDLE], thirds[NICHE]}};
    (void)state;
    assert_true(pairs_hold(&pairs, claim, THIRDS, ERRORS, 12, 12));
    bool main_less = niche_loses(&pairs, MAIN) > ERRORS;
    bool others_less = niche_loses(&pairs, NICHE) > 3;
    niche_loses(&pairs, MIDDLE);
    assert_true(main_less && others_less);
}

/* --------------------------------------------------------------------------------- selling */

/* Where all creators sell, viewers watch and follow less and come back less; also when all of
 * them have done so from the start. */
static void selling_costs_match_follows_and_return(void **state)
{
    static const struct pairs_claim claim[] = {{0, 1, 0}, {1, 1, 0}, {2, 1, 0}};
    struct pairs pairs = {
        .base = "run.days=8 creators.production.commercial_sd=0.0 viewers.rate=2.0 "
                "viewers.weibull.follow=0.01 viewers.habit.gain=0.02",
        .arm = ARM("creators.commercial=0.0", "creators.commercial=1.0"),
        .arms = 2,
        .figure = {"sum watch_hours", "sum follows", "sum sessions"}};
    (void)state;
    assert_true(pairs_hold(&pairs, claim, 3, ERRORS, FIRST, MOST));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_slate_beats_the_oracle),
        cmocka_unit_test(random_is_flattest_popular_steepest),
        cmocka_unit_test(exploration_widens_and_costs),
        cmocka_unit_test(staleness_spoils),
        cmocka_unit_test(extraction_noise_spoils),
        cmocka_unit_test(privacy_noise_spoils),
        cmocka_unit_test(niche_viewers_need_personalisation),
        cmocka_unit_test(selling_costs_match_follows_and_return),
    };
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
