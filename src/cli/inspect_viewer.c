/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A viewer: who it is, what the platform believes of it, what it would be shown now and why.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "inspect.h"
#include "io/reasons.h"
#include "platform/platform.h"
#include "viewers/viewers.h"

#define SHOWN 10 /* of the slate */

static const struct sheet_column interest_columns[] = {
    {"topic", 18, -1}, {"taste", 7, 3}, {"believed", 9, 3}, {"videos", 7, 0}};
static const struct sheet_column item_columns[] = {
    {"position", 8, 0},     {"video", 9, 0},  {"creator", 8, 0},     {"topic", 14, -1},
    {"source", 12, -1},     {"score", 8, 3},  {"similarity", 10, 3}, {"popularity", 10, 3},
    {"exploration", 11, 3}, {"rerank", 7, 3}, {"rank", 5, 0},        {"match", 6, 2},
    {"reserved", 0, 0}};

struct view {
    struct inspection *self;
    const struct world *world;
    const struct viewer *viewer;
    uint64_t id;     /* as trace.csv has it */
    uint32_t number; /* in the world's tables */
    struct explanation shown;
    uint32_t topics;
    float taste[TOPICS_MAX], believed[TOPICS_MAX];
    uint32_t videos[TOPICS_MAX], order[TOPICS_MAX]; /* strongest taste first */
};

/* Viewers are counted by birth, as in trace.csv: the name says the shard. */
static enum status find_viewer(struct view *v, uint64_t id, struct errors *errors)
{
    const struct world *w = v->world;
    uint64_t all = sim_figures(v->self->sim).viewers, initial = world_initial_viewers(w);
    bool newcomer = id >= initial;
    uint32_t ordinal = (uint32_t)(newcomer ? id - initial : id);
    uint32_t shard = entity_home(w->shards, viewer_birth_name(ordinal, newcomer));
    const struct viewer_shard *viewers = &w->viewers[shard];
    for (size_t r = 0; r < viewers->count && id < all; r++) {
        const struct viewer *viewer = &viewers->row[r];
        if (viewer->ordinal != ordinal || !(viewer->flags & VIEWER_NEWCOMER) == newcomer)
            continue;
        v->id = id;
        v->number = entity_number(w->shards, (uint32_t)r, shard);
        v->viewer = viewer;
        return STATUS_OK;
    }
    return errors_add(errors, STATUS_BAD_INPUT,
                      "viewer %llu: must be in [0, %llu): the viewers of day %g by birth, "
                      "newcomers last, as trace.csv has them",
                      (unsigned long long)id, (unsigned long long)all, inspect_day(v->self));
}

static void read_taste(struct view *v)
{
    float taste[VECTOR_DIM];
    vector_unpack(taste, &v->viewer->taste);
    v->topics = (uint32_t)v->world->topics.count;
    for (uint32_t k = 0; k < v->topics; k++) {
        uint32_t at = k;
        v->taste[k] = vector_dot(taste, v->world->topics.topic[k].vector);
        for (; at > 0 && v->taste[v->order[at - 1]] < v->taste[k]; at--)
            v->order[at] = v->order[at - 1];
        v->order[at] = k;
    }
}

static void write_facts(const struct view *v, struct sheet *sheet)
{
    const struct viewer *viewer = v->viewer;
    uint32_t follows = 0;
    const struct feed feed = viewers_feed(sim_viewers(v->self->sim), v->number);
    for (uint32_t i = 0; i < feed.follow_count; i++)
        follows += relation_kind(feed.follows[i]) == RELATION_FOLLOW;
    sheet_number(sheet, "viewer", (double)v->id, 0);
    sheet_number(sheet, "day", inspect_day(v->self), 2);
    sheet_number(sheet, "joined_day", viewer->joined_day, 0);
    sheet_number(sheet, "last_session_day",
                 viewer->last_day == INT16_MIN ? NAN : viewer->last_day, 0);
    sheet_flag(sheet, "session_open", viewer->session != 0);
    sheet_flag(sheet, "churned", (viewer->flags & VIEWER_CHURNED) != 0);
    sheet_number(sheet, "sessions_a_day", (double)viewer_rate(viewer), 3);
    sheet_number(sheet, "habit", (double)viewer_habit(viewer), 3);
    sheet_number(sheet, "expected_pleasure", (double)viewer_expectation(viewer), 3);
    sheet_text(sheet, "first_interest", inspect_topic(v->self, viewer->topic));
    sheet_number(sheet, "follows", follows, 0);
    sheet_flag(sheet, "consent", (viewer->flags & VIEWER_CONSENT) != 0);
    sheet_flag(sheet, "personal_feed", (viewer->flags & VIEWER_FEED_OPTOUT) == 0);
    sheet_flag(sheet, "known_to_the_platform", v->shown.personal);
}

