/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/crew.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "attempt.h"
#include "base/memory.h"
#include "experiment/claim.h"
#include "io/file.h"

/* One hand: a trial that runs. */
struct hand {
    pid_t child; /* 0 = free */
    int ends;    /* descriptor that hangs up when the child has ended */
    int tries;
    char *folder; /* owned, of the trial */
    char **words; /* owned; its last one is made for each attempt */
    struct attempt attempt;
    struct claim claim;
    struct trial_failure why; /* seed and replicate, should it fail */
};

struct crew {
    const struct crew_options *options;
    const struct crew_source *source;
    struct crew_progress *progress;
    struct errors *errors;
    struct hand *hands;   /* owned; `jobs` of them */
    struct pollfd *polls; /* owned; the same */
    char *cleaned;        /* owned; the last place that was cleared of dead attempts */
    double began;
    bool dry;           /* the source has no more */
    uint32_t rounds;    /* times that the source was gone through */
    uint64_t elsewhere; /* trials of this round that others are at */
    uint64_t ended;     /* and those of it that had ended well */
    double look_at;     /* when the next round begins, by clock_s */
};

static double clock_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool is_interrupted(const struct crew *self)
{
    return self->options->interrupted && *self->options->interrupted;
}

/* ---------------------------------------------------------------------------------- children
 */

/* The child dies with its parent, has a group of its own (Ctrl-C is the crew's business) and
 * nobody's input; what it says goes to the attempt's messages. */
_Noreturn static void be_child(const struct hand *hand, const char *program, pid_t parent,
                               int ends)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0);
    int in = open("/dev/null", O_RDWR);
    int out = open(hand->attempt.messages, O_WRONLY | O_CREAT | O_APPEND, 0666);
    bool ready = getppid() == parent && in >= 0 && out >= 0 && dup2(in, STDIN_FILENO) >= 0 &&
                 dup2(in, STDOUT_FILENO) >= 0 && dup2(out, STDERR_FILENO) >= 0 &&
                 fcntl(ends, F_SETFD, 0) == 0;
    if (ready) execv(program, hand->words);
    static const char lost[] = "the program could not be started\n";
    ready = write(out, lost, sizeof lost - 1) > 0;
    _exit(127);
}

static enum status start_child(struct crew *self, struct hand *hand)
{
    int ends[2];
    const char *program = self->options->program ? self->options->program : "/proc/self/exe";
    if (pipe2(ends, O_CLOEXEC))
        return errors_add(self->errors, STATUS_IO, "no pipe: %s", strerror(errno));
    pid_t parent = getpid(), child = fork();
    if (child == 0) be_child(hand, program, parent, ends[1]);
    int reason = errno;
    close(ends[1]);
    if (child > 0) {
        hand->child = child;
        hand->ends = ends[0];
        return STATUS_OK;
    }
    close(ends[0]);
    return errors_add(self->errors, STATUS_FAULT, "no process for a trial: %s",
                      strerror(reason));
}

/* The attempt's folder goes into the command's last word. */
static enum status begin_attempt(struct crew *self, struct hand *hand)
{
    enum status status = attempt_begin(&hand->attempt, hand->folder, self->errors);
    size_t last = 0;
    if (status) return status;
    while (hand->words[last + 1]) last++;
    free(hand->words[last]);
    hand->words[last] = strdup(hand->attempt.run);
    if (!hand->words[last]) return STATUS_NO_MEMORY;
    hand->tries++;
    return start_child(self, hand);
}

static void free_hand(struct hand *hand)
{
    if (hand->child > 0) close(hand->ends);
    attempt_drop(&hand->attempt);
    claim_release(&hand->claim);
    trial_words_free(hand->words);
    free(hand->folder);
    *hand = (struct hand){.attempt.lock = -1};
}

/* Attempts of a crew that was killed; a look a place. */
static enum status clean_place(struct crew *self, const char *folder)
{
    char *place = file_folder_of(folder);
    if (!place) return STATUS_NO_MEMORY;
    if (self->cleaned && strcmp(place, self->cleaned) == 0) {
        free(place);
        return STATUS_OK;
    }
    attempt_clean(place);
    free(self->cleaned);
    self->cleaned = place;
    return STATUS_OK;
}

