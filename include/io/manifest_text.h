/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading back a manifest: one level of a JSON object at a time, without a tree.
 */
#ifndef IO_MANIFEST_TEXT_H
#define IO_MANIFEST_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Stands on one entry of an object. Text is borrowed from the manifest. */
struct manifest_entry {
    char key[192];     /* unescaped */
    const char *value; /* first byte of the value */
    size_t length;     /* bytes of the value as it is written */
    const char *next;  /* what follows; NULL before manifest_first */
};

/* The first and the next entry of the object that begins at `text`; false at its end, or where
 * the text is no JSON. */
bool manifest_first(const char *text, struct manifest_entry *entry);
bool manifest_next(struct manifest_entry *entry);
/* Finds a key at the top level. */
bool manifest_find(const char *manifest, const char *key, struct manifest_entry *entry);
/* A value without the quotes and escapes of JSON, at most size - 1 bytes. */
void manifest_value(const struct manifest_entry *entry, char *out, size_t size);
/* The same of a top-level key; out is untouched when it is not there. */
void manifest_find_text(const char *manifest, const char *key, char *out, size_t size);
/* The same of a setting of the resolved scenario, by its path. */
void manifest_find_setting(const char *manifest, const char *path, char *out, size_t size);

#endif
