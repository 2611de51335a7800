/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of `reelsim evaluate`, and its protocol in words. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "evaluate.h"

/* The next of "a,b,c" into out; false at the end. */
static bool next_name(const char **list, char *out, size_t size)
{
    if (!**list) return false;
    size_t length = strcspn(*list, ",");
    snprintf(out, size, "%.*s", (int)length, *list);
    *list += length + ((*list)[length] == ',');
    return true;
}

enum status evaluate_read_log(struct log *log, const char *path,
                              const struct arguments *arguments, FILE *words,
                              struct errors *errors)
{
    const struct log_options options = {.columns = arguments->evaluate[EVALUATE_COLUMNS],
                                        .preset = arguments->evaluate[EVALUATE_PRESET],
                                        .strict = arguments->strict,
                                        .details = strcmp(arguments->command, "fit") == 0};
    struct log_report report;
    enum status status = log_read(log, path, &options, &report, errors);
    if (report.bad && !arguments->strict)
        (void)errors_add(errors, STATUS_OK,
                         "%s: %" PRIu64 " bad rows of %" PRIu64
                         " were left out (--strict stops at the first)",
                         path, report.bad, report.lines);
    if (status) return status;
    fprintf(words, "log        %s: %" PRIu64 " rows, %" PRIu64 " bad; %s\n", path, report.good,
            report.bad, report.format);
    return STATUS_OK;
}

static enum status read_file(struct evaluate *self, const char *path, FILE *words,
                             struct errors *errors)
{
    return evaluate_read_log(&self->log, path, self->arguments, words, errors);
}

/* The rows first..end as a log that owns them. */
static enum status copy_rows(const struct interactions *log, size_t first, size_t end,
                             struct interactions *out)
{
    enum status status = interactions_init(out, end - first);
    for (size_t r = first; r < end && !status; r++) {
        const struct interaction row = interactions_row(log, r);
        status = interactions_append(out, &row);
    }
    return status;
}

/* A fold a file. They stand behind the log's rows until their times are set, then leave it. */
static enum status read_tests(struct evaluate *self, FILE *words, struct errors *errors)
{
    size_t start[SPLIT_FOLDS_MOST + 1], logged = self->log.rows.count;
    const char *list = self->arguments->evaluate[EVALUATE_TEST];
    char path[4096];
    enum status status = STATUS_OK;
    self->folds = 0;
    while (!status && next_name(&list, path, sizeof path)) {
        if (self->folds == SPLIT_FOLDS_MOST)
            return errors_add(errors, STATUS_USAGE, "--test: at most %d files",
                              SPLIT_FOLDS_MOST);
        start[self->folds++] = self->log.rows.count;
        status = read_file(self, path, words, errors);
    }
    start[self->folds] = self->log.rows.count;
    if (status) return status;
    if (self->arguments->evaluate[EVALUATE_TRAIN]) {
        self->train_given = logged;
        if (self->folds != 1)
            return errors_add(errors, STATUS_USAGE, "--train FILE goes with one --test FILE");
        log_finish(&self->log);
        return STATUS_OK;
    }
    log_finish(&self->log);
    self->given = memory_alloc(self->folds, sizeof *self->given);
    if (!self->given) return STATUS_NO_MEMORY;
    for (size_t f = 0; f < self->folds && !status; f++) {
        status = copy_rows(&self->log.rows, start[f], start[f + 1], &self->given[f]);
        if (!status) interactions_sort(&self->given[f]);
    }
    self->log.rows.count = logged;
    return status;
}

/* Files that test divide the rows by themselves. */
static enum status check_division(const struct evaluate *self, struct errors *errors)
{
    static const struct {
        enum evaluate_option option;
        const char *name;
    } others[] = {{EVALUATE_SPLIT, "split"},
                  {EVALUATE_TEST_SHARE, "test-share"},
                  {EVALUATE_LEAVE, "leave"}};
    if (self->settings->folds > 1)
        return errors_add(errors, STATUS_USAGE,
                          "--folds and --test: each file of --test is a fold");
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (self->arguments->evaluate[others[i].option])
            return errors_add(errors, STATUS_USAGE,
                              "--%s and --test: the files of --test are what tests",
                              others[i].name);
    return STATUS_OK;
}

