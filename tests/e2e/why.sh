#!/usr/bin/env bash
# show --why: every sentence about an entry can be traced to a rule, its conditions and entries.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/fixtures.sh"
run import "$TOP/samples"
run list is:failure --format ndjson
cp "$out" "$WORK/failures"
untraced=0
while read -r id class; do
    run show "$id" --why
    grep -qE "^  rule $class, from core/rules/[a-z-]+\.yaml:[0-9]+(, alternative [0-9]+ of [0-9]+, specificity [0-9]+)?$" "$out" &&
        grep -q '^                 met by ' "$out" &&
        grep -q '^What the sentences rest on$' "$out" || untraced=$((untraced + 1))
    [ "$(grep -cE '^  (shown|consistent|not-captured) ' "$out")" -eq \
        "$(grep -cE '^  evidence [0-9]+, check [a-z-]+: this entry' "$out")" ] ||
        untraced=$((untraced + 1))
done < <(sed -E 's/^\{"id":([0-9]+),.*"class":"([^"]+)".*/\1 \2/' "$WORK/failures")
expect "there are failures to explain" test "$(wc -l <"$WORK/failures")" -gt 10
expect "each failure of the samples names rule, conditions and what its evidence rests on" \
    test "$untraced" -eq 0
id=$(sed -nE '1s/^\{"id":([0-9]+),.*/\1/p' "$WORK/failures")
run show "$id" --why --format json
expect "the same as JSON" grep -qE '"why":\{"class":".*,"alternative":[1-9].*"conditions":\[\{"condition":"' "$out"
run show "$id" --format json
expect "the classes that nearly won, without asking why" \
    grep -qE '"runners_up":\[\{"class":"[a-z0-9-]+","specificity":[0-9]+\}' "$out"
expect "every failure belongs to a problem" \
    same "$(count_of is:failure)" "$(count_of is:failing,resolved,unknown)"
finish
