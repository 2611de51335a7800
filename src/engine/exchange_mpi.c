/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The calls of engine/ranks.h by MPI. A part of reelsim-mpi alone: the plain program neither
 * links MPI nor pays for its start. Only the main thread calls (MPI_THREAD_FUNNELED); MPI's own
 * errors end all ranks.
 */
#include "engine/exchange_mpi.h"

#include <stdlib.h>

#include <mpi.h>

#include "base/memory.h"

#define PIECE ((size_t)1 << 30) /* counts are ints */

struct library {
    MPI_Datatype unit;  /* RANKS_UNIT bytes */
    int *count, *begin; /* [ranks] */
    struct ranks *ranks;
};

static double clock_begin(void) { return MPI_Wtime(); }
static void clock_end(const struct library *self, double from)
{
    self->ranks->seconds += MPI_Wtime() - from;
}

static void sizes(void *library, uint64_t mine, uint64_t *all)
{
    const struct library *self = library;
    double from = clock_begin();
    MPI_Allgather(&mine, 1, MPI_UINT64_T, all, 1, MPI_UINT64_T, MPI_COMM_WORLD);
    clock_end(self, from);
}

static void gather(void *library, const void *mine, const uint64_t *bytes, void *all, int first)
{
    const struct library *self = library;
    const struct ranks *ranks = self->ranks;
    double from = clock_begin();
    int sum = 0;
    for (uint32_t k = 0; k < ranks->count; k++) {
        self->count[k] = (int)(bytes[k] / RANKS_UNIT);
        self->begin[k] = sum;
        sum += self->count[k];
    }
    int own = self->count[ranks->rank];
    if (first)
        MPI_Gatherv(mine, own, self->unit, all, self->count, self->begin, self->unit, 0,
                    MPI_COMM_WORLD);
    else
        MPI_Allgatherv(mine, own, self->unit, all, self->count, self->begin, self->unit,
                       MPI_COMM_WORLD);
    clock_end(self, from);
}

static void sum(void *library, uint32_t *number, size_t n)
{
    const struct library *self = library;
    double from = clock_begin();
    for (size_t at = 0; at < n; at += PIECE) {
        size_t m = n - at < PIECE ? n - at : PIECE;
        MPI_Allreduce(MPI_IN_PLACE, number + at, (int)m, MPI_UINT32_T, MPI_SUM, MPI_COMM_WORLD);
    }
    clock_end(self, from);
}

static void tell(void *library, void *data, size_t bytes)
{
    const struct library *self = library;
    double from = clock_begin();
    MPI_Bcast(data, (int)bytes, MPI_BYTE, 0, MPI_COMM_WORLD);
    clock_end(self, from);
}

static void hand(void *library, uint32_t rank, void *data, size_t bytes)
{
    const struct library *self = library;
    double from = clock_begin();
    for (size_t at = 0; at < bytes; at += PIECE) {
        int n = (int)(bytes - at < PIECE ? bytes - at : PIECE);
        if (self->ranks->rank == rank)
            MPI_Send((char *)data + at, n, MPI_BYTE, 0, 1, MPI_COMM_WORLD);
        else if (self->ranks->rank == 0)
            MPI_Recv((char *)data + at, n, MPI_BYTE, (int)rank, 1, MPI_COMM_WORLD,
                     MPI_STATUS_IGNORE);
    }
    clock_end(self, from);
}

static void stop(void *library, int code)
{
    (void)library;
    MPI_Abort(MPI_COMM_WORLD, code);
}

static const struct ranks_calls calls = {sizes, gather, sum, tell, hand, stop};

static uint32_t ranks_together(void)
{
    MPI_Comm node;
    int together = 1;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
    MPI_Comm_size(node, &together);
    MPI_Comm_free(&node);
    return (uint32_t)together;
}

enum status exchange_mpi_open(struct ranks *ranks, int *argc, char ***argv)
{
    int given = 0, rank = 0, count = 1;
    MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &given);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    struct library *self = memory_alloc(1, sizeof *self);
    *ranks = (struct ranks){.rank = (uint32_t)rank, .count = (uint32_t)count, .calls = &calls};
    ranks->library = self;
    ranks->together = ranks_together();
    if (!self) return STATUS_NO_MEMORY;
    self->ranks = ranks;
    self->count = memory_alloc((size_t)count, sizeof *self->count);
    self->begin = memory_alloc((size_t)count, sizeof *self->begin);
    if (!self->count || !self->begin) return STATUS_NO_MEMORY;
    MPI_Type_contiguous(RANKS_UNIT, MPI_BYTE, &self->unit);
    MPI_Type_commit(&self->unit);
    return STATUS_OK;
}

void exchange_mpi_close(struct ranks *ranks)
{
    struct library *self = ranks->library;
    MPI_Type_free(&self->unit);
    memory_free(self->count);
    memory_free(self->begin);
    memory_free(self);
    MPI_Finalize();
}
