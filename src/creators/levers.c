/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Levers: parts of a plan that a strategy does not move by itself (live hours, its own price,
 * where it promotes; selling, exclusive videos, promotion and pace where it leaves them alone,
 * from nothing too). They go uphill on what the strategy says that a period was worth, by
 * small tries (ascent.h). All that a creator needs for it is in rows that are there only when
 * the scenario names levers and the streams or channels that they belong to are in use.
 */
#include <string.h>

#include "base/memory.h"
#include "parts.h"

#define EXPECT 0.2     /* step of what a period is expected to be worth */
#define LONGEST 0.8    /* share of a creator's hours that may be live */
#define PRICE_MOST 2   /* doublings of the list price, either way */
#define PACE_MOST 2.08 /* an eighth to eight times the pace at the start */

static const char *const lever_name[LEVER_KINDS] = {
    [LEVER_SELLING] = "selling",     [LEVER_EXCLUSIVE] = "exclusive",
    [LEVER_PROMOTION] = "promotion", [LEVER_LIVE] = "live",
    [LEVER_PRICE] = "price",         [LEVER_PACE] = "pace",
    [LEVER_CHANNELS] = "channels",
};

/* Each of the channels after the first has a weight against the first's: its logarithm. */
enum slot { SLOT_CHANNELS = LEVER_CHANNELS, SLOTS = 2 * ASCENT_LEVERS };
#define WEIGHT_MOST 3 /* a twentieth to twenty times the first's */
_Static_assert(SLOT_CHANNELS + LEVER_PLACES - 1 <= SLOTS, "slots for all channels");

#define STATE_BEGUN (1u << 30)
#define STATE_KNOWN (1u << 31) /* what a period is worth */

#define THINKING "creators.strategy=balanced creators.review_days=0.25 "
/* Creators who have money and buy no reach unless this lever is theirs. */
#define PROMOTING                                                                              \
    THINKING "growth.channels=[\"paid_boost\"] growth.paid_boost.min_spend=0.0 "               \
             "creators.life.living=0.0 creators.boost=0.0 revenue.ads.cpm=1000.0 "             \
             "revenue.ads.min_followers=0 revenue.ads.min_views=0"
/* Creators who would all publish alike but for their levers. */
#define PACING                                                                                 \
    THINKING                                                                                   \
    "creators.videos_per_week=14.0 creators.videos_sigma=0.0 creators.hours=100 "              \
    "creators.hours_sigma=0 creators.follower_elasticity=0 creators.response.share=0 "         \
    "creators.response.weak=0 creators.levers.of=[\"pace\"] run.days=4 "                       \
    "viewers.count=100"
#define ROW(name_, moves_, sign_, needs_)                                                      \
    .path = #name_, .type = SCHEMA_FLOAT, .unit = "1", .low = 0, .when = SCHEMA_WINDOW,        \
    .moves = moves_, .sign = sign_, .needs = needs_,                                           \
    .offset = offsetof(struct levers_parameters, name_)
static const struct schema_row rows[] = {
    {.path = "of",
     .type = SCHEMA_NAMES,
     .unit = "1",
     .initial = "[]",
     .meaning =
         "what creators decide by small tries where their strategy leaves it alone, from "
         "nothing too: \"selling\", \"exclusive\" (with stream subscription), "
         "\"promotion\" and \"channels\" (where reach is bought), \"live\" (with channel "
         "livestream), \"price\" (with stream course or subscription), \"pace\"; not with "
         "strategy static",
     .source = "scenario; off by default",
     .moves = "creators.spend_paid_boost",
     .sign = 1,
     .from = "[]",
     .to = "[\"promotion\"]",
     .needs = PROMOTING,
     .offset = offsetof(struct levers_parameters, of)},
    {ROW(probe, "creators.spend_paid_boost", 1,
         PROMOTING " creators.levers.of=[\"promotion\"]"),
     .high = 0.5, .initial = "0.1",
     .meaning = "how far a share is tried to either side; a price by twice that in doublings, "
                "pace and the weight of a channel by thrice that of their logarithms",
     .source = "A", .plausible_low = 0.05, .plausible_high = 0.2, .from = "0.01", .to = "0.4"},
    {ROW(step, "sd creators.posts", 1, PACING), .high = 10, .initial = "0.3",
     .meaning = "move in probes for a surprise of usual size", .source = "A",
     .plausible_low = 0.1, .plausible_high = 1, .from = "0", .to = "2"},
    {ROW(momentum, "sd creators.posts", -1, PACING " creators.levers.step=2.0"), .high = 0.99,
     .initial = "0.7", .meaning = "share of its last direction that a lever keeps",
     .source = "A", .plausible_low = 0, .plausible_high = 0.9, .from = "0", .to = "0.95"},
};
const struct schema_table levers_table = {
    .prefix = "creators.levers", .size = sizeof(struct levers_parameters), SCHEMA_ROWS(rows)};

