/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/archive.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "packed.h"
#include "unpacked.h"

#define BLOCK 512

struct header {
    char name[ARCHIVE_NAME_SIZE], mode[8], uid[8], gid[8], size[12], time[12], sum[8], type;
    char link[100], magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155];
    char rest[12];
};

struct archive_writer {
    struct packed packed;
};

struct archive_reader {
    struct unpacked unpacked;
    struct header header;
    char name[ARCHIVE_NAME_SIZE + 1];
};

/* The sum of all bytes, those of the sum itself counted as blanks. */
static unsigned sum_of(const struct header *header)
{
    const unsigned char *byte = (const unsigned char *)header;
    unsigned sum = 0;
    for (size_t i = 0; i < BLOCK; i++) sum += byte[i];
    for (size_t i = 0; i < sizeof header->sum; i++)
        sum += ' ' - (unsigned)(unsigned char)header->sum[i];
    return sum;
}

struct archive_writer *archive_begin(FILE *to)
{
    struct archive_writer *self = memory_alloc(1, sizeof *self);
    if (!self) return NULL;
    if (packed_open(&self->packed)) {
        packed_close(&self->packed);
        memory_free(self);
        return NULL;
    }
    self->packed.to = to;
    return self;
}

enum status archive_add(struct archive_writer *self, const char *name, const void *bytes,
                        size_t size)
{
    static const char zeros[BLOCK];
    struct header header = {.mode = "0000644",
                            .uid = "0000000",
                            .gid = "0000000",
                            .time = "00000000000",
                            .type = '0',
                            .magic = "ustar",
                            .version = {'0', '0'}};
    _Static_assert(sizeof header == BLOCK, "a tar header is one block");
    require(strlen(name) < sizeof header.name && size <= ARCHIVE_FILE_MOST);
    snprintf(header.name, sizeof header.name, "%s", name);
    snprintf(header.size, sizeof header.size, "%011zo", size);
    snprintf(header.sum, sizeof header.sum, "%06o", sum_of(&header));
    header.sum[7] = ' ';
    size_t rest = (BLOCK - size % BLOCK) % BLOCK;
    enum status status = packed_write(&self->packed, (const char *)&header, BLOCK);
    if (!status) status = packed_write(&self->packed, bytes, size);
    if (!status) status = packed_write(&self->packed, zeros, rest);
    return status;
}

enum status archive_end(struct archive_writer *self)
{
    static const char zeros[2 * BLOCK];
    enum status status = packed_write(&self->packed, zeros, sizeof zeros);
    if (!status) status = packed_finish(&self->packed);
    packed_close(&self->packed);
    memory_free(self);
    return status;
}

/* ---------------------------------------------------------------------------------- reading
 */

enum status archive_open(struct archive_reader **self, const char *path, struct errors *errors)
{
    *self = memory_alloc(1, sizeof **self);
    if (!*self) return STATUS_NO_MEMORY;
    enum status status = unpacked_open(&(*self)->unpacked, path, errors);
    if (!status) return STATUS_OK;
    archive_close(*self);
    *self = NULL;
    return status;
}

void archive_close(struct archive_reader *self)
{
    if (!self) return;
    unpacked_close(&self->unpacked);
    memory_free(self);
}

static enum status damaged(const struct archive_reader *self, struct errors *errors)
{
    return errors_add(errors, STATUS_BAD_INPUT, "%s: is no archive, or damaged",
                      self->unpacked.path);
}

static enum status read_whole(struct archive_reader *self, char *out, size_t size,
                              struct errors *errors)
{
    while (size > 0) {
        size_t got = 0;
        enum status status = unpacked_read(&self->unpacked, out, size, &got, errors);
        if (status) return status;
        if (!got) return damaged(self, errors);
        out += got;
        size -= got;
    }
    return STATUS_OK;
}

/* Digits of base 8, to the first other byte. */
static size_t octal(const char *text, size_t length)
{
    size_t value = 0;
    for (size_t i = 0; i < length && text[i] >= '0' && text[i] <= '7'; i++)
        value = value * 8 + (size_t)(text[i] - '0');
    return value;
}

enum status archive_next(struct archive_reader *self, const char **name, char **bytes,
                         size_t *size, struct errors *errors)
{
    struct header *header = &self->header;
    char padding[BLOCK];
    *name = NULL;
    *bytes = NULL;
    *size = 0;
    enum status status = read_whole(self, (char *)header, BLOCK, errors);
    if (status || header->name[0] == 0) return status;
    *size = octal(header->size, sizeof header->size);
    if (octal(header->sum, sizeof header->sum) != sum_of(header) || header->type != '0' ||
        *size > ARCHIVE_FILE_MOST)
        return damaged(self, errors);
    *bytes = malloc(*size + 1);
    if (!*bytes) return STATUS_NO_MEMORY;
    (*bytes)[*size] = 0;
    status = read_whole(self, *bytes, *size, errors);
    if (!status) status = read_whole(self, padding, (BLOCK - *size % BLOCK) % BLOCK, errors);
    if (status) {
        free(*bytes);
        *bytes = NULL;
        return status;
    }
    snprintf(self->name, sizeof self->name, "%.*s", ARCHIVE_NAME_SIZE, header->name);
    *name = self->name;
    return STATUS_OK;
}
