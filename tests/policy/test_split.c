/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An experiment inside a run: whatever may be split is read by the arm and by nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unistd.h>

#include "platform/ranker.h"
#include "sim/lab.h"
#include "sim/rows.h"

/* Every cell of every row but those of arms.csv, which a run with one arm has none of. */
static uint64_t outcome(const struct lab *lab)
{
    uint64_t mix = UINT64_C(0xcbf29ce484222325);
    for (int t = 0; t < TABLES; t++) {
        const struct lab_table *table = &lab->table[t];
        const unsigned char *byte = (const unsigned char *)table->cell;
        size_t bytes = t == TABLE_ARMS ? 0 : table->rows * table->columns * sizeof *table->cell;
        for (size_t i = 0; i < bytes; i++) mix = (mix ^ byte[i]) * UINT64_C(0x100000001b3);
    }
    return mix;
}

static void begin(struct lab *lab, const char *const *settings)
{
    enum status status = lab_init(lab, lab_tiny, NULL);
    if (!status) status = lab_settings(lab, settings);
    if (!status) status = lab_begin(lab, NULL);
    if (status) print_error("%s\n", lab->errors.text ? lab->errors.text : status_text(status));
    assert_int_equal(status, STATUS_OK);
}

static double figure(const struct lab *lab, const char *name)
{
    double x = (double)NAN;
    assert_true(lab_figure(lab, name, &x));
    return x;
}

/* --------------------------------------------------------- every row: all of one arm or the
 * other
 */

struct world_of {
    bool tilted;                      /* `popular` is another ranker, by mf's learner */
    const char *needs, *path, *value; /* of the row, as its effect test has them */
    const char *share;                /* NULL = no split, value set for all */
    enum schema_split by;
};

static float half(const void *parameters, const float *common)
{
    (void)parameters;
    (void)common;
    return 0.5f;
}

static float learned(const void *parameters, const struct item_facts *facts)
{
    (void)parameters;
    return facts->learned;
}

/* No two built-in rankers name the same learner. */
static void tilt(struct lab *lab)
{
    static const struct ranker tilted = {
        .about = {.name = "popular", .doc = "mf at half weight", .reference = "none"},
        .learner = "mf",
        .weight = half,
        .bias = learned};
    struct registry *all = registry_kind(&lab->model.registries, "ranker");
    for (size_t m = 0; m < all->count; m++)
        if (strcmp(all->member[m]->name, "popular") == 0) all->member[m] = &tilted.about;
}

static uint64_t run(const struct world_of *w, uint64_t *hash)
{
    struct lab lab;
    char text[768];
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_set(&lab, "run.days=1"), STATUS_OK);
    assert_int_equal(lab_needs(&lab, w->needs), STATUS_OK);
    if (w->tilted) tilt(&lab);
    if (w->share) {
        static const char *const name[] = {"none", "viewer", "creator"};
        int32_t index;
        struct parameter at;
        snprintf(text, sizeof text, "experiment.split=%s", name[w->by]);
        assert_int_equal(lab_set(&lab, text), STATUS_OK);
        snprintf(text, sizeof text, "experiment.share=%s", w->share);
        assert_int_equal(lab_set(&lab, text), STATUS_OK);
        assert_int_equal(parameters_grow(&lab.model.parameters, "experiment.changes", &index),
                         0);
        assert_true(parameters_find(&lab.model.parameters, "experiment.changes[0].set", &at));
        strcpy(at.value, w->path);
        assert_true(parameters_find(&lab.model.parameters, "experiment.changes[0].value", &at));
        strcpy(at.value, w->value);
    } else if (w->value) {
        snprintf(text, sizeof text, "%s=%s", w->path, w->value);
        assert_int_equal(lab_set(&lab, text), STATUS_OK);
    }
    enum status status = lab_begin(&lab, NULL);
    if (!status) status = lab_run(&lab);
    if (status) print_error("%s: %s\n", w->path, lab.errors.text ? lab.errors.text : "");
    assert_int_equal(status, STATUS_OK);
    uint64_t all = outcome(&lab);
    if (hash) *hash = lab.hash;
    lab_free(&lab);
    return all;
}

