#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SLOW
# Sweeps: killed and gone on with, points that fail, hostile files, packs, plain commands.
. tests/cli/lab.bash

six_points
sweep() { "$program" sweep s.cfg --jobs 2 --no-plots "$@"; }
gather() { "$program" gather "$@" --quiet; }

whole() {
    code 0 sweep --out whole && prints "12 done, 0 failed, 0 to do" &&
        [ "$(wc -l <whole/design.csv)" = 7 ] && [ "$(wc -l <whole/failed.csv)" = 1 ] &&
        [ "$(ls whole/trials/000/000 | wc -l)" = 12 ] &&
        [ "$(ls whole/trials/000/000/3-1 | tr '\n' ' ')" = "cohorts.csv manifest.json series.csv " ] &&
        jq -e '.seed == 1 and .replicate == 1 and .days == 3 and
            .scenario."platform.ranker" == "random" and .scenario."viewers.count" == 60' \
            whole/trials/000/000/3-1/manifest.json >"$scratch/out"
}
ok "every point and replication has its folder, the design is written down" whole

wrong_options() {
    code 2 sweep --out never --jobs 0 && says "--jobs 0" && [ ! -e never ] &&
        code 2 sweep --out never --on-error perhaps && says "--on-error perhaps" && [ ! -e never ] &&
        code 2 sweep --out never --only 3,99 && says "must be points in [0, 5]" && [ ! -e never ] &&
        code 2 sweep --out never --only 99 --dry-run && says "--only 99: must be points"
}
ok "a wrong option is refused before anything is written" wrong_options

as_alone() {
    code 0 "$program" run tiny.cfg --days 3 --set platform.ranker=random --set viewers.count=60 \
        --set run.replicate=1 --no-plots --quiet --out alone &&
        cmp alone/series.csv whole/trials/000/000/3-1/series.csv
}
ok "a trial is what the plain run is" as_alone

killed() {
    for wait in 0.3 0.7 1.1; do
        kill_after "$wait" "$program" sweep s.cfg --jobs 2 --quiet --out killed
    done
    code 0 sweep --out killed --quiet || return 1
    cmp whole/table.csv killed/table.csv && cmp whole/design.csv killed/design.csv &&
        [ -z "$(find killed -name '*.attempt-*')" ]
}
ok "killed three times (-9), the same command ends with the same table" killed

interrupted() {
    "$program" sweep s.cfg --jobs 1 --out stopped >out 2>err &
    local child=$! found=0
    while [ ! -e stopped/trials/000/000/0-0 ] && kill -0 "$child" 2>/dev/null; do sleep 0.02; done
    kill -INT "$child"
    wait "$child" || found=$?
    [ "$found" = 3 ] && says "the same command goes on" && [ ! -e stopped/table.csv ] &&
        [ -z "$(find stopped -name '*.attempt-*')" ] || return 1
    code 0 sweep --out stopped && cmp whole/table.csv stopped/table.csv
}
ok "Ctrl-C: exit 3, nothing half left, the same command goes on" interrupted

# tiny.cfg, a file that it includes too, while a sweep is at it: its trials know only what it was.
edited() {
    "$program" sweep s.cfg --jobs 1 --no-plots --quiet --out edited >out 2>err &
    local child=$! found=0
    while [ ! -e edited/trials/000/000/0-0 ] && kill -0 "$child" 2>/dev/null; do sleep 0.02; done
    cp tiny.cfg kept.cfg && cp small.cfg kept_small.cfg && sed -i 's/sample = 50/sample = 20/' small.cfg &&
        echo 'platform : { ads : { load = 0.2; }; };' >>tiny.cfg
    wait "$child" || found=$?
    code 2 sweep --out edited && says 'edited: was begun with "platform.ads.load": 0.08, now it is 0.2' &&
        says '"measure.sample": 50, now it is 20' && says "put that back to go on" &&
        code 0 "$program" run tiny.cfg --days 3 --quiet --no-plots \
            --pinned edited/scenario.json --set platform.ranker=popular --set viewers.count=60 --out pinned &&
        cmp pinned/series.csv whole/trials/000/000/0-0/series.csv || found=1
    mv kept.cfg tiny.cfg && mv kept_small.cfg small.cfg
    [ "$found" = 0 ] && cmp whole/table.csv edited/table.csv && code 0 sweep --out edited &&
        code 2 sweep --out never --pinned edited/scenario.json && says "does not take --pinned"
}
ok "a scenario edited while it runs: trials have what it began with, then it is refused by name" edited

