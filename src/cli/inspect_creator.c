/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A creator: who it is, what it decided, what it saw of how that went, and its latest videos.
 */
#include <math.h>
#include <stdio.h>

#include "inspect.h"

static const struct sheet_column feedback_columns[] = {
    {"period", 10, -1}, {"since_day", 9, 1}, {"impressions", 11, 0}, {"watch_hours", 11, 1},
    {"likes", 7, 0},    {"follows", 7, 0},   {"posts", 5, 0},        {"income", 10, 2},
    {"spent", 10, 2},   {"hours", 7, 1}};
static const struct sheet_column video_columns[] = {
    {"video", 9, 0}, {"published_day", 13, 1}, {"topic", 14, -1},
    {"pool", 4, 0},  {"impressions", 11, 0},   {"completion_rate", 15, 4}};

static enum status find_creator(const struct inspection *self, uint64_t id,
                                const struct creator **out, struct errors *errors)
{
    const struct world *w = sim_world(self->sim);
    uint32_t shard = (uint32_t)id & (w->shards.count - 1);
    size_t all = 0;
    for (uint32_t s = 0; s < w->shards.count; s++) all += w->creators[s].count;
    if (id > ENTITY_VIEWER_LAST || id >> w->shards.bits >= w->creators[shard].count)
        return errors_add(errors, STATUS_BAD_INPUT,
                          "creator %llu: there is none of that number among the %zu of day %g",
                          (unsigned long long)id, all, inspect_day(self));
    *out = world_creator(w, (uint32_t)id);
    return STATUS_OK;
}

static void write_facts(const struct inspection *self, const struct creator *c,
                        struct sheet *sheet)
{
    bool here = c->left == TIME_NEVER;
    sheet_number(sheet, "day", inspect_day(self), 2);
    sheet_text(sheet, "cohort", inspect_cohort(self, c->cohort, "name", "all"));
    sheet_text(sheet, "strategy", inspect_cohort(self, c->cohort, "strategy", "?"));
    sheet_text(sheet, "topic", inspect_topic(self, c->topic));
    sheet_number(sheet, "joined_day", inspect_days(c->joined), 1);
    sheet_number(sheet, "left_day", here ? NAN : inspect_days(c->left), 1);
    sheet_number(sheet, "skill", (double)c->skill, 3);
    sheet_number(sheet, "hours_a_week", (double)c->hours, 1);
    sheet_number(sheet, "aspiration_a_week", (double)c->aspiration, 2);
    sheet_number(sheet, "morale", (double)c->morale, 3);
    sheet_number(sheet, "drive", (double)c->drive, 3);
    sheet_number(sheet, "strikes", c->strikes, 0);
    sheet_number(sheet, "followers", c->followers, 0);
    sheet_number(sheet, "posts", c->posts, 0);
    sheet_number(sheet, "impressions", (double)c->impressions, 0);
    sheet_number(sheet, "watch_hours", (double)c->watch_ms / 3.6e6, 1);
    sheet_number(sheet, "income", (double)creator_income(c) / (double)MICRO, 2);
    sheet_number(sheet, "income_a_week", (double)c->income_mean, 2);
    sheet_number(sheet, "balance", (double)c->balance / (double)MICRO, 2);
    sheet_number(sheet, "saved_for_promotion", (double)c->saved / (double)MICRO, 2);
}

static void write_plan(const struct inspection *self, const struct creator_plan *plan,
                       struct sheet *sheet)
{
    sheet_number(sheet, "plan_videos_a_week", (double)plan->videos_per_week, 2);
    sheet_number(sheet, "plan_hours_a_video", (double)plan->effort, 2);
    sheet_number(sheet, "plan_commercial", (double)plan->commercial, 3);
    sheet_number(sheet, "plan_exclusive", (double)plan->exclusive, 3);
    sheet_number(sheet, "plan_promotion_share", (double)plan->boost, 3);
    sheet_text(sheet, "plan_topic", inspect_topic(self, plan->topic));
}

static void write_period(struct sheet *sheet, const char *name, const struct creator_period *p)
{
    sheet_word(sheet, name);
    sheet_cell(sheet, inspect_days(p->since));
    sheet_cell(sheet, (double)p->impressions);
    sheet_cell(sheet, (double)p->watch_ms / 3.6e6);
    sheet_cell(sheet, p->likes);
    sheet_cell(sheet, p->follows);
    sheet_cell(sheet, p->posts);
    sheet_cell(sheet, (double)p->income / (double)MICRO);
    sheet_cell(sheet, (double)p->spent / (double)MICRO);
    sheet_cell(sheet, (double)p->hours);
}

static void write_feedback(const struct creator *c, struct sheet *sheet)
{
    sheet_table(sheet, "feedback",
                "Feedback: the period before the last review as the creator saw it, and what "
                "has come since (true)",
                feedback_columns, sizeof feedback_columns / sizeof *feedback_columns);
    write_period(sheet, "as seen", &c->last);
    write_period(sheet, "since", &c->period);
    sheet_table_end(sheet);
}

static void write_videos(const struct inspection *self, const struct creator *c,
                         struct sheet *sheet)
{
    const struct world *w = sim_world(self->sim);
    sheet_table(sheet, "videos", "Newest videos in the catalogue", video_columns,
                sizeof video_columns / sizeof *video_columns);
    for (size_t i = 0; i < sizeof c->videos / sizeof *c->videos; i++) {
        uint32_t number = c->videos[i];
        if (number == ENTITY_NONE) continue;
        const struct video_counters *v = &w->videos[entity_shard(w->shards, number)]
                                              .counter[entity_row(w->shards, number)];
        bool here = v->state == VIDEO_ACTIVE || v->state == VIDEO_PENDING;
        if (!here || world_creator(w, world_video(w, number)->creator) != c)
            continue; /* the row may be another's by now */
        sheet_cell(sheet, (double)inspect_video_id(self, number));
        sheet_cell(sheet, v->marks & VIDEO_ENTERED ? inspect_days(v->published) : NAN);
        sheet_word(sheet, inspect_topic(self, world_video(w, number)->topic));
        sheet_cell(sheet, v->pool);
        sheet_cell(sheet, v->impressions);
        sheet_cell(sheet, v->impressions ? (double)v->completions / v->impressions : NAN);
    }
    sheet_table_end(sheet);
}

enum status inspect_creator(struct inspection *self, uint64_t id, struct errors *errors)
{
    const struct creator *creator = NULL;
    struct sheet sheet;
    enum status status = find_creator(self, id, &creator, errors);
    if (status) return status;
    sheet_begin(&sheet, stdout, self->arguments->json);
    sheet_number(&sheet, "creator", (double)id, 0);
    write_facts(self, creator, &sheet);
    write_plan(self, &creator->plan, &sheet);
    write_feedback(creator, &sheet);
    write_videos(self, creator, &sheet);
    sheet_end(&sheet);
    return STATUS_OK;
}