/* False, with a line, when the arm is not all that counts. `other` = a value to try when the
 * first is the scenario's own. */
static bool is_twins(const struct world_of *of, const char *other)
{
    struct world_of w = *of;
    uint64_t hash_a, hash_b;
    w.value = NULL;
    uint64_t a = run(&w, &hash_a);
    w.value = of->value;
    uint64_t b = run(&w, &hash_b);
    if (hash_a == hash_b && other) {
        w.value = other;
        b = run(&w, &hash_b);
    }
    w.share = "0.0";
    bool as_a = run(&w, NULL) == a;
    w.share = "1.0";
    bool as_b = run(&w, NULL) == b, acts = hash_a != hash_b;
    const char *needs = w.needs ? w.needs : "";
    if (!as_a) print_error("%s: share 0 is not the world of arm A (%s)\n", w.path, needs);
    if (!as_b) print_error("%s: share 1 is not the world of arm B (%s)\n", w.path, needs);
    if (!acts) print_error("%s: does nothing here (%s)\n", w.path, needs);
    return as_a && as_b && acts;
}

static bool splits(const char *path, const struct schema_row *row)
{
    char from[512], to[512];
    struct world_of w = {.needs = row->needs, .path = path, .value = from, .by = row->split};
    assert_true(rows_value(row, true, from, sizeof from));
    assert_true(rows_value(row, false, to, sizeof to));
    return is_twins(&w, to);
}

static void all_of_one_arm_is_the_world_of_that_arm(void **state)
{
    struct lab lab;
    size_t seen = 0, failed = 0;
    (void)state;
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    for (size_t b = 0; b < lab.model.parameters.block_count; b++) {
        const struct schema_table *table = lab.model.parameters.blocks[b].table;
        for (size_t r = 0; r < table->row_count; r++) {
            char path[192];
            if (table->rows[r].split == SCHEMA_SPLIT_NONE) continue;
            snprintf(path, sizeof path, "%s.%s", table->prefix, table->rows[r].path);
            failed += !splits(path, &table->rows[r]);
            seen++;
        }
    }
    lab_free(&lab);
    assert_true(seen > 30);
    assert_int_equal(failed, 0);
}

/* --------------------------------------------------------------------------- two rankers
 */

/* Each with its learner beside that of the other: the world of one when all viewers are its. */
static void two_rankers_are_their_worlds(void **state)
{
    static const struct world_of pair[] = {
        {.needs = "platform.ranker=mf platform.staleness=120", .value = "als"},
        {.needs = "platform.ranker=als experiment.separate_models=true", .value = "fm"},
        {.needs = "platform.ranker=ucb", .value = "item_knn"},
        {.needs = "platform.ranker=user_knn experiment.separate_models=true",
         .value = "thompson"},
        {.needs = "platform.ranker=bpr platform.privacy.retention=1 run.days=2",
         .value = "multi_objective"},
        {.needs = "platform.ranker=oracle", .value = "long_term"},
        {.needs = "platform.ranker=popular", .value = "trending"},
        {.tilted = true, .needs = "platform.ranker=mf", .value = "popular"},
    };
    size_t failed = 0;
    (void)state;
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
        struct world_of w = pair[i];
        w.path = "platform.ranker";
        w.by = SCHEMA_SPLIT_VIEWER;
        failed += !is_twins(&w, NULL);
    }
    assert_int_equal(failed, 0);
}

/* ------------------------------------------------------------------------------- the figures
 */

static double of_arm(const struct lab *lab, const char *name, int arm)
{
    struct lab_column at = {0};
    double sum = 0;
    assert_true(lab_find(lab, name, &at));
    for (size_t r = (size_t)arm; r < at.table->rows; r += ARMS)
        sum += at.table->cell[r * at.table->columns + at.column];
    return sum;
}

