#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What `reelsim check` warns of, and how near its forecast comes.
. tests/cli/lab.bash

# notes TEXT SETTING...: check says TEXT with the settings, and does not without them.
notes() {
    local text=$1 set=()
    shift
    for setting; do set+=(--set "$setting"); done
    code 0 "$program" check quiet.cfg --threads 2 "${set[@]}" && prints "$text" || return 1
    code 0 "$program" check quiet.cfg --threads 2 && ! grep -qF -- "$text" out
}
cat >quiet.cfg <<'END'
run : { days = 30; };
viewers : { count = 20000; };
creators : { count = 200; };
platform : { pools : { tiers = [ 300.0, 3000.0 ]; }; };
END
quiet() { code 0 "$program" check quiet.cfg --threads 2 && [ "$(cat out)" = "quiet.cfg is valid" ]; }
ok "nothing to note" quiet
ok "pools above 20 % of the audience are merged" notes \
    "2 of 4 pools are used; those from 10000 on are above 20 %" \
    'platform.pools.tiers=[300.0, 3000.0, 10000.0, 100000.0]'
ok "guarantees above the cold-start quota" notes \
    "guaranteed impressions exceed the cold-start quota" creators.count=8000
ok "no cold start at all" notes "guaranteed impressions exceed the cold-start quota" \
    'platform.retrievers=["content"]'
cohorts() {
    echo 'creators : { cohorts = ( { name = "a"; count = 100; }, { name = "b"; count = 4000; videos_per_week = 9.0; } ); };' >more.cfg
    sed '/creators/d' quiet.cfg >>more.cfg
    code 0 "$program" check more.cfg && prints "guaranteed impressions exceed"
}
ok "guarantees of cohorts are added up" cohorts
inherited() {
    echo 'creators : { videos_per_week = 9.0; cohorts = ( { name = "a"; count = 4000; } ); };' >taken.cfg
    sed '/creators/d' quiet.cfg >>taken.cfg
    sed 's/9.0/0.01/' taken.cfg >few.cfg
    code 0 "$program" check taken.cfg && prints "guaranteed impressions exceed" &&
        code 0 "$program" check few.cfg && ! grep -qF "guaranteed impressions exceed" out
}
ok "and so are those of cohorts that take their pace from creators" inherited
ok "few shards for the threads" notes "run.shards = 2 is few for 2 threads; take at least 4" \
    run.shards=2
ok "a warm-up that outlasts the run" notes "measure.warmup = 14 d is not shorter than run.days = 9" \
    run.days=9

# ----------------------------------------------------------------------------------- the cost
cat >cost.cfg <<'END'
run : { days = 4; };
viewers : { count = 12000; };
creators : { count = 600; };
END
near() { # near NAME FORECAST FOUND FACTOR
    awk -v a="$2" -v b="$3" -v f="$4" 'BEGIN { exit !(a > 0 && a < b * f && a > b / f) }' && return
    echo "# $1: forecast $2, found $3"
    return 1
}
forecast() { jq "$1" cost.json; }
found() { jq "$1" output/cost/manifest.json; }
ok "--json alone prints one object, too" sh -c \
    "[ \"\$('$program' check small.cfg --json | jq -s 'length, .[0].valid' | tr '\\n' ' ')\" = '1 true ' ]"
# What a sanitizer keeps of freed memory is not the program's.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=0
ok "--cost --json prints one object" sh -c \
    "'$program' check cost.cfg --cost --json >cost.json && [ \$(jq -s length cost.json) = 1 ]"
words() { code 0 "$program" check small.cfg --cost && prints "memory  " && prints "bytes an impression" &&
    prints "a viewer and day" && prints "ns an impression" && prints "measured now in four short runs"; }
ok "--cost says it in words, and how it was measured" words
run() { code 0 "$program" run cost.cfg --threads 1 --no-plots --quiet --force; }
ok "the run itself" run
ok "memory within 30 %" near memory "$(forecast .total_bytes)" "$(found .peak_rss_bytes)" 1.3
ok "impressions within 20 %" near impressions "$(forecast .impressions)" "$(found .impressions)" 1.2
ok "active videos within 30 %" near videos "$(forecast .active_videos)" "$(found .active_videos)" 1.3
ok "bytes on the wire within 5 %" near wire "$(forecast .wire_bytes_per_impression)" \
    "$(found .exchange_bytes_per_impression)" 1.05
ok "the time is that of people, days and impressions" near time "$(forecast .core_s)" \
    "$(forecast '12000 * .s_per_viewer_populate + 4 * .s_per_day_core + .impressions * .ns_per_impression_core / 1e9')" 1.01

# A second on cores that others use, too, is no test: `make verify` asks for the middle of five pairs.
middle() { sort -g | sed -n 3p; }
pairs() {
    local TIMEFORMAT=%U
    for _ in 1 2 3 4 5; do
        "$program" check cost.cfg --cost --json >cost.json || return 1
        { time run >said; } 2>seconds
        awk -v a="$(forecast .core_s)" -v b="$(cat seconds)" 'BEGIN { print a / b }'
    done >ratios
    near "time by five pairs" "$(middle <ratios)" 1 1.5
}
# A few viewers on as many shards, many days: most of it is what a window takes whoever is there.
small_pairs() {
    cat >cost.cfg <<'END'
run : { days = 30; };
viewers : { count = 300; };
creators : { count = 60; };
END
    pairs
}
if [ "${TIMED:-}" ]; then
    ok "processor time within a factor of 1.5" pairs
    ok "that of a small world, too" small_pairs
fi
