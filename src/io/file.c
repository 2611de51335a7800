/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *file_join(const char *folder, const char *name)
{
    size_t head = strlen(folder), tail = strlen(name);
    char *joined = malloc(head + tail + 2);
    if (joined == NULL) return NULL;
    if (name[0] == '/') {
        head = 0;
    } else {
        memcpy(joined, folder, head);
        if (head == 0 || folder[head - 1] != '/') joined[head++] = '/';
    }
    memcpy(joined + head, name, tail + 1);
    return joined;
}

char *file_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) return strdup(".");
    if (slash == path) return strdup("/");
    return strndup(path, (size_t)(slash - path));
}

bool file_exists(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0;
}

bool file_is_at(int descriptor, const char *path)
{
    struct stat open_one, there;
    return fstat(descriptor, &open_one) == 0 && stat(path, &there) == 0 &&
           open_one.st_dev == there.st_dev && open_one.st_ino == there.st_ino;
}

bool file_each(const char *folder, bool (*each)(const char *path, void *context), void *context)
{
    DIR *entries = opendir(folder);
    if (!entries) return false;
    bool done = true;
    for (struct dirent *entry; done && (entry = readdir(entries));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        char *path = file_join(folder, entry->d_name);
        done = path && each(path, context);
        free(path);
    }
    int reason = errno;
    closedir(entries);
    errno = reason;
    return done;
}

static bool remove_entry(const char *path, void *context)
{
    if (unlink(path) == 0) return true;
    return errno == EISDIR && file_each(path, remove_entry, context) && rmdir(path) == 0;
}

bool file_remove(const char *path) { return remove_entry(path, NULL); }

static bool sync_entry(const char *path, void *context)
{
    (void)context;
    int descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) return errno == ELOOP;
    bool done = fsync(descriptor) == 0 || errno == EINVAL;
    int reason = errno;
    close(descriptor);
    errno = reason;
    return done;
}

bool file_sync_all(const char *folder) { return file_each(folder, sync_entry, NULL); }

enum status file_make_folder(const char *path, struct errors *errors)
{
    char part[4096];
    if (strlen(path) >= sizeof part)
        return errors_add(errors, STATUS_BAD_INPUT, "%.60s...: the path is too long", path);
    for (size_t i = 1; i <= strlen(path); i++) {
        if (path[i] != '/' && path[i] != 0) continue;
        snprintf(part, sizeof part, "%.*s", (int)i, path);
        if (mkdir(part, 0777) && errno != EEXIST)
            return errors_add(errors, STATUS_IO, "%s: the folder cannot be made: %s", part,
                              strerror(errno));
    }
    return STATUS_OK;
}

enum status file_make_folder_of(const char *path, struct errors *errors)
{
    char *folder = file_folder_of(path);
    enum status status = folder ? file_make_folder(folder, errors) : STATUS_NO_MEMORY;
    free(folder);
    return status;
}

bool file_write_all(int descriptor, const void *data, size_t size)
{
    const char *at = data;
    while (size > 0) {
        ssize_t wrote = write(descriptor, at, size);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return false;
        if (wrote == 0) {
            errno = ENOSPC;
            return false;
        }
        at += wrote;
        size -= (size_t)wrote;
    }
    return true;
}

bool file_sync_folder_of(const char *path)
{
    char *folder = file_folder_of(path);
    if (folder == NULL) return false;
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    if (descriptor < 0) return false;
    bool done = fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS;
    int reason = errno;
    close(descriptor);
    errno = reason;
    return done;
}

enum status file_create(struct file *self, const char *path, struct errors *errors)
{
    *self = (struct file){0};
    size_t room = strlen(path) + sizeof ".new";
    self->path = strdup(path);
    self->temporary = malloc(room);
    if (self->path == NULL || self->temporary == NULL) {
        file_discard(self);
        return errors_add(errors, STATUS_NO_MEMORY, "%s: out of memory", path);
    }
    snprintf(self->temporary, room, "%s.new", path);
    self->stream = fopen(self->temporary, "we");
    if (self->stream == NULL) {
        enum status status = errors_add(errors, STATUS_IO, "%s: cannot create: %s", path,
                                        strerror(errno));
        free(self->temporary); /* not ours: nothing to remove */
        self->temporary = NULL;
        file_discard(self);
        return status;
    }
    return STATUS_OK;
}

