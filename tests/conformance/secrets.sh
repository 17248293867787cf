#!/usr/bin/env bash
# None of the values planted in the recorded captures comes through, whatever container they are in.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/secrets.sh"
captures=$SHARED/data/captures
if [ ! -d "$captures" ] || ! command -v python3 >"$out"; then
    skip "planted secrets of the captures" "no ../shared beside this tree, or no python3"
    finish
    exit
fi
mapfile -t files < <(find "$captures" -type f ! -name '*.ndjson' ! -name '*.md' | sort)
cat "$captures"/* | grep -aoE 'SECRETMARK-[A-Za-z0-9]+' | sort -u >"$WORK/values"
expect "values were planted" test -s "$WORK/values"
expect "they are found where they were planted" bash -c \
    "! python3 '$TOP/tests/find_secrets.py' '$WORK/values' ${files[0]@Q} ${files[4]@Q} >'$out'"
look_at_all "${files[@]}"
expect "none of $(wc -l <"$WORK/values") values is in index, journal, reports, lists or messages" \
    found_nowhere "$WORK/values"
run audit-secrets
expect "the rules find none either" exit_is 0
run verify
expect "the index is sound" exit_is 0
finish
