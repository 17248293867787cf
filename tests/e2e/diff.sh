#!/usr/bin/env bash
# diff: what is new, persists or was fixed between runs, times and indexes.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/fixtures.sh"
rows() { grep -oE '"difference":"[a-z]+","user":"[^"]*","subject":"[^"]*","class":"[^"]*"' "$out" | sed -E 's/"(difference|user|subject|class)"://g; s/"//g' | cut -d, -f1,2,4; }
taken=iij-username-taken
failure() { har_entry "$1" POST "$users_url" 409 "$(scim_user "$2")" "$(scim_error 409 uniqueness 'userName has already been taken')"; }
success() { har_entry "$1" POST "$users_url" 201 "$(scim_user "$2")" "{\"id\":\"$1\",\"userName\":\"$2\"}"; }
# First: a b c d fail. Second (09:30 on): b again (in other letters) and e fail, c goes well, a asks
# for another thing, d is silent.
har "$(failure 1 a@example.jp)" "$(failure 2 b@example.jp)" "$(failure 3 c@example.jp)" "$(failure 4 d@example.jp)" "$(failure 5 d@example.jp)" >"$WORK/first.har"
har "$(failure 1801 B@example.jp)" "$(success 1802 c@example.jp)" "$(failure 1803 e@example.jp)" \
    "$(har_entry 1804 POST "$users_url" 400 "$(scim_user a@example.jp)" "$(scim_error 400 invalidValue 'Emails Value is not an iid email format.')")" >"$WORK/second.har"
run import "$WORK/second.har" "$WORK/first.har"
run diff 2026-11-03T09:00..2026-11-03T09:29 2026-11-03T09:30..2026-11-03T09:59 --format ndjson
expect "two stretches of time" exit_is 0
expected="new,a@example.jp,iij-email-format
new,e@example.jp,$taken
persisting,B@example.jp,$taken
fixed,d@example.jp,$taken
fixed,a@example.jp,$taken
fixed,c@example.jp,$taken"
expect "new, persisting, fixed, most attempts first" same "$(rows)" "$expected"
expect "each side counts its own attempts" grep -qE '"user":"d@example.jp".*"before":\{"attempts":2,.*"after":null' "$out"
expect "a later success shows a repair, and which" grep -qE '"user":"c@example.jp".*"repair":"shown","repaired_by":[0-9]+' "$out"
expect "a user who was met without this failure is consistent" grep -qE '"user":"a@example.jp".*"before":\{.*"repair":"consistent","repaired_by":null' "$out"
expect "silence is no repair" grep -qE '"user":"d@example.jp".*"repair":"not-captured","repaired_by":null' "$out"
run diff 2026-11-03T09:30..2026-11-03T09:59 2026-11-03T09:00..2026-11-03T09:29 --format ndjson
expect "the other way round" same "$(rows | cut -d, -f1 | sort | uniq -c | tr -d ' \n')" "2fixed3new1persisting"
run diff 2026-11-03T09:00..2026-11-03T09:29 2026-11-03T09:30.. user:b@example.jp,e@example.jp
expect "a filter narrows both" out_has "1 new, 1 persisting, 0 fixed"
run diff 2026-11-03 2026-11-04
expect "an empty second side is said" err_has "the second side holds no entries"
expect "and shows no repair" test "$(grep -c 'shown\|consistent' "$out")" -eq 0
run diff 2026-11-03T09:00.. 2026-11-03T09:00..  --format json
expect "a side against itself persists" test "$(grep -o '"difference":"[a-z]*"' "$out" | sort -u)" = '"difference":"persisting"'

first=$WORK/1.db second=$WORK/2.db
"$SCIMSCOPE" --db "$first" import "$WORK/first.har" >"$out" 2>"$err"
"$SCIMSCOPE" --db "$second" import "$WORK/second.har" >"$out" 2>"$err"
run diff "$first" "$second" --format ndjson
expect "two indexes" same "$(rows)" "$expected"
mv "$db" "$WORK/away.db"
run diff "$first" "$second"
expect "two indexes need no third" exit_is 0
mv "$WORK/away.db" "$db"
run diff "$first" "$WORK/first.har"
expect "a file that is no index ends with 5" exit_is 5
run diff 2026-11-03
expect "one side alone is usage" exit_is 2
run diff yesterdayish 2026-11-03
expect "so is no time" exit_is 2
run diff
expect "without marked runs it says so" err_has "mark fewer than two runs"

db=$WORK/samples.db
run import "$TOP/samples/directory-sync.evtx"
run diff
expect "the last two runs of an agent" exit_is 0
expect "it says which they are" test "$(grep -c 'run' "$err")" -eq 2
expect "they differ" grep -qE '^[0-9]+ new, [0-9]+ persisting, [0-9]+ fixed$' "$out"
cp "$out" "$WORK/runs"
db=$WORK/samples2.db
run import "$TOP/samples/directory-sync.evtx" "$WORK/first.har"
run diff
expect "captures beside the events change nothing" cmp -s "$out" "$WORK/runs"
finish
