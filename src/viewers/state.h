/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What viewers/ is made of: open sessions, the values of its parameters, the keys of its draws.
 * Shared by the files of this folder; each parameter table stands in the file that uses it.
 */
#ifndef VIEWERS_STATE_H
#define VIEWERS_STATE_H

#include "base/pieces.h"
#include "rhythm.h"
#include "viewers/choice.h"
#include "viewers/viewers.h"
#include "world/ban.h"
#include "world/event_kinds.h"

struct viewers_parameters { /* "viewers", population.c */
    int64_t count;
    double rate, rate_sigma, rate_most;
    double budget_sigma, tolerance, tip_sigma;
    double ios, consent_ios, consent_other, feed_optout;
    char choice[SCHEMA_TEXT_SIZE];
};

struct taste_parameters { /* "viewers.taste", taste.c */
    int64_t topics;
    double zipf, pull, half_life;
};

struct match_parameters { /* "viewers.match", match.c */
    double cosine, quality, hook, commercial, satiation, noise, conformity, local, ai, ar;
};

struct satiation_parameters { /* "viewers.satiation", satiation.c */
    double gain, half_life;
};

struct session_parameters { /* "viewers.session", session.c */
    struct float_list diurnal, weekday;
    double budget, budget_sigma, stay, boredom, overhead, ad_seconds, ad_cost, search;
};

struct habit_parameters { /* "viewers.habit", habit.c */
    double half_life, floor, gain, outside, anchor, learning;
    double threshold, hazard, newcomer, comeback;
};

struct purse_parameters { /* "viewers.purse", purse.c */
    double month, spread;
};

struct follows_parameters { /* "viewers.follows", follows.c */
    double mean, sigma, within;
    int64_t most;
    double unfollow;
};

struct friends_parameters { /* "viewers.friends", friends.c */
    double mean, sigma, homophily, open;
    int64_t most;
};

struct arrivals_parameters { /* "viewers.arrivals", arrivals.c */
    double innovation, imitation, rate;
    int64_t market;
};

struct habit_table; /* habit.h */

/* An open session. A slate outlives its window: what it holds of the platform's snapshot
 * (slate_entry.item) is the platform's to look up again. */
struct session {
    float theta[VECTOR_DIM], satiation[VECTOR_DIM];
    uint32_t row;          /* of the viewer */
    uint32_t occasion;     /* day << 18 | session of the day << 11 */
    uint32_t position;     /* impressions so far */
    uint32_t request;      /* slates so far */
    int64_t left_ms;       /* of the time budget */
    float pleasure;        /* sum over impressions */
    float recent;          /* decaying mean of pleasure */
    uint32_t shared_video; /* to be shown next; or, with ENTITY_CREATOR, whose room is entered
                              next; ENTITY_NONE */
    uint32_t shared_from;  /* the friend who sent it; ENTITY_NONE = the app */
    uint32_t planned;      /* opened by the viewer's own plan: its end makes the next one */
    uint32_t slate_next, slate_count;
    struct slate_entry slate[SLATE_MAX]; /* ENTITY_NONE = has left the feed since */
};

/* What an occasion can number: sessions of a viewer's day, from 1 on, and impressions of a
 * session. More than that there are not: draws would come a second time. */
#define SESSIONS_A_DAY 127
#define SESSION_POSITIONS 2047u

/* One shard's sessions; written by the shard's owner only. */
struct session_pool {
    struct pieces session;
    uint32_t *free; /* owned; [free_room]: stack of slots below `count` that are free */
    size_t count, free_count, free_room;
    enum status fault; /* the first failure inside a window */
    char padding[4];
};
_Static_assert(sizeof(struct session_pool) == 64, "one cache line a shard");
static inline struct session *pool_session(const struct session_pool *self, uint32_t slot)
{
    return pieces_at(&self->session, slot, sizeof(struct session));
}

struct viewers_keys {
    struct stream_key person, follows, friends, pair;          /* who they are */
    struct stream_key watch, session, drift, shared, arrivals; /* what happens to them */
    struct stream_key rooms, room;                             /* what is live, and there */
    struct stream_key ban;                                     /* who comes back */
};

struct viewers {
    struct world *world;             /* borrowed */
    const struct feed_service *feed; /* borrowed */
    const struct act_service *act;   /* borrowed */
    const struct viewers_parameters *set;
    const struct taste_parameters *taste;
    const struct match_parameters *match;
    const struct satiation_parameters *satiation;
    const struct session_parameters *session;
    const struct habit_parameters *habit;
    const struct purse_parameters *purse;
    const struct follows_parameters *follows;
    const struct friends_parameters *friends;
    const struct arrivals_parameters *arrivals;
    const struct ban_parameters *ban; /* NULL = none ever */
    const struct choice *choice;      /* borrowed */
    void *choice_state;               /* owned */
    const void *choice_parameters;
    void *choice_seen; /* owned; they as they were when it was prepared, choice_size bytes */
    size_t choice_size;
    struct rhythm rhythm;
    float topic_share[32];       /* 1 / rank^zipf */
    struct habit_table *settled; /* owned */
    struct viewers_keys keys;
    struct session_pool *pools; /* owned; [shards] */
    /* state */
    uint64_t arrived;  /* newcomers so far */
    double consent[3]; /* ios, other, opt-out: as last applied to everybody */
};

extern const struct schema_table viewers_table, taste_table, match_table, satiation_table,
    session_table, habit_table, purse_table, follows_table, friends_table, arrivals_table;

#define VIEWERS_AT(type, member) .offset = offsetof(struct type, member)

/* The number of a viewer's row. */
static inline uint32_t viewer_number(const struct viewers *self, uint32_t row, uint32_t shard)
{
    return entity_number(self->world->shards, row, shard);
}
static inline double time_days(sim_time span) { return (double)span / (double)TIME_DAY; }
static inline int32_t time_day(sim_time when) { return (int32_t)(when / TIME_DAY); }

#endif
