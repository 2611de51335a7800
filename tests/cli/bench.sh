#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# reelsim bench: what phold, mm1, loop and feed print, what they refuse.
set -u
reelsim=${REELSIM:-./reelsim}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMP_NUM_THREADS=2 # where no --threads is given: on one and on two

check() { # check NAME COMMAND...: ok when the command succeeds
    local name=$1
    shift
    if "$@"; then echo "ok $name"; else echo "not ok $name"; fi
}

key() { # key FILE NAME: the values of a key, a line each
    grep -o "\"$2\": [^,}]*" "$1" | sed 's/.*: //'
}

# refuses NAME TEXT ARGUMENT...: exit code 2, the text on stderr, nothing on stdout
refuses() {
    local name=$1 text=$2 code=0
    shift 2
    "$reelsim" bench "$@" >"$work/out" 2>"$work/err" || code=$?
    check "$name" test "$code" = 2 -a ! -s "$work/out"
    check "$name says why" grep -qF -- "$text" "$work/err"
}

small="--lps 512 --population 4 --duration 5 --repeats 1"
# shellcheck disable=SC2086
"$reelsim" bench phold $small --json >"$work/phold.json"
check "phold prints a line for one and for two threads" \
    test "$(key "$work/phold.json" threads | tr '\n' ' ')" = "1 2 "
check "phold's hash does not depend on threads" \
    test "$(key "$work/phold.json" state_hash | uniq | wc -l)" = 1
check "phold keeps its population" test "$(key "$work/phold.json" pending | head -1)" = 2048
for name in events_per_s events_per_s_core events shards lookahead remote; do
    check "phold prints $name" test -n "$(key "$work/phold.json" $name)"
done
# shellcheck disable=SC2086
"$reelsim" bench phold $small --shards 4 --seed 1 --threads 3 --repeats 2 --json >"$work/other.json"
check "phold's hash does not depend on shards" \
    test "$(key "$work/other.json" state_hash)" = "$(key "$work/phold.json" state_hash | head -1)"
# shellcheck disable=SC2086
"$reelsim" bench phold $small --seed 2 --threads 1 --json >"$work/other.json"
check "another seed gives another hash" \
    test "$(key "$work/other.json" state_hash)" != "$(key "$work/phold.json" state_hash | head -1)"

"$reelsim" bench mm1 --stations 256 --duration 200 --repeats 1 --json >"$work/mm1.json"
check "mm1's hash does not depend on threads" \
    test "$(key "$work/mm1.json" state_hash | uniq | wc -l)" = 1
check "mm1 is near theory" awk -v n="$(key "$work/mm1.json" mean_number | head -1)" \
    -v t="$(key "$work/mm1.json" mean_number_theory | head -1)" \
    'BEGIN { exit !(n > 0.85 * t && n < 1.15 * t) }'
check "mm1 prints a table" sh -c "'$reelsim' bench mm1 --stations 16 --duration 10 --repeats 1 |
    grep -q 'sojourn'"

# Tests share the machine: every pair of a bench may be disturbed, which is exit code 1 and said.
measured() { # measured FILE ARGUMENT...: figures in FILE, disturbed or not
    local file=$1 code=0
    shift
    "$reelsim" bench loop "$@" >"$file" 2>"$work/err" || code=$?
    test "$code" = 0 || { test "$code" = 1 && grep -q "are no measurement" "$work/err"; }
}

tiny="--set viewers.count=1000 --set creators.count=100 --repeats 1 --json"
cat >"$work/yardstick" <<'END'
#!/bin/sh
echo "x: 1 impressions 1s => 1 M/s, 300.0 ns each"
END
printf '#!/bin/sh\necho nonsense\n' >"$work/nonsense"
chmod +x "$work/yardstick" "$work/nonsense"
# shellcheck disable=SC2086
check "loop measures or says that it could not" \
    measured "$work/loop.json" $tiny --yardstick "$work/yardstick"
