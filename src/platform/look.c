/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "look.h"

#include "base/dot_four.h"

void look_lanes_make(struct look_lanes *self)
{
    for (unsigned set = 0; set < 256; set++) {
        uint8_t n = 0;
        for (uint8_t lane = 0; lane < 8; lane++)
            if (set >> lane & 1) self->lane[set][n++] = lane;
        self->count[set] = n;
        while (n < 8) self->lane[set][n++] = 0;
    }
}

/* -------------------------------------------------------------------------------- items */

/* Four items' numbers behind the vector, column by column. A word is topic, flags, marks. */
struct four_facts {
    vector_four bias;
    vector_four_bits creator, word;
};

#ifdef __SSE2__

_Static_assert(offsetof(struct item, creator) == offsetof(struct item, bias) + 8 &&
                   offsetof(struct item, topic) == offsetof(struct item, bias) + 12 &&
                   offsetof(struct item, mark) == offsetof(struct item, topic) + 2 &&
                   sizeof(struct item) == offsetof(struct item, bias) + 16,
               "bias, video, creator and word, side by side");

static inline void read_four(const struct item *const item[4], struct four_facts *out)
{
    __m128 row[4];
    for (int i = 0; i < 4; i++) row[i] = _mm_loadu_ps(&item[i]->bias);
    __m128 low = _mm_unpacklo_ps(row[0], row[1]), more = _mm_unpacklo_ps(row[2], row[3]);
    out->bias = (vector_four)_mm_movelh_ps(low, more);
    low = _mm_unpackhi_ps(row[0], row[1]), more = _mm_unpackhi_ps(row[2], row[3]);
    out->creator = (vector_four_bits)_mm_movelh_ps(low, more);
    out->word = (vector_four_bits)_mm_movehl_ps(more, low);
}

#else

static inline void read_four(const struct item *const item[4], struct four_facts *out)
{
    for (int i = 0; i < 4; i++) {
        const struct item *at = item[i];
        out->bias[i] = at->bias;
        out->creator[i] = (int32_t)at->creator;
        out->word[i] = (int32_t)((uint32_t)at->topic | (uint32_t)at->flags << 8 |
                                 (uint32_t)at->mark[0] << 16 | (uint32_t)at->mark[1] << 24);
    }
}

#endif

/* Items of four candidates; those past the last are the last again. */
static inline void find_four(const struct item *item, const uint32_t *place,
                             const struct item *out[4])
{
    for (int i = 0; i < 4; i++) out[i] = item + place[i];
}

static void repeat_last(struct pool *pool)
{
    for (uint32_t i = pool->count; i % 4; i++) pool->place[i] = pool->place[i - 1];
}

static inline void keep_four(struct pool *pool, uint32_t at, const struct four_facts *facts)
{
    memcpy(pool->creator + at, &facts->creator, sizeof facts->creator);
    memcpy(pool->word + at, &facts->word, sizeof facts->word);
}

void look_facts(struct pool *pool, const struct item *item)
{
    repeat_last(pool);
    for (uint32_t i = 0; i < pool->count; i += 4) {
        const struct item *four[4];
        struct four_facts facts;
        find_four(item, pool->place + i, four);
        read_four(four, &facts);
        keep_four(pool, i, &facts);
    }
}

void look_score(struct pool *pool, const struct request *request, float weight)
{
    const struct item *item = request->snapshot->item;
    const struct packed16 query = *request->query;
    const float scale = request->personal ? weight * 0x1p-28f : 0.0f;
    repeat_last(pool);
    for (uint32_t i = 0; i < pool->count; i += 4) {
        const struct item *four[4];
        const struct packed16 *row[4];
        struct four_facts facts;
        find_four(item, pool->place + i, four);
        read_four(four, &facts);
        for (int k = 0; k < 4; k++) row[k] = &four[k]->vector;
        vector_four dot = __builtin_convertvector(dot_four(&query, row), vector_four);
        vector_store_four(pool->rank + i, scale * dot + facts.bias);
        keep_four(pool, i, &facts);
    }
}

/* --------------------------------------------------------------------------------- seen */

typedef uint32_t vector8_words __attribute__((vector_size(32)));

