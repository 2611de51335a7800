/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One impression, the hottest code of a run: three Philox blocks (two of the moment, one of the
 * pair; eight blocks at a time), one match, one choice, two vector updates, one log row.
 */
#include <string.h>

#include "match.h"
#include "satiation.h"
#include "taste.h"
#include "turn.h"

#define WATCH_MOST 7200.0f /* seconds; nobody watches one video longer */

/* What happened in one impression. */
struct impact {
    const struct video *video;
    struct choice_outcome outcome;
    uint32_t occasion;
    float noise;            /* of the pair */
    float match, stay_word; /* the uniform that decides about staying */
};

/* Draws for the four impressions from `occasion` on: blocks 0 and 1 of each. */
static void draw_luck(struct turn *t, uint32_t occasion)
{
    const struct viewers *self = t->self;
    struct luck *luck = &t->luck;
    uint64_t name = t->feed.name;

    for (uint32_t i = 0; i < 2 * LUCK_GROUP; i++) {
        luck->word[0][i] = (uint32_t)name;
        luck->word[1][i] = (uint32_t)(name >> 32);
        luck->word[2][i] = occasion + i % LUCK_GROUP;
        luck->word[3][i] = i / LUCK_GROUP;
    }
    self->world->kernels->philox_eight(self->keys.watch.word, luck->word);
    for (uint32_t i = 0; i < LUCK_GROUP; i++)
        luck->log_exponential[i] = maths_logf(-maths_logf(word_uniformf(luck->word[0][i])));
    luck->occasion = occasion;
}

/* The words of this impression go into the scene, the last one decides about staying. */
static void take_luck(struct turn *t, struct impact *i, struct choice_scene *scene)
{
    uint32_t lane = i->occasion % LUCK_GROUP;
    const struct luck *luck = &t->luck;

    if (luck->occasion != i->occasion - lane) draw_luck(t, i->occasion - lane);
    for (uint32_t k = 0; k < CHOICE_WORDS; k++)
        scene->word[k] = luck->word[k % 4][lane + k / 4 * LUCK_GROUP];
    i->stay_word = word_uniformf(luck->word[3][lane + LUCK_GROUP]);
    scene->log_exponential = luck->log_exponential[lane];
}

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
    float raw = match_lasting(self->match, t->session->theta, content, i->video,
                              t->viewer->tolerance) +
                i->noise -
                (float)self->match->satiation * satiation_met(t->session->satiation, content);

    if (self->match->local != 0) raw += match_local(self, t->feed.name, i->video);
    if (match_minds_technology(self->match)) raw += match_technology(self->match, i->video);
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
    float content[VECTOR_DIM];
    struct choice_scene scene;

    take_luck(t, i, &scene);
    vector_unpack(content, &i->video->content);
    i->match = match_now(t, i, number, content);
    scene.match = i->match;
    scene.duration_s = (float)i->video->duration_ms * 1e-3f;
    scene.followed = follows(t, i->video->creator);
    scene.violating = (i->video->flags & VIDEO_VIOLATING) != 0;
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
                            .name = t->feed.name,
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
    uint32_t position = source_outside(entry->source) ? 0 : t->session->slate_next - 1;
    const struct impression act = {.viewer = t->number,
                                   .video = entry->video,
                                   .at = (uint32_t)(at - w->now) & IMPRESSION_AT_MOST,
                                   .watch_ms = (uint32_t)(i->outcome.watch_s * 1e3f),
                                   .acts = i->outcome.acts,
                                   .source = entry->source & IMPRESSION_CODE_MOST,
                                   .position = position & IMPRESSION_CODE_MOST,
                                   .propensity = entry->propensity};
    *row = act; /* never read back here: the log's line is seldom in the cache */
    t->feed.now = at;
    if (t->self->feed->acted) t->self->feed->acted(t->self->feed->self, &t->feed, entry, &act);
}

/* Another one? The hazard of leaving rises when the last videos disappointed. */
static bool wants_more(struct turn *t, const struct impact *i, float pleasure)
{
    const struct session_parameters *p = t->self->session;
    struct session *session = t->session;

    session->recent += 0.2f * (pleasure - session->recent);
    float better = session->recent - viewer_expectation(t->viewer);
    float factor = 1.0f - (float)p->boredom * better;
    factor = factor < 0.25f ? 0.25f : factor > 10.0f ? 10.0f : factor;
    return i->stay_word > (float)(1 - p->stay) * factor && session->left_ms > 0 &&
           session->position < SESSION_POSITIONS;
}

/* Tags of four entries' videos; nobody asks for what those past the n-th and those that have
 * left the feed get. */
static vector_four_bits four_tags(const struct world *w, const struct slate_entry *entry,
                                  uint32_t n)
{
    int32_t tag[4] = {0};

    for (uint32_t i = 0; i < 4 && i < n; i++)
        if (entry[i].video != ENTITY_NONE)
            tag[i] = (int32_t)name_fold(world_video(w, entry[i].video)->name);
    return (vector_four_bits){tag[0], tag[1], tag[2], tag[3]};
}

/* The noise of the viewer's pairs with the videos of n <= 8 entries. */
static void draw_noise(const struct turn *t, const struct slate_entry *entry, uint32_t n,
                       float *noise)
{
    const struct viewers *self = t->self;
    const struct world *w = self->world;
    uint64_t name = t->feed.name;
    uint32_t word[4][8];
    float lane[8];
    vector_four_bits low = four_tags(w, entry, n), high = low;

    if (n > 4) high = four_tags(w, entry + 4, n - 4);
    for (uint32_t i = 0; i < 8; i++) {
        word[0][i] = (uint32_t)name;
        word[1][i] = (uint32_t)(name >> 32);
        word[3][i] = 0;
    }
    memcpy(word[2], &low, sizeof low);
    memcpy(word[2] + 4, &high, sizeof high);
    w->kernels->philox_eight(self->keys.pair.word, word);
    match_noise_eight(self->match, (const uint32_t(*)[8])word, lane);
    memcpy(noise, lane, n * sizeof *noise);
}

void watch_slate(struct turn *t)
{
    const struct session *session = t->session;
    uint32_t occasion = session->occasion | session->position, n = session->slate_count;

    occasion -= occasion % LUCK_GROUP;
    if (t->luck.occasion != occasion) draw_luck(t, occasion); /* while the videos come */
    for (uint32_t i = session->slate_next; i < n; i += 8)
        draw_noise(t, session->slate + i, n - i < 8 ? n - i : 8, t->noise + i);
}

sim_time watch_video(struct turn *t, const struct slate_entry *entry, sim_time at, bool *stay)
{
    const struct session_parameters *p = t->self->session;
    struct session *session = t->session;
    struct impact i = {.video = world_video(t->self->world, entry->video),
                       .occasion = session->occasion | session->position};
    bool shared = source_outside(entry->source);
    uint32_t came_from = shared ? session->shared_from : ENTITY_NONE;

    if (shared)
        draw_noise(t, entry, 1, &i.noise);
    else
        i.noise = t->noise[entry - session->slate];
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
    reception_note(&t->shard->reception, t->row, i.video->cohort, pleasure, i.outcome.acts);
    double seconds = (double)i.outcome.watch_s + p->overhead + (entry->ad ? p->ad_seconds : 0);
    sim_time spent = (sim_time)(seconds * 1e3) + 1;
    session->left_ms -= spent;
    *stay = wants_more(t, &i, pleasure);
    return at + spent;
}
