/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One impression, the hottest code of a run: three Philox blocks (two of the moment, one of the
 * pair), one match, one choice, two vector updates, one log row.
 */
#include <string.h>

#include "match.h"
#include "satiation.h"
#include "taste.h"
#include "turn.h"

#define WATCH_MOST 7200.0f /* seconds; nobody watches one video longer */
#define PLEASURE_MOST                                                                          \
    3.0f /* one video pleases or annoys no more than this, in units of match */

/* What happened in one impression. */
struct impact {
    const struct video *video;
    struct choice_outcome outcome;
    uint32_t occasion;
    float match, stay_word; /* the uniform that decides about staying */
};

/* ln(1 + likes) / 10 of a video, only when somebody looks at it. */
static float conformity(const struct viewers *self, uint32_t video)
{
    const struct world *w = self->world;
    const struct video_counters *counter = &w->videos[entity_shard(w->shards, video)]
                                                .counter[entity_row(w->shards, video)];

    return (float)self->match->conformity * 0.1f * maths_logf(1.0f + (float)counter->likes);
}

static float match_now(const struct turn *t, const struct impact *i, uint32_t number,
                       const float *content)
{
    const struct viewers *self = t->self;
    const struct match_scale *scale = &self->world->match;
    struct stream_words pair = stream_block(self->keys.pair, t->viewer->name,
                                            name_fold(i->video->name), 0);
    float raw = match_lasting(self->match, t->session->theta, content, i->video,
                              t->viewer->tolerance) +
                match_noise(self->match, &pair) -
                (float)self->match->satiation * satiation_met(t->session->satiation, content);
    float match = (raw - scale->offset) * scale->scale;

    if (self->match->conformity != 0) match += conformity(self, number);
    return match;
}

/* Most videos are of creators whom the filter of the followed ones rules out. */
static bool follows(const struct turn *t, uint32_t creator)
{
    return turn_may_follow(t, creator) &&
           relation_has(&t->shard->relations, &t->viewer->relations,
                        relation_make(RELATION_FOLLOW, creator));
}

/* Match, choice, change of mind. */
static void experience(struct turn *t, struct impact *i, uint32_t number)
{
    const struct viewers *self = t->self;
    struct session *session = t->session;
    uint64_t name = t->viewer->name;
    float content[VECTOR_DIM];
    struct choice_scene scene;
    struct stream_words words[2];

    stream_two_blocks(self->keys.watch, name, i->occasion, words);

    vector_unpack(content, &i->video->content);
    i->match = match_now(t, i, number, content);
    scene.match = i->match;
    scene.duration_s = (float)i->video->duration_ms * 1e-3f;
    scene.followed = follows(t, i->video->creator);
    scene.violating = (i->video->flags & VIDEO_VIOLATING) != 0;
    memcpy(scene.word, words, sizeof scene.word);
    i->stay_word = word_uniformf(words[1].word[3]);
    self->choice->choose(self->choice_state, &scene, &i->outcome);
    if (i->outcome.watch_s > WATCH_MOST) i->outcome.watch_s = WATCH_MOST;
    if (scene.followed)
        i->outcome.acts = (uint16_t)((i->outcome.acts | ACT_FOLLOWED) & ~(unsigned)ACT_FOLLOW);

    float lesson = taste_lesson(i->outcome.watch_s, i->outcome.acts);
    taste_pull(session->theta, content, (float)self->taste->pull * lesson);
    satiation_absorb(session->satiation, content, (float)self->satiation->gain,
                     maths_where(i->outcome.acts & ACT_PLAY_7S, 1.0f, 0.25f));
}

