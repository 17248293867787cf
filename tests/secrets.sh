# shellcheck shell=bash disable=SC2154,SC2034
# Importing files with planted values and looking for them everywhere. Sourced behind lib.sh.

# look_at_all FILE...: imports each file and leaves in $WORK/seen everything that scimscope made of
# them: the index with its journal as they lie on the disk, every report, list, show, messages
look_at_all() {
    local seen=$WORK/seen file id format
    mkdir -p "$seen"
    for file in "$@"; do
        "$SCIMSCOPE" --db "$db" import --all-traffic --tz +09:00 "$file" >"$seen/out.${file##*/}" \
            2>"$seen/err.${file##*/}" </dev/null
        code=$?
        expect "${file##*/} is imported" exit_is 0
    done
    # A reader keeps the journal from being taken in; a second import then writes into it.
    if command -v sqlite3 >/dev/null; then
        mkfifo "$WORK/hold"
        sqlite3 "$db" <"$WORK/hold" >/dev/null 2>&1 &
        exec 7>"$WORK/hold"
        echo 'BEGIN; SELECT count(*) FROM entry;' >&7
        sleep 0.3
        for file in "$@"; do
            "$SCIMSCOPE" --db "$db" import --all-traffic --tz +09:00 --label again "$file" >/dev/null 2>&1
        done
        cp "$db"* "$seen/"
        exec 7>&-
        wait
    fi
    cp "$db" "$seen/index.after"
    for format in csv json ndjson; do
        "$SCIMSCOPE" --db "$db" export --format $format >"$seen/export.$format" 2>>"$seen/err"
        "$SCIMSCOPE" --db "$db" list --format $format >"$seen/list.$format" 2>>"$seen/err"
    done
    "$SCIMSCOPE" --db "$db" list >"$seen/list" 2>>"$seen/err"
    "$SCIMSCOPE" --db "$db" >"$seen/summary" 2>>"$seen/err"
    "$SCIMSCOPE" --db "$db" sources >"$seen/sources" 2>>"$seen/err"
    for id in $("$SCIMSCOPE" --db "$db" list --format ndjson --fields id | tr -dc '0-9\n' | head -60); do
        "$SCIMSCOPE" --db "$db" show "$id" >>"$seen/show" 2>>"$seen/err"
    done
}

# found_nowhere VALUES: none of them is in what look_at_all left
found_nowhere() { find "$WORK/seen" -type f -print0 | xargs -0 python3 "$TOP/tests/find_secrets.py" "$1" >"$out"; }
# kept WORD: an operator still finds it
kept() { grep -qF -- "$1" "$WORK/seen/export.ndjson" || grep -qF -- "$1" "$WORK/seen/show"; }
