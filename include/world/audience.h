/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A real audience and its videos, as learnt from an interaction log (`reelsim fit`): whom a
 * world with run.population = "file" starts from instead of drawing people and videos.
 *
 * Vectors are unit vectors of the content space: a user's taste and an item's content
 * have a high cosine where the user meets the item more often than the item's popularity alone
 * lets expect. Numbers of users, items and authors are those of the log in the order in which
 * it first names them. What the log does not say (lengths of videos, purses, skill) is not
 * here: it is drawn as in any other world.
 */
#ifndef WORLD_AUDIENCE_H
#define WORLD_AUDIENCE_H

#include "base/vector16.h"
#include "base/visit.h"
#include "world/topics.h"

#define AUDIENCE_VIEWERS_MOST 500000000u /* as viewers.count */
#define AUDIENCE_VIDEOS_MOST 500000000u
#define AUDIENCE_GAPS 5 /* quantiles .1, .25, .5, .75, .9 */

/* Acts that a log may have columns of: the column's role. */
#define AUDIENCE_ACT_LIST(X) X(like) X(comment) X(share) X(follow) X(profile) X(hide) X(report)
enum audience_act {
#define AUDIENCE_ACT_ENUM(name) AUDIENCE_ACT_##name,
    AUDIENCE_ACT_LIST(AUDIENCE_ACT_ENUM)
#undef AUDIENCE_ACT_ENUM
        AUDIENCE_ACTS
};
extern const char *const audience_act_name[AUDIENCE_ACTS];

struct audience_viewer {
    struct packed16 taste;
    uint32_t rows, sessions; /* in the log; sessions = 0 where it has no times */
    float activity;          /* sessions a day against the median viewer's, >= 0 */
    float budget;            /* length of a session against the mean, > 0 */
};

struct audience_video {
    struct packed16 content;
    uint32_t rows;            /* in the log */
    uint32_t first_s, last_s; /* its first and last row, s since the log's first */
    uint32_t creator;         /* below `creators` */
    float quality;            /* in (0, 1) */
};

struct audience {
    uint32_t viewers, videos;       /* at least one each */
    uint32_t creators;              /* authors; as many as videos where the log names none */
    bool timed, authored, valued;   /* what the log has */
    uint32_t span_s;                /* from its first row to its last */
    double gap_s[AUDIENCE_GAPS];    /* between sessions of one user; 0 where there are none */
    double act_rate[AUDIENCE_ACTS]; /* a row; -1 = the log has no such column */
    struct audience_viewer *viewer; /* owned; [viewers] */
    struct audience_video *video;   /* owned; [videos] */
    uint64_t digest; /* of the file that it was read from: what a run depends on; not visited */
};

/* Room for the counts given. */
enum status audience_init(struct audience *self, uint32_t viewers, uint32_t videos) MUST_CHECK;
void audience_free(struct audience *self); /* works when zeroed */
/* All of it; a loading visitor fills a zeroed object, whose contents audience_fault judges. */
void audience_visit(struct audience *self, struct visitor *v);
/* What cannot be: vectors longer than 1 (and a bit), numbers out of their bounds, creators that
 * are not there; NULL when all is well. *kind is "viewer" or "video" and *number which, or
 * *kind is "whole". */
const char *audience_fault(const struct audience *self, const char **kind, uint32_t *number);

#endif
