/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings of `reelsim fit`: "fit.*", beside those of its factorisation. */
#ifndef CLI_FIT_H
#define CLI_FIT_H

#include "base/schema.h"

struct fit_parameters {
    double gap;
};
extern const struct schema_table fit_table;

#endif
