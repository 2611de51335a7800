/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What `reelsim evaluate --out DIR` leaves: DIR/evaluation.csv, and DIR/plots/evaluation.* with
 * the recommenders beside each other, a panel a metric.
 */
#ifndef IO_EVALUATION_TABLE_H
#define IO_EVALUATION_TABLE_H

#include "measure/evaluation.h"

struct evaluation_row {
    const char *algorithm; /* borrowed */
    uint32_t k, fold;      /* fold from 1; 0 = the mean over all */
    struct estimate metric[EVALUATION_METRICS];
    double train_s;       /* s of wall clock */
    double train_cpu_s;   /* s of processor, all threads: what a busy machine does not change */
    double ratings_per_s; /* training rows x passes over them / train_s */
};

struct evaluation_table {
    const struct evaluation_row *row;
    size_t rows;
    const char *words;   /* what was read and how it was judged; lines */
    const char *formats; /* of the picture: "png,svg" */
    const char *title;   /* of the picture: the log's name */
    bool plots, quiet;
};

/* Column names are those of --json. Without gnuplot a note and no picture. */
enum status evaluation_table_write(const struct evaluation_table *self, const char *folder,
                                   struct errors *errors) MUST_CHECK;

#endif
