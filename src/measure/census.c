/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Once a day a pass over all viewers: who was here today, this week, this month, and who of
 * each joining day's viewers came back at this age (retention.csv).
 */
#include <string.h>

#include "base/memory.h"
#include "parts.h"

struct pass {
    struct measure *measure;
    int32_t day;
    uint32_t *back; /* [shards][cohorts] with a session on the day; NULL = not asked for */
    size_t cohorts; /* joining days -1..day */
};

static void count_shard(void *context, uint32_t shard, uint32_t thread)
{
    (void)thread;
    const struct pass *pass = context;
    const struct viewer_shard *viewers = &pass->measure->world->viewers[shard];
    uint32_t *back = pass->back ? pass->back + shard * pass->cohorts : NULL;
    struct census c = {0};
    for (size_t r = 0; !viewers->elsewhere && r < viewers->count; r++) {
        const struct viewer *v = &viewers->row[r];
        int32_t last = v->last_day;
        int32_t joined = v->flags & VIEWER_NEWCOMER ? v->joined_day : RETENTION_INITIAL;
        c.dau += last == pass->day;
        c.wau += last > pass->day - 7;
        c.mau += last > pass->day - 30;
        c.lost += (v->flags & VIEWER_CHURNED) != 0;
        c.joined += joined == pass->day;
        c.initial += joined == RETENTION_INITIAL;
        if (back && last == pass->day) back[joined + 1]++;
    }
    pass->measure->census[shard] = c;
}

static void tell_shard(const struct pass *pass, uint32_t shard, struct post *post)
{
    struct measure *measure = pass->measure;
    size_t n = pass->cohorts;
    post_bytes(post, shard, &measure->census[shard], sizeof *measure->census);
    if (pass->back) post_bytes(post, shard, pass->back + shard * n, n * sizeof *pass->back);
}

static struct census count(struct pass *pass)
{
    const struct world *w = pass->measure->world;
    struct census sum = {0};
    team_run(w->team, w->shards.count, count_shard, pass);
    while (post_turn(w->post))
        for (uint32_t s = 0; s < w->shards.count; s++) tell_shard(pass, s, w->post);
    for (uint32_t s = 0; s < w->shards.count; s++) {
        const struct census *c = &pass->measure->census[s];
        sum.dau += c->dau;
        sum.wau += c->wau;
        sum.mau += c->mau;
        sum.lost += c->lost;
        sum.joined += c->joined;
        sum.initial += c->initial;
    }
    return sum;
}

struct census census_count(struct measure *self, int32_t day)
{
    struct pass pass = {.measure = self, .day = day};
    return count(&pass);
}

enum status census_day(struct measure *self, int32_t day)
{
    const uint32_t shards = self->world->shards.count;
    struct pass pass = {.measure = self, .day = day, .cohorts = (size_t)day + 2};
    size_t n = pass.cohorts;
    enum status status = memory_grow(&self->joined, &self->joined_room, n,
                                     sizeof *self->joined);
    if (!status)
        status = memory_grow(&self->returned, &self->returned_room, n * RETENTION_AGES,
                             sizeof *self->returned);
    if (!status)
        status = memory_grow(&self->back, &self->back_room, n * shards, sizeof *self->back);
    if (status) return status;
    pass.back = self->back;
    memset(pass.back, 0, n * shards * sizeof *pass.back);
    self->last = count(&pass);
    self->dau_sum += self->last.dau;
    self->dau_days++;
    self->days = day + 1;
    self->joined[0] = (uint32_t)self->last.initial;
    self->joined[n - 1] = (uint32_t)self->last.joined;
    for (size_t i = 0; i < n; i++) {
        size_t age = n - 1 - i;
        if (age >= RETENTION_AGES) continue;
        for (uint32_t s = 0; s < shards; s++)
            self->returned[i * RETENTION_AGES + age] += pass.back[s * n + i];
    }
    return STATUS_OK;
}

/* Cohort by cohort; of the initial population, whose age counts from the day before the start,
 * nothing is known at age 0. */
enum status census_emit_retention(struct measure *self)
{
    enum status status = STATUS_OK;
    for (int32_t i = 0; self->days && i <= self->days; i++) {
        int32_t joined = i - 1;
        for (int32_t age = joined < 0;
             age < RETENTION_AGES && joined + age < self->days && self->joined[i] && !status;
             age++) {
            const struct cell cells[] = {
                cell_int(joined), cell_int(age), cell_int(self->joined[i]),
                cell_int(self->returned[(size_t)i * RETENTION_AGES + (size_t)age])};
            status = measure_emit(self, TABLE_RETENTION, cells, 4);
        }
    }
    return status;
}

void census_visit(struct measure *self, struct visitor *v)
{
    uint64_t days = (uint64_t)self->days;
    visit_count(v, "measure.days", &days, 1u << 20);
    size_t n = days ? (size_t)days + 1 : 0;
    if (visit_loading(v) && !v->status) {
        if (memory_grow(&self->joined, &self->joined_room, n, sizeof *self->joined) ||
            memory_grow(&self->returned, &self->returned_room, n * RETENTION_AGES,
                        sizeof *self->returned))
            v->status = STATUS_NO_MEMORY;
        self->days = (int32_t)days;
    }
    VISIT_VALUE(v, "measure.wau", self->last.wau);
    VISIT_VALUE(v, "measure.mau", self->last.mau);
    VISIT_VALUE(v, "measure.lost", self->last.lost);
    VISIT_VALUE(v, "measure.dau_sum", self->dau_sum);
    VISIT_VALUE(v, "measure.dau_days", self->dau_days);
    if (v->status) return;
    VISIT_ARRAY(v, "measure.joined", self->joined, n);
    VISIT_ARRAY(v, "measure.returned", self->returned, n * RETENTION_AGES);
}
