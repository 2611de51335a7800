/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The columns of the tables. What is fixed is a const array; what depends on the streams,
 * channels and metrics in use is put together at the start.
 */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "parts.h"

const struct column columns_videos[] = {
    {"video", "1", "video: its creator's number, then its ordinal there"},
    {"creator", "1", "number of its creator"},
    {"cohort", "1", "cohort of its creator"},
    {"topic", "1", "topic"},
    {"published_day", "d", "day on which it entered the feed; negative before the start"},
    {"duration_s", "s", "length"},
    {"quality", "1", "quality q_v in (0, 1)"},
    {"commercial", "1", "commercial intensity m_v in [0, 1]"},
    {"impressions", "1", "times shown"},
    {"plays_7s", "1", "impressions watched for 7 s or in full"},
    {"plays_18s", "1", "impressions watched for 18 s or in full"},
    {"completions", "1", "impressions watched to the end"},
    {"watch_hours", "h", "time watched"},
    {"likes", "1", "likes"},
    {"comments", "1", "comments"},
    {"shares", "1", "shares"},
    {"follows", "1", "follows of its creator from it"},
    {"hides", "1", "times hidden"},
    {"pool", "1", "traffic pool that it reached, 0 = cold start"},
    {"removed_day", "d", "day on which it left the catalogue; empty while in it"},
    {"paid_impressions", "1", "impressions bought by a boost"},
    {"reports", "1", "reports"},
};
const size_t columns_videos_count = sizeof columns_videos / sizeof columns_videos[0];

const struct column columns_retention[] = {
    {"cohort_day", "d", "day of joining"},
    {"age_day", "d", "days since"},
    {"viewers", "1", "viewers who joined on that day"},
    {"returned", "1", "of those: with a session on exactly that day of age"},
};
const size_t columns_retention_count = sizeof columns_retention / sizeof columns_retention[0];

const struct column columns_cascades[] = {
    {"root_video", "1", "video that was shared"},
    {"size", "1", "shares in the cascade"},
    {"depth", "1", "longest chain of shares from its root"},
    {"virality", "1", "mean distance between pairs of its nodes (Goel et al. 2015)"},
};
const size_t columns_cascades_count = sizeof columns_cascades / sizeof columns_cascades[0];

const struct column columns_ledger[] = {
    {"day", "d", "day"},
    {"debit_account", "1", "account class that gave"},
    {"credit_account", "1", "account class that received"},
    {"stream", "1", "revenue stream or other reason"},
    {"amount_micro", "1e-6 currency", "sum of the day's postings"},
};
const size_t columns_ledger_count = sizeof columns_ledger / sizeof columns_ledger[0];

static const struct column series_head[] = {
    {"day", "d", "day on which the interval starts"},
    {"dau", "viewers", "viewers with a session on the interval's last day"},
    {"wau", "viewers", "viewers with a session in the trailing 7 days; empty before day 7"},
    {"mau", "viewers", "viewers with a session in the trailing 30 days; empty before day 30"},
    {"viewers", "viewers", "viewers who ever joined"},
    {"sessions", "1", "sessions opened"},
    {"impressions", "1", "videos shown"},
    {"watch_hours", "h", "time watched"},
    {"plays_7s", "1", "impressions watched for 7 s or in full"},
    {"plays_18s", "1", "impressions watched for 18 s or in full"},
    {"completions", "1", "impressions watched to the end"},
    {"likes", "1", "likes"},
    {"comments", "1", "comments"},
    {"shares", "1", "shares"},
    {"follows", "1", "follows"},
    {"hides", "1", "hides"},
    {"reports", "1", "reports"},
    {"posts", "1", "videos uploaded"},
    {"active_videos", "1", "videos in the catalogue at the end of the interval"},
    {"active_creators", "1", "creators who have not left"},
    {"new_viewers", "1", "viewers who joined"},
    {"churned_viewers", "1", "viewers who gave up the platform"},
    {"returned_viewers", "1", "of those who had given up: came back"},
    {"new_creators", "1", "creators who joined"},
    {"left_creators", "1", "creators who left"},
    {"ad_impressions", "1", "impressions with an ad"},
    {"creator_income", "currency", "what creators earned over all streams"},
    {"platform_income", "currency", "the platform's share of gross revenue"},
    {"platform_profit", "currency",
     "the platform's share and what boosts bring, less serving cost and fund"},
    {"fees", "currency", "fees of app stores and payment"},
    {"refunds", "currency", "refunds"},
    {"payable", "currency", "earned, not yet paid out"},
};

