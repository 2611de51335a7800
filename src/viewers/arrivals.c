/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Newcomers: Bass diffusion (Bass 1969). In a market of M people of whom N have come,
 *     dN/dt = (p + q N / M) (M - N)
 * a day, spread over the week like the opening of the app. They arrive at the close and open
 * the app for the first time within the next window.
 */
#include "base/memory.h"
#include "population.h"
#include "purse.h"

static const struct schema_row rows[] = {
    {.path = "innovation",
     .type = SCHEMA_FLOAT,
     .unit = "1/d",
     .low = 0,
     .high = 1,
     .initial = "0.0",
     .meaning = "p: people who come by themselves",
     .source = "scenario; off",
     .plausible_low = 0,
     .plausible_high = 0.001,
     .when = SCHEMA_WINDOW,
     .moves = "new_viewers",
     .sign = 1,
     .from = "0",
     .to = "0.01",
     .needs = "viewers.arrivals.market=100000",
     VIEWERS_AT(arrivals_parameters, innovation)},
    {.path = "imitation",
     .type = SCHEMA_FLOAT,
     .unit = "1/d",
     .low = 0,
     .high = 10,
     .initial = "0.0",
     .meaning = "q: people who come because others have",
     .source = "scenario; off",
     .plausible_low = 0,
     .plausible_high = 0.01,
     .when = SCHEMA_WINDOW,
     .moves = "new_viewers",
     .sign = 1,
     .from = "0",
     .to = "0.1",
     .needs = "viewers.arrivals.market=100000",
     VIEWERS_AT(arrivals_parameters, imitation)},
    {.path = "market",
     .type = SCHEMA_INT,
     .unit = "viewers",
     .low = 0,
     .high = 5e8, /* as viewers.count */
     .initial = "0",
     .meaning = "M: everybody who may ever come; nobody new when it is not "
                "above the viewers there are",
     .source = "scenario; off",
     .plausible_low = 0,
     .plausible_high = 1e7,
     .when = SCHEMA_WINDOW,
     .moves = "new_viewers",
     .sign = 1,
     .from = "0",
     .to = "100000",
     .needs = "viewers.arrivals.innovation=0.01",
     VIEWERS_AT(arrivals_parameters, market)},
    {.path = "rate",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0.001,
     .high = 100,
     .initial = "1.1",
     .meaning = "rate of sessions of a newcomer against the settled viewers'",
     .source = "A calibrated to FACTS 8.6 (D1)",
     .plausible_low = 0.5,
     .plausible_high = 3,
     .when = SCHEMA_WINDOW,
     .moves = "sessions",
     .sign = 1,
     .from = "0.3",
     .to = "5",
     .needs = "viewers.arrivals.innovation=0.01 viewers.arrivals.market=100000",
     VIEWERS_AT(arrivals_parameters, rate)},
};
const struct schema_table arrivals_table = {.prefix = "viewers.arrivals",
                                            .size = sizeof(struct arrivals_parameters),
                                            SCHEMA_ROWS(rows)};

/* The next row of a shard, where it is here. */
static enum status add_row(struct viewer_shard *table, uint32_t ordinal,
                           const struct viewer *newcomer)
{
    if (table->elsewhere) return viewer_add_elsewhere(table, ordinal, true);
    struct viewer *viewer = viewer_add(table);
    if (!viewer) return STATUS_NO_MEMORY;
    *viewer = *newcomer;
    return STATUS_OK;
}

static enum status welcome(struct viewers *self, uint32_t ordinal)
{
    struct world *w = self->world;
    uint64_t name = viewer_birth_name(ordinal, true);
    uint32_t shard = entity_home(w->shards, name);
    struct viewer_shard *table = &w->viewers[shard];
    uint32_t number = viewer_number(self, (uint32_t)table->count, shard);
    struct viewer viewer = {.ordinal = ordinal};
    struct interests interests;

    struct stream s = stream_open(self->keys.person, name, 0);
    person_birth(self, &s, &viewer, &interests);
    viewer_set_rate(&viewer, viewer_rate(&viewer) * (float)self->arrivals->rate);
    viewer_set_habit(&viewer, (float)self->habit->newcomer);
    viewer.joined_day = (int16_t)time_day(w->close);
    viewer_set_last_end(&viewer, w->close);
    viewer.flags = VIEWER_NEWCOMER;
    person_consent(self, &viewer);
    purse_fill(self, number, &viewer);
    enum status status = add_row(table, ordinal, &viewer);
    if (status != STATUS_OK) return status;
    table->day.new_viewers++;
    sim_time first = w->close + (sim_time)(stream_uniform(&s) * (double)(w->close - w->now));
    return engine_plan(w->engine, number, first, EVENT_SESSION, 0);
}

enum status arrivals_close(struct viewers *self)
{
    const struct arrivals_parameters *p = self->arrivals;
    const struct world *w = self->world;
    double market = (double)p->market, here = 0;
    enum status status = STATUS_OK;

    for (uint32_t s = 0; s < w->shards.count; s++) here += (double)w->viewers[s].count;
    if (market <= here || (p->innovation <= 0 && p->imitation <= 0)) return STATUS_OK;
    if (ban_on(self->ban)) return STATUS_OK;
    double days = rhythm_integral(&self->rhythm, w->close) -
                  rhythm_integral(&self->rhythm, w->now);
    double mean = (p->innovation + p->imitation * here / market) * (market - here) * days;
    uint64_t name = name_of("arrivals of a window", (uint64_t)(w->now / (w->close - w->now)));
    struct stream s = stream_open(self->keys.arrivals, name, 0);
    uint64_t n = stream_poisson(&s, mean < 1e9 ? mean : 1e9);
    uint64_t room = (uint64_t)(market - here);
    for (n = n < room ? n : room; n > 0 && status == STATUS_OK; n--)
        status = welcome(self, (uint32_t)self->arrived++);
    return status;
}
