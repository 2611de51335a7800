/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the commands share: the options of the command line and a scenario read into a model.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <signal.h>

#include "engine/ranks.h"
#include "sim/model.h"

#define ARGUMENT_SETS_MAX 1024 /* a plausible world sets some hundred assumptions */

/* Options that only `reelsim bench` takes: name, least, most, whole numbers only? */
#define BENCH_OPTION_LIST(X)                                                                   \
    X(BENCH_LPS, "lps", 1, 1e8, true)                                                          \
    X(BENCH_POPULATION, "population", 1, 1e6, true)                                            \
    X(BENCH_REMOTE, "remote", 0, 1, false)                                                     \
    X(BENCH_LOOKAHEAD, "lookahead", 0.001, 0.999, false)                                       \
    X(BENCH_STATIONS, "stations", 1, 1e7, true)                                                \
    X(BENCH_UTILISATION, "utilisation", 0.001, 0.999, false)                                   \
    X(BENCH_LEAVE, "leave-share", 0.001, 1, false)                                             \
    X(BENCH_WINDOW, "window", 0.001, 1000, false)                                              \
    X(BENCH_DURATION, "duration", 0.001, 1e6, false)                                           \
    X(BENCH_SHARDS, "shards", 1, 4096, true)                                                   \
    X(BENCH_REPEATS, "repeats", 1, 99, true)                                                   \
    X(BENCH_WINDOWS, "windows", 1, 1e7, true)

enum bench_option {
#define BENCH_OPTION_ENUM(id, name, least, most, whole) id,
    BENCH_OPTION_LIST(BENCH_OPTION_ENUM)
#undef BENCH_OPTION_ENUM
        BENCH_OPTIONS
};

/* Options that only `reelsim evaluate` takes: name, the setting that it is short for (NULL =
 * none). */
#define EVALUATE_OPTION_LIST(X)                                                                \
    X(EVALUATE_LOG, "log", NULL)                                                               \
    X(EVALUATE_TRAIN, "train", NULL)                                                           \
    X(EVALUATE_TEST, "test", NULL)                                                             \
    X(EVALUATE_COLUMNS, "columns", NULL)                                                       \
    X(EVALUATE_PRESET, "preset", NULL)                                                         \
    X(EVALUATE_ALGORITHM, "algorithm", NULL)                                                   \
    X(EVALUATE_K, "k", "evaluate.k")                                                           \
    X(EVALUATE_SPLIT, "split", "evaluate.split")                                               \
    X(EVALUATE_FOLDS, "folds", "evaluate.folds")                                               \
    X(EVALUATE_TEST_SHARE, "test-share", "evaluate.test_share")                                \
    X(EVALUATE_VALIDATION, "validation", "evaluate.validation")                                \
    X(EVALUATE_JUDGE, "judge", "evaluate.judge")                                               \
    X(EVALUATE_LEAVE, "leave", "evaluate.leave")                                               \
    X(EVALUATE_RELEVANT, "relevant-from", "evaluate.relevant_from")                            \
    X(EVALUATE_NDCG, "ndcg", "evaluate.ndcg")                                                  \
    X(EVALUATE_RESAMPLES, "resamples", "evaluate.resamples")

enum evaluate_option {
#define EVALUATE_OPTION_ENUM(id, name, path) id,
    EVALUATE_OPTION_LIST(EVALUATE_OPTION_ENUM)
#undef EVALUATE_OPTION_ENUM
        EVALUATE_OPTIONS
};

