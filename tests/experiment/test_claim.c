/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Claims: one of several gets it; that of a process that died, or of a host that is silent, may
 * be taken over, that of one that lives may not.
 */
#include "experiment/claim.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "../io/lab.h"

#define STALE_S 30.0

static bool take(struct claim *claim, const char *folder)
{
    struct errors errors = {0};
    bool held = false;
    assert_int_equal(claim_take(claim, folder, STALE_S, &held, &errors), STATUS_OK);
    assert_int_equal(held, claim->path == NULL);
    errors_free(&errors);
    return !held;
}

/* A claim of another host, last touched that long ago. */
static void of_another_host(const char *folder, double seconds_ago)
{
    char path[4096];
    snprintf(path, sizeof path, "%s.claim", folder);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    const struct timespec when = {.tv_sec = time(NULL) - (time_t)seconds_ago};
    const struct timespec times[] = {when, when};
    assert_true(file >= 0);
    assert_int_equal(dprintf(file, "of.another.host 1\n"), 18);
    assert_int_equal(futimens(file, times), 0);
    close(file);
}

static void who_lives_keeps_it(void **unused)
{
    (void)unused;
    char *place = lab_open(), *folder = file_join(place, "0-0");
    struct claim mine, other;
    assert_false(claim_is_there(folder));
    assert_true(take(&mine, folder));
    assert_true(claim_is_there(folder));
    assert_false(take(&other, folder));
    claim_release(&other); /* of nothing */
    assert_true(claim_is_there(folder));
    claim_release(&mine);
    assert_false(claim_is_there(folder));
    assert_true(take(&other, folder));
    claim_release(&other);
    free(folder);
    lab_close(place);
}

static void that_of_a_dead_process_is_taken_over(void **unused)
{
    (void)unused;
    char *place = lab_open(), *folder = file_join(place, "0-0");
    struct claim mine;
    pid_t child = fork();
    if (child == 0) {
        take(&mine, folder);
        raise(SIGKILL);
    }
    waitpid(child, NULL, 0);
    assert_true(claim_is_there(folder));
    assert_true(take(&mine, folder));
    claim_release(&mine);
    free(folder);
    lab_close(place);
}

static void that_of_a_silent_host_goes_by_age(void **unused)
{
    (void)unused;
    char *place = lab_open(), *folder = file_join(place, "0-0");
    struct claim mine;
    of_another_host(folder, STALE_S / 3);
    assert_false(take(&mine, folder));
    assert_true(claim_is_there(folder));
    of_another_host(folder, STALE_S * 3);
    assert_true(take(&mine, folder));
    claim_release(&mine);
    free(folder);
    lab_close(place);
}

static void a_beat_keeps_it_young(void **unused)
{
    (void)unused;
    char *place = lab_open(), *folder = file_join(place, "0-0");
    struct claim mine;
    struct stat about;
    const struct timespec old[] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    assert_true(take(&mine, folder));
    assert_int_equal(futimens(mine.lock, old), 0);
    claim_beat(&mine); /* it is not time yet */
    assert_int_equal(fstat(mine.lock, &about), 0);
    assert_int_equal(about.st_mtim.tv_sec, 1000);
    mine.touched -= STALE_S / 4;
    claim_beat(&mine);
    assert_int_equal(fstat(mine.lock, &about), 0);
    assert_true(about.st_mtim.tv_sec > 1000);
    claim_release(&mine);
    claim_beat(&mine); /* of nothing */
    free(folder);
    lab_close(place);
}

static void who_lost_it_leaves_the_others(void **unused)
{
    (void)unused;
    char *place = lab_open(), *folder = file_join(place, "0-0");
    struct claim mine;
    assert_true(take(&mine, folder));
    assert_int_equal(unlink(mine.path), 0);
    of_another_host(folder, 0);
    claim_release(&mine);
    assert_true(claim_is_there(folder));
    free(folder);
    lab_close(place);
}

static void without_a_place_it_is_an_error(void **unused)
{
    (void)unused;
    struct claim mine;
    struct errors errors = {0};
    bool held = false;
    assert_int_equal(claim_take(&mine, "/nowhere/at/all", STALE_S, &held, &errors), STATUS_IO);
    assert_false(held);
    assert_null(mine.path);
    claim_release(&mine);
    errors_free(&errors);
}

/* Several begin at once, every other time over a dead claim: one gets it. They live until all
 * have looked. */
#define CLAIMERS 4

struct race {
    int start[2], report[2], end[2]; /* pipes */
};

static void claim_once(const char *folder, const struct race *race)
{
    struct claim mine;
    char go;
    close(race->start[1]);
    close(race->end[1]);
    if (read(race->start[0], &go, 1) != 0) _exit(1);
    char got = take(&mine, folder);
    if (write(race->report[1], &got, 1) != 1 || read(race->end[0], &go, 1) != 0) _exit(1);
    _exit(0);
}

static int run_race(const char *folder)
{
    struct race race;
    int got = 0, state;
    assert_int_equal(pipe(race.start) + pipe(race.report) + pipe(race.end), 0);
    for (int i = 0; i < CLAIMERS; i++)
        if (fork() == 0) claim_once(folder, &race);
    close(race.start[1]);
    for (int i = 0; i < CLAIMERS; i++) {
        char one;
        assert_int_equal(read(race.report[0], &one, 1), 1);
        got += one;
    }
    close(race.end[1]);
    for (int i = 0; i < CLAIMERS; i++) {
        assert_true(wait(&state) > 0);
        assert_int_equal(state, 0);
    }
    const int left[] = {race.start[0], race.report[0], race.report[1], race.end[0]};
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++) close(left[i]);
    return got;
}

/* Over a dead claim two may believe that they have it, which costs a trial's time, no more. */
static void of_several_at_once_one_gets_it(void **unused)
{
    (void)unused;
    char *place = lab_open(), *folder = file_join(place, "0-0");
    for (int round = 0; round < 60; round++) {
        struct claim mine;
        if (round % 2) of_another_host(folder, STALE_S * 3);
        int got = run_race(folder);
        assert_true(round % 2 ? got >= 1 && got <= 2 : got == 1);
        assert_true(take(&mine, folder)); /* theirs are dead by now */
        claim_release(&mine);
    }
    free(folder);
    lab_close(place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_lives_keeps_it),
        cmocka_unit_test(that_of_a_dead_process_is_taken_over),
        cmocka_unit_test(that_of_a_silent_host_goes_by_age),
        cmocka_unit_test(a_beat_keeps_it_young),
        cmocka_unit_test(who_lost_it_leaves_the_others),
        cmocka_unit_test(without_a_place_it_is_an_error),
        cmocka_unit_test(of_several_at_once_one_gets_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
