/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/post.h"

#include <string.h>

#include "base/memory.h"
#include "engine/exchange.h"

enum status post_init(struct post *self, struct ranks *ranks, uint32_t shards)
{
    *self = (struct post){.ranks = ranks, .shards = shards};
    if (ranks->count > shards) return STATUS_BAD_INPUT;
    self->first = ranks_first(ranks, shards, ranks->rank);
    self->end = ranks_first(ranks, shards, ranks->rank + 1);
    self->bytes = memory_alloc(ranks->count, sizeof *self->bytes);
    self->at = memory_alloc(ranks->count, sizeof *self->at);
    if (self->bytes && self->at) return STATUS_OK;
    post_free(self);
    return STATUS_NO_MEMORY;
}

void post_free(struct post *self)
{
    memory_free(self->mine);
    memory_free(self->all);
    memory_free(self->bytes);
    memory_free(self->at);
    *self = (struct post){0};
}

/* ---------------------------------------------------------------------------------- letters */

static void keep(struct post *self, enum status status)
{
    if (!self->status) self->status = status;
}

static char *pack(struct post *self, size_t n)
{
    if (self->status) return NULL;
    keep(self, memory_grow(&self->mine, &self->mine_room, self->used + n, 1));
    if (self->status) return NULL;
    char *at = self->mine + self->used;
    self->used += n;
    return at;
}

/* Letters out, letters in: each rank's begins in `all` where the one before ends. A rank
 * without memory sends an empty letter, which ends the run at those who miss its words. More
 * than a library can count in one go is refused by all ranks alike. */
static bool send(struct post *self, bool first)
{
    struct ranks *r = self->ranks;
    uint64_t sum = 0;
    (void)pack(self, (RANKS_UNIT - self->used % RANKS_UNIT) % RANKS_UNIT);
    r->calls->sizes(r->library, self->status ? 0 : self->used, self->bytes);
    for (uint32_t k = 0; k < r->count; k++) {
        self->at[k] = sum;
        sum += self->bytes[k];
    }
    if (sum > POST_MOST) {
        keep(self, STATUS_NO_MEMORY);
        return false;
    }
    bool reads = !first || r->rank == 0;
    if (reads && memory_grow(&self->all, &self->all_room, sum, 1)) {
        r->calls->stop(r->library, 1);
        return false;
    }
    r->calls->gather(r->library, self->mine, self->bytes, self->all, first);
    uint64_t others = first ? r->rank != 0 : r->count - 1;
    r->sent += self->bytes[r->rank] * others;
    if (reads) r->received += sum - self->bytes[r->rank];
    return reads;
}

/* Where the letter of a rank ends in `all`. */
static uint64_t end_of(const struct post *self, uint32_t rank)
{
    uint64_t end = 0;
    for (uint32_t k = 0; k <= rank; k++) end += self->bytes[k];
    return end;
}

/* Who says more than is listened to speaks of something else. */
static void look_for_rest(struct post *self)
{
    for (uint32_t k = 0; k < self->ranks->count; k++)
        if (k != self->ranks->rank && end_of(self, k) - self->at[k] >= RANKS_UNIT)
            keep(self, STATUS_FAULT);
}

static bool turn(struct post *self, bool first)
{
    if (!self) return false;
    if (!self->packing && !self->reading) {
        self->used = 0;
        self->packing = true;
        return true;
    }
    if (self->packing) {
        self->packing = false;
        self->reading = send(self, first);
        return self->reading;
    }
    self->reading = false;
    look_for_rest(self);
    return false;
}

bool post_turn(struct post *self) { return turn(self, false); }
bool post_turn_first(struct post *self) { return turn(self, true); }

/* The next n bytes of a rank's letter; NULL when there are fewer. */
static const char *unpack(struct post *self, uint32_t rank, size_t n)
{
    if (self->status || end_of(self, rank) - self->at[rank] < n) {
        keep(self, STATUS_FAULT);
        return NULL;
    }
    const char *from = self->all + self->at[rank];
    self->at[rank] += n;
    return from;
}

