#!/usr/bin/env bash
# The command line: usage, output that scripts read, filters, exports.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/fixtures.sh"
small_har >"$WORK/calls.har"
small_xml >"$WORK/events.xml"

# --- usage ---------------------------------------------------------------------------------------
run lsit
expect "a word that is neither command nor file is usage" exit_is 2
expect "the nearest command is suggested" err_has "did you mean list?"
run list --formt csv
expect "an unknown option is usage" exit_is 2
expect "the nearest option is suggested" err_has "did you mean --format?"
run list --format yaml
expect "an unknown format is usage" exit_is 2
run import
expect "import without a file is usage" exit_is 2
run list "usr:tanaka"
expect "an unknown filter key is usage" exit_is 2
expect "the nearest filter key is suggested" err_has "user"
run --tz Nowhere/City version
expect "an unknown zone is usage" exit_is 2
run --now yesterday version
expect "an unreadable now is usage" exit_is 2
run version
expect "version prints one line" out_lines 1
run help
expect "help lists the commands" out_has "import "
run help import
expect "help on a command shows its options" out_has "--all-traffic"
run list --help
expect "--help is help on the command" out_has "scimscope list"
run help keys
sed -n '/^## Keys of the explorer/,/^## /p' "$TOP/README.md" | sed -n '/^```$/,/^```$/p' |
    sed '1d;$d' >"$WORK/keys"
expect "README lists the keys as help does" diff "$WORK/keys" "$out"
expect "help keys tells how to leave" grep -qE 'q .*quit' "$out"
expect "the README has the same keys" python3 -c 'import sys
assert open(sys.argv[1]).read().strip() in open(sys.argv[2]).read()' "$out" "$TOP/README.md"
run help --man
expect "the man page names every command" out_has ".SS explain"
run formats
expect "formats has a line for HAR" grep -q '^har ' "$out"
run formats show evtx
expect "formats show tells how to make an export" out_has "Event Viewer"
run themes
expect "themes lists dark" grep -qx dark "$out"

# --- an index that is not there ------------------------------------------------------------------
run count
expect "a missing index ends with 5" exit_is 5
expect "a missing index is named" err_has "$db"
run
expect "the bare program without an index says how to begin" err_has "scimscope import"
expect "the bare program without an index ends with 0" exit_is 0
expect "nothing was made" test ! -e "$db"

# --- import --------------------------------------------------------------------------------------
run import "$WORK/calls.har" "$WORK/events.xml"
expect "an import ends with 0" exit_is 0
expect "an import has a heading" same "$(head -1 "$out")" \
    $'SOURCE\tFORMAT\tENTRIES\tNEW\tDUPLICATE\tDAMAGED\tOTHER'
expect "a line per source tells what became of it" same "$(sed -n 2p "$out")" \
    "$WORK/calls.har"$'\thar\t4\t4\t0\t0\t0'
expect "an import is quiet on stderr" err_empty
run import --summary ndjson "$WORK/calls.har"
expect "the same again adds nothing" out_has '"entries":4,"new":0,"duplicate":4,"damaged":0,"other":0'
expect "the same again leaves the same count" same "$(count_of)" 6

# --- count ---------------------------------------------------------------------------------------
expect "count prints one number" same "$(count_of is:failure)" 4
run count --by class is:failure
expect "count --by prints count and value, most first" same "$(head -1 "$out")" $'2\tiij-username-taken'
run count --by user kind:http
expect "count --by prints - for none" grep -qx $'1\t-' "$out"
run count --by hour
expect "hours are UTC times in order" same "$(head -1 "$out")" $'2\t2026-11-03T08:00:00Z'
run count --by nothing
expect "count --by something unknown is usage" exit_is 2

# --- filters -------------------------------------------------------------------------------------
expect "terms are ANDed" same "$(count_of user:tanaka status:409)" 2
expect "a user matches before the at sign" same "$(count_of user:sato)" 1
expect "a term may exclude" same "$(count_of kind:http -class:iij-username-taken)" 2
expect "two values are ORed" same "$(count_of status:201,409)" 3
expect "words search texts" same "$(count_of taken already)" 2
expect "a quoted text is one word" same "$(count_of '"taken already"')" 0
expect "a quoted text is found" same "$(count_of '"already been"')" 2
expect "words behind -- may begin with a hyphen" same "$(count_of -- -is:success kind:http)" 3
expect "a time range selects" same "$(count_of time:2026-11-03T09:00:02..2026-11-03T09:00:03)" 2
expect "--tz moves a time without zone" same "$(count_of --tz +09:00 time:2026-11-03T18:01)" 1
expect "since counts back from now" same "$(count_of --now 2026-11-03T09:02:00Z since:60s)" 1