check "loop prints a line for one and for two threads" \
    test "$(key "$work/loop.json" threads | tr '\n' ' ')" = "1 2 "
check "loop's hash does not depend on threads" \
    test "$(key "$work/loop.json" state_hash | uniq | wc -l)" = 1
check "loop prints what a viewer and a video hold" awk -v viewer="$(key "$work/loop.json" bytes_per_viewer | head -1)" \
    -v video="$(key "$work/loop.json" bytes_per_video | head -1)" 'BEGIN { exit !(viewer > 112 && video > 100) }'
check "loop prints a cost and a speed-up" awk -v ns="$(key "$work/loop.json" ns_per_impression_core | head -1)" \
    -v up="$(key "$work/loop.json" speed_up | head -1)" 'BEGIN { exit !(ns > 0 && up > 0) }'
check "loop reads the yardstick" test "$(key "$work/loop.json" yardstick_ns | head -1)" = 300.0
check "the ratio is of the two" awk -v ns="$(key "$work/loop.json" ns_per_impression_core | head -1)" \
    -v ratio="$(key "$work/loop.json" ratio | head -1)" \
    'BEGIN { exit !(ratio > ns / 300 - .002 && ratio < ns / 300 + .002) }'
check "loop counts pairs" awk -v n="$(key "$work/loop.json" pairs | head -1)" \
    -v void="$(key "$work/loop.json" pairs_void | head -1)" \
    'BEGIN { exit !(n == 1 && void <= 2 || n == 0 && void == 3) }'
# shellcheck disable=SC2086
check "loop with one thread" measured "$work/other.json" $tiny --threads 1
check "prints a line" test "$(key "$work/other.json" threads)" = 1
# shellcheck disable=SC2086
check "loop with three threads" measured "$work/other.json" $tiny --threads 3
check "compares three with one" \
    test "$(key "$work/other.json" threads | tr '\n' ' ')" = "1 3 "
check "loop runs the days of million.cfg unless told" test "$(key "$work/loop.json" state_hash |
    head -1)" = "$("$reelsim" run scenarios/million.cfg --set viewers.count=1000 \
        --set creators.count=100 --out "$work/million" --no-plots --json |
        sed -n 's/.*"state_hash": "\([0-9a-f]*\)".*/"\1"/p')"

# shellcheck disable=SC2086
check "loop may end after some windows" measured "$work/part.json" $tiny --threads 1 --windows 60
check "which shows fewer impressions, and their processor time" awk -v part="$(key "$work/part.json" impressions)" \
    -v whole="$(key "$work/loop.json" impressions | head -1)" \
    -v ns="$(key "$work/part.json" processor_ns_per_impression)" 'BEGIN { exit !(part > 0 && part < whole / 2 && ns > 0) }'

"$reelsim" bench feed --set viewers.count=500 --set creators.count=400 --repeats 1 --json \
    >"$work/feed.json"
check "feed has two lines a ranker or more" test "$(key "$work/feed.json" what | sort -u | wc -l)" = \
    $(($("$reelsim" list ranker | grep -c '^  [a-z]') + 1)) -a "$(key "$work/feed.json" what | sort | uniq -c |
        awk '$1 != 2 && $1 != 6' | wc -l)" = 0
check "feed has a line for each dimension where they matter" test "$(grep -c '"what": "mf"' "$work/feed.json")" = 6 \
    -a "$(grep -c '"what": "random"' "$work/feed.json")" = 2
check "feed measures the kernel in 16, 32 and 64 dimensions" \
    test "$(key "$work/feed.json" dimensions | sort -un | tr '\n' ' ')" = "16 32 64 "
check "feed measures at 128 and at 512 candidates" \
    test "$(key "$work/feed.json" candidates | sort -un | tr '\n' ' ')" = "128 512 "
