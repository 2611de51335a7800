/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/plan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/version.h"
#include "experiment/claim.h"
#include "experiment/design.h"
#include "io/file.h"
#include "io/manifest.h"
#include "io/manifest_text.h"
#include "io/pinned.h"

#define DESCRIPTION_MOST 65536

void plan_field(FILE *to, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, to);
        return;
    }
    putc('"', to);
    for (; *text; text++) {
        if (*text == '"') putc('"', to);
        putc(*text, to);
    }
    putc('"', to);
}

/* ------------------------------------------------------------------------------- what it is
 */

/* All settings of the sweep's file in one number. */
static void add_setting(const struct parameter *at, const char *path, void *context)
{
    char value[8192];
    uint64_t *digest = context;
    parameters_print(at, value, sizeof value);
    if (strcmp(path, "sweep.on_error") == 0 || strcmp(path, "sweep.name") == 0 ||
        strcmp(path, "sweep.scenario") == 0 || strcmp(path, "sweep.figures") == 0)
        return;
    *digest = name_of(path, *digest);
    *digest = name_of(value, *digest);
}

static uint64_t digest_of(const struct sweep *sweep, const struct plan_options *options)
{
    uint64_t digest = 0;
    parameters_each(&sweep->parameters, add_setting, &digest);
    return options->points ? name_of(options->points_name, digest) : digest;
}

static char *in_folder(const struct plan *self, const char *name)
{
    return file_join(self->folder, name);
}

/* The next one, of the file's design or of the caller's. */
static enum status next_point(struct design *design, const struct plan_options *options,
                              struct sweep_point *point, bool *more, struct errors *errors)
{
    const struct sweep *sweep = design->sweep;
    if (!options->points) return design_next(design, point, more, errors);
    *more = design->taken < options->point_count;
    const double *u = options->points + design->taken * sweep->axes;
    for (size_t i = 0; *more && i < sweep->axes; i++)
        sweep_value(sweep, i, u[i], point->value[i]);
    design->taken += *more;
    return STATUS_OK;
}

static enum status write_design(struct plan *self, const struct sweep *sweep,
                                const struct plan_options *options, struct errors *errors)
{
    struct file file = {0};
    struct design design = {0};
    struct sweep_point point = {0};
    bool more = true;
    char *path = in_folder(self, "design.csv");
    enum status status = path ? file_create(&file, path, errors) : STATUS_NO_MEMORY;
    if (!status) status = design_begin(&design, sweep, errors);
    if (!status) {
        fputs("point", file.stream);
        for (size_t i = 0; i < sweep->axes; i++) {
            putc(',', file.stream);
            plan_field(file.stream, sweep->axis[i].path);
        }
        putc('\n', file.stream);
    }
    for (self->points = 0; !status && more;) {
        status = next_point(&design, options, &point, &more, errors);
        if (status || !more) break;
        fprintf(file.stream, "%" PRIu64, self->points++);
        for (size_t i = 0; i < sweep->axes; i++) {
            putc(',', file.stream);
            plan_field(file.stream, point.value[i]);
        }
        putc('\n', file.stream);
    }
    if (!status) status = file_commit(&file, errors);
    file_discard(&file);
    design_free(&design);
    free(path);
    return status;
}

static void write_text(FILE *to, const char *key, const char *text)
{
    fprintf(to, ",\n  \"%s\": ", key);
    manifest_text(to, text ? text : "");
}

static enum status write_description(const struct plan *self, const struct sweep *sweep,
                                     const struct plan_options *options, struct errors *errors)
{
    struct file file = {0};
    char *path = in_folder(self, "sweep.json");
    enum status status = path ? file_create(&file, path, errors) : STATUS_NO_MEMORY;
    if (!status) {
        fprintf(file.stream,
                "{\n  \"version\": \"%s\",\n  \"git\": \"%s\",\n  \"points\": %" PRIu64
                ",\n  \"replications\": %" PRIu64 ",\n  \"design_digest\": \"%016" PRIx64
                "\",\n  \"scenario_digest\": \"%016" PRIx64 "\",\n  \"seed\": %" PRId64,
                version_number(), version_git(), self->points, self->replications,
                digest_of(sweep, options), name_of(options->settings, 0), options->seed);
        write_text(file.stream, "command", options->command);
        write_text(file.stream, "figures", options->figures);
        write_text(file.stream, "points_of", options->points ? options->points_name : NULL);
        fputs("\n}\n", file.stream);
        status = file_commit(&file, errors);
    }
    free(path);
    return status;
}

static enum status read_description(const struct plan *self, char **text, struct errors *errors)
{
    size_t length = 0;
    char *path = in_folder(self, "sweep.json");
    enum status status = path ? file_read(path, DESCRIPTION_MOST, text, &length, errors)
                              : STATUS_NO_MEMORY;
    free(path);
    return status;
}

