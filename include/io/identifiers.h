/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of things to dense numbers and back: "u8231", "Zürich", "17" become 0, 1, 2... in the
 * order in which they are first met. Any bytes may be a name; "7" and "07" are two.
 *
 * Open addressing over the XXH3 of the bytes, half full at most: 8 bytes a slot (32 bits of
 * hash, 32 of number), so a look-up touches one slot and one text. A name takes 20 to 36 bytes
 * and its text.
 */
#ifndef IO_IDENTIFIERS_H
#define IO_IDENTIFIERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct identifiers {
    uint32_t count;   /* names so far; the next new one gets this number */
    size_t slots;     /* a power of two, or 0 */
    uint64_t *slot;   /* owned; hash in the high half, number + 1 in the low; 0 = empty */
    char *text;       /* owned; all names, one after another */
    size_t text_room; /* bytes of it */
    uint32_t *end;    /* owned; [count] where each ends in `text` */
    size_t end_room;  /* elements of it */
};

/* A zeroed struct is empty and valid; free works on it. */
void identifiers_free(struct identifiers *self);
/* The number of a name, a new one if it is new. STATUS_NO_MEMORY also when all names together
 * would take 4 GiB. */
enum status identifiers_add(struct identifiers *self, const char *name, size_t length,
                            uint32_t *number) MUST_CHECK;
/* False when the name was never added. */
bool identifiers_find(const struct identifiers *self, const char *name, size_t length,
                      uint32_t *number);
/* The bytes of a name (not ended by a NUL), valid until the next identifiers_add. */
const char *identifiers_name(const struct identifiers *self, uint32_t number, size_t *length);

#endif
