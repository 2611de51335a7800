#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# run_fuzzer.sh PROGRAM CORPUS SECONDS
#
# Runs one libFuzzer program from the inputs in CORPUS, if there are any, on a copy: what it
# finds new is not kept. An input that crashes is left beside the program and named. Leaks are not
# looked for, because libconfig 1.5 itself leaks on some syntax errors.
set -eu
program=$1 corpus=$2 seconds=$3
scratch=$(mktemp -d "${TMPDIR:-/tmp}/reelsim-fuzz.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/corpus" "$scratch/tmp"
if [ -d "$corpus" ]; then cp -R "$corpus"/. "$scratch/corpus/"; fi
export TMPDIR=$scratch/tmp ASAN_OPTIONS=detect_leaks=0
if "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -detect_leaks=0 \
    -print_final_stats=1 -artifact_prefix="$program." "$scratch/corpus" >"$program.log" 2>&1; then
    awk -v name="${program##*/}" '
        /number_of_executed_units/ { print "ok   " name ": " $2 " runs" }' "$program.log"
else
    cat "$program.log"
    echo "FAIL ${program##*/}: see $program.log and the input beside it"
    exit 1
fi
