#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# tune_ranking.sh PROGRAM DATA [SEED]
#
# How the defaults of bpr, als and of the neighbours' score_neighbours were chosen: NDCG of lists of
# 10 on the validation rows of three divisions of MovieLens-100K (80/10/10 of each user's rows). Their
# own test rows are not looked at (--judge validation); other divisions test on some of the same 100,000
# rows. Prints "NDCG recall SETTINGS", the best last.
#
# With SEED, what such a choice is worth: the validation rows of that division alone choose, and the best is
# then judged on its test rows, once ("test NDCG recall SETTINGS"). Takes some five minutes.
set -eu
export LC_ALL=C
program=$1 log=$2/ml-100k/u.data
read -r -a divisions <<<"${3:-11 12 13}"

try() { # try JUDGE ALGORITHM SETTING=VALUE...
    local judge=$1 algorithm=$2 settings=()
    shift 2
    for setting; do settings+=(--set "evaluate.$algorithm.$setting"); done
    for seed in "${divisions[@]}"; do
        "$program" evaluate "$log" --split user --test-share 0.1 --validation 0.1 --judge "$judge" \
            --algorithm "$algorithm" --seed "$seed" "${settings[@]}" --resamples 0 --json --quiet \
            --threads 1 | jq -r '.[0] | [.ndcg, .recall] | @tsv'
    done | awk -v words="$algorithm $*" '{ n++; ndcg += $1; recall += $2 }
        END { printf "%.4f %.4f %s\n", ndcg / n, recall / n, words }'
}

bpr() {
    for regularisation in 0.005 0.01 0.02 0.03; do
        for rate in 0.05 0.1; do
            for epochs in 30 60 100; do
                try validation bpr decay=0.97 rate=$rate epochs=$epochs regularisation=$regularisation
            done
        done
    done
}
als() {
    for factors in 24 40 64; do
        for alpha in 1 2 4; do
            for regularisation in 5 10 20 30; do
                try validation als factors=$factors alpha=$alpha regularisation=$regularisation
            done
        done
    done
}
knn() {
    for count in 20 40 100 200 400 1000; do
        for shrinkage in 0 20 100; do try validation "$1" score_neighbours=$count shrinkage=$shrinkage; done
    done
}
item_knn() { knn item_knn; }
user_knn() { knn user_knn; }

for algorithm in bpr als item_knn user_knn; do
    trials=$("$algorithm" | sort -n)
    echo "$trials"
    [ $# -gt 2 ] || continue
    read -r -a best < <(tail -n 1 <<<"$trials")
    echo "test $(try test "${best[@]:2}")"
done
