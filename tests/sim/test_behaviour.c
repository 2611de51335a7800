/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLOW */
/*
 * How recommenders behave in the loop: small worlds under the same seeds that differ in one
 * setting. What is said holds for the mean of the paired differences at 4 standard errors
 * (Student's t at the probability that a normal exceeds 4).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gsl/gsl_cdf.h>

#include "engine/team.h"
#include "lab.h"
#include "platform/core.h"
#include "platform/members.h"
#include "sim/parts.h"

#define PAIRS_MOST 24
#define ARMS_MOST 24
#define TAIL 3.1671241833119863e-05 /* of a normal beyond 4 */

#define FIGURES 2

/* Worlds that differ in one setting, and figures of each. */
struct trial {
    const char *base, *const *arm; /* settings: of all, of each */
    uint32_t arms, pairs;
    bool (*read)(struct lab *lab, const char *figure, double *value);
    const char *figure[FIGURES]; /* NULL = no more */
    double value[FIGURES][ARMS_MOST][PAIRS_MOST];
    enum status status[ARMS_MOST * PAIRS_MOST];
};

static void run(void *context, uint32_t item, uint32_t thread)
{
    struct trial *trial = context;
    const uint32_t arm = item % trial->arms, pair = item / trial->arms;
    struct lab lab;
    char seed[32];
    (void)thread;
    snprintf(seed, sizeof seed, "run.seed=%u", pair + 1);
    enum status status = lab_init(&lab, lab_tiny, NULL);
    if (!status) status = lab_set(&lab, seed);
    if (!status) status = lab_needs(&lab, trial->base);
    if (!status) status = lab_needs(&lab, trial->arm[arm]);
    if (!status) status = lab_begin(&lab, NULL);
    if (!status) status = lab_run(&lab);
    for (int f = 0; f < FIGURES && trial->figure[f] && !status; f++)
        if (!trial->read(&lab, trial->figure[f], &trial->value[f][arm][pair]))
            status = STATUS_USAGE;
    trial->status[item] = status;
    lab_free(&lab);
}

static void run_all(struct trial *trial)
{
    struct team team;
    team_init(&team, 2);
    team_run(&team, trial->arms * trial->pairs, run, trial);
    for (uint32_t i = 0; i < trial->arms * trial->pairs; i++)
        assert_int_equal(trial->status[i], STATUS_OK);
}

/* Is the mean of b - a above 0 at 4 standard errors? */
static bool above(const double *a, const double *b, uint32_t n, const char *what)
{
    double mean = 0, squares = 0;
    for (uint32_t i = 0; i < n; i++) mean += (b[i] - a[i]) / n;
    for (uint32_t i = 0; i < n; i++) squares += pow(b[i] - a[i] - mean, 2);
    const double error = sqrt(squares / (n - 1) / n);
    const double needed = gsl_cdf_tdist_Qinv(TAIL, n - 1);
    bool good = mean > needed * error;
    print_message("%s %-52s %+.4f +- %.4f (needs %.1f of them)\n", good ? " " : "!", what,
                  mean, error, needed);
    return good;
}

static double mean_of(const double *value, uint32_t n)
{
    double sum = 0;
    for (uint32_t i = 0; i < n; i++) sum += value[i] / n;
    return sum;
}

/* Figure f of each arm is above that of the arm before; `falls` = below. */
static bool ordered(const struct trial *trial, int f, bool falls)
{
    bool good = true;
    for (uint32_t k = 0; k < trial->arms; k++)
        print_message("  %s %.4f under %s\n", trial->figure[f],
                      mean_of(trial->value[f][k], trial->pairs), trial->arm[k]);
    for (uint32_t k = 1; k < trial->arms; k++) {
        const double *low = trial->value[f][falls ? k : k - 1];
        const double *high = trial->value[f][falls ? k - 1 : k];
        good = above(low, high, trial->pairs, trial->arm[k]) && good;
    }
    return good;
}

static bool whole(struct lab *lab, const char *figure, double *value)
{
    return lab_figure(lab, figure, value);
}

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
    const struct snapshot *snapshot = &lab->sim->platform->snapshot;
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