/* -------------------------------------------------------------------------------- opening */

static enum status check_names(const struct name_list *of, struct errors *errors)
{
    enum status status = STATUS_OK;

    for (int32_t i = 0; i < of->count; i++) {
        int k = 0;
        while (k < LEVER_KINDS && strcmp(lever_name[k], of->name[i]) != 0) k++;
        if (k == LEVER_KINDS)
            status = errors_add(errors, STATUS_BAD_INPUT,
                                "creators.levers.of: \"%s\" is none of selling, exclusive, "
                                "promotion, live, price, pace, channels",
                                of->name[i]);
    }
    return status;
}

/* Is there anything that the lever moves? */
static bool has_use(const struct creators *self, int kind)
{
    const struct promotion_service *promotion = &self->services.promotion;

    switch (kind) {
    case LEVER_EXCLUSIVE:
        return self->subscriptions;
    case LEVER_PROMOTION:
        return promotion->promote && promotion->places > 0;
    case LEVER_CHANNELS:
        return promotion->places > 1;
    case LEVER_LIVE:
        return promotion->hours != NULL;
    case LEVER_PRICE:
        return self->services.priced;
    default:
        return true;
    }
}

/* A plan has room for the shares of so many channels. */
static enum status check_places(const struct creators *self, const struct name_list *of,
                                struct errors *errors)
{
    uint32_t places = self->services.promotion.places;
    if (places <= LEVER_PLACES || name_list_find(of, lever_name[LEVER_CHANNELS]) < 0)
        return STATUS_OK;
    return errors_add(
        errors, STATUS_BAD_INPUT,
        "creators.levers.of: \"channels\" deals money to at most %d channels that "
        "sell reach, growth.channels has %u: leave one out",
        LEVER_PLACES, (unsigned)places);
}

enum status levers_open(struct creators *self, struct errors *errors)
{
    const struct levers_parameters *p = parameters_block(self->world->parameters,
                                                         levers_table.prefix);
    enum status status = check_names(&p->of, errors);

    if (!status) status = check_places(self, &p->of, errors);

    self->levers_parameters = p;
    for (int k = 0; k < LEVER_KINDS && !status; k++)
        if (name_list_find(&p->of, lever_name[k]) >= 0 && has_use(self, k))
            self->lever_kinds |= LEVER_BIT(k);
    if (status || !self->lever_kinds) return status;
    self->levers = memory_alloc(self->world->shards.count, sizeof *self->levers);
    return self->levers ? STATUS_OK : STATUS_NO_MEMORY;
}

void levers_free(struct creators *self)
{
    if (!self->levers) return;
    for (uint32_t s = 0; s < self->world->shards.count; s++) memory_free(self->levers[s].row);
    memory_free(self->levers);
}

enum status levers_room(struct creators *self, uint32_t shard, size_t count)
{
    if (!self->levers) return STATUS_OK;
    struct lever_shard *levers = &self->levers[shard];
    return memory_grow(&levers->row, &levers->capacity, count, sizeof *levers->row);
}

