/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
/*
 * Collaborations: who asks whom, who says yes, what both pay and owe, what the platform is
 * told.
 */
#include "growth/bent.h"
#include "growth/parts.h"

#define SET(name, text) scene_set(&play->scene, "growth.collaboration." name, text)

static const struct scene_size size = {4, 4, 2, 4};

/* Two creators of one topic, numbers 1 and 6: those of row 0 in shard 1 and of row 1 in
 * shard 2. The others have left. A week of windows of an hour, at 100 offers a week: .45 a
 * window. */
#define FIRST 1u
#define SECOND 6u

static void set_up(struct play *play)
{
    play_init(play, "[\"collaboration\"]");
    SET("rate", "100.0");
    SET("cost", "0.000003");
    SET("hours", "2.0");
    SET("worth", "0.000002");
    SET("error", "0.0");
    SET("among", "100");
}

static struct creator *creator_of(struct play *play, uint32_t number)
{
    return world_creator(&play->scene.world, number);
}

static void meet(struct play *play, uint32_t number, uint32_t followers, int64_t balance)
{
    struct world *w = &play->scene.world;
    struct creator *c = creator_of(play, number);
    c->left = TIME_NEVER;
    c->followers = followers;
    c->hours = 10;
    play_endow(play, entity_shard(w->shards, number), entity_row(w->shards, number), balance);
}

static void start(struct play *play)
{
    struct world *w = &play->scene.world;
    play_start(play, size);
    for (uint32_t s = 0; s < size.shards; s++)
        for (uint32_t i = 0; i < size.creators; i++) w->creators[s].row[i].left = 0;
    meet(play, FIRST, 1000, 100);
    meet(play, SECOND, 2000, 100);
    play_populate(play);
}

static void windows(struct play *play, int n)
{
    for (int i = 0; i < n; i++) play_window(play, i % 2);
}

/* Agreements of a creator so far, by what it paid. */
static int64_t agreed(struct play *play, uint32_t number)
{
    return creator_of(play, number)->spend[0] / 3;
}

/* A creator's video, the first in its row, enters the feed at the close. */
static uint32_t publish(struct play *play, uint32_t number)
{
    struct world *w = &play->scene.world;
    uint32_t video = creator_of(play, number)->videos[0];
    w->videos[entity_shard(w->shards, video)].counter[entity_row(w->shards, video)].published =
        w->close;
    return video;
}

/* Both gain, so one asks and the other says yes, once: until both have published. */
static void both_pay_and_work(void **state)
{
    struct play play_, *play = &play_;
    (void)state;
    set_up(play);
    start(play);
    windows(play, 60);
    for (uint32_t number = FIRST; number <= SECOND; number += SECOND - FIRST) {
        const struct creator *c = creator_of(play, number);
        assert_int_equal(c->spend[0], 3);
        assert_int_equal(c->balance, 97);
        assert_int_equal(c->period.spent, 3);
        assert_true(fabs(c->worked - 2) < 1e-9 && fabsf(c->period.hours - 2) < 1e-6f);
        assert_int_equal(
            play->scene.world.creators[entity_shard(play->scene.world.shards, number)]
                .book.balance[ACCOUNT_PROMOTION],
            3);
    }
    assert_int_equal(play->scene.world.joints.count, 0);
    play_end(play);
}

/* What is expected is worth followers cos(topics) - cost - hours income/hours, here 2
 * micro-units a follower less 3, less 20 where a week's income is 100. */
static int64_t agreements(uint32_t followers_of_second, float income_of_first, bool money)
{
    struct play play_, *play = &play_;
    set_up(play);
    start(play);
    creator_of(play, SECOND)->followers = followers_of_second;
    creator_of(play, FIRST)->income_mean = income_of_first;
    if (!money) creator_of(play, FIRST)->balance = 2;
    windows(play, 60);
    int64_t n = agreed(play, FIRST);
    assert_int_equal(agreed(play, SECOND), n);
    if (!money) creator_of(play, FIRST)->balance = 100;
    play_end(play);
    return n;
}

