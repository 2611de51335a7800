/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Well-formed UTF-8, as RFC 3629 defines it: what scenarios may hold and JSON must. */
#ifndef IO_UTF8_H
#define IO_UTF8_H

#include <stddef.h>

/* Bytes of the character at `text` (1 to 4) of which `left` > 0 bytes are there; 0 when it is
 * cut off, overlong, a surrogate, or no UTF-8 at all. */
size_t utf8_length(const char *text, size_t left);

#endif
