#!/usr/bin/env bash
# import --follow: what is appended or dropped in arrives; a signal ends it, the index is sound.
. "$(dirname "$0")/../lib.sh"
set -m # so that the program in the background is told of SIGINT
mkdir "$WORK/in"
echo '2026-03-02 09:00:00 INFO one' >"$WORK/in/a.log"

# counts N: within ten seconds the index holds N entries
counts() {
    local i
    for ((i = 0; i < 100; i++)); do
        [ "$(count_of 2>"$err")" = "$1" ] && return 0
        sleep 0.1
    done
    return 1
}

for signal in INT TERM; do
    rm -f "$WORK"/index.db*
    env --default-signal="$signal" "$SCIMSCOPE" --db "$db" import --follow "$WORK/in" \
        >"$WORK/table" 2>"$WORK/said" </dev/null &
    pid=$!
    before=$(find "$WORK/in" -type f -exec cat {} + | wc -l)
    expect "what is there is imported first ($signal)" counts "$before"
    echo '2026-03-02 09:00:01 ERROR two' >>"$WORK/in/a.log"
    expect "an appended line arrives" counts $((before + 1))
    echo '2026-03-02 09:00:02 INFO three '"$signal" >"$WORK/in/$signal.log"
    expect "a file dropped in arrives" counts $((before + 2))
    kill -s "$signal" "$pid"
    wait "$pid"
    code=$?
    expect "SIG$signal ends it with its code" same "$code" $((128 + $(kill -l "$signal")))
    run verify
    expect "and the index is sound" exit_is 0
    expect "only what is new has a line" same "$(grep -c 'a.log' "$WORK/table")" 2
done

# What a line's end is still missing from waits for it: nothing is there twice afterwards.
rm -f "$WORK"/index.db* "$WORK"/in/*
printf '2026-03-02 09:00:00 INFO one\n2026-03-02 09:00:01 ERR' >"$WORK/in/b.log"
env --default-signal=INT "$SCIMSCOPE" --db "$db" import --follow "$WORK/in" \
    >"$WORK/table" 2>"$WORK/said" </dev/null &
pid=$!
sleep 1.5
expect "an entry in a line without an end waits" counts 1
printf '2026-03-02 09:00:00 INFO other\n' >"$WORK/in/c.log"
expect "other files do not wait for it" counts 2
printf 'OR two\n' >>"$WORK/in/b.log"
expect "it is read when the line has its end" counts 3
printf '2026-03-02 09:00:02 ERROR three\n at' >>"$WORK/in/b.log"
sleep 1.5
expect "so is not an entry that goes on in such a line" counts 3
printf ' x\n' >>"$WORK/in/b.log"
expect "it is read once, and whole" counts 4
kill -s INT "$pid"
wait "$pid"
run count text:three
expect "and nothing is there in parts" exit_is 0
run import --follow --dry-run "$WORK/in"
expect "following without storing is usage" exit_is 2
finish
