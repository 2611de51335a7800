#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# verify.sh PROGRAM TESTS [DATA]
#
# What takes too long for `make check`, one part after another: each says its seconds, one that fails
# does not stop the others, and the last lines are a table of all. TESTS is the folder of the tests'
# logs. A part that lacks what it needs ends with 77: skipped. Without DATA the figures on real data
# are left out, and said to be. ONLY=REGEX picks parts.
set -u
export LC_ALL=C
program=$1 tests=$2 data=${3:-} only=${ONLY:-.}
unset ONLY # the parts know one of their own
here=$(dirname "$0")
table="" failed=0

part() { # part NAME COMMAND...
    local name=$1 began=$SECONDS code=0 word=ok
    shift
    [[ $name =~ $only ]] || return 0
    echo "---- $name"
    "$@" || code=$?
    case $code in
        0) ;;
        77) word=skipped ;;
        *) word=FAILED failed=$((failed + 1)) ;;
    esac
    printf -v line '%-9s %-7s %5d s' "$name" "$word" $((SECONDS - began))
    echo "$line"
    table+=$line$'\n'
}

part window "$here/verify_window.sh" "$program"
part kill "$here/verify_kill.sh" "$program"
part slurm "$here/verify_slurm.sh" "$program"
part check env TIMED=1 "$here/run_tests.sh" "$tests" tests/cli/check.sh
part room "$here/verify_room.sh" "$program"
part swaps "$here/verify_swaps.sh" "$program"
part inspect "$here/verify_inspect.sh" "$program"
if [ -n "$data" ]; then
    part data "$here/verify_data.sh" "$program" "$data"
else
    echo "---- data: no DATA=DIR: figures on real data were not looked at"
fi
part calibrate "$here/verify_calibrate.sh" "$program"

printf '\n%s%d s in all, %d parts failed\n' "$table" "$SECONDS" "$failed"
[ "$failed" -eq 0 ]