void post_bytes(struct post *self, uint32_t shard, void *data, size_t n)
{
    bool own = post_owns(self, shard);
    if (n == 0 || own != self->packing) return;
    if (own) {
        char *to = pack(self, n);
        if (to) memcpy(to, data, n);
    } else {
        const char *from = unpack(self, ranks_owner(self->ranks, self->shards, shard), n);
        if (from) memcpy(data, from, n);
    }
}

/* A number of rows of `size` bytes that come next. */
static uint64_t unpack_count(struct post *self, uint32_t shard, size_t size)
{
    uint32_t rank = ranks_owner(self->ranks, self->shards, shard);
    uint64_t n = 0;
    post_bytes(self, shard, &n, sizeof n);
    if (!self->status && n > (end_of(self, rank) - self->at[rank]) / size)
        keep(self, STATUS_FAULT);
    return self->status ? 0 : n;
}

uint64_t post_count(struct post *self, uint32_t shard, uint64_t n, size_t size)
{
    if (self->reading) return unpack_count(self, shard, size);
    post_bytes(self, shard, &n, sizeof n);
    return self->status ? 0 : n;
}

void post_list(struct post *self, uint32_t shard, const struct post_rows *list)
{
    if (post_owns(self, shard) != self->packing) return;
    uint64_t n = post_count(self, shard, *list->count, list->size);
    if (self->reading && !self->status) {
        keep(self, memory_grow(list->rows, list->room, n, list->size));
        if (!self->status) *list->count = (size_t)n;
    }
    if (self->status) return;
    void *first;
    memcpy(&first, list->rows, sizeof first);
    post_bytes(self, shard, first, (size_t)n * list->size);
}

/* -------------------------------------------------------------------------------- exchanges */

struct lane_head {
    uint32_t destination, rows;
};

static void pack_lane(struct post *self, const struct exchange *exchange, uint32_t source,
                      uint32_t destination)
{
    size_t n = (size_t)exchange_waiting(exchange, source, destination);
    const struct lane_head head = {destination, (uint32_t)n};
    if (n == 0) return;
    if (n > UINT32_MAX) keep(self, STATUS_NO_MEMORY);
    char *to = pack(self, sizeof head + n * exchange->row_size);
    if (!to) return;
    memcpy(to, &head, sizeof head);
    exchange_copy(exchange, source, destination, to + sizeof head);
}

static void unpack_lane(struct post *self, struct exchange *exchange, uint32_t source,
                        const struct lane_head *head, bool to_all)
{
    uint32_t rank = ranks_owner(self->ranks, self->shards, source);
    const char *from = unpack(self, rank, head->rows * exchange->row_size);
    bool wanted = to_all || post_owns(self, head->destination);
    for (uint32_t i = 0; from && wanted && i < head->rows; i++) {
        void *row = exchange_append(exchange, source, head->destination);
        if (!row) {
            keep(self, STATUS_NO_MEMORY);
            return;
        }
        memcpy(row, from + i * exchange->row_size, exchange->row_size);
    }
}

void post_exchange(struct post *self, uint32_t shard, struct exchange *exchange, bool to_all)
{
    const struct lane_head end = {UINT32_MAX, 0};
    if (post_owns(self, shard) != self->packing) return;
    if (self->packing) {
        size_t before = self->used;
        for (uint32_t d = 0; d < self->shards; d++) pack_lane(self, exchange, shard, d);
        char *to = pack(self, sizeof end);
        if (to) memcpy(to, &end, sizeof end);
        self->log_bytes += (self->used - before) * (self->ranks->count - 1);
        return;
    }
    for (;;) {
        struct lane_head head = end;
        post_bytes(self, shard, &head, sizeof head);
        if (self->status || head.destination == end.destination) return;
        if (head.destination >= self->shards) {
            keep(self, STATUS_FAULT);
            return;
        }
        unpack_lane(self, exchange, shard, &head, to_all);
    }
}

