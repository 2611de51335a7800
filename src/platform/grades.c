/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Grades: how large a first audience a video gets by its creator's record. Of the creators who
 * have published a few videos, the 40 % with the fewest impressions a video are the lowest
 * grade, the 20 % with the most the highest; who is new is in the middle, and marked as such
 * where a reranker wants to know. (Weishi's cold start
 * has tiers of 40, 40 and 20 %: FACTS section 3. What its grades go by is not published: the
 * creator's record is an assumption.)
 */
#include <stdlib.h>

#include "base/memory.h"
#include "core.h"

#define POSTS_LEAST 3 /* videos from which a creator has a record */

enum grade { GRADE_LOW, GRADE_MIDDLE, GRADE_HIGH };

static bool has_record(const struct creator *creator)
{
    return creator->left == TIME_NEVER && creator->posts >= POSTS_LEAST;
}

static float record_of(const struct creator *creator)
{
    return (float)((double)creator->impressions / (double)creator->posts);
}

uint8_t grades_mark(const struct platform *self, const struct creator *creator)
{
    uint32_t grade = GRADE_MIDDLE;
    if (!has_record(creator)) {
        if (self->graded) grade = VIDEO_GRADE_NEW;
    } else if (self->grade_high > 0) {
        float record = record_of(creator);
        grade = record <= self->grade_low    ? GRADE_LOW
                : record <= self->grade_high ? GRADE_MIDDLE
                                             : GRADE_HIGH;
    }
    return (uint8_t)(grade << VIDEO_GRADE_SHIFT);
}

double grades_factor(const struct platform *self, const struct video_counters *c)
{
    const struct float_list *grades = &self->pools->grades;
    int32_t grade = c->marks >> VIDEO_GRADE_SHIFT & 3;
    if (grades->count == 0) return 1;
    if (grade == VIDEO_GRADE_NEW) grade = GRADE_MIDDLE;
    return grades->value[grade < grades->count ? grade : grades->count - 1];
}

static int ascending(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

enum status grades_day(struct platform *self)
{
    const struct world *w = self->world;
    size_t room = 0, n = 0;
    if (self->pools->grades.count < 2 && !self->graded) return STATUS_OK;
    for (uint32_t s = 0; s < w->shards.count; s++) room += w->creators[s].count;
    float *record = memory_alloc(room, sizeof(*record));
    if (!record) return STATUS_NO_MEMORY;
    for (uint32_t s = 0; s < w->shards.count; s++)
        for (size_t r = 0; r < w->creators[s].count; r++)
            if (has_record(&w->creators[s].row[r]))
                record[n++] = record_of(&w->creators[s].row[r]);
    qsort(record, n, sizeof(*record), ascending);
    self->grade_low = n ? record[n * 2 / 5] : 0;
    self->grade_high = n ? record[n * 4 / 5] : 0;
    memory_free(record);
    return STATUS_OK;
}
