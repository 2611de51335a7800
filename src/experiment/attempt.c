/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "attempt.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "io/file.h"

#define MARK ".attempt-"

void attempt_host(char out[ATTEMPT_HOST_SIZE])
{
    if (gethostname(out, ATTEMPT_HOST_SIZE)) snprintf(out, ATTEMPT_HOST_SIZE, "host");
    out[ATTEMPT_HOST_SIZE - 1] = 0;
    for (char *at = out; *at; at++)
        if (*at == '/' || *at == '-') *at = '_';
}

/* Who cleans up may take the folder away between our opening of its lock and our locking. */
static bool lock_folder(const char *folder, int *lock)
{
    char *path = file_join(folder, "lock");
    *lock = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666) : -1;
    bool ours = *lock >= 0 && flock(*lock, LOCK_EX | LOCK_NB) == 0 && file_is_at(*lock, path);
    free(path);
    if (ours) return true;
    if (*lock >= 0) close(*lock);
    *lock = -1;
    return false;
}

/* Between a folder and its lock somebody who cleans up may come: hence a few tries. */
enum status attempt_begin(struct attempt *self, const char *trial_folder, struct errors *errors)
{
    char host[ATTEMPT_HOST_SIZE], name[4096];
    struct timespec now;
    *self = (struct attempt){.lock = -1};
    attempt_host(host);
    for (int tries = 0; tries < 5 && self->lock < 0; tries++) {
        clock_gettime(CLOCK_REALTIME, &now);
        int length = snprintf(name, sizeof name, "%s" MARK "%s-%ld-%" PRId64, trial_folder,
                              host, (long)getpid(),
                              (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
        if (length >= (int)sizeof name)
            return errors_add(errors, STATUS_BAD_INPUT, "%.60s...: the path is too long", name);
        if (mkdir(name, 0777) == 0) (void)lock_folder(name, &self->lock);
    }
    if (self->lock < 0)
        return errors_add(errors, STATUS_IO, "%s: cannot be made and locked: %s", name,
                          strerror(errno));
    self->folder = strdup(name);
    if (self->folder) self->run = file_join(name, "run");
    if (self->folder) self->messages = file_join(name, "messages");
    return self->run && self->messages ? STATUS_OK : STATUS_NO_MEMORY;
}

void attempt_drop(struct attempt *self)
{
    if (self->folder) (void)file_remove(self->folder);
    if (self->folder && self->lock >= 0) close(self->lock);
    free(self->folder);
    free(self->run);
    free(self->messages);
    *self = (struct attempt){.lock = -1};
}

/* Gives a whole folder its final name. One that is done stays as it is; one that failed is
 * replaced. */
static bool take_name(const char *from, const char *final)
{
    if (rename(from, final) == 0) return file_sync_folder_of(final);
    if (errno != ENOTEMPTY && errno != EEXIST) return false;
    if (trial_state(final) != TRIAL_FAILED) return trial_state(final) == TRIAL_DONE;
    if (renameat2(AT_FDCWD, from, AT_FDCWD, final, RENAME_EXCHANGE))
        return file_remove(final) && rename(from, final) == 0;
    return file_sync_folder_of(final);
}

static enum status settle(struct attempt *self, const char *trial_folder, struct errors *errors)
{
    enum status status = STATUS_OK;
    if (!take_name(self->run, trial_folder))
        status = errors_add(errors, STATUS_IO, "%s: cannot take its place: %s", trial_folder,
                            strerror(errno));
    attempt_drop(self);
    return status;
}

enum status attempt_commit(struct attempt *self, const char *trial_folder,
                           struct errors *errors)
{
    return settle(self, trial_folder, errors);
}

/* A signal says what the run itself could not. */
static size_t write_signal(struct trial_failure *why)
{
    int number = why->exit_code - 128;
    if (number <= 0) return 0;
    int length = snprintf(why->message, sizeof why->message, "ended by signal %d (%s%s)\n",
                          number, strsignal(number),
                          number == SIGKILL ? ", as the system does when memory runs out" : "");
    return (size_t)length;
}

static void read_messages(const struct attempt *self, struct trial_failure *why)
{
    FILE *from = fopen(self->messages, "re");
    size_t used = write_signal(why);
    if (from) used += fread(why->message + used, 1, sizeof why->message - 1 - used, from);
    if (from) fclose(from);
    why->message[used] = 0;
}

enum status attempt_fail(struct attempt *self, const char *trial_folder,
                         struct trial_failure *why, struct errors *errors)
{
    struct file file = {0};
    read_messages(self, why);
    if (file_exists(self->run)) (void)file_remove(self->run);
    enum status status = file_make_folder(self->run, errors);
    char *path = file_join(self->run, "failed");
    if (!path) status = STATUS_NO_MEMORY;
    if (!status) status = file_create(&file, path, errors);
    if (!status) {
        fprintf(file.stream, "exit %d\nseed %" PRId64 "\nreplicate %" PRId64 "\n%s\n",
                why->exit_code, why->seed, why->replicate, why->message);
        status = file_commit(&file, errors);
    }
    free(path);
    if (!status) return settle(self, trial_folder, errors);
    attempt_drop(self);
    return status;
}

static bool clean_one(const char *path, void *context)
{
    const char *slash = strrchr(path, '/'), *host = context;
    const char *mark = strstr(slash ? slash : path, MARK);
    int lock = -1;
    if (!mark) return true;
    mark += strlen(MARK);
    size_t length = strlen(host);
    if (strncmp(mark, host, length) != 0 || mark[length] != '-') return true;
    if (rmdir(path) == 0 || !lock_folder(path, &lock)) return true;
    (void)file_remove(path);
    close(lock);
    return true;
}

void attempt_clean(const char *place)
{
    char host[ATTEMPT_HOST_SIZE];
    attempt_host(host);
    (void)file_each(place, clean_one, host);
}
