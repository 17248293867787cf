#!/usr/bin/env bash
# The index as a file: its mode, what is refused, reading without writing, signals.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/fixtures.sh"
small_har >"$WORK/calls.har"
run import "$WORK/calls.har"
expect "the index is made" exit_is 0
expect "the index is readable by its owner only" same "$(stat -c %a "$db")" 600
expect "its key is readable by its owner only" same "$(stat -c %a "$db.key")" 600
expect "no secret is in the folder of the index" test "$(grep -rlF s3cr3t-token "$WORK" --include='index.db*' | wc -l)" -eq 0
if command -v sqlite3 >/dev/null; then
    expect "the view log has the rows" same "$(sqlite3 "$db" 'SELECT count(*) FROM log')" 4
    expect "the view log has the JSON keys" same \
        "$(sqlite3 "$db" "SELECT class, status, user FROM log WHERE position = 0")" \
        'iij-username-taken|409|tanaka@example.jp'
else
    skip "the view log has the rows" "no sqlite3"
fi

mkdir "$WORK/still" && cp "$db" "$db.key" "$WORK/still/"
chmod 400 "$WORK/still/index.db" && chmod 500 "$WORK/still"
"$SCIMSCOPE" --db "$WORK/still/index.db" count >"$out" 2>"$err"
code=$?
expect "count works on a read-only index" exit_is 0
expect "count is right on a read-only index" out_is 4
chmod 700 "$WORK/still"

printf 'this is no index' >"$WORK/other.db"
"$SCIMSCOPE" --db "$WORK/other.db" count >"$out" 2>"$err"
code=$?
expect "a file that is no index ends with 5" exit_is 5
expect "a file that is no index is left as it is" same "$(cat "$WORK/other.db")" 'this is no index'
"$SCIMSCOPE" --db "$WORK/other.db" import "$WORK/calls.har" >"$out" 2>"$err"
code=$?
expect "nothing is imported into it" exit_is 5
if command -v sqlite3 >/dev/null; then
    sqlite3 "$WORK/foreign.db" 'CREATE TABLE t(x); INSERT INTO t VALUES (1)'
    "$SCIMSCOPE" --db "$WORK/foreign.db" count >"$out" 2>"$err"
    code=$?
    expect "another program's database ends with 5" exit_is 5
    cp "$db" "$WORK/newer.db"
    cp "$db.key" "$WORK/newer.db.key"
    sqlite3 "$WORK/newer.db" 'PRAGMA user_version = 999' >/dev/null
    "$SCIMSCOPE" --db "$WORK/newer.db" count >"$out" 2>"$err"
    code=$?
    expect "a newer index ends with 5" exit_is 5
    cp "$db" "$WORK/trigger.db"
    cp "$db.key" "$WORK/trigger.db.key"
    sqlite3 "$WORK/trigger.db" "CREATE TRIGGER x AFTER INSERT ON entry BEGIN SELECT 1; END"
    "$SCIMSCOPE" --db "$WORK/trigger.db" count >"$out" 2>"$err"
    code=$?
    expect "an index with a foreign trigger ends with 5" exit_is 5
fi
"$SCIMSCOPE" --db "$WORK/none/index.db" import "$WORK/calls.har" >"$out" 2>"$err"
code=$?
expect "a folder that is not there ends with 5" exit_is 5

export XDG_DATA_HOME=$WORK/own
"$SCIMSCOPE" import "$WORK/calls.har" >"$out" 2>"$err"
code=$?
expect "the default index is made with its folders" test -f "$WORK/own/scimscope/index.db"
expect "its folder is its owner's only" same "$(stat -c %a "$WORK/own/scimscope")" 700
SCIMSCOPE_DB=$WORK/env.db "$SCIMSCOPE" import "$WORK/calls.har" >"$out" 2>"$err"
expect "SCIMSCOPE_DB names the index" test -f "$WORK/env.db"
expect "only the index and its key are left" same \
    "$(cd "$WORK/own/scimscope" && printf '%s ' *)" 'index.db index.db.key index.db.lock '

# A signal while standard input waits: the program ends within two seconds, the index is whole.
# (A background job of a script ignores SIGINT, hence the others; what started the tests may ignore
# SIGHUP.)
for signal in TERM:143 HUP:129; do
    env --default-signal="${signal%:*}" "$SCIMSCOPE" --db "$WORK/signal.db" import - >"$out" 2>"$err" \
        < <(head -c -1 "$WORK/calls.har"; sleep 5) &
    pid=$!
    sleep 1
    started=$(date +%s%N)
    kill -s "${signal%:*}" "$pid"
    wait "$pid"
    code=$?
    spent=$((($(date +%s%N) - started) / 1000000))
    expect "SIG${signal%:*} ends an import with ${signal#*:}" exit_is "${signal#*:}"
    expect "SIG${signal%:*} ends it within two seconds" test "$spent" -lt 2500
done
"$SCIMSCOPE" --db "$WORK/signal.db" verify >"$out" 2>"$err"
code=$?
expect "the index is sound after signals" exit_is 0
finish
