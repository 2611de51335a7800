/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void codes_and_texts(void **state)
{
    (void)state;
    assert_int_equal(status_exit_code(STATUS_OK), 0);
    assert_int_equal(status_exit_code(STATUS_NO_MEMORY), 1);
    assert_int_equal(status_exit_code(STATUS_IO), 1);
    assert_int_equal(status_exit_code(STATUS_BAD_INPUT), 2);
    assert_int_equal(status_exit_code(STATUS_USAGE), 2);
    assert_int_equal(status_exit_code(STATUS_INTERRUPTED), 3);
    assert_string_equal(status_text(STATUS_NO_MEMORY), "out of memory");
    assert_int_equal(status_exit_code((enum status)99), 1);
    assert_string_equal(status_text((enum status)99), "unknown status");
}

static void lines_in_order(void **state)
{
    struct errors errors = {0};

    (void)state;
    assert_int_equal(errors_add(&errors, STATUS_BAD_INPUT, "a.cfg:%d: %s", 12, "first"),
                     STATUS_BAD_INPUT);
    assert_int_equal(errors_add(&errors, STATUS_IO, "second"), STATUS_IO);
    assert_string_equal(errors.text, "a.cfg:12: first\nsecond\n");
    assert_int_equal(errors.length, strlen(errors.text));
    assert_int_equal(errors.count, 2);
    errors_free(&errors);
    assert_null(errors.text);
    errors_free(&errors);
}

/* Whoever does not want the words passes NULL. */
static void nobody_listens(void **state)
{
    (void)state;
    assert_int_equal(errors_add(NULL, STATUS_FAULT, "lost"), STATUS_FAULT);
}

static void keeps_200_lines_and_counts_all(void **state)
{
    struct errors errors = {0};
    size_t lines = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) errors_add(&errors, STATUS_BAD_INPUT, "line %d", i);
    for (size_t i = 0; i < errors.length; i++) lines += errors.text[i] == '\n';
    assert_int_equal(lines, 200);
    assert_int_equal(errors.count, 1000);
    assert_non_null(strstr(errors.text, "line 199\n"));
    assert_null(strstr(errors.text, "line 200\n"));
    errors_free(&errors);
}

static void long_lines_are_whole(void **state)
{
    struct errors errors = {0};
    char text[10001];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    errors_add(&errors, STATUS_BAD_INPUT, "%s", text);
    assert_int_equal(errors.length, 10001);
    assert_memory_equal(errors.text, text, 10000);
    errors_free(&errors);
}

/* A failed requirement ends the process with SIGABRT and says where. */
static void requirement_aborts(void **state)
{
    int ends[2], result = 0;
    char text[256] = "";
    pid_t child;

    (void)state;
    require(1 + 1 == 2);
    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        signal(SIGABRT, SIG_DFL);
        require(1 + 1 == 3);
        _exit(0);
    }
    close(ends[1]);
    assert_true(read(ends[0], text, sizeof text - 1) > 0);
    close(ends[0]);
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_true(WIFSIGNALED(result));
    assert_int_equal(WTERMSIG(result), SIGABRT);
    assert_non_null(strstr(text, "test_status.c:"));
    assert_non_null(strstr(text, "1 + 1 == 3"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_and_texts),
        cmocka_unit_test(lines_in_order),
        cmocka_unit_test(nobody_listens),
        cmocka_unit_test(keeps_200_lines_and_counts_all),
        cmocka_unit_test(long_lines_are_whole),
        cmocka_unit_test(requirement_aborts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
