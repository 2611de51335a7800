/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
#include "viewers/check.h"
#include "viewers/lab.h"
#include "viewers/tape.h"

/* A sum of hashes: the same acts in any order give the same number. */
struct acts {
    uint64_t hash, rows, shared, ads;
    uint64_t hour[24];
    uint32_t first_position;
};

static void see(struct lab *lab, const struct impression *row)
{
    struct acts *a = lab->context;
    uint64_t name = viewer_name(world_viewer(&lab->world, row->viewer));
    uint64_t when = (uint64_t)lab->world.now + row->at;

    a->hash += name_child(name_child(name, row->video),
                          when ^ (uint64_t)row->watch_ms << 32 ^ (uint64_t)row->acts << 48);
    a->rows++;
    a->shared += row->source == SOURCE_SHARED;
    a->ads += (row->acts & ACT_AD) != 0;
    a->hour[when % (uint64_t)TIME_DAY / (uint64_t)TIME_HOUR]++;
    assert_true(row->at < lab->world.window);
    assert_true(((row->acts & ACT_CONSENT) != 0) ==
                ((world_viewer(&lab->world, row->viewer)->flags & VIEWER_CONSENT) != 0));
}

static void run_for_acts(struct acts *a, const char *window, const char *shards,
                         uint32_t threads)
{
    const char *settings[] = {"viewers.count=300", window, shards, NULL};
    struct lab lab;

    *a = (struct acts){0};
    lab_open(&lab, settings);
    lab.team.threads = threads;
    lab.team.shuffle = threads > 1;
    lab.slate = 1; /* one video a request: what is shown does not depend on windows */
    lab.row = see;
    lab.context = a;
    lab_populate(&lab, 1000, 25);
    lab_run(&lab, 2 * TIME_DAY);
    lab_free(&lab);
}

static void test_windows_interrupt_without_a_trace(void **state)
{
    struct acts a, b, c;

    (void)state;
    run_for_acts(&a, "run.window=10", "run.shards=4", 1);
    run_for_acts(&b, "run.window=20", "run.shards=4", 1);
    run_for_acts(&c, "run.window=1", "run.shards=4", 2);
    assert_true(a.rows > 10000);
    assert_int_equal(a.rows, b.rows);
    assert_int_equal(a.hash, b.hash);
    assert_int_equal(a.rows, c.rows);
    assert_int_equal(a.hash, c.hash);
}

/* Openings follow the hours: one video a session, so that sessions leave no gaps. */
static void test_hours_of_opening(void **state)
{
    const char *settings[] = {"viewers.count=2000",
                              "viewers.rate=4",
                              "viewers.rate_sigma=0",
                              "viewers.session.stay=0",
                              "viewers.habit.hazard=0",
                              "viewers.habit.gain=0",
                              "run.window=30",
                              "run.shards=4",
                              "viewers.session.weekday=[1.0]",
                              NULL};
    struct lab lab;
    struct acts a = {0};
    double chi = 0, sum = 0, total = 0;

    (void)state;
    lab_open(&lab, settings);
    lab.slate = 1;
    lab.best_of = 1;
    lab.row = see;
    lab.context = &a;
    lab_populate(&lab, 1000, 5);
    lab_run(&lab, 14 * TIME_DAY);
    const struct float_list *diurnal = &lab.viewers->session->diurnal;
    for (int h = 0; h < 24; h++) {
        sum += diurnal->value[h];
        total += (double)a.hour[h];
    }
    for (int h = 0; h < 24; h++) {
        double expected = total * diurnal->value[h] / sum;
        double gap = (double)a.hour[h] - expected;
        chi += gap * gap / expected;
    }
    assert_between("sessions a viewer and day", total / 2000 / 14, 3.6, 4.1);
    assert_between("chi-square with 23 degrees of freedom", chi, 5, 23 + 5 * 6.8);
    lab_free(&lab);
}

static void test_services_are_called_in_pairs(void **state)
{
    const char *settings[] = {"viewers.count=200", "run.shards=2", NULL};
    struct lab lab;
    struct acts a = {0};
    uint64_t open = 0;

    (void)state;
    lab_open(&lab, settings);
    lab.row = see;
    lab.context = &a;
    lab_populate(&lab, 500, 25);
    lab_run(&lab, TIME_DAY);
    for (uint32_t s = 0; s < 2; s++) {
        open += lab.viewers->pools[s].count - lab.viewers->pools[s].free_count;
        for (size_t i = 0; i < lab.world.viewers[s].count; i++) {
            const struct viewer *v = &lab.world.viewers[s].row[i];
            if (v->session)
                assert_int_equal(pool_session(&lab.viewers->pools[s], v->session - 1)->row, i);
        }
    }
    struct viewer_day day = lab_day(&lab);
    assert_int_equal(lab.opened, day.sessions);
    assert_int_equal(lab.opened, lab.closed + open);
    assert_int_equal(lab.acted, a.rows);
    assert_int_equal(day.impressions, a.rows);
    lab_free(&lab);
}

