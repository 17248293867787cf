#!/usr/bin/env bash
# Recorded captures give the calls that their truth names; real exports of many tools are imported or
# refused with a sentence, and hostile ones too.
. "$(dirname "$0")/../lib.sh"
compare=$SHARED/tools/compare_entries.py
if [ ! -e "$compare" ] || ! command -v python3 >"$out"; then
    skip "recorded captures" "no ../shared beside this tree, or no python3"
    finish
    exit
fi

# compared NAME [--users]: compare_entries.py finds no difference
compared() {
    python3 "$compare" "$SCIMSCOPE" "$SHARED/data/captures/$1.truth.ndjson" \
        "$SHARED/data/captures/$1" "${@:2}" >"$out" 2>"$err"
    code=$?
    tail -3 "$out"
    grep -qE ' passed, 0 failed$' "$out"
}
for name in client.har reverse.har browser.har browser-mitm.har; do
    expect "$name agrees with its truth" compared "$name"
    expect "$name agrees with its truth, users too" compared "$name" --users
done

# Imported (0), in part (3), or refused (4) with a sentence: nothing else, and no silence.
sensible() {
    case $code in
    0) true ;;
    3 | 4) grep -qE '^scimscope: .+: .+' "$err" ;;
    *) false ;;
    esac
}
for file in "$SHARED"/data/captures-real/*.har "$SHARED"/data/captures-real/*.json; do
    db=$WORK/real.db
    rm -f "$WORK"/real.db*
    run import "$file"
    expect "$(basename "$file") is imported or refused by name" sensible
done

# Every body of the JSON test suite inside a sound HAR: the exchange comes through.
bodies=$SHARED/data/hostile/json-in-har/shared
db=$WORK/json.db
run import "$bodies"
expect "hostile JSON bodies do not hinder their captures" exit_is 0
expect "each of them is one entry" same \
    "$(awk -F'\t' 'NR > 1 && $3 == 1' "$out" | wc -l)" "$(find "$bodies" -type f | wc -l)"

# all_named FOLDER: every file of it has its line in the table or its sentence on stderr
all_named() {
    local file missing=0
    for file in "$1"/*; do
        grep -qF -- "$file" "$out" "$err" || { echo "    nothing about $file" && missing=1; }
    done
    [ "$missing" -eq 0 ]
}
for folder in har-malformed har-wild json-testsuite cjson-fuzz; do
    db=$WORK/$folder.db
    run import "$SHARED/data/hostile/$folder/shared"
    expect "$folder ends with 3 or 4" test "$code" -eq 3 -o "$code" -eq 4
    expect "$folder: every file is imported or refused by name" \
        all_named "$SHARED/data/hostile/$folder/shared"
    run verify
    expect "$folder leaves a sound index" test "$code" -eq 0 -o "$code" -eq 5
done
finish