/* The first one gains by 2 followers and not by 1, as long as its hours earn it nothing; else
 * by 12 and not by 11: the other one cannot know, and asks in vain. Who has less than the cost
 * neither asks nor says yes. */
static void both_sides_must_gain(void **state)
{
    (void)state;
    assert_int_equal(agreements(1, 0, true), 0);
    assert_int_equal(agreements(2, 0, true), 1);
    assert_int_equal(agreements(2, 1e-4f, true), 0);
    assert_int_equal(agreements(11, 1e-4f, true), 0);
    assert_int_equal(agreements(12, 1e-4f, true), 1);
    assert_int_equal(agreements(2000, 0, false), 0);
}

static void add_asked(struct visitor *v, const char *name, void *data, size_t width,
                      size_t stride, size_t count)
{
    (void)width, (void)stride, (void)count;
    if (strcmp(name, "collaboration.asked") == 0) *(uint64_t *)v->context += *(uint64_t *)data;
}

static uint64_t asked(struct play *play)
{
    uint64_t n = 0;
    struct visitor v = {.mode = VISIT_SAVE, .column = add_asked, .context = &n};
    growth_visit(play->growth, &v);
    return n;
}

/* One of eight looked at, which is the only one that is there; what is expected of it exceeds
 * the cost with the probability of a lognormal error: Phi(ln(promise/cost)/s - s/2). */
static void as_often_as_errors_have_it(void **state)
{
    static const uint32_t followers[] = {1, 2, 3};
    (void)state;
    for (size_t i = 0; i < sizeof(followers) / sizeof(followers[0]); i++) {
        struct play play_, *play = &play_;
        const int n = 3000;
        set_up(play);
        SET("rate", "100.0");
        SET("among", "1");
        SET("error", "0.7");
        start(play);
        creator_of(play, SECOND)->balance = 0; /* never asks, never answers */
        creator_of(play, SECOND)->followers = followers[i];
        windows(play, n + 1);
        double over = log(2.0 * followers[i] / 3) / 0.7 - 0.35;
        double p = (1 - exp(-100.0 / 168)) / 8 * 0.5 * erfc(-over / sqrt(2));
        play_within((double)asked(play), n * p, sqrt(n * p * (1 - p)));
        creator_of(play, SECOND)->balance = 100;
        play_end(play);
    }
}

/* A topic that is unlike counts by its cosine; here it is negative, or less than needed. */
static void topics_must_fit(void **state)
{
    struct play play_, *play = &play_;
    (void)state;
    set_up(play);
    start(play);
    const struct topic *topic = play->scene.world.topics.topic;
    int32_t least = 1;
    for (int32_t k = 1; k < play->scene.world.topics.count; k++)
        if (vector_dot(topic[0].vector, topic[k].vector) <
            vector_dot(topic[0].vector, topic[least].vector))
            least = k;
    assert_true(vector_dot(topic[0].vector, topic[least].vector) < 0);
    creator_of(play, SECOND)->topic = (uint8_t)least;
    windows(play, 100);
    assert_int_equal(agreed(play, FIRST) + agreed(play, SECOND), 0);
    play_end(play);
}

/* Each side's next video goes to the partner's followers, from the close after it came; then
 * they may agree anew. A video that leaves is forgotten; one for subscribers does not count. */
static void videos_are_shown_to_both(void **state)
{
    struct play play_, *play = &play_;
    struct world *w = &play->scene.world;
    (void)state;
    set_up(play);
    start(play);
    windows(play, 60);
    SET("rate", "0.0");
    struct video *exclusive = &w->videos[1].row[entity_row(w->shards, publish(play, FIRST))];
    exclusive->flags |= VIDEO_EXCLUSIVE;
    windows(play, 3);
    assert_int_equal(w->joints.count, 0);
    exclusive->flags = 0;
    uint32_t video = publish(play, FIRST), other = publish(play, SECOND);
    windows(play, 1);
    assert_int_equal(w->joints.count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct joint *joint = &w->joints.row[i];
        assert_int_equal(joint->since, w->close);
        assert_true(joint->name == world_video(w, joint->video)->name);
        assert_true((joint->video == video && joint->partner == SECOND) ||
                    (joint->video == other && joint->partner == FIRST));
    }
    w->videos[1].counter[entity_row(w->shards, video)].state = VIDEO_RETIRED;
    (void)publish(play, SECOND); /* it owes nothing more */
    windows(play, 2);
    assert_int_equal(w->joints.count, 1);
    assert_int_equal(w->joints.row[0].video, other);
    play_end(play);
}

