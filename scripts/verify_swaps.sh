#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# verify_swaps.sh PROGRAM [WINDOWS]
#
# What an impression costs in the world of million.cfg (all million viewers, one thread, the first
# WINDOWS of its first day; 60 = 10 hours) when another ranker takes mf's place: processor time, without
# the start. Fails when a ranker takes twice mf's time or more, the two that keep neighbours four
# times. mf runs three times among the others; its median counts. ONLY=REGEX picks rankers.
set -eu
export LC_ALL=C
program=$1 windows=${2:-60} only=${ONLY:-.}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/reelsim-swaps.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

cost() { # cost RANKER: ns an impression into $ns, impressions into $impressions
    "$program" bench loop --threads 1 --repeats 1 --windows "$windows" --json \
        --set platform.ranker="$1" >"$scratch/json"
    ns=$(jq '.[0].processor_ns_per_impression' "$scratch/json")
    impressions=$(jq '.[0].impressions' "$scratch/json")
}
median_of() { sort -g "$1" | awk '{ at[NR] = $1 } END { print at[int((NR + 1) / 2)] }'; }

# shellcheck disable=SC2207
rankers=($("$program" list ranker | awk '/^  [a-z]/ { print $1 }'))
half=$((${#rankers[@]} / 2)) failures=0
for at in "${!rankers[@]}"; do
    if [ "$at" = 0 ] || [ "$at" = "$half" ]; then
        cost mf
        echo "$ns" >>"$scratch/mf"
    fi
    if [ "${rankers[at]}" = mf ] || ! [[ ${rankers[at]} =~ $only ]]; then continue; fi
    cost "${rankers[at]}"
    echo "${rankers[at]} $impressions $ns" >>"$scratch/costs"
done
cost mf
echo "$ns" >>"$scratch/mf"
echo "mf $impressions $(median_of "$scratch/mf")" >>"$scratch/costs"
echo '| ranker | impressions | ns an impression | of mf'"'"'s | below |'
echo '|---|---|---|---|---|'
awk -v mf="$(median_of "$scratch/mf")" '{
    most = $1 ~ /_knn$/ ? 4 : 2
    printf "| `%s` | %d | %.0f | %.2f | %d |\n", $1, $2, $3, $3 / mf, most
    if ($3 >= most * mf) { print "FAIL " $1 ": " $3 / mf " times the time of mf" >"/dev/stderr"; bad = 1 }
} END { exit bad }' "$scratch/costs" || failures=1
echo "mf three times: $(tr '\n' ' ' <"$scratch/mf")ns an impression"
[ "$failures" -eq 0 ]
