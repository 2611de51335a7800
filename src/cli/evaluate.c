/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim evaluate LOG: recommenders on rows of a real log that they have not seen.
 */
#include "evaluate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/parameters_suggest.h"

#define RECOMMENDERS_MOST 64
#define LARGE_LOG ((size_t)1 << 22) /* rows from which one recommender keeps a team busy */

/* Everything that one fold needs, and what all of them gave. */
struct trial {
    struct evaluate *all;
    struct team team;
    struct evaluation_options options;
    struct interactions train, test; /* views of the log */
    struct interactions known;       /* validation rows when the test is judged */
    struct evaluation *evaluation;   /* owned; [recommenders][folds] */
    double *seconds, *cpu, *trained; /* owned; the same: s of training, rows x passes */
};

static double seconds_of(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* -------------------------------------------------------------------------- the recommenders
 */

static enum status unknown_recommender(const char *name, struct errors *errors)
{
    const char *near = NULL;
    int best = (int)strlen(name) / 3 + 2;
    for (size_t r = 0; recommenders[r]; r++)
        near = parameters_suggest_nearer(name, recommenders[r]->about.name, &best, near);
    return errors_add(errors, STATUS_USAGE, "no recommender \"%s\"%s%s%s", name,
                      near ? ", did you mean \"" : "; `reelsim list recommender` has them all",
                      near ? near : "", near ? "\"?" : "");
}

/* Those of --algorithm in its order, or all. */
static enum status choose(struct evaluate *self, struct errors *errors)
{
    const char *list = self->arguments->evaluate[EVALUATE_ALGORITHM];
    self->recommender = memory_alloc(RECOMMENDERS_MOST, sizeof *self->recommender);
    if (!self->recommender) return STATUS_NO_MEMORY;
    if (!list || strcmp(list, "all") == 0) {
        while (recommenders[self->recommenders] && self->recommenders < RECOMMENDERS_MOST) {
            self->recommender[self->recommenders] = recommenders[self->recommenders];
            self->recommenders++;
        }
        return STATUS_OK;
    }
    do {
        char name[SCHEMA_NAME_SIZE];
        size_t length = strcspn(list, ",");
        snprintf(name, sizeof name, "%.*s", (int)length, list);
        const struct recommender *found = recommender_find(name);
        if (!found) return unknown_recommender(name, errors);
        if (self->recommenders == RECOMMENDERS_MOST)
            return errors_add(errors, STATUS_USAGE, "--algorithm: at most %d names",
                              RECOMMENDERS_MOST);
        self->recommender[self->recommenders++] = found;
        list += length + (list[length] == ',');
    } while (*list);
    return STATUS_OK;
}

/* ------------------------------------------------------------------------------------- a fold
 */

/* Says of each row which part it goes to; the log is sorted anew, so that a fold does not
 * depend on the one before. */
static enum status deal(const struct trial *self, size_t fold, uint8_t *part,
                        struct errors *errors)
{
    struct evaluate *all = self->all;
    const struct evaluate_parameters *p = all->settings;
    struct interactions *log = &all->log.rows;
    struct split split = {.kind = (enum split_kind)p->split,
                          .test = p->test_share,
                          .validation = p->validation,
                          .leave = (uint32_t)p->leave,
                          .folds = (uint32_t)all->folds,
                          .fold = (uint32_t)fold,
                          .seed = {.seed = (uint32_t)p->seed}};
    size_t absent = 0;
    enum status status = STATUS_OK;
    if (all->train_given) { /* the order of the files */
        for (size_t r = 0; r < log->count; r++)
            part[r] = r < all->train_given ? PART_TRAIN : PART_TEST;
    } else {
        interactions_sort(log);
        if (all->given)
            absent = split_given(log, &all->given[fold], part);
        else
            status = split_rows(&split, log, part);
    }
    if (absent)
        return errors_add(errors, STATUS_BAD_INPUT,
                          "%zu rows of --test file %zu are not in the log; for files apart "
                          "use --train FILE --test FILE",
                          absent, (size_t)fold + 1);
    if (!status && (all->given || all->train_given) && p->validation > 0)
        status = split_validation(log, p->validation, split.seed, part);
    return status;
}

/* Divides the rows. The byte a row that this takes is gone before anything is trained, and so
 * are the times, when no other fold needs them. */
static enum status divide(struct trial *self, size_t fold, struct errors *errors)
{
    const struct evaluate_parameters *p = self->all->settings;
    struct interactions *log = &self->all->log.rows;
    size_t count[SPLIT_PARTS];
    uint8_t *part = memory_alloc(log->count, 1);
    enum status status = part ? deal(self, fold, part, errors) : STATUS_NO_MEMORY;
    if (!status) split_move(log, part, count);
    memory_free(part);
    if (status) return status;
    if (fold + 1 == self->all->folds) interactions_forget_times(log); /* none sorts it again */
    self->train = split_view(log, 0, count[PART_TRAIN]);
    self->test = split_view(log, count[PART_TRAIN], count[PART_TEST]);
    self->known = split_view(log, count[PART_TRAIN] + count[PART_TEST], count[PART_VALIDATION]);
    if (p->judge == JUDGE_VALIDATION) {
        self->test = self->known;
        self->known.count = 0;
    }
    if (self->train.count && self->test.count) return STATUS_OK;
    return errors_add(errors, STATUS_BAD_INPUT,
                      "the split leaves %zu rows to train and %zu to "
                      "judge: there must be some of both",
                      self->train.count, self->test.count);
}

/* How often a recommender goes over the log: its setting `epochs`, 1 without. */
static double passes(const struct evaluate *all, const struct recommender *recommender)
{
    char path[SCHEMA_NAME_SIZE + 32];
    struct parameter found;
    snprintf(path, sizeof path, "evaluate.%s.epochs", recommender->about.name);
    if (!parameters_find(all->parameters, path, &found)) return 1;
    return found.row->type == SCHEMA_INT ? (double)*(const int64_t *)found.value : 1;
}

/* Trains and judges one, by a team. */
static enum status try_one(struct trial *self, size_t r, size_t fold, struct team *team)
{
    const clockid_t own_clock = team->threads == 1 ? CLOCK_THREAD_CPUTIME_ID
                                                   : CLOCK_PROCESS_CPUTIME_ID;
    struct evaluate *all = self->all;
    const struct recommender *recommender = all->recommender[r];
    const struct schema_table *table = recommender->about.parameters;
    const struct training how = {.seed = {.seed = (uint32_t)all->settings->seed},
                                 .threads = team->threads};
    void *state = NULL;
    size_t cell = r * all->folds + fold;
    double start = seconds_of(CLOCK_MONOTONIC), cpu = seconds_of(own_clock);
    enum status status = recommender_train(
        recommender, table ? parameters_block(all->parameters, table->prefix) : NULL,
        &self->train, &how, &state);
    self->seconds[cell] = seconds_of(CLOCK_MONOTONIC) - start;
    self->cpu[cell] = seconds_of(own_clock) - cpu;
    self->trained[cell] = (double)self->train.count * passes(all, recommender);
    const struct evaluation_of of = {recommender, state, &self->train, &self->test,
                                     self->known.count ? &self->known : NULL};
    if (!status) status = evaluation_run(&self->evaluation[cell], &of, &self->options, team);
    recommender_drop(recommender, state);
    return status;
}

/* One fold, and what became of each recommender. */
struct fold {
    struct trial *trial;
    size_t number;
    enum status status[RECOMMENDERS_MOST];
};

static void try_alone(void *context, uint32_t r, uint32_t thread)
{
    struct fold *self = context;
    struct team alone = {.threads = 1};
    (void)thread;
    self->status[r] = try_one(self->trial, r, self->number, &alone);
}

static void say_where(const struct trial *self, const char *name, size_t fold)
{
    const struct evaluate *all = self->all;
    if (all->arguments->quiet || all->arguments->json || all->folds * all->recommenders < 2)
        return;
    fprintf(stderr, "\r%s, fold %zu of %zu        ", name, fold + 1, all->folds);
}

/* Several recommenders on a small log side by side, a thread each: some learn row after row and
 * could not use two. On a large log one after another, all threads for each: only one has its
 * memory. What they find is the same. */
static enum status try_fold(struct trial *self, size_t number)
{
    const struct evaluate *all = self->all;
    struct fold fold = {.trial = self, .number = number};
    enum status status = STATUS_OK;
    if (all->recommenders > 1 && self->team.threads > 1 && self->train.count < LARGE_LOG) {
        say_where(self, "all", number);
        team_run(&self->team, (uint32_t)all->recommenders, try_alone, &fold);
    } else {
        for (size_t r = 0; r < all->recommenders && !status; r++) {
            say_where(self, all->recommender[r]->about.name, number);
            status = fold.status[r] = try_one(self, r, number, &self->team);
        }
    }
    for (size_t r = 0; r < all->recommenders && !status; r++) status = fold.status[r];
    return status;
}

/* ---------------------------------------------------------------------------------- together
 */

/* The rows of a recommender: the means, then, of several, each fold's own. */
static enum status sum_up(struct trial *self, size_t r)
{
    struct evaluate *all = self->all;
    size_t depths = self->options.depths, folds = all->folds;
    struct estimate estimate[EVALUATION_DEPTHS][EVALUATION_METRICS];
    for (size_t part = 0; part <= (folds > 1 ? folds : 0); part++) {
        size_t first = r * folds + (part ? part - 1 : 0), n = part ? 1 : folds;
        double seconds = 0, cpu = 0, trained = 0;
        uint32_t resamples = part ? 0 : (uint32_t)all->settings->resamples;
        enum status status = evaluation_estimate(self->evaluation + first, n, resamples,
                                                 &self->team, estimate);
        if (status) return status;
        for (size_t f = first; f < first + n; f++) {
            seconds += self->seconds[f];
            cpu += self->cpu[f];
            trained += self->trained[f];
        }
        for (size_t d = 0; d < depths; d++) {
            struct evaluation_row *row = &all->row[all->rows++];
            row->algorithm = all->recommender[r]->about.name;
            row->k = self->options.depth[d];
            row->fold = (uint32_t)part;
            row->train_s = seconds / (double)n;
            row->train_cpu_s = cpu / (double)n;
            row->ratings_per_s = trained / seconds;
            memcpy(row->metric, estimate[d], sizeof row->metric);
        }
    }
    return STATUS_OK;
}

static enum status trial_init(struct trial *self, struct evaluate *all)
{
    const struct evaluate_parameters *p = all->settings;
    size_t cells = all->recommenders * all->folds, depths = (size_t)p->k.count;
    *self = (struct trial){.all = all,
                           .options = {.depths = depths,
                                       .relevant_from = (float)p->relevant_from,
                                       .graded = p->ndcg == NDCG_GRADED}};
    for (size_t d = 0; d < depths; d++) self->options.depth[d] = (uint32_t)p->k.value[d];
    team_init(&self->team, all->arguments->threads);
    self->evaluation = memory_alloc(cells, sizeof *self->evaluation);
    self->seconds = memory_alloc(cells, sizeof *self->seconds);
    self->cpu = memory_alloc(cells, sizeof *self->cpu);
    self->trained = memory_alloc(cells, sizeof *self->trained);
    all->row = memory_alloc(all->recommenders * depths * (all->folds + 1), sizeof *all->row);
    bool good = self->evaluation && self->seconds && self->cpu && self->trained && all->row;
    return good ? STATUS_OK : STATUS_NO_MEMORY;
}

static void trial_free(struct trial *self)
{
    size_t cells = self->all->recommenders * self->all->folds;
    for (size_t c = 0; self->evaluation && c < cells; c++)
        evaluation_free(&self->evaluation[c]);
    memory_free(self->evaluation);
    memory_free(self->seconds);
    memory_free(self->cpu);
    memory_free(self->trained);
    team_free(&self->team);
}

static enum status try_all(struct evaluate *all, struct errors *errors)
{
    struct trial trial;
    enum status status = trial_init(&trial, all);
    bool noisy = !all->arguments->quiet && !all->arguments->json;
    for (size_t f = 0; f < all->folds && !status; f++) {
        status = divide(&trial, f, errors);
        if (!status) status = try_fold(&trial, f);
    }
    if (noisy && all->folds * all->recommenders > 1) fprintf(stderr, "\r%40s\r", "");
    for (size_t r = 0; r < all->recommenders && !status; r++) status = sum_up(&trial, r);
    trial_free(&trial);
    return status;
}

static enum status report(const struct evaluate *self, struct errors *errors)
{
    const struct arguments *arguments = self->arguments;
    const char *log = arguments->evaluate[EVALUATE_LOG];
    if (!log) log = arguments->evaluate[EVALUATE_TRAIN];
    if (!log) log = arguments->operand[0];
    const char *slash = strrchr(log, '/');
    const struct evaluation_table table = {.row = self->row,
                                           .rows = self->rows,
                                           .words = self->words,
                                           .formats = arguments->format ? arguments->format
                                                                        : "png,svg",
                                           .title = slash ? slash + 1 : log,
                                           .plots = arguments->plots,
                                           .quiet = arguments->quiet};
    evaluate_print(self, arguments->json);
    return arguments->out ? evaluation_table_write(&table, arguments->out, errors) : STATUS_OK;
}

static enum status evaluate(struct evaluate *self, struct errors *errors)
{
    size_t length;
    FILE *words = open_memstream(&self->words, &length);
    if (!words) return STATUS_NO_MEMORY;
    enum status status = choose(self, errors);
    if (!status) status = evaluate_read(self, words, errors);
    if (!status) status = log_figures_of(&self->log.rows, &self->figures);
    if (!status) evaluate_protocol(self, words);
    if (fclose(words) && !status) status = STATUS_NO_MEMORY;
    if (!status) status = try_all(self, errors);
    return status ? status : report(self, errors);
}

enum status command_evaluate(const struct arguments *arguments, struct errors *errors)
{
    struct parameters parameters = {0};
    struct evaluate self = {.arguments = arguments, .parameters = &parameters};
    enum status status = evaluate_settings(&parameters, arguments, errors);
    if (!status) {
        self.settings = parameters_block(&parameters, "evaluate");
        status = evaluate(&self, errors);
    }
    for (size_t f = 0; self.given && f < self.folds; f++) interactions_free(&self.given[f]);
    memory_free(self.given);
    memory_free(self.recommender);
    memory_free(self.row);
    free(self.words);
    log_free(&self.log);
    parameters_free(&parameters);
    return status;
}
