#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every command and option, and the exit code of each.
. tests/cli/lab.bash

run() { "$program" run --threads 1 "$@" --no-plots; }

# ------------------------------------------------------------------------------------- usage
no_command() { code 2 "$program" && says "reelsim run SCENARIO"; }
help() { code 0 "$program" --help && prints "reelsim run SCENARIO" && prints "--set PATH=VALUE"; }
version() { code 0 "$program" --version && prints "reelsim $(cat "$top/VERSION")"; }
unknown_command() {
    code 2 "$program" rum && says 'unknown command "rum", did you mean `run`?' &&
        code 2 "$program" small.cfg && says "did you mean \`reelsim run small.cfg\`?"
}
unknown_option() {
    code 2 "$program" run small.cfg --bogus && says "--bogus: there is no such option; see" &&
        code 2 "$program" run small.cfg --sede 4 && says "did you mean \`--seed\`?" &&
        code 2 "$program" run small.cfg --se 4 && says "--se: is the beginning of several options" &&
        code 2 "$program" run small.cfg -x && says "-x: there is no such option" &&
        code 2 "$program" run small.cfg --quiet=3 && says "--quiet=3: takes no value"
}
# One that would change nothing here.
others_option() {
    code 2 "$program" run small.cfg --cost && says "reelsim run does not take --cost (of check)" &&
        code 2 "$program" plot output --days 3 --json && says "plot does not take --days (of run " &&
        says "plot does not take --json" && code 2 "$program" explain --resume && says "(of run)" &&
        code 2 "$program" run small.cfg --day 3 && says "--day 3: is of the state that --from DIR names"
}
# Of two of one name the first would be found for all commands.
one_name() {
    [ -z "$(sed -n 's/^    X([A-Z_]*, "\([a-z-]*\)".*/\1/p; s/^    {"\([a-z-]*\)", [a-z]*_argument.*/\1/p' \
        "$top/src/cli/command.h" "$top/src/cli/main.c" | sort | uniq -d)" ]
}
other_files() {
    printf 'sweep : { scenario = "small.cfg"; };\n' >a_sweep.cfg
    code 2 "$program" sweep small.cfg && says "small.cfg: none of its settings is for this command" &&
        says "it is a file for \`reelsim run\`" && ! says "unknown setting" >/dev/null &&
        code 2 "$program" calibrate small.cfg && says "it is a file for \`reelsim run\`" &&
        code 2 "$program" run a_sweep.cfg && says "it is a file for \`reelsim sweep\`"
}
nowhere() { code 2 "$program" run small.cfg --out '' && says "--out: is empty" && [ ! -e .partial ]; }
no_scenario() { code 2 "$program" run && says "usage: reelsim run SCENARIO"; }
option_without_value() { code 2 "$program" run small.cfg --seed && says "--seed: needs a value"; }
full_stdout() { code 1 sh -c "'$program' explain >/dev/full"; }
ok "no command is told how to" no_command
ok "--help goes to stdout, exit 0" help
ok "--version" version
ok "unknown command" unknown_command
ok "unknown option" unknown_option
ok "an option of another command" others_option
ok "no two options have one name" one_name
ok "run without scenario" no_scenario
ok "a file for another command says so, in one line" other_files
ok "--out needs a name" nowhere
ok "option without its value" option_without_value
ok "a full stdout is a failure" full_stdout

# --------------------------------------------------------------------------------------- run
plain() {
    code 0 run small.cfg && prints "state hash" && prints "output/small" &&
        [ -f output/small/manifest.json ] && [ ! -e output/small.partial ] && [ ! -s err ]
}
again() { code 2 run small.cfg && says "--force replaces it"; }
forced() { code 0 run small.cfg --force --quiet && [ ! -s out ] && [ ! -s err ]; }
out() { code 0 run small.cfg --out elsewhere/deep/ && [ -f elsewhere/deep/series.csv ]; }
ok "run makes the folder of the scenario's name" plain
ok "a finished folder is not overwritten" again
ok "--force replaces it, --quiet says nothing" forced
ok "--out takes another folder" out
ok "the same scenario gives the same bytes" same_tables output/small elsewhere/deep
ok "and the same manifest but for times" same_manifest output/small elsewhere/deep

