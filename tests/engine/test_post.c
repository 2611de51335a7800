/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
/*
 * What ranks tell each other: threads play the ranks and what all know then is compared with
 * what was said; then letters that are cut short, too long, or that count what is not there.
 */
#include "engine/post.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "engine/exchange.h"

#define SHARDS 8
#define RANKS_MOST 8
#define WORDS_MOST 700

/* ------------------------------------------------------------------- ranks that are threads */

struct node {
    pthread_barrier_t meet;
    uint32_t count;
    const void *said[RANKS_MOST];
    uint64_t bytes[RANKS_MOST];
    uint32_t *number[RANKS_MOST];
    uint32_t sum[SHARDS];
};

struct seat { /* of one rank */
    struct node *node;
    struct ranks ranks;
};

static void meet(const struct seat *seat) { pthread_barrier_wait(&seat->node->meet); }

static void node_sizes(void *library, uint64_t mine, uint64_t *all)
{
    struct seat *seat = library;
    seat->node->bytes[seat->ranks.rank] = mine;
    meet(seat);
    memcpy(all, seat->node->bytes, seat->node->count * sizeof *all);
    meet(seat);
}

static void node_gather(void *library, const void *mine, const uint64_t *bytes, void *all,
                        int first)
{
    struct seat *seat = library;
    seat->node->said[seat->ranks.rank] = mine;
    meet(seat);
    char *to = all;
    for (uint32_t k = 0; (!first || seat->ranks.rank == 0) && k < seat->node->count; k++) {
        if (bytes[k]) memcpy(to, seat->node->said[k], bytes[k]);
        to += bytes[k];
    }
    meet(seat);
}

static void node_sum(void *library, uint32_t *number, size_t n)
{
    struct seat *seat = library;
    struct node *node = seat->node;
    node->number[seat->ranks.rank] = number;
    meet(seat);
    for (size_t i = 0; seat->ranks.rank == 0 && i < n; i++) {
        node->sum[i] = 0;
        for (uint32_t k = 0; k < node->count; k++) node->sum[i] += node->number[k][i];
    }
    meet(seat);
    memcpy(number, node->sum, n * sizeof *number);
    meet(seat);
}

static void node_tell(void *library, void *data, size_t bytes)
{
    struct seat *seat = library;
    seat->node->said[seat->ranks.rank] = data;
    meet(seat);
    if (seat->ranks.rank) memcpy(data, seat->node->said[0], bytes);
    meet(seat);
}

static void node_hand(void *library, uint32_t rank, void *data, size_t bytes)
{
    struct seat *seat = library;
    seat->node->said[seat->ranks.rank] = data;
    meet(seat);
    if (seat->ranks.rank == 0 && rank != 0 && bytes)
        memcpy(data, seat->node->said[rank], bytes);
    meet(seat);
}

static void node_stop(void *library, int code)
{
    (void)library;
    exit(code);
}

static const struct ranks_calls node_calls = {node_sizes, node_gather, node_sum,
                                              node_tell,  node_hand,   node_stop};

/* ------------------------------------------------------------------------ what shards have */

struct shard {
    uint32_t number;
    uint32_t *word; /* a list */
    size_t words, room;
    uint64_t money;
};

struct part { /* of one rank */
    struct seat seat;
    struct post post;
    struct shard shard[SHARDS];
    struct exchange exchange;
    uint32_t round, sum[SHARDS];
    uint64_t hash;
    int wrong;
};

static uint32_t mix(uint32_t a, uint32_t b)
{
    uint32_t x = a * 0x9e3779b9u ^ (b + 1) * 0x85ebca6bu;
    x ^= x >> 15;
    return x * 0x2c1b3c6du ^ x >> 13;
}
static size_t words_of(uint32_t round, uint32_t shard)
{
    uint32_t kind = mix(round, shard) % 4;
    return kind == 0 ? 0 : mix(shard, round) % (kind == 1 ? 3 : WORDS_MOST);
}
static uint32_t word_of(uint32_t round, uint32_t shard, size_t i)
{
    return mix(mix(round, shard), (uint32_t)i);
}
static uint32_t rows_of(uint32_t round, uint32_t source, uint32_t destination)
{
    return mix(round * SHARDS + source, destination) % 5 * (mix(destination, source) % 9);
}

