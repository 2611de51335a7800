/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The columns of the tables. What is fixed is a const array; what depends on the streams,
 * channels and metrics in use is put together at the start.
 */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "parts.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const struct column columns_videos[] = {
    {"video", "1", "number of the video, never given twice"},
    {"creator", "1", "number of its creator, as in creators.csv"},
    {"cohort", "1", "cohort of its creator"},
    {"topic", "1", "topic"},
    {"published_day", "d",
     "day on which it entered the feed; negative before the start; empty if it never did"},
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
const size_t columns_videos_count = COUNT(columns_videos);

const struct column columns_retention[] = {
    {"cohort_day", "d", "day of joining; -1 = all who were here at the start"},
    {"age_day", "d", "days since (of those here at the start: since day -1), up to 60"},
    {"viewers", "viewers", "viewers who joined on that day"},
    {"returned", "viewers", "of those: with at least one session on exactly that day of age"},
};
const size_t columns_retention_count = COUNT(columns_retention);

const struct column columns_cascades[] = {
    {"root_video", "1", "video that was shared, as in videos.csv"},
    {"size", "1", "viewers who shared it, the first one included"},
    {"depth", "1", "longest chain of shares from its root; 0 = nobody shared it on"},
    {"virality", "1",
     "structural virality: mean distance between two sharers (Goel et al. 2016)"},
};
const size_t columns_cascades_count = COUNT(columns_cascades);

const struct column columns_ledger[] = {
    {"day", "d", "day"},
    {"debit_account", "1", "account class that gave"},
    {"credit_account", "1", "account class that received"},
    {"stream", "1", "revenue stream or other reason"},
    {"amount_micro", "1e-6 currency", "sum of the day's postings"},
};
const size_t columns_ledger_count = COUNT(columns_ledger);

const struct column columns_money[] = {
    {"window_ms", "ms",
     "start of the window in which it was booked, since the start of the run; it belongs to "
     "that "
     "window's day and interval"},
    {"time_ms", "ms", "when the act happened"},
    {"stream", "1", "revenue stream or other reason, as in ledger.csv"},
    {"debit_account", "1", "account class that gave"},
    {"credit_account", "1", "account class that received"},
    {"amount_micro", "1e-6 currency", "how much"},
    {"postings", "1", "how many postings it is the sum of: impressions, else 1"},
    {"act", "1",
     "what happened: `shown` (videos were shown: ads with them, orders served), `paid` (a "
     "viewer "
     "paid), `settled`, `day` (close of a window, a day), `streamed` (the platform served), "
     "`purse` (a viewer's money of a month), `rent`, `left` (a creator's living costs, the "
     "rest "
     "when it leaves), `made` (what a video is made with), `bought`, `returned` (reach "
     "ordered, what was not used of it), `other`"},
    {"channel", "1", "growth channel that was paid"},
    {"creator", "1", "creator whose money or video it was, as in creators.csv"},
    {"viewer", "1", "viewer whose money it was, as in purses.csv.zst and trace.csv"},
    {"video", "1", "video, as in videos.csv"},
};
const size_t columns_money_count = COUNT(columns_money);

const struct column columns_purses[] = {
    {"viewer", "1", "number of the viewer by birth; newcomers count on from the initial ones"},
    {"purse_micro", "1e-6 currency", "money in the purse"},
};
const size_t columns_purses_count = COUNT(columns_purses);

const struct column columns_pools[] = {
    {"day", "d", "when the pool judged, at the close of a window"},
    {"video", "1", "the video, as in videos.csv"},
    {"pool", "1", "tier that it had been in, 0 = the first"},
    {"entered_day", "d", "when it came into that pool"},
    {"impressions", "1", "in the pool"},
    {"paid", "1", "of those: bought by a boost"},
    {"score", "1", "weighted acts an impression, paid ones counted less"},
    {"passed", "1", "1 = it goes on to the next pool (or left the highest one)"},
};
const size_t columns_pools_count = COUNT(columns_pools);

