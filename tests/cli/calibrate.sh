#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SLOW
# `reelsim calibrate`: parameters found again from a simulated world, kills, hostile files.
. tests/cli/lab.bash

cat >world.cfg <<'END'
run : { days = 2; shards = 4; };
viewers : { count = 120; };
creators : { count = 10; };
measure : { warmup = 0.0; money = false; panel = 20; sample = 20; };
END
targets() { # of a simulated world that no replication of the fit is
    code 0 "$program" run world.cfg --quiet --no-plots --threads 1 --out truth \
        --set viewers.rate=1.1 --set viewers.weibull.scale=1.3 --set run.replicate=1000 || return 1
    jq -r '.summary | "calibrate : { scenario = \"world.cfg\"; points = 24; replications = 6;
        set = [ \"viewers.satiation.gain = 0.1\" ];
        parameters = ( { path = \"viewers.rate\"; low = 0.4; high = 3.0; scale = \"log\"; },
                       { path = \"viewers.weibull.scale\"; low = 0.6; high = 2.4; scale = \"log\"; } );
        targets = ( { metric = \"dau\"; value = \(.dau); },
                    { metric = \"sessions\"; value = \(.sessions); },
                    { metric = \"play_7s_rate\"; value = \(.play_7s_rate); },
                    { metric = \"mean_watch_s\"; value = \(.mean_watch_s); } ); };"' \
        truth/manifest.json >t.cfg
}
calibrate() { "$program" calibrate t.cfg --jobs 2 "$@"; }

# One fit misses a 90 % interval now and then, so wider ones are asked for: four half widths.
recovers() {
    targets || return 1
    code 0 calibrate --out fit --json && cmp out fit/calibration.json || return 1
    jq -e 'def near($x): (.low < .fit) and (.fit < .high) and
               ($x > .fit - 2 * (.fit - .low)) and ($x < .fit + 2 * (.high - .fit));
        (.parameters[0] | near(1.1)) and (.parameters[1] | near(1.3)) and .points <= 24 and
        (.targets | all((.miss | fabs) < 4)) and
        .parameters[1].high < 2.4 and .parameters[1].low > 0.6' out >result ||
        { cat out; return 1; }
}
ok "it finds the parameters of a simulated world again" recovers

results() {
    [ "$(wc -l <fit/fit.csv)" = 7 ] && grep -q '^parameter,viewers.rate,' fit/fit.csv &&
        [ "$(command_of fit)" = "reelsim calibrate t.cfg --out fit --points 24 --replications 6" ] &&
        { ! command -v gnuplot >/dev/null || grep -q 'id="targets"' fit/report.html; } &&
        code 0 "$program" check fit/fitted.cfg &&
        code 0 "$program" run fit/fitted.cfg --quiet --no-plots --out fitted &&
        grep -q '^@include "../world.cfg"' fit/fitted.cfg && mkdir -p else && cp -r world.cfg fit else/ &&
        (cd / && code 0 "$program" check "$scratch/else/fit/fitted.cfg") &&
        [ "$(jq '.scenario."viewers.weibull.scale" > 0.6 and .scenario."viewers.count" == 120' \
            fitted/manifest.json)" = true ]
}
ok "table, page, and a scenario that runs" results

killed() {
    kill_after 2 "$program" calibrate t.cfg --jobs 2 --out killed --quiet --no-plots
    code 0 calibrate --out killed --quiet --no-plots && cmp fit/fit.csv killed/fit.csv &&
        code 0 calibrate --out fit --no-plots && prints " 0 runs, " # all is there
}
ok "killed (-9), the same command ends with the same fit" killed

bad() {
    cat >b.cfg <<'END'
calibrate : {
    scenario = "world.cfg";
    points = 17;
    parameters = ( { path = "viewers.rate"; low = 3.0; high = 0.4; },
                   { path = "viewers.rate"; low = -1.0; high = 1.0; scale = "log"; } );
    targets = ( { metric = "dau"; } );
};
END
    code 2 "$program" calibrate b.cfg && says "b.cfg:3: points must be at least 24" &&
        says "b.cfg:4: viewers.rate: low = 3, must be below high = 0.4" && says "b.cfg:5: there is a parameter" &&
        says "b.cfg:6: the target has no value" && says "1 targets cannot tell 2 parameters" || return 1
    sed 's/"viewers.rate"/"viewers.rte"/' t.cfg >c.cfg
    code 2 "$program" calibrate c.cfg && says "c.cfg:3" && says "viewers.rte" || return 1
    sed 's/"viewers.rate"/"platform.ranker"/' t.cfg >c.cfg
    code 2 "$program" calibrate c.cfg && says 'parameter `platform.ranker` is no number' || return 1
    sed 's/"dau"/"duo"/' t.cfg >c.cfg
    code 2 "$program" calibrate c.cfg --out fit --no-plots && says 'have no figure `duo`' || return 1
    code 2 calibrate --out fit --set viewers.count=99 && says "of another scenario" &&
        says 'fit: was begun with "viewers.count": ' && says "now it is 99" || return 1
    code 2 calibrate --points 9 && says "--points" && [ ! -e output ]
}
ok "bad files: all that is wrong, with lines" bad
