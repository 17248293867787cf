#!/usr/bin/env bash
# Event logs give the entries that their truth names: generated ones with their users, real ones as
# other readers see them; damaged ones give at least every record that is whole. The samples show all
# documented errors of the directory sync.
. "$(dirname "$0")/../lib.sh"

run import "$TOP"/samples/directory-sync.evtx "$TOP"/samples/directory-sync.xml
expect "the sample logs are read as a whole" exit_is 0
run count --by class vendor:iij
for class in domain-not-registered issuer-required externalid-taken username-taken email-format \
    user-not-hard-deleted token-not-available phone-format; do
    expect "the sample logs show iij-$class" out_has "iij-$class"
done

compare=$SHARED/tools/compare_entries.py
if [ ! -e "$compare" ] || ! command -v python3 >"$out"; then
    skip "event logs with a truth" "no ../shared beside this tree, or no python3"
    finish
    exit
fi

# compared TRUTH FILE [--users]: compare_entries.py finds no difference
compared() {
    python3 "$compare" "$SCIMSCOPE" "$@" >"$out" 2>"$err"
    code=$?
    grep -qE ' passed, 0 failed$' "$out"
}
events=$SHARED/data/events
for name in sync2000 sync60 legacy60; do
    for suffix in evtx xml; do
        expect "$name.$suffix agrees with its truth, users too" \
            compared "$events/$name.truth.ndjson" "$events/$name.$suffix" --users
    done
done
# Every other export of them, whatever wrote it; zone-less ones are in Japanese time.
for file in "$events"/*; do
    name=$(basename "$file")
    case $name in
    *.truth.ndjson | *.md | sync2000.evtx | sync60.evtx | legacy60.evtx) continue ;;
    sync2000.xml | sync60.xml | legacy60.xml) continue ;;
    esac
    expect "$name agrees with its truth, users too" \
        compared "$events/${name%%.*}.truth.ndjson" "$file" --users --tz +09:00
done
for oracle in "$SHARED"/data/events-real/*.oracle.tsv; do
    log=${oracle%.oracle.tsv}.evtx
    expect "$(basename "$log") agrees with other readers" compared "$oracle" "$log"
done

# The same events from both files are the same entries.
db=$WORK/twice.db
run import "$events/sync2000.evtx"
run import "$events/sync2000.evtx" "$events/sync2000.xml"
expect "importing a log again and as XML adds nothing" same "$(count_of)" 2000

# Damaged logs: at least `must` entries, and the exit code says whether anything was lost or refused.
at_least() {
    local entries=0
    [ -s "$db" ] && entries=$(count_of)
    [ "${entries:-0}" -ge "$1" ] || return 1
    case $code in
    0) true ;;
    3) [ "${entries:-0}" -gt 0 ] && grep -qE '^scimscope: .+: .+' "$err" ;;
    4) [ "${entries:-0}" -eq 0 ] && grep -qE '^scimscope: .+: .+' "$err" ;;
    *) false ;;
    esac
}
while IFS=$'\t' read -r file must _; do
    [ "$file" = file ] && continue
    rm -f "$WORK"/damaged.db*
    db=$WORK/damaged.db
    run import "$SHARED/data/events-damaged/$file"
    expect "$file gives at least $must entries" at_least "$must"
done <"$SHARED/data/events-damaged/NOTES.tsv"

for folder in evtx-corrupt xml-hostile; do
    failed_before=$failed
    while IFS= read -r file; do
        rm -f "$WORK"/hostile.db*
        db=$WORK/hostile.db
        run import "$file"
        at_least 0 || expect "$folder/$(basename "$file") is imported or refused by name" at_least 0
    done < <(find "$SHARED/data/hostile/$folder" -type f)
    expect "$folder: every file is imported or refused by name" same "$failed" "$failed_before"
done
rm -f "$WORK"/hostile.db*
run import "$SHARED/data/hostile/xml-w3c"
expect "the XML test suite holds no events and is refused as a whole" exit_is 4
finish
