/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happens to creators day by day: money and attention sink in, morale follows, the rent is
 * paid, some leave.
 */
#include "parts.h"
#include "world/event_kinds.h"

double life_content(const struct creators *self, const struct creator *creator)
{
    double attention = (double)creator->reach_mean * self->life->attention_value / 1000.0;
    double hoped = ((double)creator->income_mean + attention) / (double)creator->aspiration;

    return 2 * hoped / (1 + hoped);
}

/* FACTS 4: new and established creators, twice as likely after income fell by more than half.
 * The initial creators are established. */
double life_exit(const struct creators *self, const struct creator *creator, sim_time now)
{
    const struct life_parameters *p = self->life;
    double age = (double)(now - creator->joined) / (double)TIME_DAY;
    bool fresh = creator->joined > 0 && age < p->established_days;
    double monthly = fresh ? p->exit_new : p->exit_established;

    if (creator->income_mean < 0.5f * creator->income_slow) monthly *= p->fall_factor;
    if ((double)creator->morale < p->burnout) monthly *= p->burnout_factor;
    return monthly < 1 ? monthly : 1;
}

/* Exponential means of weekly income and reach, over memory_days and four times as long. */
static void sink_in(const struct creators *self, struct creator *c)
{
    int64_t income = 0;
    double step = 1 - maths_exp(-1 / self->life->memory_days);
    double slow = 1 - maths_exp(-0.25 / self->life->memory_days);

    for (int i = 0; i < LEDGER_STREAMS_MAX; i++) income += c->income[i];
    float money = (float)(7 * (double)(income - c->income_seen) / (double)MICRO);
    float reach = (float)(7 * (c->impressions - c->impressions_seen));
    c->income_mean += (float)step * (money - c->income_mean);
    c->income_slow += (float)slow * (money - c->income_slow);
    c->reach_mean += (float)step * (reach - c->reach_mean);
    c->income_seen = income;
    c->impressions_seen = c->impressions;
}

static void withdraw(struct creators *self, struct scope *scope, struct creator *c,
                     int64_t amount)
{
    if (amount <= 0) return;
    struct money_act act = money_act(c->left == TIME_NEVER ? MONEY_RENT : MONEY_LEFT,
                                     self->world->close);
    struct book *book = &self->world->creators[scope->shard].book;
    act.creator = scope->entity & ~ENTITY_CREATOR;
    book_act(book, act);
    book_post(book, LEDGER_LIVING, ACCOUNT_CREATORS, ACCOUNT_OUTSIDE, amount);
    c->balance -= amount;
}

/* Set aside are savings and the share of what came since the last review. */
int64_t life_free(const struct creator *c)
{
    int64_t aside = c->saved + (int64_t)((double)c->plan.boost * (double)c->period.income);

    return c->balance - aside;
}

/* Living costs are met as far as there is money that is not set aside for promotion. */
static void pay_rent(struct creators *self, struct scope *scope, struct creator *c)
{
    int64_t cost = (int64_t)(self->life->living * (double)MICRO);
    int64_t free = life_free(c);

    withdraw(self, scope, c, cost < free ? cost : free);
}

static void leave(struct creators *self, struct scope *scope, struct creator *c)
{
    struct creator_shard *creators = &self->world->creators[scope->shard];

    c->left = self->world->close;
    withdraw(self, scope, c, c->balance);
    c->saved = 0;
    creators->active--;
    creators->day.left++;
}

void creators_on_life(struct creators *self, struct scope *scope, const struct event *event)
{
    struct world *w = self->world;
    struct creator *c = &w->creators[scope->shard].row[entity_row(w->shards, scope->entity)];
    sim_time now = w->close;

    (void)event;
    if (c->left != TIME_NEVER) return;
    sink_in(self, c);
    c->morale += (float)(self->life->morale_gain / 7.0 *
                         (life_content(self, c) - (double)c->morale));
    pay_rent(self, scope, c);
    struct stream draw = stream_open(self->exit, c->name, (uint32_t)(now / TIME_DAY));
    double monthly = life_exit(self, c, now);
    /* A day's chance from a month's of 30 days. */
    double daily = monthly >= 1 ? 1 : 1 - maths_pow(1 - monthly, 1.0 / 30);
    if (stream_bernoulli(&draw, daily))
        leave(self, scope, c);
    else
        scope_send(scope, scope->entity, scope->now + TIME_DAY, EVENT_LIFE, 0);
}
