/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The small const tables through which one model folder uses another. sim/
 * fills them; the folders do not include each other.
 */
#ifndef WORLD_SERVICE_H
#define WORLD_SERVICE_H

#include "engine/engine.h"
#include "world/activity.h"
#include "world/video.h"
#include "world/viewer.h"

#define SLATE_MAX 16

struct slate_entry {
    uint32_t video;      /* number */
    uint32_t item;       /* the platform's own: position in its snapshot */
    uint16_t propensity; /* propensity_decode */
    uint8_t source;      /* enum source */
    uint8_t ad;          /* 1 = an ad is shown with it */
};

/* One open session as the platform may know it. */
struct feed {
    uint32_t shard, thread;
    uint32_t row;  /* of the viewer in its shard */
    uint32_t slot; /* of the session in its shard: small, reused */
    uint64_t name; /* birth name: addresses draws, nothing else */
    uint32_t
        occasion; /* (day, session of the day); with the request's number it addresses draws */
    uint32_t request; /* slates asked for in this session so far */
    uint32_t query;   /* topic that the viewer asks for in this request, + 1; 0 = none */
    uint8_t flags;    /* enum viewer_flag: consent, opt-out */
    sim_time now;
    const struct relation *follows; /* those of kind RELATION_FOLLOW among these */
    uint32_t follow_count;
};

/* platform/ for viewers/. All run on the viewer shard's thread. */
struct feed_service {
    void *self;
    void (*open)(void *self, const struct feed *feed);
    /* Fills up to SLATE_MAX entries, best first; returns how many (0 = nothing to show). */
    uint32_t (*slate)(void *self, const struct feed *feed, struct slate_entry *out);
    /* The viewer did this with that entry: may update the viewer's own platform-side row. */
    void (*acted)(void *self, const struct feed *feed, const struct slate_entry *entry,
                  const struct impression *act);
    void (*close)(void *self, const struct feed *feed);
    /* The viewer in that row is about to run, in that slot when it has a session, else
     * ENTITY_NONE: may prefetch, changes nothing. NULL is fine. */
    void (*herald)(void *self, uint32_t shard, uint32_t row, uint32_t slot);
};

/* What one impression offers to whoever earns or grows by it (viewer phase). */
struct moment {
    struct scope *scope; /* sends messages, knows the shard */
    struct viewer *viewer;
    uint32_t viewer_number;
    uint64_t name; /* viewer_name */
    const struct video *video;
    uint32_t video_number;
    sim_time at;
    float match;        /* M_uv with this occasion's noise */
    uint32_t occasion;  /* (day, session, position): addresses draws with the name */
    uint32_t came_from; /* viewer who shared it; ENTITY_NONE */
    uint16_t acts;      /* so far; the hook may add ACT_TIP */
};

/* revenue/ and growth/ for viewers/: called for each impression, only if not NULL. */
struct act_service {
    void *revenue, *growth;
    void (*paid)(void *revenue, struct moment *moment);  /* tips: may draw on the purse */
    void (*shared)(void *growth, struct moment *moment); /* only when ACT_SHARE is set */
};

/* platform/ for creators/: a video row in state VIDEO_PENDING has been filled in. */
struct upload_service {
    void *self;
    void (*uploaded)(void *self, uint32_t shard, uint32_t row);
};

/* growth/ for creators/: the creator buys promotion with micro-units from its balance. Returns
 * what was really spent. */
struct promotion_service {
    void *self;
    int64_t (*promote)(void *self, uint32_t shard, uint32_t creator_row, int64_t budget);
    /* The same at one of the channels that sell something, the place-th of `places`. */
    int64_t (*promote_at)(void *self, uint32_t shard, uint32_t creator_row, uint32_t place,
                          int64_t budget);
    uint32_t places;
    /* Bit i: the creator uses the i-th of them. */
    uint32_t (*used)(void *self, uint32_t shard, uint32_t creator_row);
    /* Hours a week in live rooms that the creator was born with, and the most that there can
     * be; NULL = there are no rooms. */
    double (*hours)(void *self, uint32_t shard, uint32_t creator_row, double *most);
};

/* What a traffic pool found of a video, whose counters are still those of that pool. */
struct pool_verdict {
    uint32_t shard, row;
    float score; /* weighted acts an impression */
    bool passed;
};

/* Where final rows of videos go when they leave the catalogue (called in shard order at the
 * close), with everything videos.csv wants. */
struct video_sink {
    void *self;
    void (*retired)(void *self, uint32_t shard, uint32_t row);
    /* Called one by one at the close. NULL = nobody asks. */
    void (*judged)(void *self, const struct pool_verdict *verdict);
};

#endif
