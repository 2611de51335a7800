/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/pictures/page.h"

struct list {
    struct key_figure *key;
    size_t count;
    const struct past_run *run;
};

static double mean(const struct past_run *run, const char *column)
{
    return past_run_mean(run, past_run_series(run, column));
}

static struct key_figure *add(struct list *list, const char *name, double value)
{
    if (!isfinite(value) || list->count == KEY_FIGURES_MOST) return NULL;
    struct key_figure *key = &list->key[list->count++];
    *key = (struct key_figure){.name = name};
    chart_number(value, key->value);
    return key;
}

static void add_share(struct list *list, const char *name, double share, const char *note)
{
    struct key_figure *key = add(list, name, share);
    if (!key) return;
    chart_percent(share, key->value);
    snprintf(key->note, sizeof key->note, "%s", note);
}

static void add_people(struct scene *scene, struct list *list)
{
    const struct past_run *run = list->run;
    char text[32];
    double dau = mean(run, "dau"), all = mean(run, "viewers"), shown = mean(run, "impressions");
    struct key_figure *key = add(list, "active viewers a day", dau);
    if (key && all > 0)
        snprintf(key->note, sizeof key->note, "%s of all who ever joined",
                 chart_percent(dau / all, text));
    key = add(list, "minutes watched by each", past_run_mean(run, figure_minutes(scene, run)));
    if (key && dau > 0)
        snprintf(key->note, sizeof key->note, "in %s sessions a day",
                 chart_number(mean(run, "sessions") / dau, text));
    key = add(list, "impressions a day", shown);
    if (key && dau > 0)
        snprintf(key->note, sizeof key->note, "%s for each active viewer",
                 chart_number(shown / dau, text));
    add_share(list, "watched to the end", mean(run, "completions") / shown, "of impressions");
}

static void add_feed(struct list *list)
{
    const struct past_run *run = list->run;
    struct key_figure *key = add(list, "ranking quality", mean(run, "ndcg_true"));
    if (key) snprintf(key->note, sizeof key->note, "NDCG@10 against true taste; 1 is perfect");
    add_share(list, "to the top 1 % of videos", mean(run, "top1_share_views"),
              "of all views of videos in the feed");
    key = add(list, "inequality of views", mean(run, "gini_views"));
    if (key) snprintf(key->note, sizeof key->note, "Gini over videos in the feed");
    key = add(list, "videos uploaded a day", mean(run, "posts"));
    if (key) {
        char text[32];
        snprintf(key->note, sizeof key->note, "by %s active creators",
                 chart_number(mean(run, "active_creators"), text));
    }
}

static void add_money(struct list *list)
{
    const struct past_run *run = list->run;
    double gross = 0, income = mean(run, "creator_income");
    for (size_t c = 0; c < run->columns; c++) {
        if (strncmp(run->column[c], "revenue_", 8) != 0) continue;
        double stream = mean(run, run->column[c]);
        if (isfinite(stream)) gross += stream;
    }
    if (!(gross > 0)) return;
    struct key_figure *key = add(list, "revenue a day", gross);
    if (key) snprintf(key->note, sizeof key->note, "%s, gross", run->currency);
    add_share(list, "goes to creators", income / gross, "of gross revenue");
    key = add(list, "platform\u2019s profit a day", mean(run, "platform_profit"));
    if (key) snprintf(key->note, sizeof key->note, "%s, after serving", run->currency);
    double gini = mean(run, "gini_income");
    key = add(list, "inequality of income", gini);
    if (key) snprintf(key->note, sizeof key->note, "Gini over creators");
}

size_t key_figures(struct scene *scene, const struct past_run *run,
                   struct key_figure key[KEY_FIGURES_MOST])
{
    struct list list = {.key = key, .run = run};
    add_people(scene, &list);
    add_feed(&list);
    add_money(&list);
    return list.count;
}
