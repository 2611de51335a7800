#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SLOW
# One sweep shared by many processes: claims, and --slurm with an sbatch that starts the tasks as
# plain processes.
# shellcheck disable=SC2046 # lists of process numbers
. tests/cli/lab.bash

six_points
mkdir bin
cat >bin/scontrol <<'END'
#!/bin/bash
[ "$*" = "show config" ] && printf 'MaxJobCount = 10000\nMaxArraySize            = 41\n'
END
cat >bin/sbatch <<'END'
#!/bin/bash
[ "$1" = --parsable ] || exit 1
last=$(sed -n 's/^#SBATCH --array=0-\([0-9]*\).*/\1/p' "$2")
for task in $(seq 0 "$last"); do
    SLURM_ARRAY_TASK_ID=$task SLURM_RESTART_COUNT=0 setsid bash "$2" >"said.$task" 2>&1 &
    echo $! >"pid.$task"
done
echo "77;cluster"
END
chmod +x bin/*
PATH=$PWD/bin:$PATH
sweep() { "$program" sweep s.cfg --no-plots "$@"; }
left() { find "$1" -name '*.attempt-*' -o -name '*.claim*'; }
await_table() { # FOLDER
    for _ in $(seq 600); do
        [ -e "$1/table.csv" ] && return
        sleep 0.1
    done
    echo "# no table after a minute"
    return 1
}
ends_by_itself() { # FOLDER PIDS...: all are gone within 20 s, with nothing left over
    local folder=$1 pid
    shift
    for pid; do
        for _ in $(seq 200); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
    done
    [ -z "$(left "$folder")" ]
}
code 0 sweep --out whole --jobs 2 --quiet

two_at_once() {
    sweep --out two --jobs 1 >out.1 2>err.1 &
    local child=$!
    code 0 sweep --out two --jobs 1 && wait "$child" && cmp whole/table.csv two/table.csv &&
        cmp whole/design.csv two/design.csv && [ -z "$(left two)" ]
}
ok "two sweeps share one folder" two_at_once

# Of a node that cannot be asked: whose claim is young is left alone, whose is old is not.
foreign_claims() {
    mkdir -p foreign/trials/000/000
    echo "elsewhere 12" >foreign/trials/000/000/3-1.claim
    sweep --out foreign --jobs 2 --stale 3600 >out.1 2>err.1 &
    local child=$!
    sleep 0.1
    while [ "$(find foreign -name manifest.json -not -path "*.attempt-*" | wc -l)" -lt 11 ]; do sleep 0.1; done
    sleep 1
    kill -0 "$child" && [ ! -e foreign/trials/000/000/3-1 ] &&
        code 0 sweep --out foreign --status && prints "11 done, 0 failed, 1 to do (1 claimed)" ||
        return 1
    touch -d '2 hours ago' foreign/trials/000/000/3-1.claim
    wait "$child" && cmp whole/table.csv foreign/table.csv && [ -z "$(left foreign)" ]
}
mkdir -p foreign && cp whole/design.csv whole/sweep.json whole/scenario.json foreign
ok "a young claim of another node is waited for, an old one is taken over" foreign_claims

# Each with a heartbeat a quarter of a second.
beats() {
    sed 's/days = 2/days = 3000/' tiny.cfg >long.cfg
    sed 's/tiny/long/; /run.days/d' s.cfg >l.cfg
    "$program" sweep l.cfg --out beats --jobs 1 --stale 1 --only 0 >out.1 2>err.1 &
    local child=$! claim=beats/trials/000/000/0-0.claim before
    while [ ! -e "$claim" ] && kill -0 "$child"; do sleep 0.05; done
    grep -q "^[^ ]* $child\$" "$claim" || return 1
    before=$(stat -c %Y "$claim")
    touch -d '1 hour ago' "$claim"
    sleep 2
    [ -e "$claim" ] && [ "$(stat -c %Y "$claim")" -ge "$before" ]
    local found=$?
    kill -TERM "$child"
    wait "$child"
    [ $? = 3 ] && [ "$found" = 0 ] && [ -z "$(left beats)" ]
}
ok "a claim is touched while its trial runs; TERM: exit 3, nothing half left" beats

script() {
    code 0 sweep --out "a b" --slurm --tasks 40 --throttle 7 --dry-run --seed 5 --jobs 2 --threads 3 \
        --sbatch "--partition=short -A me" && [ ! -e "a b" ] && bash -n "$scratch/out" || return 1
    local line
    while IFS= read -r line; do
        grep -qxF -- "$line" "$scratch/out" || { echo "# no line $line" && return 1; }
    done <<END
#SBATCH --array=0-39%7
#SBATCH --cpus-per-task=6
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:TERM@60
#SBATCH --job-name=reelsim-a_b
#SBATCH --output="$PWD/a b/slurm/%A_%a.txt"
#SBATCH --partition=short -A me
END
    grep -q '^#SBATCH --time=[0-9]*$' "$scratch/out" && grep -q '^#SBATCH --mem=[0-9]*M$' "$scratch/out" &&
        prints "sweep s.cfg --set run.seed=5 --out 'a b' --jobs 2 --threads 3 --quiet --no-plots --task \"\$SLURM_ARRAY_TASK_ID/40\"" ||
        return 1
    code 0 sweep --out none --slurm --dry-run && grep -q -- '--array=0-0$' "$scratch/out" &&
        code 2 sweep --slurm --tasks 41 --dry-run && says "[1, 40]" && says "MaxArraySize" &&
        code 2 sweep --tasks 3 && code 2 sweep --slurm --status && code 2 sweep --task 4/4 &&
        code 2 sweep --out none --slurm --dry-run --sbatch $'a\nb'
}
ok "the script: array below MaxArraySize, throttle, time, memory, options passed through" script

array() {
    code 0 sweep --out shared --slurm --tasks 3 && prints "job 77: 3 tasks share 12 trials" &&
        await_table shared && ends_by_itself shared $(cat pid.*) && cmp whole/table.csv shared/table.csv &&
        [ ! -s said.0 ] && [ ! -s said.1 ] && [ ! -s said.2 ] &&
        code 0 sweep --out shared --slurm && prints "nothing is left to do"
}
ok "an array of three: one table, the bytes of a plain sweep's" array

killed() {
    code 0 sweep --out killed --slurm --tasks 3 --stale 5 || return 1
    while [ "$(find killed -name manifest.json | wc -l)" -lt 2 ]; do sleep 0.02; done
    kill -KILL "$(cat pid.1)" # the task; its trial dies with it
    SLURM_ARRAY_TASK_ID=0 bash killed/slurm/array.sh >twin 2>&1 || return 1 # a second copy
    await_table killed && ends_by_itself killed $(cat pid.*) && cmp whole/table.csv killed/table.csv
}
ok "a task killed (-9) and a second copy of another: the same table" killed

leftovers() {
    local place=dead/trials/000/000 host
    host=$(hostname | tr -- -/ __)
    cp -r whole dead && rm dead/table.csv && mkdir "$place/3-1.attempt-$host-1-1" &&
        echo "elsewhere 12" >"$place/2-0.claim" && echo "$host 1" >"$place/3-1.claim" &&
        code 0 sweep --out dead --jobs 1 --quiet && cmp whole/table.csv dead/table.csv &&
        [ -z "$(left dead)" ]
}
ok "who writes the table clears what killed ones left beside trials that are done" leftovers

# Two crews at every trial, as if neither saw the other's claims.
blind() {
    local other
    sweep --out blind --jobs 1 >out.1 2>err.1 &
    other=$!
    while kill -0 "$other" 2>/dev/null; do rm -f blind/trials/000/000/*.claim; sleep 0.02; done &
    sweep --out blind --jobs 1 >out.2 2>err.2 || return 1
    wait "$other" && wait && cmp whole/table.csv blind/table.csv && [ -z "$(left blind)" ]
}
ok "two copies of every trial: the first counts, the table is the same" blind

failing() {
    cat >f.cfg <<'END'
sweep : {
    scenario = "tiny.cfg"; name = "f";
    axes = ( { path = "run.shards"; values = [ 8, 9, 16 ]; } );
};
END
    code 0 "$program" sweep f.cfg --slurm --tasks 2 && await_table output/f &&
        ends_by_itself output/f $(cat pid.0 pid.1) && grep -q '^1,0,9,2,1,' output/f/failed.csv &&
        grep -q "1 trial failed" said.0 said.1 || return 1
    code 0 "$program" sweep f.cfg --slurm --failed --tasks 2 && prints "2 tasks share 1 trials" &&
        await_table output/f && ends_by_itself output/f $(cat pid.0 pid.1)
}
ok "trials that fail are recorded; --failed submits them again" failing

absent() {
    code 1 /usr/bin/env PATH=/nowhere "$program" sweep s.cfg --out absent --slurm --tasks 2 &&
        says "sbatch is not there" && bash -n absent/slurm/array.sh
}
ok "without sbatch the script is kept" absent
