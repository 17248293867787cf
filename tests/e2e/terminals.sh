#!/usr/bin/env bash
# The explorer on pseudo-terminals of every sort, byte by byte: what it sends, how it is left, how it
# is heard, that random keys and hostile texts do it no harm.
. "$(dirname "$0")/../lib.sh"
cd "$TOP" || exit 1
if ! command -v python3 >/dev/null; then
    skip "the explorer on pseudo-terminals" "no python3"
    finish
    exit
fi

# play NAME ARG...: runs tests/pty/NAME.py, whose closing line counts
play() {
    local name=$1 line
    shift
    python3 "tests/pty/$name.py" "$SCIMSCOPE" "$@" >"$out" 2>&1
    line=$(tail -1 "$out")
    grep -v '^ok - ' "$out" | sed 's/^/    /'
    if [[ $line =~ ([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped ]]; then
        passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
        skipped=$((skipped + BASH_REMATCH[3]))
    else
        failed=$((failed + 1))
    fi
}

run import samples/*.evtx samples/*.har
[ "$code" -eq 0 ] || echo "    the samples were not imported: $(cat "$err")"
play terminals "$db"
play screen_reader "$db"
play job_control "$db"
play clipboard "$db"
play frames "$db"
play monkey "$db" "${MONKEY_KEYS:-1200}" ${MONKEY_SEED:+"$MONKEY_SEED"}

if [ -d "$SHARED/data/hostile" ]; then
    db=$WORK/hostile.db
    for corpus in ansi-payloads trojan-source blns csv-injection utf8-stress json-in-har har-wild \
        har-malformed mitm-flows evtx-corrupt xml-hostile term-recordings csv-test-data; do
        run import --all-traffic --quiet "$SHARED/data/hostile/$corpus"
        case $code in 0 | 3 | 4) ;; *) expect "hostile $corpus ends well" exit_is 0 ;; esac
    done
    expect "hostile texts are in the index" test "$(count_of)" -gt 500
    play hostile "$db" "${HOSTILE_STEPS:-40}"
else
    skip "hostile texts on the screen" "no ../shared"
fi
finish
