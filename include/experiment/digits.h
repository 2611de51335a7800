/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Figures as people read them, alike in sentences, tables and terminals. Files for programs
 * have nine digits and exponents instead.
 */
#ifndef EXPERIMENT_DIGITS_H
#define EXPERIMENT_DIGITS_H

#define DIGITS_TEXT 32
#define DIGITS_INTERVAL (2 * DIGITS_TEXT + 8)

/* So many digits that count, all of a number's whole part, and no exponent from 0.0001 to 1e15:
 * "0.01234", "12.3", "123456". A dash when it is not finite. Returns `out`. */
const char *digits_text(double value, int digits, char out[DIGITS_TEXT]);
/* "1.2 to 3.4": the larger end has so many digits, the other as many decimals; a dash when
 * either is not finite. Returns `out`. */
const char *digits_interval(double low, double high, int digits, char out[DIGITS_INTERVAL]);

#endif