static void assert_sums(const struct lab *lab, const char *arms, const char *series)
{
    double all = figure(lab, series), both = of_arm(lab, arms, 0) + of_arm(lab, arms, 1);
    if (fabs(all - both) > 1e-6) print_error("%s: %.6f, %s: %.6f\n", arms, both, series, all);
    assert_true(fabs(all - both) <= 1e-6);
}

#define RANKER_B(name)                                                                         \
    "experiment.changes[0].set=\"platform.ranker\"", "experiment.changes[0].value=\"" name "\""
#define ADS_B                                                                                  \
    "experiment.changes[0].set=\"platform.ads.load\"", "experiment.changes[0].value=\"0.5\""

static void arms_add_up_to_the_series(void **state)
{
    static const char *const set[] = {
        "experiment.split=viewer", "experiment.share=0.3",   ADS_B,
        "viewers.count=1000",      "revenue.tips.rate=0.01", NULL};
    struct lab lab;
    (void)state;
    begin(&lab, set);
    assert_int_equal(lab_run(&lab), STATUS_OK);
    assert_sums(&lab, "arms.impressions", "sum impressions");
    assert_sums(&lab, "arms.watch_hours", "sum watch_hours");
    assert_sums(&lab, "arms.likes", "sum likes");
    assert_sums(&lab, "arms.ad_impressions", "sum ad_impressions");
    assert_sums(&lab, "arms.dau", "sum dau");
    assert_sums(&lab, "arms.viewers", "sum viewers");
    assert_sums(&lab, "arms.spent_ads", "sum revenue_ads");
    assert_sums(&lab, "arms.spent_tips", "sum revenue_tips");
    assert_true(figure(&lab, "sum revenue_tips") > 0);
    for (int arm = 0; arm < ARMS; arm++) {
        double load = of_arm(&lab, "arms.ad_impressions", arm) /
                      of_arm(&lab, "arms.impressions", arm);
        assert_true(fabs(load - (arm ? 0.5 : 0.08)) < 0.02);
    }
    double share = of_arm(&lab, "arms.viewers", ARM_B) / figure(&lab, "sum viewers");
    assert_true(fabs(share - 0.3) < 4 * sqrt(0.3 * 0.7 / 1000));
    lab_free(&lab);
}

/* Ads bring each arm's creators their arm's share: with one price for all topics the quotient
 * of income and ads is known. */
static void creators_have_their_arms_share(void **state)
{
    static const char *const set[] = {"experiment.split=creator",
                                      "experiment.changes[0].set=\"revenue.ads.creator_share\"",
                                      "experiment.changes[0].value=\"0.9\"",
                                      "revenue.streams=[\"ads\"]",
                                      "revenue.ads.min_followers=0",
                                      "revenue.ads.min_views=0",
                                      NULL};
    struct lab lab;
    (void)state;
    begin(&lab, set);
    assert_int_equal(lab_run(&lab), STATUS_OK);
    assert_sums(&lab, "arms.income", "sum creator_income");
    assert_sums(&lab, "arms.income_ads", "sum creator_income");
    assert_sums(&lab, "arms.posts", "sum posts");
    assert_sums(&lab, "arms.creators", "sum active_creators");
    assert_sums(&lab, "arms.impressions", "sum impressions");
    double a = of_arm(&lab, "arms.income", 0) / of_arm(&lab, "arms.ad_impressions", 0);
    double b = of_arm(&lab, "arms.income", 1) / of_arm(&lab, "arms.ad_impressions", 1);
    print_message("income an ad: a %.6f, b %.6f\n", a, b);
    assert_true(b / a > 1.5 && b / a < 2.6); /* 2, but for topics' prices */
    lab_free(&lab);
}

/* ---------------------------------------------------------------------------- rules of the
 * game */

