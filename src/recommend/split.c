/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recommend/split.h"

#include "base/memory.h"

static const struct purpose purpose_rows = {"evaluate.split", PURPOSE_LUCK};
static const struct purpose purpose_users = {"evaluate.split.users", PURPOSE_LUCK};
static const struct purpose purpose_validation = {"evaluate.split.validation", PURPOSE_LUCK};

/* Groups of rows and what each part of each still lacks. */
struct dealing {
    const uint32_t *group; /* [rows]; borrowed; NULL = all rows are one group */
    size_t groups, parts;
    uint32_t *lacks; /* owned; [groups][parts] */
    struct stream_key key;
};

static enum status dealing_init(struct dealing *self, const uint32_t *group, size_t groups,
                                size_t parts)
{
    *self = (struct dealing){.group = group, .groups = group ? groups : 1, .parts = parts};
    self->lacks = memory_alloc(self->groups * parts, sizeof *self->lacks);
    return self->lacks ? STATUS_OK : STATUS_NO_MEMORY;
}

static size_t group_of(const struct dealing *self, size_t row)
{
    return self->group ? self->group[row] : 0;
}

/* Which part the next row of its group goes to. */
static uint32_t dealing_next(struct dealing *self, size_t row)
{
    size_t group = group_of(self, row);
    uint32_t *lacks = self->lacks + group * self->parts, left = 0, part = 0;
    for (size_t p = 0; p < self->parts; p++) left += lacks[p];
    struct stream stream = stream_open(self->key, group, left);
    uint32_t draw = stream_below(&stream, left);
    while (draw >= lacks[part]) draw -= lacks[part++];
    lacks[part]--;
    return part;
}

/* ------------------------------------------------------------------------------------ quotas
 */

static uint32_t whole_part(double share, uint32_t rows, bool at_least_one, uint32_t *train)
{
    double exact = share * (double)rows;
    uint32_t n = (uint32_t)(exact + (at_least_one ? 1e-9 : 0.5));
    if (at_least_one && exact > 0 && n == 0) n = 1;
    if (n >= *train) n = *train ? *train - 1 : 0;
    *train -= n;
    return n;
}

/* Turns the number of rows of each group (in its PART_TRAIN) into what each part gets. */
static void share_out(struct dealing *self, const struct split *split, bool at_least_one)
{
    for (size_t g = 0; g < self->groups; g++) {
        uint32_t *lacks = self->lacks + g * self->parts, rows = lacks[PART_TRAIN];
        lacks[PART_TEST] = whole_part(split->test, rows, at_least_one, &lacks[PART_TRAIN]);
        if (split->validation > 0)
            lacks[PART_VALIDATION] = whole_part(split->validation, rows, at_least_one,
                                                &lacks[PART_TRAIN]);
    }
}

/* The same for equal folds; which of them get one more goes round with the group. */
static void share_folds(struct dealing *self)
{
    for (size_t g = 0; g < self->groups; g++) {
        uint32_t *lacks = self->lacks + g * self->parts, rows = lacks[0];
        for (size_t f = 0; f < self->parts; f++)
            lacks[f] = (uint32_t)(rows / self->parts +
                                  ((f + self->parts - g % self->parts) % self->parts <
                                   rows % self->parts));
    }
}

/* ------------------------------------------------------------------------------------- kinds
 */

static enum status split_dealt(const struct split *self, const struct interactions *log,
                               uint8_t *part)
{
    struct dealing dealing;
    bool folds = self->folds > 1;
    const uint32_t *group = self->kind == SPLIT_USER   ? log->user
                            : self->kind == SPLIT_ITEM ? log->item
                                                       : NULL;
    size_t groups = self->kind == SPLIT_USER ? log->users : log->items;
    if (dealing_init(&dealing, group, groups, folds ? self->folds : SPLIT_PARTS))
        return STATUS_NO_MEMORY;
    dealing.key = stream_key(self->seed, &purpose_rows);
    for (size_t r = 0; r < log->count; r++)
        dealing.lacks[group_of(&dealing, r) * dealing.parts]++;
    if (folds)
        share_folds(&dealing);
    else
        share_out(&dealing, self, group != NULL);
    for (size_t r = 0; r < log->count; r++) {
        uint32_t dealt = dealing_next(&dealing, r);
        part[r] = (uint8_t)(!folds ? dealt : dealt == self->fold ? PART_TEST : PART_TRAIN);
    }
    memory_free(dealing.lacks);
    return STATUS_OK;
}

/* Users are dealt to folds; of those of this fold a share of the rows is the test. */
static enum status split_sample(const struct split *self, const struct interactions *log,
                                uint8_t *part)
{
    struct dealing users, rows;
    enum status status = dealing_init(&users, NULL, 1, self->folds);
    if (status) return status;
    status = dealing_init(&rows, log->user, log->users, SPLIT_PARTS);
    if (status) goto out;
    users.key = stream_key(self->seed, &purpose_users);
    users.lacks[0] = log->users;
    share_folds(&users);
    rows.key = stream_key(self->seed, &purpose_rows);
    for (size_t r = 0; r < log->count; r++) rows.lacks[log->user[r] * rows.parts]++;
    for (uint32_t user = 0; user < log->users; user++) {
        uint32_t *lacks = rows.lacks + user * rows.parts;
        if (dealing_next(&users, user) != self->fold) continue;
        lacks[PART_TEST] = whole_part(self->test, lacks[PART_TRAIN], false, lacks);
    }
    for (size_t r = 0; r < log->count; r++) part[r] = (uint8_t)dealing_next(&rows, r);
    memory_free(rows.lacks);
out:
    memory_free(users.lacks);
    return status;
}

