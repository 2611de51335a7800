/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LINK: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup,--wrap=strndup */
/*
 * The k-th allocation fails, for every k: from a scenario file over the world and a window to a
 * checkpoint and back, each failure is a status, never a crash; under AddressSanitizer never a
 * leak either.
 */
#include "io/checkpoint.h"
#include "io/resolved.h"
#include "io/results.h"
#include "io/scenario.h"
#include "lab.h"
#include "sim/sim.h"

/* Allocations left until one fails; below 0 none does. The wrapped functions know no other way
 * to be told. */
static long left = -1, made, counted;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *pointer, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *pointer, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t size);

static bool fails(void)
{
    ++made;
    if (left < 0) return false;
    return left-- == 0;
}

void *__wrap_malloc(size_t size) { return fails() ? NULL : __real_malloc(size); }
void *__wrap_calloc(size_t n, size_t size) { return fails() ? NULL : __real_calloc(n, size); }
void *__wrap_realloc(void *p, size_t size) { return fails() ? NULL : __real_realloc(p, size); }
char *__wrap_strdup(const char *text) { return fails() ? NULL : __real_strdup(text); }
char *__wrap_strndup(const char *text, size_t size)
{
    return fails() ? NULL : __real_strndup(text, size);
}

static const char scenario[] =
    "viewers : { count = 60; };\n"
    "creators : { count = 6; backlog_days = 2.0; };\n"
    "run : { days = 1; shards = 2; };\n"
    "platform : { clusters = 16; };\n"
    "policy : { changes = ( { day = 0; set = \"platform.ads.load\"; value = \"0.2\"; } ); };\n"
    "measure : { panel = 10; sample = 10; };\n";

struct job {
    char *folder, *file, *checkpoint;
    struct errors errors;
    char *resolved;
    struct model model;
    struct sim *sim;
    struct results results;
};

static void visit(void *context, struct visitor *v)
{
    struct job *job = context;
    const struct resolved resolved = {job->resolved, 0};
    resolved_visit(&resolved, v, "here", &job->errors);
    if (!v->status) sim_visit(job->sim, v);
    if (!v->status) results_visit(&job->results, v);
}

static enum status make(struct job *job)
{
    const struct sim_options options = {.threads = 1, .sink = results_sink(&job->results)};
    enum status status = model_init(&job->model, NULL, &job->errors);
    if (!status) status = scenario_read(&job->model.parameters, job->file, &job->errors);
    if (status) return status;
    job->resolved = resolved_text(&job->model.parameters);
    if (!job->resolved) return STATUS_NO_MEMORY;
    return sim_init(&job->sim, &job->model, &options, &job->errors);
}

static void drop(struct job *job)
{
    sim_free(job->sim);
    model_free(&job->model);
    free(job->resolved);
    job->sim = NULL;
    job->resolved = NULL;
}

static void shape(struct job *job)
{
    for (int t = 0; t < TABLES; t++)
        results_shape(&job->results, (enum table_id)t, sim_shape(job->sim, (enum table_id)t));
}

static enum status first_part(struct job *job)
{
    const struct results_options options = {.folder = job->folder, .force = true};
    enum status status = make(job);
    if (!status) status = results_open(&job->results, &options, &job->errors);
    if (!status) shape(job);
    if (!status) status = sim_populate(job->sim);
    for (int w = 0; w < 3 && !status; w++) status = sim_step(job->sim, &job->errors);
    if (!status) status = results_mark(&job->results, &job->errors);
    if (!status) status = checkpoint_save(job->checkpoint, visit, job, &job->errors);
    drop(job);
    return status;
}

static enum status second_part(struct job *job)
{
    enum status status = make(job);
    if (!status) shape(job);
    if (!status) status = checkpoint_load(job->checkpoint, visit, job, &job->errors);
    if (!status) status = sim_restored(job->sim);
    if (!status) status = results_rewind(&job->results, &job->errors);
    if (!status) status = sim_step(job->sim, &job->errors);
    if (!status) status = sim_finish(job->sim);
    if (!status) status = results_close(&job->results, &job->errors);
    drop(job);
    return status;
}

/* The status with the k-th allocation failing; with k < 0 none does. */
static enum status attempt(const char *folder, long k)
{
    struct job job = {.results.lock = -1};
    job.folder = file_join(folder, "out");
    job.file = file_join(folder, "a.cfg");
    job.checkpoint = file_join(folder, "out.partial/checkpoint");
    left = k;
    made = 0;
    enum status status = first_part(&job);
    if (!status) status = second_part(&job);
    left = -1;
    counted = made;
    results_discard(&job.results);
    errors_free(&job.errors);
    free(job.folder);
    free(job.file);
    free(job.checkpoint);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    char *folder = lab_open(), *file = file_join(folder, "a.cfg");
    lab_write(file, scenario, strlen(scenario));
    enum status whole = attempt(folder, -1);
    long all = counted, passed = 0, wrong = 0;
    const char *every = getenv("REELSIM_EVERY_ALLOCATION");
    long step = every ? 1 : all / 150 + 1;
    for (long k = 0; k < all && !whole; k += step) {
        enum status status = attempt(folder, k);
        if (!status) ++passed;
        if (status && status != STATUS_NO_MEMORY && status != STATUS_IO) {
            print_error("allocation %ld of %ld: %s\n", k, all, status_text(status));
            ++wrong;
        }
    }
    free(file);
    lab_close(folder);
    assert_int_equal(whole, STATUS_OK);
    assert_true(all > 300);
    assert_int_equal(wrong, 0);
    /* a look at what is there, and a metric's memory of single impressions */
    assert_true(passed <= all / step / 40 + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
