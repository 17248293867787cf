#!/usr/bin/env bash
# Every text of the program has a translation, in every catalogue.
. "$(dirname "$0")/../lib.sh"
cd "$TOP" || exit 1

if command -v xgettext >/dev/null; then
    tools/words.sh check >"$out" 2>"$err"
    code=$?
    sed 's/^/    /' "$out"
    expect "each text is translated, each translation is in use, and their formats agree" exit_is 0
else
    skip "translations" "no xgettext (package gettext)"
fi
finish
