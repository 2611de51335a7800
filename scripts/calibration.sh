#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# calibration.sh PROGRAM RESULT [PAGE]
#
# Holds a finished run of scenarios/china_like.cfg against the measured facts that the scenario is
# tuned to, and against some that it is not. RESULT is its folder: at least 45 days, with newcomers
# and the metric `tenure`. Short runs of the same scenario, of a tenth of the people, add what the
# folder does not have: the hours of a day, and a feed of random videos; a run of as many people
# has all streams and six channels (china_like_economy.cfg). The table goes to PAGE
# (docs/CALIBRATION.md), or to the screen. Exit 1: a target that the scenarios are tuned to is not
# met. With KEEP=FOLDER the short runs stay there, and those that are there are not made again.
set -eu
program=$1
result=$2
page=${3:-}
scenarios=$(dirname "$0")/../scenarios
scratch=$(mktemp -d "${TMPDIR:-/tmp}/reelsim-calibration.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
folder=${KEEP:-$scratch}

setting() { # PATH: its value in the result's resolved scenario
    sed -n "s/^ *\"$1\": \(.*[^,]\),\{0,1\}\$/\1/p" "$result/manifest.json" | tr -d '"'
}
short() { # SCENARIO NAME DAYS [--set ...]
    local scenario=$scenarios/$1.cfg name=$2 days=$3
    shift 3
    [ ! -e "$folder/$name" ] || return 0
    "$program" run "$scenario" --out "$folder/$name" --days "$days" --threads 1 --quiet --no-plots \
        --set viewers.count="$people" --set creators.count="$((people / 5))" \
        --set viewers.arrivals.innovation=0.0 "$@" >"$scratch/log" 2>&1 ||
        { cat "$scratch/log" >&2; exit 2; }
}

people=$(($(setting viewers.count) / 10))
[ "$people" -ge 1000 ] || people=1000
short china_like hours 5 --set measure.interval=0.0416666666666667 --set 'measure.metrics=[]'
short china_like feed 5 --set 'measure.metrics=[]'
short china_like random 5 --set 'measure.metrics=[]' --set platform.ranker=random \
    --set 'platform.retrievers=["explore"]' --set platform.retrieve.explore.share=1.0
all=$(setting viewers.count)
share() { awk -v whole="$1" -v all="$all" 'BEGIN { printf "%.3f", whole * all / 100000 }'; }
short china_like_economy economy 24 --set 'measure.metrics=[]' \
    --set viewers.count="$all" --set creators.count=$((all / 5)) \
    --set revenue.sponsor.budget="$(share 2000)" --set revenue.creator_fund.pool="$(share 500)"

awk -F , -v warmup="$(setting measure.warmup)" -v first_pool="$(setting platform.pools.tiers |
        tr -d '[],' | cut -d ' ' -f 1)" \
    -v version="$(setting version) ($(setting git))" -v seed="$(setting seed)" \
    -v size="$(setting viewers.count) viewers, $(setting creators.count) creators, $(setting days) days" \
    -v viewers="$(setting viewers.count)" \
    -v whole="$(sed -n 's/^  count = \([0-9]*\);.*/\1/p' "$scenarios/china_like.cfg" | head -1)" \
    -v seconds="$(setting wall_s)" -v threads="$(setting threads)" \
    -f "$(dirname "$0")/calibration.awk" \
    "$result/series.csv" "$result/retention.csv" "$result/videos.csv" \
    "$folder/hours/series.csv" "$folder/feed/series.csv" "$folder/random/series.csv" \
    "$folder/economy/series.csv" "$folder/economy/ledger.csv" \
    >"$scratch/page" || status=$?
if [ -n "$page" ]; then cat "$scratch/page" >"$page"; else cat "$scratch/page"; fi
exit "${status:-0}"
