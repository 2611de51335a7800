#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `reelsim compare`, and `run` with --replications and --worlds.
. tests/cli/lab.bash

cat >base.cfg <<'END'
run : { days = 3; shards = 4; };
viewers : { count = 60; };
creators : { count = 12; backlog_days = 4.0; };
measure : { panel = 50; sample = 20; warmup = 1; money = false; };
END
cp base.cfg plain.cfg
cp base.cfg twin.cfg
{
    cat base.cfg
    echo 'platform : { ads : { load = 0.16; }; };'
} >ads.cfg
sed 's/count = 12/count = 12; burn_out = 1.5/' base.cfg >bad.cfg
compare() { code 0 "$program" compare "$@" --threads 1; }
value() { # value FILE METRIC ARM KEY
    jq -r --arg m "$2" --arg a "$3" --arg k "$4" '.[] | select(.metric == $m and .arm == $a)[$k]' "$1"
}

three() {
    compare plain.cfg twin.cfg ads.cfg --replications 5 --metric platform_profit,watch_hours --json &&
        cp out three.json && cmp out output/compare-plain-twin-ads/comparison.json &&
        jq -e 'length == 6 and all(.[]; has("metric") and has("arm") and has("baseline")
            and has("mean") and has("difference") and has("ci_low") and has("ci_high")
            and has("p_adjusted") and has("replications") and has("variance_reduction")
            and .baseline == "plain" and .replications == 5)' three.json >/dev/null
}
ok "a list of objects with all keys" three
alike() {
    jq -e 'all(.[] | select(.arm == "twin"); .difference == 0 and .p_adjusted == 1 and
        .ci_low == 0 and .ci_high == 0)' three.json >/dev/null &&
        [ "$(value three.json watch_hours twin group)" = "$(value three.json watch_hours plain group)" ]
}
ok "arms that are alike differ by 0 with p 1" alike
more() {
    jq -e '.[] | select(.arm == "ads" and .metric == "platform_profit") |
        .ci_low > 0 and .p_adjusted < .05 and .group == "a" and .variance_reduction > 1 and
        .boot_low > 0' three.json >/dev/null
}
ok "twice the ads earn more, and pairs know it sooner" more
page() {
    local folder=output/compare-plain-twin-ads
    grep -q 'ads has the highest platform_profit' $folder/report.html &&
        grep -q 'Luck only.*compare --uncertain draws' $folder/report.html && grep -q 'reelsim compare plain.cfg' $folder/report.html &&
        [ "$(wc -l <$folder/replications.csv)" -eq 31 ] && [ "$(wc -l <$folder/comparison.csv)" -eq 7 ] &&
        { ! command -v gnuplot >/dev/null || grep -q 'id="difference"' $folder/report.html; }
}
ok "the page has the answer, its scope and the command" page
seeds() { # the same seed and replicate in both arms
    local folder=output/compare-plain-twin-ads
    [ "$(jq .replicate $folder/ads/r0003/manifest.json)" -eq 3 ] &&
        [ "$(jq .state_hash $folder/plain/r0003/manifest.json)" = "$(jq .state_hash $folder/twin/r0003/manifest.json)" ] &&
        [ "$(jq .state_hash $folder/plain/r0003/manifest.json)" != "$(jq .state_hash $folder/plain/r0002/manifest.json)" ]
}
ok "replications have common random numbers" seeds

