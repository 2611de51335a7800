/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "population.h"

#include "base/memory.h"
#include "habit.h"
#include "purse.h"
#include "taste.h"

static const struct schema_row rows[] = {
    {.path = "count",
     .type = SCHEMA_INT,
     .unit = "viewers",
     .low = 0,
     .high = 5e8, /* numbers of rows in shards of unlike sizes stay below RELATION_OTHER_LAST */
     .initial = "20000",
     .meaning = "viewers at the start",
     .source = "A (a laptop's size)",
     .plausible_low = 1000,
     .plausible_high = 1e6,
     .when = SCHEMA_START,
     .moves = "dau",
     .sign = 1,
     .from = "200",
     .to = "400",
     VIEWERS_AT(viewers_parameters, count)},
    {.path = "rate",
     .type = SCHEMA_FLOAT,
     .unit = "1/d",
     .low = 0,
     .high = 1000,
     .initial = "0.9",
     .meaning = "median of the sessions a day at habit 1",
     .source = "A calibrated to FACTS 8.6 (DAU/MAU .56, 8 sessions a DAU-day)",
     .plausible_low = 0.3,
     .plausible_high = 4,
     .when = SCHEMA_START,
     .moves = "sessions",
     .sign = 1,
     .from = "0.5",
     .to = "3",
     VIEWERS_AT(viewers_parameters, rate)},
    {.path = "rate_sigma",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 5,
     .initial = "1.95",
     .meaning = "spread of ln(rate) between viewers",
     .source = "A calibrated to FACTS 8.6",
     .plausible_low = 1,
     .plausible_high = 2.3,
     .when = SCHEMA_START,
     .moves = "sessions",
     .sign = 1,
     .from = "0.5",
     .to = "2",
     VIEWERS_AT(viewers_parameters, rate_sigma)},
    {.path = "rate_most",
     .type = SCHEMA_FLOAT,
     .unit = "1/d",
     .low = 0.001,
     .high = 240,
     .initial = "40",
     .meaning = "nobody's rate is above this",
     .source = "A",
     .plausible_low = 20,
     .plausible_high = 80,
     .when = SCHEMA_START,
     .moves = "sessions",
     .sign = 1,
     .from = "2",
     .to = "40",
     VIEWERS_AT(viewers_parameters, rate_most)},
    {.path = "budget_sigma",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 2,
     .initial = "0.5",
     .meaning = "spread of ln(time budget) between viewers; its mean stays",
     .source = "A",
     .plausible_low = 0.2,
     .plausible_high = 1,
     .when = SCHEMA_START,
     .moves = "impressions",
     .sign = -1,
     .from = "0",
     .to = "1",
     VIEWERS_AT(viewers_parameters, budget_sigma)},
    {.path = "tolerance",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.5",
     .meaning = "mean tolerance of videos that sell; single ones differ by "
                "up to one half",
     .source = "A",
     .plausible_low = 0.2,
     .plausible_high = 0.8,
     .when = SCHEMA_START,
     .moves = "r videos.commercial,watch_hours",
     .sign = 1,
     .from = "0",
     .to = "1",
     .needs = "viewers.match.commercial=3.0 creators.production.commercial_sd=0.4",
     VIEWERS_AT(viewers_parameters, tolerance)},
    {.path = "tip_sigma",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 5,
     .initial = "2.7",
     .meaning = "spread of ln(propensity to tip), whose mean is 1",
     .source = "D C5 (Kuaishou gift payers 2.6-2.7)",
     .when = SCHEMA_START,
     .moves = "revenue_tips",
     .sign = -1,
     .from = "0",
     .to = "3",
     .needs = "revenue.streams=[\"tips\"] revenue.tips.rate=0.01 revenue.tips.sigma=0.5 "
              "viewers.purse.month=20.0",
     VIEWERS_AT(viewers_parameters, tip_sigma)},
    {.path = "ios",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.25",
     .meaning = "share of viewers who pay through an app store that takes a fee",
     .source = "A",
     .plausible_low = 0.2,
     .plausible_high = 0.6,
     .when = SCHEMA_START,
     .moves = "fees",
     .sign = 1,
     .from = "0",
     .to = "1",
     .needs = "revenue.streams=[\"tips\"] revenue.tips.rate=0.01 revenue.tips.sigma=0.5",
     VIEWERS_AT(viewers_parameters, ios)},
    {.path = "consent_ios",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.44",
     .meaning = "share of viewers on iOS whose acts may be learned from",
     .source = "V ATT",
     .when = SCHEMA_WINDOW,
     .moves = "ndcg_true",
     .sign = 1,
     .from = "0",
     .to = "1",
     .needs = "viewers.ios=1.0",
     VIEWERS_AT(viewers_parameters, consent_ios)},
    {.path = "consent_other",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.95",
     .meaning = "the same of those on other phones",
     .source = "A",
     .plausible_low = 0.7,
     .plausible_high = 1,
     .when = SCHEMA_WINDOW,
     .moves = "ndcg_true",
     .sign = 1,
     .from = "0",
     .to = "1",
     .needs = "viewers.ios=0.0",
     VIEWERS_AT(viewers_parameters, consent_other)},
    {.path = "feed_optout",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.02",
     .meaning = "share of viewers without a personal feed",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 0.1,
     .when = SCHEMA_WINDOW,
     .moves = "watch_hours",
     .sign = -1,
     .from = "0",
     .to = "1",
     VIEWERS_AT(viewers_parameters, feed_optout)},
    {.path = "choice",
     .type = SCHEMA_TEXT,
     .unit = "1",
     .initial = "\"weibull\"",
     .choices = "choice",
     .meaning = "what a person does with a video",
     .source = "scenario",
     .when = SCHEMA_START,
     .moves = "hash",
     VIEWERS_AT(viewers_parameters, choice)},
};
const struct schema_table viewers_table = {
    .prefix = "viewers", .size = sizeof(struct viewers_parameters), SCHEMA_ROWS(rows)};

