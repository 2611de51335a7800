#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `reelsim evaluate` on a small log whose structure is known: 200 users of two tastes, 120 items of
# two kinds, each user mostly meets his kind, early items more often than late ones; own kind is
# worth 4 or 5, the other 1 or 2.
. tests/cli/lab.bash

awk 'BEGIN {
    srand(7)
    for (u = 1; u <= 200; u++) {
        delete met
        for (n = 0; n < 30; n++) {
            own = rand() < .8
            item = int(60 * rand() ^ 2) * 2 + (own ? u % 2 : 1 - u % 2)
            if (item in met) continue
            met[item] = 1
            printf "u%d\tv%d\t%d\t%d\n", u, item, (own ? 4 : 1) + int(2 * rand()), 1700000000 + n * 3600 + u
        }
    }
}' >log.tsv
awk 'NR % 5 == 1' log.tsv >part1.tsv
awk 'NR % 5 == 2' log.tsv >part2.tsv
awk 'NR % 5 != 1' log.tsv >rest1.tsv
rows=$(wc -l <log.tsv)
evaluate() { code 0 "$program" evaluate "$@" --threads 1; }
figures() { jq -S 'map(del(.train_s, .train_cpu_s, .ratings_per_s, .protocol))' "$1"; }
each_name=$("$program" list recommender | awk '/^  / { print $1 }')

json() {
    evaluate log.tsv --json --resamples 100 && cp out all.json &&
        [ "$(jq -r '.[].algorithm' all.json | sort)" = "$(echo "$each_name" | sort)" ] &&
        jq -e 'all(.[]; has("algorithm") and has("k") and has("rmse") and has("mae") and has("hit_rate")
            and has("precision") and has("recall") and has("map") and has("mrr") and has("ndcg")
            and has("auc") and has("coverage") and has("gini") and has("train_s")
            and has("ratings_per_s") and has("ndcg_low") and has("rmse_high") and .k == 10
            and .ndcg_low <= .ndcg and .ndcg <= .ndcg_high)' all.json >/dev/null
}
ok "every recommender, as a list of objects with all keys" json
protocol() {
    jq -r '.[0].protocol' all.json >protocol &&
        grep -q "log.tsv: $rows rows, 0 bad; tabs, user=0, item=1, value=2, time=3" protocol &&
        grep -q '200 users, [0-9]* items' protocol &&
        grep -q 'no sampled negatives' protocol && grep -q '20 % of all rows, at random test' protocol
}
ok "the protocol is stated" protocol
structure() {
    jq -e 'map({(.algorithm): .}) | add |
        (.random.auc > .45 and .random.auc < .55) and (.popular.auc > .6) and
        (.popular.ndcg_low > .random.ndcg_high) and (.popular.coverage < .random.coverage) and
        (.popular.gini > .random.gini) and (.popular.novelty < .random.novelty)' all.json >/dev/null
}
ok "popular beats random, who has the flattest exposure" structure
same_bits() {
    code 0 "$program" evaluate log.tsv --json --resamples 100 --threads 3 &&
        cmp <(figures out) <(figures all.json)
}
ok "the same figures on 3 threads" same_bits
some() { # some OPTION...: it runs, prints a table with a line per recommender
    evaluate log.tsv --algorithm popular --resamples 0 "$@" && grep -q '^popular  *10 ' out
}
for split in random user item last temporal sample; do
    ok "split $split" some --split "$split"
done
ok "split by user into folds" some --split user --folds 3
ok "a last one has no folds" code 2 "$program" evaluate log.tsv --split last --folds 3
ok "the last three of each user" some --split last --leave 3
divided() { # one way of dividing at a time
    code 2 "$program" evaluate log.tsv --test part1.tsv --split random && says -- "--split and --test: " &&
        code 2 "$program" evaluate log.tsv --test part1.tsv --leave 2 && says -- "--leave and --test: "
}
ok "rows are divided by files or by a split" divided
validation() {
    evaluate log.tsv --algorithm popular --resamples 0 --validation .1 --judge validation &&
        prints "10 % are validation rows, which do not train: the figures are theirs"
}
ok "judged on validation rows" validation

