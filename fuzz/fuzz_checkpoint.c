/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small world's own checkpoint with some bytes overwritten, loaded into a fresh world:
 * refused, or taken and made ready to go on, never a crash. Sums are not looked at in this
 * build, so that the damage reaches what lies behind them: every count and column of every
 * module.
 *
 * The input is a list of patches: position (3 bytes), length (1 byte), that many bytes. A
 * length of 255 cuts the file off there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/checkpoint.h"
#include "io/file.h"
#include "sim/sim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const settings[] = {"viewers.count=30",    "creators.count=4",
                                       "run.days=1",          "run.shards=2",
                                       "measure.panel=10",    "measure.sample=10",
                                       "platform.clusters=4", "creators.backlog_days=1.0"};

static struct sim *make(struct model *model)
{
    struct errors errors = {0};
    struct sim *sim = NULL;
    const struct sim_options options = {.threads = 1};
    if (model_init(model, NULL, &errors)) abort();
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        char path[64];
        const char *equals = strchr(settings[i], '=');
        snprintf(path, sizeof path, "%.*s", (int)(equals - settings[i]), settings[i]);
        if (parameters_set(&model->parameters, path, equals + 1, "fuzz", &errors)) abort();
    }
    if (sim_init(&sim, model, &options, &errors)) abort();
    return sim;
}

static void visit(void *context, struct visitor *v) { sim_visit(context, v); }

static const char *path_of_file(void)
{
    static char path[256];
    const char *folder = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/fuzz-%ld.checkpoint", folder ? folder : "/tmp",
             (long)getpid());
    return path;
}

/* The world after a few windows, as a file's bytes; made once a process. */
static const char *good(size_t *size)
{
    static char *bytes;
    static size_t length;
    if (!bytes) {
        struct model model;
        struct errors errors = {0};
        struct sim *sim = make(&model);
        if (sim_populate(sim)) abort();
        for (int w = 0; w < 20; w++)
            if (sim_step(sim, &errors)) abort();
        if (checkpoint_save(path_of_file(), visit, sim, &errors)) abort();
        if (file_read(path_of_file(), (size_t)1 << 28, &bytes, &length, &errors)) abort();
        sim_free(sim);
        model_free(&model);
    }
    *size = length;
    return bytes;
}

static void write_patched(const uint8_t *data, size_t size)
{
    size_t length = 0;
    const char *bytes = good(&length);
    char *copy = malloc(length);
    if (!copy) abort();
    memcpy(copy, bytes, length);
    while (size >= 4) {
        size_t at = ((size_t)data[0] << 16 | (size_t)data[1] << 8 | data[2]) % length;
        size_t n = data[3];
        data += 4;
        size -= 4;
        if (n == 255) length = at + 1;
        for (size_t i = 0; n < 255 && i < n && size > 0; i++, data++, size--)
            if (at + i < length) copy[at + i] = (char)*data;
    }
    FILE *file = fopen(path_of_file(), "w");
    if (!file || fwrite(copy, 1, length, file) != length || fclose(file)) abort();
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct model model;
    struct errors errors = {0};
    write_patched(data, size);
    struct sim *sim = make(&model);
    enum status status = checkpoint_load(path_of_file(), visit, sim, &errors);
    if ((status == STATUS_OK) != (errors.count == 0)) abort();
    if (!status) status = sim_restored(sim);
    if (!status) status = sim_step(sim, &errors);
    sim_free(sim);
    errors_free(&errors);
    model_free(&model);
    return 0;
}
