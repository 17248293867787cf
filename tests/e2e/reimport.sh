#!/usr/bin/env bash
# What export writes can be imported again: into the same index it adds nothing, into an empty one
# with a copy of the key it gives the same entries.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/fixtures.sh"
small_har >"$WORK/calls.har"
cat >"$WORK/changes.json" <<'JSON'
[{"id":"i-1","activityDateTime":"2026-03-02T07:00:00Z","jobId":"j","changeId":"c-1",
  "action":"Create","statusInfo":{"status":"failure","errorCode":"ContosoTimeout","reason":"slow"},
  "sourceIdentity":{"identityType":"User","details":{"userPrincipalName":"tanaka@example.com"}},
  "modifiedProperties":[{"displayName":"password","newValue":"Zx9kQ71pLmv"}],
  "targetSystem":{"displayName":"Contoso"}}]
JSON
fields=time,kind,position,bulk_operation,level,event_id,record_id,provider,computer,channel,method
fields=$fields,url,status,scim_type,code,detail,class,category,vendor,user,request_id,duration_ms

run import "$TOP"/samples/* "$WORK/calls.har" "$WORK/changes.json"
expect "the first index is made" exit_is 0
run list --format ndjson kind:provisioning
expect "a provisioning failure is classified by the end of its code" out_has \
    '"class":"entra-prov-timeout"'
expect "its user is the source's where the target has none" out_has '"user":"tanaka@example.com"'
entries=$(count_of)
run list --format ndjson --fields "$fields"
sort "$out" >"$WORK/before"
run export --format ndjson -o "$WORK/all.ndjson"
run export --format json -o "$WORK/all.json"
expect "no password is exported" same "$(grep -c Zx9kQ71pLmv "$WORK"/all.json)" 0

run import "$WORK/all.ndjson"
expect "its own NDJSON is recognised" out_has "$(printf 'all.ndjson\tscimscope\t%s\t0\t%s\t0' \
    "$entries" "$entries")"
run import "$WORK/all.json"
expect "its own JSON adds nothing" same "$(count_of)" "$entries"

for form in ndjson json; do
    cp "$db.key" "$WORK/$form.db.key"
    "$SCIMSCOPE" --db "$WORK/$form.db" import "$WORK/all.$form" >"$out" 2>"$err"
    "$SCIMSCOPE" --db "$WORK/$form.db" list --format ndjson --fields "$fields" | sort >"$WORK/after"
    expect "an index made of $form alone has the same entries" cmp "$WORK/before" "$WORK/after"
    "$SCIMSCOPE" --db "$WORK/$form.db" import "$TOP"/samples/* "$WORK/calls.har" >"$out" 2>"$err"
    expect "the originals are recognised in it ($form)" same \
        "$("$SCIMSCOPE" --db "$WORK/$form.db" count)" "$entries"
done

db=$WORK/none.db
"$SCIMSCOPE" --db "$WORK/index.db" list --format ndjson >"$WORK/list.ndjson" 2>"$err"
run import "$WORK/list.ndjson"
expect "a list without records is refused" exit_is 4
expect "and the reason names what is missing" err_has "without its record"
finish
