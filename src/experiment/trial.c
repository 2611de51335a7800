/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/trial.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"

#define FAILED_MOST 4096

static bool holds(const char *folder, const char *name)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    return length < (int)sizeof path && file_exists(path);
}

enum trial_state trial_state(const char *folder)
{
    if (holds(folder, "manifest.json")) return TRIAL_DONE;
    return holds(folder, "failed") ? TRIAL_FAILED : TRIAL_ABSENT;
}

bool trial_failure_parse(const char *text, struct trial_failure *out)
{
    int used = 0;
    *out = (struct trial_failure){0};
    if (sscanf(text, "exit %d\nseed %" SCNd64 "\nreplicate %" SCNd64 "%n", &out->exit_code,
               &out->seed, &out->replicate, &used) != 3)
        return false;
    text += used + (text[used] == '\n');
    snprintf(out->message, sizeof out->message, "%s", text);
    for (size_t n = strlen(out->message); n && out->message[n - 1] == '\n'; n--)
        out->message[n - 1] = 0;
    return true;
}

bool trial_failure_read(const char *folder, struct trial_failure *out)
{
    struct errors ignored = {0};
    char *path = file_join(folder, "failed"), *text = NULL;
    size_t length = 0;
    *out = (struct trial_failure){0};
    bool read = path && file_read(path, FAILED_MOST, &text, &length, &ignored) == STATUS_OK &&
                trial_failure_parse(text, out);
    errors_free(&ignored);
    free(text);
    free(path);
    return read;
}

/* ----------------------------------------------------------------------- the command */

struct words {
    char **word;
    size_t count, room;
    bool lost; /* no memory */
};

static void add(struct words *self, const char *word)
{
    if (self->count + 1 < self->room && !self->lost) {
        self->word[self->count] = strdup(word);
        self->lost = !self->word[self->count++];
    }
}

static void add_number(struct words *self, const char *format, int64_t number)
{
    char text[64];
    snprintf(text, sizeof text, "%s%" PRId64, format, number);
    add(self, text);
}

char **trial_words(const struct trial *self, const char *program, const char *out,
                   uint32_t threads)
{
    struct words w = {.room = 2 * self->set_count + 24};
    w.word = calloc(w.room, sizeof *w.word);
    if (!w.word) return NULL;
    add(&w, program);
    add(&w, "run");
    if (self->from) add(&w, "--from");
    add(&w, self->from ? self->from : self->scenario);
    for (size_t i = 0; i < self->set_count; i++) {
        add(&w, "--set");
        add(&w, self->set[i]);
    }
    add(&w, "--set");
    add_number(&w, "run.replicate=", self->replicate);
    if (self->seeded) {
        add(&w, "--set");
        add_number(&w, "run.seed=", self->seed);
    }
    if (self->pinned) {
        add(&w, "--pinned");
        add(&w, self->pinned);
    }
    if (!self->tables || strcmp(self->tables, "all") != 0) {
        add(&w, "--tables");
        add(&w, self->tables ? self->tables : "series,cohorts");
    }
    add(&w, "--quiet");
    add(&w, "--no-plots");
    add(&w, "--threads");
    add_number(&w, "", threads);
    add(&w, "--out");
    add(&w, out);
    if (!w.lost) return w.word;
    trial_words_free(w.word);
    return NULL;
}

void trial_words_free(char **words)
{
    for (size_t i = 0; words && words[i]; i++) free(words[i]);
    free(words);
}

void trial_quote(const char *word, FILE *to)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-+=./,:@%";
    if (*word && strspn(word, plain) == strlen(word)) {
        fputs(word, to);
        return;
    }
    putc('\'', to);
    for (; *word; word++)
        if (*word == '\'')
            fputs("'\\''", to);
        else
            putc(*word, to);
    putc('\'', to);
}

enum status trial_print(const struct trial *self, const char *program, FILE *to)
{
    char **words = trial_words(self, program, self->folder, 1);
    if (!words) return STATUS_NO_MEMORY;
    for (size_t i = 0; words[i]; i++) {
        if (i) putc(' ', to);
        trial_quote(words[i], to);
    }
    putc('\n', to);
    trial_words_free(words);
    return ferror(to) ? STATUS_IO : STATUS_OK;
}
