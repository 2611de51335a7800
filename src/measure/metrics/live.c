/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happened in live rooms; zeros where no channel holds any.
 */
#include "measure/metric.h"

static const struct column columns[] = {
    {"live_rooms", "rooms", "live rooms that ended"},
    {"live_visits", "visits", "visits to live rooms"},
    {"live_hours", "h", "time that viewers spent in live rooms; not part of watch_hours"},
    {"live_chats", "messages", "messages that viewers wrote there"},
    {"live_gifts", "gifts", "gifts that they made there (stream tips)"},
    {"live_turned_away", "visits", "visits for which a room had no seat left"},
};

struct live_state {
    struct room_count seen; /* totals when the last interval ended */
    uint64_t rooms;
};

/* Totals are those of the close before: a window's visits count in the interval after it. */
static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    struct live_state *state = states; /* the first shard's alone */
    const struct room_board *board = &view->world->rooms;
    const struct room_count *now = &board->total, *then = &state->seen;
    cells[0] = cell_int((int64_t)(board->rooms - state->rooms));
    cells[1] = cell_int((int64_t)(now->visits - then->visits));
    cells[2] = cell_float((double)(now->watch_ms - then->watch_ms) / (double)TIME_HOUR);
    cells[3] = cell_int((int64_t)(now->chats - then->chats));
    cells[4] = cell_int((int64_t)(now->gifts - then->gifts));
    cells[5] = cell_int((int64_t)(now->turned_away - then->turned_away));
    state->seen = *now;
    state->rooms = board->rooms;
}

static void visit(void *states, uint32_t shards, struct visitor *v)
{
    struct live_state *state = states;
    (void)shards;
    VISIT_VALUE(v, "live.seen", state->seen);
    VISIT_VALUE(v, "live.rooms", state->rooms);
}

const struct metric metric_live = {
    .about = {.name = "live",
              .doc = "rooms, visits, hours, chat and gifts of live streams",
              .reference = "none",
              .state_size = sizeof(struct live_state)},
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .sample = sample,
    .visit = visit,
};
