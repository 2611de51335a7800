#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# generate_docs.sh PROGRAM
#
# Writes docs/PARAMETERS.md, the reference of all settings, from what `reelsim explain` says: the
# schema rows beside the code are the only place where a parameter is described. And
# docs/CODEBOOK.md, every column of every table, from their declarations.
set -eu
program=$1
page=docs/PARAMETERS.md
mkdir -p docs
{
    echo "# Parameters"
    echo
    echo "Made by \`make docs\` from the schema; \`reelsim explain PATH\` prints the same. *Source* has a tag"
    echo "(V read in the source, V2 a weak source, D derived, M known but not verified, A assumption) and keys of [FACTS](FACTS.md)."
    echo "*Plausible* is the range that \`compare --uncertain\` draws an assumption from. *Moves* is what the tests hold: the"
    echo "output (mean of a column of series.csv or of another table) that goes up or down with the setting, in a world with the"
    echo "settings after *under*. \`sd\`, \`sum\`, \`last\` of a column; \`r a,b\`: correlation of two; \`rows\`: number of"
    echo "rows; \`hash\`: only that the run is another one."
    "$program" explain --full | awk '
        function allowed() {
            return f["allowed"] (f["plausible"] == "" ? "" : ", plausible " f["plausible"])
        }
        function moves() { return f["moves"] (f["acts"] == "" ? "" : ", " f["acts"]) }
        function cell(text) { gsub(/\|/, "\\|", text); return text }
        function flush(    top) {
            if (path == "") return
            top = path
            sub(/\.[^.]*$/, "", top)
            if (top != group) {
                group = top
                print "\n## " group "\n"
                print "| Setting | Default | Allowed | Meaning | Type, unit | Changes | Moves |" \
                      " Source |"
                print "|---|---|---|---|---|---|---|---|"
            }
            print "| `" path "` | `" cell(f["default"]) "` | " cell(allowed()) " | " \
                  cell(meaning) " | " cell(f["type"]) " | " cell(f["changes"]) " | " \
                  cell(moves()) " | " cell(f["source"]) " |"
        }
        /^[^ ]/ { flush(); delete f; path = $1; meaning = ""; next }
        meaning == "" { meaning = substr($0, 3); next }
        { key = $1; sub(/^ *[^ ]+ */, ""); sub(/, in 1$/, ""); f[key] = $0 }
        END { flush() }'
} >"$page.new"
mv "$page.new" "$page"
echo "wrote $page"
"$program" list columns >docs/CODEBOOK.md.new
mv docs/CODEBOOK.md.new docs/CODEBOOK.md
echo "wrote docs/CODEBOOK.md"
