/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/version.h"
#include "io/file.h"

#define NAME_MOST 96
#define BUFFER 65536

/* How every file begins. */
struct opening {
    char magic[16];   /* ends in a new line */
    char version[16]; /* of the program or layout, padded with zeros */
    uint64_t order;   /* of bytes: BYTE_ORDER_MARK as this machine writes it */
};
#define BYTE_ORDER_MARK UINT64_C(0x0102030405060708)

static const struct checkpoint_kind states = {"reelsim state 3", NULL, "checkpoint",
                                              "only the same version resumes the same run"};

/* The head of a column's record. */
struct head {
    uint32_t name_length; /* 0 = the end */
    uint32_t width;
    uint64_t count;
};

struct file_visit {
    const struct checkpoint_kind *kind;
    FILE *stream;
    uint64_t left;     /* reading: bytes that the file still has */
    XXH3_state_t hash; /* of the record */
    XXH3_state_t sums; /* of the records' sums: the digest */
    char buffer[BUFFER];
    char wrong[NAME_MOST + 80]; /* reading: what is not as expected */
};

static struct opening opening_of(const struct checkpoint_kind *kind)
{
    struct opening opening = {.order = BYTE_ORDER_MARK};
    snprintf(opening.magic, sizeof opening.magic, "%s", kind->magic);
    opening.magic[15] = '\n';
    snprintf(opening.version, sizeof opening.version, "%s",
             kind->layout ? kind->layout : version_number());
    return opening;
}

/* Fuzzers must get past the sums to reach what lies behind. */
static bool same_sum(uint64_t found, uint64_t expected)
{
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
    (void)found, (void)expected;
    return true;
#else
    return found == expected;
#endif
}

/* ----------------------------------------------------------------------------------- saving */

static bool put(struct file_visit *f, const void *data, size_t n)
{
    XXH3_64bits_update(&f->hash, data, n);
    return fwrite(data, 1, n, f->stream) == n;
}