static enum status begin_trial(struct crew *self, struct hand *hand, const struct trial *trial)
{
    enum status status = clean_place(self, trial->folder);
    if (status) return status;
    hand->why.seed = trial->seed;
    hand->why.replicate = trial->replicate;
    hand->folder = strdup(trial->folder);
    hand->words = trial_words(trial, "reelsim", "", self->options->threads);
    if (!hand->folder || !hand->words) return STATUS_NO_MEMORY;
    return begin_attempt(self, hand);
}

/* One may be killed between the end of a trial and the end of its claim. */
static bool tidy_claim(const char *path, void *context)
{
    const char *slash = strrchr(path, '/'), *mark = strstr(slash ? slash : path, ".claim");
    char *folder = mark ? strndup(path, (size_t)(mark - path)) : NULL;
    (void)context;
    if (folder && trial_state(folder) == TRIAL_DONE) (void)unlink(path);
    free(folder);
    return true;
}

void crew_tidy(const char *place)
{
    attempt_clean(place);
    (void)file_each(place, tidy_claim, NULL);
}

/* ----------------------------------------------------------------------------------- the work
 */

static void show(struct crew *self)
{
    struct crew_progress *p = self->progress;
    p->seconds = clock_s() - self->began;
    p->running = 0;
    for (uint32_t h = 0; h < self->options->jobs; h++) p->running += self->hands[h].child > 0;
    if (self->options->show) self->options->show(self->options->show_context, p);
}

/* Is there something to do for it? In later rounds what failed is left alone. */
static bool is_open(const struct crew *self, enum trial_state state)
{
    return state == TRIAL_ABSENT ||
           (state == TRIAL_FAILED && self->options->again && self->rounds == 0);
}

/* An open trial, unless another has claimed it or has ended it while we did. */
static enum status claim_trial(struct crew *self, struct hand *hand, const struct trial *trial,
                               enum trial_state *state)
{
    bool held = false;
    if (!(self->options->stale_s > 0)) return STATUS_OK;
    enum status status = claim_take(&hand->claim, trial->folder, self->options->stale_s, &held,
                                    self->errors);
    if (status) return status;
    self->elsewhere += held;
    if (!held) *state = trial_state(trial->folder);
    if (!held && !is_open(self, *state)) claim_release(&hand->claim);
    return STATUS_OK;
}

/* The next trial that there is something to do for; its folder is NULL behind the last. */
static enum status find_work(struct crew *self, struct hand *hand, struct trial *trial)
{
    for (;;) {
        *trial = (struct trial){0};
        enum status status = self->source->next(self->source->context, trial);
        if (status || !trial->folder) return status;
        enum trial_state state = trial_state(trial->folder);
        uint64_t elsewhere = self->elsewhere;
        if (is_open(self, state)) status = claim_trial(self, hand, trial, &state);
        if (status) return status;
        if (self->elsewhere == elsewhere && is_open(self, state)) return STATUS_OK;
        self->ended += state == TRIAL_DONE;
        if (self->rounds == 0) {
            self->progress->before += state == TRIAL_DONE;
            self->progress->failed_before += state == TRIAL_FAILED;
        }
        if (is_interrupted(self)) return STATUS_INTERRUPTED;
    }
}

static enum status give_work(struct crew *self, struct hand *hand)
{
    struct trial trial;
    enum status status = find_work(self, hand, &trial);
    if (status) return status;
    self->dry = trial.folder == NULL;
    if (!self->dry) return begin_trial(self, hand, &trial);
    /* what others have ended since the first round counts as theirs */
    struct crew_progress *p = self->progress;
    if (self->rounds && self->ended > p->before + p->done) p->before = self->ended - p->done;
    double pause = 0.5 * (double)(UINT32_C(1) << (self->rounds < 4 ? self->rounds : 4));
    self->look_at = clock_s() + pause;
    return STATUS_OK;
}

/* Others were at some trials: have they ended them, or died? */
static enum status look_again(struct crew *self)
{
    if (!self->dry || !self->elsewhere || clock_s() < self->look_at) return STATUS_OK;
    self->rounds++;
    self->elsewhere = self->ended = 0;
    self->dry = false;
    return self->source->again(self->source->context);
}

static enum status note_failure(struct crew *self, struct hand *hand, int state)
{
    struct crew_progress *p = self->progress;
    hand->why.exit_code = WIFSIGNALED(state) ? 128 + WTERMSIG(state) : WEXITSTATUS(state);
    if (self->options->policy == CREW_RETRY && hand->tries < CREW_TRIES) {
        attempt_drop(&hand->attempt);
        return begin_attempt(self, hand);
    }
    enum status status = attempt_fail(&hand->attempt, hand->folder, &hand->why, self->errors);
    if (!p->failed++) snprintf(p->failure, sizeof p->failure, "%s", hand->folder);
    if (status || self->options->policy != CREW_STOP) return status;
    return errors_add(self->errors, STATUS_FAULT, "%s: the trial failed: %s", hand->folder,
                      hand->why.message);
}

