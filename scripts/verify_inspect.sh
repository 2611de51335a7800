#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# verify_inspect.sh PROGRAM
#
# How long `reelsim inspect` takes in the world of million.cfg: a state that is kept after a day (people
# come a fifth as often, so that it is there in a minute; rows are as many), then a viewer, a video and a
# creator, five times each. Fails when the quickest of one takes a second or more, of elapsed and of
# processor time: others' work lengthens the former.
set -eu
export LC_ALL=C
program=$1
scratch=$(mktemp -d "${TMPDIR:-/tmp}/reelsim-inspect.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
"$program" run scenarios/million.cfg --days 1 --set viewers.rate=0.2 --states end --threads 1 --no-plots \
    --quiet --out "$scratch/run" >/dev/null

failures=0
TIMEFORMAT='%R %U %S'
for what in "viewer 12345" "viewer 999999" "video 500" "creator 77"; do
    for _ in 1 2 3 4 5; do
        # shellcheck disable=SC2086
        { time "$program" inspect "$scratch/run" $what --no-plots --threads 1 >"$scratch/out"; } 2>>"$scratch/times"
        [ -s "$scratch/out" ] || failures=1
    done
    awk -v what="$what" '{
        used = $2 + $3
        if (NR == 1 || used < least) least = used
        if (NR == 1 || $1 < elapsed) elapsed = $1
    } END {
        printf "inspect %s: %.2f s of processor, %.2f elapsed, the least of %d\n", what, least, elapsed, NR
        exit !(least < 1 || elapsed < 1)
    }' "$scratch/times" || { failures=1; echo "FAIL inspect $what" >&2; }
    rm "$scratch/times"
done
[ "$failures" -eq 0 ]
