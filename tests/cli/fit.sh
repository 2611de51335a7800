#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `reelsim fit` on a small generated log, the world that starts from it, and its trace: 150 users of
# two tastes whose counts run from 20 to 320, 200 items whose popularity falls as 1 / rank, 25 authors.
. tests/cli/lab.bash

awk 'BEGIN {
    srand(3)
    print "user,item,value,time,author,like"
    for (u = 1; u <= 150; u++)
        for (n = int(20 * exp(2.77 * (u / 150) ^ 2)); n > 0; n--) {
            i = int(exp(rand() * log(201)))
            if (rand() < .7) i = i - i % 2 + u % 2
            printf "u%d,v%d,%d,%d,a%d,%d\n", u, i, 1 + int(5 * rand()),
                1700000000 + 86400 * int(60 * rand()) + 60 * (n % 20), i % 25, rand() < .1
        }
}' >log.csv
# Of 200 items a viewer remembers the last 50 to 100: here repeats are allowed, as they flatten much.
sed "s|../output/movielens|people|; s|\[\"no_repeats\"\]|[]|; s|candidates = 20|candidates = 10|" \
    "$top/scenarios/real_audience.cfg" >real.cfg
fit() { code 0 "$program" fit log.csv --threads 1 "$@"; }
real() { "$program" run real.cfg --threads 1 --no-plots --quiet "$@"; }

learnt() {
    fit --out people.audience --json && cp out learnt.json && [ ! -s err ] &&
        jq -e '.users == 150 and .items > 150 and .authors == 25 and .rows > 5000 and .days > 55 and
            .gini_items > .4 and .gini_users > .3 and .rows_user.p10 >= 20 and .sessions > 1000 and
            .act_rates.like > .08 and .act_rates.like < .12 and (.act_rates | length) == 1 and
            .gap_hours.p50 > 1 and .cosine_met > .1 + .cosine_other' out >/dev/null
}
ok "fit learns what the log was made with" learnt
words() { fit && prints "25 authors" && prints "a row: like 0.09" && prints "rows an item: Gini"; }
ok "and says it in words, without a file" words
threads() { code 0 "$program" fit log.csv --threads 3 --out p3 --quiet && [ ! -s out ] && cmp p3 people.audience; }
ok "the same file on 3 threads" threads
columns() {
    fit --columns user=user,item=item --out plain.audience --json &&
        jq -e '.authors == 0 and (.act_rates | length) == 0 and (has("sessions") | not)' out >/dev/null
}
ok "only the columns that --columns names" columns
folder() { fit --out deep/er/people.audience --quiet && cmp deep/er/people.audience people.audience; }
ok "--out makes its folder" folder
bad() {
    code 2 "$program" fit nowhere.csv --out no.audience && [ ! -e no.audience ] &&
        code 2 "$program" fit && code 2 "$program" fit log.csv --k 5 && says "fit does not take --k" &&
        code 2 "$program" fit log.csv --set evaluate.bpr.factors=32 && says "16 dimensions" &&
        { cat log.csv; echo "u1,v1,x,1,a,0"; } >bad.csv && code 2 "$program" fit bad.csv --strict --out no.audience &&
        [ ! -e no.audience ]
}
ok "bad input: exit 2, no file" bad
full() { code 1 "$program" fit log.csv --out /dev/full/x && says "/dev/full"; }
ok "a folder that cannot be made" full
setting() { fit --set fit.gap=1e6 --json && jq -e '.sessions == 150' out >/dev/null && code 0 "$program" explain fit.gap; }
ok "the silence that ends a session is a setting" setting

ran() { code 0 real --out run && jq -e '.viewers == 150 and .creators == 25 and has("audience_digest")' run/manifest.json >/dev/null; }
ok "a world of the log's people and videos" ran
near() { # near KEY: the simulated log's figure is within 10 % of the real one's
    jq -es --arg key "$1" 'map(.. | objects | select(has("gini_items"))) | (.[0] | getpath($key | split("."))) as $a |
        (.[1] | getpath($key | split("."))) as $b | $b > .9 * $a and $b < 1.1 * $a' real.json simulated.json >/dev/null
}
alike() {
    "$program" evaluate log.csv --algorithm popular --resamples 0 --json >real.json &&
        "$program" evaluate run/trace.csv --algorithm popular --resamples 0 --json >simulated.json &&
        near gini_items && near top10_items && near gini_users
}
ok "its log is spread over items and users like the real one" alike
again() {
    code 0 "$program" fit run/trace.csv --json --threads 1 && jq -e '.authors == 25 and .users == 150 and .act_rates.share >= 0' out >/dev/null
}
ok "fit reads the trace as it is" again
packed() {
    code 0 real --set measure.trace_packed=true --out packed && [ ! -e packed/trace.csv ] &&
        zstd -dcq packed/trace.csv.zst | cmp - run/trace.csv &&
        "$program" evaluate packed/trace.csv.zst --algorithm popular --resamples 0 --json >packed.json &&
        diff <(jq '.[0].log' simulated.json) <(jq '.[0].log' packed.json)
}
ok "the trace packed: the same rows" packed
cost() { # of people from a file, from short runs of some of them
    code 0 "$program" check real.cfg --cost --json &&
        jq -es '(.[0].impressions / .[1].impressions) as $r | $r > .8 and $r < 1.25 and
            (.[0].viewers / .[1].viewers - 1 | fabs) < .05' out run/manifest.json >/dev/null
}
ok "check --cost of people from a file" cost
drawn() { code 0 real --set run.population=drawn --days 1 --out drawn && jq -e '.viewers == 20000' drawn/manifest.json >/dev/null; }
ok "and the same scenario with drawn people" drawn

resumed() {
    local found=0
    "$program" run real.cfg --threads 2 --no-plots --quiet --out resumed --checkpoint every=2d >out 2>err &
    child=$!
    while [ ! -e resumed.partial/checkpoint ] && kill -0 "$child" 2>/dev/null; do sleep 0.01; done
    kill -s INT "$child"
    wait "$child" || found=$?
    [ "$found" = 3 ] || { echo "# exit code $found" && return 1; }
    cp people.audience kept && cp plain.audience people.audience
    code 2 real --out resumed --resume && says "sim.people"
    found=$?
    mv kept people.audience
    [ $found = 0 ] && code 0 real --out resumed --resume && same_tables run resumed && same_manifest run resumed
}
ok "interrupted: another audience is refused, the same one goes on to the same bytes" resumed
looked() {
    code 0 real --days 2 --states every=1d --out kept && rm -f gone && mv people.audience gone || return 1
    code 0 "$program" inspect kept viewer 3 --json
    local found=$?
    mv gone people.audience
    return $found
}
ok "inspect needs the state alone" looked
hashes() {
    for n in 2 3 8; do code 0 real --out "t$n" --threads $n && same_tables run "t$n" && same_manifest run "t$n" || return 1; done
}
ok "2, 3 and 8 threads, same bytes" hashes

hostile() {
    cp people.audience broken && printf 'x' | dd of=broken bs=1 seek=3000 conv=notrunc 2>/dev/null
    code 2 real --set run.audience=broken --out b && says "broken: " && [ ! -e b ] && [ ! -e b.partial ] &&
        code 2 real --set run.audience=nowhere --out b && says "reelsim fit LOG --out" &&
        code 2 real --set run.audience= --out b && says "needs run.audience" &&
        code 2 real --set run.audience=log.csv --out b && says "it is no audience file" && [ ! -e b.partial ] &&
        code 0 "$program" check real.cfg
}
ok "a damaged, missing or other file: exit 2, nothing begun" hostile
