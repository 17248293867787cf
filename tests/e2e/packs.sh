#!/usr/bin/env bash
# Rule packs of one's own: rules.d, --rules, and classes that follow them without a new import.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/fixtures.sh"
pack() { # ID TITLE PATTERN
    printf 'rules:\n  - id: %s\n    category: other\n    title: %s\n    vendor: generic\n' "$1" "$2"
    printf '    severity: error\n    match:\n      - specificity: 99\n        detail_re: ["%s"]\n' "$3"
    printf '    cause: Ours.\n    remedy: [Do ours.]\n    retry: {policy: after-fix}\n'
}
mkdir -p "$XDG_CONFIG_HOME/scimscope/rules.d"
rules=$XDG_CONFIG_HOME/scimscope/rules.d
pack own-domain First 'organization is not found' >"$rules/10.yaml"
pack own-domain Second 'organization is not found' >"$rules/20.yaml"
pack broken Broken '(' >"$rules/not-a-pack.txt"
run rules show own-domain
expect "packs in rules.d are read by name, the later one wins" out_has Second
run rules show broken
expect "only .yaml files are packs" exit_is 2
rm "$rules"/*

run import "$TOP/samples"
before=$(count_of class:iij-domain-not-registered)
problems=$(count_of is:failing,resolved,unknown)
expect "the built-in class is there first" test "$before" -gt 0
pack own-domain Ours 'organization is not found' >"$rules/own.yaml"
cp "$db" "$WORK/read.db" && cp "$db.key" "$WORK/read.db.key"
run count class:own-domain
expect "a reading command derives the classes of the packs of today" out_is "$before"
expect "and says so" err_has "$before entries have another class now"
run count class:own-domain
expect "once" err_empty
rm "$rules/own.yaml"
run count class:own-domain
expect "without the pack the classes of before" out_is 0
for command in 'list' 'show 1' 'problems' 'patterns' 'check' 'count' 'export --format ndjson' \
    ticket; do
    pack own-domain Ours 'organization is not found' >"$rules/own.yaml"
    # shellcheck disable=SC2086
    run $command
    expect "so does $command" err_has "$before entries have another class now"
    rm "$rules/own.yaml"
    run count class:own-domain
    expect "and back" out_is 0
done
run --rules <(pack own-domain Ours 'organization is not found') count
expect "a pack that is no file leaves the classes" err_has "not a regular file"
expect "and the command goes on" exit_is 0
pack own-domain Ours 'organization is not found' >"$rules/own.yaml"
run import "$TOP/samples/directory-sync.evtx"
expect "an import says that classes changed" err_has "$before entries have another class now"
mkdir "$WORK/still" && mv "$WORK/read.db" "$WORK/still/index.db"
mv "$WORK/read.db.key" "$WORK/still/index.db.key"
chmod 400 "$WORK/still"/* && chmod 500 "$WORK/still"
if [ -w "$WORK/still/index.db" ]; then
    skip "an index that cannot be written keeps its classes" "this user may write everything"
else
    "$SCIMSCOPE" --db "$WORK/still/index.db" count class:iij-domain-not-registered >"$out" 2>"$err"
    code=$?
    expect "an index that cannot be written keeps its classes" out_is "$before"
    expect "which is said in one sentence" err_has "the classes are those of other rule packs"
    expect "and only that" err_lines 1
fi
chmod 700 "$WORK/still"
expect "they have it" same "$(count_of class:own-domain)" "$before"
expect "none is left behind" same "$(count_of class:iij-domain-not-registered)" 0
expect "each still belongs to a problem" same "$(count_of is:failing,resolved,unknown)" "$problems"
run problems class:own-domain --format ndjson
expect "problems follow" out_has '"class":"own-domain"'
run verify
expect "the index is sound after that" exit_is 0
run import "$TOP/samples/directory-sync.evtx"
expect "once is enough" test "$(grep -c 'another class' "$err")" -eq 0
rm "$rules/own.yaml"
run import "$TOP/samples/directory-sync.evtx"
expect "without the pack the old class comes back" same "$(count_of class:iij-domain-not-registered)" "$before"
pack own-domain Ours '(' >"$rules/own.yaml"
run count
expect "a wrong pack in rules.d does not stop commands without rules" exit_is 0
run show 7
expect "a wrong pack is named with line and column" grep -qE 'rules.d/own.yaml:[0-9]+:[0-9]+: ' "$err"
expect "it ends with 8" exit_is 8
rm "$rules/own.yaml"
run --lang ja rules list
untranslated=$(grep -E '^(http-[0-9]|scim-|transport-(tls|dns|connect)|iij-(username|externalid|phone|email|user|token|issuer|domain)|entra-api-(4|5))' "$out" |
    cut -f4 | LC_ALL=C grep -cv $'[\x80-\xff]')
expect "the founding classes and those of status and scimType have Japanese texts" \
    test "$(grep -c '^scim-' "$out")" -gt 10 -a "$untranslated" -eq 0
run --lang ja rules show iij-username-taken
expect "and so has the condition of a retry" grep -qF '削除済みの場合だけ' "$out"
# --- a pattern that backtracks without end ---------------------------------------------------------
slow="$(printf 'a%.0s' {1..60})!"
pack own-slow Slow '(a+)+$' | sed 's/^    cause:/    samples:\n      - {text: "'"$slow"'"}\n    cause:/' >"$WORK/slow.yaml"
run rules test "$WORK/slow.yaml"
expect "a search that gives up is no match" exit_is 1
expect "rules test says that it gave up, and where" err_has 'gave up at the limit of their steps and count as not found; one of their patterns: (a+)+$'
expect "once" err_lines 1
db=$WORK/slow.db
har "$(har_entry 1 POST https://s.example/scim/v2/Users 400 '{"userName":"a@s.example"}' "$(scim_error 400 invalidValue "$slow")")" >"$WORK/slow.har"
run --rules "$WORK/slow.yaml" import "$WORK/slow.har"
expect "so does an import" err_has 'gave up at the limit of their steps'
expect "once in it, too" same "$(grep -c 'gave up' "$err")" 1
run import "$WORK/slow.har"
expect "and nothing is said without such a search" same "$(grep -c 'gave up' "$err")" 0
# --- failed operations of one bulk exchange, derived again ----------------------------------------
db=$WORK/bulk.db
bulk_error() { printf '{"method":"POST","bulkId":"%s","status":"%s","response":%s}' "$1" "$2" "$(scim_error "$2" '' "$3")"; }
har "$(har_entry 1 POST https://www.auth.iij.jp/scim/v2/Bulk 200 \
    '{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"a@example.jp"}},{"method":"POST","path":"/Users","bulkId":"b","data":{"userName":"b@example.jp"}},{"method":"POST","path":"/Users","bulkId":"c","data":{"userName":"c@example.jp"}}]}' \
    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkResponse\"],\"Operations\":[$(bulk_error a 409 'userName has already been taken'),$(bulk_error b 404 'organization is not found.'),$(bulk_error c 409 'userName has already been taken')]}")" >"$WORK/bulk.har"
run import "$WORK/bulk.har"
before=$(count_of --by class)
cat >"$WORK/bulk.yaml" <<'E2'
rules:
  - id: our-taken
    category: conflict
    severity: error
    title: Ours
    vendor: iij
    cause: ours
    remedy: [do it]
    match:
      - specificity: 99
        detail_re: [userName has already been taken]
        gate: none
    retry: {policy: after-fix}
    source: [us]
E2
run --rules "$WORK/bulk.yaml" import "$WORK/bulk.har"
expect "each operation is derived from its own answer" same "$(count_of --rules "$WORK/bulk.yaml" --by class | tr '\t\n' ' ,')" \
    "2 our-taken,1 iij-domain-not-registered,1 success,"
run import "$WORK/bulk.har"
expect "and back without the pack" same "$(count_of --by class)" "$before"

finish