const struct column columns_trace[] = {
    {"time_ms", "ms", "when the video began to play, since the start of the run"},
    {"viewer", "1", "number of the viewer by birth; newcomers count on from the initial ones"},
    {"video", "1", "the video, as in videos.csv"},
    {"creator", "1", "its creator, as in creators.csv"},
    {"source", "1", "retrieval source that brought it"},
    {"position", "1",
     "in its slate, from 0; empty when it came in no slate: sent by a friend, announced, from "
     "outside"},
    {"watch_s", "s", "time watched; a video that loops counts on"},
    {"value", "1", "time watched by the video's length (watch ratio)"},
    {"complete", "1", "1 = watched to the end"},
    {"like", "1", "1 = liked"},
    {"comment", "1", "1 = commented"},
    {"share", "1", "1 = shared"},
    {"follow", "1", "1 = the creator was followed for it"},
    {"profile", "1", "1 = the creator's page was visited"},
    {"hide", "1", "1 = hidden"},
    {"report", "1", "1 = reported"},
    {"tip", "1", "1 = tipped"},
    {"ad", "1", "1 = an ad was shown with it"},
};
const size_t columns_trace_count = COUNT(columns_trace);

static const struct column series_head[] = {
    {"day", "d", "when the interval starts"},
    {"length_days", "d", "length of the interval; the last one may be shorter"},
    {"dau", "viewers",
     "viewers with a session on a day: mean over the days that end in the interval, or of the "
     "day so far"},
    {"wau", "viewers", "viewers with a session in the trailing 7 days; empty before day 7"},
    {"mau", "viewers", "viewers with a session in the trailing 30 days; empty before day 30"},
    {"viewers", "viewers", "viewers who ever joined"},
    {"sessions", "1", "sessions opened"},
    {"impressions", "1", "videos shown"},
    {"watch_hours", "h", "time watched; a video that loops counts on"},
    {"plays_7s", "1", "impressions watched for at least 7 s or in full"},
    {"plays_18s", "1", "impressions watched for at least 18 s or in full"},
    {"completions", "1", "impressions watched to the end"},
    {"likes", "1", "likes"},
    {"comments", "1", "comments"},
    {"shares", "1", "shares"},
    {"follows", "1", "follows"},
    {"hides", "1", "hides"},
    {"reports", "1", "reports"},
    {"profile_visits", "1", "visits to the page of a video's creator"},
    {"posts", "1", "videos uploaded"},
    {"active_videos", "1", "videos in the catalogue at the end of the interval"},
    {"active_creators", "1", "creators who have not left at the end of the interval"},
    {"new_viewers", "viewers", "viewers who joined"},
    {"churned_viewers", "viewers", "viewers who gave up the platform"},
    {"returned_viewers", "viewers", "viewers who had given up and came back"},
    {"new_creators", "1", "creators who joined"},
    {"left_creators", "1", "creators who left"},
    {"ad_impressions", "1", "impressions with an ad"},
    {"creator_income", "currency", "what creators earned of gross revenue, over all streams"},
    {"platform_income", "currency", "the platform's share of gross revenue"},
    {"platform_profit", "currency", "the platform's share less serving cost and fund"},
    {"fees", "currency", "fees of app stores and payment"},
    {"refunds", "currency", "refunds"},
    {"payable", "currency", "earned, not yet paid out: change in the interval"},
    {"serving_cost", "currency", "what the platform paid to serve impressions"},
    {"creator_fund", "currency", "what the platform paid creators out of its own share"},
    {"promotion_income", "currency",
     "what creators' boosts brought the platform; part of neither gross revenue nor profit"},
};

