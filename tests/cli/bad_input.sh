#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What is no scenario or no plug-in: exit 2, the place and the reason, nothing written.
. tests/cli/lab.bash

# refused TEXT...: `run` and `check` of bad.cfg end with 2 and say each TEXT in a few seconds.
refused() {
    local text
    code 2 timeout 20 "$program" check bad.cfg || return 1
    code 2 timeout 20 "$program" run bad.cfg || return 1
    [ ! -s out ] && [ ! -e output ] || { echo "# something was written" && return 1; }
    for text; do says "$text" || return 1; done
}

: >empty.cfg
empty() { code 0 "$program" check empty.cfg && prints "empty.cfg is valid"; }
ok "an empty file is a scenario of defaults" empty

cp "$program" bad.cfg
ok "a binary file" refused "bad.cfg: " "must be at most 1048576"
head -c 100000 "$program" >bad.cfg
ok "the beginning of a binary file" refused "bad.cfg:1: is a binary file"
head -c 1000000 /dev/zero | tr '\0' '(' >bad.cfg
ok "a million brackets" refused "bad.cfg:1: expected the name of a setting"
(printf 'a = '; head -c 1000000 /dev/zero | tr '\0' '(') >bad.cfg
ok "a million nested brackets" refused "bad.cfg:1: more than 64 brackets inside each other"
: >bad.cfg && truncate -s 1G bad.cfg
ok "a gigabyte" refused "bad.cfg: 1073741824 bytes, must be at most"
rm bad.cfg
ok "no file" refused "bad.cfg: cannot read: No such file"
mkdir bad.cfg
ok "a folder" refused "bad.cfg: is a folder"
rmdir bad.cfg

cat >bad.cfg <<'END'
viewers : { cuont = 3; count = 3000000000; rate = "often"; };
revenu : { ads : { cpm = 1.0; }; };
revenue : { ads : { cpm = nan; creator_share = 2; }; };
run : { days = 2.5; seed = 99999999999999999999; };
platform : { ranker = "pouplar"; slate = 0; };
END
ok "all errors of a file at once" refused \
    'unknown setting `viewers.cuont` at bad.cfg:1, did you mean `viewers.count`?' \
    "bad.cfg:1: integer 3000000000 is past 32 bits: write it with an L" \
    "bad.cfg:1: viewers.rate = \"often\"" \
    'unknown setting `revenu.ads.cpm` at bad.cfg:2, did you mean `revenue.ads.cpm`?' \
    'bad.cfg:3: `nan` is not a number' "bad.cfg:3: revenue.ads.creator_share = 2, must be in" \
    "bad.cfg:4: run.days = 2.5, must be a whole number" "bad.cfg:4: integer 9999" \
    'bad.cfg:5: platform.ranker = "pouplar"' 'did you mean "popular"?' \
    "bad.cfg:5: platform.slate = 0"
echo 'creators : { cohorts = ( { name = "a"; topic = "programing"; } ); };' >bad.cfg
ok "a topic that there is none of" refused 'has the topic "programing"' 'did you mean "programming"?'
echo 'viewers : { count = 10; }; /* and so on' >bad.cfg
ok "a comment that is never closed" refused 'bad.cfg:1: comment `/*` is never closed'
echo '@include "nowhere.cfg"' >bad.cfg
ok "a missing include" refused 'bad.cfg:1: included file `nowhere.cfg` is missing'
echo '@include "b.cfg"' >bad.cfg && echo '@include "bad.cfg"' >b.cfg
ok "an include loop" refused "files include each other in a loop: bad.cfg -> b.cfg -> bad.cfg"
echo 'run : { shards = 48; window = 7.0; };' >bad.cfg
ok "values that do not fit each other" refused "run.shards" "run.window"
echo 'policy : { changes = ( { day = 1; set = "revenue.ads.cpn"; value = "2"; },
    { day = 2; set = "viewers.count"; value = "3"; } ); };' >bad.cfg
ok "a policy change that cannot be made" refused 'did you mean `revenue.ads.cpm`?' \
    '`viewers.count` is read once at the start'

# ------------------------------------------------------------------------------------ plug-ins
compile() { ${CC:-cc} -std=c11 -ffp-contract=off -fPIC -shared -I"$top/include" -o "$1.so" "$1.c"; }
plugin() { echo "run : { plugins = [ \"$1\" ]; };" >bad.cfg; }

plugin ./nowhere.so
ok "a plug-in that is missing" refused "plug-in ./nowhere.so: cannot be loaded"
echo "no shared object" >text.so && plugin ./text.so
ok "a plug-in that is a text" refused "plug-in ./text.so: cannot be loaded"
echo 'int other = 3;' >other.c && compile other && plugin ./other.so
ok "a shared object that is no plug-in" refused "exports no \`reelsim_plugins\`"
