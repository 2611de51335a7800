#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# docs/CODEBOOK.md is what the program declares, and the tables of a run have those columns.
set -u
export LC_ALL=C
program=$REELSIM
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

check() { # check NAME COMMAND...
    local name=$1
    shift
    if "$@" >"$work/said" 2>&1; then echo "ok $name"; else
        echo "not ok $name"
        sed 's/^/# /' "$work/said"
    fi
}

"$program" list columns >"$work/codebook"
check "the codebook is up to date (make docs)" diff docs/CODEBOOK.md "$work/codebook"

metrics=$("$program" list metric | awk 'NR > 1 { printf "%s\"%s\"", n++ ? "," : "", $1 }')
"$program" run scenarios/01_quickstart.cfg --days 1 --set viewers.count=200 --set creators.count=20 \
    --set "measure.metrics=[$metrics]" --set measure.trace=true --threads 1 --quiet --no-plots --out "$work/run" \
    >"$work/log" 2>&1 || cat "$work/log"

# Each column of a table is in the codebook's section of it, itself or by its pattern.
described() { # described TABLE
    awk -v table="$1" '/^## / { on = $2 == table } on && /^\| `/ { gsub(/`/, "", $2); print $2 }' \
        "$work/codebook" | sed 's/<[a-z]*>/[a-z_]*/; s/.*/^&$/' >"$work/patterns"
    case $1 in *.zst) zstd -dcq "$work/run/$1" ;; *) cat "$work/run/$1" ;; esac | head -1 |
        tr , '\n' >"$work/names"
    grep -q . "$work/names" && grep -q . "$work/patterns" &&
        ! grep -v -f "$work/patterns" "$work/names"
}
for table in series.csv cohorts.csv videos.csv creators.csv retention.csv cascades.csv ledger.csv \
    trace.csv money.csv.zst purses.csv.zst; do
    check "$table has no column that the codebook does not know" described $table
done
