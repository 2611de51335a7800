/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THREADS */
/*
 * The M/M/1 network against theory: means over replicates within 4.5 of their own standard
 * errors, and for a single station the variance of the time average, too.
 */
#include "engine/mm1.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SIGMAS 4.5

static struct mm1_result run(const struct mm1_options *options, uint32_t threads, bool shuffle)
{
    struct mm1_result r = {0};
    struct errors errors = {0};
    struct team team;
    team_init(&team, threads);
    team.shuffle = shuffle;
    assert_int_equal(mm1_run(options, &team, &r, &errors), STATUS_OK);
    team_free(&team);
    assert_int_equal(errors.count, 0);
    return r;
}

struct moments {
    double n, sum, squares;
};

static void add(struct moments *m, double x)
{
    m->n++;
    m->sum += x;
    m->squares += x * x;
}

static double mean(const struct moments *m) { return m->sum / m->n; }

static double variance(const struct moments *m)
{
    return (m->squares - m->sum * m->sum / m->n) / (m->n - 1);
}

static void check_mean(const struct moments *m, double theory, const char *what)
{
    double sigmas = (mean(m) - theory) / sqrt(variance(m) / m->n);
    if (!(fabs(sigmas) <= SIGMAS))
        fail_msg("%s: mean %g, theory %g, %g standard errors apart", what, mean(m), theory,
                 sigmas);
}

static void against_theory(struct mm1_options options, uint32_t replicates)
{
    struct moments number = {0}, sojourn = {0}, arrivals = {0};
    double rho = options.utilisation;
    for (uint32_t i = 0; i < replicates; i++) {
        options.seed = i;
        struct mm1_result r = run(&options, 1, false);
        add(&number, r.number);
        add(&sojourn, r.sojourn);
        add(&arrivals, (double)r.customers / options.stations / options.duration);
    }
    check_mean(&arrivals, rho, "arrivals at a station");
    check_mean(&number, rho / (1 - rho), "number at a station");
    check_mean(&sojourn, 1 / (1 - rho), "sojourn");
}

/* Little's law holds for whatever is simulated; the load of each station is what makes these
 * the right means. */
static void test_network_has_product_form(void **state)
{
    (void)state;
    against_theory((struct mm1_options){.stations = 64,
                                        .utilisation = 0.7,
                                        .leave = 0.5,
                                        .window = 1,
                                        .duration = 400,
                                        .shards = 8},
                   40);
    against_theory((struct mm1_options){.stations = 16,
                                        .utilisation = 0.3,
                                        .leave = 0.1,
                                        .window = 0.25,
                                        .duration = 400,
                                        .shards = 4},
                   40);
}

/* Many customers on the way: the delay is long against a visit, and changes nothing. */
static void test_long_delays_change_no_mean(void **state)
{
    (void)state;
    against_theory((struct mm1_options){.stations = 64,
                                        .utilisation = 0.6,
                                        .leave = 0.2,
                                        .window = 20,
                                        .duration = 400,
                                        .shards = 8},
                   40);
}

/* Without transfers each station is an M/M/1 queue of its own. The variance of the time average
 * over a long T is 2 rho (1 + rho) / (1 - rho)^4 / T (e.g. Whitt 1989, Management Science
 * 35(11)), and that of a sample variance of n values 2 / (n - 1) of its square. */
static void test_single_queue(void **state)
{
    const uint32_t replicates = 200, stations = 4;
    struct moments number = {0};
    (void)state;
    for (uint32_t i = 0; i < replicates; i++) {
        const struct mm1_options options = {.stations = stations,
                                            .utilisation = 0.5,
                                            .leave = 1,
                                            .window = 5,
                                            .duration = 1000,
                                            .shards = 2,
                                            .seed = 1000 + i};
        add(&number, run(&options, 1, false).number);
    }
    double theory = 2 * 0.5 * 1.5 / (0.5 * 0.5 * 0.5 * 0.5) / 1000 / stations;
    check_mean(&number, 1, "number at a station");
    assert_true(fabs(variance(&number) / theory - 1) <= SIGMAS * sqrt(2.0 / (replicates - 1)));
}

static void test_threads_and_shards_do_not_matter(void **state)
{
    struct mm1_options options = {.stations = 300,
                                  .utilisation = 0.8,
                                  .leave = 0.3,
                                  .window = 0.5,
                                  .duration = 40,
                                  .shards = 16,
                                  .seed = 3};
    const uint32_t threads[] = {2, 3, 8};
    const struct mm1_result one = run(&options, 1, false);
    (void)state;
    assert_true(one.events > 15000);
    assert_int_not_equal(one.state_hash, 0);
    for (int i = 0; i < 3; i++) {
        struct mm1_result r = run(&options, threads[i], i == 1);
        assert_int_equal(r.state_hash, one.state_hash);
        assert_int_equal(r.events, one.events);
        assert_int_equal(r.pending, one.pending);
        assert_true(r.number == one.number && r.sojourn == one.sojourn);
    }
    for (options.shards = 1; options.shards <= 256; options.shards *= 2)
        assert_int_equal(run(&options, 2, false).state_hash, one.state_hash);
    options.shards = 16;
    options.seed = 4;
    assert_int_not_equal(run(&options, 1, false).state_hash, one.state_hash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_network_has_product_form),
        cmocka_unit_test(test_long_delays_change_no_mean),
        cmocka_unit_test(test_single_queue),
        cmocka_unit_test(test_threads_and_shards_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
