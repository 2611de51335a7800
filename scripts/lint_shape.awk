# SPDX-License-Identifier: GPL-3.0-or-later
#
# awk -v sizes=FILE -f lint_shape.awk FILE...
#
# Licence line, include guards, width, and the sizes of files and functions. Prints "file:line:
# what" for each breach and writes the length of each function to `sizes`. It knows a function by
# our format: its braces stand alone in column 1.

function breach(line, text) { print FILENAME ":" line ": " text }

function end_of_file() {
    if (name == "") return
    if (lines > 900) print name ":" lines ": " lines " lines (at most 900)"
    if (name ~ /\.h$/ && guard != wanted)
        print name ":1: include guard '" guard "', not " wanted
}

# Parameters at the outer level of "type name(a, b, ...)".
function parameters(text,    i, c, depth, n) {
    i = index(text, "(")
    if (!i || substr(text, i) ~ /^\( *(void)? *\)/) return 0
    for (n = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (c == "(") depth++
        if (c == ")" && !--depth) break
        if (c == "," && depth == 1) n++
    }
    return n
}

FNR == 1 {
    end_of_file()
    name = FILENAME
    guard = wanted = head = ""
    start = 0
    if (name ~ /\.h$/) {
        wanted = toupper(name)
        sub(/^(INCLUDE|SRC|TESTS)\//, "", wanted)
        if (name ~ /^tests\//) wanted = "TESTS_" wanted
        gsub(/[^A-Z0-9]/, "_", wanted)
    }
    if ($0 != "/* SPDX-License-Identifier: GPL-3.0-or-later */") breach(1, "no SPDX line")
}
{
    lines = FNR
    # Columns, not bytes: bytes that continue a UTF-8 character are not counted.
    text = $0
    gsub(/[\200-\277]/, "", text)
    if (length(text) > 96) breach(FNR, length(text) " columns (at most 96)")
    if ($0 ~ /\t/) breach(FNR, "tab")
    if ($0 ~ /[ \t\r]$/) breach(FNR, "white space at the end of the line")
}
/^#ifndef / && guard == "" { guard = $2 }

# Columns of a visitor and hooks of plug-ins have six by their contract; what is told to a test is
# its own affair.
/^\{$/ {
    start = FNR
    if (head !~ /struct visitor \*|const void \*parameters, const struct request/ &&
        FILENAME !~ /^tests\// && parameters(head) > 5)
        breach(FNR, parameters(head) " parameters (at most 5)")
}
/^\}/ {
    if (start) {
        size = FNR - start - 1
        print size > sizes
        if (size > 100) breach(start, size " lines in a function (at most 100)")
    }
    start = 0
}
/^$|^[#}\/]|^ \*|;[ \t]*$/ { head = "" ; next }
!start { head = head " " $0 }
END { end_of_file() }
