# SPDX-License-Identifier: GPL-3.0-or-later
#
# browse HTML WIDTH: the DOM after layout on stdout, the console on stderr. HTML is an absolute path.
browse() {
    local profile found=0
    profile=$(mktemp -d "${TMPDIR:-/tmp}/reelsim-browser.XXXXXX")
    timeout 300 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync \
        --user-data-dir="$profile" --enable-logging=stderr --window-size="$2,900" \
        --virtual-time-budget=5000 --dump-dom "file://$1" || found=$?
    rm -rf "$profile"
    return $found
}