static const struct column cohorts_head[] = {
    {"day", "d", "day on which the interval starts"},
    {"cohort", "1", "creator cohort"},
    {"creators", "1", "creators of the cohort who have not left"},
    {"posts", "1", "videos uploaded to date"},
    {"followers", "1", "followers of the cohort's creators"},
    {"impressions", "1", "impressions of their videos in the interval"},
    {"watch_hours", "h", "time watched in the interval"},
    {"balance", "currency", "money on their accounts"},
};

static const struct column creators_head[] = {
    {"creator", "1", "number"},
    {"cohort", "1", "cohort"},
    {"topic", "1", "home topic"},
    {"joined_day", "d", "day of joining; negative before the start"},
    {"left_day", "d", "day of leaving; empty while here"},
    {"followers", "1", "followers at the end"},
    {"posts", "1", "videos uploaded"},
    {"impressions", "1", "impressions of their videos"},
    {"watch_hours", "h", "time watched"},
    {"morale", "1", "morale at the end"},
};

struct list {
    struct column *column;
    size_t *count;
};

static void add(struct list list, const struct column *columns, size_t n)
{
    require(*list.count + n <= MEASURE_COLUMNS_MAX);
    memcpy(list.column + *list.count, columns, n * sizeof *columns);
    *list.count += n;
}

/* "revenue_" + "ads", kept with the observers. */
static void add_named(struct measure *self, struct list list, const char *head,
                      const char *name, const struct column *like)
{
    char *text = self->texts[self->text_count++];
    snprintf(text, sizeof *self->texts, "%s%s", head, name);
    const struct column column = {text, like->unit, like->definition};
    add(list, &column, 1);
}

static const char *const source_names[] = {
#define SOURCE_TEXT(id, text) text,
    SOURCE_LIST(SOURCE_TEXT)
#undef SOURCE_TEXT
};

static void make_series(struct measure *self)
{
    const struct measure_services *s = &self->services;
    const struct list list = {self->series, &self->series_count};
    const struct column revenue = {"", "currency", "gross revenue of the stream"};
    const struct column source = {"", "1", "impressions from this source"};
    add(list, series_head, sizeof series_head / sizeof series_head[0]);
    for (size_t i = 0; i < s->stream_count; i++)
        add_named(self, list, "revenue_", s->stream_names[i], &revenue);
    for (size_t i = 0; i < SOURCES; i++)
        add_named(self, list, "impressions_", source_names[i], &source);
    for (size_t m = 0; m < self->metric_count; m++)
        add(list, self->metric[m]->columns, self->metric[m]->column_count);
}

static void make_creators(struct measure *self)
{
    const struct measure_services *s = &self->services;
    const struct list list = {self->creators, &self->creators_count};
    const struct column income = {"", "currency", "income from the stream, net"};
    const struct column spend = {"", "currency", "spent on the channel"};
    add(list, creators_head, sizeof creators_head / sizeof creators_head[0]);
    for (size_t i = 0; i < s->stream_count; i++)
        add_named(self, list, "income_", s->stream_names[i], &income);
    for (size_t i = 0; i < s->channel_count; i++)
        add_named(self, list, "spend_", s->channel_names[i], &spend);
}

enum status columns_make(struct measure *self)
{
    size_t names = 2 * self->services.stream_count + self->services.channel_count + SOURCES;
    self->texts = memory_alloc(names, sizeof *self->texts);
    if (!self->texts) return STATUS_NO_MEMORY;
    make_series(self);
    make_creators(self);
    add((struct list){self->cohorts, &self->cohorts_count}, cohorts_head,
        sizeof cohorts_head / sizeof cohorts_head[0]);
    return STATUS_OK;
}
