#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# verify_room.sh PROGRAM [MILLIONS...]
#
# What `reelsim evaluate` and `reelsim fit` hold in memory on generated logs: a row a recommender and size, as a
# table, and a failure where another row costs more than 16 bytes and its share of 256 MB in 100
# million rows (two sizes are needed for that; one is shown only). Without sizes 8 and 12 million rows are taken (1 minute of a core); docs/EVALUATION.md
# has 100 (2.4 GB of text, 1.8 GB of memory). Neighbours go by 200 rows of a user or item at the most
# and keep 100 each, so that they are quick. ONLY=REGEX picks by name.
set -eu
export LC_ALL=C
program=$1
shift
[ $# -gt 0 ] || set -- 8 12
only=${ONLY:-.}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/reelsim-room.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
sizes="$*" least=$1 users=$(($1 * 1000)) failures=0

for millions in "$@"; do # a user has a thousand rows in the first; items by popularity
    awk -v n="${millions}000000" -v users="$users" -v items=20000 'BEGIN {
        srand(1)
        for (r = 0; r < n; r++)
            printf "%d\t%d\t%d\t%d\n", users * rand(), items * rand() ^ 2, 1 + 5 * rand(), 1600000000 + r
    }' >"$scratch/$millions"
done

peak() { # peak COMMAND...: the most KiB that it held
    local held=0 now pid
    "$@" >"$scratch/out" 2>&1 &
    pid=$!
    while now=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
        held=$now
        sleep 0.02
    done
    wait "$pid" || { cat "$scratch/out" >&2; exit 1; }
    echo "$held"
}

echo '| recommender | million rows | peak, MB | bytes a row | MB above the rows | bytes another row |'
echo '|---|---|---|---|---|---|'
of() { # of NAME COMMAND...: LOG stands for the log
    local name=$1 first=0 held millions
    shift
    [[ $name =~ $only ]] || return 0
    for millions in $sizes; do
        held=$(peak "${@//LOG/$scratch/$millions}")
        awk -v name="$name" -v k="$held" -v m="$millions" -v k1="$first" -v m1="$least" 'BEGIN {
            slope = (m > m1) ? (k - k1) * 1024 / 1e6 / (m - m1) : 0
            printf "| %s | %d | %.0f | %.2f | %.0f | %s |\n", name, m, k * 1024 / 1e6, k * 1024 / 1e6 / m,
                k * 1024 / 1e6 - 16 * m, (m > m1 ? sprintf("%.2f", slope) : "")
            exit (slope > 16 + 2.56)
        }' || { failures=$((failures + 1)); echo "FAIL $name: another row costs more than 18.56 bytes" >&2; }
        [ "$first" != 0 ] || first=$held
    done
}
judge() { # judge ALGORITHM [SETTING]...: one pass, so that it is quick
    local name=$1 label=$1 settings=() setting
    [[ "$*" != *implicit* ]] || label="$1, implicit"
    for setting in "${@:2}"; do settings+=(--set "evaluate.$1.$setting"); done
    of "$label" "$program" evaluate LOG --algorithm "$name" --test-share .001 --resamples 0 \
        --threads 1 --quiet "${settings[@]}"
}
judge popular
judge baseline epochs=1
judge fm epochs=1 factors=8
judge mf epochs=1 factors=8
judge mf epochs=1 implicit=true factors=8
judge als epochs=1 factors=8
judge bpr epochs=1 factors=8
judge item_knn sample=200 keep=100 score_neighbours=100
judge user_knn sample=200 keep=100
of fit "$program" fit LOG --threads 1 --quiet --set evaluate.bpr.epochs=1
[ "$failures" -eq 0 ]
