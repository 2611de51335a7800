/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugin.h"

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <string.h>

#include <xxhash.h>

#include "base/memory.h"
#include "kinds.h"
#include "reelsim/plugin.h"

struct kind_row {
    const char *kind;
    size_t size;
};

static const struct kind_row kinds[] = {
#define KIND_SIZE(text, table, type) {text, sizeof(type)},
    KIND_LIST(KIND_SIZE)
#undef KIND_SIZE
};

enum status plugin_register(struct registry *registry, const struct member *member)
{
    const struct member **grown = memory_alloc(registry->count + 1, sizeof(*registry->member));
    if (!grown) return STATUS_NO_MEMORY;
    for (size_t i = 0; i < registry->count; i++) grown[i] = registry->member[i];
    grown[registry->count++] = member;
    memory_free(registry->member);
    registry->member = grown;
    return STATUS_OK;
}

/* The name is nobody's: neither built in, nor of another plug-in, nor of a row before it. */
static bool is_new(const struct model *model, const struct reelsim_plugin *rows,
                   const struct reelsim_plugin *row)
{
    for (; rows < row; rows++)
        if (strcmp(rows->kind, row->kind) == 0 &&
            strcmp(rows->member->name, row->member->name) == 0)
            return false;
    return !registry_find(&model->registries, row->kind, row->member->name);
}

static enum status check_version(const char *path, const struct reelsim_plugin *row,
                                 struct errors *errors)
{
    if (row->abi != REELSIM_ABI)
        return errors_add(errors, STATUS_BAD_INPUT,
                          "plug-in %s: made for interface version %u, this program has %u; "
                          "compile it again with this program's headers",
                          path, row->abi, REELSIM_ABI);
    if (row->layout != REELSIM_LAYOUT)
        return errors_add(errors, STATUS_BAD_INPUT,
                          "plug-in %s: made with headers of another build of this version; "
                          "compile it again with this program's headers",
                          path);
    return STATUS_OK;
}

/* A row must be of our version, of a known kind, of the struct we were compiled with, and new.
 */
static enum status check_row(const struct model *model, const char *path,
                             const struct reelsim_plugin *rows,
                             const struct reelsim_plugin *row, struct errors *errors)
{
    enum status status = check_version(path, row, errors);
    if (status) return status;
    if (!row->kind || !row->member || !row->member->name || !row->member->doc)
        return errors_add(errors, STATUS_BAD_INPUT,
                          "plug-in %s: a row without kind, name or doc", path);
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        if (strcmp(kinds[k].kind, row->kind) != 0) continue;
        if (kinds[k].size != row->size)
            return errors_add(
                errors, STATUS_BAD_INPUT,
                "plug-in %s: its %s has %u bytes, this program's has %zu; compile "
                "it again with this program's headers",
                path, row->kind, row->size, kinds[k].size);
        if (!is_new(model, rows, row))
            return errors_add(errors, STATUS_BAD_INPUT,
                              "plug-in %s: there already is a %s named %s", path, row->kind,
                              row->member->name);
        return STATUS_OK;
    }
    return errors_add(errors, STATUS_BAD_INPUT,
                      "plug-in %s: unknown kind \"%s\"; `reelsim list` shows the kinds", path,
                      row->kind);
}

static enum status digest_stream(FILE *file, uint64_t *digest)
{
    unsigned char block[1 << 14];
    XXH3_state_t *state = XXH3_createState();
    if (!state) return STATUS_NO_MEMORY;
    XXH3_64bits_reset(state);
    for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;)
        XXH3_64bits_update(state, block, n);
    *digest = XXH3_64bits_digest(state);
    XXH3_freeState(state);
    return ferror(file) ? STATUS_IO : STATUS_OK;
}

/* Of the file that the loader found, wherever it looked. */
static enum status digest_library(struct library *library, const char *path,
                                  struct errors *errors)
{
    struct link_map *map = NULL;
    FILE *file = NULL;
    if (dlinfo(library->handle, RTLD_DI_LINKMAP, &map) == 0) file = fopen(map->l_name, "rb");
    enum status status = file ? digest_stream(file, &library->digest) : STATUS_IO;
    if (file) fclose(file);
    if (status != STATUS_IO) return status;
    return errors_add(errors, STATUS_BAD_INPUT, "plug-in %s: its file cannot be read", path);
}

static enum status keep_library(struct model *model, struct library library)
{
    struct library *grown = memory_alloc(model->library_count + 1, sizeof(*grown));
    if (!grown) return STATUS_NO_MEMORY;
    if (model->library_count)
        memcpy(grown, model->libraries, model->library_count * sizeof(*grown));
    grown[model->library_count++] = library;
    memory_free(model->libraries);
    model->libraries = grown;
    return STATUS_OK;
}

enum status plugin_load(struct model *model, const char *path, struct errors *errors)
{
    enum status status = STATUS_OK;
    struct library library = {.handle = dlopen(path, RTLD_NOW | RTLD_LOCAL)};
    if (!library.handle)
        return errors_add(errors, STATUS_BAD_INPUT, "plug-in %s: cannot be loaded: %s", path,
                          dlerror());
    const struct reelsim_plugin *rows = dlsym(library.handle, "reelsim_plugins");
    if (!rows) {
        status = errors_add(errors, STATUS_BAD_INPUT,
                            "plug-in %s: exports no `reelsim_plugins`; see "
                            "include/reelsim/plugin.h",
                            path);
        goto out;
    }
    if (!rows->abi)
        status = errors_add(errors, STATUS_BAD_INPUT, "plug-in %s: its list is empty", path);
    for (const struct reelsim_plugin *row = rows; row->abi && !status; row++)
        status = check_row(model, path, rows, row, errors);
    if (!status) status = digest_library(&library, path, errors);
    if (!status) status = keep_library(model, library);
    if (status) goto out;
    library.handle = NULL; /* the model closes it now */
    for (const struct reelsim_plugin *row = rows; row->abi && !status; row++)
        status = plugin_register(registry_kind(&model->registries, row->kind), row->member);
out:
    if (library.handle) dlclose(library.handle);
    return status;
}
