/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/digits.h"

#include <math.h>
#include <stdio.h>

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

const char *digits_interval(double low, double high, int digits, char out[DIGITS_INTERVAL])
{
    char from[DIGITS_TEXT], to[DIGITS_TEXT];
    if (!isfinite(low) || !isfinite(high)) return digits_text(NAN, digits, out);
    snprintf(out, DIGITS_INTERVAL, "%s to %s", digits_text(low, digits, from),
             digits_text(high, digits, to));
    return out;
}
