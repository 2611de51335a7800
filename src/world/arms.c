/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/arms.h"

#include <stdio.h>
#include <string.h>

#define CHANGES_MOST 16
#define ADS_IN_B                                                                               \
    "experiment.changes[0].set=\"platform.ads.load\" experiment.changes[0].value=\"0.5\""

struct arm_change {
    char set[SCHEMA_TEXT_SIZE], value[SCHEMA_TEXT_SIZE];
};

static const struct schema_row rows[] = {
    {.path = "split",
     .type = SCHEMA_CHOICE,
     .unit = "1",
     .initial = "\"none\"",
     .choices = "none|viewer|creator",
     .meaning =
         "an A/B test inside the run: whether viewers or creators are dealt to two arms; "
         "rows that allow it say so in `reelsim explain`",
     .source = "scenario",
     .moves = "ad_impressions",
     .sign = 1,
     .from = "\"none\"",
     .to = "\"viewer\"",
     .needs = ADS_IN_B,
     .offset = offsetof(struct experiment_parameters, split)},
    {.path = "share",
     .type = SCHEMA_FLOAT,
     .unit = "1",
     .low = 0,
     .high = 1,
     .initial = "0.5",
     .meaning = "share of viewers or creators in arm B, where experiment.changes hold; by "
                "their birth names: "
                "those of a smaller share are among those of a larger one",
     .source = "scenario",
     .when = SCHEMA_WINDOW,
     .moves = "ad_impressions",
     .sign = 1,
     .from = "0",
     .to = "1",
     .needs = "experiment.split=viewer " ADS_IN_B,
     .offset = offsetof(struct experiment_parameters, share)},
    {.path = "salt",
     .type = SCHEMA_INT,
     .unit = "1",
     .low = 0,
     .high = 4294967295.0,
     .initial = "1",
     .meaning = "number of the deal: another one gives other arms",
     .source = "scenario",
     .moves = "hash",
     .from = "1",
     .to = "2",
     .needs = "experiment.split=viewer " ADS_IN_B,
     .offset = offsetof(struct experiment_parameters, salt)},
    {.path = "separate_models",
     .type = SCHEMA_BOOL,
     .unit = "1",
     .initial = "false",
     .meaning = "each arm's ranker learns from its own viewers' log alone; twice the memory of "
                "models; in a split by viewer. Otherwise both learn from all, and arms whose "
                "rankers name the same learner share it. Counters, pools and lists stay common",
     .source = "scenario; off by default",
     .moves = "auc_true",
     .sign = -1,
     .from = "false",
     .to = "true",
     .needs = "platform.ranker=mf experiment.split=viewer " ADS_IN_B
              " platform.extraction_noise=10.0 creators.count=100 viewers.count=150 run.days=1",
     .offset = offsetof(struct experiment_parameters, separate_models)},
};
const struct schema_table arms_table = {
    .prefix = "experiment", .size = sizeof(struct experiment_parameters), SCHEMA_ROWS(rows)};

static const struct schema_row change_rows[] = {
    {.path = "set",
     .type = SCHEMA_TEXT,
     .unit = "1",
     .initial = "\"\"",
     .meaning = "path of a parameter that may be split in this way",
     .source = "scenario",
     .moves = "ad_load",
     .sign = -1,
     .from = "\"platform.ads.load\"",
     .to = "\"platform.rerank.diversity.weight\"",
     .needs = "experiment.split=viewer experiment.changes[0].value=\"0.5\"",
     .offset = offsetof(struct arm_change, set)},
    {.path = "value",
     .type = SCHEMA_TEXT,
     .unit = "1",
     .initial = "\"\"",
     .meaning = "its value in arm B, in quotes",
     .source = "scenario",
     .moves = "ad_impressions",
     .sign = 1,
     .from = "\"0.05\"",
     .to = "\"0.5\"",
     .needs = "experiment.split=viewer experiment.changes[0].set=\"platform.ads.load\"",
     .offset = offsetof(struct arm_change, value)},
};
const struct schema_table arms_change_table = {.prefix = "experiment.changes",
                                               .size = sizeof(struct arm_change),
                                               .most = CHANGES_MOST,
                                               SCHEMA_ROWS(change_rows)};

static const char *unit_of(enum schema_split by)
{
    return by == SCHEMA_SPLIT_VIEWER ? "viewer" : "creator";
}

/* The paths that may be split, as one text. */
static void list_splittable(const struct parameters *parameters, enum schema_split by,
                            char *out, size_t size)
{
    size_t used = 0;
    out[0] = 0;
    for (size_t b = 0; b < parameters->block_count; b++) {
        const struct schema_table *table = parameters->blocks[b].table;
        for (size_t r = 0; r < table->row_count; r++) {
            if (table->rows[r].split != by || table->most) continue;
            int n = snprintf(out + used, size - used, "%s%s.%s", used ? ", " : "",
                             table->prefix, table->rows[r].path);
            if (n < 0 || (size_t)n >= size - used) return;
            used += (size_t)n;
        }
    }
}

static enum status make_change(struct arms *self, int32_t i, struct errors *errors)
{
    const struct arm_change *change = parameters_block(&self->other, "experiment.changes");
    char where[48], list[4096];
    struct parameter at;
    change += i;
    snprintf(where, sizeof where, "experiment.changes[%d]", (int)i);
    if (!parameters_find(&self->other, change->set, &at) || at.row->split == self->by)
        return parameters_set(&self->other, change->set, change->value, where, errors);
    list_splittable(&self->other, self->by, list, sizeof list);
    return errors_add(errors, STATUS_BAD_INPUT,
                      "%s: `%s` cannot be split by %s; two worlds that differ by it can be "
                      "compared: `reelsim compare A.cfg B.cfg`. These can be split: %s",
                      where, change->set, unit_of(self->by), list);
}

enum status arms_init(struct arms *self, const struct parameters *parameters, struct seed seed,
                      struct errors *errors)
{
    static const struct purpose purpose = {"experiment.arm", PURPOSE_POPULATION};
    const struct experiment_parameters *p = parameters_block(parameters, "experiment");
    if (p->separate_models && p->split == SCHEMA_SPLIT_CREATOR)
        return errors_add(errors, STATUS_BAD_INPUT,
                          "experiment.separate_models: models are of viewers, so it needs "
                          "experiment.split = \"viewer\"");
    if (p->split == SCHEMA_SPLIT_NONE) return STATUS_OK;
    enum status status = parameters_copy(&self->other, parameters);
    if (status) return status;
    self->by = (enum schema_split)p->split;
    self->p = p;
    self->key = stream_key(seed, &purpose);
    self->salt = (uint32_t)p->salt;
    int32_t count = parameters_count(parameters, "experiment.changes");
    for (int32_t i = 0; i < count; i++) {
        enum status made = make_change(self, i, errors);
        if (made) status = made;
    }
    return status;
}

void arms_free(struct arms *self)
{
    parameters_free(&self->other);
    *self = (struct arms){0};
}

bool arms_change(const struct parameters *parameters, const char *path)
{
    const struct arm_change *change = parameters_block(parameters, "experiment.changes");
    int32_t count = parameters_count(parameters, "experiment.changes");
    for (int32_t i = 0; i < count; i++)
        if (strcmp(change[i].set, path) == 0) return true;
    return false;
}

enum status arms_set(struct arms *self, const char *path, const char *value, const char *where,
                     struct errors *errors)
{
    return self->by ? parameters_set(&self->other, path, value, where, errors) : STATUS_OK;
}
