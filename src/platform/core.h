/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The platform's state, as its own files share it.
 *
 * A shard has two halves: rows of its viewers, open sessions and allowances, written in the
 * viewer phase, and lists of its videos, written in the phases of videos and creators and at
 * the close.
 */
#ifndef PLATFORM_CORE_H
#define PLATFORM_CORE_H

#include "base/pieces.h"
#include "index.h"
#include "parameters.h"
#include "platform/platform.h"

#define SEEN_WORDS (SEEN_BITS / 16) /* a generation */
/* Bits set at which a generation ends: about 50 names, 19 % false hits. */
#define SEEN_FULL 77

#define SLOTS_NEAREST 8 /* clusters a session remembers */
#define PROMISES_MAX 8
#define TIERS_MAX 8
#define POOL_MEMORY 512 /* finished scores a pool remembers */
#define STAGES_MAX 16   /* retrievers, rerankers */

struct promise {
    uint32_t video; /* number */
    uint16_t uses;  /* enum allowance_kind */
    int16_t topic;  /* of the allowance; -1 = anyone */
};

/* A viewer's open session; what its learner holds of it lies beside it (session_learned). */
struct session {
    struct packed16 query;
    uint16_t nearest[SLOTS_NEAREST];
    struct promise promise[PROMISES_MAX]; /* in the last slate and not watched yet */
    float ad_carry;
    uint32_t window;     /* ordinal of the window of the last slate */
    uint32_t generation; /* of the clusters that `nearest` means */
    uint8_t nearest_count, promises, open, known;
    uint8_t seen; /* bits set in the young generation of the seen list */
    uint8_t padding[3];
};

#define LIKED_MAX 64 /* videos that a group of viewers remembers */

/* A video that pleased a group; an empty place is ENTITY_NONE and 0. */
struct liked {
    uint32_t video; /* number */
    float score;    /* times that it pleased, decayed */
};

/* An act that pleased, on its way to the group. */
struct pleased {
    uint32_t group, video;
};

/* The lists of struct snapshot, and what those of groups are made from. */
struct lists {
    unsigned wanted; /* enum place_list */
    struct list_table {
        uint32_t *place, *begin;
        size_t room; /* of place */
    } region, topic, group;
    const struct group_quota *group_quota; /* NULL = not wanted */
    const struct topic_quota *topic_quota;
    const double *title_gain; /* growth.search.gain; NULL = nobody makes titles for search */
    struct liked *liked;      /* [CLUSTERS_MAX * LIKED_MAX]; NULL = not wanted */
    uint32_t generation;      /* of the clusters that the groups are */
};

/* A mark of videos beside those of enum video_mark: waits for a human before it goes on to its
 * next pool. */
#define VIDEO_HELD 64
_Static_assert(VIDEO_HELD > 3 << VIDEO_GRADE_SHIFT, "no bit of the grade");

enum review_verdict {
    REVIEW_PUBLISH,   /* passed at once */
    REVIEW_REJECT,    /* caught before anybody saw it */
    REVIEW_REMOVE,    /* a human takes it down */
    REVIEW_REINSTATE, /* an appeal brings it back */
    REVIEW_LOOK       /* a human decides whether it goes on to its next pool */
};

/* A decision about a video that takes effect at the first close at or after `due`. */
struct review {
    sim_time due;
    uint32_t row;
    uint32_t tag; /* folded birth name: the row may have been given to another video */
    uint8_t verdict;
    uint8_t wrong; /* the removal was an error */
    uint8_t padding[6];
};

/* What stands against a creator. */
struct offence {
    sim_time latest;  /* removal */
    sim_time barred;  /* until then uploads are refused; TIME_NEVER = the account is closed */
    uint32_t strikes; /* removals that count */
    uint32_t padding;
};

struct row_list {
    uint32_t *row;
    size_t count, capacity;
};

struct review_list {
    struct review *row;
    size_t count, capacity;
};

struct allowance_list {
    struct allowance *row;
    size_t count, capacity;
    size_t room; /* rows that the window may have: some promises come back */
};

struct pleased_list {
    struct pleased *row;
    size_t count, capacity;
};

struct promise_list {
    struct promise *row;
    size_t count, capacity;
};