static void any_threads_and_a_resume(const char *const *set)
{
    char path[] = "/tmp/reelsim_splitXXXXXX";
    struct lab one, three, resumed;
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    begin(&one, set);
    assert_int_equal(lab_until(&one, 0.6), STATUS_OK);
    assert_int_equal(lab_save(&one, path), STATUS_OK);
    uint64_t digest = one.digest;
    assert_int_equal(lab_run(&one), STATUS_OK);
    assert_int_equal(lab_init(&three, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(&three, set), STATUS_OK);
    assert_int_equal(lab_begin(&three, &(struct lab_way){.threads = 3, .shuffle = true}), 0);
    assert_int_equal(lab_run(&three), STATUS_OK);
    assert_true(three.hash == one.hash && three.digest == one.digest);
    assert_int_equal(lab_init(&resumed, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(&resumed, set), STATUS_OK);
    assert_int_equal(lab_load(&resumed, NULL, path), STATUS_OK);
    resumed.digest = digest;
    assert_int_equal(lab_run(&resumed), STATUS_OK);
    assert_true(resumed.hash == one.hash && resumed.digest == one.digest);
    lab_free(&one);
    lab_free(&three);
    lab_free(&resumed);
    unlink(path);
}

static void a_split_is_the_same_for_any_threads_and_after_a_resume(void **state)
{
    static const char *const set[] = {"experiment.split=viewer", ADS_B, "run.days=2", NULL};
    static const char *const als[] = {"experiment.split=viewer",
                                      ADS_B,
                                      "run.days=2",
                                      "experiment.separate_models=true",
                                      "platform.ranker=als",
                                      "platform.staleness=120",
                                      NULL};
    (void)state;
    static const char *const rankers[] = {
        "experiment.split=viewer", RANKER_B("als"),          "run.days=2",
        "platform.ranker=fm",      "platform.staleness=120", NULL};
    /* in mid-session some go over to the other ranker, and to one without a learner */
    static const char *const dated[] = {"experiment.split=viewer",
                                        "experiment.share=0.0",
                                        RANKER_B("random"),
                                        "run.days=2",
                                        "platform.ranker=item_knn",
                                        "experiment.separate_models=true",
                                        "policy.changes[0].day=0.5",
                                        "policy.changes[0].set=\"experiment.share\"",
                                        "policy.changes[0].value=\"0.6\"",
                                        "policy.changes[1].day=1.5",
                                        "policy.changes[1].set=\"experiment.share\"",
                                        "policy.changes[1].value=\"0.2\"",
                                        NULL};
    any_threads_and_a_resume(set);
    any_threads_and_a_resume(als);
    any_threads_and_a_resume(rankers);
    any_threads_and_a_resume(dated);
}

/* ------------------------------------------------------------------------ models of their own
 */

/* Nothing joins viewers here but what the platform learns. */
static const char *const apart[] = {"experiment.split=viewer",
                                    "platform.ranker=mf",
                                    "platform.retrievers=[\"content\"]",
                                    "platform.rerankers=[]",
                                    "growth.channels=[]",
                                    "creators.review_days=60",
                                    "creators.life.exit_established=0.0",
                                    "creators.life.exit_new=0.0",
                                    "creators.life.entry_rate=0.0",
                                    "run.days=2",
                                    NULL};

/* Acts of arm A while B has that: a hash of its cells, its watch time. */
static uint64_t acts_of_a(const char *path, const char *of_b, bool separate, double *hours)
{
    char set[64], value[64];
    const char *const more[] = {set, value,
                                separate ? "experiment.separate_models=true"
                                         : "experiment.separate_models=false",
                                NULL};
    struct lab lab;
    uint64_t mix = UINT64_C(0xcbf29ce484222325);
    snprintf(set, sizeof set, "experiment.changes[0].set=\"%s\"", path);
    snprintf(value, sizeof value, "experiment.changes[0].value=\"%s\"", of_b);
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(&lab, apart), STATUS_OK);
    assert_int_equal(lab_settings(&lab, more), STATUS_OK);
    assert_int_equal(lab_begin(&lab, NULL), STATUS_OK);
    assert_int_equal(lab_run(&lab), STATUS_OK);
    const struct lab_table *table = &lab.table[TABLE_ARMS];
    for (size_t r = ARM_A; r < table->rows; r += ARMS)
        for (size_t c = 0; c < table->columns; c++)
            mix = (mix ^ (uint64_t)(1e6 * (isnan(table->cell[r * table->columns + c])
                                               ? 0
                                               : table->cell[r * table->columns + c]))) *
                  UINT64_C(0x100000001b3);
    *hours = of_arm(&lab, "arms.watch_hours", ARM_A);
    lab_free(&lab);
    return mix;
}

static void the_others_log_does_not_reach_a_model_of_its_own(void **state)
{
    static const struct {
        const char *path, *one, *other;
    } of_b[] = {{"platform.ads.load", "0.0", "0.9"}, {"platform.ranker", "bpr", "oracle"}};
    (void)state;
    for (size_t i = 0; i < sizeof of_b / sizeof *of_b; i++) {
        const char *path = of_b[i].path, *one = of_b[i].one, *other = of_b[i].other;
        double x, y;
        assert_true(acts_of_a(path, one, false, &x) != acts_of_a(path, other, false, &y));
        print_message("shared: watch time of a is %.6f h beside %s %s, %.6f h beside %s\n", x,
                      path, one, y, other);
        assert_true(acts_of_a(path, one, true, &x) == acts_of_a(path, other, true, &y));
        print_message("separate: %.6f h, %.6f h\n", x, y);
        assert_true(x == y && x > 0);
    }
}

/* Watch time of each arm while B has that ranker and A a random feed. */
static void watch_by(const char *ranker, double hours[ARMS])
{
    static const char *const world[] = {"experiment.split=viewer", "platform.ranker=random",
                                        "viewers.count=500",       "viewers.session.budget=12",
                                        "creators.count=60",       NULL};
    char value[64];
    const char *const of_b[] = {"experiment.changes[0].set=\"platform.ranker\"", value, NULL};
    struct lab lab;
    snprintf(value, sizeof value, "experiment.changes[0].value=\"%s\"", ranker);
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(&lab, world), STATUS_OK);
    assert_int_equal(lab_settings(&lab, of_b), STATUS_OK);
    assert_int_equal(lab_begin(&lab, NULL), STATUS_OK);
    assert_int_equal(lab_run(&lab), STATUS_OK);
    assert_sums(&lab, "arms.watch_hours", "sum watch_hours");
    for (int arm = 0; arm < ARMS; arm++) hours[arm] = of_arm(&lab, "arms.watch_hours", arm);
    print_message("watched beside b by %s: a %.3f h, b %.3f h\n", ranker, hours[ARM_A],
                  hours[ARM_B]);
    lab_free(&lab);
}

