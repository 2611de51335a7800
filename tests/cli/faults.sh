#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Disks that are full or read-only, a missing gnuplot: clear words, nothing half under a final name.
. tests/cli/lab.bash

run() { "$program" run small.cfg --threads 1 --no-plots "$@"; }

nothing_final() { [ ! -e output/small ] || { echo "# output/small is there" && return 1; }; }

limited() { (ulimit -f "$1" && shift && "$@"); }
file_limit() {
    code 1 limited 8 run && says "File too large" && says "output/small.partial" && nothing_final
}
ok "a file that may not grow" file_limit

checkpoint_limit() {
    rm -rf output
    code 1 limited 300 run --checkpoint every=6h && says "File too large" &&
        says "checkpoint" && nothing_final && [ ! -e output/small.partial/checkpoint.new ]
}
ok "a checkpoint that may not grow" checkpoint_limit

after_fault() { code 0 run --force && [ -f output/small/manifest.json ]; }
ok "after the fault the run can be begun anew" after_fault

in_the_way() {
    rm -rf output && echo precious >output
    code 1 run && says "output/small.partial: the folder cannot be made: Not a directory" &&
        [ "$(cat output)" = precious ] && rm output
}
ok "a file where the folder should be" in_the_way

foreign() {
    mkdir -p output/small && echo precious >output/small/letter
    code 2 run --force && says "is no run's folder" && [ "$(cat output/small/letter)" = precious ] &&
        [ ! -e output/small.partial ] && rm -r output
}
ok "a foreign folder is never removed" foreign

# Two writers: the second one is refused, the first one does not notice.
two() {
    "$program" run small.cfg --no-plots --quiet --days 30 &
    local first=$!
    while [ ! -e output/small.partial/series.csv ]; do
        kill -0 "$first" 2>/dev/null || return 1
        sleep 0.05
    done
    code 2 run --force
    local second=$?
    wait "$first" && [ "$second" = 0 ] && says "another process is writing there" &&
        [ -f output/small/manifest.json ]
}
rm -rf output
ok "one folder, one writer" two

# A small disk of its own, where the kernel lets us mount one.
on_disk() {
    unshare -rm sh -c 'mkdir -p disk && mount -t tmpfs -o "$0" none disk && cd disk && shift 0 &&
        "$@"' "$@"
}
if on_disk size=16k true 2>/dev/null; then
    full() { code 1 on_disk size=16k "$program" run ../small.cfg --no-plots && says "No space left on device"; }
    ok "a full disk" full
    tight() { # room for the tables, none for a checkpoint beside them
        code 1 on_disk size=400k "$program" run ../small.cfg --no-plots --checkpoint every=1h &&
            says "No space left on device"
    }
    ok "a disk that fills up with checkpoints" tight
    read_only() { code 1 on_disk ro "$program" run ../small.cfg --no-plots && says "Read-only file system"; }
    ok "a read-only disk" read_only
else
    for name in "a full disk" "a disk that fills up with checkpoints" "a read-only disk"; do
        echo "ok $name # SKIP no mount namespaces here"
    done
fi
if [ "$(id -u)" -ne 0 ]; then
    forbidden() { mkdir locked && chmod 500 locked && code 1 run --out locked/run && says "Permission denied"; }
    ok "a folder without permission" forbidden
else
    echo "ok a folder without permission # SKIP root may write anywhere"
fi

no_gnuplot() {
    rm -rf output
    mkdir -p bin && code 0 env PATH="$scratch/bin" "$program" run small.cfg && says "gnuplot" &&
        [ -f output/small/series.csv ] && [ -f output/small/manifest.json ]
}
ok "without gnuplot the tables stand alone, and it says so" no_gnuplot

no_scripts() {
    rm -rf output away && mkdir away && cp "$program" away/reelsim &&
        code 0 away/reelsim run small.cfg --threads 1 && says "the plot scripts are not with the program" &&
        ! grep -q "gnuplot is not installed" "$scratch/err" && [ -f output/small/series.csv ] &&
        grep -q "plot scripts are not with the program" output/small/report.html
}
if [ -e /usr/local/share/reelsim/plots ]; then
    echo "ok a program without its plot scripts says so # SKIP they are installed"
else
    ok "a program without its plot scripts says so, not that gnuplot is missing" no_scripts
fi

# Who calls gnuplot meets one that fails.
bad_gnuplot() {
    rm -rf output
    printf '#!/bin/sh\nexit 1\n' >bin/gnuplot && chmod +x bin/gnuplot &&
        code 1 env PATH="$scratch/bin:$PATH" "$program" run small.cfg --threads 1 &&
        says "gnuplot could not draw" && says "reelsim plot output/small" &&
        [ -f output/small/manifest.json ] && [ ! -e output/small.partial ] &&
        [ ! -e output/small/lock ]
}
ok "a gnuplot that fails costs the run no more than its pictures" bad_gnuplot

deaf() {
    rm -rf output
    printf '#!/bin/sh\nexit 0\n' >bin/gnuplot &&
        code 0 env --ignore-signal=CHLD PATH="$scratch/bin:$PATH" "$program" run small.cfg --threads 1
}
ok "under a parent that ignores how children end it is known how gnuplot did" deaf

unknown_format() {
    rm -rf output
    code 2 "$program" run small.cfg --threads 1 --format png,jpg && [ ! -e output ] &&
        says "--format png,jpg: must be png, svg, pdf" &&
        code 2 "$program" compare small.cfg small.cfg --format jpg && [ ! -e output ]
}
ok "an unknown format is refused before the work" unknown_format
