#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# scenarios/recommenders/: every ranker, reranker and retriever has its scenario, and no two of them end in
# the same state. Scaled down.
set -u
export LC_ALL=C
reelsim=${REELSIM:-./reelsim}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/recommenders.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
failed=0

verdict() { # NAME COMMAND...
    local name=$1
    shift
    if "$@"; then
        echo "ok $name"
    else
        echo "not ok $name"
        failed=1
    fi
}

hash_of() { # FILE: state hash of the scenario, scaled down
    local out
    out=$scratch/$(basename "$1" .cfg)
    "$reelsim" run "$1" --days 2 --threads 1 --quiet --no-plots --out "$out" \
        --set viewers.count=300 --set creators.count=40 --set measure.warmup=0 \
        >"$scratch/said" 2>&1 || sed 's/^/# /' "$scratch/said"
    sed -n 's/.*"state_hash": "\(.*\)".*/\1/p' "$out/manifest.json"
}

complete() { # KIND: each of its members has a file
    local name missing=0
    for name in $("$reelsim" list "$1" | awk '/^  / { print $1 }'); do
        [[ -e scenarios/recommenders/$1_$name.cfg ]] && continue
        echo "# no scenarios/recommenders/$1_$name.cfg"
        missing=1
    done
    return $missing
}

differ() { # KIND: its scenarios run, to different states
    local file hash
    : >"$scratch/hashes"
    for file in scenarios/recommenders/"$1"_*.cfg; do
        hash=$(hash_of "$file")
        [[ -n $hash ]] || return 1
        echo "$hash" >>"$scratch/hashes"
    done
    [[ $(sort -u "$scratch/hashes" | wc -l) -eq $(wc -l <"$scratch/hashes") ]]
}

for kind in ranker reranker retriever; do
    verdict "every $kind has a scenario" complete "$kind"
    verdict "no two ${kind}s are alike" differ "$kind"
done
# More runs than can be told apart by colour: side by side in one picture, alone and on a page.
side_by_side() {
    local -a runs=("$scratch"/ranker_*)
    [[ ${#runs[@]} -gt 7 ]] || return 1
    command -v gnuplot >/dev/null || return 0
    "$reelsim" plot "${runs[@]}" --out "$scratch/all" --quiet --format png &&
        [[ -s $scratch/all/plots/runs.png && ! -e $scratch/all/plots/activity.png ]] || return 1
    "$reelsim" report "${runs[@]}" --out "$scratch/page" >/dev/null 2>"$scratch/said" &&
        [[ ! -s $scratch/said && ! -e $scratch/page/plots/activity.svg ]] &&
        grep -q "More than 7 runs" "$scratch/page/report.html" &&
        grep -q 'section id="runs"' "$scratch/page/report.html"
}
verdict "all rankers side by side" side_by_side
exit $failed