enum status evaluate_read(struct evaluate *self, FILE *words, struct errors *errors)
{
    const struct arguments *arguments = self->arguments;
    const char *train = arguments->evaluate[EVALUATE_TRAIN];
    const char *test = arguments->evaluate[EVALUATE_TEST];
    const char *log = arguments->evaluate[EVALUATE_LOG];
    int files = (log != NULL) + (train != NULL) + arguments->operand_count;
    if (!log) log = train ? train : arguments->operand_count ? arguments->operand[0] : NULL;
    if (files != 1 || (train && !test))
        return errors_add(errors, STATUS_USAGE,
                          "usage: reelsim evaluate LOG [--test FILE,...] or reelsim evaluate "
                          "--train FILE --test FILE");
    enum status status = test ? check_division(self, errors) : STATUS_OK;
    if (!status) status = read_file(self, log, words, errors);
    self->folds = (size_t)self->settings->folds;
    if (!status && test) return read_tests(self, words, errors);
    if (!status) log_finish(&self->log);
    return status;
}

/* ------------------------------------------------------------------------------ the protocol
 */

static void say_split(const struct evaluate *self, FILE *words)
{
    const struct evaluate_parameters *p = self->settings;
    static const char *const kinds[] = {"of all rows, at random",
                                        "of each user's rows, at random",
                                        "of each item's rows, at random",
                                        "",
                                        "",
                                        ""};
    fprintf(words, "split      ");
    if (self->train_given)
        fprintf(words, "given: --train and --test");
    else if (self->given)
        fprintf(words,
                "given: each --test file tests, all other rows of the log train; %zu "
                "fold%s",
                self->folds, self->folds == 1 ? "" : "s");
    else if (p->split == SPLIT_LAST)
        fprintf(words, "last: %" PRId64 " of each user's rows by time test", p->leave);
    else if (p->split == SPLIT_TEMPORAL)
        fprintf(words, "temporal: the latest %g %% of all rows test", 100 * p->test_share);
    else if (p->split == SPLIT_SAMPLE)
        fprintf(words,
                "sample: %zu folds of users; %g %% of the rows of a fold's users test, "
                "at random; seed %" PRId64,
                self->folds, 100 * p->test_share, p->seed);
    else if (self->folds > 1)
        fprintf(words, "%zu equal folds %s; seed %" PRId64, self->folds, kinds[p->split],
                p->seed);
    else
        fprintf(words, "%g %% %s test; seed %" PRId64, 100 * p->test_share, kinds[p->split],
                p->seed);
    if (p->validation > 0)
        fprintf(words, "; %g %% are validation rows, which do not train", 100 * p->validation);
    if (p->judge == JUDGE_VALIDATION)
        fprintf(words, ": the figures are theirs, the test rows are not looked at");
    fprintf(words, "\n");
}

void evaluate_protocol(const struct evaluate *self, FILE *words)
{
    const struct evaluate_parameters *p = self->settings;
    fprintf(words, "data       %" PRIu32 " users, %" PRIu32 " items, %zu rows%s\n",
            self->log.rows.users, self->log.rows.items, self->log.rows.count,
            self->log.timed ? "" : ", without times");
    evaluate_figures_words(&self->figures, words);
    say_split(self, words);
    fprintf(
        words,
        "ranking    all items but those of the user's training%s rows, by score (no sampled "
        "negatives); relevant: test rows with value >= %g; NDCG %s; means over users with a "
        "relevant item\n",
        p->validation > 0 && p->judge == JUDGE_TEST ? " and validation" : "", p->relevant_from,
        p->ndcg == NDCG_GRADED ? "of values, discount max(1, log2 rank)"
                               : "of hits, discount log2(rank + 1)");
    fprintf(words,
            "ratings    RMSE and MAE over all test rows, predictions kept within the range "
            "of the training values%s\n",
            self->log.valued ? "" : " (the log has no values: all are 1)");
    if (p->resamples > 0)
        fprintf(words, "intervals  95 %%, %" PRId64 " bootstrap draws of users\n",
                p->resamples);
    if (self->folds > 1) fprintf(words, "figures    means over %zu folds\n", self->folds);
}