struct platform_shard {
    /* viewers */
    uint16_t *viewer; /* [viewers][stride]: seen list, then the learner's row */
    size_t viewers;
    size_t viewer_words; /* capacity */
    struct pieces session;
    struct pieces session_learned;      /* [sessions][wide.session] */
    struct pieces session_recent;       /* [sessions] struct recent, when a retriever asks */
    size_t session_count;               /* highest slot so far + 1 */
    struct allowance_list allowance[2]; /* cold start, promoted */
    struct promise_list promised;       /* what open sessions hold; made at the close */
    struct pleased_list pleased;        /* of this window, when groups are kept */
    /* videos */
    uint16_t *cluster;
    uint16_t *owed[2]; /* promised in open sessions, by kind */
    float *learned;    /* [rows][wide.video] */
    size_t rows;       /* capacity of cluster and owed */
    size_t learned_floats;
    float *gathered; /* [wide.common]: what the window's acts say; zeros after a close */
    struct row_list touched; /* shown since the last refresh, in order of the first time */
    struct row_list waiting; /* in the feed, not yet in the index */
    struct row_list owing;   /* guaranteed > 0 */
    struct row_list resting; /* retired, in order of `due` */
    struct review_list reviews;
    struct offence *offence; /* [creator rows], when strikes are counted */
    size_t offences;
    uint64_t looks;           /* that people have time for at this close */
    struct row_list leaving;  /* to be taken out of the index; within a close */
    struct row_list final;    /* final row to be written; within a close */
    struct row_list finished; /* a pool to be judged; within a close */
    uint32_t hottest[TRENDING_MAX / 4];
    float hottest_heat[TRENDING_MAX / 4];
    uint32_t hottest_count;
    struct newest *newest; /* [creator rows] */
    size_t creators;
    uint8_t *region; /* [creator rows], when lists by region are wanted */
    size_t regions, region_room;
    enum status failed; /* no memory in a phase; returned by the close */
    uint64_t removed, reinstated, guarantees_done;
    uint64_t removed_wrongly;    /* of the removed */
    double guarantee_hours;      /* sum */
    struct exchange_cursor side; /* where this shard's side records have been read to */
    const int16_t *side_row;
    size_t side_left;
};

/* A ranker with the learner that it names, and where the things of this one stand beside those
 * of another's. */
struct scheme {
    const struct ranker *ranker;
    const void *ranker_parameters;
    const struct learner *learner; /* NULL when the ranker needs none */
    const void *learner_parameters;
    float *common;       /* what the learner keeps for all; NULL = nothing. In platform's */
    uint32_t lanes_at;   /* in a viewer's row, behind what was seen */
    uint32_t session_at; /* in the floats of an open session */
    uint32_t side_at;    /* in a side record, behind its header */
    uint32_t video_at, common_at; /* in a video's floats, in what is common */
};

/* What the learners in use take together. */
struct widths {
    uint32_t lanes, session, side, video, common;
};

/* Parameters that each request reads, in one arm of a split run: those of rows that may be
 * split by viewer. */
struct rules {
    const struct platform_parameters *platform;
    const struct slots_parameters *slots;
    const void *ranker, *retriever[STAGES_MAX], *reranker[STAGES_MAX];
    uint32_t model; /* of struct platform's */
    const struct scheme *scheme;
};

struct pool_memory {
    float score[POOL_MEMORY]; /* of the last videos that finished, a ring */
    uint64_t finished, passed;
};

/* Scratch of one thread for one slate; a table for all. */
struct making;
struct look_lanes;

/* What is bid for a video: the orders of all shards, by video. */
struct paid_bid {
    uint32_t video;
    int64_t bid; /* micro-units an impression */
};

