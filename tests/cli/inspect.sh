#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Looking inside: states that a run keeps, and what `reelsim inspect` says of them.
. tests/cli/lab.bash

run() { "$program" run small.cfg --threads 1 --no-plots --quiet "$@"; }
traced() { run --set measure.pools=true --set measure.trace=true "$@"; }
inspect() { "$program" inspect "$@"; }
field() { jq -e "$1" "$scratch/out" >/dev/null || { echo "# not so: $1" && return 1; }; }

ok "a run that keeps states" code 0 run --out whole --states every=2d
plain() { code 0 run --out plain && cmp <(timeless whole) <(timeless plain); }
ok "keeping them changes nothing" plain
kept() { [ "$(ls whole/states)" = $'day_0002\nday_0003' ]; }
ok "every so many days, and the end" kept

viewer() {
    code 0 inspect whole viewer 5 --no-plots && prints "session" && prints "similarity" &&
        code 0 inspect whole viewer 5 --json --no-plots && field '.viewer == 5 and .day == 3' &&
        field '.next | length == 10' && field '.interests | length >= 8' &&
        field '[.next[] | (.similarity + .popularity + .exploration - .score) | fabs < 1e-3] | all'
}
ok "a viewer: taste, belief, and the next ten with their reasons" viewer
day() {
    code 0 inspect whole viewer 5 --json --no-plots --day 2.5 && field '.day == 2' &&
        code 2 inspect whole viewer 5 --day 1 && says "the first state that it keeps is of day 2"
}
ok "a day that was kept, or a word about which are" day

creator() {
    code 0 inspect whole creator 3 && prints "morale" &&
        code 0 inspect whole creator 3 --json && field '.creator == 3 and (.feedback | length == 2)' &&
        field "(.followers | tostring) == \"$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
            $1 == 3 { print $c["followers"] }' whole/creators.csv)\""
}
ok "a creator: plan and feedback, as creators.csv has it" creator
strategy() {
    { echo '@include "small.cfg"' && echo 'creators : { strategy = "static"; cohorts = ( { name = "some"; } ); };'; } >some.cfg
    code 0 "$program" run some.cfg --threads 1 --no-plots --quiet --out cohort --states end &&
        code 0 inspect cohort creator 3 --json &&
        field '.cohort == "some" and .strategy == "static"'
}
ok "a cohort's strategy is the one that it takes from creators" strategy

# One that is in the catalogue, one that has left it.
active=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } NR > 1 && $c["removed_day"] == "" &&
    $c["impressions"] > 0 { print $c["video"], $c["impressions"]; exit }' whole/videos.csv)
video() {
    # shellcheck disable=SC2086
    set -- $active
    code 0 inspect whole video "$1" && prints "in the catalogue" &&
        code 0 inspect whole video "$1" --json && field ".video == $1 and .impressions == $2"
}
ok "a video: its counters are those of videos.csv" video
# The first video that a pool let through: its path, and its impressions by source.
passed=$(
    traced --out traced --states end
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } $c["passed"] == 1 { print $c["video"]; exit }' \
        traced/pools.csv
)
path() {
    local shown
    shown=$(awk -F, -v id="$passed" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
        $c["video"] == id { n++ } END { print n + 0 }' traced/trace.csv)
    [ "$shown" -gt 0 ] && code 0 inspect traced video "$passed" && prints "Traffic pools" &&
        code 0 inspect traced video "$passed" --json &&
        field '.pools[0].passed == 1 and .pools[0].pool == 0 and .pools[0].score > 0' &&
        field "([.sources[].impressions] | add) == $shown" &&
        field '[.sources[] | .impressions == (.content + .follow + .trending + .cold_start +
            .explore + .promoted + .shared)] | length > 0 and all'
}
ok "a video's way through pools and sources" path
packed() { # what the packed trace says is what the plain one says
    inspect traced video "$passed" --json >plain.json 2>err && zstd -q --rm traced/trace.csv &&
        [ ! -e traced/trace.csv ] && inspect traced video "$passed" --json >packed.json 2>err &&
        cmp plain.json packed.json
}
ok "and with a packed trace" packed
left() {
    sed -i '$a 4000000,3,all,x,1,10,0.5,0,7,1,1,1,0.1,0,0,0,0,0,1,2,0,0' whole/videos.csv
    code 0 inspect whole video 4000000 --json && field '.impressions == 7'
}
ok "a video that left: its last row" left

picture() {
    command -v gnuplot >/dev/null || return 0
    code 0 inspect whole viewer 5 --format png,svg && [ -s whole/plots/viewer_5_day_3.png ] &&
        [ -s whole/plots/viewer_5_day_3.svg ] && code 2 inspect whole viewer 5 --format gif &&
        says "must be png, svg, pdf"
}
ok "the reasons as a picture" picture

interrupted() {
    code 0 run --out broken --states end && mv broken broken.partial &&
        mv broken.partial/states/day_0003 broken.partial/checkpoint &&
        code 0 inspect broken creator 3 --json && field '.creator == 3'
}
ok "a run that was interrupted: its checkpoint" interrupted

wrong() {
    code 2 inspect whole viewer 999999 && says "must be in [0, 2" &&
        code 2 inspect whole creator 999999 && says "there is none of that number" &&
        code 2 inspect whole video 999999999 && says "is neither in the state" &&
        code 2 inspect whole creator x1 && says "must be a number" &&
        code 2 inspect whole planet 1 && says "usage" &&
        code 2 inspect plain viewer 1 && says -- "--states end" &&
        code 2 inspect nowhere viewer 1 && says "is no folder of a run" &&
        code 2 inspect whole viewer 1 --day x && says "must be a day" &&
        code 2 run --out other --states sometimes && says "every=7d" && [ ! -e other ] &&
        [ ! -e other.partial ]
}
ok "what cannot be answered is said" wrong

damaged() {
    local size at
    size=$(stat -c %s whole/states/day_0003)
    cp -r whole hurt
    for at in 40 100 $((size / 3)) $((size / 2)) $((size - 5)); do
        cp whole/states/day_0003 hurt/states/day_0003
        printf '\xff\x01' | dd of=hurt/states/day_0003 bs=1 seek="$at" conv=notrunc 2>/dev/null
        code 2 inspect hurt viewer 5 || return 1
    done
    head -c $((size / 2)) whole/states/day_0003 >hurt/states/day_0003
    code 2 inspect hurt viewer 5
}
ok "a damaged state is refused" damaged

again() {
    code 0 run --out whole --states end --force && [ "$(ls whole/states)" = day_0003 ]
}
ok "a run anew forgets the states of the old one" again