check "every figure is above 0" awk '
    /"what"/ { n++; if ($0 !~ /"rank_ns": [0-9.]*[1-9]/ || $0 !~ /"floor_ns": [0-9.]*[1-9]/ ||
        $0 !~ /"what": "kernel"/ && $0 !~ /"slate_ns": [0-9.]*[1-9]/) bad = 1 }
    END { exit bad || !n }' "$work/feed.json"
check "passes of the picks are added to the floor" awk '
    function of(name) { return match($0, "\"" name "\": [0-9.]*") ? substr($0, RSTART + length(name) + 4, RLENGTH) + 0 : -1 }
    /"slate_ns"/ { n++; all = of("slate_floor_ns") + of("pick_ns"); x = of("pick_ratio") * all / of("slate_ns")
        if (of("pick_ns") <= 0 || x < .98 || x > 1.02) bad = 1 }
    END { exit bad || !n }' "$work/feed.json"
"$reelsim" bench feed --set viewers.count=500 --set creators.count=400 --repeats 1 \
    --set platform.ranker=mf >"$work/feed.txt"
check "feed of one ranker has its six lines" test "$(grep -c '^mf ' "$work/feed.txt")" = 6
check "and says what the machine does" grep -q "G multiply-adds/s" "$work/feed.txt"

# A load on every processor voids every pair; the figures are printed all the same, marked.
burners=""
for _ in $(seq "$(nproc)"); do
    sh -c 'while :; do :; done' &
    burners="$burners $!"
done
code=0
"$reelsim" bench loop --set viewers.count=2000 --set creators.count=100 --threads 1 --repeats 1 \
    >"$work/out" 2>"$work/err" || code=$?
# shellcheck disable=SC2086
kill $burners
check "a foreign load voids all pairs" test "$code" = 1
check "which is said" grep -q "all 3 pairs were disturbed by a foreign load" "$work/err"
check "figures are printed and marked" grep -q "ALL DISTURBED" "$work/out"

code=0
# shellcheck disable=SC2086
"$reelsim" bench loop $tiny --yardstick "$work/nonsense" >"$work/out" 2>"$work/err" || code=$?
check "a yardstick that prints nonsense" test "$code" = 1 -a ! -s "$work/out"
check "and what it printed" grep -q 'printed "nonsense' "$work/err"

refuses "options without a name" "bench without a name does not take --lps" --lps 3
refuses "JSON of all three" "name one of phold, mm1, loop, feed" --json
refuses "an option of phold for loop" "reelsim bench loop does not take --lps" loop --lps 3
refuses "no such bench" "must be phold, mm1, loop or feed" nonsense
refuses "lps of 0" "--lps 0: must be a whole number in [1, 1e+08]" phold --lps 0
refuses "lps that are no whole number" "--lps 1.5" phold --lps 1.5
refuses "a share above 1" "--remote 1.01: must be a number in [0, 1]" phold --remote 1.01
refuses "no number" "--lookahead soon" phold --lookahead soon
refuses "a lookahead of 0" "--lookahead 0:" phold --lookahead 0
refuses "not a number" "--duration nan" phold --duration nan
refuses "shards that are no power of two" "--shards 48: must be a power of two" phold --shards 48
refuses "too many events" "together more than 1e9" phold --lps 1e8 --population 100
refuses "an option of mm1" "reelsim bench phold does not take --stations" phold --stations 3
refuses "an option of phold" "reelsim bench mm1 does not take --lps" mm1 --lps 3
refuses "a full station" "--utilisation 1: must be a number in [0.001, 0.999]" mm1 --utilisation 1
refuses "a seed that is no number" "--seed x: must be a whole number" mm1 --seed x
refuses "a catalogue too small" "a slate's 512 candidates want" feed --set viewers.count=10 \
    --set creators.count=2
refuses "threads for feed" "runs on one thread" feed --threads 2
refuses "a setting of scenarios" "takes no setting run.days=3" mm1 --days 3
