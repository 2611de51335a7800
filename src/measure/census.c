/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Once a day a pass over all viewers: who was here today, this week, this month, and which of
 * the newcomers came back at which age (retention.csv).
 */
#include "base/memory.h"
#include "parts.h"

struct pass {
    struct measure *measure;
    int32_t day;
};

static void count_shard(void *context, uint32_t shard, uint32_t thread)
{
    (void)thread;
    struct pass *pass = context;
    struct measure *self = pass->measure;
    const struct viewer_shard *viewers = &self->world->viewers[shard];
    struct census c = {0, 0, 0};
    for (size_t r = 0; r < viewers->count; r++) {
        int32_t last = viewers->row[r].last_day;
        c.dau += last == pass->day;
        c.wau += last > pass->day - 7;
        c.mau += last > pass->day - 30;
    }
    self->census[shard] = c;
}

/* Newcomers are few beside the population: this part is serial, so that counts need no shards.
 */
static void count_newcomers(struct measure *self, int32_t day)
{
    const struct world *w = self->world;
    for (int32_t d = 0; d < self->days; d++) self->joined[d] = 0;
    for (uint32_t s = 0; s < w->shards.count; s++) {
        for (size_t r = 0; r < w->viewers[s].count; r++) {
            const struct viewer *v = &w->viewers[s].row[r];
            int32_t joined = v->joined_day, age = day - joined;
            if (!(v->flags & VIEWER_NEWCOMER) || joined < 0 || joined >= self->days) continue;
            self->joined[joined]++;
            if (v->last_day == day && age >= 0 && age < RETENTION_AGES)
                self->returned[joined * RETENTION_AGES + age]++;
        }
    }
}

static bool any_newcomers(const struct world *w)
{
    for (uint32_t s = 0; s < w->shards.count; s++)
        if (w->viewers[s].count &&
            w->viewers[s].row[w->viewers[s].count - 1].flags & VIEWER_NEWCOMER)
            return true;
    return false;
}

enum status census_take(struct measure *self, int32_t day)
{
    struct pass pass = {self, day};
    team_run(self->world->team, self->world->shards.count, count_shard, &pass);
    if (day < self->days) return STATUS_OK; /* the day was counted already */
    size_t days = (size_t)day + 1;
    enum status status = memory_grow(&self->joined, &self->joined_room, days,
                                     sizeof *self->joined);
    if (!status)
        status = memory_grow(&self->returned, &self->returned_room, days * RETENTION_AGES,
                             sizeof *self->returned);
    if (status) return status;
    self->days = (int32_t)days;
    if (any_newcomers(self->world)) count_newcomers(self, day);
    return STATUS_OK;
}

struct census census_sum(const struct measure *self)
{
    struct census sum = {0, 0, 0};
    for (uint32_t s = 0; s < self->world->shards.count; s++) {
        sum.dau += self->census[s].dau;
        sum.wau += self->census[s].wau;
        sum.mau += self->census[s].mau;
    }
    return sum;
}

enum status census_emit_retention(struct measure *self)
{
    enum status status = STATUS_OK;
    for (int32_t d = 0; d < self->days; d++) {
        for (int32_t age = 0; age < RETENTION_AGES && d + age < self->days && !status; age++) {
            if (!self->joined[d]) continue;
            const struct cell cells[] = {cell_int(d), cell_int(age), cell_int(self->joined[d]),
                                         cell_int(self->returned[d * RETENTION_AGES + age])};
            status = measure_emit(self, TABLE_RETENTION, cells, 4);
        }
    }
    return status;
}
