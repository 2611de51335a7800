/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/claim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "attempt.h"
#include "io/file.h"

static double seconds_of(const struct timespec *t)
{
    return (double)t->tv_sec + 1e-9 * (double)t->tv_nsec;
}

static double clock_s(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return seconds_of(&t);
}

/* A name beside the claim that no other process has. */
static char *name_beside(const char *path, const char *what)
{
    char host[ATTEMPT_HOST_SIZE], name[4096];
    attempt_host(host);
    int length = snprintf(name, sizeof name, "%s.%s-%s-%ld", path, what, host, (long)getpid());
    return length < (int)sizeof name ? strdup(name) : NULL;
}

/* What the file system's clock says now: clocks of nodes differ. */
static double now_there(const char *path)
{
    char *name = name_beside(path, "now");
    int file = name ? open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666) : -1;
    struct stat about;
    double now = clock_s(CLOCK_REALTIME);
    if (file >= 0 && write(file, "\n", 1) == 1 && fstat(file, &about) == 0)
        now = seconds_of(&about.st_mtim);
    if (file >= 0) {
        close(file);
        (void)unlink(name);
    }
    free(name);
    return now;
}

static bool is_of_this_host(int file)
{
    char host[ATTEMPT_HOST_SIZE], text[ATTEMPT_HOST_SIZE + 32] = "";
    attempt_host(host);
    if (pread(file, text, sizeof text - 1, 0) <= 0) return false;
    size_t length = strlen(host);
    return strncmp(text, host, length) == 0 && text[length] == ' ';
}

/* Is the owner of an open claim dead, as far as can be told? The file system is asked for its
 * time only when the claim looks old by this host's clock. */
static bool is_dead(int file, const char *path, double stale_s)
{
    struct stat about;
    if (is_of_this_host(file)) return flock(file, LOCK_EX | LOCK_NB) == 0;
    if (fstat(file, &about)) return false;
    double touched = seconds_of(&about.st_mtim);
    return clock_s(CLOCK_REALTIME) - touched > stale_s && now_there(path) - touched > stale_s;
}

/* Moves a dead claim away. Another may have done so and made a new one between our look and our
 * move: then that one is put back. */
static bool clear_dead(const char *path, double stale_s)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return errno == ENOENT;
    bool dead = is_dead(file, path, stale_s);
    char *away = dead ? name_beside(path, "dead") : NULL;
    if (away && rename(path, away) == 0) {
        bool same = file_is_at(file, away);
        if (!same) (void)renameat2(AT_FDCWD, away, AT_FDCWD, path, RENAME_NOREPLACE);
        (void)unlink(away);
        dead = same;
    }
    close(file);
    free(away);
    return dead;
}

static bool make(struct claim *self)
{
    char host[ATTEMPT_HOST_SIZE], text[ATTEMPT_HOST_SIZE + 32];
    self->lock = open(self->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (self->lock < 0) return false;
    (void)flock(self->lock, LOCK_EX | LOCK_NB);
    attempt_host(host);
    int length = snprintf(text, sizeof text, "%s %ld\n", host, (long)getpid());
    (void)file_write_all(self->lock, text, (size_t)length); /* a full disk: it goes by age */
    self->touched = clock_s(CLOCK_MONOTONIC);
    return true;
}

static char *path_of(const char *folder)
{
    size_t size = strlen(folder) + sizeof ".claim";
    char *path = malloc(size);
    if (path) snprintf(path, size, "%s.claim", folder);
    return path;
}

static void forget(struct claim *self)
{
    free(self->path);
    *self = (struct claim){0};
}

enum status claim_take(struct claim *self, const char *folder, double stale_s, bool *held,
                       struct errors *errors)
{
    *self = (struct claim){.path = path_of(folder), .stale_s = stale_s};
    *held = false;
    if (!self->path) return STATUS_NO_MEMORY;
    for (int tries = 0; tries < 2; tries++) {
        if (make(self)) return STATUS_OK;
        if (errno != EEXIST) {
            enum status status = errors_add(errors, STATUS_IO, "%s: cannot be made: %s",
                                            self->path, strerror(errno));
            forget(self);
            return status;
        }
        if (!clear_dead(self->path, stale_s)) break;
    }
    *held = true;
    forget(self);
    return STATUS_OK;
}

void claim_beat(struct claim *self)
{
    double now = clock_s(CLOCK_MONOTONIC);
    if (!self->path || now - self->touched < self->stale_s / 4) return;
    (void)futimens(self->lock, NULL);
    self->touched = now;
}

void claim_release(struct claim *self)
{
    if (!self->path) return;
    if (file_is_at(self->lock, self->path)) (void)unlink(self->path);
    close(self->lock);
    forget(self);
}

bool claim_is_there(const char *folder)
{
    char *path = path_of(folder);
    bool there = path && file_exists(path);
    free(path);
    return there;
}
