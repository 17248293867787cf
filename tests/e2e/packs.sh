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
run list class:own-domain
expect "reading commands change nothing" same "$(count_of class:own-domain)" 0
run import "$TOP/samples/directory-sync.evtx"
expect "the next import says that classes changed" err_has "$before entries have another class now"
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
expect "each operation is derived from its own answer" same "$(count_of --by class | tr '\t\n' ' ,')" \
    "2 our-taken,1 iij-domain-not-registered,1 success,"
run import "$WORK/bulk.har"
expect "and back without the pack" same "$(count_of --by class)" "$before"

finish