static struct lever_row *row_of(const struct creators *self, uint32_t shard,
                                const struct creator *c)
{
    return &self->levers[shard].row[c - self->world->creators[shard].row];
}

/* ------------------------------------------------------------------------------- beginning */

/* Hours that a creator may be live, and those that it was born with. */
static double live_most(const struct creators *self, uint32_t shard, const struct creator *c,
                        double *born)
{
    const struct promotion_service *promotion = &self->services.promotion;
    uint32_t row = (uint32_t)(c - self->world->creators[shard].row);
    double most = 0;

    *born = promotion->hours(promotion->self, shard, row, &most);
    return most < LONGEST * (double)c->hours ? most : LONGEST * (double)c->hours;
}

/* What the plan has at the start of a lever that a strategy may move by itself. */
static float planned(const struct creator_plan *plan, int kind)
{
    switch (kind) {
    case LEVER_SELLING:
        return plan->commercial;
    case LEVER_EXCLUSIVE:
        return plan->exclusive;
    case LEVER_PROMOTION:
        return plan->boost;
    case LEVER_PACE:
        return plan->videos_per_week;
    default:
        return 0;
    }
}

static float *centre_of(struct lever_row *row, int slot)
{
    return &row->half[slot / ASCENT_LEVERS].centre[slot % ASCENT_LEVERS];
}

/* Which levers are this creator's, and where they stand. */
static void begin(const struct creators *self, uint32_t shard, struct creator *c,
                  struct lever_row *row)
{
    const struct strategy *strategy = self->strategy[c->cohort];
    const struct promotion_service *promotion = &self->services.promotion;
    uint32_t at = (uint32_t)(c - self->world->creators[shard].row);

    row->state = STATE_BEGUN;
    row->rate = c->plan.videos_per_week;
    for (int k = 0; strategy->worth && k < LEVER_KINDS; k++) {
        float start = planned(&c->plan, k);
        bool silent = k == LEVER_PACE && !(start > 0),
             buys = k == LEVER_PROMOTION || k == LEVER_CHANNELS;
        if (!(self->lever_kinds & LEVER_BIT(k)) || silent) continue;
        if (buys && !promotion->used(promotion->self, shard, at)) continue;
        if (strategy->moves & LEVER_BIT(k) && start > 0) continue;
        row->state |= LEVER_BIT(k);
        if (k < LEVER_LIVE) *centre_of(row, k) = start;
    }
    bool imitates = strategy->imitates & self->lever_kinds & LEVER_BIT(LEVER_LIVE);
    if (!(row->state & LEVER_BIT(LEVER_LIVE)) && !imitates) return;
    double born, most = live_most(self, shard, c, &born);
    c->flags |= CREATOR_HOSTS;
    c->plan.live = (float)(born < most ? born : most);
    *centre_of(row, LEVER_LIVE) = most > 0 ? (float)((double)c->plan.live / most) : 0;
}

void levers_look(const struct creators *self, uint32_t shard, struct creator *c,
                 struct strategy_view *view)
{
    if (!self->levers) return;
    struct lever_row *row = row_of(self, shard, c);
    double born;

    if (!(row->state & STATE_BEGUN)) begin(self, shard, c, row);
    bool live = self->lever_kinds & LEVER_BIT(LEVER_LIVE);
    if (live && c->flags & CREATOR_HOSTS) view->live_most = live_most(self, shard, c, &born);
    view->prices = self->lever_kinds & LEVER_BIT(LEVER_PRICE);
}

/* -------------------------------------------------------------------------------- deciding */

static void describe(const struct creators *self, const struct lever_row *row,
                     struct ascent_lever *lever)
{
    double probe = self->levers_parameters->probe;
    uint32_t places = self->services.promotion.places;

