#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `reelsim advise`: which streams, and where to promote?
. tests/cli/lab.bash

question="--topic programming --followers 900 --hours 10"
tiny="--set viewers.count=60 --set run.shards=4 --days 8 --threads 1 --no-plots"
advise() { # shellcheck disable=SC2086
    code 0 "$program" advise $question $tiny "$@"
}

answers() {
    advise --replications 2 --out one --jobs 1 && prints "36 runs of 60 viewers for 8 days" &&
        prints "on 1 free core (" &&
        prints "How to earn" && prints "Where to promote" && prints "How far to trust it" &&
        grep -Eq '^[a-z_]+ brought most in the model world|^No arm earned anything' out
}
ok "an answer in words" answers
valid() {
    local file files=0
    for file in one/scenarios/*.cfg; do
        "$program" check "$file" >/dev/null 2>err || return 1
        files=$((files + 1))
    done
    [ "$files" -eq 19 ] && grep -q 'followers = ' one/scenarios/ads_only.cfg
}
ok "the arms are valid scenarios" valid
json() {
    advise --replications 2 --out one --json && cp out one.json &&
        jq -e '.topic == "programming" and .followers == 900 and .hours == 10 and .scale == 150 and
            (.stages | length == 2) and .stages[0].stage == "streams" and .stages[1].stage == "promotion" and
            (.stages[0].arms | length == 10) and (.stages[1].arms | length == 8) and
            all(.stages[]; .best == .arms[0].arm and .replications == 2 and (.arms |
                all(has("profit_hour") and has("ci_low") and has("ci_high") and has("cvar5") and has("alike"))
                and (map(.profit_hour) == (map(.profit_hour) | sort | reverse))))' one.json >/dev/null
}
ok "--json has the fields, the best arm first" json
downside() { # of sixteen creators: the worst one's profit, by the hours of its run's eight
    local arm
    arm=$(jq -r '.stages[0].best' one.json)
    # shellcheck disable=SC2016
    awk -F, 'FNR == 1 { for (c = 1; c <= NF; c++) at[$c] = c; next }
             $at["cohort"] == "focal" { profit[FILENAME, ++n[FILENAME]] = $at["profit"]
                                        hours[FILENAME] += $at["hours_worked"] }
             END { worst = 1e9
                   for (k in profit) { split(k, run, SUBSEP); x = profit[k] / hours[run[1]] * n[run[1]]
                                       sum += x; all++; if (x < worst) worst = x }
                   printf "%.9f %.9f %d\n", worst, sum / all, all }' one/streams/"$arm"/r*/creators.csv >figures
    read -r worst mean all <figures
    [ "$all" -eq 16 ] && jq -e --argjson worst "$worst" --argjson mean "$mean" '.stages[0].arms[0] |
        (.cvar5 - $worst | fabs < 1e-6) and (.profit_hour - $mean | fabs < 1e-6)' one.json >/dev/null
}
ok "the downside is of the same days and the same profit as the mean" downside
unsure() { # drawn assumptions, the same in all arms
    advise --replications 2 --uncertain --out unsure --json && jq -e 'all(.stages[]; .replications == 2 and
            (.turned_round | type == "boolean") and (.assumptions | length > 0 and all(.wins_low_half >= 0))) and
            .stages[0].arms[0].wins > 0' out >/dev/null &&
        [ "$(wc -l <unsure/streams/assumptions.csv)" -gt 40 ] &&
        ! cmp -s unsure/streams/ads_only/r0000/series.csv one/streams/ads_only/r0000/series.csv
}
ok "--uncertain: which assumptions it hangs on" unsure
promoted() { # promotion is tried with the plan that earned most
    local best
    best=$(jq -r '.stages[0].best' one.json)
    grep -qF -- "$(grep -o 'streams = .*commercial = [0-9.]*' "one/scenarios/$best.cfg")" one/scenarios/paid_boost.cfg
}
ok "promotion goes with the best plan" promoted
jobs_alike() {
    advise --replications 2 --out two --jobs 2 --json && cmp out one.json
}
ok "the same answer with one job and two" jobs_alike
killed() {
    # shellcheck disable=SC2086
    "$program" advise $question $tiny --replications 2 --out killed --jobs 1 --json >/dev/null 2>&1 &
    local process=$! tries=0
    while [ ! -f killed/streams/tips_only/r0000/manifest.json ] && [ $tries -lt 600 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    kill -9 $process
    wait $process 2>/dev/null
    [ ! -f killed/promotion/comparison.json ] && advise --replications 2 --out killed --json && cmp out one.json
}
ok "killed, the same command goes on to the same answer" killed
other() {
    # shellcheck disable=SC2086
    code 2 "$program" advise --topic cooking --followers 900 --hours 10 $tiny --replications 2 --out one &&
        says "the answer to another question is there" && advise --replications 2 --out one --json && cmp out one.json
}
ok "the answer to another question is not overwritten" other
history() {
    cat >views.csv <<'END'
date;title;views
2026-01-01;"one; two";120
2026-01-04;three;80
2026-01-08;four;4000

2026-01-11T10:00;five;95
2026-01-15;six;110
2026-01-22;seven;150
END
    advise --replications 1 --views views.csv --out own && prints "6 videos: mean 759 views, median 115" &&
        prints "Taken from it: 1.67 videos a week" && grep -q 'videos_per_week = 1.6667' own/scenarios/ads_only.cfg &&
        prints 'skill is the usual one' && ! grep -q skill_sd own/scenarios/ads_only.cfg
}
ok "a history sets what it can" history
refused() { # LINE WORDS
    printf '%b' "$1" >bad.csv
    # shellcheck disable=SC2086
    code 2 "$program" advise $question $tiny --views bad.csv --out never && says "$2" && [ ! -e never ]
}
hostile() {
    refused '10\n20\nmany\n' 'bad.csv:3: "many": views must be a plain number' &&
        refused 'views\n10\n-1\n' 'bad.csv:3: "-1": views must lie in [0, 1e12]' &&
        refused '1\n1e300\n' 'bad.csv:2' && refused '1\nnan\n' 'bad.csv:2' && refused '1\ninf\n' 'bad.csv:2' &&
        refused '0x10\n5z\n' 'bad.csv:2' &&
        refused 'date,views\n2026-02-29,5\n' 'bad.csv:2: "2026-02-29": a date must be a day' &&
        refused 'date,views\n2026-01-01\n' 'bad.csv:2: "2026-01-01": this row has too few columns' &&
        refused 'title,plays\n1,2\n' 'of which one is `views`' && refused 'views\n"1\n' 'bad.csv:2' &&
        refused '1\n\00002\n' 'bad.csv:2: "": is no text' && refused '' 'holds no video' && refused 'views\n' 'holds no video' &&
        refused '1,234\n' 'bad.csv:1'
}
ok "a bad history is refused by its line" hostile
usage() {
    # shellcheck disable=SC2086
    code 2 "$program" advise --topic programing --followers 1 --hours 1 && says "there are cooking, fitness" &&
        says "did you mean programming?" && code 2 "$program" advise --topic music --followers -1 --hours 1 &&
        says "must be a number in [0, 1e+08]" && code 2 "$program" advise --topic music --followers 1 --hours 500 &&
        says "[0.1, 100]" && code 2 "$program" advise --topic music && says "usage: reelsim advise" &&
        code 2 "$program" compare small.cfg small.cfg --topic music && says "does not take --topic"
}
ok "what it will not do, it says" usage