struct platform {
    struct world *world;
    const struct platform_parameters *parameters;
    const struct pools_parameters *pools;
    const struct moderation_parameters *moderation;
    const struct catalogue_parameters *catalogue;
    const struct privacy_parameters *privacy;
    struct platform_services services;
    struct truth_door truth;
    /* members in use and their parameters */
    struct scheme scheme[ARMS]; /* [models] */
    const struct retriever *retriever[STAGES_MAX];
    const void *retriever_parameters[STAGES_MAX];
    uint32_t retrievers;
    const struct reranker *reranker[STAGES_MAX];
    uint32_t rerankers;
    struct rules rules[ARMS];             /* the second only in a run that is split by viewer */
    bool exclusives;                      /* some videos are for subscribers only */
    bool adless;                          /* nobody sells ads */
    bool graded;                          /* a reranker goes by creators' grades */
    bool unseen, screens;                 /* one keeps out what was seen; others screen, too */
    bool recent;                          /* a retriever asks for what pleased in the session */
    const struct staff_parameters *staff; /* NULL: no reranker goes by whom staff lift */
    int32_t staff_cohort;                 /* of those; -1 = of any */
    /* One, or one an arm when arms have rankers or knowledge of their own. Items have the same
     * places in the indices of both: only what is thought of them is another. Of the schemes
     * the first `learnt` hold knowledge of their own, the first `learners` have another learner
     * than the one before. */
    uint32_t models, learnt, learners;
    bool apart; /* a model learns from its own viewers only */
    struct widths wide;
    float *common;    /* [wide.common] */
    uint32_t stride;  /* words of a viewer's row */
    double heat_rate; /* per ms */
    uint32_t tiers;
    struct stream_key slate_key, review_key, extract_key, noise_key, optout_key, staff_key;
    struct platform_shard *shard;
    struct making *making;        /* [threads] */
    struct look_lanes *lanes;     /* owned */
    const struct newest **newest; /* [shards], into the shards */
    struct index index[ARMS];     /* [models] the newest state */
    double *pull;                 /* owned; [pull_room]: the snapshot's, while it is wanted */
    size_t pull_room;
    struct index *past[ARMS]; /* [models][pasts] copies by age, when staleness is asked for */
    uint32_t pasts, past_count, past_next;
    struct index *served[ARMS];
    struct snapshot snapshot[ARMS]; /* views of `served` */
    struct packed16 *centroid;      /* [CLUSTERS_MAX], in feature space */
    struct lists lists;
    sim_time clusters_made, refreshed, served_at;
    uint32_t clusters_for;    /* items for which the clusters were made */
    uint32_t clusters_wanted; /* how many there are or, within a rebuild, will be */
    struct exchange side;     /* only when the learner sends side records */
    struct pool_memory pool[TIERS_MAX];
    struct paid_bid *bid; /* owned; as of the last close, where orders bid for places of ads */
    size_t bids, bid_room;
    double looks_carry;          /* part of a look that the day's people have left, in [0, 1) */
    float grade_low, grade_high; /* impressions a video up to which a creator is low, middle */
};

/* members.c: finds the members that the scenario names. */
enum status members_choose(struct platform *self, struct errors *errors) MUST_CHECK;

/* rows.c: tables grow with the world's, between windows. */
enum status rows_reserve(struct platform *self, uint32_t shard) MUST_CHECK;
enum status rows_viewers(struct platform *self, uint32_t shard) MUST_CHECK; /* theirs alone */
/* Appends to a list; a failure is kept in the shard and returned by the close. */
void rows_add(struct platform_shard *shard, struct row_list *list, uint32_t row);
void rows_keep(struct platform_shard *shard, enum status status);
static inline float *rows_learned(const struct platform *self, uint32_t model, uint32_t shard,
                                  uint32_t row)
{
    return self->shard[shard].learned + (size_t)row * self->wide.video +
           self->scheme[model].video_at;
}
static inline uint16_t *rows_viewer(const struct platform *self, uint32_t shard, uint32_t row)
{
    return self->shard[shard].viewer + (size_t)row * self->stride;
}

/* session.c */
void session_open(void *platform, const struct feed *feed);
void session_acted(void *platform, const struct feed *feed, const struct slate_entry *entry,
                   const struct impression *act);
void session_close(void *platform, const struct feed *feed);
void session_herald(void *platform, uint32_t shard, uint32_t row, uint32_t slot);
/* Bits set in the young generation of a seen list. */
uint8_t session_seen(const uint16_t *young);
/* Promises of a slate that nobody will watch go back to this window's allowances. */
void session_give_back(struct platform *self, uint32_t shard, struct session *session);
/* Ordinal of the running window. */
static inline uint32_t session_window(const struct platform *self)
{
    return (uint32_t)(self->world->now / self->world->window);
}

