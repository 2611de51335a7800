#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# verify_kill.sh PROGRAM [TIMES]
#
# kill -9 at random moments of a run that saves its state every simulated hour, TIMES (200) times
# over as many runs as that takes: each time the run goes on from the last checkpoint or, killed
# before its first, is begun anew; what was saved once is never lost; each run that gets to its end
# has the tables and the state of one that nobody killed.
set -eu
export LC_ALL=C
program=$(realpath "$1") times=${2:-200}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >world.cfg <<'END'
run : { days = 3; shards = 16; };
viewers : { count = 2000; };
creators : { count = 150; };
measure : { panel = 50; sample = 50; };
growth : { channels = ["social_share", "paid_boost"]; };
revenue : { streams = ["ads", "tips", "subscription", "commerce"]; };
END

run() { "$program" run world.cfg --quiet --no-plots --threads 1 --out "$@"; }
whole_again() { # what is in killed/ is what is in whole/
    runs=$((runs + 1))
    diff -r -x manifest.json -x checkpoint -x lock whole killed # the last two: killed while it tidied up
    [ "$(hash_of whole)" = "$(hash_of killed)" ]
    rm -r killed
}
hash_of() { sed -n 's/.*"state_hash": "\(.*\)",/\1/p' "$1/manifest.json"; }
began=$(date +%s%N)
run whole
length=$((($(date +%s%N) - began) / 1000000)) # ms
kills=0 runs=0 anew=0
RANDOM=20261129
while [ "$kills" -lt "$times" ]; do
    how=() saved=
    if [ -e killed.partial/checkpoint ]; then
        how=(--resume) saved=yes
    elif [ -e killed.partial ]; then
        how=(--force) anew=$((anew + 1))
    fi
    "$program" run world.cfg --quiet --no-plots --threads 1 --out killed "${how[@]}" \
        --checkpoint every=1h &
    process=$!
    pause=$((RANDOM % (length / 2 + 1)))
    sleep "$(printf '%d.%03d' $((pause / 1000)) $((pause % 1000)))"
    if kill -9 "$process" 2>/dev/null; then kills=$((kills + 1)); fi
    wait "$process" 2>/dev/null || :
    if [ -e killed ]; then
        whole_again
    elif [ -n "$saved" ] && [ ! -e killed.partial/checkpoint ]; then
        echo "kill $kills: the checkpoint is gone" >&2
        exit 1
    fi
done
if [ -e killed.partial/checkpoint ]; then
    run killed --resume
    whole_again
fi
echo "killed $kills times: $runs runs came to their end, each with the bytes of one that was not;" \
    "$anew times nothing had been saved yet"
[ "$runs" -gt 0 ]
