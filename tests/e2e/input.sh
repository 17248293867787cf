#!/usr/bin/env bash
# Bad input of each kind: one clear sentence, the documented exit code, the good entries kept.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/fixtures.sh"
small_har >"$WORK/good.har"
small_xml >"$WORK/good.xml"

run import "$WORK/missing.evtx"
expect "a missing file ends with 4" exit_is 4
expect "a missing file is named in one line" err_lines 1
expect "a missing file is said to be missing" err_has "scimscope: $WORK/missing.evtx: no such file"

mkdir "$WORK/empty-folder"
run import "$WORK/empty-folder"
expect "a folder without files ends with 4" exit_is 4
expect "a folder without files is said to be one" err_has "is a directory without files"

: >"$WORK/empty.evtx"
run import "$WORK/empty.evtx"
expect "an empty file ends with 4" exit_is 4
expect "an empty file is said to have no bytes" err_has "has no bytes"

printf 'nothing but prose\nin two lines\n' >"$WORK/prose.evtx"
run import "$WORK/prose.evtx"
expect "text with the wrong suffix ends with 4" exit_is 4
expect "text with the wrong suffix is of unknown format" err_has "unknown format"

mkfifo "$WORK/pipe"
run import "$WORK/pipe"
expect "a FIFO ends with 4 and does not hang" exit_is 4
if [ "$(id -u)" -ne 0 ]; then
    chmod 000 "$WORK/empty.evtx"
    run import "$WORK/empty.evtx"
    expect "an unreadable file ends with 4" exit_is 4
else
    skip "an unreadable file ends with 4" "root reads everything"
fi
expect "refused files leave nothing in the index" same "$(count_of)" 0
run sources
expect "refused files leave no source" out_is ""

{
    har "$(har_entry 1 POST "$users_url" 409 "$(scim_user a@example.jp)" "$(scim_error 409 uniqueness x)")" \
        BROKEN \
        "$(har_entry 2 POST "$users_url" 409 "$(scim_user b@example.jp)" "$(scim_error 409 uniqueness x)")"
} | sed 's/BROKEN/{"startedDateTime":"2026-11-03T09:00:09Z","request":{"method":%%%}}/' >"$WORK/broken.har"
run import "$WORK/broken.har"
expect "a HAR broken in the middle ends with 3" exit_is 3
expect "a HAR broken in the middle keeps the entries around it" same "$(count_of "source:broken.har")" 2
expect "the damaged place is named with its offset" grep -qE "broken.har: .*\(offset [0-9]+\)" "$err"

head -c $(($(wc -c <"$WORK/good.har") - 200)) "$WORK/good.har" >"$WORK/cut.har"
run import "$WORK/cut.har"
expect "a HAR cut short ends with 3" exit_is 3
expect "a HAR cut short keeps what is whole" same "$(count_of "source:cut.har")" 3

sample=$(find "$TOP/samples" -name '*.evtx' | head -1)
if [ -n "$sample" ]; then
    size=$(wc -c <"$sample")
    run import "$sample"
    expect "the sample event log is imported" exit_is 0
    whole=$(count_of "source:$(basename "$sample")")
    head -c $((4096 + (size - 4096) / 2)) "$sample" >"$WORK/truncated.evtx"
    "$SCIMSCOPE" --db "$WORK/truncated.db" import "$WORK/truncated.evtx" >"$out" 2>"$err"
    code=$?
    expect "a truncated event log ends with 3" exit_is 3
    kept=$("$SCIMSCOPE" --db "$WORK/truncated.db" count)
    expect "a truncated event log keeps some entries, not all" test "$kept" -gt 0 -a "$kept" -lt "$whole"
    head -c 3000 "$sample" >"$WORK/head.evtx"
    run import "$WORK/head.evtx"
    expect "an event log cut in its header ends with 4" exit_is 4
else
    skip "a truncated event log ends with 3" "no sample event log in this tree"
fi

run import "$WORK/missing.har" "$WORK/good.har"
expect "a good file beside a missing one ends with 3" exit_is 3
expect "a good file beside a missing one is imported" grep -qE '/good.har	har	4	' "$out"

har "$(har_entry 1 GET https://www.example.com/index.html 200 '' '<html>')" |
    sed 's,application/scim+json,text/html,g' >"$WORK/other.har"
run import "$WORK/other.har"
expect "a capture without SCIM calls ends with 0" exit_is 0
expect "a capture without SCIM calls is noted" err_has "no SCIM call among 1 exchanges"
run import --all-traffic "$WORK/other.har"
expect "--all-traffic stores it" same "$(count_of source:other.har)" 1
expect "--all-traffic gives it no class" same "$(count_of source:other.har class:none)" 1

run import --format evtx "$WORK/good.har"
expect "a format that is forced and wrong ends with 4" exit_is 4
run import - <"$WORK/good.xml"
"$SCIMSCOPE" --db "$db" import - <"$WORK/good.xml" >"$out" 2>"$err"
code=$?
expect "standard input is imported" exit_is 0
expect "standard input is the source -" same "$(count_of source:-)" 2

entries=()
for i in $(seq 30); do
    entries+=('{"startedDateTime":"2026-11-03T09:00:09Z","request":{"method":%%%}}'
        "$(har_entry "$i" POST "$users_url" 409 "$(scim_user "u$i")" "$(scim_error 409 uniqueness x)")")
done
har "${entries[@]}" >"$WORK/many.har"
run import "$WORK/many.har"
expect "many damaged places end with 3" exit_is 3
expect "twenty damaged places are named, then a count" err_has "10 more damaged places"
expect "no more than that is said" err_lines 21
expect "every entry between them is kept" same "$(count_of source:many.har)" 30

# When clocks are changed: 02:30 exists twice in autumn and never in spring.
printf '%s ERROR x\n' "2025-10-26 02:30:00" "2025-10-26 02:45:00" "2026-03-29 02:30:00" "2026-03-29 04:30:00" \
    >"$WORK/clocks.log"
run import --tz Europe/Berlin "$WORK/clocks.log"
run sources
expect "times that exist twice are counted with their source" out_has "2 of them exist twice there"
expect "times that do not exist are counted with their source" out_has "1 of them do not exist there"
run list --format json --fields time source:clocks.log
expect "the first of two readings is taken" out_has "2025-10-26T00:30:00"
expect "what does not exist is moved forward" out_has "2026-03-29T01:30:00"

# An empty answer says what it rests on.
db=$WORK/quiet.db
run import --tz UTC "$WORK/clocks.log"
for words in check 'list is:failure' 'count is:failure' 'count --by class is:failure' problems patterns; do
    # shellcheck disable=SC2086
    run $words
    expect "$words: nothing failed, among how many entries of which time" \
        err_has 'nothing found in 4 entries from 2025-10-26 '
    expect "$words: and whether the sources show everything" \
        err_has 'sources that do not show everything: 1;'
done
run check --quiet
expect "--quiet leaves that out" err_lines 0
run count
expect "an answer that is not empty needs none of it" err_lines 0
finish