/* A shard's owner has what it has of this round; others have what was there before. */
static void make(struct part *p, uint32_t s)
{
    struct shard *shard = &p->shard[s];
    if (!post_owns(&p->post, s)) return;
    shard->number = mix(p->round, s);
    shard->money = (uint64_t)mix(s, p->round) << 20;
    shard->words = words_of(p->round, s);
    if (memory_grow(&shard->word, &shard->room, shard->words, sizeof *shard->word)) p->wrong++;
    for (size_t i = 0; i < shard->words; i++) shard->word[i] = word_of(p->round, s, i);
    for (uint32_t d = 0; d < SHARDS; d++)
        for (uint32_t i = 0; i < rows_of(p->round, s, d); i++) {
            uint32_t *row = exchange_append(&p->exchange, s, d);
            row[0] = s;
            row[1] = word_of(p->round, s, i);
            row[2] = i;
        }
}

static void check(struct part *p, uint32_t s)
{
    const struct shard *shard = &p->shard[s];
    p->wrong += shard->number != mix(p->round, s);
    p->wrong += shard->words != words_of(p->round, s);
    for (size_t i = 0; i < shard->words; i++)
        p->wrong += shard->word[i] != word_of(p->round, s, i);
}

/* What was delivered to a shard: the rows of all sources, in their order; none where they were
 * not asked for. */
static void check_rows(struct part *p, uint32_t d, bool wanted)
{
    struct exchange_cursor cursor = exchange_read(&p->exchange, d);
    uint32_t row[3];
    for (uint32_t s = 0; s < SHARDS; s++)
        for (uint32_t i = 0; (wanted || post_owns(&p->post, s)) && i < rows_of(p->round, s, d);
             i++) {
            p->wrong += exchange_gather(&cursor, row, 1) != 1;
            p->wrong += row[0] != s || row[1] != word_of(p->round, s, i) || row[2] != i;
        }
    p->wrong += exchange_gather(&cursor, row, 1) != 0;
    exchange_consumed(&p->exchange, d);
}

static void tell(struct part *p, uint32_t s, bool to_all)
{
    struct shard *shard = &p->shard[s];
    post_bytes(&p->post, s, &shard->number, sizeof shard->number);
    post_bytes(&p->post, s, NULL, 0);
    post_list(
        &p->post, s,
        &(struct post_rows){&shard->word, &shard->words, &shard->room, sizeof *shard->word});
    post_exchange(&p->post, s, &p->exchange, to_all);
}

static void visit_shard(void *context, uint32_t s, struct visitor *v)
{
    struct shard *shard = &((struct part *)context)->shard[s];
    uint64_t n = shard->words;
    visit_count(v, "words", &n, UINT32_MAX);
    VISIT_ARRAY(v, "word", shard->word, n);
    VISIT_VALUE(v, "number", shard->number);
    VISIT_MONEY(v, "money", shard, 1, money);
}

static uint64_t hash_of(struct part *p, struct post *post)
{
    struct visit_hash h = {0};
    struct visitor witness = post_witness(VISIT_HASH);
    bool reads = !post || post->ranks->rank == 0;
    if (visit_hash_init(&h)) p->wrong++;
    for (uint32_t s = 0; s < SHARDS; s++)
        post_visit(post, s, reads ? &h.visitor : &witness, visit_shard, p);
    uint64_t hash = visit_hash_digest(&h);
    p->wrong += h.visitor.status != STATUS_OK;
    visit_hash_free(&h);
    return hash;
}

static void to_first(struct part *p)
{
    uint64_t money[SHARDS] = {0};
    for (uint32_t s = 0; s < SHARDS; s++)
        if (post_owns(&p->post, s)) money[s] = p->shard[s].money;
    while (post_turn_first(&p->post))
        for (uint32_t s = 0; s < SHARDS; s++)
            post_bytes(&p->post, s, &money[s], sizeof money[s]);
    for (uint32_t s = 0; s < SHARDS; s++) {
        bool knows = p->seat.ranks.rank == 0 || post_owns(&p->post, s);
        p->wrong += money[s] != (knows ? (uint64_t)mix(s, p->round) << 20 : 0);
    }
}

