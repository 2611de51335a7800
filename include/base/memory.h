/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory for tables: zeroed, aligned to a cache line, in huge pages when it is large (a random
 * access costs 1.2 to 2 times less there). All allocations of the program come from here, and
 * here from calloc alone: a test that links with --wrap=calloc can make the k-th of them fail.
 *
 * Large blocks are zero pages of the system until they are touched, so a generous capacity
 * costs address space only. Inside a running window nothing is called but memory_grow, by the
 * owner of a shard, who keeps what fails as a fault.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

#include "base/status.h"

/* Once, before anything else of a program: all blocks but the largest come from one heap that
 * grows in large steps, so that tables of less than a huge page share huge pages. */
void memory_one_heap(void);
/* `count` elements of `size` bytes, all zero, aligned to 64 bytes. NULL when there is no memory
 * or the product overflows; never NULL for a count or size of 0. Freed by memory_free only. */
void *memory_alloc(size_t count, size_t size) __attribute__((malloc, warn_unused_result));
/* Only for pointers of this file; NULL is fine. */
void memory_free(void *pointer);
/* Makes room for `need` elements of `size` bytes. `array` is the address of the caller's
 * pointer (of any object type), `*capacity` what it has room for; both change only when more is
 * needed, then by at least a quarter: a table that grows stands an eighth empty on average.
 * Keeps the content and zeroes the new part. STATUS_NO_MEMORY leaves everything as it was. */
enum status memory_grow(void *array, size_t *capacity, size_t need, size_t size) MUST_CHECK;

/* Asks the cache for `bytes` from an address on, to be written soon. gcc takes a function that
 * does nothing else for one without effect and drops its calls: hence the empty asm. */
static inline void memory_prefetch(const void *from, size_t bytes)
{
    const char *at = from;

    __asm__ volatile("");
    for (size_t line = 0; line < bytes; line += 64) __builtin_prefetch(at + line, 1);
    if (bytes > 1) __builtin_prefetch(at + bytes - 1, 1);
}

#endif
