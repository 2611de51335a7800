# SPDX-License-Identifier: GPL-3.0-or-later
#
# awk -f lint_includes.awk FILE...
#
# Who may include whom. Includes point down the levels below; folders of one level do not include
# each other; a header under src/ is its folder's own ("x.h" or "<folder>/x.h"); a third-party
# header has its home. Prints "file:line: what" for each breach.

BEGIN {
    split("base 1 engine 2 recommend 2.5 world 3 viewers 4 creators 4 platform 4 growth 4 " \
          "revenue 4 policy 4 measure 5 reelsim 5.5 sim 6 io 7 experiment 8 cli 9", pairs, " ")
    for (i = 1; i in pairs; i += 2) level[pairs[i]] = pairs[i + 1]

    # Third-party header, as a pattern -> files that may include it, as a pattern.
    home["^libconfig\\.h$"] = "^(src|include)/io/"
    home["^xxhash\\.h$"] = "^(src|include)/(base|engine|io)/|^src/sim/plugin\\.c$|^tests/"
    home["^(zlib|zstd)\\.h$"] = "^src/io/|^tests/io/"
    home["^sqlite3\\.h$"] = "^src/io/database\\.c$"
    home["^pthread\\.h$"] = "^src/engine/team\\.c|^tests/"
    home["^mpi\\.h$"] = "^src/engine/exchange"
    home["^Random123/"] = "^(src|include)/engine/|^tests/"
    home["^(dlfcn|link)\\.h$"] = "^src/(sim|io)/|^tests/"
    home["^gsl/"] = "^src/experiment/|^src/cli/main\\.c$|^tests/"
    home["^cmocka\\.h$"] = "^tests/"
    home["^reelsim/plugin\\.h$"] = "^plugins/|^tests/"
    home["intrin\\.h$|^cpuid\\.h$"] = "^(src|include)/base/"

    standard = "^(assert|ctype|errno|float|inttypes|limits|locale|math|setjmp|signal|stdalign|" \
               "stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|time|" \
               "dirent|fcntl|fnmatch|getopt|glob|libgen|malloc|poll|pthread|sched|spawn|strings|" \
               "termios|unistd|wchar|wctype|ftw|pwd|sys/[a-z]+)\\.h$"
}

function breach(text) { print FILENAME ":" FNR ": " text }

function readable(path,    line, got) {
    got = (getline line < path)
    close(path)
    return got >= 0
}

FNR == 1 {
    parts = split(FILENAME, part, "/")
    group = part[1] == "include" || part[1] == "src" ? part[2] : ""
    if (group != "" && !(group in level))
        breach("folder '" group "' has no level in lint_includes.awk")
}

/^[ \t]*#[ \t]*include[ \t]*</ {
    split($0, piece, /[<>]/)
    header = piece[2]
    known = header ~ standard
    for (pattern in home) if (header ~ pattern) {
        known = 1
        if (FILENAME !~ home[pattern]) breach("<" header "> is not at home here")
    }
    if (!known) breach("<" header "> has no home in lint_includes.awk")
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, piece, "\"")
    header = piece[2]
    if (FILENAME == "src/base/version.c" && header == "version.h") next # generated
    if (group == "") next # tests, fuzzers and plug-ins see everything
    target = header
    sub(/\/.*/, "", target)
    folder = FILENAME
    sub(/[^\/]*$/, "", folder)
    if (target == header && part[1] == "src" && readable(folder header)) next # beside it
    if (!(target in level) || target == header) {
        breach("\"" header "\": write \"<folder>/<file>.h\"")
    } else if (target == group) {
        # its own folder: anything
    } else if (level[target] > level[group]) {
        breach("\"" header "\" points up: " group " is level " level[group] ", " target " is " \
               level[target])
    } else if (level[target] == level[group]) {
        breach("\"" header "\": " group " and " target " are of one level")
    } else if (!readable("include/" header) && readable("src/" header)) {
        breach("\"" header "\" is private to src/" target)
    }
    if (part[1] == "include" && !readable("include/" header) && readable("src/" header))
        breach("\"" header "\": a public header includes a private one")
}
