/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "members.h"

#include "core.h"

#define MEMBER_ROW(name) &name.about,
const struct member *const platform_retrievers[] = {RETRIEVER_LIST(MEMBER_ROW) NULL};
const struct member *const platform_rankers[] = {RANKER_LIST(MEMBER_ROW) NULL};
const struct member *const platform_rerankers[] = {RERANKER_LIST(MEMBER_ROW) NULL};
const struct member *const platform_learners[] = {LEARNER_LIST(MEMBER_ROW) NULL};

/* The member that a scenario names, or NULL with a line in errors. */
static const struct member *find(const struct platform *self, const char *kind,
                                 const char *name, struct errors *errors)
{
    const struct member *member = registry_find(self->world->registries, kind, name);
    enum status status = STATUS_OK;
    if (!member)
        status = errors_add(errors, STATUS_BAD_INPUT, "there is no %s named \"%s\"", kind,
                            name);
    else if (member->state_size)
        status = errors_add(errors, STATUS_BAD_INPUT,
                            "%s \"%s\": members of this kind keep no state of their own", kind,
                            name);
    return status ? NULL : member;
}

/* A member's parameters in an arm. */
static const void *block_in(const struct platform *self, const struct member *member,
                            enum arm arm)
{
    const struct world *w = self->world;
    if (!member->parameters) return NULL;
    if (arm == ARM_A) return parameters_block(w->parameters, member->parameters->prefix);
    return arms_block(&w->arms, w->parameters, member->parameters->prefix);
}

static bool listed_twice(const struct name_list *list, int32_t i)
{
    return name_list_find(list, list->name[i]) < i;
}

/* A learner's rows must fit the room that sessions and side records have. */
static enum status check_learner(const struct learner *l, struct errors *errors)
{
    bool fits = l->viewer_lanes <= LEARNER_SESSION_MAX && l->session_floats >= VECTOR_DIM &&
                l->session_floats <= LEARNER_SESSION_MAX && l->side_lanes <= LEARNER_SIDE_MAX &&
                l->side_lanes % 2 == 0 && l->block_words <= LEARNER_BLOCK_MAX &&
                2 * l->neighbours <= l->block_words;
    bool whole = l->open && l->known && l->acted && l->close &&
                 (!l->video_floats ||
                  (l->video_init && l->learn && (l->publish || l->feature_space))) &&
                 (!l->side_lanes || (l->side && l->video_floats)) &&
                 (!l->common_floats || (l->gather && l->common_step)) &&
                 (!l->block_words || (l->block && l->video_floats)) &&
                 (l->feature_space || l->video_floats);
    if (fits && whole) return STATUS_OK;
    return errors_add(errors, STATUS_BAD_INPUT, "learner \"%s\" %s", l->about.name,
                      fits ? "lacks a function that its sizes ask for"
                           : "asks for more room than learners have");
}

static enum status choose_scheme(struct platform *self, enum arm arm, struct errors *errors)
{
    const struct world *w = self->world;
    const struct platform_parameters *p = arm == ARM_A
                                              ? self->parameters
                                              : arms_block(&w->arms, w->parameters, "platform");
    struct scheme *scheme = &self->scheme[arm];
    const struct member *member = find(self, "ranker", p->ranker, errors);
    if (!member) return STATUS_BAD_INPUT;
    scheme->ranker = (const struct ranker *)member;
    scheme->ranker_parameters = block_in(self, member, arm);
    if (!scheme->ranker->learner) return STATUS_OK;
    member = find(self, "learner", scheme->ranker->learner, errors);
    if (!member) return STATUS_BAD_INPUT;
    scheme->learner = (const struct learner *)member;
    scheme->learner_parameters = block_in(self, member, arm);
    if (scheme->ranker->extra && scheme->learner->publish)
        return errors_add(
            errors, STATUS_BAD_INPUT,
            "ranker \"%s\": its extra figure and learner \"%s\" want the same room",
            scheme->ranker->about.name, member->name);
    return check_learner(scheme->learner, errors);
}

/* Where the things of each learner stand. */
static void lay_out(struct platform *self)
{
    struct widths *wide = &self->wide;
    for (uint32_t m = 0; m < self->models; m++) {
        struct scheme *scheme = &self->scheme[m];
        const struct learner *learner = scheme->learner;
        if (!learner) continue;
        if (m < self->learners) {
            scheme->lanes_at = wide->lanes;
            scheme->session_at = wide->session;
            scheme->side_at = wide->side;
            wide->lanes += learner->viewer_lanes;
            wide->session += learner->session_floats;
            wide->side += learner->side_lanes;
        }
        if (m < self->learnt) {
            scheme->video_at = wide->video;
            scheme->common_at = wide->common;
            wide->video += learner->video_floats;
            wide->common += learner->common_floats;
        }
    }
}

