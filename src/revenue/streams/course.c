/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Courses: a share of the creators sells one. A video that advertises it brings visits to its
 * page, some of those take the trial lesson, some of these buy. Many never finish; who has not
 * finished may ask for the money back. Until that time is over the price is held in ESCROW;
 * then the app store takes its fee, the platform its cut, and the creator has the rest.
 *
 * A viewer pays out of its purse and buys a course once.
 */
#include <string.h>

#include "base/memory.h"
#include "revenue/dues.h"
#include "revenue/luck.h"

#define OWNED_MOST (UINT64_C(1) << 32)

struct course_parameters {
    double offered, page, slope, trial, purchase, price_response, price, price_ordinary;
    double completion, refund, platform_cut;
    int64_t refund_days, min_followers;
};

struct course_state {
    struct luck luck;
    struct stream_key offer_key, lesson_key;
    struct dues dues;
    uint64_t *owned; /* owned; by viewers of this shard: viewer << 32 | creator, ascending */
    size_t owned_count, owned_room;
};

#define AT(member) .offset = offsetof(struct course_parameters, member)
#define TEACHING                                                                               \
    "revenue.streams=[\"course\"] revenue.course.min_followers=0 revenue.course.offered=1.0 "  \
    "revenue.course.page=1.0 revenue.course.trial=0.5 revenue.course.purchase=0.5 "            \
    "viewers.purse.month=1000.0 revenue.course.refund_days=0 "
#define NEEDS .needs = TEACHING

static const struct schema_row rows[] = {
    {.path = "offered",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.1",
     .meaning = "share of creators who have a course to sell",
     .source = "A",
     .plausible_low = 0.02,
     .plausible_high = 0.3,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_course",
     .sign = 1,
     .from = "0.1",
     .to = "1.0",
     NEEDS,
     AT(offered)},
    {.path = "page",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.1",
     .meaning = "visits to the course's page an impression of a video that does nothing but "
                "sell, at a match of 1",
     .source = "A (with trial and purchase and an intensity of .2: a sale in 10,000 views)",
     .plausible_low = 0.02,
     .plausible_high = 0.2,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_course",
     .sign = 1,
     .from = "0.02",
     .to = "1.0",
     NEEDS,
     AT(page)},
    {.path = "slope",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 10,
     .initial = "1.39",
     .meaning = "growth of ln(page) with the match",
     .source = "A (that of likes: ln 4, KR-A)",
     .plausible_low = 0.5,
     .plausible_high = 2,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_course",
     .sign = -1,
     .from = "0.0",
     .to = "3.0",
     .needs = TEACHING "revenue.course.page=0.3",
     AT(slope)},
    {.path = "trial",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.1",
     .meaning = "share of visitors of the page who take the trial lesson",
     .source = "A",
     .plausible_low = 0.03,
     .plausible_high = 0.3,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_course",
     .sign = 1,
     .from = "0.02",
     .to = "0.9",
     NEEDS,
     AT(trial)},
    {.path = "purchase",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.05",
     .meaning = "share of trials that end in a purchase, at the ordinary price or without "
                "price sensitivity",
     .source = "A (a sale in 10,000 views; trials at 9.9 yuan triple it, V2)",
     .plausible_low = 0.02,
     .plausible_high = 0.15,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_course",
     .sign = 1,
     .from = "0.02",
     .to = "0.9",
     NEEDS,
     AT(purchase)},
    {.path = "price_response",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 20,
     .initial = "1.0",
     .meaning = "how much rarer sales of a dear course are: power of its price / "
                "price_ordinary, times the viewer's price sensitivity",
     .source = "A",
     .plausible_low = 0.5,
     .plausible_high = 3,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_course",
     .sign = -1,
     .from = "0.0",
     .to = "3.0",
     NEEDS,
     AT(price_response)},
    {.path = "price",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1000,
     .initial = "1.0",
     .meaning = "multiplies the price of each topic's courses (39 to 399)",
     .source = "A",
     .plausible_low = 0.3,
     .plausible_high = 3,
     .when = SCHEMA_WINDOW,
     .moves = "rows money",
     .sign = -1,
     .from = "0.3",
     .to = "3.0",
     NEEDS,
     AT(price)},
    {.path = "price_ordinary",
     .type = SCHEMA_FLOAT,
     .unit = "currency",
     .low = 0.000001,
     .high = 1e6,
     .initial = "99.0",
     .meaning = "price at which `purchase` holds",
     .source = "A",
     .plausible_low = 50,
     .plausible_high = 200,
     .when = SCHEMA_WINDOW,
     .moves = "rows money",
     .sign = 1,
     .from = "30.0",
     .to = "300.0",
     NEEDS,
     AT(price_ordinary)},
    {.path = "completion",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.3",
     .meaning = "share of buyers who finish the course and keep it",
     .source = "V2 (28 to 45 %, Dedao)",
     .plausible_low = 0.1,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .moves = "refunds",
     .sign = -1,
     .from = "0.0",
     .to = "1.0",
     .needs = TEACHING "revenue.course.refund=0.9",
     AT(completion)},
    {.path = "refund",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.08",
     .meaning = "share of the other buyers who ask for their money back",
     .source = "A",
     .plausible_low = 0.02,
     .plausible_high = 0.2,
     .when = SCHEMA_WINDOW,
     .moves = "refunds",
     .sign = 1,
     .from = "0.0",
     .to = "0.9",
     NEEDS,
     AT(refund)},
    {.path = "platform_cut",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.2",
     .meaning = "share of the price, less the store's fee, that the platform keeps",
     .source = "M (knowledge communities 5-20 %, tips .5)",
     .plausible_low = 0.05,
     .plausible_high = 0.5,
     .when = SCHEMA_WINDOW,
     .moves = "creator_income",
     .sign = -1,
     .from = "0.05",
     .to = "0.95",
     NEEDS,
     AT(platform_cut)},
    {.path = "refund_days",
     .type = SCHEMA_INT,
     .unit = "d",
     .low = 0,
     .high = DUES_DAYS_MOST,
     .initial = "7",
     .meaning = "whole days within which money is given back, and before which nobody is paid",
     .source = "A (China: seven days)",
     .plausible_low = 3,
     .plausible_high = 30,
     .when = SCHEMA_WINDOW,
     .moves = "creator_income",
     .sign = -1,
     .from = "0",
     .to = "30",
     .needs = "revenue.streams=[\"course\"] revenue.course.min_followers=0 "
              "revenue.course.offered=1.0 revenue.course.page=1.0 revenue.course.trial=0.5 "
              "revenue.course.purchase=0.5 viewers.purse.month=1000.0",
     AT(refund_days)},
    {.path = "min_followers",
     .type = SCHEMA_INT,
     .unit = "followers",
     .low = 0,
     .high = 1e9,
     .initial = "1000",
     .meaning = "followers from which a creator may sell a course",
     .source = "A",
     .plausible_low = 0,
     .plausible_high = 10000,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_course",
     .sign = -1,
     .from = "0",
     .to = "1000000",
     NEEDS,
     AT(min_followers)},
};
static const struct schema_table table = {
    .prefix = "revenue.course", .size = sizeof(struct course_parameters), SCHEMA_ROWS(rows)};

