#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The same bits on other CPUs: state hashes of the engine's models and of a run, again with libm's
# FMA and AVX2 variants masked (GLIBC_TUNABLES) and with our own kernels on their baseline code.
set -u
reelsim=${REELSIM:-./reelsim}
scenario=scenarios/01_quickstart.cfg
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The names are those of glibc 2.33 and later; older ones say AVX2_Usable. Unknown ones are
# passed over in silence, so both may stand in one list.
mask="glibc.cpu.hwcaps=-FMA,-AVX2,-FMA_Usable,-AVX2_Usable"

hash_of() { # hash_of COMMAND...: the state hashes that a command's JSON prints
    "$@" --json 2>"$work/err" | grep -o '"state_hash": *"[0-9a-f]*"' | tr -d ' \n'
}

# Last digits of libm's exp and log over many arguments.
libm_bits() {
    awk 'BEGIN { for (i = 1; i < 60000; i++) printf "%.17g %.17g\n", exp(-i / 977), log(i / 977) }' |
        cksum
}

phold() { hash_of "$reelsim" bench phold --lps 2048 --population 8 --duration 5 --repeats 1; }
mm1() { hash_of "$reelsim" bench mm1 --stations 512 --duration 40 --repeats 1; }
run() {
    rm -rf "$work/out"
    hash_of "$reelsim" run "$scenario" --set viewers.count=1500 --set creators.count=100 --days 3 \
        --threads 2 --no-plots --quiet --out "$work/out"
}

# same NAME COMMAND: one hash, whatever the CPU can do
same() {
    local name=$1 plain
    plain=$("$2")
    if [ -z "$plain" ]; then
        sed 's/^/# /' "$work/err"
        echo "not ok $name prints a hash"
        return
    fi
    if [ "$(GLIBC_TUNABLES=$mask "$2")" = "$plain" ]; then
        echo "ok $name without FMA and AVX2 in libm"
    else
        echo "not ok $name without FMA and AVX2 in libm"
    fi
    if [ "$(GLIBC_TUNABLES=$mask REELSIM_KERNELS=baseline "$2")" = "$plain" ]; then
        echo "ok $name on the baseline kernels"
    else
        echo "not ok $name on the baseline kernels"
    fi
}

# The masks must bite, or the rest proves nothing.
if ! grep -qw fma /proc/cpuinfo; then
    echo "ok the mask changes libm # SKIP this CPU has no FMA"
elif [ "$(libm_bits)" != "$(GLIBC_TUNABLES=$mask libm_bits)" ]; then
    echo "ok the mask changes libm"
else
    echo "not ok the mask changes libm"
fi
export mask
same "bench phold" phold
same "bench mm1" mm1
same "a run" run