/* Two models when a split by viewer has two rankers, or one whose knowledge is each arm's own.
 */
static enum status choose_schemes(struct platform *self, struct errors *errors)
{
    const struct world *w = self->world;
    const struct scheme *a = &self->scheme[ARM_A], *b = &self->scheme[ARM_B];
    bool split = w->arms.by == SCHEMA_SPLIT_VIEWER;
    enum status status = choose_scheme(self, ARM_A, errors);
    if (!status && split) status = choose_scheme(self, ARM_B, errors);
    if (status) return status;
    self->apart = split && w->arms.p->separate_models && (a->learner || b->learner);
    self->models = split && (self->apart || a->ranker != b->ranker) ? ARMS : 1;
    self->learners = self->models > 1 && a->learner != b->learner ? ARMS : 1;
    self->learnt = self->apart || self->learners > 1 ? ARMS : 1;
    lay_out(self);
    return STATUS_OK;
}

static enum status choose_retrievers(struct platform *self, struct errors *errors)
{
    const struct name_list *list = &self->parameters->retrievers;
    enum status status = STATUS_OK;
    for (int32_t i = 0; i < list->count; i++) {
        const struct member *member = find(self, "retriever", list->name[i], errors);
        if (!member || i >= STAGES_MAX || listed_twice(list, i)) {
            status = member ? errors_add(errors, STATUS_BAD_INPUT,
                                         "platform.retrievers: \"%s\" is listed twice, or the "
                                         "list is longer than %d",
                                         list->name[i], STAGES_MAX)
                            : STATUS_BAD_INPUT;
            continue;
        }
        self->retriever[self->retrievers] = (const struct retriever *)member;
        self->recent = self->recent || self->retriever[self->retrievers]->recent;
        self->retriever_parameters[self->retrievers] = block_in(self, member, ARM_A);
        lists_want(self, self->retrievers++);
        if (!member->parameters)
            status = errors_add(errors, STATUS_BAD_INPUT,
                                "retriever \"%s\": its parameters must start with a quota",
                                member->name);
    }
    return status;
}

static enum status choose_rerankers(struct platform *self, struct errors *errors)
{
    const struct name_list *list = &self->parameters->rerankers;
    enum status status = STATUS_OK;
    for (int32_t i = 0; i < list->count; i++) {
        const struct member *member = find(self, "reranker", list->name[i], errors);
        if (!member || i >= STAGES_MAX || listed_twice(list, i)) {
            status = member ? errors_add(errors, STATUS_BAD_INPUT,
                                         "platform.rerankers: \"%s\" is listed twice, or the "
                                         "list is longer than %d",
                                         list->name[i], STAGES_MAX)
                            : STATUS_BAD_INPUT;
            continue;
        }
        self->reranker[self->rerankers] = (const struct reranker *)member;
        self->graded = self->graded || self->reranker[self->rerankers]->graded;
        if (self->reranker[self->rerankers]->seen)
            self->unseen = true;
        else if (self->reranker[self->rerankers]->screen)
            self->screens = true;
        if (self->reranker[self->rerankers]->lifted)
            self->staff = parameters_block(self->world->parameters,
                                           "platform.rerank.staff_boost");
        self->rerankers++;
    }
    return status;
}

static void make_rules(struct platform *self, enum arm arm)
{
    static const struct slots_parameters none = {.load = 0};
    const struct world *w = self->world;
    const struct parameters *p = arm == ARM_B && w->arms.by ? &w->arms.other : w->parameters;
    struct rules *rules = &self->rules[arm];
    rules->model = (uint32_t)arm < self->models ? (uint32_t)arm : 0;
    rules->platform = parameters_block(p, "platform");
    rules->slots = self->adless ? &none : parameters_block(p, "platform.ads");
    rules->scheme = &self->scheme[rules->model];
    rules->ranker = block_in(self, &rules->scheme->ranker->about, arm);
    for (uint32_t r = 0; r < self->retrievers; r++)
        rules->retriever[r] = block_in(self, &self->retriever[r]->about, arm);
    for (uint32_t r = 0; r < self->rerankers; r++)
        rules->reranker[r] = block_in(self, &self->reranker[r]->about, arm);
}

enum status members_choose(struct platform *self, struct errors *errors)
{
    enum status status = choose_schemes(self, errors);
    enum status next = choose_retrievers(self, errors);
    if (!status) status = next;
    next = choose_rerankers(self, errors);
    if (!status) status = next;
    for (int arm = ARM_A; arm < ARMS && !status; arm++) make_rules(self, (enum arm)arm);
    return status;
}
