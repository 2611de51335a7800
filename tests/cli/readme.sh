#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every ./reelsim line of README.md does what it says, in its order: the worlds are made small,
# SCENARIO is the quick start, LOG a small log. `bench` has a test of its own.
set -u
reelsim=$(realpath "${REELSIM:-./reelsim}")
top=$PWD
scratch=$(mktemp -d "${TMPDIR:-/tmp}/readme.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
small="--set viewers.count=1000 --set creators.count=100"

sed -n 's/ *#.*//; s|^    \./reelsim ||p' README.md | grep -v '^bench ' |
    sed 's|SCENARIO|scenarios/01_quickstart.cfg|; s|LOG|log.tsv|' >"$scratch/lines"
awk 'BEGIN { for (u = 1; u <= 60; u++) for (i = 1; i <= 40; i++) if (u * i % 7 < 3)
    printf "%d\t%d\t%d\t%d\n", u, i, 1 + (u + i) % 5, 1000 * u + i }' >"$scratch/log.tsv"
ln -s "$top/scenarios" "$top/plots" "$scratch"
cd "$scratch" || exit 1

lines=0
while read -r line; do
    lines=$((lines + 1))
    more=
    case $line in
    run\ --from*) more="--no-plots --quiet" ;;
    run\ *--states*) more="$small --no-plots --quiet" ;; # its days are what the branch needs
    run\ *) more="$small --days 1 --no-plots --quiet" ;;
    check\ *) more="$small --days 1" ;;
    compare\ *) more="$small --set viewers.count=200 --days 8 --replications 2 --threads 1" ;;
    advise\ *) more="--set viewers.count=100 --days 8 --replications 1 --threads 1 --no-plots" ;;
    sensitivity\ *) more="--set viewers.count=200 --days 8 --points 1 --threads 1 --no-plots" ;;
    sweep\ *--slurm*) more="$small --days 1" ;;
    sweep\ *) more="$small --days 1 --only 0 --quiet" ;;
    esac
    # shellcheck disable=SC2086
    if "$reelsim" $line $more >out 2>&1 </dev/null; then
        echo "ok reelsim $line"
    else
        sed 's/^/# /' out
        echo "not ok reelsim $line"
    fi
done <lines
if [ "$lines" -ge 6 ]; then echo "ok README.md has commands"; else echo "not ok README.md has commands"; fi