    for (int i = 0; i < SLOTS; i++) {
        int kind = i < SLOT_CHANNELS ? i : LEVER_CHANNELS;
        bool used = row->state & LEVER_BIT(kind);
        if (i >= SLOT_CHANNELS) used = used && (uint32_t)(i - SLOT_CHANNELS + 1) < places;
        double low = 0, high = 1, scale = 1;
        if (i == LEVER_PRICE) low = -PRICE_MOST, high = PRICE_MOST, scale = 2;
        if (i == LEVER_PACE) low = -PACE_MOST, high = PACE_MOST, scale = 3;
        if (i >= SLOT_CHANNELS) low = -WEIGHT_MOST, high = WEIGHT_MOST, scale = 3;
        double at = (double)row->half[i / ASCENT_LEVERS].centre[i % ASCENT_LEVERS];
        lever[i] = used ? (struct ascent_lever){low, high, scale * probe}
                        : (struct ascent_lever){at, at, probe};
    }
}

static void learn(const struct creators *self, struct lever_row *row,
                  const struct ascent_lever *lever, double got)
{
    const struct levers_parameters *p = self->levers_parameters;
    const struct ascent_pace pace = {.step = p->step, .momentum = p->momentum};

    if (!(row->state & STATE_KNOWN)) {
        row->expected = (float)got;
        row->state |= STATE_KNOWN;
        return;
    }
    for (int h = 0; h < 2; h++)
        ascent_learn(&row->half[h], lever + h * ASCENT_LEVERS, ASCENT_LEVERS, &pace,
                     got - (double)row->expected);
    row->expected += (float)(EXPECT * (got - (double)row->expected));
}

static void write_plan(struct lever_row *row, const float *out,
                       const struct strategy_view *view, struct creator_plan *plan)
{
    uint32_t has = row->state;

    if (has & LEVER_BIT(LEVER_SELLING)) plan->commercial = out[LEVER_SELLING];
    if (has & LEVER_BIT(LEVER_EXCLUSIVE)) plan->exclusive = out[LEVER_EXCLUSIVE];
    if (has & LEVER_BIT(LEVER_PROMOTION)) plan->boost = out[LEVER_PROMOTION];
    if (has & LEVER_BIT(LEVER_LIVE))
        plan->live = (float)((double)out[LEVER_LIVE] * view->live_most);
    if (has & LEVER_BIT(LEVER_PRICE))
        plan->price = (int8_t)(maths_whole(64 * out[LEVER_PRICE] + 128.5f, 1, 255) - 128);
    if (has & LEVER_BIT(LEVER_PACE))
        outlook_pace(view, row->rate * (float)maths_exp((double)out[LEVER_PACE]), plan);
    for (int i = 0; i < LEVER_PLACES - 1; i++) row->weight[i] = out[SLOT_CHANNELS + i];
}

void levers_review(const struct creators *self, uint32_t shard, struct creator *c,
                   const struct strategy_view *view, struct stream *draw)
{
    const struct strategy *strategy = self->strategy[c->cohort];
    struct ascent_lever lever[SLOTS];
    float out[SLOTS];

    if (!self->levers || !strategy->worth) return;
    struct lever_row *row = row_of(self, shard, c);
    /* A period without a video teaches nothing about videos. */
    if (!(row->state & ~(STATE_BEGUN | STATE_KNOWN)) || view->period->posts == 0) return;
    describe(self, row, lever);
    learn(self, row, lever, strategy->worth(self->strategy_parameters[c->cohort], view));
    for (int h = 0; h < 2; h++)
        ascent_try(&row->half[h], lever + h * ASCENT_LEVERS, ASCENT_LEVERS, draw,
                   out + h * ASCENT_LEVERS);
    write_plan(row, out, view, &c->plan);
}

/* --------------------------------------------------------------------------------- buying */

/* Parts of what is saved: those of before, cut alike when there is less than they were, and of
 * what is new the weights' shares among the channels that are used. */
