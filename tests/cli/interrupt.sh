#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SLOW
# A run that was stopped or killed at any moment goes on to the same bytes.
. tests/cli/lab.bash

cat >long.cfg <<'END'
@include "small.cfg"
run : { days = 12; };
viewers : { count = 800; };
creators : { count = 60; };
END
run() { "$program" run long.cfg --threads 1 --no-plots --quiet "$@"; }

start=$(date +%s%N)
ok "a run without a break" code 0 run --out whole
took=$((($(date +%s%N) - start) / 1000000)) # ms

# begin ARGUMENTS...: in the background; returns when it is under way.
begin() {
    "$program" run long.cfg --threads 1 --no-plots --quiet "$@" >out 2>err &
    child=$!
    while [ ! -e "$folder.partial/lock" ] && kill -0 "$child" 2>/dev/null; do sleep 0.01; done
}
# Returns when the first day is saved: eleven more are to come.
first_day() {
    while [ ! -e "$folder.partial/checkpoint" ] && kill -0 "$child" 2>/dev/null; do sleep 0.01; done
}
pause() { sleep "$(awk -v ms="$1" 'BEGIN { print ms / 1000 }')"; }

interrupted() {
    local signal=$1 found=0
    folder=$signal
    begin --out "$folder" --threads 2 --checkpoint every=1d
    first_day
    kill -s "$signal" "$child"
    wait "$child" || found=$?
    [ "$found" = 3 ] || { echo "# exit code $found" && return 1; }
    says "stopped at day" && says -- "--resume goes on" && [ -f "$folder.partial/checkpoint" ] &&
        [ ! -e "$folder" ] || return 1
    code 2 run --out "$folder" && says "an interrupted run is there" || return 1
    code 2 run --out "$folder" --resume --seed 5 && says 'begun with "run.seed": 1, now it is 5' ||
        return 1
    code 0 run --out "$folder" --resume --threads 1 && same_tables whole "$folder" &&
        same_manifest whole "$folder" && [ ! -e "$folder.partial" ]
}
ok "SIGINT: exit 3, kept, resumed to the same bytes" interrupted INT
ok "SIGTERM: the same" interrupted TERM

twice() {
    folder=twice
    begin --out twice
    local found=0
    for _ in 1 2 3; do
        pause $((took / 6))
        kill -s INT "$child" 2>/dev/null
        found=0
        wait "$child" || found=$?
        [ "$found" = 0 ] && break
        [ "$found" = 3 ] || return 1
        begin --out twice --resume
    done
    wait "$child" 2>/dev/null
    same_tables whole twice
}
ok "stopped several times" twice

# Killed at random moments until it gets through. Before the first checkpoint there is nothing to
# resume: it begins anew.
RANDOM=20
killed=0
survives() {
    local attempt how found
    folder=killed$1
    for attempt in $(seq 60); do
        how=
        [ -e "$folder.partial/checkpoint" ] && how=--resume
        begin --out "$folder" --checkpoint every=6h $how
        if [ "$attempt" -lt 5 ]; then
            pause $((RANDOM % (took / 2) + 10))
            kill -9 "$child" 2>/dev/null && killed=$((killed + 1))
        fi
        found=0
        { wait "$child"; } 2>/dev/null || found=$?
        [ "$found" = 0 ] && break
        [ "$found" = 137 ] || { cat err && return 1; }
        [ ! -e "$folder" ] || { echo "# half a folder under its final name" && return 1; }
    done
    same_tables whole "$folder" && same_manifest whole "$folder"
}
ok "killed at random moments, first time" survives 1
ok "killed at random moments, second time" survives 2
ok "killed at random moments, third time" survives 3
ok "it was killed indeed ($killed times)" [ "$killed" -ge 6 ]

damaged() {
    folder=damaged
    begin --out damaged --checkpoint every=1d
    first_day
    kill -s INT "$child"
    wait "$child"
    local file=damaged.partial/checkpoint
    local size at byte
    size=$(stat -c %s "$file")
    cp "$file" good
    for at in 20 1000 $((size / 2)) $((size - 4)); do
        cp good "$file"
        byte=$(od -An -tu1 -j "$at" -N 1 good) # turned over: no fixed byte is surely another one
        printf '%b' "\\x$(printf %02x $((byte ^ 255)))" |
            dd of="$file" bs=1 seek="$at" conv=notrunc status=none
        code 2 run --out damaged --resume && says "$file: " || return 1
        cp good "$file" && truncate -s "$at" "$file"
        code 2 run --out damaged --resume && says "$file: " || return 1
    done
    cp good "$file"
    code 0 run --out damaged --resume && same_tables whole damaged
}
ok "a damaged checkpoint is refused, a good one still works" damaged

nothing() { code 2 run --out fresh --resume && says "there is nothing to resume" && [ ! -e fresh.partial ]; }
ok "nothing to resume" nothing