static enum status open_state(struct stream_desk *desk)
{
    static const struct purpose page = {"revenue.course", PURPOSE_LUCK};
    static const struct purpose offer = {"revenue.course.offer", PURPOSE_POPULATION};
    static const struct purpose lesson = {"revenue.course.lesson", PURPOSE_LUCK};
    struct course_state *state = desk->state;
    luck_open(&state->luck, desk->world->seed, &page);
    state->offer_key = stream_key(desk->world->seed, &offer);
    state->lesson_key = stream_key(desk->world->seed, &lesson);
    return STATUS_OK;
}

static void release(struct stream_desk *desk)
{
    struct course_state *state = desk->state;
    memory_free(state->dues.row);
    memory_free(state->owned);
}

static bool eligible(const void *parameters, const struct creator *creator)
{
    const struct course_parameters *p = parameters;
    return creator->followers >= p->min_followers;
}

/* ------------------------------------------------------------------------------ who owns what
 */

static uint64_t owned_key(const struct moment *moment)
{
    return (uint64_t)moment->viewer_number << 32 | moment->video->creator;
}

/* The first place that is not below the key. */
static size_t owned_place(const struct course_state *state, uint64_t key)
{
    size_t low = 0, high = state->owned_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (state->owned[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Room for one more; false, and a fault, without memory. */
static bool owned_room(struct stream_desk *desk)
{
    struct course_state *state = desk->state;
    enum status status = memory_grow(&state->owned, &state->owned_room, state->owned_count + 1,
                                     sizeof(*state->owned));
    if (status) desk->till->fault = status;
    return !status;
}

static void owned_insert(struct course_state *state, size_t place, uint64_t key)
{
    memmove(state->owned + place + 1, state->owned + place,
            (state->owned_count - place) * sizeof(*state->owned));
    state->owned[place] = key;
    state->owned_count++;
}

/* ------------------------------------------------------------------------------------ selling
 */

/* Whether the creator has a course at all: by its birth name, so for good. */
static bool offers(struct stream_desk *desk, uint32_t creator)
{
    const struct course_parameters *p = desk->parameters;
    const struct course_state *state = desk->state;
    uint64_t name = world_creator(desk->world, creator)->name;
    struct stream_words words = stream_block(state->offer_key, name, 0, 0);
    return desk_earns(desk, creator) && (double)word_uniformf(words.word[0]) < p->offered;
}

static bool persuades(const struct course_parameters *p, const struct viewer *viewer,
                      double price, const struct stream_words *words)
{
    double power = p->price_response * viewer->price_sensitivity / 255;
    if (!((double)word_uniformf(words->word[0]) < p->trial)) return false;
    return (double)word_uniformf(words->word[1]) <
           p->purchase * maths_pow(price / p->price_ordinary, -power);
}

static void sell(struct stream_desk *desk, struct moment *moment)
{
    const struct course_parameters *p = desk->parameters;
    struct course_state *state = desk->state;
    double price = desk->world->topics.topic[moment->video->topic].course_price *
                   creator_price(world_creator(desk->world, moment->video->creator)) * p->price;
    struct stream_words words = stream_block(state->lesson_key, moment->name, moment->occasion,
                                             0);
    if (!persuades(p, moment->viewer, price, &words)) return;
    uint64_t key = owned_key(moment);
    size_t place = owned_place(state, key);
    if (place < state->owned_count && state->owned[place] == key) return;
    bool completes = (double)word_uniformf(words.word[2]) < p->completion;
    bool regrets = !completes && (double)word_uniformf(words.word[3]) < p->refund;
    int64_t amount = (int64_t)(price * (double)MICRO + 0.5);
    if (owned_room(desk) && desk_buy(desk, moment, amount, regrets ? DUE_REFUND : 0))
        owned_insert(state, place, key);
}

static void offer(struct stream_desk *desk, struct moment *moment)
{
    const struct course_parameters *p = desk->parameters;
    struct course_state *state = desk->state;
    double page = p->page * (double)moment->video->commercial;
    double uniform = luck_uniform(&state->luck, moment->name, moment->occasion);
    if (!luck_passes(&state->luck, uniform, page, p->slope, moment->match)) return;
    if (offers(desk, moment->video->creator)) sell(desk, moment);
}

/* ----------------------------------------------------------------------------------- settling
 */

static void payment(struct stream_desk *desk, const struct payment *paid)
{
    const struct course_parameters *p = desk->parameters;
    struct course_state *state = desk->state;
    dues_wait(desk, &state->dues, paid, p->refund_days);
}

static void settle_one(struct stream_desk *desk, const struct due *due)
{
    const struct course_parameters *p = desk->parameters;
    struct sale sale;
    if (dues_sale(desk, due, &sale)) desk_share(desk, sale, p->platform_cut);
}

static void day(struct stream_desk *desks, uint32_t shards)
{
    for (uint32_t s = 0; s < shards; s++) {
        struct course_state *state = desks[s].state;
        dues_settle(&desks[s], &state->dues, settle_one);
    }
}

static void held(const struct stream_desk *desk, int64_t *escrow, int64_t *payable)
{
    const struct course_state *state = desk->state;
    (void)payable;
    *escrow = dues_held(&state->dues);
}

/* ------------------------------------------------------------------------------------ the
 * state */

static bool owned_sound(const struct stream_desk *desk, const struct course_state *state,
                        size_t i)
{
    const struct world *world = desk->world;
    uint32_t viewer = (uint32_t)(state->owned[i] >> 32), creator = (uint32_t)state->owned[i];
    return viewer <= ENTITY_VIEWER_LAST && entity_shard(world->shards, viewer) == desk->shard &&
           entity_row(world->shards, viewer) < world->viewers[desk->shard].count &&
           creator <= ENTITY_VIEWER_LAST &&
           entity_row(world->shards, creator) <
               world->creators[entity_shard(world->shards, creator)].count &&
           (i == 0 || state->owned[i - 1] < state->owned[i]);
}

static void visit_owned(void *context, uint32_t shard, struct visitor *v)
{
    struct stream_desk *desk = context;
    struct course_state *state = desk->state;
    uint64_t count = state->owned_count;
    visit_count(v, "revenue.course.owned", &count, OWNED_MOST);
    if (visit_loading(v) && !v->status)
        v->status = memory_grow(&state->owned, &state->owned_room, count,
                                sizeof(*state->owned));
    if (v->status) return;
    state->owned_count = count;
    VISIT_ARRAY(v, "revenue.course.owned", state->owned, count);
    for (size_t i = 0; visit_loading(v) && i < count && !v->status; i++)
        if (!owned_sound(desk, state, i)) v->status = STATUS_BAD_INPUT;
    if (visit_loading(v) && desk->world->viewers[shard].elsewhere) state->owned_count = 0;
}

static void visit(struct stream_desk *desk, struct visitor *v)
{
    struct course_state *state = desk->state;
    dues_visit(desk, &state->dues, v);
    if (visit_loading(v) && !v->status && !dues_sound(&state->dues, DUE_DETAIL_MOST, true))
        v->status = STATUS_BAD_INPUT;
    post_visit(desk->world->post, desk->shard, v, visit_owned, desk);
}

const struct revenue_stream stream_course = {
    .about = {.name = "course",
              .doc = "courses that creators sell: page, trial lesson, purchase, refund",
              .reference = "Dedao and Zhihu company reports",
              .parameters = &table,
              .state_size = sizeof(struct course_state)},
    .open = open_state,
    .release = release,
    .eligible = eligible,
    .offer = offer,
    .payment = payment,
    .day = day,
    .held = held,
    .visit = visit,
    .priced = true,
};
