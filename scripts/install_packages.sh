#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# install_packages.sh SET...     sets: build run test lint clang
#
# Makes sure that the Debian packages of these sets are there: silent and quick when they are,
# installs them as root, otherwise prints the one line to run and exits 1. Elsewhere than on
# Debian and its children it leaves the matter to the compiler's own words.
set -eu

command -v dpkg-query >/dev/null || exit 0

wanted=
for set; do
    case $set in
    build) wanted="$wanted gcc libc6-dev make libgsl-dev libconfig-dev librandom123-dev"
           wanted="$wanted libxxhash-dev zlib1g-dev libzstd-dev" ;;
    run)   wanted="$wanted gnuplot-nox fonts-inter" ;;
    test)  wanted="$wanted libcmocka-dev chromium jq pkg-config libopenmpi-dev openmpi-bin"
           wanted="$wanted libmpich-dev mpich libsqlite3-dev sqlite3" ;;
    lint)  wanted="$wanted clang-format cppcheck binutils" ;;
    clang) wanted="$wanted clang libclang-rt-dev" ;;
    *)
        echo "install_packages.sh: no set '$set' (build run test lint clang)" >&2
        exit 2
        ;;
    esac
done

# shellcheck disable=SC2086 # a list of words
present=" $(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
    awk '$1 == "installed" { printf "%s ", $2 }') "
missing=
for package in $wanted; do
    case $present in
    *" $package "*) ;;
    *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
    echo "Packages are missing. Run this once, then try again:" >&2
    echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends$missing" >&2
    exit 1
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
options="-q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300"
log=$(mktemp)
# shellcheck disable=SC2086
if ! { apt-get $options update && apt-get $options install -y --no-install-recommends $missing
} </dev/null >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    exit 1
fi
rm -f "$log"
