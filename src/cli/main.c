/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command line: options to a struct, a name to a command, a status to an exit code.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gsl/gsl_errno.h>

#include "base/memory.h"
#include "base/parameters_suggest.h"
#include "base/version.h"
#include "command.h"
#include "experiment.h"
#include "io/pictures.h"
#include "together.h"

static const struct command commands[] = {
    {"run", "run SCENARIO", "one run: tables, plots, manifest under output/NAME/", command_run},
    {"compare", "compare A B ...", "which arm is better, and how sure is that? paired runs",
     command_compare},
    {"advise", "advise --topic T --followers N --hours H", "how to earn, where to promote?",
     command_advise},
    {"check", "check SCENARIO [--cost]", "is a scenario valid, and what will it cost?",
     command_check},
    {"explain", "explain [PATH|NAME] [SCENARIO]", "parameters: meaning, range, default, source",
     command_explain},
    {"list", "list [KIND]", "what can be swapped: rankers, streams, strategies, ...",
     command_list},
    {"sweep", "sweep SWEEP.cfg", "the scenario at many points; resumable, a folder a point",
     command_sweep},
    {"gather", "gather DIR [--wide]", "one table of a sweep's trials", command_gather},
    {"sensitivity", "sensitivity SWEEP.cfg",
     "which of its axes matter? Morris or Sobol indices", command_sensitivity},
    {"calibrate", "calibrate TARGETS.cfg", "settings that make its figures meet targets",
     command_calibrate},
    {"plot", "plot DIR [DIR ...]", "pictures of a finished run; several: compared",
     command_plot},
    {"report", "report DIR [DIR ...]", "in one self-contained HTML page; of a sweep, too",
     command_report},
    {"inspect", "inspect DIR viewer|video|creator ID", "what a kept state says of one of them",
     command_inspect},
    {"audit", "audit DIR", "are the books right? every balance again, from the postings alone",
     command_audit},
    {"evaluate", "evaluate LOG [--test FILE]", "recommenders on a real log of interactions",
     command_evaluate},
    {"fit", "fit LOG [--out FILE]", "a real audience and its videos, learnt from a log",
     command_fit},
    {"bench", "bench [phold|mm1|loop|feed]", "how fast is it here? without a name: all four",
     command_bench},
};
#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

static void print_usage(FILE *to)
{
    fprintf(to, "reelsim %s: a simulator of short-video platforms\n\n", version_number());
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(to, "  reelsim %-28s %s\n", commands[i].usage, commands[i].doc);
    fprintf(
        to,
        "\n  --set PATH=VALUE  change a parameter (may be repeated)\n"
        "  --seed N --days N --threads N --out DIR --quiet --json\n"
        "  --checkpoint every=1d   save the state every so often\n"
        "  --states every=7d|end   keep states for `reelsim inspect` (its --day D)\n"
        "  run --from DIR [--day D]  another future of a run from a state that it kept: --set\n"
        "                    changes what may change on a day, --days its end; compare --from\n"
        "                    DIR A B ...: arms that part on that day, with other luck each "
        "time\n"
        "  --resume          go on where an interrupted run stopped\n"
        "  --pinned FILE     of run: settings as an experiment began with them (its\n"
        "                    scenario.json), whatever the scenario says now; with --from the\n"
        "                    state must be the one that it began with\n"
        "  --force           replace a finished result of the same name\n"
        "  --no-plots        tables only\n"
        "  --full            of explain: every field of each, not a line\n"
        "  --tables LIST     only these: series,cohorts,creators,... (all)\n"
        "  --format LIST     of pictures: png, svg, pdf (png,svg)\n"
        "  --version --help\n\n"
        "  of compare, and run with --replications or --worlds:\n"
        "  --replications R | --precision X (of the first metric) | --worlds W (other luck)\n"
        "  --metric NAME,..  --baseline NAME  --uncertain (draws the assumptions, too)\n"
        "  --interference (of one scenario with experiment.split: against twin worlds)\n"
        "  --jobs J --on-error skip|stop|retry --failed (tries failed runs again)\n\n"
        "  of advise: --topic NAME --followers N --hours H (a week) [--views FILE.csv]\n"
        "  --replications R --uncertain --days N --jobs J\n\n"
        "  of sweep: --jobs N, --on-error skip|stop|retry, --replications N\n"
        "  --only 17,40-60 (points), --failed, --dry-run, --status, --list-commands\n"
        "  --slurm --tasks K --throttle N --sbatch \"OPTIONS\" (one job array; --dry-run shows "
        "it)\n"
        "  --task 3/40 (begins at the fourth fortieth), --stale S (claims of the dead, 120)\n"
        "  --metric LIST (of its page; so does report of a sweep's folder)\n"
        "  of gather: --wide, --metric LIST, --pack, --sqlite FILE\n"
        "  of sensitivity: --method morris|sobol, --points N (trajectories, or rows of the "
        "base\n"
        "  sample), --metric LIST, --replications N, --jobs N, --failed, --dry-run\n"
        "  of calibrate: --points N, --replications N, --jobs N, --failed\n\n"
        "  of evaluate and fit: LOG is CSV or TSV, plain, gzip or zstd\n"
        "  --columns user=0,item=1,value=2,time=3 (or names; fit: author=, like=, ...)\n"
        "  --preset NAME, --strict\n"
        "  of evaluate:\n"
        "  --test FILE[,FILE]      folds: each file tests, the other rows of LOG train\n"
        "  --train FILE --test FILE, or --split random|user|item|last|temporal|sample\n"
        "  --test-share X --folds N --validation X --judge validation --leave N\n"
        "  --algorithm NAME[,NAME] --k N[,N] --relevant-from X --ndcg binary|graded\n"
        "  --resamples N           of the bootstrap; `reelsim explain evaluate` has all\n");
}

