/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/scenario.h"

#include <libconfig.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "guard.h"
#include "io/file.h"

#define PATH_MOST 512 /* of a setting: longer ones are cut, and then unknown */
#define WHERE_MOST 1024

/* A file that is being read, and who included it. */
struct source {
    const char *path;
    const struct source *includer;
    dev_t device; /* device and inode: one file has many names */
    ino_t inode;
    int depth;
};

struct reader {
    struct parameters *parameters;
    struct errors *errors;
    bool lenient;      /* unknown settings are none of our business */
    bool own;          /* a group of its parameters was there */
    const char *other; /* the command that a group is for which is not; NULL = none was there */
    int files;
    enum status status; /* the worst so far: memory before bad input */
};

/* A setting on the way down the tree. */
struct place {
    const config_setting_t *setting;
    const struct source *source;
    const char *path;
};

static void note(struct reader *self, enum status status)
{
    if (status == STATUS_OK || self->status == STATUS_NO_MEMORY) return;
    self->status = status;
}

static void where_is(const struct place *place, char where[WHERE_MOST])
{
    snprintf(where, WHERE_MOST, "%s:%d", place->source->path,
             (int)config_setting_source_line(place->setting));
}

/* Adds "FILE:LINE: `PATH` PROBLEM". */
static void refuse(struct reader *self, const struct place *place, const char *problem)
{
    char where[WHERE_MOST];
    where_is(place, where);
    note(self, errors_add(self->errors, STATUS_BAD_INPUT, "%s: `%s` %s", where, place->path,
                          problem));
}

static void refuse_unknown(struct reader *self, const struct place *place)
{
    if (self->lenient) return;
    char where[WHERE_MOST], near[PATH_MOST];
    where_is(place, where);
    const char *suggestion = parameters_suggest(self->parameters, place->path, near,
                                                sizeof near);
    if (suggestion != NULL)
        note(self, errors_add(self->errors, STATUS_BAD_INPUT,
                              "unknown setting `%s` at %s, did you mean `%s`?", place->path,
                              where, suggestion));
    else
        note(self, errors_add(self->errors, STATUS_BAD_INPUT,
                              "unknown setting `%s` at %s; `reelsim explain` lists them all",
                              place->path, where));
}

static struct parameter_block *list_block(const struct parameters *parameters, const char *path)
{
    for (size_t b = 0; b < parameters->block_count; ++b) {
        struct parameter_block *block = &parameters->blocks[b];
        if (block->table->most > 0 && strcmp(block->table->prefix, path) == 0) return block;
    }
    return NULL;
}

/* One plain value; false when it is a group or a list. `1.8e308` and more are infinite. */
static bool to_value(const config_setting_t *setting, struct value *value)
{
    *value = (struct value){0};
    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_INT:
        value->kind = VALUE_INT;
        value->integer = config_setting_get_int(setting);
        return true;
    case CONFIG_TYPE_INT64:
        value->kind = VALUE_INT;
        value->integer = config_setting_get_int64(setting);
        return true;
    case CONFIG_TYPE_FLOAT:
        value->kind = VALUE_FLOAT;
        value->number = config_setting_get_float(setting);
        return true;
    case CONFIG_TYPE_BOOL:
        value->kind = VALUE_BOOL;
        value->boolean = config_setting_get_bool(setting) != 0;
        return true;
    case CONFIG_TYPE_STRING:
        value->kind = VALUE_TEXT;
        value->text = config_setting_get_string(setting);
        return true;
    default:
        return false;
    }
}

/* The guard has complained of it and left this in its place. */
static bool is_wrong(const config_setting_t *setting)
{
    return config_setting_type(setting) == CONFIG_TYPE_ARRAY;
}

static bool is_finite(const struct value *value)
{
    return value->kind != VALUE_FLOAT || isfinite(value->number);
}

static void store(struct reader *self, const struct place *place, const struct value *value)
{
    struct parameter at;
    char where[WHERE_MOST];
    if (!parameters_find(self->parameters, place->path, &at)) {
        if (parameters_is_group(self->parameters, place->path))
            refuse(self, place, "is a group of settings, expected `{ ... }`");
        else
            refuse_unknown(self, place);
        return;
    }
    where_is(place, where);
    note(self, parameters_store(self->parameters, &at, value, where, self->errors));
}

static void take_scalar(struct reader *self, const struct place *place)
{
    struct value value;
    if (!to_value(place->setting, &value)) return;
    if (is_finite(&value))
        store(self, place, &value);
    else
        refuse(self, place, "is too large for a number");
}