static void test_nothing_to_show(void **state)
{
    const char *settings[] = {"viewers.count=200", "run.shards=2", NULL};
    struct lab lab;

    (void)state;
    lab_open(&lab, settings);
    lab_populate(&lab, 10, 25);
    lab.empty = 1;
    lab_run(&lab, TIME_DAY);
    struct viewer_day day = lab_day(&lab);
    assert_true(day.sessions > 100);
    assert_int_equal(day.impressions, 0);
    assert_int_equal(lab.opened, lab.closed);
    lab_free(&lab);
}

static void test_no_viewers(void **state)
{
    const char *settings[] = {"viewers.count=0", "run.shards=1", NULL};
    struct lab lab;

    (void)state;
    lab_open(&lab, settings);
    lab_catalogue(&lab, 10, 25);
    assert_int_equal(viewers_populate(lab.viewers), STATUS_OK);
    lab_run(&lab, TIME_DAY);
    assert_int_equal(engine_executed(lab.world.engine), 0);
    lab_free(&lab);
}

/* Ads take time and please nobody. */
static double mean_habit(uint32_t ad_every, double *impressions, uint64_t *ads)
{
    const char *settings[] = {"viewers.count=500", "run.shards=2", "viewers.session.ad_cost=3",
                              "viewers.session.ad_seconds=60", NULL};
    struct lab lab;
    struct acts a = {0};
    double habit = 0;

    lab_open(&lab, settings);
    lab.row = see;
    lab.context = &a;
    lab.ad_every = ad_every;
    lab_populate(&lab, 1000, 25);
    lab_run(&lab, 7 * TIME_DAY);
    for (uint32_t s = 0; s < 2; s++)
        for (size_t i = 0; i < lab.world.viewers[s].count; i++)
            habit += (double)viewer_habit(&lab.world.viewers[s].row[i]) / 500;
    *impressions = (double)a.rows;
    *ads = a.ads;
    lab_free(&lab);
    return habit;
}

static void test_ads_cost_habit_and_time(void **state)
{
    double few, many;
    uint64_t none, some;
    double without = mean_habit(0, &few, &none), with = mean_habit(4, &many, &some);

    (void)state;
    assert_int_equal(none, 0);
    assert_true(some > 1000);
    assert_true(with < without - 0.03);
    assert_true(many < 0.8 * few);
}

/* What arrives at the hooks of an impression. */
struct hook {
    uint32_t shared_from;
    uint64_t shares, calls;
};

static void on_paid(void *self, struct moment *m)
{
    struct hook *h = self;
    h->calls++;
    if (m->came_from != ENTITY_NONE) h->shared_from = m->came_from;
    m->acts |= ACT_TIP;
}
static void on_shared(void *self, struct moment *m)
{
    struct hook *h = self;
    h->shares++;
    assert_true(m->acts & ACT_SHARE);
}

/* Friends' videos open sessions, and bring back who has churned. */
static void test_shared_videos(void **state)
{
    const char *settings[] = {"viewers.count=50",       "run.shards=2",
                              "viewers.friends.open=1", "viewers.habit.comeback=1",
                              "viewers.rate=0.000001",  "viewers.rate_sigma=0",
                              "viewers.habit.hazard=0", NULL};
    struct lab lab;
    struct acts a = {0};
    struct hook hook = {.shared_from = ENTITY_NONE};

    (void)state;
    lab_open(&lab, settings);
    lab.row = see;
    lab.context = &a;
    lab.act = (struct act_service){&hook, &hook, on_paid, on_shared};
    lab_populate(&lab, 100, 25);
    struct viewer *churned = &lab.world.viewers[1].row[0];
    churned->flags |= VIEWER_CHURNED;
    uint32_t number = entity_number(lab.world.shards, 0, 1);
    uint32_t other = entity_number(lab.world.shards, 0, 0);
    assert_int_equal(engine_plan(lab.world.engine, number, video_stamp(5000, 0), EVENT_SHARED,
                                 lab_video(&lab, 7)),
                     STATUS_OK);
    assert_int_equal(engine_plan(lab.world.engine, other, video_stamp(6000, 0), EVENT_SHARED,
                                 lab_video(&lab, 8)),
                     STATUS_OK);
    lab_run(&lab, TIME_HOUR);
    struct viewer_day day = lab_day(&lab);
    assert_int_equal(day.shared_arrivals, 2);
    assert_int_equal(day.returned, 1);
    assert_int_equal(a.shared, 2);
    assert_false(churned->flags & VIEWER_CHURNED && day.churned == 0);
    assert_int_equal(hook.calls, a.rows);
    assert_true(hook.shared_from != ENTITY_NONE);
    lab_free(&lab);
}