static const struct command *command_named(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, name) == 0) return &commands[i];
    return NULL;
}

enum long_option {
    OPT_SET = 256,
    OPT_SEED,
    OPT_DAYS,
    OPT_THREADS,
    OPT_OUT,
    OPT_QUIET,
    OPT_JSON,
    OPT_CHECKPOINT,
    OPT_STATES,
    OPT_TABLES,
    OPT_DAY,
    OPT_FROM,
    OPT_RESUME,
    OPT_FORCE,
    OPT_COST,
    OPT_FULL,
    OPT_NO_PLOTS,
    OPT_FORMAT,
    OPT_SHUFFLE,
    OPT_YARDSTICK,
    OPT_VERSION,
    OPT_HELP,
    OPT_STRICT,
    OPT_BENCH, /* and those after it: OPT_BENCH + enum bench_option */
    OPT_EVALUATE = OPT_BENCH + BENCH_OPTIONS,         /* the same with enum evaluate_option */
    OPT_EXPERIMENT = OPT_EVALUATE + EVALUATE_OPTIONS, /* the same with experiment_option */
};

static const struct option options[] = {
    {"set", required_argument, NULL, OPT_SET},
    {"seed", required_argument, NULL, OPT_SEED},
    {"days", required_argument, NULL, OPT_DAYS},
    {"threads", required_argument, NULL, OPT_THREADS},
    {"out", required_argument, NULL, OPT_OUT},
    {"quiet", no_argument, NULL, OPT_QUIET},
    {"json", no_argument, NULL, OPT_JSON},
    {"checkpoint", required_argument, NULL, OPT_CHECKPOINT},
    {"states", required_argument, NULL, OPT_STATES},
    {"tables", required_argument, NULL, OPT_TABLES},
    {"day", required_argument, NULL, OPT_DAY},
    {"from", required_argument, NULL, OPT_FROM},
    {"resume", no_argument, NULL, OPT_RESUME},
    {"force", no_argument, NULL, OPT_FORCE},
    {"cost", no_argument, NULL, OPT_COST},
    {"full", no_argument, NULL, OPT_FULL},
    {"no-plots", no_argument, NULL, OPT_NO_PLOTS},
    {"format", required_argument, NULL, OPT_FORMAT},
    {"shuffle-shards", no_argument, NULL, OPT_SHUFFLE},
    {"yardstick", required_argument, NULL, OPT_YARDSTICK},
    {"strict", no_argument, NULL, OPT_STRICT},
    {"version", no_argument, NULL, OPT_VERSION},
    {"help", no_argument, NULL, OPT_HELP},
#define BENCH_LONG(id, name, least, most, whole)                                               \
    {name, required_argument, NULL, OPT_BENCH + id},
    BENCH_OPTION_LIST(BENCH_LONG)
#undef BENCH_LONG
#define EVALUATE_LONG(id, name, path) {name, required_argument, NULL, OPT_EVALUATE + id},
        EVALUATE_OPTION_LIST(EVALUATE_LONG)
#undef EVALUATE_LONG
#define EXPERIMENT_LONG(id, name, valued)                                                      \
    {name, valued ? required_argument : no_argument, NULL, OPT_EXPERIMENT + id},
            EXPERIMENT_OPTION_LIST(EXPERIMENT_LONG)
#undef EXPERIMENT_LONG
                {NULL, 0, NULL, 0},
};

