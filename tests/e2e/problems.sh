#!/usr/bin/env bash
# problems, patterns and check: who fails with what, what only several entries show, exit codes.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/fixtures.sh"
taken=$(scim_error 409 uniqueness 'userName has already been taken')
phone='{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"mori@example.jp","phoneNumbers":[{"value":"03-1234-5678"}]}'
har "$(har_entry 1 GET "$users_url?filter=userName%20eq%20%22Abe@example.jp%22" 200 '' '{"totalResults":0,"Resources":[]}')" \
    "$(har_entry 2 POST "$users_url" 409 "$(scim_user abe@example.jp)" "$taken")" \
    "$(har_entry 3 POST "$users_url" 409 "$(scim_user ito@example.jp)" "$taken")" \
    "$(har_entry 4 POST "$users_url" 400 "$phone" "$(scim_error 400 invalidValue 'Phone numbers Value is invalid format')")" \
    "$(har_entry 5 POST "$users_url" 409 "$(scim_user Ito@example.jp)" "$taken")" \
    "$(har_entry 9 POST "$users_url" 201 "$(scim_user ito@example.jp)" '{"id":"7","userName":"ito@example.jp"}')" \
    >"$WORK/calls.har"
run import "$WORK/calls.har"

run problems --format ndjson
expect "one row per class and user" out_lines 3
expect "a later success of the same operation resolves" out_has \
    '{"user":"Ito@example.jp","subject":"Ito@example.jp","class":"iij-username-taken"'
expect "attempts, times, state and what resolved it" out_has \
    '"attempts":2,"first":"2026-11-03T09:00:03.000000Z","last":"2026-11-03T09:00:05.000000Z","state":"resolved","resolved_by":6,"entries":[3,5]'
expect "a problem that goes on names nothing that resolved it" out_has '"state":"failing","resolved_by":null,"entries":[2]'
expect "the value that was sent is named" out_has '"value":"03-1234-5678","action":"'
run problems --format json is:resolved
expect "a filter chooses problems by their entries" same "$(grep -o '"class"' "$out" | wc -l)" 1
expect "json is one list" same "$(head -c1 "$out")$(tail -c2 "$out")" '[]'
run problems
expect "the table has a heading and a row each" out_lines 4
run problems --format csv class:iij-phone-format
expect "csv is the list to hand on" out_has \
    '"mori@example.jp","phoneNumbers","iid.scim.attribute.user.ad_bind.phoneNumbers.value","03-1234-5678","The phone number ""03-1234-5678"" begins with'
run problems user:nobody --format ndjson
expect "no problem is no error" exit_is 0
expect "no problem prints nothing" same "$(wc -c <"$out")" 0
expect "entries carry the state of their problem" same "$(count_of is:failing) $(count_of is:resolved)" '2 2'
run count --by state
expect "states are counted" out_has "2	resolved"

run check
expect "check ends with 1 when something fails" exit_is 1
expect "check names what fails" out_has 'iij-phone-format'
run check --quiet
expect "check --quiet says nothing" same "$(wc -c <"$out")" 0
run check user:ito
expect "check ends with 0 when all is resolved" exit_is 0
run check until:2020-01-01
expect "check ends with 9 without data" exit_is 9

run patterns --format ndjson
expect "a look-up that found nothing is found" out_has '{"class":"pattern-lookup-blind","subject":"www.auth.iij.jp","users":1,"entries":[1,2],"first":"2026-11-03T09:00:01.000000Z","last":"2026-11-03T09:00:02.000000Z","text":"'
run patterns is:failure
expect "a filter on failures hides no pattern" out_has 'Lookup finds nothing, create conflicts'
run patterns --format json until:2020-01-01
expect "no pattern is the empty list" out_is '[]'

for name in problems patterns check; do
    run help $name
    expect "help knows $name" out_has "usage: scimscope $name"
done