/* exp of a normal with the given mean of the exponential's ln and spread. */
static float lognormal(struct stream *s, double mu, double sigma)
{
    return sigma > 0 ? (float)stream_lognormal(s, mu, sigma) : (float)maths_exp(mu);
}

/* x in [0, 1] as a whole number of 1/255. */
static uint8_t share_byte(float x)
{
    return (uint8_t)((x < 0 ? 0 : x > 1 ? 1 : x) * 255.0f + 0.5f);
}

void person_birth(const struct viewers *self, struct stream *s, struct viewer *viewer,
                  struct interests *interests)
{
    const struct viewers_parameters *p = self->set;
    float theta[VECTOR_DIM];

    taste_birth(self, s, theta, interests);
    vector_pack(&viewer->taste, theta);
    viewer->topic = interests->topic[0];
    float rate = p->rate > 0 ? lognormal(s, maths_log(p->rate), p->rate_sigma) : 0;
    viewer_set_rate(viewer, rate < (float)p->rate_most ? rate : (float)p->rate_most);
    viewer_set_habit(viewer, habit_table_at(self->settled, (double)viewer_rate(viewer)));
    viewer_set_expectation(viewer, (float)self->habit->outside);
    viewer_set_tip_propensity(viewer,
                              lognormal(s, -0.5 * p->tip_sigma * p->tip_sigma, p->tip_sigma));
    float budget = lognormal(s, -0.5 * p->budget_sigma * p->budget_sigma, p->budget_sigma);
    viewer->budget = (uint16_t)(budget < 60 ? budget * 1024.0f + 0.5f : 60 * 1024);
    viewer->tolerance = share_byte((float)p->tolerance + word_uniformf(stream_word(s)) - 0.5f);
    viewer->income = (uint8_t)stream_below(s, 5);
    viewer->price_sensitivity = share_byte(0.9f - 0.2f * (float)viewer->income +
                                           0.2f * (word_uniformf(stream_word(s)) - 0.5f));
    viewer->last_day = INT16_MIN;
}

/* What the log knows replaces what was drawn: taste and what it is made of, how often and how
 * long. */
static void person_real(const struct viewers *self, struct viewer *viewer,
                        struct interests *interests)
{
    const struct audience_viewer *real = &self->world->audience->viewer[viewer->ordinal];
    double rate = self->set->rate * (double)real->activity, most = self->set->rate_most;
    float budget = real->budget * 1024.0f;

    viewer->taste = real->taste;
    taste_interests(self, &viewer->taste, interests);
    viewer->topic = interests->topic[0];
    viewer_set_rate(viewer, (float)(rate < most ? rate : most));
    viewer_set_habit(viewer, habit_table_at(self->settled, (double)viewer_rate(viewer)));
    viewer->budget = (uint16_t)(budget < 60 * 1024 ? budget + 0.5f : 60 * 1024);
}

void person_consent(const struct viewers *self, struct viewer *viewer)
{
    const struct viewers_parameters *p = self->set;
    struct stream_words w = stream_block(self->keys.person, viewer_name(viewer), 1, 0);
    bool ios = word_uniformf(w.word[0]) < (float)p->ios;
    double consent = ios ? p->consent_ios : p->consent_other;
    unsigned flags = viewer->flags &
                     ~(unsigned)(VIEWER_IOS | VIEWER_CONSENT | VIEWER_FEED_OPTOUT);

    flags |= ios ? VIEWER_IOS : 0;
    flags |= word_uniformf(w.word[1]) < (float)consent ? VIEWER_CONSENT : 0;
    flags |= word_uniformf(w.word[2]) < (float)p->feed_optout ? VIEWER_FEED_OPTOUT : 0;
    viewer->flags = (uint8_t)flags;
}

/* The tenure of somebody who was there before: exponential with a mean of 300 days. */
#define TENURE_DAYS 300.0
#define TENURE_MOST 3000.0

struct births {
    struct viewers *self;
    struct following *following;
    struct friending *friending; /* NULL: nobody asks for friends */
};

