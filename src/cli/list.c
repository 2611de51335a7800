/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reelsim list [KIND]: everything that can be swapped, with its source.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"

static void list_kind(const struct registry *kind)
{
    printf("%s\n", kind->kind);
    for (size_t m = 0; m < kind->count; m++) {
        const struct member *member = kind->member[m];
        printf("  %-20s %s", member->name, member->doc);
        if (member->reference && strcmp(member->reference, "none"))
            printf(" [%s]", member->reference);
        printf("\n");
    }
}

static void add_kinds(const struct model *model, char *text, size_t size)
{
    size_t used = 0;
    for (size_t k = 0; model_kind(model, k) && used < size; k++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", k ? ", " : "",
                                 model_kind(model, k));
}

enum status command_list(const struct arguments *arguments, struct errors *errors)
{
    struct model model = {0};
    enum status status = scenario_load(
        &model, arguments, arguments->operand_count > 1 ? arguments->operand[1] : NULL, errors);
    if (status) return status;
    const char *wanted = arguments->operand_count ? arguments->operand[0] : NULL;
    size_t shown = 0;
    for (size_t k = 0; k < model.registries.count; k++) {
        const struct registry *kind = &model.registries.kind[k];
        if (wanted && strcmp(wanted, kind->kind)) continue;
        if (shown++) printf("\n");
        list_kind(kind);
    }
    if (!shown) {
        char kinds[512] = "";
        add_kinds(&model, kinds, sizeof kinds);
        status = errors_add(errors, STATUS_USAGE, "unknown kind \"%s\", must be one of: %s",
                            wanted, kinds);
    }
    model_free(&model);
    return status;
}
