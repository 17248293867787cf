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
for truth in "$SHARED"/data/captures/*.truth.ndjson; do
    name=$(basename "$truth" .truth.ndjson)
    expect "$name agrees with its truth" compared "$name" --tz +09:00
    expect "$name agrees with its truth, users too" compared "$name" --users --tz +09:00
done

# The same traffic in every container, to the second (Burp writes no more). Calls without an answer
# are left out: not every program writes them down.
traffic() {
    db=$WORK/$1.db
    run import --tz +09:00 "$SHARED/data/captures/$1"
    run list --format json --fields \
        time,method,host,path,status,scim_type,code,detail,class,user,bulk_operation,request_id \
        -status:none
    sed -E 's/("time":"[^".]*)\.[0-9]+Z/\1/; s/,$//' "$out" | sort >"$WORK/$1.calls"
}
traffic client.har
expect "client.har has calls to compare" test "$(wc -l <"$WORK/client.har.calls")" -gt 300
for name in client.flows client.saz client.chlsj client.burp.xml; do
    traffic "$name"
    expect "$name gives the calls of client.har" cmp "$WORK/client.har.calls" "$WORK/$name.calls"
done

# Imported (0), in part (3), or refused (4) with a sentence: nothing else, and no silence.
sensible() {
    case $code in
    0) true ;;
    3 | 4) grep -qE '^scimscope: .+: .+' "$err" ;;
    *) false ;;
    esac
}
for file in "$SHARED"/data/captures-real/*; do
    db=$WORK/real.db
    rm -f "$WORK"/real.db*
    run import "$file"
    expect "$(basename "$file") is imported or refused by name" sensible
done

db=$WORK/chls.db
run import "$SHARED/data/captures-real/grimlock_new__session.chls"
expect "a private Charles session is named, with the way out" err_has "JSON session (.chlsj)"

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