static void write_interests(const struct view *v, struct sheet *sheet)
{
    sheet_table(sheet, "interests",
                "Interests: cosine of the true taste with each topic; what the platform "
                "believes (mean personal score of the topic's videos)",
                interest_columns, sizeof interest_columns / sizeof *interest_columns);
    for (uint32_t i = 0; i < v->topics; i++) {
        uint32_t k = v->order[i];
        sheet_word(sheet, inspect_topic(v->self, k));
        sheet_cell(sheet, (double)v->taste[k]);
        sheet_cell(sheet, v->shown.personal && v->videos[k] ? (double)v->believed[k] : NAN);
        sheet_cell(sheet, v->videos[k]);
    }
    sheet_table_end(sheet);
}

static void write_shown(const struct view *v, struct sheet *sheet)
{
    char title[160];
    snprintf(title, sizeof title,
             "Next: %u of %u candidates by ranker %s (score = similarity + popularity + "
             "exploration; match = the truth)",
             v->shown.count, v->shown.candidates,
             platform_ranker(sim_platform(v->self->sim), v->number));
    sheet_table(sheet, "next", title, item_columns, sizeof item_columns / sizeof *item_columns);
    for (uint32_t i = 0; i < v->shown.count; i++) {
        const struct explained *item = &v->shown.item[i];
        const struct video *video = world_video(v->world, item->video);
        sheet_cell(sheet, i + 1);
        sheet_cell(sheet, (double)inspect_video_id(v->self, item->video));
        sheet_cell(sheet, video->creator);
        sheet_word(sheet, inspect_topic(v->self, video->topic));
        sheet_word(sheet, source_name(item->source));
        sheet_cell(sheet, (double)item->score);
        sheet_cell(sheet, (double)item->part.similarity);
        sheet_cell(sheet, (double)item->part.popularity);
        sheet_cell(sheet, (double)item->part.exploration);
        sheet_cell(sheet, (double)item->moved);
        sheet_cell(sheet, item->rank ? (double)item->rank : NAN);
        sheet_cell(sheet,
                   (double)viewers_match(sim_viewers(v->self->sim), v->number, item->video));
        sheet_cell(sheet, item->reserved);
    }
    sheet_table_end(sheet);
}

/* The same as bars. */
static enum status draw(const struct view *v, struct errors *errors)
{
    struct reasons_row row[SLATE_MAX];
    struct reasons_interest interest[TOPICS_MAX];
    char name[48], title[96];
    for (uint32_t i = 0; i < v->shown.count; i++) {
        const struct explained *item = &v->shown.item[i];
        row[i] = (struct reasons_row){
            .part = {(double)item->part.similarity, (double)item->part.popularity,
                     (double)item->part.exploration, (double)item->moved}};
        snprintf(row[i].name, sizeof row[i].name, "%lld",
                 (long long)inspect_video_id(v->self, item->video));
        snprintf(row[i].note, sizeof row[i].note, "%s, %s",
                 inspect_topic(v->self, world_video(v->world, item->video)->topic),
                 source_name(item->source));
    }
    for (uint32_t i = 0; i < v->topics; i++) {
        uint32_t k = v->order[i];
        bool known = v->shown.personal && v->videos[k] > 0;
        interest[i] = (struct reasons_interest){inspect_topic(v->self, k), (double)v->taste[k],
                                                known ? (double)v->believed[k] : NAN};
    }
    snprintf(name, sizeof name, "viewer_%llu_day_%g", (unsigned long long)v->id,
             floor(inspect_day(v->self)));
    snprintf(title, sizeof title, "Viewer %llu on day %g: interests, and the next feed",
             (unsigned long long)v->id, floor(inspect_day(v->self)));
    const struct reasons reasons = {
        .folder = v->self->folder,
        .name = name,
        .title = title,
        .ranker = platform_ranker(sim_platform(v->self->sim), v->number),
        .formats = v->self->arguments->format,
        .row = row,
        .rows = v->shown.count,
        .interest = interest,
        .interests = v->topics,
        .quiet = v->self->arguments->json || v->self->arguments->quiet};
    return reasons_draw(&reasons, errors);
}

enum status inspect_viewer(struct inspection *self, uint64_t id, struct errors *errors)
{
    struct view v = {.self = self, .world = sim_world(self->sim)};
    struct platform *platform = sim_platform(self->sim);
    struct sheet sheet;
    enum status status = find_viewer(&v, id, errors);
    if (status) return status;
    const struct feed feed = viewers_feed(sim_viewers(self->sim), v.number);
    read_taste(&v);
    status = platform_explain(platform, &feed, SHOWN, &v.shown);
    if (!status) status = platform_belief(platform, v.number, v.believed, v.videos);
    if (status) return status;
    sheet_begin(&sheet, stdout, self->arguments->json);
    write_facts(&v, &sheet);
    write_interests(&v, &sheet);
    write_shown(&v, &sheet);
    sheet_end(&sheet);
    return self->arguments->plots ? draw(&v, errors) : STATUS_OK;
}