static enum status add_set(struct arguments *a, const char *text, struct errors *errors)
{
    if (a->set_count == ARGUMENT_SETS_MAX)
        return errors_add(errors, STATUS_USAGE, "more than %d settings on the command line",
                          ARGUMENT_SETS_MAX);
    a->set[a->set_count++] = text;
    return STATUS_OK;
}

/* --seed 7 is --set run.seed=7; the text is the arguments' own. */
static enum status add_short(struct arguments *a, const char *path, const char *value,
                             struct errors *errors)
{
    size_t size = strlen(path) + strlen(value) + 2;
    char *text = malloc(size);
    if (!text) return STATUS_NO_MEMORY;
    snprintf(text, size, "%s=%s", path, value);
    enum status status = add_set(a, text, errors);
    if (status)
        free(text);
    else
        a->owned[a->owned_count++] = text;
    return status;
}

static enum status read_threads(struct arguments *a, const char *text, struct errors *errors)
{
    char *end = NULL;
    unsigned long n = strtoul(text, &end, 10);
    if (*text == '-' || end == text || *end || n < 1 || n > 1024)
        return errors_add(errors, STATUS_USAGE,
                          "--threads %s: must be a whole number in [1, 1024]", text);
    a->threads = (uint32_t)n;
    return STATUS_OK;
}

static enum status read_option(struct arguments *a, int option, struct errors *errors)
{
    if (option >= OPT_EXPERIMENT) {
        a->experiment[option - OPT_EXPERIMENT] = optarg ? optarg : "";
        return STATUS_OK;
    }
    if (option >= OPT_EVALUATE) {
        a->evaluate[option - OPT_EVALUATE] = optarg;
        return STATUS_OK;
    }
    if (option >= OPT_BENCH) {
        a->bench[option - OPT_BENCH] = optarg;
        return STATUS_OK;
    }
    a->given |= 1u << (option - OPT_SET);
    switch (option) {
    case OPT_SET:
        return add_set(a, optarg, errors);
    case OPT_SEED:
        return add_short(a, "run.seed", optarg, errors);
    case OPT_DAYS:
        return add_short(a, "run.days", optarg, errors);
    case OPT_THREADS:
        return read_threads(a, optarg, errors);
    case OPT_OUT:
        if (!*optarg)
            return errors_add(errors, STATUS_USAGE,
                              "--out: is empty, must name a folder or file");
        a->out = optarg;
        break;
    case OPT_QUIET:
        a->quiet = true;
        break;
    case OPT_JSON:
        a->json = true;
        break;
    case OPT_CHECKPOINT:
        a->checkpoint = optarg;
        break;
    case OPT_STATES:
        a->states = optarg;
        break;
    case OPT_TABLES:
        a->tables = optarg;
        break;
    case OPT_DAY:
        a->day = optarg;
        break;
    case OPT_FROM:
        a->from = optarg;
        break;
    case OPT_RESUME:
        a->resume = true;
        break;
    case OPT_FORCE:
        a->force = true;
        break;
    case OPT_COST:
        a->cost = true;
        break;
    case OPT_FULL:
        a->full = true;
        break;
    case OPT_NO_PLOTS:
        a->plots = false;
        break;
    case OPT_FORMAT:
        a->format = optarg;
        return pictures_formats_check(optarg, errors);
    case OPT_SHUFFLE:
        a->shuffle = true;
        break;
    case OPT_YARDSTICK:
        a->yardstick = optarg;
        break;
    case OPT_STRICT:
        a->strict = true;
        break;
    case OPT_VERSION:
        a->command = "version";
        break;
    case OPT_HELP:
        a->command = "help";
        break;
    default:
        break;
    }
    return STATUS_OK;
}

/* Which commands take an option that several share; NULL = all of them. Those of one family
 * (command.h) are looked at by the command that takes some of it. */