/* A video that was taken down in the meantime interests nobody, nor does the next one in the
 * row of a video that was shared. */
static void test_shared_video_that_is_gone(void **state)
{
    const char *settings[] = {"viewers.count=50",       "run.shards=1",
                              "viewers.friends.open=1", "viewers.rate=0.000001",
                              "viewers.rate_sigma=0",   NULL};
    struct lab lab;

    (void)state;
    lab_open(&lab, settings);
    lab_populate(&lab, 100, 25);
    lab.world.videos[0].counter[7].state = VIDEO_REMOVED;
    assert_int_equal(engine_plan(lab.world.engine, 0, video_stamp(5000, 0), EVENT_SHARED, 7),
                     STATUS_OK);
    assert_int_equal(
        engine_plan(lab.world.engine, 1, video_stamp(5000, 0), EVENT_SHARED, 1u << 30),
        STATUS_OK);
    lab.world.videos[0].counter[8].uses = 1;
    assert_int_equal(engine_plan(lab.world.engine, 2, video_stamp(5000, 0), EVENT_SHARED, 8),
                     STATUS_OK);
    lab_run(&lab, TIME_HOUR);
    assert_int_equal(lab_day(&lab).sessions, 0);
    assert_int_equal(
        engine_plan(lab.world.engine, 2, video_stamp(TIME_HOUR, 1), EVENT_SHARED, 8),
        STATUS_OK);
    lab_run(&lab, 2 * TIME_HOUR);
    assert_int_equal(lab_day(&lab).sessions, 1);
    lab_free(&lab);
}

static void visit_all(struct lab *lab, struct visitor *v)
{
    world_visit(&lab->world, v);
    engine_visit(lab->world.engine, v);
    viewers_visit(lab->viewers, v);
}

static const char *const checkpoint_settings[] = {"viewers.count=400", "run.shards=4",
                                                  "viewers.arrivals.market=10000",
                                                  "viewers.arrivals.innovation=0.001", NULL};

/* Saved at the evening peak with open sessions, loaded into an empty world: the same from
 * there. */
/* Rows for the creators of the catalogue: a file must not name others. */
static void add_creators(struct lab *lab)
{
    for (uint32_t i = 0; i < LAB_CREATORS; i++)
        assert_non_null(creator_add(&lab->world.creators[i % lab->world.shards.count]));
}

static void test_checkpoint_in_mid_session(void **state)
{
    struct lab a, b;
    struct acts after_a = {0}, after_b = {0};
    struct tape tape, again;
    size_t open = 0;

    (void)state;
    lab_open(&a, checkpoint_settings);
    lab_populate(&a, 500, 25);
    lab_run(&a, TIME_DAY + 21 * TIME_HOUR);
    for (uint32_t s = 0; s < 4; s++)
        open += a.viewers->pools[s].count - a.viewers->pools[s].free_count;
    assert_true(open > 3);
    add_creators(&a);
    tape_open(&tape);
    visit_all(&a, &tape.visitor);

    lab_open(&b, checkpoint_settings);
    b.videos = a.videos;
    b.world.match = a.world.match;
    tape_rewind(&tape);
    visit_all(&b, &tape.visitor);
    assert_int_equal(tape.visitor.status, STATUS_OK);
    assert_int_equal(tape.at, tape.size);
    tape_open(&again);
    visit_all(&b, &again.visitor);
    assert_int_equal(again.size, tape.size);
    assert_memory_equal(again.bytes, tape.bytes, tape.size);

    a.row = b.row = see;
    a.context = &after_a;
    b.context = &after_b;
    lab_run(&a, 3 * TIME_DAY);
    lab_run(&b, 3 * TIME_DAY);
    assert_true(after_a.rows > 1000);
    assert_int_equal(after_a.rows, after_b.rows);
    assert_int_equal(after_a.hash, after_b.hash);
    tape_free(&tape);
    tape_free(&again);
    lab_free(&a);
    lab_free(&b);
}

/* What slates are asked for. */
struct queries {
    uint64_t first, later, others; /* about the topic asked for: first slates, others; not */
};

#define QUESTION 5u

