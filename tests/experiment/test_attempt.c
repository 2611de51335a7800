/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Attempts of crews that start side by side: who tidies up leaves those alone whose owner
 * lives.
 */
#include "experiment/attempt.h"

#include <signal.h>
#include <sys/wait.h>

#include "../io/lab.h"

#define CLEANERS 3
#define ATTEMPTS 1500 /* of which 7 were lost when one could be */

static void clean_for_ever(const char *place)
{
    for (;;) attempt_clean(place);
}

static void a_new_one_is_never_tidied_away(void **unused)
{
    (void)unused;
    struct errors errors = {0};
    char *place = lab_open(), *trial = file_join(place, "0-0");
    pid_t cleaner[CLEANERS];
    for (int i = 0; i < CLEANERS; i++) {
        cleaner[i] = fork();
        if (cleaner[i] == 0) clean_for_ever(place);
    }
    int begun = 0, lost = 0;
    for (int i = 0; i < ATTEMPTS; i++) {
        struct attempt attempt;
        /* five tries may all be met by who tidies up: that is an error, not a loss */
        if (attempt_begin(&attempt, trial, &errors) == STATUS_OK) {
            begun++;
            lost += !file_exists(attempt.folder);
        }
        attempt_drop(&attempt);
    }
    for (int i = 0; i < CLEANERS; i++) {
        kill(cleaner[i], SIGKILL);
        waitpid(cleaner[i], NULL, 0);
    }
    assert_true(begun > ATTEMPTS / 10);
    assert_int_equal(lost, 0);
    errors_free(&errors);
    free(trial);
    lab_close(place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_new_one_is_never_tidied_away)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