# --- list ----------------------------------------------------------------------------------------
run list --format ndjson
expect "list gives every entry" out_lines 6
expect "list is oldest first" grep -q '"record_id":7' <(head -1 "$out")
expect "times are UTC with six decimals" out_has '"time":"2026-11-03T09:00:01.000000Z"'
run --tz +09:00 list --format ndjson --limit 1 --reverse
expect "--reverse and --limit give the newest" out_has '"time":"2026-11-03T09:01:04.000000Z"'
expect "--limit holds" out_lines 1
if command -v python3 >/dev/null; then
    run list --format json
    expect "json is one array" python3 -c 'import json,sys; assert len(json.load(open(sys.argv[1]))) == 6' "$out"
    run list --format csv --fields id,user,status
    expect "csv has a heading and the chosen fields" python3 -c 'import csv,sys
rows = list(csv.reader(open(sys.argv[1])))
assert rows[0] == ["id", "user", "status"] and len(rows) == 7, rows' "$out"
else
    skip "json is one array" "no python3"
fi
run list --format ndjson --fields user,status user:sato
expect "ndjson has the chosen fields only" out_is '{"user":"sato@example.jp","status":201}'
run list --fields nme
expect "an unknown field is usage" exit_is 2
run --tz +09:00 list user:sato
expect "the table shows times in the zone" out_has "2026-11-03 18:00:02"
run list user:nobody --format ndjson
expect "an empty answer ends with 0" exit_is 0
expect "an empty answer is empty" out_is ""

# --- show ----------------------------------------------------------------------------------------
id=$("$SCIMSCOPE" --db "$db" list --format csv --fields id class:iij-username-taken --limit 1 | tail -1 | tr -d '"\r')
run show "$id"
expect "show names the cause" out_has "Why "
expect "show numbers the remedy" out_has "Do     1 "
run show --why "$id"
expect "show --why tells the specificity" out_has "specificity"
run show --format json "$id"
expect "show as json has remedy and evidence" grep -qE '"remedy":\["[^]]+\],"evidence":\[' "$out"
expect "no secret is shown" test "$(grep -c s3cr3t "$out")" -eq 0
run show 999999
expect "an id that is not there is usage" exit_is 2

# --- export --------------------------------------------------------------------------------------
for format in csv json ndjson; do
    run export --format "$format" -o "$WORK/report.$format" is:failure
    expect "export $format ends with 0" exit_is 0
    expect "export $format is readable by its owner only" same "$(stat -c %a "$WORK/report.$format")" 600
    run export --format "$format" is:failure
    expect "export $format is the same on stdout" cmp -s "$out" "$WORK/report.$format"
    expect "export $format holds no secret" test "$(grep -c s3cr3t "$out")" -eq 0
done
run export --format ndjson -o "$WORK/missing/report"
expect "an export that cannot be written ends with 1" exit_is 1
expect "no temporary file is left" same "$(find "$WORK" -name '*report*' | wc -l)" 3
"$SCIMSCOPE" --db "$db" list --format ndjson >/dev/full 2>"$err"
code=$?
expect "a full stdout ends with 1" exit_is 1
"$SCIMSCOPE" --db "$db" list --format ndjson 2>"$err" >&-
code=$?
expect "a closed stdout ends with 1" exit_is 1
for _ in $(seq 400); do cat "$WORK/calls.har" >/dev/null; done
"$SCIMSCOPE" --db "$db" export --format ndjson 2>"$err" | true
code=${PIPESTATUS[0]}
expect "a closed pipe ends with 141 or was filled before" test "$code" -eq 141 -o "$code" -eq 0
expect "a closed pipe is quiet" err_empty

# --- the rest ------------------------------------------------------------------------------------
run sources
expect "sources has a line each" same "$(grep -c "^[^ ]" "$out")" 2
run verify
expect "the index is sound" exit_is 0
run --config "$WORK/none.yaml" count
expect "settings that are missing end with 8" exit_is 8
printf 'theme: dark\nteme: x\n' >"$WORK/config.yaml"
run --config "$WORK/config.yaml" count
expect "settings that are wrong end with 8" exit_is 8
expect "settings that are wrong are named with their place" err_has "config.yaml:2:1: "
run import --format hra "$WORK/calls.har"
expect "an unknown import format is usage" exit_is 2
run --quiet import "$WORK/calls.har"
expect "--quiet leaves stderr empty" err_empty
printf 'up: [k]\ndown: [q]\n' >"$WORK/keys.yaml"
printf 'keys: keys.yaml\n' >"$WORK/keyed.yaml"
run --config "$WORK/keyed.yaml" help keys
expect "a key for two actions is refused with 8" exit_is 8
expect "and said with its place" err_has "keys.yaml:2:1: key \"q\" of down is also bound to quit"
printf 'up: [k]\n\nfly: [z]\n' >"$WORK/keys.yaml"
run --config "$WORK/keyed.yaml" help keys
expect "an unknown action is said with its place" err_has "keys.yaml:3:1: \"fly\" is no action"
printf 'down: [z]\n' >"$WORK/keys.yaml"
run --config "$WORK/keyed.yaml" help keys
expect "a key that is bound anew is listed so" grep -qE "^  z +down " "$out"
finish