static void play_round(struct part *p)
{
    bool to_all = p->round % 2;
    for (uint32_t s = 0; s < SHARDS; s++) make(p, s);
    p->hash = hash_of(p, &p->post);
    while (post_turn(&p->post))
        for (uint32_t s = 0; s < SHARDS; s++) tell(p, s, to_all);
    exchange_deliver(&p->exchange);
    for (uint32_t s = 0; s < SHARDS; s++) {
        check(p, s);
        check_rows(p, s, to_all || post_owns(&p->post, s));
        p->sum[s] = p->seat.ranks.rank + s;
    }
    post_sum(&p->post, p->sum, SHARDS);
    uint32_t n = p->seat.ranks.count;
    for (uint32_t s = 0; s < SHARDS; s++) p->wrong += p->sum[s] != n * (n - 1) / 2 + n * s;
    to_first(p);
    if (p->seat.ranks.rank == 0) { /* who has heard all has the same state as one process */
        for (uint32_t s = 0; s < SHARDS; s++)
            p->shard[s].money = (uint64_t)mix(s, p->round) << 20;
        p->wrong += p->hash != hash_of(p, NULL);
    }
}

static void *play(void *context)
{
    struct part *p = context;
    for (p->round = 0; p->round < 40; p->round++) play_round(p);
    return NULL;
}

static void open_part(struct part *p, struct node *node, uint32_t rank)
{
    *p = (struct part){.seat = {node, {rank, node->count, .calls = &node_calls}}};
    p->seat.ranks.library = &p->seat;
    assert_int_equal(post_init(&p->post, &p->seat.ranks, SHARDS), STATUS_OK);
    assert_int_equal(exchange_init(&p->exchange, SHARDS, 3 * sizeof(uint32_t)), STATUS_OK);
}

static void close_part(struct part *p)
{
    for (uint32_t s = 0; s < SHARDS; s++) memory_free(p->shard[s].word);
    exchange_free(&p->exchange);
    post_free(&p->post);
}

static void all_know_what_each_has(void **unused)
{
    (void)unused;
    for (uint32_t n = 1; n <= RANKS_MOST; n++) {
        static struct part part[RANKS_MOST];
        struct node node = {.count = n};
        pthread_t thread[RANKS_MOST];
        pthread_barrier_init(&node.meet, NULL, n);
        for (uint32_t k = 0; k < n; k++) open_part(&part[k], &node, k);
        for (uint32_t k = 0; k < n; k++)
            assert_int_equal(pthread_create(&thread[k], NULL, play, &part[k]), 0);
        for (uint32_t k = 0; k < n; k++) pthread_join(thread[k], NULL);
        uint64_t sent = 0, received = 0;
        for (uint32_t k = 0; k < n; k++) {
            assert_int_equal(part[k].wrong, 0);
            assert_int_equal(part[k].post.status, STATUS_OK);
            sent += part[k].seat.ranks.sent;
            received += part[k].seat.ranks.received;
            close_part(&part[k]);
        }
        assert_int_equal(sent, received);
        pthread_barrier_destroy(&node.meet);
    }
}

/* ------------------------------------------------------------------------------- who has what
 */

static void shards_are_dealt_out_whole(void **unused)
{
    (void)unused;
    for (uint32_t shards = 1; shards <= 128; shards *= 2)
        for (uint32_t n = 1; n <= shards; n++) {
            const struct ranks ranks = {.count = n};
            uint32_t least = shards, most = 0;
            assert_int_equal(ranks_first(&ranks, shards, 0), 0);
            assert_int_equal(ranks_first(&ranks, shards, n), shards);
            for (uint32_t k = 0; k < n; k++) {
                uint32_t first = ranks_first(&ranks, shards, k);
                uint32_t end = ranks_first(&ranks, shards, k + 1);
                if (end - first < least) least = end - first;
                if (end - first > most) most = end - first;
                for (uint32_t s = first; s < end; s++)
                    assert_int_equal(ranks_owner(&ranks, shards, s), k);
            }
            assert_true(least >= 1 && most - least <= 1);
        }
}

