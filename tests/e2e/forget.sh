#!/usr/bin/env bash
# Taking entries out leaves an index as if they had never come; audit-secrets finds what rules know.
. "$(dirname "$0")/../lib.sh"

export_of() { "$SCIMSCOPE" --db "$1" export --format ndjson | sed -E 's/"id":[0-9]+,//; s/"entry":[0-9]+/"entry":N/'; }
same_export() { cmp -s <(export_of "$1") <(export_of "$2"); }

# --- a source ------------------------------------------------------------------------------------
run import "$TOP/samples/directory-sync.evtx" "$TOP/samples/entra-scim-api.har" "$TOP/samples/directory-sync.xml"
expect "three samples are imported" exit_is 0
"$SCIMSCOPE" --db "$WORK/other.db" import "$TOP/samples/directory-sync.evtx" "$TOP/samples/directory-sync.xml" >"$out"
host=$("$SCIMSCOPE" --db "$db" count --by source kind:http | wc -l)
expect "there are calls to forget" test "$host" -gt 0
run forget "$TOP/samples/entra-scim-api.har"
expect "a source is forgotten" exit_is 0
expect "it says how many entries went" err_has "entries taken out"
expect "no entry of it is left" same "$(count_of kind:http)" 0
expect "the rest is as if it had never come" same_export "$db" "$WORK/other.db"
expect "none of its texts is left in the file" bash -c "! cat '$db'* | grep -qaF /scim/v2/"
run sources
expect "its source is gone" same "$(grep -c '^[^ ]' "$out")" 2
run verify
expect "the index is sound" exit_is 0
run import "$TOP/samples/entra-scim-api.har"
expect "it can be imported again" same "$(count_of kind:http)" 46
run forget nothing.har
expect "what is no source is usage" exit_is 2
run forget
expect "forget without a word is usage" exit_is 2
run forget --before yesterday
expect "an unreadable time is usage" exit_is 2

# --- before a time, through the middle of a batch -------------------------------------------------
all=$(count_of)
cut=$("$SCIMSCOPE" --db "$db" list --format json --fields time --limit $((all / 2)) |
    python3 -c 'import json, sys; print(json.load(sys.stdin)[-1]["time"])')
"$SCIMSCOPE" --db "$db" export --format ndjson | CUT=$cut python3 -c '
import json, os, sys
for line in sys.stdin:
    row = json.loads(line)
    if row["time"] is None or row["time"] >= os.environ["CUT"]:
        print(json.dumps([row["time"], row["detail"], row["raw"]]))' >"$WORK/kept"
run forget --before "$cut"
expect "entries before a time are forgotten" exit_is 0
"$SCIMSCOPE" --db "$db" export --format ndjson | python3 -c '
import json, sys
for line in sys.stdin:
    row = json.loads(line)
    print(json.dumps([row["time"], row["detail"], row["raw"]]))' >"$WORK/left"
expect "the others stay, with their records" cmp "$WORK/kept" "$WORK/left"
expect "some stay" test -s "$WORK/left"
run verify
expect "the index is sound after that too" exit_is 0
exec 8>>"$db.lock"
flock 8
SECONDS=0
run forget --before 2030-01-01
expect "forgetting waits for an import, then gives up with 7" exit_is 7
flock -u 8
run forget --before 2030-01-01
expect "a date alone will do" same "$(count_of)" 0

# --- secrets -------------------------------------------------------------------------------------
run import "$TOP/samples/directory-sync.evtx" "$TOP/samples/entra-scim-api.har"
run audit-secrets
expect "no secret is found in what was imported" exit_is 0
expect "nothing is printed then" out_is ""
id=$("$SCIMSCOPE" --db "$db" list --format ndjson --fields id --limit 1 | tr -dc 0-9)
if command -v sqlite3 >/dev/null; then
    sqlite3 "$db" "UPDATE entry SET detail = 'sent Authorization: Bearer q7RtY2pLx81mZw4N' WHERE id = $id"
    run audit-secrets
    expect "a token in a text is a hit" exit_is 1
    expect "entry, place and kind are told" grep -qE "^$id	detail	token$" "$out"
    expect "the value is not" bash -c "! grep -q q7RtY2pLx81mZw4N '$out' '$err'"
else
    skip "a token in a text is a hit" "sqlite3 is not there"
fi

# What the explorer remembers of an index is a filter, and that may name somebody.
state=$WORK/state/scimscope/$(printf %s "$(realpath "$db")" | sha256sum | cut -c1-32)
mkdir -p "${state%/*}"
printf 'scimscope state 1\norder newest\nentry 1\nfilter user:tanaka@example.jp' >"$state"
XDG_STATE_HOME=$WORK/state run forget --before 1970-01-01
expect "what the explorer remembers of the index is forgotten too" test ! -e "$state"
finish
