/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The platform: recommender, traffic pools, moderation, catalogue.
 *
 * It knows videos by extracted features and counters, viewers by the consented acts that it
 * saw, and never reads their truth (the `oracle` ranker does, through a door that it has to ask
 * for). In a window it serves slates from an immutable snapshot; at the close it learns,
 * decides and publishes the next one.
 *
 * What guarantees impressions (a new video's first pool, a boost) is dealt to viewer shards as
 * allowances, whole impressions by largest remainder, the first shard rotated by the video's
 * name and the window. An impression that was promised in a slate and not yet watched stays
 * counted across windows, so that none is served past what is owed or paid.
 */
#ifndef PLATFORM_PLATFORM_H
#define PLATFORM_PLATFORM_H

#include "base/visit.h"
#include "platform/learner.h"
#include "platform/ranker.h"
#include "platform/reranker.h"
#include "platform/retriever.h"
#include "world/service.h"
#include "world/world.h"

struct platform;

/* Own parameter tables, and built-in members of each kind; NULL-terminated. */
extern const struct schema_table *const platform_tables[];
extern const struct member *const platform_retrievers[];
extern const struct member *const platform_rankers[];
extern const struct member *const platform_rerankers[];
extern const struct member *const platform_learners[];

struct platform_services {
    struct video_sink sink; /* final rows of videos; `retired` may be NULL */
    /* For `oracle`: expected match of a viewer and a video; NULL = products of true vectors. */
    void *truth;
    float (*match)(void *truth, uint32_t viewer, uint32_t video);
};

/* Needs world->registries, parameters and team. STATUS_BAD_INPUT, with a line in errors, when
 * the members that the scenario names do not fit together. */
enum status platform_init(struct platform **self, struct world *world,
                          const struct platform_services *services,
                          struct errors *errors) MUST_CHECK;
void platform_free(struct platform *self); /* NULL is fine */
/* After viewers and creators have been populated: the first snapshot. Videos uploaded so far
 * enter the feed at once; published times at or before now are kept. */
enum status platform_populate(struct platform *self) MUST_CHECK;
/* After a loading visit. */
enum status platform_restored(struct platform *self) MUST_CHECK;

/* For viewers/: slates (one call from the thread that works on feed->shard at a time). `acted`
 * must be called once for every impression, in the order of its rows in the log, also for a
 * video that a friend sent (entry->source = SOURCE_SHARED; entry->item is then ignored). */
struct feed_service platform_service(struct platform *self);
/* For creators/: called by the owner of the creator's shard. Extracts features, looks for
 * violations; the video enters the feed at the close. */
struct upload_service platform_upload_service(struct platform *self);

/* Several processes: within a turn of the post after the viewers' phase, what others' viewers
 * said to the learner and hold of promises. */
void platform_post(struct platform *self, struct post *post);
/* Between the phases of viewers and videos, serially: side records of the learner become
 * readable. */
void platform_deliver(struct platform *self);
/* Video phase: counts the rows into video_counters (all of them are written here), pool scores,
 * heat, the learner's video side. Each shard's rows in log order. */
void platform_rows(struct platform *self, uint32_t shard, uint32_t thread,
                   const struct impression *rows, size_t n);
/* Serial; uses the team inside. Moderation, pools, ageing, retiring through the sink, snapshot,
 * allowances of the next window. world->close is the closing instant. */
enum status platform_close(struct platform *self) MUST_CHECK;

/* Scores of n videos for a viewer outside of sessions, as the running ranker would order them;
 * higher is better; videos outside the snapshot come last. For measure's rank_service (self =
 * struct platform). Writes nothing of the platform's: any number of threads between windows. */
void platform_score(void *self, uint32_t viewer, const uint32_t *video, size_t n, float *score);

/* How a score came about: the three add up to it. */
struct score_parts {
    float similarity;  /* what is personal: the product of vectors */
    float popularity;  /* what no viewer changes: counts, quality, the learner's bias */
    float exploration; /* for what is not known, or drawn */
};

struct explained {
    uint32_t video; /* number */
    enum source source;
    bool reserved; /* its source has places of its own: it met no competition */
    uint32_t rank; /* 1 = highest score of the candidates that competed; 0 = reserved */
    float score;   /* as the ranker gave it */
    struct score_parts part;
    float moved; /* what rerankers had added when it was picked; 0 or less */
};

struct explanation {
    uint32_t count;      /* items: what would be shown, first to last */
    uint32_t candidates; /* that competed */
    bool personal;       /* the platform knew, and might use, something of the viewer */
    struct explained item[SLATE_MAX];
};

/* The slate of `want` (at most SLATE_MAX) that the viewer of the feed would be shown now, and
 * why; feed->slot = ENTITY_NONE when no session is open. Leaves everything as it was. Between
 * windows, one call at a time. */
enum status platform_explain(struct platform *self, const struct feed *feed, uint32_t want,
                             struct explanation *out) MUST_CHECK;
/* What the platform believes of a viewer's interests: mean[k] = mean of the personal part of
 * the score over videos of topic k (up to 64 of them), in the ranker's unit; count[k] = how
 * many. Both have room for every topic. As platform_explain. */
enum status platform_belief(struct platform *self, uint32_t viewer, float *mean,
                            uint32_t *count) MUST_CHECK;

/* Where a video in the world's table stands with the platform now. */
struct video_standing {
    double pool_size; /* impressions until its pool is finished */
    double pool_bar;  /* score an impression at which it would go on; 0 = nobody finished yet */
    double heat;      /* as of now */
    double bias[ARMS]; /* by arm: its ranker's score that no viewer changes; NaN = not in the
                         snapshot. The same twice unless arms have models of their own */
    uint32_t trending; /* place among the trending, from 1; 0 = not there */
};
struct video_standing platform_standing(const struct platform *self, uint32_t video);
/* Name of the ranker that a viewer's feed comes from. */
const char *platform_ranker(const struct platform *self, uint32_t viewer);
/* For benches, what is to be done for a slate before anything is picked: so many times over the
 * first source retrieves as for somebody it does not know, which is from anywhere, and the
 * running ranker scores that for the viewer. Returns how many candidates there were in all. */
uint64_t platform_rank(void *self, uint32_t viewer, uint32_t slates);
/* For benches: so many times over, whether each of n <= 512 candidates in the cache was seen.
 * Returns how many were. */
uint64_t platform_look(uint32_t n, uint32_t slates);

/* What the platform knows of its own queues. Everything counts since the start unless said. */
struct platform_figures {
    uint32_t items; /* in the snapshot now */
    uint32_t clusters;
    uint64_t guarantees_open; /* videos that are owed impressions now */
    uint64_t guarantees_late; /* of those: past platform.pools.hours */
    uint64_t guarantees_done;
    double guarantee_hours;       /* mean hours from publication to the end of the first pool */
    uint64_t removed, reinstated; /* by moderation */
    uint64_t removed_wrongly;     /* of the removed: broke no rule */
    uint64_t suspended, closed;   /* creators now: for a time, for good */
    uint64_t moderation_queue;    /* videos waiting for a human now */
    uint64_t judged[8], passed[8]; /* by pool */
    uint32_t tiers; /* pools in use: tiers above 20 % of the audience are merged */
};
struct platform_figures platform_figures(const struct platform *self);
/* How many of platform.pools.tiers an audience of that many viewers can fill; for `check`. */
uint32_t platform_tiers(const struct parameters *parameters, uint64_t viewers);

/* Bytes of its tables that grow with viewers (rows at rest, open sessions), with videos (index,
 * clusters, what the learner keeps, lists of rows) and in all; a test holds them against
 * turnover. */
size_t platform_viewer_bytes(const struct platform *self);
size_t platform_video_bytes(const struct platform *self);
size_t platform_bytes(const struct platform *self);
/* All state that is not in world tables. */
void platform_visit(struct platform *self, struct visitor *v);

#endif
