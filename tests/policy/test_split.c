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
    const char *needs, *path, *value; /* of the row, as its effect test has them */
    const char *share;                /* NULL = no split, value set for all */
    enum schema_split by;
};

static uint64_t run(const struct world_of *w, uint64_t *hash)
{
    struct lab lab;
    char text[768];
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    assert_int_equal(lab_set(&lab, "run.days=1"), STATUS_OK);
    assert_int_equal(lab_needs(&lab, w->needs), STATUS_OK);
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

/* False, with a line, when the arm is not all that counts. */
static bool splits(const char *path, const struct schema_row *row)
{
    char value[512];
    struct world_of w = {.needs = row->needs, .path = path, .by = row->split};
    uint64_t hash_a, hash_b;
    assert_true(rows_value(row, true, value, sizeof value));
    uint64_t a = run(&w, &hash_a);
    w.value = value;
    uint64_t b = run(&w, &hash_b);
    if (hash_a == hash_b) {
        rows_value(row, false, value, sizeof value);
        b = run(&w, &hash_b);
    }
    w.share = "0.0";
    bool as_a = run(&w, NULL) == a;
    w.share = "1.0";
    bool as_b = run(&w, NULL) == b, acts = hash_a != hash_b;
    if (!as_a) print_error("%s: share 0 is not the world of arm A\n", path);
    if (!as_b) print_error("%s: share 1 is not the world of arm B\n", path);
    if (!acts) print_error("%s: does nothing here\n", path);
    return as_a && as_b && acts;
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
    any_threads_and_a_resume(set);
    any_threads_and_a_resume(als);
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

/* Acts of arm A while B has so many ads: a hash of its cells, its watch time. */
static uint64_t acts_of_a(const char *load, bool separate, double *hours)
{
    char value[64];
    const char *const more[] = {"experiment.changes[0].set=\"platform.ads.load\"", value,
                                separate ? "experiment.separate_models=true"
                                         : "experiment.separate_models=false",
                                NULL};
    struct lab lab;
    uint64_t mix = UINT64_C(0xcbf29ce484222325);
    snprintf(value, sizeof value, "experiment.changes[0].value=\"%s\"", load);
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
    double few, many;
    (void)state;
    assert_true(acts_of_a("0.0", false, &few) != acts_of_a("0.9", false, &many));
    print_message("shared: watch time of a is %.6f h beside few ads, %.6f h beside many\n", few,
                  many);
    assert_true(acts_of_a("0.0", true, &few) == acts_of_a("0.9", true, &many));
    print_message("separate: %.6f h, %.6f h\n", few, many);
    assert_true(few == many && few > 0);
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
    assert_refused(of_creators, "experiment.separate_models: models are of viewers");
    assert_refused(unsplit, "`viewers.count` cannot be split by viewer; these can: ");
    assert_refused(unsplit, "platform.ads.load");
    assert_refused(other_side, "cannot be split by creator; these can: ");
    assert_refused(other_side, "revenue.ads.creator_share");
    assert_refused(misspelt, "did you mean `platform.ads.load`?");
    assert_refused(out_of_range, "experiment.changes[0]");
    assert_refused(dated, "policy.changes[0]: `platform.ads.load` is what experiment.changes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_one_arm_is_the_world_of_that_arm),
        cmocka_unit_test(arms_add_up_to_the_series),
        cmocka_unit_test(creators_have_their_arms_share),
        cmocka_unit_test(a_split_is_the_same_for_any_threads_and_after_a_resume),
        cmocka_unit_test(the_others_log_does_not_reach_a_model_of_its_own),
        cmocka_unit_test(an_experiment_may_begin_on_a_day),
        cmocka_unit_test(what_cannot_be_split_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