#define TRIALS "compare advise sweep sensitivity calibrate"
#define SETTERS "run check explain list evaluate fit bench " TRIALS
#define DRAWERS "run evaluate inspect " TRIALS
static const char *const takers[OPT_BENCH - OPT_SET] = {
    [OPT_SET - OPT_SET] = SETTERS,
    [OPT_SEED - OPT_SET] = SETTERS,
    [OPT_DAYS - OPT_SET] = "run check explain list bench " TRIALS,
    [OPT_THREADS - OPT_SET] = "run check evaluate fit inspect bench " TRIALS,
    [OPT_OUT - OPT_SET] = "run evaluate fit gather plot report " TRIALS,
    [OPT_JSON - OPT_SET] = "run check evaluate fit inspect audit bench " TRIALS,
    [OPT_CHECKPOINT - OPT_SET] = "run",
    [OPT_STATES - OPT_SET] = "run",
    [OPT_TABLES - OPT_SET] = "run",
    [OPT_DAY - OPT_SET] = "run inspect compare",
    [OPT_FROM - OPT_SET] = "run compare",
    [OPT_RESUME - OPT_SET] = "run",
    [OPT_FORCE - OPT_SET] = "run " TRIALS,
    [OPT_COST - OPT_SET] = "check",
    [OPT_FULL - OPT_SET] = "explain",
    [OPT_NO_PLOTS - OPT_SET] = DRAWERS,
    [OPT_FORMAT - OPT_SET] = "plot report " DRAWERS,
    [OPT_SHUFFLE - OPT_SET] = "run",
    [OPT_YARDSTICK - OPT_SET] = "bench",
};

static bool has_word(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = words; at; at = strchr(at, ' ')) {
        at += *at == ' ';
        if (strncmp(at, word, length) == 0 && (at[length] == ' ' || !at[length])) return true;
    }
    return false;
}

/* An option that would change nothing is a mistake of who gave it. */
static enum status shared_options_only(const struct arguments *a, const char *command,
                                       struct errors *errors)
{
    enum status status = STATUS_OK;
    for (const struct option *o = options; o->val < OPT_BENCH; o++) { /* families come after */
        const char *words = takers[o->val - OPT_SET];
        if ((a->given >> (o->val - OPT_SET) & 1) && words && !has_word(words, command))
            status = errors_add(errors, STATUS_USAGE, "reelsim %s does not take --%s (of %s)",
                                command, o->name, words);
    }
    if (!status && a->day && !a->from && strcmp(command, "inspect") != 0)
        status = errors_add(errors, STATUS_USAGE,
                            "--day %s: is of the state that --from DIR names; --days is how "
                            "long a run is",
                            a->day);
    return status;
}

/* What getopt_long did not take: ':' has no value, '?' is unknown, has a value too many, or is
 * the beginning of several names. `text` is the argument that it went past last; of one letter
 * it tells the letter. */
static enum status refuse_option(const char *text, int option, struct errors *errors)
{
    char name[64];
    const char *near = NULL;
    int best, begun = 0;
    if (optopt > 0 && optopt < OPT_SET)
        snprintf(name, sizeof name, "-%c", optopt);
    else
        snprintf(name, sizeof name, "%.*s", (int)strcspn(text, "="), text);
    best = (int)strlen(name) / 3 + 1;
    if (option == ':')
        return errors_add(errors, STATUS_USAGE, "%s: needs a value; see `reelsim --help`",
                          name);
    for (const struct option *o = options; o->name; o++) {
        if (strcmp(name + 2 * (strncmp(name, "--", 2) == 0), o->name) == 0)
            return errors_add(errors, STATUS_USAGE, "%s: takes no value", text);
        begun += strncmp(name, "--", 2) == 0 &&
                 strncmp(name + 2, o->name, strlen(name + 2)) == 0;
        near = parameters_suggest_nearer(name + strspn(name, "-"), o->name, &best, near);
    }
    return errors_add(errors, STATUS_USAGE, "%s: %s%s%s%s see `reelsim --help`", name,
                      begun > 1 ? "is the beginning of several options"
                                : "there is no such option",
                      begun < 2 && near ? ", did you mean `--" : "",
                      begun < 2 && near ? near : "", begun < 2 && near ? "`?" : ";");
}

