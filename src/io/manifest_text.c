/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/manifest_text.h"

#include <stdlib.h>
#include <string.h>

static const char *skip_space(const char *at) { return at + strspn(at, " \t\r\n"); }

/* Behind the closing quote of a string that begins at `at`; NULL when it never closes. */
static const char *skip_string(const char *at)
{
    for (at++; *at && *at != '"'; at++)
        if (*at == '\\' && at[1]) at++;
    return *at ? at + 1 : NULL;
}

static const char *skip_value(const char *at)
{
    size_t depth = 0;
    for (; *at; at++) {
        if (*at == '"') {
            at = skip_string(at);
            if (!at) return NULL;
            at--;
        } else if (*at == '{' || *at == '[') {
            depth++;
        } else if (*at == '}' || *at == ']') {
            if (!depth) return at;
            depth--;
        } else if (*at == ',' && !depth) {
            return at;
        }
    }
    return NULL;
}

static void append_utf8(char *out, size_t size, size_t *n, unsigned code)
{
    char bytes[3];
    size_t count = code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
    bytes[0] = (char)(count == 1 ? code : count == 2 ? 0xc0 | code >> 6 : 0xe0 | code >> 12);
    bytes[1] = (char)(count == 2 ? 0x80 | (code & 0x3f) : 0x80 | (code >> 6 & 0x3f));
    bytes[2] = (char)(0x80 | (code & 0x3f));
    if (*n + count >= size) return;
    memcpy(out + *n, bytes, count);
    *n += count;
}

static void unescape(const char *from, size_t length, char *out, size_t size)
{
    static const char letters[] = "nrtbf", meanings[] = "\n\r\t\b\f";
    size_t n = 0;
    for (size_t i = 0; i < length && n + 1 < size; i++) {
        if (from[i] != '\\' || i + 1 >= length) {
            out[n++] = from[i];
            continue;
        }
        i++;
        const char *letter = strchr(letters, from[i]);
        if (from[i] == 'u' && i + 4 < length) {
            char digits[5] = {from[i + 1], from[i + 2], from[i + 3], from[i + 4], 0};
            append_utf8(out, size, &n, (unsigned)strtoul(digits, NULL, 16));
            i += 4;
        } else {
            out[n++] = letter ? meanings[letter - letters] : from[i];
        }
    }
    out[n] = 0;
}

/* Reads `"key": value` at `at`. */
static bool read_entry(const char *at, struct manifest_entry *entry)
{
    at = skip_space(at);
    const char *end = *at == '"' ? skip_string(at) : NULL;
    if (!end) return false;
    unescape(at + 1, (size_t)(end - at) - 2, entry->key, sizeof entry->key);
    at = skip_space(end);
    if (*at != ':') return false;
    entry->value = skip_space(at + 1);
    entry->next = skip_value(entry->value);
    if (!entry->next) return false;
    size_t length = (size_t)(entry->next - entry->value);
    while (length && strchr(" \t\r\n", entry->value[length - 1])) length--;
    entry->length = length;
    return true;
}

bool manifest_first(const char *text, struct manifest_entry *entry)
{
    text = skip_space(text);
    return *text == '{' && read_entry(text + 1, entry);
}

bool manifest_next(struct manifest_entry *entry)
{
    return *entry->next == ',' && read_entry(entry->next + 1, entry);
}

bool manifest_find(const char *manifest, const char *key, struct manifest_entry *entry)
{
    bool there = manifest_first(manifest, entry);
    while (there && strcmp(entry->key, key) != 0) there = manifest_next(entry);
    return there;
}

void manifest_value(const struct manifest_entry *entry, char *out, size_t size)
{
    if (entry->length >= 2 && *entry->value == '"') {
        unescape(entry->value + 1, entry->length - 2, out, size);
        return;
    }
    size_t n = entry->length < size - 1 ? entry->length : size - 1;
    memcpy(out, entry->value, n);
    out[n] = 0;
}

void manifest_find_text(const char *manifest, const char *key, char *out, size_t size)
{
    struct manifest_entry entry;
    if (manifest_find(manifest, key, &entry)) manifest_value(&entry, out, size);
}

void manifest_find_setting(const char *manifest, const char *path, char *out, size_t size)
{
    struct manifest_entry scenario, entry;
    if (manifest_find(manifest, "scenario", &scenario) &&
        manifest_find(scenario.value, path, &entry))
        manifest_value(&entry, out, size);
}
