/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/success.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/csv.h"
#include "measure/inequality.h"

/* -------------------------------------------------------------------------------- the figures
 */

static void add_gini(const uint64_t *amount, uint64_t *scratch, struct success *out)
{
    memcpy(scratch, amount, out->items * sizeof *scratch);
    double gini = inequality_of(scratch, out->items).gini;
    out->gini += gini / (double)out->worlds;
    out->gini_low = fmin(out->gini_low, gini);
    out->gini_high = fmax(out->gini_high, gini);
}

enum status success_of(const uint64_t *amount, size_t worlds, size_t items, struct success *out)
{
    *out = (struct success){worlds, items, .gini_low = INFINITY, .gini_high = -INFINITY};
    uint64_t *scratch = memory_alloc(items + 1, sizeof *scratch);
    double *sum = memory_alloc(worlds, sizeof *sum);
    enum status status = scratch && sum ? STATUS_OK : STATUS_NO_MEMORY;
    for (size_t w = 0; w < worlds && !status; w++) {
        for (size_t c = 0; c < items; c++) sum[w] += (double)amount[w * items + c];
        add_gini(amount + w * items, scratch, out);
    }
    double apart = 0, pairs = (double)worlds * ((double)worlds - 1) / 2;
    for (size_t c = 0; c < items && !status; c++)
        for (size_t j = 0; j < worlds; j++)
            for (size_t k = 0; k < j; k++)
                apart += fabs((double)amount[j * items + c] / sum[j] -
                              (double)amount[k * items + c] / sum[k]);
    out->relative = apart / pairs;
    out->unpredictability = out->relative / (double)items;
    memory_free(sum);
    memory_free(scratch);
    return status;
}

/* ----------------------------------------------------------------------------------- reading
 */

const char *const success_name[SUCCESS_KINDS] = {"creators", "videos"};

/* Where an item's row is: who was there from the start has a day that is at most `latest`. */
static const struct item_table {
    const char *file, *item, *day;
    double latest;
} source[SUCCESS_KINDS] = {
    [SUCCESS_CREATORS] = {"creators.csv", "creator", "joined_day", 0},
    [SUCCESS_VIDEOS] = {"videos.csv", "video", "published_day", -1},
};

struct seen {
    uint64_t item, amount; /* ms watched */
};

struct listed {
    struct seen *row; /* owned; by item */
    size_t count, room;
};

static int by_item(const void *a, const void *b)
{
    const struct seen *x = a, *y = b;
    return (x->item > y->item) - (x->item < y->item);
}

/* Those who were there from the start. */
static enum status read_world(struct listed *self, const char *folder,
                              const struct item_table *from, struct errors *errors)
{
    struct csv csv;
    if (!csv_open(&csv, folder, from->file))
        return errors_add(errors, STATUS_BAD_INPUT, "%s/%s: cannot be read", folder,
                          from->file);
    size_t item = csv_column(&csv, from->item), day = csv_column(&csv, from->day);
    size_t hours = csv_column(&csv, "watch_hours");
    enum status status = STATUS_OK;
    while (!status && csv_next(&csv)) {
        double watched = csv_number(&csv, hours);
        if (!(csv_number(&csv, day) <= from->latest) || !(watched >= 0)) continue;
        status = memory_grow(&self->row, &self->room, self->count + 1, sizeof *self->row);
        if (!status)
            self->row[self->count++] = (struct seen){strtoull(csv_text(&csv, item), NULL, 10),
                                                     (uint64_t)llround(watched * 3.6e6)};
    }
    csv_close(&csv);
    if (!status && self->count) qsort(self->row, self->count, sizeof *self->row, by_item);
    return status;
}

static const struct seen *find(const struct listed *world, uint64_t item)
{
    const struct seen key = {.item = item};
    if (!world->count) return NULL;
    return bsearch(&key, world->row, world->count, sizeof key, by_item);
}

/* [world][item] of those who are in all worlds. */
static size_t gather(const struct listed *world, size_t worlds, uint64_t *amount)
{
    size_t kept = 0, most = world[0].count;
    for (size_t c = 0; c < most; c++) {
        size_t w = 0;
        for (; w < worlds; w++) {
            const struct seen *seen = find(&world[w], world[0].row[c].item);
            if (!seen) break;
            amount[w * most + kept] = seen->amount;
        }
        kept += w == worlds;
    }
    for (size_t w = 1; w < worlds; w++)
        memmove(amount + w * kept, amount + w * most, kept * sizeof *amount);
    return kept;
}

enum status success_read(const char *const *folder, size_t worlds, enum success_kind kind,
                         struct success *out, struct errors *errors)
{
    struct listed *world = memory_alloc(worlds, sizeof *world);
    uint64_t *amount = NULL;
    enum status status = world ? STATUS_OK : STATUS_NO_MEMORY;
    for (size_t w = 0; w < worlds && !status; w++)
        status = read_world(&world[w], folder[w], &source[kind], errors);
    if (!status) amount = memory_alloc(worlds * (world[0].count + 1), sizeof *amount);
    if (!status && !amount) status = STATUS_NO_MEMORY;
    size_t kept = status ? 0 : gather(world, worlds, amount);
    *out = (struct success){.worlds = worlds,
                            .unpredictability = NAN,
                            .relative = NAN,
                            .gini = NAN,
                            .gini_low = NAN,
                            .gini_high = NAN};
    if (!status && kept) status = success_of(amount, worlds, kept, out);
    for (size_t w = 0; world && w < worlds; w++) memory_free(world[w].row);
    memory_free(amount);
    memory_free(world);
    return status;
}
