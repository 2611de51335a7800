/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim bench: how fast the engine is here. Read ratios, not single times: machines are
 * shared.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "engine/phold.h"

static const uint32_t phold_sizes[] = {64, 1024, 16384, 65536, 655360};

static enum status bench_phold(const struct arguments *arguments, struct errors *errors)
{
    struct team team;
    enum status status = STATUS_OK;
    team_init(&team, arguments->threads);
    if (arguments->json)
        printf("[");
    else
        printf("%10s %12s %14s %14s  %s\n", "pending", "events", "events/s", "per core",
               "hash");
    for (size_t i = 0; i < sizeof phold_sizes / sizeof phold_sizes[0] && !status; i++) {
        struct phold_options o = {.processes = phold_sizes[i],
                                  .events = 16,
                                  .remote = 0.1,
                                  .lookahead = 0.1,
                                  .shards = 64,
                                  .seed = 1};
        double pending = 16.0 * phold_sizes[i];
        o.duration = pending > 5e6 ? 3 : pending > 5e5 ? 10 : 3e6 / pending + 10;
        struct phold_result r;
        status = phold_run(&o, &team, &r, errors);
        if (status) break;
        double rate = (double)r.events / r.seconds;
        if (arguments->json)
            printf("%s\n{\"pending\": %" PRIu64 ", \"events\": %" PRIu64
                   ", \"threads\": %u, \"events_per_s\": %.0f, \"events_per_s_core\": %.0f, "
                   "\"state_hash\": \"%016" PRIx64 "\"}",
                   i ? "," : "", r.pending, r.events, team.threads, rate, rate / team.threads,
                   r.state_hash);
        else
            printf("%10" PRIu64 " %12" PRIu64 " %14.3g %14.3g  %016" PRIx64 "\n", r.pending,
                   r.events, rate, rate / team.threads, r.state_hash);
    }
    if (arguments->json) printf("\n]\n");
    return status;
}

enum status command_bench(const struct arguments *arguments, struct errors *errors)
{
    const char *what = arguments->operand_count ? arguments->operand[0] : "phold";
    if (strcmp(what, "phold") == 0) return bench_phold(arguments, errors);
    return errors_add(errors, STATUS_USAGE, "reelsim bench %s: must be phold", what);
}
