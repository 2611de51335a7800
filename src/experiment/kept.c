/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/kept.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "io/archive.h"
#include "io/file.h"

#define TEXT_MOST ((size_t)64 << 20)

static void forget_texts(struct kept *self)
{
    free(self->manifest);
    free(self->cohorts);
    free(self->failed);
    self->manifest = self->cohorts = self->failed = NULL;
}

static void close_pack(struct kept *self)
{
    archive_close(self->archive);
    free(self->path);
    free(self->ahead_name);
    free(self->ahead);
    self->archive = NULL;
    self->path = self->ahead_name = self->ahead = NULL;
}

void kept_free(struct kept *self)
{
    forget_texts(self);
    close_pack(self);
    *self = (struct kept){0};
}

/* ------------------------------------------------------------------------------- from a pack
 */

static enum status look_ahead(struct kept *self, struct errors *errors)
{
    const char *name = NULL;
    size_t size = 0;
    free(self->ahead_name);
    free(self->ahead);
    self->ahead_name = self->ahead = NULL;
    enum status status = archive_next(self->archive, &name, &self->ahead, &size, errors);
    if (status || !name) return status;
    self->ahead_name = strdup(name);
    return self->ahead_name ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status open_pack(struct kept *self, const struct plan_walk *walk,
                             struct errors *errors)
{
    uint64_t bucket = walk->number / PLAN_BUCKET;
    if (self->archive && self->bucket == bucket) return STATUS_OK;
    close_pack(self);
    self->bucket = bucket;
    self->path = plan_bucket(walk->plan, bucket, true);
    if (!self->path) return STATUS_NO_MEMORY;
    enum status status = archive_open(&self->archive, self->path, errors);
    return status ? status : look_ahead(self, errors);
}

/* Takes over the text if it is that of one of the files that are wanted. */
static void take_text(struct kept *self, const char *file)
{
    char **to = strcmp(file, "manifest.json") == 0 ? &self->manifest
                : strcmp(file, "cohorts.csv") == 0 ? &self->cohorts
                : strcmp(file, "failed") == 0      ? &self->failed
                                                   : NULL;
    if (!to || *to) return;
    *to = self->ahead;
    self->ahead = NULL;
}

/* Is a file of the pack, "12-0/series.csv", one of a trial before the one that is asked for? */
static bool is_before(const char *name, const struct plan_walk *walk)
{
    uint64_t point = 0, replicate = 0;
    if (sscanf(name, "%" SCNu64 "-%" SCNu64 "/", &point, &replicate) != 2) return true;
    return point < walk->point || (point == walk->point && replicate < walk->replicate);
}

static enum status read_packed(struct kept *self, const struct plan_walk *walk,
                               struct errors *errors)
{
    char prefix[64];
    int length = snprintf(prefix, sizeof prefix, "%" PRIu64 "-%" PRIu64 "/", walk->point,
                          walk->replicate);
    enum status status = open_pack(self, walk, errors);
    while (!status && self->ahead_name && is_before(self->ahead_name, walk))
        status = look_ahead(self, errors);
    while (!status && self->ahead_name &&
           strncmp(self->ahead_name, prefix, (size_t)length) == 0) {
        take_text(self, self->ahead_name + length);
        status = look_ahead(self, errors);
    }
    return status;
}

/* ----------------------------------------------------------------------------- from a folder
 */

static char *read_text(const char *folder, const char *name)
{
    struct errors ignored = {0};
    char *path = file_join(folder, name), *text = NULL;
    size_t length = 0;
    if (path && file_read(path, TEXT_MOST, &text, &length, &ignored)) text = NULL;
    errors_free(&ignored);
    free(path);
    return text;
}

static void read_folder(struct kept *self, const char *folder)
{
    self->manifest = read_text(folder, "manifest.json");
    if (self->manifest)
        self->cohorts = read_text(folder, "cohorts.csv");
    else
        self->failed = read_text(folder, "failed");
}

enum status kept_read(struct kept *self, const struct plan_walk *walk, struct errors *errors)
{
    enum status status = STATUS_OK;
    forget_texts(self);
    if (walk->packed)
        status = read_packed(self, walk, errors);
    else if (walk->there)
        read_folder(self, walk->folder);
    self->state = self->manifest ? TRIAL_DONE : self->failed ? TRIAL_FAILED : TRIAL_ABSENT;
    return status;
}

enum status kept_figures(const struct kept *self, const struct plan_walk *walk,
                         struct figures *out, struct errors *errors)
{
    FILE *cohorts = NULL;
    *out = (struct figures){0};
    size_t size = self->cohorts ? strlen(self->cohorts) : 0;
    if (size) cohorts = fmemopen(self->cohorts, size, "r");
    if (size && !cohorts) return STATUS_NO_MEMORY;
    return figures_read_text(out, self->manifest, cohorts, walk->folder, errors);
}

/* ---------------------------------------------------------------------------------- packing
 */

/* The files of a folder by name, so that a pack is a function of what is in it. */
struct names {
    char *name[64];
    size_t count;
};

static bool note_name(const char *path, void *context)
{
    struct names *self = context;
    if (self->count == sizeof self->name / sizeof self->name[0]) return false;
    self->name[self->count] = strdup(path);
    return self->name[self->count++] != NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum status pack_file(struct archive_writer *archive, const char *path,
                             const struct plan_walk *walk, struct errors *errors)
{
    char name[ARCHIVE_NAME_SIZE], *bytes = NULL;
    size_t size = 0;
    int length = snprintf(name, sizeof name, "%" PRIu64 "-%" PRIu64 "/%s", walk->point,
                          walk->replicate, strrchr(path, '/') + 1);
    if (length >= (int)sizeof name)
        return errors_add(errors, STATUS_BAD_INPUT, "%s: too long a name to pack", path);
    enum status status = file_read(path, ARCHIVE_FILE_MOST, &bytes, &size, errors);
    if (!status) status = archive_add(archive, name, bytes, size);
    free(bytes);
    return status;
}

static enum status pack_trial(struct archive_writer *archive, const struct plan_walk *walk,
                              struct errors *errors)
{
    struct names names = {0};
    enum status status = STATUS_OK;
    if (!file_each(walk->folder, note_name, &names))
        status = errors_add(errors, STATUS_IO, "%s: cannot be packed: %s", walk->folder,
                            strerror(errno));
    qsort(names.name, names.count, sizeof names.name[0], by_name);
    for (size_t i = 0; i < names.count; i++) {
        if (!status && names.name[i]) status = pack_file(archive, names.name[i], walk, errors);
        free(names.name[i]);
    }
    return status;
}

/* One bucket, from the trial that the walk stands on to its last one or the last of all. */
static enum status pack_bucket(struct plan_walk *walk, bool *more, struct errors *errors)
{
    uint64_t bucket = walk->number / PLAN_BUCKET;
    struct file file = {0};
    struct archive_writer *archive = NULL;
    char *place = strdup(walk->place), *path = plan_bucket(walk->plan, bucket, true);
    bool packed = walk->packed;
    enum status status = place && path ? STATUS_OK : STATUS_NO_MEMORY;
    if (!status && !packed) status = file_create(&file, path, errors);
    if (!status && !packed && !(archive = archive_begin(file.stream)))
        status = STATUS_NO_MEMORY;
    while (!status && *more && walk->number / PLAN_BUCKET == bucket) {
        if (!packed) status = pack_trial(archive, walk, errors);
        if (!status) status = plan_next(walk, more, errors);
    }
    if (archive) {
        enum status ended = archive_end(archive);
        if (!status) status = ended;
    }
    if (!status && !packed) status = file_commit(&file, errors);
    file_discard(&file);
    if (!status && file_exists(place) && !file_remove(place))
        status = errors_add(errors, STATUS_IO, "%s: cannot be removed: %s", place,
                            strerror(errno));
    free(path);
    free(place);
    return status;
}

static enum status all_ended(const struct plan *plan, struct errors *errors)
{
    struct plan_walk walk;
    bool more = true;
    enum status status = plan_begin(&walk, plan, errors);
    while (!status && more) {
        status = plan_next(&walk, &more, errors);
        if (!status && more && plan_state(&walk) == TRIAL_ABSENT)
            status = errors_add(errors, STATUS_BAD_INPUT,
                                "%s: trial %" PRIu64 "-%" PRIu64
                                " has not ended: only a finished sweep is packed",
                                plan->folder, walk.point, walk.replicate);
    }
    plan_end(&walk);
    return status;
}

enum status kept_pack(const struct plan *plan, struct errors *errors)
{
    struct plan_walk walk = {0};
    bool more = false;
    enum status status = all_ended(plan, errors);
    if (status) return status;
    status = plan_begin(&walk, plan, errors);
    if (!status) status = plan_next(&walk, &more, errors);
    while (!status && more) status = pack_bucket(&walk, &more, errors);
    plan_end(&walk);
    return status;
}