static uint32_t note_query(void *self, const struct feed *feed, struct slate_entry *out)
{
    struct queries *q = ((struct lab *)self)->context;
    bool asked = feed->query == QUESTION + 1;

    q->first += asked && feed->request == 0;
    q->later += asked && feed->request > 0;
    q->others += !asked && feed->query != 0;
    return lab_on_slate(self, feed, out);
}

/* Every viewer gets a question in the window that comes; how many had no session then. */
static uint64_t ask_all(struct lab *lab, uint32_t topic, uint8_t flags)
{
    struct world *w = &lab->world;
    uint64_t idle = 0;

    for (uint32_t s = 0; s < w->shards.count; s++)
        for (uint32_t i = 0; i < w->viewers[s].count; i++) {
            struct viewer *viewer = &w->viewers[s].row[i];
            assert_int_equal(engine_plan(w->engine, entity_number(w->shards, i, s), w->now,
                                         EVENT_SESSION, SESSION_SEARCHES | topic),
                             STATUS_OK);
            idle += viewer->session == 0;
            if (viewer->session == 0) viewer->flags |= flags;
        }
    return idle;
}

/* A question that was asked elsewhere opens a session whose first slate answers it; who is in
 * one already, or is asked about nothing that there is, goes on. */
static void test_questions_open_the_app(void **state)
{
    const char *settings[] = {"viewers.count=300", "run.shards=2", "viewers.rate=2",
                              "viewers.habit.comeback=1", NULL};
    struct lab lab;
    struct queries q = {0};

    (void)state;
    lab_open(&lab, settings);
    lab.feed.slate = note_query;
    lab.context = &q;
    lab_populate(&lab, 500, 25);
    lab_run(&lab, 20 * TIME_HOUR);
    uint64_t idle = ask_all(&lab, QUESTION, 0);
    assert_true(idle > 250 && idle < 300);
    lab_window(&lab);
    assert_int_equal(q.first, idle);
    (void)ask_all(&lab, (uint32_t)lab.world.topics.count, 0);
    lab_run(&lab, TIME_DAY);
    assert_int_equal(q.first, idle);
    assert_int_equal(q.later + q.others, 0);
    lab_free(&lab);
}

/* The lapsed come back for a question with their chance, which is 1, or stay away. */
static void test_questions_bring_back(void **state)
{
    const char *chance[] = {"viewers.habit.comeback=0", "viewers.habit.comeback=1"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        const char *settings[] = {"viewers.count=300", "run.shards=2", chance[i], NULL};
        struct lab lab;
        struct queries q = {0};
        uint64_t returned = 0;
        lab_open(&lab, settings);
        lab.feed.slate = note_query;
        lab.context = &q;
        lab_populate(&lab, 500, 25);
        uint64_t lapsed = ask_all(&lab, QUESTION, VIEWER_CHURNED);
        assert_int_equal(lapsed, 300);
        lab_window(&lab);
        for (uint32_t s = 0; s < 2; s++) returned += lab.world.viewers[s].day.returned;
        assert_int_equal(q.first, i ? 300 : 0);
        assert_int_equal(returned, i ? 300 : 0);
        lab_free(&lab);
    }
}

#define EAGER 12 /* viewers */

struct openings {
    uint8_t times[EAGER][3][128]; /* of each number, by viewer and day */
};

static void note_opening(void *self, const struct feed *feed)
{
    struct openings *o = ((struct lab *)self)->context;

    assert_true(feed->row < EAGER && feed->occasion >> 18 < 3);
    o->times[feed->row][feed->occasion >> 18][feed->occasion >> 11 & 127]++;
}

/* Those who would open the app 240 times a day. */
static const char *const eager[] = {"viewers.count=12",
                                    "run.shards=1",
                                    "viewers.rate=240",
                                    "viewers.rate_sigma=0",
                                    "viewers.rate_most=240",
                                    "viewers.session.stay=0",
                                    "viewers.habit.hazard=0",
                                    "viewers.habit.gain=0",
                                    "viewers.friends.open=1",
                                    "viewers.habit.comeback=1",
                                    NULL};

/* Draws are addressed by the number of a session on its day: none comes twice, however often
 * somebody would open the app, who goes on so the next day. */