static const struct column cohorts_head[] = {
    {"day", "d", "when the interval starts"},
    {"cohort", "1", "creator cohort"},
    {"creators", "1", "creators of the cohort who have not left at the end of the interval"},
    {"new_creators", "1", "creators who joined it"},
    {"left_creators", "1", "creators who left"},
    {"posts", "1", "videos uploaded"},
    {"followers", "1", "followers of the cohort's creators at the end of the interval"},
    {"impressions", "1", "impressions of their videos"},
    {"watch_hours", "h", "time watched of their videos"},
    {"income", "currency", "net income over all streams"},
    {"balance", "currency", "money on their accounts at the end of the interval"},
    {"hours_worked", "h", "work that went into videos"},
    {"costs", "currency", "spent on promotion, over all channels, and on making videos"},
    {"production_costs", "currency", "the part of it spent on making videos: AI tools, AR/VR"},
    {"profit_hour", "currency/h", "income less costs, an hour worked; empty without work"},
    {"income_cv", "1",
     "coefficient of variation of the interval's income over the cohort's creators"},
    {"income_cvar5", "currency",
     "mean income of the 5 % of its creators who earned least (CVaR at 5 %)"},
    {"weekly_cv", "1",
     "volatility: coefficient of variation of a creator's weekly income over the last 8 weeks, "
     "mean over the cohort's creators here who earned; empty before week 4"},
    {"weekly_cvar5", "1",
     "mean of the worst 5 % of these weeks as a relative departure from the creator's mean"},
    {"survival", "1", "share of those who were here at the start and have not left"},
    {"completion_rate", "1", "share of the impressions that were watched to the end"},
    {"hide_rate", "1", "share of the impressions after which the video was hidden"},
    {"audience", "viewers", "viewers who watched a video of theirs for 7 s or in full"},
    {"audience_satisfaction", "match",
     "mean satisfaction of their impressions, which habit is made of: match (0 = a random "
     "video, 1 = one that fits) after what selling costs it, less what an ad costs"},
    {"audience_retention", "1",
     "share of the audience of the interval before that was their audience again; empty "
     "without"},
    {"follower_loss", "1",
     "followers lost in the interval, as a share of those at its beginning"},
    {"payout_days", "d",
     "mean wait from a sale to its payout (Little's law): what is held at the end of the "
     "interval, before the platform's cut and returns, by the income a day; empty without"},
};

static const struct column creators_head[] = {
    {"creator", "1", "number of the creator, never given twice"},
    {"cohort", "1", "cohort"},
    {"topic", "1", "home topic"},
    {"joined_day", "d", "day of joining; also 0 for those who were here at the start"},
    {"left_day", "d", "day of leaving; empty while here"},
    {"followers", "1", "followers at the end"},
    {"posts", "1", "videos uploaded, those before the start included"},
    {"impressions", "1", "impressions of their videos"},
    {"watch_hours", "h", "time watched of their videos"},
    {"morale", "1", "morale at the end"},
    {"balance", "currency", "money on the account at the end"},
    {"production_costs", "currency", "spent on making videos: AI tools, AR/VR"},
    {"hours_worked", "h", "work that went into videos after the warm-up"},
    {"profit", "currency",
     "income over all streams less promotion and production costs, after the warm-up: as "
     "profit_hour of cohorts.csv, times hours_worked"},
};

static const struct column arms_head[] = {
    {"day", "d", "when the interval starts"},
    {"arm", "1", "a = under the scenario's own values, b = under experiment.changes"},
    {"viewers", "viewers",
     "viewers of the arm who ever joined; empty in a split by creator, as are dau and "
     "churned_viewers"},
    {"dau", "viewers", "of those: with a session on a day, as in series.csv"},
    {"churned_viewers", "viewers", "of those: have given up the platform, at the end"},
    {"creators", "1",
     "creators of the arm who have not left at the end of the interval; empty in a split by "
     "viewer, as are posts, followers and income"},
    {"posts", "1", "videos that they uploaded"},
    {"followers", "1", "their followers at the end of the interval"},
    {"impressions", "1", "videos shown to the arm's viewers, or of the arm's creators"},
    {"watch_hours", "h", "time watched in these"},
    {"completions", "1", "of these impressions: watched to the end"},
    {"likes", "1", "likes"},
    {"comments", "1", "comments"},
    {"shares", "1", "shares"},
    {"follows", "1", "follows"},
    {"hides", "1", "hides"},
    {"ad_impressions", "1", "of these impressions: with an ad"},
    {"income", "currency", "net income of the arm's creators over all streams"},
};
static const struct column spent_column = {
    "spent_<stream>", "currency",
    "what the arm's viewers paid or ordered by the stream, for ads what advertisers paid for "
    "those that they saw; before refunds; empty in a split by creator"};

/* Columns of which there is one a stream, channel or source in use. */
static const struct column revenue_column = {"revenue_<stream>", "currency",
                                             "gross revenue of the stream"};
static const struct column source_column = {
    "impressions_<source>", "1", "impressions from the retrieval source; sum to impressions"};
static const struct column income_column = {"income_<stream>", "currency",
                                            "net income from the stream"};
static const struct column spend_column = {"spend_<channel>", "currency",
                                           "spent on the growth channel, less what came back"};

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

