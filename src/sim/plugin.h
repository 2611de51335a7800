/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loads shared objects of plug-ins and adds their members to the registries.
 */
#ifndef SIM_PLUGIN_H
#define SIM_PLUGIN_H

#include "sim/model.h"

/* Adds the members of one shared object. On failure nothing was added and the library is
 * closed. */
enum status plugin_load(struct model *model, const char *path,
                        struct errors *errors) MUST_CHECK;

/* Appends a member to the registry of its kind; whether its name is new was asked before.
 * STATUS_NO_MEMORY or STATUS_OK. */
enum status plugin_register(struct registry *registry, const struct member *member) MUST_CHECK;

#endif
