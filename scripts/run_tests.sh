#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# run_tests.sh LOGS TEST...
#
# Runs cmocka programs and TAP-printing shell scripts (*.sh), JOBS at a time, from the folder it
# is called in. One line a test file, the whole log of each that failed, and last "N passed, N
# failed". A program that dies, or runs no test at all, counts as a failure. TEST_SECONDS (900) is
# the most that one file may take.
#
# As they run beside each other, programs take one thread where a test does not say how many: in a
# small world two spend four times the processor time of one on handing over.
set -u
export LC_ALL=C
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
logs=$1
shift

log_of() {
    local name=${1#"$logs"/}
    name=${name#tests/}
    echo "$logs/${name//\//.}.log"
}

# Prints "passed failed skipped" from a log and the exit code.
count() {
    awk -v code="$2" -v shell="$3" '
        shell && /^ok / { if (/# SKIP/) skipped++; else passed++ }
        shell && /^not ok / { failed++ }
        !shell && /^\[       OK \]/ { ok++ }
        !shell && /^\[==========\] .*test\(s\) run\./ { summaries++ }
        !shell && /^\[  PASSED  \]/ { passed += $4 }
        !shell && /^\[  (FAILED|SKIPPED)  ?\] .*test\(s\), listed below/ {
            for (i = 1; i <= NF; i++) if ($(i + 1) ~ /^test\(s\)/) n = $i
            if (/FAILED/) failed += n; else skipped += n
        }
        END {
            if (!shell && !summaries) passed = ok
            if (!failed && (code || passed + skipped == 0)) failed = 1
            print passed + 0, failed + 0, skipped + 0
        }' "$1"
}

run_one() {
    local log code=0 start end shell=0 counts passed failed skipped word scratch
    log=$(log_of "$1")
    [[ $1 == *.sh ]] && shell=1
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/reelsim-test.XXXXXX")
    start=$(date +%s%N)
    if ((shell)); then set -- bash "$1"; fi
    TMPDIR=$scratch timeout -k 5 "${TEST_SECONDS:-900}" "$@" >"$log" 2>&1 </dev/null || code=$?
    end=$(date +%s%N)
    rm -rf "$scratch"
    ((code == 124 || code == 137)) && echo "run_tests: stopped after time-out" >>"$log"
    counts=$(count "$log" "$code" "$shell")
    echo "$counts" >"$log.count"
    read -r passed failed skipped <<<"$counts"
    word=ok
    ((failed)) && word=FAIL
    printf '%-4s %6.1f s  %4d passed %s%s %s\n' "$word" "$(((end - start) / 100000000))e-1" \
        "$passed" "$( ((skipped)) && echo "$skipped skipped ")" \
        "$( ((failed)) && echo "$failed failed (exit $code) ")" "${@: -1}"
}

mkdir -p "$logs"
rm -f "$logs"/*.log "$logs"/*.log.count
export logs
export -f log_of count run_one
(($#)) && printf '%s\0' "$@" | xargs -0 -P "${JOBS:-2}" -I{} bash -c 'run_one "$1"' _ {}

passed=0 failed=0 skipped=0
for test; do
    log=$(log_of "$test")
    read -r p f s <"$log.count" || { p=0 f=1 s=0; }
    ((passed += p, failed += f, skipped += s))
    if ((f)); then
        printf '\n---- %s: %s\n' "$test" "$log"
        cat "$log"
    fi
done
((skipped)) && tail=", $skipped skipped" || tail=
echo "$passed passed, $failed failed$tail"
((failed == 0))
