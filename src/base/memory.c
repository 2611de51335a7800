/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MEMORY_LINE ((size_t)64)
#define MEMORY_HUGE ((size_t)2 << 20)
#define MEMORY_PAGE ((size_t)4096)
#define MEMORY_MAPPED (32 << 20) /* larger blocks get a mapping of their own */
#define MEMORY_STEP (64 << 20)   /* by which the heap grows and shrinks */
/* More than a heap has left that somebody began; is zeroed. */
#define MEMORY_FIRST (256 << 10)

/* Advice only: a kernel without huge pages serves the block all the same. */
static void advise_huge(char *from, size_t bytes)
{
    uintptr_t skip = (MEMORY_PAGE - (uintptr_t)from % MEMORY_PAGE) % MEMORY_PAGE;

    (void)madvise(from + skip, (bytes - skip) / MEMORY_PAGE * MEMORY_PAGE, MADV_HUGEPAGE);
}

/* calloc, with the advice for what the heap has grown by. */
static char *clean_block(size_t bytes)
{
    char *before = sbrk(0), *block = calloc(1, bytes), *after = sbrk(0);

    if (block && after > before) advise_huge(before, (size_t)(after - before));
    return block;
}

void memory_one_heap(void)
{
    (void)mallopt(M_ARENA_MAX, 1);
    (void)mallopt(M_MMAP_THRESHOLD, MEMORY_MAPPED);
    (void)mallopt(M_TOP_PAD, MEMORY_STEP);
    (void)mallopt(M_TRIM_THRESHOLD, 2 * MEMORY_STEP);
    free(clean_block(MEMORY_FIRST)); /* the first step, ahead of all others */
}

/* The block that calloc gave is remembered in the word before the aligned address. */
void *memory_alloc(size_t count, size_t size)
{
    size_t bytes, room = MEMORY_LINE + sizeof(void *);
    char *block, *start;

    if (__builtin_mul_overflow(count, size, &bytes) ||
        __builtin_add_overflow(bytes, room, &room))
        return NULL;
    block = clean_block(room);
    if (block == NULL) return NULL;
    if (bytes >= MEMORY_HUGE) advise_huge(block, room);
    start = block + sizeof(void *);
    start += (MEMORY_LINE - (uintptr_t)start % MEMORY_LINE) % MEMORY_LINE;
    memcpy(start - sizeof(void *), &block, sizeof block);
    return start;
}

void memory_free(void *pointer)
{
    void *block;

    if (pointer == NULL) return;
    memcpy(&block, (char *)pointer - sizeof(void *), sizeof block);
    free(block);
}

/* The caller's pointer is copied as bytes: its own type is not known here. */
enum status memory_grow(void *array, size_t *capacity, size_t need, size_t size)
{
    size_t more = *capacity + *capacity / 4 + 4;
    void *old, *grown;

    if (need <= *capacity) return STATUS_OK;
    if (more < need) more = need;
    grown = memory_alloc(more, size);
    if (grown == NULL) return STATUS_NO_MEMORY;
    memcpy(&old, array, sizeof old);
    if (old != NULL) memcpy(grown, old, *capacity * size);
    memory_free(old);
    memcpy(array, &grown, sizeof grown);
    *capacity = more;
    return STATUS_OK;
}