static void test_a_session_has_a_number_of_its_own(void **state)
{
    struct openings o = {0};
    struct lab lab;

    (void)state;
    lab_open(&lab, eager);
    lab.slate = lab.best_of = 1;
    lab.context = &o;
    lab.feed.open = note_opening;
    lab_populate(&lab, 200, 5);
    lab_run(&lab, 3 * TIME_DAY);
    for (int v = 0; v < EAGER; v++)
        for (int day = 0; day < 3; day++) {
            int sessions = 0;
            for (int n = 0; n < 128; n++) {
                assert_true(o.times[v][day][n] <= 1);
                sessions += o.times[v][day][n];
            }
            assert_int_equal(sessions, SESSIONS_A_DAY);
        }
    assert_int_equal(engine_pending(lab.world.engine), EAGER); /* a plan each */
    assert_int_equal(lab_day(&lab).churned, 0);
    lab_free(&lab);
}

/* Then neither friends nor questions open it, also for those who have lapsed. */
static void test_a_full_day_is_full_for_all(void **state)
{
    struct lab lab;

    (void)state;
    lab_open(&lab, eager);
    lab_populate(&lab, 200, 5);
    lab_run(&lab, 23 * TIME_HOUR);
    (void)lab_day(&lab);
    for (uint32_t row = 0; row < EAGER; row++) {
        struct viewer *viewer = &lab.world.viewers[0].row[row];
        assert_true(viewer->session == 0 && viewer->day_sessions == SESSIONS_A_DAY);
        viewer->flags |= VIEWER_CHURNED;
        enum status status = row % 2 ? engine_plan(lab.world.engine, row,
                                                   video_stamp(lab.world.now, 0), EVENT_SHARED,
                                                   lab_video(&lab, 7))
                                     : engine_plan(lab.world.engine, row, lab.world.now,
                                                   EVENT_SESSION, SESSION_SEARCHES | QUESTION);
        assert_int_equal(status, STATUS_OK);
    }
    lab_window(&lab);
    struct viewer_day day = lab_day(&lab);
    assert_int_equal(day.sessions, 0);
    assert_int_equal(day.returned, 0);
    lab_free(&lab);
}

static void free_a_slot_twice(struct lab *lab)
{
    struct session_pool *pool = &lab->viewers->pools[0];
    assert_true(pool->free_count > 1);
    pool->free[0] = pool->free[1];
}

static struct session *open_session(struct lab *lab, uint32_t *slot)
{
    struct session_pool *pool = &lab->viewers->pools[0];
    for (*slot = 0; *slot < pool->count; ++*slot)
        if (pool_session(pool, *slot)->row != ENTITY_NONE) return pool_session(pool, *slot);
    fail_msg("no session is open");
    return NULL;
}

static void free_an_open_slot(struct lab *lab)
{
    uint32_t slot;
    (void)open_session(lab, &slot);
    lab->viewers->pools[0].free[0] = slot;
}

static void be_sent_by_nobody(struct lab *lab)
{
    uint32_t slot;
    open_session(lab, &slot)->shared_from = 0x7ffffff0;
}

static void change_nothing(struct lab *lab) { (void)lab; }

/* What a file says of slots and of who sent something is looked at before it is used. */
static void test_damaged_sessions_are_refused(void **state)
{
    void (*const change[])(struct lab *) = {change_nothing, free_a_slot_twice,
                                            free_an_open_slot, be_sent_by_nobody};
    const char *settings[] = {"viewers.count=200", "run.shards=1", NULL};

    (void)state;
    for (size_t k = 0; k < sizeof change / sizeof change[0]; k++) {
        struct lab a, b;
        struct tape tape;
        lab_open(&a, settings);
        lab_populate(&a, 500, 25);
        lab_run(&a, 21 * TIME_HOUR);
        add_creators(&a);
        change[k](&a);
        tape_open(&tape);
        visit_all(&a, &tape.visitor);
        lab_open(&b, settings);
        tape_rewind(&tape);
        visit_all(&b, &tape.visitor);
        assert_int_equal(tape.visitor.status, k ? STATUS_BAD_INPUT : STATUS_OK);
        tape_free(&tape);
        lab_free(&a);
        lab_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_session_has_a_number_of_its_own),
        cmocka_unit_test(test_a_full_day_is_full_for_all),
        cmocka_unit_test(test_damaged_sessions_are_refused),
        cmocka_unit_test(test_windows_interrupt_without_a_trace),
        cmocka_unit_test(test_hours_of_opening),
        cmocka_unit_test(test_services_are_called_in_pairs),
        cmocka_unit_test(test_nothing_to_show),
        cmocka_unit_test(test_no_viewers),
        cmocka_unit_test(test_ads_cost_habit_and_time),
        cmocka_unit_test(test_shared_videos),
        cmocka_unit_test(test_shared_video_that_is_gone),
        cmocka_unit_test(test_checkpoint_in_mid_session),
        cmocka_unit_test(test_questions_open_the_app),
        cmocka_unit_test(test_questions_bring_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
