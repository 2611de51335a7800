/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Trials in processes of their own: a small shell script stands for the program.
 */
#include "experiment/crew.h"

#include <glob.h>
#include <signal.h>
#include <sys/wait.h>

#include "../io/lab.h"

/* What the script does is in the setting: "ok", "fail", "crash", "slow", "flaky". */
static const char script[] =
    "#!/bin/bash\n"
    "scenario=$2; set=$4; out=${*: -1}\n"
    "mkdir -p \"$out\"; echo \"$*\" >\"$out/words\"\n"
    "case $set in\n"
    "fail) echo 'it went wrong' >&2; exit 1;;\n"
    "crash) kill -SEGV $$;;\n"
    "stop) exit 3;;\n"
    "slow) echo $$ >\"$scenario.pid\"; exec sleep 60;;\n"
    "flaky) if [ ! -e \"$scenario.tried\" ]; then touch \"$scenario.tried\"; exit 1; fi;;\n"
    "esac\n"
    "echo '{}' >\"$out/manifest.json\"\n";

struct box {
    char *folder, *program, *scenario;
    const char *const *acts; /* of each trial */
    uint64_t count, next;
    char trial_folder[300];
    struct crew_progress progress;
    struct errors errors;
};

static struct box box_open(const char *const *acts, uint64_t count)
{
    struct box b = {.folder = lab_open(), .acts = acts, .count = count};
    b.program = file_join(b.folder, "program");
    b.scenario = file_join(b.folder, "a.cfg");
    lab_write(b.program, script, sizeof script - 1);
    assert_int_equal(chmod(b.program, 0755), 0);
    return b;
}

static void box_close(struct box *b)
{
    free(b->program);
    free(b->scenario);
    lab_close(b->folder);
    errors_free(&b->errors);
}

static const char *folder_of(struct box *b, uint64_t number)
{
    snprintf(b->trial_folder, sizeof b->trial_folder, "%s/t%d", b->folder, (int)number);
    return b->trial_folder;
}

static enum status next(void *context, struct trial *trial)
{
    struct box *b = context;
    if (b->next == b->count) return STATUS_OK;
    *trial = (struct trial){.scenario = b->scenario,
                            .set = &b->acts[b->next],
                            .set_count = 1,
                            .seeded = true,
                            .seed = 7,
                            .replicate = (int64_t)b->next,
                            .folder = folder_of(b, b->next)};
    b->next++;
    return STATUS_OK;
}

static enum status again(void *context)
{
    ((struct box *)context)->next = 0;
    return STATUS_OK;
}

static struct crew_options usual(const struct box *b)
{
    return (struct crew_options){.jobs = 2, .threads = 1, .program = b->program};
}

static enum status run(struct box *b, const struct crew_options *options)
{
    const struct crew_source source = {b, next, again};
    b->next = 0;
    errors_free(&b->errors);
    return crew_run(options, &source, &b->progress, &b->errors);
}

static enum trial_state state(struct box *b, uint64_t number)
{
    return trial_state(folder_of(b, number));
}