/* The same state and candidates, ranked by the running ranker and in its shadow by the oracle. */
static void compare_slates(struct lab *lab, double *margin)
{
    struct platform *platform = lab->sim->platform;
    const struct world *w = &lab->sim->world;
    const struct ranker *ranker = platform->ranker;
    struct stream draw = stream_open((struct stream_key){{1, 2}}, 3, 4);
    for (uint32_t s = 0; s < w->shards.count; s++) {
        for (uint32_t row = 0; row < w->viewers[s].count; row++) {
            uint32_t video[CANDIDATES], viewer = entity_number(w->shards, row, s);
            float score[CANDIDATES];
            assert_int_equal(draw_candidates(lab, &draw, video), CANDIDATES);
            platform_score(platform, viewer, video, CANDIDATES, score);
            double worth = worth_of_best(lab, viewer, video, score);
            platform->ranker = &rank_oracle;
            platform_score(platform, viewer, video, CANDIDATES, score);
            platform->ranker = ranker;
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
        assert_int_equal(lab_set(&lab, ranker), STATUS_OK);
        assert_int_equal(lab_begin(&lab, NULL), STATUS_OK);
        assert_int_equal(lab_until(&lab, 1.0), STATUS_OK);
        compare_slates(&lab, &margin);
        print_message("  oracle ahead of %s by %.3f of match a slate\n", (*m)->name,
                      margin / 300);
        assert_true(((const struct ranker *)*m)->omniscient ? fabs(margin) < 1e-3
                                                            : margin > 0);
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

static void random_is_flattest_popular_steepest(void **state)
{
    static char setting[ARMS_MOST][64];
    const char *arm[ARMS_MOST];
    uint32_t n = 0, flat = 0, steep = 0;
    (void)state;
    for (const struct member *const *m = platform_rankers; *m; m++) {
        snprintf(setting[n], sizeof setting[n], "platform.ranker=%s", (*m)->name);
        if (strcmp((*m)->name, "random") == 0) flat = n;
        if (strcmp((*m)->name, "popular") == 0) steep = n;
        arm[n] = setting[n];
        n++;
    }
    struct trial trial = {.base = "platform.retrievers=[\"content\"] "
                                  "platform.rerankers=[\"no_repeats\"]",
                          .arm = arm,
                          .arms = n,
                          .pairs = 8,
                          .read = gini,
                          .figure = {"Gini of impressions"}};
    run_all(&trial);
    bool good = true;
    for (uint32_t k = 0; k < n; k++) {
        print_message("  Gini %.3f under %s\n", mean_of(trial.value[0][k], trial.pairs), arm[k]);
        if (k != flat)
            good = above(trial.value[0][flat], trial.value[0][k], trial.pairs, arm[k]) && good;
    }
    for (uint32_t k = 0; k < n; k++)
        if (k != steep)
            good = above(trial.value[0][k], trial.value[0][steep], trial.pairs, arm[k]) && good;
    assert_true(good);
}

/* ----------------------------------------------------------------------------- exploration */

static void exploration_widens_and_costs(void **state)
{
    static const char *const arm[] = {"platform.retrieve.explore.share=0",
                                      "platform.retrieve.explore.share=0.3"};
    struct trial trial = {.base = "creators.count=150",
                          .arm = arm,
                          .arms = 2,
                          .pairs = 12,
                          .read = whole,
                          .figure = {"coverage", "mean_watch_s"}};
    (void)state;
    run_all(&trial);
    bool wider = ordered(&trial, 0, false), shorter = ordered(&trial, 1, true);
    assert_true(wider && shorter);
}

/* ---------------------------------------------------------------- what spoils a recommender */

static void check_fall(const char *base, const char *const *arm, uint32_t arms)
{
    struct trial trial = {.base = base,
                          .arm = arm,
                          .arms = arms,
                          .pairs = 12,
                          .read = late,
                          .figure = {"auc_true", "ndcg_true"}};
    run_all(&trial);
    bool auc = ordered(&trial, 0, true), ndcg = ordered(&trial, 1, true);
    assert_true(auc && ndcg);
}

/* Minutes, hours, a day. */
static void staleness_spoils(void **state)
{
    static const char *const arm[] = {"platform.staleness=10", "platform.staleness=360",
                                      "platform.staleness=1440"};
    (void)state;
    check_fall("run.days=4", arm, 3);
}

static void extraction_noise_spoils(void **state)
{
    static const char *const arm[] = {"platform.extraction_noise=0",
                                      "platform.extraction_noise=0.5",
                                      "platform.extraction_noise=2"};
    (void)state;
    check_fall("", arm, 3);
}

static void privacy_noise_spoils(void **state)
{
    static const char *const arm[] = {"platform.privacy.epsilon=0",
                                      "platform.privacy.epsilon=2",
                                      "platform.privacy.epsilon=0.5"};
    (void)state;
    check_fall("", arm, 3);
}

/* ---------------------------------------------------------------------------- niche topics */

/* Mean expected match of two slates of each viewer whose home topic is among the largest or the
 * smallest that together have a third of the audience. */
static bool slates(struct lab *lab, const char *figure, double *value)
{
    const struct sim *sim = lab->sim;
    const struct world *w = &sim->world;
    bool niche = strcmp(figure, "niche") == 0;
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
            if (niche ? below[viewer->topic] < 2.0 / 3 : below[viewer->topic + 1] > 1.0 / 3)
                continue;
            sim->feed.open(sim->feed.self, &feed);
            for (; feed.request < 2; feed.request++) {
                uint32_t count = sim->feed.slate(sim->feed.self, &feed, entry);
                for (uint32_t i = 0; i < count; i++, n++)
                    sum += (double)viewers_match(
                        sim->viewers, entity_number(w->shards, row, s), entry[i].video);
            }
            sim->feed.close(sim->feed.self, &feed);
        }
    *value = sum / n;
    return n > 0;
}

/* Without personalisation the feed is everybody's: those whose topics few share lose most. */
static void niche_viewers_need_personalisation(void **state)
{
    static const char *const arm[] = {"viewers.feed_optout=0", "viewers.feed_optout=1"};
    struct trial trial = {.base = "",
                          .arm = arm,
                          .arms = 2,
                          .pairs = 16,
                          .read = slates,
                          .figure = {"main", "niche"}};
    double loss[2][PAIRS_MOST];
    (void)state;
    run_all(&trial);
    for (uint32_t i = 0; i < trial.pairs; i++)
        for (int f = 0; f < 2; f++)
            loss[f][i] = trial.value[f][0][i] - trial.value[f][1][i];
    bool both = ordered(&trial, 0, true);
    both = ordered(&trial, 1, true) && both;
    assert_true(above(loss[0], loss[1], trial.pairs, "niche loses more than main") && both);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_slate_beats_the_oracle),
        cmocka_unit_test(random_is_flattest_popular_steepest),
        cmocka_unit_test(exploration_widens_and_costs),
        cmocka_unit_test(staleness_spoils),
        cmocka_unit_test(extraction_noise_spoils),
        cmocka_unit_test(privacy_noise_spoils),
        cmocka_unit_test(niche_viewers_need_personalisation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
