/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/checkpoint.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "io/file.h"

#define NAME_MOST 96
#define BUFFER 65536

static const char magic[16] = "reelsim state 1\n";

/* The head of a column's record. */
struct head {
    uint32_t name_length; /* 0 = the end */
    uint32_t width;
    uint64_t count;
};

struct file_visit {
    FILE *stream;
    XXH3_state_t hash;
    char buffer[BUFFER];
    char wrong[NAME_MOST + 64]; /* loading: what is not as expected */
};

static bool put(struct file_visit *f, const void *data, size_t n)
{
    XXH3_64bits_update(&f->hash, data, n);
    return fwrite(data, 1, n, f->stream) == n;
}

static bool get(struct file_visit *f, void *data, size_t n)
{
    if (fread(data, 1, n, f->stream) != n) return false;
    XXH3_64bits_update(&f->hash, data, n);
    return true;
}

/* Elements through the buffer, as many whole ones as fit. */
static bool put_elements(struct file_visit *f, const char *data, size_t width, size_t stride,
                         size_t count)
{
    if (width == stride || width > BUFFER) {
        for (size_t i = 0; width > BUFFER && i < count; i++)
            if (!put(f, data + i * stride, width)) return false;
        return width > BUFFER || count == 0 || put(f, data, width * count);
    }
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        memcpy(f->buffer + used, data + i * stride, width);
        used += width;
        if (used + width <= BUFFER && i + 1 < count) continue;
        if (!put(f, f->buffer, used)) return false;
        used = 0;
    }
    return true;
}

static void save_column(struct visitor *v, const char *name, void *data, size_t width,
                        size_t stride, size_t count)
{
    struct file_visit *f = v->context;
    struct head head = {(uint32_t)strlen(name), (uint32_t)width, count};
    require(head.name_length > 0 && head.name_length < NAME_MOST);
    XXH3_64bits_reset(&f->hash);
    bool done = put(f, &head, sizeof head) && put(f, name, head.name_length) &&
                put_elements(f, data, width, stride, count);
    uint64_t sum = XXH3_64bits_digest(&f->hash);
    if (!done || fwrite(&sum, sizeof sum, 1, f->stream) != 1) v->status = STATUS_IO;
}

enum status checkpoint_save(const char *path, checkpoint_visit visit, void *context,
                            struct errors *errors)
{
    struct file file = {0};
    struct file_visit f = {0};
    const struct head end = {0, 0, 0};
    enum status status = file_create(&file, path, errors);
    if (status) return status;
    f.stream = file.stream;
    struct visitor v = {.mode = VISIT_SAVE, .column = save_column, .context = &f};
    if (fwrite(magic, sizeof magic, 1, f.stream) != 1) v.status = STATUS_IO;
    visit(context, &v);
    if (!v.status && fwrite(&end, sizeof end, 1, f.stream) != 1) v.status = STATUS_IO;
    if (!v.status) return file_commit(&file, errors);
    file_discard(&file);
    return errors_add(errors, v.status, "%s: the checkpoint could not be written: %s", path,
                      strerror(errno));
}

static bool get_elements(struct file_visit *f, char *data, size_t width, size_t stride,
                         size_t count)
{
    if (width == stride) return count == 0 || get(f, data, width * count);
    for (size_t i = 0; i < count; i++)
        if (!get(f, data + i * stride, width)) return false;
    return true;
}

static void load_column(struct visitor *v, const char *name, void *data, size_t width,
                        size_t stride, size_t count)
{
    struct file_visit *f = v->context;
    struct head head = {0, 0, 0};
    char found[NAME_MOST] = "";
    uint64_t sum = 0;
    XXH3_64bits_reset(&f->hash);
    v->status = STATUS_BAD_INPUT;
    snprintf(f->wrong, sizeof f->wrong, "it ends inside \"%s\"", name);
    if (!get(f, &head, sizeof head)) return;
    if (head.name_length == 0 || head.name_length >= NAME_MOST) return;
    if (!get(f, found, head.name_length)) return;
    if (strcmp(found, name) || head.width != width || head.count != count) {
        snprintf(f->wrong, sizeof f->wrong,
                 "\"%s\" is not as this scenario and version have it", name);
        return;
    }
    if (!get_elements(f, data, width, stride, count)) return;
    snprintf(f->wrong, sizeof f->wrong, "\"%s\" is damaged (checksum)", name);
    if (fread(&sum, sizeof sum, 1, f->stream) != 1) return;
    if (sum == XXH3_64bits_digest(&f->hash)) v->status = STATUS_OK;
}

static void check_end(struct visitor *v)
{
    struct file_visit *f = v->context;
    struct head end = {1, 0, 0};
    if (v->status) return;
    snprintf(f->wrong, sizeof f->wrong, "more follows than this scenario and version have");
    if (fread(&end, sizeof end, 1, f->stream) != 1 || end.name_length ||
        fgetc(f->stream) != EOF)
        v->status = STATUS_BAD_INPUT;
}

enum status checkpoint_load(const char *path, checkpoint_visit visit, void *context,
                            struct errors *errors)
{
    struct file_visit f = {.stream = fopen(path, "rb")};
    struct visitor v = {.mode = VISIT_LOAD, .column = load_column, .context = &f};
    char start[sizeof magic];
    if (!f.stream)
        return errors_add(errors, STATUS_BAD_INPUT, "%s: no checkpoint: %s", path,
                          strerror(errno));
    if (fread(start, sizeof start, 1, f.stream) != 1 || memcmp(start, magic, sizeof magic)) {
        snprintf(f.wrong, sizeof f.wrong, "it is no checkpoint of this version");
        v.status = STATUS_BAD_INPUT;
    }
    if (!v.status) visit(context, &v);
    check_end(&v);
    fclose(f.stream);
    if (!v.status) return STATUS_OK;
    return errors_add(errors, v.status, "%s: %s", path, f.wrong);
}
