/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The journal of a shard's book: every posting with the act behind it, in the order in which
 * they were made, until the window closes and measure/ takes them away.
 *
 * Who is about to post says what happened (`book_act`); the postings that follow carry it.
 * Whoever changes the stock of a creator or a viewer names that creator or viewer: the audit
 * adds up their accounts from here. Postings of MONEY_SHOWN, of which there is one an
 * impression, are added up a window, stream, pair of accounts, channel and creator; a row knows
 * how many they were.
 *
 * A book without a journal costs a look at a NULL. A journal is empty between windows and so no
 * part of the state.
 */
#ifndef WORLD_JOURNAL_H
#define WORLD_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "engine/time.h"
#include "world/entity.h"

struct post;

#define JOURNAL_NO_CHANNEL UINT8_MAX
#define JOURNAL_NO_VIDEO INT64_C(-1)

/* name, column text, what happened */
#define MONEY_ACT_LIST(X)                                                                      \
    X(MONEY_OTHER, "other", "nobody said what")                                                \
    X(MONEY_SHOWN, "shown", "a video was shown: an ad with it, an order served")               \
    X(MONEY_PAID, "paid", "a viewer paid")                                                     \
    X(MONEY_SETTLED, "settled", "the close of a window")                                       \
    X(MONEY_DAY, "day", "the close of a day")                                                  \
    X(MONEY_STREAMED, "streamed", "what the platform served in a window")                      \
    X(MONEY_PURSE, "purse", "a viewer's money of a month")                                     \
    X(MONEY_RENT, "rent", "a creator's living costs of a day")                                 \
    X(MONEY_LEFT, "left", "a creator left and took what was there")                            \
    X(MONEY_MADE, "made", "a creator paid for what a video is made with")                      \
    X(MONEY_BOUGHT, "bought", "a creator bought reach")                                        \
    X(MONEY_RETURNED, "returned", "what was not used of such an order")

enum money_act_kind {
#define MONEY_ACT_ENUM(id, text, what) id,
    MONEY_ACT_LIST(MONEY_ACT_ENUM)
#undef MONEY_ACT_ENUM
        MONEY_ACTS
};

/* What stands behind a posting. */
struct money_act {
    sim_time at;
    int64_t video;            /* video_id(), JOURNAL_NO_VIDEO */
    uint32_t creator, viewer; /* numbers, ENTITY_NONE */
    uint8_t kind;             /* enum money_act_kind */
    uint8_t channel;          /* of growth, JOURNAL_NO_CHANNEL */
};

struct posting {
    struct money_act act;
    int64_t amount;        /* micro-units, above 0 */
    uint32_t count;        /* postings that it is the sum of */
    uint8_t stream;        /* in use, or enum ledger_stream_extra */
    uint8_t debit, credit; /* enum ledger_account */
};

struct journal {
    struct money_act act; /* behind the next postings */
    struct posting *row;  /* owned */
    size_t count, room;
    uint32_t *slot; /* owned; of rows that are sums, by their key: row + 1; 0 = free */
    size_t slots;   /* a power of two, or 0 */
    size_t sums;    /* rows that are sums */
    enum status fault;
};

/* An act of no creator, viewer, video or channel. */
static inline struct money_act money_act(enum money_act_kind kind, sim_time at)
{
    return (struct money_act){.at = at,
                              .video = JOURNAL_NO_VIDEO,
                              .creator = ENTITY_NONE,
                              .viewer = ENTITY_NONE,
                              .kind = (uint8_t)kind,
                              .channel = JOURNAL_NO_CHANNEL};
}

/* Works when zeroed. */
void journal_free(struct journal *self);
/* Enters a posting of amount >= 0 by self->act; one of 0 leaves no row. Without memory the
 * fault is kept. */
void journal_add(struct journal *self, int stream, int debit, int credit, int64_t amount);
/* Forgets the rows; the next act is nobody's, at `at`. */
void journal_clear(struct journal *self, sim_time at);
/* Within a turn of the post: rows of this kind that ended the journal of the shard's owner end
 * ours, too. */
void journal_tell(struct journal *self, enum money_act_kind kind, uint32_t shard,
                  struct post *post);
const char *money_act_name(enum money_act_kind kind);

#endif
