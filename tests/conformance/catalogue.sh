#!/usr/bin/env bash
# The catalogue's cases: what one entry shows is classified as the catalogue says.
. "$(dirname "$0")/../lib.sh"
cases=$SHARED/catalog/cases.ndjson
if [ ! -e "$cases" ] || ! command -v python3 >"$out"; then
    skip "the catalogue's cases" "no ../shared beside this tree, or no python3"
    finish
    exit
fi
grep '"entry":' "$cases" >"$WORK/single.ndjson"
python3 "$SHARED/tools/catalog_cases.py" "$SCIMSCOPE" "$WORK/single.ndjson" >"$out" 2>"$err"
code=$?
sed 's/^/# /' "$out"
expect "$(wc -l <"$WORK/single.ndjson") single-entry cases have their class" exit_is 0
finish
