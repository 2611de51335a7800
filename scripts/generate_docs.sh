#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# generate_docs.sh PROGRAM: writes the pages of docs/ that the program knows best.
set -eu
program=$1
write() {
    "$program" "${@:2}" >"$1.new" && mv "$1.new" "$1" && echo "wrote $1"
}
mkdir -p docs
write docs/PARAMETERS.md explain --markdown
write docs/CODEBOOK.md list columns --markdown
