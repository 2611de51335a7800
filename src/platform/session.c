/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A viewer's open session: the row at rest is unfolded to floats, follows the viewer's own
 * acts, and is folded again at the end. The seen list stays in the row.
 */
#include <string.h>

#include "base/memory.h"
#include "core.h"

enum status session_reserve(struct platform *self, uint32_t shard, size_t sessions)
{
    struct platform_shard *s = &self->shard[shard];
    enum status status = pieces_reserve(&s->session, sessions, sizeof(struct session));
    if (!status && self->recent)
        status = pieces_reserve(&s->session_recent, sessions, sizeof(struct recent));
    if (status || !self->wide.session) return status;
    return pieces_reserve(&s->session_learned, sessions, session_learned_size(self));
}

/* A slot beyond what was foreseen: the pool grows in the window, by the owner of the shard. */
static struct session *session_at(struct platform *self, const struct feed *feed)
{
    struct platform_shard *shard = &self->shard[feed->shard];
    enum status status = session_reserve(self, feed->shard, (size_t)feed->slot + 1);
    if (status) {
        rows_keep(shard, status);
        return NULL;
    }
    if (feed->slot >= shard->session_count) shard->session_count = feed->slot + 1;
    return session_row(shard, feed->slot);
}

uint8_t session_seen(const uint16_t *young)
{
    int bits = 0;
    for (int i = 0; i < SEEN_WORDS; i++) bits += __builtin_popcount(young[i]);
    return (uint8_t)bits;
}

void session_open(void *platform, const struct feed *feed)
{
    struct platform *self = platform;
    struct session *session = session_at(self, feed);
    if (!session) return;
    memset(session, 0, sizeof(*session));
    session->open = 1;
    if (self->recent) *session_recent(self, feed->shard, feed->slot) = (struct recent){0};
    session->window = UINT32_MAX; /* no slate yet: the first one makes the query */
    session->ad_carry = word_uniformf(
        stream_block(self->slate_key, feed->name, feed->occasion, UINT32_MAX).word[0]);
    if (feed->row >= self->shard[feed->shard].viewers) return;
    const uint16_t *row = rows_viewer(self, feed->shard, feed->row);
    session->seen = session_seen(row);
    if (!self->wide.session) return;
    memset(session_learned(self, feed->shard, feed->slot), 0, session_learned_size(self));
    for (uint32_t m = 0; m < self->learners; m++)
        if (self->scheme[m].learner)
            session_unfold(&self->scheme[m], row,
                           session_of(self, &self->scheme[m], feed->shard, feed->slot));
}

void session_unfold(const struct scheme *scheme, const uint16_t *row, float *learned)
{
    int16_t lanes[LEARNER_SESSION_MAX];
    memcpy(lanes, row + 2 * SEEN_WORDS + scheme->lanes_at,
           scheme->learner->viewer_lanes * sizeof(*lanes));
    scheme->learner->open(scheme->learner_parameters, lanes, learned);
}

static void fold(struct platform *self, const struct scheme *scheme, const struct feed *feed)
{
    int16_t lanes[LEARNER_SESSION_MAX];
    scheme->learner->close(scheme->learner_parameters,
                           session_of(self, scheme, feed->shard, feed->slot), lanes);
    memcpy(rows_viewer(self, feed->shard, feed->row) + 2 * SEEN_WORDS + scheme->lanes_at, lanes,
           scheme->learner->viewer_lanes * sizeof(*lanes));
}

void session_close(void *platform, const struct feed *feed)
{
    struct platform *self = platform;
    struct session *session = session_at(self, feed);
    if (!session || !session->open) return;
    session_give_back(self, feed->shard, session);
    session->open = 0;
    if (feed->row >= self->shard[feed->shard].viewers) return;
    for (uint32_t m = 0; m < self->learners; m++)
        if (self->scheme[m].learner) fold(self, &self->scheme[m], feed);
}

void session_give_back(struct platform *self, uint32_t shard, struct session *session)
{
    if (session->window == session_window(self))
        for (uint32_t i = 0; i < session->promises; i++)
            allowance_return(self, shard, session->promise[i]);
    session->promises =
        0; /* older ones were not dealt again: the next close knows they are free */
}

static void keep_promise(struct session *session, uint32_t video, uint8_t source)
{
    uint32_t uses = source == SOURCE_COLD_START ? ALLOWANCE_COLD_START
                    : source == SOURCE_PROMOTED ? ALLOWANCE_PROMOTED
                                                : ALLOWANCE_NONE;
    for (uint32_t i = 0; uses && i < session->promises; i++) {
        if (session->promise[i].video != video || session->promise[i].uses != uses) continue;
        session->promise[i] = session->promise[--session->promises];
        return;
    }
}

static void see(struct platform *self, const struct feed *feed, struct session *session,
                const uint8_t mark[2])
{
    uint16_t *young = rows_viewer(self, feed->shard, feed->row);
    for (int i = 0; i < 2; i++) {
        uint16_t bit = (uint16_t)(1u << (mark[i] & 15));
        session->seen = (uint8_t)(session->seen + !(young[mark[i] >> 4] & bit));
        young[mark[i] >> 4] |= bit;
    }
}

