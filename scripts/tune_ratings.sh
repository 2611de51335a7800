#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# tune_ratings.sh PROGRAM DATA [ALGORITHM]
#
# How the defaults of mf and fm were chosen: RMSE on a fifth of the training rows of two of
# MovieLens-100K's canonical folds. Each fold's own test rows are taken out of the log first; they
# train and judge elsewhere, so one set of defaults for all five folds is not wholly blind. One setting after another is moved to the best of its values and stays there; the list
# goes round twice. Prints "RMSE ALGORITHM SETTINGS" for each trial, the best last.
# Takes some three minutes.
set -eu
export LC_ALL=C
program=$1 data=$2/ml-100k
scratch=$(mktemp -d "${TMPDIR:-/tmp}/reelsim-tune.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
for fold in 1 2; do
    awk 'NR == FNR { test[$1, $2]; next } !(($1, $2) in test)' "$data/u$fold.test" \
        "$data/u.data" >"$scratch/u$fold.base"
done

try() { # try ALGORITHM SETTING=VALUE...
    local algorithm=$1 settings=() fold
    shift
    for setting; do settings+=(--set "evaluate.$algorithm.$setting"); done
    for fold in 1 2; do
        "$program" evaluate "$scratch/u$fold.base" --columns user=0,item=1,value=2,time=3 \
            --split random --test-share 0.2 --seed 21 --algorithm "$algorithm" "${settings[@]}" \
            --resamples 0 --json --quiet --threads 1 | jq -r '.[0].rmse'
    done | awk -v words="$algorithm $*" '{ n++; sum += $1 } END { printf "%.5f %s\n", sum / n, words }'
}

tune() { # tune ALGORITHM NAME=START:VALUE,VALUE...
    local algorithm=$1 name values value chosen=() trial at
    shift
    for at; do chosen+=("${at%%:*}"); done
    try "$algorithm" "${chosen[@]}" | tee "$scratch/best"
    for _ in 1 2; do
        for ((at = 1; at <= $#; at++)); do
            name=${!at%%=*} values=${!at#*:}
            for value in ${values//,/ }; do
                trial=("${chosen[@]}")
                trial[at - 1]=$name=$value
                [ "${trial[*]}" = "${chosen[*]}" ] || try "$algorithm" "${trial[@]}"
            done | tee -a "$scratch/best"
            sort -n "$scratch/best" | head -1 >"$scratch/first"
            read -r -a chosen < <(cut -d ' ' -f 3- "$scratch/first")
        done
    done
    echo "best: $(cat "$scratch/first")"
}

wanted=${3:-mf fm}
# Twice the factors or half as many epochs more are worth .0003 and .0005 to mf: not their time.
case $wanted in *mf*)
    tune mf factors=100:50,100 epochs=100:60,100 rate=0.01:0.005,0.01,0.02 \
        decay=0.98:0.97,0.98,0.99 regularisation=0.1:0.08,0.1,0.12 \
        bias_regularisation=0.03:0.01,0.03,0.1 spread=0.05:0.02,0.05,0.1
    ;;
esac
case $wanted in *fm*)
    tune fm factors=50:20,50 epochs=50:30,50 rate=0.01:0.005,0.01,0.02 decay=0.98:0.96,0.98,1 \
        regularisation=0.08:0.06,0.08,0.1 bias_regularisation=0.03:0.01,0.03,0.1 \
        spread=0.03:0.01,0.03,0.05
    ;;
esac