/* How the child ended, as waitpid says. */
static int wait_for(struct hand *hand)
{
    int state = -1;
    while (waitpid(hand->child, &state, 0) < 0 && errno == EINTR) continue;
    close(hand->ends);
    hand->child = 0;
    return state;
}

static bool ended_well(int state) { return WIFEXITED(state) && WEXITSTATUS(state) == 0; }

static enum status keep_trial(struct crew *self, struct hand *hand)
{
    enum status status = attempt_commit(&hand->attempt, hand->folder, self->errors);
    self->progress->done += status == STATUS_OK;
    return status;
}

/* A run that was told to stop ends with 3: then so is the crew. */
static enum status note_end(struct crew *self, struct hand *hand)
{
    int state = wait_for(hand);
    enum status status;
    if (WIFEXITED(state) && WEXITSTATUS(state) == 3) {
        status = STATUS_INTERRUPTED;
    } else if (ended_well(state)) {
        status = keep_trial(self, hand);
    } else {
        status = note_failure(self, hand, state);
    }
    if (hand->child == 0) {
        snprintf(self->progress->last, sizeof self->progress->last, "%s", hand->folder);
        free_hand(hand);
    }
    return status;
}

/* Waits until one has ended, half a second at most. */
static enum status wait_for_one(struct crew *self)
{
    uint32_t jobs = self->options->jobs;
    enum status status = STATUS_OK;
    for (uint32_t h = 0; h < jobs; h++)
        self->polls[h] = (struct pollfd){.fd = self->hands[h].child > 0 ? self->hands[h].ends
                                                                        : -1};
    if (poll(self->polls, jobs, 500) > 0)
        for (uint32_t h = 0; h < jobs && !status; h++)
            if (self->polls[h].fd >= 0 && self->polls[h].revents)
                status = note_end(self, &self->hands[h]);
    return status;
}

static enum status work(struct crew *self)
{
    enum status status = STATUS_OK;
    while (!status) {
        bool busy = false;
        for (uint32_t h = 0; h < self->options->jobs && !status; h++) {
            if (is_interrupted(self)) return STATUS_INTERRUPTED;
            if (!self->hands[h].child && !self->dry) status = give_work(self, &self->hands[h]);
            busy |= self->hands[h].child > 0;
            claim_beat(&self->hands[h].claim);
        }
        show(self);
        if (!busy && !self->elsewhere) break;
        if (!status) status = wait_for_one(self);
        if (!status) status = look_again(self);
    }
    return status;
}

/* Those that had ended well before they could be killed are kept. */
static enum status end_children(struct crew *self)
{
    enum status status = STATUS_OK;
    for (uint32_t h = 0; h < self->options->jobs; h++)
        if (self->hands[h].child > 0) kill(self->hands[h].child, SIGKILL);
    for (uint32_t h = 0; h < self->options->jobs; h++) {
        struct hand *hand = &self->hands[h];
        if (hand->child > 0 && ended_well(wait_for(hand))) {
            enum status kept = keep_trial(self, hand);
            if (!status) status = kept;
        }
        free_hand(hand);
    }
    return status;
}

enum status crew_run(const struct crew_options *options, const struct crew_source *source,
                     struct crew_progress *progress, struct errors *errors)
{
    require(options->jobs >= 1 && options->threads >= 1);
    require(!(options->stale_s > 0) || source->again);
    struct crew self = {.options = options,
                        .source = source,
                        .progress = progress,
                        .errors = errors,
                        .began = clock_s()};
    *progress = (struct crew_progress){.total = options->total};
    self.hands = memory_alloc(options->jobs, sizeof *self.hands);
    self.polls = memory_alloc(options->jobs, sizeof *self.polls);
    enum status status = self.hands && self.polls ? STATUS_OK : STATUS_NO_MEMORY;
    for (uint32_t h = 0; h < options->jobs && !status; h++) self.hands[h].attempt.lock = -1;
    if (!status) status = work(&self);
    enum status ended = self.hands ? end_children(&self) : STATUS_OK;
    memory_free(self.hands);
    memory_free(self.polls);
    free(self.cleaned);
    return status ? status : ended;
}