static inline struct session *session_row(const struct platform_shard *shard, uint32_t slot)
{
    return pieces_at(&shard->session, slot, sizeof(struct session));
}
/* Bytes of a session's floats; 0 without learners. */
static inline size_t session_learned_size(const struct platform *self)
{
    return self->wide.session * sizeof(float);
}
static inline float *session_learned(const struct platform *self, uint32_t shard, uint32_t slot)
{
    return pieces_at(&self->shard[shard].session_learned, slot, session_learned_size(self));
}
/* Those of them that a scheme's learner holds, which is there. */
static inline float *session_of(const struct platform *self, const struct scheme *scheme,
                                uint32_t shard, uint32_t slot)
{
    return session_learned(self, shard, slot) + scheme->session_at;
}
static inline struct recent *session_recent(const struct platform *self, uint32_t shard,
                                            uint32_t slot)
{
    return pieces_at(&self->shard[shard].session_recent, slot, sizeof(struct recent));
}
/* A viewer's row to the floats of the scheme's learner, which is there. */
void session_unfold(const struct scheme *scheme, const uint16_t *row, float *learned);
/* Room for so many sessions of a shard in all. */
enum status session_reserve(struct platform *self, uint32_t shard, size_t sessions) MUST_CHECK;

/* common.c: what learners keep for all viewers and videos together, and of a new video. */
enum status common_make(struct platform *self) MUST_CHECK;
/* The model that knows the viewer of that birth name. */
static inline uint32_t common_model(const struct platform *self, uint64_t name)
{
    return self->models > 1 ? arms_of(&self->world->arms, SCHEMA_SPLIT_VIEWER, name) : 0;
}
void common_free(struct platform *self);
/* What learners hold of a video, as if nobody had seen it. */
void common_video(struct platform *self, uint32_t shard, uint32_t row);
void common_close(struct platform *self); /* the shards' sums come in, in order */

/* privacy.c: what learners may see of the log. */
void privacy_open(struct platform *self);
static inline bool privacy_active(const struct platform *self)
{
    return self->privacy->opt_out > 0 || self->privacy->epsilon > 0;
}
/* The act as learners see it, `room` being where a noised one may stand; NULL = they do not. */
const struct impression *privacy_blur(const struct platform *self, uint64_t name,
                                      const struct impression *act, struct impression *room);
void privacy_day(struct platform *self); /* once a day: what is too old is forgotten */

/* slate.c */
enum status slate_init(struct platform *self) MUST_CHECK;
void slate_free(struct platform *self);
uint32_t slate_make(void *platform, const struct feed *feed, struct slate_entry *out);

/* features.c */
struct packed16 features_extract(const struct platform *self, const struct video *video);
void features_mark(uint64_t name, uint8_t mark[2]);

/* clusters.c: spherical k-means on a sample of the catalogue. */
enum status clusters_make(struct platform *self) MUST_CHECK;
uint16_t clusters_nearest(const struct platform *self, const struct packed16 *feature);
/* Has the catalogue outgrown its clusters? */
bool clusters_due(const struct platform *self);

/* refresh.c */
enum status refresh_build(struct platform *self) MUST_CHECK; /* everything anew */
enum status refresh_close(struct platform *self) MUST_CHECK; /* what has changed */
enum status refresh_serve(struct platform *self) MUST_CHECK; /* choose what is served after
                                                                  served_at */
void refresh_remove(struct platform *self, uint32_t video);
float refresh_heat(const struct platform *self, const struct video_counters *c, sim_time at);

/* lists.c */
/* The r-th retriever in use has been chosen: the lists that it reads will be kept. */
void lists_want(struct platform *self, uint32_t r);
enum status lists_init(struct platform *self) MUST_CHECK; /* after lists_want */
void lists_free(struct platform *self);
/* A consented act, as learners see it: what pleased is kept for the viewer's group. */
void lists_note(struct platform *self, uint32_t shard, const struct session *session,
                const struct impression *act);
void lists_absorb(struct platform *self); /* the window's acts; before refresh_serve */
enum status lists_make(struct platform *self) MUST_CHECK; /* into the snapshot */
void lists_visit(struct platform *self, struct visitor *v);
size_t lists_bytes(const struct platform *self);