# Items are numbered in the order of the file, which decides between equal scores: AUC takes ties
# for half and is the same to the last bit but one.
given() {
    evaluate log.tsv --test part1.tsv --json --resamples 0 --algorithm popular && cp out in.json &&
        evaluate --train rest1.tsv --test part1.tsv --json --resamples 0 --algorithm popular &&
        jq -es '(.[0][0].auc - .[1][0].auc | fabs) < 1e-7' in.json out >/dev/null
}
ok "LOG less its --test is --train" given
folds() {
    evaluate log.tsv --test part1.tsv,part2.tsv --json --resamples 50 --algorithm popular &&
        jq -e '.[0] | .folds == 2 and (.per_fold.ndcg | length) == 2 and
            ((.per_fold.ndcg | add / 2) - .ndcg | fabs) < 1e-6' out >/dev/null
}
ok "a fold a file, and their mean" folds
alien() {
    printf 'u1\tnever\t5\t1\n' >alien.tsv
    code 2 "$program" evaluate log.tsv --test alien.tsv && says "1 rows of --test file 1 are not in the log"
}
ok "a test row that is not in the log is refused" alien
depths() {
    evaluate log.tsv --k 5,20 --algorithm popular --json --resamples 0 &&
        [ "$(jq -c 'map(.k)' out)" = "[5,20]" ] && jq -e '.[0].recall < .[1].recall' out >/dev/null
}
ok "several depths" depths
relevant() {
    evaluate log.tsv --algorithm popular --resamples 0 --json && cp out any.json &&
        evaluate log.tsv --algorithm popular --resamples 0 --json --relevant-from 4 &&
        [ "$(jq '.[0].precision' out)" != "$(jq '.[0].precision' any.json)" ] &&
        evaluate log.tsv --algorithm popular --resamples 0 --relevant-from 9 --json &&
        [ "$(jq '.[0].ndcg' out)" = null ]
}
ok "relevant from a rating on" relevant
seeds() {
    evaluate log.tsv --algorithm popular --resamples 0 --json --seed 2 &&
        [ "$(jq '.[0].ndcg' out)" != "$(jq '.[0].ndcg' any.json)" ]
}
ok "another seed is another division" seeds

packed() {
    gzip -kc log.tsv >log.tsv.gz && evaluate log.tsv.gz --json --resamples 100 &&
        cmp <(figures out) <(figures all.json)
}
ok "gzip gives the same" packed
header() {
    { echo "who,what,stars,at"; tr '\t' , <log.tsv; } >log.csv
    evaluate log.csv --columns user=who,item=what,value=stars,time=at --json --resamples 100 &&
        cmp <(figures out) <(figures all.json)
}
ok "columns by name" header
details() {
    for column in author like; do
        code 2 "$program" evaluate log.csv --columns "user=who,item=what,$column=stars" &&
            says "only \`reelsim fit\` learns of authors and acts" || return
    done
}
ok "columns that evaluate has no use for are refused" details
typo() { code 2 "$program" evaluate log.csv --columns user=who,item=waht && says 'there is no column "waht", did you mean "what"?'; }
ok "a misspelt column gets a suggestion" typo
preset() {
    { printf 'user_id:token\titem_id:token\trating:float\ttimestamp:float\n'; cat log.tsv; } >log.inter
    evaluate log.inter --preset recbole --json --resamples 100 && cmp <(figures out) <(figures all.json)
}
ok "RecBole's .inter" preset
bad() {
    { cat log.tsv; printf 'u1\tv1\tnan\t5\nu2\n'; } >bad.tsv
    evaluate bad.tsv --algorithm popular && says "bad.tsv:$((rows + 1)): value must be a finite number" &&
        says "2 bad rows of $((rows + 2)) were left out" &&
        code 2 "$program" evaluate bad.tsv --strict && says "bad.tsv:$((rows + 1))"
}
ok "bad rows are told, --strict stops" bad
nothing() {
    code 2 "$program" evaluate nowhere.tsv && code 2 "$program" evaluate && code 2 "$program" evaluate . &&
        code 2 timeout 20 "$program" evaluate /dev/zero && says "is no table of text"
}
ok "no log, no file, a folder, no end" nothing
name() {
    code 2 "$program" evaluate log.tsv --algorithm poplar && says 'did you mean "popular"?' &&
        code 2 "$program" evaluate log.tsv --algorithm "" --json && says 'no recommender ""'
}
ok "a misspelt recommender gets a suggestion" name
setting() { code 2 "$program" evaluate log.tsv --set evaluate.splitt=user && says "did you mean \`evaluate.split\`?"; }
ok "a misspelt setting gets a suggestion" setting
elsewhere() { code 2 "$program" run small.cfg --k 5 && says "reelsim run does not take --k"; }
ok "other commands refuse its options" elsewhere
explained() { code 0 "$program" explain evaluate.relevant_from && prints "a test row is relevant when" && code 0 "$program" list recommenders && prints popular; }
ok "explain and list know it" explained
folder() {
    evaluate log.tsv --algorithm popular,random --resamples 50 --out result --quiet &&
        [ "$(wc -l <result/evaluation.csv)" = 3 ] && grep -q '^algorithm,k,fold,rmse,rmse_low' result/evaluation.csv &&
        grep -q 'full\|no sampled' result/protocol.txt && [ -s result/plots/evaluation.svg ] &&
        [ "$(head -c 4 result/plots/evaluation.png | tail -c 3)" = PNG ]
}
if command -v gnuplot >/dev/null; then ok "table and picture" folder; else echo "ok table and picture # SKIP no gnuplot"; fi