# An index from before there were problems is brought forward; the next import fills it.
if command -v sqlite3 >/dev/null && [ "$(sqlite3 "$db" 'PRAGMA user_version')" = 9 ]; then
    sqlite3 "$db" 'SELECT subject, class, attempts, state FROM problem ORDER BY 1, 2' >"$WORK/before"
    sqlite3 "$db" 'DROP VIEW log; DROP INDEX entry_subject; DROP TABLE problem; DROP TABLE problem_note;
        DROP TABLE source_extent; DROP TABLE column_block; DROP TABLE column_data; DROP TABLE problem_annotation; DROP TABLE link_shown;
        ALTER TABLE annotation DROP COLUMN work;
        ALTER TABLE source DROP COLUMN zone_twice; ALTER TABLE source DROP COLUMN zone_never;
        ALTER TABLE entry DROP COLUMN outcome; ALTER TABLE entry DROP COLUMN subject;
        CREATE VIEW log AS SELECT 1 AS id; PRAGMA user_version = 1'
    run count
    expect "an older index is brought forward" out_is 6
    run import "$WORK/calls.har"
    sqlite3 "$db" 'SELECT subject, class, attempts, state FROM problem ORDER BY 1, 2' >"$WORK/after"
    expect "its entries get their problems" cmp -s "$WORK/before" "$WORK/after"
    run verify
    expect "it is sound afterwards" exit_is 0
    # entries of two sources at one time, in blocks sorted by the numbers of the sources
    db=$WORK/eight.db
    for name in b a; do
        har "$(har_entry 5 GET "$users_url/$name" 200 '' "{\"id\":\"$name\"}")" >"$WORK/$name.har"
        run import "$WORK/$name.har"
    done
    sqlite3 "$db" 'PRAGMA user_version = 8'
    run list --fields path
    expect "blocks of an older order are not used" same "$(grep -o 'Users/.' "$out" | tr -d '\n')" Users/aUsers/b
    expect "they are made again" same "$(sqlite3 "$db" 'SELECT sum(entries) FROM column_block')" 2
    run list --fields path
    expect "and say the same" same "$(grep -o 'Users/.' "$out" | tr -d '\n')" Users/aUsers/b
    sqlite3 "$db" 'DELETE FROM column_block; DELETE FROM column_data'
    run import "$WORK/a.har"
    expect "an import that brings nothing makes them, too" same \
        "$(sqlite3 "$db" 'SELECT sum(entries) FROM column_block')" 2
    run verify
    expect "blocks made again are sound" exit_is 0
    db=$WORK/index.db
else
    skip "an older index is brought forward" "no sqlite3, or an index of another version"
fi

har "$(har_entry 12 POST "$users_url" 201 "$(scim_user abe@example.jp)" '{"id":"8","userName":"abe@example.jp"}')" \
    >"$WORK/later.har"
run import "$WORK/later.har"
run problems user:abe --format ndjson
expect "a success that is imported later resolves" out_has '"state":"resolved","resolved_by":7'
db=$WORK/backwards.db
run import "$WORK/later.har"
run import "$WORK/calls.har"
run problems user:abe --format ndjson
expect "a success that was imported before resolves too" out_has '"state":"resolved","resolved_by":1'

# --- what an event log itself tells of the value --------------------------------------------------
db=$WORK/told.db
phone_error="[Overview] SCIM response error. [Detail] $(scim_error 400 invalidValue 'Phone numbers Value is invalid format')"
mail_error="[Overview] SCIM response error. [Detail] $(scim_error 400 invalidValue 'Emails Value is not an iid email format.')"
{
    printf '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<Events>'
    event_xml 20 1 4 "[Overview] Started processing a user. [Detail] userName=kato@example.jp telephoneNumber=03-1234-5678 operation=create"
    event_xml 21 2 3 "$phone_error"
    event_xml 22 20 4 "[Overview] Started processing a user. [Detail] userName=ueda@example.jp operation=create"
    event_xml 23 21 3 "$phone_error"
    event_xml 24 30 3 "$mail_error userName=mori@example.jp mail=mori.example.jp"
    printf '</Events>\n'
} >"$WORK/told.xml"
run import "$WORK/told.xml"
run problems --format csv user:kato
expect "the event that names the user tells the value" out_has '"phoneNumbers","iid.scim.attribute.user.ad_bind.phoneNumbers.value","03-1234-5678"'
run show 2
expect "and the evidence rests on it" grep -qE '^  shown +The phone number "03-1234-5678" begins with "0" at character 1.* \[1\]' <(tr '\n' ' ' <"$out" | sed 's/  */ /g; s/ shown /\n  shown /g')
run problems --format csv user:ueda
expect "where nothing tells it there is no value" out_has '"phoneNumbers","iid.scim.attribute.user.ad_bind.phoneNumbers.value","",'
run show 4
expect "and that is said" out_has "not-captured"
run problems --format csv user:mori
expect "the event itself may tell it" out_has '"mori.example.jp"'

