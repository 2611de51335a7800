/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hours become videos: q = skill (1 - exp(-effort / e0)), with the spread of luck.
 */
#include "parts.h"

double production_quality(double skill, double effort, double scale)
{
    return skill * (1 - maths_exp(-effort / scale));
}

double production_rate(const struct creator *creator)
{
    return parts_clip((double)creator->plan.videos_per_week * (double)creator->drive, 0, 40);
}

double production_hours(const struct creator *creator)
{
    return (double)creator->hours - (double)creator->plan.live;
}

/* Hours for one video: as planned, or what is left of the week at the present rate. */
static double effort_of(const struct creator *creator)
{
    double rate = production_rate(creator), planned = (double)creator->plan.effort;
    double left = rate > 0 ? production_hours(creator) / rate : planned;

    return planned < left ? planned : left;
}

/* Away from what it knows best a creator's skill counts for less. */
static double skill_at(const struct creators *self, const struct creator *creator,
                       uint8_t topic)
{
    float near = vector_dot(creator->expertise, self->world->topics.topic[topic].vector);
    double distance = 1 - parts_clip((double)near, 0, 1);

    return (double)creator->skill * (1 - self->production->away * distance);
}

/* Near the plan's topic, on the creator's own side of it. */
static void draw_content(const struct creators *self, const struct creator *creator,
                         uint8_t topic, struct stream *draw, struct packed16 *out)
{
    float x[VECTOR_DIM];
    /* A vector of 16 such lanes has a length of about `spread`. */
    float sd = (float)(self->production->spread / 4.0);

    for (int i = 0; i < VECTOR_DIM; i++)
        x[i] = self->world->topics.topic[topic].vector[i] + sd * (float)stream_normal(draw);
    vector_add(x, (float)self->production->style, creator->expertise);
    vector_normalise(x);
    vector_pack(out, x);
}

static uint8_t draw_flags(const struct creators *self, const struct creator *creator, bool ai,
                          struct stream *draw)
{
    double violations = self->production->violations *
                        self->world->topics.topic[creator->plan.topic].risk;
    bool violating = stream_bernoulli(draw, violations);
    bool exclusive = stream_bernoulli(draw, (double)creator->plan.exclusive);

    exclusive = exclusive && self->subscriptions;
    return (uint8_t)((ai ? VIDEO_AI : 0) | (violating ? VIDEO_VIOLATING : 0) |
                     (exclusive ? VIDEO_EXCLUSIVE : 0));
}

/* Every video takes the same number of draws, whatever its parameters. Returns what its
 * technology costs, at most `budget`. */
static int64_t fill_video(const struct creators *self, const struct creator *creator,
                          int64_t budget, struct video *video)
{
    const struct production_parameters *p = self->production;
    struct stream draw = stream_open(self->make, video->name, 0);

    video->cohort = creator->cohort;
    struct technology made = technology_draw(self, video, budget, &draw);
    double hours = effort_of(creator) * made.speed;
    double quality = production_quality(skill_at(self, creator, creator->plan.topic), hours,
                                        p->effort_scale) *
                         made.quality +
                     p->quality_sd * made.spread * stream_normal(&draw);
    double seconds = p->duration_median * maths_exp(p->duration_sigma * stream_normal(&draw));
    double planned = (double)creator->plan.commercial, z = stream_normal(&draw);

    video->topic = creator->plan.topic;
    video->quality = (float)parts_clip(quality, 0.01, 0.99);
    video->duration_ms = (uint32_t)(parts_clip(seconds, 3, 3600) * 1000);
    /* Who sells nothing sells nothing by chance either. */
    video->commercial = planned > 0 ? (float)parts_clip(planned + p->commercial_sd * z, 0, 1)
                                    : 0;
    video->hook = (float)stream_normal(&draw);
    video->format = made.ar ? VIDEO_AR : VIDEO_CLIP;
    video->flags = draw_flags(self, creator, made.ai, &draw);
    draw_content(self, creator, video->topic, &draw, &video->content);
    return made.cost;
}

/* Still this creator's, and in the catalogue? Rows of retired videos may be others' by now. */
static bool still_there(const struct world *w, const struct creator *creator, uint32_t shard,
                        uint32_t number)
{
    uint32_t row = entity_row(w->shards, number);
    uint8_t state = w->videos[shard].counter[row].state;
    const struct creator *owner = world_creator(w, w->videos[shard].row[row].creator);

    return (state == VIDEO_ACTIVE || state == VIDEO_PENDING) && owner == creator;
}

