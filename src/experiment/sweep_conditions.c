/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Conditions between axes: "a < b".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_parts.h"

/* Longer ones first: "<" begins "<=". */
static const struct {
    const char *text;
    enum sweep_relation relation;
} relations[] = {{"<=", SWEEP_AT_MOST}, {">=", SWEEP_AT_LEAST}, {"==", SWEEP_SAME},
                 {"!=", SWEEP_OTHER},   {"<", SWEEP_BELOW},     {">", SWEEP_ABOVE}};

static bool to_number(const char *text, double *value)
{
    char *end = NULL;
    *value = strtod(text, &end);
    return end != text && !*end;
}

/* Without blanks around and quotes. */
static void trim(const char *from, size_t length, char out[SWEEP_VALUE_SIZE])
{
    while (length && (*from == ' ' || *from == '"')) from++, length--;
    while (length && (from[length - 1] == ' ' || from[length - 1] == '"')) length--;
    snprintf(out, SWEEP_VALUE_SIZE, "%.*s", (int)length, from);
}

static enum status read_side(const struct sweep *self, struct sweep_side *side,
                             const struct parameters *scenario, const char *where,
                             struct errors *errors)
{
    char near[256], value[4096];
    struct parameter at;
    double number;
    side->axis = -1;
    for (size_t i = 0; i < self->axes; i++)
        if (strcmp(self->axis[i].path, side->text) == 0) side->axis = (int)i;
    if (side->axis >= 0 || to_number(side->text, &number)) return STATUS_OK;
    if (parameters_find(scenario, side->text, &at)) {
        parameters_print(&at, value, sizeof value);
        trim(value, strlen(value), side->text);
        return STATUS_OK;
    }
    if (side->text[0] && !strchr(side->text, '.')) return STATUS_OK; /* a word: "mf" */
    const char *hint = parameters_suggest(scenario, side->text, near, sizeof near);
    return errors_add(errors, STATUS_BAD_INPUT,
                      "%s: `%s` is no axis, no setting and no number%s%s%s", where, side->text,
                      hint ? ", did you mean `" : "", hint ? hint : "", hint ? "`?" : "");
}

static enum status read_condition(struct sweep *self, const char *text,
                                  const struct parameters *scenario, struct errors *errors)
{
    struct sweep_condition *c = &self->condition[self->conditions];
    char where[512];
    const char *sign = NULL;
    size_t length = 0;
    sweep_where(self, "where", 0, where, sizeof where);
    for (size_t r = 0; r < sizeof relations / sizeof relations[0] && !sign; r++) {
        sign = strstr(text, relations[r].text);
        length = strlen(relations[r].text);
        c->relation = relations[r].relation;
    }
    if (!sign || strpbrk(sign + length, "<>=!"))
        return errors_add(
            errors, STATUS_BAD_INPUT,
            "%s: \"%s\" must be one comparison: a < b, with < <= > >= == !=", where, text);
    if (self->conditions == SWEEP_CONDITIONS_MOST)
        return errors_add(errors, STATUS_BAD_INPUT, "%s: more than %d conditions", where,
                          SWEEP_CONDITIONS_MOST);
    trim(text, (size_t)(sign - text), c->left.text);
    trim(sign + length, strlen(sign + length), c->right.text);
    enum status status = read_side(self, &c->left, scenario, where, errors);
    enum status right = read_side(self, &c->right, scenario, where, errors);
    if (!status && !right) self->conditions++;
    return status ? status : right;
}

enum status sweep_read_conditions(struct sweep *self, const struct parameters *scenario,
                                  struct errors *errors)
{
    enum status status = STATUS_OK;
    self->conditions = 0;
    for (int32_t i = 0; i < self->options->where.count; i++) {
        enum status found = read_condition(self, self->options->where.name[i], scenario,
                                           errors);
        if (found) status = found;
    }
    return status;
}

static bool compare(enum sweep_relation relation, double order)
{
    switch (relation) {
    case SWEEP_BELOW:
        return order < 0;
    case SWEEP_AT_MOST:
        return order <= 0;
    case SWEEP_ABOVE:
        return order > 0;
    case SWEEP_AT_LEAST:
        return order >= 0;
    case SWEEP_SAME:
        return !(order < 0 || order > 0);
    default:
        return order < 0 || order > 0;
    }
}

static const char *text_of(const struct sweep_side *side, const struct sweep_point *point)
{
    return side->axis < 0 ? side->text : point->value[side->axis];
}

bool sweep_admits(const struct sweep *self, const struct sweep_point *point)
{
    for (size_t i = 0; i < self->conditions; i++) {
        const struct sweep_condition *c = &self->condition[i];
        const char *left = text_of(&c->left, point), *right = text_of(&c->right, point);
        double a, b;
        bool numbers = to_number(left, &a) && to_number(right, &b);
        if (!compare(c->relation, numbers ? a - b : strcmp(left, right))) return false;
    }
    return true;
}
