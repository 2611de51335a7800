#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# bench_ranks.sh PROGRAM [VIEWERS [REPEATS [RANKS]]]
#
# How much faster is one world on RANKS (2) processes of one thread than on one? VIEWERS (100,000)
# viewers and creators in proportion, one day, medians of REPEATS (3) rounds in which the three runs
# take turns. Strong scaling: the same world on 1 and on RANKS; weak: RANKS times as large on RANKS.
# Efficiency is 1 where RANKS processes halve the time (strong) or keep it (weak).
set -eu -o pipefail
export LC_ALL=C HYDRA_LAUNCHER=fork
program=$(realpath "$1") viewers=${2:-100000} repeats=${3:-3} ranks=${4:-2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

if mpirun --version 2>&1 | grep -q "Open MPI"; then
    start=(mpirun --bind-to none --oversubscribe)
    if [ "$(id -u)" = 0 ]; then start+=(--allow-run-as-root); fi
else
    start=(mpirun)
fi
measure() { # measure NAME RANKS VIEWERS: a row "name wall_s impressions bytes"
    "${start[@]}" -np "$2" "$program" run empty.cfg --out run --force --no-plots --threads 1 \
        --days 1 --tables series --set viewers.count="$3" --set creators.count=$(($3 * 3 / 100)) \
        --set run.shards=64 >said 2>&1 || { cat said >&2; exit 1; }
    echo "$1 $(jq -r '"\(.wall_s) \(.impressions)"' run/manifest.json)" \
        "$(sed -n 's/.* \([0-9.]*\) bytes an impression.*/\1/p' said | tail -1)"
}
: >empty.cfg
for ((i = 0; i < repeats; i++)); do
    measure one 1 "$viewers"
    measure strong "$ranks" "$viewers"
    measure weak "$ranks" $((viewers * ranks))
done >rows
median() { awk -v name="$1" -v field="$2" '$1 == name { print $field }' rows | sort -n |
    awk '{ at[NR] = $1 } END { print at[int((NR + 1) / 2)] }'; }
printf '%-8s %5s %9s %12s %9s %11s %11s\n' "" ranks viewers impressions "wall, s" efficiency "bytes/imp."
one=$(median one 2)
row() { # row NAME RANKS VIEWERS SHARE: efficiency = one / wall / SHARE
    printf '%-8s %5d %9d %12d %9.2f %11s %11s\n' "$1" "$2" "$3" "$(median "$1" 3)" "$(median "$1" 2)" \
        "$(awk -v one="$one" -v wall="$(median "$1" 2)" -v n="$4" 'BEGIN { printf "%.2f", one / wall / n }')" \
        "$(median "$1" 4)"
}
row one 1 "$viewers" 1
row strong "$ranks" "$viewers" "$ranks"
row weak "$ranks" $((viewers * ranks)) 1
