/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The processes that run one world together, as the engine sees them: what a message library
 * must be able to do. Rank r owns the shards [first, first of r + 1): whole ones, in order, so
 * that what ranks write one after the other is in the order of shards.
 *
 * src/engine/exchange_mpi.c is the only file that knows MPI; it is part of reelsim-mpi alone.
 */
#ifndef ENGINE_RANKS_H
#define ENGINE_RANKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Every call but `stop` is made by all ranks together. A failure of the library ends all of
 * them, so nothing is returned. */
struct ranks_calls {
    /* Puts `mine` of each rank into all[rank]. */
    void (*sizes)(void *library, uint64_t mine, uint64_t *all);
    /* Puts the bytes of all ranks, in their order, into `all` of each rank, or of rank 0 only
     * when `first` is set (`all` is then not looked at elsewhere). */
    void (*gather)(void *library, const void *mine, const uint64_t *bytes, void *all,
                   int first);
    void (*sum)(void *library, uint32_t *number, size_t n); /* each number over all ranks */
    void (*tell)(void *library, void *data, size_t bytes);  /* from rank 0 to all */
    /* From `rank` to rank 0; the others do nothing. */
    void (*hand)(void *library, uint32_t rank, void *data, size_t bytes);
    void (*stop)(void *library, int code); /* ends all ranks at once; any rank may */
};

#define RANKS_UNIT 64 /* bytes of `gather` are multiples of it */

struct ranks {
    uint32_t rank, count; /* this one; of them, >= 1 */
    uint32_t together;    /* of them on this machine */
    const struct ranks_calls *calls;
    void *library;
    uint32_t speaker;        /* who says why a command failed */
    bool runs;               /* what fails now is known to nobody else */
    uint64_t sent, received; /* bytes of content, of this rank */
    double seconds;          /* within calls */
};

static inline uint32_t ranks_first(const struct ranks *self, uint32_t shards, uint32_t rank)
{
    return (uint32_t)((uint64_t)shards * rank / self->count);
}
static inline uint32_t ranks_owner(const struct ranks *self, uint32_t shards, uint32_t shard)
{
    uint32_t rank = (uint32_t)((uint64_t)shard * self->count / shards);
    while (ranks_first(self, shards, rank + 1) <= shard) rank++;
    return rank;
}

static inline void ranks_tell(struct ranks *self, void *data, size_t bytes)
{
    self->calls->tell(self->library, data, bytes);
}

#endif