/* What others do with it: follows, money, shares. Any of them may add acts. */
static void consequences(struct turn *t, struct impact *i, const struct slate_entry *entry,
                         uint32_t came_from, sim_time at)
{
    const struct act_service *act = t->self->act;
    struct moment moment = {.scope = t->scope,
                            .viewer = t->viewer,
                            .viewer_number = t->number,
                            .video = i->video,
                            .video_number = entry->video,
                            .at = at,
                            .match = i->match,
                            .occasion = i->occasion,
                            .came_from = came_from,
                            .acts = i->outcome.acts};

    if (moment.acts & ACT_FOLLOW) follow_creator(t, i->video->creator);
    if ((moment.acts & ACT_HIDE) && (moment.acts & ACT_FOLLOWED))
        unfollow_creator(t, i->video->creator);
    if (act && act->paid) act->paid(act->revenue, &moment);
    if (act && act->shared && (moment.acts & ACT_SHARE)) act->shared(act->growth, &moment);
    i->outcome.acts = moment.acts;
}

static void write_log(struct turn *t, const struct impact *i, const struct slate_entry *entry,
                      sim_time at)
{
    struct world *w = t->self->world;
    struct impression *row = exchange_append(&w->impressions, t->scope->shard,
                                             entity_shard(w->shards, entry->video));

    if (!row) {
        turn_fault(t, STATUS_NO_MEMORY);
        return;
    }
    *row = (struct impression){.viewer = t->number,
                               .video = entry->video,
                               .at = (uint32_t)(at - w->now),
                               .watch_ms = (uint32_t)(i->outcome.watch_s * 1e3f),
                               .acts = i->outcome.acts,
                               .source = entry->source,
                               .position = (uint8_t)(t->session->slate_next - 1),
                               .propensity = entry->propensity,
                               .session = (uint16_t)(t->session->occasion >> 11)};
    if (entry->source == SOURCE_SHARED) row->position = 0;
    t->feed.now = at;
    if (t->self->feed->acted) t->self->feed->acted(t->self->feed->self, &t->feed, entry, row);
}

/* Another one? The hazard of leaving rises when the last videos disappointed. */
static bool wants_more(struct turn *t, const struct impact *i, float pleasure)
{
    const struct session_parameters *p = t->self->session;
    struct session *session = t->session;

    session->recent += 0.2f * (pleasure - session->recent);
    float better = session->recent - t->viewer->expectation;
    float factor = 1.0f - (float)p->boredom * better;
    factor = factor < 0.25f ? 0.25f : factor > 10.0f ? 10.0f : factor;
    return i->stay_word > (float)(1 - p->stay) * factor && session->left_ms > 0 &&
           session->position < SESSION_POSITIONS;
}

sim_time watch_video(struct turn *t, const struct slate_entry *entry, sim_time at, bool *stay)
{
    const struct session_parameters *p = t->self->session;
    struct session *session = t->session;
    struct impact i = {.video = world_video(t->self->world, entry->video),
                       .occasion = session->occasion | session->position};
    uint32_t came_from = entry->source == SOURCE_SHARED ? session->shared_from : ENTITY_NONE;

    experience(t, &i, entry->video);
    if (entry->ad) i.outcome.acts |= ACT_AD;
    if (t->viewer->flags & VIEWER_CONSENT) i.outcome.acts |= ACT_CONSENT;
    consequences(t, &i, entry, came_from, at);
    write_log(t, &i, entry, at);
    t->shard->day.impressions++;
    session->position++;

    float pleasure = i.match;
    pleasure = pleasure > PLEASURE_MOST ? PLEASURE_MOST : pleasure;
    pleasure = pleasure < -PLEASURE_MOST ? -PLEASURE_MOST : pleasure;
    pleasure -= entry->ad ? (float)p->ad_cost : 0.0f;
    session->pleasure += pleasure;
    double seconds = (double)i.outcome.watch_s + p->overhead + (entry->ad ? p->ad_seconds : 0);
    sim_time spent = (sim_time)(seconds * 1e3) + 1;
    session->left_ms -= spent;
    *stay = wants_more(t, &i, pleasure);
    return at + spent;
}