# a class that names several attributes: which one is meant, only the entry can tell
unique_user() { # USER MORE
    printf '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"%s"%s}' "$1" "$2"
}
conflict=$(scim_error 409 uniqueness 'Conflict detected')
har "$(har_entry 1 POST https://s.example/scim/v2/Users 409 "$(unique_user one@s.example '')" "$conflict")" \
    "$(har_entry 2 POST https://s.example/scim/v2/Users 409 "$(unique_user two@s.example ',"externalId":"e-2"')" "$conflict")" \
    "$(har_entry 3 POST https://s.example/scim/v2/Users 409 "$(unique_user three@s.example ',"externalId":"e-3"')" \
        "$(scim_error 409 uniqueness 'externalId conflicts')")" >"$WORK/unique.har"
db=$WORK/unique.db
run import "$WORK/unique.har"
run problems --format csv class:scim-uniqueness
expect "the only one of them that was sent is meant" out_has '"one@s.example","userName","","one@s.example",'
expect "of several that were sent none is guessed" out_has '"two@s.example","","","",'
expect "the error text says which" out_has '"three@s.example","externalId","","e-3",'

# what a class leaves open, the error text or the value that evidence quotes may tell
refused() { har_entry "$1" POST https://s.example/scim/v2/Users 400 "$(unique_user "$2" "$3")" "$(scim_error 400 invalidValue "$4")"; }
har "$(refused 1 one@s.example ',"displayName":"Long One"' 'Attribute displayName is too long')" \
    "$(refused 2 two@s.example ',"costCentre":"FI-204"' "The attribute 'costCentre' is not part of the schema")" \
    "$(refused 3 three@s.example '' 'The attribute is not allowed')" \
    "$(refused 4 four@s.example '' 'Neither attribute displayName nor attribute nickName may be set')" \
    "$(refused 5 five@s.example ',"emails":[{"value":"five.s.example"}]' 'The request is not acceptable')" \
    "$(refused 6 six@s.example ',"costCentre":"FI-1","emails":[{"value":"six.s.example"}]' "The attribute 'costCentre' is not part of the schema")" \
    >"$WORK/refused.har"
db=$WORK/refused.db
run import "$WORK/refused.har"
run problems --format csv
expect "the error text names the attribute" out_has '"one@s.example","displayName","","Long One","Attribute displayName is too long",'
expect "also one that no table knows" out_has \
    "\"two@s.example\",\"costCentre\",\"\",\"FI-204\",\"The attribute 'costCentre' is not part of the schema\","
expect "a word behind attribute is no name" out_has '"three@s.example","","","",'
expect "of two that are named none is guessed" out_has '"four@s.example","","","",'
expect "a value that evidence quotes stands beside its attribute" out_has \
    '"five@s.example","emails","","five.s.example","The e-mail address ""five.s.example"" has no ""@"""'
expect "a value of another attribute does not stand there" out_has '"six@s.example","costCentre","","FI-1",'
db=$WORK/samples.db
run import "$TOP/samples"
run problems --format csv
expect "externalUserName is no userName" out_has '"makoto.kato@example.com","idTokenClaims","iid.scim.attribute.user.default.idTokenClaims","",'
expect "where nothing names a user there is none" grep -qE '^"","","iid.scim.token",.*,"IIJ Directory Sync on SYNC01.corp.example.com".$' "$out"
expect "no row has a value without its attribute" same \
    "$(grep -cE '^"[^"]*","","[^"]*","[^"]+"' "$out")" 0
finish
