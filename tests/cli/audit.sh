#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SLOW
#
# The books of a run, added up again from its postings: they agree, for any number of threads and
# after a resume, and one micro-unit too many in any stream, of the postings or of the running
# totals, is found and named.
. tests/cli/lab.bash

cat >busy.cfg <<'END'
run : { days = 4; shards = 8; };
viewers : { count = 500; purse : { month = 600.0; };
    arrivals : { innovation = 0.02; market = 1000; }; };
creators : { count = 60; backlog_days = 4.0; boost = 1.0; review_days = 0.25; commercial = 0.9;
    life : { entry_rate = 0.5; exit_new = 0.9; exit_established = 0.9; }; };
measure : { panel = 50; sample = 50; interval = 0.25; };
growth : { channels = ["social_share", "paid_boost", "cross_platform"];
    paid_boost : { min_spend = 0.0; hours = 6.0; }; cross_platform : { adopt = 1.0; cost = 0.01; }; };
revenue : {
    streams = ["ads", "tips", "subscription", "creator_fund", "commerce", "course", "sponsor", "group_buy", "collectible", "elsewhere"];
    ads : { cpm = 100.0; min_followers = 0; min_views = 0; };
    tips : { rate = 0.01; };
    subscription : { rate = 0.02; period = 0.5; trial_days = 0.5; refund_days = 1; refund = 0.3; min_followers = 0; };
    creator_fund : { payout_days = 1; min_followers = 0; min_views = 0; };
    commerce : { click = 0.2; order = 0.2; hold_days = 1; returns = 0.3; min_followers = 0; };
    course : { offered = 1.0; page = 0.3; trial = 0.5; purchase = 0.3; completion = 0.1; refund = 0.5;
        refund_days = 1; min_followers = 0; };
    sponsor : { days = 1; min_followers = 0; };
    group_buy : { offered = 1.0; join = 0.2; threshold = 2; hours = 6.0; payout_days = 1; min_followers = 0; };
    collectible : { offered = 1.0; buy = 0.2; editions = 3; resale = 0.9; compliance = 0.9; royalty = 0.2;
        payout_days = 1; min_followers = 0; };
};
policy : { changes = ({ day = 2; set = "revenue.ads.creator_share"; value = "0.2"; }); };
END
run() { "$program" run busy.cfg --no-plots --quiet "$@"; }
earning="ads tips subscription creator_fund commerce course sponsor group_buy collectible elsewhere"
streams="$earning promotion serving income living"

# A new stream belongs into the world above.
ok "no stream is left out" eval \
    'diff <("$program" list stream | awk "NR > 1 { print \$1 }" | sort) <(tr " " "\n" <<<"$earning" | sort)'

agrees() { code 0 "$program" audit "$1" && prints "all agree"; }
ok "a run with all streams leaves books that agree" eval 'code 0 run --threads 1 --out one && agrees one'

# Rows, postings and checks as JSON; every check has compared something.
json() {
    code 0 "$program" audit one --json &&
        jq -e '(.differences | length) == 0 and .rows > 1000 and .postings > .rows
            and ([.checks[] | select(.values > 0 and .different == 0)] | length) == 7
            and ([.balance_micro[]] | add) == 0' out >/dev/null
}
ok "as JSON" json

# Every stream that the file is about has postings.
for stream in $streams; do
    ok "there are postings of $stream" eval "zstd -dcq one/money.csv.zst | grep -q ',$stream,'"
done

threads() { code 0 run --threads 3 --out three && same_tables one three && agrees three; }
ok "three threads leave the same bytes" threads

resumed() {
    for _ in 1 2 3 4 5 6; do
        local found=0
        if [ -e resumed.partial/checkpoint ]; then set -- --resume; fi
        run --threads 1 --out resumed --checkpoint every=3h "$@" >out 2>err &
        local child=$!
        sleep 0.2
        kill -s INT "$child" 2>/dev/null
        wait "$child" || found=$?
        [ "$found" = 0 ] && break
    done
    [ -e resumed ] || code 0 run --threads 1 --out resumed --resume || return 1
    same_tables one resumed && agrees resumed
}
ok "a run that was stopped again and again leaves the same bytes" resumed

# with FILE AWK: a copy of the run in `bent` whose FILE went through an awk program.
with() {
    rm -rf bent && cp -r one bent
    case $1 in
    *.zst) zstd -dcq "one/$1" | awk -F, -v OFS=, -v CONVFMT=%.0f "$2" | zstd -q >"bent/$1" ;;
    *) awk -F, -v OFS=, -v CONVFMT=%.0f "$2" "one/$1" >"bent/$1" ;;
    esac
    cmp -s "one/$1" "bent/$1" && echo "# nothing was planted in $1" && return 1
    return 0
}
finds() { code 1 "$program" audit bent && prints "$1" && prints "$2"; }