threads() { code 0 run small.cfg --threads 3 --out t3 && same_tables output/small t3; }
shuffled() { code 0 run small.cfg --shuffle-shards --out mixed && same_tables output/small mixed; }
seed() {
    code 0 run small.cfg --seed 2 --out s2 && ! cmp -s output/small/series.csv s2/series.csv &&
        [ "$(jq .seed s2/manifest.json)" = 2 ]
}
days() { code 0 run small.cfg --days 1 --out d1 && [ "$(wc -l <d1/series.csv)" = 2 ]; }
ok "three threads, same bytes" threads
ok "shards in another order, same bytes" shuffled
ok "--seed gives another run" seed
ok "--days ends it earlier" days

json() {
    code 0 run small.cfg --json --force && [ ! -s err ] &&
        [ "$(jq -s length out)" = 1 ] &&
        jq -e 'has("version") and has("git") and has("seed") and has("state_hash") and
            has("threads") and has("wall_s") and has("ns_per_impression_core") and
            has("bytes_per_viewer") and has("bytes_per_video") and
            .impressions > 1000 and .peak_rss_bytes > 1e6' out >result &&
        jq -e '.scenario["viewers.count"] == 200 and .scenario["run.name"] == "small" and
            (.scenario | length) > 150' out >result && cmp out output/small/manifest.json
}
ok "--json prints the manifest as its only stdout" json

sets() {
    code 0 run small.cfg --set viewers.count=300 --set 'creators.topic="any"' \
        --set viewers.count=350 --out set &&
        [ "$(jq '.scenario["viewers.count"]' set/manifest.json)" = 350 ]
}
set_list() {
    code 0 run small.cfg --set 'platform.retrievers=["explore"]' --out list &&
        [ "$(jq -c '.scenario["platform.retrievers"]' list/manifest.json)" = '["explore"]' ]
}
bad_sets() {
    code 2 run small.cfg --set viewers.cuont=3 --set viewers.count=none --set nonsense \
        --set platform.refresh=nan --set viewers.count=99999999999 --seed x --out never \
        --set 'creators.cohorts[0].count=9' &&
        says 'unknown setting `viewers.cuont` at command line, did you mean `viewers.count`?' &&
        says 'command line: viewers.count = "none", must be a whole number' &&
        says '`creators.cohorts[0].count` at command line: the scenario has no such group' &&
        says '--set nonsense: must be PATH=VALUE' &&
        says 'command line: platform.refresh' && says 'command line: run.seed' &&
        says 'viewers.count = 99999999999, must be in' && [ ! -e never ] &&
        [ ! -e never.partial ]
}
bad_threads() { code 2 run small.cfg --threads 0 && says "--threads 0: must be a whole number in"; }
bad_every() {
    code 2 run small.cfg --checkpoint daily && says "must be like every=1d" &&
        code 2 run small.cfg --checkpoint every=1e-9m && says "a minute at least"
}
bad_name() { code 2 run small.cfg --set run.name=../up && says 'run.name = "../up"'; }
include() {
    mkdir -p bases && mv small.cfg bases/ && printf '@include "bases/small.cfg"\nrun : { seed = 9; };\n' >over.cfg
    cp bases/small.cfg . && code 0 run over.cfg && [ "$(jq .seed output/over/manifest.json)" = 9 ] &&
        [ "$(jq '.scenario["viewers.count"]' output/over/manifest.json)" = 200 ]
}
ok "--set, the last one counts" sets
ok "--set of a list" set_list
ok "--set: all errors at once, nothing written" bad_sets
ok "--threads is checked" bad_threads
ok "--checkpoint is checked" bad_every
ok "a name is one folder" bad_name
ok "@include, relative to the file" include

