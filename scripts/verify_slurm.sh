#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# verify_slurm.sh PROGRAM
#
# A real Slurm on this machine, four nodes that are four slurmd's on ports of their own, in a folder
# that is removed at the end. A sweep runs there as an array of four tasks while a node is killed
# (-9: daemon, job and trial) and the controller is, and is told to stop (TERM) once: its table must
# have the bytes of one that ran here alone. Needs root and slurmctld, slurmd, sbatch, munged; says
# so and ends with 77 where they are missing.
set -eu
export LC_ALL=C
program=$(realpath "$1")
for needed in slurmctld slurmd scontrol sbatch squeue munged jq; do
    command -v "$needed" >/dev/null || {
        echo "skipped: $needed is not there (Debian: slurmctld slurmd slurm-client munge jq)"
        exit 77
    }
done
[ "$(id -u)" = 0 ] || {
    echo "skipped: a Slurm of one's own needs root"
    exit 77
}
nodes=4 work=$(mktemp -d)
export SLURM_CONF=$work/slurm.conf
chmod 755 "$work"
mkdir -p "$work"/{munge,ctld,log}
chmod 711 "$work/munge"

# end_one PIDFILE NAME [SIGNAL]: only a process of that name that we started
end_one() {
    local pid
    [ -s "$1" ] || return 0
    pid=$(cat "$1")
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$2" ] || return 0
    kill "-${3:-TERM}" "$pid" 2>/dev/null || return 0
    for _ in $(seq 50); do
        kill -0 "$pid" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || :
}
ended() {
    local ids
    ids=$(timeout 20 squeue -h -o %A 2>/dev/null | sort -u) || ids=
    [ -z "$ids" ] || timeout 20 scancel $ids 2>/dev/null || :
    for n in $(seq $nodes); do end_one "$work/slurmd.n$n.pid" slurmd; done
    end_one "$work/slurmctld.pid" slurmctld
    end_one "$work/munge/munged.pid" munged
    [ -n "${KEEP:-}" ] && echo "kept: $work" || rm -rf "$work"
}
trap ended EXIT

port=$((20000 + $$ % 20000))
memory=$(awk '/MemTotal/ { printf "%d", $2 / 1024 * 0.8 }' /proc/meminfo)
{
    cat <<END
ClusterName=verify
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$port
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/munge.socket,cred_expire=5
CredType=cred/munge
StateSaveLocation=$work/ctld
SlurmdSpoolDir=$work/slurmd.%n
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.%n.pid
SlurmctldLogFile=$work/log/slurmctld.log
SlurmdLogFile=$work/log/slurmd.%n.log
SlurmdParameters=config_overrides
TmpFS=$work/tmp.%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$work/log/jobs.txt
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=0,sched_min_interval=0
SwitchType=switch/none
MailProg=/bin/true
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
MpiDefault=none
ReturnToService=2
KillWait=5
MinJobAge=3600
MaxArraySize=100
SlurmdTimeout=10
SlurmctldTimeout=10
InactiveLimit=0
Waittime=0
RequeueExit=3
END
    for n in $(seq $nodes); do
        echo "NodeName=n$n NodeAddr=127.0.0.1 NodeHostname=$(hostname -s) Port=$((port + n)) CPUs=1" \
            "RealMemory=$((memory / nodes)) State=UNKNOWN"
    done
    echo "PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO"
} >"$SLURM_CONF"
case $(slurmd -V) in *\ 2[0-2].*) groups=cgroup/v1 ;; *) groups=disabled ;; esac
echo "CgroupPlugin=$groups" >"$work/cgroup.conf"
(umask 077 && head -c 1024 /dev/urandom >"$work/munge/key")
munged --force --num-threads=2 --key-file="$work/munge/key" --socket="$work/munge/munge.socket" \
    --pid-file="$work/munge/munged.pid" --log-file="$work/munge/munged.log" \
    --seed-file="$work/munge/munged.seed"
