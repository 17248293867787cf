#!/usr/bin/env bash
# Indexes of older versions: brought forward they answer as a new one does, know what they hold, and
# link what comes with it.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/fixtures.sh"
fixture=$TOP/tests/fixtures/index/version-5.sql
if ! command -v sqlite3 >/dev/null; then
    skip "older indexes are brought forward" "sqlite3 is not installed"
    finish
    exit
fi
cd "$WORK" || exit 1
export SCIMSCOPE_NOW=2026-11-04T00:00:00Z

# What each version added to the one before it is taken out again; the fixture is of version 5.
without_5="ALTER TABLE source DROP COLUMN zone_twice; ALTER TABLE source DROP COLUMN zone_never;"
without_4="DROP TABLE problem_annotation; ALTER TABLE annotation DROP COLUMN work;"
without_3="DROP TABLE column_block; DROP TABLE column_data;"
without_2="DROP INDEX entry_subject; DROP TABLE problem; DROP TABLE problem_note;
    ALTER TABLE entry DROP COLUMN outcome; ALTER TABLE entry DROP COLUMN subject;"

key_of_fixture() {
    # shellcheck disable=SC2059 # bytes are written
    printf "$(sed -n 's/^-- its key in hexadecimal: //p' "$fixture" | sed 's/../\\x&/g')" >"$1.key"
    chmod 600 "$1.key"
}

old_index() { # old_index VERSION
    rm -f "$db"*
    key_of_fixture "$db"
    {
        echo "PRAGMA page_size = 16384; PRAGMA application_id = 1396918605;"
        cat "$fixture"
        echo "DROP VIEW log; CREATE VIEW log AS SELECT 1 AS id;"
        for ((v = 5; v > $1; v--)); do
            local name=without_$v
            echo "${!name}"
        done
        echo "PRAGMA user_version = $1; PRAGMA journal_mode = WAL;"
    } | sqlite3 "$db" >/dev/null
    chmod 600 "$db"
}

har "$(har_entry 1 POST "$users_url" 201 "$(scim_user abe@example.jp)" '{"id":"u-1","userName":"abe@example.jp"}')" \
    "$(har_entry 2 PATCH "$users_url/u-1" 404 '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[]}' \
        "$(scim_error 404 '' 'Resource u-1 not found')")" \
    "$(har_entry 3 POST "$users_url" 409 "$(scim_user Ito@example.jp)" \
        "$(scim_error 409 uniqueness 'userName has already been taken')")" \
    "$(har_entry 4 POST "$users_url" 201 "$(scim_user sato@example.jp)" '{"id":"u-3","userName":"sato@example.jp"}')" \
    >old.har
# Names that the older index has seen (u-3), that it has not (u-9), and a user it knows.
har "$(har_entry 20 DELETE "$users_url/u-3" 204 '' '')" \
    "$(har_entry 21 DELETE "$users_url/u-9" 204 '' '')" \
    "$(har_entry 22 POST "$users_url" 201 "$(scim_user new@example.jp)" '{"id":"u-9","userName":"new@example.jp"}')" \
    "$(har_entry 23 POST "$users_url" 409 "$(scim_user Ito@example.jp)" \
        "$(scim_error 409 uniqueness 'userName has already been taken')")" \
    >new.har

db=$WORK/fresh.db
key_of_fixture "$db"
run import old.har
run list --format ndjson
cp "$out" fresh.first
run import old.har new.har
run list --format ndjson
cp "$out" fresh.list
"$SCIMSCOPE" --db "$db" problems --format ndjson >fresh.problems
newest=$(sqlite3 "$db" 'PRAGMA user_version')

for version in 5 4 3 2 1; do
    db=$WORK/old-$version.db
    old_index $version
    expect "version $version: the fixture is one" same "$(sqlite3 "$db" 'PRAGMA user_version')" $version
    run list --format ndjson
    # the first has no problems before the next import, and so no states
    [ $version -eq 1 ] && sed -i 's/"state":"[a-z]*"/"state":null/' fresh.first
    expect "version $version: its entries are read as those of a new index" cmp -s "$out" fresh.first
    expect "version $version: it is brought forward" same "$(sqlite3 "$db" 'PRAGMA user_version')" "$newest"
    # before any import
    expect "version $version: its columns are made" same \
        "$(sqlite3 "$db" 'SELECT sum(entries) FROM column_block')" 4
    run verify
    expect "version $version: it is sound at once" exit_is 0
    run import old.har
    expect "version $version: what it holds is known" out_has "$(printf 'old.har\thar\t4\t0\t4\t')"
    run import new.har
    expect "version $version: what is new is added" out_has "$(printf 'new.har\thar\t4\t4\t0\t')"
    run list --format ndjson
    expect "version $version: names of before and of now are linked" cmp -s "$out" fresh.list
    run problems --format ndjson
    expect "version $version: problems are those of a new index" cmp -s "$out" fresh.problems
    run verify
    expect "version $version: it is sound" exit_is 0
done
finish
