/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ranks by MPI: what reelsim-mpi starts and ends with.
 */
#ifndef ENGINE_EXCHANGE_MPI_H
#define ENGINE_EXCHANGE_MPI_H

#include "base/status.h"
#include "engine/ranks.h"

/* Before anything else; STATUS_NO_MEMORY is the only failure that is returned. */
enum status exchange_mpi_open(struct ranks *ranks, int *argc, char ***argv) MUST_CHECK;
/* All ranks together. */
void exchange_mpi_close(struct ranks *ranks);

#endif
