#!/usr/bin/env bash
# The catalogue's cases: one entry is classified, several entries show the pattern, as it says.
. "$(dirname "$0")/../lib.sh"
cases=$SHARED/catalog/cases.ndjson
if [ ! -e "$cases" ] || ! command -v python3 >"$out"; then
    skip "the catalogue's cases" "no ../shared beside this tree, or no python3"
    finish
    exit
fi
python3 "$SHARED/tools/catalog_cases.py" "$SCIMSCOPE" "$cases" >"$out" 2>"$err"
code=$?
sed 's/^/# /' "$out"
expect "$(wc -l <"$cases") cases have their class or pattern" exit_is 0
finish