static enum status initial_viewer(const struct births *b, uint32_t shard, uint32_t row)
{
    struct viewers *self = b->self;
    struct viewer_shard *table = &self->world->viewers[shard];
    struct viewer *viewer = &table->row[row];
    uint32_t number = viewer_number(self, row, shard);
    struct interests interests;
    struct relation follows[FOLLOWS_MOST];
    uint64_t name = viewer_name(viewer);
    struct stream s = stream_open(self->keys.person, name, 0);

    person_birth(self, &s, viewer, &interests);
    if (self->world->audience) person_real(self, viewer, &interests);
    double tenure = TENURE_DAYS * stream_exponential(&s);
    viewer->joined_day = (int16_t) - (tenure < TENURE_MOST ? tenure : TENURE_MOST);
    person_consent(self, viewer);
    purse_fill(self, number, viewer);
    uint32_t n = following_draw(b->following, self, name, &interests, follows);
    uint32_t friends = b->friending ? friending_draw(b->friending, viewer, number) : 0;
    enum status status = relation_list_fill(&table->relations, &viewer->relations, follows, n,
                                            n + friends);
    if (status != STATUS_OK) return status;
    struct stream_words w = stream_block(self->keys.session, name, UINT32_MAX, 0);
    sim_time first = plan_after(self, viewer, 0, w.word[0], w.word[1]);
    if (first == TIME_NEVER) return STATUS_OK;
    return engine_plan(self->world->engine, number, first, EVENT_SESSION, 0);
}

static void births_task(void *context, uint32_t shard, uint32_t thread)
{
    const struct births *b = context;
    struct session_pool *pool = &b->self->pools[shard];
    struct viewer_shard *table = &b->self->world->viewers[shard];
    uint32_t count = (uint32_t)table->count;

    (void)thread;
    if (table->elsewhere) return;
    for (uint32_t row = 0; row < count && pool->fault == STATUS_OK; row++)
        pool->fault = initial_viewer(b, shard, row);
    if (pool->fault == STATUS_OK) pool->fault = pool_reserve(pool, PIECE_ROWS);
}

static enum status add_initial(struct viewer_shard *table, uint32_t ordinal)
{
    if (table->elsewhere) return viewer_add_elsewhere(table, ordinal, false);
    struct viewer *viewer = viewer_add(table);
    if (!viewer) return STATUS_NO_MEMORY;
    viewer->ordinal = ordinal;
    return STATUS_OK;
}

/* Names and homes of the first n viewers. */
static enum status deal_names(struct viewers *self, uint32_t *number, size_t n)
{
    struct world *w = self->world;

    size_t *homes = memory_alloc(w->shards.count, sizeof *homes); /* viewers of each shard */
    enum status status = homes ? STATUS_OK : STATUS_NO_MEMORY;

    for (size_t i = 0; homes && i < n; i++)
        homes[entity_home(w->shards, viewer_birth_name((uint32_t)i, false))]++;
    for (uint32_t s = 0; s < w->shards.count && status == STATUS_OK; s++) {
        struct viewer_shard *v = &w->viewers[s];
        status = v->elsewhere
                     ? memory_grow(&v->origin, &v->origin_room, homes[s], sizeof *v->origin)
                     : memory_grow(&v->row, &v->capacity, homes[s], sizeof *v->row);
    }
    memory_free(homes);
    if (status != STATUS_OK) return status;
    for (size_t i = 0; i < n; i++) {
        uint32_t shard = entity_home(w->shards, viewer_birth_name((uint32_t)i, false));
        status = add_initial(&w->viewers[shard], (uint32_t)i);
        if (status != STATUS_OK) return status;
        number[i] = viewer_number(self, (uint32_t)(w->viewers[shard].count - 1), shard);
    }
    return STATUS_OK;
}

/* Friendships are kept only where somebody uses them. */
static bool friends_wanted(const struct world *w)
{
    struct parameter at;

    if (!parameters_find(w->parameters, "growth.channels", &at) || at.row->type != SCHEMA_NAMES)
        return false;
    return name_list_find(at.value, "social_share") >= 0;
}

enum status viewers_populate(struct viewers *self)
{
    struct world *w = self->world;
    size_t n = w->audience ? w->audience->viewers : (size_t)self->set->count;
    struct births births = {.self = self};
    uint32_t *number = memory_alloc(n, sizeof *number);
    enum status status = number ? deal_names(self, number, n) : STATUS_NO_MEMORY;

    if (status == STATUS_OK) status = following_init(&births.following, w);
    if (status == STATUS_OK && friends_wanted(w))
        status = friending_init(&births.friending, self);
    if (status != STATUS_OK) goto out;
    team_run(w->team, w->shards.count, births_task, &births);
    for (uint32_t s = 0; s < w->shards.count && status == STATUS_OK; s++)
        status = self->pools[s].fault;
    if (status == STATUS_OK) status = purses_tell(self);
    if (status == STATUS_OK) status = following_count(w);
    if (status == STATUS_OK && births.friending)
        status = friending_join(births.friending, number, n);
out:
    following_free(births.following);
    friending_free(births.friending);
    memory_free(number);
    return status;
}
