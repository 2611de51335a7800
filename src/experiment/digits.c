/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/digits.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *digits_text(double value, int digits, char out[DIGITS_TEXT])
{
    double size = fabs(value);
    if (!isfinite(value))
        snprintf(out, DIGITS_TEXT, "\u2013");
    else if (size < 1e15 && size >= pow(10, digits) - 0.5)
        snprintf(out, DIGITS_TEXT, "%.0f", value);
    else
        snprintf(out, DIGITS_TEXT, "%.*g", digits, value);
    return out;
}

/* With so many decimals, without those at the end that are 0. */
static const char *fixed(double value, int decimals, char out[DIGITS_TEXT])
{
    snprintf(out, DIGITS_TEXT, "%.*f", decimals, value);
    size_t n = strlen(out);
    while (decimals && out[n - 1] == '0') out[--n] = 0;
    if (out[n - 1] == '.') out[n - 1] = 0;
    return strcmp(out, "-0") == 0 ? "0" : out;
}

/* The larger end has the digits, the other as many decimals. */
const char *digits_interval(double low, double high, int digits, char out[DIGITS_INTERVAL])
{
    char from[DIGITS_TEXT], to[DIGITS_TEXT];
    double most = fmax(fabs(low), fabs(high));
    if (!isfinite(low) || !isfinite(high)) return digits_text(NAN, digits, out);
    if (most < 1e-4 || most >= 1e15) {
        snprintf(out, DIGITS_INTERVAL, "%s to %s", digits_text(low, digits, from),
                 digits_text(high, digits, to));
        return out;
    }
    int decimals = (int)fmax(0, digits - 1 - floor(log10(most)));
    snprintf(out, DIGITS_INTERVAL, "%s to %s", fixed(low, decimals, from),
             fixed(high, decimals, to));
    return out;
}
