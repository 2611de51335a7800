/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a revenue stream does to what people do. One that nobody minds leaves every act of a run
 * as it was. A live one leaves each viewer's acts as they were until the viewer first meets it,
 * where viewers do not act on one another; where they do, until anybody has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab.h"

#define VIEWERS 300 /* of lab_tiny */
#define ACTS 14     /* numbers of a row of the trace that are compared */

/* With each stream: what makes it nobody's, what makes it everybody's. */
static const struct subject {
    const char *stream, *nobody, *live;
    bool meets; /* viewers meet it */
} subjects[] = {
    {"ads", "revenue.ads.cpm=1000.0",
     "platform.ads.load=0.05 revenue.ads.min_followers=0 revenue.ads.min_views=0", true},
    {"tips", "revenue.tips.rate=0.0", "revenue.tips.rate=0.05 viewers.tip_sigma=0.5", true},
    {"subscription", "revenue.subscription.rate=0.0",
     "revenue.subscription.rate=0.05 revenue.subscription.min_followers=0 "
     "revenue.subscription.trial=0.0",
     true},
    {"creator_fund", "revenue.creator_fund.pool=0.0",
     "revenue.creator_fund.min_followers=0 revenue.creator_fund.min_views=0", false},
    {"commerce", "revenue.commerce.click=0.0",
     "revenue.commerce.min_followers=0 revenue.commerce.click=0.5 revenue.commerce.order=0.2",
     true},
    {"course", "revenue.course.page=0.0",
     "revenue.course.min_followers=0 revenue.course.offered=1.0 revenue.course.page=0.5 "
     "revenue.course.trial=0.9 revenue.course.purchase=0.9",
     true},
    {"sponsor", "revenue.sponsor.budget=0.0",
     "revenue.sponsor.min_followers=0 revenue.sponsor.days=1", false},
    {"group_buy", "revenue.group_buy.join=0.0",
     "revenue.group_buy.min_followers=0 revenue.group_buy.offered=1.0 "
     "revenue.group_buy.join=0.2 revenue.group_buy.threshold=2",
     true},
    {"collectible", "revenue.collectible.buy=0.0",
     "revenue.collectible.min_followers=0 revenue.collectible.offered=1.0 "
     "revenue.collectible.buy=0.3",
     true},
    {"elsewhere", "revenue.elsewhere.per_mille=0.0", "revenue.elsewhere.overlap=0.5", false},
};
#define SUBJECTS (sizeof subjects / sizeof *subjects)

/* Nothing but the stream: no intensity, no creator who makes something of what it earns. */
static const char *const common[] = {"measure.trace=true",
                                     "measure.panel=2",
                                     "viewers.rate=3.0",
                                     "viewers.purse.month=1000.0",
                                     "platform.ads.load=0.0",
                                     "creators.strategy=static",
                                     "creators.exclusive=0.0",
                                     "creators.boost=0.0",
                                     "creators.life.exit_new=0.0",
                                     "creators.life.exit_established=0.0",
                                     "creators.life.entry_rate=0.0",
                                     NULL};
/* No feed that depends on what others have done. */
static const char *const apart[] = {
    "platform.ranker=oracle", "platform.retrievers=[\"explore\"]", "growth.channels=[]", NULL};
static const char *const together[] = {"growth.channels=[\"social_share\"]", NULL};

struct play {
    double viewer, time, act[ACTS];
};

struct played {
    struct play *play; /* owned; by viewer and time */
    size_t count;
    double met[VIEWERS], first; /* when each first met the stream, when anybody did; HUGE_VAL */
    double money;
};

static int by_viewer_and_time(const void *one, const void *other)
{
    const struct play *a = one, *b = other;
    if (a->viewer != b->viewer) return a->viewer < b->viewer ? -1 : 1;
    return (a->time > b->time) - (a->time < b->time);
}

static double cell(const struct lab *lab, const char *name, size_t row)
{
    struct lab_column at = {0};
    assert_true(lab_find(lab, name, &at));
    return at.table->cell[row * at.table->columns + at.column];
}

static void meet(struct played *out, double viewer, double time)
{
    if (!(viewer >= 0) || viewer >= VIEWERS) return;
    if (time < out->met[(size_t)viewer]) out->met[(size_t)viewer] = time;
    if (time < out->first) out->first = time;
}

static void read_trace(const struct lab *lab, struct played *out)
{
    const struct lab_table *trace = &lab->table[TABLE_TRACE];
    const size_t ad = trace->columns - 1; /* and the tip before it: they are the stream */
    assert_int_equal(trace->columns, ACTS + 4);
    out->count = trace->rows;
    out->play = memory_alloc(trace->rows + 1, sizeof *out->play);
    assert_non_null(out->play);
    for (size_t r = 0; r < trace->rows; r++) {
        const double *from = &trace->cell[r * trace->columns];
        struct play *play = &out->play[r];
        *play = (struct play){.time = from[0], .viewer = from[1]};
        for (size_t a = 0; a < ACTS; a++) play->act[a] = isnan(from[2 + a]) ? -1 : from[2 + a];
        if (from[ad] == 1) meet(out, play->viewer, play->time);
    }
    qsort(out->play, out->count, sizeof *out->play, by_viewer_and_time);
}