/* Elements through the buffer, as many whole ones as fit. */
static bool put_elements(struct file_visit *f, const char *data, size_t width, size_t stride,
                         size_t count)
{
    if (count == 0) return true;
    if (width == stride) return put(f, data, width * count);
    if (width > BUFFER) {
        for (size_t i = 0; i < count; i++)
            if (!put(f, data + i * stride, width)) return false;
        return true;
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
    require(head.name_length > 0 && head.name_length < NAME_MOST && width <= UINT32_MAX);
    XXH3_64bits_reset(&f->hash);
    bool done = put(f, &head, sizeof head) && put(f, name, head.name_length) &&
                put_elements(f, data, width, stride, count);
    uint64_t sum = XXH3_64bits_digest(&f->hash);
    XXH3_64bits_update(&f->sums, &sum, sizeof sum);
    if (!done || fwrite(&sum, sizeof sum, 1, f->stream) != 1) v->status = STATUS_IO;
}

static bool put_end(struct file_visit *f)
{
    const struct head end = {0, 0, 0};
    uint64_t digest = XXH3_64bits_digest(&f->sums);
    return fwrite(&end, sizeof end, 1, f->stream) == 1 &&
           fwrite(&digest, sizeof digest, 1, f->stream) == 1;
}

enum status checkpoint_save_as(const struct checkpoint_kind *kind, const char *path,
                               checkpoint_visit visit, void *context, struct errors *errors)
{
    struct file file = {0};
    struct file_visit f = {.kind = kind};
    const struct opening opening = opening_of(kind);
    enum status status = file_create(&file, path, errors);
    if (status) return status;

    f.stream = file.stream;
    XXH3_64bits_reset(&f.sums);
    struct visitor v = {.mode = VISIT_SAVE, .column = save_column, .context = &f};
    if (fwrite(&opening, sizeof opening, 1, f.stream) != 1) v.status = STATUS_IO;
    visit(context, &v);
    if (!v.status && !put_end(&f)) v.status = STATUS_IO;
    if (!v.status) return file_commit(&file, errors);

    const char *reason = v.status == STATUS_IO ? strerror(errno) : status_text(v.status);
    status = errors_add(errors, v.status, "%s: the %s could not be written: %s", path,
                        kind->name, reason);
    file_discard(&file);
    return status;
}

enum status checkpoint_save(const char *path, checkpoint_visit visit, void *context,
                            struct errors *errors)
{
    return checkpoint_save_as(&states, path, visit, context, errors);
}

/* ---------------------------------------------------------------------------------- reading */

static bool get_raw(struct file_visit *f, void *data, size_t n)
{
    if (n > f->left || fread(data, 1, n, f->stream) != n) return false;
    f->left -= n;
    return true;
}

static bool get(struct file_visit *f, void *data, size_t n)
{
    if (!get_raw(f, data, n)) return false;
    XXH3_64bits_update(&f->hash, data, n);
    return true;
}

/* Head and name of the next record; "" is the end. False when there is none. */
static bool get_head(struct file_visit *f, struct head *head, char name[NAME_MOST])
{
    memset(name, 0, NAME_MOST);
    XXH3_64bits_reset(&f->hash);
    if (!get(f, head, sizeof *head) || head->name_length >= NAME_MOST) return false;
    if (head->name_length == 0) return head->width == 0 && head->count == 0;
    return head->width > 0 && get(f, name, head->name_length) &&
           head->count <= f->left / head->width;
}

/* The sum behind a record's elements. */
static bool get_sum(struct file_visit *f)
{
    uint64_t sum = 0;
    if (!get_raw(f, &sum, sizeof sum)) return false;
    XXH3_64bits_update(&f->sums, &sum, sizeof sum);
    return same_sum(sum, XXH3_64bits_digest(&f->hash));
}

/* Elements whose place is not known yet: into the sum only. */
static bool pass_elements(struct file_visit *f, uint64_t bytes)
{
    while (bytes > 0) {
        size_t n = bytes < BUFFER ? (size_t)bytes : BUFFER;
        if (!get(f, f->buffer, n)) return false;
        bytes -= n;
    }
    return true;
}

/* "0.10.2" is after "0.9": number by number; what is no number counts as 0. */
static int compare_versions(const char a[16], const char b[16])
{
    int x[3] = {0}, y[3] = {0};
    char one[17], two[17];
    snprintf(one, sizeof one, "%.16s", a);
    snprintf(two, sizeof two, "%.16s", b);
    (void)sscanf(one, "%9d.%9d.%9d", &x[0], &x[1], &x[2]);
    (void)sscanf(two, "%9d.%9d.%9d", &y[0], &y[1], &y[2]);
    for (int i = 0; i < 3; i++)
        if (x[i] != y[i]) return x[i] > y[i] ? 1 : -1;
    return 0;
}

static bool check_opening(struct file_visit *f)
{
    const struct opening ours = opening_of(f->kind);
    struct opening found;
    snprintf(f->wrong, sizeof f->wrong, "it is no %s of this program", f->kind->name);
    if (!get_raw(f, &found, sizeof found)) return false;
    if (memcmp(found.magic, ours.magic, sizeof ours.magic) != 0) return false;
    if (found.order != ours.order) {
        snprintf(f->wrong, sizeof f->wrong, "its numbers are in another machine's byte order");
        return false;
    }
    if (memcmp(found.version, ours.version, sizeof ours.version) == 0) return true;
    bool newer = compare_versions(found.version, ours.version) > 0;
    snprintf(f->wrong, sizeof f->wrong, "it was made by the %s version %.16s, this is %s: %s",
             newer ? "newer" : "older", found.version, ours.version,
             newer ? "a newer program reads it" : f->kind->hint);
    return false;
}

/* The digest behind the last record, and nothing after it. */
static bool check_digest(struct file_visit *f)
{
    uint64_t digest = 0;
    return get_raw(f, &digest, sizeof digest) && f->left == 0 &&
           same_sum(digest, XXH3_64bits_digest(&f->sums));
}

/* Where a file that would not load is damaged; false, with the words for it, if it is. */
static bool check_whole(struct file_visit *f)
{
    struct head head;
    char name[NAME_MOST], before[NAME_MOST] = "the beginning";
    for (;;) {
        snprintf(f->wrong, sizeof f->wrong, "it is damaged or cut off after \"%s\"", before);
        if (!get_head(f, &head, name)) return false;
        if (head.name_length == 0) break;
        snprintf(f->wrong, sizeof f->wrong, "\"%s\" is damaged or cut off", name);
        if (!pass_elements(f, head.count * head.width) || !get_sum(f)) return false;
        memcpy(before, name, sizeof before);
    }
    return check_digest(f);
}

/* ---------------------------------------------------------------------------------- loading */

static bool get_elements(struct file_visit *f, char *data, size_t width, size_t stride,
                         size_t count)
{
    if (count == 0) return true;
    if (width == stride) return get(f, data, width * count);
    size_t most = width < BUFFER ? BUFFER / width : 0;
    if (most == 0) {
        for (size_t i = 0; i < count; i++)
            if (!get(f, data + i * stride, width)) return false;
        return true;
    }
    for (size_t done = 0; done < count;) {
        size_t n = count - done < most ? count - done : most;
        if (!get(f, f->buffer, n * width)) return false;
        for (size_t i = 0; i < n; i++)
            memcpy(data + (done + i) * stride, f->buffer + i * width, width);
        done += n;
    }
    return true;
}

static void load_column(struct visitor *v, const char *name, void *data, size_t width,
                        size_t stride, size_t count)
{
    struct file_visit *f = v->context;
    struct head head;
    char found[NAME_MOST];
    v->status = STATUS_BAD_INPUT;
    snprintf(f->wrong, sizeof f->wrong, "\"%.*s\" is not as this %s have it", NAME_MOST, name,
             f->kind->layout ? "program and layout" : "scenario and version");
    if (!get_head(f, &head, found)) return;
    if (strcmp(found, name) != 0 || head.width != width || head.count != count) return;
    if (!get_elements(f, data, width, stride, count) || !get_sum(f)) return;
    /* whoever asked for it may still refuse what it holds: the text above then stands */
    v->status = STATUS_OK;
}

static void load_end(struct visitor *v)
{
    struct file_visit *f = v->context;
    struct head end;
    char name[NAME_MOST];
    if (v->status) return;
    snprintf(f->wrong, sizeof f->wrong, "more follows than this scenario and version have");
    if (!get_head(f, &end, name) || end.name_length > 0)
        v->status = STATUS_BAD_INPUT;
    else if (!check_digest(f))
        v->status = STATUS_BAD_INPUT;
}

/* Back to the first record. */
static bool rewind_records(struct file_visit *f, uint64_t size)
{
    f->left = size - sizeof(struct opening);
    XXH3_64bits_reset(&f->sums);
    return fseek(f->stream, sizeof(struct opening), SEEK_SET) == 0;
}

/* What the loading stopped at may be the work of a damage: that is then the reason. */
static void look_for_damage(struct file_visit *f, uint64_t size)
{
    char reason[sizeof f->wrong];
    memcpy(reason, f->wrong, sizeof reason);
    if (!rewind_records(f, size) || check_whole(f)) memcpy(f->wrong, reason, sizeof reason);
}

/* Opens what is a regular file; NULL with errno set. */
static FILE *open_regular(const char *path, uint64_t *size)
{
    struct stat info;
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a pipe must not wait */
    if (descriptor < 0) return NULL;
    FILE *stream = NULL;
    if (fstat(descriptor, &info) == 0) {
        *size = (uint64_t)info.st_size;
        errno = S_ISDIR(info.st_mode) ? EISDIR : EINVAL;
        if (S_ISREG(info.st_mode)) stream = fdopen(descriptor, "r");
    }
    if (stream == NULL) {
        int reason = errno;
        close(descriptor);
        errno = reason;
    }
    return stream;
}

struct reading {
    checkpoint_visit visit;
    void *context;
    bool whole; /* to the end */
};

static enum status load(const struct checkpoint_kind *kind, const char *path,
                        const struct reading *reading, struct errors *errors)
{
    uint64_t size = 0;
    size_t said = errors->count;
    struct file_visit f = {.kind = kind, .stream = open_regular(path, &size)};
    struct visitor v = {
        .mode = VISIT_LOAD, .column = load_column, .context = &f, .bytes = size};
    if (f.stream == NULL)
        return errors_add(errors, STATUS_BAD_INPUT, "%s: no %s: %s", path, kind->name,
                          strerror(errno));
    f.left = size;
    if (!check_opening(&f) || !rewind_records(&f, size)) {
        v.status = STATUS_BAD_INPUT;
    } else {
        reading->visit(reading->context, &v);
        if (reading->whole) load_end(&v);
        if (v.status == STATUS_BAD_INPUT && errors->count == said) look_for_damage(&f, size);
    }
    fclose(f.stream);
    if (!v.status || errors->count > said) return v.status;
    return errors_add(errors, v.status, "%s: %s", path,
                      v.status == STATUS_BAD_INPUT ? f.wrong : status_text(v.status));
}

enum status checkpoint_load_as(const struct checkpoint_kind *kind, const char *path,
                               checkpoint_visit visit, void *context, struct errors *errors)
{
    return load(kind, path, &(struct reading){visit, context, true}, errors);
}

enum status checkpoint_peek(const char *path, checkpoint_visit visit, void *context,
                            struct errors *errors)
{
    return load(&states, path, &(struct reading){visit, context, false}, errors);
}

enum status checkpoint_load(const char *path, checkpoint_visit visit, void *context,
                            struct errors *errors)
{
    return checkpoint_load_as(&states, path, visit, context, errors);
}

uint64_t checkpoint_digest(const char *path)
{
    uint64_t size = 0, digest = 0;
    FILE *stream = open_regular(path, &size);
    if (stream == NULL) return 0;
    if (fseek(stream, -(long)sizeof digest, SEEK_END) != 0 ||
        fread(&digest, sizeof digest, 1, stream) != 1)
        digest = 0;
    fclose(stream);
    return digest;
}
