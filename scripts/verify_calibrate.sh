#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# verify_calibrate.sh PROGRAM [FITS [LOG]]
#
# Are the intervals of `reelsim calibrate` as wide as they should be? FITS (100) worlds of 500
# viewers and 2 days, each with sessions a day and watching of its own, drawn well within the
# bounds, and other people than any run of its fit; from each world's figures the two are found
# again, each time with another seed, so that no two fits share luck. Of the intervals of 90 %
# between 84 and 96 in 100 must hold what was true. Two fits a core at a time, one run at a time
# each: while one waits for the disk another computes. LOG gets a row a fit: world, rate, scale,
# low, fit and high of both, runs.
set -eu
export LC_ALL=C
program=$(realpath "$1") fits=${2:-100}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
log=$(realpath "${3:-$work/log}")
cd "$work"
cat >world.cfg <<'END'
run : { days = 2; shards = 4; };
viewers : { count = 500; };
creators : { count = 25; };
measure : { warmup = 0.0; money = false; panel = 20; sample = 20; };
END
# rate and scale of each world, uniform in their logarithms over [.7, 1.8] and [.9, 1.7]
awk -v n="$fits" 'BEGIN {
    srand(20261130)
    for (i = 1; i <= n; i++) print i, .7 * (1.8 / .7) ^ rand(), .9 * (1.7 / .9) ^ rand()
}' >truths

fit_one() { # fit_one WORLD RATE SCALE: prints the log's row
    "$program" run world.cfg --quiet --no-plots --threads 1 --out "truth.$1" \
        --set viewers.rate="$2" --set viewers.weibull.scale="$3" --set run.seed="$1" --set run.replicate=1000
    jq -r '.summary | "calibrate : { scenario = \"world.cfg\"; points = 24; replications = 20;
        parameters = ( { path = \"viewers.rate\"; low = 0.4; high = 3.0; scale = \"log\"; },
                       { path = \"viewers.weibull.scale\"; low = 0.6; high = 2.4; scale = \"log\"; } );
        targets = ( { metric = \"dau\"; value = \(.dau); },
                    { metric = \"sessions\"; value = \(.sessions); },
                    { metric = \"play_7s_rate\"; value = \(.play_7s_rate); },
                    { metric = \"mean_watch_s\"; value = \(.mean_watch_s); } ); };"' \
        "truth.$1/manifest.json" >"targets.$1.cfg"
    "$program" calibrate "targets.$1.cfg" --no-plots --out "fit.$1" --json --jobs 1 --set run.seed="$1" >"fit.$1.json"
    jq -r --arg world "$1 $2 $3" '[$world, (.parameters[] | .low, .fit, .high), .runs] |
        map(tostring) | join(" ")' "fit.$1.json"
    rm -r "truth.$1" "fit.$1"
    [ ! -t 2 ] || printf '\r%d fits begun' "$1" >&2
}
export -f fit_one
export program
xargs -P $((2 * $(nproc))) -L 1 bash -euc 'fit_one "$@"' fit_one <truths >"$log"
awk -v wanted="$fits" '{
    rate += $4 <= $2 && $2 <= $6
    scale += $7 <= $3 && $3 <= $9
    runs += $10
} END {
    held = 100 * (rate + scale) / (2 * NR)
    printf "%d fits of %.0f runs: %d intervals of 90 %% hold viewers.rate, %d viewers.weibull.scale; %.1f %% of all (84 to 96 wanted)\n",
        NR, runs / NR, rate, scale, held
    exit NR != wanted || held < 84 || held > 96
}' "$log"
