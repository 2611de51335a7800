#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lint.sh OBJECTS     (OBJECTS: build/release, whose objects are looked into)
#
# What a machine can see of the rules of CONTRIBUTING.md. Prints each finding as "file:line:
# what", one line a check, and fails when there was a finding. LINT="includes symbols" picks checks.
set -u
export LC_ALL=C
objects=${1:-build/release}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

git ls-files -co --exclude-standard 2>/dev/null | sort -u | while read -r f; do
    if [ -f "$f" ]; then echo "$f"; fi
done >"$scratch/all"
[ -s "$scratch/all" ] || find . -type f ! -path './build/*' ! -path './output/*' |
    sed 's|^\./||' | sort >"$scratch/all"
mapfile -t ours < <(grep -E '^(src|include|tests|fuzz|plugins)/.*\.[ch]$' "$scratch/all")
mapfile -t model < <(grep -E '^(src|include)/.*\.[ch]$' "$scratch/all")
mapfile -t headers < <(grep -E '^(src|include|tests)/.*\.h$' "$scratch/all")
flags="-std=c11 -pthread -D_GNU_SOURCE -Iinclude -Isrc"

check_includes() { # levels, homes of third-party headers
    awk -f scripts/lint_includes.awk "${ours[@]}"
}

check_shape() { # licence line, guards, width, sizes
    awk -v sizes="$scratch/sizes" -f scripts/lint_shape.awk "${ours[@]}"
}

check_headers() { # each header compiles alone
    printf '%s\0' "${headers[@]}" | xargs -0 -r -P 2 -I{} sh -c "
        gcc $flags -Itests -Wall -Wextra -Wpedantic -fsyntax-only -x c '{}' 2>&1 |
            grep -E 'error|warning'; :" | sort -u
}

check_format() { # .clang-format
    command -v clang-format >/dev/null || return 0
    printf '%s\0' "${ours[@]}" | xargs -0 -r -P 2 -I{} sh -c '
        n=$(clang-format "{}" | diff "{}" - | grep -c "^[0-9]")
        [ "$n" -eq 0 ] || echo "{}: $n places differ from clang-format (make format)"'
}

check_cppcheck() { # bugs that a static analyser sees
    command -v cppcheck >/dev/null || return 0
    mkdir -p "$objects/cppcheck"
    cppcheck -q -j2 --std=c11 --enable=warning,performance,portability --inline-suppr \
        --cppcheck-build-dir="$objects/cppcheck" --max-configs=2 -D_GNU_SOURCE -D__x86_64__=1 \
        --suppress=missingInclude --suppress=missingIncludeSystem --suppress=unknownMacro \
        --suppress=unusedStructMember --suppress=objectIndex --suppress=ctuuninitvar \
        --suppress=duplicateAssignExpression --suppress='*:/usr/include/*' \
        --template='{file}:{line}: {message} [{id}]' -Iinclude -Isrc src 2>&1
}

# Undefined symbols of the model must not come from libm's transcendental functions or anything
# else whose bits depend on the machine; below cli nothing keeps mutable state outside objects.
check_symbols() {
    local group object name
    local libm='(exp|exp2|exp10|expm1|log|log2|log10|log1p|pow|pow10|sin|cos|tan|sincos|asin|acos'
    libm="$libm|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|cbrt|hypot|erf|erfc|lgamma|tgamma"
    libm="$libm|gamma|j0|j1|jn|y0|y1|yn|fma)(f|l|_r|f_r)?"
    grep -E '^src/.*\.c$' "$scratch/all" | grep -v '_mpi\.c$' | while read -r name; do
        [ -f "$objects/${name%.c}.o" ] || echo "$name: has no object, did it compile?"
    done
    for group in base engine recommend world viewers creators platform growth revenue policy measure sim; do
        find "$objects/src/$group" -name '*.o' 2>/dev/null | sort | while read -r object; do
            name=${object#"$objects"/}
            [ -f "${name%.o}.c" ] || continue
            nm -u "$object" | awk -v n="${name%.o}.c" -v libm="^($libm)\$" '
                $2 ~ libm || $2 ~ /^__.*_finite$|^_ZGV/ {
                    print n ": calls " $2 " of libm: use base/maths.h" }
                $2 ~ /^gsl_/ { print n ": calls " $2 ": GSL serves experiment and tests" }
                $2 ~ /^(rand|srand|random|srandom|drand48|lrand48|rand_r)$/ {
                    print n ": calls " $2 ": use engine/stream.h" }'
        done
    done
    find "$objects/src" -name '*.o' 2>/dev/null | sort | while read -r object; do
        name=${object#"$objects"/}
        [ -f "${name%.o}.c" ] || continue
        nm --format=sysv "$object" | awk -F '|' -v n="${name%.o}.c" '
            { gsub(/ /, "") }
            n ~ /^src\/cli\// { next }
            $7 ~ /^\.(data|bss|tdata|tbss)$|^\*COM\*$/ && $4 ~ /OBJECT|TLS/ {
                print n ": " $1 " is mutable file-scope state" }'
    done
}

check_printing() { # only cli prints to a person or exits
    grep -nE '(^|[^a-z_])(printf|puts|putchar|exit|_exit|perror)[ ]*\(|\b(stdout|stderr)\b' \
        "${model[@]}" | grep -vE '^(src/cli/|src/base/status\.c:)|:[0-9]+: *(/\*|\*)|PRINTF_LIKE' |
        grep -vE '^src/experiment/(forecast|crew)\.c:[0-9]+: *_exit' | # of a forked child
        grep -vE 'format\(printf' | sed 's/$/   <- only cli prints or exits/'
}

check_words() { # machine paths, unfinished words, big files
    grep -vE '^(LICENSE|scripts/lint\.sh|\.ci/run)$' "$scratch/all" | tr '\n' '\0' |
        xargs -0 -r grep -nIE '/(work|farm|root|home)/'
    grep -E '^(src|include|tests|fuzz|plugins|plots|scenarios|scripts|docs)/|\.md$|^Makefile$' \
        "$scratch/all" | grep -v '^scripts/lint\.sh$' | tr '\n' '\0' |
        xargs -0 -r grep -nIwE 'TODO|FIXME|XXX|HACK|not implemented|placeholder|stub'
    tr '\n' '\0' <"$scratch/all" | xargs -0 -r du -k |
        awk '$1 > 1024 { print $2 ": " $1 " KiB" }'
}

check_scripts() { # shell syntax, and shellcheck where it is
    grep -E '\.sh$|^\.ci/run$' "$scratch/all" | while read -r f; do
        bash -n "$f" 2>&1
        if command -v shellcheck >/dev/null; then shellcheck -S warning -e SC2154 -f gcc "$f"; fi
    done
}

checks=${LINT:-includes shape headers symbols printing words scripts format cppcheck}
for check in $checks; do
    "check_$check" >"$scratch/$check.found" 2>&1 &
done
wait
total=0
for check in $checks; do
    n=$(wc -l <"$scratch/$check.found")
    total=$((total + n))
    sort -t: -k1,1 -k2,2n "$scratch/$check.found" | sed 's/^/  /'
    if ((n)); then echo "FAIL $check: $n findings"; else echo "ok   $check"; fi
done
[ -s "$scratch/sizes" ] && sort -n "$scratch/sizes" | awk '{ size[NR] = $1 } END {
    printf "functions: %d, median %d lines, 90th percentile %d, longest %d\n", NR,
        size[int((NR + 1) / 2)], size[int(NR * .9 + .5)], size[NR] }'
echo "lint: $total findings"
((total == 0))