/* Is what is there this sweep? */
static enum status compare(const struct plan *self, const char *text, const struct sweep *sweep,
                           const struct plan_options *options, struct errors *errors)
{
    char design[17], scenario[17];
    snprintf(design, sizeof design, "%016" PRIx64, digest_of(sweep, options));
    snprintf(scenario, sizeof scenario, "%016" PRIx64, name_of(options->settings, 0));
    enum { VERSION, BUILD, DESIGN, SCENARIO, ROWS };
    const struct {
        const char *key, *ours, *what;
    } rows[ROWS] = {
        [VERSION] = {"version", version_number(), "of another version of reelsim"},
        [BUILD] = {"git", version_git(), "of another build of reelsim"},
        [DESIGN] = {"design_digest", design, "of other axes, points or conditions"},
        [SCENARIO] = {"scenario_digest", scenario, "of another scenario or other settings"}};
    for (size_t i = 0; i < ROWS; i++) {
        char theirs[256] = "";
        manifest_find_text(text, rows[i].key, theirs, sizeof theirs);
        if (strcmp(theirs, rows[i].ours) == 0 || (i == DESIGN && options->begun)) continue;
        if (i == SCENARIO)
            pinned_compare(self->pinned, options->settings, self->folder, errors);
        return errors_add(errors, STATUS_BAD_INPUT,
                          "%s: a sweep is there, %s (%s: %s, now %s): put that back to go on; "
                          "--out takes another folder, --force begins anew",
                          self->folder, rows[i].what, rows[i].key, theirs, rows[i].ours);
    }
    return STATUS_OK;
}

static enum status take_numbers(struct plan *self, const char *text, struct errors *errors)
{
    char number[32] = "0";
    manifest_find_text(text, "points", number, sizeof number);
    self->points = strtoull(number, NULL, 10);
    snprintf(number, sizeof number, "0");
    manifest_find_text(text, "replications", number, sizeof number);
    self->replications = strtoull(number, NULL, 10);
    if (self->points >= 1 && self->points <= SWEEP_POINTS_MOST && self->replications >= 1 &&
        self->replications <= 100000)
        return STATUS_OK;
    return errors_add(errors, STATUS_BAD_INPUT, "%s/sweep.json: is damaged", self->folder);
}

static enum status forget(const struct plan *self, struct errors *errors)
{
    static const char *const names[] = {"sweep.json", "scenario.json", "design.csv",
                                        "table.csv",  "failed.csv",    "trials",
                                        "slurm",      "report.html",   "plots"};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !status; i++) {
        char *path = in_folder(self, names[i]);
        if (!path) return STATUS_NO_MEMORY;
        if (file_exists(path) && !file_remove(path))
            status = errors_add(errors, STATUS_IO, "%s: cannot be removed: %s", path,
                                strerror(errno));
        free(path);
    }
    return status;
}

static bool holds(const struct plan *self, const char *name)
{
    char *path = in_folder(self, name);
    bool there = path && file_exists(path);
    free(path);
    return there;
}

#define BEGUN_S 30 /* to write a design takes seconds */

/* Waits while another is at it. */
static enum status claim_folder(const struct plan *self, struct claim *claim,
                                struct errors *errors)
{
    bool held = true;
    char *path = in_folder(self, "sweep.json");
    enum status status = path ? file_make_folder(self->folder, errors) : STATUS_NO_MEMORY;
    while (!status && held) {
        status = claim_take(claim, path, BEGUN_S, &held, errors);
        if (!status && held) usleep(50000);
    }
    free(path);
    return status;
}

/* What a sweep that was killed before its description was written left counts as nothing. */
static enum status write_anew(struct plan *self, const struct sweep *sweep,
                              const struct plan_options *options, struct errors *errors)
{
    bool ours = holds(self, "sweep.json");
    enum status status = STATUS_OK;
    if (!ours && holds(self, "trials"))
        return errors_add(errors, STATUS_BAD_INPUT,
                          "%s: holds `trials` but is no sweep's folder; choose another with "
                          "--out",
                          self->folder);
    if (ours) status = forget(self, errors);
    if (!status) status = write_design(self, sweep, options, errors); /* may refuse it */
    if (!status) status = pinned_save(self->pinned, options->settings, errors);
    if (!status) status = write_description(self, sweep, options, errors);
    return status;
}

static enum status begin_anew(struct plan *self, const struct sweep *sweep,
                              const struct plan_options *options, bool *begun,
                              struct errors *errors)
{
    struct claim claim = {0};
    enum status status = claim_folder(self, &claim, errors);
    *begun = !status && (options->force || !holds(self, "sweep.json"));
    if (*begun) status = write_anew(self, sweep, options, errors);
    claim_release(&claim);
    if (status) (void)rmdir(self->folder); /* nothing was begun there */
    return status;
}

