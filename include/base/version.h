/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which reelsim this is. The texts are made at build time and stand in one object, so that a
 * commit does not rebuild the rest. They go into manifests and checkpoints, never into state.
 */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

/* "0.1.0", from the file VERSION. */
const char *version_number(void);
/* The git revision, "b2e9a54" or "b2e9a54-dirty"; "unknown" outside a checkout. */
const char *version_git(void);
/* Where `make install` puts scenarios, plots and headers: PREFIX/share/reelsim. */
const char *version_data_dir(void);

#endif
