/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LINK: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup,--wrap=strndup */
/*
 * `reelsim evaluate` and `reelsim fit` with the k-th allocation failing, for every k: reading,
 * splitting, training, judging and writing end with a status, never a crash, and leave no file
 * that is half one; under AddressSanitizer never a leak either.
 */
#include "cli/command.h"

#include <fcntl.h>

#include "io/audience.h"
#include "io/lab.h"

/* Allocations left until one fails; below 0 none does. The wrapped functions know no other way
 * to be told. */
static long left = -1, made;

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

/* A header, and 8 users with 6 items each. */
static void write_log(const char *path)
{
    char text[4096];
    int used = snprintf(text, sizeof text, "user,item,value,time,author,like\n");
    for (int u = 0; u < 8; u++)
        for (int n = 0; n < 6; n++)
            used += snprintf(text + used, sizeof text - (size_t)used, "u%d,v%d,%d,%d,a%d,%d\n",
                             u, (u + n * n) % 9, 1 + (u + n) % 5, 1000000 + 4000 * n + u, n % 3,
                             n % 2);
    lab_write(path, text, (size_t)used);
}

typedef enum status (*command)(const struct arguments *arguments, struct errors *errors);

/* The status with the k-th allocation failing, k < 0 = none; what it prints is thrown away. */
static enum status attempt(command run, const struct arguments *arguments, long k)
{
    struct errors errors = {0};
    int out = dup(STDOUT_FILENO), nowhere = open("/dev/null", O_WRONLY);
    fflush(stdout);
    dup2(nowhere, STDOUT_FILENO);
    made = 0;
    left = k;
    enum status status = run(arguments, &errors);
    left = -1;
    fflush(stdout);
    dup2(out, STDOUT_FILENO);
    close(out);
    close(nowhere);
    if (status && k < 0) print_message("%s", errors.text ? errors.text : "");
    errors_free(&errors);
    return status;
}

/* Whether what a command left behind under its final name is whole, or not there. */
typedef bool (*leavings)(const char *path);

static void every_allocation(command run, const struct arguments *arguments, leavings whole,
                             long least)
{
    enum status status = attempt(run, arguments, -1);
    const long all = made;
    long passed = 0, wrong = 0;
    bool good = whole(arguments->out);
    for (long k = 0; k < all && !status; k++) {
        enum status found = attempt(run, arguments, k);
        passed += found == STATUS_OK;
        good = good && whole(arguments->out);
        if (!found || found == STATUS_NO_MEMORY || found == STATUS_IO) continue;
        print_error("allocation %ld of %ld: %s\n", k, all, status_text(found));
        wrong++;
    }
    assert_int_equal(status, STATUS_OK);
    assert_true(good);
    assert_true(all >= least);
    assert_int_equal(wrong, 0);
    assert_int_equal(passed, 0);
}

static bool folder_is_whole(const char *path)
{
    size_t size;
    char *table = file_join(path, "evaluation.csv"), *text = lab_read(table, &size);
    bool good = !text || (size && text[size - 1] == '\n');
    free(table);
    free(text);
    return good;
}

static void test_evaluate(void **state)
{
    char *folder = lab_open(), *log = file_join(folder, "log.csv"),
         *out = file_join(folder, "out");
    const struct arguments arguments = {.command = "evaluate",
                                        .operand = {log},
                                        .operand_count = 1,
                                        .out = out,
                                        .set = {"evaluate.bpr.epochs=1", "evaluate.mf.epochs=1",
                                                "evaluate.fm.epochs=1", "evaluate.als.epochs=1",
                                                "evaluate.folds=2", "evaluate.validation=0.2",
                                                "evaluate.mf.implicit=true"},
                                        .set_count = 7,
                                        .threads = 1,
                                        .quiet = true};
    (void)state;
    write_log(log);
    every_allocation(command_evaluate, &arguments, folder_is_whole, 200);
    free(log);
    free(out);
    lab_close(folder);
}

static void test_evaluate_of_given_files(void **state)
{
    char *folder = lab_open(), *log = file_join(folder, "log.csv"),
         *out = file_join(folder, "out");
    const struct arguments arguments = {
        .command = "evaluate",
        .operand = {log},
        .operand_count = 1,
        .evaluate = {[EVALUATE_TEST] = log, [EVALUATE_ALGORITHM] = "popular"},
        .out = out,
        .threads = 1,
        .quiet = true};
    struct arguments apart = arguments;
    (void)state;
    write_log(log);
    /* All rows are of the test: nothing is left to train on, whatever memory there is. */
    assert_int_equal(attempt(command_evaluate, &arguments, -1), STATUS_BAD_INPUT);
    apart.operand_count = 0;
    apart.evaluate[EVALUATE_TRAIN] = log;
    every_allocation(command_evaluate, &apart, folder_is_whole, 30);
    free(log);
    free(out);
    lab_close(folder);
}

static bool audience_is_whole(const char *path)
{
    struct audience audience = {0};
    struct errors errors = {0};
    bool good = access(path, F_OK) || audience_load(&audience, path, &errors) == STATUS_OK;
    audience_free(&audience);
    errors_free(&errors);
    return good;
}

static void test_fit(void **state)
{
    char *folder = lab_open(), *log = file_join(folder, "log.csv"),
         *out = file_join(folder, "people");
    const struct arguments arguments = {.command = "fit",
                                        .operand = {log},
                                        .operand_count = 1,
                                        .out = out,
                                        .set = {"evaluate.bpr.epochs=1"},
                                        .set_count = 1,
                                        .threads = 1,
                                        .quiet = true};
    (void)state;
    write_log(log);
    every_allocation(command_fit, &arguments, audience_is_whole, 40);
    free(log);
    free(out);
    lab_close(folder);
}

/* The reader of what fit wrote. */
static void test_audience_reader(void **state)
{
    char *folder = lab_open(), *log = file_join(folder, "log.csv"),
         *out = file_join(folder, "people");
    const struct arguments arguments = {.command = "fit",
                                        .operand = {log},
                                        .operand_count = 1,
                                        .out = out,
                                        .set = {"evaluate.bpr.epochs=1"},
                                        .set_count = 1,
                                        .threads = 1,
                                        .quiet = true};
    enum status status, made_it;
    long k = 0, wrong = 0;
    (void)state;
    write_log(log);
    made_it = attempt(command_fit, &arguments, -1);
    do {
        struct audience audience = {0};
        struct errors errors = {0};
        left = k;
        status = audience_load(&audience, out, &errors);
        left = -1;
        wrong += status && status != STATUS_NO_MEMORY && status != STATUS_IO;
        audience_free(&audience);
        errors_free(&errors);
    } while (status && ++k < 1000);
    free(log);
    free(out);
    lab_close(folder);
    assert_int_equal(made_it, STATUS_OK);
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(wrong, 0);
    assert_true(k >= 2); /* viewers and videos at least */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_evaluate), cmocka_unit_test(test_evaluate_of_given_files),
        cmocka_unit_test(test_fit), cmocka_unit_test(test_audience_reader)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