/* allowance.c */
enum status allowance_deal(struct platform *self) MUST_CHECK;
void allowance_collect(struct platform *self); /* what open sessions promise */
/* Lists what orders bid, at a close or after loading; what is bid for a video, 0 = nothing. */
enum status allowance_list_bids(struct platform *self) MUST_CHECK;
int64_t allowance_bid(const struct platform *self, uint32_t video);
/* Impressions of the rows `tag` have been promised: those with none left go. Destroys tag. */
void allowance_use(struct allowance_list *list, uint32_t *tag, uint32_t n);
void allowance_return(struct platform *self, uint32_t shard, struct promise promise);

/* grades.c: the marks that say a video's grade; how large its first pool is by them, 1 = as
 * the tiers say; the limits between grades, once a day. */
uint8_t grades_mark(const struct platform *self, const struct creator *creator);
double grades_factor(const struct platform *self, const struct video_counters *c);
enum status grades_day(struct platform *self) MUST_CHECK;

/* staff.c: whom the platform's own people lift. */
enum status staff_open(struct platform *self, struct errors *errors) MUST_CHECK;
/* VIDEO_LIFTED or 0, for a creator's video that comes out now. */
uint8_t staff_mark(const struct platform *self, const struct creator *creator);

/* pools.c */
/* Impressions that a video's present pool takes. */
double pools_size(const struct platform *self, const struct video_counters *c);
/* Those of them that are guaranteed. */
double pools_guarantee(const struct platform *self, const struct video_counters *c);
void pools_enter(const struct platform *self, struct video_counters *c, sim_time at);
/* Puts a video that is owed impressions on the list of those, once. */
void pools_owe(struct platform *self, uint32_t shard, uint32_t row);
/* The score at which a video would go on from a pool now; 0 = nobody has finished it. */
double pools_bar(const struct platform *self, uint32_t pool);
bool pools_finished(const struct platform *self, const struct video_counters *c);
void pools_judge(struct platform *self, uint32_t shard, uint32_t row);
/* Into the next pool, or out of the highest. */
void pools_promote(struct platform *self, uint32_t shard, uint32_t row);
/* Acts that count in a pool: complete, like, comment, share, follow, side by side in the log.
 */
#define POOL_ACTS (ACT_COMPLETE | ACT_LIKE | ACT_COMMENT | ACT_SHARE | ACT_FOLLOW)
#define POOL_ACT_SETS 32
_Static_assert(POOL_ACTS == (POOL_ACT_SETS - 1) * ACT_COMPLETE, "a run of bits");
static inline unsigned pools_act_set(uint16_t acts)
{
    return ((unsigned)acts & POOL_ACTS) / ACT_COMPLETE;
}
/* Summed weights of every set of those acts. */
void pools_scores(const struct pools_parameters *pools, float score[POOL_ACT_SETS]);

/* moderation.c */
void moderation_upload(struct platform *self, uint32_t shard, uint32_t row);
void moderation_close(struct platform *self, uint32_t shard);
/* Before it, once for all shards: who of those that wait for a look has one. */
void moderation_deal(struct platform *self);
/* Adds to both how many of a shard's creators strikes keep out now: for a time, for good. */
void moderation_barred(const struct platform *self, uint32_t shard, uint64_t *suspended,
                       uint64_t *closed);
/* The video has passed a pool: may it go on at once? If not, a human looks first. */
bool moderation_passes(struct platform *self, uint32_t shard, uint32_t row);
static inline bool moderation_strikes(const struct platform *self)
{
    return self->moderation->strikes > 0 || self->moderation->closes > 0;
}

/* catalogue.c */
void catalogue_publish(struct platform *self, uint32_t shard, uint32_t row);
void catalogue_take_down(struct platform *self, uint32_t shard, uint32_t row);
void catalogue_retire(struct platform *self, uint32_t shard, uint32_t row);
void catalogue_close(struct platform *self, uint32_t shard);
/* Serially, after all shards: joint videos come to and leave the lists of the partners. */
void catalogue_joints(struct platform *self);

/* truth.c: the only file that reads what viewers and videos really are. */
void truth_open(struct platform *self);
uint64_t truth_name(const struct platform *self, uint32_t viewer); /* addresses draws */
uint32_t truth_slot(const struct platform *self, uint32_t viewer); /* of its open session;
                                                                      ENTITY_NONE = closed */

#endif