# One micro-unit more in the first posting of a stream.
for stream in $streams; do
    ok "one micro-unit in a posting of $stream is found" eval \
        "with money.csv.zst '\$3 == \"$stream\" && !n++ { \$6++ } { print }' &&
            finds '$stream, ' '(-1 micro-units)'"
done
# The same in the running totals: of the ledger, and of what each table keeps.
for stream in $streams; do
    ok "one micro-unit in the ledger of $stream is found" eval \
        "with ledger.csv '\$4 == \"$stream\" && !n++ { \$5++ } { print }' &&
            finds '$stream, ' '(+1 micro-units)'"
done
column() { head -1 "one/$1" | tr , '\n' | grep -nx "$2" | cut -d: -f1; }
bend() { # bend FILE COLUMN: its last micro-unit in the second row
    with "$1" 'NR == 3 { n = '"$(column "$1" "$2")"'; $n = sprintf("%.6f", $n + 0.000001) } { print }' &&
        finds "${3:-$2}" "(+1 micro-units)"
}
ok "one in a creator's balance is found" bend creators.csv balance "creators' balances"
for stream in $earning; do
    ok "one in a creator's income from $stream is found" bend creators.csv income_$stream $stream
    ok "one in an interval's revenue of $stream is found" bend series.csv revenue_$stream $stream
done
for channel in paid_boost cross_platform; do
    ok "one in a creator's spending on $channel is found" bend creators.csv spend_$channel $channel
done
for name in creator_income platform_income platform_profit fees refunds payable serving_cost creator_fund \
    promotion_income; do
    ok "one in an interval's $name is found" bend series.csv $name
done
ok "one in a purse is found" eval \
    "with purses.csv.zst 'NR == 5 { \$2++ } { print }' && finds \"viewers' purses\" '(+1 micro-units)'"
ok "a posting that is not there any more is found" eval \
    "with money.csv.zst '\$3 == \"tips\" && !n++ { next } { print }' && finds \"viewers' purses\" tips"
ok "a posting of another creator is found" eval \
    "with money.csv.zst '\$3 == \"tips\" && \$5 == \"creators\" && !n++ { \$10 += 100000 } { print }' &&
        finds \"creators' balances\" names"

# Ads by auction: what advertisers set aside is a posting, too.
cat >bids.cfg <<'END'
@include "busy.cfg"
run : { days = 2; };
revenue : { ads : { market = "auction"; segments = ({ value = 90.0; }, { value = 60.0; budget = 0.9; }); }; };
END
bids() { code 0 "$program" run bids.cfg --no-plots --quiet --threads 1 --out bids && agrees bids; }
ok "ads by auction leave books that agree" bids
set_aside() {
    rm -rf bent && cp -r bids bent
    zstd -dcq bids/money.csv.zst | awk -F, -v OFS=, -v CONVFMT=%.0f \
        '$4 == "outside" && $5 == "advertisers" && !n++ { $6++ } { print }' | zstd -q >bent/money.csv.zst
    ! cmp -s bids/money.csv.zst bent/money.csv.zst && finds "ads, outside to advertisers" "(-1 micro-units)"
}
ok "one micro-unit in what advertisers set aside is found" set_aside

# What is no such table is refused with its place.
refuses() { code 2 "$program" audit bent && says "$1" && says "$2"; }
ok "a damaged file is refused" eval \
    'rm -rf bent && cp -r one bent && printf "\377\377\377" |
        dd of=bent/money.csv.zst bs=1 seek=2000 conv=notrunc status=none && refuses bent/money.csv.zst :'
ok "a file that was cut short is refused" eval \
    'rm -rf bent && cp -r one bent && truncate -s -100 bent/money.csv.zst && refuses money.csv.zst "cut short"'
ok "an amount that is no number is refused" eval \
    'with money.csv.zst "NR == 7 { \$6 = \"1e3\" } { print }" && refuses money.csv.zst:7 amount_micro'
ok "an account that there is none of is refused" eval \
    'with ledger.csv "NR == 2 { \$2 = \"thieves\" } { print }" && refuses ledger.csv:2 thieves'
ok "a row that is too short is refused" eval \
    'with creators.csv "NR == 2 { print \"1,2\" } { print }" && refuses creators.csv:2 cells'
ok "time that goes back is refused" eval \
    'with money.csv.zst "NR == 2000 { \$1 = 0 } { print }" && refuses money.csv.zst:2000 window_ms'
ok "a creator who is there twice is refused" eval \
    'with creators.csv "NR == 2 { print } { print }" && refuses creators.csv "two rows"'
ok "a run without its postings is refused" eval \
    'code 0 run --set measure.money=false --days 1 --threads 1 --out none && code 2 "$program" audit none &&
        says purses.csv.zst && [ ! -e none/money.csv.zst ]'
ok "no folder is refused" eval 'code 2 "$program" audit nowhere && says creators.csv'
ok "no argument is refused" eval 'code 2 "$program" audit && says "usage: reelsim audit"'
