#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# verify_calibrate.sh PROGRAM [FITS]
#
# Are the intervals of `reelsim calibrate` as wide as they should be? FITS (100) worlds of 500
# viewers and 2 days, each with sessions a day and watching of its own, drawn well within the
# bounds, and other people than any run of its fit; from each world's figures the two are found
# again. Of the intervals of 90 % between 84 and 96 in 100 must hold what was true.
set -eu
export LC_ALL=C
program=$(realpath "$1") fits=${2:-100}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
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
    for (i = 0; i < n; i++) print .7 * (1.8 / .7) ^ rand(), .9 * (1.7 / .9) ^ rand()
}' >truths
world=0 held=0
while read -r rate scale; do
    world=$((world + 1))
    "$program" run world.cfg --quiet --no-plots --threads 1 --force --out truth \
        --set viewers.rate="$rate" --set viewers.weibull.scale="$scale" \
        --set run.replicate=$((10000 + world))
    jq -r '.summary | "calibrate : { scenario = \"world.cfg\"; points = 24; replications = 6;
        parameters = ( { path = \"viewers.rate\"; low = 0.4; high = 3.0; scale = \"log\"; },
                       { path = \"viewers.weibull.scale\"; low = 0.6; high = 2.4; scale = \"log\"; } );
        targets = ( { metric = \"dau\"; value = \(.dau); },
                    { metric = \"sessions\"; value = \(.sessions); },
                    { metric = \"play_7s_rate\"; value = \(.play_7s_rate); },
                    { metric = \"mean_watch_s\"; value = \(.mean_watch_s); } ); };"' \
        truth/manifest.json >targets.cfg
    "$program" calibrate targets.cfg --force --no-plots --out fit --json >fit.json
    held=$((held + $(jq --argjson rate "$rate" --argjson scale "$scale" '[
        (.parameters[0] | .low <= $rate and $rate <= .high),
        (.parameters[1] | .low <= $scale and $scale <= .high)] | map(select(.)) | length' fit.json)))
    if [ -t 2 ]; then printf '\r%d fits, %d intervals of %d hold' "$world" "$held" $((2 * world)) >&2; fi
done <truths
echo "$world fits: $held of $((2 * world)) intervals of 90 % hold the truth (84 to 96 % wanted)"
[ $((100 * held)) -ge $((84 * 2 * world)) ] && [ $((100 * held)) -le $((96 * 2 * world)) ]