two="plain.cfg ads.cfg --metric watch_hours --out two"
resumed() {
    # shellcheck disable=SC2086
    compare $two --replications 2 && compare $two --replications 4 && cp two/comparison.csv whole.csv &&
        rm -r two/ads/r0002 two/comparison.csv && compare $two --replications 4 &&
        prints "8 runs, 7 of them found there" && cmp two/comparison.csv whole.csv
}
ok "the same command goes on" resumed
failed() {
    rm -r two/ads/r0001 && mkdir two/ads/r0001 &&
        printf 'exit 1\nseed 1\nreplicate 1\nthe disk was full\n' >two/ads/r0001/failed
    # shellcheck disable=SC2086
    code 1 "$program" compare $two --replications 4 && says "1 run failed and is left out: see two/failures.csv" &&
        prints 'failed: ads, replication 1, seed 1: the disk was full' &&
        grep -q '^"ads",1,1,1,"the disk was full"' two/failures.csv &&
        [ "$(value two/comparison.json watch_hours ads replications)" -eq 3 ]
}
ok "a failed replication is recorded with its seed, the rest go on" failed
again() {
    # shellcheck disable=SC2086
    compare $two --replications 4 --failed && cmp two/comparison.csv whole.csv && [ ! -e two/failures.csv ]
}
ok "--failed tries it again" again
other() {
    code 2 "$program" compare plain.cfg twin.cfg --out two && says "another comparison is there" &&
        code 2 "$program" compare plain.cfg ads.cfg --seed 2 --out two && says "--force replaces it" &&
        mkdir mine && code 2 "$program" compare plain.cfg ads.cfg --out mine && says "was not left by a comparison"
}
ok "another comparison's folder is not touched" other
edited() { # an arm that changes while it runs
    "$program" compare plain.cfg ads.cfg --metric watch_hours --replications 4 --jobs 1 --no-plots --quiet --out edited >out 2>err &
    local child=$! found=0
    while [ ! -e edited/plain/r0000 ] && kill -0 "$child" 2>/dev/null; do sleep 0.02; done
    cp ads.cfg kept.cfg && sed -i 's/load = 0.16/load = 0.3/' ads.cfg
    wait "$child" || found=$?
    # shellcheck disable=SC2086
    code 2 "$program" compare $two --replications 4 --out edited && says 'ads: was begun with "platform.ads.load": 0.16, now it is 0.3' &&
        says "put that back to go on" || found=1
    mv kept.cfg ads.cfg
    [ "$found" = 0 ] && cmp edited/replications.csv two/replications.csv
}
ok "an arm edited while it runs is compared as it was" edited
usage() {
    code 2 "$program" compare plain.cfg && says "usage: reelsim compare" &&
        code 2 "$program" compare plain.cfg bad.cfg && says "bad.cfg:3" &&
        code 2 "$program" compare plain.cfg ads.cfg --precision 2 && says "between 0 and 1" &&
        code 2 "$program" compare plain.cfg ads.cfg --baseline nobody && says "the arms are plain, ads" &&
        code 2 "$program" compare plain.cfg ads.cfg --worlds 2 --replications 2 && says "one of the two" &&
        code 2 "$program" compare plain.cfg ads.cfg --days 1 && says "no day is left to compare" &&
        code 2 "$program" compare plain.cfg ads.cfg --metric dua --replications 2 --out dua && says "did you mean dau? There are dau, " &&
        code 2 "$program" run plain.cfg --precision 0.1 && says "does not take --precision"
}
ok "what it will not do, it says" usage
precise() {
    compare plain.cfg twin.cfg --metric dau --precision 0.5 --replications 14 --baseline twin --out precise &&
        prints "Stopped at a precision of 0.5 in dau after 10 replications" && prints "Glynn"
}
ok "--precision stops when it is reached" precise
alone() {
    code 0 "$program" run plain.cfg --replications 3 --threads 1 && prints "over 3 replications" &&
        prints "95 % interval" && awk '/^metric /{ head = length($1 $2) ? index($0, "mean") + 4 : 0; next }
            head && NF { value = substr($0, 1, head - 1); if (value !~ /^[a-z_0-9]+ +[-0-9.e+]+$/) exit 1; seen++ }
            head && !NF { exit !seen }' out && [ -f output/plain-replications/plain/r0002/manifest.json ] &&
        jq -e 'all(.[]; .sd >= 0 and .mean_low <= .mean)' output/plain-replications/comparison.json >/dev/null
}
ok "run --replications" alone
# Videos from before the start are alike in all worlds, but for what became of them.
same_songs() {
    awk -F, 'FNR == 1 { next } NR == FNR { if ($5 < 0 && $5 != "") song[$1] = $2 $4 $5 $6 $7; next }
        $1 in song && $5 != "" { if (song[$1] != $2 $4 $5 $6 $7) exit 1; same++ } END { exit !(same > 5) }' \
        output/plain-worlds/plain/w000[02]/videos.csv
}
worlds() {
    code 0 "$program" run plain.cfg --worlds 3 --threads 1 --metric dau && prints "Same people, other luck" &&
        awk -F, 'NR > 1 { if (!($3 == 3 && $5 > 0 && $5 < 1 && $7 > 0 && $7 < 1)) exit 1; seen = seen $2 }
            END { exit seen != "creatorsvideos" }' output/plain-worlds/worlds.csv && same_songs &&
        [ "$(jq .replicate output/plain-worlds/plain/w0002/manifest.json)" -eq 0 ] &&
        [ "$(jq '.scenario["run.world"]' output/plain-worlds/plain/w0002/manifest.json)" -eq 2 ]
}
ok "--worlds: the same people, other luck" worlds
uncertain() {
    compare plain.cfg ads.cfg --uncertain --replications 4 --metric platform_profit --out plausible &&
        prints "Luck and assumptions" && prints "plausible worlds" && prints "chance alone" &&
        [ "$(head -1 plausible/assumptions.csv | cut -d, -f1-4)" = assumption,unit,low,high ] &&
        [ "$(wc -l <plausible/assumptions.csv)" -gt 40 ] &&
        cmp <(jq -S '.scenario | del(.["platform.ads.load"], .["run.name"])' plausible/plain/r0001/manifest.json) \
            <(jq -S '.scenario | del(.["platform.ads.load"], .["run.name"])' plausible/ads/r0001/manifest.json) &&
        ! cmp -s plausible/plain/r0001/series.csv plausible/plain/r0002/series.csv &&
        ! grep -q platform.ads.load plausible/assumptions.csv
}
ok "--uncertain: plausible worlds, the same in all arms" uncertain
made_again() {
    compare plain.cfg ads.cfg --replications 2 --metric watch_hours,dau --baseline ads --seed 5 \
        --set viewers.count=40 --set 'creators.topic="any"' --out "it's here" --quiet &&
        remakes "it's here" comparison.csv replications.csv || return 1
    code 0 "$program" run plain.cfg --worlds 2 --metric dau --threads 1 --out alone && remakes alone worlds.csv
}
ok "the page's command makes the comparison again" made_again
focal() { # a cohort's figure comes first where all arms have the cohort
    for arm in one two; do
        sed 's/count = 12;/cohorts = ( { name = "focal"; count = 4; }, { name = "rest"; count = 8; } );/' base.cfg >focal_$arm.cfg
    done
    echo 'revenue : { streams = ["ads"]; };' >>focal_two.cfg
    compare focal_one.cfg focal_two.cfg --replications 2 --json &&
        jq -e '.[0].metric == "focal.profit_hour" and (map(.metric) | index("dau")) and .[0].mean != null' out >/dev/null &&
        { ! command -v gnuplot >/dev/null || grep -q 'focal.profit_hour (CNY/h): difference to focal_one' output/compare-focal_one-focal_two/report.html; }
}
ok "of arms with focal creators, what an hour of their work brought" focal
interference() { # an experiment whose arms do not meet: all there is to see is that it is told
    {
        cat base.cfg
        echo 'experiment : { split = "viewer"; changes = ( { set = "platform.ads.load"; value = "0.5"; } ); };'
    } >split.cfg
    compare split.cfg --interference --replications 3 --json && cp out told.json &&
        cmp told.json output/split-interference/interference.json &&
        jq -e '.[] | select(.metric == "ad_impressions") | .unit == "viewer" and .split > 0 and .whole > 0 and
            .replications == 3 and (.interference - (.split - .whole) | fabs) < 1e-6 and
            .ci_low <= .interference and .interference <= .ci_high' told.json >/dev/null &&
        [ "$(jq '.scenario["experiment.share"]' output/split-interference/all_b/r0000/manifest.json)" = 1 ] &&
        compare split.cfg --interference --replications 3 && prints "9 runs, 9 of them found there" &&
        prints "Interference, a viewer and interval, over 3 replications"
}
ok "--interference: the split less what its twins differ by" interference
not_split() {
    code 2 "$program" compare plain.cfg --interference && says "experiment.split other than none"
}
ok "--interference asks for a split" not_split