static void read_money(const struct lab *lab, struct played *out)
{
    const double paid = lab_text_number("paid");
    for (size_t r = 0; r < lab->table[TABLE_MONEY].rows; r++)
        if (cell(lab, "money.act", r) == paid)
            meet(out, cell(lab, "money.viewer", r), cell(lab, "money.time_ms", r));
    double fund = 0;
    assert_true(lab_figure(lab, "sum creator_income", &out->money));
    assert_true(lab_figure(lab, "sum creator_fund", &fund));
    out->money += fund;
}

static struct played run(const char *const *world, const char *stream, const char *settings)
{
    struct lab lab;
    struct played out = {.first = HUGE_VAL};
    char streams[64];
    for (size_t i = 0; i < VIEWERS; i++) out.met[i] = HUGE_VAL;
    snprintf(streams, sizeof streams,
             stream ? "revenue.streams=[\"%s\"]" : "revenue.streams=[]", stream);
    enum status status = lab_init(&lab, lab_tiny, NULL);
    if (!status) status = lab_settings(&lab, common);
    if (!status) status = lab_settings(&lab, world);
    if (!status) status = lab_set(&lab, streams);
    if (!status) status = lab_needs(&lab, settings);
    if (!status) status = lab_begin(&lab, NULL);
    if (!status) status = lab_run(&lab);
    if (status) fail_msg("%s: %s", streams, lab.errors.text ? lab.errors.text : "");
    read_trace(&lab, &out);
    read_money(&lab, &out);
    lab_free(&lab);
    return out;
}

/* How many rows, viewer by viewer, are the same before `until` of each viewer; fails at the
 * first that is not. */
static size_t same_until(const struct played *with, const struct played *without,
                         const double *until, const char *stream)
{
    size_t k = 0, same = 0;
    double differs = -1; /* the viewer whose rows are looked at no more */
    for (size_t i = 0; i < with->count; i++) {
        const struct play *a = &with->play[i];
        if (a->viewer == differs) continue;
        while (k < without->count && without->play[k].viewer < a->viewer) k++;
        if (a->time >= until[(size_t)a->viewer]) {
            differs = a->viewer;
            continue;
        }
        if (k >= without->count || memcmp(a, &without->play[k++], sizeof *a) != 0)
            fail_msg("%s: viewer %.0f differs at %.0f ms", stream, a->viewer, a->time);
        same++;
    }
    return same;
}

static bool equal(const struct played *a, const struct played *b)
{
    return a->count == b->count && memcmp(a->play, b->play, a->count * sizeof *a->play) == 0;
}

static void a_stream_that_nobody_minds_changes_no_act(void **state)
{
    struct played without = run(together, NULL, NULL);
    (void)state;
    assert_true(without.count > 5000);
    for (size_t s = 0; s < SUBJECTS; s++) {
        struct played with = run(together, subjects[s].stream, subjects[s].nobody);
        if (!equal(&with, &without)) fail_msg("%s changes acts", subjects[s].stream);
        if (with.first < HUGE_VAL || with.money != 0)
            fail_msg("%s: %.6f earned, somebody met it at %.0f", subjects[s].stream, with.money,
                     with.first);
        memory_free(with.play);
    }
    memory_free(without.play);
}

/* Nobody sells ads: there are none, whatever the load. */
static void without_the_stream_there_are_no_ads(void **state)
{
    struct played without = run(together, NULL, NULL);
    struct played loaded = run(together, NULL, "platform.ads.load=0.5");
    (void)state;
    if (!equal(&loaded, &without)) fail_msg("the load of ads changes acts");
    assert_true(loaded.first == HUGE_VAL);
    memory_free(loaded.play);
    memory_free(without.play);
}

static void a_live_stream_changes_nobody_who_has_not_met_it(void **state)
{
    struct played without = run(apart, NULL, NULL);
    (void)state;
    for (size_t s = 0; s < SUBJECTS; s++) {
        struct played with = run(apart, subjects[s].stream, subjects[s].live);
        size_t met = 0, same = same_until(&with, &without, with.met, subjects[s].stream);
        for (size_t i = 0; i < VIEWERS; i++) met += with.met[i] < HUGE_VAL;
        print_message("%s: %zu of %d viewers met it, %zu of %zu rows before, money %.2f\n",
                      subjects[s].stream, met, VIEWERS, same, with.count, with.money);
        assert_true(subjects[s].meets ? met > 4 && same > 500 : met == 0 && same == with.count);
        if (strcmp(subjects[s].stream, "ads") == 0)
            assert_false(equal(&with, &without)); /* an ad takes time */
        memory_free(with.play);
    }
    memory_free(without.play);
}

static void nobody_acts_otherwise_before_anybody_has_met_it(void **state)
{
    struct played without = run(together, NULL, NULL);
    double until[VIEWERS];
    (void)state;
    for (size_t s = 0; s < SUBJECTS; s++) {
        struct played with = run(together, subjects[s].stream, subjects[s].live);
        for (size_t i = 0; i < VIEWERS; i++) until[i] = with.first;
        size_t same = same_until(&with, &without, until, subjects[s].stream);
        assert_true(subjects[s].meets || same == without.count);
        memory_free(with.play);
    }
    memory_free(without.play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_that_nobody_minds_changes_no_act),
        cmocka_unit_test(without_the_stream_there_are_no_ads),
        cmocka_unit_test(a_live_stream_changes_nobody_who_has_not_met_it),
        cmocka_unit_test(nobody_acts_otherwise_before_anybody_has_met_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