/* Options that only experiments (compare, sweep, gather, ...) take: name, with a value? */
#define EXPERIMENT_OPTION_LIST(X)                                                              \
    X(EXPERIMENT_JOBS, "jobs", true)                                                           \
    X(EXPERIMENT_ON_ERROR, "on-error", true)                                                   \
    X(EXPERIMENT_REPLICATIONS, "replications", true)                                           \
    X(EXPERIMENT_ONLY, "only", true)                                                           \
    X(EXPERIMENT_FAILED, "failed", false)                                                      \
    X(EXPERIMENT_DRY_RUN, "dry-run", false)                                                    \
    X(EXPERIMENT_STATUS, "status", false)                                                      \
    X(EXPERIMENT_LIST_COMMANDS, "list-commands", false)                                        \
    X(EXPERIMENT_SLURM, "slurm", false)                                                        \
    X(EXPERIMENT_TASKS, "tasks", true)                                                         \
    X(EXPERIMENT_THROTTLE, "throttle", true)                                                   \
    X(EXPERIMENT_SBATCH, "sbatch", true)                                                       \
    X(EXPERIMENT_TASK, "task", true)                                                           \
    X(EXPERIMENT_STALE, "stale", true)                                                         \
    X(EXPERIMENT_WIDE, "wide", false)                                                          \
    X(EXPERIMENT_PACK, "pack", false)                                                          \
    X(EXPERIMENT_SQLITE, "sqlite", true)                                                       \
    X(EXPERIMENT_PRECISION, "precision", true)                                                 \
    X(EXPERIMENT_METRIC, "metric", true)                                                       \
    X(EXPERIMENT_BASELINE, "baseline", true)                                                   \
    X(EXPERIMENT_UNCERTAIN, "uncertain", false)                                                \
    X(EXPERIMENT_INTERFERENCE, "interference", false)                                          \
    X(EXPERIMENT_WORLDS, "worlds", true)                                                       \
    X(EXPERIMENT_TOPIC, "topic", true)                                                         \
    X(EXPERIMENT_FOLLOWERS, "followers", true)                                                 \
    X(EXPERIMENT_HOURS, "hours", true)                                                         \
    X(EXPERIMENT_VIEWS, "views", true)                                                         \
    X(EXPERIMENT_METHOD, "method", true)                                                       \
    X(EXPERIMENT_POINTS, "points", true)                                                       \
    X(EXPERIMENT_PINNED, "pinned", true)

enum experiment_option {
#define EXPERIMENT_OPTION_ENUM(id, name, valued) id,
    EXPERIMENT_OPTION_LIST(EXPERIMENT_OPTION_ENUM)
#undef EXPERIMENT_OPTION_ENUM
        EXPERIMENT_OPTIONS
};

#define ARGUMENT_OPERANDS_MAX 64
struct arguments {
    const char *command;
    const char *operand[ARGUMENT_OPERANDS_MAX]; /* what is no option: scenario, folder, path */
    int operand_count;
    const char *set[ARGUMENT_SETS_MAX]; /* "path=value", in order */
    int set_count;
    char *owned[ARGUMENT_SETS_MAX]; /* those of them that --seed and --days made */
    int owned_count;
    const char *out;                  /* folder of the results; NULL = output/NAME */
    const char *from;                 /* run: a state to begin with; NULL = none */
    const char *checkpoint;           /* "every=1d"; NULL = only when interrupted */
    const char *states;               /* "every=7d" or "end"; NULL = keep none */
    const char *tables;               /* run: "series,cohorts"; NULL = all */
    const char *day;                  /* inspect: of the state */
    const char *format;               /* of pictures: "png,svg"; NULL = as the command does */
    const char *yardstick;            /* bench: path of the yardstick program */
    const char *bench[BENCH_OPTIONS]; /* as given; NULL = not given */
    const char *evaluate[EVALUATE_OPTIONS];     /* the same */
    const char *experiment[EXPERIMENT_OPTIONS]; /* the same; "" for those without a value */
    uint32_t given;      /* a bit for each option that commands share, as main.c has them */
    uint32_t threads;    /* 0 = what the machine offers */
    struct ranks *ranks; /* NULL = this process alone */
    bool json, quiet, force, resume, cost, full, plots, shuffle, strict;
};

struct command {
    const char *name;
    const char *usage; /* after "reelsim " */
    const char *doc;   /* one line */
    enum status (*run)(const struct arguments *arguments, struct errors *errors);
};

