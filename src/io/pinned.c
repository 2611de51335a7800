/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/pinned.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/checkpoint.h"
#include "io/file.h"
#include "io/manifest.h"
#include "io/manifest_text.h"
#include "io/resolved.h"
#include "world/world.h"

#define BYTES_MOST (1u << 23)

/* ------------------------------------------------------------------------------- its files
 */

struct outside {
    const char *path; /* borrowed; as the scenario has it */
    uint64_t digest;
};

/* The k-th file that the model was made from, the state last; false behind it. */
static bool file_of(const struct model *model, const char *state, size_t k, struct outside *out)
{
    const struct run_parameters *run = parameters_block(&model->parameters, "run");
    if (k < model->library_count) {
        *out = (struct outside){run->plugins.name[k], model->libraries[k].digest};
        return true;
    }
    k -= model->library_count;
    if (model->audience && k-- == 0) {
        *out = (struct outside){run->audience, model->audience->digest};
        return true;
    }
    if (!state || k > 0) return false;
    *out = (struct outside){state, checkpoint_digest(state)};
    return true;
}

/* What the text has of a file; false when it does not name it. */
static bool find_digest(const char *text, const char *path, char out[17])
{
    struct manifest_entry files, entry;
    if (!manifest_find(text, "files", &files)) return false;
    bool there = manifest_first(files.value, &entry);
    while (there && strncmp(entry.key, path, sizeof entry.key - 1) != 0)
        there = manifest_next(&entry);
    if (there) manifest_value(&entry, out, 17);
    return there;
}

static bool is_same(const char *text, const struct outside *file)
{
    char then[17] = "", now[17];
    snprintf(now, sizeof now, "%016" PRIx64, file->digest);
    return !find_digest(text, file->path, then) || strcmp(then, now) == 0;
}

enum status pinned_check(const char *text, const struct model *model, const char *state,
                         const char *where, struct errors *errors)
{
    struct outside file;
    enum status status = STATUS_OK;
    for (size_t k = 0; file_of(model, state, k, &file); k++)
        if (!is_same(text, &file))
            status = errors_add(errors, STATUS_BAD_INPUT,
                                "%s: %s is another file than when this experiment began: put "
                                "the old one back, or begin anew (--force, or another --out)",
                                where, file.path);
    return status;
}

/* ------------------------------------------------------------------------------------- text
 */

static void write_files(const struct model *model, const char *state, FILE *to)
{
    struct outside file;
    fputs("{\n  \"files\": {", to);
    for (size_t k = 0; file_of(model, state, k, &file); k++) {
        fputs(k ? ",\n    " : "\n    ", to);
        manifest_text(to, file.path);
        fprintf(to, ": \"%016" PRIx64 "\"", file.digest);
    }
    fputs("},\n", to);
}

char *pinned_text(const struct model *model, const char *state)
{
    char *settings = resolved_text(&model->parameters), *text = NULL;
    size_t length = 0;
    FILE *to = settings ? open_memstream(&text, &length) : NULL;
    if (to) {
        write_files(model, state, to);
        fprintf(to, "  \"scenario\": {\n%s\n  }\n}\n", settings);
    }
    free(settings);
    if (to && fclose(to) == 0) return text;
    if (to) free(text);
    return NULL;
}

enum status pinned_save(const char *path, const char *text, struct errors *errors)
{
    struct file file = {0};
    enum status status = file_create(&file, path, errors);
    if (status) return status;
    fputs(text, file.stream);
    return file_commit(&file, errors);
}

enum status pinned_read(const char *path, char **text, struct errors *errors)
{
    size_t length = 0;
    struct manifest_entry entry;
    enum status status = file_read(path, BYTES_MOST, text, &length, errors);
    if (status) return status;
    if (manifest_find(*text, "scenario", &entry) && *entry.value == '{' && entry.length > 4)
        return STATUS_OK;
    free(*text);
    *text = NULL;
    return errors_add(errors, STATUS_BAD_INPUT, "%s: holds no pinned scenario", path);
}

/* Between the braces: whole lines, the last one without its end. */
char *pinned_settings(const char *text)
{
    struct manifest_entry entry;
    if (!manifest_find(text, "scenario", &entry) || entry.length < 4) return NULL;
    const char *from = entry.value + 1, *end = entry.value + entry.length - 1;
    while (from < end && *from == '\n') from++;
    while (end > from && strchr(" \n", end[-1])) end--;
    return strndup(from, (size_t)(end - from));
}

void pinned_compare(const char *path, const char *now, const char *where, struct errors *errors)
{
    struct errors ignored = {0};
    struct manifest_entry files, entry;
    char *then = NULL;
    if (pinned_read(path, &then, &ignored) == STATUS_OK) {
        char *a = pinned_settings(then), *b = pinned_settings(now);
        if (a && b) (void)resolved_compare(a, b, where, errors);
        free(a);
        free(b);
        bool there = manifest_find(now, "files", &files) && manifest_first(files.value, &entry);
        for (; there; there = manifest_next(&entry)) {
            char old[17] = "", new[17] = "";
            manifest_value(&entry, new, sizeof new);
            if (find_digest(then, entry.key, old) && strcmp(old, new) != 0)
                (void)errors_add(errors, STATUS_BAD_INPUT, "%s: %s has changed since", where,
                                 entry.key);
        }
    }
    errors_free(&ignored);
    free(then);
}
