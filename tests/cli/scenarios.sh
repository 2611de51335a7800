#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SLOW
#
# The scenarios of the tree: each passes `check`, each numbered one runs, scaled down, and shows
# what its first lines promise against the one before it.
set -u
export LC_ALL=C
reelsim=${REELSIM:-./reelsim}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/scenarios.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
failed=0

verdict() { # NAME COMMAND...: the name is passed or not by what the command returns
    local name=$1
    shift
    if "$@"; then
        echo "ok $name"
    else
        echo "not ok $name"
        failed=1
    fi
}

# Sum of a column over the rows of a table, 0 when there is no such column:
# total TABLE COLUMN [KEY=VALUE]
total() {
    local match=${3-}
    awk -F, -v column="$2" -v key="${match%%=*}" -v value="${match#*=}" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        column in at && (key == "" || $at[key] == value) { sum += $at[column] }
        END { printf "%.9g\n", sum }' "$scratch/$1"
}

rows() { echo $(($(wc -l <"$scratch/$1") - 1)); }

holds() { # EXPRESSION of awk, figures in it; says what did not hold
    awk "BEGIN { exit !($1) }" && return
    echo "# does not hold: $1"
    return 1
}

# The people of real_audience.cfg are not in the tree (tests/cli/fit.sh makes some).
check_all() {
    local file
    for file in scenarios/*.cfg scenarios/*/*.cfg; do
        [[ $file == scenarios/sweeps/* ]] || verdict "check $file" quietly "$reelsim" check \
            "$file" --set run.population=drawn
    done
    for file in scenarios/sweeps/*.cfg; do
        verdict "check $file" quietly "$reelsim" sweep "$file" --status --out "$scratch/${file##*/}"
    done
}

# Each sweep whole, in a small world: every point runs, its page answers about its own figure.
sweep_all() { # FILE POINTS FIGURE SETTING...
    local name=$1 points=$2 figure=$3 setting more=()
    shift 3
    for setting; do more+=(--set "$setting"); done
    "$reelsim" sweep "scenarios/sweeps/$name.cfg" --out "$scratch/whole/$name" --days 2 --replications 1 \
        --jobs 2 --threads 1 --set measure.warmup=0 --set viewers.count=40 "${more[@]}" >"$scratch/said" 2>&1 &&
        grep -q "^$points points.* $points done, 0 failed" "$scratch/said" &&
        grep -q "^$figure is " "$scratch/said" && [ -s "$scratch/whole/$name/report.html" ] && return
    sed 's/^/# /' "$scratch/said"
    return 1
}

quietly() {
    "$@" >"$scratch/said" 2>&1 && return
    sed 's/^/# /' "$scratch/said"
    return 1
}

# Days are few, so creators review their plans daily; gates are open, so that shares are exact.
run_scaled() { # NUMBER FILE
    quietly "$reelsim" run "$2" --days 3 --threads 1 --quiet --no-plots --out "$scratch/$1" \
        --set viewers.count=1500 --set creators.count=75 --set creators.review_days=1 \
        --set measure.warmup=0 --set growth.cascades.silence=1 \
        --set revenue.ads.min_followers=0 --set revenue.ads.min_views=0 "${@:3}"
}

all_have_rows() { # NUMBER
    local table few=0
    for table in series videos creators cohorts; do
        (($(rows "$1/$table.csv") >= 3)) || { echo "# few rows in $table.csv"; few=1; }
    done
    return "$few"
}

run_all() {
    local file number more
    for file in scenarios/0[1-9]_*.cfg; do
        number=$(basename "$file") number=${number:0:2} more=()
        ((10#$number < 8)) || more=(--set "policy.changes[0].day=1")
        verdict "run $file" run_scaled "$number" "$file" "${more[@]}"
        verdict "$file leaves tables with rows" all_have_rows "$number"
    done
}

more_than() { # COLUMN A B: is it more in series of run A than in that of B?
    holds "$(total "$2/series.csv" "$1") > $(total "$3/series.csv" "$1")"
}

# Share of ads' money that creators had on a day of run 08: the gates are open.
creators_part() {
    awk -F, -v day="$1" '
        $1 == day && $4 == "ads" { all += $5; if ($3 == "creators") theirs += $5 }
        END { print all ? theirs / all : -1 }' "$scratch/08/ledger.csv"
}

unseen() { # videos of day 0 that next to nobody saw in three days, of run $1
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
             $at["published_day"] == 0 && $at["impressions"] < 20 { n++ }
             END { print n + 0 }' "$scratch/$1/videos.csv"
}

every_strategy_competes() {
    local name
    for name in $("$reelsim" list strategy | awk '/^  / { print $1 }'); do
        grep -q "strategy = \"$name\"" scenarios/creators/strategies.cfg || return 1
    done
}

check_all
verdict "every strategy has a cohort" every_strategy_competes
run_all

verdict "02 popular: views less equal" more_than gini_views 02 01
verdict "02 popular: viewers see more of the same" more_than homogenisation 02 01
verdict "02 popular: ranking further from taste" more_than ndcg_true 01 02
verdict "02 popular: no money" holds "$(total 02/series.csv creator_income) == 0"

verdict "03 cold start: guarantees are served" more_than impressions_cold_start 03 02
verdict "03 cold start: fewer new videos unseen" holds "$(unseen 03) < $(unseen 02)"
verdict "03 cold start: views more equal" more_than gini_views 02 03

verdict "04 ads: advertisers pay" more_than revenue_ads 04 03
verdict "04 ads: creators earn" more_than creator_income 04 03
verdict "04 ads: ranking nearer to taste again" more_than ndcg_true 04 03

verdict "05 tips: viewers pay" more_than revenue_tips 05 04
verdict "05 tips: creators earn more" more_than creator_income 05 04

verdict "06 sharing: friends watch" more_than impressions_shared 06 05
verdict "06 sharing: people come back" more_than dau 06 05
verdict "06 sharing: cascades have rows" test "$(rows 06/cascades.csv)" -gt 0

verdict "07 paid boost: paid impressions" more_than impressions_promoted 07 06
verdict "07 paid boost: creators pay" holds "$(total 07/creators.csv spend_paid_boost) > 0"
verdict "07 paid boost: videos tell" holds "$(total 07/videos.csv paid_impressions) > 0"

verdict "08 policy change: .45 before" holds "($(creators_part 0) - .45) ^ 2 < 1e-6"
verdict "08 policy change: .15 after" holds "($(creators_part 2) - .15) ^ 2 < 1e-6"

verdict "09 full: viewers arrive" more_than new_viewers 09 08
verdict "09 full: retention of cohorts" test "$(rows 09/retention.csv)" -gt 0
for source in content follow trending cold_start explore promoted shared; do
    verdict "09 full: impressions from $source" \
        holds "$(total 09/series.csv "impressions_$source") > 0"
done
for cohort in amateurs professionals sellers newcomers; do
    verdict "09 full: $cohort are watched" \
        holds "$(total 09/cohorts.csv impressions cohort=$cohort) > 0"
done
verdict "sweep ad_load_x_share" sweep_all ad_load_x_share 15 platform_income creators.count=10
verdict "sweep exploration_x_creators" sweep_all exploration_x_creators 25 watch_hours
verdict "sweep price_of_subscription" sweep_all price_of_subscription 6 focal.income "creators.cohorts[0].count=10"
verdict "sweep strategy_tournament" sweep_all strategy_tournament 25 few.income "creators.cohorts[0].count=10"
exit "$failed"