/* An array of plain values. */
static void take_array(struct reader *self, const struct place *place)
{
    int count = config_setting_length(place->setting);
    struct value *items = calloc((size_t)count + 1, sizeof *items);
    if (items == NULL) {
        note(self, STATUS_NO_MEMORY);
        return;
    }
    for (int i = 0; i < count; ++i) {
        const config_setting_t *item = config_setting_get_elem(place->setting, (unsigned)i);
        if (is_wrong(item)) goto out;
        if (to_value(item, &items[i]) && is_finite(&items[i])) continue;
        struct parameter at;
        if (parameters_find(self->parameters, place->path, &at))
            refuse(self, place, "has an element that is no plain value");
        else
            refuse_unknown(self, place);
        goto out;
    }
    store(self, place,
          &(struct value){.kind = VALUE_LIST, .items = items, .item_count = (size_t)count});
out:
    free(items);
}

static void take_group(struct reader *self, const struct place *place);

/* The groups of a list table, in place of those that an included file brought. */
static void take_groups(struct reader *self, const struct place *place,
                        struct parameter_block *block)
{
    int count = config_setting_length(place->setting);
    if (count > block->table->most) {
        char problem[80];
        snprintf(problem, sizeof problem, "has %d groups, must be at most %d", count,
                 (int)block->table->most);
        refuse(self, place, problem);
        return;
    }
    block->count = 0;
    for (int i = 0; i < count; ++i) {
        char path[PATH_MOST + 16];
        int32_t index;
        snprintf(path, sizeof path, "%s[%d]", place->path, i);
        struct place group = {.setting = config_setting_get_elem(place->setting, (unsigned)i),
                              .source = place->source,
                              .path = path};
        enum status grown = parameters_grow(self->parameters, block->table->prefix, &index);
        note(self, grown);
        if (grown != STATUS_OK) return;
        if (config_setting_is_group(group.setting))
            take_group(self, &group);
        else if (!is_wrong(group.setting))
            refuse(self, &group, "is a plain value, expected a group `{ ... }`");
    }
}

static void take_setting(struct reader *self, const struct place *place)
{
    struct parameter at;
    struct parameter_block *block = list_block(self->parameters, place->path);
    int type = config_setting_type(place->setting);
    bool list = type == CONFIG_TYPE_LIST;
    bool known = block != NULL || parameters_find(self->parameters, place->path, &at);

    if (is_wrong(place->setting) &&
        (known || parameters_is_group(self->parameters, place->path)))
        return;
    if (block != NULL && list)
        take_groups(self, place, block);
    else if (block != NULL)
        refuse(self, place, "takes a list of groups: `( { ... }, { ... } )`");
    else if (is_wrong(place->setting))
        refuse_unknown(self, place);
    else if (list)
        take_array(self, place);
    else if (type != CONFIG_TYPE_GROUP)
        take_scalar(self, place);
    else if (known)
        refuse(self, place, "takes a value, not a group");
    else if (config_setting_length(place->setting) == 0 &&
             !parameters_is_group(self->parameters, place->path))
        refuse_unknown(self, place);
    else
        take_group(self, place);
}

static void take_group(struct reader *self, const struct place *place)
{
    int count = config_setting_length(place->setting);
    for (int i = 0; i < count; ++i) {
        char path[PATH_MOST];
        const config_setting_t *child = config_setting_get_elem(place->setting, (unsigned)i);
        const char *dot = place->path[0] == '\0' ? "" : ".";
        if (config_setting_name(child)[0] == GUARD_WRONG_NAME) continue;
        snprintf(path, sizeof path, "%s%s%s", place->path, dot, config_setting_name(child));
        take_setting(self, &(struct place){child, place->source, path});
    }
}

/* Groups of the files that other commands read, and the command. */
static const char *command_of(const char *group)
{
    static const char *const known[][2] = {
        {"sweep", "sweep"}, {"calibrate", "calibrate"}, {"run", "run"},
        {"viewers", "run"}, {"creators", "run"},        {"platform", "run"},
        {"revenue", "run"}, {"growth", "run"},          {"policy", "run"},
        {"measure", "run"}, {"experiment", "run"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i][0], group) == 0) return known[i][1];
    return NULL;
}

/* Whose file is it? */
static void look_at_groups(struct reader *self, const config_setting_t *root)
{
    for (int i = 0; i < config_setting_length(root); i++) {
        const char *name = config_setting_name(config_setting_get_elem(root, (unsigned)i));
        if (parameters_is_group(self->parameters, name))
            self->own = true;
        else if (!self->other)
            self->other = command_of(name);
    }
}

