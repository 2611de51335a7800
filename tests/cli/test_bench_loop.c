/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The world of `reelsim bench loop` is that of scenarios/million.cfg, parameter by parameter.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/bench.h"
#include "cli/command.h"
#include "io/resolved.h"

static char *resolved(const struct arguments *arguments, const char *path)
{
    struct errors errors = {0};
    struct model model = {0};
    enum status status = scenario_load(&model, arguments, path, &errors);
    if (status) fail_msg("%s: %s", path ? path : "bench", errors.text);
    char *text = resolved_text(&model.parameters);
    model_free(&model);
    errors_free(&errors);
    assert_non_null(text);
    return text;
}

static void test_bench_runs_million_cfg(void **unused)
{
    (void)unused;
    struct arguments none = {0}, bench = {0};
    while (bench_world[bench.set_count]) {
        bench.set[bench.set_count] = bench_world[bench.set_count];
        bench.set_count++;
    }
    char *file = resolved(&none, "scenarios/million.cfg"), *own = resolved(&bench, NULL);
    assert_string_equal(own, file);
    free(own);
    free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bench_runs_million_cfg)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
