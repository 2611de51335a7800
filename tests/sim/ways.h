/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One scenario run in several ways: other threads, another order of shards, saved and resumed,
 * with a plug-in. What comes out must be the same.
 */
#ifndef TESTS_SIM_WAYS_H
#define TESTS_SIM_WAYS_H

#include <stdio.h>
#include <unistd.h>

#include "io/scenario.h"
#include "lab.h"

#define WAYS_SETS 64
#define WAYS_SAVES 2
#define WAYS_PATH 112 /* bytes of a path: as short as names in a scenario are */

struct ways_job {
    const char *scenario;       /* a file; NULL = none */
    const char *const *base;    /* settings after it, NULL-terminated; may be NULL */
    const char *set[WAYS_SETS]; /* and after those */
    const char *plugin;         /* path of a shared object; may be NULL */
    struct lab_way way;
    double save[WAYS_SAVES]; /* days at which it is saved and resumed, rising; 0 = none */
    /* Looks at the world when it is saved, and when it has ended; may be NULL. */
    void (*look)(struct sim *sim, void *context);
    void *context;
};

/* Zeros when the run failed; why stands on stderr then. */
struct ways_outcome {
    uint64_t hash, digest; /* of the state, of all tables */
    uint64_t impressions;
};

/* A file in the test's own scratch folder. */
static inline const char *ways_path(char path[WAYS_PATH], const char *name)
{
    const char *folder = getenv("TMPDIR");
    snprintf(path, WAYS_PATH, "%.60s/ways-%ld-%.24s", folder ? folder : "/tmp", (long)getpid(),
             name);
    return path;
}

/* Compiles a shared object against include/ alone. */
static inline bool ways_plugin(const char *source, const char *out)
{
    char command[768];
    const char *compiler = getenv("CC");
    snprintf(command, sizeof command,
             "%.64s -std=c11 -O1 -ffp-contract=off -fPIC -shared -Wall -Wextra -Wpedantic "
             "-Wconversion -Werror -Iinclude -o %s %s",
             compiler ? compiler : "cc", out, source);
    return system(command) == 0;
}

static inline enum status ways_init(struct lab *lab, const struct ways_job *job)
{
    struct name_list plugins = {.count = job->plugin != NULL};
    if (job->plugin) memcpy(plugins.name[0], job->plugin, strnlen(job->plugin, WAYS_PATH - 1));
    enum status status = lab_init(lab, NULL, &plugins);
    if (!status && job->scenario)
        status = scenario_read(&lab->model.parameters, job->scenario, &lab->errors);
    if (!status) status = lab_settings(lab, job->base);
    return status ? status : lab_settings(lab, job->set);
}

/* Saved to a file, taken down, built anew and loaded; the tables go on. */
static inline enum status ways_resume(struct lab *lab, const struct ways_job *job)
{
    char path[WAYS_PATH];
    uint64_t digest = lab->digest;
    enum status status = lab_save(lab, ways_path(path, "state"));
    if (status) return status;
    lab_free(lab);
    status = ways_init(lab, job);
    if (!status) status = lab_load(lab, &job->way, path);
    lab->digest = digest;
    unlink(path);
    return status;
}

static inline struct ways_outcome ways_run(const struct ways_job *job)
{
    struct lab lab;
    struct ways_outcome out = {0};
    enum status status = ways_init(&lab, job);
    if (!status) status = lab_begin(&lab, &job->way);
    for (int i = 0; i < WAYS_SAVES && job->save[i] > 0 && !status; i++) {
        status = lab_until(&lab, job->save[i]);
        if (!status && job->look) job->look(lab.sim, job->context);
        if (!status) status = ways_resume(&lab, job);
    }
    if (!status) status = lab_run(&lab);
    if (!status) {
        out = (struct ways_outcome){lab.hash, lab.digest, sim_figures(lab.sim).impressions};
        if (job->look) job->look(lab.sim, job->context);
    } else {
        fprintf(stderr, "%s\n%s", status_text(status), lab.errors.count ? lab.errors.text : "");
    }
    lab_free(&lab);
    return out;
}

static inline bool ways_same(const struct ways_outcome *a, const struct ways_outcome *b,
                             const char *what)
{
    bool same = a->hash == b->hash && a->digest == b->digest && a->hash != 0;
    if (!same)
        fprintf(stderr, "%s: state %016llx and %016llx, tables %s\n", what,
                (unsigned long long)a->hash, (unsigned long long)b->hash,
                a->digest == b->digest ? "the same" : "differ");
    return same;
}

#endif
