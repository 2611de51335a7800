/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of creators/, shared by its files.
 */
#ifndef CREATORS_PARTS_H
#define CREATORS_PARTS_H

#include "ascent.h"
#include "creators/creators.h"
#include "creators/strategy.h"
#include "outlook.h"
#include "world/ban.h"

#define COHORTS_MOST SCHEMA_NAMES_MAX

/* What sets one cohort apart. The values of a listed cohort that the scenario leaves out are
 * those of the scalars `creators.*`. */
struct cohort {
    char name[SCHEMA_TEXT_SIZE];
    char topic[SCHEMA_TEXT_SIZE]; /* home topic, or "any" */
    char strategy[SCHEMA_TEXT_SIZE];
    struct name_list streams, channels; /* revenue/ and growth/ read them; empty = all */
    int64_t count;
    double skill, skill_sd;
    double hours, hours_sigma; /* a week: median, sd of the logarithm */
    double followers, followers_sigma;
    double videos_per_week, videos_sigma; /* mean, sd of the logarithm */
    double commercial, exclusive, boost, aspiration;
    double bid;         /* growth/ reads it, and the next */
    int32_t target;     /* enum boost_target */
    int32_t technology; /* enum technology_use */
};

struct creators_parameters { /* "creators" */
    struct cohort all;
    double backlog_days, review_days, follower_elasticity, breadth;
};

struct production_parameters { /* "creators.production" */
    double effort_scale, quality_sd, away;
    double duration_median, duration_sigma;
    double commercial_sd, spread, style;
    double regularity, violations, ai_share, ar_share;
};

struct technology_parameters { /* "creators.production.ai", "creators.production.ar" */
    double speed, quality, spread, cost;
};

/* What a video is made with. */
struct technology {
    bool ai, ar;
    double speed, quality, spread; /* factors on hours, quality, sd of quality */
    int64_t cost;                  /* micro-units */
};

struct response_parameters { /* "creators.response" */
    double share, strong, weak, alpha;
};

struct life_parameters { /* "creators.life" */
    double exit_new, exit_established, established_days, fall_factor;
    double memory_days, morale_gain, burnout, burnout_factor;
    double attention_value, living, entry_rate, entry_elasticity;
};

enum creator_flag {
    CREATOR_PLANNED = 1 /* its next publication stands in the calendar */
};

struct levers_parameters { /* "creators.levers" */
    struct name_list of;
    double probe, step, momentum;
};

#define LEVER_PLACES 3 /* channels among which promotion may be divided */

/* A creator's levers (levers.c), one row a creator as in world.creators. */
struct lever_shard {
    struct lever_row {
        struct ascent half[2]; /* floats */
        float expected;        /* worth of a period */
        float rate;            /* videos a week at the start */
        float weight[LEVER_PLACES - 1];
        uint32_t state;            /* LEVER_BITs of those that are its own, and two flags */
        int64_t pot[LEVER_PLACES]; /* of what is saved for promotion, by channel */
    } * row;
    size_t capacity;
};

/* Income by stream at the last review, one row a creator as in world.creators. */
struct paid_shard {
    struct paid_row {
        int64_t income[LEDGER_STREAMS_MAX];
    } * row;
    size_t capacity;
};

struct creators {
    struct world *world;
    struct creators_services services;
    const struct creators_parameters *p;
    const struct production_parameters *production;
    const struct technology_parameters *ai, *ar;
    const struct response_parameters *response;
    const struct life_parameters *life;
    bool subscriptions;               /* some videos may be for subscribers only */
    const double *transparency[ARMS]; /* policy.transparency; NULL = feedback is exact */
    const struct ban_parameters *ban; /* NULL = none ever */
    int32_t cohort_count;             /* at least 1 */
    struct cohort cohort[COHORTS_MOST];
    int32_t topic[COHORTS_MOST]; /* of each cohort; -1 = any */
    const struct strategy *strategy[COHORTS_MOST];
    const void *strategy_parameters[COHORTS_MOST];
    uint64_t entrants[COHORTS_MOST]; /* so far */
    struct stream_key birth, make, gap, review, exit, entry;
    enum status *fault;      /* [shard] the first failure inside a window; owned */
    struct charts *charts;   /* owned; NULL when no strategy in use asks */
    struct paid_shard *paid; /* [shard] owned; likewise */
    const struct levers_parameters *levers_parameters;
    uint32_t lever_kinds;       /* LEVER_BITs of those in use */
    struct lever_shard *levers; /* [shard] owned; NULL = none in use */
};

/* parameters.c: the cohorts as the scenario describes them: at most COHORTS_MOST; how many. */
int32_t cohorts_read(const struct parameters *parameters, struct cohort *out);

