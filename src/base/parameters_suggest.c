/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/parameters_suggest.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parameters_text.h"

#define TOO_FAR 999
#define LETTER 100 /* one edit weighs so much: the rest breaks ties */

static int least(int a, int b) { return a < b ? a : b; }

int parameters_suggest_distance(const char *a, const char *b)
{
    int row[3][PARAMETERS_PATH_SIZE], *now = row[0], *last = row[1], *above = row[2];
    size_t n = strlen(a), m = strlen(b);

    if (n >= PARAMETERS_PATH_SIZE || m >= PARAMETERS_PATH_SIZE) return TOO_FAR;
    for (size_t j = 0; j <= m; j++) now[j] = above[j] = (int)j;
    for (size_t i = 1; i <= n; i++) {
        int *spare = above;

        above = last;
        last = now;
        now = spare;
        now[0] = (int)i;
        for (size_t j = 1; j <= m; j++) {
            now[j] = least(last[j - 1] + (a[i - 1] != b[j - 1]),
                           least(last[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], above[j - 2] + 1);
        }
    }
    return now[m];
}

const char *parameters_suggest_nearer(const char *name, const char *other, int *best,
                                      const char *near)
{
    int distance = parameters_suggest_distance(name, other);
    if (distance >= *best) return near;
    *best = distance;
    return other;
}

struct search {
    const struct parameters *parameters;
    char wanted[PARAMETERS_PATH_SIZE]; /* without [index] */
    long index;                        /* the one that was given; 0 without */
    int best;
    char *buffer;
    size_t size;
};

static const char *leaf_of(const char *path)
{
    const char *dot = strrchr(path, '.');

    return dot == NULL ? path : dot + 1;
}

/* The right name in a wrong group counts as two letters. */
static bool nearer(struct search *search, const char *path)
{
    int distance = parameters_suggest_distance(search->wanted, path) * LETTER;

    if (distance > 2 * LETTER && strcmp(leaf_of(path), leaf_of(search->wanted)) == 0)
        distance = 2 * LETTER + distance / LETTER;
    if (distance >= search->best) return false;
    search->best = distance;
    return true;
}

static void consider_row(struct search *search, const struct parameter_block *block,
                         const struct schema_row *row)
{
    const char *prefix = block->table->prefix;
    char path[PARAMETERS_PATH_SIZE];

    snprintf(path, sizeof path, "%s.%s", prefix, row->path);
    if (!nearer(search, path)) return;
    if (block->table->most == 0)
        snprintf(search->buffer, search->size, "%s", path);
    else
        snprintf(search->buffer, search->size, "%s[%ld].%s", prefix,
                 search->index < block->count ? search->index : 0, row->path);
}

/* "revenue" and "revenue.ads" of the prefix "revenue.ads" */
static void consider_groups(struct search *search, const char *prefix)
{
    char group[PARAMETERS_PATH_SIZE];

    for (size_t i = 1; i <= strlen(prefix); i++) {
        if (prefix[i] != '.' && prefix[i] != '\0') continue;
        snprintf(group, sizeof group, "%.*s", (int)i, prefix);
        if (strcmp(group, search->wanted) != 0 && nearer(search, group))
            snprintf(search->buffer, search->size, "%s", group);
    }
}

static void leave_out_index(struct search *search, const char *path)
{
    const char *open = strchr(path, '['), *close = open == NULL ? NULL : strchr(open, ']');

    if (close == NULL) {
        snprintf(search->wanted, sizeof search->wanted, "%s", path);
        return;
    }
    snprintf(search->wanted, sizeof search->wanted, "%.*s%s", (int)(open - path), path,
             close + 1);
    if (isdigit((unsigned char)open[1])) search->index = strtol(open + 1, NULL, 10);
}

const char *parameters_suggest(const struct parameters *self, const char *path, char *buffer,
                               size_t size)
{
    struct search search = {.parameters = self, .buffer = buffer, .size = size};
    size_t letters = strlen(path) / 3 + 1;
    int worst = ((int)(letters < 5 ? letters : 5) + 1) * LETTER;

    if (strlen(path) >= PARAMETERS_PATH_SIZE) return NULL;
    leave_out_index(&search, path);
    search.best = worst;
    for (size_t b = 0; b < self->block_count; b++) {
        const struct schema_table *table = self->blocks[b].table;

        for (size_t r = 0; r < table->row_count; r++)
            consider_row(&search, &self->blocks[b], &table->rows[r]);
        consider_groups(&search, table->prefix);
    }
    return search.best < worst ? buffer : NULL;
}
