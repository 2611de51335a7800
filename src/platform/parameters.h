/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The platform's own parameters; those of its members stand in the members' files.
 */
#ifndef PLATFORM_PARAMETERS_H
#define PLATFORM_PARAMETERS_H

#include "base/parameters.h"

struct platform_parameters {
    char ranker[SCHEMA_TEXT_SIZE];
    struct name_list retrievers, rerankers;
    int64_t slate;    /* videos */
    double refresh;   /* minutes */
    double staleness; /* minutes */
    int64_t clusters;
    bool profile_live;
    double extraction_noise;
    double heat_half_life; /* hours */
};

struct pools_parameters {
    struct float_list tiers;   /* impressions */
    struct float_list grades;  /* factors on the first tier: low, middle, high */
    struct float_list pass;    /* share that goes on, by tier */
    struct float_list weights; /* completion, like, comment, share, follow */
    double hours;              /* in which a guarantee is paced */
    double guarantee;          /* share of a higher tier that is guaranteed */
    double paid_weight;
};

struct moderation_parameters {
    double recall, precision, prevalence, automatic;
    double delay;        /* hours, mean of the human part */
    double reinstated;   /* share of removals undone on appeal */
    double appeal_delay; /* hours, mean */
    int64_t looks;       /* pool from which on a human looks before a video goes on; 0 = none */
    double look_recall, looks_daily;
    int64_t strikes, closes; /* removals that suspend, that end an account; 0 = never */
    double suspension, strike_days;
};

struct catalogue_parameters {
    double days;
    double cold;      /* heat below which a video is cold */
    double cold_days; /* age from which a cold video may leave */
};

struct privacy_parameters {
    double epsilon;    /* 0 = no noise */
    double opt_out;    /* share of viewers */
    int64_t retention; /* days; 0 = for ever */
};

struct slots_parameters {
    double load;
};

struct staff_parameters { /* of the reranker staff_boost */
    double weight, share;
    char cohort[SCHEMA_TEXT_SIZE];
};

extern const struct schema_table platform_table, pools_table, moderation_table, catalogue_table,
    slots_table, privacy_table;

#endif