/* Why an earlier write failed: what one more says that goes around the stream. */
static int reason_again(FILE *stream)
{
    ssize_t n = write(fileno(stream), "\n", 1);
    return n < 0 ? errno : EIO;
}

/* True when every byte reached the disk; the stream is closed either way. */
static bool close_durably(FILE *stream)
{
    int reason = 0;
    if (ferror(stream))
        reason = reason_again(stream);
    else if (fflush(stream) != 0)
        reason = errno;
    /* pipes and some special files cannot be synced: no reason to fail */
    if (reason == 0 && fsync(fileno(stream)) != 0 && errno != EINVAL) reason = errno;
    if (fclose(stream) != 0 && reason == 0) reason = errno;
    errno = reason;
    return reason == 0;
}

enum status file_commit(struct file *self, struct errors *errors)
{
    bool written = close_durably(self->stream);
    self->stream = NULL;
    if (written) written = rename(self->temporary, self->path) == 0;
    if (written) {
        free(self->temporary);
        self->temporary = NULL;
        written = file_sync_folder_of(self->path);
    }
    enum status status = STATUS_OK;
    if (!written)
        status = errors_add(errors, STATUS_IO, "%s: cannot write: %s", self->path,
                            strerror(errno));
    file_discard(self);
    return status;
}

void file_discard(struct file *self)
{
    if (self->stream != NULL) fclose(self->stream);
    if (self->temporary != NULL) unlink(self->temporary);
    free(self->temporary);
    free(self->path);
    *self = (struct file){0};
}

/* Opens for reading only what can be read at once; -1 after an error line. */
static int open_small(const char *path, size_t most, size_t *size, struct errors *errors)
{
    struct stat info;
    /* O_NONBLOCK: opening a pipe without a writer must not wait */
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (descriptor < 0 || fstat(descriptor, &info) != 0) {
        (void)errors_add(errors, STATUS_BAD_INPUT, "%s: cannot read: %s", path,
                         strerror(errno));
        goto out;
    }
    *size = (size_t)info.st_size;
    if (S_ISDIR(info.st_mode))
        (void)errors_add(errors, STATUS_BAD_INPUT, "%s: is a folder, expected a file", path);
    else if (!S_ISREG(info.st_mode))
        (void)errors_add(errors, STATUS_BAD_INPUT, "%s: is not a regular file", path);
    else if (*size > most)
        (void)errors_add(errors, STATUS_BAD_INPUT, "%s: %zu bytes, must be at most %zu", path,
                         *size, most);
    else
        return descriptor;
out:
    if (descriptor >= 0) close(descriptor);
    return -1;
}

/* Up to `size` bytes, fewer at the end of the file; false with errno set. */
static bool read_up_to(int descriptor, char *text, size_t size, size_t *length)
{
    *length = 0;
    while (*length < size) {
        ssize_t got = read(descriptor, text + *length, size - *length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        if (got == 0) break;
        *length += (size_t)got;
    }
    return true;
}

enum status file_read(const char *path, size_t most, char **text, size_t *length,
                      struct errors *errors)
{
    size_t size = 0;
    *text = NULL;
    *length = 0;
    int descriptor = open_small(path, most, &size, errors);
    if (descriptor < 0) return STATUS_BAD_INPUT;

    enum status status = STATUS_OK;
    char *bytes = malloc(size + 1);
    if (bytes == NULL) {
        status = errors_add(errors, STATUS_NO_MEMORY, "%s: out of memory", path);
    } else if (!read_up_to(descriptor, bytes, size, length)) {
        status = errors_add(errors, STATUS_BAD_INPUT, "%s: cannot read: %s", path,
                            strerror(errno));
        free(bytes);
    } else {
        bytes[*length] = '\0';
        *text = bytes;
    }
    close(descriptor);
    return status;
}
