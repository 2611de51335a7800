/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading back single texts of a manifest that this program wrote.
 */
#ifndef IO_MANIFEST_TEXT_H
#define IO_MANIFEST_TEXT_H

#include <stddef.h>

/* The value of a top-level text key, at most size - 1 bytes; out is untouched when it is not
 * there. */
void manifest_find_text(const char *manifest, const char *key, char *out, size_t size);

#endif