/* Newest first; those that have left the catalogue make room. */
static void remember(const struct world *w, struct creator *creator, uint32_t shard,
                     uint32_t number)
{
    uint32_t kept[4] = {number, ENTITY_NONE, ENTITY_NONE, ENTITY_NONE};
    int n = 1;

    for (int i = 0; i < 4 && n < 4; i++) {
        uint32_t old = creator->videos[i];
        if (old == ENTITY_NONE || old == number) continue;
        if (still_there(w, creator, shard, old)) kept[n++] = old;
    }
    for (int i = 0; i < 4; i++) creator->videos[i] = kept[i];
}

/* What a log knows of a video. Each of its rows counts as an act of weight 1 in its heat. */
static void take_real(const struct creators *self, const struct audience_video *real,
                      struct video *video, struct video_counters *counter)
{
    float x[VECTOR_DIM];

    vector_unpack(x, &real->content);
    video->content = real->content;
    video->topic = topics_nearest(&self->world->topics, x);
    video->quality = real->quality;
    video->flags &= (uint8_t)~VIDEO_VIOLATING;
    counter->heat = (float)real->rows;
}

/* Where a video comes from. */
struct origin {
    sim_time when;
    const struct audience_video *real; /* NULL = nobody's in a log */
    bool paid; /* its technology is paid for, else it lies in the past */
};

static void pay_for(struct creators *self, uint32_t shard, uint32_t at, int64_t cost)
{
    struct world *w = self->world;
    const struct video_shard *videos = &w->videos[shard];
    struct creator *c = world_creator(w, videos->row[at].creator);
    struct book *book = &w->creators[shard].book;
    struct money_act act = money_act(MONEY_MADE, w->close);

    if (cost <= 0) return;
    act.creator = videos->row[at].creator;
    act.video = video_id(w->shards, shard, videos->counter[at].ordinal);
    book_act(book, act);
    book_post(book, LEDGER_LIVING, ACCOUNT_CREATORS, ACCOUNT_COSTS, cost);
    c->balance -= cost;
    c->produced += cost;
    c->period.spent += cost;
}

static uint32_t add_video(struct creators *self, uint32_t shard, uint32_t row,
                          const struct origin *origin)
{
    struct world *w = self->world;
    struct creator *creator = &w->creators[shard].row[row];
    uint32_t at = video_add(&w->videos[shard]);

    if (at == ENTITY_NONE) return at;
    struct video *video = &w->videos[shard].row[at];
    video->name = name_child(creator->name, creator->next_video++);
    video->creator = entity_number(w->shards, row, shard);
    int64_t budget = origin->paid ? life_free(creator) : INT64_MAX;
    int64_t cost = fill_video(self, creator, budget, video);
    if (origin->paid) pay_for(self, shard, at, cost);
    if (origin->real) take_real(self, origin->real, video, &w->videos[shard].counter[at]);
    w->videos[shard].counter[at].published = origin->when;
    creator->posts++;
    remember(w, creator, shard, entity_number(w->shards, at, shard));
    self->services.upload.uploaded(self->services.upload.self, shard, at);
    return at;
}

uint32_t production_publish(struct creators *self, uint32_t shard, uint32_t row, sim_time when)
{
    return add_video(self, shard, row, &(struct origin){.when = when, .paid = true});
}

uint32_t production_make(struct creators *self, uint32_t shard, uint32_t row, sim_time when)
{
    return add_video(self, shard, row, &(struct origin){.when = when});
}

uint32_t production_take(struct creators *self, uint32_t shard, uint32_t row,
                         const struct audience_video *real, sim_time when)
{
    return add_video(self, shard, row, &(struct origin){.when = when, .real = real});
}

/* Gamma gaps: regularity 1 is a Poisson process, more is closer to a calendar. The n-th gap of
 * a creator is its own, whatever the rate. */
sim_time production_gap(const struct creators *self, const struct creator *creator)
{
    double rate = production_rate(creator), shape = self->production->regularity;
    struct stream draw = stream_open(self->gap, creator->name, creator->next_video);

    if (rate < 1e-3) return TIME_NEVER;
    sim_time gap = (sim_time)(7.0 / rate * stream_gamma(&draw, shape) / shape *
                              (double)TIME_DAY);
    return gap < TIME_MINUTE ? TIME_MINUTE : gap;
}
