/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures and page of a folder of results, through gnuplot.
 */
#ifndef IO_PICTURES_H
#define IO_PICTURES_H

#include "base/status.h"

/* Makes every plot of plots/ that the folder's tables allow (PNG and SVG), then report.html.
 * Without gnuplot it says so, once, and the tables stand alone: STATUS_OK. */
enum status pictures_make(const char *folder, bool quiet, struct errors *errors) MUST_CHECK;
enum status pictures_report(const char *folder, struct errors *errors) MUST_CHECK;

#endif