# A task of an array begins when the queue lets it: the sweep is what it was when it was begun, however
# scenario and sweep file have been edited since. Settings of its own are another experiment.
late_task() {
    local found=0
    code 0 sweep --out later --only 0 || return 1
    cp tiny.cfg kept.cfg && cp s.cfg kept_s.cfg && echo 'platform : { ads : { load = 0.2; }; };' >>tiny.cfg &&
        sed -i 's/days = 3/days = 4/; s/steps = 3/steps = 4/' s.cfg || found=1
    code 2 sweep --out later && code 0 sweep --out later --status && prints "2 done, 0 failed, 10 to do" &&
        code 2 sweep --out later --task 0/2 --set run.seed=9 && says '"run.seed": 1, now it is 9' &&
        code 0 sweep --out later --task 1/2 || found=1
    mv kept.cfg tiny.cfg && mv kept_s.cfg s.cfg
    [ "$found" = 0 ] && cmp whole/table.csv later/table.csv && code 0 sweep --out later
}
ok "a task that begins after an edit goes on with what the sweep was" late_task

only() {
    code 0 sweep --out some --only 1,4-5 && prints "6 done, 0 failed, 6 to do" &&
        [ "$(ls some/trials/000/000 | tr '\n' ' ')" = "1-0 1-1 4-0 4-1 5-0 5-1 " ] &&
        [ ! -e some/table.csv ] && code 0 sweep --out some --status --json &&
        jq -e '.done == 6 and .absent == 6' "$scratch/out" >/dev/null || return 1
    for list in 6 x 3-1 "1," -1 ""; do
        code 2 sweep --out some --only "$list" && says "--only" || return 1
    done
}
ok "--only points, --status from the folders" only

only_dry() { # counts and looks at the chosen alone
    code 0 sweep --out none --dry-run --only 1,4-5 && prints "3 points x 2 replications = 6 trials" &&
        [ ! -e none ] && code 2 sweep --dry-run --only 6 && says "--only 6: must be points in [0, 5]" &&
        code 2 sweep --dry-run --failed && says "--failed" &&
        code 0 sweep --dry-run --slurm --only 1,4-5 && prints "# 6 trials are shared"
}
ok "--dry-run --only counts the chosen" only_dry

commands() {
    code 0 sweep --out listed --list-commands && [ "$(wc -l <"$scratch/out")" = 12 ] &&
        cp "$scratch/out" commands && code 0 bash -e commands && code 0 sweep --out listed &&
        cmp whole/table.csv listed/table.csv &&
        code 0 sweep --out listed --list-commands && [ ! -s "$scratch/out" ]
}
ok "--list-commands: what plain runs leave is taken" commands

packed() {
    cp -r whole packed && code 0 gather packed --pack && [ "$(find packed -type f | wc -l)" = 6 ] &&
        gather packed >long && cmp whole/table.csv long &&
        [ "$(tar --zstd -tf packed/trials/000/000.tar.zst | wc -l)" = 36 ] &&
        code 0 sweep --out packed && prints "12 done, 0 failed, 0 to do" || return 1
    gather packed --wide >wide && gather whole --wide >wide2 && cmp wide wide2 &&
        [ "$(wc -l <wide)" = 13 ]
}
ok "a packed sweep is six files and gives the same tables" packed

