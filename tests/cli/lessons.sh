#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SLOW
#
# Every command of every lesson in docs/lessons runs, scaled down, and the first of each lesson
# shows what its "What to look for" says.
set -u
export LC_ALL=C
export REELSIM=${REELSIM:-./reelsim}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/lessons.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
export ARMS_OUT=$scratch
failed=0

verdict() { # NAME COMMAND...
    local name=$1
    shift
    if "$@"; then
        echo "ok $name"
    else
        echo "not ok $name"
        failed=1
    fi
}

# The commands of a lesson: what stands in its ```sh fences, continued lines joined, NUL after each.
commands() {
    awk '
        /^```/ { inside = ($0 == "```sh"); next }
        !inside || /^$/ { next }
        { text = text $0 }
        sub(/\\$/, " ", text) { next }
        { printf "%s%c", text, 0; text = "" }' "$1"
}

# Runs a command of a lesson for so many days; its table is left in TABLE.
run_command() { # DAYS TABLE COMMAND
    ARMS_OPTIONS="--days $1" bash -c "$3" >"$2" 2>"$scratch/said" && [[ -s $2 ]] && return
    sed 's/^/# /' "$scratch/said"
    return 1
}

# Figure of an arm in a table of arms.sh: at TABLE ARM COLUMN, rows and columns counted from 1.
at() {
    awk -v row="$(($2 + 1))" -v column="$(($3 + 1))" '
        NR == row { sub(/\+-.*/, "", $column); print $column }' "$scratch/$1"
}

holds() { # WHAT EXPRESSION of awk
    verdict "$1" awk "BEGIN { exit !($2) }"
}

run_lessons() {
    local lesson number n days command
    for lesson in docs/lessons/[1-5]_*.md; do
        number=$(basename "$lesson") number=${number%%_*} n=0
        while IFS= read -r -d '' command; do
            # The first command's figures are looked at; of the others only that they run.
            days=2
            ((n > 0)) || days=${first_days[number]}
            verdict "lesson $number, command $((n + 1)) runs" \
                run_command "$days" "$scratch/$number.$n" "$command"
            n=$((n + 1))
        done < <(commands "$lesson")
        verdict "lesson $number has a command and three exercises with theirs" test "$n" -ge 4
    done
}

first_days=([1]=6 [2]=6 [3]=7 [4]=24 [5]=40)
run_lessons

# Arms in the order of each lesson's first command; columns likewise.
holds "1: popularity ranking makes views less equal" \
    "$(at 1.0 3 1) > $(at 1.0 1 1) + .2 && $(at 1.0 3 1) > $(at 1.0 2 1) + .2"
holds "1: the top tenth of videos has more" "$(at 1.0 3 2) > 1.5 * $(at 1.0 2 2)"
holds "1: success is less predictable" "$(at 1.0 3 3) > 1.2 * $(at 1.0 2 3)"
holds "1: viewers see more of the same" "$(at 1.0 3 4) > 1.5 * $(at 1.0 2 4)"
holds "1: and less of what they would like" "$(at 1.0 3 5) < $(at 1.0 2 5)"

holds "2: a feed that follows taste covers topics less evenly" "$(at 2.0 2 1) < $(at 2.0 1 1)"
holds "2: but serves taste better" "$(at 2.0 2 3) > 2 * $(at 2.0 1 3)"
holds "2: and is watched longer" "$(at 2.0 2 4) > 1.2 * $(at 2.0 1 4)"
holds "2: diversity brings topics back" "$(at 2.0 4 1) > $(at 2.0 2 1) + .05"
holds "2: and costs watching" "$(at 2.0 4 4) < $(at 2.0 2 4)"

holds "3: without guarantees many new videos stay unseen" "$(at 3.0 1 1) > .25"
holds "3: with a hundred impressions next to none" "$(at 3.0 2 1) < $(at 3.0 1 1) / 3"
holds "3: views are more equal" "$(at 3.0 2 3) < $(at 3.0 1 3)"

holds "4: more ads, more revenue at first" "$(at 4.0 4 1) > 2 * $(at 4.0 1 1)"
holds "4: but far less than in proportion" "$(at 4.0 4 2) < .75 / .08 * .7 * $(at 4.0 1 2)"
holds "4: habit falls with each step" \
    "$(at 4.0 1 6) > $(at 4.0 2 6) && $(at 4.0 2 6) > $(at 4.0 3 6) && $(at 4.0 3 6) > $(at 4.0 4 6)"
holds "4: and goes on falling faster under more ads" \
    "$(at 4.0 4 6) / $(at 4.0 4 5) < $(at 4.0 1 6) / $(at 4.0 1 5)"

holds "5: what creators are paid follows the share" "$(at 5.0 3 1) > 10 * $(at 5.0 1 1)"
holds "5: a small share: fewer creators" "$(at 5.0 1 3) < $(at 5.0 2 3)"
holds "5: a large share: more" "$(at 5.0 3 3) > $(at 5.0 2 3)"
holds "5: and more videos" "$(at 5.0 3 4) > $(at 5.0 1 4)"
holds "5: the platform keeps less" "$(at 5.0 3 2) < $(at 5.0 2 2) && $(at 5.0 2 2) < $(at 5.0 1 2)"
exit "$failed"