/* The same people watch more of what suits them; those of the other arm hardly notice. */
static void the_arm_of_the_oracle_watches_more(void **state)
{
    double random[ARMS], oracle[ARMS];
    (void)state;
    watch_by("random", random);
    watch_by("oracle", oracle);
    assert_true(oracle[ARM_B] > 1.05 * random[ARM_B]);
    assert_true(fabs(oracle[ARM_A] / random[ARM_A] - 1) < 0.05);
}

/* The experiment begins when its share is dated; what is dated besides holds in both arms. */
static void an_experiment_may_begin_on_a_day(void **state)
{
    static const char *const set[] = {"experiment.split=viewer",
                                      "experiment.share=0.0",
                                      ADS_B,
                                      "policy.changes[0].day=1.0",
                                      "policy.changes[0].set=\"experiment.share\"",
                                      "policy.changes[0].value=\"0.5\"",
                                      "policy.changes[1].day=1.0",
                                      "policy.changes[1].set=\"platform.slate\"",
                                      "policy.changes[1].value=\"2\"",
                                      NULL};
    struct lab lab;
    struct lab_column at = {0};
    (void)state;
    begin(&lab, set);
    assert_int_equal(lab_run(&lab), STATUS_OK);
    assert_true(lab_find(&lab, "arms.impressions", &at));
    assert_int_equal(at.table->rows, 4);
    assert_true(at.table->cell[1 * at.table->columns + at.column] == 0.0);
    assert_true(at.table->cell[3 * at.table->columns + at.column] > 0.0);
    const struct world *w = sim_world(lab.sim);
    struct parameter other;
    assert_true(parameters_find(&w->arms.other, "platform.slate", &other));
    assert_int_equal(*(const int64_t *)other.value, 2);
    assert_true(parameters_find(&w->arms.other, "platform.ads.load", &other));
    assert_true(*(const double *)other.value == 0.5);
    lab_free(&lab);
}

