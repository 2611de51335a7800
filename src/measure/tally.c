/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log of a shard to counts. This is the only part of measure/ that every run pays for each
 * impression.
 */
#include "parts.h"

void tally_rows(struct tally *self, const struct world *world, uint32_t shard,
                const struct impression *rows, size_t n)
{
    const struct video *videos = world->videos[shard].row;
    const uint32_t bits = world->shards.bits;
    for (size_t i = 0; i < n; i++) {
        const struct impression *r = &rows[i];
        uint8_t cohort = videos[r->video >> bits].cohort;
        self->acts_low[r->acts & 0xff]++;
        self->acts_high[r->acts >> 8 & (0xff >> (16 - INTERVAL_ACTS))]++;
        self->source[r->source]++;
        self->cohort_impressions[cohort]++;
        self->cohort_watch_ms[cohort] += r->watch_ms;
        self->cohort_completions[cohort] += (r->acts & ACT_COMPLETE) != 0;
        self->cohort_hides[cohort] += (r->acts & ACT_HIDE) != 0;
    }
}

static void add_acts(const uint64_t *by_byte, size_t bits, uint64_t *act)
{
    for (size_t byte = 0; byte < (size_t)1 << bits; byte++)
        for (size_t bit = 0; bit < bits; bit++)
            if (byte >> bit & 1) act[bit] += by_byte[byte];
}

void tally_add(const struct tally *self, struct interval *to)
{
    add_acts(self->acts_low, 8, to->act);
    add_acts(self->acts_high, INTERVAL_ACTS - 8, to->act + 8);
    for (size_t s = 0; s < SOURCES; s++) {
        to->source[s] += self->source[s];
        to->impressions += self->source[s];
    }
    for (size_t c = 0; c < INTERVAL_COHORTS; c++) {
        to->cohort_impressions[c] += self->cohort_impressions[c];
        to->cohort_watch_ms[c] += self->cohort_watch_ms[c];
        to->cohort_completions[c] += self->cohort_completions[c];
        to->cohort_hides[c] += self->cohort_hides[c];
        to->watch_ms += self->cohort_watch_ms[c];
    }
}

void tally_visit(struct tally *self, size_t n, uint32_t sources, struct visitor *v)
{
    VISIT_FIELD(v, "measure.acts_low", self, n, acts_low);
    VISIT_FIELD(v, "measure.acts_high", self, n, acts_high);
    visit_column(v, "measure.source", self[0].source, SOURCES_ALWAYS * sizeof self[0].source[0],
                 sizeof *self, n);
    for (size_t s = SOURCES_ALWAYS; s < SOURCES; s++)
        if (sources >> s & 1)
            visit_column(v, source_name((enum source)s), &self[0].source[s],
                         sizeof self[0].source[s], sizeof *self, n);
    VISIT_FIELD(v, "measure.cohort_impressions", self, n, cohort_impressions);
    VISIT_FIELD(v, "measure.cohort_watch_ms", self, n, cohort_watch_ms);
    VISIT_FIELD(v, "measure.cohort_completions", self, n, cohort_completions);
    VISIT_FIELD(v, "measure.cohort_hides", self, n, cohort_hides);
}
