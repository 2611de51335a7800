/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unpacked.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

#define PACKED_ROOM ((size_t)1 << 17)

static enum status complain(const struct unpacked *self, const char *what,
                            struct errors *errors)
{
    return errors_add(errors, STATUS_BAD_INPUT, "%s: %s", self->path, what);
}

/* Reads until `packed` holds `wanted` bytes beyond `at`, or the file ends. */
static enum status fill(struct unpacked *self, size_t wanted, struct errors *errors)
{
    if (self->at > 0) {
        memmove(self->packed, self->packed + self->at, self->end - self->at);
        self->end -= self->at;
        self->at = 0;
    }
    while (self->end < wanted && !self->finished) {
        ssize_t got = read(self->descriptor, self->packed + self->end, PACKED_ROOM - self->end);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return complain(self, strerror(errno), errors);
        self->finished = got == 0;
        self->end += (size_t)got;
    }
    return STATUS_OK;
}

static bool begins_with(const struct unpacked *self, const char *magic, size_t length)
{
    return self->end - self->at >= length &&
           memcmp(self->packed + self->at, magic, length) == 0;
}

/* A zstd file may begin with a skippable frame: 0x184D2A50 to 0x184D2A5F. */
static bool is_zstd(const struct unpacked *self)
{
    return begins_with(self, "\x28\xb5\x2f\xfd", 4) ||
           (self->end - self->at >= 4 && (self->packed[self->at] & 0xf0) == 0x50 &&
            memcmp(self->packed + self->at + 1, "\x2a\x4d\x18", 3) == 0);
}

static enum status recognise(struct unpacked *self)
{
    if (begins_with(self, "\x1f\x8b\x08", 3)) {
        if (inflateInit2(&self->gzip, 15 + 16) != Z_OK) return STATUS_NO_MEMORY;
        self->gzip_ready = true;
    } else if (is_zstd(self)) {
        self->zstd = ZSTD_createDStream();
        if (!self->zstd) return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

enum status unpacked_open(struct unpacked *self, const char *path, struct errors *errors)
{
    struct stat info;
    *self = (struct unpacked){.path = path};
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return complain(self, strerror(errno), errors);
    self->descriptor = descriptor;
    if (fstat(descriptor, &info)) return complain(self, strerror(errno), errors);
    if (S_ISDIR(info.st_mode)) return complain(self, "is a folder", errors);
    if (S_ISREG(info.st_mode)) self->size = (uint64_t)info.st_size;
    self->packed = memory_alloc(PACKED_ROOM, 1);
    if (!self->packed) return STATUS_NO_MEMORY;
    enum status status = fill(self, 4, errors);
    return status ? status : recognise(self);
}

/* One step of inflate; *got is what it gave. */
static enum status step_gzip(struct unpacked *self, char *out, size_t room, size_t *got,
                             struct errors *errors)
{
    z_stream *gzip = &self->gzip;
    uInt given = (uInt)(self->end - self->at), space = room < 1u << 30 ? (uInt)room : 1u << 30;
    gzip->next_in = (Bytef *)self->packed + self->at;
    gzip->avail_in = given;
    gzip->next_out = (Bytef *)out;
    gzip->avail_out = space;
    self->inside = true;
    int code = inflate(gzip, Z_NO_FLUSH);
    self->at += given - gzip->avail_in;
    self->taken += given - gzip->avail_in;
    *got = space - gzip->avail_out;
    if (code == Z_STREAM_END) {
        self->inside = false;
        return inflateReset(gzip) == Z_OK ? STATUS_OK : STATUS_FAULT;
    }
    if (code == Z_OK || code == Z_BUF_ERROR) return STATUS_OK;
    if (code == Z_MEM_ERROR) return STATUS_NO_MEMORY;
    return errors_add(errors, STATUS_BAD_INPUT, "%s: damaged gzip: %s", self->path,
                      gzip->msg ? gzip->msg : "bad data");
}

static enum status step_zstd(struct unpacked *self, char *out, size_t room, size_t *got,
                             struct errors *errors)
{
    ZSTD_inBuffer from = {self->packed + self->at, self->end - self->at, 0};
    ZSTD_outBuffer to = {out, room, 0};
    size_t left = ZSTD_decompressStream(self->zstd, &to, &from);
    if (ZSTD_isError(left))
        return errors_add(errors, STATUS_BAD_INPUT, "%s: damaged zstd: %s", self->path,
                          ZSTD_getErrorName(left));
    self->at += from.pos;
    self->taken += from.pos;
    self->inside = left != 0;
    *got = to.pos;
    return STATUS_OK;
}

static void copy_plain(struct unpacked *self, char *out, size_t room, size_t *got)
{
    size_t there = self->end - self->at;
    *got = there < room ? there : room;
    memcpy(out, self->packed + self->at, *got);
    self->at += *got;
    self->taken += *got;
}

enum status unpacked_read(struct unpacked *self, char *out, size_t room, size_t *got,
                          struct errors *errors)
{
    enum status status = STATUS_OK;
    *got = 0;
    while (!status && *got == 0) {
        size_t before = self->end - self->at;
        if (before == 0) status = fill(self, 1, errors);
        if (status) break;
        bool dry = self->at == self->end;
        if (dry && !self->inside) break;
        if (self->gzip_ready)
            status = step_gzip(self, out, room, got, errors);
        else if (self->zstd)
            status = step_zstd(self, out, room, got, errors);
        else
            copy_plain(self, out, room, got);
        if (!status && dry && *got == 0 && self->inside)
            status = complain(self, "is cut short: its packing ends in the middle", errors);
    }
    return status;
}

void unpacked_close(struct unpacked *self)
{
    if (self->gzip_ready) inflateEnd(&self->gzip);
    ZSTD_freeDStream(self->zstd);
    memory_free(self->packed);
    if (self->descriptor > 0) close(self->descriptor);
    *self = (struct unpacked){0};
}
