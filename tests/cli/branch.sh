#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# reelsim run --from: several futures from one past. A branch is what its scenario would have been
# with a dated change: to the byte, tables and state.
set -u
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

check() { # check NAME COMMAND...
    local name=$1
    shift
    if "$@" >"$work/said" 2>&1; then echo "ok $name"; else
        echo "not ok $name"
        sed 's/^/# /' "$work/said"
    fi
}
refuses() { # refuses TEXT OPTION...: exit code 2, TEXT on stderr, nothing left behind
    local text=$1 code=0
    shift
    "$REELSIM" run "$@" --out refused --quiet --no-plots >stdout 2>stderr || code=$?
    cat stderr
    [ "$code" -eq 2 ] && grep -qF -- "$text" stderr && [ ! -e refused ] && [ ! -e refused.partial ]
}
run() { "$REELSIM" run "$@" --quiet --no-plots; }
hash_of() { jq -er .state_hash "$1/manifest.json"; }
same() { # same A B: tables and state
    diff -r -x manifest.json -x states "$1" "$2" && [ "$(hash_of "$1")" = "$(hash_of "$2")" ]
}
differ() { [ "$(hash_of "$1")" != "$(hash_of "$2")" ]; }
hours() { # hours A B: are the first two days of the series the same, and a later one not?
    cmp <(head -3 "$1/series.csv") <(head -3 "$2/series.csv") && ! cmp -s "$1/series.csv" "$2/series.csv"
}

cat >world.cfg <<'END'
run : { days = 4; shards = 8; };
viewers : { count = 400; };
creators : { hours = 20.0; strategy = "static"; # the first cohort's, too
             cohorts = ( { name = "some"; count = 25; }, { name = "busy"; count = 15; hours = 40.0; } ); };
measure : { panel = 20; sample = 20; };
growth : { channels = ["social_share", "paid_boost"]; };
revenue : { streams = ["ads", "tips", "subscription"]; };
policy : { changes = ( { day = 1.0; set = "revenue.ads.cpm"; value = "9"; } ); };
END
sed 's/value = "9"; }/&, { day = 2.001; set = "revenue.ads.cpm"; value = "40"; }/' world.cfg >dated.cfg

check "a run keeps its states" run world.cfg --states every=1d --out past
check "a branch begins from one of them" \
    run --from past --day 2 --set revenue.ads.cpm=40 --out branch
check "the same change, dated, in a run of its own" run dated.cfg --out dated
check "leaves the same tables and state" same branch dated
check "another than without the change" differ branch past
check "both have the same past" hours branch past
check "a branch without a change" run --from past/states/day_0002 --out same --threads 3
check "is the run itself" same same past
check "a longer future" run --from past --day 3 --days 6 --out longer
check "and the long run" run world.cfg --days 6 --out long
check "are the same" same longer long
check "other luck from there" run --from past --day 2 --set run.world=7 --out luck
check "has the same past" hours luck past
check "its books are right" "$REELSIM" audit luck
check "fewer tables" run --from past --day 2 --tables series --out few
check "are those that were asked for" test -e few/series.csv -a ! -e few/videos.csv

# A branch that is killed goes on as any run does.
"$REELSIM" run --from past --day 2 --set revenue.ads.cpm=40 --out killed --quiet --no-plots \
    --checkpoint every=30m &
for ((i = 0; i < 500; i++)); do [ -e killed.partial/checkpoint ] && break; sleep 0.01; done
kill -9 $!
wait $! 2>/dev/null
resume() {
    [ -e killed ] || run --from past --day 2 --set revenue.ads.cpm=40 --out killed --resume
}
check "a killed branch is resumed" resume
check "to the same bytes" same killed branch

check "what is read at the start is refused" \
    refuses "is read once at the start" --from past --day 2 --set viewers.count=5
check "a wrong value is refused" \
    refuses "revenue.ads.cpm" --from past --day 2 --set revenue.ads.cpm=-1
check "an unknown setting gets a hint" \
    refuses "did you mean" --from past --day 2 --set revenue.ads.cmp=1
check "a day that is not kept is refused" refuses "keeps no state" --from branch --day 2
check "a folder that is none is refused" refuses "no folder of a run" --from nowhere
check "a file that is no state is refused" refuses "it is no checkpoint" --from world.cfg
check "a branch without days is refused" refuses "nothing is left to run" --from past --day 4
check "a scenario beside it is refused" refuses "usage" world.cfg --from past
cut() { head -c 3000 past/states/day_0002 >short && refuses "" --from short; }
check "half a state is refused" cut