static enum status read_arguments(struct arguments *a, int argc, char **argv,
                                  struct errors *errors)
{
    enum status status = STATUS_OK;
    int option;
    opterr = 0; /* said here, with a suggestion */
    while (!status && (option = getopt_long(argc, argv, ":", options, NULL)) != -1)
        status = option == ':' || option == '?'
                     ? refuse_option(argv[optind - 1], option, errors)
                     : read_option(a, option, errors);
    for (int i = optind; i < argc && !status; i++) {
        if (!a->command)
            a->command = argv[i];
        else if (a->operand_count < ARGUMENT_OPERANDS_MAX)
            a->operand[a->operand_count++] = argv[i];
        else
            status = errors_add(errors, STATUS_USAGE, "too many arguments at %s", argv[i]);
    }
    return status;
}

/* "rnu", or a scenario where the command should be. */
static enum status unknown_command(const char *name, struct errors *errors)
{
    const char *near = NULL, *end = strrchr(name, '.');
    int best = (int)strlen(name) / 3 + 2;
    if (end && strcmp(end, ".cfg") == 0)
        return errors_add(errors, STATUS_USAGE,
                          "unknown command \"%s\", did you mean `reelsim run %s`?", name, name);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        near = parameters_suggest_nearer(name, commands[i].name, &best, near);
    return errors_add(errors, STATUS_USAGE, "unknown command \"%s\"%s%s%s see `reelsim --help`",
                      name, near ? ", did you mean `" : "", near ? near : "",
                      near ? "`?" : ";");
}

/* All ranks run a world together; of other commands rank 0 is enough. */
static bool has_part(const struct arguments *a, const struct command *command)
{
    return !a->ranks || a->ranks->rank == 0 || command->run == command_run;
}

/* What went wrong, once: where several processes run a world, the first of those who know it
 * speaks; who alone knows it ends all, after a moment in which the first would have. */
static void say_why(const struct arguments *a, const struct errors *errors, enum status status)
{
    struct ranks *ranks = a->ranks;
    bool alone = ranks && status && !together_knows(ranks);
    if (ranks && !alone && !together_speaks(ranks)) return;
    if (alone && ranks->rank > 0) sleep(1);
    if (errors->count)
        fputs(errors->text, stderr);
    else if (status && status != STATUS_USAGE && status != STATUS_INTERRUPTED)
        fprintf(stderr, "reelsim: %s\n", status_text(status));
    if (!alone) return;
    fflush(NULL);
    ranks->calls->stop(ranks->library, status_exit_code(status));
}

int reelsim_main(int argc, char **argv, struct ranks *ranks)
{
    struct errors errors = {0};
    struct arguments arguments = {.plots = true,
                                  .ranks = ranks && ranks->count > 1 ? ranks : NULL};
    memory_one_heap();
    gsl_set_error_handler_off();
    signal(SIGCHLD, SIG_DFL); /* where it was ignored nobody could say how a child ended */
    enum status status = read_arguments(&arguments, argc, argv, &errors);
    const char *name = arguments.command ? arguments.command : "help";
    const struct command *command = command_named(name);
    if (status) {
        /* said below */
    } else if (strcmp(name, "version") == 0) {
        if (together_first(arguments.ranks)) printf("reelsim %s\n", version_number());
    } else if (strcmp(name, "help") == 0) {
        if (together_first(arguments.ranks)) print_usage(arguments.command ? stdout : stderr);
        status = arguments.command ? STATUS_OK : STATUS_USAGE;
    } else if (!command) {
        status = unknown_command(name, &errors);
    } else {
        status = shared_options_only(&arguments, name, &errors);
        if (!status && command->run != command_bench)
            status = bench_options_only(&arguments, name, 0, &errors);
        if (!status && command->run != command_evaluate && command->run != command_fit)
            status = evaluate_options_only(&arguments, name, 0, &errors);
        if (!status && !experiment_is(name) && command->run != command_run &&
            command->run != command_report)
            status = experiment_options_only(&arguments, name, 0, &errors);
        if (!status && has_part(&arguments, command))
            status = command->run(&arguments, &errors);
    }
    say_why(&arguments, &errors, status);
    if ((fflush(stdout) || ferror(stdout)) && !status) status = STATUS_IO;
    errors_free(&errors);
    for (int i = 0; i < arguments.owned_count; i++) free(arguments.owned[i]);
    return status_exit_code(status);
}
