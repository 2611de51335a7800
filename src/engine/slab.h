/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory in slabs that grow: small blocks are cut from the newest slab and live until the owner
 * goes. Owners keep free lists of their own, so that a steady state allocates nothing.
 */
#ifndef ENGINE_SLAB_H
#define ENGINE_SLAB_H

#include <stddef.h>

struct slabs {
    char *next, *end;   /* what is left of the newest slab */
    void **slab;        /* owned */
    size_t count, room; /* slabs, and room in the list of them */
    size_t bytes;       /* held in all */
};

/* `bytes` (a multiple of 8) of zeroed memory, aligned to 8 bytes; NULL when there is none. A
 * slab has an eighth of what all before it have together, within 16 kB and 8 MB: so much may
 * stand empty. */
void *slabs_take(struct slabs *self, size_t bytes);
/* Everything that was taken is gone. Fine on a zeroed struct. */
void slabs_free(struct slabs *self);

#endif