controller() { slurmctld -f "$SLURM_CONF"; }
node() {
    mkdir -p "$work/slurmd.n$1" "$work/tmp.n$1"
    slurmd -N "n$1" -f "$SLURM_CONF"
}
# await SECONDS COMMAND...: until it succeeds
await() {
    local end=$(($(date +%s) + $1))
    shift
    until "$@"; do
        [ "$(date +%s)" -lt "$end" ] || {
            echo "too long: $*" >&2
            return 1
        }
        sleep 0.2
    done
}
controller
for n in $(seq $nodes); do node "$n"; done
up() { [ "$(timeout 10 sinfo -h -N -o %T 2>/dev/null | grep -c idle)" = $nodes ]; }
await 60 up

cd "$work"
cat >world.cfg <<'END'
run : { days = 30; shards = 8; };
viewers : { count = 2000; };
creators : { count = 200; backlog_days = 4.0; };
measure : { panel = 50; sample = 50; };
END
cat >s.cfg <<'END'
sweep : {
    scenario = "world.cfg"; replications = 3;
    axes = ( { path = "platform.ranker"; choices = [ "popular", "random" ]; },
             { path = "viewers.count"; from = 1000; to = 2000; steps = 4; } );
};
END
done_trials() { find array/trials -name manifest.json -path '*/trials/???/???/*-[0-9]/*' 2>/dev/null | wc -l; }
some_done() { [ "$(done_trials)" -ge "$1" ]; }
running() { [ -n "$(timeout 10 squeue -h -t R -w "$1" -o %A 2>/dev/null)" ]; }
# end_tree PID SIGNAL: it and its descendants
end_tree() {
    local child
    for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do end_tree "$child" "$2"; done
    kill "-$2" "$1" 2>/dev/null || :
}
# Processes of a node's tasks, by what Slurm wrote into their environment.
tasks_on() {
    local process
    for process in /proc/[0-9]*; do
        { tr '\0' '\n' <"$process/environ" | grep -qx "SLURM_CONF=$SLURM_CONF" || continue; } 2>/dev/null
        { tr '\0' '\n' <"$process/environ" | grep -qx "SLURMD_NODENAME=$1" || continue; } 2>/dev/null
        echo "${process#/proc/}"
    done
}
"$program" sweep s.cfg --out alone --jobs 1 --quiet
"$program" sweep s.cfg --out array --slurm --tasks 4 --stale 10
await 60 running n2
await 120 some_done 2

# The node: its daemon first, so that nobody tells the controller, then job and trial.
end_one slurmd.n2.pid slurmd KILL
lost=$(tasks_on n2)
[ -n "$lost" ]
for process in $lost; do end_tree "$process" KILL; done
echo "node n2 killed with $(echo $lost | wc -w) processes, $(done_trials) of 24 trials done"
sleep 3
end_one slurmctld.pid slurmctld KILL
echo "controller killed, $(done_trials) of 24 trials done"
sleep 2
controller
# One task is told to stop: exit code 3, which RequeueExit runs again.
await 60 running n3 || :
stopped=
for process in $(tasks_on n3); do
    tr '\0' ' ' <"/proc/$process/cmdline" 2>/dev/null | grep -q ' sweep .* --task ' || continue
    kill -TERM "$process" && stopped=$process
done
echo "task ${stopped:-(none ran)} on n3 stopped, $(done_trials) of 24 trials done"
sleep 15
node 2 || :
complete() { [ -e array/table.csv ]; }
quiet() { [ -z "$(timeout 10 squeue -h -t R,CG 2>/dev/null)" ]; }
await 300 complete
await 120 quiet
cmp alone/table.csv array/table.csv
cmp alone/design.csv array/design.csv
grep -c ' JobState=' log/jobs.txt | sed 's/$/ ends of tasks in the accounting:/'
grep -o 'JobState=[A-Z_]*' log/jobs.txt | sort | uniq -c
timeout 10 squeue -h -o '%i %T %r' || :
find array -name '*.claim*' | sed 's/^/left: /'
echo "array with a node, the controller and a task killed: the table of a sweep that ran alone"
