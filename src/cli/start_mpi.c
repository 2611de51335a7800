/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where reelsim-mpi starts: the same program as start.c's, in several processes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "engine/exchange_mpi.h"

/* A launcher that does not speak this MPI's language starts N processes of which each believes
 * that it is alone. (MPICH under `srun --mpi=pmix` does.) */
static bool is_lone(const struct ranks *ranks)
{
    const char *tasks = getenv("SLURM_NTASKS"), *number = getenv("SLURM_PROCID");
    if (ranks->count > 1 || !tasks || atoi(tasks) < 2) return false;
    if (!number || atoi(number) == 0)
        fprintf(
            stderr,
            "reelsim-mpi: Slurm started %s tasks, but each is alone in its MPI world; start "
            "them with mpirun, or with srun --mpi=pmix (Open MPI) or --mpi=pmi2 (MPICH); "
            "`srun --mpi=list` shows what there is. One process needs no MPI: reelsim\n",
            tasks);
    return true;
}

int main(int argc, char **argv)
{
    struct ranks ranks;
    if (exchange_mpi_open(&ranks, &argc, &argv)) {
        fprintf(stderr, "reelsim-mpi: out of memory\n");
        ranks.calls->stop(ranks.library, 1);
    }
    int code = is_lone(&ranks) ? 2 : start_chosen(argc, argv, &ranks);
    exchange_mpi_close(&ranks);
    return code;
}