static void more_ranks_than_shards_are_refused(void **unused)
{
    (void)unused;
    struct ranks ranks = {.rank = 1, .count = 5};
    struct post post;
    assert_int_equal(post_init(&post, &ranks, 4), STATUS_BAD_INPUT);
    post_free(&post);
    assert_int_equal(post_init(&post, &ranks, 8), STATUS_OK);
    post_free(&post);
}

static void alone_nothing_is_told(void **unused)
{
    (void)unused;
    uint32_t number = 7;
    assert_false(post_turn(NULL));
    assert_false(post_turn_first(NULL));
    assert_true(post_owns(NULL, 3));
    post_sum(NULL, &number, 1);
    assert_int_equal(number, 7);
}

/* ---------------------------------------------------------------------------- hostile letters
 */

/* Rank 0 of two hears what the script says; of 2 shards it has the first. */
struct script {
    struct ranks ranks;
    struct post post;
    const char *letter; /* of rank 1 */
    uint64_t bytes, says;
    int gathers, stops;
};

static void script_sizes(void *library, uint64_t mine, uint64_t *all)
{
    all[0] = mine;
    all[1] = ((struct script *)library)->says;
}
static void script_gather(void *library, const void *mine, const uint64_t *bytes, void *all,
                          int first)
{
    struct script *script = library;
    (void)first;
    script->gathers++;
    if (bytes[0]) memcpy(all, mine, bytes[0]);
    memset((char *)all + bytes[0], 0xa5, bytes[1]);
    memcpy((char *)all + bytes[0], script->letter, script->bytes);
}
static void script_hand(void *library, uint32_t rank, void *data, size_t bytes)
{
    struct script *script = library;
    const uint64_t head[2] = {script->bytes, 0};
    (void)rank;
    if (script->gathers++ == 0)
        memcpy(data, head, sizeof head);
    else if (bytes)
        memcpy(data, script->letter, bytes);
}
static void script_stop(void *library, int code)
{
    (void)code;
    ((struct script *)library)->stops++;
}
static const struct ranks_calls script_calls = {
    .sizes = script_sizes, .gather = script_gather, .hand = script_hand, .stop = script_stop};

static void open_script(struct script *script, const void *letter, uint64_t bytes)
{
    *script = (struct script){.ranks = {.count = 2, .calls = &script_calls},
                              .letter = letter,
                              .bytes = bytes,
                              .says = (bytes + RANKS_UNIT - 1) / RANKS_UNIT * RANKS_UNIT};
    script->ranks.library = script;
    assert_int_equal(post_init(&script->post, &script->ranks, 2), STATUS_OK);
}

/* Reads a number and a list of words, then rows. */
static enum status hear(const void *letter, uint64_t bytes)
{
    struct script script;
    struct exchange exchange;
    uint32_t number = 0, *word = NULL;
    size_t words = 0, room = 0;
    open_script(&script, letter, bytes);
    assert_int_equal(exchange_init(&exchange, 2, 12), STATUS_OK);
    while (post_turn(&script.post))
        for (uint32_t s = 0; s < 2; s++) {
            post_bytes(&script.post, s, &number, sizeof number);
            post_list(&script.post, s, &(struct post_rows){&word, &words, &room, sizeof *word});
            post_exchange(&script.post, s, &exchange, true);
        }
    enum status status = script.post.status;
    assert_true(words * sizeof *word <= bytes);
    assert_int_equal(script.stops, 0);
    assert_false(post_turn(&script.post) && script.post.used);
    memory_free(word);
    exchange_free(&exchange);
    post_free(&script.post);
    return status;
}

/* number, count, 40 words, a lane of 3 rows to shard 1, the end. */
struct __attribute__((packed)) good {
    uint32_t number;
    uint64_t count;
    uint32_t word[40];
    uint32_t destination, rows;
    uint32_t row[3][3];
    uint32_t end, none;
};
static const struct good good = {.count = 40, .destination = 1, .rows = 3, .end = UINT32_MAX};

static void letters_cut_short_are_faults(void **unused)
{
    (void)unused;
    assert_int_equal(hear(&good, sizeof good), STATUS_OK);
    for (uint64_t n = 0; n + RANKS_UNIT <= sizeof good; n += RANKS_UNIT)
        assert_int_equal(hear(&good, n), STATUS_FAULT);
}