/* The settings of one file, whose text the guard has passed. */
static void take_text(struct reader *self, const struct source *source, const char *text)
{
    config_t config;
    config_init(&config);
    if (config_read_string(&config, text) == CONFIG_TRUE) {
        look_at_groups(self, config_root_setting(&config));
        take_group(self, &(struct place){config_root_setting(&config), source, ""});
    } else
        note(self, errors_add(self->errors, STATUS_BAD_INPUT, "%s:%d: %s", source->path,
                              config_error_line(&config), config_error_text(&config)));
    config_destroy(&config);
}

/* "a.cfg -> b.cfg -> a.cfg", the outermost file first. */
static void print_chain(const struct source *source, char *text, size_t size)
{
    if (source->includer != NULL) {
        print_chain(source->includer, text, size);
        size_t length = strlen(text);
        snprintf(text + length, size - length, " -> %s", source->path);
    } else {
        snprintf(text, size, "%s", source->path);
    }
}

/* May `source` be read, or do the includes run in a circle or too deep? */
static bool admit(struct reader *self, const struct source *source, int line)
{
    const char *problem = NULL;
    for (const struct source *up = source->includer; up != NULL && problem == NULL;
         up = up->includer)
        if (up->device == source->device && up->inode == source->inode)
            problem = "files include each other in a loop";
    if (problem == NULL && source->depth > SCENARIO_CHAIN_MOST)
        problem = "too many files inside each other";
    if (problem == NULL && self->files == SCENARIO_FILES_MOST) problem = "too many includes";
    if (problem == NULL) return true;

    char chain[2048];
    print_chain(source, chain, sizeof chain);
    note(self, errors_add(self->errors, STATUS_BAD_INPUT, "%s:%d: %s: %s",
                          source->includer->path, line, problem, chain));
    return false;
}

static void read_source(struct reader *self, struct source *source, int line);

static void read_include(struct reader *self, const struct source *includer,
                         const struct guard_include *include)
{
    char *folder = file_folder_of(includer->path);
    char *path = NULL;
    if (folder != NULL && include->name != NULL) {
        bool here = strcmp(folder, ".") == 0 && includer->path[0] != '.';
        path = here ? strdup(include->name) : file_join(folder, include->name);
    }
    free(folder);
    if (path == NULL) {
        note(self, STATUS_NO_MEMORY);
        return;
    }
    struct source source = {.path = path, .includer = includer, .depth = includer->depth + 1};
    struct stat info;
    if (stat(path, &info) != 0) {
        note(self, errors_add(self->errors, STATUS_BAD_INPUT,
                              "%s:%d: included file `%s` is missing (looked for %s)",
                              includer->path, include->line, include->name, path));
    } else {
        source.device = info.st_dev;
        source.inode = info.st_ino;
        if (admit(self, &source, include->line)) read_source(self, &source, include->line);
    }
    free(path);
}

static void read_source(struct reader *self, struct source *source, int line)
{
    char *text = NULL;
    size_t length = 0;
    struct guard guard = {0};
    ++self->files;
    enum status status = file_read(source->path, SCENARIO_BYTES_MOST, &text, &length,
                                   self->errors);
    if (status != STATUS_OK) {
        note(self, status);
        if (line > 0)
            note(self, errors_add(self->errors, STATUS_BAD_INPUT, "%s:%d: included here",
                                  source->includer->path, line));
        return;
    }
    status = guard_scan(&guard, source->path, text, length, self->errors);
    note(self, status);
    for (int i = 0; i < guard.include_count; ++i)
        read_include(self, source, &guard.includes[i]);
    if (guard.readable) take_text(self, source, text);
    guard_free(&guard);
    free(text);
}

static enum status read_scenario(struct reader *self, const char *path)
{
    struct source source = {.path = path, .depth = 1};
    struct stat info;
    size_t count = self->errors->count, length = self->errors->length;
    if (stat(path, &info) == 0) {
        source.device = info.st_dev;
        source.inode = info.st_ino;
    }
    read_source(self, &source, 0);
    if (self->status == STATUS_BAD_INPUT && self->other && !self->own) {
        /* one word in place of an error a setting */
        self->errors->count = count;
        self->errors->length = length;
        return errors_add(self->errors, STATUS_BAD_INPUT,
                          "%s: none of its settings is for this command: it is a file for "
                          "`reelsim %s`",
                          path, self->other);
    }
    if (self->status == STATUS_NO_MEMORY)
        return errors_add(self->errors, STATUS_NO_MEMORY, "%s: out of memory", path);
    return self->status;
}

enum status scenario_read(struct parameters *parameters, const char *path,
                          struct errors *errors)
{
    struct reader reader = {.parameters = parameters, .errors = errors};
    return read_scenario(&reader, path);
}

enum status scenario_peek(struct parameters *parameters, const char *path,
                          struct errors *errors)
{
    struct reader reader = {.parameters = parameters, .errors = errors, .lenient = true};
    return read_scenario(&reader, path);
}