/* "revenue_<stream>" with the stream's name in its place, kept with the observers. */
static void add_named(struct measure *self, struct list list, const struct column *like,
                      const char *name)
{
    char *text = self->texts[self->text_count++];
    int head = (int)(strchr(like->name, '<') - like->name);
    snprintf(text, sizeof *self->texts, "%.*s%s", head, like->name, name);
    const struct column column = {text, like->unit, like->definition};
    add(list, &column, 1);
}

static void make_series(struct measure *self)
{
    const struct measure_services *s = &self->services;
    const struct list list = {self->series, &self->series_count};
    add(list, series_head, COUNT(series_head));
    for (size_t i = 0; i < s->stream_count; i++)
        add_named(self, list, &revenue_column, s->stream_names[i]);
    for (size_t i = 0; i < SOURCES; i++)
        if (source_used(s, (enum source)i))
            add_named(self, list, &source_column, source_name((enum source)i));
    for (size_t m = 0; m < self->metric_count; m++)
        add(list, self->metric[m]->columns, self->metric[m]->column_count);
}

/* Money by stream and channel, for a creator or a cohort. */
static void make_money(struct measure *self, struct list list)
{
    const struct measure_services *s = &self->services;
    for (size_t i = 0; i < s->stream_count; i++)
        add_named(self, list, &income_column, s->stream_names[i]);
    for (size_t i = 0; i < s->channel_count; i++)
        add_named(self, list, &spend_column, s->channel_names[i]);
}

static void make_arms(struct measure *self)
{
    const struct measure_services *s = &self->services;
    const struct list list = {self->arms_columns, &self->arms_count};
    add(list, arms_head, COUNT(arms_head));
    for (size_t i = 0; i < s->stream_count; i++)
        add_named(self, list, &spent_column, s->stream_names[i]);
    for (size_t i = 0; i < s->stream_count; i++)
        add_named(self, list, &income_column, s->stream_names[i]);
}

enum status columns_make(struct measure *self)
{
    const struct list creators = {self->creators, &self->creators_count};
    const struct list cohorts = {self->cohorts, &self->cohorts_count};
    size_t names = 5 * self->services.stream_count + 2 * self->services.channel_count + SOURCES;
    self->texts = memory_alloc(names, sizeof *self->texts);
    if (!self->texts) return STATUS_NO_MEMORY;
    make_series(self);
    add(creators, creators_head, COUNT(creators_head));
    make_money(self, creators);
    add(cohorts, cohorts_head, COUNT(cohorts_head));
    make_money(self, cohorts);
    if (self->arms) make_arms(self);
    return STATUS_OK;
}

/* ------------------------------------------------------------------------- for the codebook */

struct declared {
    const struct column *columns;
    size_t count;
};

size_t measure_declared(enum table_id table, size_t part, const struct column **columns)
{
    static const struct declared declared[TABLES][3] = {
        [TABLE_SERIES] = {{series_head, COUNT(series_head)},
                          {&revenue_column, 1},
                          {&source_column, 1}},
        [TABLE_COHORTS] = {{cohorts_head, COUNT(cohorts_head)},
                           {&income_column, 1},
                           {&spend_column, 1}},
        [TABLE_CREATORS] = {{creators_head, COUNT(creators_head)},
                            {&income_column, 1},
                            {&spend_column, 1}},
        [TABLE_VIDEOS] = {{columns_videos, COUNT(columns_videos)}},
        [TABLE_RETENTION] = {{columns_retention, COUNT(columns_retention)}},
        [TABLE_CASCADES] = {{columns_cascades, COUNT(columns_cascades)}},
        [TABLE_LEDGER] = {{columns_ledger, COUNT(columns_ledger)}},
        [TABLE_MONEY] = {{columns_money, COUNT(columns_money)}},
        [TABLE_PURSES] = {{columns_purses, COUNT(columns_purses)}},
        [TABLE_POOLS] = {{columns_pools, COUNT(columns_pools)}},
        [TABLE_ARMS] = {{arms_head, COUNT(arms_head)}, {&spent_column, 1}, {&income_column, 1}},
        [TABLE_TRACE] = {{columns_trace, COUNT(columns_trace)}},
        [TABLE_TRACE_PACKED] = {{columns_trace, COUNT(columns_trace)}},
    };
    if (table >= TABLES || part >= 3) return 0;
    *columns = declared[table][part].columns;
    return declared[table][part].count;
}
