#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The progress line: on a terminal only.
. tests/cli/lab.bash

pipe() { code 0 "$program" run small.cfg --no-plots --threads 1 --days 10 && [ ! -s err ] && ! grep -q $'\r' out; }
ok "no progress line in a pipe" pipe

if ! command -v script >/dev/null; then
    echo "ok progress line on a terminal # SKIP no script(1)"
    exit
fi
terminal() { env -u CI TERM=xterm script -qec "$program run small.cfg --no-plots --threads 1 --force --days 20 $*" typed </dev/null >/dev/null; }
shown() {
    terminal && grep -q $'\rday ' typed && grep -q "impressions/s" typed && grep -q "s left" typed &&
        grep -q "of 20" typed && [ -f output/small/manifest.json ]
}
ok "day, rate and time left on a terminal" shown
hidden() { terminal --quiet && ! grep -q "impressions/s" typed; }
ok "--quiet hides it" hidden
dumb() {
    TERM=dumb script -qec "$program run small.cfg --no-plots --threads 1 --force --days 20" typed </dev/null >/dev/null &&
        ! grep -q "impressions/s" typed
}
ok "a dumb terminal has none" dumb
