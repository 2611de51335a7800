#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Morris screening and Sobol indices of a sweep's axes: numbers, tables, kills, refusals.
. tests/cli/lab.bash

cat >tiny.cfg <<'END'
@include "small.cfg"
run : { days = 2; };
viewers : { count = 60; };
creators : { count = 10; };
measure : { warmup = 0.0; money = false; };
END
cat >s.cfg <<'END'
sweep : {
    scenario = "tiny.cfg";
    axes = ( { path = "viewers.count"; from = 20; to = 80; },
             { path = "measure.sample"; from = 10; to = 50; } );
};
END
sensitivity() { "$program" sensitivity s.cfg --jobs 2 --metric dau,watch_hours "$@"; }
index() { jq --arg a "$1" --arg m "$2" '.indices[] | select(.metric == "dau" and .axis == $a and
    .measure == $m) | .value' "$scratch/out"; }

morris() {
    code 0 sensitivity --points 4 --out m --json || return 1
    jq -e '.method == "morris" and .points == 12 and .done == 12 and (.indices | length) == 12 and
        (.indices | all(.rows == 4))' out >result || return 1
    # how many come a day is moved by how many there are, and not at all by what is measured
    [ "$(index measure.sample mu_star)" = 0 ] && [ "$(index measure.sample sigma)" = 0 ] &&
        awk "BEGIN { exit !($(index viewers.count mu_star) > 1) }" &&
        [ "$(wc -l <m/sensitivity.csv)" = 13 ] && [ -f m/report.html ]
}
ok "Morris: what moves a figure does, what does not is exactly 0" morris

made_again() {
    code 0 sensitivity --points 2 --seed 4 --out "s s" --quiet && remakes "s s" sensitivity.csv
}
ok "the page's command makes it again" made_again

killed() {
    kill_after 0.4 "$program" sensitivity s.cfg --jobs 1 --metric dau,watch_hours --points 4 \
        --out killed --no-plots --quiet
    code 0 sensitivity --points 4 --out killed --no-plots --quiet &&
        cmp m/sensitivity.csv killed/sensitivity.csv && [ ! -e killed/report.html ]
}
ok "killed (-9), the same command ends with the same table" killed

sobol() {
    code 0 sensitivity --method sobol --points 4 --out s --json --no-plots || return 1
    [ "$(index measure.sample total)" = 0 ] && [ "$(index measure.sample first)" = 0 ] &&
        jq -e '.points == 16' out >result
}
ok "Sobol: a setting that moves nothing has no share" sobol

refused() {
    code 2 sensitivity --method fast && says "must be morris or sobol" || return 1
    code 2 sensitivity --points 0 && says "--points" || return 1
    code 2 sensitivity --points 5 --out m && says "of other axes, points" || return 1
    code 2 "$program" sensitivity s.cfg --points 4 --out m --metric nonsense &&
        says "no trial has it" || return 1
    code 0 sensitivity --points 4 --dry-run && prints "= 12 trials" || return 1
    sed 's/axes =/where = [ "viewers.count < 50" ]; axes =/' s.cfg >w.cfg
    code 2 "$program" sensitivity w.cfg && says "leave the conditions out"
}
ok "what it cannot do is refused" refused
