/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which members run in a world that several processes share. Viewers are dealt out, so a member
 * that reads viewers of other shards than its own has to ask for them (engine/post.h). Those
 * named here were compared with a run of one process, byte by byte (tests/cli/mpi.sh); others,
 * and those of plug-ins, are refused rather than silently wrong.
 */
#include <string.h>

#include "parts.h"
#include "world/registry.h"

struct checked_list {
    const char *path, *kind; /* of a parameter that names members */
    const char *names;       /* of members that do: " a b c " */
};

/* Strategies of creators see no viewer, and learners nothing but the acts. */
static const struct checked_list lists[] = {
    {"viewers.choice", "choice", " weibull "},
    {"platform.ranker", "ranker",
     " als bpr chronological content epsilon_greedy fm item_knn linucb long_term mf "
     "multi_objective oracle popular random thompson trending ucb user_knn "},
    {"platform.retrievers", "retriever",
     " content follow trending cold_start explore promoted collaborative search local "
     "item_to_item "},
    {"platform.rerankers", "reranker",
     " calibration creator_cap diversity dpp fairness no_repeats provider_boost "
     "staff_boost "},
    {"growth.channels", "channel",
     " social_share paid_boost cross_platform notification search collaboration livestream "
     "offline_event "},
    {"revenue.streams", "stream",
     " ads tips subscription creator_fund commerce course sponsor group_buy collectible "
     "elsewhere "},
    {"measure.metrics", "metric",
     " views_inequality views_percentiles income_inequality income_volatility mobility "
     "creator_survival new_creators topic_entropy taste_entropy taste_drift homogenisation "
     "calibration ranking_quality coverage act_rates activity retention ad_load "
     "lifetime_value cascades guarantees tenure live moderation "},
};

static bool is_named(const char *names, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = n ? strstr(names + 1, name) : NULL; at; at = strstr(at + 1, name))
        if (at[-1] == ' ' && at[n] == ' ') return true;
    return false;
}

static enum status check_name(const struct checked_list *list, const char *name,
                              struct errors *errors)
{
    if (is_named(list->names, name)) return STATUS_OK;
    return errors_add(errors, STATUS_BAD_INPUT,
                      "%s: the %s \"%s\" is not known to run in several processes; run it by "
                      "reelsim in one, or leave it out",
                      list->path, list->kind, name);
}

enum status ranks_check(const struct parameters *parameters, struct errors *errors)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        struct parameter at;
        if (!parameters_find(parameters, lists[i].path, &at)) continue;
        const struct name_list *names = at.value;
        bool many = at.row->type == SCHEMA_NAMES;
        for (int32_t k = 0; k < (many ? names->count : 1); k++) {
            const char *name = many ? names->name[k] : at.value;
            enum status found = check_name(&lists[i], name, errors);
            if (found) status = found;
        }
    }
    return status;
}
