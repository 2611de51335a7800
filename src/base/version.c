/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/version.h"

#include "version.h" /* generated: build/<mode>/version.h */

const char *version_number(void) { return VERSION_NUMBER; }

const char *version_git(void) { return VERSION_GIT; }

const char *version_data_dir(void) { return VERSION_DATA; }
