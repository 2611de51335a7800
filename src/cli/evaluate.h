/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of `reelsim evaluate` share: its settings, and what it found.
 */
#ifndef CLI_EVALUATE_H
#define CLI_EVALUATE_H

#include <stdio.h>

#include "command.h"
#include "io/evaluation_table.h"
#include "io/log.h"
#include "measure/log_figures.h"
#include "recommend/split.h"

/* The settings "evaluate.*" that are no recommender's. */
struct evaluate_parameters {
    int64_t seed, folds, leave, resamples;
    int32_t split, judge, ndcg; /* SPLIT_WORDS; JUDGE_WORDS; NDCG_WORDS */
    double test_share, validation, relevant_from;
    struct float_list k;
};

#define JUDGE_WORDS "test|validation"
enum judge { JUDGE_TEST, JUDGE_VALIDATION };
#define NDCG_WORDS "binary|graded"
enum ndcg { NDCG_BINARY, NDCG_GRADED };

/* The defaults, those of the recommenders, then what the command line says. */
enum status evaluate_settings(struct parameters *parameters, const struct arguments *arguments,
                              struct errors *errors) MUST_CHECK;

struct evaluate {
    const struct arguments *arguments;
    const struct evaluate_parameters *settings;
    const struct parameters *parameters;
    struct log log;
    struct interactions *given; /* owned; [folds] the rows of each --test; NULL without */
    struct log_figures figures; /* of the rows of the log, whatever their part */
    size_t train_given;         /* rows of --train at the front of the log; 0 without */
    char *words;                /* owned; what was read, how it is divided and judged */
    const struct recommender **recommender; /* owned; [recommenders] */
    size_t recommenders, folds;
    struct evaluation_row *row; /* owned; [rows] */
    size_t rows;
};

/* Reads the files that the command line names; the rows of --test leave the log. */
enum status evaluate_read(struct evaluate *self, FILE *words, struct errors *errors) MUST_CHECK;
/* Adds the rows of a file, with its line of the protocol; bad rows are told. */
enum status evaluate_read_log(struct log *log, const char *path,
                              const struct arguments *arguments, FILE *words,
                              struct errors *errors) MUST_CHECK;
/* How rows are divided and judged, in full sentences. */
void evaluate_protocol(const struct evaluate *self, FILE *words);
/* The figures of a log: for people in two lines, and as the members of a JSON object. */
void evaluate_figures_words(const struct log_figures *figures, FILE *words);
void evaluate_figures_json(const struct log_figures *figures);
/* A table for people, or one JSON document. */
void evaluate_print(const struct evaluate *self, bool json);

#endif
