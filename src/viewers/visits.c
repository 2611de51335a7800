/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * In a live room. Most who enter leave after a glance; the others stay for minutes or hours,
 * for longer or more often the better it fits them and the more there was going on in the last
 * window. Each minute there counts like a video to whoever is paid for it: gifts, orders and
 * the rest are offered the same way (act_service.paid), and what one impression is worth to
 * habit, a minute is.
 *
 * A visit is drawn when it begins: what is paid in it is dated there.
 */
#include "turn.h"

#define BEATS_MOST 240      /* of one visit */
#define GLANCE_MEDIAN_S 3.0 /* FACTS 5: half of all visits end by 4.9 s */
#define GLANCE_SIGMA 0.9

/* How well a room fits: the match of what is shown there, plus what the crowd adds. */
static float room_match(const struct turn *t, const struct room *room)
{
    const struct viewers *self = t->self;
    const struct match_scale *scale = &self->world->match;
    const struct room_terms *p = &self->world->rooms.terms;
    double crowd = (double)(room->last.visits + room->last.gifts);
    float raw = viewers_raw_match(self, t->viewer, &room->video);
    return (raw - scale->offset) * scale->scale + (float)(p->crowd * maths_log(1 + crowd));
}

uint32_t visits_offered(struct turn *t, sim_time at)
{
    const struct world *w = t->self->world;
    const struct room_board *board = &w->rooms;
    uint32_t best = ROOM_NONE;
    float fits = 0;
    if (board->count == 0 || board->terms.shown <= 0) return ROOM_NONE;
    struct stream draw = stream_open(t->self->keys.rooms, t->feed.name,
                                     t->session->occasion | t->session->position);
    if (!stream_bernoulli(&draw, board->terms.shown)) return ROOM_NONE;
    for (uint32_t i = 0; i < board->terms.among; i++) {
        uint32_t k = stream_below(&draw, (uint32_t)board->count);
        const struct room *room = &board->room[k];
        if (at < room->starts || at >= room->ends) continue;
        float match = room_match(t, room);
        if (best != ROOM_NONE && match <= fits) continue;
        best = k;
        fits = match;
    }
    return best;
}

/* One offer to who pays; false when the session can number no more. */
static bool beat(struct turn *t, struct moment *moment)
{
    const struct act_service *act = t->self->act;
    struct session *session = t->session;
    float pleasure = moment->match > PLEASURE_MOST ? PLEASURE_MOST : moment->match;
    if (session->position >= SESSION_POSITIONS) return false;
    moment->occasion = session->occasion | session->position++;
    moment->acts &= (uint16_t)~ACT_TIP;
    if (act && act->paid) act->paid(act->revenue, moment);
    session->pleasure += pleasure < -PLEASURE_MOST ? -PLEASURE_MOST : pleasure;
    return true;
}

/* Whether the viewer stays, and how long it is there, s. */
static double visit_length(const struct room_terms *p, float match, struct stream *draw,
                           bool *stays)
{
    double stay = p->stay * maths_exp(p->slope * ((double)match - 1));
    *stays = stream_bernoulli(draw, stay);
    return *stays ? stream_lognormal(draw, maths_log(p->minutes * 60), p->sigma)
                  : stream_lognormal(draw, maths_log(GLANCE_MEDIAN_S), GLANCE_SIGMA);
}

static void follow_there(struct turn *t, const struct room *room, const struct moment *moment,
                         struct stream *draw)
{
    const struct room_terms *p = &t->self->world->rooms.terms;
    double chance = p->follow * maths_exp(p->slope * ((double)moment->match - 1));
    if (!(moment->acts & ACT_FOLLOWED) && stream_bernoulli(draw, chance))
        follow_creator(t, room->creator);
}

/* What happens to and around a viewer who is let in; returns when it leaves. */
static sim_time stay_there(struct turn *t, const struct room *room, struct room_count *count,
                           sim_time at)
{
    const struct room_terms *p = &t->self->world->rooms.terms;
    struct stream draw = stream_open(t->self->keys.room, t->feed.name,
                                     t->session->occasion | t->session->position);
    struct relation tie = relation_make(RELATION_FOLLOW, room->creator);
    bool followed = relation_has(&t->shard->relations, &t->viewer->relations, tie), stays;
    struct moment moment = {.scope = t->scope,
                            .viewer = t->viewer,
                            .viewer_number = t->number,
                            .name = t->feed.name,
                            .video = &room->video,
                            .video_number = ENTITY_NONE,
                            .at = at,
                            .match = room_match(t, room),
                            .came_from = ENTITY_NONE,
                            .acts = followed ? ACT_FOLLOWED : 0};
    double ms = 1000 * visit_length(p, moment.match, &draw, &stays);
    sim_time spent = ms < (double)(room->ends - at) ? (sim_time)ms + 1 : room->ends - at;
    double minutes = (double)spent / (double)TIME_MINUTE;
    if (stays) follow_there(t, room, &moment, &draw);
    count->visits++;
    count->watch_ms += (uint64_t)spent;
    count->chats += stream_poisson(&draw, p->chat * minutes);
    uint32_t beats = stays ? 1 + (uint32_t)(minutes / p->beat) : 1;
    for (uint32_t i = 0; i < beats && i < BEATS_MOST; i++) {
        if (!beat(t, &moment)) break;
        count->gifts += (moment.acts & ACT_TIP) != 0;
    }
    return at + spent;
}

sim_time visits_enter(struct turn *t, uint32_t room, sim_time at, bool *stay)
{
    struct room_board *board = &t->self->world->rooms;
    size_t place = (size_t)t->scope->shard * board->count + room;
    struct room_count *count = &board->happened[place];
    *stay = true;
    if (board->free[place] == 0) {
        count->turned_away++;
        return at + 1;
    }
    board->free[place]--;
    sim_time left = stay_there(t, &board->room[room], count, at);
    t->session->left_ms -= left - at;
    *stay = t->session->left_ms > 0 && t->session->position < SESSION_POSITIONS;
    return left;
}