enum status plan_make(struct plan *self, const struct sweep *sweep,
                      const struct plan_options *options, struct errors *errors)
{
    char *text = NULL;
    *self = (struct plan){.folder = strdup(options->folder),
                          .replications = (uint64_t)sweep->options->replications};
    if (self->folder) self->pinned = in_folder(self, "scenario.json");
    if (!self->pinned) return STATUS_NO_MEMORY;
    enum status status = STATUS_OK;
    if (options->force || !holds(self, "sweep.json")) {
        bool begun = false;
        status = begin_anew(self, sweep, options, &begun, errors);
        if (status || begun) return status;
    }
    status = read_description(self, &text, errors);
    if (!status) status = compare(self, text, sweep, options, errors);
    if (!status) status = take_numbers(self, text, errors);
    free(text);
    return status;
}

enum status plan_open(struct plan *self, const char *folder, struct errors *errors)
{
    char *text = NULL;
    *self = (struct plan){.folder = strdup(folder)};
    if (!self->folder) return STATUS_NO_MEMORY;
    if (!holds(self, "sweep.json"))
        return errors_add(errors, STATUS_BAD_INPUT,
                          "%s: is no sweep's folder (it has no sweep.json)", folder);
    enum status status = read_description(self, &text, errors);
    if (!status) status = take_numbers(self, text, errors);
    free(text);
    return status;
}

enum status plan_describe(const struct plan *self, const char *key, char *out, size_t size,
                          struct errors *errors)
{
    char *text = NULL;
    *out = 0;
    enum status status = read_description(self, &text, errors);
    if (!status) manifest_find_text(text, key, out, size);
    free(text);
    return status;
}

void plan_free(struct plan *self)
{
    free(self->folder);
    free(self->pinned);
    *self = (struct plan){0};
}

/* ---------------------------------------------------------------------------------- the walk
 */

static uint64_t number_of(const struct plan *self, uint64_t point, uint64_t replicate)
{
    return point * self->replications + replicate;
}

char *plan_bucket(const struct plan *self, uint64_t bucket, bool packed)
{
    char name[64];
    snprintf(name, sizeof name, "trials/%03" PRIu64 "/%03" PRIu64 "%s", bucket / 1000,
             bucket % 1000, packed ? ".tar.zst" : "");
    return in_folder(self, name);
}

char *plan_folder_of(const struct plan *self, uint64_t point, uint64_t replicate)
{
    char name[96];
    uint64_t bucket = number_of(self, point, replicate) / PLAN_BUCKET;
    snprintf(name, sizeof name, "trials/%03" PRIu64 "/%03" PRIu64 "/%" PRIu64 "-%" PRIu64,
             bucket / 1000, bucket % 1000, point, replicate);
    return in_folder(self, name);
}

enum status plan_begin(struct plan_walk *self, const struct plan *plan, struct errors *errors)
{
    *self = (struct plan_walk){.plan = plan};
    if (csv_open(&self->design, plan->folder, "design.csv") && self->design.columns >= 2)
        return STATUS_OK;
    return errors_add(errors, STATUS_BAD_INPUT, "%s/design.csv: is missing or damaged",
                      plan->folder);
}

void plan_end(struct plan_walk *self)
{
    csv_close(&self->design);
    free(self->folder);
    free(self->place);
    *self = (struct plan_walk){0};
}

/* The bucket of the trial, looked at once. */
static enum status look_at_place(struct plan_walk *self)
{
    uint64_t bucket = self->number / PLAN_BUCKET;
    if (self->place && self->number % PLAN_BUCKET != 0) return STATUS_OK;
    char *packed = plan_bucket(self->plan, bucket, true);
    free(self->place);
    self->place = plan_bucket(self->plan, bucket, false);
    self->packed = packed && file_exists(packed);
    self->there = self->place && file_exists(self->place);
    free(packed);
    return packed && self->place ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status plan_next(struct plan_walk *self, bool *more, struct errors *errors)
{
    *more = false;
    if (self->begun && self->replicate + 1 < self->plan->replications) {
        self->replicate++;
    } else {
        uint64_t next = self->begun ? self->point + 1 : 0;
        if (next == self->plan->points) return STATUS_OK;
        bool read = csv_next(&self->design) && self->design.fields == self->design.columns &&
                    strtoull(csv_text(&self->design, 0), NULL, 10) == next;
        if (!read)
            return errors_add(errors, STATUS_BAD_INPUT,
                              "%s/design.csv: point %" PRIu64 " is missing", self->plan->folder,
                              next);
        self->point = next;
        self->replicate = 0;
        self->begun = true;
    }
    self->number = number_of(self->plan, self->point, self->replicate);
    enum status status = look_at_place(self);
    free(self->folder);
    self->folder = plan_folder_of(self->plan, self->point, self->replicate);
    *more = true;
    return self->folder ? status : STATUS_NO_MEMORY;
}

const char *plan_axis(const struct plan_walk *self, size_t axis)
{
    return self->design.name[axis + 1];
}

const char *plan_value(const struct plan_walk *self, size_t axis)
{
    return csv_text(&self->design, axis + 1);
}

enum trial_state plan_state(const struct plan_walk *self)
{
    if (self->packed) return TRIAL_DONE;
    return self->there ? trial_state(self->folder) : TRIAL_ABSENT;
}