/* A month without a video, or leaving, ends it for that side. */
static void it_ends_by_itself(void **state)
{
    struct play play_, *play = &play_;
    (void)state;
    set_up(play);
    start(play);
    windows(play, 60);
    assert_int_equal(agreed(play, FIRST), 1);
    windows(play, 24 * 30 - 60);
    assert_int_equal(agreed(play, FIRST), 1);
    windows(play, 120);
    assert_int_equal(agreed(play, FIRST), 2);
    creator_of(play, SECOND)->left = 0;
    windows(play, 60);
    (void)publish(play, SECOND);
    windows(play, 2);
    assert_int_equal(agreed(play, FIRST), 2);
    assert_int_equal(play->scene.world.joints.count, 0);
    play_end(play);
}

/* Asked by two at once, one says yes to the one by whom it gains more. */
static void the_best_offer_is_taken(void **state)
{
    struct play play_, *play = &play_;
    struct world *w = &play->scene.world;
    (void)state;
    set_up(play);
    SET("rate", "1000.0"); /* in all but one of 400 windows */
    start(play);
    const uint32_t third = 4; /* row 1 of shard 0 */
    meet(play, third, 4000, 100);
    creator_of(play, SECOND)->balance = 0; /* cannot ask, nor answer yet */
    creator_of(play, FIRST)->followers = creator_of(play, third)->followers = 1000;
    creator_of(play, SECOND)->followers = 100000;
    windows(play, 2);
    creator_of(play, SECOND)->balance = 100;
    creator_of(play, third)->followers = 1001;
    windows(play, 1);
    assert_int_equal(agreed(play, SECOND), 1);
    assert_int_equal(agreed(play, third), 1);
    assert_int_equal(agreed(play, FIRST), 0);
    assert_true(w->joints.count == 0);
    play_end(play);
}

/* A state with an offer, a pact and a joint video, loaded with one column bent. */
static enum status load(const char *column)
{
    struct play first, second, *play = &first;
    set_up(&second);
    set_up(&first);
    start(&first);
    windows(&first, 60);
    (void)publish(&first, FIRST);
    SET("rate", "1000.0");
    windows(&first, 3);
    assert_int_equal(first.scene.world.joints.count, 1);
    assert_true(asked(&first) > 1);
    start(&second);
    enum status status = bent_load(&first, &second, column);
    if (!status) assert_int_equal(second.scene.world.joints.count, 1);
    play_end(&first);
    play_end(&second);
    return status;
}

static void impossible_states_are_refused(void **state)
{
    static const char *const column[] = {"offers",  "from",  "to",        "pacts",
                                         "creator", "with",  "agreed_at", "joints",
                                         "since",   "video", "partner"};
    char name[64];
    (void)state;
    assert_int_equal(load("none"), STATUS_OK);
    for (size_t i = 0; i < sizeof(column) / sizeof(column[0]); i++) {
        snprintf(name, sizeof(name), "collaboration.%s", column[i]);
        if (load(name) != STATUS_BAD_INPUT) fail_msg("%s is taken", name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_pay_and_work),
        cmocka_unit_test(both_sides_must_gain),
        cmocka_unit_test(as_often_as_errors_have_it),
        cmocka_unit_test(topics_must_fit),
        cmocka_unit_test(videos_are_shown_to_both),
        cmocka_unit_test(it_ends_by_itself),
        cmocka_unit_test(the_best_offer_is_taken),
        cmocka_unit_test(impossible_states_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
