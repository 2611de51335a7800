#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# docs/PARAMETERS.md and docs/CODEBOOK.md are what `make docs` would write now.
. tests/cli/lab.bash

ok "the pages can be made" code 0 "$top/scripts/generate_docs.sh" "$program"
current() {
    cmp "docs/$1" "$top/docs/$1" && return
    echo "# docs/$1 is not up to date: run \`make docs\` and commit it"
    return 1
}
ok "docs/PARAMETERS.md is up to date" current PARAMETERS.md
ok "docs/CODEBOOK.md is up to date" current CODEBOOK.md
every_setting() {
    "$program" explain | awk '{ print "| `" $1 "` |" }' >settings
    [ "$(grep -cFf settings docs/PARAMETERS.md)" -eq "$(wc -l <settings)" ]
}
ok "every setting is there" every_setting
in_odd() {
    local kind name lacking=0
    for kind in retriever ranker reranker strategy channel stream; do
        "$program" list "$kind" | sed -n 's/^  *\([a-z_]*\) .*/\1/p' >members
        [ -s members ] || return 1
        while read -r name; do
            grep -qF "\`$name\`" "$top/docs/ODD.md" && continue
            echo "# docs/ODD.md does not name the $kind $name"
            lacking=1
        done <members
    done
    return "$lacking"
}
ok "docs/ODD.md says what every member does" in_odd
