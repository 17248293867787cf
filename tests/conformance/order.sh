#!/usr/bin/env bash
# What an index says depends on the entries in it, not on the order in which their files came, nor
# on how many came at once; also where over 64 entries of several files have one time.
. "$(dirname "$0")/../lib.sh"

order=$(dirname "$0")/order.py
mkdir "$WORK/files"
mapfile -t files < <(python3 "$order" make "$WORK/files")

told() { # NAME: what the index of that name says
    python3 "$order" tell "$SCIMSCOPE" "$WORK/$1.db" >"$WORK/$1.told"
}
db=$WORK/together.db
run import "${files[@]}"
told together
most=$("$SCIMSCOPE" --db "$db" list --format ndjson kind:http |
    sed -E 's/.*"time":"([^"]*)".*/\1/' | sort | uniq -c | sort -rn | awk 'NR == 1 { print $1 }')
expect "over 64 entries have one time" test "$most" -gt 64
expect "there are problems, patterns and evidence to compare" \
    test "$(grep -c '^problems' "$WORK/together.told")" -gt 20 -a \
    "$(grep -c '^patterns' "$WORK/together.told")" -gt 4 -a \
    "$(grep -c '^show.*"entries": \["' "$WORK/together.told")" -gt 20
number=0
for way in "5 4 3 2 1 0" "3 0 5 2 1 4"; do
    number=$((number + 1)) db=$WORK/way$number.db
    for i in $way; do
        run import "${files[i]}"
    done
    told "way$number"
    expect "one by one in the order $way: the same" cmp "$WORK/together.told" "$WORK/way$number.told"
done
db=$WORK/halves.db
run import "${files[4]}" "${files[1]}" "${files[2]}"
run import "${files[5]}" "${files[3]}" "${files[0]}"
told halves
expect "in two runs: the same" cmp "$WORK/together.told" "$WORK/halves.told"
finish
