#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `reelsim compare --from`: arms that part from one kept state.
. tests/cli/lab.bash

cat >world.cfg <<'END'
run : { days = 4; shards = 4; };
viewers : { count = 120; };
creators : { count = 16; backlog_days = 4.0; };
measure : { panel = 20; sample = 20; warmup = 1; money = false; };
platform : { ads : { load = 0.1; }; };
policy : { changes = ( { day = 1.0; set = "revenue.ads.cpm"; value = "9"; } ); };
END
: >same.cfg                                           # nothing changes
echo 'platform : { ads : { load = 0.3; }; };' >ads.cfg # one thing does
sed 's/load = 0.1/load = 0.2/; s/^run : {/& name = "whole";/' world.cfg >full.cfg # a whole scenario
compare() { code 0 "$program" compare "$@" --threads 1 --no-plots; }
run() { code 0 "$program" run "$@" --threads 1 --no-plots --quiet; }
same_tables() { # A B: series, cohorts and state
    cmp "$1/series.csv" "$2/series.csv" && cmp "$1/cohorts.csv" "$2/cohorts.csv" &&
        [ "$(jq .state_hash "$1/manifest.json")" = "$(jq .state_hash "$2/manifest.json")" ]
}

arms() {
    run world.cfg --states every=1d --out past &&
        compare --from past --day 2 same.cfg ads.cfg full.cfg --replications 3 --metric platform_profit,dau --json \
            --out cmp && cp out cmp.json && jq -e 'map(.arm) | unique == ["ads", "same", "whole"]' cmp.json >/dev/null
}
ok "arms are the files" arms
bytes() {
    run --from past --day 2 --set platform.ads.load=0.3 --out one && same_tables one cmp/ads/r0000 &&
        run --from past --day 2 --set platform.ads.load=0.2 --set run.world=2 --out two &&
        same_tables two cmp/whole/r0002 && same_tables past cmp/same/r0000
}
ok "an arm's run is the branch with its settings, to the byte; without any the run itself" bytes
luck() {
    ! cmp -s cmp/same/r0000/series.csv cmp/same/r0001/series.csv &&
        cmp <(head -3 cmp/same/r0000/series.csv) <(head -3 cmp/ads/r0001/series.csv) &&
        [ "$(jq '.scenario["run.world"]' cmp/ads/r0001/manifest.json)" = 1 ] &&
        [ "$(jq '.seed, .replicate' cmp/ads/r0001/manifest.json | tr '\n' ' ')" = "1 0 " ]
}
ok "one past, other luck from the day on" luck
figures() { # from the day on, not from the warm-up's end
    local wanted
    wanted=$(awk -F, 'NR == 1 { for (c = 1; c <= NF; c++) if ($c == "dau") at = c; next }
        $1 >= 2 { s += $at; n++ } END { printf "%.6g", s / n }' cmp/ads/r0001/series.csv)
    [ "$(awk -F, '$1 == "dau" && $2 == "ads" && $3 == 1 { printf "%.6g", $4 }' cmp/replications.csv)" = "$wanted" ] &&
        jq -e '.[] | select(.arm == "ads" and .metric == "platform_profit") | .difference > 0' cmp.json >/dev/null &&
        compare --from past --day 2 same.cfg ads.cfg full.cfg --replications 3 --metric dau --out cmp &&
        prints "Luck after day 2 only" && prints "9 runs, 9 of them found there"
}
ok "figures count from the day on" figures
set_for_all() {
    compare --from past/states/day_0003 same.cfg ads.cfg --replications 2 --days 5 --set revenue.ads.cpm=20 --out set &&
        run --from past --day 3 --days 5 --set revenue.ads.cpm=20 --set run.world=1 --out three && same_tables three set/same/r0001
}
ok "--set and --days hold for all arms" set_for_all
refuses() {
    echo 'viewers : { count = 5; };' >people.cfg
    echo 'creators : { cohorts = ( { count = 3; } ); };' >cohort.cfg
    code 2 "$program" compare --from past --day 2 same.cfg people.cfg && says "people.cfg: viewers.count=5: " &&
        says "is read once at the start" && [ ! -e output ] &&
        code 2 "$program" compare --from past --day 2 same.cfg cohort.cfg && says "has no such group" &&
        code 2 "$program" compare --from past --day 9 same.cfg ads.cfg && says "nothing is left to run" &&
        code 2 "$program" compare --from nowhere same.cfg ads.cfg && says "no folder of a run" &&
        code 2 "$program" compare --from past same.cfg ads.cfg --worlds 2 && says "other luck already" &&
        code 2 "$program" compare --from past same.cfg ads.cfg --uncertain && says "no --uncertain" &&
        code 2 "$program" compare --from past --day 3 same.cfg ads.cfg full.cfg --replications 3 --out cmp &&
        says "another comparison is there"
}
ok "what no day may change is refused, with the file" refuses
replaced() { # a state that another run put there while the comparison goes on
    cp -r past past2 && compare --from past2 --day 2 same.cfg ads.cfg --replications 2 --metric dau --out cmp2 &&
        run world.cfg --set run.seed=7 --states every=1d --out other &&
        cp other/states/day_0002 past2/states/day_0002 && rm -r cmp2/ads/r0001 &&
        code 2 "$program" run --from past2/states/day_0002 --pinned cmp2/ads/scenario.json --set platform.ads.load=0.3 \
            --out r0001 && says "past2/states/day_0002 is another file than when this experiment began" &&
        [ ! -e r0001 ] &&
        code 2 "$program" compare --from past2 --day 2 same.cfg ads.cfg --replications 2 --metric dau --out cmp2 &&
        says "ads: past2/states/day_0002 has changed since" &&
        cp past/states/day_0002 past2/states/day_0002 &&
        compare --from past2 --day 2 same.cfg ads.cfg --replications 2 --metric dau --out cmp2
}
ok "a state that was replaced is not used" replaced