static void fill_pots(struct lever_row *row, uint32_t places, uint32_t used, int64_t saved)
{
    double share[LEVER_PLACES] = {0}, sum = used & 1;
    int64_t held = 0, part[LEVER_PLACES];

    for (uint32_t k = 0; k < places; k++) held += row->pot[k];
    if (held > saved) {
        for (uint32_t k = 1; k < places; k++) share[k] = (double)row->pot[k] / (double)held;
        ledger_split(saved, share, (int)places, row->pot);
        return;
    }
    for (uint32_t k = 1; k < places; k++) {
        share[k] = used >> k & 1 ? maths_exp((double)row->weight[k - 1]) : 0;
        sum += share[k];
    }
    for (uint32_t k = 1; k < places && sum > 0; k++) share[k] /= sum;
    ledger_split(saved - held, share, (int)places, part);
    for (uint32_t k = 0; k < places; k++) row->pot[k] += part[k];
}

bool levers_buy(const struct creators *self, uint32_t shard, struct creator *c)
{
    const struct promotion_service *promotion = &self->services.promotion;
    uint32_t at = (uint32_t)(c - self->world->creators[shard].row);
    struct lever_row *row = self->levers ? row_of(self, shard, c) : NULL;

    if (!row || !(row->state & LEVER_BIT(LEVER_CHANNELS))) return false;
    fill_pots(row, promotion->places, promotion->used(promotion->self, shard, at),
              c->saved > 0 ? c->saved : 0);
    for (uint32_t k = 0; k < promotion->places; k++) {
        int64_t spent = row->pot[k] > 0
                            ? promotion->promote_at(promotion->self, shard, at, k, row->pot[k])
                            : 0;
        row->pot[k] -= spent;
        c->saved -= spent;
        c->period.spent += spent;
    }
    return true;
}

/* ---------------------------------------------------------------------------- checkpoints */

static bool is_finite(float x) { return x - x == 0; }

static bool ascent_sound(const struct ascent *ascent)
{
    for (int i = 0; i < ASCENT_LEVERS; i++)
        if (!is_finite(ascent->centre[i]) || !is_finite(ascent->side[i]) ||
            !is_finite(ascent->pull[i]))
            return false;
    return is_finite(ascent->usual);
}

static bool is_sound(const struct creators *self, const struct lever_row *row,
                     const struct creator *c)
{
    if (!ascent_sound(&row->half[0]) || !ascent_sound(&row->half[1])) return false;
    if (row->state & ~(STATE_BEGUN | STATE_KNOWN | self->lever_kinds)) return false;
    for (int k = 0; k < LEVER_PLACES; k++)
        if (row->pot[k] < 0) return false;
    for (int i = 0; i < LEVER_PLACES - 1; i++)
        if (!(row->weight[i] >= -WEIGHT_MOST && row->weight[i] <= WEIGHT_MOST)) return false;
    return row->rate >= 0 && row->rate <= 40 && c->plan.live >= 0 && c->plan.live <= 168;
}

static void visit_shard(struct creators *self, uint32_t shard, struct visitor *v)
{
    struct creator *c = self->world->creators[shard].row;
    size_t n = self->world->creators[shard].count;

    if (visit_loading(v)) v->status = levers_room(self, shard, n);
    if (v->status) return;
    struct lever_row *row = self->levers[shard].row;
    VISIT_FIELD(v, "creators.plan.live", c, n, plan.live);
    VISIT_FIELD(v, "creators.plan.price", c, n, plan.price);
    VISIT_FIELD(v, "creators.levers.state", row, n, state);
    VISIT_FIELD(v, "creators.levers.half", row, n, half);
    VISIT_FIELD(v, "creators.levers.expected", row, n, expected);
    VISIT_FIELD(v, "creators.levers.rate", row, n, rate);
    VISIT_FIELD(v, "creators.levers.weight", row, n, weight);
    VISIT_MONEY(v, "creators.levers.pot", row, n, pot);
    for (size_t i = 0; visit_loading(v) && i < n && !v->status; i++)
        if (!is_sound(self, &row[i], &c[i])) v->status = STATUS_BAD_INPUT;
}

void levers_visit(struct creators *self, struct visitor *v)
{
    for (uint32_t s = 0; self->levers && s < self->world->shards.count && !v->status; s++)
        visit_shard(self, s, v);
}