static void assert_refused(const char *const *settings, const char *says)
{
    struct lab lab;
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_settings(&lab, settings), STATUS_OK);
    assert_int_equal(lab_begin(&lab, NULL), STATUS_BAD_INPUT);
    assert_non_null(lab.errors.text);
    if (!strstr(lab.errors.text, says)) print_error("%s\n", lab.errors.text);
    assert_non_null(strstr(lab.errors.text, says));
    lab_free(&lab);
}

static void what_cannot_be_split_is_refused(void **state)
{
    static const char *const unsplit[] = {"experiment.split=viewer",
                                          "experiment.changes[0].set=\"viewers.count\"",
                                          "experiment.changes[0].value=\"5\"", NULL};
    static const char *const other_side[] = {"experiment.split=creator", ADS_B, NULL};
    static const char *const misspelt[] = {"experiment.split=viewer",
                                           "experiment.changes[0].set=\"platform.ads.laod\"",
                                           "experiment.changes[0].value=\"0.1\"", NULL};
    static const char *const out_of_range[] = {
        "experiment.split=viewer", "experiment.changes[0].set=\"platform.ads.load\"",
        "experiment.changes[0].value=\"1.5\"", NULL};
    static const char *const dated[] = {"experiment.split=viewer", ADS_B,
                                        "policy.changes[0].set=\"platform.ads.load\"",
                                        "policy.changes[0].value=\"0.1\"", NULL};
    (void)state;
    static const char *const of_creators[] = {
        "experiment.split=creator", "experiment.separate_models=true",
        "experiment.changes[0].set=\"revenue.ads.creator_share\"",
        "experiment.changes[0].value=\"0.9\"", NULL};
    static const char *const no_ranker[] = {"experiment.split=viewer", RANKER_B("nobody"),
                                            NULL};
    assert_refused(no_ranker, "experiment.changes[0]");
    assert_refused(unsplit, "compared: `reelsim compare A.cfg B.cfg`. These can");
    assert_refused(of_creators, "experiment.separate_models: models are of viewers");
    assert_refused(unsplit, "`viewers.count` cannot be split by viewer; two worlds");
    assert_refused(unsplit, "platform.ads.load");
    assert_refused(other_side, "cannot be split by creator; two worlds");
    assert_refused(other_side, "revenue.ads.creator_share");
    assert_refused(misspelt, "did you mean `platform.ads.load`?");
    assert_refused(out_of_range, "experiment.changes[0]");
    assert_refused(dated, "policy.changes[0]: `platform.ads.load` is what experiment.changes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_one_arm_is_the_world_of_that_arm),
        cmocka_unit_test(two_rankers_are_their_worlds),
        cmocka_unit_test(arms_add_up_to_the_series),
        cmocka_unit_test(creators_have_their_arms_share),
        cmocka_unit_test(a_split_is_the_same_for_any_threads_and_after_a_resume),
        cmocka_unit_test(the_others_log_does_not_reach_a_model_of_its_own),
        cmocka_unit_test(the_arm_of_the_oracle_watches_more),
        cmocka_unit_test(an_experiment_may_begin_on_a_day),
        cmocka_unit_test(what_cannot_be_split_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