static void counts_of_what_is_not_there_are_faults(void **unused)
{
    (void)unused;
    const uint64_t counts[] = {80, UINT32_MAX, UINT64_MAX / 4, UINT64_MAX / 4 + 2, UINT64_MAX};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct good bad = good;
        bad.count = counts[i];
        assert_int_equal(hear(&bad, sizeof bad), STATUS_FAULT);
        bad = good;
        bad.rows = counts[i] > UINT32_MAX ? UINT32_MAX / 12 * (uint32_t)i : (uint32_t)counts[i];
        assert_int_equal(hear(&bad, sizeof bad), STATUS_FAULT);
    }
    for (uint32_t shard = 2; shard < UINT32_MAX / 3; shard *= 3) {
        struct good bad = good;
        bad.destination = shard;
        assert_int_equal(hear(&bad, sizeof bad), STATUS_FAULT);
    }
}

static void who_says_more_is_not_understood(void **unused)
{
    (void)unused;
    char more[sizeof good + 2 * RANKS_UNIT] = {0};
    memcpy(more, &good, sizeof good);
    assert_int_equal(hear(more, sizeof more), STATUS_FAULT);
}

static void more_than_can_be_counted_is_not_sent(void **unused)
{
    (void)unused;
    struct script script;
    open_script(&script, "", 0);
    script.says = POST_MOST;
    while (post_turn(&script.post)) {
        uint32_t number = 0;
        post_bytes(&script.post, 0, &number, sizeof number);
    }
    assert_int_equal(script.post.status, STATUS_NO_MEMORY);
    assert_int_equal(script.gathers + script.stops, 0);
    post_free(&script.post);
}

/* ------------------------------------------------------------------------------ hostile state
 */

struct __attribute__((packed)) column {
    uint64_t width, count, length;
    char name[3];
    uint32_t data[5];
};
static const struct column column = {4, 5, 3, "ab", {1, 2, 3, 4, 5}};

static enum status hear_state(const void *letter, uint64_t bytes)
{
    struct script script;
    struct visit_hash h = {0};
    open_script(&script, letter, bytes);
    assert_int_equal(visit_hash_init(&h), STATUS_OK);
    post_visit(&script.post, 1, &h.visitor, visit_shard, NULL);
    enum status status = h.visitor.status;
    visit_hash_free(&h);
    post_free(&script.post);
    return status;
}

static void broken_state_is_a_fault(void **unused)
{
    (void)unused;
    assert_int_equal(hear_state(&column, sizeof column), STATUS_OK);
    assert_int_equal(hear_state(&column, 0), STATUS_OK); /* no columns at all */
    for (uint64_t n = 1; n < sizeof column; n++)
        assert_int_equal(hear_state(&column, n), STATUS_FAULT);
    const uint64_t wrong[] = {6, UINT32_MAX, UINT64_MAX / 4 + 2, UINT64_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct column bad = column;
        bad.count = wrong[i];
        assert_int_equal(hear_state(&bad, sizeof bad), STATUS_FAULT);
        bad = column;
        bad.width = wrong[i];
        assert_int_equal(hear_state(&bad, sizeof bad), STATUS_FAULT);
        bad = column;
        bad.length = 24 + wrong[i];
        assert_int_equal(hear_state(&bad, sizeof bad), STATUS_FAULT);
    }
    struct column bad = column;
    bad.name[2] = 'c'; /* does not end */
    assert_int_equal(hear_state(&bad, sizeof bad), STATUS_FAULT);
    bad.length = 0;
    assert_int_equal(hear_state(&bad, sizeof bad), STATUS_FAULT);
    bad = column;
    bad.width = 0;
    assert_int_equal(hear_state(&bad, sizeof bad), STATUS_FAULT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_know_what_each_has),
        cmocka_unit_test(shards_are_dealt_out_whole),
        cmocka_unit_test(more_ranks_than_shards_are_refused),
        cmocka_unit_test(alone_nothing_is_told),
        cmocka_unit_test(letters_cut_short_are_faults),
        cmocka_unit_test(counts_of_what_is_not_there_are_faults),
        cmocka_unit_test(who_says_more_is_not_understood),
        cmocka_unit_test(more_than_can_be_counted_is_not_sent),
        cmocka_unit_test(broken_state_is_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