database() { # the same rows as the table's, with the types that values have
    echo old >whole.db
    code 0 gather whole --sqlite whole.db && [ ! -e whole.db.new ] && [ ! -s "$scratch/out" ] || return 1
    sqlite3 -header -separator , whole.db 'SELECT point, replicate, "platform.ranker",
        "viewers.count", metric, CASE WHEN value IS NULL THEN "" ELSE printf("%.9g", value) END AS value
        FROM results ORDER BY rowid' >rows && cmp rows whole/table.csv || return 1
    [ "$(sqlite3 whole.db 'SELECT DISTINCT typeof(point), typeof(replicate), typeof("platform.ranker"),
        typeof("viewers.count"), typeof(metric) FROM results')" = "integer|integer|text|integer|text" ] &&
        [ "$(sqlite3 whole.db 'SELECT group_concat(DISTINCT typeof(value)) FROM results WHERE metric = "dau"')" = real ] &&
        code 0 gather whole --sqlite some/some.db --metric dau &&
        [ "$(sqlite3 some/some.db 'SELECT count(*) FROM results')" = 12 ] &&
        code 2 gather whole --sqlite w.db --wide && says "SELECT" && [ ! -e w.db ]
}
if ! command -v sqlite3 >/dev/null; then
    echo "ok gather --sqlite # SKIP sqlite3 is not installed"
elif ! "$program" gather whole --sqlite try.db --quiet 2>"$scratch/err" && says "built without SQLite"; then
    echo "ok gather --sqlite # SKIP built without SQLite"
else
    ok "gather --sqlite: the table as a database" database
fi

table_options() { # what would not be looked at is refused, a misspelt figure too
    code 2 gather whole --pack --metric dau && says "goes with no other option" &&
        code 2 gather whole --sqlite w.db --out w.csv && says "no --out" && [ ! -e w.db ] && [ ! -e w.csv ] &&
        code 2 gather whole --metric 'dau,wach_*' --out w.csv && says "--metric wach_*: no trial has it" &&
        [ ! -e w.csv ] && ls whole/trials/000/000 >/dev/null
}
ok "gather refuses what it would not look at" table_options

failing() {
    cat >f.cfg <<'END'
sweep : {
    scenario = "tiny.cfg"; name = "f";
    axes = ( { path = "run.shards"; values = [ 8, 9, 16 ]; } );
};
END
    code 1 "$program" sweep f.cfg && says "1 trial failed" && prints "2 done, 1 failed, 0 to do" &&
        grep -q '^1,0,9,2,1,' output/f/failed.csv && grep -q 'run.shards' output/f/failed.csv &&
        [ "$(cut -d, -f1 output/f/table.csv | sort -u | tr '\n' ' ')" = "0 2 point " ] || return 1
    code 1 "$program" sweep f.cfg --failed && prints "2 done, 1 failed" || return 1
    cp -r output/f packed_f && code 0 gather packed_f --pack && code 1 "$program" sweep f.cfg --out packed_f --failed &&
        says "1 of them are packed" || return 1
    code 1 "$program" sweep f.cfg --force --jobs 1 --on-error stop && says "run.shards" &&
        [ ! -e output/f/trials/000/000/2-0 ]
}
ok "a point that fails is recorded, the others go on; --on-error stop stops" failing

other() {
    code 2 sweep --out whole --days 2 && says "of another scenario or other settings" || return 1
    code 2 sweep --out whole --replications 3 && says "of other axes, points or conditions" || return 1
    code 2 "$program" gather . && says "is no sweep's folder"
}
ok "another sweep's folder is not mixed with" other

dry() {
    code 0 sweep --out none --dry-run && prints "6 points x 2 replications = 12 trials, 2 at a time" &&
        [ ! -e none ] && code 0 sweep --dry-run --json --out none &&
        jq -e '.trials == 12 and .core_s_per_trial > 0 and .bytes_per_trial > 1e6' "$scratch/out" >/dev/null
}
ok "--dry-run: number, time and memory, nothing written" dry

# Viewers and days are counted: 2, 6, 8 and 24 times 100 viewer days, 100 or 400 viewers who are
# made, 2 or 6 days whoever is there, a process. Without what a day takes by itself the mean would
# be the first of the least and the most; at most a half of the least is that. The longest is not shared.
sizes() {
    cat >sizes.cfg <<'END'
sweep : {
    scenario = "tiny.cfg";
    axes = ( { path = "viewers.count"; values = [ 100, 400 ]; }, { path = "run.days"; values = [ 2, 6 ]; } );
};
END
    code 0 "$program" sweep sizes.cfg --jobs 2 --threads 1 --dry-run --json &&
        jq -e '.points == 4 and .points_tried == 1 and .core_s_least > 0.06 and
            (.core_s_least - 0.06) as $l | (.core_s_most - 0.06) as $m | (.core_s_per_trial - 0.06) as $mean |
            $mean < (1.25 * $l + 0.3125 * $m) * 1.0001 and $mean > (1.0625 * $l + 0.3125 * $m) * 0.9999 and
            .wall_s >= .core_s_most * 0.9999' \
            "$scratch/out" >/dev/null
}
ok "--dry-run counts the viewers and days of each point" sizes

misfit() { # a value that cannot run is a trial that will fail; the others are forecast all the same
    cat >misfit.cfg <<'END' || return 1
sweep : { scenario = "tiny.cfg"; axes = ( { path = "run.shards"; values = [ 9, 16, 8 ]; } ); };
END
    code 0 "$program" sweep misfit.cfg --dry-run && prints "3 points x 1" &&
        prints "in short runs at 2 of the points" || return 1
    sed -i 's/16, 8/10/' misfit.cfg
    code 1 "$program" sweep misfit.cfg --dry-run && says "run.shards = "
}
ok "--dry-run passes over values that cannot run, unless none can" misfit

# Memory and time do not grow with the points: 100,000 of them are listed.
many() {
    cat >many.cfg <<'END'
sweep : {
    scenario = "tiny.cfg"; design = "latin_hypercube"; points = 100000;
    axes = ( { path = "revenue.ads.cpm"; from = 1; to = 20; scale = "log"; },
             { path = "viewers.count"; from = 100; to = 200; } );
};
END
    [ "$("$program" sweep many.cfg --out many --list-commands | wc -l)" = 100000 ] || return 1
    (ulimit -v 400000 && "$program" sweep many.cfg --out many --status >"$scratch/out") &&
        prints "100000 points" && [ "$(find many | wc -l)" = 4 ] &&
        code 0 "$program" sweep many.cfg --dry-run --json && jq -e '.points == 100000' "$scratch/out" >/dev/null
}
ok "a hundred thousand points" many

hostile() {
    local text
    while IFS= read -r text; do
        printf '%b' "$text" >h.cfg
        code 2 "$program" sweep h.cfg --out hostile && [ -s "$scratch/err" ] || {
            echo "# accepted: $text"
            return 1
        }
    done <<'END'

sweep
sweep : { scenario = "tiny.cfg"; };
sweep : { scenario = "tiny.cfg"; axes = (); };
sweep : { scenario = "tiny.cfg"; axes = 3; };
sweep : { scenario = "missing.cfg"; axes = ( { path = "run.days"; values = [1]; } ); };
sweep : { scenario = "h.cfg"; axes = ( { path = "run.days"; values = [1]; } ); };
sweep : { scenario = "tiny.cfg"; axes = ( { path = "run"; values = [1]; } ); };
sweep : { scenario = "tiny.cfg"; axes = ( { path = "run.days; rm"; values = [1]; } ); };
sweep : { scenario = "tiny.cfg"; axes = ( { path = "run.days"; values = [1e400]; } ); };
sweep : { scenario = "tiny.cfg"; axes = ( { path = "run.days"; values = []; } ); };
sweep : { scenario = "tiny.cfg"; axes = ( { path = "run.days"; from = 1; to = 3; steps = 1; } ); };
sweep : { scenario = "tiny.cfg"; points = 99999999999L; axes = ( { path = "run.days"; values = [1]; } ); };
sweep : { scenario = "tiny.cfg"; set = [ "run.dys=2" ]; axes = ( { path = "run.days"; values = [1]; } ); };
sweep : { scenario = "tiny.cfg"; where = [ "run.days < 0" ]; axes = ( { path = "run.days"; values = [1]; } ); };
sweep : { scenario = "tiny.cfg"; axes = ( { path = "viewers.count"; from = 1; to = 9000; steps = 9000; }, { path = "run.days"; from = 1; to = 3000; steps = 3000; } ); };
\0377\0376s\0000
END
    [ ! -e hostile ]
}
ok "hostile files are refused, nothing is written" hostile
