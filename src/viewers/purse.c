/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "purse.h"

static const struct schema_row rows[] = {
    {.path = "month",
     .type = SCHEMA_FLOAT,
     .unit = "currency",
     .low = 0,
     .high = 1e9,
     .initial = "60",
     .meaning = "what the middle income class may spend a month",
     .source = "A (whales are limited by it)",
     .plausible_low = 20,
     .plausible_high = 300,
     .when = SCHEMA_WINDOW,
     .moves = "revenue_tips",
     .sign = 1,
     .from = "5",
     .to = "100",
     .needs = "revenue.streams=[\"tips\"] revenue.tips.rate=0.01 revenue.tips.sigma=0.5",
     VIEWERS_AT(purse_parameters, month)},
    {.path = "spread",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 1,
     .high = 100,
     .initial = "4",
     .meaning = "how much more each of the five classes has than the one below",
     .source = "A",
     .plausible_low = 2,
     .plausible_high = 6,
     .when = SCHEMA_WINDOW,
     .moves = "sd purses.purse_micro",
     .sign = 1,
     .from = "1",
     .to = "6",
     .needs = "revenue.streams=[\"tips\"] revenue.tips.rate=0.01 revenue.tips.sigma=0.5 "
              "viewers.purse.month=5.0 viewers.tip_sigma=0.5",
     VIEWERS_AT(purse_parameters, spread)},
};
const struct schema_table purse_table = {
    .prefix = "viewers.purse", .size = sizeof(struct purse_parameters), SCHEMA_ROWS(rows)};

#define PURSE_MOST 1e9  /* currency */
#define PURSE_CLASSES 5 /* of income */

int64_t purse_month(const struct purse_parameters *p, uint8_t income)
{
    double money = p->month;

    for (int c = 2; c < income; c++) money *= p->spread;
    for (int c = 2; c > income; c--) money /= p->spread;
    return (int64_t)((money < PURSE_MOST ? money : PURSE_MOST) * (double)MICRO + 0.5);
}

/* All that may go into purses, evenly over the shards' books, with as much again for a shard
 * that has more viewers than others and for all else that is booked there. */
enum status viewers_check(const struct parameters *parameters, uint64_t viewers,
                          struct errors *errors)
{
    const struct purse_parameters *p = parameters_block(parameters, "viewers.purse");
    const struct run_parameters *run = parameters_block(parameters, "run");
    double most = (double)VISIT_MONEY_MOST * (double)run->shards, fillings = 0;
    if (most > (double)VISIT_MONEY_MOST * 16) most = (double)VISIT_MONEY_MOST * 16;
    for (uint8_t income = 0; income < PURSE_CLASSES; income++)
        fillings += (double)purse_month(p, income) / PURSE_CLASSES;
    fillings *= (double)viewers * (1 + floor((double)run->days / PURSE_DAYS));
    if (2 * fillings <= most) return STATUS_OK;
    return errors_add(errors, STATUS_BAD_INPUT,
                      "viewers.purse.month = %g: the purses of %llu viewers come to %.3g %s in "
                      "%lld days, more than the %.3g that the books hold; count money in a "
                      "larger unit",
                      p->month, (unsigned long long)viewers, fillings / (double)MICRO,
                      run->currency, (long long)run->days, most / 2 / (double)MICRO);
}

void purse_fill(const struct viewers *self, uint32_t number, struct viewer *viewer)
{
    uint32_t shard = entity_shard(self->world->shards, number);
    int64_t more = purse_month(self->purse, viewer->income) - viewer->purse;

    if (more <= 0) return;
    struct book *book = &self->world->creators[shard].book;
    struct money_act act = money_act(MONEY_PURSE, self->world->close);
    act.viewer = number;
    viewer->purse += more;
    book_act(book, act);
    book_post(book, LEDGER_INCOME, ACCOUNT_OUTSIDE, ACCOUNT_VIEWERS, more);
}

enum status purses_tell(const struct viewers *self)
{
    struct world *w = self->world;
    uint32_t shards = w->shards.count;

    while (post_turn(w->post))
        for (uint32_t s = 0; s < shards; s++) book_tell(&w->creators[s].book, s, w->post);
    while (post_turn_first(w->post))
        for (uint32_t s = 0; s < shards; s++)
            if (w->creators[s].book.journal)
                journal_tell(w->creators[s].book.journal, MONEY_PURSE, s, w->post);
    return w->post ? w->post->status : STATUS_OK;
}
