/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim check SCENARIO: is it valid, what is worth knowing before it runs, and with --cost
 * what it will take.
 */
#include <inttypes.h>
#include <stdio.h>

#include "command.h"
#include "platform/platform.h"
#include "sim/sim.h"
#include "world/world.h"

/* The arithmetic of DESIGN section 8, with the sizes of this program. */
static void print_cost(const struct model *model, uint64_t viewers)
{
    const struct run_parameters *run = parameters_block(&model->parameters, "run");
    double per_viewer = 320, impressions = 60;
    double bytes = (double)viewers * per_viewer;
    double total = (double)viewers * impressions * (double)run->days;
    printf("viewers     %" PRIu64 ", at most %.0f bytes each: %.2f GB\n", viewers, per_viewer,
           bytes / 1e9);
    printf("impressions about %.3g, at %.0f a viewer and day (assumed)\n", total, impressions);
    printf("time        about %.0f s on one core, at 600 ns an impression (assumed)\n",
           total * 600e-9);
}

static void print_notes(const struct model *model, const struct arguments *arguments,
                        uint64_t viewers)
{
    const struct run_parameters *run = parameters_block(&model->parameters, "run");
    uint32_t tiers = platform_tiers(&model->parameters, viewers);
    printf("note: %u traffic pools in use; tiers above 20 %% of the audience are merged\n",
           tiers);
    if (arguments->threads > (uint32_t)run->shards / 2)
        printf("note: run.shards = %" PRId64 " is few for %u threads; take at least %u\n",
               run->shards, arguments->threads, 2 * arguments->threads);
}

enum status command_check(const struct arguments *arguments, struct errors *errors)
{
    struct model model = {0};
    struct sim *sim = NULL;
    const struct sim_options options = {.threads = 1};
    if (arguments->operand_count != 1)
        return errors_add(errors, STATUS_USAGE, "usage: reelsim check SCENARIO [--cost]");
    enum status status = scenario_load(&model, arguments, arguments->operand[0], errors);
    if (status) return status;
    status = sim_init(&sim, &model, &options, errors);
    if (!status) {
        struct parameter count;
        uint64_t viewers = parameters_find(&model.parameters, "viewers.count", &count)
                               ? (uint64_t) * (const int64_t *)count.value
                               : 0;
        printf("%s is valid\n", arguments->operand[0]);
        print_notes(&model, arguments, viewers);
        if (arguments->cost) print_cost(&model, viewers);
    }
    sim_free(sim);
    model_free(&model);
    return status;
}
