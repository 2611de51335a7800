/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kinds of event, in their order at one instant. sim/ binds each to its handler.
 * A session goes on up to the viewer's next event and plans to continue there, so whatever else
 * happens to a viewer must come before EVENT_CONTINUE.
 *   X(name, text, who)
 */
#ifndef WORLD_EVENT_KINDS_H
#define WORLD_EVENT_KINDS_H

#include <stdint.h>

#define EVENT_KIND_LIST(X)                                                                     \
    X(EVENT_SHARED, "shared", viewer)     /* a video was sent; data = its number, and ... */   \
    X(EVENT_DUE, "due", viewer)           /* a subscription ends or goes on; revenue's data */ \
    X(EVENT_SESSION, "session", viewer)   /* the app is opened; data = 1 + whose room for */   \
    X(EVENT_CONTINUE, "continue", viewer) /* an open session goes on; data = session slot */   \
    X(EVENT_PUBLISH, "publish", creator)  /* the next video is ready */                        \
    X(EVENT_REVIEW, "review", creator)    /* the strategy is reconsidered */                   \
    X(EVENT_LIFE, "life", creator)        /* morale, burnout, leaving: once a day */

enum event_kind {
#define EVENT_KIND_ENUM(name, text, who) name,
    EVENT_KIND_LIST(EVENT_KIND_ENUM)
#undef EVENT_KIND_ENUM
        EVENT_KIND_COUNT
};
/* ... who sent it: the app, a notification that will be opened; else a friend (the source). */
#define SHARED_BY_APP UINT32_C(0x80000000)
/* Data of an EVENT_SESSION: the app is opened with a question about a topic, SESSION_SEARCHES |
 * the topic. */
#define SESSION_SEARCHES UINT32_C(0x80000000)

#endif