/* Where the entry's item stands now: it may have moved since the slate was made. */
static uint32_t place_of(const struct snapshot *snapshot, const struct slate_entry *entry)
{
    if (!source_outside(entry->source) && entry->item < snapshot->extent &&
        snapshot->item[entry->item].video == entry->video)
        return entry->item;
    return snapshot_place(snapshot, entry->video);
}

/* Header: viewer and time, by which the reader finds the row that the record belongs to. */
static void send_side(struct platform *self, const struct feed *feed,
                      const struct impression *act)
{
    int16_t *out = exchange_append(&self->side, feed->shard,
                                   entity_shard(self->world->shards, act->video));
    if (!out) {
        rows_keep(&self->shard[feed->shard], STATUS_NO_MEMORY);
        return;
    }
    uint32_t header[2] = {act->viewer, act->at};
    memcpy(out, header, sizeof(header));
    for (uint32_t m = 0; m < self->learners; m++) {
        const struct scheme *scheme = &self->scheme[m];
        if (scheme->learner && scheme->learner->side_lanes)
            scheme->learner->side(scheme->learner_parameters,
                                  session_of(self, scheme, feed->shard, feed->slot),
                                  out + 4 + scheme->side_at);
    }
}

static void gather(struct platform *self, const struct scheme *scheme, const struct feed *feed,
                   const struct learned_video *video, const struct impression *act)
{
    const struct video_shard
        *videos = &self->world->videos[entity_shard(self->world->shards, act->video)];
    const struct learned_act all = {
        .session = session_of(self, scheme, feed->shard, feed->slot),
        .video = video,
        .feature = &videos->feature[entity_row(self->world->shards, act->video)],
        .act = act,
        .common = scheme->common};
    scheme->learner->gather(scheme->learner_parameters, &all,
                            self->shard[feed->shard].gathered + scheme->common_at);
}

/* Model m, from an act whose video stands at `place`. */
static void learn_model(struct platform *self, uint32_t m, const struct feed *feed,
                        uint32_t place, const struct impression *act)
{
    const struct scheme *scheme = &self->scheme[m];
    const struct learner *learner = scheme->learner;
    const struct snapshot *snapshot = &self->snapshot[m];
    const struct learned_video video = {
        &snapshot->item[place].vector, learner->publish ? snapshot->learned[place] : 0.0f,
        world_video(self->world, act->video)->duration_ms, (uint16_t)(feed->occasion >> 11),
        item_tag(&snapshot->item[place])};
    if (scheme->common) gather(self, scheme, feed, &video, act);
    learner->acted(scheme->learner_parameters,
                   session_of(self, scheme, feed->shard, feed->slot), &video, act);
}

/* The viewer's model and, where the other has a learner of its own, that too unless models are
 * kept apart. */
static void learn(struct platform *self, const struct feed *feed, uint32_t place,
                  const struct impression *act)
{
    const bool both = self->learners > 1 && !self->apart;
    const uint32_t own = common_model(self, feed->name);
    for (uint32_t m = 0; m < self->models; m++)
        if (self->scheme[m].learner && (both || m == own))
            learn_model(self, m, feed, place, act);
}

/* To the front of what pleased in this session, if it did. */
static void keep_recent(struct platform *self, const struct feed *feed, uint32_t place,
                        const struct impression *act)
{
    struct recent *recent = session_recent(self, feed->shard, feed->slot);
    if (!(learner_reward(act) > LEARNER_REWARD_MEAN)) return;
    if (recent->count < RECENT_MAX) recent->count++;
    for (uint32_t i = recent->count - 1; i > 0; i--) {
        recent->video[i] = recent->video[i - 1];
        recent->tag[i] = recent->tag[i - 1];
    }
    recent->video[0] = act->video;
    recent->tag[0] = item_tag(&self->snapshot[0].item[place]);
}

void session_acted(void *platform, const struct feed *feed, const struct slate_entry *entry,
                   const struct impression *act)
{
    struct platform *self = platform;
    struct session *session = session_at(self, feed);
    if (!session || feed->row >= self->shard[feed->shard].viewers) return;
    uint32_t place = place_of(&self->snapshot[0], entry);
    if (place != ENTITY_NONE) {
        see(self, feed, session, self->snapshot[0].item[place].mark);
    } else {
        uint8_t mark[2];
        features_mark(world_video(self->world, entry->video)->name, mark);
        see(self, feed, session, mark);
    }
    keep_promise(session, entry->video, entry->source);
    if (!(self->wide.session || self->recent || self->lists.liked) ||
        !(act->acts & ACT_CONSENT))
        return;
    struct impression room;
    if (privacy_active(self)) act = privacy_blur(self, feed->name, act, &room);
    if (!act) return;
    if (self->recent && place != ENTITY_NONE) keep_recent(self, feed, place, act);
    if (self->lists.liked) lists_note(self, feed->shard, session, act);
    if (self->wide.side) send_side(self, feed, act);
    if (self->wide.session && place != ENTITY_NONE) learn(self, feed, place, act);
}