static size_t attempts(const struct box *b)
{
    char pattern[300];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/*.attempt-*", b->folder);
    size_t count = glob(pattern, 0, NULL, &found) == 0 ? found.gl_pathc : 0;
    if (count) globfree(&found);
    return count;
}

static void all_are_run_and_done_ones_are_passed_over(void **unused)
{
    (void)unused;
    static const char *const acts[] = {"ok", "ok", "ok", "ok", "ok"};
    struct box b = box_open(acts, 5);
    const struct crew_options options = usual(&b);
    assert_int_equal(run(&b, &options), STATUS_OK);
    assert_int_equal(b.progress.done, 5);
    for (uint64_t i = 0; i < 5; i++) assert_int_equal(state(&b, i), TRIAL_DONE);
    assert_int_equal(attempts(&b), 0);
    assert_int_equal(run(&b, &options), STATUS_OK);
    assert_int_equal(b.progress.done, 0);
    assert_int_equal(b.progress.before, 5);
    box_close(&b);
}

static void the_command_is_that_of_a_person(void **unused)
{
    (void)unused;
    static const char *const acts[] = {"revenue.ads.cpm=12"};
    struct box b = box_open(acts, 1);
    struct trial trial = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    static const char *const set[] = {"run.name=it's", "viewers.count=10"};
    b.count = 1;
    assert_int_equal(next(&b, &trial), STATUS_OK);
    trial.set = set;
    trial.set_count = 2;
    trial.scenario = "a b.cfg";
    trial.folder = "out/1";
    assert_int_equal(trial_print(&trial, "reelsim", to), STATUS_OK);
    fclose(to);
    assert_string_equal(text, "reelsim run 'a b.cfg' --set 'run.name=it'\\''s' --set "
                              "viewers.count=10 --set run.replicate=0 --set run.seed=7 "
                              "--tables series,cohorts --quiet --no-plots --threads 1 --out "
                              "out/1\n");
    free(text);
    box_close(&b);
}

static void failures_are_recorded_and_the_rest_go_on(void **unused)
{
    (void)unused;
    static const char *const acts[] = {"ok", "fail", "crash", "ok"};
    struct box b = box_open(acts, 4);
    struct trial_failure why;
    struct crew_options options = usual(&b);
    assert_int_equal(run(&b, &options), STATUS_OK);
    assert_int_equal(b.progress.done, 2);
    assert_int_equal(b.progress.failed, 2);
    assert_int_equal(state(&b, 1), TRIAL_FAILED);
    assert_true(trial_failure_read(folder_of(&b, 1), &why));
    assert_int_equal(why.exit_code, 1);
    assert_int_equal(why.seed, 7);
    assert_int_equal(why.replicate, 1);
    assert_string_equal(why.message, "it went wrong");
    assert_true(trial_failure_read(folder_of(&b, 2), &why));
    assert_int_equal(why.exit_code, 128 + SIGSEGV);
    assert_non_null(strstr(why.message, "ended by signal 11 (Segmentation fault)"));
    assert_false(trial_failure_read(folder_of(&b, 0), &why));
    assert_int_equal(run(&b, &options), STATUS_OK);
    assert_int_equal(b.progress.failed_before, 2);
    assert_int_equal(b.progress.failed, 0);

    static const char *const mended[] = {"ok", "ok", "fail", "ok"};
    b.acts = mended;
    options.again = true;
    assert_int_equal(run(&b, &options), STATUS_OK);
    assert_int_equal(b.progress.done, 1);
    assert_int_equal(b.progress.failed, 1);
    assert_int_equal(state(&b, 1), TRIAL_DONE);
    assert_true(trial_failure_read(folder_of(&b, 2), &why));
    assert_int_equal(why.exit_code, 1);
    assert_int_equal(attempts(&b), 0);
    box_close(&b);
}

static void policies(void **unused)
{
    (void)unused;
    static const char *const acts[] = {"fail", "ok", "ok", "ok"};
    struct box b = box_open(acts, 4);
    struct crew_options options = usual(&b);
    options.policy = CREW_STOP;
    options.jobs = 1;
    assert_int_equal(run(&b, &options), STATUS_FAULT);
    assert_says(&b.errors, "it went wrong");
    assert_int_equal(state(&b, 1), TRIAL_ABSENT);
    static const char *const flaky[] = {"flaky"};
    b.acts = flaky;
    b.count = 1;
    options.policy = CREW_RETRY;
    options.again = true;
    assert_int_equal(run(&b, &options), STATUS_OK);
    assert_int_equal(b.progress.done, 1);
    assert_int_equal(state(&b, 0), TRIAL_DONE);
    box_close(&b);
}

static void a_run_that_was_told_to_stop_stops_all(void **unused)
{
    (void)unused;
    static const char *const acts[] = {"stop", "slow"};
    struct box b = box_open(acts, 2);
    const struct crew_options options = usual(&b);
    assert_int_equal(run(&b, &options), STATUS_INTERRUPTED);
    assert_int_equal(state(&b, 0), TRIAL_ABSENT);
    assert_int_equal(state(&b, 1), TRIAL_ABSENT);
    assert_int_equal(attempts(&b), 0);
    box_close(&b);
}

/* All that have begun have ended when it returns. */
static void wait_a_while(void *context, const struct crew_progress *progress)
{
    (void)context;
    if (progress->running) usleep(500000);
}

/* The first of two that end in the same moment ends the crew. */
static void what_had_ended_well_by_then_is_kept(void **unused)
{
    (void)unused;
    static const char *const acts[][2] = {{"fail", "ok"}, {"stop", "ok"}};
    static const enum status ends[] = {STATUS_FAULT, STATUS_INTERRUPTED};
    for (size_t i = 0; i < 2; i++) {
        struct box b = box_open(acts[i], 2);
        struct crew_options options = usual(&b);
        options.policy = CREW_STOP;
        options.show = wait_a_while;
        assert_int_equal(run(&b, &options), ends[i]);
        assert_int_equal(state(&b, 1), TRIAL_DONE);
        assert_int_equal(b.progress.done, 1);
        assert_int_equal(attempts(&b), 0);
        box_close(&b);
    }
}

/* The process that `slow` wrote down; 0 when there is none any more, after a while. */
static pid_t slow_one(const struct box *b, bool wanted)
{
    char path[300];
    snprintf(path, sizeof path, "%s.pid", b->scenario);
    for (int tries = 0; tries < 1000; tries++) {
        int number = 0;
        FILE *file = fopen(path, "r");
        if (file && fscanf(file, "%d", &number) != 1) number = 0;
        if (file) fclose(file);
        bool there = number > 0 && kill(number, 0) == 0;
        if (there == wanted) return there ? number : 0;
        usleep(10000);
    }
    return -1;
}

static void a_killed_crew_takes_its_runs_along_and_is_cleaned_up_after(void **unused)
{
    (void)unused;
    static const char *const slow[] = {"slow"}, *const acts[] = {"ok"};
    struct box b = box_open(slow, 1);
    const struct crew_options options = usual(&b);
    pid_t crew = fork();
    if (crew == 0) _exit(run(&b, &options) ? 1 : 0);
    assert_true(slow_one(&b, true) > 0);
    assert_int_equal(attempts(&b), 1);
    kill(crew, SIGKILL);
    waitpid(crew, NULL, 0);
    assert_int_equal(slow_one(&b, false), 0);
    assert_int_equal(state(&b, 0), TRIAL_ABSENT);
    b.acts = acts;
    assert_int_equal(run(&b, &options), STATUS_OK);
    assert_int_equal(attempts(&b), 0);
    assert_int_equal(state(&b, 0), TRIAL_DONE);
    box_close(&b);
}

static void sizes(void **unused)
{
    (void)unused;
    const struct crew_machine machine = {8, 10e9};
    static const struct {
        double bytes;
        uint64_t trials;
        uint32_t jobs, threads, jobs_out, threads_out;
    } row[] = {
        {1e8, 100, 0, 0, 8, 1}, {2e9, 100, 0, 0, 4, 2}, {2e10, 100, 0, 0, 1, 8},
        {1e8, 2, 0, 0, 2, 4},   {1e8, 100, 3, 0, 3, 2}, {1e8, 100, 0, 4, 2, 4},
        {0, 0, 0, 0, 8, 1},     {2e9, 9, 16, 3, 16, 3},
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        uint32_t jobs = row[i].jobs, threads = row[i].threads;
        crew_size(&machine, row[i].bytes, row[i].trials, &jobs, &threads);
        assert_int_equal(jobs, row[i].jobs_out);
        assert_int_equal(threads, row[i].threads_out);
    }
    struct crew_machine here = crew_machine();
    assert_true(here.cores >= 1 && here.free_bytes > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_run_and_done_ones_are_passed_over),
        cmocka_unit_test(the_command_is_that_of_a_person),
        cmocka_unit_test(failures_are_recorded_and_the_rest_go_on),
        cmocka_unit_test(policies),
        cmocka_unit_test(a_run_that_was_told_to_stop_stops_all),
        cmocka_unit_test(what_had_ended_well_by_then_is_kept),
        cmocka_unit_test(a_killed_crew_takes_its_runs_along_and_is_cleaned_up_after),
        cmocka_unit_test(sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