void post_sum(struct post *self, uint32_t *number, size_t n)
{
    if (!self) return;
    self->ranks->calls->sum(self->ranks->library, number, n);
    self->ranks->sent += n * sizeof *number;
    self->ranks->received += n * sizeof *number;
}

/* ------------------------------------------------------------------------------------ state */

struct column_head {
    uint64_t width, count, name; /* bytes of an element, elements, length of the name */
};

/* At the owner: columns are written down. */
static void record(struct visitor *v, const char *name, void *data, size_t width, size_t stride,
                   size_t count)
{
    struct post *self = v->context;
    const struct column_head head = {width, count, strlen(name) + 1};
    char *to = pack(self, sizeof head + head.name + width * count);
    v->status = self->status;
    if (!to) return;
    memcpy(to, &head, sizeof head);
    memcpy(to + sizeof head, name, head.name);
    to += sizeof head + head.name;
    if (count && stride == width)
        memcpy(to, data, width * count);
    else
        for (size_t i = 0; i < count; i++)
            memcpy(to + i * width, (const char *)data + i * stride, width);
}

/* Takes the next column off what was written down: its head and the name behind; the data
 * begin where *from is then. False when it does not fit into the rest. */
static bool next_column(char **from, const char *end, struct column_head *head)
{
    size_t rest = (size_t)(end - *from);
    if (rest < sizeof *head) return false;
    memcpy(head, *from, sizeof *head);
    rest -= sizeof *head;
    if (head->name == 0 || head->name > rest) return false;
    *from += sizeof *head + head->name;
    rest -= head->name;
    return (*from)[-1] == '\0' && head->width > 0 && head->count <= rest / head->width;
}

/* At rank 0: and read to the visitor who asked. */
static void replay(char *from, const char *end, struct visitor *v)
{
    struct column_head head;
    while (from < end && !v->status) {
        if (!next_column(&from, end, &head)) {
            v->status = STATUS_FAULT;
            return;
        }
        visit_column(v, from - head.name, from, head.width, head.width, head.count);
        from += head.width * head.count;
    }
}

static void visit_elsewhere(struct post *self, uint32_t shard, struct visitor *v,
                            post_part visit, void *context)
{
    struct ranks *r = self->ranks;
    uint32_t owner = ranks_owner(r, self->shards, shard);
    uint64_t head[2] = {0, 0}; /* bytes, status */
    if (r->rank == owner) {
        struct visitor recorder = {.mode = v->mode, .column = record, .context = self};
        self->used = 0;
        visit(context, shard, &recorder);
        head[0] = self->used;
        head[1] = (uint64_t)recorder.status;
        r->sent += self->used;
    }
    r->calls->hand(r->library, owner, head, sizeof head);
    if (r->rank == 0) {
        if (head[1]) v->status = (enum status)head[1];
        if (memory_grow(&self->all, &self->all_room, head[0], 1)) {
            r->calls->stop(r->library, 1);
            return;
        }
        r->received += head[0];
    }
    r->calls->hand(r->library, owner, r->rank == 0 ? self->all : self->mine, head[0]);
    if (r->rank == 0) replay(self->all, self->all + head[0], v);
}

void post_visit(struct post *self, uint32_t shard, struct visitor *v, post_part visit,
                void *context)
{
    bool at_first = self && ranks_owner(self->ranks, self->shards, shard) == 0;
    if (!self || visit_loading(v) || (at_first && self->ranks->rank == 0))
        visit(context, shard, v);
    else if (!at_first)
        visit_elsewhere(self, shard, v, visit, context);
}

static void witness(struct visitor *v, const char *name, void *data, size_t width,
                    size_t stride, size_t count)
{
    (void)v;
    (void)name;
    (void)data;
    (void)width;
    (void)stride;
    (void)count;
}

struct visitor post_witness(enum visit_mode mode)
{
    return (struct visitor){.mode = mode, .column = witness};
}