/* Users who would keep nothing keep all. */
static void split_last(const struct split *self, const struct interactions *log, uint8_t *part)
{
    for (size_t first = 0, end; first < log->count; first = end) {
        for (end = first + 1; end < log->count && log->user[end] == log->user[first]; end++)
            continue;
        size_t keep = end - first > self->leave ? end - first - self->leave : end - first;
        for (size_t r = first; r < end; r++)
            part[r] = (uint8_t)(r - first < keep ? PART_TRAIN : PART_TEST);
    }
}

/* The time from which on there are at least `wanted` rows, by two rounds of counting. */
static enum status time_of_last(const struct interactions *log, uint64_t wanted, uint32_t *time)
{
    enum { DIGITS = 1 << 16 };
    uint64_t *count = memory_alloc(DIGITS, sizeof *count);
    uint32_t high = DIGITS - 1, low = DIGITS - 1;
    if (!count) return STATUS_NO_MEMORY;
    for (size_t r = 0; r < log->count; r++) count[log->time[r] >> 16]++;
    while (high > 0 && wanted > count[high]) wanted -= count[high--];
    for (uint32_t d = 0; d < DIGITS; d++) count[d] = 0;
    for (size_t r = 0; r < log->count; r++)
        count[log->time[r] & (DIGITS - 1)] += log->time[r] >> 16 == high;
    while (low > 0 && wanted > count[low]) wanted -= count[low--];
    memory_free(count);
    *time = high << 16 | low;
    return STATUS_OK;
}

static enum status split_temporal(const struct split *self, const struct interactions *log,
                                  uint8_t *part)
{
    uint32_t from;
    uint64_t wanted = (uint64_t)(self->test * (double)log->count + 0.5);
    enum status status = time_of_last(log, wanted > 0 ? wanted : 1, &from);
    if (status) return status;
    for (size_t r = 0; r < log->count; r++)
        part[r] = (uint8_t)(log->time[r] >= from ? PART_TEST : PART_TRAIN);
    return STATUS_OK;
}

enum status split_rows(const struct split *self, const struct interactions *log, uint8_t *part)
{
    enum status status = STATUS_OK;
    require(self->folds >= 1 && self->fold < self->folds && self->folds <= SPLIT_FOLDS_MOST);
    require(self->test + self->validation < 1);
    bool whole = self->folds == 1 && self->kind <= SPLIT_ITEM; /* validation is in the quotas */
    if (self->kind <= SPLIT_ITEM)
        status = split_dealt(self, log, part);
    else if (self->kind == SPLIT_SAMPLE)
        status = split_sample(self, log, part);
    else if (self->kind == SPLIT_TEMPORAL)
        status = split_temporal(self, log, part);
    else
        split_last(self, log, part);
    if (status || whole || !(self->validation > 0)) return status;
    return split_validation(log, self->validation, self->seed, part);
}

enum status split_validation(const struct interactions *log, double share, struct seed seed,
                             uint8_t *part)
{
    struct dealing dealing;
    const struct split split = {.test = 0, .validation = share};
    if (dealing_init(&dealing, NULL, 1, SPLIT_PARTS)) return STATUS_NO_MEMORY;
    dealing.key = stream_key(seed, &purpose_validation);
    for (size_t r = 0; r < log->count; r++) dealing.lacks[PART_TRAIN] += part[r] == PART_TRAIN;
    share_out(&dealing, &split, false);
    for (size_t r = 0; r < log->count; r++)
        if (part[r] == PART_TRAIN) part[r] = (uint8_t)dealing_next(&dealing, r);
    memory_free(dealing.lacks);
    return STATUS_OK;
}

size_t split_given(const struct interactions *log, const struct interactions *test,
                   uint8_t *part)
{
    size_t absent = 0, at = 0;
    for (size_t r = 0; r < log->count; r++) {
        while (at < test->count && interactions_compare(test, at, log, r) < 0) at++, absent++;
        bool there = at < test->count && interactions_compare(test, at, log, r) == 0;
        part[r] = (uint8_t)(there ? PART_TEST : PART_TRAIN);
        at += there;
    }
    return absent + (test->count - at);
}

/* ------------------------------------------------------------------------------------ moving
 */

struct interactions split_view(const struct interactions *log, size_t first, size_t count)
{
    require(first + count <= log->count);
    return (struct interactions){.users = log->users,
                                 .items = log->items,
                                 .count = count,
                                 .room = count,
                                 .user = log->user + first,
                                 .item = log->item + first,
                                 .value = log->value + first,
                                 .time = log->time ? log->time + first : NULL};
}

void split_move(struct interactions *log, uint8_t *part, size_t count[SPLIT_PARTS])
{
    size_t first = 0;
    for (uint8_t p = 0; p < SPLIT_PARTS; p++) {
        size_t end = first;
        for (size_t r = first; r < log->count; r++) {
            if (part[r] != p) continue;
            if (r != end) interactions_swap(log, r, end);
            part[r] = part[end];
            part[end++] = p;
        }
        struct interactions view = split_view(log, first, end - first);
        interactions_sort(&view);
        count[p] = end - first;
        first = end;
    }
}
