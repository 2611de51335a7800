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

static const void *block_of(const struct platform *self, const struct member *member)
{
    const struct schema_table *table = member->parameters;
    return table ? parameters_block(self->world->parameters, table->prefix) : NULL;
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
                 (!l->video_floats || (l->video_init && l->publish && l->learn)) &&
                 (!l->side_lanes || (l->side && l->video_floats)) &&
                 (!l->common_floats || (l->gather && l->common_step)) &&
                 (!l->block_words || (l->block && l->video_floats)) &&
                 (l->feature_space || l->video_floats);
    if (fits && whole) return STATUS_OK;
    return errors_add(errors, STATUS_BAD_INPUT, "learner \"%s\" %s", l->about.name,
                      fits ? "lacks a function that its sizes ask for"
                           : "asks for more room than learners have");
}

static enum status choose_ranker(struct platform *self, struct errors *errors)
{
    const struct member *member = find(self, "ranker", self->parameters->ranker, errors);
    if (!member) return STATUS_BAD_INPUT;
    self->ranker = (const struct ranker *)member;
    self->ranker_parameters = block_of(self, member);
    if (!self->ranker->learner) return STATUS_OK;
    member = find(self, "learner", self->ranker->learner, errors);
    if (!member) return STATUS_BAD_INPUT;
    self->learner = (const struct learner *)member;
    self->learner_parameters = block_of(self, member);
    if (self->ranker->extra && self->learner->video_floats)
        return errors_add(
            errors, STATUS_BAD_INPUT,
            "ranker \"%s\": its extra figure and learner \"%s\" want the same room",
            self->ranker->about.name, member->name);
    return check_learner(self->learner, errors);
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
        self->retriever_parameters[self->retrievers] = block_of(self, member);
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

static const void *block_in(const struct platform *self, const struct member *member,
                            enum arm arm)
{
    const struct world *w = self->world;
    if (!member->parameters) return NULL;
    if (arm == ARM_A) return parameters_block(w->parameters, member->parameters->prefix);
    return arms_block(&w->arms, w->parameters, member->parameters->prefix);
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
    rules->ranker = block_in(self, &self->ranker->about, arm);
    for (uint32_t r = 0; r < self->retrievers; r++)
        rules->retriever[r] = block_in(self, &self->retriever[r]->about, arm);
    for (uint32_t r = 0; r < self->rerankers; r++)
        rules->reranker[r] = block_in(self, &self->reranker[r]->about, arm);
}

enum status members_choose(struct platform *self, struct errors *errors)
{
    const struct world *w = self->world;
    enum status status = choose_ranker(self, errors);
    enum status next = choose_retrievers(self, errors);
    if (!status) status = next;
    next = choose_rerankers(self, errors);
    if (!status) status = next;
    self->models = 1;
    if (self->learner && w->arms.by == SCHEMA_SPLIT_VIEWER && w->arms.p->separate_models)
        self->models = ARMS;
    for (int arm = ARM_A; arm < ARMS && !status; arm++) make_rules(self, (enum arm)arm);
    return status;
}