/* birth.c: adds the row of a new creator to its home shard, nothing but name, cohort and time
 * of joining; NULL = no memory. The second draws who it is (by its name, from nothing else) and
 * plans its first events from `when` on; `entrant`: it starts without followers. */
struct creator *birth_add(struct creators *self, int32_t cohort, uint64_t name, sim_time when);
enum status birth_grow_up(struct creators *self, uint32_t shard, uint32_t row,
                          bool entrant) MUST_CHECK;

/* Two parts of growing up: what a member of its cohort is like, but for its topics; its first
 * events, with the videos of `backlog` before `when`. */
void birth_person(const struct creators *self, struct creator *creator, bool entrant);
enum status birth_plan(struct creators *self, uint32_t shard, uint32_t row, sim_time when,
                       sim_time backlog) MUST_CHECK;
/* authors.c: the creators of world.audience with their videos, in place of the cohorts' own;
 * they belong to the first cohort. */
enum status authors_populate(struct creators *self) MUST_CHECK;

/* production.c: quality of a video that took `effort` hours: skill (1 - exp(-effort / scale)),
 * before the spread of luck; e.g. skill .6, 2 h at a scale of 2 h: .3793. */
double production_quality(double skill, double effort, double scale);
/* Videos a week that come of the plan, of the response to attention, of followers gained. */
double production_rate(const struct creator *creator);
/* Hours a week for videos: those that it works but for those in live rooms. */
double production_hours(const struct creator *creator);
/* Time from one video to the next; TIME_NEVER when it makes none. */
sim_time production_gap(const struct creators *self, const struct creator *creator);
/* Makes the creator's next video, as of `when`, and hands it in; ENTITY_NONE = no memory. What
 * its technology costs is paid (production_publish) or lies in the past (production_make). */
uint32_t production_publish(struct creators *self, uint32_t shard, uint32_t row, sim_time when);
uint32_t production_make(struct creators *self, uint32_t shard, uint32_t row, sim_time when);
/* The same of a real video, at the start: content, quality and what it has drawn so far are its
 * own, the rest is made like any other's. */
uint32_t production_take(struct creators *self, uint32_t shard, uint32_t row,
                         const struct audience_video *real, sim_time when);

/* technology.c: of the two that chance offers to that video, whose name and cohort are known,
 * those that the cohort uses and `budget` pays for, AI tools first; `draw` decides about AI. */
extern const struct schema_table technology_ai_table, technology_ar_table;
struct technology technology_draw(const struct creators *self, const struct video *video,
                                  int64_t budget, struct stream *draw);

/* life.c: what it can spend without touching what is set aside for promotion, micro-units; may
 * be negative. */
int64_t life_free(const struct creator *creator);
/* How content it is with money and attention against what it hopes for: 0 nothing, 1 as
 * hoped, towards 2 without bound. */
double life_content(const struct creators *self, const struct creator *creator);
/* Chance a month to leave. */
double life_exit(const struct creators *self, const struct creator *creator, sim_time now);

/* charts.c: makes what the strategies in use ask for; room for the creators of a shard; what a
 * creator was paid by stream since this was last asked (only with `paid`); the count at the end
 * of a day. */
enum status charts_open(struct creators *self) MUST_CHECK;
void charts_free(struct creators *self);
enum status charts_room(struct creators *self, uint32_t shard, size_t count) MUST_CHECK;
void charts_income(struct creators *self, uint32_t shard, const struct creator *creator,
                   int64_t *since);
void charts_close(struct creators *self);
void charts_visit(struct creators *self, struct visitor *v);

/* levers.c: what of the plan moves without the strategy. STATUS_BAD_INPUT for a name that is
 * none. At a review: before the strategy, what it may decide; after it, the new plan; then,
 * when it is for the levers to say, where promotion is bought: false = it is not. */
extern const struct schema_table levers_table;
enum status levers_open(struct creators *self, struct errors *errors) MUST_CHECK;
void levers_free(struct creators *self);
enum status levers_room(struct creators *self, uint32_t shard, size_t count) MUST_CHECK;
void levers_look(const struct creators *self, uint32_t shard, struct creator *c,
                 struct strategy_view *view);
void levers_review(const struct creators *self, uint32_t shard, struct creator *c,
                   const struct strategy_view *view, struct stream *draw);
bool levers_buy(const struct creators *self, uint32_t shard, struct creator *c);
void levers_visit(struct creators *self, struct visitor *v);

/* entry.c: those who enter at the end of a day. */
enum status entry_close(struct creators *self) MUST_CHECK;

static inline uint32_t parts_entity(const struct world *w, uint32_t row, uint32_t shard)
{
    return entity_number(w->shards, row, shard) | ENTITY_CREATOR;
}

static inline double parts_clip(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

#endif
