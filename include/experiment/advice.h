/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "I make programming videos and have 2,000 followers: which streams, and where do I promote?"
 *
 * Two comparisons answer it. In both the same creators, a cohort `focal` like the one who asks,
 * join the same small world under different plans: first how to earn (each stream alone, and
 * mixes), without promotion; then, with the plan that earned most, where to promote. Everything
 * is a plain scenario file:
 *
 *     FOLDER/scenarios/world.cfg     the world, without a creator
 *     FOLDER/scenarios/ads_only.cfg  an arm: the creators and their plan
 *
 * The world is small: one of its viewers stands for `scale` of the real ones, so that the
 * creators' followers are at most a tenth of it. Gates that count followers or views, and fixed
 * prices of promotion, are divided by the same number.
 */
#ifndef EXPERIMENT_ADVICE_H
#define EXPERIMENT_ADVICE_H

#include "experiment/comparison_report.h"
#include "experiment/history.h"
#include "sim/model.h"

#define ADVICE_FOCAL 8            /* creators like the one who asks */
#define ADVICE_VIEWERS 2000       /* unless the caller says otherwise */
#define ADVICE_DAYS 28            /* of which the first week is not counted */
#define ADVICE_SHARE 0.1          /* of the viewers, at most, follow each of them */
#define ADVICE_SKILLS 4           /* arms of ADVICE_HISTORY */
#define ADVICE_ARMS_MOST 12       /* of a stage */
#define ADVICE_FOLLOWERS_MOST 1e8 /* of the question */

/* Its own views a video (only with a history), then the two questions. */
enum advice_stage { ADVICE_HISTORY, ADVICE_STREAMS, ADVICE_PROMOTION, ADVICE_STAGES };

/* What is asked, and what follows from it. */
struct advice {
    char topic[SCHEMA_NAME_SIZE];
    double followers, hours; /* as asked; hours a week */
    int64_t viewers;         /* of the world */
    double scale;            /* real viewers that one of these stands for */
    bool has_history;
    struct history history;
    double skill;      /* of the focal creators; NaN = as the world has it */
    double per_week;   /* videos */
    size_t plan;       /* arm of ADVICE_STREAMS that promotion is tried with */
    double model_mean; /* views a video, scaled, of the model nearest to the history */
    bool beyond;       /* no skill gives the views of the history */
};

/* The question, as the command line has it. */
struct advice_asked {
    const char *topic, *followers, *hours;
};

/* Checks the question. STATUS_USAGE for a topic that the model does not have, with those that
 * there are and the one most like it, and for numbers out of range. */
enum status advice_init(struct advice *self, const struct advice_asked *asked,
                        const struct model *model, struct errors *errors) MUST_CHECK;
/* Settles viewers, scale and, from a history (may be NULL), the videos a week. */
void advice_settle(struct advice *self, int64_t viewers, const struct history *history);
/* The skill at which focal creators had as many views a video as the history, between those
 * tried (straight lines in ln views); where none gives that, `beyond` is set, `model_mean` is
 * the nearest and the skill stays the usual one. `views` is [ADVICE_SKILLS], as the model
 * counts them; NaN are passed over. */
void advice_match(struct advice *self, const double *views);

size_t advice_arms(enum advice_stage stage);
const char *advice_name(enum advice_stage stage, size_t arm);
/* What it is, in words: "course alone". */
const char *advice_words(enum advice_stage stage, size_t arm);
/* Text of world.cfg, and of an arm's file. */
void advice_world(const struct advice *self, FILE *to);
void advice_arm(const struct advice *self, enum advice_stage stage, size_t arm, FILE *to);

/* What one stage found; filled in by advice_look. */
struct advice_arm {
    const char *name, *words; /* of the arm */
    struct estimate hour;     /* profit an hour worked, mean over the focal creators */
    double cvar;      /* the same of the 5 % of creators who made least; NaN = unknown */
    double followers; /* of a focal creator, mean after the warm-up */
    double wins;      /* share of the replications in which it was highest */
    bool alike;       /* cannot be told apart from the best */
};
#define ADVICE_FLIPS 3
struct advice_flip {
    char path[128];
    double low_wins, high_wins;
};
struct advice_found {
    struct advice_arm arm[ADVICE_ARMS_MOST]; /* the best first */
    size_t arms, best;                       /* `best`: its number in the stage */
    double *value; /* owned; profit an hour, [arm][replication], as arm[] is ordered */
    size_t replications, failed;
    struct estimate lead;
    double views[ADVICE_ARMS_MOST]; /* a video, by number in the stage */
    struct advice_flip flip[ADVICE_FLIPS];
    size_t flips, assumptions;
    bool uncertain, turned; /* does one of the flips turn the answer round? */
};
/* Reads what a stage's comparison found; arms of the report are those of the stage, in order.
 */
enum status advice_look(struct advice_found *out, enum advice_stage stage,
                        const struct comparison_report *report,
                        struct errors *errors) MUST_CHECK;

void advice_found_free(struct advice_found *self); /* works when zeroed */

/* advice_text.c. The answer for a reader, of a stage alone or of both; `json` for programs. */
void advice_say_stage(const struct advice_found *found, FILE *to);
/* One sentence: the best of each stage. */
void advice_headline(const struct advice_found *found, FILE *to);
void advice_say(const struct advice *self, const struct advice_found *found, FILE *to);
void advice_json(const struct advice *self, const struct advice_found *found, FILE *to);

/* advice_page.c: FOLDER/report.html, the answer and both stages on one page. */
struct advice_page {
    const struct advice *advice;
    const struct advice_found *found; /* [ADVICE_STAGES] */
    const char *folder, *formats, *command;
    bool quiet;
};
enum status advice_page_write(const struct advice_page *self, struct errors *errors) MUST_CHECK;

#endif
