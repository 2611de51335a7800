#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# verify_window.sh PROGRAM [SCENARIO]
#
# The window is the platform's delay and a numerical step at once. This runs one scenario with
# windows of 2, 5, 10 and 20 minutes and the platform's refresh interval fixed, prints the mean over
# days of each figure of series.csv, and marks what moves by more than 5 % from the 10 minutes of
# the default: those figures are named in docs/ODD.md. SETTING and UNIT (seconds in one unit) tell
# how the scenario names the window.
set -eu
program=$1
scenario=${2:-scenarios/01_quickstart.cfg}
setting=${SETTING:-engine.window}
unit=${UNIT:-60}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/reelsim-verify.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

for minutes in 2 5 10 20; do
    "$program" run "$scenario" --quiet --out "$scratch/$minutes" \
        --set "$setting=$((minutes * 60 / unit))" --set platform.refresh=60.0
done
awk -F , '
    FNR == 1 { files++; for (i = 1; i <= NF; i++) column[i] = $i; fields = NF; next }
    { for (i = 2; i <= fields; i++) if ($i != "") { sum[files, i] += $i; n[files, i]++ } }
    END {
        printf "%-26s %14s %14s %14s %14s  largest change\n", "mean over days", "2 min", "5 min",
            "10 min", "20 min"
        for (i = 2; i <= fields; i++) {
            if (!n[3, i]) continue
            worst = 0
            base = sum[3, i] / n[3, i]
            printf "%-26s", column[i]
            for (f = 1; f <= 4; f++) {
                mean = n[f, i] ? sum[f, i] / n[f, i] : 0
                printf " %14.6g", mean
                change = base ? mean / base - 1 : 0
                if (change * change > worst * worst) worst = change
            }
            printf "  %+6.1f %%%s\n", 100 * worst, worst * worst > .0025 ? "  over 5 %" : ""
        }
    }' "$scratch/2/series.csv" "$scratch/5/series.csv" "$scratch/10/series.csv" "$scratch/20/series.csv"