policy() {
    printf '@include "small.cfg"\npolicy : { changes = ( { day = 1; set = "platform.ads.load"; value = "0.5"; } ); };\n' >dated.cfg
    code 0 run dated.cfg && cmp -s output/dated/series.csv output/small/series.csv && return 1
    [ "$(jq '.scenario["platform.ads.load"]' output/dated/manifest.json)" = "$("$program" explain platform.ads.load | awk '$1 == "default" { print $2 }')" ]
}
ok "the manifest has the scenario as it began, not as policy left it" policy

# --------------------------------------------------------------------- check, explain, list
check() { code 0 "$program" check small.cfg && prints "small.cfg is valid" && [ ! -s err ]; }
check_bad() {
    echo 'viewers : { cuont = 3; count = -1; };' >wrong.cfg
    code 2 "$program" check wrong.cfg && says "wrong.cfg:1" && says "did you mean" && says "= -1" &&
        [ ! -s out ]
}
ok "check of a valid scenario" check
ok "check of a wrong one" check_bad

explain() {
    code 0 "$program" explain revenue.ads.cpm && prints "type" && prints "allowed" &&
        prints "default" && prints "source" && prints "changes" && prints "moves"
}
explain_group() { code 0 "$program" explain revenue.ads && [ "$(wc -l <out)" -ge 3 ]; }
explain_all() { code 0 "$program" explain && [ "$(wc -l <out)" -gt 150 ]; }
explain_wrong() {
    code 2 "$program" explain revenu.ads.cpm && says 'did you mean `revenue.ads.cpm`?' && [ ! -s out ] &&
        code 2 "$program" explain item_kn && says "did you mean \`item_knn\`?"
}
# A member by its name: the ranker, the learner that has the parameters, and the recommender of `evaluate`.
explain_member() {
    code 0 "$program" explain mf && prints "ranker mf: matrix factorisation" &&
        prints "learner mf: " && prints "platform.learn.mf.video_rate" &&
        prints "recommender mf: " && prints "evaluate.mf.factors" && ! grep -q "^platform.refresh" out &&
        code 0 "$program" explain user_knn && prints "platform.rank.user_knn." &&
        code 2 "$program" explain mff && [ ! -s out ]
}
explain_now() { code 0 "$program" explain viewers.count small.cfg && prints "now        200" &&
    code 0 "$program" explain viewers small.cfg && grep -Eq "^viewers.count +200 .*\(default 20000\)$" out &&
    code 0 "$program" explain --full && ! grep -q "^  now" out; }
explain_full() {
    code 0 "$program" explain --full revenue.ads && prints "revenue.ads.cpm" && prints "  acts under" &&
        awk '/^[^ ]/ { here = $1 == "revenue.ads.cpm" } here' out | cmp - <("$program" explain revenue.ads.cpm)
}
ok "explain PATH" explain
ok "explain GROUP" explain_group
ok "explain --full GROUP: as PATH by PATH" explain_full
ok "explain" explain_all
ok "explain NAME of a member" explain_member
ok "explain of a misspelt path suggests" explain_wrong
ok "explain PATH SCENARIO shows its value" explain_now

list() { code 0 "$program" list && prints "ranker" && prints "popular" && prints "stream"; }
list_kind() { code 0 "$program" list ranker && prints "mf" && ! grep -q "^stream" out; }
list_kinds() { # in the plural, too
    code 0 "$program" list rankers && prints "long_term" && ! grep -q "^stream" out &&
        code 0 "$program" list strategies && prints "imitate_top"
}
list_wrong() { code 2 "$program" list rank && says 'unknown kind "rank", must be one of'; }
ok "list" list
ok "list KIND" list_kind
ok "list KINDS" list_kinds
ok "list of an unknown kind" list_wrong