/* All of the program, as main of any other would be (src/cli/start.c). */
int reelsim_main(int argc, char **argv, struct ranks *ranks);
/* The same in the machine code that suits this CPU. `ranks` is NULL in the plain program. */
int start_chosen(int argc, char **argv, struct ranks *ranks);

enum status command_run(const struct arguments *arguments, struct errors *errors);
enum status command_compare(const struct arguments *arguments, struct errors *errors);
/* `reelsim run --replications R` and `--worlds W`: a comparison of one arm. */
enum status compare_alone(const struct arguments *arguments, struct errors *errors);
enum status command_advise(const struct arguments *arguments, struct errors *errors);
enum status command_check(const struct arguments *arguments, struct errors *errors);
enum status command_explain(const struct arguments *arguments, struct errors *errors);
enum status command_list(const struct arguments *arguments, struct errors *errors);
enum status command_bench(const struct arguments *arguments, struct errors *errors);
/* The engine's own two models (src/cli/bench_engine.c). */
enum status bench_phold(const struct arguments *arguments, struct errors *errors);
enum status bench_mm1(const struct arguments *arguments, struct errors *errors);
/* The whole program (src/cli/bench_loop.c). */
enum status bench_loop(const struct arguments *arguments, struct errors *errors);
/* Slates alone, by ranker (src/cli/bench_feed.c). */
enum status bench_feed(const struct arguments *arguments, struct errors *errors);
enum status command_evaluate(const struct arguments *arguments, struct errors *errors);
enum status command_inspect(const struct arguments *arguments, struct errors *errors);
enum status command_audit(const struct arguments *arguments, struct errors *errors);
enum status command_sweep(const struct arguments *arguments, struct errors *errors);
enum status command_sensitivity(const struct arguments *arguments, struct errors *errors);
enum status command_calibrate(const struct arguments *arguments, struct errors *errors);
enum status command_gather(const struct arguments *arguments, struct errors *errors);
enum status command_fit(const struct arguments *arguments, struct errors *errors);
enum status command_plot(const struct arguments *arguments, struct errors *errors);
enum status command_report(const struct arguments *arguments, struct errors *errors);

/* Reads the scenario (NULL = defaults alone; --pinned: what an experiment began with in its
 * place) with its plug-ins, then applies --set in order.
 * All errors are reported in one go; *model is empty after a failure. */
enum status scenario_load(struct model *model, const struct arguments *arguments,
                          const char *path, struct errors *errors) MUST_CHECK;

/* The same from a state's resolved text (io/resolved.h), which begins the lines of errors with
 * `where`; a population's file is not read. */
enum status scenario_restore(struct model *model, const char *text, const char *where,
                             struct errors *errors) MUST_CHECK;
/* The PATH of --set PATH=VALUE into path[size]; the value, NULL with a line in errors when the
 * text is not that. */
const char *scenario_setting(const char *text, char *path, size_t size, struct errors *errors);

/* Refuses options of BENCH_OPTION_LIST whose bit (1 << id) is not in `taken`; `what` is the
 * command for the message. */
enum status bench_options_only(const struct arguments *arguments, const char *what,
                               uint32_t taken, struct errors *errors);
/* The number given for an option, if one was; *value stays as it is otherwise. */
enum status bench_option_read(const struct arguments *arguments, enum bench_option option,
                              double *value, struct errors *errors);

/* Refuses options of EVALUATE_OPTION_LIST whose bit (1 << id) is not in `taken`, and --strict
 * where none is. */
enum status evaluate_options_only(const struct arguments *arguments, const char *what,
                                  uint32_t taken, struct errors *errors);
/* Settings of `reelsim evaluate` and `reelsim fit` at their defaults, for `explain`. */
enum status evaluate_defaults(struct parameters *parameters) MUST_CHECK;

/* Raised by Ctrl-C and SIGTERM; looked at between windows, and between trials. The one variable
 * that a signal handler may write. */
extern volatile sig_atomic_t command_interrupted;
/* From here on the first signal raises it, a second one ends the process at once. A file that
 * grows past the process's limit is a failed write like any other. */
void command_catch_signals(void);

#endif
