/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One member of every kind, each with parameters and, where its kind has any, with state of its
 * own: built as a shared object by test_plugin.c.
 */
#include <reelsim/plugin.h>

#define NUMBER(struct_, member, default_)                                                      \
    {                                                                                          \
        .path = #member, .type = SCHEMA_FLOAT, .unit = "1", .low = 0, .high = 1000,            \
        .initial = default_, .meaning = "of the zoo", .source = "A", .moves = "hash",          \
        .offset = offsetof(struct struct_, member)                                             \
    }
#define TABLE(name, prefix_, struct_)                                                          \
    static const struct schema_table name = {                                                  \
        .prefix = prefix_, .size = sizeof(struct struct_), SCHEMA_ROWS(name##_rows)}
#define ABOUT(kind) .name = "zoo_" kind, .doc = "for the tests", .reference = "none"

/* --------------------------------------------------------------------------------- viewers */

struct patience {
    double seconds;
};
static const struct schema_row patience_rows[] = {NUMBER(patience, seconds, "9.0")};
TABLE(patience, "viewers.zoo", patience);

static void prepare(void *state, const void *parameters)
{
    *(float *)state = (float)((const struct patience *)parameters)->seconds;
}

static void choose(const void *state, const struct choice_scene *scene,
                   struct choice_outcome *outcome)
{
    const float *seconds = state;
    float t = -maths_logf(word_uniformf(scene->word[0])) * *seconds *
              maths_expf(0.5f * scene->match);
    outcome->watch_s = t < scene->duration_s ? t : scene->duration_s;
    outcome->acts = choice_plays(outcome->watch_s, scene->duration_s);
    if (word_uniformf(scene->word[1]) < 0.05f) outcome->acts |= ACT_LIKE | ACT_SHARE;
}

static const struct choice zoo_choice = {
    .about = {ABOUT("choice"), .parameters = &patience, .state_size = sizeof(float)},
    .prepare = prepare,
    .choose = choose};

/* -------------------------------------------------------------------------------- platform */

static const struct schema_row quota_rows[] = {
    NUMBER(quota, share, "0.1"),
    {.path = "candidates",
     .type = SCHEMA_INT,
     .unit = "videos",
     .low = 1,
     .high = 64,
     .initial = "4",
     .meaning = "of the zoo",
     .source = "A",
     .moves = "hash",
     .offset = offsetof(struct quota, candidates)},
};
TABLE(quota, "platform.retrieve.zoo", quota);

static uint32_t retrieve(const void *parameters, const struct request *request, uint32_t *place,
                         uint32_t *tag, uint32_t most)
{
    const struct snapshot *snapshot = request->snapshot;
    uint32_t n = 0,
             first = snapshot->extent ? stream_below(request->draw, snapshot->extent) : 0;
    (void)parameters;
    (void)tag;
    for (uint32_t i = 0; i < snapshot->extent && n < most; i++) {
        uint32_t at = (first + i) % snapshot->extent;
        if (snapshot->item[at].video != ENTITY_NONE) place[n++] = at;
    }
    return n;
}

static const struct retriever zoo_retriever = {
    .about = {ABOUT("retriever"), .parameters = &quota},
    .source = SOURCE_EXPLORE,
    .retrieve = retrieve};

/* Floats of a viewer's session: the vector. Of a video: its features, mean reward, acts. */
static void open_row(const void *parameters, const int16_t *row, float *session)
{
    (void)parameters;
    for (int i = 0; i < VECTOR_DIM; i++) session[i] = (float)row[i] / VECTOR_ONE;
}

static bool known(const void *parameters, const float *session)
{
    (void)parameters;
    return vector_dot(session, session) > 0;
}

static void acted(const void *parameters, float *session, const struct learned_video *video,
                  const struct impression *act)
{
    float x[VECTOR_DIM];
    (void)parameters;
    vector_unpack(x, video->vector);
    vector_scale(session, 0.9f);
    vector_add(session, 0.1f * (learner_reward(act) - video->bias), x);
}

static void close_row(const void *parameters, const float *session, int16_t *row)
{
    struct packed16 packed;
    (void)parameters;
    vector_pack(&packed, session);
    memcpy(row, &packed, sizeof packed);
}

static void video_init(const void *parameters, uint64_t name, const struct packed16 *feature,
                       float *video)
{
    (void)parameters;
    (void)name;
    vector_unpack(video, feature);
    video[VECTOR_DIM] = video[VECTOR_DIM + 1] = 0;
}

static void learn(const void *parameters, const float *common, float *video,
                  const struct impression *act, const int16_t *side)
{
    float *mean = &video[VECTOR_DIM], *acts = &video[VECTOR_DIM + 1];
    (void)parameters, (void)common;
    (void)side;
    *acts += 1;
    *mean += (learner_reward(act) - *mean) / *acts;
}

static void publish(const void *parameters, const float *common, const float *video,
                    struct packed16 *vector, float *learned)
{
    (void)parameters, (void)common;
    vector_pack(vector, video);
    *learned = video[VECTOR_DIM];
}

static const struct learner zoo_learner = {.about = {ABOUT("learner")},
                                           .viewer_lanes = VECTOR_DIM,
                                           .session_floats = VECTOR_DIM,
                                           .video_floats = VECTOR_DIM + 2,
                                           .open = open_row,
                                           .known = known,
                                           .acted = acted,
                                           .close = close_row,
                                           .video_init = video_init,
                                           .learn = learn,
                                           .publish = publish};

static float bias(const void *parameters, const struct item_facts *facts)
{
    (void)parameters;
    return facts->learned;
}

static const struct ranker zoo_ranker = {
    .about = {ABOUT("ranker")}, .learner = "zoo_learner", .bias = bias};

static void screen(const void *parameters, const struct request *request, const uint32_t *place,
                   size_t n, float *score)
{
    (void)parameters;
    for (size_t i = 0; i < n; i++)
        if (request->snapshot->item[place[i]].topic == 0) score[i] = SCORE_NEVER;
}

static const struct reranker zoo_reranker = {.about = {ABOUT("reranker")}, .screen = screen};

/* -------------------------------------------------------------------------------- creators */

static void review(const void *parameters, const struct strategy_view *view, float *memory,
                   struct stream *draw, struct creator_plan *plan)
{
    (void)parameters;
    (void)view;
    memory[0] += 1;
    plan->commercial = (float)stream_uniform(draw) / memory[0];
}

static const struct strategy zoo_strategy = {.about = {ABOUT("strategy")}, .review = review};

/* ------------------------------------------------------------------------- growth, revenue */

struct fee {
    double percent;
};
static const struct schema_row fee_rows[] = {NUMBER(fee, percent, "10.0")};
TABLE(fee, "growth.zoo", fee);

/* Every promotion goes to a seller outside; counts the orders. */
static int64_t promote(struct channel_desk *desk, uint32_t creator, int64_t budget)
{
    const struct fee *p = desk->parameters;
    uint64_t *orders = desk->state;
    int64_t spent = (int64_t)((double)budget * p->percent / 100);
    ++*orders;
    desk_spend(desk, creator, ACCOUNT_PROMOTION, spent);
    return spent;
}

static void visit_orders(struct channel_desk *desk, struct visitor *v)
{
    uint64_t *orders = desk->state;
    VISIT_VALUE(v, "zoo.orders", *orders);
}

static const struct channel zoo_channel = {
    .about = {ABOUT("channel"), .parameters = &fee, .state_size = sizeof(uint64_t)},
    .promote = promote,
    .visit = visit_orders};

struct price {
    double each, every;
};
static const struct schema_row price_rows[] = {NUMBER(price, each, "0.5"),
                                               NUMBER(price, every, "50.0")};
TABLE(price, "revenue.zoo", price);

/* Who likes pays, every so many likes of the shard: a count that is state. */
static void offer(struct stream_desk *desk, struct moment *moment)
{
    const struct price *p = desk->parameters;
    uint64_t *likes = desk->state;
    if (!(moment->acts & ACT_LIKE) || ++*likes % (uint64_t)(p->every + 1)) return;
    (void)desk_charge(desk, moment, (int64_t)(p->each * (double)MICRO));
}

static void payment(struct stream_desk *desk, const struct payment *paid)
{
    desk_pay(desk, entity_row(desk->world->shards, paid->creator), ACCOUNT_VIEWERS,
             paid->amount);
}

static void visit_likes(struct stream_desk *desk, struct visitor *v)
{
    uint64_t *likes = desk->state;
    VISIT_VALUE(v, "zoo.likes", *likes);
}

static const struct revenue_stream zoo_stream = {
    .about = {ABOUT("stream"), .parameters = &price, .state_size = sizeof(uint64_t)},
    .offer = offer,
    .payment = payment,
    .visit = visit_likes};

/* --------------------------------------------------------------------------------- measure */

static const struct column columns[] = {{"zoo_rows", "1", "rows of the log so far"}};

static void count(void *state, const struct metric_view *view, uint32_t shard,
                  const struct impression *impressions, size_t n)
{
    (void)view;
    (void)shard;
    (void)impressions;
    *(uint64_t *)state += n;
}

static void sample(void *states, const struct metric_view *view, struct cell *cells)
{
    const uint64_t *rows = states;
    uint64_t sum = 0;
    for (uint32_t s = 0; s < view->world->shards.count; s++) sum += rows[s];
    cells[0] = cell_int((int64_t)sum);
}

static void visit_rows(void *states, uint32_t shards, struct visitor *v)
{
    uint64_t *rows = states;
    VISIT_ARRAY(v, "zoo.rows", rows, shards);
}

static const struct metric zoo_metric = {
    .about = {ABOUT("metric"), .state_size = sizeof(uint64_t)},
    .columns = columns,
    .column_count = 1,
    .rows = count,
    .sample = sample,
    .visit = visit_rows};

REELSIM_PLUGINS(REELSIM_PLUGIN("choice", &zoo_choice),
                REELSIM_PLUGIN("retriever", &zoo_retriever),
                REELSIM_PLUGIN("ranker", &zoo_ranker),
                REELSIM_PLUGIN("reranker", &zoo_reranker),
                REELSIM_PLUGIN("learner", &zoo_learner),
                REELSIM_PLUGIN("strategy", &zoo_strategy),
                REELSIM_PLUGIN("channel", &zoo_channel), REELSIM_PLUGIN("stream", &zoo_stream),
                REELSIM_PLUGIN("metric", &zoo_metric));