/* Lane i of the result is the lane of `from` that the last three bits of at[i] say. */
static inline void pick_lanes(const vector8_words *from, const vector8_words *at,
                              vector8_words *out)
{
#ifdef __AVX2__
    *out = (vector8_words)__builtin_ia32_permvarsi256((vector8_bits)*from, (vector8_bits)*at);
#else
    vector8_words picked = {0};
    for (int i = 0; i < 8; i++) picked[i] = (*from)[(*at)[i] & 7];
    *out = picked;
#endif
}

/* Bit 0 of each lane is set when both marks of the item of that word are in the generation. */
static inline void find_marks(const uint32_t *generation, const vector8_words *word,
                              vector8_words *found)
{
    const vector8_words which[2] = {*word >> 21, *word >> 29};
    vector8_words all, first, second;
    memcpy(&all, generation, sizeof all);
    pick_lanes(&all, &which[0], &first);
    pick_lanes(&all, &which[1], &second);
    *found = (first >> (*word >> 16 & 31)) & (second >> (*word >> 24 & 31));
}

static void pass_over_seen(struct pool *pool, const struct seen_view *seen)
{
    const vector8 never = (vector8){0} + SCORE_NEVER;
    vector8_words young, old, word;
    vector8 rank;
    for (uint32_t i = 0; i < pool->count; i += 8) {
        memcpy(&word, pool->word + i, sizeof word);
        memcpy(&rank, pool->rank + i, sizeof rank);
        find_marks(seen->young, &word, &young);
        find_marks(seen->old, &word, &old);
        vector8_bits out = ((young | old) & 1) != 0;
        vector8_where(&out, &never, &rank);
        memcpy(pool->open + i, &rank, sizeof rank);
    }
}

void look_open(struct pool *pool, const struct seen_view *seen)
{
    if (seen)
        pass_over_seen(pool, seen);
    else
        memcpy(pool->open, pool->rank, pool->count * sizeof *pool->open);
    for (uint32_t i = pool->count; i % 8; i++) pool->open[i] = SCORE_NEVER;
}

/* --------------------------------------------------------------------------------- list */

/* The lanes of a set, each a number. */
static inline void read_lanes(const uint8_t lane[8], vector8_words *out)
{
#ifdef __AVX2__
    *out = (vector8_words)_mm256_cvtepu8_epi32(_mm_loadl_epi64((const void *)lane));
#else
    vector8_words lanes = {0};
    for (int i = 0; i < 8; i++) lanes[i] = lane[i];
    *out = lanes;
#endif
}

/* Eight numbers of a column to another, those of `lanes` first. */
static inline void move_eight(const uint32_t *from, const vector8_words *lanes, uint32_t *to)
{
    vector8_words column, moved;
    memcpy(&column, from, sizeof column);
    pick_lanes(&column, lanes, &moved);
    memcpy(to, &moved, sizeof moved);
}

void look_list(struct pool *pool, const struct look_lanes *lanes, float bar)
{
    const vector8 low = (vector8){0} + bar, high = (vector8){0} + pool->bar;
    struct shortlist *list = &pool->list;
    size_t n = list->count;
    const size_t count = pool->count;
    vector8 rank;
    vector8_words at, index, topic;
    for (size_t i = 0; i < count; i += 8) {
        memcpy(&rank, pool->open + i, sizeof rank);
        vector8_bits in = (rank > low) & (rank <= high);
        unsigned set = vector8_mask(&in);
        read_lanes(lanes->lane[set], &at);
        index = at + (uint32_t)i;
        memcpy(list->index + n, &index, sizeof index);
        move_eight(pool->place + i, &at, list->place + n);
        move_eight(pool->creator + i, &at, list->creator + n);
        index = (vector8_words)rank;
        pick_lanes(&index, &at, &topic);
        memcpy(list->rank + n, &topic, sizeof topic);
        memcpy(list->score + n, &topic, sizeof topic);
        memcpy(&index, pool->word + i, sizeof index);
        pick_lanes(&index, &at, &topic);
        topic &= 255;
        memcpy(list->topic + n, &topic, sizeof topic);
        n += lanes->count[set];
    }
    list->count = (uint32_t)n;
}
